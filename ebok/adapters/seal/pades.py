"""Puts the seal on a file by an incremental update: what was there stays byte for byte."""

from collections.abc import Coroutine
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession

from ebok.adapters.seal.inspection import KnownSeals, inspect
from ebok.adapters.seal.keys import SealFiles, SealKey, UnreadableKey, certificates_in, key_in
from ebok.adapters.seal.signer import ReadySigner
from ebok.einvoicing.ports import SealFinding, SealUnavailable, UnableToSeal

LARGEST_FILE: Final = 32 * 1024 * 1024
FIELD: Final = "Pieczec"
DIGEST: Final = "sha256"
_SEALS_AT_MOST: Final = 20
_SPARE: Final = 64
"""Bytes left over after the seal."""
_ADVICE: Final = (
    "Ustaw EBOK_SEAL_P12 i EBOK_SEAL_PASSWORD; jeśli nie masz kwalifikowanej pieczęci, zrób własną: ebok make_seal."
)
_WARSAW: Final = ZoneInfo("Europe/Warsaw")
# What pyHanko raises on files that are damaged or odd. MemoryError and RecursionError: sizes and loops that lie.
_UNREADABLE: Final = (
    PdfError, SigningError, ValueError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError,
    OverflowError, RecursionError, MemoryError, OSError, AssertionError,
)  # fmt: skip


class PadesSeal:
    """Seals with one key and knows its seals again, and those of earlier certificates; safe to share between threads.

    `name` is who seals, as people read it.
    """

    def __init__(self, key: SealKey, *, name: str, past: tuple[x509.Certificate, ...] = ()) -> None:
        self._key, self._name = key, name
        self._signer = ReadySigner(key)
        self._known = KnownSeals.of([key.certificate, *key.chain, *past])
        self._reserved = 2 * (self._signer.form.largest + _SPARE)

    def trouble(self, *, now: datetime) -> str:
        """Say in a Polish sentence why nothing can be sealed now; empty when all is well."""
        return self._key.trouble(now)

    def warning(self, *, now: datetime) -> str:
        """Say in Polish that the certificate ends soon, and what to do; empty before that, and once it has ended."""
        return self._key.warning(now)

    def seal(self, pdf: bytes, *, now: datetime) -> bytes:
        """Return the file with the seal added.

        :raises SealUnavailable: when the certificate is not in force.
        :raises UnableToSeal: when the bytes are no PDF that can be sealed.
        """
        trouble = self.trouble(now=now)
        if trouble:
            raise SealUnavailable(trouble)
        if len(pdf) > LARGEST_FILE or not pdf.startswith(b"%PDF-"):
            raise UnableToSeal("Plik faktury nie jest plikiem PDF albo jest większy niż 32 MB.")
        try:
            return self._added(pdf, now)
        except _UNREADABLE as error:
            raise UnableToSeal(
                "Pliku PDF z systemu rozliczeń nie da się opieczętować: jest uszkodzony albo zabrania zmian."
            ) from error

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of a file says."""
        return inspect(pdf, known=self._known)

    def _added(self, pdf: bytes, now: datetime) -> bytes:
        # A line must end before the update begins, or the file is no PDF/A any more.
        stream = BytesIO(pdf if pdf.endswith((b"\n", b"\r")) else pdf + b"\n")
        writer = IncrementalPdfFileWriter(stream, strict=False)
        if writer.prev.encrypted:
            raise UnableToSeal("Plik PDF z systemu rozliczeń jest zaszyfrowany, więc nie da się go opieczętować.")
        field = _free_name(writer)
        signer = PdfSigner(self._metadata(field), self._signer, new_field_spec=self._field(field))
        _carry_out(self._sign(signer, writer, now.astimezone(_WARSAW)))
        return stream.getvalue()

    async def _sign(self, signer: PdfSigner, writer: IncrementalPdfFileWriter, now: datetime) -> None:
        """What `PdfSigner.async_sign_pdf` does, with our clock."""
        session: PdfSigningSession = signer.init_signing_session(writer)
        session.system_time = now
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=self._reserved)
        digest, output = document.digest_tbs_document(in_place=True)
        sealed = await document.perform_signature(
            document_digest=digest.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=now),
        )
        await sealed.post_signature_processing(output)

    def _metadata(self, field: str) -> PdfSignatureMetadata:
        return PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            name=self._name,
            reason="Potwierdzenie pochodzenia i niezmienności faktury",
        )

    def _field(self, field: str) -> SigFieldSpec:
        """An invisible field: PDF/A wants it not hidden, PDF/UA off the page."""
        return SigFieldSpec(
            sig_field_name=field,
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
            readable_field_name=f"Pieczęć elektroniczna: {self._name}",
        )


class SealFromFiles:
    """A `PadesSeal` whose files are read on first use; one that cannot be read is told of, never a crash."""

    def __init__(self, files: SealFiles, *, name: str) -> None:
        self._files, self._name = files, name
        self._made: PadesSeal | None = None

    def trouble(self, *, now: datetime) -> str:
        """Say in a Polish sentence why nothing can be sealed now; empty when all is well."""
        try:
            return self._seal().trouble(now=now)
        except SealUnavailable as error:
            return str(error)

    def warning(self, *, now: datetime) -> str:
        """Say in Polish that the certificate ends soon, and what to do; empty without one."""
        try:
            return self._seal().warning(now=now)
        except SealUnavailable:
            return ""

    def seal(self, pdf: bytes, *, now: datetime) -> bytes:
        """Return the file with the seal added; raises as `PadesSeal.seal` does."""
        return self._seal().seal(pdf, now=now)

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of a file says.

        :raises SealUnavailable: when there are no certificates to compare with.
        """
        return self._seal().inspect(pdf)

    def _seal(self) -> PadesSeal:
        if self._made is None:
            key = self._read_key()
            past = tuple(one for path in self._files.past for one in _certificates(path))
            self._made = PadesSeal(key, name=self._name, past=past)
        return self._made

    def _read_key(self) -> SealKey:
        if self._files.p12 == Path():
            raise SealUnavailable(f"EBOK_SEAL_P12 nie jest ustawione, a eBOK pieczętuje każdą fakturę. {_ADVICE}")
        try:
            return key_in(self._files.p12.read_bytes(), password=self._files.password)
        except (OSError, UnreadableKey) as error:
            raise SealUnavailable(
                f"Nie można użyć pieczęci z pliku {self._files.p12}: {_reason(error)}. {_ADVICE}"
            ) from error


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return certificates_in(path.read_bytes())
    except (OSError, UnreadableKey) as error:
        raise SealUnavailable(f"Nie można odczytać certyfikatów z pliku {path}: {_reason(error)}.") from error


def _reason(error: OSError | UnreadableKey) -> str:
    return (error.strerror or "nie da się go odczytać") if isinstance(error, OSError) else str(error)


def _free_name(writer: IncrementalPdfFileWriter) -> str:
    """A name for our field that no field of the file has."""
    taken = {name for name, *_ in enumerate_sig_fields(writer)}
    names = (FIELD, *(f"{FIELD}{number}" for number in range(2, _SEALS_AT_MOST)))
    return next(name for name in names if name not in taken)


def _carry_out(signing: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never waits for anything: pyHanko's signing with a key of our own.

    No event loop is made, so it works wherever one runs already.

    :raises UnableToSeal: when it waits after all.
    """
    try:
        signing.send(None)
    except StopIteration:
        return
    signing.close()
    raise UnableToSeal("Pieczętowanie czeka na coś z zewnątrz, a nie powinno.")
