"""The one parser factory for XML from outside: no DTD, no entities, no network, no huge trees."""

from pathlib import Path
from typing import Any, Final

from lxml import etree

from ebok.kernel.refusals import RefusalCode, UnableToTake

_DOCTYPE: Final = b"<!DOCTYPE"


class _Beside(etree.Resolver):  # type: ignore[misc]
    """Finds what a schema imports by its file name alone, so that no address is ever asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        """Return the file of that name beside the schema."""
        return self.resolve_filename(str(self.folder / system_url.rsplit("/", 1)[-1]), context)


def parse(data: bytes) -> Any:
    """Return the root element of a document; comments and processing instructions are left out.

    They are left out so that a comment inside a number cannot cut the number short.

    :raises UnableToTake: `doctype` when it declares a DTD, `not_xml` when it is no well-formed XML.
    """
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise _doctype() if _DOCTYPE in data else _not_xml(error.lineno) from error
    except ValueError as error:
        raise _not_xml(None) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    return root


def load_schema(path: Path) -> Any:
    """Load an XSD that lies in the project; whatever it imports is taken, by file name, from beside it."""
    parser = _parser()
    parser.resolvers.add(_Beside(path.parent))
    return etree.XMLSchema(etree.parse(path, parser))


def check(schema: Any, root: Any) -> None:
    """Hold a document against its schema.

    :raises UnableToTake: `schema_invalid` with the line of the first breach.
    """
    if schema.validate(root):
        return
    line = schema.error_log[0].line if len(schema.error_log) else None
    where = f" (wiersz {line})" if line else ""
    raise UnableToTake(
        RefusalCode.SCHEMA_INVALID,
        f"Plik nie jest zgodny ze schematem{where}. Pobierz go jeszcze raz albo zgłoś to temu, kto go utworzył.",
    )


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )


def _doctype() -> UnableToTake:
    return UnableToTake(
        RefusalCode.DOCTYPE,
        "Plik XML zawiera deklarację DOCTYPE. Takich plików nie wczytujemy, bo mogą być niebezpieczne.",
    )


def _not_xml(line: int | None) -> UnableToTake:
    where = f" (błąd w wierszu {line})" if line else ""
    return UnableToTake(
        RefusalCode.NOT_XML, f"To nie jest poprawny plik XML{where}. Pobierz go jeszcze raz i wgraj ponownie."
    )
