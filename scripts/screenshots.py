"""Shoot the real window for the docs, with something going on, in both themes and sizes.

`make screenshots` writes docs/screenshots. Each theme and size runs in a process of its own, as the
first day of a person who has no settings yet.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nngui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
THEMES = ("light", "dark")
SIZES = ((1280, 800), (1920, 1080))
SETTLE_MS = 700
"""How long the window gets to finish painting before each picture [ms]."""
SEARCH: dict[str, Any] = {
    "config": {"network": {"hidden": "32"}, "training": {"batch_size": 128, "epochs": 3}},
    "strategy": "random",
    "pruning": "median",
    "budget": {"trials": 14},
    "space": {
        "optimizer.learning_rate": {"low": 0.001, "high": 1.0, "scale": "log"},
        "network.hidden.0.units": {"low": 8, "high": 64},
        "network.hidden.0.activation": ["relu", "tanh", "sigmoid"],
    },
    "workers": 2,
}
SEVEN = ((0.28, 0.25), (0.72, 0.25), (0.60, 0.50), (0.47, 0.80))


class Shoot:
    """One window, driven through what a person does."""

    def __init__(self, theme: str, width: int, height: int, home: Path) -> None:
        # Not at the top: Qt reads its environment when it is loaded.
        from PySide6.QtWidgets import QApplication

        from nngui.fonts import ensure_fonts
        from nngui.look import apply_theme
        from nngui.main_window import MainWindow
        from nngui.viewmodels.settings import Settings
        from nngui.viewmodels.workbench import Workbench
        from nngui.workers.garbage import GarbageSearch

        self._app = QApplication(["nnscratch"])
        GarbageSearch(self._app)
        ensure_fonts()
        settings = Settings(home / "settings.json")
        settings.theme = theme
        apply_theme(self._app, theme)
        self._suffix = f"{theme}-{width}x{height}"
        self.bench = Workbench(settings, home)
        self.window: MainWindow = MainWindow(self.bench, str(home / "nnscratch.log"))
        self.window.resize(width, height)
        self.window.firstPainted.connect(self.bench.start)
        self.window.show()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        while not holds():
            self.rest(20)

    def rest(self, milliseconds: int) -> None:
        """Let the window live for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def picture(self, name: str) -> None:
        """Save what the window shows."""
        self.rest(SETTLE_MS)
        told = -1
        while told != (told := len(self.bench.session.history.epochs)):
            # An epoch's end is drawn plot by plot: not in the midst of that.
            self.rest(120)
        path = FOLDER / f"{name}-{self._suffix}.png"
        self.window.grab().save(str(path))
        print(path.relative_to(ROOT))

    def draw(self, corners: Sequence[tuple[float, float]]) -> None:
        """One stroke on the pad, by fractions of its size."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        pad = self.window.findChild(QWidget, "drawPad")
        assert pad is not None

        def place(across: float, down: float) -> QPoint:
            return QPoint(round(across * pad.width()), round(down * pad.height()))

        left = Qt.MouseButton.LeftButton
        QTest.mousePress(pad, left, Qt.KeyboardModifier.NoModifier, place(*corners[0]))
        for (x0, y0), (x1, y1) in pairwise(corners):
            for part in range(1, 11):
                along = part / 10
                QTest.mouseMove(pad, place(x0 + (x1 - x0) * along, y0 + (y1 - y0) * along))
        QTest.mouseRelease(pad, left, Qt.KeyboardModifier.NoModifier, place(*corners[-1]))


def shoot(theme: str, width: int, height: int, home: Path) -> None:
    """Take all pictures of one theme and size."""
    from PySide6.QtWidgets import QTabWidget, QToolButton

    from nncore.search.spec import SearchSpec
    from nngui.tabs.search import SearchTab
    from nngui.viewmodels.run_state import RunState

    person = Shoot(theme, width, height, home)
    session, store = person.bench.session, person.bench.store
    person.wait_until(lambda: session.state is RunState.READY)
    store.change("training.epochs", 16)
    store.change("network.hidden", "32")
    session.train()
    person.wait_until(lambda: session.state is RunState.FINISHED)
    store.change("network.hidden", "128")
    store.change("training.epochs", 20)
    session.train()
    person.wait_until(lambda: session.progress.epoch >= 12)
    person.picture("training")
    person.wait_until(lambda: session.state is RunState.FINISHED)
    tabs = person.window.findChild(QTabWidget, "tabs")
    assert tabs is not None
    tabs.setCurrentIndex(1)
    person.rest(SETTLE_MS)
    person.draw(SEVEN)
    person.bench.samples.choose_set("test")
    person.rest(SETTLE_MS)
    person.bench.samples.set_current(8)
    person.picture("predict")
    evaluation = person.window.findChild(QToolButton, "sampleEvaluationButton")
    assert evaluation is not None
    evaluation.click()
    person.picture("evaluation")
    tabs.setCurrentIndex(2)
    person.rest(SETTLE_MS)
    search = person.bench.search
    form = person.window.findChild(SearchTab)
    assert form is not None
    form.plan.load_study(SearchSpec.from_dict(SEARCH))
    search.start(SearchSpec.from_dict(SEARCH))
    person.wait_until(lambda: search.finished >= 8)
    person.picture("search")
    search.close()
    tabs.setCurrentIndex(0)
    store.change("optimizer.learning_rate", 3.0)
    session.train()
    person.picture("message")
    person.window.close()


def main() -> None:
    """Shoot every theme and size, each in its own process."""
    if len(sys.argv) == 4:
        with tempfile.TemporaryDirectory() as home:
            shoot(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(home))
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    for theme in THEMES:
        for width, height in SIZES:
            with tempfile.TemporaryDirectory() as home:
                environment |= {"HOME": home, "XDG_DATA_HOME": home}
                arguments = [sys.executable, __file__, theme, str(width), str(height)]
                subprocess.run(arguments, check=True, env=environment)


if __name__ == "__main__":
    main()
