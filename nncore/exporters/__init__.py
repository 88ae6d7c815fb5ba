"""Formats in which trained weights leave: one file each, and one line in this table."""

from __future__ import annotations

from nncore.exporters.csv_folder import CSV_FOLDER
from nncore.exporters.exporter import Exporter
from nncore.exporters.npz import NPZ
from nncore.exporters.safetensors import SAFETENSORS

__all__ = ["EXPORTERS", "Exporter"]

EXPORTERS: dict[str, Exporter] = {
    exporter.name: exporter for exporter in (SAFETENSORS, NPZ, CSV_FOLDER)
}
