"""Every check has a letter that it must fail and one that it must leave alone, in `fixtures/letters/<check>/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from poa.checks import CHECKS, Check, check_letter
from poa.facts import Case, load_case
from tests.checks.letters import errors

LETTERS = Path(__file__).resolve().parents[2] / "fixtures" / "letters"


def folder_of(check: Check) -> Path:
    """`MissingItems` has its letters in `missing_items`."""
    return LETTERS / re.sub(r"(?<!^)(?=[A-Z])", "_", type(check).__name__).lower()


def facts_of(folder: Path) -> Case:
    """The facts beside the letters, or those that all checks without facts of their own share."""
    own = folder / "facts.yaml"
    return load_case(own if own.exists() else LETTERS / "facts.yaml")


def names(check: Check) -> str:
    """The check's name in the list of tests."""
    return type(check).__name__


@pytest.mark.parametrize("check", CHECKS, ids=names)
def test_a_letter_that_must_fail_the_check_fails_it(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(check)
    letter = (folder / "fail.txt").read_text("utf-8")
    # Alone, so that what is found is found by this check.
    monkeypatch.setattr("poa.checks.CHECKS", (check,))
    found = check_letter(facts_of(folder), letter).findings
    assert {finding.code for finding in found} & set(check.codes), found


@pytest.mark.parametrize("check", CHECKS, ids=names)
def test_a_letter_that_must_pass_passes_all_checks(check: Check) -> None:
    folder = folder_of(check)
    assert errors(check_letter(facts_of(folder), (folder / "pass.txt").read_text("utf-8"))) == []


def test_no_letters_lie_about_for_checks_that_are_gone() -> None:
    here = {path.name for path in LETTERS.iterdir() if path.is_dir()}
    assert here == {folder_of(check).name for check in CHECKS}


@pytest.mark.parametrize("check", CHECKS, ids=names)
def test_the_two_letters_differ(check: Check) -> None:
    folder = folder_of(check)
    assert (folder / "fail.txt").read_text("utf-8") != (folder / "pass.txt").read_text("utf-8")
