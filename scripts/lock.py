"""Write constraints.txt: the newest versions that pip would choose today, exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# The exact versions that `make` installs, so that a check passes or fails for the code's sake only.
# Made by `make lock`. `pip install .` ignores this file; `make run CONSTRAINTS=` goes without it.
"""


def main() -> None:
    """Ask pip for a resolution from nothing and write it down."""
    ask = [
        "install",
        "--dry-run",
        "--ignore-installed",
        "--quiet",
        "--report",
        "-",
        "-e",
        ".[test]",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *ask], check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    chosen = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    lines = {f"{it['name'].lower()}=={it['version']}" for it in chosen if it["name"] != "nnscratch"}
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main()
