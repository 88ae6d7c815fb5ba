"""What is wrong with a search that is being put together, in the words of its form."""

from __future__ import annotations

from typing import NamedTuple

from nncore.errors import Problem
from nngui.viewmodels.config_words import reason_in_words
from nngui.viewmodels.search_choices import ALIKE, EACH, HIDDEN
from nngui.viewmodels.search_rows import PlanRow

STRATEGIES = {
    "sweep": "One factor",
    "two-factor": "Two factors",
    "grid": "Full grid",
    "random": "Random",
    "tpe": "TPE",
}
"""What the strategies are called in the form."""
CAPTIONS = {"values": "Values", "low": "from", "high": "to", "step": "step", "count": "values"}
"""What stands before the fields of a row."""
_MENDED_BY = {"linear": 'fill in "step".', "log": 'fill in "values".'}


class PlanProblem(NamedTuple):
    """One thing that is wrong.

    Attributes:
        place: The path of a row or of a setting; "budget" or "space"; "" for anything else.
        field: The field of the row, a key of `CAPTIONS`; "" for none of them, or all.
        text: A sentence.
    """

    place: str
    field: str
    text: str


def plan_problem(problem: Problem, rows: list[PlanRow], settings: dict[str, object]) -> PlanProblem:
    """A problem of SPACE.json as one of the form.

    Args:
        problem: The problem.
        rows: What is varied.
        settings: The values of the settings by their paths.
    """
    path = problem.path
    if path in settings:
        return PlanProblem(path, "", _of_setting(problem, rows, settings))
    row = _row_at(path.removeprefix("space."), rows)
    if row is None:
        text = _of_setting(problem, rows, settings)
        return PlanProblem(path if path in ("budget", "space") else "", "", text)
    field = path.rpartition(".")[2]
    field = field if field in CAPTIONS and field not in row.choice.path.split(".") else ""
    if not field and row.mode in ("list", "fixed"):
        field = "values"
    message = problem.message.replace(", got []", "; nothing is chosen")
    message = message.replace("add count or step.", _MENDED_BY.get(row.mode, ""))
    if field not in ("", "values"):
        message = f"{CAPTIONS[field].capitalize()}: {message}"
    return PlanProblem(row.choice.path, field, reason_in_words(Problem("", message)))


def _row_at(inner: str, rows: list[PlanRow]) -> PlanRow | None:
    """The row that a path of the space belongs to."""
    for row in rows:
        own = row.choice.path
        short = own.replace(ALIKE, f"{HIDDEN}.").replace(EACH, f"{HIDDEN}.")
        if any(inner == it or inner.startswith(f"{it}.") for it in (own, short)):
            return row
    return None


def _of_setting(problem: Problem, rows: list[PlanRow], settings: dict[str, object]) -> str:
    """A sentence with the form's names of strategies and hyperparameters."""
    strategy, message = str(settings.get("strategy")), problem.message
    called = STRATEGIES.get(strategy, strategy)
    message = message.replace(f"of {strategy} varies", f"{called} varies")
    message = message.replace(f"{strategy} never ends", f"{called} never ends")
    for row in rows:
        message = message.replace(row.choice.path, row.choice.label.lower())
    return reason_in_words(Problem("", message))
