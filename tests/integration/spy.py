"""Runs a program in this process and answers, over the standard streams, what its widgets show.

`python -m tests.integration.spy MODULE [ARGUMENT]...` reads one JSON question a line and writes one
JSON answer a line; see `SpiedProgram` for the questions. It only reads: what is done to the program
is done with the mouse and the keyboard.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import threading
from typing import Any, TextIO

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QTabBar, QTabWidget, QWidget


class Spy(QObject):
    """Answers in the window's thread, between two of its events."""

    asked = Signal(str)

    def __init__(self, answers: TextIO) -> None:
        super().__init__()
        self._answers = answers
        self.asked.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _hear(self, line: str) -> None:
        question = json.loads(line)
        QTimer.singleShot(question.get("after", 0), self, lambda: self._answer(question))

    def _answer(self, question: dict[str, Any]) -> None:
        try:
            if "rect" in question:
                answer = {"value": _rect(_find(question["rect"]), question["part"])}
            else:
                answer = {"value": _read(_find(question["read"]), question["path"])}
        except (LookupError, AttributeError) as error:
            answer = {"error": str(error)}
        self._answers.write(json.dumps(answer, default=str) + "\n")
        self._answers.flush()


def _find(name: str) -> QWidget | QAction:
    """The widget of a name, a visible one first; or the action."""
    widgets = [widget for widget in QApplication.allWidgets() if widget.objectName() == name]
    for widget in sorted(widgets, key=lambda widget: not widget.isVisible()):
        return widget
    for window in QApplication.topLevelWidgets():
        action = window.findChild(QAction, name)
        if action is not None:
            return action
    raise LookupError(f"no widget or action is called {name}")


def _rect(found: QWidget | QAction, part: int | None) -> tuple[int, int, int, int]:
    """The area on the screen of a widget, of a tab of it, or of an action's button."""
    widget = found
    if isinstance(found, QAction):
        places = [place for place in found.associatedObjects() if isinstance(place, QWidget)]
        buttons = [place for place in places if place.isVisible() and not place.inherits("QMenu")]
        if not buttons:
            raise LookupError(f"{found.objectName()} has no visible button")
        bar = buttons[0]
        widget = bar.widgetForAction(found) if hasattr(bar, "widgetForAction") else bar
    assert isinstance(widget, QWidget)
    if not widget.isVisible():
        raise LookupError(f"{widget.objectName()} is not visible")
    area = QRect(QPoint(0, 0), widget.size())
    if part is not None:
        bar = widget.tabBar() if isinstance(widget, QTabWidget) else widget
        assert isinstance(bar, QTabBar)
        widget, area = bar, bar.tabRect(part)
    corner = widget.mapToGlobal(area.topLeft())
    return corner.x(), corner.y(), area.width(), area.height()


def _read(found: QObject, path: str) -> Any:
    """Follow attributes, calling what can be called."""
    value: Any = found
    for name in path.split("."):
        value = getattr(value, name)
        if callable(value):
            value = value()
    return value


def main() -> None:
    """Start to listen and become the program."""
    module, *arguments = sys.argv[1:]
    # Whatever the program itself prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    spy = Spy(answers)

    def listen() -> None:
        for line in sys.stdin:
            spy.asked.emit(line)

    threading.Thread(target=listen, daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
