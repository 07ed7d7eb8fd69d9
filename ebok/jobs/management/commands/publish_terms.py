"""`ebok publish_terms FILE`: publish a version of the regulations on /regulamin/, or of what customers consent to."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand

from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.jobs.regulations import TITLES, UnknownPlace, filled, places
from ebok.terms.domain import TermsKind
from ebok.terms.operations import PublishTermsRefusal, UnableToPublishTerms, publish_terms

SENTENCES: Final = {
    PublishTermsRefusal.BAD_TITLE: "Podaj tytuł: jedna linia, najwyżej 256 znaków.",
    PublishTermsRefusal.BAD_VERSION: "Podaj wersję: jedna linia, najwyżej 64 znaki.",
    PublishTermsRefusal.EMPTY: "W pliku nie ma treści.",
    PublishTermsRefusal.TOO_LONG: "Plik jest za długi: najwyżej 200 000 znaków.",
    PublishTermsRefusal.CONTROL_CHARACTERS: "Plik ma ukryte znaki sterujące (także tabulatory). Usuń je.",
    PublishTermsRefusal.IN_THE_PAST: "Ten dzień już minął. Nowa wersja może obowiązywać od dziś albo później.",
    PublishTermsRefusal.VERSION_EXISTS: "Ta wersja jest już opublikowana. Podaj inną.",
    PublishTermsRefusal.BAD_PRICE_EFFECT: "Wpływ na cenę: jedna linia, najwyżej 500 znaków. Regulamin go nie ma.",
    PublishTermsRefusal.DAY_TAKEN: "Od tego dnia obowiązuje już inna wersja. Podaj inny dzień.",
}


class Command(BaseCommand):
    """Publishes one version of a text; what is published never changes."""

    help = "Publikuje wersję regulaminu na stronie /regulamin/ albo treści zgody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what to say of it."""
        parser.add_argument("file", type=Path, help="tekst w UTF-8: „## ” zaczyna paragraf, „1. ” i „- ” listy")
        # Django's own --version would be asked instead.
        parser.add_argument("--terms-version", required=True, metavar="VERSION")
        parser.add_argument("--valid-from", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--kind", choices=[kind.value for kind in TermsKind], default=TermsKind.REGULATIONS.value,
            help="regulations: regulamin; e_invoice, notices_email, notices_sms: treść zgody",
        )  # fmt: skip
        parser.add_argument("--title", help="tytuł; domyślny zależy od rodzaju")
        parser.add_argument(
            "--price-effect", default="", metavar="TEXT", help="wpływ zgody na cenę, pokazywany przed jej udzieleniem"
        )
        parser.add_argument("--fill", action="store_true", help="wstaw dane przedsiębiorstwa za $name, $address itd.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, or say why not."""
        text, kind = self._text(options["file"], fill=options["fill"]), TermsKind(options["kind"])
        try:
            made = publish_terms(
                text=text,
                title=TITLES[kind] if options["title"] is None else options["title"],
                version=options["terms_version"],
                valid_from=options["valid_from"],
                today=clock.today(),
                acting=Actor(kind=ActorKind.COMMAND, name="publish_terms"),
                now=clock.now(),
                kind=kind,
                price_effect=options["price_effect"],
            )
        except UnableToPublishTerms as refusal:
            self._end(SENTENCES[refusal.reason], 1)
        self.stdout.write(f"Opublikowano: {made.title}, wersja {made.version}, od {long_date(made.valid_from)}.")

    def _text(self, path: Path, *, fill: bool) -> str:
        try:
            text = path.read_text("utf-8")
            return filled(text) if fill else self._whole(text)
        except OSError:
            self._end(f"Nie można przeczytać pliku: {path}", 2)
        except UnicodeDecodeError:
            self._end("Plik nie jest tekstem w UTF-8. Zapisz go w tym kodowaniu.", 1)
        except UnknownPlace as unknown:
            self._end(f"W pliku jest znak $ z nieznaną nazwą: {unknown}", 1)

    def _whole(self, text: str) -> str:
        """Refuse a text whose places are still to be filled: what is published never changes."""
        if left := places(text):
            self._end(f"W tekście zostały miejsca do wypełnienia: {', '.join(left)}. Dodaj --fill albo je wpisz.", 1)
        return text

    def _end(self, words: str, code: int) -> NoReturn:
        self.stderr.write(words)
        sys.exit(code)
