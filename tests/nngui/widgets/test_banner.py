from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.banner import MessageBanner


@pytest.fixture
def banner(qtbot) -> MessageBanner:
    widget = MessageBanner()
    widget.setPalette(palette_of(LIGHT))
    qtbot.addWidget(widget)
    return widget


def test_hidden_until_there_is_something_to_say(banner):
    assert banner.isHidden()
    banner.show_message("warning", "The disk is almost full.")
    assert not banner.isHidden()
    assert (banner.kind, banner.text) == ("warning", "The disk is almost full.")


def test_newer_message_replaces_the_older_and_an_empty_one_hides(banner):
    banner.show_message("error", "Diverged.")
    banner.show_message("info", "Saved.")
    assert banner.text == "Saved."
    banner.show_message("info", "")
    assert banner.isHidden()


def test_dismissed_by_its_button_and_by_escape(banner, qtbot):
    for dismiss in (
        lambda: banner.findChild(QToolButton, "messageBannerCloseButton").click(),
        lambda: QTest.keyClick(banner, Qt.Key.Key_Escape),
    ):
        banner.show_message("info", "Saved.")
        with qtbot.waitSignal(banner.dismissed):
            dismiss()
        assert banner.isHidden()


def test_clearing_is_silent(banner, qtbot):
    banner.show_message("info", "Saved.")
    with qtbot.assertNotEmitted(banner.dismissed):
        banner.clear()
    assert banner.isHidden()


def test_kind_is_spoken_too(banner):
    banner.show_message("error", "Diverged.")
    assert banner.accessibleName() == "Error: Diverged."


def test_text_is_never_taken_for_markup(banner):
    banner.show_message("error", "<b>name</b>.json is damaged")
    assert "<b>" in banner.text
    assert banner._label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(("kind", "role"), [("info", "accent"), ("error", "wrong")])
def test_color_follows_kind_and_theme(banner, kind, role):
    banner.resize(400, 60)
    banner.show_message(kind, "Something happened.")
    for theme in (LIGHT, DARK):
        banner.setPalette(palette_of(theme))
        image = banner.grab().toImage()
        wanted = QColor(getattr(theme, role)).rgb()
        assert wanted in {image.pixel(x, y) for x in range(60) for y in range(image.height())}
