from __future__ import annotations

import numpy as np
import pytest

from nncore.backpropagation import Backpropagation
from nncore.config import NetworkConfig
from nncore.dropout import DropoutMask
from nncore.network import Network

BATCH, UNITS = 200, 500


def mask_of(share: float, dtype: type = np.float64) -> DropoutMask:
    mask = DropoutMask.of(share, BATCH, UNITS, dtype)
    assert mask is not None
    return mask


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_the_share_is_left_out_and_the_rest_scaled_up(share):
    mask = mask_of(share)
    mask.draw(np.random.default_rng(0), BATCH)
    h = mask.apply(np.full((BATCH, UNITS), 3.0))
    assert np.unique(h).tolist() == pytest.approx([0, 3 / (1 - share)])
    spread = np.sqrt(share * (1 - share) / h.size)
    assert (h == 0).mean() == pytest.approx(share, abs=4 * spread)
    assert h.mean() == pytest.approx(3, rel=4 * spread / (1 - share))


def test_no_unit_and_no_sample_is_left_out_more_than_others():
    mask = mask_of(0.3)
    mask.draw(np.random.default_rng(1), BATCH)
    gone = mask.rows(BATCH) == 0
    for axis, count in ((0, BATCH), (1, UNITS)):
        shares = gone.mean(axis=axis)
        # Their spread is that of independent draws.
        assert shares.std() == pytest.approx(np.sqrt(0.3 * 0.7 / count), rel=0.25)


def test_the_same_stream_draws_the_same_mask_and_another_draw_another():
    first, again = mask_of(0.5), mask_of(0.5)
    rng = np.random.default_rng(2)
    first.draw(rng, BATCH)
    again.draw(np.random.default_rng(2), BATCH)
    np.testing.assert_array_equal(first.rows(BATCH), again.rows(BATCH))
    again.draw(rng, BATCH)
    assert not np.array_equal(first.rows(BATCH), again.rows(BATCH))


@pytest.mark.parametrize("batch", [1, 3, BATCH])
def test_a_short_batch_is_masked_alike(batch):
    mask = mask_of(0.5, np.float32)
    mask.draw(np.random.default_rng(3), batch)
    a = np.ones((batch, UNITS), np.float32)
    kept = a.copy()
    h = mask.apply(a)
    assert (h.shape, h.dtype) == ((batch, UNITS), np.float32)
    assert 0 < (h == 0).sum() < h.size
    np.testing.assert_array_equal(a, kept)


def passes_of(**network) -> Backpropagation:
    config = NetworkConfig.model_validate(network)
    return Backpropagation(Network(6, 3, config, np.random.default_rng(0)), 4)


def test_nothing_is_drawn_where_nothing_is_left_out():
    assert not passes_of(hidden=[8]).has_dropout
    assert not passes_of(hidden=[]).has_dropout
    assert passes_of(hidden=[8, {"units": 3, "dropout": 0.1}]).has_dropout
    assert passes_of(hidden=[], input_dropout=0.1).has_dropout


@pytest.mark.parametrize("hidden", [[], [8]], ids=["linear", "hidden"])
def test_inputs_are_left_out_and_the_samples_kept(hidden):
    passes = passes_of(hidden=hidden, input_dropout=0.5)
    passes.draw_masks(np.random.default_rng(4), 4)
    x = np.ones((4, 6), np.float32)
    passes.forward(x, logits := np.empty((3, 4), np.float32))
    np.testing.assert_array_equal(x, 1)
    dropped = passes._masks[0].rows(4)
    np.testing.assert_allclose(passes.network.predict_logits(dropped), logits.T, rtol=1e-5)
    # The gradient of a weight whose input was left out of every sample is zero.
    passes._masks[0].rows(4)[:, 2] = 0
    passes.forward(x, logits)
    passes.backward(x, logits, np.eye(3, dtype=np.float32)[:, [0, 1, 2, 0]])
    gradients = passes.network.layers[0].weight_gradients
    assert not gradients[:, 2].any()
    assert gradients[:, [0, 1, 3, 4, 5]].any()


def test_prediction_leaves_nothing_out():
    plain, dropping = passes_of(hidden=[8]), passes_of(hidden=[{"units": 8, "dropout": 0.9}])
    x = np.random.default_rng(5).random((50, 6), np.float32)
    expected = plain.network.predict_logits(x)
    np.testing.assert_array_equal(dropping.network.predict_logits(x), expected)
