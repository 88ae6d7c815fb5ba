"""How the weights start. To add one, write one subclass of `Initializer` here."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter

Array = NDArray[np.floating[Any]]


class Initializer(Component):
    """Draws the first weights of a layer; biases start at zero unless a member says otherwise."""

    @abstractmethod
    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw a weight matrix.

        Args:
            rng: Where the randomness comes from.
            fan_in: Units of the layer below.
            fan_out: Units of this layer.

        Returns:
            Float64 weights (fan_out, fan_in).
        """

    def biases(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """The first biases, float64 (fan_out,): zeros."""
        del rng, fan_in
        return np.zeros(fan_out)


class RandomUniform(Initializer):
    """Uniform between -limit and limit, weights and biases alike, whatever the layer's size.

    W, b ~ U(-limit, limit). The simplest start, and the original project's "random".
    """

    kind: Literal["random_uniform"] = "random_uniform"
    label: ClassVar[str] = "Random uniform"

    limit: float = hyperparameter(
        0.5,
        gt=0,
        le=10,
        scale="log",
        help="Weights and biases are drawn evenly between minus and plus this.",
        too_small="The units start almost alike and the signal fades from layer to layer.",
        too_large="Units saturate or the loss explodes, worse with many inputs.",
        formula="W, b ~ U(−limit, limit)",
    )

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ U(-limit, limit)."""
        return rng.uniform(-self.limit, self.limit, (fan_out, fan_in))

    def biases(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw b ~ U(-limit, limit)."""
        return rng.uniform(-self.limit, self.limit, fan_out)


class Xavier(Initializer):
    """Keeps the spread of signals alike in both directions; made for sigmoid and tanh. Biases 0.

    W ~ U(-l, l) with l = sqrt(6 / (fan_in + fan_out)), so that var W = 2 / (fan_in + fan_out).
    Source: Glorot and Bengio 2010, equation 16 ("normalized initialization").
    """

    kind: Literal["xavier"] = "xavier"
    label: ClassVar[str] = "Xavier / Glorot (normalized)"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ U(-l, l) with l = sqrt(6 / (fan_in + fan_out))."""
        limit = math.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, (fan_out, fan_in))


class XavierNormal(Initializer):
    """The same spread as Xavier from a normal distribution: a few weights are large. Biases 0.

    W ~ N(0, 2 / (fan_in + fan_out)).
    Source: Glorot and Bengio 2010, equation 12; not truncated, as in PyTorch (Keras cuts it at two
    standard deviations).
    """

    kind: Literal["xavier_normal"] = "xavier_normal"
    label: ClassVar[str] = "Xavier normal (Glorot)"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ N(0, 2 / (fan_in + fan_out))."""
        return rng.standard_normal((fan_out, fan_in)) * math.sqrt(2 / (fan_in + fan_out))


class He(Initializer):
    """Makes up for the half that ReLU throws away; the default for ReLU. Biases 0.

    W ~ N(0, 2 / fan_in).
    Source: He et al. 2015, Delving deep into rectifiers, equation 10 (fan_in variant).
    """

    kind: Literal["he"] = "he"
    label: ClassVar[str] = "He"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ N(0, 2 / fan_in)."""
        return rng.standard_normal((fan_out, fan_in)) * math.sqrt(2 / fan_in)


class HeUniform(Initializer):
    """The same spread as He, drawn evenly: no weight is far larger than the others. Biases 0.

    W ~ U(-l, l) with l = sqrt(6 / fan_in), so that var W = 2 / fan_in.
    Source: He et al. 2015, Delving deep into rectifiers, equation 10 (fan_in variant) with a
    uniform distribution, as in PyTorch (`kaiming_uniform_` for ReLU) and Keras.
    """

    kind: Literal["he_uniform"] = "he_uniform"
    label: ClassVar[str] = "He uniform"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ U(-l, l) with l = sqrt(6 / fan_in)."""
        limit = math.sqrt(6 / fan_in)
        return rng.uniform(-limit, limit, (fan_out, fan_in))


class LeCun(Initializer):
    """Keeps the spread of signals on the way forward; SELU relies on it. Biases 0.

    W ~ N(0, 1 / fan_in).
    Source: LeCun, Bottou, Orr and Müller 1998, Efficient BackProp, equation 16; not truncated
    (Keras cuts it at two standard deviations).
    """

    kind: Literal["lecun"] = "lecun"
    label: ClassVar[str] = "LeCun normal"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W ~ N(0, 1 / fan_in)."""
        return rng.standard_normal((fan_out, fan_in)) * math.sqrt(1 / fan_in)


class Orthogonal(Initializer):
    """Turns signals without stretching them: carries them through very deep networks. Biases 0.

    W = gain Q, where the rows of Q (the columns, if there are more rows) are of length 1 and at
    right angles: from the QR decomposition of normal numbers, the signs of R's diagonal taken out
    so that every rotation is equally likely.
    Source: Saxe, McClelland and Ganguli 2014, Exact solutions to the nonlinear dynamics of learning
    in deep linear neural networks; the signs by Mezzadri 2007, as in PyTorch.
    """

    kind: Literal["orthogonal"] = "orthogonal"
    label: ClassVar[str] = "Orthogonal"

    gain: float = hyperparameter(
        1.0,
        gt=0,
        le=10,
        scale="log",
        help="The length of the rows: 1 for tanh and linear layers, √2 = 1.414 for ReLU.",
        too_small="The signal fades from layer to layer.",
        too_large="The signal grows from layer to layer, and units saturate.",
        formula="W = gain · Q, Q · Qᵀ = 1",
    )

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw W = gain Q."""
        tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
        q, r = np.linalg.qr(tall)
        q *= np.where(r.diagonal() < 0, -self.gain, self.gain)
        return q if fan_out >= fan_in else q.T


class Zeros(Initializer):
    """All weights and biases 0, to see why it fails: the units of a layer stay the same forever.

    W = 0. All units of a layer compute the same and get the same gradient, so they never come to
    differ; with ReLU or tanh the hidden layers get no gradient at all, and only the output's biases
    learn. In an output layer above random hidden layers it does no harm.
    """

    kind: Literal["zeros"] = "zeros"
    label: ClassVar[str] = "Zeros"

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Make W = 0."""
        del rng
        return np.zeros((fan_out, fan_in))


class Constant(Initializer):
    """All weights the same, biases 0, to see why it fails: a layer acts as one unit, however wide.

    W = value. All units of a layer compute the same and get the same gradient, so they never come
    to differ: random weights are there to break this symmetry.
    """

    kind: Literal["constant"] = "constant"
    label: ClassVar[str] = "Constant"

    value: float = hyperparameter(
        0.01,
        ge=-1,
        le=1,
        help="Every weight starts with this.",
        too_small="At 0 it is the initializer Zeros.",
        too_large="With many inputs the sums are huge, and units saturate.",
        formula="W = value",
    )

    def weights(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Make W = value."""
        del rng
        return np.full((fan_out, fan_in), self.value)
