"""Build the wheel and try it in a new environment, outside the checkout.

An editable install finds files that a wheel may lack, so the wheel is tried by itself. The
libraries it needs come from the environment that runs this script: nothing is downloaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CORE = """
import pathlib, sys
import nncore, nngui, resources
for package in (nncore, nngui, resources):
    place = pathlib.Path(package.__file__).resolve()
    assert place.is_relative_to(pathlib.Path(sys.prefix).resolve()), f"{place} is not the wheel's"
dataset = nncore.load_dataset("mnist")
assert dataset.train_images.shape == (60_000, 784), dataset.train_images.shape
assert dataset.test_images.shape == (10_000, 784), dataset.test_images.shape
"""

WINDOW = """
import sys
try:
    from PySide6.QtWidgets import QApplication
except ImportError as error:
    print(f"The window was not tried: Qt can't be loaded: {error}")
    sys.exit()
from nngui.app import main
from nngui.fonts import load_bundled_fonts

painted = []
def on_painted():
    painted.append(load_bundled_fonts())
    QApplication.quit()

assert main(["nnscratch"], on_painted) == 0
assert painted == [{"Inter"}], painted
"""

TRAIN = ["train", "--set", "network.hidden=8", "--set", "training.epochs=1", "--output", "out"]


def _build(folder: Path) -> Path:
    """Build the wheel into a folder."""
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), "."]
    subprocess.run([*pip, *offline], check=True, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _forgotten(wheel: Path) -> list[str]:
    """Files that stand in the packages' folders but not in the wheel."""
    folders = (ROOT / name for name in ("nncore", "nngui", "resources"))
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    names = {file.relative_to(ROOT).as_posix() for file in files if file.suffix != ".pyc"}
    with zipfile.ZipFile(wheel) as archive:
        return sorted(names - set(archive.namelist()))


def _install(wheel: Path, environment: Path) -> Path:
    """Install the wheel into a new environment that borrows its libraries from this one."""
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    # Only after the install, or pip takes this checkout's own for installed already. A path named
    # in a .pth file doesn't bring that folder's .pth files along: the checkout stays out of sight.
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    Path(packages, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def _try(python: Path, home: Path) -> None:
    """Use the installed package as a newcomer does, far from the checkout."""
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environment = os.environ | dict.fromkeys(homes, str(home)) | {"QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONPATH", None)
    command = python.with_name(f"nnscratch{python.suffix}")
    trials = ([python, "-c", CORE], [python, "-c", WINDOW], [command, "--help"], [command, *TRAIN])
    for trial in trials:
        done = subprocess.run(
            trial, cwd=home, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"The installed wheel fails:\n{done.stdout}{done.stderr}")
        if trial[0] == python:
            print(done.stdout, end="")
    if not (home / "out/model.safetensors").is_file():
        sys.exit("The installed wheel fails: `nnscratch train` left no model")


def main() -> None:
    """Build, install and try; any failure ends with a status other than 0."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = _build(Path(folder, "dist"))
        if forgotten := _forgotten(wheel):
            sys.exit(f"The wheel lacks {len(forgotten)} files: {', '.join(forgotten[:5])} ...")
        home = Path(folder, "home")
        home.mkdir()
        _try(_install(wheel, Path(folder, "environment")), home)
        size = wheel.stat().st_size / 1e6
        print(f"{wheel.name} ({size:.1f} MB) installs and works outside the checkout.")


if __name__ == "__main__":
    main()
