"""SearchPicture: one plot of a search as it is painted once, and what can be pointed at in it."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPolygonF

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_frame import Frame, paint_frame

DOT = 4.0
"""Radius of a trial's dot [pixels]."""
_REACH = 14.0
"""How near the mouse must come to a trial [pixels]."""
_LEAST_DRAG = 6.0
NO_SEARCH = (
    "Choose a ready-made search at the left, or say there what is varied, and press Start. Each "
    "trial trains a network with other settings, and appears here as soon as it is done."
)

Floats = NDArray[np.float64]
Span = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """How a person looks at a plot.

    Attributes:
        names: The parameters chosen.
        figure: The figure of curves, a name of `EpochFigures`; "" for the objective's.
        is_log: Whether the figures stand on a log axis.
        across: The stretch of the horizontal axis, as its scale says it; None for all.
        up: The same of the vertical axis.
        brushes: The stretch that is kept of an axis, from 0 to 1, by the parameter's name; "" for
            the value.
    """

    names: tuple[str, ...] = ()
    figure: str = ""
    is_log: bool = False
    across: Span | None = None
    up: Span | None = None
    brushes: Mapping[str, Span] = field(default_factory=dict)


class SearchPicture:
    """One plot of one moment; a subclass says how it is painted.

    Args:
        view: The search; None for none.
        look: How a person looks at it.
        size: Its size [pixels].
        theme: Its colors.
        font: Its font.

    Attributes:
        marks: Where each trial stands: the corners of its line, or its dot [pixels].
        frame: Its axes; None if it has none.
    """

    title: ClassVar[str] = ""
    choosers: ClassVar[int] = 0
    """How many parameters a person chooses for it."""
    has_zoom: ClassVar[bool] = False
    has_figures: ClassVar[bool] = False
    hint: ClassVar[str] = ""
    """What can be done with it, as its tooltip."""

    def __init__(
        self, view: SearchView | None, look: Look, size: QSize, theme: Theme, font: QFont
    ) -> None:
        self.view, self.look, self.theme = view, look, theme
        self.size = size
        self.font = QFont(font)
        self.font.setPointSizeF(max(font.pointSizeF() * 0.92, 7.0))
        self.marks: dict[int, tuple[Floats, Floats]] = {}
        self.frame: Frame | None = None
        self._segments: tuple[Floats, ...] | None = None

    @property
    def has_log(self) -> bool:
        """Whether its figures may stand on a log axis: losses may."""
        return False

    def why_empty(self) -> str:
        """Why there is nothing to see; "" when there is."""
        if self.view is None:
            return NO_SEARCH
        if not self.view.measured:
            return "The first completed trial appears here."
        return ""

    def paint(self, painter: QPainter) -> Generator[None, None, None]:
        """Paint all of it from (0, 0) on, a little at each step."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font)
        whole = QRectF(0, 0, self.size.width(), self.size.height())
        painter.fillRect(whole, self.theme.color("surface"))
        why = self.why_empty()
        if why:
            painter.setPen(self.theme.color("muted"))
            room = whole.adjusted(24, 0, -24, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, why)
            yield
        elif self.view is not None:
            yield from self.draw(painter, whole.adjusted(2, 2, -2, -2), self.view)

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        """Paint it into a box; a subclass's part."""
        raise NotImplementedError

    def rows(self) -> list[Sequence[Any]]:
        """The numbers of the picture as a table, its header first."""
        raise NotImplementedError

    def light(self, painter: QPainter, number: int) -> None:
        """Paint on top what tells a trial that is pointed at or chosen from the others."""
        if number not in self.marks:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.color("text"), 1.5))
        xs, ys = self.marks[number]
        for x, y in zip(xs, ys, strict=True):
            painter.drawEllipse(QPointF(x, y), DOT + 4, DOT + 4)

    def trial_at(self, at: QPointF) -> int | None:
        """The number of the trial at a place, None for none."""
        if not self.marks:
            return None
        if self._segments is None:
            self._segments = _segments(self.marks)
        ax, ay, bx, by, numbers = self._segments
        across, down = bx - ax, by - ay
        length = np.maximum(across**2 + down**2, 1e-9)
        share = ((at.x() - ax) * across + (at.y() - ay) * down) / length
        share = np.clip(share, 0.0, 1.0)
        far = np.hypot(ax + share * across - at.x(), ay + share * down - at.y())
        # Of those that lie on each other the one on top, which was painted last.
        nearest = len(far) - 1 - int(np.argmin(far[::-1]))
        return int(numbers[nearest]) if far[nearest] <= _REACH else None

    def hover_html(self, number: int) -> str:
        """What a tooltip says about a trial."""
        record = self.record(number)
        if record is None or self.view is None:
            return ""
        return self.view.trial_html(record)

    def record(self, number: int) -> TrialRecord | None:
        """The trial of a number."""
        trials = self.view.trials if self.view is not None else ()
        return next((it for it in trials if it.number == number), None)

    def dragged(self, start: QPointF, now: QPointF) -> tuple[QRectF, Look] | None:
        """What a drag of the mouse marks, and how it is looked at then; None if it means nothing.

        A picture with axes is enlarged to the rectangle.
        """
        frame = self.frame
        if frame is None or not self.has_zoom:
            return None
        shape = QRectF(start, now).normalized() & frame.area
        if min(shape.width(), shape.height()) < _LEAST_DRAG:
            return None
        return shape, replace(self.look, **frame.spans(shape))

    def wheeled(self, at: QPointF, factor: float) -> Look | None:
        """How it is looked at after a turn of the wheel that enlarges it around a place."""
        frame = self.frame
        if frame is None or not self.has_zoom or not frame.area.contains(at):
            return None
        area = frame.area
        shape = QRectF(0, 0, area.width() / factor, area.height() / factor)
        shape.moveLeft(at.x() - (at.x() - area.left()) / factor)
        shape.moveTop(at.y() - (at.y() - area.top()) / factor)
        return replace(self.look, **frame.spans(shape))

    # For subclasses.

    def paint_axes(self, painter: QPainter, box: QRectF, across: Scale, up: Scale) -> Frame:
        """Paint axes with their grid, or the stretches of them that are looked at."""
        across, up = across.cut(self.look.across), up.cut(self.look.up)
        self.frame = paint_frame(painter, box, self.theme, across, up)
        return self.frame

    def mark(self, number: int, xs: Floats, ys: Floats) -> None:
        """Let a trial be pointed at."""
        self.marks[number] = xs, ys

    def dot(self, painter: QPainter, at: QPointF, number: int, *, role: str = "train") -> None:
        """Paint a trial's dot, the best as a green diamond, and let it be pointed at."""
        is_best = self.view is not None and number == self.view.best
        painter.setPen(QPen(self.theme.color("surface"), 1))
        painter.setBrush(self.theme.color("best" if is_best else role))
        if is_best:
            reach = DOT + 2.5
            corners = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
            painter.drawPolygon([at + QPointF(*corner) for corner in corners])
        else:
            painter.drawEllipse(at, DOT, DOT)
        if self.frame is not None and self.frame.has_room_for(at):
            self.mark(number, np.array([at.x()]), np.array([at.y()]))


def polyline(xs: Floats, ys: Floats) -> QPolygonF:
    """A line through points [pixels]."""
    return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])


def exact(value: float | None) -> str:
    """A number for a file: the shortest text that gives it back."""
    return "" if value is None or not math.isfinite(value) else repr(value)


def _segments(marks: Mapping[int, tuple[Floats, Floats]]) -> tuple[Floats, ...]:
    """Ends and trial of every stretch of line; a dot is one without length."""
    parts: list[list[Floats]] = [[], [], [], [], []]
    for number, (xs, ys) in marks.items():
        first, second = (slice(None, -1), slice(1, None)) if len(xs) > 1 else (slice(None),) * 2
        for part, values in zip(
            parts, (xs[first], ys[first], xs[second], ys[second]), strict=False
        ):
            part.append(values)
        parts[4].append(np.full(max(len(xs) - 1, 1), number, np.float64))
    return tuple(np.concatenate(part) for part in parts)
