"""FileControls: the dialogs and menus around the file work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from nncore.exporters import EXPORTERS, Exporter
from nncore.model_file import Model
from nngui.icons import icon
from nngui.viewmodels.workbench import Workbench

_MODELS = "nnScratch models (*.safetensors)"
_CHECKPOINTS = "nnScratch checkpoints (*.safetensors)"
_CONFIGS = "nnScratch configurations (*.json)"
_FOLDER = "lastFolder"


class FileControls(QObject):
    """Asks where, then has the workbench do the file work.

    Args:
        bench: Does the work.
        window: The dialogs' parent.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window

    @Slot()
    def open_model(self) -> None:
        """Ask for a model file and open it."""
        path = self._ask_open("Open a model", f"{_MODELS};;All files (*)")
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a model or a checkpoint, a run under way ended first if the person agrees."""
        session = self._bench.session
        if session.is_active:
            answer = QMessageBox.question(
                self._window,
                "Stop the run?",
                "A run is under way. Stop it and open the file? The weights trained so far are "
                "kept under File, Earlier runs.",
            )
            if answer is not QMessageBox.StandardButton.Yes:
                return
            session.stop_and_wait()
        self._bench.open(path)

    @Slot()
    def save_model(self) -> None:
        """Ask for a place and save the network of this moment."""
        model = self._model()
        if model is not None:
            path = self._ask_save("Save the model", _MODELS, "model.safetensors")
            if path is not None:
                self._bench.files.save_model(model, path)

    @Slot()
    def open_checkpoint(self) -> None:
        """Ask for a checkpoint and bring its run back."""
        path = self._ask_open("Open a checkpoint", f"{_CHECKPOINTS};;All files (*)")
        if path is not None:
            self.open_path(path)

    @Slot()
    def save_checkpoint(self) -> None:
        """Ask for a place and save all of the run, as it is at its next rest after that."""
        path = self._ask_save("Save a checkpoint", _CHECKPOINTS, "checkpoint.safetensors")
        if path is not None:
            self._bench.keeper.save(path)

    @Slot()
    def export_history(self) -> None:
        """Ask for a place and save the training history."""
        history = self._bench.session.history
        if not history.epochs and not history.step_losses.size:
            self._bench.messageRaised.emit("warning", "There is no training history yet: train.")
            return
        kinds = "CSV, a row an epoch (*.csv);;JSON, with every step's loss (*.json)"
        path = self._ask_save("Export the training history", kinds, "history.csv")
        if path is not None:
            self._bench.files.export_history(history, path)

    @Slot()
    def open_config(self) -> None:
        """Ask for a configuration file and load it."""
        path = self._ask_open("Open a configuration", f"{_CONFIGS};;All files (*)")
        if path is not None:
            self._bench.files.open_config(path)

    @Slot()
    def save_config(self) -> None:
        """Ask for a place and save the configuration."""
        path = self._ask_save("Save the configuration", _CONFIGS, "config.json")
        if path is not None:
            self._bench.files.save_config(self._bench.store.config, path)

    def fill_export_menu(self, menu: QMenu) -> None:
        """Put an entry for each format into a menu."""
        menu.setIcon(icon("export"))
        for exporter in EXPORTERS.values():
            action = menu.addAction(f"{exporter.label}…")
            action.setObjectName(f"export_{exporter.name}Action")
            action.triggered.connect(self._exporting(exporter))

    def link_recent_menu(self, menu: QMenu) -> None:
        """Fill a menu with the recent files whenever it opens."""
        menu.aboutToShow.connect(lambda: self._fill_recent(menu))

    def link_runs_menu(self, menu: QMenu) -> None:
        """Fill a menu with the runs kept by themselves whenever it opens."""
        menu.aboutToShow.connect(lambda: self._fill_runs(menu))

    def _exporting(self, exporter: Exporter) -> Callable[[], None]:
        def export() -> None:
            model = self._model()
            if model is None:
                return
            kinds = f"{exporter.label} (*{exporter.suffix})" if exporter.suffix else exporter.label
            path = self._ask_save("Export the weights", kinds, f"weights{exporter.suffix}")
            if path is not None:
                self._bench.files.export_weights(model, exporter.name, path)

        return export

    def _fill_recent(self, menu: QMenu) -> None:
        settings = self._bench.settings
        menu.clear()
        self._fill_paths(menu, settings.recent_files, "No model was opened or saved yet")
        if settings.recent_files:
            menu.addSeparator()
            menu.addAction("Clear the list", settings.clear_recent)

    def _fill_runs(self, menu: QMenu) -> None:
        menu.clear()
        offers = self._bench.recovery.offers
        for cut in offers:
            action = menu.addAction(cut.words)
            action.setEnabled(cut.can_go_on and not self._bench.session.is_active)
            action.setToolTip("Go on with it")
            action.triggered.connect(lambda _checked=False, cut=cut: self._bench.go_on(cut))
        if offers:
            menu.addSeparator()
        self._fill_paths(menu, self._bench.files.kept_runs(), "No run has ended yet")

    def _fill_paths(self, menu: QMenu, paths: list[Path], empty: str) -> None:
        for path in paths:
            action = menu.addAction(path.stem)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.open_path(path))
        if not paths:
            none: QAction = menu.addAction(empty)
            none.setEnabled(False)

    def _model(self) -> Model | None:
        """The network of this moment; says so if there is none worth saving."""
        model = self._bench.model()
        if model is None:
            self._bench.messageRaised.emit(
                "warning", "There is no network yet: train, or open one."
            )
        return model

    def _ask_open(self, title: str, kinds: str) -> Path | None:
        folder = self._bench.settings.text(_FOLDER)
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        return self._remember(name)

    def _ask_save(self, title: str, kinds: str, name: str) -> Path | None:
        folder = Path(self._bench.settings.text(_FOLDER) or Path.home())
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, str(folder / name), kinds)
        path = self._remember(chosen)
        if path is None or path.suffix or "(*" not in kind:
            return path
        return path.with_suffix(kind.rpartition("(*")[2].rstrip(")"))

    def _remember(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._bench.settings.set_text(_FOLDER, str(path.parent))
        return path
