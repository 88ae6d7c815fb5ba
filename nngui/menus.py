"""The menu bar, from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction, QActionGroup, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu

from nngui.actions import ACTIONS, MENUS
from nngui.file_controls import FileControls
from nngui.icons import icon


def build_menus(
    window: QMainWindow, actions: Mapping[str, QAction], stack: QUndoStack, files: FileControls
) -> QMenu:
    """Fill the menu bar.

    Args:
        window: Whose menu bar.
        actions: All actions by name.
        stack: What Undo and Redo go along.
        files: Fills the menus of files and formats.

    Returns:
        The View menu, to which the window adds its tabs and docks.
    """
    menus = {name: window.menuBar().addMenu(name) for name in MENUS}
    themes = QActionGroup(window)
    for spec in ACTIONS:
        menu, action = menus[spec.menu], actions[spec.name]
        if spec.starts_section:
            menu.addSeparator()
        if spec.icon:
            action.setIcon(icon(spec.icon))
        if spec.group == "theme":
            themes.addAction(action)
        menu.addAction(action)
    for action, name in (
        (stack.createUndoAction(window), "undo"),
        (stack.createRedoAction(window), "redo"),
    ):
        action.setIcon(icon(name))
        menus["&Edit"].addAction(action)
    _build_file_submenus(menus["&File"], actions, files)
    return menus["&View"]


def _build_file_submenus(menu: QMenu, actions: Mapping[str, QAction], files: FileControls) -> None:
    recent = QMenu("Open &recent", menu)
    runs = QMenu("&Earlier runs", menu)
    export = QMenu("E&xport weights", menu)
    recent.setObjectName("recentMenu")
    runs.setObjectName("runsMenu")
    export.setObjectName("exportMenu")
    for inner in (recent, runs):
        inner.setToolTipsVisible(True)
        menu.insertMenu(actions["saveModel"], inner)
    menu.insertMenu(actions["exportHistory"], export)
    files.link_recent_menu(recent)
    files.link_runs_menu(runs)
    files.fill_export_menu(export)
