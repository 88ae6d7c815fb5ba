"""The measured process of `benchmarks.search_window`: a search in the real window."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QTabWidget

from benchmarks.metronome import Metronome
from benchmarks.window_child import wait_for
from nncore.search.spec import SearchSpec
from nngui.fonts import ensure_fonts
from nngui.look import apply_theme
from nngui.main_window import MainWindow
from nngui.tabs.search import SearchTab
from nngui.viewmodels.run_session import RunState
from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from nngui.workers.garbage import GarbageSearch

# Short trials, so that more news come than in any real search.
_SEARCH: dict[str, Any] = {
    "config": {"network": {"hidden": "16"}, "training": {"batch_size": 500, "epochs": 6}},
    "strategy": "random",
    "pruning": "median",
    "budget": {"trials": 100_000},
    "space": {
        "optimizer.learning_rate": {"low": 0.0001, "high": 0.1},
        "network.hidden.0.units": {"low": 4, "high": 32},
        "network.hidden.0.activation": ["relu", "tanh", "sigmoid"],
        "training.batch_size": [250, 500, 1000],
    },
    "workers": 2,
}


def rest(seconds: float) -> None:
    """Let the window live for a while, as it does for a person."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def measure(bench: Workbench, tab: SearchTab, seconds: float) -> dict[str, dict[str, float]]:
    """Each plot in sight for so long; how late the window was meanwhile."""
    found: dict[str, dict[str, float]] = {}
    metronome = Metronome()
    for chart in tab.plots.charts:
        tab.plots.turn_to(chart.kind)
        metronome.start()
        rest(seconds)
        late = metronome.stop()
        p99, worst = float(np.percentile(late, 99)), float(np.max(late))
        found[chart.kind.title] = {"p99": p99, "worst": worst}
        assert bench.search.is_active, "The search has ended too early."
    return found


def main() -> None:
    """Print what was measured as one line of JSON."""
    seconds = float(sys.argv[1])
    app = QApplication([])
    GarbageSearch(app)
    ensure_fonts()
    apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Settings(Path(folder, "settings.json")), Path(folder))
        window = MainWindow(bench, "")
        window.resize(1280, 800)
        window.firstPainted.connect(bench.start)
        window.show()
        wait_for(bench, RunState.READY)
        tabs = window.findChild(QTabWidget, "tabs")
        assert isinstance(tabs, QTabWidget)
        tabs.setCurrentIndex(2)
        rest(1.0)
        tab = window.findChild(SearchTab)
        assert isinstance(tab, SearchTab)
        bench.search.failed.connect(sys.exit)
        bench.search.start(SearchSpec.from_dict(_SEARCH))
        while bench.search.phase is not SearchPhase.RUNNING or bench.search.finished < 4:
            rest(0.1)
        result = {"plots": measure(bench, tab, seconds), "trials": bench.search.finished}
        bench.search.close()
        window.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
