"""MNIST: 70,000 handwritten digits, shipped whole with nnScratch."""

from __future__ import annotations

from nncore.data.dataset import Dataset
from nncore.data.sources import idx_folder
from nncore.data.sources.source import Source
from nncore.resource_files import resource_path


def _load() -> Dataset:
    digits = tuple(str(digit) for digit in range(10))
    return idx_folder.load(resource_path("datasets", "mnist"), name="mnist", class_names=digits)


MNIST = Source(
    name="mnist",
    label="MNIST digits",
    description="Handwritten digits, 28 × 28 pixels: 60,000 to train with and 10,000 to test with.",
    attribution=(
        "MNIST by Yann LeCun, Corinna Cortes and Christopher J.C. Burges, "
        "licensed CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/)."
    ),
    load=_load,
)
