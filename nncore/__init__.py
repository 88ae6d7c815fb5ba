"""nnScratch's engine: fully connected networks in plain numpy."""

from nncore.config import RunConfig
from nncore.data import load_dataset
from nncore.model_file import load_model, save_model
from nncore.network import Network
from nncore.trainer import Trainer

__all__ = ["Network", "RunConfig", "Trainer", "load_dataset", "load_model", "save_model"]
__version__ = "0.1.0"
