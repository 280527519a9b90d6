"""Denials: what the Chinese denies the English denies, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from poa.rewrite.checks.base import RewriteFinding, markers
from poa.rewrite.reading import Reading
from poa.rewrite.words import stem

__all__ = ["denials_kept"]


@lru_cache(maxsize=1)
def _chinese_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = markers()

    def either(words: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))

    return either(lists["chinese_negations"]), either(lists["not_negations"]), either(lists["lexical_negatives"])


@lru_cache(maxsize=1)
def _english_stems() -> tuple[frozenset[str], frozenset[str]]:
    lists = markers()
    return frozenset(map(stem, lists["english_negations"])), frozenset(map(stem, lists["english_plain_negations"]))


def chinese_denials(reading: Reading) -> list[tuple[int, int, int]]:
    """The negations of the Chinese: (clause, start, end)."""
    negation, none, _ = _chinese_patterns()
    found = []
    for number, clause in enumerate(reading.zh_clauses):
        masked = none.sub(lambda m: "＿" * len(m[0]), reading.plain[clause.start : clause.end])
        found += [(number, clause.start + m.start(), clause.start + m.end()) for m in negation.finditer(masked)]
    return found


def denials_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Denials that are lost, and denials that are new."""
    if not reading.en_clauses:
        return
    wide, plain = _english_stems()
    denials = chinese_denials(reading)
    negative = [[t for t in words if t.stem in wide] for words in reading.clause_words]
    room = {k: len(found) * (2 if _goes_on(reading, k) else 1) for k, found in enumerate(negative) if found}
    for clause, start, end in _unmatched(reading, denials, room):
        said = reading.zh_clauses[clause]
        first, last, _ = reading.regions(clause, 2)
        where = reading.en_clauses[first:last]
        yield RewriteFinding(
            "lost_negation",
            f"The Chinese denies (“{said.text.strip()}”); the English does not.",
            f"中文是否定的(“{said.text.strip()}”),英文没有否定。",
            where[0].start if where else None,
            where[-1].end if where else None,
            start,
            end,
        )
    yield from _new_denials(reading, plain, {clause for clause, _, _ in denials})


def _goes_on(reading: Reading, clause: int) -> bool:
    """Whether the next stretch hangs on this one's negation: "did not buy or sell", "not bought, hidden or changed"."""
    here = reading.en_clauses[clause]
    following = reading.en_clauses[clause + 1 : clause + 3]
    return " or " in f" {here.text} " or any(
        c.sentence == here.sentence and re.match(r"\s*(?:or|nor|and)\b", reading.en[c.start - 1 : c.end]) for c in following
    )


def _unmatched(
    reading: Reading, denials: list[tuple[int, int, int]], room: dict[int, int]
) -> list[tuple[int, int, int]]:
    """The Chinese denials for which no English negation is left in its place (greatest matching)."""
    places = [_places(reading, clause, room) for clause, _, _ in denials]
    taken: dict[int, list[int]] = {k: [] for k in room}

    def seat(denial: int, seen: set[int]) -> bool:
        for k in places[denial]:
            if k in seen:
                continue
            seen.add(k)
            if len(taken[k]) < room[k]:
                taken[k].append(denial)
                return True
            for other in list(taken[k]):
                if seat(other, seen):
                    taken[k].remove(other)
                    taken[k].append(denial)
                    return True
        return False

    # Two negations in one Chinese clause (不得不, 没有…不) may be one in English.
    lost, seated = [], set()
    for n, (clause, start, end) in enumerate(denials):
        if seat(n, set()):
            seated.add(clause)
        elif clause not in seated:
            lost.append((clause, start, end))
    return lost


def _places(reading: Reading, clause: int, room: dict[int, int]) -> list[int]:
    """English clauses whose negation may be this Chinese clause's: where its words are, and right beside."""
    row = reading.affinity[clause]
    top = max(row, default=0.0)
    if top <= 0.2:
        return sorted(room)
    good = [k for k, score in enumerate(row) if score >= 0.55 * top]
    near = {k + step for k in good for step in (-1, 0, 1)}
    return sorted((k for k in near if k in room), key=lambda k: -row[k])


def _new_denials(reading: Reading, plain: frozenset[str], denied: set[int]) -> Iterator[RewriteFinding]:
    _, _, lexical = _chinese_patterns()
    for k, words in enumerate(reading.clause_words):
        token = next((t for t in words if t.stem in plain), None)
        if token is None or re.match(r"no\.?\s*\d", reading.en[token.start :], re.IGNORECASE):
            continue
        if re.match(r"not only\b|no later than\b|no doubt\b|none other", reading.en[token.start :], re.IGNORECASE):
            continue
        near = {c + step for c in reading.counterparts(k)[:3] for step in (-1, 0, 1)}
        clauses = [c for n, c in enumerate(reading.zh_clauses) if n in near]
        if not clauses or near & denied or any(lexical.search(reading.plain[c.start : c.end]) for c in clauses):
            continue
        en_clause = reading.en_clauses[k]
        yield RewriteFinding(
            "new_negation",
            f"The English denies (“{en_clause.text.strip()}”); the Chinese does not.",
            f"英文是否定的(“{en_clause.text.strip()}”),中文没有否定。",
            token.start,
            token.end,
            clauses[0].start,
            clauses[0].end,
        )
