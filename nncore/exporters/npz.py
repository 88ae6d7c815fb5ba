"""`.npz`: numpy's own archive, one array for each tensor, without any pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np

from nncore.atomic import write_atomically
from nncore.exporters.exporter import Exporter
from nncore.model import Model, tensors_of


def _write(model: Model, path: Path) -> None:
    # numpy's stubs take every keyword for `allow_pickle`.
    tensors = cast(dict[str, Any], tensors_of(model.network))
    write_atomically(path, lambda file: np.savez(file, allow_pickle=False, **tensors))


NPZ = Exporter(name="npz", label="NumPy archive", suffix=".npz", is_folder=False, write=_write)
