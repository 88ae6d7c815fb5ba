"""What `nnscratch search` says about a study as it stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from nncore.search import table
from nncore.search.final_test import report_from
from nncore.search.queue import TrialQueue
from nncore.search.records import TrialRecord, ranked
from nncore.search.study import SearchStudy
from nncore.search.verdict import value_text, verdict


def summary(study: SearchStudy, event: str) -> dict[str, Any]:
    """How a study stands, ready for JSON; `event` says on which occasion."""
    records, best = study.records(), study.best()
    settings = study.spec.settings
    reports = (study.test or {}).get("reports", [])
    return {
        "event": event,
        "study": study.name,
        "status": status_of(study),
        "finished": sum(record.is_finished for record in records),
        "total": study.total,
        "best": table.plain_record(best) if best else None,
        "verdict": verdict(records, settings.objective, settings.seeds),
        "test": reports[-1] if reports else None,
    }


def print_ranking(study: SearchStudy, records: Sequence[TrialRecord], top: int) -> None:
    """Print the best trials, why others failed, the verdict and what the test images said."""
    settings = study.spec.settings
    state = state_word(study)
    states = [
        CUT_SHORT if it.state == "running" and state == CUT_SHORT else it.state for it in records
    ]
    counts = ", ".join(f"{states.count(word)} {word}" for word in dict.fromkeys(states))
    typer.echo(f"{study.name}: {state}, {counts or 'no trial yet'}")
    if state == CUT_SHORT:
        typer.echo(
            "Nobody works on it any more: its processes were killed, or could not write. What is "
            f"finished is kept; go on by: nnscratch search resume {study.name}"
        )
    best = ranked(records, is_maximized=study.is_maximized)[:top]
    if best:
        metric = f"{settings.objective.epoch} validation {settings.objective.metric}"
        sheet = Table("trial", metric, "time", title=f"The best {len(best)}", title_justify="left")
        names = list(dict.fromkeys(name for record in best for name in record.params))
        for name in names:
            # A long path in several lines, rather than cut off.
            sheet.add_column(name.replace(".", ".\n"), justify="right", overflow="fold")
        for record in best:
            chosen = (str(_short(record.params.get(name, ""))) for name in names)
            seconds = f"{record.seconds:.1f} s"
            sheet.add_row(str(record.number), value_words(study, record), seconds, *chosen)
        Console(highlight=False, markup=False).print(sheet)
    for record in [it for it in records if it.state == "failed"][:3]:
        typer.echo(f"Trial {record.number} failed: {record.reason}")
    for line in (
        verdict(records, settings.objective, settings.seeds),
        *(report_from(tree).sentence() for tree in (study.test or {}).get("reports", [])),
    ):
        if line:
            typer.echo(line)


CUT_SHORT = "cut short"
"""The status of a search that was never stopped, and that nobody works on any more."""


def status_of(study: SearchStudy) -> str:
    """The study's status as it is, and not as it was when all its processes died."""
    return CUT_SHORT if TrialQueue(study, "").is_deserted(time.time()) else study.status


def state_word(study: SearchStudy) -> str:
    """The same, a stopped search told apart from one that has come to its end."""
    is_finished = study.status == "stopped" and TrialQueue(study, "").is_done
    return "finished" if is_finished else status_of(study)


def _short(value: Any) -> Any:
    return f"{value:.4g}" if isinstance(value, float) else value


def value_words(study: SearchStudy, record: TrialRecord) -> str:
    """A trial's value with its spread, or why it has none."""
    if record.value is None:
        return record.reason or "-"
    objective = study.spec.settings.objective
    text = value_text(record.value, objective)
    return text if record.spread is None else f"{text} ±{value_text(record.spread, objective)}"
