"""Where the letter goes and by when, as the notification says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poa.facts import Case

__all__ = ["Sending", "case_after", "sending_of"]


@dataclass(frozen=True)
class Sending:
    """How and by when to answer; `safe` is the last day in Amazon's own zone, one earlier than in China.

    `way` is one of the ways that `poa notice` knows, None when the notification is not there or names none.
    """

    way: str | None
    received: dt.date | None
    due: dt.date | None
    safe: dt.date | None
    marketplace: str | None
    reference: str | None
    reply_from: str | None
    addresses: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    def days_left(self, today: dt.date) -> int | None:
        """Days until the safe last day, negative when it has passed; None while it is unknown."""
        return (self.safe - today).days if self.safe else None


def sending_of(case: Case) -> Sending:
    """What the facts and the notification beside them say about sending; the facts come first."""
    notice = case.notice
    due = safe = None
    if notice.received and notice.deadline_days:
        due = notice.received + dt.timedelta(days=notice.deadline_days)
        # A mail that arrives in the morning in China left Amazon on the day before, Pacific time.
        safe = due - dt.timedelta(days=1)
    way: str | None = None
    addresses: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    if notice.text:
        from poa.errors import PoaError
        from poa.notice import read_notice

        try:
            read = read_notice(notice.text, notice.received)
        except PoaError:
            read = None
        if read is not None and read.genuine:
            way, addresses, urls = read.submit, read.emails, read.urls
            if due is None:
                due, safe = read.due, read.due_pacific
    return Sending(
        way,
        notice.received,
        due,
        safe,
        notice.marketplace,
        notice.reference,
        case.seller.email,
        addresses,
        urls,
    )


def case_after(case: Case, asks: Sequence[str]) -> Case:
    """The case after a refusal: what the refusal asks for stands before the notification's own demands.

    The letter's sections follow the demands, so that what was missing comes first.
    """
    from poa.outline import build_outline

    first = [" ".join(ask.split()) for ask in asks]
    known = {ask.lower() for ask in first}
    rest = [d.text for d in build_outline(case).demands if d.text.lower() not in known]
    notice = case.notice.model_copy(update={"demands": (*first, *rest)})
    return case.model_copy(update={"notice": notice})
