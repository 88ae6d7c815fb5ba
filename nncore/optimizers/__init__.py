"""Optimizers: hyperparameters with a pure update of flat arrays; their memory lives outside.

To add one, write one subclass of `Optimizer` in a module here and name it below; forms, files,
command line and tests find it.
"""

# Forms list the members in the order in which they are imported.
# isort: off
from nncore.optimizers.optimizer import Array, Optimizer, State
from nncore.optimizers.descent import SGD, Momentum, Nesterov
from nncore.optimizers.adaptive import AdaGrad, RMSProp
from nncore.optimizers.adam import Adam, AdamW
from nncore.optimizers.lion import Lion
# isort: on

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Array",
    "Lion",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "State",
]
