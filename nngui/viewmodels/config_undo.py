"""Undo and redo of the configuration: snapshots on a QUndoStack that respects locks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakMethod

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoStack

from nncore.config import RunConfig
from nncore.errors import Problem

_MERGEABLE = 1
_NEVER_MERGED = -1
UNDO_LIMIT = 500


@dataclass(frozen=True)
class Pending:
    """An edit that is not legal: what was entered, and why it cannot be used."""

    value: Any
    problem: Problem


@dataclass(frozen=True)
class Snapshot:
    """Everything that undo brings back: the valid configuration and the edits that are not."""

    config: RunConfig
    pending: dict[str, Pending] = field(default_factory=dict[str, Pending])


class ConfigEdit(QUndoCommand):
    """One step from a snapshot to the next; steps of one edit of one path merge.

    Args:
        before: The state to go back to.
        after: The state to go to.
        show: A method that takes the state that now holds; it is not kept alive.
        describe: Says the step from one state to the other, for the menu.
        merge_key: Steps with the same key become one; None never merges.
    """

    def __init__(
        self,
        before: Snapshot,
        after: Snapshot,
        show: Callable[[Snapshot], None],
        describe: Callable[[Snapshot, Snapshot], str],
        merge_key: tuple[str, int] | None,
    ) -> None:
        super().__init__(describe(before, after))
        self.before = before
        self.after = after
        self.merge_key = merge_key
        # Weak: were the store to die with its last step, its stack would delete the step once more.
        self._show = WeakMethod(show)
        self._describe = describe

    def id(self) -> int:
        return _NEVER_MERGED if self.merge_key is None else _MERGEABLE

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ConfigEdit) or other.merge_key != self.merge_key:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        self.setText(self._describe(self.before, self.after))
        return True

    def undo(self) -> None:
        self._put(self.before)

    def redo(self) -> None:
        self._put(self.after)

    def _put(self, snapshot: Snapshot) -> None:
        show = self._show()
        if show is not None:
            show(snapshot)


class ConfigUndoStack(QUndoStack):
    """A QUndoStack that refuses a step whose fields are locked.

    Its `createUndoAction` and `createRedoAction` make actions that are disabled then, with the
    reason as their tooltip.

    Args:
        why_refused: The reason why a step cannot be taken now, "" when it can.
        parent: Owner.
    """

    lockedStepChanged = Signal()
    refused = Signal(str)
    stepped = Signal()

    def __init__(
        self, why_refused: Callable[[ConfigEdit], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setUndoLimit(UNDO_LIMIT)
        self._why_refused = why_refused

    def why_no_undo(self) -> str:
        """Why the last step cannot be undone now, "" when it can or there is none."""
        return self._reason(self.index() - 1)

    def why_no_redo(self) -> str:
        """Why the next step cannot be redone now, "" when it can or there is none."""
        return self._reason(self.index())

    def undo(self) -> None:
        reason = self.why_no_undo()
        if reason:
            self.refused.emit(reason)
        else:
            super().undo()
            self.stepped.emit()

    def redo(self) -> None:
        reason = self.why_no_redo()
        if reason:
            self.refused.emit(reason)
        else:
            super().redo()
            self.stepped.emit()

    def createUndoAction(self, parent: QObject, prefix: str = "Undo") -> QAction:
        action = _StepAction(self, "undo", prefix, parent)
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        return action

    def createRedoAction(self, parent: QObject, prefix: str = "Redo") -> QAction:
        action = _StepAction(self, "redo", prefix, parent)
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
        return action

    def _reason(self, index: int) -> str:
        command = self.command(index) if 0 <= index < self.count() else None
        return self._why_refused(command) if isinstance(command, ConfigEdit) else ""


class _StepAction(QAction):
    """Undo or redo as an action that knows what it would do and whether it may."""

    def __init__(
        self, stack: ConfigUndoStack, direction: str, prefix: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stack = stack
        self._is_undo = direction == "undo"
        self._prefix = prefix
        self.setObjectName(f"{direction}Action")
        stack.lockedStepChanged.connect(self._refresh)
        stack.undoTextChanged.connect(self._refresh)
        stack.redoTextChanged.connect(self._refresh)
        self.triggered.connect(self._take)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        stack = self._stack
        what = stack.undoText() if self._is_undo else stack.redoText()
        possible = stack.canUndo() if self._is_undo else stack.canRedo()
        reason = stack.why_no_undo() if self._is_undo else stack.why_no_redo()
        self.setText(f"{self._prefix} {what}".strip())
        self.setEnabled(possible and not reason)
        self.setToolTip(reason or self.text())

    @Slot()
    def _take(self) -> None:
        if self._is_undo:
            self._stack.undo()
        else:
            self._stack.redo()
