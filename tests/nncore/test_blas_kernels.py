"""OpenBLAS gets the kernels that the processor can run, and only those."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nncore.blas_kernels import VARIABLE, set_kernels

AVX512 = "avx512f avx512dq avx512cd avx512bw avx512vl"


def chosen(tmp_path: Path, vendor: str, flags: str, **environment: str) -> dict[str, str]:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor : 0\nvendor_id\t: {vendor}\nflags\t\t: fpu avx2 {flags}\n\n")
    set_kernels(environment, cpuinfo)
    return environment


def test_an_amd_processor_with_avx_512_gets_its_kernels(tmp_path: Path) -> None:
    assert chosen(tmp_path, "AuthenticAMD", AVX512) == {"OPENBLAS_CORETYPE": "SkylakeX"}


@pytest.mark.parametrize(
    ("vendor", "flags"),
    [("AuthenticAMD", ""), ("AuthenticAMD", "avx512f avx512cd"), ("GenuineIntel", AVX512)],
)
def test_other_processors_are_left_to_openblas(tmp_path: Path, vendor: str, flags: str) -> None:
    assert chosen(tmp_path, vendor, flags) == {}


def test_a_persons_choice_stands(tmp_path: Path) -> None:
    found = chosen(tmp_path, "AuthenticAMD", AVX512, OPENBLAS_CORETYPE="Haswell")
    assert found == {"OPENBLAS_CORETYPE": "Haswell"}


def test_a_system_that_tells_nothing_is_no_error(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    set_kernels(environment, tmp_path / "missing")
    assert environment == {}


@pytest.mark.parametrize("package", ["nncore", "nngui", "nncore.cli"])
def test_the_choice_is_made_before_numpy_loads(package: str) -> None:
    expected: dict[str, str] = {}
    set_kernels(expected, Path("/proc/cpuinfo"))
    watch = (
        "import importlib.abc, os, sys\n"
        "class Watch(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'numpy':\n"
        "            print(os.environ.get('OPENBLAS_CORETYPE', ''))\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"import {package}\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    told = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, check=True, env=environment
    )
    assert told.stdout.strip() == expected.get(VARIABLE, "")
