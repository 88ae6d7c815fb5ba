"""`nnscratch search ...`: the commands; their work is in `searching`, which needs Optuna."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nncore.cli.progress import print_json
from nncore.search.presets import SEARCH_PRESETS

search_app = typer.Typer(
    help="Search hyperparameters: a space, a study, any number of workers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Storage = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|URL",
        help="A SQLite file, or postgresql://user@host/database; else one in your data folder.",
    ),
]
Name = Annotated[str, typer.Argument(metavar="STUDY", help="The study's name.")]
Json = Annotated[
    bool, typer.Option("--json", help="Write one JSON object a line to standard output.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Processes that train at the same time.")
]
Trials = Annotated[int | None, typer.Option(min=1, help="Try this many points in all.")]
Seconds = Annotated[float | None, typer.Option(min=0, help="Start trials for this long in all.")]
Test = Annotated[
    bool,
    typer.Option("--test/--no-test", help="Read the test images for the best trial at the end."),
]


@search_app.command("run")
def run_search(
    space: Annotated[
        Path | None, typer.Argument(metavar="SPACE.json", help="What is searched, and how.")
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"One of: {', '.join(SEARCH_PRESETS)}.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(metavar="NAME|PATH", help="Another data set than the search's.")
    ] = None,
    storage: Storage = None,
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="The new study's name; else the search's.")
    ] = None,
    workers: Workers = None,
    trials: Trials = None,
    seconds: Seconds = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Train each point so often.")] = None,
    test: Test = True,
    as_json: Json = False,
) -> None:
    """Start a new search and run it to its end.

    Ctrl+C stops it; `nnscratch search resume` goes on with it. The test images are read once, at
    the end, for the best trial.
    """
    # Here, and not above: training or predicting must not wait for Optuna.
    from nncore.cli import searching

    spec = searching.asked_spec(space, preset, data, trials, seconds, seeds)
    searching.start(spec, storage, study or "", workers, test=test, as_json=as_json)


@search_app.command()
def resume(
    study: Name,
    storage: Storage = None,
    workers: Workers = None,
    trials: Trials = None,
    seconds: Seconds = None,
    test: Test = True,
    as_json: Json = False,
) -> None:
    """Go on with a search that was stopped, killed, or given a larger budget."""
    from nncore.cli import searching

    searching.go_on(study, storage, workers, trials, seconds, test=test, as_json=as_json)


@search_app.command()
def worker(
    study: Annotated[str, typer.Option(metavar="NAME", help="The study to work on.")],
    storage: Storage = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="Where the study's data set is on this machine."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Join a running search from this machine, with one process on one core.

    Start it as often as there are cores, on as many machines as there are.
    """
    from nncore.cli import searching

    searching.join(study, storage, data, as_json=as_json)


@search_app.command("list")
def list_studies(storage: Storage = None, as_json: Json = False) -> None:
    """List the searches that are kept in a storage."""
    from nncore.cli import searching

    searching.list_studies(storage, as_json=as_json)


@search_app.command()
def show(
    study: Name,
    storage: Storage = None,
    top: Annotated[int, typer.Option(min=1, help="How many of the best trials.")] = 10,
    as_json: Json = False,
) -> None:
    """Show how a search stands: its best trials, and whether they are better or luckier."""
    from nncore.cli import searching

    searching.show(study, storage, top, as_json=as_json)


@search_app.command()
def export(
    study: Name,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="csv, curves or json.")] = "csv",
    output: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The file; else standard output.")
    ] = None,
    storage: Storage = None,
) -> None:
    """Write a search's trials: csv a row each, curves a row for each epoch, json everything."""
    from nncore.cli import searching

    if to not in searching.FORMATS:
        raise typer.BadParameter(f"--to must be one of {', '.join(searching.FORMATS)}, got {to!r}.")
    searching.export(study, storage, to, output)


@search_app.command()
def presets(as_json: Json = False) -> None:
    """List the ready-made searches; with --json as they would stand in SPACE.json."""
    for key, preset in SEARCH_PRESETS.items():
        if as_json:
            print_json(preset.tree)
        else:
            typer.echo(f"{key:<28}{preset.name}: {preset.description}")
