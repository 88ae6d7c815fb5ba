"""A screen, a mouse and a keyboard of one's own: Xvfb, driven by xdotool.

The window under test runs in a process of its own on that screen, as it does for a person. What it
shows is read back through `spy.py`, which runs inside it.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool", "import")
START_LIMIT = 20.0
"""The longest that a server or a window may take to appear [s]."""


class Point(NamedTuple):
    """A place on the screen [pixels]."""

    x: int
    y: int


class Rect(NamedTuple):
    """An area of the screen [pixels]."""

    x: int
    y: int
    width: int
    height: int

    @property
    def center(self) -> Point:
        """The middle."""
        return self.at(0.5, 0.5)

    def at(self, across: float, down: float) -> Point:
        """A place inside, by fractions of the width and of the height."""
        return Point(round(self.x + across * self.width), round(self.y + down * self.height))


def why_no_desktop() -> str:
    """Why no screen can be made here; empty when it can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"not installed: {', '.join(missing)} (see `make test`)" if missing else ""


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process that was started here, and wait for it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Desktop:
    """One virtual screen with a mouse and a keyboard."""

    def __init__(self, display: str) -> None:
        self.environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("XAUTHORITY", None)
        self.environment.pop("WAYLAND_DISPLAY", None)

    @classmethod
    @contextmanager
    def started(cls, width: int = 1280, height: int = 800) -> Iterator[Self]:
        """A screen of a size [pixels] on a free display, for as long as the block lasts."""
        reader, writer = os.pipe()
        screen = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), *screen],
            pass_fds=[writer],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        try:
            yield cls(f":{_line_from(reader, 'Xvfb')}")
        finally:
            os.close(reader)
            stop(server)

    def _xdotool(self, *words: object) -> str:
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip()

    def move(self, place: Point) -> None:
        """Move the mouse."""
        self._xdotool("mousemove", *place)

    def click(self, place: Point, button: int = 1, times: int = 1) -> None:
        """Move the mouse to a place and click there; 1 is the left button, 3 the right one."""
        self._xdotool("mousemove", *place, "click", "--repeat", times, "--delay", 60, button)

    def scroll(self, place: Point, notches: int) -> None:
        """Turn the wheel over a place; positive is downward."""
        button = 5 if notches > 0 else 4
        self._xdotool("mousemove", *place, "click", "--repeat", abs(notches), "--delay", 20, button)

    def drag(self, path: Sequence[Point], pause: float = 0.008) -> None:
        """Press at the path's first place, move along it and let go at its end.

        Args:
            path: Places on the way.
            pause: How long the hand rests at each place [s].
        """
        words: list[object] = ["mousemove", *path[0], "mousedown", 1]
        for place in path[1:]:
            words += ["sleep", pause, "mousemove", *place]
        self._xdotool(*words, "sleep", pause, "mouseup", 1)

    def key(self, *chords: str) -> None:
        """Press keys one after another, such as "space", "ctrl+s" or "shift+period"."""
        self._xdotool("key", "--delay", 20, *chords)

    def type(self, text: str) -> None:
        """Write a text."""
        self._xdotool("type", "--delay", 10, "--", text)

    def wait_for_window(self, title: str) -> str:
        """Wait until a window is seen and give it the keyboard; there is no window manager here.

        Args:
            title: A regular expression that the window's title matches.

        Returns:
            The window's id for X.
        """
        search = "search", "--sync", "--onlyvisible", "--limit", 1, "--name", title
        deadline = time.monotonic() + 60
        while True:
            try:
                window = self._xdotool(*search)
                self._xdotool("windowfocus", "--sync", window)
            except subprocess.CalledProcessError:
                # A window that vanishes while xdotool walks through them all ends the walk.
                if time.monotonic() > deadline:
                    raise
            else:
                return window

    def screenshot(self, path: Path) -> Path:
        """Save the whole screen as a picture."""
        command = ["import", "-window", "root", str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=60)
        return path

    def start(self, module: str, *arguments: str) -> SpiedProgram:
        """Run a module as a program on this screen, with the spy inside."""
        return SpiedProgram(module, arguments, self.environment)


class SpiedProgram:
    """A program on the desktop that answers what its widgets show."""

    def __init__(self, module: str, arguments: Sequence[str], environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.integration.spy", module, *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop(self.process)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def _ask(self, **question: Any) -> Any:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError(f"the program ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["value"]

    def rect(self, name: str, part: int | None = None) -> Rect:
        """Where a visible widget is on the screen, by its objectName.

        Args:
            name: The widget's objectName; or that of an action, for its button in a toolbar.
            part: The index of a tab, of a tab widget or tab bar.
        """
        return Rect(*self._ask(rect=name, part=part))

    def read(self, name: str, path: str) -> Any:
        """What an object of that objectName holds.

        Args:
            name: The objectName of a widget or an action.
            path: Attributes joined by dots; what can be called is called: "text", "model.rowCount".
        """
        return self._ask(read=name, path=path)

    def wait_until(
        self, name: str, path: str, holds: Callable[[Any], bool], limit: float = 30.0
    ) -> Any:
        """Wait until what `read` gives satisfies a condition.

        Returns:
            The value that did.

        Raises:
            TimeoutError: It did not within the limit [s].
        """
        # The program itself paces the questions, through a timer in its event loop.
        pace = 25
        value = self.read(name, path)
        for _ in range(round(limit * 1000 / pace)):
            if holds(value):
                return value
            value = self._ask(read=name, path=path, after=pace)
        raise TimeoutError(f"{name}.{path} is still {value!r} after {limit:g} s")


def _line_from(descriptor: int, who: str) -> str:
    """The first line that comes through a pipe."""
    ready, _, _ = select.select([descriptor], [], [], START_LIMIT)
    text = os.read(descriptor, 64).decode().strip() if ready else ""
    if not text:
        raise RuntimeError(f"{who} did not start within {START_LIMIT:g} s")
    return text
