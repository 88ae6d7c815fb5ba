"""Spaces: what may be varied, which configurations come of it, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from nncore import RunConfig
from nncore.errors import ConfigError
from nncore.search.domains import Choices, Domain, Fixed, Range, values_of
from nncore.search.space import Space
from nncore.search.space_reading import read_space


def read(tree: dict[str, Any], base: RunConfig | None = None, *, is_grid: bool = False) -> Space:
    return read_space(tree, base or RunConfig(), is_grid=is_grid)


def problems(tree: dict[str, Any], *, is_grid: bool = False) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        read(tree, is_grid=is_grid)
    return {problem.path: problem.message for problem in caught.value.problems}


def first(name: str, domain: Domain) -> Any:
    return values_of(domain)[0]


def last(name: str, domain: Domain) -> Any:
    return values_of(domain)[-1]


def test_fixed_values_lists_and_ranges_reach_the_configuration() -> None:
    space = read(
        {
            "training.epochs": 3,
            "training.batch_size": [16, "full"],
            "optimizer.learning_rate": {"low": 0.01, "high": 0.1, "count": 2},
        },
        is_grid=True,
    )
    config = space.build(last)
    assert (config.training.epochs, config.training.batch_size) == (3, "full")
    assert config.optimizer.learning_rate == 0.1


def test_range_takes_its_scale_from_the_declaration() -> None:
    space = read({"optimizer.learning_rate": {"low": 0.001, "high": 0.1}})
    domain = space.dimensions[0].domain
    assert isinstance(domain, Range)
    assert domain.scale == "log"
    space = read({"training.epochs": {"low": 1, "high": 5}})
    domain = space.dimensions[0].domain
    assert isinstance(domain, Range)
    assert (domain.scale, domain.is_integer) == ("linear", True)


def test_spaced_values_are_those_a_person_would_write() -> None:
    linear = Range(0.01, 0.91, step=0.1)
    assert linear.values == (0.01, 0.11, 0.21, 0.31, 0.41, 0.51, 0.61, 0.71, 0.81, 0.91)
    assert Range(0.001, 1.0, "log", count=4).values == (0.001, 0.01, 0.1, 1.0)
    assert Range(1, 4, is_integer=True).values == (1, 2, 3, 4)
    assert Range(10, 90, is_integer=True, step=10).values == tuple(range(10, 91, 10))


def test_grid_has_every_combination_once_with_the_last_changing_fastest() -> None:
    tree = {"training.epochs": [1, 2, 3], "training.batch_size": [8, 16]}
    found = [tuple(point.values.values()) for point in read(tree, is_grid=True).points()]
    assert found == list(itertools.product([1, 2, 3], [8, 16]))


def test_hidden_layers_are_chosen_whole() -> None:
    space = read({"network.hidden": ["128", "64,32", [16]]}, is_grid=True)
    shapes = [
        [layer.units for layer in point.config.network.hidden]
        for point in space.points()
        if point.config is not None
    ]
    assert shapes == [[128], [64, 32], [16]]


def test_number_of_layers_decides_which_units_are_chosen() -> None:
    tree = {
        "network.hidden": {"layers": [0, 1, 2], "units": [4, 8], "activation": "tanh"},
    }
    points = list(read(tree, is_grid=True).points())
    shapes = [
        tuple(layer.units for layer in point.config.network.hidden)
        for point in points
        if point.config is not None
    ]
    assert shapes == [(), (4,), (8,), (4, 4), (4, 8), (8, 4), (8, 8)]
    assert points[0].values == {"network.hidden.layers": 0}
    assert points[-1].config is not None
    assert {layer.activation.kind for layer in points[-1].config.network.hidden} == {"tanh"}


def test_shared_fields_are_the_same_in_all_layers() -> None:
    tree = {
        "network.hidden": {
            "layers": 3,
            "units": 4,
            "activation": ["relu", "tanh"],
            "shared": ["activation"],
        }
    }
    points = list(read(tree, is_grid=True).points())
    assert len(points) == 2
    for point in points:
        assert point.config is not None
        assert len({layer.activation for layer in point.config.network.hidden}) == 1


def test_star_sets_every_layer_and_ampersand_several_places() -> None:
    base = RunConfig.from_dict({"network": {"hidden": "8,4"}})
    name = "network.hidden.*.initializer & network.output.initializer"
    config = read({name: ["xavier", "he"]}, base).build(first)
    kinds = [layer.initializer.kind for layer in config.network.hidden]
    assert [*kinds, config.network.output.initializer.kind] == ["xavier"] * 3


def test_what_only_one_kind_has_is_chosen_for_that_kind_alone() -> None:
    tree = {"optimizer.beta1": [0.5, 0.8], "optimizer.kind": ["sgd", "adam"]}
    chosen = [point.values for point in read(tree, is_grid=True).points()]
    assert chosen == [
        {"optimizer.kind": "sgd"},
        {"optimizer.kind": "adam", "optimizer.beta1": 0.5},
        {"optimizer.kind": "adam", "optimizer.beta1": 0.8},
    ]


def test_choosing_the_kind_that_is_there_keeps_its_settings() -> None:
    base = RunConfig().replace("optimizer.learning_rate", 0.0123)
    space = read({"optimizer.kind": ["adam", "sgd"]}, base, is_grid=True)
    rates = [p.config.optimizer.learning_rate for p in space.points() if p.config is not None]
    assert rates[0] == 0.0123
    assert rates[1] != 0.0123


def test_all_problems_are_told_at_once_with_their_places() -> None:
    found = problems(
        {
            "optimizer.learning_rat": [0.1],
            "training.batch_size": [0, 16],
            "optimizer.learning_rate": {"low": 0.1, "high": 3},
            "training.epochs": {"low": 1, "hgih": 5},
            "network.output.initializer": ["hee"],
        }
    )
    assert "Did you mean optimizer.learning_rate?" in found["space.optimizer.learning_rat"]
    assert "got 0" in found["space.training.batch_size.0"]
    assert "must be in (0, 1], got 3" in found["space.optimizer.learning_rate.high"]
    assert "Did you mean high?" in found["space.training.epochs.hgih"]
    assert "Did you mean he?" in found["space.network.output.initializer.0"]


def test_one_fault_of_a_range_hides_no_other() -> None:
    found = problems({"training.l2": {"low": 0.0, "high": -1, "scal": "log", "count": 1}})
    assert {place.rpartition(".")[2] for place in found} == {"low", "high", "scal", "count"}


@pytest.mark.parametrize(
    ("tree", "place", "words"),
    [
        ({"data.name": ["mnist"]}, "data.name", "do not compare"),
        ({"training.seed": [1, 2]}, "training.seed", "lucky seed"),
        ({"training": [1]}, "training", "Name the fields in it"),
        ({"training.epochs": []}, "training.epochs", "at least one value"),
        ({"training.epochs": [2, 2]}, "training.epochs", "twice"),
        ({"training.epochs": {"low": 5, "high": 5}}, "training.epochs.high", "above the lower end"),
        ({"training.epochs": {"low": 1.5, "high": 5}}, "training.epochs.low", "whole number"),
        ({"training.l2": {"low": 0, "high": 0.1}}, "training.l2.low", "log scale"),
        ({"optimizer.kind": {"low": 1, "high": 2}}, "optimizer.kind", "has no range"),
        ({"network.hidden.3.units": [4]}, "network.hidden.3.units", "does not exist"),
        ({"network.hidden": {"units": 4}}, "network.hidden.layers", "is missing"),
        (
            {"network.hidden": {"layers": 1, "unit": 4}},
            "network.hidden.unit",
            "Did you mean units?",
        ),
        (
            {"network.hidden": ["4"], "network.hidden.0.units": [4, 5]},
            "network.hidden.0.units",
            "lies in network.hidden",
        ),
        (
            {"network.hidden.*.units": [4, 5], "network.hidden.0.units": [6]},
            "network.hidden.0.units",
            "Keep one",
        ),
    ],
)
def test_refused(tree: dict[str, Any], place: str, words: str) -> None:
    assert words in problems(tree)[f"space.{place}"]


def test_range_without_step_or_count_is_no_axis_of_a_grid() -> None:
    tree = {"optimizer.learning_rate": {"low": 0.001, "high": 0.1}}
    assert "count or step" in problems(tree, is_grid=True)["space.optimizer.learning_rate"]


def test_points_of_a_grid_are_counted_without_being_built() -> None:
    tree = {
        "network.hidden": {
            "layers": [0, 1, 3],
            "units": [4, 8],
            "activation": ["relu", "tanh", "sigmoid"],
            "shared": ["activation"],
        },
        "training.epochs": [1, 2],
    }
    space = read(tree, is_grid=True)
    assert space.most_points == len(list(space.points())) == 2 * (1 + 3 * 2 + 3 * 8)


def test_labels_tell_true_from_one_and_lists_from_text() -> None:
    choices = Choices((1, True, "1", [64, 32]))
    assert choices.labels == (1, True, "1", "[64, 32]")
    assert choices.value_of(True) is True
    assert choices.value_of("[64, 32]") == [64, 32]
    with pytest.raises(ValueError, match="none of the choices"):
        choices.value_of("2")


def test_fixed_list_is_written_so_that_it_is_read_back_as_fixed() -> None:
    space = read({"network.hidden": {"fixed": [8, 4]}})
    assert space.dimensions[0].domain == Fixed([8, 4])
    again = read({"network.hidden": space.dimensions[0].domain.plain})
    assert again == space
