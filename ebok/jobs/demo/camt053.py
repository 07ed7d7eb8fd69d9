"""Writes camt.053 in the two versions Polish banks use; payments of one day may share an entry."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import Final

from ebok.jobs.demo import utility
from ebok.jobs.demo.model import DemoTransfer
from ebok.jobs.demo.statements import DemoStatement
from ebok.kernel.money import plain

VERSIONS: Final = ("02", "08")
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_TITLE_LENGTH: Final = 140
_CODE: Final = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>"


def statement_file(statements: Sequence[DemoStatement], *, own_nrb: str, version: str) -> bytes:
    """The bytes of a file with these statements, in version 02 or 08 of camt.053.001."""
    last = statements[-1]
    parts = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{_NAMESPACE}{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>C53{last.last_day:%Y%m%d}{last.number:06d}</MsgId>"
        f"<CreDtTm>{last.last_day}T23:30:00+01:00</CreDtTm></GrpHdr>\n",
        *(part for statement in statements for part in _statement(statement, own_nrb, version)),
        "</BkToCstmrStmt></Document>\n",
    )
    return "".join(parts).encode()


def _statement(statement: DemoStatement, own_nrb: str, version: str) -> Iterator[str]:
    yield (
        f"<Stmt><Id>{statement.last_day:%Y%m%d}{statement.number:06d}</Id>"
        f"<ElctrncSeqNb>{statement.number}</ElctrncSeqNb><CreDtTm>{statement.last_day}T23:30:00+01:00</CreDtTm>"
        f"<FrToDt><FrDtTm>{statement.first_day}T00:00:00+01:00</FrDtTm>"
        f"<ToDtTm>{statement.last_day}T23:59:59+01:00</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>PL{own_nrb}</IBAN></Id><Ccy>PLN</Ccy><Ownr><Nm>{utility.NAME}</Nm></Ownr></Acct>\n"
    )
    for code, amount, day in (
        ("OPBD", statement.opening, statement.first_day),
        ("CLBD", statement.closing, statement.last_day),
    ):
        yield (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}<Dt><Dt>{day}</Dt></Dt></Bal>\n")
    for place, group in enumerate(_entries(statement.movements), start=1):
        yield from _entry(group, f"{statement.number:06d}{place:06d}", version)
    yield "</Stmt>\n"


def _amount(amount: Decimal) -> str:
    mark = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="PLN">{plain(abs(amount))}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _entries(movements: Sequence[DemoTransfer]) -> Iterator[list[DemoTransfer]]:
    """Put the credits of one day to individual accounts into one entry, as banks sum up mass payments."""
    for (_, mass), group in groupby(movements, key=lambda t: (t.booked_on, bool(t.virtual_nrb) and t.amount > 0)):
        if mass:
            yield list(group)
        else:
            yield from ([transfer] for transfer in group)


def _entry(group: Sequence[DemoTransfer], reference: str, version: str) -> Iterator[str]:
    day, total = group[0].booked_on, sum((t.amount for t in group), Decimal(0))
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    reversal = "<RvslInd>true</RvslInd>" if group[0].reversal else ""
    yield (
        f"<Ntry><NtryRef>{reference}</NtryRef>{_amount(total)}{reversal}{status}<BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>{_CODE}<NtryDtls>"
    )
    if len(group) > 1:
        yield f"<Btch><NbOfTxs>{len(group)}</NbOfTxs></Btch>"
    for place, transfer in enumerate(group, start=1):
        yield from _details(transfer, f"{reference}-{place}", version)
    yield "</NtryDtls></Ntry>\n"


def _details(transfer: DemoTransfer, reference: str, version: str) -> Iterator[str]:
    amount = f'<Amt Ccy="PLN">{plain(abs(transfer.amount))}</Amt>'
    own = _amount(transfer.amount) if version != "02" else ""
    yield (
        f"<TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{own}"
        f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls><RltdPties>{_parties(transfer, version)}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(transfer.title[:_TITLE_LENGTH])}</Ustrd></RmtInf></TxDtls>"
    )


def _parties(transfer: DemoTransfer, version: str) -> str:
    """Who pays and who is paid; a reversed credit keeps its debtor and creditor, a charge is paid to the bank."""
    name = f"<Nm>{escape(transfer.name)}</Nm>"
    party = name if version == "02" else f"<Pty>{name}</Pty>"
    if transfer.amount < 0 and not transfer.reversal:
        return f"<Cdtr>{party}</Cdtr>"
    from_account = f"<DbtrAcct><Id><IBAN>PL{transfer.nrb}</IBAN></Id></DbtrAcct>" if transfer.nrb else ""
    virtual = transfer.virtual_nrb
    to_account = f"<CdtrAcct><Id><IBAN>PL{virtual}</IBAN></Id></CdtrAcct>" if virtual else ""
    return f"<Dbtr>{party}</Dbtr>{from_account}{to_account}"
