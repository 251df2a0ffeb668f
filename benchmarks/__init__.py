"""Quality and speed, each a command: `python -m benchmarks.startup`. Results: RESULTS.md."""
