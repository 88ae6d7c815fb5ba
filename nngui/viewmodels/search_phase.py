"""SearchPhase: what a search in the window is doing."""

from __future__ import annotations

from enum import Enum


class SearchPhase(Enum):
    """What is happening; widgets choose what can be pressed by it."""

    EMPTY = "empty"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    TESTING = "testing"
    """All trials have ended; the test images are read."""
    RESTING = "resting"
    """A study is shown, and nothing runs."""


ACTIVE = (
    SearchPhase.STARTING,
    SearchPhase.RUNNING,
    SearchPhase.PAUSED,
    SearchPhase.STOPPING,
    SearchPhase.TESTING,
)
