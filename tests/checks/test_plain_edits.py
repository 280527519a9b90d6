"""What a hasty hand does to a short letter: one edit each, all of which once went unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from poa.checks import check_outline
from poa.facts import load_case
from poa.outline import build_outline
from poa.skeleton import build_skeleton

CASE = load_case(Path(__file__).parents[2] / "fixtures" / "facts" / "brighthome" / "facts.yaml")


@pytest.mark.parametrize(
    ("found", "put", "code"),
    [
        ("asked the buyer, who", "sent the buyer a message that could be perceived as asking who", "weakened_admission"),
        ("agent asked the buyer", "agent invited the buyer", "weakened_admission"),
        (" before we would issue the refund", "", "changed_scope"),
        ("we refunded the buyer in full", "we will refund the buyer in full", "changed_tense"),
        ("- Refund confirmation and letter to the buyer", "- Refund confirmation", "missing_detail"),
        ("no other customer account was involved", "no other customer account was harmed", "weakened_admission"),
        ("without any training on", "with thorough training on", "denied_admission"),
        ("all 412 messages", "most of the 412 messages", "changed_scope"),
    ],
)  # fmt: skip
def test_one_edit_of_the_plain_letter_is_found(found: str, put: str, code: str) -> None:
    letter = build_skeleton(CASE).text
    assert letter.count(found) == 1
    report = check_outline(build_outline(CASE), letter.replace(found, put))
    assert code in {finding.code for finding in report.findings if finding.severity == "error"}


def test_no_item_of_a_letter_that_passes_is_called_missing() -> None:
    report = check_outline(build_outline(CASE), build_skeleton(CASE).text)
    assert report.ok
    assert {item.status for item in report.items} == {"kept"}
