"""`nnscratch export`."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from nncore.cli.progress import print_json, say
from nncore.errors import FileWriteError
from nncore.exporters import EXPORTERS, Exporter
from nncore.model_file import load_model


def export(
    model_file: Annotated[Path, typer.Argument(metavar="MODEL", help="A .safetensors file.")],
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help=f"One of: {', '.join(EXPORTERS)}.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The file or folder; else one beside the model."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what is at PATH.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object to standard output.")
    ] = False,
) -> None:
    """Write a model's weights in another format."""
    exporter = _exporter(to)
    model = load_model(model_file)
    for note in model.notes:
        say(f"Note: {note}")
    path = output or model_file.with_name(f"{model_file.stem}-weights{exporter.suffix}")
    if path.exists() and not overwrite:
        raise FileWriteError(
            f"{path} already exists. Name another with --output, or add --overwrite to replace it."
        )
    exporter.write(model, path)
    if as_json:
        print_json({"format": exporter.name, "path": str(path.resolve())})
    else:
        typer.echo(f"{exporter.label}: {path}")


def _exporter(name: str) -> Exporter:
    if name not in EXPORTERS:
        near = difflib.get_close_matches(name, EXPORTERS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(EXPORTERS)
        raise typer.BadParameter(f"--to must be one of {known}, got {name!r}.{hint}")
    return EXPORTERS[name]
