"""The keys of the advisory locks, in one list: PostgreSQL knows them by number alone."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What one transaction at a time may do. Where several are taken, they are taken in this order."""

    TABLES = 7_100_002
    """Migrating; held by a session, not by a transaction."""
    REGISTRY = 7_100_010
    """Writing customer accounts and service points."""
    METERS = 7_100_011
    """Writing meters and where they are installed."""
    READINGS = 7_100_012
    """Writing or accepting readings: places in the export follow the order of commits."""
    STATEMENT_FILES = 7_100_013
    """Taking a statement's file."""
    STATEMENTS = 7_100_014
    """Booking statements, and matching what waits."""
    INVOICES = 7_100_015
    """Taking invoices, and booking parked ones; deciding their ways: places in the export of paper follow commits."""
    RECEIPTS = 7_100_016
    """Registering KSeF numbers."""
    ENTRIES = 7_100_017
    """Taking entries of the billing system."""
    AUDIT_SEALS = 7_100_018
    """Chaining audit rows."""
    DELIVERIES = 7_100_019
    """Delivering messages; held by a session for a whole run, which has many transactions."""
    ACCESS = 7_100_020
    """Changing whom an account is open to: of two who would own it at once, one becomes the owner."""
    BULK_DELIVERIES = 7_100_022
    """Delivering what goes to many at once; held by a session, as above, so that no code waits behind a bill day."""
    INVOICE_RUNS = 7_100_023
    """Starting, stopping and advancing runs that send invoices; held by a session while a run advances."""
    INVOICE_PAPERS = 7_100_024
    """Making print batches: no invoice is in two."""
    INVOICE_PRINTS = 7_100_031
    """Making the files of print batches; held by a session, so that no two make the same one."""
    PAPER_FALLBACKS = 7_100_032
    """Letting invoices fall back to paper: places in the export follow the order of commits."""
    LETTERS = 7_100_021
    """Ordering letters with an activation code: one account gets no two at once."""
    CONTACTS = 7_100_025
    """Changing contacts of accounts and deciding about data: places in the export follow the order of commits."""
    CONSENTS = 7_100_026
    """Recording consents: no place of a chain is taken twice, places in the export follow the order of commits."""
    DOCUMENT_RUNS = 7_100_028
    """Making the documents that are missing; held by a session, so that no two workers make the same ones."""
    DOCUMENTS = 7_100_027
    """Keeping the documents of invoices: of two makers at once the first one's bytes stay."""
