"""The face for machines of ours: commands and background tasks."""
