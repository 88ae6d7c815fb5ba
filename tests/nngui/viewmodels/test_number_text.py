import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngui.viewmodels.number_text import number_text, parse_number, rounded


@pytest.mark.parametrize(
    ("value", "text"),
    [(128, "128"), (0.001, "0.001"), (1e-8, "1e-8"), (2.5e-7, "2.5e-7"), (0.0, "0"), (1.0, "1")],
)
def test_numbers_are_written_short(value, text):
    assert number_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_text_reads_back_as_the_same_number(value):
    assert parse_number(number_text(value)) == value


@pytest.mark.parametrize("text", ["", "abc", "0,5", "nan", "inf", "1e999", "1_000", "٣", "1 2"])
def test_what_is_no_plain_number_is_refused(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "value"), [(" 1e-3 ", 0.001), (".5", 0.5), ("7", 7), ("+2.", 2)])
def test_usual_ways_to_write_a_number_are_read(text, value):
    assert parse_number(text) == value


def test_rounding_keeps_significant_digits():
    assert (rounded(0.0012345, 2), rounded(98765, 2)) == (0.0012, 99000)
