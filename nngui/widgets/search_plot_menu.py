"""SearchPlotMenu: saves the plot in sight as a picture or as numbers, or copies it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPaintDevice
from PySide6.QtWidgets import QMenu

from nngui.widgets.curve_plot_export import FileSaver, png_bytes
from nngui.widgets.curve_plot_exporter import PICTURE_SCALE
from nngui.widgets.curve_plot_menu import FORMATS, ChoosePath, with_ending
from nngui.widgets.search_painting import SlicedPainting, SvgSheet, blank_image

if TYPE_CHECKING:
    from nngui.widgets.search_plots import SearchPlots

_CSV_TIP = "What the plot shows, as exact numbers."


class SearchPlotMenu(QObject):
    """A menu with what can be done with a plot.

    Args:
        plots: Whose plot in sight it is about.
        choose_path: Asks where to save.
    """

    saved = Signal(str)
    """The path of a file that was written."""
    failed = Signal(str)
    """A sentence: a file could not be written."""

    def __init__(self, plots: SearchPlots, choose_path: ChoosePath) -> None:
        super().__init__(plots)
        self._plots = plots
        self._choose_path = choose_path
        self.menu = QMenu(plots)
        self.menu.setObjectName("searchPlotMenu")
        self.menu.setAccessibleName("Menu of the plot")
        self.menu.setToolTipsVisible(True)
        for ending, (text, _, tip) in FORMATS.items():
            action = self.menu.addAction(text)
            action.setObjectName(f"searchPlot{ending.capitalize()}Action")
            action.setToolTip(_CSV_TIP if ending == "csv" else tip)
            action.triggered.connect(partial(self.export, ending))
        copy = self.menu.addAction("Copy picture")
        copy.setObjectName("searchPlotCopyAction")
        copy.setToolTip("Puts the picture on the clipboard.")
        copy.triggered.connect(self.copy)
        self._paintings: list[SlicedPainting] = []
        self._saver = FileSaver(self)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    def export(self, ending: str) -> None:
        """Ask for a path and save the plot in sight there, as "png", "svg" or "csv"."""
        title, file_filter, _ = FORMATS[ending]
        chart = self._plots.chart
        stem = f"search-{chart.kind.title.lower().replace(' ', '-')}"
        chosen = self._choose_path(self._plots, title.rstrip("…"), f"{stem}.{ending}", file_filter)
        if not chosen:
            return
        path, save = with_ending(chosen, ending), self._saver.save
        if ending == "csv":
            save(path, partial(_csv_of, chart.make_picture().rows))
        elif ending == "svg":
            sheet = SvgSheet(chart.size(), chart.logicalDpiX(), f"Search: {chart.kind.title}")
            self._paint(sheet.device, lambda: self._save_svg(path, sheet))
        else:
            image = blank_image(chart.size(), PICTURE_SCALE)
            self._paint(image, lambda: save(path, partial(png_bytes, image)))

    @Slot()
    def copy(self) -> None:
        """Put the picture on the clipboard."""
        image = blank_image(self._plots.chart.size(), PICTURE_SCALE)
        self._paint(image, lambda: QGuiApplication.clipboard().setImage(image))

    def _save_svg(self, path: Path, sheet: SvgSheet) -> None:
        content = sheet.to_bytes()
        self._saver.save(path, lambda: content)

    def _paint(self, device: QPaintDevice | QImage, done: Callable[[], object]) -> None:
        """Paint the plot in sight without what the mouse points at, then go on."""
        painting = SlicedPainting(device, self._plots.chart.make_picture().paint, self)
        self._paintings.append(painting)

        def end() -> None:
            self._paintings.remove(painting)
            painting.deleteLater()
            done()

        painting.finished.connect(end)
        painting.go_on()


def _csv_of(make: Callable[[], list[Sequence[Any]]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(make())
    return text.getvalue().encode()
