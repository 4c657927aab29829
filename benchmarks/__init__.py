"""Benchmarks: peers and limits, measured side by side in the same run. They print; no test depends on a time."""
