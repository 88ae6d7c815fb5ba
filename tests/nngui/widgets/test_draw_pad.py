"""Mouse, finger, pen and keys draw, erase, undo and clear; the ink is what was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QImage,
    QInputDevice,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
    QUndoStack,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from nngui.widgets.draw_pad import DrawPad

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def pad(qtbot):
    pad = DrawPad()
    qtbot.addWidget(pad)
    pad.resize(280, 280)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def draw(pad, *points, button=LEFT):
    """A stroke of the mouse through points of the widget."""
    places = [QPoint(*point) for point in points]
    QTest.mousePress(pad, button, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, button, pos=places[-1])


def test_line_between_two_far_places_is_filled(pad):
    draw(pad, (40, 40), (240, 200))
    ink = pad.ink()
    for share in np.linspace(0, 1, 50):
        x, y = 40 + share * 200, 40 + share * 160
        assert ink[round(y), round(x)] == 255
    # Nothing beyond half the pen's width from the line.
    rows, columns = np.nonzero(ink)
    distance = np.abs(160 * (columns + 0.5 - 40) - 200 * (rows + 0.5 - 40)) / np.hypot(160, 200)
    assert distance.max() < pad.penWidth() / 2 + 1


def test_few_points_make_a_round_curve(pad):
    angles = np.linspace(0, 2 * np.pi, 9)
    draw(pad, *[(round(140 + 90 * np.cos(t)), round(140 + 90 * np.sin(t))) for t in angles])
    ink = pad.ink()
    rows, columns = np.nonzero(ink > 128)
    radius = np.hypot(columns - 140, rows - 140)
    direction = np.degrees(np.arctan2(rows - 140, columns - 140))
    # Straight lines would go out to the eight points at 90 pixels and in to 90 · cos(22.5°) = 83.1.
    # The curve touches the lines in their middles and is at 83.4 near the points: almost a circle.
    away_from_the_ends = np.abs(direction) > 30
    assert radius[away_from_the_ends].max() < 83.4 + pad.penWidth() / 2 + 1.5
    assert radius[away_from_the_ends].min() > 83.1 - pad.penWidth() / 2 - 1.5
    assert len(np.unique(np.round(direction))) >= 360


def test_click_makes_a_dot(pad):
    draw(pad, (100, 120))
    ink = pad.ink()
    area = (ink / 255).sum()
    assert ink[120, 100] == 255
    assert area == pytest.approx(np.pi * (pad.penWidth() / 2) ** 2, rel=0.06)


@pytest.mark.parametrize("size", [(140, 140), (280, 280), (561, 700), (301, 200)])
def test_resolution_does_not_depend_on_the_size_on_the_screen(pad, size):
    pad.resize(*size)
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    draw(pad, (left + side // 4, top + side // 2), (left + 3 * side // 4, top + side // 2))
    ink = pad.ink()
    assert ink.shape == (280, 280)
    rows, columns = np.nonzero(ink > 128)
    assert rows.mean() == pytest.approx(139.5, abs=3)
    assert columns.min() == pytest.approx(70 - 11, abs=4)
    assert columns.max() == pytest.approx(210 + 11, abs=4)


def test_ink_is_a_copy(pad):
    draw(pad, (40, 40), (240, 200))
    before = pad.ink()
    kept = before.copy()
    pad.clear()
    np.testing.assert_array_equal(before, kept)
    before[:] = 7
    assert pad.isEmpty()


def test_drawing_tells_of_every_change_and_of_the_end(qtbot, pad):
    changes, ends = [], []
    pad.changed.connect(lambda: changes.append(int((pad.ink() > 0).sum())))
    pad.strokeFinished.connect(lambda: ends.append(True))
    draw(pad, (40, 40), (90, 40), (140, 60), (200, 90))
    assert len(changes) >= 5
    assert sorted(changes) == changes
    assert changes[0] < changes[-1]
    assert ends == [True]


def test_eraser_and_right_button_take_ink_away(pad):
    draw(pad, (40, 140), (240, 140))
    draw(pad, (100, 100), (100, 180), button=RIGHT)
    assert pad.ink()[140, 100] == 0
    assert pad.ink()[140, 200] == 255
    pad.setErasing(True)
    draw(pad, (200, 100), (200, 180))
    assert pad.ink()[140, 200] == 0


def test_width_is_that_of_the_stroke_and_stays_in_its_range(qtbot, pad):
    with qtbot.waitSignal(pad.penWidthChanged):
        pad.setPenWidth(40)
    draw(pad, (40, 140), (240, 140))
    assert (pad.ink()[:, 140] > 128).sum() == 40
    pad.setPenWidth(1000)
    assert pad.penWidth() == 48


def test_undo_and_redo_go_stroke_by_stroke(pad):
    states = [pad.ink()]
    for row in (60, 120, 180):
        draw(pad, (40, row), (240, row))
        states.append(pad.ink())
    pad.clear()
    assert pad.isEmpty()
    for state in reversed(states):
        pad.undo()
        np.testing.assert_array_equal(pad.ink(), state)
    assert not pad.canUndo()
    for state in states[1:]:
        pad.redo()
        np.testing.assert_array_equal(pad.ink(), state)
    draw(pad, (10, 10))
    assert pad.canRedo() is False


def test_clearing_an_empty_pad_is_nothing_to_undo(pad):
    pad.clear()
    assert not pad.canUndo()


def test_escape_takes_back_the_stroke_under_way(pad):
    QTest.mousePress(pad, LEFT, pos=QPoint(40, 40))
    QTest.mouseMove(pad, QPoint(200, 200))
    QTest.keyClick(pad, Qt.Key.Key_Escape)
    assert pad.isEmpty()
    QTest.mouseMove(pad, QPoint(100, 200))
    QTest.mouseRelease(pad, LEFT, pos=QPoint(100, 200))
    assert pad.isEmpty()
    assert not pad.canUndo()


def test_keys_undo_clear_and_choose_tools_while_the_pad_has_the_focus(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    pad, stack = DrawPad(), QUndoStack()
    undo = stack.createUndoAction(window)
    undo.setShortcut("Ctrl+Z")
    undo.setEnabled(True)
    window.addAction(undo)
    others = []
    undo.triggered.connect(lambda: others.append(True))
    QVBoxLayout(window).addWidget(pad)
    window.resize(300, 300)
    window.show()
    qtbot.waitActive(window)
    pad.setFocus()
    draw(pad, (40, 40), (200, 200))
    QTest.keyClick(pad, Qt.Key.Key_Z, CONTROL)
    assert pad.isEmpty()
    assert others == []
    draw(pad, (40, 40), (200, 200))
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.isEmpty()
    QTest.keyClick(pad, Qt.Key.Key_E)
    assert pad.erasing()
    QTest.keyClick(pad, Qt.Key.Key_BracketRight)
    assert pad.penWidth() == 24
    with qtbot.waitSignal(pad.pasteRequested):
        QTest.keyClick(pad, Qt.Key.Key_V, CONTROL)


def test_finger_draws_and_other_fingers_do_not(pad):
    device = QTest.createTouchDevice()
    touch = QTest.touchEvent(pad, device)
    touch.press(0, QPoint(40, 140), pad)
    touch.commit()
    for x in range(60, 241, 20):
        touch = QTest.touchEvent(pad, device)
        touch.move(0, QPoint(x, 140), pad)
        if x == 60:
            touch.press(1, QPoint(40, 20), pad)
        else:
            touch.move(1, QPoint(x, 20), pad)
        touch.commit()
    touch = QTest.touchEvent(pad, device)
    touch.release(0, QPoint(240, 140), pad)
    touch.release(1, QPoint(240, 20), pad)
    touch.commit()
    ink = pad.ink()
    assert (ink[140, 40:241] == 255).all()
    assert ink[20].max() == 0


def tablet(pad, kind, x, pressure, pointer=QPointingDevice.PointerType.Pen):
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
        "",
        QPointingDeviceUniqueId(),
    )
    place = QPointF(x, 140)
    event = QTabletEvent(
        kind, device, place, place, pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, LEFT, LEFT,
    )  # fmt: skip
    QApplication.sendEvent(pad, event)
    return event


def test_pens_pressure_widens_the_stroke_and_its_other_end_erases(pad):
    kinds = QEvent.Type
    assert tablet(pad, kinds.TabletPress, 40, 0.1).isAccepted()
    for x in (*range(50, 201, 5), 240):
        tablet(pad, kinds.TabletMove, x, 0.1 + 0.9 * (x - 50) / 190)
    tablet(pad, kinds.TabletRelease, 240, 0.0)
    # The stroke goes on to where the pen was lifted, half the width of a strong stroke beyond.
    assert pad.ink()[140, 250] == 255
    widths = (pad.ink() > 128).sum(axis=0)
    assert widths[200] > 1.5 * widths[60] > 0
    eraser = QPointingDevice.PointerType.Eraser
    tablet(pad, kinds.TabletPress, 140, 0.5, eraser)
    tablet(pad, kinds.TabletRelease, 140, 0.5, eraser)
    assert pad.ink()[140, 140] == 0


def test_set_ink_fits_a_picture_and_keeps_its_shape(pad):
    picture = np.zeros((30, 61), np.uint8)
    picture[:, 20:40] = 255
    pad.setInk(picture)
    ink = pad.ink()
    rows, columns = np.nonzero(ink > 128)
    assert rows.min() == pytest.approx(71, abs=2)
    assert rows.max() == pytest.approx(208, abs=2)
    assert columns.min() == pytest.approx(20 / 61 * 280, abs=2)
    assert columns.max() == pytest.approx(40 / 61 * 280, abs=2)
    pad.undo()
    assert pad.isEmpty()


def test_dropped_image_and_file_are_offered(qtbot, pad):
    actions = Qt.DropAction.CopyAction
    image = QImage(5, 5, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for kind in ("image", "file"):
        data = QMimeData()
        if kind == "image":
            data.setImageData(image)
        else:
            data.setUrls([QUrl.fromLocalFile("/some/seven.png")])
        event = QDropEvent(QPointF(9, 9), actions, data, LEFT, Qt.KeyboardModifier.NoModifier)
        with qtbot.waitSignal(pad.imageOffered) as caught:
            pad.event(event)
        offered = caught.args[0]
        assert offered == "/some/seven.png" if kind == "file" else offered.size() == image.size()
    assert not pad.offer(QMimeData())


def test_empty_pad_invites_and_a_drawn_one_does_not(pad):
    QTest.mouseMove(pad, QPoint(1, 1))

    def bright_in_the_middle():
        shot = pad.grab().toImage()
        return max(
            shot.pixelColor(x, y).lightness() for x in range(80, 200) for y in range(130, 150)
        )

    assert bright_in_the_middle() > 100
    draw(pad, (20, 20))
    assert bright_in_the_middle() == 0
