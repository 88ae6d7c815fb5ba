"""Keeps the networks of a study's best trial as model files."""

from __future__ import annotations

from pathlib import Path

from nncore.data import Dataset
from nncore.errors import NNError
from nncore.model_file import Model, Preprocessing, save_model
from nncore.search.study import SearchStudy
from nncore.search.trial_run import TrialRun


def keep_weights(
    study: SearchStudy, dataset: Dataset, run: TrialRun, number: int, folder: Path
) -> list[str]:
    """Write the networks of a trial if none before it was better.

    Args:
        study: The study.
        dataset: What it was trained on.
        run: The trial's training, completed.
        number: The trial's number.
        folder: Where the files go.

    Returns:
        The files' absolute paths, one for each seed; none if an earlier trial is better, or if they
        could not be written: then the configuration and its seed make the same networks again.
    """
    best, value = study.best(), run.value
    if value is None:
        return []
    if best is not None and best.value is not None:
        is_better = value > best.value if study.is_maximized else value < best.value
        if not is_better:
            return []
    try:
        paths = save_networks(study, dataset, run, number, folder)
    except (NNError, OSError):
        return []
    if best is not None:
        for old in best.weights:
            Path(old).unlink(missing_ok=True)
    return [str(path) for path in paths]


def save_networks(
    study: SearchStudy, dataset: Dataset, run: TrialRun, number: int, folder: Path
) -> list[Path]:
    """Write the networks of a trial, whatever it is worth; the arguments are those of the above.

    Returns:
        The files' absolute paths, one for each seed.

    Raises:
        NNError: If a file could not be written.
        OSError: If the folder could not be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = study.spec.settings.objective.metric
    paths: list[Path] = []
    for seed_run, network in zip(run.runs, run.networks, strict=True):
        path = network_path(folder, number, seed_run.seed)
        model = Model(
            network=network,
            config=run.config.replace("training.seed", seed_run.seed),
            class_names=dataset.class_names,
            figures={f"validation_{name}": seed_run.value or 0.0, "trial": number},
            preprocessing=Preprocessing.for_shape(dataset.image_shape),
        )
        save_model(path, model)
        paths.append(path.resolve())
    return paths


def network_path(folder: Path, number: int, seed: int) -> Path:
    """Where the network of a trial and a seed is kept."""
    return folder / f"trial-{number:04}-seed-{seed}.safetensors"
