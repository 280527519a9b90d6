"""Words that shut each other out: a rewriting that puts one in another's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any

from poa.resources import read_words
from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.reading import Reading

__all__ = ["rivals_kept"]


@dataclass(frozen=True)
class _Pair:
    """A word of the English, the Chinese that may be behind it, and its rival in the Chinese and in the English."""

    word: re.Pattern[str]
    behind: re.Pattern[str]
    rival: re.Pattern[str]
    said: re.Pattern[str]


def _english(words: list[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for w in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?!\w)", re.IGNORECASE)


def _chinese(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(words))


@lru_cache(maxsize=1)
def _pairs() -> tuple[_Pair, ...]:
    path = Path(__file__).resolve().parents[1] / "data" / "rivals.yaml"
    loaded: dict[str, Any] = read_words(path)
    found = [
        _Pair(_english(p["word"]), _chinese(p["zh"]), _chinese(p["of"]), _english(p["said"]))
        for p in loaded["pairs"]
    ]
    found += [
        _Pair(_english(a["en"]), _chinese(a["zh"]), _chinese(b["zh"]), _english(b["en"]))
        for sides in loaded["sets"]
        for a, b in permutations(sides, 2)
    ]
    return tuple(found)


_DENIES = re.compile(
    r"\b(?:not|no|never|none|neither|nor|nobody|nothing|without|cannot|instead|rather|unable|fail\w*|far from|"
    r"until|unless|except)\b|n['’]t\b",
    re.IGNORECASE,
)


def rivals_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """A word in its rival's place: "genuine" for 假, "the bank account" for 信用卡, "below" for 超过."""
    for pair in _pairs():
        for match in pair.word.finditer(reading.en):
            found = _in_its_rivals_place(reading, pair, match)
            if found:
                yield found


def _in_its_rivals_place(reading: Reading, pair: _Pair, match: re.Match[str]) -> RewriteFinding | None:
    k = reading.en_clause_of(match.start())
    if k is None or re.search(r"\bin $", reading.en[: match.start()][-3:], re.IGNORECASE):
        return None
    clause = reading.en_clauses[k]
    if _DENIES.search(reading.en, clause.start, clause.end):
        return None
    sentence = clause.sentence
    kin = {z: share for (z, e), share in reading.kinship.items() if e == sentence}
    likely = reading.counterparts(k, 0.75)[:2]
    near = {z for z, share in kin.items() if share >= 0.3 * max(kin.values())}
    near |= {reading.zh_clauses[n].sentence for n in likely}
    wide = near | {z + step for z in near for step in (-1, 1)}
    around = [c for c in reading.zh_clauses if c.sentence in wide]
    if not near or any(pair.behind.search(reading.plain, c.start, c.end) for c in around):
        return None
    # The rival may be told in this sentence or in those beside it.
    first, last = max(0, sentence - 2), min(len(reading.en_sentences), sentence + 1)
    told = (reading.en_sentences[first][0], reading.en_sentences[last - 1][1])
    if pair.said.search(reading.en, *told):
        return None
    for number in likely:
        zh = reading.zh_clauses[number]
        rival = pair.rival.search(reading.plain, zh.start, zh.end)
        if rival:
            return RewriteFinding(
                "altered_meaning",
                f"The Chinese says “{rival[0]}” (“{zh.text.strip()}”); the English says “{match[0]}”.",
                f"中文说的是“{rival[0]}”(“{zh.text.strip()}”),英文写成了“{match[0]}”。",
                match.start(),
                match.end(),
                rival.start(),
                rival.end(),
                rule="rival",
            )
    return None
