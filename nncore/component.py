"""Component: a frozen set of hyperparameters that carries its algorithm, declared once.

A hyperparameter's default, legal range, scale, unit and help stand in one call of `hyperparameter`.
The form, the command line, the configuration file, the search space and the docs all read them
back through `hyperparameters_of`. A family (activations, optimizers, ...) is a subclass of
`Component`; its members are that class's own subclasses, told apart by their `kind`, so adding one
is one class.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Union,
    cast,
    get_args,
    get_origin,
)

from annotated_types import Ge, Gt, Le, Lt
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

Scale = Literal["linear", "log"]


def hyperparameter(
    default: Any,
    *,
    help: str,
    label: str = "",
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
    scale: Scale = "linear",
    unit: str = "",
    too_small: str = "",
    too_large: str = "",
    formula: str = "",
    advanced: bool = False,
) -> Any:
    """Declare one hyperparameter as the default of a model field.

    Args:
        default: The value when nothing else is said.
        help: What it is, in one or two sentences.
        label: The name shown to people; made from the field's name when empty.
        gt: Exclusive lower bound.
        ge: Inclusive lower bound.
        lt: Exclusive upper bound.
        le: Inclusive upper bound.
        scale: How an editor or a search should step through the range.
        unit: The unit, as in "samples" or "s".
        too_small: What happens when it is too small.
        too_large: What happens when it is too large.
        formula: Where it stands in the mathematics, in plain Unicode.
        advanced: Whether its default serves almost everybody, so that a form may fold it away.
    """
    told: dict[str, Any] = {
        "label": label,
        "scale": scale,
        "unit": unit,
        "too_small": too_small,
        "too_large": too_large,
        "formula": formula,
        "advanced": advanced,
    }
    return Field(
        default,
        gt=gt,
        ge=ge,
        lt=lt,
        le=le,
        description=help,
        json_schema_extra=told,
        validate_default=True,
    )


@dataclass(frozen=True)
class Hyperparameter:
    """What is declared about one field, as read by forms, command line, search and docs.

    Attributes:
        name: The field's name.
        label: Its name for people.
        type: "integer", "number", "boolean", "choice", "text", "component",
            "numbers", "section" or "list".
        default: Its default value.
        minimum: Lower bound, or None; for "numbers" of each of them, like the other bounds.
        maximum: Upper bound, or None.
        minimum_included: Whether the lower bound itself is legal.
        maximum_included: Whether the upper bound itself is legal.
        words: Words that are legal besides numbers ("full"), or the choices of a "choice".
        family: The component family of a "component".
        scale: "linear" or "log".
        unit: Unit, or "".
        help: What it is.
        too_small: What happens when it is too small.
        too_large: What happens when it is too large.
        formula: Where it stands in the mathematics.
        advanced: Whether its default serves almost everybody.
    """

    name: str
    label: str
    type: str
    default: Any
    minimum: float | None
    maximum: float | None
    minimum_included: bool
    maximum_included: bool
    words: tuple[str, ...]
    family: type[Component] | None
    scale: Scale
    unit: str
    help: str
    too_small: str
    too_large: str
    formula: str
    advanced: bool

    @property
    def allowed(self) -> str:
        """The legal values in words, as in "be in (0, 1]" or "be at least 1"."""
        if self.type == "numbers":
            return f"be numbers {self._range} separated by commas".replace("  ", " ")
        if self.type not in ("integer", "number"):
            one_of = "one of " if len(self.words) > 1 else ""
            return "be " + _NOUNS.get(self.type, one_of + ", ".join(self.words))
        words = self._range or _NOUNS[self.type]
        return " or ".join([f"be {words}", *(f'"{word}"' for word in self.words)])

    @property
    def _range(self) -> str:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            left = "[" if self.minimum_included else "("
            right = "]" if self.maximum_included else ")"
            return f"in {left}{low:.10g}, {high:.10g}{right}"
        if low is not None:
            return f"{'from' if self.minimum_included else 'above'} {low:.10g}"
        if high is not None:
            return f"{'up to' if self.maximum_included else 'below'} {high:.10g}"
        return ""


_NOUNS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "list": "a list",
    "section": "an object with named fields",
}


class Declared(BaseModel):
    """Base of every component and every section of a configuration: frozen, strict, finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_booleans(cls, value: Any, info: ValidationInfo) -> Any:
        """Let true and false stand for themselves alone; pydantic would take them as 1 and 0."""
        if isinstance(value, bool):
            annotation = cls.model_fields[info.field_name or ""].annotation
            if bool not in (annotation, *get_args(annotation)):
                raise PydanticCustomError("boolean", "A boolean stands for no other type")
        return value


class Component(Declared):
    """A frozen model of hyperparameters that carries its algorithm.

    A member of a family sets `kind: Literal["name"] = "name"` and the class variable `label`; its
    docstring's first line is its help text.
    """

    label: ClassVar[str] = ""

    @classmethod
    def members(cls) -> dict[str, type[Component]]:
        """The members of this family by kind, in the order in which they were written."""
        return dict(_members(cls))


def _members(family: type[Component]) -> Iterator[tuple[str, type[Component]]]:
    for member in family.__subclasses__():
        if "kind" in member.model_fields:
            yield member.model_fields["kind"].default, member
        yield from _members(member)


class OneOf:
    """Annotation of a field that holds any member of a component family.

    `activation: Annotated[Activation, OneOf()]` validates to the member whose `kind` is named; the
    bare kind ("relu") stands for that member with its defaults.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        family = cast(type[Component], source)
        choices = {
            kind: handler.generate_schema(member) for kind, member in family.members().items()
        }
        union = core_schema.tagged_union_schema(choices=choices, discriminator="kind")
        return core_schema.no_info_before_validator_function(_from_kind, union)


def _from_kind(value: object) -> object:
    if isinstance(value, str):
        return {"kind": value}
    # Pydantic would spell any other kind out for its message, however deep it is.
    kind = cast(Mapping[str, Any], value).get("kind", "") if isinstance(value, Mapping) else ""
    if not isinstance(kind, str):
        raise PydanticCustomError("kind_no_text", "A kind is a text")
    return cast(object, value)


def split_numbers(value: object) -> object:
    """Part numbers that are typed as text, "1, 2.5"; for a `BeforeValidator` of such a field."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


@functools.cache
def hyperparameters_of(model: type[BaseModel]) -> tuple[Hyperparameter, ...]:
    """What is declared about each field of a model, in order, `kind` left out."""
    return tuple(
        _describe(name, info) for name, info in model.model_fields.items() if name != "kind"
    )


def _describe(name: str, info: FieldInfo) -> Hyperparameter:
    kind, words, family, marks = _type_of(info.annotation)
    bounds: dict[str, Any] = {"minimum": None, "maximum": None}
    bounds |= {"minimum_included": True, "maximum_included": True}
    for mark in (*info.metadata, *marks):
        if isinstance(mark, Ge | Gt):
            bounds["minimum"] = mark.ge if isinstance(mark, Ge) else mark.gt
            bounds["minimum_included"] = isinstance(mark, Ge)
        elif isinstance(mark, Le | Lt):
            bounds["maximum"] = mark.le if isinstance(mark, Le) else mark.lt
            bounds["maximum_included"] = isinstance(mark, Le)
    told = cast(dict[str, Any], info.json_schema_extra or {})
    return Hyperparameter(
        name=name,
        label=told.get("label") or name.replace("_", " ").capitalize(),
        type=kind,
        default=info.get_default(call_default_factory=True, validated_data={}),
        words=words,
        family=family,
        scale=told.get("scale", "linear"),
        unit=told.get("unit", ""),
        help=info.description or (info.annotation.__doc__ or "" if kind == "section" else ""),
        too_small=told.get("too_small", ""),
        too_large=told.get("too_large", ""),
        formula=told.get("formula", ""),
        advanced=told.get("advanced", False),
        **bounds,
    )


def _type_of(annotation: Any) -> _Read:
    """What a type annotation says about a field."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        read = _type_of(inner)
        bounds = [
            m for mark in marks for m in (mark.metadata if isinstance(mark, FieldInfo) else [mark])
        ]
        return read._replace(marks=(*read.marks, *bounds))
    if origin is Literal:
        return _Read("choice", words=tuple(str(word) for word in get_args(annotation)))
    if origin in (Union, UnionType):
        parts = [_type_of(part) for part in get_args(annotation)]
        return _Read(
            next(part.type for part in parts if part.type != "choice"),
            words=tuple(word for part in parts for word in part.words),
            marks=tuple(mark for part in parts for mark in part.marks),
        )
    if origin in (tuple, list):
        entry = _type_of(get_args(annotation)[0])
        return _Read("numbers", marks=entry.marks) if entry.type == "number" else _Read("list")
    if isinstance(annotation, type) and issubclass(annotation, Component):
        return _Read("component", words=tuple(annotation.members()), family=annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _Read("section")
    names: dict[Any, str] = {int: "integer", float: "number", bool: "boolean"}
    return _Read(names.get(annotation, "text"))


class _Read(NamedTuple):
    type: str
    words: tuple[str, ...] = ()
    family: type[Component] | None = None
    marks: tuple[Any, ...] = ()
