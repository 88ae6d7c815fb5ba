"""`nnscratch evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from nncore.cli.configuring import data_name
from nncore.cli.progress import print_json, say
from nncore.data import Dataset, load_dataset
from nncore.errors import DataError
from nncore.features import scale_pixels
from nncore.metrics import ClassFigures, Figures, class_figures, confusion_matrix, measure
from nncore.model_file import Model, load_model


def evaluate(
    model_file: Annotated[Path, typer.Argument(metavar="MODEL", help="A .safetensors file.")],
    data: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="A data set; else the one it was trained on."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object to standard output.")
    ] = False,
) -> None:
    """Measure a model on the test images.

    Tells the loss, the accuracy, the figures of each class, and which class was taken for which.
    """
    model = load_model(model_file)
    for note in model.notes:
        say(f"Note: {note}")
    dataset = load_dataset(data_name(data) if data is not None else model.config.data.name)
    _check_fit(model, dataset)
    figures = measure(model.network, dataset.test_images, dataset.test_labels)
    predicted = model.network.predict_logits(scale_pixels(dataset.test_images)).argmax(axis=1)
    confusion = confusion_matrix(dataset.test_labels, predicted, dataset.classes)
    per_class = class_figures(confusion)
    if as_json:
        print_json(_record(model, figures, confusion, per_class))
    else:
        _print_tables(model, figures, confusion, per_class)


def _check_fit(model: Model, dataset: Dataset) -> None:
    if dataset.features != model.network.inputs or dataset.classes != model.network.classes:
        raise DataError(
            f"{dataset.name} does not fit the model: it has {dataset.features} features and "
            f"{dataset.classes} classes, the model {model.network.inputs} and "
            f"{model.network.classes}. Name another data set with --data."
        )
    if dataset.class_names != model.class_names:
        say(f"Note: the classes of {dataset.name} have other names than the model's.")


def _record(
    model: Model,
    figures: Figures,
    confusion: NDArray[np.int64],
    per_class: list[ClassFigures],
) -> dict[str, Any]:
    return {
        "loss": figures.loss,
        "accuracy": figures.accuracy,
        "samples": int(confusion.sum()),
        "confusion_matrix": confusion.tolist(),
        "per_class": [
            {"class": name, **row._asdict()}
            for name, row in zip(model.class_names, per_class, strict=True)
        ],
    }


def _print_tables(
    model: Model,
    figures: Figures,
    confusion: NDArray[np.int64],
    per_class: list[ClassFigures],
) -> None:
    console = Console(highlight=False, markup=False)
    console.print(
        f"{figures.accuracy:.2%} of {int(confusion.sum()):,} test images right, "
        f"loss {figures.loss:.4f}"
    )
    table = Table("class", title="Each class", title_justify="left")
    for name in ("precision", "recall", "F1", "images"):
        table.add_column(name, justify="right")
    for name, row in zip(model.class_names, per_class, strict=True):
        shares = (f"{share:.2%}" for share in (row.precision, row.recall, row.f1))
        table.add_row(name, *shares, f"{row.samples:,}")
    console.print(table)
    table = Table("true", title="True class (rows) taken for (columns)", title_justify="left")
    for name in model.class_names:
        table.add_column(name, justify="right")
    for name, counts in zip(model.class_names, confusion.tolist(), strict=True):
        table.add_row(name, *(str(count) if count else "." for count in counts))
    console.print(table)
