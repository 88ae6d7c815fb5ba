"""The data sets that ship with nnScratch: one file each, and one line in this table."""

from __future__ import annotations

from nncore.data.sources.mnist import MNIST
from nncore.data.sources.source import Source

__all__ = ["SOURCES", "Source"]

SOURCES: dict[str, Source] = {source.name: source for source in (MNIST,)}
