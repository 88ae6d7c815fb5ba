"""`.safetensors`: opens in PyTorch, JAX and many others, and in nnScratch itself."""

from __future__ import annotations

from pathlib import Path

from nncore.exporters.exporter import Exporter
from nncore.model_file import Model, save_model


def _write(model: Model, path: Path) -> None:
    save_model(path, model)


SAFETENSORS = Exporter(
    name="safetensors",
    label="Safetensors",
    suffix=".safetensors",
    is_folder=False,
    write=_write,
)
