"""What `ebok help` says: our own commands by what they are for. Needs neither settings nor a database."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = ("config/management/commands", "jobs/management/commands")
OF_DJANGO: Final[Mapping[str, str]] = {
    "migrate": "Aktualizuje tabele w bazie; inne polecenia robią to same, gdy trzeba.",
    "check": "Sprawdza ustawienia; przed wdrożeniem: ebok check --deploy.",
}
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Działanie": ("serve", "worker", "migrate", "check", "make_seal"),
    "Pliki do wczytania": (
        "import_registry",
        "import_invoices",
        "import_upo",
        "import_entries",
        "import_consents",
        "import_statement",
        "import_bounces",
        "compare_balances",
    ),
    "Odczyty i konta": (
        "export_readings",
        "export_contacts",
        "export_consents",
        "export_paper",
        "review_readings",
        "account",
    ),
    "Kontrola": ("check_ledger", "check_audit", "check_consents", "check_documents"),
    "Loginy, dokumenty, wiadomości": (
        "create_user",
        "grant",
        "revoke",
        "create_staff",
        "end_staff",
        "remove_factors",
        "publish_document",
        "publish_terms",
        "print_letters",
        "send_invoices",
        "undelivered",
    ),
    "Dane pokazowe": ("demo", "load_demo"),
}
HELP: Final = frozenset({"-h", "--help"})
EVERYTHING: Final = "--commands"
"""`ebok help --commands` lists what Django and its applications bring, too."""


def topic_of(argv: Sequence[str]) -> str | None:
    """Return the command somebody asks help on, "" when on all of them, None when it is no question."""
    rest = argv[1:]
    if not rest or rest[0] in {"help", *HELP}:
        return rest[1] if len(rest) > 1 else ""
    return rest[0] if HELP & set(rest) else None


def overview() -> str:
    """Every command of ours with a line on what it does."""
    lines = {**OF_DJANGO, **own_commands()}
    width = max(map(len, lines)) + 2
    text = ["Użycie: ebok POLECENIE …", ""]
    for title, names in GROUPS.items():
        text += [title, *(f"  {name.ljust(width)}{lines[name]}" for name in names), ""]
    return "\n".join([*text, "Więcej o jednym: ebok help POLECENIE. Polecenia Django: ebok help --commands.", ""])


def own_commands() -> dict[str, str]:
    """The line of each command of ours, read from its source, since importing it would need settings."""
    files = (file for folder in FOLDERS for file in (PACKAGE / folder).glob("[!_]*.py"))
    return {file.stem: line for file in sorted(files) for line in _help_lines(file)}


def _help_lines(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.ClassDef(name="Command", body=body):
                yield from (line for statement in body for line in _value_of_help(statement))


def _value_of_help(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=[ast.Name(id="help")], value=ast.Constant(value=str(line))):
            yield line
