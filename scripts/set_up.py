"""Build `.venv` with nnScratch installed in it, from nothing but Python and pip.

Debian ships Python without `ensurepip` and a pip that refuses to install outside an environment. So
the environment is made without pip, and the system's pip then puts a pip into it with `--target`,
which every version can do and no policy forbids. From there on only the environment's own pip is
used. See docs/decisions/0001-set-up.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ((3, 11), (3, 14))
EXTRAS = {"run": "", "test": "[test]"}


def _is_supported(version: tuple[int, int]) -> bool:
    return SUPPORTED[0] <= version <= SUPPORTED[1]


def _python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _ask(python: Path, expression: str) -> str:
    """What a Python expression is worth in another interpreter; empty when it cannot say."""
    code = f"import importlib.util, sys, sysconfig; print({expression})"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def make_environment(environment: Path) -> Path:
    """The environment's Python; made anew unless one is there that starts and is supported."""
    python = _python_of(environment)
    version = _ask(python, "'%d.%d' % sys.version_info[:2]")
    if not version or not _is_supported((int(version.split(".")[0]), int(version.split(".")[1]))):
        venv.create(environment, clear=True, symlinks=os.name != "nt", with_pip=False)
    return python


def _make_pip(python: Path) -> None:
    """Put pip into the environment if it has none."""
    if _ask(python, "importlib.util.find_spec('pip') is not None") == "True":
        return
    if importlib.util.find_spec("pip") is not None:
        target = _ask(python, "sysconfig.get_path('purelib')")
        # A person's settings for their own pip (always --user, only in environments) don't apply.
        settings = os.environ | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
        settings["PIP_ROOT_USER_ACTION"] = "ignore"  # nothing of the system's is touched
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", target, "pip>=23.1"]
        subprocess.run(command, check=True, env=settings)
    elif importlib.util.find_spec("ensurepip") is not None:
        subprocess.run([python, "-m", "ensurepip"], check=True)
    else:
        sys.exit(f"{sys.executable} has no pip. On Debian or Ubuntu: apt-get install python3-pip")


def _install(python: Path, what: str, constraints: str) -> None:
    """Install nnScratch in place, with the extras a target needs."""
    quiet = [] if sys.stdout.isatty() else ["-q"]
    bounds = ["-c", constraints] if constraints else []
    package = f".{EXTRAS[what]}"
    command = [python, "-m", "pip", "install", *quiet, "--disable-pip-version-check"]
    subprocess.run([*command, *bounds, "-e", package], check=True, cwd=ROOT)


def main() -> None:
    """Set up what a make target needs: `run` (the program) or `test` (and its tools)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=EXTRAS)
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv")
    parser.add_argument("--constraints", default="", help="a file of exact versions, for pip -c")
    given = parser.parse_args()
    if not _is_supported(sys.version_info[:2]):
        sys.exit(
            f"nnScratch needs Python 3.11 to 3.14, this one is {sys.version.split()[0]}. "
            "Name another one: make run PYTHON=python3.12"
        )
    print("Setting up .venv; once, and about a minute on a fast line ...", flush=True)
    try:
        python = make_environment(given.environment)
        _make_pip(python)
        _install(python, given.what, given.constraints)
    except subprocess.CalledProcessError as error:
        sys.exit(f"Set-up stopped, the reason is above (pip ended with {error.returncode}).")


if __name__ == "__main__":
    main()
