"""The words for what a network answers: honest about doubt, chance and an empty pad."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

ALMOST_CERTAIN = 0.995
QUITE_SURE = 0.9
FAIRLY_SURE = 0.7
UNDECIDED_RATIO = 0.6
"""From this share of the first class's probability on, the second one makes it a tie."""
LEAST_FOR_A_NAME = 0.4
"""Below this probability the first class is named as a guess only."""

_NARROW = "\u00a0"


class Certainty(Enum):
    """How much an answer may be relied on; widgets choose colors by it."""

    NONE = "none"
    CHANCE = "chance"
    UNSURE = "unsure"
    SURE = "sure"


@dataclass(frozen=True)
class Answer:
    """What is shown in large type, what stands beside it, and the sentence below.

    Attributes:
        name: The class, or the two it wavers between; empty if there is none to name.
        words: How sure it is, as in `quite sure (98 %)`.
        headline: Both as one phrase, as in `7, quite sure (98 %)`.
        explanation: One sentence that says what to make of it.
        certainty: How much it may be relied on.
    """

    name: str
    words: str
    headline: str
    explanation: str
    certainty: Certainty


def percent(fraction: float, digits: int = 0) -> str:
    """A fraction as a percentage that never rounds doubt or hope away.

    What would round to 0 or to 100 without being it is written `<1 %` or `>99 %`.

    Args:
        fraction: 0 to 1.
        digits: Digits after the decimal point.
    """
    text = f"{100 * fraction:.{digits}f}"
    step = 10.0**-digits
    if fraction > 0 and float(text) == 0:
        text = f"<{step:.{digits}f}"
    elif fraction < 1 and float(text) == 100:
        text = f">{100 - step:.{digits}f}"
    return f"{text}{_NARROW}%"


def answer_to_nothing() -> Answer:
    """The answer while the pad is empty."""
    return _nameless(
        "Nothing drawn yet",
        "Draw with the mouse, a finger or a pen, or open an image.",
        Certainty.NONE,
    )


def answer_without_network(reason: str = "") -> Answer:
    """The answer while there is no network that could give one.

    Args:
        reason: Why the network cannot be used, as a sentence; empty if there is none yet.
    """
    if reason:
        return _nameless("No answer", reason, Certainty.NONE)
    return _nameless("No network yet", "Press Train, or open a model.", Certainty.NONE)


def answer_from(
    probabilities: Sequence[float], class_names: Sequence[str], trained: bool
) -> Answer:
    """Put class probabilities into words.

    Args:
        probabilities: One for each class, 0 to 1.
        class_names: What the classes are called; two at least.
        trained: Whether the network has made at least one step of training.
    """
    if not all(math.isfinite(p) for p in probabilities):
        return _nameless(
            "No answer",
            "The network's numbers have become too large to be used. Reset the weights.",
            Certainty.CHANCE,
        )
    if not trained:
        return _nameless(
            "Not trained yet",
            "The network has not been trained: these figures are chance.",
            Certainty.CHANCE,
        )
    first, second = sorted(range(len(class_names)), key=lambda k: -probabilities[k])[:2]
    p, q = probabilities[first], probabilities[second]
    name, other = class_names[first], class_names[second]
    if p >= FAIRLY_SURE:
        return _sure(name, other, p, q)
    if q >= UNDECIDED_RATIO * p and p + q >= FAIRLY_SURE:
        both, words = f"{name} or {other}", f"can't decide ({percent(p)} / {percent(q)})"
        sentence = "The network sees signs of both. A clearer shape would help it."
        return Answer(both, words, f"{both}: {words}", sentence, Certainty.UNSURE)
    if p >= LEAST_FOR_A_NAME:
        words = f"probably ({percent(p)})"
        sentence = f"The network is not sure; its next guess is {other} ({percent(q)})."
        return Answer(name, words, f"Probably {name} ({percent(p)})", sentence, Certainty.UNSURE)
    words = f"unsure ({percent(p)})"
    sentence = "This looks like nothing the network has learned."
    headline = f"Unsure, perhaps {name} ({percent(p)})"
    return Answer(name, words, headline, sentence, Certainty.UNSURE)


def _sure(name: str, other: str, p: float, q: float) -> Answer:
    """The answer when one class stands out."""
    if p >= QUITE_SURE:
        words = "almost certain" if p >= ALMOST_CERTAIN else "quite sure"
        # It has to choose one of its classes, so a scribble can get a high figure too.
        sentence = "This is the network's own confidence; it can be confident and wrong."
    else:
        words = "fairly sure"
        sentence = f"Its next guess is {other} ({percent(q)})."
    words = f"{words} ({percent(p)})"
    return Answer(name, words, f"{name}, {words}", sentence, Certainty.SURE)


def _nameless(words: str, explanation: str, certainty: Certainty) -> Answer:
    return Answer("", words, words, explanation, certainty)
