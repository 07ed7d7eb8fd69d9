"""P6: what a seal costs: drawing with it against without it, and it against pyHanko as documented.

No document is drawn twice, because Typst remembers what it has drawn. All in one process, in turn, CPU time.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, cast

from benchmarks.bench import Figure, print_figures, ratio_at_least
from benchmarks.invoice_pdf import ON, drawable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from ebok.adapters.seal import SealKey
    from ebok.billing.domain.visualization import InvoiceDocument

SEALED_GOAL, DOCUMENTED_GOAL, WHOLE_GOAL = 0.5, 10, 0.7
DOCUMENTS, ROUNDS = 20, 7
QUICK_DOCUMENTS, QUICK_ROUNDS = 10, 3
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD: Final = "benchmark"  # noqa: S105 (of a key made here and thrown away)
NAME: Final = "Wodociągi Sp. z o.o."
RESERVED: Final = 16_384


class Ways:
    """The ways that are compared; each takes documents nobody has drawn before."""

    def __init__(self, *, p12: Path, documents: "Iterator[InvoiceDocument]", count: int) -> None:
        from ebok.adapters.seal import PadesSeal, key_in
        from ebok.adapters.typst import TypstInvoiceRenderer

        self.renderer: TypstInvoiceRenderer = TypstInvoiceRenderer()
        self.p12, self.count, self._documents = p12, count, documents
        self.key: SealKey = key_in(p12.read_bytes(), password=PASSWORD)
        self.seal: PadesSeal = PadesSeal(self.key, name=NAME)

    def next(self) -> "list[InvoiceDocument]":
        """Documents for one turn."""
        return list(islice(self._documents, self.count))

    def drawn(self) -> float:
        """Seconds to draw."""
        given = self.next()
        return _cpu(lambda: [self.renderer.render(one) for one in given])

    def drawn_and_sealed(self) -> float:
        """Seconds to draw, with the XML inside, and to seal."""
        given = self.next()
        return _cpu(lambda: [self.seal.seal(self.renderer.render(one), now=NOW) for one in given])

    def bare(self) -> float:
        """The same by Typst, with every string ready, and pyHanko, with its key kept and its room told."""
        given, compiler = [self.renderer.inputs(one) for one in self.next()], self.renderer.compiler
        signer = _kept_key(self.key, self.p12)
        return _cpu(lambda: [_sign(compiler.compile("invoice.typ", inputs=one, dated=ON), signer) for one in given])

    def sealed(self) -> float:
        """Seconds to seal what is drawn."""
        ready = [self.renderer.render(one) for one in self.next()]
        return _cpu(lambda: [self.seal.seal(one, now=NOW) for one in ready])

    def as_documented(self) -> float:
        """Seconds to sign what is drawn as pyHanko's manual shows it."""
        from pyhanko.sign import signers

        ready = [self.renderer.render(one) for one in self.next()]
        load: Any = signers.SimpleSigner.load_pkcs12
        signer = load(str(self.p12), passphrase=PASSWORD.encode())
        return _cpu(lambda: [_sign(one, signer, reserved=None) for one in ready])


def _cpu(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def _sign(pdf: bytes, signer: Any, *, reserved: int | None = RESERVED) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    meta = signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out: BytesIO = signers.PdfSigner(meta, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=reserved
    )
    return out.getvalue()


def _kept_key(key: "SealKey", p12: Path) -> Any:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from pyhanko.sign import signers

    private = cast("RSAPrivateKey", key.private)

    class KeptKey(signers.SimpleSigner):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, *_args: Any, **_options: Any) -> bytes:
            return private.sign(data, PKCS1v15(), hashes.SHA256())

    load: Any = signers.SimpleSigner.load_pkcs12
    read = load(str(p12), passphrase=PASSWORD.encode())
    return KeptKey(signing_cert=read.signing_cert, signing_key=read.signing_key, cert_registry=read.cert_registry)


def measure(*, documents: int, rounds: int) -> list[Figure]:
    """Take every way in turn and compare their medians."""
    from ebok.adapters.seal import make_seal

    with TemporaryDirectory() as folder:
        p12 = Path(folder) / "seal.p12"
        p12.write_bytes(make_seal(name=NAME, short_name="Wodociągi", password=PASSWORD, now=NOW).p12)
        given = iter(drawable(documents * (rounds + 1) * 5))
        ways = Ways(p12=p12, documents=given, count=documents)
        turns = (ways.drawn, ways.drawn_and_sealed, ways.bare, ways.sealed, ways.as_documented)
        times = [[way() for way in turns] for _ in range(rounds + 1)][1:]
    drawn, whole, bare, sealed, documented = (documents / statistics.median(each) for each in zip(*times, strict=True))
    each = f"{documents} invoices at a time"
    return [
        _figure(f"{each}, drawn and sealed, against drawn alone", whole, drawn, SEALED_GOAL),
        _figure(f"{each}, sealed (RSA-3072), against pyHanko as documented", sealed, documented, DOCUMENTED_GOAL),
        _figure(f"{each}, drawn with XML and sealed, against bare Typst and pyHanko", whole, bare, WHOLE_GOAL),
    ]


def _figure(what: str, ours: float, bare: float, goal: float) -> Figure:
    return ratio_at_least(id="P6", what=what, ours=ours, bare=bare, goal=goal, unit="documents/s")


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    if quick:
        return measure(documents=QUICK_DOCUMENTS, rounds=QUICK_ROUNDS)
    return measure(documents=DOCUMENTS, rounds=ROUNDS)


if __name__ == "__main__":
    print_figures(figures)
