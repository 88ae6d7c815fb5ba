"""Who proposes values, and who ends hopeless trials: Optuna's samplers and pruners, set up."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import optuna
from optuna import Study, Trial
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import ExperimentalWarning
from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from nncore.search.domains import Choices, Domain, Fixed, Range, label_of, values_of
from nncore.search.space import Pick
from nncore.search.spec import SearchSpec

STARTUP_TRIALS = 10
"""Random trials before TPE begins to learn from them; the same number for the median's voters."""

_DIGITS = 4


# Told by our own reports; Optuna would write a line to standard error for each trial.
optuna.logging.set_verbosity(optuna.logging.WARNING)


class NumberedSampler(BaseSampler):
    """Draws for each trial from a stream of its own, whoever runs it and in whatever order.

    A random search is then the same points with one worker or with ten.
    """

    def __init__(self, strategy: str, seed: int, startup_trials: int = STARTUP_TRIALS) -> None:
        """Prepare.

        Args:
            strategy: "random" or "tpe".
            seed: The same seed draws the same points.
            startup_trials: Random trials before TPE begins to learn from them.
        """
        self._strategy = strategy
        self._seed = seed
        self._startup_trials = startup_trials
        self._inner: BaseSampler = RandomSampler(seed)

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        """Make the sampler of this trial."""
        seed = hash((self._seed, trial.number)) % 2**32
        if self._strategy != "tpe":
            self._inner = RandomSampler(seed)
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            # Trials under way count as poor ones, or else several workers would try the same.
            self._inner = TPESampler(
                n_startup_trials=self._startup_trials,
                seed=seed,
                multivariate=True,
                group=True,
                constant_liar=True,
            )

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """See Optuna."""
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """See Optuna."""
        drawn = self._inner.sample_relative(study, trial, search_space)
        return {name: tidy(value, search_space[name]) for name, value in drawn.items()}

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """See Optuna."""
        drawn = self._inner.sample_independent(study, trial, param_name, param_distribution)
        return tidy(drawn, param_distribution)

    def after_trial(
        self,
        study: Study,
        trial: FrozenTrial,
        state: TrialState,
        values: Sequence[float] | None,
    ) -> None:
        """See Optuna."""
        self._inner.after_trial(study, trial, state, values)


def tidy(value: Any, distribution: BaseDistribution) -> Any:
    """A drawn number as a person would write it: 0.1366, not 0.13655998794998994.

    It is moved by less than a thousandth of its range, and what is shown is what is trained.
    """
    if not isinstance(distribution, FloatDistribution) or distribution.step is not None:
        return value
    low, high = distribution.low, distribution.high
    if distribution.log:
        # A narrow range needs more digits.
        digits = _DIGITS - math.floor(min(math.log10(math.log10(high / low)), 0.0))
        rounded = float(f"{value:.{digits}g}")
    else:
        rounded = round(value, _DIGITS - 1 - math.floor(math.log10(high - low)))
    return min(max(rounded, low), high)


class PointSampler(BaseSampler):
    """Proposes the values of a point that is given beforehand.

    Attributes:
        values: The point's values by parameter name.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """Nothing is drawn together."""
        return {}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Nothing is drawn together."""
        return {}

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """The point's value."""
        return label_of(self.values[param_name])


def pick_by(trial: Trial, *, is_grid: bool) -> Pick:
    """Lets a trial choose the values of a configuration."""

    def pick(name: str, domain: Domain) -> Any:
        if isinstance(domain, Fixed):
            return domain.value
        if isinstance(domain, Choices):
            return domain.value_of(trial.suggest_categorical(name, domain.labels))
        return _pick_number(trial, name, domain, is_grid)

    return pick


def distribution_of(domain: Choices | Range, *, is_grid: bool) -> BaseDistribution:
    """What a parameter may be, as Optuna says it.

    Args:
        domain: What it may be.
        is_grid: Whether the points are given beforehand.
    """
    if isinstance(domain, Choices):
        return CategoricalDistribution(domain.labels)
    is_log = domain.scale == "log"
    # The points of a grid need not lie on any step.
    step = None if is_grid else domain.step
    high = domain.high
    if step is not None:
        # Optuna would warn of a last step that is cut short.
        high = domain.low + math.floor((high - domain.low) / step + 1e-9) * step
    if domain.is_integer:
        return IntDistribution(int(domain.low), int(high), log=is_log, step=int(step or 1))
    return FloatDistribution(domain.low, high, log=is_log, step=step)


def _pick_number(trial: Trial, name: str, domain: Range, is_grid: bool) -> float:
    found = distribution_of(domain, is_grid=is_grid)
    if isinstance(found, IntDistribution):
        return trial.suggest_int(name, found.low, found.high, step=found.step, log=found.log)
    assert isinstance(found, FloatDistribution)
    value = trial.suggest_float(name, found.low, found.high, step=found.step, log=found.log)
    return value if found.step is None else float(f"{value:.12g}")


def pruner_of(spec: SearchSpec) -> BasePruner:
    """The pruner that a search asks for."""
    if spec.settings.pruning == "median":
        return MedianPruner(n_startup_trials=STARTUP_TRIALS // 2, n_warmup_steps=1)
    if spec.settings.pruning == "hyperband":
        return HyperbandPruner(min_resource=1, max_resource=most_epochs(spec), reduction_factor=3)
    return NopPruner()


def sampler_of(spec: SearchSpec) -> NumberedSampler | PointSampler:
    """Who proposes values in a search."""
    settings = spec.settings
    if spec.is_grid:
        return PointSampler()
    # Hyperband shows each trial only the others of its own bracket, of which there are a few.
    startup = STARTUP_TRIALS if settings.pruning != "hyperband" else STARTUP_TRIALS // 3
    return NumberedSampler(settings.strategy, settings.sampler_seed, startup)


def most_epochs(spec: SearchSpec) -> int:
    """The most epochs that any trial of a search may train."""
    path = "training.epochs"
    most = spec.space.base.training.epochs
    for dimension in spec.space.dimensions:
        if path in dimension.paths:
            domain = dimension.domain
            ends = (domain.high,) if isinstance(domain, Range) else values_of(domain)
            most = max(int(end) for end in ends)
    return most
