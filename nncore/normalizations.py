"""Normalizations between a layer's sums and its activation, each with its gradient.

To add one, write one subclass of `Normalization` here; forms, files, command line and tests find
it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter

Array = NDArray[np.floating[Any]]

BATCH_COUNT = "num_batches_tracked"
"""PyTorch's name of the number of batches behind the running figures."""


class NormalizationArrays(NamedTuple):
    """What a layer's normalization learns and remembers, as views of the network's flat vectors.

    Attributes:
        gamma: Factors (units,), learned.
        beta: Offsets (units,), learned.
        gamma_gradients: dL/dgamma (units,).
        beta_gradients: dL/dbeta (units,).
        buffers: What is followed and not learned (`Normalization.buffer_size`,).
    """

    gamma: Array
    beta: Array
    gamma_gradients: Array
    beta_gradients: Array
    buffers: Array


def _epsilon() -> Any:
    return hyperparameter(
        1e-5,
        gt=0,
        le=1,
        scale="log",
        label="Norm epsilon",
        help="Added to the variance, so that units that never vary are not divided by zero.",
        too_small="Units that hardly vary are blown up to noise.",
        too_large="Units with a small spread are not brought to one.",
        advanced=True,
    )


class Normalization(Component):
    """What brings a layer's sums to mean 0 and variance 1 before its activation.

    y = γ x̂ + β with x̂ = (z - μ) / sqrt(σ² + ε); γ starts at 1 and β at 0, and both are learned.
    Members differ in what μ and σ² are taken over. Arrays have shape (batch, units).
    """

    is_used: ClassVar[bool] = True
    tensor_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    """What it learns and remembers, as PyTorch's module calls it."""

    def buffer_size(self, units: int) -> int:
        """How many numbers a layer of so many units remembers besides what it learns."""
        del units
        return 0

    def start(self, arrays: NormalizationArrays) -> None:
        """Set γ = 1, β = 0 and fresh buffers."""
        arrays.gamma[...] = 1
        arrays.beta[...] = 0

    def tensors(self, arrays: NormalizationArrays) -> dict[str, Array]:
        """Views of all that a model file keeps, by `tensor_names`."""
        return dict(zip(self.tensor_names, (arrays.gamma, arrays.beta), strict=True))

    @abstractmethod
    def predict(self, z: Array, arrays: NormalizationArrays) -> None:
        """Turn z into y in place, as outside training; changes nothing else.

        Args:
            z: Sums (batch, units), overwritten with y.
            arrays: Of this layer.
        """

    @abstractmethod
    def forward(self, z: Array, out: Array, arrays: NormalizationArrays) -> Array:
        """Write y into `out` and x̂ into `z`, as in training.

        Args:
            z: Sums (batch, units), overwritten with x̂.
            out: Where y goes (batch, units); not `z`.
            arrays: Of this layer; the buffers follow the batch.

        Returns:
            1 / sqrt(σ² + ε), which `backward` needs, of a shape that fits (batch, units).
        """

    @abstractmethod
    def backward(
        self, d: Array, x_hat: Array, inverse: Array, scratch: Array, arrays: NormalizationArrays
    ) -> None:
        """Turn dL/dy into dL/dz in place and fill the gradients of γ and β.

        Args:
            d: dL/dy (batch, units), overwritten with dL/dz.
            x_hat: What `forward` left in `z` (batch, units); may be overwritten.
            inverse: What `forward` returned.
            scratch: Free room (batch, units).
            arrays: Of this layer.
        """


class NoNormalization(Normalization):
    """The sums go to the activation as they are."""

    kind: Literal["none"] = "none"
    label: ClassVar[str] = "None"
    is_used: ClassVar[bool] = False
    tensor_names: ClassVar[tuple[str, ...]] = ()

    def predict(self, z: Array, arrays: NormalizationArrays) -> None:
        """Leave z as it is."""
        del z, arrays

    def forward(self, z: Array, out: Array, arrays: NormalizationArrays) -> Array:
        """Write y = z."""
        np.copyto(out, z)
        return arrays.gamma

    def backward(
        self, d: Array, x_hat: Array, inverse: Array, scratch: Array, arrays: NormalizationArrays
    ) -> None:
        """Leave d as it is."""
        del d, x_hat, inverse, scratch, arrays


class BatchNormalization(Normalization):
    """Each unit over the samples of a batch: faster and steadier learning, from batches of 16 up.

    μ_j and σ²_j are the mean and the biased variance of unit j over the batch, and
    dL/dz = γ / sqrt(σ² + ε) (dL/dy - mean(dL/dy) - x̂ mean(dL/dy x̂)), means over the batch.
    Outside training the running ones stand in: r <- (1 - m) r + m s after each batch, for the mean
    and the unbiased variance (n / (n - 1) σ²), from 0 and 1. A batch of one sample (a last batch
    may be so short) has no spread: it is normalized by the running ones and leaves them alone.
    Source: Ioffe and Szegedy 2015, algorithms 1 and 2, as in PyTorch's BatchNorm1d: m weighs the
    new batch (TensorFlow's momentum is 1 - m). PyTorch refuses a batch of one.
    """

    kind: Literal["batch"] = "batch"
    label: ClassVar[str] = "Batch"
    tensor_names: ClassVar[tuple[str, ...]] = (
        "weight",
        "bias",
        "running_mean",
        "running_var",
        BATCH_COUNT,
    )

    momentum: float = hyperparameter(
        0.1,
        gt=0,
        le=1,
        label="Running share",
        help="How much of each batch goes into the running mean and variance used to predict.",
        too_small="The running figures lag behind the weights.",
        too_large="The running figures are those of the last few batches and jump about.",
        formula="r ← (1 − m) · r + m · batch",
        advanced=True,
    )
    epsilon: float = _epsilon()

    def buffer_size(self, units: int) -> int:
        """Running means, running variances, and the number of batches that went into them.

        The number is kept in the network's own dtype: in float32 it stands still at 16,777,216.
        """
        return 2 * units + 1

    def start(self, arrays: NormalizationArrays) -> None:
        """Set γ = 1, β = 0, running means 0, running variances 1, no batches."""
        super().start(arrays)
        means, variances, count = running(arrays)
        means[...] = 0
        variances[...] = 1
        count[...] = 0

    def tensors(self, arrays: NormalizationArrays) -> dict[str, Array]:
        """Gamma, beta and the running figures, by `tensor_names`."""
        views = arrays.gamma, arrays.beta, *running(arrays)
        return dict(zip(self.tensor_names, views, strict=True))

    def predict(self, z: Array, arrays: NormalizationArrays) -> None:
        """Compute y = γ (z - running mean) / sqrt(running variance + ε) + β."""
        means, variances, _ = running(arrays)
        z -= means
        z *= arrays.gamma / np.sqrt(variances + self.epsilon)
        z += arrays.beta

    def forward(self, z: Array, out: Array, arrays: NormalizationArrays) -> Array:
        """Compute y from the batch's own mean and variance, which the running ones follow."""
        means, variances, count = running(arrays)
        if len(z) == 1:
            z -= means
            inverse = 1 / np.sqrt(variances + self.epsilon)
        else:
            mean = z.mean(axis=0)
            z -= mean
            np.multiply(z, z, out=out)
            variance = out.mean(axis=0)
            inverse = 1 / np.sqrt(variance + self.epsilon)
            means += self.momentum * (mean - means)
            variances += self.momentum * (variance * (len(z) / (len(z) - 1)) - variances)
            count += 1
        z *= inverse
        np.multiply(z, arrays.gamma, out=out)
        out += arrays.beta
        return inverse

    def backward(
        self, d: Array, x_hat: Array, inverse: Array, scratch: Array, arrays: NormalizationArrays
    ) -> None:
        """Compute dL/dz = γ / sqrt(σ² + ε) (d - mean(d) - x̂ mean(d x̂)), means over the batch."""
        np.multiply(d, x_hat, out=scratch)
        np.sum(scratch, axis=0, out=arrays.gamma_gradients)
        np.sum(d, axis=0, out=arrays.beta_gradients)
        if len(d) > 1:
            d -= arrays.beta_gradients / len(d)
            x_hat *= arrays.gamma_gradients / len(d)
            d -= x_hat
        d *= arrays.gamma * inverse


class LayerNormalization(Normalization):
    """Each sample over the units of the layer: the same in training and prediction, any batch size.

    μ and σ² are the mean and the biased variance of one sample's sums over the layer, and with
    g = γ dL/dy, dL/dz = (g - mean(g) - x̂ mean(g x̂)) / sqrt(σ² + ε), means over the units.
    Source: Ba, Kiros and Hinton 2016, equation 4, as in PyTorch's LayerNorm: ε within the root, so
    that a sample without spread stays finite (the paper has none, Keras a larger one by default).
    """

    kind: Literal["layer"] = "layer"
    label: ClassVar[str] = "Layer"

    epsilon: float = _epsilon()

    def predict(self, z: Array, arrays: NormalizationArrays) -> None:
        """Compute y = γ x̂ + β with each sample's own mean and variance."""
        z -= z.mean(axis=1, keepdims=True)
        variance = np.multiply(z, z).mean(axis=1, keepdims=True)
        z *= 1 / np.sqrt(variance + self.epsilon)
        z *= arrays.gamma
        z += arrays.beta

    def forward(self, z: Array, out: Array, arrays: NormalizationArrays) -> Array:
        """Compute y = γ x̂ + β with each sample's own mean and variance."""
        z -= z.mean(axis=1, keepdims=True)
        np.multiply(z, z, out=out)
        inverse = 1 / np.sqrt(out.mean(axis=1, keepdims=True) + self.epsilon)
        z *= inverse
        np.multiply(z, arrays.gamma, out=out)
        out += arrays.beta
        return inverse

    def backward(
        self, d: Array, x_hat: Array, inverse: Array, scratch: Array, arrays: NormalizationArrays
    ) -> None:
        """Compute dL/dz = (g - mean(g) - x̂ mean(g x̂)) / sqrt(σ² + ε), g = γ d, means over units."""
        np.multiply(d, x_hat, out=scratch)
        np.sum(scratch, axis=0, out=arrays.gamma_gradients)
        np.sum(d, axis=0, out=arrays.beta_gradients)
        d *= arrays.gamma
        np.multiply(d, x_hat, out=scratch)
        x_hat *= scratch.mean(axis=1, keepdims=True)
        d -= d.mean(axis=1, keepdims=True)
        d -= x_hat
        d *= inverse


def running(arrays: NormalizationArrays) -> tuple[Array, Array, Array]:
    """A batch normalization's running means (units,), variances (units,) and batches (1,)."""
    units = len(arrays.gamma)
    return arrays.buffers[:units], arrays.buffers[units : 2 * units], arrays.buffers[2 * units :]
