"""What is measured, against whom, by which command; see docs/benchmarks.md."""
