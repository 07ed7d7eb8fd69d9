"""Storing files for good, taking in scans of paper forms, and publishing documents for everybody."""

from ebok.documents.operations.files import (
    WORTH_A_CREW,
    PublishRefusal,
    UnableToPublish,
    heal,
    publish,
    store,
    storing,
    sweep,
)
from ebok.documents.operations.scans import (
    SCAN_MAX_BYTES,
    CheckedScan,
    ScanFault,
    UnableToTakeScan,
    check_scan,
    keep_scan,
    keep_sealed,
    sealed_scan,
)

__all__ = [
    "SCAN_MAX_BYTES",
    "WORTH_A_CREW",
    "CheckedScan",
    "PublishRefusal",
    "ScanFault",
    "UnableToPublish",
    "UnableToTakeScan",
    "check_scan",
    "heal",
    "keep_scan",
    "keep_sealed",
    "publish",
    "sealed_scan",
    "store",
    "storing",
    "sweep",
]
