"""One search of `benchmarks.search` on the default space, with a core of its own for a given time.

`python -m benchmarks.search_child STRATEGY PRUNING SECONDS SEED CORE` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from nncore.data import load_dataset
from nncore.search.presets import DEFAULT, SEARCH_PRESETS
from nncore.search.records import TrialRecord
from nncore.search.session import SearchSession
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy


def search(strategy: str, pruning: str, seconds: float, seed: int) -> tuple[TrialRecord, ...]:
    """The trials that were begun within a time, counted from the start of the first one."""
    tree = SEARCH_PRESETS[DEFAULT].tree | {
        "strategy": strategy,
        "pruning": pruning,
        "sampler_seed": seed,
        "budget": {"trials": "unlimited", "seconds": 60 + 2 * seconds},
    }
    with tempfile.TemporaryDirectory() as folder:
        url = storage_url(Path(folder, "searches.sqlite3"))
        study = SearchStudy.create(url, "benchmark", SearchSpec.from_dict(tree))
        dataset = load_dataset(study.spec.space.base.data.name)
        updates = SearchSession(study, dataset, workers=1).run()
        for _ in updates:
            records = study.records()
            if records and time.time() - began(records) > seconds:
                break
        updates.close()
        records = study.records()
        study.close()
    return records


def began(records: tuple[TrialRecord, ...]) -> float:
    """When the first trial was taken up [s since 1970]."""
    return min(it.started.timestamp() for it in records if it.started is not None)


def main() -> None:
    """Print the best value reached in time, and how many trials there were."""
    strategy, pruning, seconds, seed, core = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    records = search(strategy, pruning, float(seconds), int(seed))
    until = began(records) + float(seconds)
    values = [
        it.value
        for it in records
        if it.state == "completed" and it.value is not None and it.ended is not None
        # What was still under way when the time was out doesn't count.
        if it.ended.timestamp() <= until
    ]
    print(json.dumps({"best": max(values, default=0.0), "trials": len(records)}))


if __name__ == "__main__":
    main()
