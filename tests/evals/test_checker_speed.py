"""The benchmark of `poa check`: it measures the real command, and says when limits are not met."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from evals.checker import speed

from tests.builders import small_facts
from tests.checks.letters import skeleton_of


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one case and one letter."""
    monkeypatch.setattr(speed, "_keep_to_one_core", lambda: None)
    folder = tmp_path / "hand" / "case"
    folder.mkdir(parents=True)
    (folder / "facts.yaml").write_text(yaml.safe_dump(small_facts()), "utf-8")
    (folder / "a.txt").write_text(skeleton_of(small_facts()).text, "utf-8")
    (folder / "edits.yaml").write_text("[]\n", "utf-8")
    return folder


def test_it_prints_both_batches_and_the_single_letter(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([str(case), "--rounds", "1"]) == 0
    shown = capsys.readouterr().out
    assert "| each of another case or hand | 1 |" in shown
    assert "| many versions of each | 1 |" in shown
    assert "One letter with start-up: " in shown


def test_a_limit_that_is_not_met_ends_with_one(case: Path) -> None:
    assert speed.main([str(case), "--rounds", "1", "--fail-over", "0.0001"]) == 1


def test_a_folder_without_letters_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([str(tmp_path)]) == 2
    assert "There are no letters in" in capsys.readouterr().err
