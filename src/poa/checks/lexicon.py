"""Words and what they stand for: base forms, classes of exchangeable words, light words, trigger phrases.

All of it is data beside this file; each list says why its words are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "Claim",
    "Trigger",
    "concepts",
    "find_claims",
    "find_courtesies",
    "find_triggers",
    "is_grammar",
    "is_invention",
    "is_light",
    "is_past",
    "lines_of",
    "phrase_concepts",
    "starts",
    "stem",
    "word_list",
]

_DATA = Path(__file__).resolve().parent / "data"


class _Part(NamedTuple):
    """What may stand at one place of a phrase: whole words, beginnings ("delet*") and endings ("*ing")."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    gap: bool  # `~`: up to three words of any kind
    open: bool  # whether it has beginnings or endings

    def fits(self, word: str) -> bool:
        """Whether the word may stand there."""
        return word in self.words or (
            self.open and (word.startswith(self.beginnings) or word.endswith(self.endings))
        )


# The words of a phrase in turn, each as what may stand there.
_Parts = tuple[_Part, ...]


def _parts_of(phrase: str) -> _Parts:
    return tuple(_part(written) for written in phrase.split())


@lru_cache(maxsize=65536)
def _part(written: str) -> _Part:
    options = written.split("|")
    if "*" not in written:
        return _Part(frozenset(options), (), (), gap=written == "~", open=False)
    beginnings = tuple(option[:-1] for option in options if option.endswith("*"))
    endings = tuple(option[1:] for option in options if option.startswith("*") and not option.endswith("*"))
    words = frozenset(o for o in options if not o.endswith("*") and not o.startswith("*"))
    return _Part(words, beginnings, endings, gap=False, open=True)


def lines_of(name: str) -> Iterator[str]:
    """The rows of a data file; comments and empty lines left out."""
    for line in (_DATA / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def word_list(name: str) -> tuple[str, ...]:
    """A named list of meaning.txt."""
    for line in lines_of("meaning.txt"):
        key, _, words = line.partition(":")
        if key == name:
            return tuple(words.split())
    raise KeyError(name)


@lru_cache(maxsize=65536)
def starts(word: str, name: str) -> bool:
    """Whether the word begins with one of a named list."""
    return word.startswith(word_list(name))


@cache
def _irregular() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in lines_of("irregular.txt"):
        forms, _, base = line.partition("=")
        for form in forms.split():
            table[form] = base.strip()
        table.setdefault(base.strip(), base.strip())
    return table


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The base under which all forms of an English word meet: "approvals", "approving" → `approv`."""
    word = word.lower()
    known = _irregular().get(word)
    if known is None and word.endswith("s"):
        known = _irregular().get(word[:-1])
    return _suffixes(known if known is not None else word)


def is_past(word: str) -> bool:
    """Whether a word looks like a verb's past form ("offered", "wrote")."""
    if word.endswith("ed"):
        return len(word) > 4 and (not word.endswith("eed") or word.endswith(("greed", "freed", "teed")))
    base = _irregular().get(word)
    return (
        base is not None
        and base != word
        and not word.endswith(("s", "ing", "al", "ment", "ion", "ance", "of"))
    )


# By their last letter, with the fewest letters that must stand before them.
_OF_NOUNS = {
    "n": (("ation", 4), ("ition", 4), ("ion", 4)),
    "t": (("ment", 4),),
    "s": (("ness", 4),),
    "l": (("al", 5),),
}
_LOST_E = re.compile(r"[^aeiouy][aeiouy][^aeiouywx]")


@lru_cache(maxsize=65536)
def _suffixes(word: str) -> str:
    if len(word) <= 3:
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "ches", "shes", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    # The last letter alone rules most endings out; the thesaurus has ten thousand words.
    for ending in ("ingly", "edly", "ing", "ed") if word[-1] in "ydg" else ():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            if re.search(r"[aeiouy]", base):
                word = base
                if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                    word = word[:-1]
                elif _LOST_E.fullmatch(word):
                    # "moved" and "hired" meet "move" and "hire".
                    word += "e"
            break
    for ending, least in _OF_NOUNS.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            break
    for ending in ("at", "e", "y") if word[-1] in "tey" else ():
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word


class _Thesaurus(NamedTuple):
    """Numbers of classes: by single stem, by the first two stems of a phrase, and by a verb with its particle."""

    single: dict[str, frozenset[int]]
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]]
    parted: dict[str, list[tuple[str, int]]]


@cache
def _thesaurus() -> _Thesaurus:
    """The classes of the thesaurus, by what a text holds of them."""
    single: dict[str, set[int]] = {}
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
    parted: dict[str, list[tuple[str, int]]] = {}
    for number, line in enumerate(lines_of("thesaurus.txt")):
        for entry in line.split(","):
            written = entry.split()
            if len(written) == 1:
                single.setdefault(stem(written[0]), set()).add(number)
            elif written:
                words = tuple(stem(word) for word in written)
                phrases.setdefault((words[0], words[1]), []).append((words, number))
                if len(words) == 2 and words[1] in _PARTICLES:
                    parted.setdefault(words[0], []).append((words[1], number))
    return _Thesaurus({key: frozenset(value) for key, value in single.items()}, phrases, parted)


@lru_cache(maxsize=65536)
def concepts(word: str) -> frozenset[str | int]:
    """What a word can stand for: its stem, and the number of every class it belongs to."""
    base = stem(word)
    found: set[str | int] = {base}
    found |= _thesaurus().single.get(base, frozenset())
    if word.startswith("un") and len(word) > 5:
        # "left unchecked" speaks of checking; whether it denies it is another question.
        found.add(stem(word[2:]))
        found |= _thesaurus().single.get(stem(word[2:]), frozenset())
    if "-" in word:
        for part in word.split("-"):
            if part:
                found.add(stem(part))
                found |= _thesaurus().single.get(stem(part), frozenset())
    return frozenset(found)


def phrase_concepts(stems: Sequence[str]) -> list[tuple[int, int, int]]:
    """Each phrase of the thesaurus in a row of stems: (first word, word after the last, class)."""
    thesaurus = _thesaurus()
    found = []
    for n, pair in enumerate(_pairs(stems)):
        for words, number in thesaurus.phrases.get(pair, ()):
            if len(words) == 2 or tuple(stems[n : n + len(words)]) == words:
                found.append((n, n + len(words), number))
        for particle, number in thesaurus.parted.get(pair[0], ()):
            if particle in stems[n + 2 : n + 7]:
                # "taking the page down": what is done stands between the verb and its particle.
                found.append((n, stems.index(particle, n + 2) + 1, number))
    return found


_PARTICLES = frozenset(
    {"down", "off", "out", "back", "away", "up", "over", "on", "apart", "aside", "through"}
)


@cache
def _light(group: str = "") -> frozenset[str]:
    words: set[str] = set()
    for line in lines_of("light.txt"):
        name, _, row = line.partition(":")
        if name.startswith(group):
            words |= {stem(word) for word in row.split()}
    return frozenset(words)


@cache
def _generic() -> frozenset[str]:
    words: set[str] = set()
    for line in lines_of("generic.txt"):
        row = line.partition(":")[2] or line
        words |= {stem(word.strip()) for word in row.split(",") if word.strip()}
    return frozenset(words)


@cache
def _inventions() -> frozenset[str]:
    return frozenset(
        stem(word.strip())
        for line in lines_of("inventions.txt")
        for word in line.partition(":")[2].split(",")
    )


def is_invention(base: str) -> bool:
    """Whether a stem belongs to what is typically added to an appeal: audits, certificates, sanctions."""
    return base in _inventions()


@lru_cache(maxsize=4096)
def roots_of(concepts: frozenset[str | int]) -> frozenset[str]:
    """The stems among some concepts, without the numbers of their groups of synonyms."""
    return frozenset(concept for concept in concepts if isinstance(concept, str))


def is_generic(base: str) -> bool:
    """Whether a stem belongs to rewording: it changes how a thing is said and seldom what."""
    return base in _generic()


def related(word: str, others: frozenset[str]) -> bool:
    """Whether a word is plainly made of the same root as one of the others: "printer" and "printing",
    "contravention" and "contravene", "card" and "postcard"."""
    base = stem(word)
    if len(base) < 4:
        return False
    for other in others:
        if len(other) < 4:
            continue
        shared = 0
        for a, b in zip(base, other, strict=False):
            if a != b:
                break
            shared += 1
        if shared >= 5 and shared >= 0.6 * min(len(base), len(other)):
            return True
        if shared == 4 == min(len(base), len(other)) and abs(len(base) - len(other)) <= 2:
            return True
        if other.endswith(base) or base.endswith(other):
            return True
    return False


def is_grammar(base: str) -> bool:
    """Whether a stem belongs to grammar alone, in any sentence; a frame's or a courtesy's word only in some."""
    return len(base) <= 2 or base in _light("grammar") or base in _light("verbs")


def is_light(base: str) -> bool:
    """Whether a stem states nothing by itself: grammar, a letter's frame, courtesy."""
    return base in _light()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase whose presence changes what a sentence says; `where` names the kinds of sentences it harms."""

    phrase: str
    kind: str
    where: frozenset[str]
    why: str
    parts: _Parts


@cache
def _triggers() -> tuple[dict[str, list[Trigger]], list[tuple[str, Trigger]], list[tuple[str, Trigger]]]:
    """Triggers by first word, those whose first word is open-ended, with its beginning, and those of which only the
    ending of the first word is given."""
    exact: dict[str, list[Trigger]] = {}
    open_ended: list[tuple[str, Trigger]] = []
    ending: list[tuple[str, Trigger]] = []
    for line in lines_of("triggers.tsv"):
        phrase, kind, where, why = line.split("\t")
        trigger = Trigger(phrase, kind, frozenset(where.split(",")), why, _parts_of(phrase))
        for word in phrase.split()[0].split("|"):
            if word.endswith("*"):
                open_ended.append((word[:-1], trigger))
            elif word.startswith("*"):
                ending.append((word[1:], trigger))
            else:
                exact.setdefault(word, []).append(trigger)
    return exact, open_ended, ending


@dataclass(frozen=True, slots=True)
class Claim:
    """A phrase that states what only the facts' own words may support; `where` as in Trigger."""

    where: frozenset[str]
    support: tuple[str, ...]
    parts: _Parts


@cache
def _claims() -> dict[str, list[Claim]]:
    """Claims by first word; a first word that is open-ended stands under its first four letters."""
    table: dict[str, list[Claim]] = {}
    for line in lines_of("claims.tsv"):
        phrase, where, support = line.split("\t")
        claim = Claim(frozenset(where.split(",")), tuple(support.split()), _parts_of(phrase))
        for key in {word.rstrip("*")[:4] for word in phrase.split()[0].split("|")}:
            table.setdefault(key, []).append(claim)
    return table


@lru_cache(maxsize=4096)
def find_claims(words: tuple[str, ...]) -> tuple[tuple[int, int, Claim], ...]:
    """Every claim in a row of lower-case words: (first word, word after the last, claim)."""
    found = []
    for n, word in enumerate(words):
        for claim in _claims().get(word[:4], ()):
            end = _match_at(claim.parts, words, n)
            if end is not None:
                found.append((n, end, claim))
    return tuple(found)


@lru_cache(maxsize=16384)
def _starting_with(word: str) -> tuple[Trigger, ...]:
    exact, open_ended, ending = _triggers()
    found = [
        *exact.get(word, ()),
        *(trigger for head, trigger in open_ended if word.startswith(head)),
        *(trigger for tail, trigger in ending if word.endswith(tail)),
    ]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16384)
def _beginning(word: str, following: str) -> tuple[Trigger, ...]:
    """The triggers that two words can be the beginning of; most pairs of words begin none."""
    return tuple(trigger for trigger in _starting_with(word) if _goes_on(trigger.parts, following))


def _goes_on(parts: _Parts, following: str) -> bool:
    return len(parts) == 1 or parts[1].gap or parts[1].fits(following)


def _match_at(parts: _Parts, words: Sequence[str], at: int, first: int = 0) -> int | None:
    """The index after the phrase, from its part `first` on, when it stands at `at`."""
    n = at
    for k in range(first, len(parts)):
        part = parts[k]
        if part.gap:
            for skip in range(4):
                end = _match_at(parts, words, n + skip, k + 1)
                if end is not None:
                    return end
            return None
        if n >= len(words) or not part.fits(words[n]):
            return None
        n += 1
    return n


@cache
def _phrases(name: str) -> dict[str, list[_Parts]]:
    """The phrases of a data file by their first word."""
    table: dict[str, list[_Parts]] = {}
    for line in lines_of(name):
        for phrase in line.partition(":")[2].split(";"):
            if phrase.strip():
                parts = _parts_of(phrase)
                for word in phrase.split()[0].split("|"):
                    table.setdefault(word, []).append(parts)
    return table


@lru_cache(maxsize=16384)
def _phrases_from(name: str, word: str, following: str) -> tuple[_Parts, ...]:
    """The phrases of a data file that two words can be the beginning of."""
    return tuple(parts for parts in _phrases(name).get(word, ()) if _goes_on(parts, following))


def _find_phrases(name: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the phrases of a data file stand: (first word, word after the last)."""
    first_words = _phrases(name)
    for n, (word, following) in enumerate(_pairs(words)):
        if word not in first_words:
            continue
        for parts in _phrases_from(name, word, following):
            end = _match_at(parts, words, n)
            if end is not None:
                yield n, end


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word with the next one; after the last there is none."""
    return zip(words, (*words[1:], ""), strict=False)


def _harmless(words: Sequence[str]) -> set[int]:
    """The words that stand in a phrase where no trigger harms."""
    return {n for first, last in _find_phrases("exceptions.txt", words) for n in range(first, last)}


def find_courtesies(words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The stretches of words that are phrases of courtesy: (first word, word after the last)."""
    return tuple(_find_phrases("courtesy.txt", words))


def find_triggers(words: Sequence[str]) -> list[tuple[int, int, Trigger]]:
    """Every trigger phrase in a row of lower-case words: (first word, word after the last, trigger).

    A phrase that lies within a harmless one ("make certain") is none.
    """
    found = []
    for n, (word, following) in enumerate(_pairs(words)):
        for trigger in _beginning(word, following):
            end = _match_at(trigger.parts, words, n)
            if end is not None:
                found.append((n, end, trigger))
    spared = _harmless(words) if found else set()
    return [place for place in found if not spared.issuperset(range(place[0], place[1]))]
