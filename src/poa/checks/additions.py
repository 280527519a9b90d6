"""Sentences and clauses that no item supports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import concepts, is_generic, is_past, lines_of, related
from poa.checks.needs import Needs
from poa.checks.reading import Body, Word, is_label, label_end

__all__ = ["Additions", "clauses_of"]

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
# A clause of thanks or of an offer to answer may find its own words; a whole statement is too much there also.
_TOO_MUCH_OF_COURTESY = 2.5


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


def _opens_block(context: Context, n: int) -> bool:
    return n == 0 or context.reading.sentences[n - 1].block != context.reading.sentences[n].block


class Additions:
    """Content words that neither the sentence's items, nor its kind of sentence, nor courtesy account for."""

    codes = ("invented_claim",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each clause with too much that no fact supports."""
        for n, sentence in context.prose():
            licensed = self._licensed(context, n)
            new = {
                word.start
                for word in sentence.body.words
                if not word.grammar and word.concepts.isdisjoint(licensed)
            }
            if not new or (is_label(sentence) and _opens_block(context, n)):
                continue
            after_label = label_end(sentence.text)
            new = {start for start in new if start >= after_label}
            roots = frozenset(c for c in licensed if isinstance(c, str))
            for words in clauses_of(sentence.text, sentence.body):
                if not any(word.start in new for word in words):
                    continue
                weight = sum(
                    self._weight(word, words[k - 1].text if k else "", roots, context)
                    for k, word in enumerate(words)
                    if word.start in new
                )
                courteous = any(word.start in sentence.body.courteous for word in words)
                if weight >= (_TOO_MUCH_OF_COURTESY if courteous else _TOO_MUCH):
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
    def _licensed(context: Context, n: int) -> frozenset[str | int]:
        """The concepts that a sentence may hold: those of its items and its neighbours', and of their kinds."""
        scores = context.matching.combined[n]
        enough = 0.4 * max(scores.values(), default=0.0)
        items = {item for item, score in scores.items() if score >= enough}
        kinds = {"free"}
        for m in range(max(0, n - 1), min(n + 3, len(context.reading.sentences))):
            carried = context.matching.items_of[m]
            items.update(carried)
            kinds.update(context.roles[m])
            for item in carried:
                kinds |= {context.needs[item].item.kind, context.needs[item].item.topic}
        return _concepts_of(context.needs, frozenset(items), frozenset(kinds))


@lru_cache(maxsize=8192)
def _concepts_of(needs: Needs, items: frozenset[str], kinds: frozenset[str]) -> frozenset[str | int]:
    vocabulary = _vocabulary()
    return needs.wording.union(
        *(needs[item].concepts for item in items), *(vocabulary.get(kind, frozenset()) for kind in kinds)
    )


@lru_cache(maxsize=16384)
def clauses_of(text: str, body: Body) -> tuple[tuple[Word, ...], ...]:
    """The words of each clause of a sentence."""
    cuts = [m.start() for m in _CLAUSE.finditer(text)]
    cuts.append(len(text))
    pieces = []
    start = 0
    for cut in cuts:
        end = start
        while end < len(body.words) and body.words[end].start < cut:
            end += 1
        if end > start:
            pieces.append(body.words[start:end])
        start = end
    return tuple(pieces)
