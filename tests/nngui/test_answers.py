"""The words are honest: about certainty, ties, chance and nothing at all."""

import pytest

from nngui.answers import (
    Certainty,
    answer_from,
    answer_to_nothing,
    answer_without_network,
    percent,
)

DIGITS = tuple("0123456789")


def plain(text):
    return text.replace("\u00a0", " ")


def ten(**given):
    """Ten probabilities: those given as d7=0.9, the rest spread evenly."""
    values = {int(name[1:]): p for name, p in given.items()}
    rest = (1 - sum(values.values())) / (10 - len(values))
    return [values.get(k, rest) for k in range(10)]


@pytest.mark.parametrize(
    ("fraction", "digits", "text"),
    [
        (0.98, 0, "98 %"),
        (0.9741, 2, "97.41 %"),
        (0.0, 1, "0.0 %"),
        (1.0, 0, "100 %"),
        (0.9999, 0, ">99 %"),
        (0.9999, 1, ">99.9 %"),
        (0.0001, 1, "<0.1 %"),
        (0.0001, 0, "<1 %"),
        (0.004, 0, "<1 %"),
        (0.006, 0, "1 %"),
    ],
)
def test_percent_never_rounds_doubt_or_hope_away(fraction, digits, text):
    assert plain(percent(fraction, digits)) == text


@pytest.mark.parametrize(
    ("probabilities", "headline", "certainty"),
    [
        (ten(d7=0.999), "7, almost certain (>99 %)", Certainty.SURE),
        (ten(d7=0.98), "7, quite sure (98 %)", Certainty.SURE),
        (ten(d7=0.8), "7, fairly sure (80 %)", Certainty.SURE),
        (ten(d7=0.6, d1=0.1), "Probably 7 (60 %)", Certainty.UNSURE),
        (ten(d4=0.52, d9=0.45), "4 or 9: can't decide (52 % / 45 %)", Certainty.UNSURE),
        (ten(d9=0.45, d4=0.40), "9 or 4: can't decide (45 % / 40 %)", Certainty.UNSURE),
        (ten(d3=0.31, d5=0.2), "Unsure, perhaps 3 (31 %)", Certainty.UNSURE),
        # Two leaders that are weak together are no choice between two.
        (ten(d3=0.3, d5=0.29), "Unsure, perhaps 3 (30 %)", Certainty.UNSURE),
    ],
)
def test_headline_says_how_sure_the_network_is(probabilities, headline, certainty):
    answer = answer_from(probabilities, DIGITS, trained=True)
    assert plain(answer.headline) == headline
    assert answer.certainty is certainty


def test_name_and_words_are_the_headline_in_two_parts():
    answer = answer_from(ten(d4=0.52, d9=0.45), DIGITS, trained=True)
    assert answer.name == "4 or 9"
    assert plain(answer.words) == "can't decide (52 % / 45 %)"


def test_untrained_network_names_no_class_however_high_its_figure():
    answer = answer_from(ten(d2=0.97), DIGITS, trained=False)
    assert answer.name == ""
    assert answer.certainty is Certainty.CHANCE
    assert "has not been trained: these figures are chance" in answer.explanation


def test_figures_that_are_no_numbers_are_not_made_an_answer():
    answer = answer_from([float("nan")] * 10, DIGITS, trained=True)
    assert answer.name == ""
    assert "too large" in answer.explanation


def test_nothing_drawn_and_no_network_are_told_apart():
    assert answer_to_nothing().headline == "Nothing drawn yet"
    assert answer_without_network().headline == "No network yet"
    assert answer_without_network("It takes 16 inputs.").explanation == "It takes 16 inputs."


def test_two_classes_with_long_names_work():
    answer = answer_from([0.55, 0.45], ("Ankle boot", "Sneaker"), trained=True)
    assert plain(answer.headline) == "Ankle boot or Sneaker: can't decide (55 % / 45 %)"
