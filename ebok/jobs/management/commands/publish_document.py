"""`ebok publish_document`: put a document on /dokumenty/."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ebok.audit.domain import Actor, ActorKind
from ebok.documents.domain import PublishedKind
from ebok.documents.operations import PublishRefusal, UnableToPublish, publish
from ebok.foundation import clock

SENTENCES = {
    PublishRefusal.FILE_NAME: "Podaj plik PDF, TXT, DOCX albo ODT o zwykłej nazwie.",
    PublishRefusal.CONTENT: "Zawartość pliku nie zgadza się z jego nazwą. Zapisz go jeszcze raz w tym formacie.",
    PublishRefusal.VERSION_EXISTS: "Ta wersja tego dokumentu jest już opublikowana. Podaj inną wersję.",
}


class Command(BaseCommand):
    """Publishes one version of a document for everybody; what is published never changes."""

    help = "Publikuje dokument na stronie /dokumenty/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what to say of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", required=True)
        parser.add_argument("--document-version", required=True, metavar="VERSION")
        parser.add_argument("--valid-from", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        parser.add_argument("--kind", choices=[k.value for k in PublishedKind], default=PublishedKind.OTHER.value)

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, or say why not."""
        path: Path = options["file"]
        if not path.is_file():
            self.stderr.write(f"Nie ma takiego pliku: {path}")
            sys.exit(2)
        try:
            made = publish(
                content=path.read_bytes(),
                file_name=path.name,
                kind=PublishedKind(options["kind"]),
                title=options["title"],
                version=options["document_version"],
                valid_from=options["valid_from"] or clock.today(),
                acting=Actor(kind=ActorKind.COMMAND, name="publish_document"),
                now=clock.now(),
            )
        except UnableToPublish as refusal:
            self.stderr.write(SENTENCES[refusal.reason])
            sys.exit(1)
        self.stdout.write(f"Opublikowano: {made.title}, wersja {made.version}.")
