"""The exported weights are PyTorch's own, name for name and number for number."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from nncore.activations import Activation, LeakyReLU
from nncore.exporters import EXPORTERS
from nncore.model_file import load_model, save_model
from tests.nncore.model_making import EVERY_MODULE, make_model

torch = pytest.importorskip("torch")


def modules() -> dict[str, object]:
    nn = torch.nn
    return {
        "relu": nn.ReLU(),
        "leaky_relu": nn.LeakyReLU(LeakyReLU().slope),
        "sigmoid": nn.Sigmoid(),
        "tanh": nn.Tanh(),
        "identity": nn.Identity(),
        "elu": nn.ELU(),
        "selu": nn.SELU(),
        "gelu": nn.GELU(),
        "silu": nn.SiLU(),
        "softplus": nn.Softplus(),
    }


@pytest.mark.parametrize("name", ["npz", "safetensors"])
def test_sequential_takes_the_weights_and_agrees(tmp_path: Path, name: str) -> None:
    kinds = list(Activation.members())
    model = make_model([{"units": 12 + i, "activation": kind} for i, kind in enumerate(kinds)], 784)
    path = tmp_path / "weights"
    EXPORTERS[name].write(model, path)
    if name == "npz":
        with np.load(path, allow_pickle=False) as archive:
            state = OrderedDict((key, torch.from_numpy(archive[key])) for key in archive)
    else:
        state = pytest.importorskip("safetensors.torch").load_file(path)
    layers: list[object] = []
    for layer, kind in zip(model.network.layers, [*kinds, None], strict=True):
        layers.append(torch.nn.Linear(layer.inputs, layer.units))
        if kind is not None:
            layers.append(modules()[kind])
    net = torch.nn.Sequential(*layers)
    net.load_state_dict(state)
    x = np.random.default_rng(0).random((50, 784), np.float32)
    with torch.no_grad():
        probabilities = net(torch.from_numpy(x)).softmax(dim=1).numpy()
    np.testing.assert_allclose(model.predict_proba(x), probabilities, atol=1e-5)


def test_sequential_takes_normalization_and_dropout_in_their_places(tmp_path: Path) -> None:
    nn = torch.nn
    model = make_model(EVERY_MODULE, input_dropout=0.2)
    path = tmp_path / "weights.safetensors"
    EXPORTERS["safetensors"].write(model, path)
    net = nn.Sequential(
        nn.Dropout(0.2),
        *(nn.Linear(16, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(6, 5), nn.ReLU(), nn.Dropout(0.1)),
        *(nn.Linear(5, 4), nn.LayerNorm(4), nn.ReLU()),
        nn.Linear(4, 3),
    )
    net.load_state_dict(pytest.importorskip("safetensors.torch").load_file(path), strict=True)
    assert int(net[2].num_batches_tracked) == int(model.network.buffers[-1])
    x = np.random.default_rng(0).random((50, 16), np.float32)
    with torch.no_grad():
        probabilities = net.eval()(torch.from_numpy(x)).softmax(dim=1).numpy()
    np.testing.assert_allclose(model.predict_proba(x), probabilities, atol=1e-5)


def test_weights_saved_by_torch_are_opened(tmp_path: Path) -> None:
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 9), torch.nn.ReLU(), torch.nn.Linear(9, 10)
    )
    path = tmp_path / "torch.safetensors"
    pytest.importorskip("safetensors.torch").save_file(net.state_dict(), path)
    x = np.random.default_rng(0).random((50, 784), np.float32)
    with torch.no_grad():
        expected = net(torch.from_numpy(x)).softmax(dim=1).numpy()
    model = load_model(path)
    np.testing.assert_allclose(model.predict_proba(x), expected, atol=1e-5)
    save_model(path, model)
    assert load_model(path).notes == ()
