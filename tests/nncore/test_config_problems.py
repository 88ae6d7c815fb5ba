"""What is said about a configuration that cannot be used."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.activations import Activation
from nncore.component import hyperparameters_of
from nncore.config import MAX_LAYERS, LayerConfig, RunConfig
from nncore.errors import ConfigError
from nncore.optimizers import Momentum, Optimizer

TRAINING_FIELDS = (
    "epochs, batch_size, schedule, warmup, l1, l2, max_norm, clipping, averaging, early_stopping, "
    "seed, threads"
)


def sentences(tree: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict(tree)
    assert str(caught.value) == "; ".join(str(problem) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def layer(**values: Any) -> dict[str, Any]:
    return {"network": {"hidden": [{"units": 4}, values]}}


def loss(**values: Any) -> dict[str, Any]:
    return {"network": {"loss": {"kind": "cross_entropy"} | values}}


def training(**values: Any) -> dict[str, Any]:
    return {"training": values}


def optimizer(**values: Any) -> dict[str, Any]:
    return {"optimizer": values}


EPOCHS = "training.epochs must be in [1, 100000]"
WHOLE_EPOCHS = "training.epochs must be a whole number in [1, 100000]"
BATCH = 'training.batch_size must be in [1, 1000000] or "full"'
WHOLE_BATCH = 'training.batch_size must be a whole number in [1, 1000000] or "full"'
RATE = "optimizer.learning_rate must be in (0, 1]"
OPTIMIZERS = ", ".join(Optimizer.members())
ACTIVATIONS = ", ".join(Activation.members())
KIND = f"optimizer.kind must be one of {OPTIMIZERS}"


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        # Out of range.
        (optimizer(kind="sgd", learning_rate=3.0), f"{RATE}, got 3.0"),
        (optimizer(kind="momentum", learning_rate=3.0), f"{RATE}, got 3.0"),
        (optimizer(kind="adam", learning_rate=3), f"{RATE}, got 3"),
        (optimizer(kind="sgd", learning_rate=0), f"{RATE}, got 0"),
        (optimizer(kind="sgd", learning_rate="3.0"), f"{RATE}, got 3.0"),
        (optimizer(kind="sgd", learning_rate=" 1e9 "), f"{RATE}, got 1e9"),
        (
            optimizer(kind="momentum", momentum=1),
            "optimizer.momentum must be in [0, 1), got 1",
        ),
        (training(epochs=0), f"{EPOCHS}, got 0"),
        (training(epochs=-3), f"{EPOCHS}, got -3"),
        (training(batch_size=0), f"{BATCH}, got 0"),
        (training(l2=-0.5), "training.l2 must be in [0, 1], got -0.5"),
        (
            layer(units=0),
            "network.hidden.1.units must be in [1, 16384], got 0",
        ),
        (
            layer(activation={"kind": "leaky_relu", "slope": 1}),
            "network.hidden.1.activation.slope must be in [0, 1), got 1",
        ),
        # The wrong type.
        (training(epochs=3.5), f"{WHOLE_EPOCHS}, got 3.5"),
        (training(epochs=True), f"{WHOLE_EPOCHS}, got true"),
        (training(epochs=None), f"{WHOLE_EPOCHS}, got null"),
        (training(epochs="many"), f"{WHOLE_EPOCHS}, got 'many'"),
        (training(epochs=[3]), f"{WHOLE_EPOCHS}, got [3]"),
        (training(epochs={"a": None}), f"{WHOLE_EPOCHS}, got {{'a': null}}"),
        (training(batch_size="ful"), f"{WHOLE_BATCH}, got 'ful'. Did you mean full?"),
        (training(batch_size=True), f"{WHOLE_BATCH}, got true"),
        (optimizer(kind="sgd", learning_rate=False), f"{RATE}, got false"),
        ({"data": {"name": 3}}, "data.name must be text, got 3"),
        # No finite numbers.
        (optimizer(kind="sgd", learning_rate=math.nan), f"{RATE}, got nan"),
        (optimizer(kind="sgd", learning_rate=math.inf), f"{RATE}, got inf"),
        (optimizer(kind="sgd", learning_rate="-inf"), f"{RATE}, got -inf"),
        (training(epochs=math.nan), f"{WHOLE_EPOCHS}, got nan"),
        # Huge.
        (
            training(seed=2**32),
            "training.seed must be in [0, 4294967295], got 4294967296",
        ),
        (training(epochs=10**4000), f"{EPOCHS}, got a number of about 4,001 digits"),
        (optimizer(kind="sgd", learning_rate=10**400), f"{RATE}, got a number of about 401 digits"),
        (training(epochs="x" * 500), f"{WHOLE_EPOCHS}, got '{'x' * 27}...{'x' * 28}'"),
        # Sections that are none.
        ({"training": None}, "training must be an object with named fields, got null"),
        ({"training": 3}, "training must be an object with named fields, got 3"),
        ({"network": "128"}, "network must be an object with named fields, got '128'"),
        ({"network": [1]}, "network must be an object with named fields, got [1]"),
        ({"network": {"hidden": None}}, "network.hidden must be a list, got null"),
        ({"network": {"hidden": {"units": 3}}}, "network.hidden must be a list, got {'units': 3}"),
        (
            {"network": {"hidden": [None]}},
            "network.hidden.0 must be an object with named fields, got null",
        ),
        (
            {"network": {"hidden": [1.5]}},
            "network.hidden.0 must be an object with named fields, got 1.5",
        ),
        (
            {"network": {"hidden": "64, many"}},
            "network.hidden.1.units must be a whole number in [1, 16384], got 'many'",
        ),
        (
            {"network": {"hidden": True}},
            "network.hidden must be a list, got true",
        ),
        (
            {"network": {"hidden": [True]}},
            "network.hidden.0 must be an object with named fields, got true",
        ),
        (
            {"network": {"hidden": [8] * (MAX_LAYERS + 1)}},
            f"network.hidden may hold at most {MAX_LAYERS} entries",
        ),
        # Components.
        (optimizer(kind="adma"), f"{KIND}, got 'adma'. Did you mean adam?"),
        (optimizer(kind="xyz"), f"{KIND}, got 'xyz'"),
        ({"optimizer": "Adam"}, f"{KIND}, got 'Adam'. Did you mean adam?"),
        (optimizer(kind=3), f"{KIND}, got 3"),
        (optimizer(kind=None), f"{KIND}, got null"),
        (
            optimizer(learning_rate=0.1),
            f"optimizer.kind is missing; it must be one of {OPTIMIZERS}",
        ),
        ({"optimizer": None}, f"optimizer must be one of {OPTIMIZERS}, got null"),
        ({"optimizer": 3}, f"optimizer must be one of {OPTIMIZERS}, got 3"),
        ({"optimizer": []}, f"optimizer must be one of {OPTIMIZERS}, got []"),
        (
            layer(activation="rleu"),
            f"network.hidden.1.activation.kind must be one of {ACTIVATIONS}, got 'rleu'. "
            "Did you mean relu?",
        ),
        # Unknown fields.
        ({"trainin": {}}, "trainin is not a known field. Did you mean training?"),
        (
            optimizer(kind="sgd", learning_rat=0.1),
            "optimizer.learning_rat is not a known field. Did you mean optimizer.learning_rate?",
        ),
        (
            optimizer(kind="momentum", learning_rat=0.1),
            "optimizer.learning_rat is not a known field. Did you mean optimizer.learning_rate?",
        ),
        (
            layer(unit=3),
            "network.hidden.1.unit is not a known field. Did you mean network.hidden.1.units?",
        ),
        (
            layer(activation={"kind": "leaky_relu", "slop": 0.1}),
            "network.hidden.1.activation.slop is not a known field. "
            "Did you mean network.hidden.1.activation.slope?",
        ),
        (
            training(xyz=3),
            f"training.xyz is not a known field. Known here: {TRAINING_FIELDS}.",
        ),
        (
            optimizer(kind="sgd", momentum=0.9),
            "optimizer.momentum is not a known field of sgd, but of momentum and nesterov.",
        ),
        (
            optimizer(kind="sgd", beta1=0.9),
            "optimizer.beta1 is not a known field of sgd, but of adam, adamw and lion.",
        ),
        # Numbers in a row.
        (
            loss(class_weights=[1, -2]),
            "network.loss.class_weights must be numbers in (0, 1000000] separated by commas, "
            "got -2",
        ),
        (
            loss(class_weights="1, x"),
            "network.loss.class_weights must be numbers in (0, 1000000] separated by commas, "
            "got 'x'",
        ),
        (
            loss(class_weights=True),
            "network.loss.class_weights must be numbers in (0, 1000000] separated by commas, "
            "got true",
        ),
        # The version.
        ({"version": 2}, "version must be 1, got 2"),
        ({"version": None}, "version must be 1, got null"),
    ],
)
def test_one_fault_gives_one_sentence(tree, sentence):
    assert sentences(tree) == [sentence]


def test_all_problems_come_at_once_in_order():
    tree = {
        "data": {"validation_fraction": 2},
        "network": {"hidden": [{"units": 0, "activation": "x"}, {"unit": 3}]},
        "optimizer": {"kind": "adam", "beta1": 1, "beta2": "a"},
        "training": {"epochs": 0, "batch_size": 0, "speed": 1},
        "more": 1,
    }
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict(tree)
    assert [problem.path for problem in caught.value.problems] == [
        "data.validation_fraction",
        "network.hidden.0.units",
        "network.hidden.0.activation.kind",
        "network.hidden.1.unit",
        "optimizer.beta1",
        "optimizer.beta2",
        "training.epochs",
        "training.batch_size",
        "training.speed",
        "more",
    ]


@pytest.mark.parametrize("given", [None, 3, [], [1], "text", b"bytes", RunConfig])
def test_what_is_no_tree_at_all_is_refused(given):
    assert sentences(given)[0].startswith("A configuration must be an object with named fields")


@pytest.mark.parametrize("member", list(Optimizer.members().values()))
def test_every_optimizers_own_fields_are_named_in_full(member):
    for declared in hyperparameters_of(member):
        assert declared.type == "number"
        tree = optimizer(kind=member.model_fields["kind"].default, **{declared.name: "no number"})
        path = f"optimizer.{declared.name}"
        assert sentences(tree) == [f"{path} must {declared.allowed}, got 'no number'"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"training": {"epochs": NaN}}', f"{WHOLE_EPOCHS}, got nan"),
        ('{"optimizer": {"kind": "sgd", "learning_rate": Infinity}}', f"{RATE}, got inf"),
        ('{"optimizer": {"kind": "sgd", "learning_rate": 1e999}}', f"{RATE}, got inf"),
        ('{"training": {"epochs": true}}', f"{WHOLE_EPOCHS}, got true"),
        ('{"version": 1, "version": 1}', "version stands there twice."),
        ('{"training": {"seed": 1, "epochs": 2, "seed": 2}}', "training.seed stands there twice."),
        (
            '{"network": {"hidden": [{}, {"units": 1, "units": 2}]}}',
            "network.hidden.1.units stands there twice.",
        ),
    ],
)
def test_faults_of_json_text_name_their_path(text, sentence):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("optimizer.learning_rate", "3.0", f"{RATE}, got 3.0"),
        ("optimizer.learning_rate", True, f"{RATE}, got true"),
        ("optimizer.kind", "adma", f"{KIND}, got 'adma'. Did you mean adam?"),
        (
            "network.hidden.0.units",
            0,
            "network.hidden.0.units must be in [1, 16384], got 0",
        ),
        (
            "optimizer.learning_rat",
            1,
            "optimizer.learning_rat is not a known field. Did you mean optimizer.learning_rate?",
        ),
        (
            "network.hidden.0.unit",
            1,
            "network.hidden.0.unit is not a known field. Did you mean network.hidden.0.units?",
        ),
        (
            "optimizer.momentum",
            0.9,
            "optimizer.momentum is not a known field of adam, but of momentum and nesterov.",
        ),
        ("epochs", 3, "epochs is not a known field. Did you mean training.epochs?"),
        (
            "learning_rate",
            3,
            "learning_rate is not a known field. Did you mean optimizer.learning_rate?",
        ),
        ("network.hidden.3.units", 4, "network.hidden.3 does not exist: the list has 1 entry."),
        ("network.hidden.-1.units", 4, "network.hidden.-1 does not exist: the list has 1 entry."),
        ("network.hidden.first", 4, "network.hidden.first does not exist: the list has 1 entry."),
        ("network.hidden.0x0", 4, "network.hidden.0x0 does not exist: the list has 1 entry."),
        (
            "optimizer.update",
            4,
            "optimizer.update is not a known field. "
            "Known here: learning_rate, kind, beta1, beta2, epsilon.",
        ),
        ("version.real", 1, "version.real does not exist: version has no fields."),
        ("data.name.upper", 1, "data.name.upper does not exist: data.name has no fields."),
        (
            "training.model_fields",
            1,
            f"training.model_fields is not a known field. Known here: {TRAINING_FIELDS}.",
        ),
        ("", 1, "An empty path names no field."),
        (
            "training.",
            1,
            f"training. is not a known field. Known here: {TRAINING_FIELDS}.",
        ),
    ],
)
def test_replace_says_what_is_wrong(path, value, sentence):
    before = RunConfig()
    with pytest.raises(ConfigError) as caught:
        before.replace(path, value)
    assert str(caught.value) == sentence
    assert before == RunConfig()
    if "got" not in sentence:
        with pytest.raises(ConfigError) as caught:
            before.get(path)
        assert str(caught.value) == sentence


# --- anything at all ------------------------------------------------------------------------------

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**63, 2**64])
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
JSON_VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)
ODD = st.sampled_from(
    [
        b"bytes",
        bytearray(b"1"),
        {1, 2},
        {3: 4},
        {None: 1, (1, 2): 3},
        object(),
        int,
        1j,
        np.float32(0.5),
        np.int64(3),
        np.arange(3),
        np.array(np.nan),
        range(3),
        "\ud800",
        {"\ud800": "\ud800"},
        Momentum(),
        LayerConfig(),
        RunConfig(),
        RunConfig,
        lambda: None,
        iter([1, 2]),
        ...,
    ]
)
ANYTHING = JSON_VALUES | ODD


def nested(depth: int, as_list: bool) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if as_list else {"units": value}
    return value


def itself() -> list[Any]:
    whole: list[Any] = []
    whole.append(whole)
    return whole


DEEP = [nested(5000, True), nested(5000, False), nested(300, True), itself()]

PATHS = [
    "version",
    "data",
    "data.name",
    "data.validation_fraction",
    "network",
    "network.hidden",
    "network.hidden.0",
    "network.hidden.0.units",
    "network.hidden.0.activation",
    "network.hidden.0.activation.kind",
    "network.hidden.0.initializer",
    "network.output",
    "network.output.initializer",
    "network.loss",
    "optimizer",
    "optimizer.kind",
    "optimizer.learning_rate",
    "optimizer.beta1",
    "training",
    "training.batch_size",
    "training.epochs",
    "training.l2",
    "training.seed",
]


def tree_with(path: str, value: Any) -> dict[str, Any]:
    """The defaults as plain values with one of them changed."""
    tree = RunConfig().to_dict()
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    node: Any = tree
    for part in parents:
        node = node[part]
    node[last] = value
    return tree


def check_refusal(error: ConfigError, path: str) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.path == path or problem.path.startswith(f"{path}."), problem
        assert problem.message
        assert len(str(problem)) < 500
        for leak in ("pydantic", "LayerConfig", "Input should", "model_type", "dictionary"):
            assert leak not in problem.message.partition(", got ")[0]
    str(error).encode()


def check(path: str, value: Any) -> None:
    for attempt in (
        lambda: RunConfig.from_dict(tree_with(path, value)),
        lambda: RunConfig().replace(path, value),
    ):
        try:
            config = attempt()
        except ConfigError as error:
            check_refusal(error, path.removesuffix(".kind"))
        else:
            assert RunConfig.from_json(config.to_json()) == config


@given(st.sampled_from(PATHS), ANYTHING)
@settings(max_examples=400)
def test_any_value_anywhere_is_taken_or_refused_with_its_path(path, value):
    check(path, value)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("value", DEEP, ids=["lists", "tables", "some lists", "itself"])
def test_deep_nesting_is_refused_with_its_path(path, value):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict(tree_with(path, value))
    check_refusal(caught.value, path.removesuffix(".kind"))


@given(st.sampled_from(["", "network", "network.hidden.0", "optimizer", "training"]), st.data())
def test_any_unknown_name_is_refused_with_its_path(section, data):
    name = data.draw(st.text())
    tree = RunConfig().to_dict()
    node: Any = tree
    for part in section.split(".") if section else []:
        node = node[int(part)] if part.isdigit() else node[part]
    if name in node:
        return
    node[name] = data.draw(JSON_VALUES)
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict(tree)
    (problem,) = caught.value.problems
    if name.isprintable():
        assert problem.path == (f"{section}.{name}" if section else name)
    assert "is not a" in problem.message


def refusal(attempt: Callable[[], object]) -> str | None:
    """What a ConfigError says, None when there was none; any other error passes through."""
    try:
        attempt()
    except ConfigError as error:
        return str(error)
    return None


@given(JSON_VALUES)
def test_any_json_is_taken_or_refused(value):
    assert refusal(lambda: RunConfig.from_json(json.dumps(value))) != ""


@given(st.text() | st.text("{}[]:,\"'0123456789.eE+-truefalsn \\u"))
def test_any_text_is_taken_or_refused(text):
    assert refusal(lambda: RunConfig.from_json(text)) != ""


@given(st.text() | st.text("abcdeghilmnoprstuwyz_.0123456789-"), ANYTHING)
def test_any_path_is_taken_or_refused(path, value):
    assert refusal(lambda: RunConfig().replace(path, value)) != ""


@given(st.dictionaries(st.text() | st.sampled_from([p for p in PATHS if "." not in p]), ANYTHING))
def test_any_tree_is_taken_or_refused(tree):
    assert refusal(lambda: RunConfig.from_dict(tree)) != ""


@pytest.mark.parametrize("name", ["\ud800", "new\nline", "x" * 100_000, "\0"])
def test_a_strange_name_is_shown_so_that_it_can_be_printed(name):
    (sentence,) = sentences({name: 1})
    assert sentence.isprintable()
    assert len(sentence) < 300
    sentence.encode()


@pytest.mark.parametrize(
    "value", [10**5000, -(10**5000), [10**5000], {"kind": 10**5000}], ids="abcd"
)
@pytest.mark.parametrize("path", ["training.epochs", "optimizer", "network.hidden"])
def test_huge_numbers_are_refused_with_their_path(path, value):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict(tree_with(path, value))
    check_refusal(caught.value, path)
