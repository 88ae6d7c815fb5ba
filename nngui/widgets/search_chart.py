"""SearchChart: shows one plot of a search, painted beside the window's other work."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from nngui.theme import theme_of
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_painting import SlicedPainting, blank_image
from nngui.widgets.search_parallel import paint_brush
from nngui.widgets.search_picture import Look, SearchPicture

_WHEEL = 1.25
_STEP = 120


class SearchChart(QWidget):
    """A plot: its picture is painted in slices and kept; the mouse only paints on top of it.

    Args:
        kind: What it shows.
        parent: Owner.

    Attributes:
        look: How a person looks at it.
        picture: What is seen; None before the first painting is whole.
        seconds: How long the last painting took [s].
    """

    picked = Signal(int)
    """A person clicked at the trial of this number."""
    looked = Signal()
    """A person looks at it in another way."""
    painted = Signal()
    """All of it is there as it is now."""

    def __init__(self, kind: type[SearchPicture], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.look = Look()
        self.picture: SearchPicture | None = None
        self.seconds = 0.0
        self._view: SearchView | None = None
        self._image: QImage | None = None
        self._painting: SlicedPainting | None = None
        self._coming: SearchPicture | None = None
        self._is_stale = True
        self._hovered: int | None = None
        self._picked: int | None = None
        self._pressed: QPointF | None = None
        self._shape: QRectF | None = None
        self.setMouseTracking(True)
        self.setObjectName(f"search{kind.title.replace(' ', '').capitalize()}Chart")
        self.setAccessibleName(kind.title)
        self.setAccessibleDescription(kind.hint)
        self.setMinimumSize(QSize(240, 130))

    @property
    def is_looked_into(self) -> bool:
        """Whether a person has enlarged or brushed it."""
        look = self.look
        return bool(look.across or look.up or look.brushes)

    def show_view(self, view: SearchView | None, names: tuple[str, ...]) -> None:
        """Show a search as it is now; the picture that is being painted is finished first.

        Args:
            view: The search; None for none.
            names: The parameters chosen, of this view: with other ones it is painted at once.
        """
        self._view = view
        self._is_stale = True
        if names != self.look.names:
            self.look_by(replace(self.look, names=names, across=None, up=None))
        elif self._painting is None:
            self._begin()

    def show_picked(self, number: int | None) -> None:
        """Let the trial that a person looks at stand out."""
        if number != self._picked:
            self._picked = number
            self.update()

    def look_by(self, look: Look) -> None:
        """Look at it in another way."""
        if look != self.look:
            self.look = look
            self._restart()
            self.looked.emit()

    def look_at_all(self) -> None:
        """Take away what enlarges or keeps a part of it."""
        self.look_by(replace(self.look, across=None, up=None, brushes={}))

    def make_picture(self) -> SearchPicture:
        """What it would paint now."""
        return self.kind(self._view, self.look, self.size(), theme_of(self.palette()), self.font())

    def finish(self) -> None:
        """Paint what is left at once."""
        while self._painting is not None:
            self._painting.finish()

    def _restart(self) -> None:
        if self._painting is not None:
            self._painting.stop()
            self._painting.deleteLater()
            self._painting = None
        self._is_stale = True
        self._begin()

    def _begin(self) -> None:
        if not self.isVisible() or self.size().isEmpty():
            return
        self._is_stale = False
        self._coming = self.make_picture()
        image = blank_image(self.size(), self.devicePixelRatioF())
        self._painting = SlicedPainting(image, self._coming.paint, self)
        self._painting.finished.connect(self._on_painted)
        self._painting.go_on()

    @Slot()
    def _on_painted(self) -> None:
        painting = self._painting
        if painting is None or not painting.is_done:
            return
        assert isinstance(painting.device, QImage)
        self._image, self.picture = painting.device, self._coming
        self.seconds = painting.seconds
        self._painting = None
        painting.deleteLater()
        self.update()
        if self._is_stale:
            self._begin()
        else:
            self.painted.emit()

    # Qt calls these.

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        if self._image is not None and self.picture is not None:
            painter.drawImage(QPointF(0, 0), self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number in {self._picked, self._hovered}:
                if number is not None:
                    self.picture.light(painter, number)
        if self._shape is not None:
            paint_brush(painter, self._shape, theme)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and self.picture is not None:
            drag = self.picture.dragged(self._pressed, event.position())
            self._shape = drag[0] if drag is not None else None
            self.update()
            return
        number = self.picture.trial_at(event.position()) if self.picture is not None else None
        if number == self._hovered:
            return
        self._hovered = number
        shape = Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        if number is None or self.picture is None:
            QToolTip.hideText()
        else:
            text = self.picture.hover_html(number)
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._pressed, self._shape = self._pressed, None, None
        if start is None or self.picture is None:
            super().mouseReleaseEvent(event)
            return
        drag = self.picture.dragged(start, event.position())
        self.update()
        if drag is not None:
            self.look_by(drag[1])
            return
        number = self.picture.trial_at(event.position())
        if number is not None:
            self.picked.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self._pressed = None
        self.look_at_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / _STEP
        look = None
        if turns and self.picture is not None:
            look = self.picture.wheeled(event.position(), _WHEEL**turns)
        if look is None:
            super().wheelEvent(event)
        else:
            self.look_by(look)
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._painting is None and self._is_stale:
            self._begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restart()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in kinds:
            self._restart()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restart()
        return super().event(event)
