"""The window's icons: SVG files tinted with the theme's colors, sharp at every size and scale."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from nncore.resource_files import resource_path
from nngui.theme import theme_of

DISABLED_ALPHA = 110
"""How much of the muted color a disabled icon keeps, of 255."""


def icon(name: str, palette: QPalette | None = None, *, role: str = "text") -> QIcon:
    """An icon from resources/icons in a color of the theme.

    Args:
        name: The file's name without its ending, such as "play".
        palette: Whose theme colors it, for good. Without one the icon follows the application's
            palette: it changes with the theme at the next painting and needs no call.
        role: The `Theme` role of the color, such as "text", "on_accent" or "wrong".

    Returns:
        An icon with normal and disabled looks.

    Raises:
        DataError: There is no icon of that name.
    """
    return QIcon(_TintedSvg(name, palette, role))


def app_icon() -> QIcon:
    """The application's own mark, for the window and the dialogs."""
    return icon("nnscratch")


@cache
def _source(name: str) -> bytes:
    return resource_path("icons", f"{name}.svg").read_bytes()


def _pixmap(name: str, color: QColor, size: QSize) -> QPixmap:
    """An icon of a size [device pixels] in one color; painted once."""
    key = f"nnscratch/{name}/{color.rgba():08x}/{size.width()}x{size.height()}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    side = min(size.width(), size.height())
    area = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(_source(name))).render(painter, area)
    if b"currentColor" in _source(name):
        # Tinting the finished picture keeps crossing strokes even where the color is translucent.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), color)
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


class _TintedSvg(QIconEngine):
    """Paints one SVG file in the color that its mode asks for, when it is asked."""

    _detached: ClassVar[list[QIconEngine]] = []

    def __init__(self, name: str, palette: QPalette | None, role: str) -> None:
        super().__init__()
        _source(name)  # a wrong name is better found here than while painting
        self._name = name
        self._palette = palette
        self._role = role

    def _color(self, mode: QIcon.Mode) -> QColor:
        theme = theme_of(self._palette or QGuiApplication.palette())
        if mode == QIcon.Mode.Disabled:
            return theme.color("muted", DISABLED_ALPHA)
        return theme.color(self._role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _pixmap(self._name, self._color(mode), size)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        scale = device.devicePixelRatio() if device is not None else 1.0
        pixmap = self.pixmap(rect.size() * scale, mode, state)
        pixmap.setDevicePixelRatio(scale)
        painter.drawPixmap(QPoint(rect.left(), rect.top()), pixmap)

    def clone(self) -> QIconEngine:
        # Qt owns what is returned, but PySide deletes it with its last reference in Python. Only
        # changing an icon's pixmaps clones its engine, which nothing here does, so keep the few.
        engine = _TintedSvg(self._name, self._palette, self._role)
        self._detached.append(engine)
        return engine
