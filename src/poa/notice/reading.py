"""Reads a performance notification: what it is about, what it demands, by when, and how to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.notice.asked import READ, READ_LINES, asking_blocks, pages_of, signs_in
from poa.notice.deadline import Deadline, find_deadline, find_received, parse_received, zone_named
from poa.notice.demands import Demand, DemandGroup, find_demands
from poa.notice.marks import (
    asins_in,
    case_ids_in,
    emails_in,
    language_of,
    marketplace_in,
    order_ids_in,
    policies_in,
    urls_in,
)
from poa.notice.routes import find_submit
from poa.notice.suspicion import Sign
from poa.notice.text import read_text, refuse_unreadable
from poa.notice.traditional import as_written, simplified
from poa.notice.violation import complaint_type, find_violations, is_notification, likely_violation
from poa.notice.words import matches, read_data

__all__ = ["Notice", "read_notice", "read_notice_file"]


@dataclass(frozen=True)
class Notice:
    """What a notification says. `demands` holds its own words, in order; `demand_groups` the same by route.

    `due` is the last day in the seller's zone, counted from `received`; None while either is unknown.
    `due_pacific` is the last day that is safe in Pacific time. `suspicious` holds the signs of fraud; with one,
    or when `notification` is False, the mail is not to be acted on, and its demands are not given.
    """

    violation: str
    violations: tuple[str, ...]
    language: str
    marketplace: str | None
    received: date | None
    deadline_days: int | None
    deadline_unit: str | None
    due: date | None
    due_pacific: date | None
    days_left: int | None
    demand_groups: tuple[DemandGroup, ...]
    policies: tuple[str, ...]
    urls: tuple[str, ...]
    asins: tuple[str, ...]
    order_ids: tuple[str, ...]
    case_ids: tuple[str, ...]
    emails: tuple[str, ...]
    submit: str | None
    complaint_type: str
    no_action: bool
    notification: bool
    suspicious: tuple[Sign, ...]
    deadline_sentence: str
    advice_codes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    @property
    def demands(self) -> tuple[str, ...]:
        """Every demanded item in the notice's order."""
        return tuple(d.text for group in self.demand_groups for d in group.demands)

    @property
    def genuine(self) -> bool:
        """Whether the mail can be answered as a notification: it is one, and nothing in it smells of fraud."""
        return self.notification and not self.suspicious

    def advice(self, lang: str = "en") -> tuple[str, ...]:
        """What to mind beside the facts, in English or Chinese, as finished sentences."""
        messages = read_data("messages.yaml")
        return tuple(messages[code][lang].format(**dict(values)) for code, values in self.advice_codes)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The JSON document of `poa notice`, and what it holds beyond the contract."""
        return {
            "violation": self.violation,
            "language": self.language,
            "marketplace": self.marketplace,
            "received": _iso(self.received),
            "deadline_days": self.deadline_days,
            "due": _iso(self.due),
            "demands": list(self.demands),
            "policies": list(self.policies),
            "urls": list(self.urls),
            "asins": list(self.asins),
            "order_ids": list(self.order_ids),
            "case_ids": list(self.case_ids),
            "submit": self.submit,
            "violations": list(self.violations),
            "deadline_unit": self.deadline_unit,
            "deadline_sentence": self.deadline_sentence or None,
            "due_pacific": _iso(self.due_pacific),
            "days_left": self.days_left,
            "demand_groups": [
                {
                    "route": g.route,
                    "heading": g.heading or None,
                    "lead_in": g.lead_in or None,
                    "choose": g.choose,
                    "applies": g.applies,
                    "demands": [{"text": d.text, "only_if": d.only_if} for d in g.demands],
                }
                for g in self.demand_groups
            ],
            "emails": list(self.emails),
            "complaint_type": self.complaint_type or None,
            "no_action": self.no_action,
            "notification": self.notification,
            "suspicious": [sign.zh if lang == "zh" else sign.en for sign in self.suspicious],
            "advice": list(self.advice(lang)),
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_notice_file(
    path: str | Path,
    received: str | date | None = None,
    *,
    today: date | None = None,
    zone: str = "Asia/Shanghai",
) -> Notice:
    """The notice in a file of UTF-8, UTF-16 or GB18030 text; NoticeError where it cannot be read."""
    return read_notice(read_text(Path(path)), received, today=today, zone=zone)


def read_notice(
    text: str, received: str | date | None = None, *, today: date | None = None, zone: str = "Asia/Shanghai"
) -> Notice:
    """What the notification says, read without a model.

    `received` is the day it arrived, in the seller's `zone`; without it the date the notice itself bears is
    taken, and without that no due date is given. Raises NoticeError for text that cannot be read and
    InputError for an impossible date.
    """
    refuse_unreadable(text, "notification")
    plain_text = simplified(text)
    if plain_text is not None:
        return _as_written(read_notice(plain_text, received, today=today, zone=zone), text, plain_text)
    today = today or datetime.now(zone_named(zone)).date()
    pages = pages_of(text)
    text, blocks, older = pages.text, pages.blocks, pages.older
    complaint = complaint_type(text)
    suspicious = signs_in(pages)
    arrived = (
        parse_received(received, today) if received is not None else _found_received(pages.posing, today)
    )
    asking = asking_blocks(pages, complaint)
    groups = find_demands(asking, complaint)
    # What the last message leaves unsaid stands in the ones it answers.
    violations = find_violations(blocks, complaint) or find_violations(older, complaint)
    deadline = find_deadline(blocks, arrived) or find_deadline(asking, arrived)
    submit = find_submit(blocks) or find_submit(asking)
    notification = is_notification(text, named=bool(violations), asks=bool(groups))
    genuine = notification and not suspicious
    if not genuine:
        violations, groups, deadline, submit = (), (), None, None
    elif not violations:
        violations = likely_violation(blocks)
    due, due_pacific = _due(deadline, arrived)
    days_left = (due - today).days if due else None
    no_action = _asks_nothing(text) if genuine and not groups else False
    return Notice(
        violation=violations[0] if violations else "unknown",
        violations=violations,
        language=language_of(text),
        marketplace=marketplace_in(text),
        received=arrived,
        deadline_days=_days_given(deadline, arrived),
        deadline_unit=deadline.unit if deadline else None,
        due=due,
        due_pacific=due_pacific,
        days_left=days_left,
        demand_groups=groups,
        policies=policies_in(text),
        urls=urls_in(text),
        asins=asins_in(text),
        order_ids=order_ids_in(text),
        case_ids=case_ids_in(text),
        emails=emails_in(text),
        submit=submit,
        complaint_type=complaint,
        no_action=no_action,
        notification=notification,
        suspicious=suspicious,
        deadline_sentence=deadline.sentence if deadline else "",
        advice_codes=_advice(
            notification=notification,
            suspicious=suspicious,
            violations=violations,
            groups=groups,
            no_action=no_action,
            deadline=deadline,
            received=arrived,
            due=due,
            due_pacific=due_pacific,
            days_left=days_left,
            submit=submit,
            cut=pages.cut,
        ),
    )


def _as_written(notice: Notice, text: str, read: str) -> Notice:
    """The notice with its words as they were written, in traditional characters."""
    groups = tuple(
        replace(
            group,
            heading=as_written(group.heading, text, read),
            lead_in=as_written(group.lead_in, text, read),
            demands=tuple(
                Demand(as_written(d.text, text, read), d.only_if and as_written(d.only_if, text, read))
                for d in group.demands
            ),
        )
        for group in notice.demand_groups
    )
    return replace(
        notice,
        demand_groups=groups,
        policies=tuple(as_written(name, text, read) for name in notice.policies),
        deadline_sentence=as_written(notice.deadline_sentence, text, read),
    )


def _asks_nothing(text: str) -> bool:
    """Whether some line says that nothing needs to be done."""
    return any(matches("no_action", line) for line in text[:60_000].split("\n"))


def _found_received(text: str, today: date) -> date | None:
    """The date the notice bears, unless it lies in the future: then it is mistyped, and must not be counted from."""
    found = find_received(text)
    try:
        return parse_received(found, today) if found else None
    except InputError:
        return None


def _days_given(deadline: Deadline | None, received: date | None) -> int | None:
    """The days to answer; for a deadline that is a date, those from the day the notice bears."""
    if deadline is None or deadline.until is None or received is None:
        return deadline.days if deadline else None
    days = (deadline.until - received).days
    return days if days > 0 else None


def _due(deadline: Deadline | None, received: date | None) -> tuple[date | None, date | None]:
    """The last day in the seller's zone, and the one that is safe in Pacific time."""
    if deadline is None:
        return None, None
    if deadline.until is not None:
        return deadline.until, deadline.until
    if received is None or deadline.days is None:
        return None, None
    due = received + timedelta(days=deadline.days)
    # A mail that arrives in the morning in China left Amazon on the day before, Pacific time.
    return due, due - timedelta(days=1)


def _advice(
    *,
    notification: bool,
    suspicious: tuple[Sign, ...],
    violations: tuple[str, ...],
    groups: tuple[DemandGroup, ...],
    no_action: bool,
    deadline: Deadline | None,
    received: date | None,
    due: date | None,
    due_pacific: date | None,
    days_left: int | None,
    submit: str | None,
    cut: bool,
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The codes of the messages that fit, each with the values it names."""
    out: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def say(code: str, **values: str) -> None:
        out.append((code, tuple(values.items())))

    if cut:
        say("cut", read=f"{READ:,}", lines=f"{READ_LINES:,}")
    if suspicious:
        say("suspicious")
        return tuple(out)
    if not notification:
        say("not_a_notice")
        return tuple(out)
    if not violations:
        say("unknown_violation")
    if len(violations) > 1:
        say("several_violations", violations=", ".join(violations))
    if "forged-documents" in violations[:1]:
        say("forged")
    if not groups:
        say("no_action" if no_action else "no_demands")
    if {"plan", "error"} <= {g.route for g in groups}:
        say("routes")
    if any(g.choose == "one" for g in groups):
        say("choose_one")
    _advise_due(say, deadline, received, due, due_pacific, days_left, no_action)
    if submit is None and not no_action:
        say("no_submit")
    return tuple(out)


def _advise_due(
    say: Any,
    deadline: Deadline | None,
    received: date | None,
    due: date | None,
    due_pacific: date | None,
    days_left: int | None,
    no_action: bool,
) -> None:
    if deadline is None:
        if not no_action:
            say("no_deadline")
        return
    if deadline.conflicting:
        say("conflicting_deadlines", days=", ".join(map(str, deadline.conflicting)))
    if re.search(r"\boriginal notification\b", deadline.sentence, re.IGNORECASE):
        say("original_notification")
    if deadline.unit == "hours":
        say("hours")
    if deadline.unit == "business days":
        say("business_days")
    if due is None or due_pacific is None or days_left is None:
        say("received_unknown")
        return
    if days_left < 0:
        say("due_passed", due=due.isoformat())
        return
    if deadline.until is not None:
        say("due_date", due=due.isoformat())
    elif received is not None:
        say(
            "due_pacific",
            received=received.isoformat(),
            due=due.isoformat(),
            due_pacific=due_pacific.isoformat(),
        )
    say("due_close", days_left=str(days_left))
