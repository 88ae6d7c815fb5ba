"""DatasetButton: chooses a dataset that ships with the program, a folder, or a file of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from nncore.data import SOURCES
from nngui.forms.editor import FIELD_HEIGHT, RING
from nngui.icons import icon
from nngui.viewmodels.config_store import ConfigStore

PATH = "data.name"
_TIP = "Choose a dataset: one that ships with nnScratch, or your own in the format of MNIST."
_KINDS = ("IDX files (*-ubyte *-ubyte.gz *.idx *.gz)", "All files (*)")


class DatasetButton(QToolButton):
    """Stands beside the field of the dataset's name and fills it in, as one step of undo.

    Args:
        store: What is edited.
        parent: Owner.
    """

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._build()
        self.refresh()

    def _build(self) -> None:
        self.setObjectName("browseDatasetButton")
        self.setAccessibleName("Choose a dataset")
        self.setIcon(icon("open"))
        self.setIconSize(QSize(16, 16))
        self.setFixedHeight(FIELD_HEIGHT + 2 * RING)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setObjectName("datasetMenu")
        menu.setToolTipsVisible(True)
        for source in SOURCES.values():
            action = menu.addAction(source.label)
            action.setToolTip(source.description)
            action.triggered.connect(partial(self.choose, source.name))
        menu.addSeparator()
        folder = menu.addAction("A folder…")
        folder.setToolTip("A folder with the four IDX files.")
        folder.triggered.connect(self.ask_for_folder)
        file = menu.addAction("A file…")
        file.setToolTip("One of the four IDX files; the others lie beside it.")
        file.triggered.connect(self.ask_for_file)
        self.setMenu(menu)

    @Slot()
    def refresh(self) -> None:
        """Rest while the dataset may not change."""
        locked = self._store.why_locked(PATH)
        self.setEnabled(not locked)
        self.setToolTip(locked or _TIP)

    @Slot()
    def ask_for_folder(self) -> None:
        """Ask for a folder with a dataset."""
        dialog = self._dialog("Choose a folder with a dataset")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.choose)
        dialog.open()

    @Slot()
    def ask_for_file(self) -> None:
        """Ask for one of a dataset's files."""
        dialog = self._dialog("Choose a file of a dataset")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(_KINDS)
        dialog.fileSelected.connect(self.choose_file)
        dialog.open()

    @Slot(str)
    def choose_file(self, path: str) -> None:
        """Take the folder that a file of a dataset lies in: its other files are there."""
        self.choose(str(Path(path).parent))

    @Slot(str)
    def choose(self, name: str, _checked: bool = False) -> None:
        """Put a name or a path into the configuration."""
        self._store.finish_edit()
        self._store.change(PATH, name)
        self._store.finish_edit()

    def _dialog(self, title: str) -> QFileDialog:
        """A dialog that begins where the dataset of the moment lies, if that is a folder."""
        now = Path(str(self._store.entered(PATH))).expanduser()
        dialog = QFileDialog(self, title, str(now) if now.is_dir() else "")
        dialog.finished.connect(dialog.deleteLater)
        return dialog
