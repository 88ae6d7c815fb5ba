"""A person's whole main job in the real window: train, pause, step, draw, look, save, open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from nncore.model_file import load_model
from nngui.theme import LIGHT
from tests.integration.desktop import Desktop, Point, Rect, SpiedProgram

SEVEN = [(0.28, 0.25), (0.72, 0.25), (0.62, 0.48), (0.48, 0.80)]
ONE = [(0.54, 0.18), (0.50, 0.50), (0.46, 0.82)]
ZERO = [
    (0.5 - 0.20 * np.sin(angle), 0.5 - 0.30 * np.cos(angle)) for angle in np.linspace(0, 6.4, 24)
]
THREE = [
    (0.33, 0.24), (0.50, 0.17), (0.64, 0.27), (0.60, 0.40), (0.46, 0.48),
    (0.62, 0.56), (0.67, 0.70), (0.52, 0.82), (0.32, 0.75),
]  # fmt: skip


class Person:
    """What a person does and sees, in words."""

    def __init__(self, desktop: Desktop, program: SpiedProgram, folder: Path) -> None:
        self.desktop = desktop
        self.program = program
        self.folder = folder

    def click(self, name: str) -> None:
        self.desktop.click(self.program.rect(name).center)

    def sees(self, name: str, pattern: str, limit: float = 60.0) -> str:
        """Wait until a label's text matches."""
        found = re.compile(pattern)
        return self.program.wait_until(
            name, "text", lambda text: found.search(text) is not None, limit
        )

    def step(self) -> int:
        """The step that the status bar tells while paused."""
        text = self.sees("statusLabel", r"^Paused at step [\d,]+ of")
        return int(text.split()[3].replace(",", ""))

    def opens_tab(self, index: int) -> None:
        self.desktop.click(self.program.rect("tabs", index).center)
        self.program.wait_until("tabs", "currentIndex", lambda now: now == index)

    def draws(self, stroke: Sequence[tuple[float, float]]) -> None:
        """One stroke on the pad, by fractions of its size, as a hand would move."""
        pad = self.program.rect("drawPad")
        corners = np.array(stroke)
        places = np.linspace(0, len(corners) - 1, 8 * len(corners))
        across = np.interp(places, range(len(corners)), corners[:, 0])
        down = np.interp(places, range(len(corners)), corners[:, 1])
        self.desktop.drag([pad.at(x, y) for x, y in zip(across, down, strict=True)])

    def types_path(self, title: str, path: Path) -> None:
        """Fill in a file dialog."""
        self.desktop.wait_for_window(title)
        self.desktop.key("ctrl+a")
        self.desktop.type(str(path))
        self.desktop.key("Return")

    def waits_for_more(self, area: Rect, color: str, than: int) -> int:
        """Look again until an area shows more pixels of a color than that."""
        count = self.colored(area, color)
        for _ in range(50):
            if count > than:
                return count
            count = self.colored(area, color)
        raise AssertionError(f"only {count} pixels are {color}, not more than {than}")

    def colored(self, area: Rect, color: str) -> int:
        """How many pixels of an area of the screen have nearly a color."""
        picture = QImage(str(self.desktop.screenshot(self.folder / "screen.png")))
        picture = picture.copy(*area).convertToFormat(QImage.Format.Format_RGB32)
        bits = np.frombuffer(picture.constBits(), np.uint8).reshape(area.height, area.width, 4)
        wanted = QColor(color)
        blue_green_red = (wanted.blue(), wanted.green(), wanted.red())
        distance = np.abs(bits[..., :3].astype(int) - blue_green_red).sum(axis=2)
        return int(np.count_nonzero(distance < 30))


@pytest.fixture
def person(desktop: Desktop, tmp_path: Path) -> Iterator[Person]:
    with desktop.start("nngui") as program:
        desktop.wait_for_window("nnScratch")
        someone = Person(desktop, program, tmp_path)
        someone.sees("statusLabel", "^Ready")
        yield someone


def test_whole_main_job(person: Person) -> None:
    # Train with the mouse, and see the curves grow.
    person.click("trainButton")
    person.sees("statusLabel", "^Training: epoch")
    plot = person.program.rect("stepLossPlot")
    person.program.wait_until("mainWindow", "bench.session.progress.epoch", lambda e: e >= 2)
    early = person.waits_for_more(plot, LIGHT.train, than=20)

    # Pause with the keyboard; nothing moves; step a batch, then an epoch.
    person.desktop.key("space")
    step = person.step()
    person.desktop.key("period")
    person.sees("statusLabel", f"^Paused at step {step + 1:,} of")
    person.click("stepButton")
    person.sees("statusLabel", f"^Paused at step {step + 2:,} of")
    person.desktop.key("shift+period")
    per_epoch = person.program.read("mainWindow", "bench.session.history.started.steps_per_epoch")
    person.sees("statusLabel", rf"^Paused at step {-(-(step + 3) // per_epoch) * per_epoch:,} of")

    # Go on to the end.
    person.desktop.key("space")
    person.sees("statusLabel", "^Finished after", limit=120)
    person.waits_for_more(plot, LIGHT.train, than=early)
    accuracy = person.program.read("validationAccuracyFigure", "text")
    assert float(accuracy.split()[0]) > 97

    # Draw digits and see them read.
    person.opens_tab(1)
    for stroke, digit in ((SEVEN, "7"), (ONE, "1"), (ZERO, "0"), (THREE, "3")):
        person.click("clearPadButton")
        person.draws(stroke)
        person.sees("answerLabel", f"^{digit}$", limit=10)

    # Save, lose the weights, open them again: the same answer to the last digit. The bars are
    # read after the dialog, when the pad has surely seen the last of the stroke.
    path = person.folder / "mine.safetensors"
    person.desktop.key("ctrl+s")
    person.types_path("Save the model", path)
    person.program.wait_until("mainWindow", "lastMessage", lambda text: "Saved the model" in text)
    saved = load_model(path)
    assert saved.figures["validation_accuracy"] > 0.97
    before = person.program.read("probabilityBars", "accessibleDescription")
    person.desktop.wait_for_window("nnScratch")
    person.desktop.key("ctrl+r")
    person.sees("answerWords", "^Not trained yet")
    person.desktop.key("ctrl+o")
    person.types_path("Open a model", path)
    person.sees("weightsLabel", "mine.safetensors")
    person.sees("answerLabel", "^3$")
    person.program.wait_until(
        "probabilityBars", "accessibleDescription", lambda bars: bars == before, 10
    )


def test_stop_ends_the_run_and_train_begins_another(person: Person) -> None:
    person.click("trainButton")
    person.sees("epochLabel", "epoch 1 of 10")
    person.program.wait_until("mainWindow", "bench.session.progress.step", lambda s: s > 20)
    person.click("stopButton")
    person.sees("statusLabel", "^Stopped after")
    person.click("trainButton")
    person.sees("statusLabel", "^Training: epoch 1")


def test_close_while_training_asks_nothing_and_the_next_start_goes_on(
    person: Person, desktop: Desktop
) -> None:
    person.click("trainButton")
    person.program.wait_until("mainWindow", "bench.session.progress.epoch", lambda e: e >= 1)
    person.desktop.key("ctrl+q")
    assert person.program.process.wait(20) == 0
    with desktop.start("nngui") as program:
        desktop.wait_for_window("nnScratch")
        again = Person(desktop, program, person.folder)
        again.sees("recoveryBannerLabel", "was cut short in epoch")
        again.click("goOnButton")
        again.sees("statusLabel", "^(Training: epoch|Finished after)")


def test_value_out_of_range_is_marked_and_train_says_why(person: Person) -> None:
    field = person.program.rect("learningRateEdit")
    person.desktop.click(Point(field.x + field.width // 3, field.center.y), times=2)
    person.desktop.key("ctrl+a")
    person.desktop.type("7")
    person.desktop.key("Tab")
    person.click("trainButton")
    person.sees("messageBannerLabel", r"Training cannot start.*\(0, 1\], got 7")
    assert person.program.read("mainWindow", "bench.session.is_active") is False
