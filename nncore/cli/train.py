"""`nnscratch train`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from nncore.checkpoint import load_checkpoint, read_checkpoint_header, save_checkpoint
from nncore.cli.configuring import configured, data_name, with_settings
from nncore.cli.interruption import Interruption
from nncore.cli.progress import TrainingProgress, print_json, say
from nncore.cli.run_folder import CHECKPOINT, choose_folder, drop_if_empty, write_run
from nncore.config import RunConfig
from nncore.data import Dataset, load_dataset
from nncore.events import EpochEnded, RunEnded, StepsEnded
from nncore.metrics import Figures, measure
from nncore.model_file import Model, Preprocessing
from nncore.presets import PRESETS
from nncore.trainer import Trainer

# How long a Ctrl+C may wait for the end of the steps under way [s].
_MOST_DELAY = 0.1


def train(
    config_file: Annotated[
        Path | None,
        typer.Argument(metavar="CONFIG.json", help="A configuration; else the preset quick."),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Start from one of: {', '.join(PRESETS)}.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="A data set, or a folder with IDX files."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Change one setting, as in optimizer.learning_rate=0.01 or network.hidden=128,64. "
            "May be given often; the later one wins.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the results go; else into a new folder here."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the results of an earlier run in DIR.")
    ] = False,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="CHECKPOINT",
            help="Go on with a run where its checkpoint was written. Only its learning rate and "
            "epochs may be set. The results go into its folder, unless told otherwise.",
        ),
    ] = None,
    checkpoint_every: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="EPOCHS",
            help="Write DIR/checkpoint.safetensors so often, and at Ctrl+C.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a line to standard output.")
    ] = False,
) -> None:
    """Train a network and write it into a folder.

    DIR gets model.safetensors, config.json and history.csv. The test images are looked at once,
    after the training. Ctrl+C ends the training and keeps what was reached; the exit status is 1
    then.
    """
    if resume is None:
        config = configured(config_file, preset, data, settings or [])
        folder = choose_folder(output, overwrite)
    elif config_file is None and preset is None:
        config = with_settings(read_checkpoint_header(resume).config, settings or [])
        folder = choose_folder(output or resume.parent, overwrite, resumed=resume)
    else:
        raise typer.BadParameter("--resume takes its configuration from the checkpoint")
    try:
        if resume is None:
            dataset = load_dataset(config.data.name)
            trainer = Trainer(config, dataset)
        else:
            dataset = load_dataset(config.data.name if data is None else data_name(data))
            trainer = load_checkpoint(resume, dataset, config)
        began = time.monotonic()
        checkpoint = (folder / CHECKPOINT, checkpoint_every) if checkpoint_every else None
        ended = _drive(trainer, as_json, checkpoint)
        seconds = time.monotonic() - began
        test: Figures | None = None
        paths: dict[str, str] = {}
        if ended.step:
            test = measure(trainer.network, dataset.test_images, dataset.test_labels)
            model = _model(trainer, config, dataset, ended, test)
            paths = write_run(folder, model, trainer.history)
    finally:
        drop_if_empty(folder)
    if as_json:
        record = _finished(trainer, ended, test, seconds)
        print_json(record | {"paths": paths})
    elif test is not None:
        _print_summary(trainer, test, len(dataset.test_labels), paths)
    if ended.reason == "completed" and ended.message:
        say(ended.message)
    if ended.reason != "completed":
        say(_why(ended))
        raise typer.Exit(1)


def _drive(trainer: Trainer, as_json: bool, checkpoint: tuple[Path, int] | None) -> RunEnded:
    """Run the trainer to its end, to a Ctrl+C, or until nobody reads the output any more.

    Args:
        trainer: What is run.
        as_json: Whether each epoch is written to standard output.
        checkpoint: Where checkpoints go, and how many epochs there are from one to the next.
    """
    events = trainer.run()
    # The first events tell how fast it goes; until then few steps are asked for at a time.
    trainer.steps_per_event, most = 8, trainer.steps_per_event
    with Interruption() as interruption, TrainingProgress(as_json) as progress:
        for event in events:
            try:
                progress.tell(event)
            except BrokenPipeError:
                # Python would fail again on leaving, when it empties the buffers.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                break
            if isinstance(event, StepsEnded):
                steps_per_second = event.samples_per_second / trainer.batch_size
                wanted = int(steps_per_second * _MOST_DELAY)
                trainer.steps_per_event = min(max(wanted, 1), most)
            if checkpoint is not None:
                path, every = checkpoint
                is_due = isinstance(event, EpochEnded) and event.epoch % every == 0
                if (is_due or interruption.is_asked) and trainer.can_be_resumed:
                    save_checkpoint(path, trainer)
            if interruption.is_asked:
                break
        events.close()
    ended = trainer.history.ended
    assert ended is not None, "a closed run has told its end"
    return ended


def _model(
    trainer: Trainer, config: RunConfig, dataset: Dataset, ended: RunEnded, test: Figures
) -> Model:
    figures: dict[str, float] = {"epoch": ended.epoch, "step": ended.step}
    measured = next((e for e in trainer.history.epochs if e.step == ended.step), None)
    if measured is not None:
        figures |= {
            "train_loss": measured.train_loss,
            "train_accuracy": measured.train_accuracy,
            "validation_loss": measured.validation_loss,
            "validation_accuracy": measured.validation_accuracy,
        }
    figures |= {"test_loss": test.loss, "test_accuracy": test.accuracy}
    return Model(
        network=trainer.network,
        config=config,
        class_names=dataset.class_names,
        figures=figures,
        preprocessing=Preprocessing.for_shape(dataset.image_shape),
    )


def _finished(
    trainer: Trainer, ended: RunEnded, test: Figures | None, seconds: float
) -> dict[str, Any]:
    return {
        "event": "finished",
        "reason": ended.reason,
        "message": ended.message,
        "epoch": ended.epoch,
        "step": ended.step,
        "best_epoch": trainer.history.best_epoch,
        "test_loss": test.loss if test else None,
        "test_accuracy": test.accuracy if test else None,
        "seconds": seconds,
    }


def _print_summary(trainer: Trainer, test: Figures, samples: int, paths: dict[str, str]) -> None:
    best = trainer.history.best
    if best is not None:
        typer.echo(
            f"Validation  {best.validation_accuracy:.2%} right in the best epoch, {best.epoch} "
            f"(loss {best.validation_loss:.4f})"
        )
    typer.echo(
        f"Test        {test.accuracy:.2%} of {samples:,} images right (loss {test.loss:.4f})"
    )
    for what, path in paths.items():
        typer.echo(f"{what.capitalize():<11} {path}")


def _why(ended: RunEnded) -> str:
    if ended.reason == "stopped" and ended.step == 0:
        return "Stopped before the first step: nothing was trained, and nothing is written."
    if ended.reason == "stopped":
        return f"Stopped in epoch {ended.epoch}, at step {ended.step:,}; what was reached is kept."
    return f"Error: {ended.message}"
