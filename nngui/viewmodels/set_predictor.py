"""SetPredictor: predictions for a whole set that follow the weights, at a modest pace."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_predictions import Predictions, SampleSet, predict_set
from nngui.workers.background import BackgroundTask

REFRESH_INTERVAL = 2000
"""Least time from the end of one prediction of a set to the next with newer weights [ms]."""
REST_SHARE = 3
"""A rest lasts so many times the prediction before it, so that training keeps its speed."""


class SetPredictor(QObject):
    """Predicts one set in the background, again for newer weights, while somebody looks."""

    changed = Signal()
    """Other predictions, or the reason why there are none."""

    def __init__(self, predictor: Predictor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._predictor = predictor
        self._samples: SampleSet | None = None
        self._predictions: Predictions | None = None
        self._trained = False
        self._started_trained = False
        self._problem = ""
        self._active = False
        self._stale = True
        self._took = 0
        self._since_start = QElapsedTimer()
        self._since_end = QElapsedTimer()
        self._task = BackgroundTask(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)

        self._task.succeeded.connect(self._receive)
        self._task.failed.connect(self._report)
        self._rest.timeout.connect(self._start_if_due)
        predictor.networkChanged.connect(self._on_network)

    @property
    def predictions(self) -> Predictions | None:
        """The newest predictions; None until there are some."""
        return self._predictions

    @property
    def trained(self) -> bool:
        """Whether the network that made them had been trained."""
        return self._trained

    @property
    def problem(self) -> str:
        """Why there are none, as a sentence; empty if they are on their way."""
        return self._problem

    def set_samples(self, samples: SampleSet) -> None:
        """Predict this set; what was predicted for another one is forgotten."""
        self._task.cancel()
        self._rest.stop()
        self._samples = samples
        self._predictions = None
        self._problem = ""
        self._stale = True
        self._since_end.invalidate()
        self._start_if_due()

    def set_active(self, active: bool) -> None:
        """Predict only while somebody looks; what was missed is caught up with."""
        self._active = active
        if active:
            self._start_if_due()
        elif self._task.running:
            self._task.cancel()
            self._stale = True

    def close(self) -> None:
        """Stop the thread."""
        self._active = False
        self._rest.stop()
        self._task.close()

    @Slot()
    def _on_network(self) -> None:
        self._stale = True
        self._start_if_due()

    @Slot()
    def _start_if_due(self) -> None:
        """Start a prediction now, or set the timer for when it is due.

        A prediction under way is never given up for newer weights: with weights coming faster than
        a set can be predicted, none would ever end.
        """
        samples = self._samples
        if samples is None or not (self._active and self._stale) or self._task.running:
            return
        network = self._predictor.network
        problem = self._predictor.why_not(samples.images.shape[1], len(samples.class_names))
        if network is None or problem:
            self._accept(None, problem)
            return
        wait = max(REFRESH_INTERVAL, REST_SHARE * self._took)
        if self._since_end.isValid() and (rest := wait - self._since_end.elapsed()) > 0:
            if not self._rest.isActive():
                self._rest.start(rest)
            return
        self._stale = False
        self._started_trained = self._predictor.trained
        self._since_start.start()
        self._task.start(partial(predict_set, samples, network))

    @Slot(object)
    def _receive(self, predictions: Predictions) -> None:
        self._rest_from_now()
        self._trained = self._started_trained
        self._accept(predictions, "")
        self._start_if_due()

    @Slot(object)
    def _report(self, error: Exception) -> None:
        self._rest_from_now()
        self._accept(None, f"They could not be predicted: {error}")
        self._start_if_due()

    def _rest_from_now(self) -> None:
        self._took = self._since_start.elapsed()
        self._since_end.start()

    def _accept(self, predictions: Predictions | None, problem: str) -> None:
        self._predictions = predictions
        self._problem = problem
        self.changed.emit()
