"""A story told freely, read for facts: each with the words it stands on, the rest left to ask.

The pass here is deterministic and finds what has one written form: the notification's day, the marketplace, the
store, order IDs, ASINs, e-mail. It places a value only where the words around it say what it is; a value it cannot
place is listed with its words, and nothing is filled in by guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poa.errors import InputError
from poa.values import Value, find_values
from poa.values.chinese import find_chinese_values

__all__ = ["Extraction", "Span", "extract_story"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_RECEIVED = re.compile(r"(?:收到|接到|来的|发来|通知|邮件|notif|received|notice|e-?mail)", re.IGNORECASE)
_MARKETPLACES = (
    (r"美国站|美站|amazon\.com(?![.\w])|United States|\bUS marketplace", "amazon.com"),
    (r"英国站|amazon\.co\.uk|United Kingdom|\bUK marketplace", "amazon.co.uk"),
    (r"德国站|amazon\.de\b|German marketplace", "amazon.de"),
    (r"法国站|amazon\.fr\b", "amazon.fr"),
    (r"意大利站|amazon\.it\b", "amazon.it"),
    (r"西班牙站|amazon\.es\b", "amazon.es"),
    (r"加拿大站|amazon\.ca\b|Canadian marketplace", "amazon.ca"),
    (r"日本站|amazon\.co\.jp", "amazon.co.jp"),
    (r"澳洲站|澳大利亚站|amazon\.com\.au", "amazon.com.au"),
    (r"墨西哥站|amazon\.com\.mx", "amazon.com.mx"),
)
_STORE = re.compile(
    r"(?:店铺名?(?:叫|是|为|:|：)?|店名(?:叫|是|为|:|：)?|有个店叫|store (?:is )?(?:called|named) |our store,? )\s*[“\"]?"
    r"(?P<name>[A-Z][\w&'’.-]*(?: [A-Z&][\w&'’.-]*)*)"
)
_PLACED = frozenset({"order_id", "asin", "email"})


@dataclass(frozen=True, slots=True)
class Span:
    """The words of the story that a fact stands on: `text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Extraction:
    """What a story says for sure: facts in the shape of a facts file, and for each path the words behind it.

    `unplaced` are values the story holds whose meaning only a person (or a model, checked) can tell.
    """

    facts: Mapping[str, Any]
    spans: Mapping[str, Span]
    unplaced: tuple[Value, ...]

    @property
    def sources(self) -> Mapping[str, str]:
        """The words of the story behind each path."""
        return {path: span.text for path, span in self.spans.items()}


def extract_story(text: str) -> Extraction:
    """What a Chinese or English story says for sure, without a model; `InputError` when it says nothing at all."""
    if not re.search(r"\w", text):
        raise InputError("The story is empty. Write down what happened, in Chinese or English.")
    values = find_chinese_values(text) if _HAN.search(text) else find_values(text)
    facts: dict[str, Any] = {"schema": 1, "language": "zh" if _HAN.search(text) else "en"}
    spans: dict[str, Span] = {}
    received = _received(text, values)
    if received:
        _put(facts, spans, "notice.received", received.canonical, _span(text, received))
    place = _marketplace(text)
    if place:
        _put(facts, spans, "notice.marketplace", *place)
    store = _STORE.search(text)
    if store:
        _put(
            facts,
            spans,
            "seller.store_name",
            store["name"],
            Span(store.start("name"), store.end("name"), store["name"]),
        )
    mails = _distinct(values, "email")
    if len(mails) == 1:
        _put(facts, spans, "seller.email", mails[0].canonical, _span(text, mails[0]))
    act: dict[str, Any] = {}
    for kind, key in (("order_id", "orders"), ("asin", "asins")):
        found = _distinct(values, kind)
        if found:
            act[key] = [value.canonical for value in found]
            spans |= {f"violations[0].{key}[{n}]": _span(text, value) for n, value in enumerate(found)}
    if act:
        facts["violations"] = [{"id": "V1", **act}]
    taken = {received} if received else set()
    unplaced = tuple(v for v in values if v.kind not in _PLACED and v not in taken)
    return Extraction(facts, spans, unplaced)


def _span(text: str, value: Value) -> Span:
    return Span(value.start, value.end, text[value.start : value.end])


def _put(facts: dict[str, Any], spans: dict[str, Span], path: str, value: str, span: Span) -> None:
    section, _, key = path.partition(".")
    facts.setdefault(section, {})[key] = value
    spans[path] = span


def _distinct(values: tuple[Value, ...], kind: str) -> list[Value]:
    return list({v.canonical: v for v in reversed(values) if v.kind == kind}.values())[::-1]


def _received(text: str, values: tuple[Value, ...]) -> Value | None:
    """The one full date whose clause speaks of the notification; two different ones are a question, not a fact."""
    found = {
        value.canonical: value
        for value in values
        if value.kind == "date"
        and re.fullmatch(r"\d{4}-\d\d-\d\d", value.canonical)
        and _RECEIVED.search(_clause(text, value))
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _clause(text: str, value: Value) -> str:
    start = max(text.rfind(c, 0, value.start) for c in "，。；,;\n") + 1
    # In English the date's own comma ("March 5, 2024, we received") ends nothing.
    ends = [n for n in (text.find(c, value.end + 2) for c in "，。；,;.\n") if n >= 0]
    return text[start : min(ends, default=len(text))]


def _marketplace(text: str) -> tuple[str, Span] | None:
    """The marketplace when the story names exactly one."""
    found = [(name, match) for pattern, name in _MARKETPLACES if (match := re.search(pattern, text))]
    if len(found) != 1:
        return None
    name, match = found[0]
    return name, Span(match.start(), match.end(), match[0])
