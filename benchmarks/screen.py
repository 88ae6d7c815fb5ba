"""A screen to measure on: Xvfb where it is installed, else, or where it is asked for, none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def environment_of_a_newcomer() -> Iterator[dict[str, str]]:
    """Environment variables of a person without settings, on a screen of 1920x1080 pixels."""
    with tempfile.TemporaryDirectory(prefix="nnscratch-bench-") as home, _screen() as screen:
        places = {name: home for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        places |= {name: home for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME")}
        yield os.environ | places | screen


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        yield {}
        return
    if shutil.which("Xvfb") is None:
        print("  (Xvfb is not installed: measured without a screen)")
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            display = answer.readline().strip()
        yield {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()
