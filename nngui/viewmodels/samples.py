"""Samples: which images are shown, in which order, and what the network says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from nncore.data.dataset import Dataset, Split
from nngui.answers import percent
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_predictions import (
    Indices,
    Predictions,
    SampleQuery,
    SampleSet,
    sample_sets,
    select,
)
from nngui.viewmodels.set_predictor import SetPredictor

DEFAULT_SET = "validation"
"""Shown first: the test images stay untouched until they are asked for."""


class Samples(QObject):
    """One set at a time, filtered and sorted, with predictions that follow the weights."""

    setChanged = Signal()
    """Another dataset or another of its sets; the rows fit it already."""
    rowsChanged = Signal()
    """Other samples are shown, or in another order."""
    predictionsChanged = Signal()
    """Other predictions, or none; the rows fit them already."""
    stateChanged = Signal()
    """The summary may read differently."""
    currentChanged = Signal()
    """Another sample is looked at closely."""

    def __init__(
        self,
        predictor: Predictor,
        rng: np.random.Generator | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Follow a predictor.

        Args:
            predictor: Whose weights are used.
            rng: Draws the random samples; fresh randomness if None.
            parent: Owns this object.
        """
        super().__init__(parent)
        self._rng = np.random.default_rng() if rng is None else rng
        self._dataset: Dataset | None = None
        self._sets: Mapping[str, SampleSet] = {}
        self._name = DEFAULT_SET
        self._query = SampleQuery()
        self._random: int | None = None
        self._rows: Indices = np.empty(0, np.int64)
        self._matching = 0
        self._current = -1
        self._had_predictions = False
        self._set_predictor = SetPredictor(predictor, self)

        self._set_predictor.changed.connect(self._on_predictions)

    @property
    def names(self) -> tuple[str, ...]:
        """The sets there are; empty before `set_dataset`."""
        return tuple(self._sets)

    @property
    def name(self) -> str:
        """The set shown."""
        return self._name

    @property
    def samples(self) -> SampleSet | None:
        """The set shown, or None before `set_dataset`."""
        return self._sets.get(self._name)

    @property
    def query(self) -> SampleQuery:
        """The filter and the order."""
        return self._query

    @property
    def random(self) -> int | None:
        """How many samples are drawn at random; None if all are shown."""
        return self._random

    @property
    def rows(self) -> Indices:
        """The samples shown, as positions in the set, in their order."""
        return self._rows

    @property
    def predictions(self) -> Predictions | None:
        """What the network says about the set; None until it has said it."""
        return self._set_predictor.predictions

    @property
    def trained(self) -> bool:
        """Whether the network that made the predictions had been trained."""
        return self._set_predictor.trained

    @property
    def current(self) -> int:
        """The sample looked at closely, as a position in the set; -1 if none."""
        return self._current

    @property
    def summary(self) -> str:
        """Counts in words, as in `10,000 images: 97.41 % right, 259 wrong`."""
        samples = self.samples
        if samples is None:
            return "No images yet"
        text = f"{len(samples):,} images"
        predictions = self.predictions
        if predictions is None:
            return f"{text}. {self._set_predictor.problem or 'Predicting …'}"
        right = predictions.right
        share = percent(right / max(len(samples), 1), 2)
        text = f"{text}: {share} right, {len(samples) - right:,} wrong"
        return text if self._set_predictor.trained else f"{text}, untrained"

    @property
    def shown(self) -> str:
        """Which part of the set is shown, as in `9 of 259 shown`; empty if it is all."""
        total = len(self.samples) if self.samples is not None else 0
        if len(self._rows) < self._matching:
            return f"{len(self._rows):,} of {self._matching:,} shown"
        return f"{self._matching:,} shown" if self._matching < total else ""

    @property
    def why_empty(self) -> str:
        """Why no sample is shown, as a sentence, for when none is."""
        if self.samples is None:
            return "There are no images yet."
        if self.predictions is None and self._query.needs_predictions:
            return self._set_predictor.problem or "The images are being predicted."
        return "No image matches these filters."

    def set_dataset(self, dataset: Dataset, split: Split) -> None:
        """Show another dataset or another split.

        Another dataset begins with its validation images; another split of the same one does not
        take away the set that was chosen.
        """
        is_new, self._dataset = dataset is not self._dataset, dataset
        self._sets = sample_sets(dataset, split)
        classes = len(dataset.class_names)
        for field in ("true_class", "predicted_class"):
            if (getattr(self._query, field) or 0) >= classes:
                self._query = replace(self._query, **{field: None})
        self._show_set(DEFAULT_SET if is_new else self._name)

    def choose_set(self, name: str) -> None:
        """Show `validation`, `test` or `training`."""
        if name != self._name and name in self._sets:
            self._show_set(name)

    def change_query(self, **fields: Any) -> None:
        """Change fields of the query, as in `change_query(verdict=Verdict.WRONG)`."""
        query = replace(self._query, **fields)
        if query != self._query:
            self._query = query
            self._select(draw=True)
            self.stateChanged.emit()

    def draw_random(self, count: int | None) -> None:
        """Show `count` samples drawn anew from those that match, or all of them if None."""
        self._random = count
        self._select(draw=True)
        self.stateChanged.emit()

    def set_current(self, sample: int) -> None:
        """Look at one sample closely; -1 for none."""
        if sample != self._current:
            self._current = sample
            self.currentChanged.emit()

    def row_of(self, sample: int) -> int:
        """The row a sample is shown in; -1 if it is not shown."""
        found = np.flatnonzero(self._rows == sample)
        return int(found[0]) if found.size else -1

    def set_active(self, active: bool) -> None:
        """Predict only while somebody looks; what was missed is caught up with."""
        self._set_predictor.set_active(active)

    def close(self) -> None:
        """Stop the thread."""
        self._set_predictor.close()

    def _show_set(self, name: str) -> None:
        self._name = name
        self._current = -1
        # Without predictions at first: they are of the set before.
        self._had_predictions = False
        self._rows, self._matching = self._picked(None)
        self._set_predictor.set_samples(self._sets[name])
        self.setChanged.emit()
        self.currentChanged.emit()
        self.stateChanged.emit()

    def _select(self, draw: bool) -> None:
        """Work out the rows; random ones stay the same unless `draw`."""
        if self._random is not None and self._rows.size and not draw:
            return
        rows, self._matching = self._picked(self.predictions)
        if not np.array_equal(rows, self._rows):
            self._rows = rows
            self.rowsChanged.emit()

    def _picked(self, predictions: Predictions | None) -> tuple[Indices, int]:
        """The rows to show, and how many match the query."""
        samples = self.samples
        if samples is None:
            return np.empty(0, np.int64), 0
        rows = select(samples, predictions, self._query)
        if self._random is None:
            return rows, len(rows)
        count = min(self._random, len(rows))
        picked = self._rng.choice(len(rows), count, replace=False)
        # In the order of the query, so that sorting works on a random handful too.
        return rows[np.sort(picked)], len(rows)

    @Slot()
    def _on_predictions(self) -> None:
        there = self.predictions is not None
        first, self._had_predictions = there and not self._had_predictions, there
        self._select(draw=first and self._query.needs_predictions)
        self.predictionsChanged.emit()
        self.stateChanged.emit()
