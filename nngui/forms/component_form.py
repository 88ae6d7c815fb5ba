"""ComponentForm: the form of any component family or section, made from its declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pydantic import BaseModel
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nncore.component import Hyperparameter, hyperparameters_of
from nngui.forms.field import Field
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.config_words import declaration_of

FIELD_GAP = 3


class ComponentForm(QWidget):
    """Fields for what stands at a path of the configuration.

    For a member of a component family that is a combo box of the members, with the member's own
    fields beneath; these are made anew when another member is chosen. For a section it is
    its fields.

    Args:
        store: What is edited.
        path: Where the component or the section stands, as in `optimizer` or `training`.
        names: The fields to show, in this order; all when None.
        shows_kind: Whether the member can be chosen here.
        advanced: Show only the fields declared advanced, or only the others; all when None.
        stems: Stems of object names that differ from the rule, by field.
        parent: Owner.
    """

    fieldsChanged = Signal()
    """Other fields stand here now."""

    def __init__(
        self,
        store: ConfigStore,
        path: str,
        *,
        names: Sequence[str] | None = None,
        shows_kind: bool = True,
        advanced: bool | None = None,
        stems: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._store = store
        self._names = names
        self._advanced = advanced
        self._stems = stems or {}
        self._parts: list[Field | ComponentForm] = []
        self._label_width = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(FIELD_GAP)
        declared = declaration_of(store.config, path)
        self._kind = None
        if shows_kind and declared is not None and declared.type == "component":
            self._kind = Field(store, f"{path}.kind", declared, parent=self)
            self._column.addWidget(self._kind)
        self._model = type(self._value())
        self._fill()

    def fields(self) -> Iterator[Field]:
        """Every field that stands here now, from top to bottom."""
        if self._kind is not None:
            yield self._kind
        for part in self._parts:
            if isinstance(part, Field):
                yield part
            else:
                yield from part.fields()

    def set_label_width(self, width: int) -> None:
        """Give all labels one width, those that come later too."""
        self._label_width = width
        for field in self.fields():
            field.set_label_width(width)

    @Slot()
    def refresh(self) -> None:
        """Show what the store holds; make the fields anew when another member stands here."""
        if type(self._value()) is not self._model:
            self._model = type(self._value())
            self._fill()
            self.fieldsChanged.emit()
        if self._kind is not None:
            self._kind.refresh()
        for part in self._parts:
            part.refresh()

    def _value(self) -> BaseModel:
        return cast(BaseModel, self._store.config.get(self.path))

    def _fill(self) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            discard(part)
        declarations = {d.name: d for d in hyperparameters_of(self._model)}
        chosen = [
            name
            for name in (declarations if self._names is None else self._names)
            if self._advanced is None or declarations[name].advanced is self._advanced
        ]
        self._parts = [
            part for name in chosen if (part := self._part_of(declarations[name])) is not None
        ]
        for part in self._parts:
            self._column.addWidget(part)
            if self._label_width:
                part.set_label_width(self._label_width)
        if self._advanced is not True:
            self.setVisible(bool(self._parts) or self._kind is not None)

    def _part_of(self, declared: Hyperparameter) -> Field | ComponentForm | None:
        path = f"{self.path}.{declared.name}"
        if declared.type in ("section", "list"):
            return None
        if declared.type == "component":
            form = ComponentForm(self._store, path, parent=self)
            form.fieldsChanged.connect(self.fieldsChanged)
            return form
        return Field(self._store, path, declared, self._stems.get(declared.name, ""), self)


def discard(widget: QWidget) -> None:
    """Take a widget off the screen and out of the tree now; it dies once its events are done.

    Args:
        widget: May be the one whose signal is being handled.
    """
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def align_labels(*forms: ComponentForm) -> None:
    """Give the labels of several forms one width, so that all their editors stand in line."""
    width = max((field.label_width for form in forms for field in form.fields()), default=0)
    for form in forms:
        form.set_label_width(width)
