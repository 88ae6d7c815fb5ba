"""Small searches and their trials, made without training."""

from __future__ import annotations

from typing import Any

from nncore.config import RunConfig
from nncore.search.records import EpochFigures, SeedRun, TrialRecord, TrialState
from nncore.search.spec import SearchSpec
from nngui.viewmodels.search_book import TrialBook
from nngui.viewmodels.search_view import SearchView

TREE: dict[str, Any] = {
    "config": {"network": {"hidden": "8"}, "training": {"epochs": 2, "batch_size": 10}},
    "strategy": "two-factor",
    "space": {
        "optimizer.learning_rate": [0.01, 0.1],
        "network.hidden.0.activation": ["relu", "tanh"],
    },
}


def made_spec(**changes: Any) -> SearchSpec:
    return SearchSpec.from_dict(TREE | changes)


def made_trial(
    number: int,
    value: float | None,
    state: TrialState = "completed",
    *,
    rate: float = 0.01,
    activation: str = "relu",
    values: tuple[float, ...] = (),
    epochs: int = 2,
) -> TrialRecord:
    figures = tuple(
        EpochFigures(at + 1, 1.0, 0.5, 1.0 / (at + 1), 0.5, 1.0) for at in range(epochs)
    )
    seeds = values or (() if value is None else (value,))
    runs = tuple(SeedRun(seed, figures, it) for seed, it in enumerate(seeds))
    config = RunConfig.from_dict(TREE["config"]).replace("optimizer.learning_rate", rate)
    return TrialRecord(
        number=number,
        state=state,
        params={"optimizer.learning_rate": rate, "network.hidden.0.activation": activation},
        config=config,
        value=value,
        runs=runs,
        started=None,
        ended=None,
        seconds=1.5 * (number + 1),
        worker="here",
        attempt=1,
        retry_of=None,
        reason="",
        weights=(),
        beat=0,
    )


def made_view(*records: TrialRecord, **changes: Any) -> SearchView:
    return TrialBook(made_spec(**changes), records).view()
