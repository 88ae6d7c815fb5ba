from __future__ import annotations

import pytest

from nncore.early_stopping import NoEarlyStopping, Patience, Waiting


def epochs_run(stopping, losses) -> int:
    """After how many epochs it says stop; all of them if it never does."""
    waiting = Waiting()
    for number, loss in enumerate(losses, start=1):
        waiting = stopping.after_epoch(waiting, loss)
        if stopping.why_stop(waiting):
            return number
    return len(losses)


@pytest.mark.parametrize(
    ("patience", "change", "losses", "expected"),
    [
        (1, 0.0, [3, 2, 2, 1], 3),
        (2, 0.0, [3, 2, 2.5, 1.9, 2, 2, 2], 6),
        (3, 0.0, [1, 2, 3, 0.5, 0.6, 0.7], 6),
        (2, 0.5, [3, 2.6, 2.4, 2.0, 1.95, 1.91], 5),
        (1, 0.5, [3, 2.4, 1.8, 1.2], 4),
        (1, 0.0, [1, float("inf")], 2),
    ],
)
def test_it_ends_when_the_patience_is_used_up(patience, change, losses, expected):
    stopping = Patience(patience=patience, minimum_change=change)
    assert epochs_run(stopping, losses) == expected


def test_slow_progress_counts_against_the_best_that_counted_and_not_the_last():
    """Small falls that add up to the minimum change are progress, as in Keras."""
    losses = [1, 0.97, 0.94, 0.89, 0.86, 0.83, 0.78]
    assert epochs_run(Patience(patience=3, minimum_change=0.1), losses) == 7


def test_without_early_stopping_it_never_ends():
    assert epochs_run(NoEarlyStopping(), [1, 2, 3] * 50) == 150


def test_it_says_why_in_a_sentence():
    assert Patience(patience=1).why_stop(Waiting(0.5, 1)) == (
        "the validation loss did not get better in 1 epoch"
    )
    assert Patience(patience=4).why_stop(Waiting(0.5, 4)).endswith("in 4 epochs")
