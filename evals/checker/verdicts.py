"""The verdicts on a letter: the checker's, and the one of comparing values both ways."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from poa.checks import check_outline
from poa.facts import load_case
from poa.letter import Letter
from poa.outline import Outline, build_outline
from poa.rewrite import check_rewrite
from poa.skeleton import build_skeleton
from poa.values import Value, find_values, same_value
from poa.values.chinese import find_chinese_values

__all__ = ["Place", "Verdict", "judge_letter", "judge_rewriting", "values_agree", "values_agree_with_chinese"]


@dataclass(frozen=True)
class Place:
    """A finding in short: its code, what it says, and the offsets it points at, when it does."""

    code: str
    message: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Verdict:
    """Whether the letter passes, and the errors when it does not."""

    passes: bool
    errors: tuple[Place, ...]


def judge_letter(facts: Path, text: str) -> Verdict:
    """What `poa check` says of the letter."""
    report = check_outline(_outline(facts), text)
    return _verdict(report.ok, report.findings)


def judge_rewriting(zh: Path, text: str) -> Verdict:
    """What `poa check-rewrite` says of the English text."""
    report = check_rewrite(_text(zh), text)
    return _verdict(report.ok, report.findings)


def values_agree(facts: Path, text: str) -> bool:
    """The baseline's verdict: the letter holds the values that the skeleton holds, and no other value."""
    return _agree(_expected(facts), _english_values(text))


def values_agree_with_chinese(zh: Path, text: str) -> bool:
    """The baseline's verdict: the English holds the values that the Chinese holds, and no other value."""
    return _agree(_plain(find_chinese_values(_text(zh))), _plain(_english_values(text)))


def _verdict(ok: bool, findings: Iterable[object]) -> Verdict:
    errors = tuple(
        Place(f.code, f.message, f.start, f.end)  # type: ignore[attr-defined]
        for f in findings
        if f.severity == "error"  # type: ignore[attr-defined]
    )
    return Verdict(ok, errors)


@cache
def _outline(facts: Path) -> Outline:
    return build_outline(load_case(facts))


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def _expected(facts: Path) -> tuple[Value, ...]:
    # The skeleton says all facts and nothing else, so its values are the values that a letter may hold.
    letter: Letter = build_skeleton(load_case(facts))
    return _english_values(letter.text)


def _agree(expected: Sequence[Value], found: Sequence[Value]) -> bool:
    """Compared as sets: a letter may name a value once that the skeleton names twice."""
    ours, theirs = _kinds(expected), _kinds(found)
    # The skeleton's signature has an address that a letter need not have.
    required = {value for value in ours if value[0] != "email"}
    return _covered(required, theirs) and _covered(theirs, ours)


def _kinds(values: Iterable[Value]) -> set[tuple[str, str]]:
    return {(value.kind, value.canonical) for value in values if value.kind in _COMPARED}


def _covered(some: Iterable[tuple[str, str]], others: Collection[tuple[str, str]]) -> bool:
    return all(
        any(kind == other and same_value(kind, ours, theirs) for other, theirs in others)
        for kind, ours in some
    )


def _plain(values: Iterable[Value]) -> list[Value]:
    """The values that both languages write alike: exact figures above ten, whole dates, codes and addresses."""
    plain = [replace(value, canonical=value.canonical.lstrip("~<>=")) for value in values]
    return [value for value in plain if not _VAGUE.search(f"{value.kind} {value.canonical}")]


# "about", "early in April", "last November", "more than ten", and the numbers that Chinese counts single
# things with: English says these in words.
_VAGUE = re.compile(r"\.\.|/|-year|-month|date --\d\d$|^date \d{4}(-\d\d)?$|^number (\d|10)$")

# What a plain comparison of values would hold: figures and codes. Durations and frequencies are words.
_COMPARED = frozenset(
    {"date", "number", "percent", "money", "order_id", "asin", "review_id", "case_id", "email", "url"}
)
_LIST_NUMBER = re.compile(r"^ *\d{1,2}[.)] ", re.MULTILINE)


def _english_values(text: str) -> tuple[Value, ...]:
    # The number before a list's entry is no value.
    return find_values(_LIST_NUMBER.sub("", text))
