"""SearchForm: what is searched and how, made from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nncore.component import Hyperparameter, hyperparameters_of
from nncore.presets import PRESETS
from nncore.search.presets import SEARCH_PRESETS
from nncore.search.spec import Budget, Objective, SearchSettings
from nngui.forms.binding import editor_of
from nngui.forms.editor import Editor
from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip_of
from nngui.forms.word_editors import ChoiceEditor, NarrowCombo
from nngui.tabs.search_row import SearchRow
from nngui.tabs.search_rows import SearchRows
from nngui.theme import SPACE
from nngui.viewmodels.search_plan import FREE, KEPT, SearchPlan
from nngui.viewmodels.search_problems import STRATEGIES
from nngui.widgets.section import Section

_SECTIONS = {"objective": Objective, "budget": Budget}
_LABELS = {
    "objective.metric": "Objective",
    "objective.epoch": "Epoch that counts",
    "budget.trials": "Trials at most",
    "budget.seconds": "Seconds at most",
}


class SearchForm(QScrollArea):
    """The form of a search.

    Args:
        plan: What it edits.
        parent: Owner.
    """

    def __init__(self, plan: SearchPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._space = SearchRows(plan)
        self._editors: dict[str, Editor] = {}
        self._notes: dict[str, Note] = {}
        self._build()
        self._connect()
        self._rebuild()

    @property
    def rows(self) -> list[SearchRow]:
        """The fields of each hyperparameter that is varied, as far as they are made."""
        return self._space.rows

    def finish(self) -> None:
        """Make all rows now that are still missing."""
        self._space.finish()

    def _build(self) -> None:
        self.setObjectName("searchForm")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE)
        column.addLayout(self._build_head())
        column.addWidget(Section("searchSpace", "What is varied", self._space))
        column.addWidget(self._build_settings())
        column.addWidget(self._build_advanced())
        column.addStretch(1)
        self.setWidget(inner)
        # The card beneath shows through.
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def _build_head(self) -> QFormLayout:
        self.presetCombo = self._combo("searchPresetCombo", "Ready-made search")
        self.presetCombo.addItem("Own search", FREE)
        for key, preset in SEARCH_PRESETS.items():
            self.presetCombo.addItem(preset.name, key)
            at = self.presetCombo.count() - 1
            self.presetCombo.setItemData(at, preset.description, Qt.ItemDataRole.ToolTipRole)
        self.presetCombo.setToolTip(
            "Begin with a ready-made search, such as the eight sweeps of the original nnScratch."
        )
        self.baseCombo = self._combo("searchBaseCombo", "Configuration around which is searched")
        self.baseCombo.addItem("The panels’ settings", "")
        for key, preset in PRESETS.items():
            self.baseCombo.addItem(f"Preset {preset.name}", key)
        self.baseCombo.setToolTip("Where everything comes from that is not varied.")
        form = _form()
        form.addRow("Search", self.presetCombo)
        form.addRow("Around", self.baseCombo)
        return form

    def _build_settings(self) -> Section:
        content = QWidget()
        self._fill(content, settings_declared(advanced=False))
        self._notes["budget"] = self._notes["budget.trials"]
        return Section("searchSettings", "How it is searched", content)

    def _build_advanced(self) -> Section:
        content = QWidget()
        self._fill(content, settings_declared(advanced=True))
        self._advanced = Section("searchAdvanced", "Advanced", content, is_open=False)
        return self._advanced

    def _fill(self, content: QWidget, settings: Iterable[tuple[str, Hyperparameter]]) -> None:
        """Put a field for each setting into a section."""
        form = _form()
        content.setLayout(form)
        for path, declared in settings:
            editor = editor_of(declared)
            name = "search" + "".join(
                part.capitalize() for part in path.replace("_", ".").split(".")
            )
            editor.main.setObjectName(f"{name}Edit")
            editor.main.setAccessibleName(_LABELS.get(path, declared.label))
            editor.setToolTip(tooltip_of(declared))
            label = QLabel(_LABELS.get(path, declared.label))
            label.setToolTip(tooltip_of(declared))
            label.setMinimumHeight(editor.sizeHint().height())
            note = Note()
            form.addRow(label, editor)
            form.addRow(note)
            if isinstance(editor, ChoiceEditor):
                name_words(editor)
            self._editors[path], self._notes[path] = editor, note

    def _combo(self, name: str, spoken: str) -> QComboBox:
        combo = NarrowCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(spoken)
        return combo

    def _connect(self) -> None:
        plan = self._plan
        plan.rebuilt.connect(self._rebuild)
        plan.checked.connect(self._show_problems)
        self.presetCombo.activated.connect(self._on_preset)
        self.baseCombo.activated.connect(self._on_base)
        for path, editor in self._editors.items():
            editor.edited.connect(partial(self._on_setting, path))

    @Slot()
    def _rebuild(self) -> None:
        """Show the plan's rows and settings anew."""
        plan = self._plan
        self._space.show_plan()
        for path, editor in self._editors.items():
            editor.show_value(plan.settings[path])
        self.presetCombo.setCurrentIndex(self.presetCombo.findData(plan.preset))
        at = self.baseCombo.findData(KEPT)
        if plan.kept is None and at >= 0:
            self.baseCombo.removeItem(at)
        elif plan.kept is not None and at < 0:
            self.baseCombo.addItem("That of the search shown", KEPT)
        self.baseCombo.setCurrentIndex(self.baseCombo.findData(plan.base))

    @Slot()
    def _show_problems(self) -> None:
        problems = dict(self._plan.problems)
        for row in self._plan.rows:
            problems.pop(row.choice.path, None)
        for path in self._editors:
            text = problems.pop(path, "")
            if path == "budget.trials":
                text = text or problems.pop("budget", "")
            self._notes[path].show_text(text)
            self._editors[path].set_faulty(bool(text))
            if text and self._advanced.isAncestorOf(self._editors[path]):
                self._advanced.set_open(True)
        self._space.show_problems(" ".join(problems.values()))

    @Slot()
    def _on_preset(self) -> None:
        self._plan.load_preset(self.presetCombo.currentData())

    @Slot()
    def _on_base(self) -> None:
        self._plan.set_base(self.baseCombo.currentData())

    def _on_setting(self, path: str, value: object) -> None:
        self._plan.set_setting(path, value)
        if path == "strategy":
            self._space.show_strategy()

    def sizeHint(self) -> QSize:
        return QSize(310, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(270, 120)


def settings_declared(*, advanced: bool) -> Iterator[tuple[str, Hyperparameter]]:
    """Every setting of a search, the usual or the advanced ones, by its path."""
    for declared in hyperparameters_of(SearchSettings):
        if declared.name in _SECTIONS and not advanced:
            for inner in hyperparameters_of(_SECTIONS[declared.name]):
                yield f"{declared.name}.{inner.name}", inner
        elif declared.name not in _SECTIONS and declared.advanced == advanced:
            yield declared.name, declared


def name_words(editor: ChoiceEditor) -> None:
    """Call strategies what people call them."""
    for word, text in STRATEGIES.items():
        at = editor.combo.findData(word)
        if at >= 0:
            editor.combo.setItemText(at, text)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(4, 2, 0, 0)
    form.setHorizontalSpacing(SPACE)
    form.setVerticalSpacing(2)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
