"""Finds the ink in photos, scans and screenshots: polarity, uneven light, noise and specks.

The paper's light is modeled as a smooth surface and divided out; what is left is ink. Everything
works on a shrunken copy, so that a photo of four million pixels takes a few milliseconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.data.gray import check_gray
from nncore.data.strokes import near_strokes

MAX_SIDE = 384
# Ink weaker than this part of the paper's brightness, or than this many times the noise, is no ink.
_LEAST_CONTRAST = 0.08
_LEAST_SIGNAL_TO_NOISE = 6.0
_FIT_SIDE = 96
# Half-tones within 3 standard deviations are paper; the floor is one step of an 8-bit picture.
_NOISE_FLOOR = 1 / 255

Floats = NDArray[np.floating[Any]]


def image_to_ink(gray: NDArray[np.integer[Any]] | Floats) -> NDArray[np.float32]:
    """Tell ink from paper in a gray picture, whichever of the two is the darker one.

    The paper is taken to be what surrounds the ink at the picture's border; a smooth change of
    light across it is divided out. Ink is stretched so that its darkest strokes are 1. Specks of
    dust, and shadows that reach in from the border, are left out where there is something better.

    Args:
        gray: (rows, columns); integers 0 to 255, or floating-point numbers 0 to 1.

    Returns:
        Ink from 0 (paper) to 1, at most `MAX_SIDE` pixels a side: larger pictures are shrunk by a
        whole factor. All zeros when nothing stands out from the paper.

    Raises:
        DataError: If it is not one gray picture of finite numbers.
    """
    check_gray(gray)
    small = _shrink(gray)
    if np.issubdtype(gray.dtype, np.integer):
        small /= 255
    paper = _paper(small)
    difference = paper - small
    dark = np.square(np.maximum(difference, 0)).sum()
    bright = np.square(np.minimum(difference, 0)).sum()
    # Dark ink takes away a part of the light that falls on it; bright ink on a dark ground is taken
    # as it is, for there the ground gives no measure of the light.
    ink = difference / np.maximum(paper, _NOISE_FLOOR) if dark >= bright else -difference
    return _stretch(_flatten(ink))


def _shrink(gray: NDArray[Any]) -> NDArray[np.float32]:
    """Average whole blocks so that no side is longer than `MAX_SIDE`."""
    factor = -(-max(gray.shape) // MAX_SIDE)
    high, wide = (min(factor, side) for side in gray.shape)
    rows, columns = gray.shape[0] // high, gray.shape[1] // wide
    # What does not fill a block is left out evenly on both sides. Adding strided slices is many
    # times faster than numpy's mean over the short axes of a reshaped view.
    top, left = gray.shape[0] % high // 2, gray.shape[1] % wide // 2
    whole = gray[top : top + rows * high, left : left + columns * wide]
    tall = np.zeros((rows, columns * wide), dtype=np.float32)
    for row in range(high):
        tall += whole[row::high]
    small = np.zeros((rows, columns), dtype=np.float32)
    for column in range(wide):
        small += tall[:, column::wide]
    small /= high * wide
    return small


def _paper(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """The light on the paper (rows, columns): a quadratic surface through what is not ink.

    It starts from the border, which is seldom written on, and takes in the rest of the paper as far
    as it agrees; what stands out by more than three standard deviations does not count.
    """
    step = -(-max(small.shape) // _FIT_SIDE)
    sample = small[::step, ::step]
    terms = _terms(*sample.shape)
    values = sample.ravel().astype(np.float64)
    border = _border(sample.shape).ravel()
    everywhere = np.ones_like(border)
    fit = np.zeros(terms.shape[1])
    fit[0] = np.median(values[border])
    for region in (border, border, everywhere, everywhere, everywhere):
        residual = values - terms @ fit
        spread = 1.4826 * float(np.median(np.abs(residual[region])))
        agrees = region & (np.abs(residual) <= max(3 * spread, 3 * _NOISE_FLOOR))
        fit = np.linalg.lstsq(terms[agrees], values[agrees], rcond=None)[0]
    return (_terms(*small.shape) @ fit).reshape(small.shape).astype(np.float32)


def _border(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixels lie in the outer eighth on any side."""
    rows, columns = shape
    border = np.ones(shape, dtype=np.bool_)
    top, left = max(1, rows // 8), max(1, columns // 8)
    border[top : rows - top, left : columns - left] = False
    return border


def _terms(rows: int, columns: int) -> NDArray[np.float64]:
    """1, x, y, x², xy, y² of each pixel, (rows * columns, 6), with x and y from -1 to 1."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    y, x = y.ravel(), x.ravel()
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _flatten(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take away what the smooth surface missed: the mean of the paper around each pixel.

    Paper is what does not stand out from its surroundings by half as much as the strongest ink.
    """
    if np.median(np.abs(ink)) < _NOISE_FLOOR:  # A drawing or a screenshot, even already.
        return ink
    reach = max(2, max(ink.shape) // 6)
    level = np.zeros_like(ink)
    for _ in range(2):
        standing_out = ink - level - _mean_around(ink - level, reach)
        is_paper = (standing_out < 0.5 * np.percentile(standing_out, 99)).astype(np.float32)
        share = _mean_around(is_paper, reach)
        level = _mean_around(ink * is_paper, reach) / np.maximum(share, np.float32(1e-3))
    return ink - level


def _mean_around(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The mean of the square of (2 * reach + 1)² pixels around each pixel, cut at the border."""
    downwards = _sums_around(values.astype(np.float64), reach)
    sums = _sums_around(downwards.T, reach).T
    counts = _sums_around(np.ones((values.shape[0], 1)), reach)
    counts = counts * _sums_around(np.ones((values.shape[1], 1)), reach).T
    return (sums / counts).astype(np.float32)


def _sums_around(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The sum of the (2 * reach + 1) rows around each row, cut at the border."""
    rows = len(values)
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    row = np.arange(rows)
    return sums[np.clip(row + reach + 1, 0, rows)] - sums[np.clip(row - reach, 0, rows)]


def _stretch(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale ink to 0 (paper and noise) .. 1 (full strokes), and keep only the strokes."""
    noise = 1.4826 * float(np.median(np.abs(ink[ink <= _otsu(ink)])))
    least = max(_LEAST_CONTRAST, _LEAST_SIGNAL_TO_NOISE * noise)
    # Pieces first, levels after: a black table edge must not set the level for gray pencil.
    strokes = ink * near_strokes(ink > least)
    if not (strokes > least).any():
        return np.zeros_like(ink)
    full = float(np.percentile(strokes[strokes > _otsu(strokes)], 80))
    lowest = min(3 * noise, 0.3 * full)
    return np.clip((strokes - lowest) / (full - lowest), 0, 1)


def _otsu(ink: NDArray[np.float32]) -> float:
    """The threshold that parts two groups of values best.

    Source: Otsu 1979, A threshold selection method from gray-level histograms, equation 18.
    """
    counts, edges = np.histogram(ink, bins=64, range=(0.0, max(float(ink.max()), _NOISE_FLOOR)))
    centers = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts).astype(np.float64)
    above = below[-1] - below
    sums = np.cumsum(counts * centers)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = sums / below - (sums[-1] - sums) / above
    between = np.where((below > 0) & (above > 0), below * above * np.square(gap), 0.0)
    return float(edges[int(between.argmax()) + 1])
