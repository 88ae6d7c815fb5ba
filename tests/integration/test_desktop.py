"""The desktop's own screen, mouse and keyboard do what they claim, on a window made for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.integration.desktop import Desktop, SpiedProgram
from tests.integration.sample_window import PAPER


@pytest.fixture
def program(desktop: Desktop) -> Iterator[SpiedProgram]:
    with desktop.start("tests.integration.sample_window") as program:
        desktop.wait_for_window("^Sample window$")
        yield program


def test_click_presses_the_button_under_the_mouse(desktop: Desktop, program: SpiedProgram):
    desktop.click(program.rect("button").center)
    desktop.click(program.rect("button").center)
    program.wait_until("sampleWindow", "clicks", lambda clicks: clicks == 2)
    assert program.read("sampleWindow", "saves") == 0


def test_drag_is_seen_along_its_whole_path(desktop: Desktop, program: SpiedProgram):
    pad = program.rect("pad")
    path = [pad.at(0.1 + 0.04 * i, 0.2 + 0.03 * i) for i in range(20)]
    desktop.drag(path)
    program.wait_until("pad", "released", lambda count: count == 1)
    seen = program.read("pad", "path")
    assert seen[0] == [path[0].x - pad.x, path[0].y - pad.y]
    assert seen[-1] == [path[-1].x - pad.x, path[-1].y - pad.y]
    assert len(seen) >= 10


def test_wheel_turns_over_the_widget(desktop: Desktop, program: SpiedProgram):
    desktop.scroll(program.rect("pad").center, 3)
    program.wait_until("pad", "turned", lambda turned: turned == -360)


def test_typing_goes_to_the_focused_field(desktop: Desktop, program: SpiedProgram):
    desktop.click(program.rect("edit").center)
    desktop.type("0.001 -x")
    program.wait_until("edit", "text", lambda text: text == "0.001 -x")


def test_shortcut_and_toolbar_button_trigger_an_action(desktop: Desktop, program: SpiedProgram):
    desktop.key("ctrl+s")
    program.wait_until("sampleWindow", "saves", lambda saves: saves == 1)
    desktop.click(program.rect("saveAction").center)
    program.wait_until("sampleWindow", "saves", lambda saves: saves == 2)


def test_tab_is_opened_by_its_index(desktop: Desktop, program: SpiedProgram):
    assert program.read("tabs", "currentIndex") == 0
    desktop.click(program.rect("tabs", part=1).center)
    program.wait_until("tabs", "currentIndex", lambda index: index == 1)
    with pytest.raises(LookupError, match="pad is not visible"):
        program.rect("pad")


def test_screenshot_shows_the_window(desktop: Desktop, program: SpiedProgram, tmp_path: Path):
    place = program.rect("pad").center
    desktop.move(place)
    program.wait_until("pad", "underMouse", bool)
    picture = QImage(str(desktop.screenshot(tmp_path / "screen.png")))
    assert (picture.width(), picture.height()) == (1280, 800)
    assert picture.pixelColor(place.x + 20, place.y + 20) == QColor(PAPER)


def test_unknown_name_and_timeout_are_told(program: SpiedProgram):
    with pytest.raises(LookupError, match="no widget or action is called nobody"):
        program.read("nobody", "text")
    with pytest.raises(TimeoutError, match=r"sampleWindow\.clicks is still 0"):
        program.wait_until("sampleWindow", "clicks", bool, limit=0.2)


def test_nothing_is_left_running(desktop: Desktop):
    with (
        Desktop.started(640, 480) as other,
        other.start("tests.integration.sample_window") as program,
    ):
        other.wait_for_window("^Sample window$")
        assert other.environment["DISPLAY"] != desktop.environment["DISPLAY"]
        identifier = program.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(identifier, 0)
    socket = Path("/tmp/.X11-unix", f"X{other.environment['DISPLAY'][1:]}")
    assert not socket.exists()
