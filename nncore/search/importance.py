"""Which hyperparameters matter: how much of what makes good trials good each one explains."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import create_trial

from nncore.search.domains import Choices, Range
from nncore.search.records import TrialRecord
from nncore.search.sampling import distribution_of
from nncore.search.spec import SearchSpec

METHOD = "PED-ANOVA"
"""Watanabe, Bansal and Hutter 2023: compares the best tenth of the trials with all of them."""

LEAST_TRIALS = 10
"""Completed trials below which nothing is said."""


def importances(spec: SearchSpec, records: Iterable[TrialRecord]) -> dict[str, float]:
    """The share of each hyperparameter, the largest first; they add up to 1.

    Only what is chosen in every completed trial is compared; the units of a third layer, say, are
    not if some trials have two.

    Args:
        spec: The search.
        records: Its trials.

    Returns:
        Shares by parameter name; empty with too few completed trials, or nothing to tell apart.
    """
    completed = completed_of(records)
    if len(completed) < LEAST_TRIALS or len({record.value for record in completed}) < 2:
        return {}
    common = [name for name in completed[0].params if all(name in it.params for it in completed)]
    varied = [name for name in common if len({str(it.params[name]) for it in completed}) > 1]
    domains = {name: spec.space.domain_of(name) for name in varied}
    distributions = {
        name: distribution_of(domain, is_grid=spec.is_grid)
        for name, domain in domains.items()
        if isinstance(domain, Choices | Range)
    }
    if not distributions:
        return {}
    # In memory: reading a storage again takes ten times as long as the rest.
    direction = "maximize" if spec.settings.objective.is_maximized else "minimize"
    study = optuna.create_study(direction=direction)
    for record in completed:
        params = {name: record.params[name] for name in distributions}
        study.add_trial(
            create_trial(value=record.value, params=params, distributions=distributions)
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        shares = optuna.importance.get_param_importances(
            study, evaluator=PedAnovaImportanceEvaluator(), params=list(distributions)
        )
    return dict(shares)


def completed_of(records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """The trials from which something follows."""
    return [it for it in records if it.state == "completed" and it.value is not None]
