"""The command that scores the checker on letters with known verdicts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from evals.checker.__main__ import main
from evals.checker.labelled import find_letters
from evals.checker.verdicts import values_agree

from poa.errors import InputError
from poa.facts import load_case
from poa.skeleton import build_skeleton

FACTS = Path(__file__).parents[2] / "fixtures" / "facts" / "brighthome" / "facts.yaml"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case whose letter is the skeleton, with a caught edit, a missed one and a false alarm."""
    folder = tmp_path / "hand" / "x1"
    folder.mkdir(parents=True)
    shutil.copytree(FACTS.parent, folder, dirs_exist_ok=True)
    letter = build_skeleton(load_case(FACTS)).text
    (folder / "a.txt").write_text(letter, "utf-8")
    date = next(line for line in letter.splitlines() if "2024" in line)
    line = letter.splitlines()[0]
    edits = [
        _edit("c01", "corrupt", "number_change", date, date.replace("2024", "2019")),
        # Labels set wrongly on purpose: a harmless edit called corrupt is a miss, a harmful one called
        # faithful a false alarm.
        _edit("c02", "corrupt", "courtesy", line, f"{line}  "),
        _edit("f01", "faithful", "order", date, date.replace("2024", "2018")),
    ]
    (folder / "edits.yaml").write_text(json.dumps(edits), "utf-8")
    return folder


def _edit(name: str, kind: str, category: str, find: str, put: str) -> dict[str, object]:
    changes = [{"find": find, "replace": put}]
    return {"id": name, "letter": "a", "kind": kind, "category": category, "item": "V1", "changes": changes}


def test_figures_by_category_and_each_wrong_verdict_are_shown(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(case.parent)]) == 0
    out = capsys.readouterr().out
    assert "| number_change | 1 of 1 | 100.0% | 20.7% to 100.0% | 1 (100.0%) |" in out
    assert "| **all corrupt** | 1 of 2 | 50.0% | 9.5% to 90.5% | 1 (50.0%) |" in out
    assert "| **all faithful** | 1 of 2 | 50.0% | 9.5% to 90.5% | 1 (50.0%) |" in out
    assert "Missed: 1\n  hand/x1/a/c02  courtesy  (V1)" in out
    assert "False alarms: 1\n  hand/x1/a/f01  order  (V1)" in out
    assert "2018" in out.split("False alarms")[1]


def test_without_texts_no_word_of_a_letter_is_printed(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--no-texts", str(case)]) == 0
    out = capsys.readouterr().out
    assert "x1/a" not in out
    assert "2018" not in out


def test_limits_decide_the_exit_status(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fail-under", "0.4", str(case)]) == 0
    assert main(["--fail-under", "0.6", str(case)]) == 1
    assert main(["--fail-over", "0.4", str(case)]) == 1
    assert main([str(case / "none")]) == 2
    assert "no labelled letters" in capsys.readouterr().err


def test_an_edit_that_fits_no_place_is_refused(case: Path) -> None:
    (case / "edits.yaml").write_text(json.dumps([_edit("c9", "corrupt", "x", "nowhere", "")]), "utf-8")
    with pytest.raises(InputError, match="stands 0 times"):
        list(find_letters(case))


def test_baseline_compares_values_both_ways(case: Path) -> None:
    letter = (case / "a.txt").read_text("utf-8")
    assert values_agree(case / "facts.yaml", letter)
    assert not values_agree(case / "facts.yaml", f"{letter}\nIn total 4,711 buyers wrote to us.")
    assert not values_agree(case / "facts.yaml", "We are sorry.")
