"""Texts of the Help menu that are put together from other tables."""

from __future__ import annotations

import platform
from html import escape

import numpy as np
from PySide6 import __version__ as pyside_version
from PySide6.QtGui import QKeySequence

from nncore import __version__
from nngui.actions import ACTIONS

_OTHER_KEYS = (
    ("Ctrl+1, Ctrl+2, Ctrl+3", "Open the first, second or third tab"),
    ("Ctrl+B", "Show or hide the sidebar"),
    ("Alt+Up, Alt+Down", "Move the selected layer"),
    ("Ctrl+D, Delete", "Duplicate or remove the selected layer"),
    ("E, Delete", "On the draw pad: switch to the eraser and back, clear"),
    ("Tab", "To the next field or button"),
    ("Esc", "Close the message, or leave a field"),
)


def shortcuts_html() -> str:
    """All shortcuts as a table, read from the actions."""
    rows = [
        (
            QKeySequence(spec.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText),
            spec.tip.rstrip("."),
        )
        for spec in ACTIONS
        if spec.shortcuts
    ]
    standard = QKeySequence.StandardKey
    for key, what in ((standard.Undo, "Undo the last change"), (standard.Redo, "Redo it")):
        rows.append((QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText), what))
    cells = "".join(
        f"<tr><td><b>{escape(keys)}</b>&nbsp;&nbsp;</td><td>{escape(what)}</td></tr>"
        for keys, what in (*rows, *_OTHER_KEYS)
    )
    return f"<table cellpadding='3'>{cells}</table>"


def about_html() -> str:
    """Version, what it stands on, and whose data it ships."""
    return (
        f"<h3>nnScratch {__version__}</h3>"
        "<p>A laboratory for fully connected neural networks.<br>"
        "Everything between the pixels and the gradient is numpy and calculus.</p>"
        "<p>The MNIST images are by Yann LeCun, Corinna Cortes and Christopher Burges, "
        "CC BY-SA 3.0.</p>"
        f"<p>Python {platform.python_version()}, numpy {np.__version__}, "
        f"PySide6 {pyside_version}</p>"
    )
