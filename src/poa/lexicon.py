"""Short phrases of facts files in the other language, from `packs/lexicon.yaml`; never by guess.

A phrase is known when it stands in the list, matches one with a figure (`{n}`) or a day (`{d}`) in it, or is a
date and nothing else. Everything else is None: the Chinese letter keeps such English, and the English letter
asks for such Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from poa.policy import common_data
from poa.values import find_values

__all__ = ["in_chinese", "in_english"]

_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SLOTS = {
    "en": {"n": r"(?P<n>\d[\d,.]*)", "d": r"(?P<d>.{6,24})"},
    "zh": {"n": r"(?P<n>\d[\d,.]*)", "d": r"(?P<d>\d{4}年\d{1,2}月\d{1,2}日)"},
}


def in_chinese(phrase: str) -> str | None:
    """The Chinese of a short English phrase, or None."""
    return _translated(phrase, "en", "zh") or _chinese_date(phrase)


def in_english(phrase: str) -> str | None:
    """The English of a short Chinese phrase, or None."""
    return _translated(phrase, "zh", "en") or _english_date(phrase)


def _translated(phrase: str, source: str, target: str) -> str | None:
    plain = phrase.strip().rstrip(".。").lower()
    words, open_entries = _entries(source, target)
    at, found = words.get(plain, (len(words) + len(open_entries), None))
    for n, pattern, said in open_entries:
        # The first entry of several wins, whichever way it is written.
        match = pattern.fullmatch(plain) if n < at else None
        if match is None:
            continue
        slots = match.groupdict()
        if "d" in slots:
            day = _chinese_date(slots["d"]) if source == "en" else _english_date(slots["d"])
            if day is None:
                continue
            said = said.replace("{d}", day)
        return said.replace("{n}", slots.get("n", ""))
    return found


_Plain = Mapping[str, tuple[int, str]]
_Open = tuple[tuple[int, re.Pattern[str], str], ...]


@cache
def _entries(source: str, target: str) -> tuple[_Plain, _Open]:
    """The list in lower case, each entry with its number: those of plain words, and those with a slot."""
    plain: dict[str, tuple[int, str]] = {}
    open_entries = []
    for n, pair in enumerate(common_data()["lexicon"]):
        words, said = str(pair[source]).lower(), str(pair[target])
        pattern = re.escape(words)
        for slot, expression in _SLOTS[source].items():
            pattern = pattern.replace(re.escape("{" + slot + "}"), expression)
        if pattern == re.escape(words):
            plain.setdefault(words, (n, said))
        else:
            open_entries.append((n, re.compile(pattern), said))
    return plain, tuple(open_entries)


def _chinese_date(text: str) -> str | None:
    """A date, or a month with its year, that is the whole text."""
    found = [value for value in find_values(text) if value.kind == "date"]
    if len(found) != 1 or found[0].text.strip().lower() != text.strip().lower():
        return None
    match = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", found[0].canonical)
    if match is None:
        return None
    day = f"{int(match[3])}日" if match[3] else ""
    return f"{match[1]}年{int(match[2])}月{day}"


def _english_date(text: str) -> str | None:
    match = re.fullmatch(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?", text.strip())
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    day = f"{int(match[3])} " if match[3] else ""
    return f"{day}{_ENGLISH_MONTHS[int(match[2]) - 1]} {match[1]}"
