"""The interview of `poa new`: from a notification and a person's answers to a facts file, nothing filled in by guess."""

from __future__ import annotations

from poa.interview.answers import Refused, answered, none_taken, put_off, said_unknown, with_answers
from poa.interview.asks import Ask, Option, Progress, asks
from poa.interview.closing import Open, Outcome, outcome, outcome_text
from poa.interview.conversation import Console, Left, converse
from poa.interview.opening import Opening, open_interview, own_copy, with_demands, with_pack
from poa.interview.writing import facts_yaml, save

__all__ = [
    "Ask",
    "Console",
    "Left",
    "Open",
    "Opening",
    "Option",
    "Outcome",
    "Progress",
    "Refused",
    "answered",
    "asks",
    "converse",
    "facts_yaml",
    "none_taken",
    "open_interview",
    "outcome",
    "outcome_text",
    "own_copy",
    "put_off",
    "said_unknown",
    "save",
    "with_answers",
    "with_demands",
    "with_pack",
]
