"""PlotExporter: asks where, and saves a plot as a picture or its values as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from nngui.widgets import curve_plot_export as export
from nngui.widgets.curve_plot_menu import FORMATS, ChoosePath, with_ending
from nngui.widgets.curve_plot_spec import PlotSpec

PICTURE_SCALE = 2.0
"""Pixels of an exported picture for each on the screen."""

Runs = Sequence[tuple[str, Mapping[str, NDArray[Any]]]]
"""The name and the curves of each run."""


class PlotExporter(QObject):
    """Exports one plot.

    Args:
        spec: The plot.
        paint: Paints it without what is only for the screen.
        runs: Tells the runs shown.
        choose_path: Asks where to save.
        parent: The plot's widget.
    """

    failed = Signal(str)
    """A sentence: a file could not be written."""
    saved = Signal(str)
    """The path of a file that was written."""

    def __init__(
        self,
        spec: PlotSpec,
        paint: export.Paint,
        runs: Callable[[], Runs],
        choose_path: ChoosePath,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._spec = spec
        self._widget = parent
        self._paint = paint
        self._runs = runs
        self._choose_path = choose_path
        self._saver = export.FileSaver(self)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    @Slot(str)
    def export(self, ending: str) -> None:
        """Ask for a path and save the plot there, as "png", "svg" or "csv"."""
        title, file_filter, _ = FORMATS[ending]
        name = f"{self._spec.key}.{ending}"
        chosen = self._choose_path(self._widget, title.rstrip("…"), name, file_filter)
        if not chosen:
            return
        path = with_ending(chosen, ending)
        if ending == "csv":
            counted = self._spec.horizontal.lower()
            self._saver.save(path, partial(export.curves_csv, counted, self._runs()))
        elif ending == "svg":
            widget = self._widget
            picture = export.svg_bytes(
                self._paint, widget.size(), widget.logicalDpiX(), self._spec.title
            )
            self._saver.save(path, lambda: picture)
        else:
            image = export.draw_image(self._paint, self._widget.size(), PICTURE_SCALE)
            self._saver.save(path, partial(export.png_bytes, image))

    @Slot()
    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        image = export.draw_image(self._paint, self._widget.size(), PICTURE_SCALE)
        QGuiApplication.clipboard().setImage(image)
