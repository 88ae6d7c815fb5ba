"""ProbabilityBars: one bar for each class, with its percentage; scrolls if there are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from nngui.answers import percent
from nngui.fonts import with_tabular_digits
from nngui.theme import SPACE, Theme, theme_of

MAX_ROW = 36
"""Bars do not become higher than this, however much room there is [pixels]."""
LABEL_SHARE = 0.4
"""Class names take at most this part of the width."""
_ALIGN = Qt.AlignmentFlag
_ELIDE = Qt.TextElideMode.ElideRight


class ProbabilityBars(QAbstractScrollArea):
    """The most probable class stands out; the true one, if known, is outlined."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._values: NDArray[np.floating[Any]] | None = None
        self._truth: int | None = None
        self._muted = False
        self.setObjectName("probabilityBars")
        self.setAccessibleName("Class probabilities")
        self.setToolTip("How probable the network thinks each class is; together 100 %.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(with_tabular_digits(self.font()))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)

    def setClassNames(self, names: Sequence[str]) -> None:
        """Say which classes there are; bars of another number of classes are taken away."""
        names = tuple(names)
        if names == self._names:
            return
        if len(names) != len(self._names):
            self._values = None
        self._names = names
        self._update_scroll_bar()
        self.viewport().update()

    def setProbabilities(
        self,
        values: NDArray[np.floating[Any]] | None,
        truth: int | None = None,
        muted: bool = False,
    ) -> None:
        """Show probabilities.

        Args:
            values: One for each class (classes,), or None for empty bars, as for another number.
            truth: The true class, if it is known.
            muted: Whether the figures are chance, so that no bar should stand out.
        """
        fits = values is not None and len(values) == len(self._names)
        self._values = values if fits else None
        self._truth = truth
        self._muted = muted
        self._describe()
        self.viewport().update()

    def probabilities(self) -> NDArray[np.floating[Any]] | None:
        """What is shown, if anything."""
        return self._values

    def _describe(self) -> None:
        """Tell screen readers the three most probable classes."""
        values = self._values
        if values is None:
            self.setAccessibleDescription("")
            return
        ranked = np.argsort(values)[::-1][:3]
        told = (f"{self._names[k]} {percent(float(values[k]), 1)}" for k in ranked)
        self.setAccessibleDescription(", ".join(told))

    # --- geometry --------------------------------------------------------------------------------

    def _least_row(self) -> int:
        return self.fontMetrics().height() + 1

    def _row_height(self) -> int:
        """As high as fits without scrolling, between what the font needs and `MAX_ROW`."""
        fitting = self.viewport().height() // max(1, len(self._names))
        return max(self._least_row(), min(MAX_ROW, fitting))

    def _update_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        height = self._row_height() * len(self._names)
        bar.setRange(0, max(0, height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._update_scroll_bar()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._update_scroll_bar()
            self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(260, max(1, len(self._names)) * (self._least_row() + 5))

    def minimumSizeHint(self) -> QSize:
        return QSize(150, min(10, max(1, len(self._names))) * self._least_row())

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._names:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_of(self.palette())
        height = self._row_height()
        top = -self.verticalScrollBar().value()
        best = self._best()
        columns = self._columns()
        for k in range(len(self._names)):
            row = QRect(0, top + k * height, self.viewport().width(), height)
            if row.intersects(event.rect()):
                self._paint_row(painter, theme, row, columns, k, k == best)
        painter.end()

    def _best(self) -> int:
        return -1 if self._values is None or self._muted else int(np.argmax(self._values))

    def _paint_row(
        self,
        painter: QPainter,
        theme: Theme,
        row: QRect,
        columns: tuple[int, int],
        k: int,
        best: bool,
    ) -> None:
        font = self.font()
        font.setBold(best)
        painter.setFont(font)
        label_width, number_width = columns
        text_role = "text" if best or self._values is None else "muted"
        painter.setPen(theme.color("text" if k == self._truth else text_role))
        label = QRect(row.left(), row.top(), label_width, row.height())
        name = painter.fontMetrics().elidedText(self._names[k], _ELIDE, label_width)
        painter.drawText(label, _ALIGN.AlignRight | _ALIGN.AlignVCenter, name)
        left = label.right() + SPACE
        # On whole pixels, so that the outline of the true class is sharp.
        thickness = min(14, max(6, round(row.height() * 0.55)))
        top = row.top() + (row.height() - thickness) // 2
        track = QRectF(left, top, row.width() - left - number_width - SPACE, thickness)
        self._paint_bar(painter, theme, track, k, best)
        if self._values is not None:
            painter.setPen(theme.color("text" if best else "muted"))
            number = QRect(row.right() - number_width, row.top(), number_width, row.height())
            figure = percent(float(self._values[k]), 1)
            painter.drawText(number, _ALIGN.AlignRight | _ALIGN.AlignVCenter, figure)

    def _paint_bar(
        self, painter: QPainter, theme: Theme, track: QRectF, k: int, best: bool
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        radius = track.height() / 4
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(track, radius, radius)
        values = self._values
        if values is not None and values[k] > 0:
            bar = QRectF(track)
            bar.setWidth(max(1.0, track.width() * float(values[k])))
            painter.setBrush(theme.color("accent") if best else theme.color("muted", 150))
            painter.drawRoundedRect(bar, min(radius, bar.width() / 2), radius)
        if k == self._truth:
            outline = track.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("correct"))
            painter.drawRoundedRect(outline, radius, radius)

    def _columns(self) -> tuple[int, int]:
        """Widths of the names and of the numbers [pixels]."""
        font = self.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        longest = max(metrics.horizontalAdvance(name) for name in self._names)
        limit = int(self.viewport().width() * LABEL_SHARE)
        return min(longest + 2, limit), metrics.horizontalAdvance(percent(0.9999, 1))
