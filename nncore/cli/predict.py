"""`nnscratch predict`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from nncore.cli.progress import print_json, say
from nncore.errors import DataError
from nncore.features import scale_pixels
from nncore.model_file import Model, load_model


def predict(
    model_file: Annotated[Path, typer.Argument(metavar="MODEL", help="A .safetensors file.")],
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE", help="Image files.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a line to standard output.")
    ] = False,
) -> None:
    """Tell what a model sees in image files.

    They are prepared as the draw pad prepares a drawing. An image that cannot be read is named, the
    others are done, and the exit status is 1.
    """
    model = load_model(model_file)
    for note in model.notes:
        say(f"Note: {note}")
    failed = False
    for path in images:
        try:
            probabilities = _probabilities(model, path)
        except DataError as error:
            say(f"Error: {error}")
            failed = True
            continue
        best = max(range(len(probabilities)), key=probabilities.__getitem__)
        name = model.class_names[best]
        if as_json:
            print_json(
                {
                    "path": str(path),
                    "class": name,
                    "probability": probabilities[best],
                    "probabilities": probabilities,
                }
            )
        else:
            typer.echo(f"{path}: {name} ({probabilities[best]:.2%})")
    if failed:
        raise typer.Exit(1)


def _probabilities(model: Model, path: Path) -> list[float]:
    """The probability of each class for one image file."""
    # Only here, for the other commands do not need it.
    from nncore.cli.images import read_gray

    pixels = model.preprocessing.prepare(read_gray(path))
    if model.preprocessing.kind == "digit" and not pixels.any():
        raise DataError(f"{path}: nothing is drawn there. Use a picture with one digit on it.")
    probabilities = model.predict_proba(scale_pixels(pixels.reshape(1, -1)))[0].tolist()
    if not all(math.isfinite(probability) for probability in probabilities):
        raise DataError(
            f"{path}: the model's outputs are no finite numbers: its weights are too large. Train "
            "it again with a smaller learning rate."
        )
    return probabilities
