"""Items and words that the facts hold and the letter does not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import lines_of, stem
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
def _essential() -> frozenset[str]:
    return frozenset(
        stem(word) for line in lines_of("essential.txt") for word in line.partition(":")[2].split()
    )


class MissingWords:
    """Words of an item that no sentence of it carries, nor any word that could stand for them."""

    codes = ("missing_detail",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each part of an item that went missing as a whole, or lost an essential word."""
        for item_id, evidence in context.matching.evidence.items():
            item = evidence.need.item
            if item.kind in _BY_STATEMENT or not evidence.sentences or is_absent(evidence):
                continue
            missing = self._lost(evidence)
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
            if (
                (len(absent) >= 2 and len(absent) >= 0.6 * len(members))
                or (whole and part not in ("statement", "note", "contact", "service"))
                or any(stem(words[k].text) in _essential() for k in absent)
            ):
                lost += [words[k].text for k in absent]
        if not lost and len(gone) >= 3 and evidence.covered < 0.75:
            lost = [words[k].text for k in sorted(gone)]
        return lost
