"""Items and words that the facts hold and the letter does not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import lines_of
from poa.checks.matching import Evidence

__all__ = ["MissingItems", "MissingWords"]

_BY_STATEMENT = ("notice", "policy", "none", "apology", "request", "signature")
_PRESENT = 0.45


def is_absent(evidence: Evidence) -> bool:
    """Whether no sentence carries the item: hardly any of its words stand together anywhere."""
    return bool(evidence.need.words) and evidence.covered < _PRESENT


class MissingItems:
    """An item that no sentence carries."""

    codes = ("missing_item",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each item whose words the letter does not hold together."""
        for item_id, evidence in context.matching.evidence.items():
            item = evidence.need.item
            if item.kind not in _BY_STATEMENT and (not evidence.sentences or is_absent(evidence)):
                fact = item.statement or ", ".join(d.text for d in item.details[:4])
                yield finding("missing_item", "missing_item", item_id, fact=fact)


@cache
def _essential() -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    rows = []
    for line in lines_of("essential.txt"):
        phrase, _, carriers = line.partition(":")
        rows.append((tuple(phrase.split()), frozenset(carriers.split())))
    return tuple(rows)


def _lost_essentials(evidence: Evidence, context: Context) -> list[str]:
    """Phrases of the fact whose loss alone changes it, and that nothing in the item's sentences carries."""
    lowered = evidence.need.lowered
    words: set[str] | None = None
    lost = []
    for phrase, carriers in _essential():
        size = len(phrase)
        if not any(lowered[k : k + size] == phrase for k in range(len(lowered) - size + 1)):
            continue
        if words is None:
            words = {
                w
                for n in (*evidence.sentences, *evidence.nearby)
                for w in context.reading.sentences[n].body.lowered
            }
        if not words & carriers and not any(w.partition("-")[2] in carriers for w in words):
            lost.append(" ".join(phrase))
    return lost


class MissingWords:
    """Words of an item that no sentence of it carries, nor any word that could stand for them."""

    codes = ("missing_detail",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each part of an item that went missing as a whole, or lost an essential word."""
        for item_id, evidence in context.matching.evidence.items():
            item = evidence.need.item
            if item.kind in _BY_STATEMENT or not evidence.sentences or is_absent(evidence):
                continue
            missing = self._lost(evidence) or _lost_essentials(evidence, context)
            if missing:
                sentence = context.reading.sentences[evidence.sentences[0]]
                at = (sentence.start, sentence.end)
                yield finding(
                    "missing_detail", "missing_words", item_id, at, item.statement, said=", ".join(missing)
                )

    @staticmethod
    def _lost(evidence: Evidence) -> list[str]:
        words = evidence.need.words
        gone = set(evidence.missing)
        chunks: dict[tuple[str, int], list[int]] = {}
        for k, word in enumerate(words):
            if word.light:
                continue
            chunks.setdefault((word.part, word.chunk), []).append(k)
        lost: list[str] = []
        for (part, _), members in chunks.items():
            absent = [k for k in members if k in gone]
            if not absent:
                continue
            whole = len(absent) == len(members)
            if (len(absent) >= 2 and len(absent) >= 0.6 * len(members)) or (
                whole and part not in ("statement", "note", "contact", "service")
            ):
                lost += [words[k].text for k in absent]
        if not lost and len(gone) >= 3 and evidence.covered < 0.75:
            lost = [words[k].text for k in sorted(gone)]
        return lost
