"""The key figures of a run, in numbers and in plain words."""

from __future__ import annotations

from nngui.viewmodels.curves import RunCurves
from nngui.widgets.key_figures import FigureSpec, KeyFigures

_SMALL_GAP, _LARGE_GAP = 0.01, 0.03
"""Differences of accuracy between which a gap is worth watching."""

FIGURES = (
    FigureSpec(
        "validationAccuracy",
        "Validation accuracy",
        "validation",
        "The part of the images held back from training that the network gets right,\n"
        "after the newest epoch. This is what to judge a network by.",
    ),
    FigureSpec(
        "best",
        "Best epoch",
        "best",
        "The validation accuracy of the epoch with the lowest validation loss.\n"
        "When it lies far back, training longer no longer helps.",
    ),
    FigureSpec(
        "validationLoss",
        "Validation loss",
        "validation",
        "How far the network is from the true answers of the images held back, as the chosen loss\n"
        "measures it. It tells more than the accuracy: being sure and wrong costs most.\n"
        "With cross-entropy, guessing among ten classes costs 2.303 nats.",
    ),
    FigureSpec(
        "trainLoss",
        "Train loss",
        "train",
        "The same on the training images: the mean over the epoch's steps, each measured\n"
        "before its update. It lags behind what the network can do at the epoch's end.",
    ),
    FigureSpec(
        "gap",
        "Gap train − validation",
        "",
        "Train accuracy minus validation accuracy, in percentage points.\n"
        "Small: what is learned also holds for new images.\n"
        "Large and growing: the network learns the training images by heart (overfitting);\n"
        "more data, a smaller network, L2 or fewer epochs help.\n"
        "Negative: usual in the first epochs, because the train figure is a mean over the epoch.",
    ),
)


def show_figures(figures: KeyFigures, run: RunCurves, previous: RunCurves | None) -> None:
    """Show the figures of the newest epoch, compared with the end of the previous run."""
    if run.epochs == 0:
        waiting = "after the first epoch" if run.started and run.ended is None else ""
        for spec in FIGURES:
            figures[spec.key].show_value("–", waiting)
        return
    accuracy, loss = float(run.validation_accuracy[-1]), float(run.validation_loss[-1])
    epoch = f"epoch {run.epochs:,}"
    before_accuracy = before_loss = ""
    if previous is not None and previous.epochs:
        before_accuracy = f"previous {_percent(float(previous.validation_accuracy[-1]))}"
        before_loss = f"previous {float(previous.validation_loss[-1]):.4f}"
    figures["validationAccuracy"].show_value(_percent(accuracy), before_accuracy or epoch)
    figures["validationLoss"].show_value(f"{loss:.4f}", before_loss or epoch)
    figures["trainLoss"].show_value(f"{float(run.train_loss[-1]):.4f}", "mean over the epoch")
    if run.best is not None:
        best = f"{_percent(run.best.validation_accuracy)}"
        figures["best"].show_value(best, f"epoch {run.best.epoch:,}, lowest loss")
    gap = float(run.train_accuracy[-1]) - accuracy
    figures["gap"].show_value(f"{100 * gap:+.2f} points".replace("-", "−"), gap_in_words(gap))


def gap_in_words(gap: float) -> str:
    """What a gap between train and validation accuracy (both 0 to 1) means."""
    if gap < 0:
        return "validation is ahead"
    if gap < _SMALL_GAP:
        return "small: it generalizes"
    if gap < _LARGE_GAP:
        return "worth watching"
    return "large: learning by heart"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"
