"""The command `nnscratch`: the window without arguments, and work without a window with them."""

from __future__ import annotations

import importlib
import sys


def main() -> int:
    """Run the command line of this process.

    Returns:
        0 when done, 1 when something failed, 2 when the command line itself is wrong.
    """
    if len(sys.argv) == 1:
        return _open_window()
    # Not at the top: the window must not wait for the command line's libraries.
    from nncore.cli.commands import run

    return run(sys.argv[1:])


def _open_window() -> int:
    try:
        # By name, for the core knows no window: without one the commands work all the same.
        window = importlib.import_module("nngui.app")
    except ImportError as error:
        sys.stderr.write(
            f"The window cannot be opened: {error}. README.md names the system libraries that it "
            "needs. Without a window: nnscratch --help\n"
        )
        return 1
    return window.main()
