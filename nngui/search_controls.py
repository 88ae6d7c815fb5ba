"""SearchControls: what the Search tab asks of the window, and the window of the search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

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
        bench.files.modelOpened.connect(self._on_opened)

    @Slot(object)
    def open_network(self, path: Path) -> None:
        """Open the network of a trial, and go to where it can be tried."""
        self._asked = path
        self._open_path(path)

    def leaves_search(self) -> bool:
        """Whether no search is under way, or the person agrees to stop it."""
        if not self._bench.is_searching:
            return True
        # Not at the top: the first screen does not need it.
        from nngui.viewmodels.search_words import leaving_text

        text = leaving_text(self._bench.search)
        answer = QMessageBox.question(self._window, "A search is under way", text)
        return answer is QMessageBox.StandardButton.Yes

    @Slot(object, object)
    def _on_opened(self, _model: object, path: Path) -> None:
        if path == self._asked and not self._bench.session.is_active:
            self._show_prediction()
        self._asked = None
