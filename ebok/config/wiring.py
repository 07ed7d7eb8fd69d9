"""The one place where ports meet adapters."""

from functools import cache, partial

from django.conf import settings

from ebok.adapters.camt053 import Camt053Reader
from ebok.adapters.fa3 import Fa3InvoiceReader
from ebok.adapters.mail import DsnReader, transport_for
from ebok.adapters.mt940 import Mt940Reader
from ebok.adapters.registry import CsvTableReader
from ebok.adapters.sms import sms_transport_for
from ebok.adapters.statements import AnyStatementReader
from ebok.adapters.typst import (
    TypstCompiler,
    TypstConsentPapers,
    TypstEnrolmentPapers,
    TypstInvoicePrinter,
    TypstInvoiceRenderer,
)
from ebok.adapters.upo import UpoReceiptReader
from ebok.billing.ports import InvoiceRenderer
from ebok.config import seal
from ebok.einvoicing.ports import ConsentPapers, DocumentSeal, InvoicePrinter
from ebok.enrolment.ports import EnrolmentPapers
from ebok.foundation.ports import provide
from ebok.interchange.ports import InvoiceReader, ReceiptReader, TableReader
from ebok.notifications.ports import BounceReader, MessageTransport, SmsTransport
from ebok.payments.ports import StatementReader


def wire() -> None:
    """Say for every port which adapter serves it. Each is made on first use."""
    provide(TableReader, CsvTableReader)
    provide(InvoiceReader, Fa3InvoiceReader)
    provide(ReceiptReader, UpoReceiptReader)
    provide(StatementReader, partial(AnyStatementReader, [Camt053Reader(), Mt940Reader()]))
    compiler = cache(TypstCompiler)
    provide(InvoiceRenderer, lambda: TypstInvoiceRenderer(compiler()))
    provide(InvoicePrinter, lambda: TypstInvoicePrinter(compiler()))
    provide(EnrolmentPapers, lambda: TypstEnrolmentPapers(compiler()))
    provide(ConsentPapers, lambda: TypstConsentPapers(compiler()))
    provide(DocumentSeal, seal.seal)
    provide(MessageTransport, lambda: transport_for(settings.EBOK_EMAIL_URL))
    provide(BounceReader, DsnReader)
    provide(SmsTransport, lambda: sms_transport_for(settings.EBOK_SMS_URL))
