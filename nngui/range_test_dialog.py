"""RangeTestDialog: finds a learning rate by trying a range of them, and offers to use it."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from nncore.data import Dataset
from nncore.errors import NNError
from nncore.lr_finder import RangePoint, Suggestion, range_test, suggest
from nngui.theme import SPACE
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.range_test_plot import RangeTestPlot
from nngui.workers.background import BackgroundTask

_INTRODUCTION = (
    "A copy of the fresh network takes some steps, each with a larger learning rate than the one "
    "before. Good rates lie where the loss falls; beyond, it explodes."
)
PATH = "optimizer.learning_rate"


class RangeTestDialog(QDialog):
    """Runs the test in the background when it opens.

    Args:
        store: Has the configuration that is tested, and takes the rate that is found.
        dataset: What to train on.
        parent: The window.
    """

    def __init__(self, store: ConfigStore, dataset: Dataset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._rate: float | None = None
        self._plot = RangeTestPlot(self)
        self._reason = QLabel("Testing …", self)
        self._use = QPushButton("Use it", self)
        self._task = BackgroundTask(self)
        self._build()
        self._task.succeeded.connect(self._show)
        self._task.failed.connect(self._fail)
        self._use.clicked.connect(self._take)
        self.finished.connect(self._task.close)
        config = store.config
        self._unit = config.network.loss.unit

        def test() -> Generator[None, None, list[RangePoint]]:
            points: list[RangePoint] = []
            for point in range_test(config, dataset):
                points.append(point)
                yield
            return points

        self._task.start(test)

    def _build(self) -> None:
        self.setWindowTitle("Find a learning rate")
        self.setObjectName("rangeTestDialog")
        self._reason.setObjectName("rangeTestReason")
        self._reason.setWordWrap(True)
        self._use.setObjectName("useLearningRateButton")
        self._use.setToolTip("Put this learning rate into the hyperparameters; undo brings yours.")
        self._use.setEnabled(False)
        introduction = QLabel(_INTRODUCTION, self)
        introduction.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self._use, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(introduction)
        column.addWidget(self._plot, 1)
        column.addWidget(self._reason)
        column.addWidget(buttons)
        self.resize(640, 480)

    @Slot(object)
    def _show(self, points: list[RangePoint]) -> None:
        found: Suggestion = suggest(points)
        self._plot.show_test(points, found, self._unit)
        self._reason.setText(found.reason)
        self._rate = found.learning_rate
        self._use.setEnabled(found.learning_rate is not None)
        if found.learning_rate is not None:
            self._use.setText(f"Use {found.learning_rate:g}")

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        detail = str(error) if isinstance(error, NNError) else "See the log file."
        self._plot.show_failure()
        self._reason.setText(f"The test could not be made. {detail}")

    @Slot()
    def _take(self) -> None:
        self._store.finish_edit()
        self._store.change(PATH, self._rate)
        self._store.finish_edit()
        self.accept()
