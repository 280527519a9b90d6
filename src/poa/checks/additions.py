"""Sentences and clauses that no item supports."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import (
    concepts,
    is_generic,
    is_invention,
    is_past,
    lines_of,
    related,
    roots_of,
    word_list,
)
from poa.checks.needs import Need, Needs
from poa.checks.reading import Body, Sentence, Word, is_label, label_end
from poa.checks.roles import NEGATIONS

__all__ = ["Additions", "NewDeeds", "clauses_of"]

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


_TYPICAL, _UNKNOWN = 1.25, 0.75
# The weight at which a clause says more than its facts: one word that no fact and no rewording accounts for.
_TOO_MUCH = 1.25
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
            roots = roots_of(licensed)
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
        thing = _is_thing(word, before)
        typical = (_TYPICAL, 1.0) if is_invention(word.stem) else (_UNKNOWN, 0.5)
        weight = typical[0 if thing else 1]
        return weight * (0.5 if not word.concepts.isdisjoint(context.needs.concepts) else 1.0)

    @staticmethod
    def _licensed(context: Context, n: int) -> frozenset[str | int]:
        """The concepts that a sentence may hold: those of its items and its neighbours', and of their kinds."""
        scores = context.matching.combined[n]
        enough = 0.4 * max(scores.values(), default=0.0)
        window = range(max(0, n - 1), min(n + 3, len(context.reading.sentences)))
        return _licensed_by(
            context.needs,
            tuple(item for item, score in scores.items() if score >= enough),
            tuple(context.matching.items_of[m] for m in window),
            tuple(context.roles[m] for m in window),
        )


@lru_cache(maxsize=2048)
def _licensed_by(
    needs: Needs,
    own: tuple[str, ...],
    carried: tuple[tuple[str, ...], ...],
    roles: tuple[frozenset[str], ...],
) -> frozenset[str | int]:
    """The concepts of the items that a sentence and those around it speak of, and of their kinds and roles."""
    items = {*own, *(item for row in carried for item in row)}
    kinds = {"free", *(role for row in roles for role in row)}
    if any(need.item.kind == "listing" and need.item.topic == "third_parties" for need in needs.items):
        # "stopped all payments to the agency", which the fact calls by its name.
        kinds.add("third_parties")
    for row in carried:
        for item in row:
            kinds |= {needs[item].item.kind, needs[item].item.topic}
    return _concepts_of(needs, frozenset(items), frozenset(kinds))


# Sentences that violate, apologise or ask have verbs of their own.
_OTHER_DEEDS = frozenset({"policy", "apology", "request"})


class NewDeeds:
    """A further deed tied to one of the facts: "…, and all of them passed a test", "… and record it in a log"."""

    codes = ("invented_claim",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each clause after the fact's own, or sentence going on with it, whose verb no fact holds."""
        for n, sentence in context.prose():
            carried = context.matching.items_of[n]
            scores = context.matching.content[n]
            told = max((scores.get(i, 0.0) / context.needs[i].total for i in carried[:1]), default=0.0)
            deeds: Iterable[tuple[Word, ...]] = ()
            if context.roles[n] & _OTHER_DEEDS:
                continue
            if carried and told >= _TOLD:
                held = _held(context, carried)
                kind = context.needs[carried[0]].item.kind
                if kind == "action":
                    deeds = itertools.chain(
                        (
                            words
                            for words in _further(sentence, held, _past_verbs)
                            if not _tells(words, context, carried)
                        ),
                        _tacked_on(sentence, [context.needs[item] for item in carried]),
                    )
                elif kind == "measure" and {"will", "shall"} & set(sentence.body.lowered):
                    deeds = _further(sentence, held, _base_verbs)
            elif self._goes_on(context, n):
                held = _held(context, (*context.matching.items_of[n - 1], *carried))
                verbs = _past_verbs(sentence.body.words)
                if verbs and all(word.concepts.isdisjoint(held) for word in verbs):
                    deeds = (sentence.body.words,)
            for words in deeds:
                at = (sentence.start + words[0].start, sentence.start + words[-1].end)
                said = sentence.text[words[0].start : words[-1].end]
                item = carried[0] if carried else context.matching.items_of[n - 1][0]
                yield finding("invented_claim", "invented_claim", item, at, said=said)

    @staticmethod
    def _goes_on(context: Context, n: int) -> bool:
        """Whether the sentence carries no item of its own and follows an action in its paragraph."""
        sentences = context.reading.sentences
        if not n or sentences[n - 1].block != sentences[n].block or not context.matching.items_of[n - 1]:
            return False
        if context.roles[n] or sentences[n].body.courteous:
            return False
        if any(
            v.kind in ("money", "date") and (v.kind, v.canonical) in context.needs.known
            for v in sentences[n].body.values
        ):
            # "In return, we offered $38.90 each": the sum is a fact's, and so is what it was for. So with the days
            # of "The first began on 7 October and ended on 29 November".
            return False
        if not _FORETELLING.isdisjoint(sentences[n].body.lowered):
            return False
        before = context.needs[context.matching.items_of[n - 1][0]].item.kind
        own = (
            context.matching.content[n].get(i, 0.0) / context.needs[i].total
            for i in context.matching.items_of[n]
        )
        return before == "action" and max(own, default=0.0) < _TOLD


# "We set out below the violations which we admit, their causes, …"
_FORETELLING = frozenset({"below", "follows", "following"})


def _tells(words: tuple[Word, ...], context: Context, items: Iterable[str]) -> bool:
    """Whether a clause, but for its verb, is the greater part of one of the items."""
    here = frozenset(c for word in words for c in word.concepts)
    for item in items:
        need = context.needs[item]
        if sum(w.weight for w in need.words if not w.concepts.isdisjoint(here)) >= 0.5 * need.total:
            return True
    return False


# The share of its words at which an action or measure is told in a sentence.
_TOLD = 0.35


def _held(context: Context, items: Iterable[str]) -> frozenset[str | int]:
    return frozenset[str | int]().union(*(context.needs[item].concepts for item in items))


def _further(
    sentence: Sentence, held: frozenset[str | int], verbs_of: Callable[[tuple[Word, ...]], list[Word]]
) -> Iterable[tuple[Word, ...]]:
    """The clauses after one that tells of the fact, with verbs of their own that the fact does not hold."""
    told = False
    after_label = label_end(sentence.text)
    for words in clauses_of(sentence.text, sentence.body):
        dated = any(
            value.kind == "date" and words[0].start <= value.start <= words[-1].end + 3
            for value in sentence.body.values
        )
        if told and words[0].start >= after_label and not dated:
            verbs = verbs_of(words)
            if (
                verbs
                and not _bare(words)
                and all(word.concepts.isdisjoint(held) for word in verbs)
                and not _retold(words, verbs, held)
            ):
                yield words
        told = told or any(
            not (word.light or word.grammar) and not word.concepts.isdisjoint(held) for word in words
        )


# The share of an action at which the rest of a sentence tells it, and the weight of words that a clause may give to
# the sentence's items without being needed for them.
_TOLD_BESIDE, _NEXT_TO_NOTHING = 0.5, 0.5
# The share of a clause's words at which it is an item's.
_MOST = 0.8


def _tacked_on(sentence: Sentence, needs: Sequence[Need]) -> Iterable[tuple[Word, ...]]:
    """The clauses with a deed that no item of the sentence needs: the action is told without them, and each of their
    words may be known from somewhere else ("… and demanded the return of all fees paid")."""
    clauses = clauses_of(sentence.text, sentence.body)
    after_label = label_end(sentence.text)
    for k, words in enumerate(clauses[1:], start=1):
        if words[0].start < after_label or not _DENIES_OR_GOES_ON.isdisjoint(word.text for word in words):
            continue
        verbs = _past_verbs(words) or _hidden_past(words)
        others = [word for word in words if not word.grammar and word not in verbs]
        if not verbs or words[0].text in _SUBORDINATE or all(word.text in _COUNTED for word in others):
            continue
        if any(verb.stem in need.stems for verb in verbs for need in needs):
            # "… and passed the test", which the fact says in the same word.
            continue
        known = (*sentence.body.values, *sentence.body.names)
        if any(words[0].start <= value.start <= words[-1].end + 3 for value in known):
            continue
        here = frozenset(c for word in words for c in word.concepts)
        beside = frozenset(
            c for j, row in enumerate(clauses) if j != k for word in row for c in word.concepts
        )
        if _share(needs[0], beside) < _TOLD_BESIDE:
            continue
        fresh = sum(
            w.weight
            for need in needs
            for w in need.words
            if not w.concepts.isdisjoint(here) and w.concepts.isdisjoint(beside)
        )
        if fresh <= _NEXT_TO_NOTHING and not any(_is_of(need, verbs, others) for need in needs):
            yield words


# A clause with one of these denies, or goes on with the one before it.
_DENIES_OR_GOES_ON = NEGATIONS | {"people", "myself", "ourselves"}
_COUNTED = frozenset({"one", "ones"})


def _hidden_past(words: tuple[Word, ...]) -> list[Word]:
    """The verb of "and cut their bonus", whose past looks like its present, and of "and had it delete the data"."""
    texts = [word.text for word in words[:4]]
    if texts[:1] != ["and"] or len(texts) < 4:
        return []
    if texts[1] in ("cut", "shut", "split", "quit"):
        return [words[1]]
    if texts[1] in ("had", "made", "let") and texts[2] in ("it", "him", "her", "them"):
        return [words[3]]
    return []


_SUBORDINATE = frozenset("which who whom where when while whilst after before as because since".split())


def _share(need: Need, told: frozenset[str | int]) -> float:
    return sum(w.weight for w in need.words if not w.concepts.isdisjoint(told)) / need.total


def _is_of(need: Need, verbs: list[Word], others: list[Word]) -> bool:
    """Whether an item holds the verbs of a clause and most of what else the clause speaks of."""
    if any(word.concepts.isdisjoint(need.concepts) for word in verbs):
        return False
    held = sum(not word.concepts.isdisjoint(need.concepts) for word in others)
    return held + 1 >= _MOST * (len(others) + 1)


def _bare(words: tuple[Word, ...]) -> bool:
    """Whether a clause is a lone passive, one of several verbs of what stands before ("was ordered and carried out"),
    or only says who did that ("who had written them")."""
    if sum(not word.grammar for word in words) > 1:
        return False
    return words[0].text in ("was", "were") or [w.text for w in words[:2]] in (
        ["who", "had"],
        ["which", "had"],
    )


def _retold(words: tuple[Word, ...], verbs: list[Word], held: frozenset[str | int]) -> bool:
    """Whether all that the clause speaks of beside its verb is the facts' own: "and found no wrong product"."""
    others = [w for w in words if w not in verbs and not (w.light or w.grammar or is_generic(w.stem))]
    others = others or [w for w in words if w not in verbs and not w.grammar]
    return bool(others) and all(not w.concepts.isdisjoint(held) for w in others)


def _past_verbs(words: tuple[Word, ...]) -> list[Word]:
    """The clause's verbs in the past, but for those that only say that something was carried out."""
    return [
        word
        for k, word in enumerate(words)
        if is_past(word.text)
        and word.text not in word_list("operations")
        and (k == 0 or words[k - 1].text not in word_list("before_things"))
    ]


def _base_verbs(words: tuple[Word, ...]) -> list[Word]:
    """The verb of "and record the …", which a "will" before it governs."""
    if words[0].text != "and":
        return []
    k = 1
    while k < len(words) and (words[k].text in _BESIDE_WILL or words[k].text.endswith("ly")):
        k += 1
    if (
        k + 1 >= len(words)
        or words[k].grammar
        or words[k].capital
        or words[k].text.endswith(("s", "ing", "ed"))
    ):
        return []
    thing = words[k + 1].text
    return [words[k]] if thing in word_list("before_things") or thing in ("all", "them", "it", "him") else []


_BESIDE_WILL = frozenset({"will", "shall", "also", "then"})


# A set of some thousand words each: enough for the letters at hand, and no more is kept.
@lru_cache(maxsize=512)
def _concepts_of(needs: Needs, items: frozenset[str], kinds: frozenset[str]) -> frozenset[str | int]:
    vocabulary = _vocabulary()
    return needs.wording.union(
        *(needs[item].concepts for item in items), *(vocabulary.get(kind, frozenset()) for kind in kinds)
    )


@lru_cache(maxsize=2048)
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
