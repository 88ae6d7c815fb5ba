"""Loss: the family of what training makes small."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component
from nncore.errors import Problem

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


class Loss(Component):
    """What training makes small, with the output activation that belongs to it."""

    output_label: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    """What its values are counted in; "" where they are plain numbers."""

    def class_targets(self, classes: int) -> NDArray[np.float64]:
        """What the outputs should be for each class: one-hot unless a member says otherwise.

        Args:
            classes: Number of classes.

        Returns:
            Column k is the target of the samples of class k (classes, classes).
        """
        return np.eye(classes)

    def problems(self, classes: int) -> Iterator[Problem]:
        """What keeps the loss from working with data of so many classes.

        Args:
            classes: Number of classes.

        Yields:
            Problems with paths that start at the loss.
        """
        del classes
        yield from ()

    @abstractmethod
    def probabilities(self, logits: Array, out: Array) -> None:
        """Write the class probabilities into `out`, each column summing to 1.

        Args:
            logits: Outputs before the output activation (classes, batch).
            out: Where they go (classes, batch); may be `logits` itself.
        """

    @abstractmethod
    def gradient(self, logits: Array, targets: Array, out: Array) -> None:
        """Write dL/dlogits of the batch's mean loss into `out`.

        Args:
            logits: Outputs before the output activation (classes, batch).
            targets: Columns of `class_targets`, one for each sample (classes, batch).
            out: Where the gradient goes (classes, batch); not `logits`.
        """

    @abstractmethod
    def values(self, logits: Array, labels: Labels) -> Array:
        """The loss of each sample, shape (..., batch).

        Args:
            logits: (..., classes, batch); kept whole.
            labels: True classes (..., batch).
        """
