"""The plan of a search says what SPACE.json would say, and what is wrong with it at its place."""

from __future__ import annotations

import random

import pytest

from nncore.config import RunConfig
from nncore.search.domains import Choices, Range, values_of
from nncore.search.presets import SEARCH_PRESETS
from nncore.search.spec import SearchSpec
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.search_choices import choices_of, label_of
from nngui.viewmodels.search_plan import FREE, SearchPlan
from nngui.viewmodels.search_rows import PlanRow


@pytest.fixture
def plan(store) -> SearchPlan:
    return SearchPlan(store)


@pytest.mark.parametrize("key", SEARCH_PRESETS)
def test_preset_gives_the_search_of_the_command_line(plan, key):
    plan.load_preset(key)
    assert plan.problems == {}
    ours, theirs = plan.spec, SEARCH_PRESETS[key].spec
    assert ours.settings == theirs.settings
    assert plan.left_out == []
    if theirs.is_grid:
        points = [[it.values for it in spec.space.points()] for spec in (ours, theirs)]
        assert points[0] == points[1]
    for number in range(8):
        assert drawn(ours, number) == drawn(theirs, number)


def drawn(spec, seed):
    """A configuration of a space; the same of two that mean the same."""
    rng = random.Random(seed)

    def pick(_name, domain):
        if isinstance(domain, Range):
            ends = (domain.low, domain.high)
            return rng.randint(*ends) if domain.is_integer else rng.uniform(*ends)
        return rng.choice(values_of(domain))

    return spec.space.build(pick)


def test_what_a_row_cannot_say_of_a_study_is_told(plan):
    tree = {"strategy": "random", "budget": {"trials": 2}, "space": {}}
    slope = [{"kind": "leaky_relu", "slope": 0.2}, "relu"]
    both = "optimizer.learning_rate & training.l2"
    tree["space"] = {"network.hidden.0.activation": slope, both: [0.01, 0.1]}
    plan.load_study(SearchSpec.from_dict(tree))
    assert plan.left_out == ["network.hidden.0.activation", both]


def test_preset_searches_the_data_of_the_panels(store):
    store.change("data.name", "/some/folder")
    plan = SearchPlan(store)
    plan.load_preset("learning-rate")
    assert plan.config.data.name == "/some/folder"


@pytest.mark.parametrize("path", [it for it in choices_of(RunConfig()) if ".each." not in it])
def test_every_choice_begins_with_legal_values(store, path):
    plan = SearchPlan(store)
    plan.rows = []
    plan.add(path)
    assert plan.problems == {}


def test_fault_is_told_at_the_row_and_at_the_setting(plan):
    plan.set_row(plan.rows[0].with_text("low", "much"))
    plan.set_setting("budget.trials", "0.5")
    plan.check()
    assert plan.spec is None
    assert plan.problems["optimizer.learning_rate"] == "From: must be a number, got 'much'."
    assert plan.faulty["optimizer.learning_rate"] == {"low"}
    assert plan.problems["budget.trials"].startswith("Must be a whole number")


def test_range_gets_points_when_the_strategy_needs_them(plan):
    plan.remove("network.hidden.*.units")
    rate = plan.rows[0].choice
    plan.set_row(PlanRow(rate, "linear", {"low": "0.1", "high": "0.5"}))
    plan.check()
    assert plan.spec is not None
    plan.set_setting("strategy", "sweep")
    plan.check()
    points = [point.values["optimizer.learning_rate"] for point in plan.spec.space.points()]
    assert points == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    plan.set_row(PlanRow(rate, "linear", {"low": "0.1", "high": "0.5"}))
    plan.check()
    assert plan.problems["optimizer.learning_rate"].endswith('takes: fill in "step".')


def test_strategy_that_does_not_fit_is_told_in_the_words_of_the_form(plan):
    plan.set_setting("strategy", "sweep")
    plan.check()
    told = "One factor varies exactly one hyperparameter, got 2: learning rate, units."
    assert plan.problems == {"strategy": told}


def test_number_of_layers_takes_the_fields_of_layers_along(plan):
    plan.add("network.hidden.layers")
    plan.add("network.hidden.each.activation")
    layers = plan.spec.space.layers
    assert layers.shared == {"units"}
    assert layers.count == Range(0, 4, "linear", is_integer=True)
    assert isinstance(layers.fields["activation"], Choices)


def test_changing_the_panels_changes_what_is_searched_around(qtbot):
    store = ConfigStore()
    plan = SearchPlan(store)
    with qtbot.waitSignal(plan.checked):
        store.change("training.epochs", 77)
    assert plan.spec.space.base.training.epochs == 77


def test_presets_are_given_back_whole_after_own_changes(plan):
    plan.load_preset("batch-size")
    plan.load_preset(FREE)
    assert [row.choice.path for row in plan.rows] == [
        "optimizer.learning_rate",
        "network.hidden.*.units",
    ]


def test_parameters_have_the_labels_of_their_fields():
    known = choices_of(RunConfig())
    assert label_of("optimizer.learning_rate", known) == "Learning rate"
    assert label_of("network.hidden.3.units", known) == "Layer 4 units"
