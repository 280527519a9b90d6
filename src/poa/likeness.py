"""How much of a letter stands word for word somewhere else: in the pack's sentences, or in other letters.

A reviewer who has met a paragraph before takes the letter for a template, and an agency that sends two clients
the same paragraph harms both. Dates, numbers and identifiers count as equal: a paragraph is not another one
because its order ID is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from poa.letter import Letter
from poa.outline import Outline
from poa.values import find_values

__all__ = [
    "LEAST_WORDS",
    "LIMIT",
    "Likeness",
    "Other",
    "SharedPassage",
    "SourceKind",
    "likeness_to",
    "pack_words",
]

SourceKind = Literal["pack", "earlier", "other"]

# Shorter runs are how English is written; longer ones are copied.
LEAST_WORDS = 8
# The share of equal words above which a letter is taken for a template.
LIMIT = 0.5
_LONG_PASSAGE = 40
_OWN_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[\u3400-\u9fff]")


@dataclass(frozen=True)
class Other:
    """A text that the letter is held against. `kind` is pack, earlier (same seller) or other (another case)."""

    name: str
    kind: SourceKind
    text: str
    own_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharedPassage:
    """Letter text that stands word for word in another text: `letter[start:end]`, `words` long."""

    start: int
    end: int
    words: int
    text: str


@dataclass(frozen=True)
class Likeness:
    """What a letter shares with one other text; `share` is 0 to 1 of its words."""

    other: Other
    share: float
    passages: tuple[SharedPassage, ...]

    def too_alike(self, limit: float) -> bool:
        """Whether it must be warned of: above the limit, or a whole paragraph of another client's letter."""
        if self.share > limit:
            return True
        return self.other.kind == "other" and any(p.words >= _LONG_PASSAGE for p in self.passages)

    def as_json(self, limit: float) -> dict[str, Any]:
        """The likeness as `poa likeness --json` prints it."""
        return {
            "name": self.other.name,
            "kind": self.other.kind,
            "share": round(self.share, 3),
            "too_alike": self.too_alike(limit),
            "passages": [
                {"start": p.start, "end": p.end, "words": p.words, "text": p.text} for p in self.passages
            ],
        }


class _Token(NamedTuple):
    word: str
    start: int
    end: int


def likeness_to(letter: str, others: Iterable[Other], least_words: int = LEAST_WORDS) -> tuple[Likeness, ...]:
    """What the letter shares with each text, the likest first; texts that share nothing are left out."""
    tokens = _tokens(letter)
    runs = _grams([token.word for token in tokens], least_words)
    found = []
    for other in others:
        likeness = _one(letter, tokens, runs, other, least_words)
        if likeness.passages:
            found.append(likeness)
    return tuple(sorted(found, key=lambda likeness: -likeness.share))


def pack_words(outline: Outline, skeleton: Letter) -> Other:
    """The pack's own sentences as a text to compare with: the skeleton, less what the seller's facts say."""
    own = [item.statement for item in outline.items if item.statement]
    own += [
        d.text
        for item in outline.items
        for d in item.details
        if d.kind in ("text", "phrase", "quote", "name")
    ]
    return Other(f"pack {outline.pack}", "pack", skeleton.text, tuple(own))


def _one(
    letter: str,
    tokens: Sequence[_Token],
    runs: Mapping[tuple[str, ...], Sequence[int]],
    other: Other,
    least_words: int,
) -> Likeness:
    theirs = _grams([token.word for token in _tokens(other.text)], least_words)
    shared = [False] * len(tokens)
    for run, places in runs.items():
        if run in theirs:
            for place in places:
                shared[place : place + least_words] = [True] * least_words
    for place in _own_places(tokens, other.own_words):
        shared[place] = False
    passages = tuple(_passages(letter, tokens, shared, 1 if other.own_words else least_words))
    share = sum(shared) / len(tokens) if tokens else 0.0
    return Likeness(other, share, passages)


def _own_places(tokens: Sequence[_Token], own_words: Sequence[str]) -> Iterable[int]:
    """Where the seller's own words stand: the template took them over, and did not bring them."""
    own: set[tuple[str, ...]] = set()
    for text in own_words:
        words = [token.word for token in _tokens(text)]
        own |= set(_grams(words, min(_OWN_WORDS, max(len(words), 1))))
    words = [token.word for token in tokens]
    for size in {len(run) for run in own}:
        for place, run in enumerate(zip(*(words[n:] for n in range(size)), strict=False)):
            if run in own:
                yield from range(place, place + size)


def _passages(
    letter: str, tokens: Sequence[_Token], shared: Sequence[bool], least: int
) -> Iterable[SharedPassage]:
    at = 0
    while at < len(tokens):
        if not shared[at]:
            at += 1
            continue
        end = at
        # A paragraph ends where the letter leaves a line free.
        while (
            end < len(tokens) and shared[end] and "\n\n" not in letter[tokens[at].start : tokens[end].start]
        ):
            end += 1
        if end - at >= least:
            start, stop = tokens[at].start, tokens[end - 1].end
            yield SharedPassage(start, stop, end - at, letter[start:stop])
        at = max(end, at + 1)


def _grams(words: Sequence[str], size: int) -> dict[tuple[str, ...], list[int]]:
    grams: dict[tuple[str, ...], list[int]] = {}
    for place, run in enumerate(zip(*(words[n:] for n in range(size)), strict=False)):
        grams.setdefault(run, []).append(place)
    return grams


def _tokens(text: str) -> list[_Token]:
    """The words of a text in lower case; each value is one word that names its kind."""
    tokens: list[_Token] = []
    at = 0
    for value in find_values(text):
        if value.start < at:
            continue
        tokens += _words(text, at, value.start)
        tokens.append(_Token(f"<{value.kind}>", value.start, value.end))
        at = value.end
    tokens += _words(text, at, len(text))
    return tokens


def _words(text: str, start: int, end: int) -> Iterable[_Token]:
    return (_Token(m[0].lower(), *m.span()) for m in _WORD.finditer(text, start, end))
