"""Tooltips from declarations: what a hyperparameter is, its formula, its range and its default."""

from __future__ import annotations

import html
import inspect
from functools import cache

from nncore.component import Component, Hyperparameter
from nngui.viewmodels.config_words import value_in_words

WIDTH = 320
"""Width of a tooltip's text [pixels]: about 50 letters a line."""


def tooltip(title: str, *paragraphs: str, html_rows: str = "") -> str:
    """A rich tooltip of readable width.

    Args:
        title: Its heading, as plain text.
        paragraphs: Plain text; empty ones are left out.
        html_rows: Markup to follow, already escaped.
    """
    body = "".join(
        f'<p style="margin: 4px 0 0 0">{html.escape(text)}</p>' for text in paragraphs if text
    )
    heading = f"<b>{html.escape(title)}</b>"
    return f'<table width="{WIDTH}"><tr><td>{heading}{body}{html_rows}</td></tr></table>'


@cache
def tooltip_of(
    declared: Hyperparameter, locked: str = "", member: type[Component] | None = None
) -> str:
    """The tooltip of one hyperparameter.

    Args:
        declared: What is known about it.
        locked: Why it cannot change now; "" when it can.
        member: The member that is chosen, for a component family.
    """
    facts: list[tuple[str, str]] = []
    if declared.too_small:
        facts.append(("Too small", declared.too_small))
    if declared.too_large:
        facts.append(("Too large", declared.too_large))
    if declared.type in ("integer", "number", "numbers"):
        allowed = declared.allowed.removeprefix("be ")
        unit = f" ({declared.unit})" if declared.unit else ""
        facts.append(("Allowed", f"{allowed[:1].upper()}{allowed[1:]}{unit}"))
    if declared.type not in ("section", "list"):
        facts.append(("Default", value_in_words(declared.default)))
    rows = "".join(
        f'<p style="margin: 4px 0 0 0"><b>{name}:</b> {html.escape(text)}</p>'
        for name, text in facts
    )
    if declared.formula:
        rows = f'<p style="margin: 4px 0 0 12px"><i>{html.escape(declared.formula)}</i></p>{rows}'
    if member is None:
        return tooltip(declared.label, locked, declared.help, html_rows=rows)
    title = f"{declared.label}: {member.label}"
    return tooltip(title, locked, declared.help, *_paragraphs(member), html_rows=rows)


def summary_of(member: type[Component]) -> str:
    """The first line of a component's docstring: what it is, in a sentence."""
    return (inspect.getdoc(member) or "").partition("\n")[0]


@cache
def _paragraphs(member: type[Component]) -> list[str]:
    """A component's docstring in paragraphs, each sentence about its source on its own."""
    text = (inspect.getdoc(member) or "").replace("\nSource:", "\n\nSource:")
    return [" ".join(part.split()) for part in text.split("\n\n")]
