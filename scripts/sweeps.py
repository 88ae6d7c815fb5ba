"""Run the original's eight sweeps and paint what came of them into docs/sweeps: `make sweeps`.

A sweep that has run before, in build/sweeps.sqlite3, is only painted; one that was stopped goes on.
The pictures are those of the Search tab, each with its numbers as CSV beside it.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from nncore.search.presets import DEFAULT, SEARCH_PRESETS
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy, study_names
from nngui.fonts import ensure_fonts
from nngui.theme import LIGHT
from nngui.viewmodels.search_book import TrialBook
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_charts import SlicePicture
from nngui.widgets.search_curves import CurvesPicture
from nngui.widgets.search_heat_map import HeatMapPicture
from nngui.widgets.search_painting import SlicedPainting, blank_image
from nngui.widgets.search_picture import Look, SearchPicture

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "sweeps"
STORAGE = ROOT / "build" / "sweeps.sqlite3"
SWEEPS = tuple(key for key in SEARCH_PRESETS if key != DEFAULT)
SEEDS = 3
ONE_SEED = ("epochs", "learning-rate-hidden-units")
"""Three seeds of these would take longer than all the others together."""
SIZE = QSize(760, 420)
DOTS_PER_PIXEL = 1.5


def run(key: str, storage: Path, workers: int) -> None:
    """Run one sweep as a person does, to its end."""
    storage.parent.mkdir(parents=True, exist_ok=True)
    known = study_names(storage_url(storage)) if storage.exists() else ()
    seeds = 1 if key in ONE_SEED else SEEDS
    # Called on a search that has ended, `resume` only tells how it stands.
    what = ["resume", key] if key in known else ["run", "--preset", key, "--seeds", str(seeds)]
    options = ["--storage", str(storage), "--workers", str(workers)]
    subprocess.run([sys.executable, "-m", "nncore.cli", "search", *what, *options], check=True)


def pictures_of(view: SearchView, size: QSize, font: QFont) -> dict[str, SearchPicture]:
    """What is painted of a sweep, by the end of the file's name: "" for its main picture."""
    names = tuple(it.name for it in view.dimensions)
    look = Look(names=names)
    if len(names) > 1:
        return {"": HeatMapPicture(view, look, size, LIGHT, font)}
    losses = Look(names=names, figure="validation_loss", is_log=True)
    return {
        "": SlicePicture(view, look, size, LIGHT, font),
        "-losses": CurvesPicture(view, losses, size, LIGHT, font),
    }


def paint(study: SearchStudy, folder: Path, font: QFont) -> list[Path]:
    """Write the pictures of a sweep, and the numbers of the main one.

    Returns:
        The files.
    """
    view = TrialBook(study.spec, study.records()).view()
    paths: list[Path] = []
    for end, picture in pictures_of(view, SIZE, font).items():
        image = blank_image(SIZE, DOTS_PER_PIXEL)
        SlicedPainting(image, picture.paint).finish()
        paths.append(folder / f"{study.name}{end}.png")
        image.save(str(paths[-1]))
        if not end:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(picture.rows())
            paths.append(folder / f"{study.name}.csv")
            paths[-1].write_text(text.getvalue(), encoding="utf-8")
    return paths


def main() -> None:
    """Run and paint every sweep, or those that are named."""
    parser = argparse.ArgumentParser(prog="scripts/sweeps.py")
    parser.add_argument("sweeps", nargs="*", help=f"of {', '.join(SWEEPS)}; all when none")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--storage", type=Path, default=STORAGE)
    chosen = parser.parse_args()
    if unknown := set(chosen.sweeps) - set(SWEEPS):
        parser.error(f"unknown sweep: {', '.join(sorted(unknown))}")
    app = QApplication(["sweeps"])
    ensure_fonts()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for key in chosen.sweeps or SWEEPS:
        run(key, chosen.storage, chosen.workers)
        study = SearchStudy.open(storage_url(chosen.storage), key)
        for path in paint(study, FOLDER, app.font()):
            print(path.relative_to(ROOT))
        study.close()


if __name__ == "__main__":
    main()
