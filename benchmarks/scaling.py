"""Whether the cost of training grows linearly in the samples and in the parameters."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks import measured_process
from benchmarks.options import Options
from benchmarks.report import Figure


def measure(options: Options) -> Sequence[Figure]:
    """Print the tables of widths, depths and samples; one figure for each of their rows."""
    arguments = ["--rounds", "3" if options.quick else "5", "--clock", options.clock]
    found = measured_process.run("benchmarks.scaling_child", *arguments)
    figures: list[Figure] = []
    print("\nWhat a step costs as the network grows (batch 128, SGD; hidden layers of equal width)")
    print(f"  {'hidden':<14}{'parameters':>12}{'us/step':>10}{'ns/(sample·1000 parameters)':>30}")
    for row in found["networks"]:
        seconds, parameters = row["seconds"], row["parameters"]
        median = statistics.median(seconds)
        each = 1e9 * median / 128 / (parameters / 1000)
        print(f"  {row['hidden']:<14}{parameters:>12,}{1e6 * median:>10,.0f}{each:>30.1f}")
        micros = tuple(1e6 * value for value in seconds)
        figures.append(Figure(f"step, hidden {row['hidden']}", "us", micros))
    print("\nWhat an epoch costs as the samples grow (784-128-10, batch 128, SGD)")
    print(f"  {'samples':>8}{'ms/epoch':>12}{'us/sample':>12}")
    for row in found["samples"]:
        median, samples = statistics.median(row["seconds"]), row["samples"]
        print(f"  {samples:>8,}{1e3 * median:>12.1f}{1e6 * median / samples:>12.2f}")
        millis = tuple(1e3 * value for value in row["seconds"])
        figures.append(Figure(f"epoch of {samples} samples", "ms", millis))
    return figures
