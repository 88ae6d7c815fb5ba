"""Makes models of what was trained, with the figures that belong to just these weights."""

from __future__ import annotations

from nncore.checkpoint import Checkpoint
from nncore.history import History
from nncore.model import Model, Preprocessing


def figures_at(history: History, epoch: int, step: int) -> dict[str, float]:
    """What a run has told of the weights after a step; only its place if they were not measured."""
    figures: dict[str, float] = {"epoch": epoch, "step": step}
    measured = [ended for ended in history.epochs if ended.step == step]
    if measured:
        last = measured[-1]
        figures |= {
            "train_loss": last.train_loss,
            "train_accuracy": last.train_accuracy,
            "validation_loss": last.validation_loss,
            "validation_accuracy": last.validation_accuracy,
        }
    return figures


def model_of_run(run: Checkpoint) -> Model:
    """The network of a run at a rest."""
    return Model(
        network=run.trainer().network,
        config=run.config,
        class_names=run.dataset.class_names,
        figures=figures_at(run.state.history, run.epoch, run.step),
        preprocessing=Preprocessing.for_shape(run.dataset.image_shape),
    )
