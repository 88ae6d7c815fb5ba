"""SearchExtendDialog: asks how far a search whose budget is used up shall go on."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from nncore.component import hyperparameters_of
from nncore.errors import ConfigError
from nncore.search.spec import Budget, SearchSpec
from nngui.forms.binding import editor_of
from nngui.forms.editor import Editor
from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip_of
from nngui.number_words import duration
from nngui.viewmodels.config_words import reason_in_words
from nngui.viewmodels.search_session import SearchModel

_LABELS = {"trials": "Trials at most, all in all", "seconds": "Seconds at most, all in all"}
_LEAST_MORE = 20


class SearchExtendDialog(QDialog):
    """A larger budget for the search that is shown.

    Args:
        model: The search, at rest.
        parent: Owner.
    """

    agreed = Signal(object)
    """Fields of the budget that change."""

    def __init__(self, model: SearchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert model.spec is not None
        self._model = model
        self._spec: SearchSpec = model.spec
        self.values: dict[str, Any] = first_budget(model)
        self._editors: dict[str, Editor] = {}
        self._build()
        self._check()

    def _build(self) -> None:
        model = self._model
        self.setObjectName("searchExtendDialog")
        self.setWindowTitle("Extend the search")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        spent = f"{model.finished:,} trials in {duration(model.seconds)}"
        words = QLabel(f"Its budget is used up: {spent}. How far shall it go on?")
        words.setWordWrap(True)
        form = QFormLayout()
        for declared in hyperparameters_of(Budget):
            editor = editor_of(declared)
            editor.main.setObjectName(f"searchExtend{declared.name.capitalize()}Edit")
            editor.main.setAccessibleName(_LABELS[declared.name])
            editor.setToolTip(tooltip_of(declared))
            editor.show_value(self.values[declared.name])
            editor.edited.connect(partial(self._on_edited, declared.name))
            form.addRow(_LABELS[declared.name], editor)
            self._editors[declared.name] = editor
        self.note = Note()
        self.box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.goButton = self.box.addButton("Go on", QDialogButtonBox.ButtonRole.AcceptRole)
        self.goButton.setObjectName("searchExtendGoButton")
        self.goButton.setAccessibleName("Go on with the search")
        self.goButton.setToolTip("Start the workers again; what is finished stays.")
        self.box.accepted.connect(self._agree)
        self.box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(self.box)

    def _on_edited(self, name: str, value: object) -> None:
        self.values[name] = value
        self._check()

    def _check(self) -> None:
        tree = self._spec.to_dict()
        tree["budget"] = dict(self.values)
        try:
            faults = self._too_small(SearchSpec.from_dict(tree).settings.budget)
        except ConfigError as error:
            faults = {it.path.rpartition(".")[2]: reason_in_words(it) for it in error.problems[:2]}
        for name, editor in self._editors.items():
            editor.set_faulty(name in faults)
        self.note.show_text(" ".join(faults.values()))
        self.goButton.setEnabled(not faults)
        # A dialog does not grow by itself with what it has to say.
        column = self.layout()
        if column is not None:
            column.activate()
            least = column.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), least))

    def _too_small(self, budget: Budget) -> dict[str, str]:
        """Why a field would not let the search go on, by its name."""
        done, seconds = self._model.finished, self._model.seconds
        faults: dict[str, str] = {}
        if budget.trials != "unlimited" and budget.trials <= done:
            faults["trials"] = f"{done:,} trials are finished already: allow more."
        if budget.seconds != "unlimited" and budget.seconds <= seconds:
            faults["seconds"] = f"{seconds:,.0f} seconds are used already: allow more."
        return faults

    @Slot()
    def _agree(self) -> None:
        self.agreed.emit(dict(self.values))
        self.accept()


def first_budget(model: SearchModel) -> dict[str, Any]:
    """As much again as the search had, to begin with."""
    assert model.spec is not None
    budget = model.spec.settings.budget
    values: dict[str, Any] = {"trials": budget.trials, "seconds": budget.seconds}
    if budget.trials != "unlimited" and model.finished >= budget.trials:
        values["trials"] = model.finished + max(budget.trials, _LEAST_MORE)
    if budget.seconds != "unlimited" and model.seconds >= budget.seconds:
        values["seconds"] = round(model.seconds + budget.seconds)
    return values
