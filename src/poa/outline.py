"""What the letter must say, item by item, decided once and before any wording.

A `RequiredItem` holds the fact itself: the seller's own statement, and each detail that must stand in the
letter. The skeleton words it, the polish rewords it, the checks hold every wording against it. Nothing
downstream reads the facts file again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Aspect", "Detail", "DetailKind", "ItemKind", "Outline", "RequiredItem"]

ItemKind = Literal[
    "notice",  # which notification is answered
    "admission",  # what was done, by whom
    "policy",  # the policies violated, and that they were
    "none",  # an empty list, stated: no third party, no other account, no review left
    "listing",  # a non-empty list: each entry with its details
    "cause",
    "action",  # already done
    "measure",  # a commitment from now on
    "metric",
    "attachment",
    "statement",  # what a pack asks beyond these
    "apology",
    "request",
    "signature",
]

DetailKind = Literal[
    "date",  # ISO, 2024-03-06
    "order_id",
    "asin",
    "review_id",
    "case_id",
    "email",
    "url",
    "phone",
    "money",
    "percent",
    "number",
    "name",  # a person, firm, store or tool: kept letter by letter
    "policy",  # a policy's name; its usual short forms count as the same
    "quote",  # verbatim
    "phrase",  # words whose sense must stay: channel, role, owner, frequency, period, target, service
    "text",  # free text of the facts: its sense, and every value inside it, must stay
]

Aspect = Literal["done", "planned", "state"]


@dataclass(frozen=True)
class Detail:
    """One value of an item as the facts give it.

    `name` is the field (`from`, `to`, `order`, `asin`, `by`, `owner`, …). `entry` numbers the entry of a
    list it belongs to (0 when the item is not a list): values of one entry must not move to another.
    """

    name: str
    kind: DetailKind
    text: str
    entry: int = 0


@dataclass(frozen=True)
class RequiredItem:
    """One thing the letter must say.

    `statement` is the fact in its own English words, empty where the details are all there is.
    `origin` is its path in the facts file (`violations[0]`), for messages.
    """

    id: str
    kind: ItemKind
    section: str
    label_en: str
    label_zh: str
    statement: str = ""
    statement_zh: str = ""
    aspect: Aspect = "state"
    details: tuple[Detail, ...] = ()
    origin: str = ""
    topic: str = ""  # for `none` and `listing`: which list; for pack statements: the field's name

    def detail(self, name: str) -> str | None:
        """The text of the first detail of that name, or None."""
        return next((d.text for d in self.details if d.name == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """The texts of all details of that name, in the facts' order."""
        return tuple(d.text for d in self.details if d.name == name)


@dataclass(frozen=True)
class Outline:
    """All required items in the letter's order."""

    pack: str
    items: tuple[RequiredItem, ...]

    def __getitem__(self, item_id: str) -> RequiredItem:
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)
