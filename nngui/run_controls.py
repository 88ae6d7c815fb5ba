"""RunControls: keeps the run's actions in step with the session; RunToolBar shows them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from nncore.presets import PRESETS
from nngui.actions import set_tip
from nngui.icons import icon
from nngui.theme import SPACE
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.run_session import RunSession
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.run_words import train_in_words
from nngui.widgets.run_progress import RunProgress

_ICON = QSize(18, 18)
_BUTTONS = (
    ("train", "trainButton", "Train", "Train"),
    ("step", "stepButton", "Batch", "Step a batch"),
    ("stepEpoch", "stepEpochButton", "Epoch", "Step an epoch"),
    ("stop", "stopButton", "Stop", "Stop the run"),
    ("reset", "resetButton", "Reset", "Reset the weights"),
)
"""Action, objectName, caption, and what is spoken in its place."""


class RunControls(QObject):
    """Enables, disables and names the actions of the Run menu.

    Args:
        session: What they command.
        actions: All actions by name.
        parent: Owner.
    """

    def __init__(
        self, session: RunSession, actions: Mapping[str, QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._actions = actions
        session.stateChanged.connect(self.refresh)
        session.networkChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Match the session's state."""
        session, actions = self._session, self._actions
        running = session.state is RunState.RUNNING
        loaded = session.state is not RunState.EMPTY
        text, tip, picture = train_in_words(session)
        train = actions["train"]
        train.setText(text)
        train.setIconText(text)
        train.setIcon(icon(picture, role="on_accent" if loaded else "muted"))
        self._set("train", loaded, tip, tip)
        paused_only = "Pause first" if running else tip
        self._set("step", loaded and not running, "Train on one batch, then pause", paused_only)
        self._set(
            "stepEpoch", loaded and not running, "Train to the epoch's end, then pause", paused_only
        )
        self._set("stop", session.is_active, "End the run; the weights stay", "No run is under way")
        copy = session.copy
        trained = session.is_active or (copy is not None and copy.trained)
        self._set(
            "reset",
            trained,
            "Go back to fresh weights; the run just trained stays under File, Earlier runs",
            "The weights are fresh",
        )
        self._set(
            "findRate",
            loaded and not session.is_active,
            "Try a range of learning rates for some steps and see which make the loss fall",
            "Stop the run first" if session.is_active else tip,
        )
        self._set(
            "continue",
            session.can_continue,
            "Start a run from the weights that are there",
            "There are no trained weights that fit the architecture and the data",
        )
        self._set(
            "goOn",
            not session.why_not_on,
            "Go on with the run that was stopped or has ended, as if it had not",
            session.why_not_on,
        )
        self._set(
            "saveCheckpoint",
            session.can_be_saved,
            "Save all of the run, so that it can go on exactly here",
            "There is no run that could go on",
        )

    def _set(self, name: str, enabled: bool, tip: str, why_not: str) -> None:
        self._actions[name].setEnabled(enabled)
        set_tip(self._actions[name], tip if enabled else why_not)


class RunToolBar(QToolBar):
    """Train, step, stop, reset; presets; progress.

    Args:
        session: Whose progress is shown.
        store: What a preset is put into.
        actions: All actions by name.
        parent: The window.
    """

    def __init__(
        self,
        session: RunSession,
        store: ConfigStore,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Run", parent)
        self.setObjectName("runToolBar")
        self._session = session
        self._store = store
        self._presets = QComboBox(self)
        self._progress = RunProgress(self)
        self._build(actions)
        actions["train"].changed.connect(self._announce_train)
        self._presets.activated.connect(self._choose_preset)
        session.progressChanged.connect(self._show_progress)
        store.configChanged.connect(self._show_preset)
        store.locksChanged.connect(self._show_preset)
        self._show_preset()

    def _build(self, actions: Mapping[str, QAction]) -> None:
        self.setMovable(False)
        self.setIconSize(_ICON)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name, object_name, text, spoken in _BUTTONS:
            button = QToolButton(self)
            button.setObjectName(object_name)
            button.setAccessibleName(spoken)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setDefaultAction(actions[name])
            actions[name].setIconText(text)
            button.setIconSize(_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.addWidget(button)
            if name == "train":
                widest = button.fontMetrics().horizontalAdvance("Resume") + _ICON.width()
                button.setMinimumWidth(widest + 6 * SPACE)
                self._train = button
        self.addSeparator()
        label = QLabel("Preset ", self)
        label.setBuddy(self._presets)
        self.addWidget(label)
        self._presets.setObjectName("presetCombo")
        self._presets.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._presets.setAccessibleName("Preset")
        self._presets.setPlaceholderText("Own settings")
        for key, preset in PRESETS.items():
            self._presets.addItem(preset.name, key)
            index = self._presets.count() - 1
            self._presets.setItemData(index, preset.description, Qt.ItemDataRole.ToolTipRole)
        self.addWidget(self._presets)
        self._progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self._progress)

    @Slot()
    def _announce_train(self) -> None:
        """Have the Train button spoken as what it does now: train, pause or resume."""
        self._train.setAccessibleName(self._train.text())

    @Slot(int)
    def _choose_preset(self, index: int) -> None:
        preset = PRESETS[self._presets.itemData(index)]
        self._store.replace_all(preset.config, f"preset {preset.name}")
        self._show_preset()

    @Slot()
    def _show_preset(self) -> None:
        """Show the preset that the configuration equals, if any."""
        config = self._store.config
        found = next((key for key, preset in PRESETS.items() if preset.config == config), None)
        self._presets.setCurrentIndex(self._presets.findData(found) if found else -1)
        reason = self._store.why_locked("network")
        self._presets.setEnabled(not reason)
        self._presets.setToolTip(reason or "Ready-made settings; undo brings yours back.")

    @Slot()
    def _show_progress(self) -> None:
        self._progress.show_progress(self._session.progress)
