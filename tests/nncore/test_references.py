"""nncore against PyTorch, step by step; see tests/references/make_references.py."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.activations import Activation
from nncore.averaging import Averaging
from nncore.clipping import Clipping
from nncore.component import Component
from nncore.config import RunConfig
from nncore.learning_rates import learning_rates
from nncore.losses import Loss
from nncore.network import Network
from nncore.normalizations import Normalization
from nncore.optimizers import Optimizer
from nncore.schedules import PlateauState, Schedule
from nncore.stepper import Stepper

FOLDER = Path(__file__).parents[1] / "references"
with np.load(FOLDER / "references.npz", allow_pickle=False) as archive:
    ARRAYS = dict(archive)
CASES: dict[str, dict[str, Any]] = json.loads(str(ARRAYS["cases"]))
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


class FixedBatches:
    """The references' samples over and over, in their order."""

    def __init__(self, config: RunConfig, rounds: int, dtype: str) -> None:
        self.labels = np.tile(ARRAYS["labels"], rounds)
        classes = ARRAYS["logits"].shape[1]
        targets = config.network.loss.class_targets(classes).astype(dtype)
        self._targets = targets[:, self.labels]
        self._x = np.tile(ARRAYS["x"].astype(dtype), (rounds, 1))

    def features(self, start: int, stop: int) -> np.ndarray:
        return self._x[start:stop]

    def targets(self, start: int, stop: int) -> np.ndarray:
        return self._targets[:, start:stop]


def network_of(config: RunConfig, dtype: str) -> Network:
    network = Network(ARRAYS["x"].shape[1], ARRAYS["logits"].shape[1], config.network, dtype=dtype)
    start = 0
    for layer in network.layers:
        for part in (layer.weights, layer.biases):
            part.flat = ARRAYS["weights"][start : start + part.size]
            start += part.size
        if layer.norm is not None:
            layer.normalization.start(layer.norm)
    return network


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES)
def test_every_step_agrees_with_pytorch(case, dtype):
    """Weights, averages, running figures, losses over 50 steps through the training loop itself."""
    config = RunConfig.from_dict(CASES[case])
    size, shown = config.training.batch_size, ARRAYS["shown"].tolist()
    network = network_of(config, dtype)
    batches = FixedBatches(config, shown[-1] * size // len(ARRAYS["x"]), dtype)
    average = network.copy() if config.training.averaging.is_on else None
    stepper = Stepper(network, config, size, average)
    rates = learning_rates(config, len(ARRAYS["x"]) // size)
    np.testing.assert_allclose(rates, ARRAYS[f"{case}.rates"], rtol=1e-10, atol=1e-15)
    states, averages, losses, taken = [network.state.copy()], [], [], 0
    for step in shown:
        steps = stepper.take(
            batches, taken * size, step * size, size, config.optimizer, taken, rates[taken:step]
        )
        states.append(network.state.copy())
        averages.append(stepper.result.state.copy())
        losses.append(steps.losses)
        taken = step
    expected = ARRAYS[f"{case}.parameters.{dtype}"]
    assert expected.dtype == network.parameters.dtype == dtype
    np.testing.assert_allclose(states[1:], expected, rtol=0, atol=TOLERANCE[dtype])
    if average is not None:
        told = ARRAYS[f"{case}.averages.{dtype}"]
        np.testing.assert_allclose(averages, told, rtol=0, atol=TOLERANCE[dtype])
        assert np.abs(told - expected).max() > 0.02
    told = ARRAYS[f"{case}.losses.{dtype}"]
    np.testing.assert_allclose(np.concatenate(losses), told, rtol=0, atol=TOLERANCE[dtype])
    # Steps so small that nothing could be told from them would prove nothing.
    assert np.abs(expected[-1] - states[0])[: network.parameters.size].max() > 0.02


def members_of(family: str) -> list[str]:
    """The components of which the file has curves, as JSON."""
    prefix, suffix = f"{family}.", ".values"
    return [
        n[len(prefix) : -len(suffix)] for n in ARRAYS if n.startswith(prefix) and n.endswith(suffix)
    ]


def made(family: type[Component], text: str) -> Any:
    plain = json.loads(text)
    return family.members()[plain["kind"]](**plain)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("text", members_of("activation"))
def test_activations_and_their_slopes_agree_with_pytorch(text, dtype):
    activation = made(Activation, text)
    z = ARRAYS["z"].astype(dtype).reshape(3, -1)
    a = z if activation.in_place else np.empty_like(z)
    activation.forward(z, a)
    values, slopes = a.copy(), np.ones_like(z)
    activation.backward(slopes, z, a)
    for found, name in ((values, "values"), (slopes, "slopes")):
        expected = ARRAYS[f"activation.{text}.{name}"].reshape(3, -1)
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("text", members_of("loss"))
def test_losses_and_their_gradients_agree_with_pytorch(text, dtype):
    loss, labels = made(Loss, text), ARRAYS["classes"]
    logits = np.ascontiguousarray(ARRAYS["logits"].T.astype(dtype))
    targets = loss.class_targets(len(logits)).astype(dtype)[:, labels]
    gradients = np.empty_like(logits)
    loss.gradient(logits, targets, gradients)
    tolerance = TOLERANCE[dtype]
    expected = ARRAYS[f"loss.{text}.values"]
    np.testing.assert_allclose(loss.values(logits, labels), expected, rtol=tolerance)
    expected = ARRAYS[f"loss.{text}.gradients"].T
    np.testing.assert_allclose(gradients, expected, rtol=0, atol=tolerance)


def test_drops_on_a_plateau_agree_with_pytorch():
    schedule, state, factors = made(Schedule, str(ARRAYS["plateau"])), PlateauState(), []
    for loss in ARRAYS["plateau.losses"].tolist():
        state = schedule.after_epoch(state, loss)
        factors.append(state.factor)
    np.testing.assert_allclose(factors, ARRAYS["plateau.factors"], rtol=1e-12)
    assert len(set(factors)) > 3


@pytest.mark.parametrize(
    "family", [Activation, Loss, Normalization, Optimizer, Schedule, Clipping, Averaging]
)
def test_every_member_has_a_reference(family):
    networks = [case["network"] for case in CASES.values()]
    trainings = [case["training"] for case in CASES.values()]
    kinds = {
        Activation: {layer["activation"]["kind"] for n in networks for layer in n["hidden"]},
        Loss: {n["loss"]["kind"] for n in networks},
        Normalization: {
            layer.get("normalization", {"kind": "none"})["kind"]
            for n in networks
            for layer in n["hidden"]
        },
        Optimizer: {case["optimizer"]["kind"] for case in CASES.values()},
        Schedule: {t.get("schedule", {"kind": "constant"})["kind"] for t in trainings}
        | {json.loads(str(ARRAYS["plateau"]))["kind"]},
        Clipping: {t.get("clipping", {"kind": "none"})["kind"] for t in trainings},
        Averaging: {t.get("averaging", {"kind": "none"})["kind"] for t in trainings},
    }
    assert kinds[family] == set(family.members())


def test_the_file_is_what_the_script_makes():
    pytest.importorskip("torch")
    fresh = importlib.import_module("tests.references.make_references").make()
    assert set(fresh) == set(ARRAYS)
    for name, array in fresh.items():
        assert array.dtype == ARRAYS[name].dtype
        if array.dtype.kind != "f":
            np.testing.assert_array_equal(array, ARRAYS[name])
        else:
            tolerance = 1e-6 if array.dtype == np.float32 else 1e-12
            np.testing.assert_allclose(array, ARRAYS[name], rtol=tolerance, atol=tolerance)


def test_the_file_stays_small():
    assert (FOLDER / "references.npz").stat().st_size < 1_000_000
