"""HyperparametersPanel: how the network learns: optimizer, batches, epochs, split, seed."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nncore.component import hyperparameters_of
from nncore.config import TrainingConfig
from nngui.forms.component_form import FIELD_GAP, ComponentForm, align_labels
from nngui.panels.panel import Panel
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.curves import CurvesModel, RunCurves
from nngui.widgets.learning_rate_curve import NO_RATES, LearningRateCurve
from nngui.widgets.section import Section

RATE_UPDATES = 200
"""How many times the learning rates taken are drawn over a run."""


class HyperparametersPanel(Panel):
    """Every field of `optimizer` and `training`, and the validation fraction beside them.

    A hyperparameter declared later in one of these appears here by itself.

    Args:
        store: What is edited.
        curves: The run whose learning rates are drawn beside the plan; None for none.
        parent: Owner.
    """

    def __init__(
        self, store: ConfigStore, curves: CurvesModel | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._curves = curves
        self._past: RunCurves | None = None
        self._samples = 54_000
        self._build()
        self._connect()
        self._refresh()

    def _build(self) -> None:
        store = self._store
        names = [each.name for each in hyperparameters_of(TrainingConfig)]
        behind_schedule = names.index("schedule") + 1
        self._forms = [
            ComponentForm(store, "optimizer", advanced=False),
            ComponentForm(store, "network.loss", advanced=False),
            ComponentForm(store, "training", names=names[:behind_schedule], advanced=False),
            ComponentForm(store, "training", names=names[behind_schedule:], advanced=False),
            ComponentForm(store, "data", names=("validation_fraction",)),
        ]
        self._curve = LearningRateCurve(self)
        for part in (*self._forms[:3], self._curve, *self._forms[3:]):
            self.column.addWidget(part)
        self._advanced = [
            ComponentForm(store, "optimizer", shows_kind=False, advanced=True),
            ComponentForm(store, "network.loss", shows_kind=False, advanced=True),
            ComponentForm(store, "training", advanced=True),
        ]
        self._forms += self._advanced
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        for form in self._advanced:
            column.addWidget(form)
        self._more = Section("advanced", "Advanced", content, is_open=False, parent=self)
        self.column.addWidget(self._more)
        self.column.setSpacing(FIELD_GAP)

    def set_dataset_info(self, samples: int) -> None:
        """Say how many training samples there are, for the steps of the learning rate's plan."""
        self._samples = samples
        self._refresh()

    def _connect(self) -> None:
        self._store.configChanged.connect(self._refresh)
        self._store.problemsChanged.connect(self._refresh)
        self._store.locksChanged.connect(self._refresh)
        self._store.configChanged.connect(self._forget_run)
        if self._curves is not None:
            self._curves.changed.connect(self._show_rates)
        for form in self._forms:
            form.fieldsChanged.connect(self._align)

    @Slot()
    def _show_rates(self) -> None:
        """Draw the rates of the run, each time that it has come a visible way further."""
        if self._curves is None or self._is_past(self._curves.current):
            return
        run, drawn = self._curves.current, self._curve.taken[0]
        here = int(drawn[-1]) if len(drawn) else 0
        if run.steps < here or run.steps - here > run.planned_steps / RATE_UPDATES or run.ended:
            self._curve.show_taken(run.rate_steps, run.learning_rates)

    @Slot()
    def _forget_run(self) -> None:
        """A change after a run is about the next one, of which nothing has been taken."""
        if self._curves is not None and not self._store.why_locked("training"):
            self._past = self._curves.current
            self._curve.show_taken(*NO_RATES)

    def _is_past(self, run: RunCurves) -> bool:
        """Whether something was changed since a run ended, and it has not gone on."""
        return run is self._past and run.ended is not None

    @Slot()
    def _refresh(self) -> None:
        for form in self._forms:
            form.refresh()
        self._align()
        self._curve.show_plan(self._store.config, self._samples)
        fields = [field for form in self._advanced for field in form.fields()]
        self._more.setVisible(bool(fields))
        if any(self._store.problem_at(field.path) for field in fields):
            self._more.set_open(True)

    @Slot()
    def _align(self) -> None:
        align_labels(*self._forms)
