"""ReliabilityChart: how often a network is right, against how sure it says it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nncore.metrics import Calibration
from nngui.answers import percent
from nngui.theme import SPACE, Theme, theme_of

_HINT = (
    "For images of each range of confidence, how many of them are right.\n"
    "On the dashed line the network is right as often as it says;\n"
    "bars below it mean that it is too sure, bars above it that it is too modest."
)


class ReliabilityChart(QWidget):
    """A bar for each range of confidence in which there are samples; the dashed line is ideal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calibration: Calibration | None = None
        self.setObjectName("reliabilityChart")
        self.setAccessibleName("Accuracy by confidence")
        self.setToolTip(_HINT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_calibration(self, calibration: Calibration | None) -> None:
        """Show how sure and how right a network was; None for nothing."""
        self._calibration = calibration
        told = "" if calibration is None else ", ".join(self._told(calibration))
        self.setAccessibleDescription(told)
        self.update()

    def bin_text(self, index: int) -> str:
        """One bar in words."""
        assert self._calibration is not None
        samples, confidence, accuracy = (part[index] for part in self._calibration)
        bins = len(self._calibration.samples)
        ends = f"{100 * index / bins:.0f} to {100 * (index + 1) / bins:.0f} %"
        if not samples:
            return f"Confidence {ends}: no images"
        right, said = percent(float(accuracy), 1), percent(float(confidence), 1)
        return f"Confidence {ends}: {samples:,} images, {right} right, {said} confident on average"

    def _told(self, calibration: Calibration) -> list[str]:
        full = [index for index, count in enumerate(calibration.samples) if count]
        return [self.bin_text(index) for index in full]

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self._small())
        left = metrics.height() + metrics.horizontalAdvance("100") + SPACE
        below = 2 * metrics.height() + SPACE / 2
        return QRectF(self.rect()).adjusted(left, metrics.height() / 2, -1.5 * SPACE, -below)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() * 0.92, 7.0))
        return font

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text, area = self.toolTip(), self._area()
            if self._calibration is not None and area.contains(QPointF(event.pos())):
                bins = len(self._calibration.samples)
                along = (event.pos().x() - area.left()) / area.width()
                text = self.bin_text(min(int(along * bins), bins - 1))
            QToolTip.showText(event.globalPos() + QPoint(0, SPACE), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._small())
        theme, area = theme_of(self.palette()), self._area()
        self._paint_axes(painter, theme, area)
        if self._calibration is not None:
            self._paint_bars(painter, theme, area, self._calibration)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("text", 170), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())
        painter.end()

    def _paint_bars(
        self, painter: QPainter, theme: Theme, area: QRectF, calibration: Calibration
    ) -> None:
        wide = area.width() / len(calibration.samples)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("train"))
        for index, count in enumerate(calibration.samples):
            if count:
                # At least a line, for what is never right.
                high = max(float(calibration.accuracy[index]) * area.height(), 1.5)
                left = area.left() + index * wide
                painter.drawRect(QRectF(left + 0.5, area.bottom() - high, wide - 1, high))

    def _paint_axes(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        line = QFontMetricsF(painter.font()).height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        center = Qt.AlignmentFlag.AlignCenter
        for share in (0.0, 0.5, 1.0):
            x, y = area.left() + share * area.width(), area.bottom() - share * area.height()
            painter.setPen(theme.color("grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(theme.color("muted"))
            text = f"{100 * share:.0f}"
            beside = QRectF(0, y - line / 2, area.left() - SPACE / 2, line)
            painter.drawText(beside, right, text)
            painter.drawText(QRectF(x - 20, area.bottom() + 2, 40, line), center, text)
        below = QRectF(area.left(), self.height() - line, area.width(), line)
        painter.drawText(below, center, "Confidence [%]")
        painter.save()
        painter.translate(0, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, 0, area.height(), line), center, "Right [%]")
        painter.restore()

    def sizeHint(self) -> QSize:
        return QSize(240, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 96)
