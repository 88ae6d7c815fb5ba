"""Random numbers of a run: a stream for each purpose and place, so that nothing has to be saved.

The rule for everything random in training: draw it from `stream(seed, purpose, *place)`, where the
place is the epoch (from 1) and, if it is drawn anew within the epoch, the step within it (from 0).
Never keep a generator from one rest of the trainer to the next. Then a run is a function of its
configuration alone: the driver's pace changes nothing, and a run that is resumed in the midst of an
epoch draws what the uninterrupted one would have drawn.

Making a stream costs about 20 us, so small steps should draw for many of them at once: for blocks
of steps that begin at fixed multiples, such as every 256th step of the epoch.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What random numbers are for; the numbers are part of what a seed means, so they stay."""

    WEIGHTS = 0
    SHUFFLE = 1
    DROPOUT = 2
    AUGMENTATION = 3
    RANGE_TEST = 4


def stream(seed: int, purpose: Purpose, *place: int) -> np.random.Generator:
    """The stream of random numbers for one purpose at one place.

    Args:
        seed: The run's seed, `training.seed`.
        purpose: What the numbers are for.
        place: The epoch, and the step within it if need be; nothing for what is drawn once.
    """
    return np.random.default_rng([seed, int(purpose), *place])
