"""Text made to break a checker: an answer in bounded time, and look-alikes of a value do not pass for it."""

from __future__ import annotations

import time

import pytest

from tests.builders import rich_facts, small_facts
from tests.checks.letters import check_text, skeleton_of

MEGABYTE = 1_000_000
MOST_CPU_S = 2.0
ORDER = "112-3456789-1234567"


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "1",
        '"',
        "“",
        "'",
        "(",
        "[",
        "<",
        "-",
        "—",
        "\n",
        " ",
        ". ",
        "\u200f",
        "\u200b",
        "1-",
        "a,",
        "评",
        "**",
    ],
)
def test_a_megabyte_of_anything_is_answered_within_two_seconds(text: str) -> None:
    hostile = text * (MEGABYTE // len(text))
    began = time.process_time()
    report = check_text(rich_facts(), hostile)
    assert time.process_time() - began < MOST_CPU_S
    assert not report.ok


@pytest.mark.parametrize(
    "written",
    [
        "112-3456789-123456\u200b7",
        "112-3456789-\u200d1234567",
        "112-3456789-123456\u0667",
        "112-3456789-123456７",
        "\u202e112-3456789-1234567",
        "l12-3456789-1234567",
        "112-3456789-123456O",
        "112\u20113456789\u20111234567",
    ],
)
def test_a_look_alike_of_an_order_id_does_not_pass_for_it(written: str) -> None:
    text = skeleton_of(small_facts()).text
    assert text.count(ORDER) == 1
    assert check_text(small_facts(), text).ok
    assert not check_text(small_facts(), text.replace(ORDER, written)).ok


@pytest.mark.parametrize("text", ["", "\n", "\x00", "\ud7ff", "\u202e"])
def test_an_empty_letter_fails_and_names_what_is_missing(text: str) -> None:
    report = check_text(small_facts(), text)
    assert {"V1", "C1", "A1", "P1"} <= {item.id for item in report.items if item.status == "missing"}
