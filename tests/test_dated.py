"""Dates of a reworded passage: where they stand, and after which word."""

from __future__ import annotations

import pytest

from poa.dated import place_dates

READ = "On <DATE_1>, we read all messages that we sent between <DATE_2> and <DATE_3> and found no other."


@pytest.mark.parametrize(
    ("sent", "written", "placed"),
    [
        (
            READ,
            "We read all messages sent between <DATE_2> and <DATE_3> and found no other on <DATE_1>.",
            "On <DATE_1>, we read all messages sent between <DATE_2> and <DATE_3> and found no other.",
        ),
        (
            "From <DATE_1>, our clerk will ensure that each is read. This is done daily.",
            "Our clerk will ensure that each is read before it is sent from <DATE_1> onwards. It is done daily.",
            "From <DATE_1> onwards, our clerk will ensure that each is read before it is sent. It is done daily.",
        ),
        (
            "Our clerk will see to it that, from <DATE_1>, each is read.",
            "Our clerk will see to it that each is read from <DATE_1>.",
            "From <DATE_1>, our clerk will see to it that each is read.",
        ),
        (
            "Between <DATE_1> and <DATE_2>, our clerk asked six buyers and told them.",
            "Our clerk asked six buyers who had written, from <DATE_1> to <DATE_2>.",
            "From <DATE_1> to <DATE_2>, our clerk asked six buyers who had written.",
        ),
    ],
)
def test_a_date_that_strayed_to_the_end_is_put_at_the_head_again(
    sent: str, written: str, placed: str
) -> None:
    assert place_dates(written, sent) == placed


@pytest.mark.parametrize(
    "written",
    [
        "We deleted both templates on <DATE_1>.",
        "We deleted both templates and told the team on <DATE_1>.",
        "On <DATE_1>, both templates were deleted by us and the team was told.",
        "Amazon was told, and we deleted both on <DATE_1>.",
        "We deleted both. The team was told on <DATE_1>.",
    ],
)
def test_a_date_that_belongs_where_it_stands_is_left(written: str) -> None:
    assert place_dates(written, "On <DATE_1>, we deleted both templates and told the team.") == written


def test_a_month_is_not_said_as_a_day() -> None:
    sent = "Response time: 9 hours in <DATE_1> (on <DATE_2>: 8 hours)"
    assert place_dates("It was 9 hours on <DATE_1> (8 hours on <DATE_2>).", sent) == (
        "It was 9 hours in <DATE_1> (8 hours on <DATE_2>)."
    )
