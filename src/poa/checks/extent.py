"""How far a number reaches: "at least 10%" is not "up to 10%", and "two of the three" is not all three."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import lines_of
from poa.checks.matching import holders_of
from poa.checks.needs import Need
from poa.checks.reading import Sentence, plain
from poa.values import Value, find_values, same_value

__all__ = ["Bounds", "Parts"]

_KINDS = frozenset({"number", "percent", "money", "duration"})


@lru_cache(maxsize=1)
def _bounds() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Each bound with what stands right before a number, and right behind it."""
    rows: dict[str, dict[str, list[str]]] = {}
    for line in lines_of("bounds.txt"):
        bound, place, phrases = (part.strip() for part in line.split(":", 2))
        rows.setdefault(bound, {}).setdefault(place, []).extend(p.strip() for p in phrases.split(";"))

    def either(phrases: list[str]) -> str:
        return "|".join(
            re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True)
        )

    return tuple(
        (
            bound,
            re.compile(
                rf"(?<!\w)(?:{either(places.get('before', [chr(0)]))})\s+(?:a\s+|the\s+|of\s+)?$", re.I
            ),
            re.compile(rf"\s*(?:{either(places.get('behind', [chr(0)]))})(?!\w)", re.I),
        )
        for bound, places in rows.items()
    )


def _bound_of(text: str, value: Value) -> str | None:
    """The bound that the words around a number set it as: least, most, mean or about; None where it is exact."""
    first = max(0, value.start - 40)
    before, behind = text[first : value.start], text[value.end : value.end + 40]
    found: list[tuple[int, str, int]] = []
    for bound, ahead, after in _bounds():
        for match, at in ((ahead.search(before), first), (after.match(behind), value.end)):
            if match and not (_TOPIC if bound == "about" else _THE).search(match[0]):
                found.append((len(match[0].strip()), bound, at + match.start()))
    if not found:
        return None
    # "not exceeding" is no "exceeding": the longest words that fit are the ones that stand there.
    _, bound, at = max(found)
    return None if _NEGATED.search(text[: min(at, value.start)]) else bound


# "talked about a 22% fall" names what was talked about.
_TOPIC = re.compile(r"\s(?:a|the|of)\s+$", re.I)
# "within the 30 days to 27 November" is a period, and no limit.
_THE = re.compile(r"\sthe\s+$", re.I)
# "not one of them scored below 85%" is at least 85 %, and "no claim over CNY 100 is paid" sets no new bound.
_NEGATED = re.compile(r"\b(?:not one|none|nobody|no one|no|never|neither)\b[^.;,]{0,40}$", re.I)


@lru_cache(maxsize=4096)
def _bounds_in(statement: str) -> tuple[tuple[str, str, str | None], ...]:
    """(kind, canonical, bound) of each number of a fact."""
    text = plain(statement)
    return tuple((v.kind, v.canonical, _bound_of(text, v)) for v in find_values(text) if v.kind in _KINDS)


# What the fact says, and what a letter may not make of it. A bound that is dropped is often said another way.
_FALSE = {
    "least": frozenset({"most", "mean"}),
    "most": frozenset({"least", "mean"}),
    "mean": frozenset({"least", "most"}),
    "about": frozenset({"mean"}),
    None: frozenset({"most", "mean", "about"}),
}


class Bounds:
    """The bound that is set on a number stays: least, most, on average, about."""

    codes = ("altered_value",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each number to which the letter sets another bound than the facts."""
        for n, sentence in context.prose():
            for value in sentence.body.values:
                if value.kind not in _KINDS:
                    continue
                bound = _bound_of(sentence.text, value)
                if bound is None or _STARS.match(sentence.text, value.end):
                    # "to raise them to four stars or higher" may be told as "up to four stars".
                    continue
                holders = holders_of(value, context.needs)
                if bound == "mean" and any({"average", "mean"} & set(need.lowered) for need in holders):
                    continue
                stated = {b for need in holders for b in _stated(need, value)}
                if stated and all(bound in _FALSE[b] for b in stated):
                    at = (sentence.start + value.start, sentence.start + value.end)
                    item = next(iter(context.matching.items_of[n]), None)
                    fact = context.needs[item].item.statement if item else ""
                    yield finding("altered_value", "bound", item, at, fact, said=_with_bound(sentence, value))


_STARS = re.compile(r"[\s-]stars?\b", re.I)


def _stated(need: Need, value: Value) -> Iterable[str | None]:
    texts = (need.item.statement, *(d.text for d in need.item.details if d.name != "evidence"))
    for text in texts:
        for kind, canonical, bound in _bounds_in(text):
            if kind == value.kind and same_value(kind, canonical, value.canonical):
                yield bound


def _with_bound(sentence: Sentence, value: Value) -> str:
    return " ".join(sentence.text[max(0, value.start - 14) : value.end + 12].split())


_PART = re.compile(r"\s+(?:out\s+)?of\s+(?:the|our|all|these|those|its|their)\s+$", re.I)
_CHOSEN = re.compile(
    r"\s+(?:most\s+\w+|largest|biggest|best-selling|smallest|oldest|newest|latest|main|chief|affected|selected)\b",
    re.I,
)


class Parts:
    """A part put in place of the whole: "two of the three reviews", "the 58 largest families"."""

    codes = ("changed_scope",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each number that the letter makes a part of a number of the facts, or narrows."""
        for n, sentence in context.prose():
            numbers = [v for v in sentence.body.values if v.kind == "number"]
            for first, second in itertools.pairwise(numbers):
                if not _PART.fullmatch(sentence.text[first.end : second.start]):
                    continue
                if holders_of(second, context.needs) and not self._in_facts(n, first, second, context):
                    yield self._finding(context, n, first.start, second.end)
            for value in numbers:
                chosen = _CHOSEN.match(sentence.text, value.end)
                if chosen and holders_of(value, context.needs) and not self._says(chosen[0], context):
                    yield self._finding(context, n, value.start, chosen.end())

    @staticmethod
    def _finding(context: Context, n: int, start: int, end: int) -> Finding:
        sentence = context.reading.sentences[n]
        item = next(iter(context.matching.items_of[n]), None)
        fact = context.needs[item].item.statement if item else ""
        at = (sentence.start + start, sentence.start + end)
        return finding("changed_scope", "scope", item, at, fact, rule="part", said=sentence.text[start:end])

    @staticmethod
    def _in_facts(n: int, first: Value, second: Value, context: Context) -> bool:
        """Whether the sentence's own fact holds both numbers: "two of the nine members" may be the facts' own."""
        both = set(holders_of(second, context.needs)) & set(holders_of(first, context.needs))
        carried = set(context.matching.sentence_items(n))
        return bool(both & carried if carried else both)

    @staticmethod
    def _says(phrase: str, context: Context) -> bool:
        words = phrase.lower().split()
        return any(set(words) <= set(need.lowered) for need in context.needs.items)
