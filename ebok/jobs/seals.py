"""What must not start without a seal."""

import structlog
from django.core.management.base import CommandError

from ebok.einvoicing.queries.documents import seal_refusal, seal_warning
from ebok.foundation import clock

log = structlog.get_logger(__name__)


def refuse_without_seal() -> None:
    """Make sure that there is a key to seal invoices with; the log says when its certificate ends soon.

    An expired one is told of in the office instead.

    :raises CommandError: when there is none; the text is a Polish sentence.
    """
    refusal = seal_refusal()
    if refusal:
        raise CommandError(refusal, returncode=2)
    warning = seal_warning(now=clock.now())
    if warning:
        log.warning("einvoicing.seal_ends_soon", words=warning)
