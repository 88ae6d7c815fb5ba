"""The pictures of the sweeps, from small searches."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nncore.search.presets import SEARCH_PRESETS
from scripts import sweeps
from tests.nncore.search.searching import CONFIG, SWEEP, search

PAIR = {
    "strategy": "two-factor",
    "space": {"network.hidden.0.units": [2, 4], "optimizer.learning_rate": [0.01, 0.1]},
}


SWEPT = {"study.csv", "study.png", "study-losses.png"}


@pytest.mark.parametrize(
    ("changes", "names", "rows"),
    [
        ({}, SWEPT, 3),
        (PAIR, {"study.csv", "study.png"}, 4),
    ],
    ids=["sweep", "pair"],
)
def test_sweep_is_painted_with_its_numbers_beside(
    qapp: QApplication, tmp_path: Path, changes: dict[str, object], names: set[str], rows: int
) -> None:
    study = search(tmp_path, SWEEP | {"config": CONFIG, "seeds": 2} | changes)
    folder = tmp_path / "pictures"
    folder.mkdir()
    paths = sweeps.paint(study, folder, qapp.font())
    assert {path.name for path in paths} == names
    for path in paths:
        if path.suffix == ".png":
            image = QImage(str(path))
            colors = {image.pixel(x, y) for x in range(image.width()) for y in (100, 300, 500)}
            assert len(colors) > 3
    with (folder / "study.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == rows
    study.close()


def test_every_sweep_stands_in_its_page() -> None:
    page = (sweeps.FOLDER.parent / "sweeps.md").read_text(encoding="utf-8")
    assert len(sweeps.SWEEPS) == len(SEARCH_PRESETS) - 1 == 8
    for key in sweeps.SWEEPS:
        assert f"(sweeps/{key}.png)" in page
