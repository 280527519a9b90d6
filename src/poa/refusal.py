"""A letter after a refused one: what the refusal still asks for, and where the two letters contradict each other.

Amazon keeps the refused letter. A date that moved, a number that shrank or an admission that is gone is seen at
once, so each is told before the new letter is sent; what is only new is told apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from poa.resources import read_words
from poa.values import Value, find_values

if TYPE_CHECKING:
    from poa.letter import Letter
    from poa.outline import Outline
    from poa.policy import PolicyPack
    from poa.runs import FinishedDraft

__all__ = ["Difference", "Refusal", "asked_again", "differences", "read_refusal"]

# Two passages with fewer words in common tell of two things, not of one thing that changed.
_SAME_THING = 0.5
# Kinds of values that two letters about the same events must agree on.
_BINDING = frozenset(
    {"date", "order_id", "asin", "review_id", "number", "percent", "money", "email", "phone", "url"}
)
_SINGLE = frozenset({"policy", "none", "listing", "apology", "request", "signature", "notice"})
_UNTOLD = frozenset({"notice", "apology", "request", "signature", "attachment"})


@dataclass(frozen=True)
class Refusal:
    """What a refusal says: the things it still asks for, in its own words, and whether it closes the matter."""

    asks: tuple[str, ...]
    final: bool
    more_detail: bool


@dataclass(frozen=True)
class Difference:
    """One thing in which the new letter differs from the refused one, or leaves the refusal unanswered.

    A `contradiction` must be settled before sending, a `gap` is a demand not met, `new` is only told.
    """

    kind: Literal["contradiction", "gap", "new"]
    code: str
    item: str | None
    message: str
    message_zh: str
    before: str = ""
    after: str = ""

    def as_json(self) -> dict[str, Any]:
        """The difference as the command line prints it."""
        return {
            "kind": self.kind,
            "code": self.code,
            "item": self.item,
            "message": self.message,
            "message_zh": self.message_zh,
            "before": self.before,
            "after": self.after,
        }


def read_refusal(text: str) -> Refusal:
    """What a refusal asks for. Raises `NoticeError` for text that cannot be read, or that smells of fraud."""
    from poa.errors import NoticeError
    from poa.notice import read_notice

    notice = read_notice(text)
    if notice.suspicious:
        raise NoticeError(
            f"This does not look like a mail from Amazon: {notice.suspicious[0]} Do not answer it; look in Seller"
            " Central whether the message is there."
        )
    return Refusal(
        notice.demands,
        any(re.search(pattern, text, re.IGNORECASE) for pattern in _words()["final"]),
        any(re.search(pattern, text, re.IGNORECASE) for pattern in _words()["more_detail"]),
    )


# ---------------------------------------------------------------- two letters


@dataclass(frozen=True)
class _Told:
    """One item of a letter: its kind, its sentence as it was sent, and the program's own sentence."""

    id: str
    kind: str
    sent: str
    plain: str


def differences(
    previous: FinishedDraft, outline: Outline, skeleton: Letter, pack: PolicyPack
) -> tuple[Difference, ...]:
    """Where the new letter contradicts the refused one, and what is new in it; contradictions first."""
    old = _told_before(previous)
    new = {
        item.id: _Told(item.id, item.kind, words, words)
        for item in outline.items
        if (words := _passage(skeleton, item.id))
    }
    pairs = _paired(old, new)
    found: list[Difference] = []
    for before in old.values():
        after = new.get(pairs.get(before.id, ""))
        if after is not None:
            found += _between(before, after, pack)
        elif before.kind not in _UNTOLD:
            found.append(_said("contradiction", "dropped", None, before.sent, ""))
    told = set(pairs.values())
    for after in new.values():
        if after.id not in told and after.kind not in _UNTOLD:
            kind: Literal["contradiction", "new"] = "new"
            code = "new_admission" if after.kind == "admission" else "new"
            found.append(_said(kind, code, after.id, "", after.sent))
    return tuple(sorted(found, key=lambda d: d.kind != "contradiction"))


def asked_again(
    refusal: Refusal, previous: FinishedDraft | None, outline: Outline, skeleton: Letter
) -> tuple[Difference, ...]:
    """What the refusal asks for and the new letter still does not answer, or answers in the same words."""
    found: list[Difference] = []
    if refusal.final:
        found.append(_said("gap", "final", None, "", ""))
    if not refusal.asks:
        found.append(_said("gap", "no_asks", None, "", ""))
    before = _told_before(previous) if previous else {}
    old_words = {told.plain for told in before.values()}
    answers = {demand.text: demand.answered_by for demand in outline.demands}
    for ask in (" ".join(ask.split()) for ask in refusal.asks):
        items = answers.get(ask, ())
        if not items:
            found.append(_said("gap", "unanswered", None, "", "", ask=ask))
        elif previous and all(_passage(skeleton, item) in old_words for item in items):
            found.append(_said("gap", "same_answer", items[0], "", "", ask=ask, items=", ".join(items)))
    return tuple(found)


def _told_before(previous: FinishedDraft) -> dict[str, _Told]:
    """The refused letter item by item, as it was sent: an edited sentence counts as it was edited."""
    from poa.export.proof import places_of

    kinds = {item["id"]: item["kind"] for item in previous.check["items"]}
    places = places_of(previous.letter, previous.text, {})
    told = {}
    for section in previous.letter.sections:
        for passage in section.passages:
            start, end = places.get(passage.id, (0, 0))
            sent = previous.text[start:end].strip()
            if sent:
                plain = _passage(previous.skeleton, passage.id)
                told[passage.id] = _Told(passage.id, kinds.get(passage.id, ""), sent, plain)
    return told


def _paired(old: Mapping[str, _Told], new: Mapping[str, _Told]) -> dict[str, str]:
    """Which item of the new letter tells what an item of the old one told; ids may have moved on."""
    pairs: dict[str, str] = {}
    for name, before in old.items():
        after = new.get(name)
        if after and (before.kind in _SINGLE or _alike(before, after) >= _SAME_THING):
            pairs[name] = name
    for name, before in old.items():
        if name in pairs:
            continue
        taken = set(pairs.values())
        free = [after for after in new.values() if after.id not in taken and after.kind == before.kind]
        best = max(free, key=lambda after: _alike(before, after), default=None)
        if best and _alike(before, best) >= _SAME_THING:
            pairs[name] = best.id
    return pairs


def _alike(before: _Told, after: _Told) -> float:
    if before.kind != after.kind and not (before.kind in _SINGLE and after.kind in _SINGLE):
        return 0.0
    left, right = _plain_words(before.plain or before.sent), _plain_words(after.plain)
    return SequenceMatcher(None, left, right, False).ratio()


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _between(before: _Told, after: _Told, pack: PolicyPack) -> Iterator[Difference]:
    if before.kind in ("none", "listing") and before.kind != after.kind:
        code = "reversed_none" if before.kind == "none" else "reversed_some"
        yield _said("contradiction", code, after.id, before.sent, after.sent)
        return
    if before.kind in ("notice", "signature", "attachment"):
        return
    if before.kind == "policy":
        for policy in pack.policies:
            if policy.name in before.sent and policy.name not in after.sent:
                yield _said("contradiction", "policy_dropped", after.id, policy.name, "")
        return
    gone, came = _moved(before.sent, after.sent)
    if gone and came:
        yield _said("contradiction", "changed", after.id, ", ".join(gone), ", ".join(came))
    elif gone:
        yield _said("contradiction", "left_out", after.id, ", ".join(gone), "")
    elif _denials(before.sent) != _denials(after.sent) and before.plain != after.plain:
        yield _said("contradiction", "negated", after.id, before.sent, after.sent)
    elif came:
        yield _said("new", "added", after.id, "", ", ".join(came))


def _moved(before: str, after: str) -> tuple[list[str], list[str]]:
    """The values, as they are written, that only the old text holds, and those that only the new one holds."""
    left, right = _values(before), _values(after)
    return _written(left, right), _written(right, left)


def _written(these: Sequence[Value], those: Iterable[Value]) -> list[str]:
    room = Counter((value.kind, value.canonical) for value in those)
    written = []
    for value in these:
        key = (value.kind, value.canonical)
        if room[key]:
            room[key] -= 1
        elif value.text not in written:
            written.append(value.text)
    return written


def _values(text: str) -> list[Value]:
    return [value for value in find_values(text) if value.kind in _BINDING]


def _denials(text: str) -> int:
    negations = set(_words()["negations"])
    return sum(word in negations for word in re.findall(r"[a-z]+(?:'t)?", text.lower().replace("’", "'")))


def _passage(letter: Letter, item_id: str) -> str:
    try:
        return letter.passage(item_id).text
    except KeyError:
        return ""


def _said(
    kind: Literal["contradiction", "gap", "new"],
    code: str,
    item: str | None,
    before: str,
    after: str,
    **values: str,
) -> Difference:
    words = _words()["messages"][code]
    fill = {"before": before, "after": after, **values}
    return Difference(
        kind, code, item, words["en"].format_map(fill), words["zh"].format_map(fill), before, after
    )


@cache
def _words() -> Mapping[str, Any]:
    words: dict[str, Any] = read_words(Path(__file__).with_name("refusal.yaml"))
    return words
