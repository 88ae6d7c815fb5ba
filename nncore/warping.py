"""Warping: images sampled at other places, by bilinear interpolation in whole numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Array = NDArray[np.floating[Any]]

_BITS = 8
"""Fractional bits of a place, and bits of a weight."""
_LOW = np.uint32(0x00FF00FF)
"""The lower byte of each half of a number."""


class Field(NamedTuple):
    """How far each pixel's place moves: Δ = D S Aᵀ for each map and axis.

    Attributes:
        down: D, shapes along a column of pixels (rows, i).
        across: A, shapes along a row of pixels (columns, j).
        strengths: S, (2, i, maps, j) [pixels], for Δ across and Δ down.
    """

    down: Array
    across: Array
    strengths: Array


class _Places(NamedTuple):
    """Where some maps take each pixel from, and how its neighbors are weighed.

    Attributes:
        corner: Index of the upper left neighbor in the framed images (rows, maps, columns).
        left: Weights of the left neighbors in 256ths, the lower one's in the upper 16 bits.
        right: Those of the right neighbors; all four make 256.
    """

    corner: NDArray[np.intp]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]


def warp(images: Images, matrices: Array, shifts: Array, field: Field | None = None) -> Images:
    """Move each image's content by p -> M (p - c) + c + t, c being its center.

    A pixel at p takes the value at M⁻¹ (p - c - t) + c + Δ(p), between its four neighbors, with 0
    outside. Where there are fewer maps than images, they serve again in the same order, but
    mirrored, as if the images were mirrored before and back after: first up for down, then left for
    right, then both, then not at all and so on. Places are more than half of the work of a map.

    Args:
        images: (samples, rows, columns), contiguous; kept whole.
        matrices: M for (column, row), (maps, 2, 2), invertible.
        shifts: t, (maps, 2) [pixels], across and down.
        field: Δ; None for none.

    Returns:
        New images of the same shape, rounded to the nearest; before that they are as far off as
        places that are rounded to 1/256 pixel and products of weights that are rounded to 1/256.
    """
    count, rows, columns = images.shape
    maps = len(matrices)
    warped = np.empty(images.shape, np.uint8)
    field = _with_affine(images.shape[1:], matrices, shifts, field)
    # So few that an index needs 16 bits and all fits into the processor's cache.
    most = max(1, ((1 << 16) - columns - 2) // ((rows + 1) * (columns + 1)))
    for start in range(0, maps, most):
        stop = min(start + most, maps)
        places = _places(field, slice(start, stop))
        for turn, skipped in enumerate(range(0, count - start, maps)):
            chosen = slice(start + skipped, stop + skipped)
            source, target = images[chosen], warped[chosen]
            if turn & 1:
                source, target = source[:, ::-1], target[:, ::-1]
            if turn & 2:
                source, target = source[:, :, ::-1], target[:, :, ::-1]
            _copy(_sample(source, places).swapaxes(0, 1), target)
    return warped


def _with_affine(
    shape: tuple[int, ...], matrices: Array, shifts: Array, field: Field | None
) -> Field:
    """Places as a field: the affine map joins as the shapes 1 and p.

    They are counted from the frame's corner, in 256ths of a pixel, half of one too much, for
    rounding.
    """
    rows, columns = shape
    a, b, c, d = matrices.reshape(-1, 4).T
    inverse = np.stack([d, -b, -c, a]).reshape(2, 2, -1) / (a * d - b * c)
    if field is None:
        field = Field(np.empty((rows, 0)), np.empty((columns, 0)), np.empty((2, 0, len(a), 0)))
    middle = (rows - 1) / 2, (columns - 1) / 2
    down = np.column_stack([np.ones(rows), np.arange(rows) - middle[0], field.down])
    across = np.column_stack([np.ones(columns), np.arange(columns) - middle[1], field.across])
    strengths = np.zeros((2, down.shape[1], len(a), across.shape[1]), np.float32)
    corner = np.array([[middle[1]], [middle[0]]]) + 1 + 1 / 512
    strengths[:, 0, :, 0] = corner - (inverse * shifts.T).sum(axis=1)
    strengths[:, 0, :, 1], strengths[:, 1, :, 0] = inverse.swapaxes(0, 1)
    strengths[:, 2:, :, 2:] = field.strengths
    down *= 1 << _BITS
    return Field(down.astype(np.float32), across.astype(np.float32), strengths)


def _places(field: Field, chosen: slice) -> _Places:
    """Where the chosen maps take each pixel from: two products, then whole numbers."""
    rows, columns = len(field.down), len(field.across)
    strengths = field.strengths[:, :, chosen]
    half = np.matmul(field.down, strengths.reshape(2, field.down.shape[1], -1))
    places = (half.reshape(-1, field.across.shape[1]) @ field.across.T).reshape(2, rows, -1)
    # Beyond the frame all is 0, as on it. Clipping is a third of the time of `np.minimum` here.
    np.clip(places[0], 0, (columns + 1) << _BITS, out=places[0])
    np.clip(places[1], 0, (rows + 1) << _BITS, out=places[1])
    maps, size = strengths.shape[2], (rows + 1) * (columns + 1)
    is_small = maps * size + columns + 1 < 1 << 16 and max(rows, columns) < 255
    # 16 bits, where they suffice, are worked on in half the time of 32.
    kind = np.dtype(np.uint16 if is_small else np.uint32)
    fraction = places.astype(kind)
    index = fraction[1] >> _BITS
    index *= columns + 1
    index += fraction[0] >> _BITS
    index += np.repeat(np.arange(maps, dtype=kind) * size, columns)
    fraction &= (1 << _BITS) - 1
    right, left = fraction.astype(np.uint32)
    # 256 - y for the upper neighbors, y for the lower ones; of that x / 256 to the right.
    left *= (1 << 16) - 1
    left += 1 << _BITS
    right *= left
    right += 0x00800080
    right >>= _BITS
    right &= _LOW
    left -= right
    shape = rows, maps, columns
    return _Places(index.reshape(shape).astype(np.intp), left.reshape(shape), right.reshape(shape))


def _sample(images: Images, places: _Places) -> Images:
    """The sum of each pixel's four neighbors times their weights (rows, samples, columns).

    All four share a 32-bit number, so that one look-up finds them; then each has 16 bits.
    """
    count, rows, columns = images.shape
    four = np.empty((rows, count, columns), np.uint32)
    # No index is out of range; "wrap" is the fastest way not to ask.
    _with_neighbors(images).take(places.corner[:, :count], out=four, mode="wrap")
    left = four.view(np.uint16)
    right = left >> 8
    left &= 255
    left *= places.left[:, :count].view(np.uint16)
    right *= places.right[:, :count].view(np.uint16)
    left += right
    # The sum of both halves in the upper half, and the nearest of its 256ths.
    four *= (1 << 16) + 1
    four += 1 << 23
    four >>= 24
    return four.astype(np.uint8)


def _with_neighbors(images: Images) -> NDArray[np.uint32]:
    """Each pixel of the framed images with its right, lower and lower right neighbor in one number.

    The frame of zeros is one pixel wide; each row and each image ends where the next one begins.
    """
    count, rows, columns = images.shape
    width = columns + 1
    framed = np.zeros((count * (rows + 1) + 2) * width, np.uint8)
    inner = framed[width + 1 : width + 1 + count * (rows + 1) * width]
    inner = inner.reshape(count, rows + 1, width)[:, :rows, :columns]
    _copy(images, inner)
    pairs = framed.astype(np.uint16)
    pairs[:-1] |= pairs[1:] << 8
    four = pairs.astype(np.uint32)
    four[:-width] |= four[width:] << 16
    return four


def _copy(source: Images, target: Images) -> None:
    """Copy images; each row of pixels as one item where that is possible, in half of the time."""
    if source.strides[-1] == target.strides[-1] == 1:
        row = np.dtype((np.void, source.shape[-1]))
        target.view(row)[...] = source.view(row)
    else:
        target[...] = source
