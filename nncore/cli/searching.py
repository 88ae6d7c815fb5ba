"""The work of `nnscratch search`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import typer

from nncore.atomic import write_atomically
from nncore.blas_threads import set_blas_threads
from nncore.cli.configuring import data_name
from nncore.cli.interruption import Interruption
from nncore.cli.progress import print_json, say
from nncore.cli.search_progress import SearchProgress
from nncore.cli.search_report import print_ranking, state_word, status_of, summary, value_words
from nncore.data import load_dataset
from nncore.errors import ConfigError, SearchError
from nncore.search import table
from nncore.search.final_test import read_test
from nncore.search.presets import SEARCH_PRESETS
from nncore.search.records import TrialRecord
from nncore.search.session import SearchSession, weights_folder
from nncore.search.shared_images import without_test
from nncore.search.spec import SearchSpec
from nncore.search.storage import shown_url, storage_url
from nncore.search.study import SearchStudy, study_names
from nncore.search.worker import Worker

FORMATS: dict[str, Callable[[Sequence[TrialRecord]], str]] = {
    "csv": table.to_csv,
    "curves": table.curves_to_csv,
    "json": table.to_json,
}
"""What `export` can write."""


def asked_spec(
    space: Path | None,
    preset: str | None,
    data: str | None,
    trials: int | None,
    seconds: float | None,
    seeds: int | None,
) -> SearchSpec:
    """The search that the command line asks for.

    Raises:
        ConfigError: If the file cannot be used.
        typer.BadParameter: If an option cannot be used.
    """
    if (space is None) == (preset is None):
        raise typer.BadParameter("give either SPACE.json or --preset")
    spec = SearchSpec.from_file(space) if space is not None else _preset(str(preset))
    tree = spec.to_dict()
    if data is not None:
        tree["config"]["data"]["name"] = data_name(data)
    if seeds is not None:
        tree["seeds"] = seeds
    tree["budget"] |= _given(trials=trials, seconds=seconds)
    try:
        return SearchSpec.from_dict(tree)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from None


def start(
    spec: SearchSpec,
    storage: str | None,
    name: str,
    workers: int | None,
    *,
    test: bool,
    as_json: bool,
) -> None:
    """Make a new study and run it."""
    # Before anything is written: a data set that cannot be used.
    load_dataset(spec.space.base.data.name)
    with closing(SearchStudy.create(storage_url(storage), name, spec)) as study:
        _run(study, workers, test=test, as_json=as_json)


def go_on(
    name: str,
    storage: str | None,
    workers: int | None,
    trials: int | None,
    seconds: float | None,
    *,
    test: bool,
    as_json: bool,
) -> None:
    """Run a study that exists, perhaps with another budget."""
    url, changes = storage_url(storage), _given(trials=trials, seconds=seconds)
    if changes:
        with closing(SearchStudy.open(url, name)) as study:
            study.extend(**changes)
    with closing(SearchStudy.open(url, name)) as study:
        _run(study, workers, test=test, as_json=as_json)


def join(name: str, storage: str | None, data: str | None, *, as_json: bool) -> None:
    """Work on a study in this process until nothing is left.

    Raises:
        SearchError: If the study is not running.
    """
    with closing(SearchStudy.open(storage_url(storage), name)) as study:
        if study.status == "stopped":
            raise SearchError(
                f"{name} is not running. Start it by nnscratch search resume {name}, then join it."
            )
        dataset = load_dataset(data_name(data) if data else study.spec.space.base.data.name)
        set_blas_threads(1)
        interruption = Interruption()
        worker = Worker(
            study,
            without_test(dataset),
            weights=weights_folder(study),
            is_asked_to_stop=lambda: interruption.is_asked,
        )
        count = 0

        def tell(record: TrialRecord) -> None:
            nonlocal count
            count += 1
            if as_json:
                print_json({"event": "trial"} | table.plain_record(record, with_curves=False))
            else:
                say(f"trial {record.number}  {record.state}  {value_words(study, record)}")

        with interruption:
            reason = worker.run(tell)
        if as_json:
            print_json({"event": "finished", "reason": reason, "trials": count})
        else:
            say(f"{'Nothing is left to do' if reason == 'done' else 'Stopped'}: {count} trials.")


def list_studies(storage: str | None, *, as_json: bool) -> None:
    """List the studies of a storage."""
    url = storage_url(storage)
    names = study_names(url)
    if not names and not as_json:
        say(f"No search is kept in {shown_url(url)}.")
    for name in names:
        with closing(SearchStudy.open(url, name)) as study:
            records = study.records()
            best, done = study.best(), sum(record.is_finished for record in records)
            if as_json:
                fact = {"study": name, "status": status_of(study)}
                fact |= {"finished": done, "total": study.total}
                best_value = best.value if best else None
                print_json(fact | {"created": study.created, "best": best_value})
            else:
                of = "" if study.total is None else f" of {study.total}"
                best_text = value_words(study, best) if best else "-"
                typer.echo(f"{name:<32} {state_word(study):<9} {done}{of} trials  best {best_text}")


def show(name: str, storage: str | None, top: int, *, as_json: bool) -> None:
    """Show how a study stands."""
    with closing(SearchStudy.open(storage_url(storage), name)) as study:
        records = study.records()
        if as_json:
            for record in records:
                print_json({"event": "trial"} | table.plain_record(record, with_curves=False))
            print_json(summary(study, "study"))
        else:
            print_ranking(study, records, top)


def export(name: str, storage: str | None, to: str, output: Path | None) -> None:
    """Write a study's trials."""
    with closing(SearchStudy.open(storage_url(storage), name)) as study:
        text = FORMATS[to](study.records())
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(output, text.encode())
        say(f"{output} was written.")


def _run(study: SearchStudy, workers: int | None, *, test: bool, as_json: bool) -> None:
    dataset = load_dataset(study.spec.space.base.data.name)
    session = SearchSession(study, dataset, workers=workers)
    if as_json:
        print_json({"event": "study", "study": study.name, "storage": shown_url(study.url)})
    workers_text = "1 worker" if session.workers == 1 else f"{session.workers} workers"
    say(f"Study {study.name} in {shown_url(study.url)}, {workers_text}.")
    if session.remark:
        say(session.remark)
    is_interrupted = False
    with Interruption() as interruption, SearchProgress(study, as_json) as progress:
        updates = session.run()
        for update in updates:
            progress.tell(update)
            if interruption.is_asked:
                is_interrupted = True
                break
        updates.close()
    best = study.best()
    is_whole = not is_interrupted and best is not None
    if test and best is not None and is_whole:
        read_test(study, best, dataset)
    if as_json:
        print_json(summary(study, "finished") | {"reason": _reason(is_interrupted, best)})
    else:
        print_ranking(study, study.records(), 10)
    if is_interrupted:
        say(f"Stopped; nothing finished is lost. Go on by: nnscratch search resume {study.name}")
        raise typer.Exit(1)
    if best is None:
        say("Error: no trial was completed; nnscratch search show tells why.")
        raise typer.Exit(1)


def _reason(is_interrupted: bool, best: TrialRecord | None) -> str:
    if is_interrupted:
        return "stopped"
    return "completed" if best is not None else "failed"


def _preset(name: str) -> SearchSpec:
    if name not in SEARCH_PRESETS:
        near = difflib.get_close_matches(name, SEARCH_PRESETS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(SEARCH_PRESETS)
        raise typer.BadParameter(f"--preset must be one of {known}, got {name!r}.{hint}")
    return SEARCH_PRESETS[name].spec


def _given(**options: int | float | None) -> dict[str, int | float]:
    return {name: value for name, value in options.items() if value is not None}
