"""A passage sentence by sentence, for a small model that cannot reword it whole.

Of a passage of four sentences a small model merges two into a third thing or loses one, and the passage with it.
Asked for each sentence it rewords most of them, and only the others keep the skeleton's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from poa.letter import Passage
from poa.phrasing import sentences
from poa.polish import Asked, Note
from poa.rewording import what_changed, word_lists

__all__ = ["Pieces"]

# A passage of so many sentences is taken apart at once, a shorter one when it could not be had whole.
_MANY_SENTENCES = 3
_SPAN = re.compile(r"(?:From|Between) [^;:.]*?\d[^;:.]*? (?:and|to) [^;:.]*?\b\d{4}, ")
_DETERMINERS = frozenset({"a", "an", "the", "our", "this", "these"})
# "On May 2, 2024, our clerk ...", and no date that another clause follows.
_DATED = re.compile(
    r"((?:On|Between|From) (?:[^,;:.]|, (?=\d{4}))+?\d{4}), (?!after|before|while|when|because|since|as |by )([a-z].+)"
)
_SMALL = frozenset({"a", "all", "an", "each", "every", "it", "our", "the", "these", "they", "this", "we"})
_COPIED = "This stands as it was: use other words or another order."


@dataclass
class Pieces:
    """One passage in its sentences, and the words found for each of them so far."""

    passage: Passage
    sentences: tuple[str, ...] = ()
    written: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    tried: bool = False

    def __post_init__(self) -> None:
        told = _told(self.passage.text)
        self.sentences = told if len(told) >= _MANY_SENTENCES else (self.passage.text,)

    @property
    def reworded(self) -> bool:
        """Whether all that the passage tells is in other words."""
        return not self.asked()

    def asked(self) -> list[Asked]:
        """The sentences still to be reworded."""
        alone = len(self.sentences) == 1
        return [
            Asked(self._id(n), self._parts(sentence)[1])
            for n, sentence in enumerate(self.sentences)
            if n not in self.written and (alone or _is_told(sentence))
        ]

    def asked_notes(self) -> list[Note]:
        """What was wrong with earlier words for these sentences."""
        return [Note(self._id(n), note) for n, note in self.notes.items() if n not in self.written]

    def take(self, texts: Mapping[str, str], refused: Mapping[str, str]) -> list[str]:
        """Keeps of the model's words those that say what their sentence says; returns what was wrong with others."""
        wrong = {}
        for n, sentence in enumerate(self.sentences):
            text = texts.get(self._id(n))
            if text is not None:
                date, told = self._parts(sentence)
                fault = _COPIED if _bare(text) == _bare(told) else None
                text = _dated(text, date, sentence)
                fault = fault or what_changed(sentence, text, self.passage.text)
                if fault is None:
                    self.written[n] = text
            else:
                fault = refused.get(self._id(n))
            if fault is not None:
                wrong[n] = fault
        self.notes |= wrong
        self.tried = True
        return list(wrong.values())

    def settle(self, finding: Callable[[str], str | None]) -> list[str]:
        """Gives up those sentences that do not stand in the letter; returns why.

        `finding` says what is wrong with a text in the passage's place, None when nothing is.
        """
        tried, self.written = self.written, {}
        for n, text in tried.items():
            self.written[n] = text
            wrong = finding(self.text)
            if wrong is not None:
                del self.written[n]
                self.notes[n] = wrong
        return [note for n, note in self.notes.items() if n in tried and n not in self.written]

    def take_apart(self) -> None:
        """From now on sentence by sentence, where nothing of the whole stands."""
        told = _told(self.passage.text)
        if not self.written and len(self.sentences) == 1 < len(told):
            # What was wrong with the whole may be another sentence's fault.
            self.sentences, self.notes = told, {}

    @property
    def text(self) -> str:
        """The passage with every sentence in the model's words that has some."""
        return " ".join(self.written.get(n, sentence) for n, sentence in enumerate(self.sentences))

    def _parts(self, sentence: str) -> tuple[str, str]:
        """The date at the sentence's head, and the rest of it; after a first try a date stays where it is.

        A small model that has to find a place for it forgets it, or lets it say when something else was.
        """
        found = _DATED.match(sentence) if self.tried else None
        return (found[1], found[2][0].upper() + found[2][1:]) if found is not None else ("", sentence)

    def _id(self, n: int) -> str:
        return self.passage.id if len(self.sentences) == 1 else f"{self.passage.id}.{n + 1}"


def _told(text: str) -> tuple[str, ...]:
    """The sentences of a passage; the passage as one where it cannot be taken apart or has nothing to tell."""
    found = tuple(sentences(text))
    return (
        found
        if "\n" not in text and " ".join(found) == text and any(_is_told(sentence) for sentence in found)
        else (text,)
    )


def _dated(text: str, date: str, sentence: str) -> str:
    """The text with the date of its sentence."""
    if not date:
        return text
    word = text.partition(" ")[0]
    # A name keeps its capital: only a word that the sentence writes small may follow the date.
    if word.lower() in _SMALL or re.search(rf"\b{re.escape(word.lower())}\b", sentence):
        return f"{date}, {text[0].lower()}{text[1:]}"
    return f"{text} This happened {date[0].lower()}{date[1:]}."


def _bare(sentence: str) -> list[str]:
    """The words that make a rewording: "from ... to", "our company" for "we" or "the" for "our" is none."""
    text = _SPAN.sub("", sentence).lower().replace("our company", "we")
    words = re.findall(r"[^\s.,;]+", text)
    return [word for word in words if word not in _DETERMINERS]


def _is_told(sentence: str) -> bool:
    """Whether the sentence tells something, and does not only bring a value to what another one tells."""
    return not any(re.match(frame, sentence) for frame in word_lists()["frames"])
