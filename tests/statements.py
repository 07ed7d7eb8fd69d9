"""Writes bank statements for tests: the same payments in every layout, encoding and version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from ebok.kernel.identifiers import nrb_check_digits
from ebok.kernel.money import plain

OWN_BODY = "102010550000000000012345"
OWN = nrb_check_digits(OWN_BODY) + OWN_BODY
DAY = date(2026, 11, 20)


def nrb_of(payer: int, *, sort_code: str = "10201055", prefix: str = "0000") -> str:
    """A valid NRB for a payer's number."""
    body = sort_code + prefix + f"{payer:012d}"
    return nrb_check_digits(body) + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement to print; `amount` positive when money comes in."""

    amount: Decimal = Decimal("100.00")
    title: str = "Zapłata za wodę"
    name: str = "Łucja Żądło"
    payer_nrb: str = nrb_of(7, sort_code="11402004")
    virtual_nrb: str = ""
    collect_id: str = ""
    reference: str = ""
    reversal: bool = False
    day: date = DAY


def comma(amount: Decimal) -> str:
    return plain(abs(amount)).replace(".", ",")


def mt940(
    lines: Sequence[Line] = (),
    *,
    own: str = OWN,
    number: str = "1",
    opening: Decimal = Decimal("1000.00"),
    day: date = DAY,
    separator: str = "~",
    encoding: str = "utf-8",
    newline: str = "\r\n",
    currency: str = "PLN",
) -> bytes:
    """A statement in MT940."""
    closing = opening + sum((line.amount for line in lines), Decimal(0))
    rows = [":20:ST1", f":25:/PL{own}", f":28C:{number}", f":60F:{_balance(opening, day, currency)}"]
    for line in lines:
        rows += [_movement_row(line), *(_free_text(line) if separator == ";" else _subfields(line, separator))]
    rows += [f":62F:{_balance(closing, day, currency)}", f":64:{_balance(closing, day, currency)}", "-", ""]
    return newline.join(rows).encode(encoding)


def _balance(amount: Decimal, day: date, currency: str) -> str:
    return f"{'D' if amount < 0 else 'C'}{day:%y%m%d}{currency}{comma(amount)}"


def _movement_row(line: Line) -> str:
    mark = {(True, False): "C", (False, False): "D", (False, True): "RC", (True, True): "RD"}
    reference = f"//{line.reference}" if line.reference else ""
    head = f":61:{line.day:%y%m%d}{line.day:%m%d}{mark[line.amount > 0, line.reversal]}"
    return f"{head}N{comma(line.amount)}NTRFNONREF{reference}"


def _subfields(line: Line, sep: str) -> list[str]:
    about = " ".join(t for t in (line.virtual_nrb, f"ID IPH: {line.collect_id}" if line.collect_id else "") if t)
    first = f":86:020{sep}00PRZELEW{sep}20{line.title[:27]}{sep}21{line.title[27:54]}{sep}22{line.title[54:81]}"
    return [first, f"{sep}32{line.name}{sep}38PL{line.payer_nrb}", f"{sep}61{about}"]


def _free_text(line: Line) -> list[str]:
    about = "".join(
        f"{label}{value}; "
        for label, value in (("ID IPH: ", line.collect_id), ("Z RACH.: ", line.payer_nrb), ("OD: ", line.name))
        if value
    )
    return [f":86:911 TRANSAKCJA COLLECT; {about}", f"TYT.: {line.title}; TNR: 1; {line.virtual_nrb}"]


def camt(
    entries: Sequence[Line | Sequence[Line]] = (),
    *,
    version: str = "08",
    own: str = OWN,
    number: str = "1",
    opening: Decimal = Decimal("1000.00"),
    day: date = DAY,
    currency: str = "PLN",
    closing: Decimal | None = None,
) -> bytes:
    """A statement in camt.053; a list of lines is one entry with several payments."""
    groups = [[e] if isinstance(e, Line) else list(e) for e in entries]
    total = sum((line.amount for group in groups for line in group), opening)
    body = "".join(_entry(group, version, currency) for group in groups)
    closing = total if closing is None else closing
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{day}T18:00:00</CreDtTm></GrpHdr><Stmt><Id>{number}</Id>"
        f"<CreDtTm>{day}T18:00:00</CreDtTm><Acct><Id><IBAN>PL{own}</IBAN></Id></Acct>"
        f"{_bal('OPBD', opening, day, currency)}{_bal('CLBD', closing, day, currency)}{body}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _bal(code: str, amount: Decimal, day: date, currency: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amt(amount, currency)}{_direction(amount)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _amt(amount: Decimal, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{plain(abs(amount))}</Amt>'


def _direction(amount: Decimal) -> str:
    return f"<CdtDbtInd>{'DBIT' if amount < 0 else 'CRDT'}</CdtDbtInd>"


def _entry(lines: list[Line], version: str, currency: str, *, status: str = "BOOK") -> str:
    total = sum((line.amount for line in lines), Decimal(0))
    sts = f"<Sts>{status}</Sts>" if version == "02" else f"<Sts><Cd>{status}</Cd></Sts>"
    reversal = "<RvslInd>true</RvslInd>" if lines[0].reversal else ""
    details = "".join(_tx(line, version, currency) for line in lines)
    return (
        f"<Ntry>{_amt(total, currency)}{_direction(total)}{reversal}{sts}<BookgDt><Dt>{lines[0].day}</Dt></BookgDt>"
        f"<ValDt><Dt>{lines[0].day}</Dt></ValDt><BkTxCd><Prtry><Cd>1</Cd></Prtry></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _tx(line: Line, version: str, currency: str) -> str:
    amount = _amt(line.amount, currency)
    name = f"<Nm>{escape(line.name)}</Nm>"
    if version == "02":
        amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    else:
        amount, name = amount + _direction(line.amount), f"<Pty>{name}</Pty>"
    to = f"<CdtrAcct><Id><IBAN>PL{line.virtual_nrb}</IBAN></Id></CdtrAcct>" if line.virtual_nrb else ""
    title = f"{line.title} ID IPH: {line.collect_id}" if line.collect_id else line.title
    return (
        f"<TxDtls><Refs><EndToEndId>{line.reference or 'NOTPROVIDED'}</EndToEndId></Refs>{amount}"
        f"<RltdPties><Dbtr>{name}</Dbtr><DbtrAcct><Id><IBAN>PL{line.payer_nrb}</IBAN></Id></DbtrAcct>{to}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(title)}</Ustrd></RmtInf></TxDtls>"
    )


def on(line: Line, day: date) -> Line:
    return replace(line, day=day)
