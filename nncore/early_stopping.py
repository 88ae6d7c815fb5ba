"""Early stopping: when a run ends before its epochs are over.

To add one, write one subclass of `EarlyStopping` here.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar, Literal, NamedTuple

from nncore.component import Component, hyperparameter


class Waiting(NamedTuple):
    """What early stopping remembers.

    Attributes:
        best: Lowest validation loss that counted as better.
        bad_epochs: Epochs since then.
    """

    best: float = math.inf
    bad_epochs: int = 0


class EarlyStopping(Component):
    """Whether to go on after an epoch, judged by the validation loss."""

    @property
    def restores_best(self) -> bool:
        """Whether the best epoch's weights come back at the end."""
        return False

    @abstractmethod
    def after_epoch(self, waiting: Waiting, validation_loss: float) -> Waiting:
        """Learn from an epoch's validation loss."""

    @abstractmethod
    def why_stop(self, waiting: Waiting) -> str:
        """Why the run should end now, as the end of a sentence; "" while it should go on."""


class NoEarlyStopping(EarlyStopping):
    """All epochs are run."""

    kind: Literal["none"] = "none"
    label: ClassVar[str] = "None"

    def after_epoch(self, waiting: Waiting, validation_loss: float) -> Waiting:
        """Remember nothing."""
        del validation_loss
        return waiting

    def why_stop(self, waiting: Waiting) -> str:
        """Never."""
        del waiting
        return ""


class Patience(EarlyStopping):
    """Ends the run once the validation loss has not become better for some epochs.

    Better is a loss below best - minimum_change.
    Source: Prechelt 1998, Early Stopping - But When?; the criterion is that of Keras'
    EarlyStopping, which counts the epochs since the best one and not the rises in a row.
    """

    kind: Literal["patience"] = "patience"
    label: ClassVar[str] = "Patience"

    patience: int = hyperparameter(
        5,
        ge=1,
        le=10_000,
        unit="epochs",
        help="Epochs without progress after which the run ends.",
        too_small="Chance alone ends the run.",
        too_large="It never ends early.",
    )
    minimum_change: float = hyperparameter(
        0.0,
        ge=0,
        le=10,
        help="How far the validation loss must fall to count as progress.",
        too_small="At 0 the smallest progress counts.",
        too_large="Real progress does not count.",
        formula="loss < best − change",
    )
    restore_best: bool = hyperparameter(
        True,
        label="Keep best",
        help="Whether the weights of the epoch with the lowest validation loss come back at the "
        "end, also after the last epoch.",
    )

    @property
    def restores_best(self) -> bool:
        """As configured."""
        return self.restore_best

    def after_epoch(self, waiting: Waiting, validation_loss: float) -> Waiting:
        """Count the epochs since the last one that was better."""
        if validation_loss < waiting.best - self.minimum_change:
            return Waiting(validation_loss, 0)
        return waiting._replace(bad_epochs=waiting.bad_epochs + 1)

    def why_stop(self, waiting: Waiting) -> str:
        """When the patience is used up."""
        if waiting.bad_epochs < self.patience:
            return ""
        epochs = "1 epoch" if self.patience == 1 else f"{self.patience} epochs"
        return f"the validation loss did not get better in {epochs}"
