"""What is as often wrong as right warns about a letter, and fails a model's wording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from poa import checks
from poa.checks import CheckReport, check_outline
from poa.draft import draft_letter
from poa.facts import load_case
from poa.outline import Outline, build_outline
from poa.report import render_report
from tests.builders import case_of

_PARTS = Path(__file__).resolve().parents[2] / "fixtures" / "letters" / "parts"
OUTLINE = build_outline(load_case(_PARTS / "facts.yaml"))
PASSES = (_PARTS / "pass.txt").read_text("utf-8")
OWN = "we destroyed the 870 cards that were left"
CLOSE = PASSES.replace(OWN, "we destroyed about 870 cards that were left")
DOUBTED = PASSES.replace(OWN, "about 870 cards were still there, and they were all shredded")


def test_a_doubt_is_shown_and_fails_no_letter() -> None:
    report = check_outline(OUTLINE, DOUBTED)
    assert {(f.rule, f.severity) for f in report.findings} == {("bound", "warning")}
    assert report.ok


def test_a_letter_with_a_doubt_is_not_said_to_hold_all() -> None:
    said = render_report(check_outline(OUTLINE, DOUBTED), OUTLINE, DOUBTED)
    assert said.startswith("passes: nothing is plainly wrong; look at the 1 warning below.")
    chinese = render_report(check_outline(OUTLINE, DOUBTED), OUTLINE, DOUBTED, "zh")
    assert chinese.startswith("通过：没有确定的问题；请看下面 1 处提示。")
    assert "nothing is added" in render_report(check_outline(OUTLINE, PASSES), OUTLINE, PASSES)


def test_a_strict_verdict_takes_the_doubt_for_an_error() -> None:
    report = check_outline(OUTLINE, DOUBTED, strict=True)
    assert {(f.rule, f.severity) for f in report.findings} == {("bound", "error")}
    assert not report.ok


def test_in_the_facts_own_words_there_is_no_doubt() -> None:
    report = check_outline(OUTLINE, CLOSE)
    assert {(f.rule, f.severity) for f in report.findings} == {("bound", "error")}


def test_a_draft_is_judged_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    how: list[dict[str, Any]] = []

    def judged(outline: Outline, text: str, **options: Any) -> CheckReport:
        how.append(options)
        return check_outline(outline, text, **options)

    monkeypatch.setattr(checks, "check_outline", judged)
    assert draft_letter(case_of()).report.ok
    assert how
    assert all(options == {"strict": True} for options in how)
