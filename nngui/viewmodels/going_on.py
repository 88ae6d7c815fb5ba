"""Whether a run that has ended can go on from where it ended."""

from __future__ import annotations

from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.config_difference import changed_paths
from nncore.events import RunEnded
from nncore.trainer import LIVE_PATHS
from nngui.viewmodels.config_words import place_in_words


def why_not_on(left: Checkpoint, ended: RunEnded, config: RunConfig) -> str:
    """Why it cannot, in words for a tooltip; "" if it can.

    Args:
        left: The run as it ended.
        ended: How it ended.
        config: What it would go on with.
    """
    if ended.reason == "completed" and ended.message:
        return "Early stopping has ended the run"
    changed = [path for path in changed_paths(left.config, config) if path not in LIVE_PATHS]
    if changed:
        return f"The {place_in_words(left.config, changed[0])} has changed: undo that to go on"
    if config.training.epochs < left.epoch + left.state.progress.is_measured:
        return "All epochs are over: raise Epochs to go on"
    return ""
