"""Find the system libraries and tools that pip cannot bring, and install or name them.

Qt's wheels link against a few libraries of the desktop (OpenGL, D-Bus, fontconfig, xcb) which a
bare container lacks. The dynamic loader itself is asked what is missing, so any distribution is
judged rightly; the names of packages are Debian's and Ubuntu's.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OFFSCREEN = (
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
)
WINDOW = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxkbcommon-x11-0",
)
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick", "pg_ctl": "postgresql"}
POSTGRESQL = Path("/usr/lib/postgresql")
"""Where Debian puts PostgreSQL's programs, a folder each version; they are not on the path."""


def _missing_libraries(files: list[Path]) -> set[str]:
    """Names of the shared libraries that the loader cannot find for these files."""
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return set()
    done = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    lines = (line.split("=>") for line in done.stdout.splitlines() if "=> not found" in line)
    return {name.strip() for name, _ in lines}


def _qt_files() -> tuple[list[Path], list[Path]]:
    """Qt's files that any use needs, and those that only a real window needs."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("PySide6 is not installed here: run this with the Python of .venv")
    qt = Path(spec.submodule_search_locations[0])
    modules = [qt / f"{name}.abi3.so" for name in ("QtCore", "QtGui", "QtWidgets", "QtSvg")]
    platforms = qt / "Qt/plugins/platforms"
    return [*modules, platforms / "libqoffscreen.so"], [platforms / "libqxcb.so"]


def missing(what: str) -> tuple[set[str], list[str]]:
    """What a target lacks.

    Args:
        what: "run" for the program in a window, "test" for driving that window as well.

    Returns:
        The missing libraries and tools by name, and the Debian packages to install.
    """
    offscreen, window = _qt_files()
    absent = _missing_libraries(offscreen)
    packages: list[str] = [*OFFSCREEN] if absent else []
    if not_for_window := _missing_libraries(window) - absent:
        absent |= not_for_window
        packages += WINDOW
    if what == "test" and sys.platform.startswith("linux"):
        tools = [tool for tool in TOOLS if not _is_there(tool)]
        absent |= set(tools)
        packages += [TOOLS[tool] for tool in tools]
    return absent, packages


def _is_there(tool: str) -> bool:
    return shutil.which(tool) is not None or any(POSTGRESQL.glob(f"*/bin/{tool}"))


def _install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        print(" ".join(command), flush=True)
        # A failure shows in what is still missing afterwards.
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)


def main() -> None:
    """Make sure of a target's libraries; exit with 1 when some are still missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("run", "test"))
    what: str = parser.parse_args().what
    absent, packages = missing(what)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if absent and is_root and shutil.which("apt-get"):
        print(f"Missing: {', '.join(sorted(absent))}. Installing them.", flush=True)
        _install(packages)
        absent, packages = missing(what)
    if absent:
        print(f"Missing on this system: {', '.join(sorted(absent))}.", file=sys.stderr)
        print("On Debian or Ubuntu, run:\n", file=sys.stderr)
        line = f"apt-get update && sudo apt-get install -y {' '.join(packages)}"
        print(f"    sudo {line}\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
