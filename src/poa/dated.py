"""Puts the dates of a reworded passage back where they belong.

A model that moves a date from the head of a sentence to its end attaches it to other words ("found no other
request about a review on June 14"), and says "on" of a month. Both are set right here, on masked text, without
a word of the model's changed.
"""

from __future__ import annotations

import re

__all__ = ["place_dates"]

_DAY = r"<DATE_\d+>"
_SPAN = rf"(?:[Bb]etween {_DAY} and {_DAY}|[Ff]rom {_DAY} to {_DAY})"
_WHEN = rf"(?:{_SPAN}|(?:[Oo]n|[Ff]rom|[Ss]ince|[Aa]s of|[Ss]tarting(?: on| from)?|[Bb]eginning on) {_DAY}(?: onwards?)?)"
_HEAD = re.compile(rf"({_WHEN}), |(?:We|Our [^,.;<]+?) will [^,.;<]+, (from {_DAY}),")
_TAIL = re.compile(rf"(?P<said>.+?),? (?P<when>{_WHEN})(?P<rest>\.(?: .+)?|)", re.DOTALL)
# What stands between a verb and its date and takes the date for itself.
_CLAUSES = re.compile(rf",|{_DAY}|\b(?:that|which|who|whom|before|after)\b")
_MOST_WORDS = 13


def place_dates(text: str, sent: str) -> str:
    """The text with each date after the word it was sent with, and at the head again where it has strayed."""
    for day in set(_days(sent)):
        asked = {word.lower() for word in re.findall(rf"\b(in|on) {day}", sent, re.IGNORECASE)}
        for right, wrong in (("in", "on"), ("on", "in")):
            if asked == {right}:
                text = re.sub(rf"\b{wrong}(?= {day})", right, text)
    head = _HEAD.match(sent)
    tail = _TAIL.fullmatch(text)
    if head is None or tail is None or _days(tail["when"]) != _days(head[1] or head[2]):
        return text
    said = tail["said"]
    first = re.match(r"[A-Za-z]+", said)
    # A name keeps its capital wherever it stands: only a word known in small letters may follow the date.
    common = first is not None and re.search(rf"\b{first[0].lower()}\b", f"we our {sent}") is not None
    if not common or not _strays(said) or re.search(r"\. [A-Z]", said):
        return text
    return f"{tail['when'][0].upper()}{tail['when'][1:]}, {said[0].lower()}{said[1:]}{tail['rest']}"


def _days(when: str) -> list[str]:
    return re.findall(_DAY, when)


def _strays(said: str) -> bool:
    return len(said.split()) > _MOST_WORDS or _CLAUSES.search(said) is not None
