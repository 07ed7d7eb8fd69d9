"""What must not start without a seal."""

from django.core.management.base import CommandError

from ebok.einvoicing.queries.documents import seal_refusal


def refuse_without_seal() -> None:
    """Make sure that there is a key to seal invoices with. An expired one is told of in the office instead.

    :raises CommandError: when there is none; the text is a Polish sentence.
    """
    refusal = seal_refusal()
    if refusal:
        raise CommandError(refusal, returncode=2)
