"""Time spans as people say them."""

import pytest

from nngui.number_words import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.84, "0.8 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7620, "2 h 07 min"),
        (36_000_000, "10,000 h 00 min"),
    ],
)
def test_duration_in_words(seconds, words):
    assert duration(seconds) == words
