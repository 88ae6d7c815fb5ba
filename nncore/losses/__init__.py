"""Losses, each with the output activation that belongs to it.

The arrays at the output are laid out (classes, batch), so that the reductions over classes run
along long contiguous rows (25 us -> 4 us for the row maximum at batch 500). To add a loss, write
one subclass of `Loss` in a module here and name it below.
"""

# Forms list the members in the order in which they are imported.
# isort: off
from nncore.losses.loss import Array, Labels, Loss
from nncore.losses.cross_entropy import CrossEntropy
from nncore.losses.binary import BinaryCrossEntropy
from nncore.losses.residual import Huber, MeanSquaredError
from nncore.losses.absolute import MeanAbsoluteError
# isort: on

__all__ = [
    "Array",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Huber",
    "Labels",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
]
