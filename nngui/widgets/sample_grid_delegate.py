"""SampleDelegate: paints one sample of the grid straight from its pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyleOptionViewItem

from nngui.fonts import with_tabular_digits
from nngui.theme import Theme, theme_of
from nngui.viewmodels.sample_list import Sample, SampleList
from nngui.widgets.verdict_sign import paint_verdict

MARGIN = 5
"""Around a cell's contents [pixels]."""
GAP = 3
"""Between thumbnail and label [pixels]."""
SHORT_NAME = 3
"""Names of so many letters fit beside each other; longer ones get a line each."""
LEAST_LABEL = 52
LEAST_LONG_LABEL = 88
LABELS_KEPT = 1000
"""Painted labels that are kept for the next time."""

_ALIGN = Qt.AlignmentFlag
_STATE = QStyle.StateFlag


@dataclass(frozen=True)
class CellLook:
    """What all cells have in common, worked out once for each painting of the view.

    Attributes:
        theme: Colors.
        font: Of the labels.
        label_height: Of one or two lines [pixels].
        names: What the classes are called.
        short: Whether predicted and true class stand in one line.
        scale: Pixels of the device for one of the widget.
        key: Tells labels of one look from those of another.
    """

    theme: Theme
    font: QFont
    label_height: int
    names: tuple[str, ...]
    short: bool
    scale: float
    key: tuple[object, ...]

    def cell(self, thumbnail: int) -> QSize:
        """The least size of a cell with a thumbnail of that side [pixels]."""
        width = max(thumbnail, LEAST_LABEL if self.short else LEAST_LONG_LABEL)
        return QSize(width + 2 * MARGIN, thumbnail + GAP + self.label_height + 2 * MARGIN)

    def thumbnail(self, cell: QRect) -> QRect:
        """Where the thumbnail stands in a cell."""
        room = min(cell.width(), cell.height() - self.label_height - GAP)
        side = max(1, room - 2 * MARGIN)
        left = cell.left() + (cell.width() - side) // 2
        return QRect(left, cell.top() + MARGIN, side, side)


class SampleDelegate(QAbstractItemDelegate):
    """The thumbnail above a label: a sign and the predicted class, then the true class.

    The labels are few, compared to the samples, and slow to paint, so they are painted once.
    """

    def __init__(self, model: SampleList) -> None:
        super().__init__(model)
        self._model = model
        self._labels: dict[tuple[object, ...], QPixmap] = {}

    def look(self, option: QStyleOptionViewItem, scale: float = 1.0) -> CellLook:
        """What cells have in common with the option's font and palette."""
        font = with_tabular_digits(option.font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * 0.92)
        names = self._model.class_names
        short = all(len(name) <= SHORT_NAME for name in names)
        height = (1 if short else 2) * QFontMetrics(font).height() + 2
        theme = theme_of(option.palette)
        key = (scale, theme.dark, font.key())
        return CellLook(theme, font, height, names, short, scale, key)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return self.look(option).cell(56)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        device = painter.device()
        look = self.look(option, device.devicePixelRatio() if device is not None else 1.0)
        selected = bool(option.state & _STATE.State_Selected)
        self.paint_cell(painter, look, option.rect, self._model.sample(index.row()), selected)

    def paint_cell(
        self, painter: QPainter, look: CellLook, cell: QRect, sample: Sample, selected: bool
    ) -> None:
        """Paint a sample into a cell."""
        if selected:
            _paint_selection(painter, look.theme, cell)
        place = look.thumbnail(cell)
        rows, columns = sample.image.shape
        # A view is enough: the picture is painted before the array can go away.
        image = QImage(sample.image.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        within = QRect(QPoint(0, 0), size)
        within.moveCenter(place.center())
        # Pixels stay sharp, unless there are more of them than the screen's.
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, image.width() > within.width()
        )
        painter.drawImage(within, image)
        if sample.predicted >= 0 and sample.predicted != sample.truth:
            painter.setPen(QPen(look.theme.color("wrong"), 2))
            painter.drawRect(place)
        elif look.theme.dark:
            painter.setPen(look.theme.color("border"))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
        width = max(place.width(), LEAST_LABEL if look.short else LEAST_LONG_LABEL)
        left = cell.left() + (cell.width() - width) // 2
        size = QSize(width, look.label_height)
        painter.drawPixmap(left, place.bottom() + 1 + GAP, self._label(look, size, sample))

    def _label(self, look: CellLook, size: QSize, sample: Sample) -> QPixmap:
        names = look.names
        predicted = names[sample.predicted] if 0 <= sample.predicted < len(names) else ""
        truth = names[sample.truth]
        key = (predicted, truth, size.width(), look.key)
        pixmap = self._labels.get(key)
        if pixmap is None:
            if len(self._labels) >= LABELS_KEPT:
                self._labels.clear()
            pixmap = QPixmap(size * look.scale)
            pixmap.setDevicePixelRatio(look.scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setFont(look.font)
            _paint_label(painter, look, size.width(), predicted, truth)
            painter.end()
            self._labels[key] = pixmap
        return pixmap


def _paint_selection(painter: QPainter, theme: Theme, cell: QRect) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.setBrush(theme.color("accent", 45))
    painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 4, 4)
    painter.restore()


def _paint_label(painter: QPainter, look: CellLook, width: int, predicted: str, truth: str) -> None:
    """Paint sign, predicted and true class; only the true class if nothing is predicted."""
    metrics = painter.fontMetrics()
    line = QRect(0, 0, width, metrics.height())
    right = predicted == truth
    if predicted:
        color = look.theme.color("correct" if right else "wrong")
        sign = metrics.ascent() * 0.72
        top = (line.height() - sign) / 2
        paint_verdict(painter, QRectF(1, top, sign, sign), right, color)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(color)
        _write(painter, line.adjusted(int(sign) + 6, 0, 0, 0), predicted, _ALIGN.AlignLeft)
        font.setBold(False)
        painter.setFont(font)
    painter.setPen(look.theme.color("muted" if right or not predicted else "text"))
    if look.short:
        _write(painter, line, truth, _ALIGN.AlignRight if predicted else _ALIGN.AlignHCenter)
    else:
        below = line.translated(0, metrics.height()) if predicted else line
        _write(painter, below, truth, _ALIGN.AlignLeft)


def _write(painter: QPainter, place: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, side | _ALIGN.AlignVCenter, elided)
