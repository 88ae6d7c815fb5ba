"""`nnscratch evaluate`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from nncore.cli.configuring import data_name
from nncore.cli.progress import print_json, say
from nncore.data import Dataset, load_dataset
from nncore.errors import DataError
from nncore.evaluation import Evaluation
from nncore.evaluation import evaluate as evaluate_network
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

    Tells the loss, the accuracy with one and with more guesses, how far confidence and accuracy lie
    apart (the expected calibration error), the figures of each class, and which class was taken for
    which.
    """
    model = load_model(model_file)
    for note in model.notes:
        say(f"Note: {note}")
    dataset = load_dataset(data_name(data) if data is not None else model.config.data.name)
    _check_fit(model, dataset)
    figures = evaluate_network(model.network, dataset.test_images, dataset.test_labels)
    _check_finite(figures)
    if as_json:
        print_json(_record(model, figures))
    else:
        _print_tables(model, figures)


def _check_fit(model: Model, dataset: Dataset) -> None:
    if dataset.features != model.network.inputs or dataset.classes != model.network.classes:
        raise DataError(
            f"{dataset.name} does not fit the model: it has {dataset.features} features and "
            f"{dataset.classes} classes, the model {model.network.inputs} and "
            f"{model.network.classes}. Name another data set with --data."
        )
    if dataset.class_names != model.class_names:
        say(f"Note: the classes of {dataset.name} have other names than the model's.")


def _check_finite(figures: Evaluation) -> None:
    if not math.isfinite(figures.loss + figures.calibration.error):
        raise DataError(
            "The model's outputs for these images are no finite numbers: its weights are too "
            "large. Train it again with a smaller learning rate."
        )


def _record(model: Model, figures: Evaluation) -> dict[str, Any]:
    return {
        "loss": figures.loss,
        "accuracy": figures.accuracy,
        **{f"top_{k}_accuracy": share for k, share in figures.top.items()},
        "calibration_error": figures.calibration.error,
        "samples": figures.samples,
        "confusion_matrix": figures.confusion.tolist(),
        "per_class": [
            {"class": name, **row._asdict()}
            for name, row in zip(model.class_names, figures.per_class, strict=True)
        ],
    }


def _print_tables(model: Model, figures: Evaluation) -> None:
    console = Console(highlight=False, markup=False)
    console.print(
        f"{figures.accuracy:.2%} of {figures.samples:,} test images right, loss {figures.loss:.4f}"
    )
    told = [f"top {k} {share:.2%}" for k, share in figures.top.items()]
    told.append(f"expected calibration error {figures.calibration.error:.2%}")
    console.print(", ".join(told))
    table = Table("class", title="Each class", title_justify="left")
    for name in ("precision", "recall", "F1", "images"):
        table.add_column(name, justify="right")
    for name, row in zip(model.class_names, figures.per_class, strict=True):
        shares = (f"{share:.2%}" for share in (row.precision, row.recall, row.f1))
        table.add_row(name, *shares, f"{row.samples:,}")
    console.print(table)
    table = Table("true", title="True class (rows) taken for (columns)", title_justify="left")
    for name in model.class_names:
        table.add_column(name, justify="right")
    for name, counts in zip(model.class_names, figures.confusion.tolist(), strict=True):
        table.add_row(name, *(str(count) if count else "." for count in counts))
    console.print(table)
