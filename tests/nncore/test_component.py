from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from nncore.activations import Activation, LeakyReLU
from nncore.averaging import Averaging
from nncore.clipping import Clipping
from nncore.component import Component, OneOf, hyperparameter, hyperparameters_of
from nncore.config import DataConfig, LayerConfig, NetworkConfig, RunConfig, TrainingConfig
from nncore.early_stopping import EarlyStopping
from nncore.initializers import Initializer
from nncore.losses import Loss
from nncore.optimizers import SGD, Adam, Optimizer
from nncore.schedules import Schedule

FAMILIES = (
    Activation,
    Averaging,
    Clipping,
    EarlyStopping,
    Initializer,
    Loss,
    Optimizer,
    Schedule,
)


class Shade(Component):
    """A made-up family."""


class Plain(Shade):
    """Takes nothing."""

    kind: Literal["plain"] = "plain"


class Striped(Shade):
    """Takes something."""

    kind: Literal["striped"] = "striped"
    label: ClassVar[str] = "With stripes"

    width: int = hyperparameter(2, help="How wide.", ge=1, le=9, unit="pixels", scale="log")


class Pinstriped(Striped):
    """A member of a member."""

    kind: Literal["pinstriped"] = "pinstriped"


class Everything(BaseModel):
    """One field of each type."""

    whole: int = hyperparameter(1, help="h", gt=0, label="A whole one", too_small="s", formula="f")
    real: float = hyperparameter(0.5, help="h", le=1, too_large="l")
    switch: bool = hyperparameter(True, help="h")
    words: str = hyperparameter("x", help="h")
    choice: Literal["a", "b"] = hyperparameter("a", help="h")
    mixed: Annotated[int, Field(ge=1, lt=5)] | Literal["full"] = hyperparameter("full", help="h")
    shade: Annotated[Shade, OneOf()] = hyperparameter(Plain(), help="h")
    many: tuple[int, ...] = hyperparameter((1,), help="h")
    section: Plain = hyperparameter(Plain(), help="h")


DECLARED = {declared.name: declared for declared in hyperparameters_of(Everything)}


def models() -> Iterator[type[BaseModel]]:
    yield from (RunConfig, DataConfig, NetworkConfig, LayerConfig, TrainingConfig)
    for family in FAMILIES:
        yield from family.members().values()


def declarations() -> list[Any]:
    return [
        pytest.param(declared, id=f"{model.__name__}.{declared.name}")
        for model in models()
        for declared in hyperparameters_of(model)
    ]


@pytest.mark.parametrize("declared", declarations())
def test_every_hyperparameter_is_explained(declared):
    assert declared.label[:1].isupper()
    assert len(declared.help.split()) >= 3
    assert declared.help.endswith(".")
    for words in (declared.too_small, declared.too_large):
        assert not words or words.endswith(".")


@pytest.mark.parametrize("declared", declarations())
def test_every_default_is_legal(declared):
    if declared.type not in ("integer", "number") or declared.default in declared.words:
        return
    assert not isinstance(declared.default, bool)
    assert math.isfinite(declared.default)
    if declared.minimum is not None:
        assert declared.default >= declared.minimum
        assert declared.minimum_included or declared.default > declared.minimum
    if declared.maximum is not None:
        assert declared.default <= declared.maximum
        assert declared.maximum_included or declared.default < declared.maximum


@pytest.mark.parametrize("declared", declarations())
def test_every_number_has_a_range_and_says_what_is_wrong_outside_of_the_good_one(declared):
    if declared.type in ("integer", "number"):
        assert declared.minimum is not None
        assert declared.maximum is not None
        assert declared.name == "seed" or declared.too_small or declared.too_large


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.__name__)
def test_every_model_is_frozen_strict_about_names_and_made_by_its_defaults(model):
    made = model()
    name = next(iter(model.model_fields), None)
    if name is not None:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(made, name, getattr(made, name))
    with pytest.raises(ValidationError, match="Extra inputs"):
        model(no_such_field=1)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_has_a_kind_a_label_and_a_help_text_of_its_own(family):
    members = family.members()
    assert members
    for kind, member in members.items():
        assert member().kind == kind
        assert kind.replace("_", "").isalnum()
        assert kind == kind.lower()
    assert len({member.label for member in members.values()}) == len(members)
    for member in members.values():
        assert member.label
        assert member.__doc__
        assert member.__doc__ != family.__doc__


def test_members_are_found_in_order_and_members_of_members_too():
    assert Shade.members() == {"plain": Plain, "striped": Striped, "pinstriped": Pinstriped}
    assert list(Activation.members())[:2] == ["relu", "leaky_relu"]


def test_members_belong_to_one_family():
    assert "relu" not in Optimizer.members()
    assert "sgd" not in Activation.members()


def test_a_component_is_equal_by_its_values_and_can_be_a_key():
    assert LeakyReLU(slope=0.1) == LeakyReLU(slope=0.1)
    assert LeakyReLU(slope=0.1) != LeakyReLU()
    assert len({SGD(), SGD(), Adam()}) == 2


@pytest.mark.parametrize("given", ["striped", {"kind": "striped"}, Striped()])
def test_one_of_takes_a_kind_a_table_or_a_component(given):
    assert Everything(shade=given).shade == Striped()


def test_one_of_takes_values_with_the_kind():
    assert Everything(shade={"kind": "striped", "width": 3}).shade == Striped(width=3)


@pytest.mark.parametrize("given", ["stripe", {"kind": "stripe"}, {"width": 3}, 3, None, [], SGD()])
def test_one_of_refuses_what_is_no_member(given):
    with pytest.raises(ValidationError):
        Everything(shade=given)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("whole", "integer"),
        ("real", "number"),
        ("switch", "boolean"),
        ("words", "text"),
        ("choice", "choice"),
        ("mixed", "integer"),
        ("shade", "component"),
        ("many", "list"),
    ],
)
def test_the_type_for_editors_is_read_from_the_annotation(name, kind):
    assert DECLARED[name].type == kind


def test_a_section_is_a_model_that_is_no_component():
    types = {declared.name: declared.type for declared in hyperparameters_of(RunConfig)}
    assert types["training"] == "section"
    assert types["optimizer"] == "component"


def test_what_is_declared_is_read_back():
    declared = DECLARED["whole"]
    assert (declared.label, declared.help, declared.too_small, declared.formula) == (
        "A whole one",
        "h",
        "s",
        "f",
    )
    assert (declared.minimum, declared.minimum_included, declared.maximum) == (0, False, None)
    assert DECLARED["real"].too_large == "l"
    assert DECLARED["real"].label == "Real"
    striped = hyperparameters_of(Striped)
    assert [declared.name for declared in striped] == ["width"]
    assert (striped[0].unit, striped[0].scale, striped[0].default) == ("pixels", "log", 2)


def test_ranges_inside_a_union_are_found():
    mixed = DECLARED["mixed"]
    assert (mixed.minimum, mixed.minimum_included) == (1, True)
    assert (mixed.maximum, mixed.maximum_included) == (5, False)
    assert mixed.words == ("full",)


def test_a_component_field_knows_its_family_and_kinds():
    assert DECLARED["shade"].family is Shade
    assert DECLARED["shade"].words == ("plain", "striped", "pinstriped")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("whole", "be above 0"),
        ("real", "be up to 1"),
        ("switch", "be true or false"),
        ("words", "be text"),
        ("choice", "be one of a, b"),
        ("mixed", 'be in [1, 5) or "full"'),
        ("shade", "be one of plain, striped, pinstriped"),
        ("many", "be a list"),
    ],
)
def test_the_legal_values_are_said_in_words(name, allowed):
    assert DECLARED[name].allowed == allowed


@pytest.mark.parametrize(
    ("model", "name", "allowed"),
    [
        (SGD, "learning_rate", "be in (0, 1]"),
        (Adam, "beta1", "be in [0, 1)"),
        (Adam, "epsilon", "be in [1e-12, 1]"),
        (LayerConfig, "units", "be in [1, 16384]"),
        (TrainingConfig, "seed", "be in [0, 4294967295]"),
        (TrainingConfig, "batch_size", 'be in [1, 1000000] or "full"'),
        (TrainingConfig, "l2", "be in [0, 1]"),
        (RunConfig, "training", "be an object with named fields"),
        (RunConfig, "version", "be 1"),
    ],
)
def test_the_real_ranges_are_said_in_words(model, name, allowed):
    declared = next(h for h in hyperparameters_of(model) if h.name == name)
    assert declared.allowed == allowed


def test_a_default_outside_of_its_range_is_found_when_the_model_is_made():
    class Wrong(Component):
        size: int = hyperparameter(0, help="h", ge=1)

    with pytest.raises(ValidationError):
        Wrong()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, False, "nan", "inf"])
def test_a_number_refuses_what_is_no_finite_number(value):
    with pytest.raises(ValidationError):
        SGD(learning_rate=value)
