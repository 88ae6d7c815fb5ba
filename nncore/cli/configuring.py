"""From the command line's options to a configuration."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from nncore.config import RunConfig
from nncore.data import SOURCES
from nncore.errors import ConfigError
from nncore.presets import FIRST_PRESET, PRESETS


def configured(
    file: Path | None, preset: str | None, data: str | None, settings: Sequence[str]
) -> RunConfig:
    """Build the configuration: a file or a preset, then what is set, in order.

    Args:
        file: A configuration as JSON.
        preset: A name in `PRESETS`; the one that the window opens with when there is no file.
        data: A data set's name or folder.
        settings: Texts "path=value".

    Raises:
        ConfigError: If the file cannot be used.
        typer.BadParameter: If an option cannot be used.
    """
    if file is not None and preset is not None:
        raise typer.BadParameter("give a configuration file or --preset, not both")
    config = _preset(preset or FIRST_PRESET) if file is None else RunConfig.from_file(file)
    if data is not None:
        config = config.replace("data.name", data_name(data))
    return with_settings(config, settings)


def with_settings(config: RunConfig, settings: Sequence[str]) -> RunConfig:
    """Change a configuration as `--set` says.

    Args:
        config: What to start from.
        settings: Texts "path=value", in order.

    Raises:
        typer.BadParameter: If one cannot be used.
    """
    for setting in settings:
        config = _set(config, setting)
    return config


def data_name(text: str) -> str:
    """A data set's name as it is; a folder as an absolute path, the same from anywhere."""
    if text in SOURCES or not Path(text).is_dir():
        return text
    return str(Path(text).resolve())


def _preset(name: str) -> RunConfig:
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(PRESETS)
        raise typer.BadParameter(f"--preset must be one of {known}, got {name!r}.{hint}")
    return PRESETS[name].config


def _set(config: RunConfig, setting: str) -> RunConfig:
    path, equals, value = setting.partition("=")
    if not equals:
        raise typer.BadParameter(
            f"--set takes PATH=VALUE, as in --set training.epochs=10, got {setting!r}"
        )
    try:
        return config.replace(path.strip(), _value(value.strip()))
    except ConfigError as error:
        raise typer.BadParameter(f"--set {setting}: {error}") from None


def _value(text: str) -> Any:
    """A list or an object as JSON; anything else as it was typed."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"{text[:60]!r} is not valid JSON: {error}") from None
