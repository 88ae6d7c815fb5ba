"""The composition root: builds and wires everything, and catches what nobody else did."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from nngui.fonts import ensure_fonts
from nngui.look import apply_theme
from nngui.main_window import MainWindow
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from nngui.workers.garbage import GarbageSearch

NAME = "nnScratch"
_LOG_BYTES = 1_000_000
_log = logging.getLogger(__name__)


def main(
    arguments: Sequence[str] | None = None, on_painted: Callable[[], object] | None = None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        arguments: Command line, the program's name first; a model file may follow.
        on_painted: Called once, after the window's first painting.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv if arguments is None else arguments)
    log_file = _start_log(Path(platformdirs.user_log_dir(NAME, appauthor=False)))
    app = QApplication(arguments)
    app.setApplicationName(NAME)
    app.setApplicationDisplayName(NAME)
    app.setDesktopFileName("nnscratch")
    GarbageSearch(app)
    ensure_fonts()
    settings = Settings(Path(platformdirs.user_config_dir(NAME, appauthor=False), "settings.json"))
    apply_theme(app, settings.theme)
    data_folder = Path(platformdirs.user_data_dir(NAME, appauthor=False))
    bench = Workbench(settings, data_folder)
    _catch_faults(bench, log_file)
    window = MainWindow(bench, str(log_file))
    window.firstPainted.connect(bench.start)
    if on_painted is not None:
        window.firstPainted.connect(on_painted)
    window.show()
    for argument in app.arguments()[1:2]:
        bench.open(Path(argument))
    return app.exec()


def _start_log(folder: Path) -> Path:
    """Write warnings and faults to a file that cannot grow without end; returns its path."""
    path = folder / "nnscratch.log"
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    qInstallMessageHandler(_log_qt_message)
    return path


def _log_qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    level = logging.DEBUG if kind is QtMsgType.QtDebugMsg else logging.WARNING
    logging.getLogger("qt").log(level, message)


def _catch_faults(bench: Workbench, log_file: Path) -> None:
    """Log what nobody caught and say so in the window, which goes on."""

    def on_fault(
        kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _log.critical("a fault that nobody caught", exc_info=(kind, fault, trace))
        bench.messageRaised.emit(
            "error",
            "Something went wrong inside nnScratch. Your work is still here: save it, then start "
            f"again. Details are in {log_file}.",
        )

    sys.excepthook = on_fault
