"""Settings, urls, the `ebok` command, and the one place where ports meet adapters."""
