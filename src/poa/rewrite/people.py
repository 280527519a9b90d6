"""Where a Chinese text names a person, so that no name goes to a model.

A name is no word of the dictionary: where the text is cut into words, a surname stands alone and what follows it
is cut into pieces. What was seen to be a name in one sentence is one in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from poa.rewrite.lexicon import Lexicon
from poa.rewrite.names import chinese_names, likely_people, role_words, spelled_name
from poa.rewrite.words import data_lines

__all__ = ["Person", "people_in"]


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in one of the sentences, and the English that stands for it."""

    start: int
    end: int
    english: str


_HAN = re.compile(r"[\u4e00-\u9fff]")
_NICK = "小老阿"
# The measure word of 三张发票 is no surname.
_COUNTED = re.compile(r"[\d一二两三四五六七八九十百几多每这那半整]$")


def people_in(sentences: Sequence[str], lexicon: Lexicon) -> list[list[Person]]:
    """The people named in each sentence; the sentences are in simplified characters."""
    found = [list(_people(sentence, lexicon)) for sentence in sentences]
    known = {
        sentence[person.start : person.end]: person.english
        for sentence, people in zip(sentences, found, strict=True)
        for person in people
        if person.end - person.start > 1
    }
    # 晓东 is 孙晓东, wherever it stands; 建国 may be a word.
    for name in list(known):
        if len(name) == 3 and name[0] not in _NICK and not lexicon.knows(name[1:]):
            known.setdefault(name[1:], known[name].split(" ", 1)[1])
    for sentence, people in zip(sentences, found, strict=True):
        for name in sorted(known, key=len, reverse=True):
            for match in re.finditer(re.escape(name), sentence):
                _add(people, Person(match.start(), match.end(), known[name]))
    return found


def _people(sentence: str, lexicon: Lexicon) -> Iterator[Person]:
    people: list[Person] = []
    for found in (*chinese_names(sentence, lexicon), *likely_people(sentence, lexicon)):
        spelled = spelled_name(found.text, lexicon)
        if spelled:
            # 郭先生 is found as 郭, and spelled as 郭总 is.
            length = min(spelled.length, found.end - found.start)
            _add(people, Person(found.start, found.start + length, spelled.text))
    for start, end in _out_of_words(sentence, lexicon):
        english = _spelled(sentence[start:end], lexicon)
        if english:
            _add(people, Person(start, end, english))
    yield from people


def _add(people: list[Person], person: Person) -> None:
    if not any(person.start < other.end and other.start < person.end for other in people):
        people.append(person)


def _spelled(written: str, lexicon: Lexicon) -> str | None:
    family = 2 if written[:2] in _rows("compound") else 1
    if len(written) == family:
        sounds = [lexicon.usual_reading(char) for char in written]
        return "".join(sounds).capitalize() if all(sounds) else None
    if family == 2:
        sounds = [lexicon.usual_reading(char) for char in written]
        return (
            f"{''.join(sounds[:2]).capitalize()} {''.join(sounds[2:]).capitalize()}" if all(sounds) else None
        )
    spelled = spelled_name(written, lexicon)
    return spelled.text if spelled and spelled.length == len(written) else None


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    rows = (line.partition(":") for line in data_lines("people.txt"))
    table: dict[str, set[str]] = {}
    for group, _, words in rows:
        table.setdefault(group, set()).update(words.split())
    return {group: frozenset(words) for group, words in table.items()}


def _rows(group: str) -> frozenset[str]:
    return _table()[group]


def _out_of_words(sentence: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where a surname stands alone among the words of the sentence, to the end of the name."""
    words: dict[int, str] = {}
    for term in lexicon.terms(sentence, []):
        if not _is_person(term.text, lexicon):
            # Inside of a word nothing begins.
            words |= {term.start: term.text, **dict.fromkeys(range(term.start + 1, term.end), "")}
    for at, char in enumerate(sentence):
        if not _HAN.match(char):
            continue
        if sentence[at : at + 2] in _rows("compound") and 0 < len(words.get(at, char)) <= 2:
            end = _end_of_name(sentence, at + 2, words, lexicon)
            if end > at + 2:
                yield at, end
        elif _hides_in_word(sentence, at, words, lexicon):
            yield at, at + 3
        elif words.get(at, char) == char and _begins_name(sentence, at, words):
            title = next((t for t in _rows("title") if sentence.startswith(t, at + 1)), "")
            end = at + 1 if title else _end_of_name(sentence, at + 1, words, lexicon)
            if end > at + 1 or title:
                yield at, end


def _hides_in_word(sentence: str, at: int, words: dict[int, str], lexicon: Lexicon) -> bool:
    """Whether a name begins like a word, where a person is to be expected: 客服胡子轩 speaks of no beard."""
    before, third = sentence[:at], sentence[at + 2 : at + 3]
    return (
        words.get(at) == sentence[at : at + 2]
        and sentence[at] in _rows("surname")
        and sentence[at + 1] in _rows("given")
        and third in _rows("given") - lexicon.unweighted - lexicon.curated.keys()
        and words.get(at + 2, third) == third
        and (before[-1:] in _rows("before") or not _HAN.search(before[-1:]) or before.endswith(role_words()))
    )


def _is_person(word: str, lexicon: Lexicon) -> bool:
    """Whether the dictionary holds the word as somebody's name: "Yao2 Ming2", where a country is "Han2 guo2"."""
    sound = lexicon.sounds.get(word, "")
    return len(word) > 1 and word not in lexicon.curated and sound.istitle() and " " in sound


def _begins_name(sentence: str, at: int, words: dict[int, str]) -> bool:
    char, before = sentence[at], sentence[:at]
    if char in _NICK:
        following = sentence[at + 1 : at + 2]
        return following in _rows("surname") | _rows("also") and words.get(at + 1, following) == following
    if char == "张" and _COUNTED.search(before):
        return False
    if char in _rows("surname"):
        return True
    if char not in _rows("also"):
        return False
    # A surname that is a word of its own, too: what stands around it has to show that a person is named.
    given = sentence[at + 1 : at + 3]
    usual = given[:1] in _rows("given") and (given[1:] in _rows("given") or words.get(at + 2) != given[1:])
    return usual or before[-1:] in _rows("before") or not _HAN.search(before[-1:])


def _end_of_name(sentence: str, at: int, words: dict[int, str], lexicon: Lexicon) -> int:
    """The place after the name whose given part begins at `at`; `at` itself when none does."""
    if sentence[at - 1] in _NICK:
        return at + 1
    first, second = sentence[at : at + 1], sentence[at + 1 : at + 2]
    if not _HAN.match(first) or first in _rows("not-first"):
        return at
    word = words.get(at, first)
    if len(word) > 2 or (len(word) == 2 and word in lexicon.curated):
        # 李明确认: the name's end and the next word's beginning make a word as well.
        return at + 1 if len(word) == 2 and lexicon.knows(sentence[at + 1 : at + 3]) else at
    if not _HAN.match(second) or second in _rows("not-first") | _rows("not-second"):
        return at + 1
    if len(word) == 2:
        return at + 1 if lexicon.knows(sentence[at + 1 : at + 3]) else at + 2
    return at + 2 if words.get(at + 1, second) == second else at + 1
