from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from nncore.activations import LeakyReLU, ReLU, Sigmoid
from nncore.component import Hyperparameter, hyperparameters_of
from nncore.config import LayerConfig, OutputConfig, RunConfig
from nncore.config_text import MAX_FILE_BYTES
from nncore.errors import ConfigError
from nncore.initializers import He, RandomUniform, Xavier
from nncore.optimizers import SGD, Adam, Momentum


def values_of(declared: Hyperparameter) -> st.SearchStrategy[Any]:
    """Legal values of one field, from its declaration alone."""
    if declared.family is not None:
        return st.one_of(*(trees_of(member) for member in declared.family.members().values()))
    if declared.type == "list":
        return st.lists(trees_of(LayerConfig), max_size=4)
    if declared.type == "section":
        return trees_of(type(declared.default))
    if declared.type == "choice":
        return st.sampled_from([declared.default, *map(type(declared.default), declared.words)])
    if declared.type == "boolean":
        return st.booleans()
    if declared.type == "text":
        return st.text(st.characters(exclude_categories=["Cs"]))
    bounds = declared.minimum, declared.maximum
    if declared.type == "integer":
        return st.one_of(st.integers(*bounds), st.sampled_from(declared.words or (bounds[0],)))
    number = st.floats(
        *bounds,
        exclude_min=not declared.minimum_included,
        exclude_max=not declared.maximum_included,
    )
    return st.lists(number, max_size=12) if declared.type == "numbers" else number


def trees_of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Legal plain trees of a model, any field left out at times."""
    required = {}
    if "kind" in model.model_fields:
        required["kind"] = st.just(model.model_fields["kind"].default)
    optional = {declared.name: values_of(declared) for declared in hyperparameters_of(model)}
    return st.fixed_dictionaries(required, optional=optional)


TREES = trees_of(RunConfig)


@given(TREES)
def test_any_legal_configuration_survives_a_round_trip(tree):
    config = RunConfig.from_dict(tree)
    assert RunConfig.from_dict(config.to_dict()) == config
    assert RunConfig.from_json(config.to_json()) == config
    assert RunConfig.from_json(config.to_json()).to_json() == config.to_json()


@given(TREES)
def test_what_is_given_is_kept(tree):
    def check(given: Any, kept: Any) -> None:
        if isinstance(given, dict):
            for name, value in given.items():
                check(value, kept[name])
        elif isinstance(given, list):
            assert len(given) == len(kept)
            for one, other in zip(given, kept, strict=True):
                check(one, other)
        else:
            assert kept == given
            assert type(kept) is type(given)

    check(tree, RunConfig.from_dict(tree).to_dict())


@given(TREES)
def test_replacing_any_value_by_itself_changes_nothing(tree):
    config = RunConfig.from_dict(tree)

    def walk(node: Any, path: str) -> None:
        names = node if isinstance(node, dict) else range(len(node))
        for name in names:
            inner = f"{path}.{name}" if path else str(name)
            if name == "kind":
                continue  # Setting a kind means its defaults.
            assert config.replace(inner, node[name]) == config
            assert config.replace(inner, config.get(inner)) == config
            if isinstance(node[name], dict | list):
                walk(node[name], inner)

    walk(config.to_dict(), "")


def test_the_file_is_plain_json_with_every_value_and_the_version():
    tree = json.loads(RunConfig().to_json())
    assert tree["version"] == 1
    augmentation = {"kind": "none"}
    expected = {"name": "mnist", "validation_fraction": 0.1, "augmentation": augmentation}
    assert tree["data"] == expected
    assert tree["network"]["hidden"] == [
        {
            "units": 128,
            "activation": {"kind": "relu"},
            "initializer": {"kind": "he"},
            "normalization": {"kind": "none"},
            "dropout": 0.0,
        }
    ]
    assert tree["network"]["output"] == {"initializer": {"kind": "he"}}
    loss = {"kind": "cross_entropy", "label_smoothing": 0.0, "class_weights": []}
    assert tree["network"]["loss"] == loss
    assert tree["optimizer"]["kind"] == "adam"
    assert tree["training"] == {
        "epochs": 10,
        "batch_size": 128,
        "schedule": {"kind": "constant"},
        "warmup": 0.0,
        "l1": 0.0,
        "l2": 0.0,
        "max_norm": 0.0,
        "clipping": {"kind": "none"},
        "averaging": {"kind": "none"},
        "early_stopping": {"kind": "none"},
        "seed": 0,
        "threads": 1,
    }
    assert RunConfig().to_json().endswith("}\n")


def test_an_empty_tree_is_the_defaults():
    assert RunConfig.from_dict({}) == RunConfig() == RunConfig.from_json("{}")


def test_from_dict_leaves_what_it_was_given_alone():
    tree = {"network": {"hidden": "64,32"}, "optimizer": "sgd"}
    RunConfig.from_dict(tree)
    assert tree == {"network": {"hidden": "64,32"}, "optimizer": "sgd"}


def test_nothing_can_be_changed_afterwards():
    config = RunConfig()
    with pytest.raises(ValidationError, match="frozen"):
        config.training.epochs = 3
    with pytest.raises(ValidationError, match="frozen"):
        config.optimizer = SGD()
    assert isinstance(config.network.hidden, tuple)


def test_equal_configurations_have_equal_hashes():
    first, second = RunConfig.from_dict({}), RunConfig.from_dict({})
    assert hash(first) == hash(second)
    assert len({first, second, first.replace("training.seed", 1)}) == 2


@pytest.mark.parametrize(
    ("given", "units"),
    [
        ("128,64", [128, 64]),
        ("128", [128]),
        (" 128 , 64 ", [128, 64]),
        ("", []),
        ([], []),
        ([128, 64], [128, 64]),
        ((32,), [32]),
        (32, [32]),
        (["32", 16], [32, 16]),
        ([{"units": 5}, 7], [5, 7]),
    ],
)
def test_hidden_layers_have_a_short_form(given, units):
    config = RunConfig.from_dict({"network": {"hidden": given}})
    assert config.network.hidden == tuple(LayerConfig(units=count) for count in units)
    assert config == RunConfig().replace("network.hidden", given)


def test_a_component_can_be_named_by_its_kind_alone():
    tree = {"optimizer": "momentum", "network": {"hidden": [{"activation": "sigmoid"}]}}
    config = RunConfig.from_dict(tree)
    assert config.optimizer == Momentum()
    assert config.network.hidden[0].activation == Sigmoid()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("optimizer.learning_rate", 0.001),
        ("optimizer.kind", "adam"),
        ("optimizer", Adam()),
        ("network.hidden.0.units", 128),
        ("network.hidden.0.activation", ReLU()),
        ("network.hidden.0.activation.kind", "relu"),
        ("network.hidden.0", LayerConfig()),
        ("network.output", OutputConfig()),
        ("training.batch_size", 128),
        ("data.name", "mnist"),
        ("version", 1),
    ],
)
def test_get_follows_a_dotted_path(path, value):
    assert RunConfig().get(path) == value


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("optimizer.learning_rate", 0.5, 0.5),
        ("optimizer.learning_rate", "0.5", 0.5),
        ("optimizer.learning_rate", "5e-1", 0.5),
        ("optimizer.learning_rate", 1, 1.0),
        ("training.epochs", "7", 7),
        ("training.epochs", 7.0, 7),
        ("training.batch_size", "full", "full"),
        ("training.batch_size", "64", 64),
        ("network.hidden.0.units", 5, 5),
        ("network.hidden.0.activation", "sigmoid", Sigmoid()),
        ("network.hidden.0.activation", LeakyReLU(slope=0.2), LeakyReLU(slope=0.2)),
        (
            "network.output.initializer",
            {"kind": "random_uniform", "limit": 1},
            RandomUniform(limit=1),
        ),
        ("network.hidden.0", {"units": 3}, LayerConfig(units=3)),
        ("optimizer", "sgd", SGD()),
        ("data.name", "some/folder", "some/folder"),
    ],
)
def test_replace_changes_one_value_and_nothing_else(path, value, expected):
    before = RunConfig()
    after = before.replace(path, value)
    assert after.get(path) == expected
    assert type(after.get(path)) is type(expected)
    assert before == RunConfig()
    assert after.replace(path, before.get(path)) == before


def test_setting_a_kind_puts_the_component_there_with_its_defaults():
    config = RunConfig().replace("optimizer.learning_rate", 0.7)
    assert config.replace("optimizer.kind", "sgd").optimizer == SGD()
    assert config.replace("optimizer.kind", "adam").optimizer == Adam()
    layers = config.replace("network.hidden.0.initializer.kind", "xavier").network.hidden
    assert layers == (LayerConfig(initializer=Xavier()),)


def test_replace_reaches_one_of_many_layers():
    config = RunConfig().replace("network.hidden", "8,16,32").replace("network.hidden.1.units", 9)
    assert [layer.units for layer in config.network.hidden] == [8, 9, 32]
    assert config.network.hidden[1] == LayerConfig(units=9, initializer=He())


def test_a_file_is_read(tmp_path):
    config = RunConfig().replace("training.seed", 3)
    path = tmp_path / "config.json"
    path.write_text(config.to_json(), encoding="utf-8")
    assert RunConfig.from_file(path) == config


def test_a_file_that_an_editor_began_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(RunConfig().to_json(), encoding="utf-8-sig")
    assert RunConfig.from_file(path) == RunConfig()


def test_a_file_with_windows_line_ends_is_read(tmp_path):
    path = tmp_path / "config.json"
    path.write_bytes(RunConfig().to_json().replace("\n", "\r\n").encode())
    assert RunConfig.from_file(path) == RunConfig()


def test_every_problem_of_a_file_names_the_file_and_the_field(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"optimizer": {"kind": "sgd", "learning_rate": 3.0}, "trainin": {}}')
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_file(path)
    assert len(caught.value.problems) == 2
    for problem in caught.value.problems:
        assert str(problem).startswith(f"{path}: ")
    assert "optimizer.learning_rate must be in (0, 1], got 3.0" in str(caught.value)
    assert "trainin is not a known field. Did you mean training?" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'"text"', "must be a JSON object"),
        (b"\xff\xfe{\0}\0", "not a text file"),
        (b"\x89PNG\r\n\x1a\n", "not a text file"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"training": {"epochs": ' + b"9" * 10_000 + b"}}", "not valid JSON"),
        (b" " * (MAX_FILE_BYTES + 1), "too large"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused_by_name(tmp_path, content, words):
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words) as caught:
        RunConfig.from_file(path)
    assert str(path) in str(caught.value)


def test_a_path_that_cannot_be_read_is_refused_by_name(tmp_path):
    for path in (tmp_path, tmp_path / "absent.json", tmp_path / "zero\0byte"):
        with pytest.raises(ConfigError) as caught:
            RunConfig.from_file(path)
        assert str(path) in str(caught.value)


def test_an_endless_file_is_not_read_to_its_end():
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("there is no endless file here")
    with pytest.raises(ConfigError, match="too large"):
        RunConfig.from_file(endless)
