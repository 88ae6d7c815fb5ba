"""The sidebar folds, remembers what is folded, and opens what holds a fault."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from nngui.panels.architecture import ArchitecturePanel
from nngui.panels.hyperparameters import HyperparametersPanel
from nngui.sidebar import Sidebar
from nngui.viewmodels.settings import Settings


@pytest.fixture
def make_sidebar(store, qtbot, tmp_path):
    def make() -> tuple[Sidebar, Settings]:
        settings = Settings(tmp_path / "settings.json")
        sidebar = Sidebar(store, settings)
        sidebar.add_panel("hyperparameters", "Hyperparameters", HyperparametersPanel(store))
        qtbot.addWidget(sidebar)
        sidebar.resize(320, 500)
        with qtbot.waitExposed(sidebar):
            sidebar.show()
        return sidebar, settings

    return make


def _click(sidebar: Sidebar, name: str) -> None:
    QTest.mouseClick(sidebar.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_header_folds_and_unfolds(make_sidebar):
    sidebar, _ = make_sidebar()
    field = sidebar.findChild(QWidget, "epochsEdit")
    assert field.isVisible()
    _click(sidebar, "hyperparametersHeader")
    assert not field.isVisible()
    _click(sidebar, "hyperparametersHeader")
    assert field.isVisible()


def test_folded_section_stays_folded_the_next_time(make_sidebar):
    sidebar, settings = make_sidebar()
    _click(sidebar, "hyperparametersHeader")
    settings.save()
    again, _ = make_sidebar()
    assert not again.findChild(QWidget, "epochsEdit").isVisible()


def test_advanced_fields_are_folded_until_one_is_at_fault(make_sidebar, store):
    sidebar, _ = make_sidebar()
    beta = sidebar.findChild(QWidget, "beta1Edit")
    assert not beta.isVisible()
    store.change("optimizer.beta1", 5)
    assert beta.isVisible()


def test_a_reason_beneath_a_field_moves_nothing_above_it(store, qtbot, tmp_path):
    """Else a field would slip away from under the hand that types in it."""
    sidebar = Sidebar(store, Settings(tmp_path / "settings.json"))
    sidebar.add_panel("architecture", "Architecture", ArchitecturePanel(store))
    sidebar.add_panel("hyperparameters", "Hyperparameters", HyperparametersPanel(store))
    qtbot.addWidget(sidebar)
    sidebar.resize(336, 600)
    with qtbot.waitExposed(sidebar):
        sidebar.show()
    note = sidebar.findChild(QWidget, "epochsNote")
    field = sidebar.findChild(QWidget, "epochsEdit")
    before = field.mapTo(sidebar, QPoint())
    store.change("training.epochs", 0)
    qtbot.waitUntil(lambda: note.height() > 10 and field.mapTo(sidebar, QPoint()) == before)
