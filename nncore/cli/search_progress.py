"""What a search shows while it runs: a live bar on a terminal, a line a trial, or JSON."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from nncore.cli.progress import duration_text, print_json
from nncore.search.records import TrialRecord
from nncore.search.session import SearchUpdate
from nncore.search.study import SearchStudy
from nncore.search.table import plain_record
from nncore.search.verdict import value_text


class SearchProgress:
    """Tells how a search stands; enter it before the first update.

    Args:
        study: The study.
        as_json: Whether each trial that ended is also written to standard output as JSON.
    """

    def __init__(self, study: SearchStudy, as_json: bool) -> None:
        self._objective = study.spec.settings.objective
        self._as_json = as_json
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bar = Progress(
            TextColumn("trial {task.fields[count]}"),
            BarColumn(bar_width=None),
            TextColumn("best {task.fields[best]}  {task.fields[workers]}"),
            TextColumn("{task.fields[left]} left"),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
            expand=True,
            auto_refresh=False,
        )
        self._task = self._bar.add_task(
            "search", total=study.total, count="-", best="-", workers="-", left="-"
        )
        # What had ended before this session is told by `nnscratch search show`.
        self._told: dict[int, str] = {it.number: it.state for it in study.records()}
        self._message = ""

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tell(self, update: SearchUpdate) -> None:
        """Show one update."""
        for record in update.changed:
            is_new = self._told.get(record.number) != record.state
            if is_new and (record.is_finished or record.state == "lost"):
                self._tell_trial(record)
            self._told[record.number] = record.state
        if update.message != self._message:
            self._message = update.message
            self._console.print(update.message)
        total = "" if update.total is None else f"/{update.total}"
        left = "-" if update.seconds_left is None else duration_text(update.seconds_left)
        self._bar.update(
            self._task,
            completed=update.finished,
            count=f"{update.finished}{total}",
            best=self._value(update.best) if update.best else "-",
            workers=f"{update.workers} worker{'' if update.workers == 1 else 's'}",
            left=left,
            refresh=True,
        )

    def _tell_trial(self, record: TrialRecord) -> None:
        if self._as_json:
            print_json({"event": "trial"} | plain_record(record, with_curves=False))
        params = "  ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in record.params.items()
        )
        figure = self._value(record) if record.value is not None else record.reason
        self._console.print(
            f"trial {record.number}  {record.state}  {figure}  {record.seconds:.1f} s  {params}",
            soft_wrap=True,
        )

    def _value(self, record: TrialRecord) -> str:
        if record.value is None:
            return "-"
        text = value_text(record.value, self._objective)
        spread = record.spread
        return text if spread is None else f"{text} ±{value_text(spread, self._objective)}"
