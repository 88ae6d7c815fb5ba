"""Labels keep to the theme, and to their room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QHelpEvent, QPalette
from PySide6.QtWidgets import QApplication

from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.role_label import ElidedLabel, RoleLabel


def color(label):
    return label.palette().color(QPalette.ColorRole.WindowText)


@pytest.mark.parametrize("role", ["muted", "warning"])
def test_color_follows_the_theme(qtbot, role):
    label = RoleLabel("words", role)
    qtbot.addWidget(label)
    for theme in (DARK, LIGHT, DARK):
        label.setPalette(palette_of(theme))
        assert color(label) == QColor(getattr(theme, role))
    label.setRole("accent")
    assert color(label) == QColor(DARK.accent)


def test_long_text_ends_in_dots_and_is_told_whole_by_the_tool_tip(qtbot):
    label = ElidedLabel("a sentence that is far too long for so little room")
    qtbot.addWidget(label)
    label.show()

    def tip(width):
        label.resize(width, 20)
        kind = QHelpEvent.Type.ToolTip
        QApplication.sendEvent(label, QHelpEvent(kind, QPoint(5, 5), QPoint(5, 5)))
        return label.toolTip()

    assert tip(80) == label.text()
    narrow = label.grab().toImage()
    assert tip(2000) == ""
    label.setText("another text")
    label.resize(80, 20)
    assert label.grab().toImage() != narrow
