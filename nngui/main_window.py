"""MainWindow: docks, tabs, toolbar and menus, built from tables."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QMainWindow,
    QMessageBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from nngui.actions import ACTIONS, build_actions
from nngui.file_controls import FileControls
from nngui.icons import app_icon
from nngui.menus import build_menus
from nngui.panel_feed import PanelFeed
from nngui.run_controls import RunControls, RunToolBar
from nngui.search_controls import SearchControls
from nngui.sidebar import Sidebar
from nngui.tabs.training import TrainingTab
from nngui.theme_controls import ThemeControls
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.run_words import status_in_words
from nngui.viewmodels.workbench import Workbench
from nngui.widgets.banner import MessageBanner
from nngui.widgets.recovery_banner import RecoveryBanner
from nngui.window_dialogs import WindowDialogs
from nngui.window_parts import PANELS, TABS, TabPart
from nngui.workers.training import Pace

LAYOUT_VERSION = 2
"""Raised when docks or toolbars change so that an old layout no longer fits."""
FIRST_SIZE = QSize(1280, 800)
STATUS_MS = 8000
"""How long a passing message stays in the status bar [ms]."""


class MainWindow(QMainWindow):
    """The window.

    Args:
        bench: Everything it shows and commands.
        log_file: Where faults are written, for the Help menu.

    Attributes:
        bench: The same.
        lastMessage: What the status bar said last, besides what the run is doing.
    """

    closing = Signal()
    """The window is about to close for good: time to end what runs."""
    firstPainted = Signal()
    """The window was painted for the first time; what can wait begins now."""

    def __init__(self, bench: Workbench, log_file: str) -> None:
        super().__init__()
        self.bench = bench
        self._files = FileControls(bench, self)
        self._themes = ThemeControls(bench, self)
        self._dialogs = WindowDialogs(bench, log_file, self)
        self._banner = MessageBanner(self)
        self._recovery_banner = RecoveryBanner(bench.recovery, bench.session, self)
        self._tabs = QTabWidget(self)
        self._status = QLabel(self)
        self._sidebar = Sidebar(bench.store, bench.settings, self)
        self._late_tabs: list[tuple[QWidget, TabPart]] = []
        self._was_painted = False
        self.lastMessage = ""
        self._data_failed = False
        self._actions = build_actions(self, self._handlers())
        self._search = SearchControls(bench, self._files.open_path, self._show_prediction, self)
        self._controls = RunControls(bench.session, self._actions, self)
        self._build()
        self._feed = PanelFeed(bench, self)
        self._connect()
        self._restore()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        session, files = self.bench.session, self._files
        return {
            "openModel": files.open_model,
            "saveModel": files.save_model,
            "exportHistory": files.export_history,
            "openCheckpoint": files.open_checkpoint,
            "saveCheckpoint": files.save_checkpoint,
            "openConfig": files.open_config,
            "saveConfig": files.save_config,
            "quit": self.close,
            "train": session.toggle,
            "continue": session.continue_training,
            "goOn": session.go_on,
            "step": session.step_batch,
            "stepEpoch": session.step_epoch,
            "stop": session.stop,
            "reset": session.reset,
            "clearPrevious": self.bench.curves.clear_previous,
            "themeSystem": lambda: self._themes.choose("system"),
            "themeLight": lambda: self._themes.choose("light"),
            "themeDark": lambda: self._themes.choose("dark"),
            "resetLayout": self._reset_layout,
            "shortcuts": self._dialogs.show_shortcuts,
            "showLog": self._dialogs.show_log,
            "about": self._dialogs.show_about,
            "findRate": self._dialogs.find_rate,
        }

    def _build(self) -> None:
        self.setObjectName("mainWindow")
        self.setWindowTitle("nnScratch")
        self.setWindowIcon(app_icon())
        self.resize(FIRST_SIZE)
        self._view_menu = build_menus(self, self._actions, self.bench.store.undoStack, self._files)
        bar = RunToolBar(self.bench.session, self.bench.store, self._actions, self)
        self.addToolBar(bar)
        self._build_tabs()
        self._build_sidebar()
        self.statusBar().addWidget(self._status, 1)
        self._status.setObjectName("statusLabel")
        self._first_state = self.saveState(LAYOUT_VERSION)

    def _build_tabs(self) -> None:
        self._tabs.setObjectName("tabs")
        self._tabs.setAccessibleName("Views")
        self._tabs.setDocumentMode(True)
        for number, part in enumerate(TABS, start=1):
            tab = QWidget(self) if part.is_late else part.make(self.bench)
            if part.is_late:
                self._late_tabs.append((tab, part))
            self._tabs.addTab(tab, part.title)
            self._tabs.setTabToolTip(number - 1, f"{part.title} (Ctrl+{number})")
            go = QAction(part.title, self)
            go.setShortcut(f"Ctrl+{number}")
            go.triggered.connect(lambda _checked=False, tab=tab: self._tabs.setCurrentWidget(tab))
            self._view_menu.insertAction(self._view_menu.actions()[number - 1], go)
        center = QWidget(self)
        layout = QVBoxLayout(center)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._banner)
        layout.addWidget(self._recovery_banner)
        layout.addWidget(self._tabs, 1)
        self.setCentralWidget(center)

    @Slot()
    def _build_late_tab(self) -> None:
        """Fill the next of the tabs that nobody sees at first; the window lives in between."""
        if not self._late_tabs:
            return
        place, part = self._late_tabs.pop(0)
        tab = part.make(self.bench)
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(tab)
        close_threads = getattr(tab, "close_threads", None)
        if close_threads is not None:
            self.closing.connect(close_threads)
        network_asked = getattr(tab, "networkAsked", None)
        if network_asked is not None:
            network_asked.connect(self._search.open_network)
        QTimer.singleShot(0, self._build_late_tab)

    def _build_sidebar(self) -> None:
        for part in PANELS:
            panel = part.make(self.bench)
            self._sidebar.add_panel(part.name, part.title, panel)
        dock = QDockWidget("Sidebar", self)
        dock.setObjectName("sidebarDock")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setTitleBarWidget(QWidget(dock))
        dock.setWidget(self._sidebar)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self._view_menu.addSeparator()
        show = dock.toggleViewAction()
        show.setShortcut("Ctrl+B")
        self._view_menu.addAction(show)

    def _connect(self) -> None:
        bench = self.bench
        bench.messageRaised.connect(self._banner.show_message)
        bench.store.refused.connect(self._on_refused)
        bench.files.done.connect(self._say)
        for tab in self.findChildren(TrainingTab):
            tab.saved.connect(self._say)
            tab.failed.connect(self._show_failure)
        bench.curves.changed.connect(self._show_previous)
        bench.session.stateChanged.connect(self._on_state_changed)
        bench.session.progressChanged.connect(self._show_status)
        bench.data.loaded.connect(self._on_data)
        bench.data.failed.connect(self._on_data_failed)
        self._recovery_banner.goOnAsked.connect(bench.go_on)
        self._recovery_banner.giveUpAsked.connect(bench.give_up)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._late_timer = QTimer(self, singleShot=True)
        self._late_timer.timeout.connect(self._build_late_tab)
        self.firstPainted.connect(self._late_timer.start)
        self._show_previous()
        self._show_status()

    def _restore(self) -> None:
        """Bring back what was remembered."""
        settings = self.bench.settings
        self._actions[f"theme{settings.theme.capitalize()}"].setChecked(True)
        geometry = QByteArray.fromBase64(settings.text("geometry").encode())
        state = QByteArray.fromBase64(settings.text("layout").encode())
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if not state.isEmpty():
            self.restoreState(state, LAYOUT_VERSION)
        self._tabs.setFocus()  # A stray key shall not end in a field.

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.firstPainted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message, or leaves whatever field has the focus."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._banner.isVisible():
            self._banner.dismiss()
        else:
            self._tabs.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        is_running = self.bench.session.is_active
        if not self._search.leaves_search() or (is_running and not self._leaves_run()):
            event.ignore()
            return
        settings = self.bench.settings
        settings.set_text("geometry", self.saveGeometry().toBase64().toStdString())
        settings.set_text("layout", self.saveState(LAYOUT_VERSION).toBase64().toStdString())
        self.closing.emit()
        self.bench.close()
        super().closeEvent(event)

    def _leaves_run(self) -> bool:
        """End the run so that the next start can go on with it; ask only if that cannot be."""
        session = self.bench.session
        was_paused = session.state is RunState.PAUSED
        problem = self.bench.keeper.leave()
        if not problem:
            return True
        answer = QMessageBox.question(
            self,
            "The run cannot be kept",
            f"The next start could not go on with this run. {problem}\n\nLeave all the same? Only "
            "its weights are then kept, under File, Earlier runs, if that can be written.",
            defaultButton=QMessageBox.StandardButton.No,
        )
        if answer is QMessageBox.StandardButton.Yes:
            self.bench.keeper.keep_weights()
            return True
        session.go_on_at(Pace.PAUSE if was_paused else Pace.RUN)
        return False

    def _show_prediction(self) -> None:
        self._tabs.setCurrentIndex([part.name for part in TABS].index("prediction"))

    def _reset_layout(self) -> None:
        self.restoreState(self._first_state, LAYOUT_VERSION)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Let Space press a button or open a list that has the focus, and train elsewhere."""
        spec = next(spec for spec in ACTIONS if spec.name == "train")
        shortcuts = () if isinstance(new, QAbstractButton | QComboBox) else spec.shortcuts
        self._actions["train"].setShortcuts([QKeySequence(keys) for keys in shortcuts])

    @Slot(str, str)
    def _on_refused(self, _path: str, reason: str) -> None:
        self._say(reason)

    @Slot(str)
    def _say(self, text: str) -> None:
        """Show a passing message in the status bar."""
        self.lastMessage = text
        self.statusBar().showMessage(text, STATUS_MS)

    @Slot(str)
    def _show_failure(self, text: str) -> None:
        self._banner.show_message("error", text)

    @Slot()
    def _show_previous(self) -> None:
        has_previous = self.bench.curves.previous is not None
        self._actions["clearPrevious"].setEnabled(has_previous)

    @Slot()
    def _on_data(self) -> None:
        if self._data_failed:
            self._data_failed = False
            self._banner.clear()
        self._show_status()

    @Slot(str)
    def _on_data_failed(self, _reason: str) -> None:
        self._data_failed = True

    @Slot()
    def _on_state_changed(self) -> None:
        if self.bench.session.is_active:
            self._banner.clear()
        self._show_status()

    @Slot()
    def _show_status(self) -> None:
        words = status_in_words(self.bench.session)
        if words != self._status.text():
            self._status.setText(words)
