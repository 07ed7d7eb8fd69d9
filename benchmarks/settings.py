"""The product's own settings with the comparison pages beside its pages. Only the benchmark's server reads them."""

from ebok.config.settings import *  # noqa: F403 (settings are read by name)

ROOT_URLCONF = "benchmarks.urls"
