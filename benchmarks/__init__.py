"""Benchmarks: each prints both sides and the ratio, measured in turn within one run."""
