"""What became of words: two wordings as one text with what fell away and what came, and places carried over."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

__all__ = ["Carried", "Change", "carry", "changed_words", "compare_words", "likeness_of"]

# A word with its apostrophes and hyphens, one Chinese character, or one other sign.
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_](?:[\w'’.@/-]*[^\W_])?|\S")
# Comparing word by word costs the product of both lengths: beyond this many words only whole lines are compared.
_MOST_WORDS = 4000


@dataclass(frozen=True)
class Change:
    """A stretch of text that both wordings share, or that only the old or only the new one has."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare_words(old: str, new: str) -> tuple[Change, ...]:
    """Both wordings as one run of changes, in reading order.

    Without what is `gone` it is the new text, without what is `new` the old one, save for spaces.
    """
    if old == new:
        return (Change("same", new),) if new else ()
    left, right = _pieces(old), _pieces(new)
    changes: list[Change] = []
    for tag, a, b, c, d in _matcher(left, right).get_opcodes():
        if tag == "equal":
            # A word that ended the new text but not the old one keeps its space before what is gone.
            last = max(left[b - 1], right[d - 1], key=len)
            changes.append(Change("same", "".join(right[c : d - 1]) + last))
            continue
        if a < b:
            changes.append(Change("gone", "".join(left[a:b])))
        if c < d:
            changes.append(Change("new", "".join(right[c:d])))
    return tuple(changes)


def changed_words(changes: tuple[Change, ...]) -> int:
    """How many words are new or gone; a replaced word counts once."""
    gone = sum(len(_WORD.findall(change.text)) for change in changes if change.kind == "gone")
    new = sum(len(_WORD.findall(change.text)) for change in changes if change.kind == "new")
    return max(gone, new)


def likeness_of(old: str, new: str) -> float:
    """The share of words that two texts have in common, in order: 0 to 1."""
    left, right = _WORD.findall(old.lower()), _WORD.findall(new.lower())
    if not left or not right:
        return 0.0
    return _matcher(left, right).ratio()


def _pieces(text: str) -> list[str]:
    """The words of a text, each with the space behind it, so that joining them gives the text again."""
    starts = [match.start() for match in _WORD.finditer(text)]
    if not starts:
        return [text] if text else []
    bounds = [0, *starts[1:], len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


def _matcher(left: list[str], right: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [word.rstrip() for word in left], [word.rstrip() for word in right], False)


# ---------------------------------------------------------------- places


@dataclass(frozen=True)
class Carried:
    """Carries places of one text over to an edited copy of it."""

    _starts: tuple[int, ...]
    _stretches: tuple[tuple[int, int, int, int, bool], ...]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `old[start:end]` stands in the new text; None when nothing of it is left."""
        first, last = self._at(start, False), self._at(end, True)
        return (first, last) if first < last else None

    def _at(self, place: int, closing: bool) -> int:
        looked = place - 1 if closing else place
        n = max(bisect_right(self._starts, looked) - 1, 0)
        a, _, c, d, same = self._stretches[n]
        if same:
            # Spaces may differ, so that one side is a little longer than the other.
            return c + min(place - a, d - c)
        return d if closing else c


def carry(old: str, new: str) -> Carried:
    """The way from places in `old` to places in `new`, line by line and, within changed lines, word by word."""
    stretches: list[tuple[int, int, int, int, bool]] = []
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = _offsets(lines[0]), _offsets(lines[1])
    for tag, a, b, c, d in SequenceMatcher(None, lines[0], lines[1], False).get_opcodes():
        here = starts[0][a], starts[0][b], starts[1][c], starts[1][d]
        if tag == "equal" or a == b or c == d:
            stretches.append((*here, tag == "equal"))
            continue
        left, right = _pieces("".join(lines[0][a:b])), _pieces("".join(lines[1][c:d]))
        if len(left) + len(right) > 2 * _MOST_WORDS:
            stretches.append((*here, False))
            continue
        inner = _offsets(left, here[0]), _offsets(right, here[2])
        for sub, e, f, g, h in _matcher(left, right).get_opcodes():
            stretches.append((inner[0][e], inner[0][f], inner[1][g], inner[1][h], sub == "equal"))
    # Where something only came in, no place of the old text lies.
    kept = tuple(s for s in stretches if s[0] < s[1]) or ((0, max(len(old), 1), 0, 0, False),)
    return Carried(tuple(s[0] for s in kept), kept)


def _offsets(pieces: list[str], at: int = 0) -> list[int]:
    offsets = [at]
    for piece in pieces:
        at += len(piece)
        offsets.append(at)
    return offsets
