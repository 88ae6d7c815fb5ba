"""The errors that nncore raises; each message says what, what is allowed and what came."""

from __future__ import annotations

from dataclasses import dataclass


class NNError(Exception):
    """Base of every error a user can cause; its text is a sentence fit to be shown."""


@dataclass(frozen=True)
class Problem:
    """One fault in a configuration.

    Attributes:
        path: Dotted path of the field, as in `optimizer.learning_rate`.
        message: What is allowed and what came, without the path.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path} {self.message}" if self.path else self.message


class ConfigError(NNError):
    """A configuration that cannot be used; carries all its problems at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class ShapeError(NNError):
    """Arrays whose shapes do not fit the network or each other."""


class DataError(NNError):
    """A dataset or an image that cannot be read or used."""


class ModelFileError(NNError):
    """A model file that cannot be read, or that does not hold a usable network."""


class FileWriteError(NNError):
    """A file or folder that cannot be written; what was there before is whole."""


class SearchError(NNError):
    """A search that cannot be started, found or gone on with."""
