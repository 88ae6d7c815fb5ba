from __future__ import annotations

import pytest

from nncore.config import RunConfig
from nncore.config_difference import changed_paths

BASE = RunConfig().replace("network.hidden", "8,16")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.name", "other"),
        ("network.hidden", "8"),
        ("network.hidden.1.units", 3),
        ("network.hidden.0.activation.kind", "tanh"),
        ("network.output.initializer.kind", "xavier"),
        ("optimizer.kind", "sgd"),
        ("optimizer.beta1", 0.5),
        ("training.batch_size", "full"),
    ],
)
def test_one_changed_value_is_found_at_its_path_either_way(path, value):
    other = BASE.replace(path, value)
    assert changed_paths(BASE, other) == (path,)
    assert changed_paths(other, BASE) == (path,)


def test_all_changes_are_found_in_order():
    other = BASE.replace("training.seed", 3).replace("network.hidden.1.units", 3)
    assert changed_paths(BASE, other) == ("network.hidden.1.units", "training.seed")


def test_equal_configurations_differ_nowhere():
    assert changed_paths(BASE, RunConfig.from_json(BASE.to_json())) == ()
