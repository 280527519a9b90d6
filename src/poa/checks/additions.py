"""Sentences and clauses that no item supports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import concepts, is_generic, is_past, lines_of, related
from poa.checks.reading import Sentence, Word

__all__ = ["Additions"]

_CLAUSE = re.compile(
    r"[,:;()]|\s-\s|\b(?:and|but|which|who|while|after|before|because|so that|having|where|when|whereupon|with)\b",
    re.I,
)


@cache
def _vocabulary() -> dict[str, frozenset[str | int]]:
    table: dict[str, frozenset[str | int]] = {}
    for line in lines_of("vocabulary.txt"):
        kind, _, words = line.partition(":")
        table[kind] = frozenset(c for word in words.split() for c in concepts(word) if isinstance(c, str))
    return table


# The weight at which a clause says more than its facts: one word that no fact and no rewording accounts for.
_TOO_MUCH = 1.0


_BEFORE_THINGS = frozenset(
    "a an the our its their his her any no of this that these those each every another more for with by in on from "
    "into per all some new first second annual external internal formal official written further additional own".split()
)


def _is_thing(word: Word, before: str) -> bool:
    """Whether the word stands where a noun stands: after an article, a possessive, a preposition or a number."""
    if word.capital:
        return True
    if word.text.endswith(("ly", "ing", "ed")) or is_past(word.text):
        return False
    return before in _BEFORE_THINGS or before == "" or not is_past(before)


class Additions:
    """Content words that neither the sentence's items, nor its kind of sentence, nor courtesy account for."""

    codes = ("invented_claim",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each clause with too much that no fact supports."""
        for n, sentence in context.prose():
            licensed = self._licensed(context, n)
            roots = frozenset(c for c in licensed if isinstance(c, str))
            for words in _clauses(sentence):
                weight = sum(
                    self._weight(word, words[k - 1].text if k else "", roots, context)
                    for k, word in enumerate(words)
                    if word.concepts.isdisjoint(licensed)
                )
                if weight >= _TOO_MUCH:
                    start, end = words[0].start, words[-1].end
                    at = (sentence.start + start, sentence.start + end)
                    item = context.matching.items_of[n][0] if context.matching.items_of[n] else None
                    yield finding(
                        "invented_claim", "invented_claim", item, at, said=sentence.text[start:end].strip()
                    )

    @staticmethod
    def _weight(word: Word, before: str, roots: frozenset[str], context: Context) -> float:
        """How much a word without support adds: nothing for grammar, little for a word of rewording, and most
        for a noun, since it is things and parties that are invented."""
        if word.grammar:
            return 0.0
        if word.light or is_generic(word.stem):
            return 0.25
        if related(word.text, roots):
            return 0.0
        weight = 1.0 if _is_thing(word, before) else 0.5
        return weight * (0.5 if not word.concepts.isdisjoint(context.needs.concepts) else 1.0)

    @staticmethod
    def _licensed(context: Context, n: int) -> set[str | int]:
        vocabulary = _vocabulary()
        licensed: set[str | int] = set(vocabulary["free"])
        for item, score in context.matching.combined[n].items():
            if score >= 0.4 * max(context.matching.combined[n].values()):
                licensed |= context.needs[item].concepts
        for m in (n - 1, n, n + 1, n + 2):
            if 0 <= m < len(context.reading.sentences):
                for need in context.matching.sentence_items(m):
                    licensed |= need.concepts
                    licensed |= vocabulary.get(need.item.kind, frozenset()) | vocabulary.get(
                        need.item.topic, frozenset()
                    )
                for role in context.roles[m]:
                    licensed |= vocabulary.get(role, frozenset())
        return licensed


def _clauses(sentence: Sentence) -> Iterable[list[Word]]:
    cuts = [m.start() for m in _CLAUSE.finditer(sentence.text)]
    cuts.append(len(sentence.text))
    words = list(sentence.body.words)
    start = 0
    for cut in cuts:
        piece = []
        while start < len(words) and words[start].start < cut:
            piece.append(words[start])
            start += 1
        if piece:
            yield piece
