"""Which hyperparameters matter: how much of what makes good trials good each one explains."""

from __future__ import annotations

import warnings

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import TrialState

from nncore.search.study import SearchStudy

METHOD = "PED-ANOVA"
"""Watanabe, Bansal and Hutter 2023: compares the best tenth of the trials with all of them."""

LEAST_TRIALS = 10
"""Completed trials below which nothing is said."""


def importances(study: SearchStudy) -> dict[str, float]:
    """The share of each hyperparameter, the largest first; they add up to 1.

    Only what is chosen in every completed trial is compared; the units of a third layer, say, are
    not if some trials have two.

    Args:
        study: The study.

    Returns:
        Shares by parameter name; empty with too few completed trials, or nothing to tell apart.
    """
    completed = study.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    values = {trial.value for trial in completed}
    if len(completed) < LEAST_TRIALS or len(values) < 2:
        return {}
    common = [name for name in completed[0].params if all(name in t.params for t in completed)]
    varied = [name for name in common if len({str(t.params[name]) for t in completed}) > 1]
    if not varied:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        shares = optuna.importance.get_param_importances(
            study.study, evaluator=PedAnovaImportanceEvaluator(), params=varied
        )
    return dict(shares)
