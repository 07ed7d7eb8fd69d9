"""Static files under names that change with their content."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Hashed names from the manifest; a file that was not collected keeps its plain name, so no page fails for it."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name with the hash of its content, or the plain one when the file is not there."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
