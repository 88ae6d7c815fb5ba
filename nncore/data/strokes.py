"""Tells the strokes of a digit from specks of dust and from shadows at a picture's border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

COARSE_SIDE = 96
# A piece this much smaller than the largest one is dust; the loose bar of a 5 is larger.
_DUST = 0.04
# A piece at the border gives way to one inside that is at least this much of its size.
_RIVAL = 0.1


def near_strokes(ink: Mask) -> Mask:
    """Where the strokes are, with a rim around them.

    Args:
        ink: What is surely ink (rows, columns).

    Returns:
        (rows, columns): the larger connected pieces of ink, without those that touch the border if
        there are others. A digit that was cropped tightly touches the border and is kept.
    """
    factor = -(-max(ink.shape) // COARSE_SIDE)
    coarse = _any_in_blocks(ink, factor)
    labels, pieces = _pieces(coarse)
    inside = max((piece.area for piece in pieces if not piece.touches_border), default=0)
    outside = max((piece.area for piece in pieces if piece.touches_border), default=0)
    drop_border = inside > 0 and inside >= _RIVAL * outside
    largest = inside if drop_border else max(inside, outside)
    kept = [False]
    for piece in pieces:
        gives_way = drop_border and piece.touches_border
        kept.append(piece.area >= _DUST * largest and not gives_way)
    windows = sliding_window_view(np.pad(np.array(kept)[labels], 1), (3, 3))
    rim = windows.any(axis=(2, 3))
    fine = np.repeat(np.repeat(rim, factor, axis=0), factor, axis=1)
    return fine[: ink.shape[0], : ink.shape[1]]


@dataclass
class _Piece:
    area: int = 0
    touches_border: bool = False


def _any_in_blocks(ink: Mask, factor: int) -> Mask:
    """Whether there is ink in each block; the last blocks may stick out."""
    rows, columns = (-(-side // factor) for side in ink.shape)
    padded = np.zeros((rows * factor, columns * factor), dtype=np.bool_)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    return np.logical_or.reduce(padded.reshape(rows, factor, columns, factor), axis=(1, 3))


def _pieces(mask: Mask) -> tuple[NDArray[np.int64], list[_Piece]]:
    """Label the connected pieces (edges or corners touching) of a mask.

    Returns:
        Labels (rows, columns), 0 where there is no ink, and the piece of each label from 1 on.
    """
    rows, columns = mask.shape
    runs = _runs(mask)
    parents = _joined(runs)
    labels = np.zeros((rows, columns), dtype=np.int64)
    pieces: list[_Piece] = []
    label_of: dict[int, int] = {}
    for index, (row, begin, end) in enumerate(runs):
        root = _root(parents, index)
        if root not in label_of:
            pieces.append(_Piece())
            label_of[root] = len(pieces)
        piece = pieces[label_of[root] - 1]
        piece.area += end - begin
        piece.touches_border |= row in (0, rows - 1) or begin == 0 or end == columns
        labels[row, begin:end] = label_of[root]
    return labels, pieces


def _runs(mask: Mask) -> list[tuple[int, int, int]]:
    """Each unbroken run of ink as (row, first column, column after the last), in reading order."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    return list(zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True))


def _joined(runs: list[tuple[int, int, int]]) -> list[int]:
    """A parent for each run, such that runs of one piece lead to one root (union-find)."""
    parents = list(range(len(runs)))
    above = 0
    for index, (row, begin, end) in enumerate(runs):
        # The row above's first run that does not end left of this one; corners count as touching.
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < begin):
            above += 1
        other = above
        while runs[other][0] == row - 1 and runs[other][1] <= end:
            parents[_root(parents, index)] = _root(parents, other)
            other += 1
    return parents


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index
