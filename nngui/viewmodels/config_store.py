"""ConfigStore: the configuration that the window edits, with undo, problems and locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from nncore.config import LayerConfig, RunConfig
from nncore.errors import ConfigError, Problem
from nngui.viewmodels import config_words
from nngui.viewmodels.config_undo import ConfigEdit, ConfigUndoStack, Pending, Snapshot

LAYERS = "network.hidden"

Describe = Callable[[Snapshot, Snapshot], str]
Rules = Callable[[RunConfig], Sequence[Problem]]


class ConfigStore(QObject):
    """The last valid configuration, the edits that are not valid, and the way back.

    A valid edit makes a new `config`; one that is not is kept as a problem at its path, so that the
    field can show it, and leaves `config` alone. Both are steps on `undoStack`.

    Args:
        config: What to start from; the defaults when None.
        parent: Owner.

    Attributes:
        undoStack: The steps taken; its `createUndoAction` and `createRedoAction` respect locks.
    """

    configChanged = Signal()
    problemsChanged = Signal()
    locksChanged = Signal()
    refused = Signal(str, str)
    """A change that was not made: the path, and the reason as a sentence."""

    def __init__(self, config: RunConfig | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = Snapshot(config if config is not None else RunConfig.from_dict({}))
        self._reported: dict[str, tuple[Any, Problem]] = {}
        self._rules: Rules | None = None
        self._broken: dict[str, Problem] = {}
        self._locks: dict[str, str] = {}
        self._edit_number = 0
        self.undoStack = ConfigUndoStack(self._why_step_refused, self)
        self.undoStack.refused.connect(self._on_step_refused)
        self.undoStack.stepped.connect(self.finish_edit)
        self.locksChanged.connect(self.undoStack.lockedStepChanged)
        # Not from the stack to itself: it tells its last index while it is being torn down.
        self.undoStack.indexChanged.connect(self._on_index_changed)

    @property
    def config(self) -> RunConfig:
        """The last valid configuration."""
        return self._now.config

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong now, one for each faulty field; empty when training may start."""
        return tuple(self._found().values())

    @property
    def sentences(self) -> tuple[str, ...]:
        """The problems as sentences for people, as in "Learning rate must be in (0, 1], got 3."."""
        return tuple(
            config_words.problem_in_words(self.config, problem, path)
            for path, problem in self._found().items()
        )

    def problem_at(self, path: str) -> Problem | None:
        """The problem of one field, None when its value can be used."""
        return self._found().get(path)

    def entered(self, path: str) -> Any:
        """What a field should show: the edit that is not valid if there is one, else the value.

        Raises:
            ConfigError: If there is no such field.
        """
        pending = self._now.pending.get(path)
        return self.config.get(path) if pending is None else pending.value

    def change(self, path: str, value: Any) -> None:
        """Edit one value; the steps of one edit merge until `finish_edit`.

        Args:
            path: Dotted path, as in `optimizer.learning_rate`; `optimizer.kind` changes the member.
            value: A plain value, a component, or text as typed.

        Raises:
            ConfigError: If there is no such field (a value that is not legal becomes a problem).
        """
        self.config.get(path)
        reason = self.why_locked(path)
        if reason:
            self.refused.emit(path, reason)
            return
        pending = _without(self._now.pending, path)
        try:
            after = Snapshot(self.config.replace(path, value), pending)
        except ConfigError as error:
            after = Snapshot(self.config, pending | {path: Pending(value, error.problems[0])})

        def describe(old: Snapshot, new: Snapshot) -> str:
            if path in new.pending:
                return f"{config_words.place_in_words(old.config, path)} (not valid)"
            return config_words.change_in_words(old.config, new.config, path)

        self._push(after, describe, path, (path, self._edit_number))

    @Slot()
    def finish_edit(self) -> None:
        """End the edit under way, so that the next change is an undo step of its own."""
        self._edit_number += 1

    def replace_all(self, config: RunConfig, text: str) -> None:
        """Put another configuration in place of this one, as one undoable step.

        Args:
            config: The new configuration; problems are forgotten with the old one.
            text: What happened, for the undo menu, as in "preset Quick".
        """
        self._push(Snapshot(config), lambda _old, _new: text, "", None)

    def rearrange_layers(self, rows: Sequence[int | LayerConfig], text: str) -> None:
        """Add, remove, duplicate or move hidden layers, as one undoable step.

        Args:
            rows: The new list: a number stands for the layer that is there now.
            text: What happened, for the undo menu, as in "add layer 3".
        """
        old = self.config.network.hidden
        layers = tuple(old[row] if isinstance(row, int) else row for row in rows)
        pending = _without(self._now.pending, LAYERS)
        for path, edit in self._now.pending.items():
            if path.startswith(f"{LAYERS}."):
                index, rest = path.removeprefix(f"{LAYERS}.").split(".", 1)
                if int(index) in rows:
                    new_path = f"{LAYERS}.{rows.index(int(index))}.{rest}"
                    problem = Problem(new_path, edit.problem.message)
                    pending[new_path] = Pending(edit.value, problem)
        try:
            plain = [layer.model_dump(mode="json") for layer in layers]
            config = self.config.replace(LAYERS, plain)
        except ConfigError as error:
            self.refused.emit(LAYERS, f"The hidden layers {error.problems[0].message}.")
            return
        self._push(Snapshot(config, pending), lambda _old, _new: text, LAYERS, None)

    def report(self, path: str, message: str) -> None:
        """Add a problem that only somebody else can see, such as a dataset that cannot be read.

        It is gone when the value changes, or with an empty message.

        Args:
            path: The field to blame.
            message: What is wrong, to stand behind the field's name; "" takes it back.
        """
        if message:
            self._reported[path] = (self.config.get(path), Problem(path, message))
        elif self._reported.pop(path, None) is None:
            return
        self.problemsChanged.emit()

    def set_rules(self, rules: Rules | None) -> None:
        """Say which combinations of values cannot work; asked anew at each change.

        Args:
            rules: The problems of a configuration; None when nothing is known of the data.
        """
        self._rules = rules
        if self._ask_rules():
            self.problemsChanged.emit()

    def set_locks(self, locks: Mapping[str, str]) -> None:
        """Say which fields may not change now, and why.

        Args:
            locks: Reasons by path; each holds for everything beneath it ("" for the whole
                configuration) unless a longer path says otherwise. An empty reason frees a field:
                `{"": "Training is under way.", "training.epochs": ""}`.
        """
        if dict(locks) != self._locks:
            self._locks = dict(locks)
            self.locksChanged.emit()

    def why_locked(self, path: str) -> str:
        """Why a field may not change now, as a sentence; "" when it may."""
        parts = path.split(".") if path else []
        for length in range(len(parts), -1, -1):
            prefix = ".".join(parts[:length])
            if prefix in self._locks:
                return self._locks[prefix]
        return ""

    def _found(self) -> dict[str, Problem]:
        reported = {path: problem for path, (_, problem) in self._reported.items()}
        pending = {path: edit.problem for path, edit in self._now.pending.items()}
        return self._broken | reported | pending

    def _push(
        self, after: Snapshot, describe: Describe, path: str, key: tuple[str, int] | None
    ) -> None:
        if after == self._now:
            return
        edit = ConfigEdit(self._now, after, self._show, describe, key)
        reason = self._why_step_refused(edit)
        if reason:
            self.refused.emit(path, reason)
        else:
            self.undoStack.push(edit)

    def _show(self, snapshot: Snapshot) -> None:
        before, self._now = self._now, snapshot
        stale = [
            path for path, (value, _) in self._reported.items() if not self._holds(path, value)
        ]
        for path in stale:
            del self._reported[path]
        broken = self._ask_rules()
        if snapshot.config != before.config:
            self.configChanged.emit()
        if snapshot.pending != before.pending or stale or broken:
            self.problemsChanged.emit()

    def _ask_rules(self) -> bool:
        """Look which rules are broken now; whether that has changed."""
        problems = self._rules(self.config) if self._rules is not None else ()
        before, self._broken = self._broken, {problem.path: problem for problem in problems}
        return self._broken != before

    def _holds(self, path: str, value: Any) -> bool:
        try:
            return self.config.get(path) == value
        except ConfigError:
            return False

    def _why_step_refused(self, edit: ConfigEdit) -> str:
        if not self._locks:
            return ""
        paths = list(_changed(edit.before.config.to_dict(), edit.after.config.to_dict()))
        paths += [
            path
            for path in {**edit.before.pending, **edit.after.pending}
            if edit.before.pending.get(path) != edit.after.pending.get(path)
        ]
        return next((reason for path in paths if (reason := self.why_locked(path))), "")

    @Slot()
    def _on_index_changed(self) -> None:
        self.undoStack.lockedStepChanged.emit()

    @Slot(str)
    def _on_step_refused(self, reason: str) -> None:
        self.refused.emit("", reason)


def _without(pending: Mapping[str, Pending], path: str) -> dict[str, Pending]:
    """The pending edits that a change at a path leaves alone: not its own, not those beneath it."""
    owner = path.removesuffix(".kind")
    return {
        key: edit
        for key, edit in pending.items()
        if key not in (path, owner) and not key.startswith(f"{owner}.")
    }


def _changed(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths at which two plain trees differ, as deep as they have the same shape."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            inner = f"{path}.{name}" if path else str(name)
            yield from _changed(before.get(name), after.get(name), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changed(old, new, f"{path}.{index}")
    elif before != after:
        yield path
