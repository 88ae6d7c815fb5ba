"""What the plots of the training tab show, and how a run's curves get there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from nngui.viewmodels.curves import RunCurves
from nngui.widgets.curve_plot_export import Column, at_rows, csv_bytes, exact
from nngui.widgets.curve_plot_spec import CurveSpec, PlotData, PlotSpec, Quantity

_LOSS = Quantity("Loss", "")
_ACCURACY = Quantity("Accuracy", "%", factor=100.0, limits=(0.0, 100.0))
_ERROR = Quantity("Error rate", "%", factor=100.0, complement=True, limits=(0.0, 100.0))
_RUNNING_MEAN = "The mean over the epoch's steps, each measured before its update."
_AT_THE_END = "On images held back from training, with the weights at the epoch's end."

LOSS = PlotSpec(
    "loss",
    "Loss",
    "Epoch",
    _LOSS,
    _LOSS,
    (
        CurveSpec("train_loss", "train", "train", hint=_RUNNING_MEAN),
        CurveSpec("validation_loss", "validation", "validation", dashed=True, hint=_AT_THE_END),
    ),
    waiting="The loss after each epoch appears here.\nPress Train (Space).",
    soon="The first point appears after the first epoch.",
    best="validation_loss",
)
ACCURACY = PlotSpec(
    "accuracy",
    "Accuracy",
    "Epoch",
    _ACCURACY,
    _ERROR,
    (
        CurveSpec("train_accuracy", "train", "train", hint=_RUNNING_MEAN),
        CurveSpec("validation_accuracy", "validation", "validation", dashed=True, hint=_AT_THE_END),
    ),
    waiting="The part recognized correctly appears here.\nPress Train (Space).",
    soon="The first point appears after the first epoch.",
    best="validation_accuracy",
)
STEP_LOSS = PlotSpec(
    "stepLoss",
    "Loss of each step",
    "Step",
    _LOSS,
    _LOSS,
    (
        CurveSpec(
            "step_loss",
            "batch loss",
            "train",
            hint="The mean loss of each batch, measured before its update.",
        ),
    ),
    waiting="The loss of every single step appears here, live.\nPress Train (Space).",
    least=200,
)


def loss_unit(run: RunCurves) -> str:
    """What a run's losses are counted in, "" for plain numbers and before any run."""
    return run.started.config.network.loss.unit if run.started is not None else ""


def loss_data(run: RunCurves) -> PlotData:
    """What a run brings to the plot of the loss."""
    values = {"train_loss": run.train_loss, "validation_loss": run.validation_loss}
    return PlotData(run, values, run.planned_epochs, run.best.epoch if run.best else None)


def accuracy_data(run: RunCurves) -> PlotData:
    """What a run brings to the plot of the accuracy."""
    values = {
        "train_accuracy": run.train_accuracy,
        "validation_accuracy": run.validation_accuracy,
    }
    return PlotData(run, values, run.planned_epochs, run.best.epoch if run.best else None)


def step_data(run: RunCurves) -> PlotData:
    """What a run brings to the plot of each step's loss."""
    return PlotData(run, {"step_loss": run.step_losses}, run.planned_steps)


def step_text(step: int, run: RunCurves) -> str:
    """A step in words, with its epoch: "Step 1,204, epoch 3"."""
    if not run.steps_per_epoch:
        return f"Step {step:,}"
    return f"Step {step:,}, epoch {(step - 1) // run.steps_per_epoch + 1:,}"


def all_curves_csv(runs: Iterable[tuple[str, RunCurves]]) -> bytes:
    """Every step of some runs as CSV, one row each; an epoch's figures stand at its last step."""
    return csv_bytes([_columns(name, run) for name, run in runs])


def _columns(name: str, run: RunCurves) -> Mapping[str, Column]:
    count = run.steps
    epochs = (np.arange(count) // max(run.steps_per_epoch, 1) + 1).tolist()
    columns: dict[str, Column] = {
        "run": [name] * count,
        "step": [str(step) for step in range(1, count + 1)],
        "epoch": [str(epoch) for epoch in epochs],
        "step_loss": exact(run.step_losses),
    }
    for data in (loss_data(run), accuracy_data(run)):
        for key, values in data.values.items():
            columns[key] = at_rows(run.epoch_steps - 1, values, count)
    return columns
