"""The book of trials knows at any time what a look at all of them would say."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from nncore.search.records import best_of
from nngui.viewmodels.search_book import TrialBook
from nngui.viewmodels.search_view import curve_of
from tests.nngui.made_searches import made_spec, made_trial

STATES = ("completed", "completed", "pruned", "failed", "lost")


@pytest.mark.parametrize("metric", ["accuracy", "loss"])
def test_news_in_any_order_lead_to_what_all_trials_at_once_say(metric):
    rng = random.Random(0)
    spec = made_spec(objective={"metric": metric})
    running = [made_trial(number, None, "running", rate=0.1) for number in range(40)]
    ended = [
        made_trial(number, rng.choice((0.5, 0.6, 0.7, 0.8)), rng.choice(STATES), rate=0.1)
        for number in range(40)
    ]
    news = [*running, *ended]
    rng.shuffle(ended)
    book = TrialBook(spec)
    book.take(running)
    for record in ended:
        book.take([record])
    best = best_of(ended, is_maximized=metric == "accuracy")
    assert book.best == best
    assert book.finished == sum(it.is_finished for it in ended)
    assert book.completed == sum(it.state == "completed" for it in ended)
    assert [it.number for it in book.view().trials] == list(range(40))
    assert TrialBook(spec, news[40:]).best == best


def test_axis_of_a_grid_has_all_its_values_from_the_first_trial_on():
    book = TrialBook(made_spec(), [made_trial(0, 0.5, rate=0.1)])
    assert [it.values for it in book.dimensions] == [(0.01, 0.1), ("relu", "tanh")]
    assert [it.label for it in book.dimensions] == ["Learning rate", "Layer 1 activation"]


def test_axis_of_a_range_reaches_from_end_to_end():
    tree = {"strategy": "random", "budget": {"trials": 9}}
    tree["space"] = {"optimizer.learning_rate": {"low": 0.001, "high": 1.0}}
    book = TrialBook(made_spec(**tree), [made_trial(0, 0.5, rate=0.1)])
    assert book.dimensions[0].ends == (0.001, 1.0)
    assert book.dimensions[0].values == (0.1,)
    book.take([made_trial(1, 0.5, rate=0.01)])
    assert book.dimensions[0].values == (0.01, 0.1)


def test_words_stand_in_the_order_in_which_they_were_given():
    trials = [made_trial(0, 0.5, activation="tanh"), made_trial(1, 0.5, activation="relu")]
    assert TrialBook(made_spec(), trials).dimensions[1].values == ("relu", "tanh")


def test_curve_is_the_mean_of_the_seeds():
    record = made_trial(2, 0.6, values=(0.5, 0.7))
    assert curve_of(record, "validation_loss") == [1.0, 0.5]


@pytest.mark.parametrize(
    ("values", "is_log"),
    [
        ([32, 64, 128, 256], True),
        ([10, 100, 1000, 30_000], True),
        ([1, 2], False),
        ([10, 20, 30, 40], False),
        ([0, 0.1, 0.9], False),
    ],
)
def test_listed_numbers_stand_where_their_neighbors_are_evenly_far(values, is_log):
    space = {"training.batch_size": values} if 0 not in values else {"training.l2": values}
    record = replace(made_trial(0, 0.5), params=dict.fromkeys(space, values[1]))
    book = TrialBook(made_spec(strategy="sweep", space=space), [record])
    assert book.dimensions[0].is_log is is_log
