"""WindowDialogs: what opens in a window of its own, besides the dialogs for files."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from nngui import help_texts
from nngui.viewmodels.workbench import Workbench


class WindowDialogs(QObject):
    """Opens them.

    Args:
        bench: What they are about.
        log_file: Where faults are written.
        window: The dialogs' parent.
    """

    def __init__(self, bench: Workbench, log_file: str, window: QWidget) -> None:
        super().__init__(window)
        self._bench = bench
        self._log_file = log_file
        self._window = window

    @Slot()
    def show_shortcuts(self) -> None:
        """All keys at a glance."""
        QMessageBox.information(self._window, "Keyboard shortcuts", help_texts.shortcuts_html())

    @Slot()
    def show_log(self) -> None:
        """Where faults are written."""
        text = f"Faults are written to\n{self._log_file}"
        QMessageBox.information(self._window, "Log file", text)

    @Slot()
    def show_about(self) -> None:
        """Version, data and licenses."""
        QMessageBox.about(self._window, "About nnScratch", help_texts.about_html())

    @Slot()
    def find_rate(self) -> None:
        """Test a range of learning rates, if that can be done now."""
        # Not at the top: the first screen does not need it.
        from nngui.range_test_dialog import RangeTestDialog

        dataset, store = self._bench.session.dataset, self._bench.store
        if dataset is None or store.problems:
            sentences = " ".join(store.sentences) or "The data are not loaded yet."
            text = f"The test cannot be made. {sentences}"
            self._bench.messageRaised.emit("warning", text)
            return
        dialog = RangeTestDialog(store, dataset, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
