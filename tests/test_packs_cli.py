"""`poa packs` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from poa.cli import build_app
from poa.errors import InputError, PackError
from poa.policy import list_packs
from tests.test_packs import PARKING

run = CliRunner().invoke


def test_list_prints_each_pack_once_with_its_kind_of_letter() -> None:
    lines = run(build_app(), ["packs", "list"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(list_packs())
    assert any(line.split()[:2] == ["identity-verification", "documents"] for line in lines)
    rows = json.loads(run(build_app(), ["packs", "list", "--json"]).stdout)
    assert [row["pack"] for row in rows] == list(list_packs())
    assert next(row for row in rows if row["pack"] == "fraud")["routes"] == ["lawful", "acknowledge"]


def test_show_prints_routes_questions_and_sources_in_the_language_asked_for() -> None:
    shown = run(
        build_app(), ["packs", "show", "forged-documents", "--lang", "zh", "--route", "explain"]
    ).stdout
    assert "务必咨询律师" in shown
    assert "what_was_changed (text, required)" in shown
    assert "confirmations" not in shown
    assert "read 2026-11-23" in shown
    whole = json.loads(run(build_app(), ["packs", "show", "late-shipment", "--json"]).stdout)
    assert whole["stance"] == "admit"


def test_show_names_the_routes_when_asked_for_another() -> None:
    problem = run(build_app(), ["packs", "show", "fraud", "--route", "denial"]).exception
    assert isinstance(problem, InputError)
    assert "its routes are lawful, acknowledge" in str(problem)


def test_check_passes_a_pack_that_holds_together_and_names_the_faults_of_one_that_does_not(
    tmp_path: Path,
) -> None:
    file = tmp_path / "parking" / "pack.yaml"
    file.parent.mkdir()
    file.write_text(PARKING, encoding="utf-8")
    for folder in (tmp_path, file.parent):
        assert (
            "parking: holds together; 1 fields of its own"
            in run(build_app(), ["packs", "check", str(folder)]).stdout
        )
    broken = tmp_path / "second" / "parking" / "pack.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text(PARKING.replace("document: explanation", "document: essay"), encoding="utf-8")
    problem = run(build_app(), ["packs", "check", str(broken.parent.parent)]).exception
    assert isinstance(problem, PackError)
    assert "parking/pack.yaml:4: document: must be one of" in str(problem)


def test_check_refuses_a_folder_without_a_pack(tmp_path: Path) -> None:
    problem = run(build_app(), ["packs", "check", str(tmp_path)]).exception
    assert isinstance(problem, InputError)
    assert "holds no pack" in str(problem)


@pytest.mark.parametrize("command", ["list", "show", "check", "schema"])
def test_help_shows_an_example(command: str) -> None:
    assert f"Example: poa packs {command}" in run(build_app(), ["packs", command, "--help"]).stdout


def test_the_skeleton_of_a_grave_matter_warns_to_get_advice() -> None:
    facts = Path(__file__).parent.parent / "fixtures" / "packs" / "forged-documents" / "rich"
    result = run(build_app(), ["skeleton", str(facts)])
    assert "Get advice from a lawyer before you send anything" in result.stderr
    assert "务必咨询律师" in result.stderr
    assert "lawyer" not in result.stdout
