"""A fact told in its own words but for one change that matters, and the same words changed harmlessly."""

from __future__ import annotations

import pytest

from poa.checks import check_outline
from poa.facts import parse_case
from poa.outline import build_outline
from poa.skeleton import build_skeleton
from tests.builders import Facts, small_facts

MEASURE = "Every refund above 50 dollars is compared with the review of the buyer before it is released."
CAUSE = "Our customer service team wrote to buyers without a written rule on reviews and on refunds."
ACTION = "We deleted the saved message in the support software and closed the shared mailbox."


def _facts() -> Facts:
    data = small_facts()
    data["root_causes"][0]["statement"] = CAUSE
    data["actions_taken"][0]["statement"] = ACTION
    data["preventive_measures"][0]["statement"] = MEASURE
    return data


OUTLINE = build_outline(parse_case(_facts()))
LETTER = build_skeleton(parse_case(_facts())).text


def _rules(found: str, put: str) -> set[str]:
    assert LETTER.count(found) == 1
    report = check_outline(OUTLINE, LETTER.replace(found, put))
    return {finding.rule for finding in report.findings if finding.severity == "error"}


@pytest.mark.parametrize(
    ("found", "put", "rule"),
    [
        ("before it is released", "after it is released", "near_order"),
        ("before it is released", "once it is released", "near_order"),
        ("very refund above 50 dollars", "very cash refund above 50 dollars", "near_added"),
        ("without a written rule", "with a written rule", "near_affirmed"),
        ("ur customer service team wrote", "ur warehouse manager wrote", "near_doer"),
        (" and closed the shared mailbox", "", "near_joined"),
        ("deleted the saved message", "did not delete the saved message", "near_not"),
    ],
)
def test_one_change_to_a_facts_own_words_is_found(found: str, put: str, rule: str) -> None:
    assert rule in _rules(found, put)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("very refund above 50 dollars", "ach and every refund above 50 dollars"),
        ("before it is released", "prior to its release"),
        ("without a written rule", "although there was no written rule"),
        ("and closed the shared mailbox", "and also closed the shared mailbox"),
    ],
)
def test_the_same_in_other_words_passes(found: str, put: str) -> None:
    assert _rules(found, put) == set()
