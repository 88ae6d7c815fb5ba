"""The tables of what the window is made of: panels at the side, tabs in the center."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from nngui.panels.architecture import ArchitecturePanel
from nngui.panels.data import DataPanel
from nngui.panels.hyperparameters import HyperparametersPanel
from nngui.panels.panel import Panel
from nngui.tabs.training import TrainingTab
from nngui.viewmodels.workbench import Workbench


class PanelPart(NamedTuple):
    """A panel: its name, its title and how it is made."""

    name: str
    title: str
    make: Callable[[Workbench], Panel]


class TabPart(NamedTuple):
    """A tab: its name, its title, how it is made, and whether that waits for the first painting.

    A late tab is not seen at first, so its modules are imported where it is made.
    """

    name: str
    title: str
    make: Callable[[Workbench], QWidget]
    is_late: bool = False


def _make_prediction(bench: Workbench) -> QWidget:
    from nngui.tabs.prediction import PredictionTab

    return PredictionTab(bench.predictor, bench.samples)


def _make_search(bench: Workbench) -> QWidget:
    from nngui.tabs.search import SearchTab

    tab = SearchTab(bench.search, bench.store)
    tab.failed.connect(lambda text: bench.messageRaised.emit("error", text))
    tab.saved.connect(bench.files.done)
    return tab


PANELS = (
    PanelPart("data", "Data", lambda bench: DataPanel(bench.store)),
    PanelPart("architecture", "Architecture", lambda bench: ArchitecturePanel(bench.store)),
    PanelPart(
        "hyperparameters",
        "Hyperparameters",
        lambda bench: HyperparametersPanel(bench.store, bench.curves),
    ),
)
TABS = (
    TabPart("training", "Training", lambda bench: TrainingTab(bench.curves)),
    TabPart("prediction", "Predict", _make_prediction, is_late=True),
    TabPart("search", "Search", _make_search, is_late=True),
)
