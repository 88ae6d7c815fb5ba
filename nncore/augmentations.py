"""Augmentations: images changed a little, anew in each epoch, so that none is learned by heart.

To add one, write one subclass of `Augmentation` here; forms, files, command line and tests find it.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import cache
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter
from nncore.warping import Field, warp

Images = NDArray[np.uint8]
Array = NDArray[np.floating[Any]]

_SHARERS = 4
"""Images that share a map, each of them mirrored in another way."""


class Augmentation(Component):
    """How images are changed at random before they are learned from; never those that measure."""

    is_used: ClassVar[bool] = True

    @abstractmethod
    def apply(self, images: Images, rng: np.random.Generator) -> Images:
        """Change each image in a way of its own.

        Args:
            images: Pixels (samples, rows, columns); kept whole.
            rng: Where the randomness comes from.

        Returns:
            New images of the same shape.
        """


class NoAugmentation(Augmentation):
    """The images are learned from as they are."""

    kind: Literal["none"] = "none"
    label: ClassVar[str] = "None"
    is_used: ClassVar[bool] = False

    def apply(self, images: Images, rng: np.random.Generator) -> Images:
        """Return a copy; nothing is drawn."""
        del rng
        return images.copy()


class RandomMaps(Augmentation):
    """What the members below have in common: random maps, each for four images.

    Three of them go by its mirror images (see `nncore.warping`), which saves a third of the time. A
    mirrored map is as likely as the map itself, so each image is changed as if it had one drawn for
    it alone; only four of several hundred that are augmented together are not independent.
    """

    rotation: float = hyperparameter(
        12.0,
        ge=0,
        le=180,
        unit="degrees",
        help="Each image is turned by up to this angle, either way.",
        too_small="At 0 nothing turns.",
        too_large="Sixes become nines.",
    )
    scale: float = hyperparameter(
        0.12,
        ge=0,
        le=0.9,
        help="Each image grows or shrinks by up to this share.",
        too_small="At 0 nothing changes its size.",
        too_large="Images shrink to dots or grow beyond the frame.",
    )
    shear: float = hyperparameter(
        0.2,
        ge=0,
        le=1,
        help="Each image leans by up to this many columns a row, either way.",
        too_small="At 0 nothing leans.",
        too_large="Images lie flat.",
    )
    shift: float = hyperparameter(
        1.8,
        ge=0,
        le=100,
        unit="pixels",
        help="Each image moves by up to this far across and down.",
        too_small="At 0 nothing moves.",
        too_large="Images leave the frame.",
    )

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Array, Array]:
        """Draw maps.

        Args:
            rng: Where the randomness comes from.
            count: How many maps.

        Returns:
            The matrices M (count, 2, 2) and shifts t (count, 2) [pixels], for (column, row).
        """
        angle, scale, shear, across, down = rng.uniform(-1, 1, (5, count))
        angle *= math.radians(self.rotation)
        scale = 1 + scale * self.scale
        shear *= self.shear
        cos, sin = scale * np.cos(angle), scale * np.sin(angle)
        # Rows are counted downwards, so a turn that looks counterclockwise has its sines so.
        matrices = np.stack([cos, cos * shear + sin, -sin, cos - sin * shear], axis=1)
        shifts = self.shift * np.stack([across, down], axis=1)
        return matrices.reshape(count, 2, 2), shifts


class Affine(RandomMaps):
    """Turns, scales, slants and shifts each image, as hands and scanners do.

    With θ, s, k and t drawn evenly from ±rotation, 1 ± scale, ±shear and ±shift (the last for each
    axis), a pixel at p (column, row, from the center c) comes from M⁻¹ (p - c - t) + c with
    M = s R(θ) [1 k; 0 1]; R turns counterclockwise as seen. What lies outside is 0.
    Source: Simard, Steinkraus and Platt 2003, Best practices for convolutional neural networks
    applied to visual document analysis, section 2, with bilinear interpolation.
    """

    kind: Literal["affine"] = "affine"
    label: ClassVar[str] = "Affine"

    def apply(self, images: Images, rng: np.random.Generator) -> Images:
        """Change each image by a matrix and a shift of its own."""
        return warp(images, *self.draw(rng, _maps_of(images)))


class Elastic(RandomMaps):
    """Affine, and bends each image as if it were drawn on rubber, as an unsteady hand does.

    Beside the affine map each pixel's place moves by α G_σ * U: a field of independent numbers of
    variance 1/3, as that of even ones between -1 and 1, smoothed by a Gaussian of spread σ [pixels]
    (0 outside) and multiplied by α. That gives displacements with a spread of about
    α / (σ sqrt(12 π)) pixels. Only what survives the smoothing is drawn: even numbers for its
    strongest directions, 49 for each image of 28 × 28 pixels and not 784, which gives all means and
    covariances of the whole field in a seventh of the time.
    Source: Simard, Steinkraus and Platt 2003, section 2.1; the defaults as in Ciresan et al. 2010,
    Deep big simple neural nets excel on handwritten digit recognition.
    """

    kind: Literal["elastic"] = "elastic"
    label: ClassVar[str] = "Affine and elastic"

    alpha: float = hyperparameter(
        36.0,
        ge=0,
        le=500,
        unit="pixels",
        help="How strongly each image is bent.",
        too_small="At 0 nothing bends.",
        too_large="Images are torn to shreds.",
        formula="Δ = α · G(σ) ∗ U(−1, 1)",
    )
    sigma: float = hyperparameter(
        6.0,
        ge=0.5,
        le=50,
        unit="pixels",
        help="How smooth the bending is: the spread of the Gaussian.",
        too_small="Neighboring pixels go different ways, which looks like noise.",
        too_large="The image moves as a whole.",
        formula="Δ = α · G(σ) ∗ U(−1, 1)",
    )

    def apply(self, images: Images, rng: np.random.Generator) -> Images:
        """Change each image by a matrix, a shift and a field of displacements of its own."""
        maps = _maps_of(images)
        matrices, shifts = self.draw(rng, maps)
        return warp(images, matrices, shifts, self.field(rng, (maps, *images.shape[1:])))

    def field(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Field:
        """Draw how far each pixel's place moves.

        Args:
            rng: Where the randomness comes from.
            shape: Maps, rows, columns.
        """
        count, rows, columns = shape
        down, across = _smoothing(rows, self.sigma), _smoothing(columns, self.sigma)
        noise = rng.random((2, down.shape[1], count, across.shape[1]), np.float32)
        noise -= 0.5
        noise *= 2 * self.alpha
        return Field(down, across, noise)


def _maps_of(images: Images) -> int:
    """How many maps there are for some images."""
    return -(-len(images) // _SHARERS)


@cache
def _smoothing(size: int, sigma: float) -> Array:
    """The matrix A (size, directions) that makes a smooth row of pixels of independent numbers.

    A Aᵀ = G², G being the smoothing by a Gaussian with 0 beyond the row's ends: its eigenvectors,
    each as long as its eigenvalue. Those below a thousandth of the greatest are left out.
    """
    far = np.arange(-size, size + 1)
    whole = np.exp(-0.5 * (np.arange(-4 * math.ceil(sigma), 4 * math.ceil(sigma) + 1) / sigma) ** 2)
    kernel = np.exp(-0.5 * (far / sigma) ** 2) / whole.sum()
    places = np.arange(size)
    values, vectors = np.linalg.eigh(kernel[places[:, None] - places + size])
    kept = np.abs(values) > 1e-3 * values[-1]
    return (vectors[:, kept] * values[kept]).astype(np.float32)
