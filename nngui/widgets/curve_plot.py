"""CurvePlot: a titled card with a live plot, its legend, a read-out under the mouse and exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from nngui.theme import RADIUS, SPACE, theme_of
from nngui.widgets.curve_plot_data import PlotRuns
from nngui.widgets.curve_plot_exporter import PlotExporter, Runs
from nngui.widgets.curve_plot_header import PlotHeader
from nngui.widgets.curve_plot_hover import HoverOverlay, HoverReadout, HoverRow
from nngui.widgets.curve_plot_legend import PlotLegend
from nngui.widgets.curve_plot_menu import ChoosePath, PlotActions, ask_where
from nngui.widgets.curve_plot_placeholder import PlotPlaceholder
from nngui.widgets.curve_plot_spec import PlotData, PlotSpec

if TYPE_CHECKING:
    from nngui.widgets.curve_plot_canvas import PlotCanvas


_HINT = (
    "Rest the mouse on the curves, or use the arrow keys, to read them. The wheel zooms, dragging\n"
    "moves, a double click shows all."
)


class CurvePlot(QWidget):
    """One plot. It is empty axes until `build` loads the plotting library.

    Args:
        spec: What it shows.
        choose_path: Asks where to save.
        parent: Owner.
    """

    failed = Signal(str)
    """A sentence: a file could not be written."""
    saved = Signal(str)
    """The path of a file that was written."""
    hovered = Signal(object)
    """The place under the mouse (int), or None."""
    saveAllAsked = Signal()
    clearPreviousAsked = Signal()

    def __init__(
        self, spec: PlotSpec, choose_path: ChoosePath = ask_where, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self.place_text: Callable[[int], str] = lambda place: f"{spec.horizontal} {place:,}"
        self._runs = PlotRuns(spec)
        self._canvas: PlotCanvas | None = None
        self._log = False
        self._place: int | None = None
        self._build(choose_path)
        self._connect()
        self._refresh_legend()

    def _build(self, choose_path: ChoosePath) -> None:
        spec = self.spec
        self.setObjectName(f"{spec.key}Plot")
        self.setAccessibleName(f"Plot of {spec.title.lower()}")
        self.header = PlotHeader(spec.key, spec.title, self._small_font())
        self.legend = PlotLegend()
        self._placeholder = PlotPlaceholder(spec.horizontal, spec.linear.title, self._small_font())
        self._waiting = QLabel(spec.waiting)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._waiting.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._overlay = HoverOverlay(self)
        self._body = QGridLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        for widget in (self._placeholder, self._waiting, self._overlay):
            self._body.addWidget(widget, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE - 2, SPACE - 2, SPACE - 2)
        layout.setSpacing(2)
        layout.addWidget(self.header)
        layout.addWidget(self.legend)
        layout.addLayout(self._body, 1)
        self.exporter = PlotExporter(spec, self.paint_picture, self._named_runs, choose_path, self)
        self._redraw_timer = QTimer(self)
        self._redraw_timer.setSingleShot(True)

    def _connect(self) -> None:
        actions = self.menu_actions
        actions.exportAsked.connect(self.exporter.export)
        actions.copy.triggered.connect(self.exporter.copy_picture)
        actions.save_all.triggered.connect(self.saveAllAsked)
        actions.clear_previous.triggered.connect(self.clearPreviousAsked)
        self.header.logToggled.connect(self._change_scale)
        self.header.resetAsked.connect(self.reset_view)
        self.exporter.saved.connect(self.saved)
        self.exporter.failed.connect(self.failed)
        self._redraw_timer.timeout.connect(self.redraw)

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() * 0.92, 7.0))
        return font

    @property
    def menu_actions(self) -> PlotActions:
        """What its menu offers."""
        return self.header.actions_

    @property
    def canvas(self) -> PlotCanvas | None:
        """The drawing itself; None before `build`."""
        return self._canvas

    @property
    def readout(self) -> HoverReadout | None:
        """What the read-out under the mouse says."""
        return self._overlay.readout

    @property
    def log(self) -> bool:
        """Whether the vertical axis is logarithmic."""
        return self._log

    @property
    def pixels_per_place(self) -> float:
        """How far apart two values stand; 0 before `build` [pixels]."""
        return 0.0 if self._canvas is None else self._canvas.scale_of_view[0]

    def build(self) -> None:
        """Replace the empty axes by the real plot; the first one loads the library (0.3 s)."""
        if self._canvas is not None:
            return
        # The window's first paint must not wait for the plotting library.
        from nngui.widgets.curve_plot_canvas import PlotCanvas

        canvas = PlotCanvas(self.spec, self._small_font(), self)
        canvas.setObjectName(f"{self.spec.key}PlotCanvas")
        canvas.setAccessibleName(self.accessibleName())
        canvas.setToolTip(_HINT)
        canvas.set_theme(theme_of(self.palette()))
        canvas.pointed.connect(self._point)
        canvas.nudged.connect(self._nudge)
        canvas.viewMoved.connect(self._redraw_timer.start)
        canvas.ownViewChanged.connect(self.header.set_own_view)
        canvas.resetAsked.connect(self.reset_view)
        self._canvas = canvas
        self._body.addWidget(canvas, 0, 0)
        for widget in (self._placeholder, self._waiting, self._overlay):
            widget.raise_()
        self.setFocusProxy(canvas)
        self.redraw()

    def show_runs(self, current: PlotData, previous: PlotData | None) -> None:
        """Draw the runs as they are now."""
        if self._runs.update(current, previous) and self._canvas is not None:
            self._canvas.forget_range()
        self.menu_actions.clear_previous.setEnabled(previous is not None)
        self._refresh_legend()
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Draw again what is known."""
        self._redraw_timer.stop()
        self._placeholder.setVisible(self._runs.is_empty or self._canvas is None)
        self._waiting.setVisible(self._runs.is_empty)
        if self._canvas is None:
            return
        if self._runs.catch_up():
            self._redraw_timer.start()
        self._canvas.show_data(self._runs, log=self._log)
        self._refresh_readout()

    def set_unit(self, unit: str) -> None:
        """Name the unit of the vertical axis; "" for plain numbers."""
        if unit == self.spec.linear.unit:
            return
        self.spec = self.spec.in_unit(unit)
        self._placeholder.set_vertical(self.spec.linear.title)
        if self._canvas is not None:
            self._canvas.set_spec(self.spec)

    def set_log(self, log: bool) -> None:
        """Make the vertical axis logarithmic or linear."""
        self.header.set_log(log)

    def set_smoothing(self, smoothing: float) -> None:
        """Draw a smoothed line over the faint raw one; 0 shows the values alone."""
        self._runs.set_smoothing(smoothing)
        self._refresh_legend()
        self._redraw_timer.start()

    def set_waiting_text(self, text: str) -> None:
        """Say what is to come, while the plot is empty."""
        self._waiting.setText(text)

    @Slot()
    def reset_view(self) -> None:
        """Show the whole run again after zooming."""
        if self._canvas is not None:
            self._canvas.reset_view()
            self.redraw()

    @Slot(object)
    def point_at(self, place: int | None) -> None:
        """Show the read-out of a place, or none, as if the mouse were there."""
        self._place = place
        self._refresh_readout()

    def paint_picture(self, painter: QPainter, scale: float) -> None:
        """Paint title, legend and plot, without buttons and read-out.

        Args:
            painter: Paints from (0, 0) on.
            scale: Dots of the picture for each pixel.
        """
        painter.fillRect(QRect(QPoint(), self.size()), theme_of(self.palette()).color("surface"))
        for widget in (self.header.title, self.legend):
            painter.save()
            painter.translate(widget.mapTo(self, QPoint()))
            widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
            painter.restore()
        canvas = self._canvas
        if canvas is None or self._runs.is_empty:
            self._placeholder.render(painter, self._placeholder.pos())
            return
        for ratio in (scale, None):
            canvas.prepare_export(ratio)
            canvas.show_data(self._runs, log=self._log)
            if ratio is not None:
                canvas.render(painter, QRectF(canvas.geometry()), QRect(QPoint(), canvas.size()))

    @Slot(bool)
    def _change_scale(self, log: bool) -> None:
        self._log = log
        quantity, usual = self.spec.quantity(log=log).name, self.spec.linear.name
        self.header.title.setText(self.spec.title if quantity == usual else quantity)
        self._refresh_legend()
        self.redraw()

    @Slot(object)
    def _point(self, place: float | None) -> None:
        self.point_at(None if place is None else self._runs.snap(place))
        self.hovered.emit(self._place)

    @Slot(int)
    def _nudge(self, places: int) -> None:
        start = self._runs.reached - places if self._place is None else self._place
        self._point(float(start + places))

    def _named_runs(self) -> Runs:
        return [(name, dict(data.values)) for name, data in self._runs.data]

    def _refresh_legend(self) -> None:
        self.legend.set_entries(self._runs.legend(log=self._log))

    def _refresh_readout(self) -> None:
        self._overlay.show_readout(self._readout_at(self._place))

    def _readout_at(self, place: int | None) -> HoverReadout | None:
        canvas = self._canvas
        if canvas is None or place is None or not (values := self._runs.values_at(place)):
            return None
        quantity = self.spec.quantity(log=self._log)
        rows = []
        for value in values:
            now, before = value.value, value.previous
            point = None if now is None else canvas.point_of(place, now, log=self._log)
            text = "–" if now is None else quantity.text(now)
            before_text = "" if before is None else quantity.text(before)
            rows.append(HoverRow(value.sign, value.label, text, before_text, point))
        x, area = canvas.pixels(place, 0.0).x(), canvas.plot_area()
        return HoverReadout(self.place_text(place), x, area, tuple(rows))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_actions.menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._canvas is not None:
            self._canvas.set_theme(theme_of(self.palette()))
            self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.end()

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 170)
