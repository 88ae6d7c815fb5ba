"""SearchControls: what the Search tab asks of the window, and the window of the search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QProgressDialog, QWidget

from nngui.viewmodels.workbench import Workbench


class SearchControls(QObject):
    """Opens the network of a trial where it can be tried, and asks before a search is left.

    Args:
        bench: The search and the files.
        open_path: Opens a model file, if the person agrees.
        show_prediction: Goes to the tab where a network is tried.
        window: The dialogs' parent.
    """

    def __init__(
        self,
        bench: Workbench,
        open_path: Callable[[Path], None],
        show_prediction: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bench = bench
        self._open_path = open_path
        self._show_prediction = show_prediction
        self._window = window
        self._asked: Path | None = None
        self._ending: QProgressDialog | None = None
        bench.files.modelOpened.connect(self._on_opened)

    @Slot(object)
    def open_network(self, path: Path) -> None:
        """Open the network of a trial, and go to where it can be tried."""
        self._asked = path
        self._open_path(path)

    def leaves_search(self) -> bool:
        """Whether no search is under way, so that the window may close at once.

        If one is and the person agrees to stop it, the window closes once its workers have ended,
        which takes seconds on a busy computer.
        """
        if not self._bench.is_searching:
            return True
        # Not at the top: the first screen does not need it.
        from nngui.viewmodels.search_words import leaving_text

        search = self._bench.search
        if self._ending is not None:
            return False
        answer = QMessageBox.question(self._window, "A search is under way", leaving_text(search))
        if answer is QMessageBox.StandardButton.Yes and search.is_active:
            self._ending = self._show_ending()
            # Queued: whoever else listens shall be through when the window goes.
            search.phaseChanged.connect(self._close_ended, Qt.ConnectionType.QueuedConnection)
            search.cancel()
            return False
        return answer is QMessageBox.StandardButton.Yes

    def _show_ending(self) -> QProgressDialog:
        dialog = QProgressDialog("Ending the search…", "", 0, 0, self._window)
        dialog.setObjectName("searchEndingDialog")
        dialog.setAccessibleName("Ending the search")
        dialog.setToolTip("The trials under way are given back; then the window closes.")
        dialog.setWindowTitle("nnScratch")
        dialog.setCancelButton(None)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(0)
        dialog.show()
        return dialog

    @Slot()
    def _close_ended(self) -> None:
        if self._ending is not None and not self._bench.search.is_active:
            self._bench.search.phaseChanged.disconnect(self._close_ended)
            self._ending.close()
            self._ending = None
            self._window.close()

    @Slot(object, object)
    def _on_opened(self, _model: object, path: Path) -> None:
        if path == self._asked and not self._bench.session.is_active:
            self._show_prediction()
        self._asked = None
