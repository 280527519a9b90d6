"""How much an action or a measure covers: everything that the facts cover, and no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import takewhile

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_generic, is_past, starts, stem, word_list
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word, plain
from poa.checks.roles import NEGATIONS
from poa.values import find_values

__all__ = ["Scope", "counted_whole"]


class Scope:
    """ "every" and "all" that are gone, and restrictions that are new."""

    codes = ("changed_scope",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each action or measure that no longer covers all that the facts cover."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in ("measure", "action") or not evidence.sentences:
                continue
            own = list(context.matching.chief_sentences(need.item.id))
            if not own:
                continue
            near = {m for n in own for m in (n + 1, n + 2) if m in evidence.nearby}
            sentences = context.reading.sentences
            near |= {n - 1 for n in own if n and sentences[n - 1].block == sentences[n].block}
            words = [w for n in (*own, *near) for w in context.reading.sentences[n].body.lowered]
            # "both" is often said by naming the two, or by "the two".
            # "Every new agent" is how much a measure covers; "every two weeks" is how often it is taken.
            often = need.item.detail("frequency") or ""
            timed = any(v.kind in _TIMES for v in find_values(often))
            stated = re.findall(r"[a-z]+", f"{need.item.statement} {'' if timed else often}".lower())
            universal = [w for w in stated if w in word_list("universal") and w != "both"]
            if timed and not _tells_how_often((*own, *near), words, context):
                universal = universal or ["every"]
            numbers = counted_whole(need.item.statement)
            counted = any(
                v.canonical in numbers
                for n in own
                for v in context.reading.sentences[n].body.values
                if v.kind == "number"
            )
            if universal and not counted and not any(starts(w, "total") or w in NEGATIONS for w in words):
                sentence = context.reading.sentences[own[0]]
                yield finding(
                    "changed_scope",
                    "lost_all",
                    need.item.id,
                    (sentence.start, sentence.end),
                    need.item.statement,
                )
                continue
            yield from self._narrowed(context, need, own)
            if need.item.kind == "measure":
                yield from self._restricted(context, need, own)

    @staticmethod
    def _restricted(context: Context, need: Need, own: list[int]) -> Iterable[Finding]:
        """ "every message that mentions a review" of a measure that speaks of every message, and "no new contract"."""
        stems = need.stems
        for n in own:
            if context.matching.items_of[n][:1] != (need.item.id,):
                continue
            sentence = context.reading.sentences[n]
            if "notice" in context.roles[n] and n < _OPENING:
                # "you notified us that reviews of ours …" restricts no measure.
                continue
            for first, last in _restrictions(sentence.body.words, need, stems):
                at = (sentence.start + first.start, sentence.start + last.end)
                said = sentence.text[first.start : last.end]
                yield finding(
                    "changed_scope",
                    "scope",
                    need.item.id,
                    at,
                    need.item.statement,
                    rule="restricted",
                    said=said,
                )

    @staticmethod
    def _narrowed(context: Context, need: Need, own: list[int]) -> Iterable[Finding]:
        """ "every newly hired employee", or "every employee of the sales department", of a fact on every employee."""
        for n in own:
            sentence = context.reading.sentences[n]
            words = sentence.body.words
            # A measure binds for what it names, and nothing may narrow it; an action may be told in more words.
            strict = need.item.kind == "measure" and context.matching.items_of[n][:1] == (need.item.id,)
            for k, word in enumerate(words):
                if word.text not in _COVERING and not (strict and word.text in _COVERING_A_MEASURE):
                    continue
                end = _narrowed_before(sentence, k, need, strict=strict)
                if end is None and strict:
                    end = _narrowed_behind(sentence, k, need)
                if end is None:
                    continue
                at = (sentence.start + word.start, sentence.start + end.end)
                said = sentence.text[word.start : end.end]
                yield finding("changed_scope", "scope", need.item.id, at, need.item.statement, said=said)
                break


_TIMES = frozenset({"duration", "frequency"})
_RECURRING = frozenset({"interval", "intervals", "once", "twice", "times", "per", "fortnight", "fortnightly"})


def _tells_how_often(own: Iterable[int], words: list[str], context: Context) -> bool:
    """Whether something there recurs: "monthly", "at intervals of two weeks", and no "most three months"."""
    return not _RECURRING.isdisjoint(words) or any(
        value.kind == "frequency" for n in own for value in context.reading.sentences[n].body.values
    )


# Among so many first sentences a letter names the notification it answers.
_OPENING = 5
_COVERING = frozenset({"every", "each", "all"})
_COVERING_A_MEASURE = frozenset({"no", "any", "both"})


def _narrowed_before(sentence: Sentence, k: int, need: Need, *, strict: bool) -> Word | None:
    """The thing of the fact before which the letter puts an adjective of its own, after the "every" at `k`; words of
    rewording are none, unless it is `strict`."""
    words, told = sentence.body.words, need.stems
    new: list[Word] = []
    for j in range(k + 1, min(k + 7, len(words))):
        word = words[j]
        if sentence.text[words[j - 1].end : word.start].strip(" \n'-"):
            return None
        if word.grammar:
            if word.text in word_list("within_a_thing"):
                continue
            return None
        if word.stem in told or not word.concepts.isdisjoint(need.concepts):
            if new:
                return word
            if strict:
                continue
            return _restricted_behind(words, j, need)
        if word.text in word_list("narrowing_nothing") or (
            not strict and (word.light or is_generic(word.stem) or is_generic(word.text))
        ):
            continue
        participle = j + 1 < len(words) and words[j + 1].stem in told
        if is_past(word.text) and not participle:
            return None
        if strict and any(not w.grammar for w in words[k + 1 : j] if w not in new):
            return None
        new.append(word)
    return None


def _narrowed_behind(sentence: Sentence, k: int, need: Need) -> Word | None:
    """The word of its own with which the letter narrows, from behind, the thing after the "every" at `k`."""
    words, told = sentence.body.words, need.stems
    head = None
    for j in range(k + 1, min(k + 5, len(words))):
        if words[j].grammar and words[j].text not in word_list("within_a_thing"):
            break
        if words[j].stem in told and words[j].text != "one":
            head = j
        elif head is not None:
            break
    if head is None or head + 2 >= len(words) or words[head + 1].text not in word_list("narrowing_behind"):
        return None
    if sentence.text[words[head].end : words[head + 1].start].strip():
        return None
    if words[head + 2].text == "advance":
        return None
    for j in range(head + 2, min(head + 6, len(words))):
        word = words[j]
        if word.text in _WILL or sentence.text[words[j - 1].end : word.start].strip():
            return None
        if word.grammar:
            continue
        if word.stem in told or not word.concepts.isdisjoint(need.concepts) or is_generic(word.stem):
            return None
        return word
    return None


_WILL = frozenset({"will", "shall", "must"})


@cache
def _matters() -> frozenset[str]:
    return frozenset(stem(word) for word in word_list("matters"))


def _restrictions(words: tuple[Word, ...], need: Need, stems: frozenset[str]) -> Iterable[tuple[Word, Word]]:
    """The stretches that restrict a measure to a matter, or to a part of its things, of which the fact says nothing."""
    matters = _matters()
    for k, word in enumerate(words):
        if word.text in word_list("restricting"):
            matter = next(
                (w for w in words[k + 1 : k + 6] if w.stem in matters and w.stem not in stems), None
            )
            if matter is not None:
                yield word, matter
        elif word.text in word_list("narrowing") and word.stem not in stems:
            thing = next(
                (
                    w
                    for w in takewhile(
                        lambda w: w.text not in word_list("prepositions"), words[k + 1 : k + 3]
                    )
                    if not w.grammar and not w.concepts.isdisjoint(need.concepts)
                ),
                None,
            )
            if thing is not None:
                yield word, thing


_WHOLE = re.compile(r"\b(?:all|each of|every one of|both)\b(?: of)?(?: the| our| these| its)?\s+$", re.I)


@lru_cache(maxsize=2048)
def counted_whole(statement: str) -> frozenset[str]:
    """The numbers of a fact that say how many all are: "all 26 buyers" may become "the 26 buyers"."""
    text = plain(statement)
    return frozenset(
        v.canonical for v in find_values(text) if v.kind == "number" and _WHOLE.search(text[: v.start])
    )


def _restricted_behind(words: tuple[Word, ...], k: int, need: Need) -> Word | None:
    """The word that narrows a thing from behind, and that the fact does not hold: "every employee in marketing"."""
    if k + 1 >= len(words) or words[k + 1].text not in ("in", "about", "for", "with", "who", "whose"):
        return None
    following = [w for w in words[k + 2 : k + 5] if not w.grammar][:1]
    for word in following:
        if word.light or is_generic(word.stem) or not word.concepts.isdisjoint(need.concepts):
            return None
        return word
    return None
