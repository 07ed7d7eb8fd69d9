"""Makes the document of every invoice, a slice at a time, and prints after each: how many, and the most memory in MiB.

A process of its own for `benchmarks.document_memory`. The files go again once they are made: 20,000 take gigabytes.
"""

import resource
import sys
from typing import Final

import django

MIB: Final = 1024


def main(at_once: int) -> None:
    """Make them all."""
    django.setup()
    from django.conf import settings

    from ebok.billing.queries import invoice_ids_after
    from ebok.documents.domain import place_of
    from ebok.einvoicing.operations.documents import make_documents
    from ebok.foundation import clock

    made = last = 0
    while ids := invoice_ids_after(after=last, limit=at_once):
        found = make_documents(invoice_ids=ids, now=clock.now())
        for sha256 in found.values():
            (settings.EBOK_DOCUMENTS / place_of(sha256)).unlink()
        made, last = made + len(found), ids[-1]
        print(made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
