"""Activation functions of the hidden layers, each with its derivative.

To add one, write one subclass of `Activation` in a module here and name it below; forms, files,
command line and tests find it.
"""

from nncore.activations.activation import Activation, Array
from nncore.activations.rectified import ELU, SELU, LeakyReLU, ReLU
from nncore.activations.saturating import Identity, Sigmoid, Tanh
from nncore.activations.smooth import GELU, SiLU, Softplus

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "Array",
    "Identity",
    "LeakyReLU",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Tanh",
]
