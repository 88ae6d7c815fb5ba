"""A folder of CSV files: for spreadsheets, other languages, and eyes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from nncore.atomic import write_folder_atomically
from nncore.exporters.exporter import Exporter
from nncore.model import Model, layer_names, tensors_of

_README = """\
Weights of a fully connected network, written by nnScratch.

Layers, first to last (z = W a + b; a starts as the pixels / 255, row by row):
{layers}

Each file holds one tensor, a row a line, comma separated, in float32 at full precision: reading a
number as float32 gives exactly the one that trained. A bias is one column.

  x.weight.csv   W, shape (units, inputs)
  x.bias.csv     b, shape (units,)
{normalization}
With numpy:  W = numpy.loadtxt("0.weight.csv", delimiter=",", dtype="float32", ndmin=2)

manifest.json says the same for programs, with the class names and the configuration.
"""

_NORMALIZATIONS = {
    "batch": """
A batch normalization's y = weight * (z - running_mean) / sqrt(running_var + epsilon) + bias.
""",
    "layer": """
A layer normalization's y = weight * (z - mean) / sqrt(variance + epsilon) + bias, with the mean and
variance (divided by the number of units) of the sample's own z.
""",
}


def _write(model: Model, path: Path) -> None:
    tensors = tensors_of(model.network)
    files = {f"{name}.csv": _csv(tensor) for name, tensor in tensors.items()}
    files["README.txt"] = _readme(model).encode()
    files["manifest.json"] = (json.dumps(_manifest(model, tensors), indent=2) + "\n").encode()
    write_folder_atomically(path, files)


def _csv(tensor: NDArray[Any]) -> bytes:
    # A float32's own text is the shortest that reads back as the same float32; a float64's is not.
    rows = tensor.reshape(len(tensor) if tensor.ndim else 1, -1)
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


def _readme(model: Model) -> str:
    layers, config = model.network.layers, model.network.config
    ends = [layer.activation.label for layer in layers[:-1]] + [config.loss.output_label]
    lines: list[str] = []
    notes: dict[str, str] = {}
    for layer, names, end in zip(layers, layer_names(config), ends, strict=True):
        steps = f"{layer.inputs} -> {layer.units}"
        if layer.norm is not None:
            kind = layer.normalization.label.lower()
            steps += f", {kind} normalization ({names.normalization})"
            notes[kind] = _NORMALIZATIONS[kind]
        lines.append(f"  {names.linear}: {steps}, {end}")
    return _README.format(layers="\n".join(lines), normalization="".join(notes.values()))


def _manifest(model: Model, tensors: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {
        "tensors": [
            {"name": name, "file": f"{name}.csv", "shape": tensor.shape}
            for name, tensor in tensors.items()
        ],
        "class_names": model.class_names,
        "preprocessing": model.preprocessing.model_dump(mode="json"),
        "figures": dict(model.figures),
        "config": model.config.to_dict(),
    }


CSV_FOLDER = Exporter(name="csv", label="CSV folder", suffix="", is_folder=True, write=_write)
