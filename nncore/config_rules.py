"""What no single field can tell: combinations of settings, and of settings and data, that fail.

To add a rule, write a function that takes an `Experiment` and yields problems, and name it in
`RULES`. The trainer, the form and the command line all ask `problems_of`, so a rule holds
everywhere at once. A message stands behind the field's name: it says what cannot work, why, and
what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from nncore.config import RunConfig
from nncore.errors import Problem
from nncore.machine_memory import machine_memory
from nncore.network_size import batch_bytes, parameter_bytes
from nncore.normalizations import BatchNormalization, LayerNormalization
from nncore.optimizers import SGD, Momentum, Nesterov

MEMORY_SHARE = 0.8
"""The part of the computer's memory that training may take; the rest is for data and system."""


class Experiment(NamedTuple):
    """A configuration and what is known of its data.

    Attributes:
        config: The configuration, each field legal by itself.
        inputs: Features of a sample.
        classes: Number of classes.
        samples: Samples to train on, those for validation left out.
        memory: What the computer has [bytes].
    """

    config: RunConfig
    inputs: int
    classes: int
    samples: int
    memory: int


def problems_of(
    config: RunConfig, inputs: int, classes: int, samples: int, memory: int | None = None
) -> list[Problem]:
    """Everything that keeps a configuration from being trained on some data.

    Args:
        config: The configuration, each field legal by itself.
        inputs: Features of a sample.
        classes: Number of classes.
        samples: Samples to train on, those for validation left out.
        memory: What there is to train in [bytes]; this computer's if None.

    Returns:
        One problem for each fault, blamed on the field that is the easiest to change.
    """
    memory = machine_memory() if memory is None else memory
    experiment = Experiment(config, inputs, classes, samples, memory)
    return [problem for rule in RULES for problem in rule(experiment)]


def _batches_to_normalize(experiment: Experiment) -> Iterator[Problem]:
    size = experiment.config.training.batch_size
    size = experiment.samples if size == "full" else min(size, experiment.samples)
    hidden = experiment.config.network.hidden
    normalized = [
        str(number)
        for number, layer in enumerate(hidden, start=1)
        if isinstance(layer.normalization, BatchNormalization)
    ]
    if size < 2 and normalized:
        layers = f"layer{'s' if len(normalized) > 1 else ''} {', '.join(normalized)}"
        yield Problem(
            "training.batch_size",
            f"must be at least 2 for the batch normalization of {layers}, got {size}: a single "
            "sample has no spread. Choose 16 or more, or layer normalization",
        )


def _units_to_normalize(experiment: Experiment) -> Iterator[Problem]:
    for index, layer in enumerate(experiment.config.network.hidden):
        if layer.units < 2 and isinstance(layer.normalization, LayerNormalization):
            yield Problem(
                f"network.hidden.{index}.units",
                f"must be at least 2 for layer normalization, got {layer.units}: a single unit "
                "would always be 0. Choose more units, or batch normalization",
            )


def _classes_of_the_loss(experiment: Experiment) -> Iterator[Problem]:
    for problem in experiment.config.network.loss.problems(experiment.classes):
        yield Problem(f"network.loss.{problem.path}", problem.message)


def _warmup_within_the_run(experiment: Experiment) -> Iterator[Problem]:
    training = experiment.config.training
    if training.warmup >= training.epochs:
        yield Problem(
            "training.warmup",
            f"must be shorter than the run, below {training.epochs}, got {training.warmup:g}: the "
            "learning rate would never reach its value. Choose a shorter one or more epochs",
        )


def _decay_below_all(experiment: Experiment) -> Iterator[Problem]:
    optimizer = experiment.config.optimizer
    share = optimizer.learning_rate * optimizer.decoupled_decay
    if share >= 1:
        yield Problem(
            "optimizer.learning_rate",
            f"times the weight decay must be below 1, got {share:g}: each step would take away all "
            "of the weights. Choose a smaller learning rate or decay",
        )


def _penalty_below_all(experiment: Experiment) -> Iterator[Problem]:
    """The same for an L2 penalty, where the optimizer takes the gradient as it is."""
    optimizer, l2 = experiment.config.optimizer, experiment.config.training.l2
    share = optimizer.learning_rate * l2
    if isinstance(optimizer, SGD | Momentum | Nesterov) and share >= 1:
        yield Problem(
            "training.l2",
            f"times the learning rate must be below 1, got {share:g}: each step would take away "
            "all of the weights. Choose a smaller penalty or learning rate",
        )


def _memory_for_the_run(experiment: Experiment) -> Iterator[Problem]:
    config, ends = experiment.config, (experiment.inputs, experiment.classes)
    of_parameters = parameter_bytes(config, *ends)
    of_batch = batch_bytes(config, *ends, experiment.samples)
    need, there_is = of_parameters + of_batch, experiment.memory
    if need <= MEMORY_SHARE * there_is:
        return
    why = (
        f"training would take about {_gigabytes(need)} of memory, and this computer has "
        f"{_gigabytes(there_is)}"
    )
    hidden, size = config.network.hidden, config.training.batch_size
    if of_batch >= of_parameters or not hidden:
        yield Problem(
            "training.batch_size",
            f"must be smaller, got {size}: {why}. Choose a smaller batch, or fewer units",
        )
        return
    widest = max(range(len(hidden)), key=lambda index: hidden[index].units)
    yield Problem(
        f"network.hidden.{widest}.units",
        f"must be smaller, got {hidden[widest].units}: {why}. Choose fewer units, or fewer layers",
    )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"


Rule = Callable[[Experiment], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    _batches_to_normalize,
    _units_to_normalize,
    _classes_of_the_loss,
    _warmup_within_the_run,
    _decay_below_all,
    _penalty_below_all,
    _memory_for_the_run,
)
"""Every rule, in the order in which problems are told."""
