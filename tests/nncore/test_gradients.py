"""Property test: the gradients of random architectures agree with central differences."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nncore.activations import Activation
from nncore.backpropagation import Backpropagation
from nncore.component import Component
from nncore.config import NetworkConfig
from nncore.initializers import Initializer
from nncore.losses import Loss
from nncore.network import Network
from tests.nncore.test_backpropagation import relative_error, run_passes
from tests.nncore.test_normalizations import KINK_MARGIN, central_differences, plain_forward

STARTS = [name for name in Initializer.members() if name not in ("zeros", "constant")]
"""Where all start alike, everything lies on a kink."""


def kinds(family: type[Component]) -> st.SearchStrategy[str]:
    return st.sampled_from(list(family.members()))


# With a larger epsilon no normalization is so steep that a difference misses its slope.
NORMALIZATIONS = st.sampled_from(
    [{"kind": "none"}, {"kind": "batch", "epsilon": 0.1}, {"kind": "layer", "epsilon": 0.1}]
)
LAYERS = st.fixed_dictionaries(
    {
        "units": st.integers(2, 5),
        "activation": kinds(Activation),
        "initializer": st.sampled_from(STARTS),
        "normalization": NORMALIZATIONS,
        "dropout": st.sampled_from([0.0, 0.3]),
    }
)
NETWORKS = st.fixed_dictionaries(
    {
        "hidden": st.lists(LAYERS, max_size=3),
        "loss": kinds(Loss),
        "input_dropout": st.sampled_from([0.0, 0.3]),
    }
)


def masks_of(passes: Backpropagation, batch: int) -> list[np.ndarray | float]:
    """The factors of the inputs and of each hidden layer's activations."""
    masks = [passes._input_mask, *(buffers.mask for buffers in passes._hidden)]
    return [1.0 if mask is None else mask.rows(batch).copy() for mask in masks]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    NETWORKS,
    st.integers(1, 4),
    st.sampled_from([2, 3, 5]),
    st.integers(2, 9),
    st.integers(0, 2**32 - 1),
)
def test_gradients_of_random_architectures_agree(tree, inputs, classes, batch, seed):
    config = NetworkConfig.model_validate(tree)
    rng = np.random.default_rng(seed)
    network = Network(inputs, classes, config, rng, np.float64)
    for layer in network.layers[:-1]:
        layer.biases[...] = rng.normal(size=layer.units)
    passes = Backpropagation(network, batch)
    passes.draw_masks(rng, batch)
    masks = masks_of(passes, batch)
    x, labels = rng.normal(size=(batch, inputs)), rng.integers(0, classes, batch)
    logits, nearest = plain_forward(network, x, masks)
    # Absolute and Huber errors have kinks of their own, at whole distances from the targets.
    assume(min(nearest, np.abs(logits - np.rint(logits)).min()) > KINK_MARGIN / 10)
    found = run_passes(passes, x, labels)
    np.testing.assert_allclose(found.T, logits, rtol=1e-9, atol=1e-12)
    expected = central_differences(network, x, labels, masks)
    assume(np.linalg.norm(expected) > 1e-4)
    assert relative_error(network.gradients, expected) < 1e-6
