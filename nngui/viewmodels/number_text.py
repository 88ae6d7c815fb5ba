"""Numbers as text and back, the same in every locale: a decimal point, short exponents."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number.

    Args:
        value: A finite integer or float.

    Returns:
        Such as "128", "0.001", "1e-8" or "0".
    """
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text


def numbers_text(values: Iterable[float]) -> str:
    """Numbers separated by commas, as in "1, 0.5, 2"; "" when there are none."""
    return ", ".join(map(number_text, values))


def parse_number(text: str) -> float | int | None:
    """The number that a text stands for.

    Args:
        text: As typed; only digits, a decimal point and an exponent count, whatever the locale.

    Returns:
        An integer when the text is one, else a float; None when it is no finite number.
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped) or len(stripped) > 40:
        return None
    if stripped.lstrip("+-").isdigit():
        return int(stripped)
    value = float(stripped)
    return value if math.isfinite(value) else None


def rounded(value: float, digits: int) -> float:
    """A number rounded to so many significant digits.

    Args:
        value: A finite number.
        digits: Significant digits to keep, from 1.
    """
    return float(f"{value:.{digits - 1}e}")
