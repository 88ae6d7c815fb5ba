"""The table of commands, and the edge where errors become one line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import nncore
from nncore.cli.evaluate import evaluate
from nncore.cli.export import export
from nncore.cli.predict import predict
from nncore.cli.search import search_app
from nncore.cli.train import train
from nncore.errors import ConfigError, NNError

_HELP = """Train and use fully connected neural networks without a window.

Without a command, nnscratch opens the window.
"""

app = typer.Typer(
    name="nnscratch",
    help=_HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (train, evaluate, predict, export):
    app.command()(command)
app.add_typer(search_app, name="search")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"nnScratch {nncore.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """What may stand before a command."""
    del version


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status: 0 done, 1 failed, 2 wrong usage.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        # A class name that the terminal cannot show must not end the program.
        reconfigure(errors="replace")
    try:
        app(args=list(arguments), prog_name="nnscratch")
    except NNError as error:
        sys.stderr.write(f"Error: {_reason(error)}\n")
        return 1
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    return 0


def _reason(error: NNError) -> str:
    """A line; a line for each fault where a file has several."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    if len(problems) < 2:
        return " ".join(str(error).split())
    lines = (" ".join(str(problem).split()) for problem in problems)
    return "\n  ".join([f"{len(problems)} faults:", *lines])
