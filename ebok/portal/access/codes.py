"""The invitation somebody is about to accept: its code, kept encrypted in their session."""

from typing import Final

from ebok.web.kept import Kept

INVITATION: Final = Kept(name="invitation")
