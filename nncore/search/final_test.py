"""The last word: the test images are read once, for the configuration that was chosen."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nncore.data import Dataset
from nncore.errors import ModelFileError, SearchError
from nncore.metrics import measure
from nncore.model_file import load_model
from nncore.network import Network
from nncore.search.records import TrialRecord, spread_of
from nncore.search.shared_images import without_test
from nncore.search.study import SearchStudy
from nncore.search.trial_run import TrialRun


@dataclass(frozen=True)
class TestReport:
    """What the test images said.

    Attributes:
        trial: The chosen trial's number.
        accuracies: Fraction right, for each seed's network.
        losses: Mean loss, for each seed's network.
        samples: How many test images there are.
        read_at: When they were read, ISO 8601 in UTC.
        earlier: Trials of this study for which they had been read before: then it flatters.
    """

    __test__ = False

    trial: int
    accuracies: tuple[float, ...]
    losses: tuple[float, ...]
    samples: int
    read_at: str
    earlier: tuple[int, ...] = ()

    @property
    def accuracy(self) -> float:
        """The mean over the seeds."""
        return statistics.fmean(self.accuracies)

    @property
    def loss(self) -> float:
        """The mean over the seeds."""
        return statistics.fmean(self.losses)

    def plain(self) -> dict[str, Any]:
        """For a storage or JSON."""
        return asdict(self) | {"accuracy": self.accuracy, "loss": self.loss}

    def sentence(self) -> str:
        """What it says, and how often the test images have been read."""
        spread = spread_of(self.accuracies)
        seeds = "" if spread is None else f" (mean of {len(self.accuracies)} seeds, ±{spread:.2%})"
        figure = (
            f"Test: {self.accuracy:.2%} of {self.samples:,} images right{seeds}, "
            f"loss {self.loss:.4f}, for trial {self.trial}."
        )
        if not self.earlier:
            return f"{figure} The test images were read once, for this configuration alone."
        numbers = ", ".join(str(number) for number in self.earlier)
        return (
            f"{figure} They had been read before, for trial {numbers}: choosing by test figures "
            "makes them flatter."
        )


def read_test(study: SearchStudy, record: TrialRecord, dataset: Dataset) -> TestReport:
    """Measure the networks of the chosen trial on the test images, and keep what they say.

    Args:
        study: The study; a trial that was measured before is not measured again.
        record: The chosen trial, completed.
        dataset: The study's data set.

    Raises:
        SearchError: If the trial has no network that could be measured.
    """
    earlier = [report_from(tree) for tree in (study.test or {}).get("reports", [])]
    for report in earlier:
        if report.trial == record.number:
            return report
    figures = [
        measure(network, dataset.test_images, dataset.test_labels)
        for network in networks_of(study, record, dataset)
    ]
    report = TestReport(
        trial=record.number,
        accuracies=tuple(it.accuracy for it in figures),
        losses=tuple(it.loss for it in figures),
        samples=len(dataset.test_labels),
        read_at=datetime.now(UTC).isoformat(timespec="seconds"),
        earlier=tuple(it.trial for it in earlier),
    )
    study.set_test({"reports": [it.plain() for it in (*earlier, report)]})
    return report


def report_from(tree: dict[str, Any]) -> TestReport:
    """A report as it was kept."""
    return TestReport(
        tree["trial"],
        tuple(tree["accuracies"]),
        tuple(tree["losses"]),
        tree["samples"],
        tree["read_at"],
        tuple(tree["earlier"]),
    )


def networks_of(study: SearchStudy, record: TrialRecord, dataset: Dataset) -> Sequence[Network]:
    """The trained networks of a trial, one for each seed.

    They are read from the files that were kept; where there are none, training again with the same
    seeds gives the same networks.

    Raises:
        SearchError: If the trial was not completed.
    """
    if record.config is None or record.state != "completed":
        raise SearchError(f"Trial {record.number} was not completed, so it has no network.")
    if record.weights and all(Path(path).exists() for path in record.weights):
        try:
            return [load_model(path).network for path in record.weights]
        except ModelFileError:
            # A damaged file is no loss: the networks can be made again.
            pass
    settings = study.spec.settings
    run = TrialRun(
        record.config,
        without_test(dataset),
        settings.objective,
        settings.seeds,
        lambda epoch, value: False,
    )
    for _ in run:
        continue
    if run.outcome != "completed":
        raise SearchError(f"Training trial {record.number} again did not succeed: {run.reason}")
    return run.networks
