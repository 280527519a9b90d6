"""The word lists of `patterns.yaml`, compiled once, and the plain form in which text is held against them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from poa.resources import read_words

__all__ = ["first_match", "headings", "matches", "patterns", "plain", "read_data"]

_HERE = Path(__file__).resolve().parent
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "´": "'", "帐": "账"}
)

# No sentence that asks for something is longer; past this a line is data, and patterns need not see it.
_LONGEST = 1200


def plain(text: str) -> str:
    """The text with straight quotes and one spelling of 账, of the same length, so that offsets stay true."""
    return text.translate(_STRAIGHT)


@cache
def read_data(name: str) -> Any:
    """The content of a data file of this package; every scalar is a string."""
    return read_words(_HERE / name)


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The compiled patterns of one list of `patterns.yaml`."""
    return tuple(re.compile(p, re.IGNORECASE) for p in read_data("patterns.yaml")[name]["any"])


@cache
def headings() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    """Each kind of heading with its patterns, in the order they are tried."""
    lists = read_data("patterns.yaml")["headings"]
    return tuple(
        (kind.rstrip("_"), tuple(re.compile(p, re.IGNORECASE) for p in lists[kind]))
        for kind in lists
        if kind != "why"
    )


def first_match(name: str, text: str) -> re.Match[str] | None:
    """The first pattern of the list that is found in the text."""
    seen = plain(text[:_LONGEST])
    return next((m for p in patterns(name) if (m := p.search(seen))), None)


def matches(name: str, text: str) -> bool:
    """Whether any pattern of the list is found in the text."""
    return first_match(name, text) is not None
