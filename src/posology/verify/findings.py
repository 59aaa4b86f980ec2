"""One finding on a written order, and what a check looks at. Decides no severity of its own: label/orders.toml does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from posology.knowledge import Cites
from posology.knowledge.orders import Orders
from posology.knowledge.phrases import one_line
from posology.record import Order, Override, Written
from posology.verify.derive import Drawn
from posology.verify.sheet import OrderSheet

LONGEST = 10 * 100
"""Characters of a reason."""

STOP, CONFIRM, NOTE = "stop", "confirm", "note"
GRAVITY = {STOP: 0, CONFIRM: 1, NOTE: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between what was written and what the record supports.

    `id` is stable (`E05:dose`) and what an override names; `error` its class; `severity` stop, confirm or note.
    `written` and `derived` are None where there is none, or where they agree and something else is wrong. `reason` says
    why it matters, `do` what to do. `overridden` is the signed override that lets it stand.
    """

    id: str
    error: str
    severity: str
    element: str
    written: Written | None
    derived: Written | None
    reason: str
    do: str
    cites: Cites
    overridable: bool
    overridden: Override | None = None

    @property
    def stops(self) -> bool:
        """Does it stop the order as it stands?"""
        return self.severity == STOP and self.overridden is None


@dataclass(frozen=True, slots=True)
class Look:
    """One order beside the one that the record supports. `derived`: the elements that could be derived, all without it.

    `routes`: every route that the order names, None for none. `others`: the other live orders of the drug.
    """

    drawn: Drawn
    order: Order
    routes: tuple[str | None, ...]
    derived: Mapping[str, Written]
    book: Orders
    others: tuple[Order, ...]

    @property
    def sheet(self) -> OrderSheet | None:
        """The order that the record supports, None where it supports none."""
        return self.drawn.sheet if isinstance(self.drawn.sheet, OrderSheet) else None

    def said(self, name: str) -> Written | None:
        """An element as written."""
        return self.order.said.get(name)

    def number(self, name: str) -> Decimal | None:
        """An element as written, if it is a number."""
        value = self.order.said.get(name)
        return value if isinstance(value, Decimal) else None

    def due(self, name: str) -> Decimal | None:
        """An element as derived, if it is a number."""
        value = self.derived.get(name)
        return value if isinstance(value, Decimal) else None

    def element(self, name: str, reason: str, error: str | None = None, severity: str | None = None) -> Finding:
        """A finding about an element of the table; its class and severity are the table's unless given."""
        known = self.book.elements[name]
        id = f"{error or known.error}:{name}"
        return self._made(id, severity or known.differs, name, reason, known.do, known.cites)

    def missing(self, name: str) -> Finding:
        """A required element that is not there."""
        known = self.book.elements[name]
        error = known.error if known.error == "E15" else "E20"
        return self._made(f"{error}:{name}", known.missing, name, f"{known.means} is missing", known.do, known.cites)

    def found(
        self, id: str, name: str, reason: str, do: str, severity: str | None = None, cites: Cites | None = None
    ) -> Finding:
        """A finding that is not about one element alone; its severity stands under [severity]."""
        error = id.partition(":")[0]
        return self._made(
            id, severity or self.book.severity.get(id, STOP), name, reason, do, cites or self.book.classes[error].cites
        )

    def _made(self, id: str, severity: str, name: str, reason: str, do: str, cites: Cites) -> Finding:
        hard = id in self.book.hard
        written, due = self.order.said.get(name), self.derived.get(name)
        if written == due or isinstance(written, bool):
            written = due = None
        elif isinstance(written, str):
            written = told(written)
        return Finding(id, id.partition(":")[0], severity, name, written, due, told(reason), do, cites, not hard)


def told(text: str) -> str:
    """Words of an order inside a reason: printable, on one line, and no longer than somebody reads."""
    plain = one_line(text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]} …"
