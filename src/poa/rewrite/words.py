"""English words for comparing: tokens, their stems, and the sets of words that say the same.

A stem is no dictionary form: it only has to be one and the same for "deleted", "deletes" and "deletion".
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["Token", "free_stems", "near_stems", "paraphrase_stems", "stem", "tokens"]

_DATA = Path(__file__).resolve().parent / "data"
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_INFLECTED = ("ing", "eds", "ed", "es", "s")
_DERIVED = (
    "ication", "ization", "isation", "ation", "ition", "ement", "ment", "ance", "ence", "ingly", "edly", "ity", "ively", "ive",
    "ion", "er", "or", "ally", "al", "ably", "ible", "able", "ness", "fully", "ful", "ly", "ize", "ise", "ify",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One English word of a text, with its stem and its place."""

    text: str
    stem: str
    start: int
    end: int


def data_lines(name: str) -> tuple[str, ...]:
    """The lines of a word list beside this file, without comments and blank lines."""
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in data_lines("irregular.tsv"):
        base, _, rest = line.partition("\t")
        for form in (base, *rest.split()):
            forms.setdefault(form, base)
    return forms


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of an English word, in lower case."""
    word = word.lower().replace("’", "'").removesuffix("'s").strip("'")
    word = _irregular().get(word, word)
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    word = _without(_without(word, ("es", "s"), 3), _INFLECTED, 3)
    word = _irregular().get(word, word)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    word = _without(word, _DERIVED, 4)
    if word == "note":
        return word  # "not" is another word
    return word.rstrip("eyi") if len(word) > 3 else word


def _without(word: str, endings: tuple[str, ...], least: int) -> str:
    """The word without the first ending that leaves enough of it; "address" and "business" keep their s."""
    for ending in endings:
        root = word.removesuffix(ending)
        if root != word and len(root) >= least and not (ending == "s" and root.endswith(("s", "u", "i"))):
            return root
    return word


def tokens(text: str) -> tuple[Token, ...]:
    """The words of an English text, in order; "n't" is a word of its own."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0].replace("’", "'")
        if word.lower().endswith("n't"):
            found.append(Token(word[:-3], stem(word[:-3]), match.start(), match.end() - 3))
            found.append(Token("n't", "n't", match.end() - 3, match.end()))
        elif word.lower() == "cannot":
            found.append(Token("can", "can", match.start(), match.start() + 3))
            found.append(Token("not", "not", match.start() + 3, match.end()))
        else:
            found.append(Token(word, stem(word), match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=1)
def free_stems() -> frozenset[str]:
    """Stems of the words that carry a sentence without claiming anything."""
    return frozenset(stem(word) for line in data_lines("free_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def paraphrase_stems() -> frozenset[str]:
    """Stems of the words by which a free rewriting says the same in another way."""
    return frozenset(stem(word) for line in data_lines("paraphrase_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for line in data_lines("synonyms.txt"):
        group = {stem(word) for word in line.split()}
        for one in group:
            near[one] |= group
    return {one: frozenset(group) for one, group in near.items()}


def near_stems(one: str) -> frozenset[str]:
    """A stem with those of the words that say the same."""
    return _groups().get(one, frozenset((one,))) | {one}
