"""What is being read of one written order. Holds what was said; reads no resource itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posology.fhir.intake import Intake
from posology.fhir.refusal import shown
from posology.record import Written

if TYPE_CHECKING:
    from posology.knowledge.orders import Orders


class Reading:
    """What is being read of one order: `said`, and `unread` with the text as it stands."""

    def __init__(self, intake: Intake, asked: Orders) -> None:
        self.intake, self.asked = intake, asked
        self.said: dict[str, Written] = {}
        self.unread: dict[str, str] = {}

    def put(self, name: str, value: Written | None, text: object) -> None:
        """The first value that can be read stands; another one, or none, makes the element unreadable."""
        if value is None:
            self.unread[name] = shown(str(text))
        elif self.said.setdefault(name, value) != value:
            self.unread[name] = "said in two ways"
