"""Who the customers are: a cast with parts to play, and a town around it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ebok.jobs.demo import chance, names, utility
from ebok.jobs.demo.calendar import months_later
from ebok.jobs.demo.model import Bank, DemoAccount, Part

FIRST_NUMBER: Final = 100_001
COOPERATIVE_PREMISES: Final = 40
COOPERATIVE_NAME: Final = "Spółdzielnia Mieszkaniowa „Sosnowy Bór”"
_CAST: Final = (
    (Part.ANNA, "Anna Świerk"),
    (Part.JAN, "Jan Wróbel"),
    (Part.EWA, "Ewa Jarząb"),
    (Part.NOWA, "Maria Zięba"),
    (Part.BYLY, "Stanisław Łoś"),
    (Part.RETURNED, "Żegota Dżbik"),
    (Part.DIFFERS, "Grażyna Gołąb"),
    (Part.MUNICIPAL, "Gmina Sośnina"),
    (Part.STAFF_FLAT, "Tadeusz Kłos"),
)
MINIMUM_ACCOUNTS: Final = len(_CAST) + COOPERATIVE_PREMISES
_CAMT_EVERY: Final = 3
_FIRM_EVERY: Final = 8
_CORRESPONDENCE_EVERY, _CORRESPONDENCE_PLACE = 16, 7
_LAST_READING_DAYS: Final = 5
_NEW_DAYS: Final = 9
_MOVED_OUT_MONTHS: Final = 5
_MONTHLY_PARTS: Final = frozenset({Part.JAN, Part.EWA, Part.COOPERATIVE, Part.MUNICIPAL, Part.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What a demo is made from: the same four values always give the same bytes."""

    seed: int
    on: date
    accounts: int
    months: int


def accounts(demo: Demo) -> Iterator[DemoAccount]:
    """Every customer account, the cast first, then the cooperative's premises, then the town."""
    for index in range(demo.accounts):
        yield _account(demo, index)


def part_of(index: int) -> Part:
    """The part of the account at this place."""
    if index < len(_CAST):
        return _CAST[index][0]
    return Part.COOPERATIVE if index < MINIMUM_ACCOUNTS else Part.ORDINARY


def _account(demo: Demo, index: int) -> DemoAccount:
    part, die = part_of(index), chance.dice(demo.seed, f"person-{index}")
    firm = part is Part.ORDINARY and index % _FIRM_EVERY == 0
    person = not firm and part not in (Part.COOPERATIVE, Part.MUNICIPAL)
    bank = _bank(index, part, person=person)
    months = 1 if part in _MONTHLY_PARTS or (part is Part.ORDINARY and index % 2) else 2
    ends = _period_ends(demo, index, part, months)
    name = _name(index, part, die, firm=firm)
    payer = FIRST_NUMBER + index
    street, house, flat = _address(index, part, die)
    return DemoAccount(
        index=index,
        part=part,
        number=f"{payer:09d}",
        is_person=person,
        name=name,
        nip="" if person else chance.nip(100_000 + (0 if part is Part.COOPERATIVE else payer)),
        pesel=chance.pesel(die) if person and index % 10 else "",
        email=f"klient{payer}@poczta.example" if index % 4 else "",
        phone=f"+4850000{die.randrange(10_000):04d}" if index % 5 else "",
        street=street,
        house=house,
        flat=flat,
        postal_code=die.choice(names.POSTAL_CODES),
        correspondence=_correspondence(index, part),
        payment_nrb=utility.virtual_nrb(sort_code=_sort_code(bank), payer=payer),
        collect_id=f"OT{payer:012d}" if bank is Bank.MT940 else "",
        own_bank_nrb=utility.nrb(sort_code=utility.OTHER_BANK_SORT_CODE, account=f"{die.randrange(10**15):016d}"),
        bank=bank,
        zone=die.choice(names.ZONES),
        tariff_group="G1" if person else "P1",
        billing_months=months,
        ends=ends,
        opened_on=demo.on - timedelta(days=_NEW_DAYS) if part is Part.NOWA else _opened(demo, die),
        closed_on=ends[-1] if part is Part.BYLY and ends else None,
    )


def _bank(index: int, part: Part, *, person: bool) -> Bank:
    if part is Part.ORDINARY and person:
        return Bank.CAMT if index % _CAMT_EVERY == 0 else Bank.MT940
    return Bank.MT940 if person else Bank.CAMT


def _sort_code(bank: Bank) -> str:
    return utility.MT940_SORT_CODE if bank is Bank.MT940 else utility.CAMT_SORT_CODE


def _opened(demo: Demo, die: random.Random) -> date:
    return months_later(demo.on, -demo.months - 2 - die.randrange(120)).replace(day=1)


def _name(index: int, part: Part, die: random.Random, *, firm: bool) -> str:
    if part is Part.COOPERATIVE:
        return COOPERATIVE_NAME
    if part is not Part.ORDINARY:
        return _CAST[index][1]
    if firm:
        return f"{die.choice(names.FIRMS)} {index}"
    return f"{die.choice(names.WOMEN + names.MEN)} {die.choice(names.SURNAMES)}"


def _address(index: int, part: Part, die: random.Random) -> tuple[str, str, str]:
    if part is Part.COOPERATIVE:
        premises = index - len(_CAST)
        return "ul. Sosnowa", str(2 + 2 * (premises // 10)), str(1 + premises % 10)
    house = f"{die.randrange(1, 120)}" + die.choice(("", "", "", "A", "B"))
    return die.choice(names.STREETS), house, str(die.randrange(1, 40)) if index % 3 == 0 else ""


def _correspondence(index: int, part: Part) -> tuple[str, str, str] | None:
    if part is Part.COOPERATIVE:
        return "ul. Sosnowa", "2", "05-400"
    return ("ul. Długa", f"{index}", "00-001") if index % _CORRESPONDENCE_EVERY == _CORRESPONDENCE_PLACE else None


def _period_ends(demo: Demo, index: int, part: Part, months: int) -> tuple[date, ...]:
    """The days of the readings that end the billing periods, the day before the first period in front."""
    if part is Part.NOWA:
        return ()
    route_day = demo.on - timedelta(days=_LAST_READING_DAYS + index % 7)
    phase = (index // 7) % months if part is Part.ORDINARY else 0
    back = range(phase + (demo.months - phase) // months * months, phase - 1, -months)
    ends = tuple(months_later(route_day, -k) for k in back)
    return ends[:-_MOVED_OUT_MONTHS] if part is Part.BYLY and len(ends) > _MOVED_OUT_MONTHS + 1 else ends
