"""The one table of what the window can be told to do: menus, toolbar and shortcuts read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        name: Its name in the handlers; `objectName` is this and "Action".
        menu: The menu in which it stands.
        text: What the menu says; "&" marks the mnemonic.
        tip: What it does, for tooltip and status bar.
        shortcuts: Keys.
        icon: Name in resources/icons, "" for none.
        checkable: Whether it is a switch.
        group: Actions of the same group exclude each other.
        starts_section: Whether a line stands above it.
    """

    name: str
    menu: str
    text: str
    tip: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    starts_section: bool = False


MENUS = ("&File", "&Edit", "&Run", "&View", "&Help")

ACTIONS = (
    ActionSpec(
        "openModel", "&File", "&Open model…",
        "Open a saved network, with its architecture and class names.", ("Ctrl+O",), "open",
    ),
    ActionSpec(
        "saveModel", "&File", "&Save model…",
        "Save the trained network as a .safetensors file.", ("Ctrl+S",), "save",
    ),
    ActionSpec(
        "exportHistory", "&File", "Export training &history…",
        "Save the figures of each epoch as CSV or JSON.", (), "export",
    ),
    ActionSpec(
        "openCheckpoint", "&File", "Open chec&kpoint…",
        "Bring a run back as it was, paused, to go on exactly there.",
        starts_section=True,
    ),
    ActionSpec(
        "saveCheckpoint", "&File", "Save check&point…",
        "Save all of the run, so that it can go on exactly here.",
    ),
    ActionSpec(
        "openConfig", "&File", "Open &configuration…",
        "Load architecture and hyperparameters from a JSON file.", ("Ctrl+Shift+O",),
        starts_section=True,
    ),
    ActionSpec(
        "saveConfig", "&File", "Save con&figuration…",
        "Save architecture and hyperparameters as a JSON file.", ("Ctrl+Shift+S",),
    ),
    ActionSpec(
        "quit", "&File", "&Quit", "Leave nnScratch.", ("Ctrl+Q",), starts_section=True,
    ),
    ActionSpec(
        "train", "&Run", "&Train", "Start a new run from fresh weights.", ("Space",), "play",
    ),
    ActionSpec(
        "continue", "&Run", "&Continue from these weights",
        "Start a run from the weights that are there, trained or opened.", ("Ctrl+Return",),
    ),
    ActionSpec(
        "goOn", "&Run", "&Go on where it ended",
        "Go on with the run that was stopped or has ended, as if it had not.",
        ("Ctrl+Shift+Return",),
    ),
    ActionSpec(
        "step", "&Run", "Step a &batch", "Train on one batch, then pause.", (".",), "step",
        starts_section=True,
    ),
    ActionSpec(
        "stepEpoch", "&Run", "Step an &epoch", "Train to the end of the epoch, then pause.",
        ("Shift+.",), "step-epoch",
    ),
    ActionSpec(
        "stop", "&Run", "&Stop", "End the run; the trained weights stay.", ("Ctrl+.",), "stop",
        starts_section=True,
    ),
    ActionSpec(
        "reset", "&Run", "&Reset weights",
        "Go back to fresh weights. The run just trained stays under File, Earlier runs.",
        ("Ctrl+R",), "reset",
    ),
    ActionSpec(
        "findRate", "&Run", "&Find a learning rate…",
        "Try a range of learning rates for some steps and see which make the loss fall.",
        ("Ctrl+L",), starts_section=True,
    ),
    ActionSpec(
        "clearPrevious", "&View", "&Clear the previous run's curves",
        "Take away the faint curves of the run before.",
    ),
    ActionSpec(
        "themeSystem", "&View", "&System colors", "Light or dark as the system says.",
        checkable=True, group="theme", starts_section=True,
    ),
    ActionSpec(
        "themeLight", "&View", "&Light", "Dark text on light paper.",
        checkable=True, group="theme", icon="sun",
    ),
    ActionSpec(
        "themeDark", "&View", "&Dark", "Light text on dark paper.",
        checkable=True, group="theme", icon="moon",
    ),
    ActionSpec(
        "resetLayout", "&View", "&Reset the layout", "Put all panels back to their places.",
        starts_section=True,
    ),
    ActionSpec(
        "shortcuts", "&Help", "&Keyboard shortcuts", "All keys at a glance.", ("F1",),
    ),
    ActionSpec("showLog", "&Help", "Where is the &log file?", "For reporting a fault."),
    ActionSpec("about", "&Help", "&About nnScratch", "Version, data and licenses."),
)  # fmt: skip


def build_actions(
    owner: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """Make every action of the table.

    Args:
        owner: The window; it gets the actions, so that their shortcuts work.
        handlers: What each one does, by name; exactly the names of the table.

    Returns:
        The actions by name.

    Raises:
        KeyError: If an action has no handler.
    """
    actions: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(spec.text, owner)
        action.setObjectName(f"{spec.name}Action")
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setCheckable(spec.checkable)
        set_tip(action, spec.tip)
        action.triggered.connect(handlers[spec.name])
        owner.addAction(action)
        actions[spec.name] = action
    return actions


def set_tip(action: QAction, tip: str) -> None:
    """Give an action its tooltip, with its first shortcut, and its status tip."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip} ({keys})" if keys else tip)
    action.setStatusTip(tip)
