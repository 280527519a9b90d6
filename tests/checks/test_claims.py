"""Typical additions: what only the facts' own words support."""

from __future__ import annotations

import pytest

from poa.checks.lexicon import find_claims


def _claims(text: str) -> list[str]:
    words = tuple(text.lower().split())
    return [" ".join(words[first:last]) for first, last, _ in find_claims(words)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("and gave each of them a written warning", "warning"),
        ("all three relatives confirmed this", "all three relatives confirmed"),
        ("and recorded the decision in a log", "recorded the decision"),
        ("a training led by an outside trainer", "trainer"),
        ("who was new in the company", "was new in"),
        ("they passed at the first attempt", "first attempt"),
        ("the buyer did not answer", "did not answer"),
    ],
)
def test_a_typical_addition_is_recognised(text: str, claim: str) -> None:
    assert claim in _claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "we ended the contract in writing",
        "every message is read before it is sent",
        "we found no card in them",
    ],
)
def test_plain_words_claim_nothing(text: str) -> None:
    assert _claims(text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("and demanded the return of all fees", "demanded the return"),
        ("and informed the competitor", "informed the competitor"),
        ("which the two buyers declined", "two buyers declined"),
        ("who had joined us only recently", "joined us only"),
        ("and cut their bonus", "cut their bonus"),
    ],
)
def test_a_further_deed_is_recognised(text: str, claim: str) -> None:
    assert claim in _claims(text)
