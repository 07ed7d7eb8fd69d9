"""Which credit settles which charge: the one rule, for an account, entry by entry in posting order.

A credit settles the documents it names, then the oldest due; what is left stays as overpayment. A new
charge takes the credits that name it, then the oldest. So there is never an open credit beside an open
charge. A reversal first gives back what the entry it undoes had settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ebok.kernel.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry as settlement sees it: a charge of `amount` złoty, or a credit when it is negative.

    `names` are the document numbers a credit wants to settle first; `reverses` is the entry it undoes.
    """

    entry_id: int
    amount: Decimal
    due_on: date
    document_number: str = ""
    names: tuple[str, ...] = ()
    reverses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """`amount` złoty of the credit entry go to the charge entry; negative when a reversal takes them back."""

    credit: int
    charge: int
    amount: Decimal


class AccountSettlement:
    """The open items of one account, and what posting to it changes.

    `remaining` has one signed amount for each entry with something unsettled: positive for a charge,
    negative for a credit. `settled` needs only pairs that touch entries about to be reversed, and
    `items` the entries of `remaining` and of those pairs.
    """

    def __init__(
        self,
        *,
        items: Iterable[Item] = (),
        remaining: Mapping[int, Decimal] | None = None,
        settled: Iterable[Allocated] = (),
    ) -> None:
        self.remaining: dict[int, Decimal] = dict(remaining or {})
        self.allocations: list[Allocated] = []
        self.changed: set[int] = set()
        self.items: dict[int, Item] = {item.entry_id: item for item in items}
        self._pairs: dict[int, dict[int, Decimal]] = {}
        for pair in settled:
            self._note(pair)

    def add(self, item: Item) -> None:
        """Post one entry and settle what can be settled."""
        self.items[item.entry_id] = item
        self._put(item.entry_id, item.amount)
        returned = self._undo(item)
        for entry in [item.entry_id, *sorted(returned, key=self._age)]:
            self._place(entry)

    def _place(self, entry: int) -> None:
        open_amount = self.remaining.get(entry, ZERO)
        if open_amount < 0:
            for charge in self._charges_for(entry):
                self._settle(credit=entry, charge=charge)
        elif open_amount > 0:
            for credit in self._credits_for(entry):
                self._settle(credit=credit, charge=entry)

    def _charges_for(self, credit: int) -> list[int]:
        names = self.items[credit].names
        rank = {name: position for position, name in enumerate(names)}
        charges = [entry for entry, left in self.remaining.items() if left > 0]
        return sorted(charges, key=lambda e: (rank.get(self.items[e].document_number, len(names)), *self._age(e)))

    def _credits_for(self, charge: int) -> list[int]:
        number = self.items[charge].document_number
        open_credits = [entry for entry, left in self.remaining.items() if left < 0]
        return sorted(open_credits, key=lambda e: (number not in self.items[e].names, e))

    def _age(self, entry: int) -> tuple[date, int]:
        return self.items[entry].due_on, entry

    def _settle(self, *, credit: int, charge: int) -> None:
        amount = min(-self.remaining.get(credit, ZERO), self.remaining.get(charge, ZERO))
        if amount > 0:
            self._allocate(credit=credit, charge=charge, amount=amount)

    def _allocate(self, *, credit: int, charge: int, amount: Decimal) -> None:
        allocated = Allocated(credit=credit, charge=charge, amount=amount)
        self.allocations.append(allocated)
        self._note(allocated)
        self._put(credit, self.remaining.get(credit, ZERO) + amount)
        self._put(charge, self.remaining.get(charge, ZERO) - amount)

    def _put(self, entry: int, amount: Decimal) -> None:
        self.changed.add(entry)
        if amount:
            self.remaining[entry] = amount
        else:
            self.remaining.pop(entry, None)

    def _note(self, pair: Allocated) -> None:
        for one, other in ((pair.credit, pair.charge), (pair.charge, pair.credit)):
            partners = self._pairs.setdefault(one, {})
            partners[other] = partners.get(other, ZERO) + pair.amount
            if not partners[other]:
                del partners[other]

    def _undo(self, item: Item) -> list[int]:
        """Free the reversed entry, youngest settlement first, as far as the reversal needs; then offset the two."""
        undone = self.items.get(item.reverses) if item.reverses is not None else None
        if undone is None or undone.amount * item.amount >= 0:
            return []
        returned = self._free(undone, need=abs(item.amount))
        credit, charge = (undone, item) if undone.amount < 0 else (item, undone)
        self._settle(credit=credit.entry_id, charge=charge.entry_id)
        return returned

    def _free(self, undone: Item, *, need: Decimal) -> list[int]:
        entry, returned = undone.entry_id, []
        partners = [p for p in self._pairs.get(entry, {}) if self.items[p].reverses != entry]
        for partner in sorted(partners, key=self._age, reverse=True):
            short = need - abs(self.remaining.get(entry, ZERO))
            if short <= 0:
                break
            amount = min(short, self._pairs[entry][partner])
            credit, charge = (entry, partner) if undone.amount < 0 else (partner, entry)
            self._allocate(credit=credit, charge=charge, amount=-amount)
            returned.append(partner)
        return returned
