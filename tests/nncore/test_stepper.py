from __future__ import annotations

import numpy as np
import pytest

from nncore.batches import ShuffledBatches
from nncore.config import RunConfig
from nncore.network import Network
from nncore.stepper import LOGIT_ROWS, Stepper

SAMPLES = 64


def make(batch_size: int = 4, samples: int = SAMPLES, **training):
    config = RunConfig.from_dict({"network": {"hidden": "6"}, "training": training})
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (samples, 5), dtype=np.uint8)
    batches = ShuffledBatches(
        images, np.arange(samples) % 3, np.arange(samples), np.eye(3), batch_size, np.float32
    )
    batches.shuffle(rng)
    network = Network(5, 3, config.network, rng)
    return Stepper(network, config, batch_size), batches, config.optimizer


def test_many_steps_at_once_are_the_same_as_one_after_the_other():
    together, batches, optimizer = make()
    one_by_one, _, _ = make()
    steps = together.take(batches, 0, SAMPLES, 4, optimizer, 0)
    singles = [
        one_by_one.take(batches, start, start + 4, 4, optimizer, start // 4)
        for start in range(0, SAMPLES, 4)
    ]
    np.testing.assert_array_equal(steps.losses, np.concatenate([s.losses for s in singles]))
    assert steps.correct == sum(single.correct for single in singles)
    np.testing.assert_array_equal(together.network.parameters, one_by_one.network.parameters)


def test_a_kept_copy_is_trusted_only_after_a_finite_loss():
    stepper, batches, optimizer = make()
    first = stepper.network.parameters.copy()
    stepper.take(batches, 0, 8, 4, optimizer, 0)
    stepper.keep(2)
    assert stepper.restore() == 0
    np.testing.assert_array_equal(stepper.network.parameters, first)

    stepper.take(batches, 0, 8, 4, optimizer, 0)
    stepper.keep(2)
    second = stepper.network.parameters.copy()
    stepper.take(batches, 8, 16, 4, optimizer, 2)
    assert stepper.restore() == 2
    np.testing.assert_array_equal(stepper.network.parameters, second)


def test_a_copy_whose_loss_is_no_number_is_never_trusted():
    stepper, batches, optimizer = make()
    first = stepper.network.parameters.copy()
    stepper.network.parameters *= np.float32(1e30)
    stepper.keep(3)
    losses = stepper.take(batches, 0, 8, 4, optimizer, 3).losses
    assert not np.isfinite(losses).any()
    assert stepper.restore() == 0
    np.testing.assert_array_equal(stepper.network.parameters, first)


def test_infinite_weights_that_the_loss_does_not_show_are_not_kept():
    stepper, batches, optimizer = make()
    stepper.network.layers[0].biases[0] = -np.inf
    stepper.keep(1)
    assert np.isfinite(stepper.take(batches, 0, 8, 4, optimizer, 1).losses).all()
    assert stepper.restore() == 0
    assert np.isfinite(stepper.network.parameters).all()


@pytest.mark.parametrize("batch_size", [1, 500, LOGIT_ROWS, LOGIT_ROWS + 5])
def test_the_buffer_of_outputs_holds_the_most_steps_and_no_more_than_it_must(batch_size):
    samples = 2 * batch_size
    stepper, batches, optimizer = make(batch_size, samples)
    assert stepper.max_steps * batch_size <= max(LOGIT_ROWS, batch_size)
    steps = min(stepper.max_steps, 2)
    losses = stepper.take(batches, 0, steps * batch_size, batch_size, optimizer, 0).losses
    assert losses.shape == (steps,)


def test_the_samples_that_were_right_are_counted_before_the_update():
    stepper, batches, optimizer = make(SAMPLES)
    network = stepper.network.copy()
    x = batches.features(0, SAMPLES).copy()
    right = int((network.predict_proba(x).argmax(axis=1) == batches.labels).sum())
    assert stepper.take(batches, 0, SAMPLES, SAMPLES, optimizer, 0).correct == right
