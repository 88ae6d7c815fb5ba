from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication

import resources
from nncore.errors import DataError
from nngui.icons import DISABLED_ALPHA, app_icon, icon
from nngui.theme import DARK, LIGHT, palette_of

FOLDER = Path(resources.__file__).parent / "icons"
NAMES = sorted(file.stem for file in FOLDER.glob("*.svg") if file.stem != "nnscratch")

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def light(qapp: QApplication) -> Iterator[None]:
    before = qapp.palette()
    qapp.setPalette(palette_of(LIGHT))
    yield
    qapp.setPalette(before)


def picture(of: QIcon, side: int = 96, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    image = of.pixmap(QSize(side, side), 1.0, mode).toImage()
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def colors(image: QImage) -> list[QColor]:
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return [image.pixelColor(*place) for place in places]


def is_solid(image: QImage, expected: str) -> bool:
    """Whether the insides of the strokes, where no ground shines through, have a color."""
    strongest = max(color.alpha() for color in colors(image))
    inside = [color for color in colors(image) if color.alpha() == strongest]
    wanted = QColor(expected).getRgb()[:3]
    # One step of each channel may be lost where a pixel is not quite covered.
    return all(
        abs(channel - other) <= 2
        for color in inside
        for channel, other in zip(color.getRgb()[:3], wanted, strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_icon_is_drawn_in_the_theme_color_and_nothing_is_cut_off(name: str):
    image = picture(icon(name, palette_of(DARK), role="wrong"))
    assert is_solid(image, DARK.wrong)
    ink = sum(color.alpha() for color in colors(image)) / (255 * 96 * 96)
    assert 0.02 < ink < 0.6
    last = image.width() - 1
    border = [(i, j) for i in range(96) for j in (0, last)]
    assert all(image.pixelColor(*place).alpha() == 0 for place in border)
    assert all(image.pixelColor(*place[::-1]).alpha() == 0 for place in border)


def test_icon_without_a_palette_follows_the_theme(light: None):
    play = icon("play")
    assert is_solid(picture(play), LIGHT.text)
    QGuiApplication.setPalette(palette_of(DARK))
    assert is_solid(picture(play), DARK.text)


def test_icon_with_a_palette_keeps_its_color(light: None):
    play = icon("play", palette_of(DARK))
    assert is_solid(picture(play), DARK.text)


def test_disabled_icon_is_fainter():
    save = icon("save", palette_of(LIGHT))
    normal, disabled = picture(save), picture(save, mode=QIcon.Mode.Disabled)
    strongest = [max(color.alpha() for color in colors(image)) for image in (normal, disabled)]
    assert strongest[0] == 255
    assert strongest[1] == DISABLED_ALPHA


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_icon_is_painted_for_the_scale_of_the_screen(scale: float):
    pixmap = icon("settings").pixmap(QSize(16, 16), scale)
    assert pixmap.devicePixelRatio() == scale
    assert pixmap.size() == QSize(16, 16) * scale


def test_unknown_name_is_refused_at_once():
    with pytest.raises(DataError, match="no-such-icon"):
        icon("no-such-icon")


def test_copy_of_an_icon_can_be_changed():
    for _ in range(50):
        copy = QIcon(icon("play"))
        copy.addPixmap(QPixmap(16, 16))
        assert not copy.pixmap(16, 16).isNull()


def test_app_icon_keeps_its_own_colors():
    assert len({color.name() for color in colors(picture(app_icon(), 64))}) > 20
