"""Loads what searches need (Optuna, its database) before a person waits for it."""

from __future__ import annotations

import gc
from importlib import import_module

_MODULES = ("nncore.search.session", "nncore.search.final_test", "nncore.search.importance")


def load_search_engine() -> None:
    """Load it; runs in a thread, once, and takes about a second there.

    The garbage collector rests meanwhile: 900 new modules start several full collections, and each
    held the window still for 100 to 400 ms, whichever thread it ran in. Modules are never garbage,
    so that what is there afterwards is left out of the collections to come.
    """
    gc.disable()
    try:
        for name in _MODULES:
            import_module(name)
        import_module("nncore.search.storage").load_database()
    finally:
        gc.freeze()
        gc.enable()
