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
    paths: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for seed_run, network in zip(run.runs, run.networks, strict=True):
            path = folder / f"trial-{number:04}-seed-{seed_run.seed}.safetensors"
            name = study.spec.settings.objective.metric
            figures = {f"validation_{name}": seed_run.value or 0.0, "trial": number}
            model = Model(
                network=network,
                config=run.config.replace("training.seed", seed_run.seed),
                class_names=dataset.class_names,
                figures=figures,
                preprocessing=Preprocessing.for_shape(dataset.image_shape),
            )
            save_model(path, model)
            paths.append(str(path.resolve()))
    except (NNError, OSError):
        return []
    if best is not None:
        for old in best.weights:
            Path(old).unlink(missing_ok=True)
    return paths
