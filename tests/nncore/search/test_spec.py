"""SPACE.json: read, written and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nncore.errors import ConfigError
from nncore.presets import PRESETS
from nncore.search.spec import SearchSpec

GOOD: dict[str, Any] = {
    "preset": "quick",
    "space": {
        "optimizer.learning_rate": {"low": 0.001, "high": 0.1},
        "network.hidden": {"layers": {"low": 1, "high": 2}, "units": {"low": 4, "high": 8}},
    },
    "budget": {"trials": 5},
}


def problems(tree: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        SearchSpec.from_dict(tree)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_written_search_is_read_back_equal() -> None:
    spec = SearchSpec.from_dict(GOOD)
    assert SearchSpec.from_dict(json.loads(spec.to_json())) == spec
    assert spec.space.base == PRESETS["quick"].config


def test_all_problems_of_all_parts_are_told_at_once() -> None:
    found = problems(
        {
            "preset": "quik",
            "stratgy": "tpe",
            "pruning": "medain",
            "objective": {"metric": "acuracy"},
            "budget": {"trials": 0},
            "seeds": 0,
            "space": {"training.epoch": [1, 2]},
        }
    )
    assert "Did you mean quick?" in found["preset"]
    assert "Did you mean strategy?" in found["stratgy"]
    assert "Did you mean median?" in found["pruning"]
    assert "Did you mean accuracy?" in found["objective.metric"]
    assert {"budget.trials", "seeds"} <= set(found)
    assert "Did you mean training.epochs?" in found["space.training.epoch"]


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"budget": {}}, "budget", "never ends by itself"),
        ({"space": {"training.epochs": 3}}, "space", "varies nothing"),
        ({"space": None}, "space", "must be an object"),
        (
            {"strategy": "sweep", "space": {"training.epochs": [1, 2], "training.l2": [0, 0.1]}},
            "strategy",
            "exactly one hyperparameter, got 2",
        ),
        (
            {
                "strategy": "grid",
                "space": {"network.hidden": {"layers": 50, "units": [4, 8], "activation": "relu"}},
            },
            "space",
            "more than a trillion points",
        ),
        ({"config": {}}, "config", "keep one"),
        ({"name": 3}, "name", "must be text"),
    ],
)
def test_refused(change: dict[str, Any], place: str, words: str) -> None:
    assert words in problems(GOOD | change)[place]


def test_problem_in_the_base_configuration_has_its_place() -> None:
    tree = {name: value for name, value in GOOD.items() if name != "preset"}
    found = problems(tree | {"config": {"training": {"epochs": 0}}})
    assert "got 0" in found["config.training.epochs"]


def test_every_problem_of_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "SPACE.json"
    path.write_text('{"seeds": 0}')
    with pytest.raises(ConfigError) as caught:
        SearchSpec.from_file(path)
    assert len(caught.value.problems) > 1
    assert all(str(path) in str(problem) for problem in caught.value.problems)


def test_example_in_the_documentation_is_a_legal_search() -> None:
    page = (Path(__file__).parents[3] / "docs" / "search.md").read_text()
    example = page.partition("```json\n")[2].partition("```")[0]
    spec = SearchSpec.from_dict(json.loads(example))
    assert spec.settings.seeds == 3
    assert spec.space.layers is not None
