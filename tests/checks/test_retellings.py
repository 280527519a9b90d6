"""One letter told in other layouts and words, which passes, and told wrongly, which does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from poa.checks import check_outline
from poa.checks.reading import read_letter
from poa.facts import load_case
from poa.outline import build_outline
from poa.values import find_values

LETTERS = Path(__file__).parents[2] / "fixtures" / "letters"
OUTLINE = build_outline(load_case(LETTERS / "facts.yaml"))
LETTER = (LETTERS / "claims" / "pass.txt").read_text("utf-8")


def _codes(found: str, put: str) -> set[str]:
    assert LETTER.count(found) == 1
    report = check_outline(OUTLINE, LETTER.replace(found, put))
    return {finding.code for finding in report.findings if finding.severity == "error"}


ATTACHED = "We attach: Photograph of the destroyed cards."
THEIRS = "Quill Press (orders@quillpress.example) and Harbor Print (desk@harborprint.example)"


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (ATTACHED, "Photograph of the destroyed cards"),
        (THEIRS, "Harbor Print (desk@harborprint.example) and Quill Press (orders@quillpress.example)"),
        ("We apologize for what we did.", "Larch Lane Kitchen apologizes: the company apologizes without reserve for what it did."),
        ("a supervisor will read every message to a buyer before it is sent", "every message to a buyer will go out only after a supervisor has read it"),
    ],
)  # fmt: skip
def test_another_layout_passes(found: str, put: str) -> None:
    assert not _codes(found, put)


@pytest.mark.parametrize(
    ("found", "put", "code"),
    [
        ("every message to a buyer", "every message to a buyer that mentions a refund", "changed_scope"),
        ("and found no other request", "and looked for any other request", "missing_detail"),
        (THEIRS, "Quill Press (desk@harborprint.example) and Harbor Print (orders@quillpress.example)", "swapped_values"),
        ("destroyed by us on May 8, 2025", "destroyed by us on May 8, 2025, and the packing manager received a written warning", "invented_claim"),
    ],
)  # fmt: skip
def test_what_is_told_wrongly_fails(found: str, put: str, code: str) -> None:
    assert code in _codes(found, put)


def test_sixty_five_star_reviews_are_sixty() -> None:
    assert [value.canonical for value in find_values("ordered sixty five-star reviews")] == ["60", "5"]
    assert [value.canonical for value in find_values("sixty-five reviews")] == ["65"]


def test_days_are_of_the_month_named_before() -> None:
    reading = read_letter("In September 2024 we asked all. On the 6th all of them signed a rule.")
    assert [value.canonical for value in reading.sentences[1].body.values if value.kind == "date"] == [
        "2024-09-06"
    ]
