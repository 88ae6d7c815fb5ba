from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.data.strokes import near_strokes

# No public call shows the labels alone, and they are where such code goes wrong.
from nncore.data.strokes import _pieces as pieces_of  # isort: skip


def flooded(mask: np.ndarray) -> list[set[tuple[int, int]]]:
    """The connected pieces, found one pixel after the other."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
    pieces = []
    while left:
        piece, edge = set(), {left.pop()}
        while edge:
            row, column = edge.pop()
            piece.add((row, column))
            around = {(row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1)}
            edge |= around & left
            left -= around
        pieces.append(piece)
    return pieces


@settings(max_examples=200, deadline=None)
@given(
    rows=st.integers(1, 12), columns=st.integers(1, 12), share=st.floats(0, 1),
    seed=st.integers(0, 2**16),
)  # fmt: skip
def test_pieces_are_what_a_flood_finds(rows: int, columns: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((rows, columns)) < share
    labels, pieces = pieces_of(mask)
    found = [
        {(int(row), int(column)) for row, column in zip(*np.nonzero(labels == label), strict=True)}
        for label in range(1, len(pieces) + 1)
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, flooded(mask)))
    for piece, places in zip(pieces, found, strict=True):
        assert piece.area == len(places)
        border = any(r in (0, rows - 1) or c in (0, columns - 1) for r, c in places)
        assert piece.touches_border == border


def test_digit_that_fills_the_picture_is_kept() -> None:
    ink = np.ones((40, 30), np.bool_)
    assert near_strokes(ink).all()


def test_no_ink_has_no_strokes() -> None:
    assert not near_strokes(np.zeros((10, 10), np.bool_)).any()
