"""Dates and owners that changed places among the actions and measures: each stands with the other's words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import stem
from poa.checks.needs import Need, NeedWord
from poa.checks.pairs import says_who, title_of
from poa.checks.reading import Sentence, Word
from poa.values import same_value

__all__ = ["CrossedDeeds"]

# What a deed is marked by: its date, or the stems of its owner's title.
_Key = str | tuple[str, ...]
# A mark in a sentence: where it begins and ends, and what it is.
_Mark = tuple[int, int, _Key]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the letter that one mark governs; `sentences` are those of its whole unit."""

    sentences: tuple[int, ...]
    start: int
    end: int
    key: _Key
    concepts: frozenset[str | int]


@dataclass(frozen=True, slots=True)
class _Told:
    """A deed and the pieces that may tell it, each with the share of the deed's words it holds."""

    need: Need
    own: frozenset[_Key]
    words: tuple[NeedWord, ...]
    pieces: tuple[tuple[float, _Piece], ...]

    @property
    def best(self) -> tuple[float, _Piece]:
        return max(self.pieces, key=lambda told: told[0])

    def share(self, piece: _Piece) -> float:
        """The share of the deed's words that a piece holds."""
        total = sum(word.weight for word in self.words) or 1.0
        return sum(w.weight for w in self.words if not w.concepts.isdisjoint(piece.concepts)) / total

    def under(self, keys: frozenset[_Key]) -> float:
        """How much of the deed stands, at best, in a piece with one of these marks."""
        return max((share for share, piece in self.pieces if piece.key in keys), default=0.0)


# How much of a deed a piece must hold to tell it, and how much less of it any other place may hold.
_TELLS, _LESS = 0.4, 0.7


class CrossedDeeds:
    """Two actions or measures do not exchange their dates or their owners."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each pair of deeds that each stand with the other's date or owner."""
        deeds = [n for n in context.needs.items if n.item.kind in ("action", "measure")]
        dated = {need.item.id: own for need in deeds if (own := _dates_of(need))}
        for one, other, piece in _crossed(deeds, dated, _dates_in, context):
            said = context.reading.plain[piece.start : piece.end]
            fact = f"{other.item.id} {other.item.label_en}"
            at = (piece.start, piece.end)
            yield finding(
                "swapped_values", "swapped_values", one.item.id, at, fact, rule="crossed_dates", said=said
            )
        titled = {
            need.item.id: frozenset((title,))
            for need in deeds
            if need.item.kind == "measure" and (title := title_of(need.item.detail("owner") or ""))
        }
        for one, other, piece in _crossed(deeds, titled, _titles_in, context):
            fact, theirs = one.item.detail("owner") or "", other.item.detail("owner") or ""
            at = (piece.start, piece.end)
            yield finding(
                "swapped_values", "owner", one.item.id, at, fact, rule="crossed_owners", said=theirs
            )


def _dates_of(need: Need) -> frozenset[_Key]:
    return frozenset(v.canonical for v in need.values if v.kind == "date" and len(v.canonical) == 10)


def _dates_in(sentence: Sentence, keys: frozenset[_Key]) -> list[_Mark]:
    return [
        (v.start, v.end, key)
        for v in sentence.body.values
        if v.kind == "date"
        for key in keys
        if isinstance(key, str) and same_value("date", v.canonical, key)
    ]


_WORD = re.compile(r"[A-Za-z]+")


def _titles_in(sentence: Sentence, keys: frozenset[_Key]) -> list[_Mark]:
    return list(_titles_at(sentence.text, keys))


@lru_cache(maxsize=4096)
def _titles_at(text: str, keys: frozenset[_Key]) -> tuple[_Mark, ...]:
    """The titles in a sentence; a longer one is not read as a shorter that it ends with."""
    words = [
        (m.start(), m.end(), stem(m[0]))
        for m in _WORD.finditer(text)
        if m[0].lower() not in ("of", "the", "our")
    ]
    found: list[_Mark] = []
    for key in sorted(keys, key=len, reverse=True):
        for k in range(len(words) - len(key) + 1):
            row = words[k : k + len(key)]
            if tuple(w[2] for w in row) == key and not any(a <= row[0][0] < b for a, b, _ in found):
                found.append((row[0][0], row[-1][1], key))
    return tuple(found)


def _crossed(
    deeds: list[Need],
    own: Mapping[str, frozenset[_Key]],
    marks_in: Callable[[Sentence, frozenset[_Key]], list[_Mark]],
    context: Context,
) -> Iterable[tuple[Need, Need, _Piece]]:
    """Each pair of deeds whose marks changed places, with the piece that tells the first with the other's mark."""
    keys = frozenset(key for marks in own.values() for key in marks)
    if len(keys) < 2:
        return
    pieces = _pieces([marks_in(s, keys) for s in context.reading.sentences], context)
    marking = frozenset(part for key in keys if isinstance(key, tuple) for part in key)
    told = [
        t for need in deeds if need.item.id in own for t in (_told(need, own, marking, pieces, context),) if t
    ]
    for one, other in itertools.combinations(told, 2):
        if one.own & other.own:
            continue
        (best, here), (others_best, there) = one.best, other.best
        if min(best, others_best) < _TELLS or here is there:
            continue
        if here.key not in other.own or there.key not in one.own:
            continue
        if max(one.share(there), one.under(one.own)) >= _LESS * best:
            continue
        if max(other.share(here), other.under(other.own)) >= _LESS * others_best:
            continue
        yield one.need, other.need, here


def _told(
    need: Need,
    own: Mapping[str, frozenset[_Key]],
    marking: frozenset[str],
    pieces: list[_Piece],
    context: Context,
) -> _Told | None:
    sentences = set(context.matching.evidence[need.item.id].sentences)
    words = tuple(w for w in need.words if w.part == "statement" and stem(w.text) not in marking)
    near = _Told(need, own[need.item.id], words, ())
    telling = tuple((near.share(p), p) for p in pieces if not sentences.isdisjoint(p.sentences))
    return _Told(need, near.own, words, telling) if telling and words else None


_CUT = re.compile(r"[;:.]\s|,\s+(?:and|while|whereas|but)\s|,\s|\s(?:and|while|whereas|but)\s")


def _pieces(marks: list[list[_Mark]], context: Context) -> list[_Piece]:
    """The letter's units, cut where one mark's words end and the next one's begin."""
    sentences, text = context.reading.sentences, context.reading.plain
    found: list[_Piece] = []
    for unit in _units(context):
        here = sorted(
            (sentences[n].start + a, sentences[n].start + b, key) for n in unit for a, b, key in marks[n]
        )
        if not here:
            continue
        words = [(sentences[n].start + w.start, w) for n in unit for w in sentences[n].body.words]
        cuts = [sentences[unit[0]].start]
        cuts += [_between(first, second, words, text) for first, second in itertools.pairwise(here)]
        cuts.append(sentences[unit[-1]].end)
        for (start, end, key), (a, b) in zip(here, itertools.pairwise(cuts), strict=True):
            concepts = frozenset(c for at, word in words if a <= at < b for c in word.concepts)
            found.append(_Piece(unit, start, end, key, concepts))
    return found


def _between(first: _Mark, second: _Mark, words: list[tuple[int, Word]], text: str) -> int:
    """Where a unit is cut between two marks: right before the second where that leads its clause, else at the end of
    the first one's clause."""
    cuts = list(_CUT.finditer(text, first[1], second[0]))
    if not cuts:
        return first[1]
    last = cuts[-1]
    leads = not any(last.end() <= at < second[0] and not word.light for at, word in words)
    return last.start() if leads else cuts[0].start()


# What a sentence begins with that goes on with the one before it: "This applies from …", "Start: …".
_GOING_ON = frozenset(
    "it they this these that he she both them its start starting starts beginning begins owner responsible date".split()
)


def _units(context: Context) -> list[tuple[int, ...]]:
    """The letter's sentences, each with those that only go on with it; a label with what it stands before."""
    sentences = context.reading.sentences
    units: list[list[int]] = []
    for n, sentence in context.prose():
        if units and units[-1][-1] == n - 1 and sentences[n - 1].block == sentence.block:
            gap = context.reading.plain[sentences[n - 1].end - 1 : sentence.start]
            label = not any(_has_substance(sentences[m]) for m in units[-1])
            if "\n" not in gap.strip(" ") and (label or _goes_on(sentence)):
                units[-1].append(n)
                continue
        units.append([n])
    return [tuple(unit) for unit in units]


def _goes_on(sentence: Sentence) -> bool:
    lowered = sentence.body.lowered
    return (
        not _has_substance(sentence)
        or lowered[0] in _GOING_ON
        or lowered[:3] == ("the", "first", "time")
        or says_who(sentence)
    )


def _has_substance(sentence: Sentence) -> bool:
    return any(not word.light for word in sentence.body.words)
