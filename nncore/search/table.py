"""A study's trials as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from nncore.search.records import EpochFigures, TrialRecord

_COLUMNS = ("trial", "state", "value", "spread", "seconds", "attempt", "retry_of", "worker")


def plain_record(record: TrialRecord, *, with_curves: bool = True) -> dict[str, Any]:
    """One trial as plain values."""
    tree: dict[str, Any] = {
        "trial": record.number,
        "state": record.state,
        "value": record.value,
        "spread": record.spread,
        "params": record.params,
        "seconds": record.seconds,
        "attempt": record.attempt,
        "retry_of": record.retry_of,
        "worker": record.worker,
        "reason": record.reason,
        "started": record.started.isoformat() if record.started else None,
        "ended": record.ended.isoformat() if record.ended else None,
        "seeds": [{"seed": run.seed, "value": run.value} for run in record.runs],
        "weights": list(record.weights),
    }
    if with_curves:
        tree["config"] = record.config.to_dict() if record.config else None
        tree["curves"] = [
            {"seed": run.seed, "epochs": [epoch._asdict() for epoch in run.epochs]}
            for run in record.runs
        ]
    return tree


def to_json(records: Sequence[TrialRecord]) -> str:
    """All trials with their configurations and curves as JSON text."""
    return json.dumps([plain_record(it) for it in records], indent=1, allow_nan=False) + "\n"


def to_csv(records: Sequence[TrialRecord]) -> str:
    """One row for each trial, a header first: its facts, its parameters, each seed's value."""
    params = list(dict.fromkeys(name for record in records for name in record.params))
    seeds = max((len(record.runs) for record in records), default=0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *params, *(f"seed {index}" for index in range(seeds)), "reason"])
    for record in records:
        tree = plain_record(record, with_curves=False)
        values = [run.value for run in record.runs] + [None] * (seeds - len(record.runs))
        chosen = [record.params.get(name) for name in params]
        writer.writerow([*(tree[name] for name in _COLUMNS), *chosen, *values, record.reason])
    return text.getvalue()


def curves_to_csv(records: Sequence[TrialRecord]) -> str:
    """One row for each epoch of each training of each trial."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["trial", "seed", *EpochFigures._fields])
    for record in records:
        for run in record.runs:
            writer.writerows([record.number, run.seed, *epoch] for epoch in run.epochs)
    return text.getvalue()
