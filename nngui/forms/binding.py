"""Binding: what ties one editor to one path of the store, both ways."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from nncore.component import Component, Hyperparameter
from nngui.forms.editor import Editor
from nngui.forms.log_editor import LogEditor
from nngui.forms.number_spin import SpinEditor
from nngui.forms.scales import LogScale
from nngui.forms.tooltips import tooltip_of
from nngui.forms.word_editors import (
    BooleanEditor,
    ChoiceEditor,
    NumberOrWordEditor,
    NumbersEditor,
    TextEditor,
)
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.config_words import reason_in_words

NAME_SUFFIXES = {"component": "Combo", "choice": "Combo", "boolean": "Check"}
"""Ends of object names by type; "Edit" for all others."""


def editor_of(declared: Hyperparameter) -> Editor:
    """The editor that fits a declaration.

    Args:
        declared: A number, a choice, a component family, text or a boolean.

    Raises:
        ValueError: If it is a section or a list, which are forms of their own.
    """
    if declared.type in ("integer", "number"):
        scale = LogScale.of(declared)
        if declared.words:
            return NumberOrWordEditor(declared)
        return SpinEditor(declared) if scale is None else LogEditor(declared, scale)
    if declared.type == "component" and declared.family is not None:
        return ChoiceEditor.of_family(declared.family)
    if declared.type == "choice":
        return ChoiceEditor.of_words(declared)
    if declared.type == "boolean":
        return BooleanEditor()
    if declared.type == "text":
        return TextEditor()
    if declared.type == "numbers":
        return NumbersEditor()
    raise ValueError(f"{declared.name}: a {declared.type} has no editor of its own.")


class Binding(QObject):
    """Sends what is edited to the store, and shows what the store holds when it is told to.

    It listens to no store by itself: the form around it calls `refresh`, since a path may be gone
    by the time a signal comes.

    Args:
        store: What is edited.
        path: Where; for a component family the path of its `kind`.
        declared: What is known about the field.
        parent: Owner of binding and editor.

    Attributes:
        path: See Args; may be set when the field moves.
        declared: See Args.
        editor: The widget made for it.
    """

    def __init__(
        self, store: ConfigStore, path: str, declared: Hyperparameter, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.declared = declared
        self._store = store
        self.editor = editor_of(declared)
        self.editor.setParent(parent)
        self.set_spoken(declared.label)
        self.editor.edited.connect(self._on_edited)
        self.editor.finished.connect(self._on_finished)

    def set_name(self, stem: str, number: str = "") -> None:
        """Give the widgets the object names of the design's rule.

        Args:
            stem: As in "learningRate"; the type's ending comes behind it.
            number: Ends the name, for fields that stand in a list.
        """
        suffix = NAME_SUFFIXES.get(self.declared.type, "Edit")
        self.editor.main.setObjectName(f"{stem}{suffix}{number}")
        if isinstance(self.editor, LogEditor):
            self.editor.slider.setObjectName(f"{stem}Slider{number}")

    def set_spoken(self, spoken: str) -> None:
        """Say what a screen reader calls the widgets."""
        self.editor.main.setAccessibleName(spoken)
        if isinstance(self.editor, LogEditor):
            self.editor.slider.setAccessibleName(f"{spoken}, slider")

    @property
    def locked(self) -> str:
        """Why the field may not change now, "" when it may."""
        return self._store.why_locked(self.path)

    @property
    def reason(self) -> str:
        """Why what is entered cannot be used, as a sentence; "" when it can."""
        problem = self._store.problem_at(self.path)
        return "" if problem is None else reason_in_words(problem)

    @property
    def default(self) -> Any:
        """The plain value of the default."""
        default = self.declared.default
        return getattr(default, "kind", default) if self.declared.type == "component" else default

    @property
    def is_default(self) -> bool:
        """Whether the default is entered."""
        return self._store.entered(self.path) == self.default

    def refresh(self) -> None:
        """Show the store's value, problem and lock."""
        locked, reason = self.locked, self.reason
        self.editor.show_value(self._store.entered(self.path))
        self.editor.set_faulty(bool(reason))
        self.editor.setEnabled(not locked)
        self.editor.main.setAccessibleDescription(locked or reason)
        chosen = self._store.config.get(self.path.removesuffix(".kind"))
        member = type(chosen) if isinstance(chosen, Component) else None
        self.set_tooltip(tooltip_of(self.declared, locked, member))

    def set_tooltip(self, tip: str) -> None:
        """Put a tooltip on the editor and all its parts."""
        if tip != self.editor.toolTip():
            self.editor.setToolTip(tip)

    def reset(self) -> None:
        """Go back to the default, as a step of its own."""
        self._store.finish_edit()
        self._store.change(self.path, self.default)
        self._store.finish_edit()

    @Slot(object)
    def _on_edited(self, value: Any) -> None:
        self._store.change(self.path, value)

    @Slot()
    def _on_finished(self) -> None:
        self._store.finish_edit()
        if self._store.problem_at(self.path) is None:
            self.editor.normalize()
