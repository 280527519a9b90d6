"""Letters for the tests of the checks: skeletons, their shuffled forms, and edits of their values."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace

from poa.checks import CheckReport, check_outline
from poa.facts import parse_case
from poa.letter import Letter, Passage
from poa.outline import Outline, build_outline
from poa.skeleton import build_skeleton
from poa.values import Value, find_values
from tests.builders import Facts


def outline_of(data: Facts) -> Outline:
    """What a letter about these facts must say."""
    return build_outline(parse_case(data))


def skeleton_of(data: Facts) -> Letter:
    """The deterministic letter about these facts."""
    return build_skeleton(parse_case(data))


def check_text(data: Facts, text: str) -> CheckReport:
    """The verdict on a letter about these facts."""
    return check_outline(outline_of(data), text)


def errors(report: CheckReport) -> list[tuple[str, str | None, str]]:
    """What makes the letter fail, short enough to read in a failing test."""
    return [(f.code, f.item, f.message) for f in report.findings if f.severity == "error"]


def codes(report: CheckReport) -> set[str]:
    """The codes of what makes the letter fail."""
    return {code for code, _, _ in errors(report)}


def shuffled(letter: Letter, seed: int) -> Letter:
    """The same letter with the passages of each section in another order; the signature's lines stay."""
    dice = random.Random(seed)

    def mixed(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        return tuple(dice.sample(passages, len(passages)))

    return Letter(
        tuple(
            section if not section.polish else replace(section, passages=mixed(section.passages))
            for section in letter.sections
        )
    )


def with_digit_changed(text: str, at: int) -> str:
    """The text with the digit at that place raised by one, 9 becoming 1 so that no number only gets longer."""
    digit = text[at]
    return text[:at] + ("1" if digit == "9" else str(int(digit) + 1)) + text[at + 1 :]


def digits_of_values(text: str) -> list[int]:
    """The places of all digits that stand in values."""
    return [
        value.start + n
        for value in find_values(text)
        for n, character in enumerate(value.text)
        if character.isdigit() and character.isascii()
    ]


def with_values_swapped(text: str, one: Value, other: Value) -> str:
    """The text with two of its values changed for each other."""
    first, second = sorted((one, other), key=lambda value: value.start)
    return (
        text[: first.start] + second.text + text[first.end : second.start] + first.text + text[second.end :]
    )


def written_days(day: dt.date) -> tuple[str, ...]:
    """The forms in which people write a full date that leaves nothing open."""
    n, short, year = day.day, f"{day:%b}", day.year
    suffix = "th" if 10 <= n <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return (
        str(day),
        f"{year}/{day.month}/{n}",
        f"{day:%B} {n}, {year}",
        f"{day:%B} {n} {year}",
        f"{day:%B} {n}{suffix}, {year}",
        f"{short} {n}, {year}",
        f"{short}{'' if short == 'May' else '.'} {n}, {year}",
        f"{n} {day:%B} {year}",
        f"{n} {short} {year}",
        f"{n}{suffix} {day:%B} {year}",
        f"the {n}{suffix} of {day:%B} {year}",
        f"{n}-{short}-{year}",
    )


def with_dates_rewritten(text: str, form: int) -> str:
    """The text with each complete date in another of its written forms."""
    for value in reversed(find_values(text)):
        if value.kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.canonical):
            written = written_days(dt.date.fromisoformat(value.canonical))
            text = text[: value.start] + written[form % len(written)] + text[value.end :]
    return text
