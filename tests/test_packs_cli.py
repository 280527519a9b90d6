"""`poa packs` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from poa.cli import build_app
from poa.errors import FactsError, InputError, PackError
from poa.policy import list_packs
from tests.fake_server import FakeServer, echo
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


def test_show_marks_the_route_that_is_taken_without_asking() -> None:
    shown = run(build_app(), ["packs", "show", "odr"]).stdout
    assert "route acknowledge (taken unless the facts name another): The defects are ours." in shown
    assert "route in-error: The defects do not count." in shown


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


PARKED = """
schema: 1
pack: parking
notice: {received: 2024-03-05, marketplace: amazon.com}
seller: {store_name: Cedar Point Audio, contact_name: Li Wei, contact_title: Operations Manager}
parcels: [{number: P-77, day: 2024-03-01}, {number: P-78, day: 2024-03-02}]
actions_taken: [{id: A1, statement: We delivered both parcels., date: 2024-03-06}]
"""


@pytest.fixture
def parked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a facts file of a pack that the program does not have, and that pack in `own`."""
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    (tmp_path / "own" / "parking").mkdir(parents=True)
    pack = PARKING + "advice: {en: Ask the carrier first., zh: 请先询问承运商。}\n"
    (tmp_path / "own" / "parking" / "pack.yaml").write_text(pack, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(PARKED, encoding="utf-8")
    return tmp_path


def test_a_pack_from_elsewhere_is_drafted_by_the_skeleton_and_read_again_by_every_command(
    parked: Path,
) -> None:
    out = str(parked / "out")
    drafted = run(
        build_app(),
        ["draft", str(parked), "-o", out, "--model", "skeleton", "--pack-dir", str(parked / "own")],
    )
    assert drafted.exit_code == 0, drafted.output
    assert drafted.stderr.splitlines()[1:3] == ["Ask the carrier first.", "请先询问承运商。"]
    assert "- P-77 on March 1, 2024" in (parked / "out" / "letter.txt").read_text("utf-8")
    # No command that follows needs to be told again where the pack lies.
    for line in (["review", out], ["diff", out, out], ["export", out, "--to", "txt,html"], ["kit", out]):
        followed = run(build_app(), line)
        assert followed.exit_code == 0, (line, followed.output, followed.exception)
    letter = parked / "edited.txt"
    letter.write_text((parked / "out" / "letter.txt").read_text("utf-8").replace("P-77", "P-79"), "utf-8")
    checked = ["check", str(parked / "facts.yaml"), str(letter), "--pack-dir", str(parked / "own"), "--json"]
    report = json.loads(run(build_app(), checked).stdout)
    assert {found["code"] for found in report["findings"]} >= {"missing_detail"}


def test_a_pack_from_elsewhere_is_polished_by_a_model_that_sees_none_of_its_values(parked: Path) -> None:
    def reword(_: str, text: str) -> str:
        return text.replace("we delivered", "we have delivered")

    with FakeServer(echo(reword)) as server:
        drafted = run(
            build_app(),
            [
                "draft",
                str(parked),
                "-o",
                str(parked / "out"),
                "--pack-dir",
                str(parked / "own"),
                "--model",
                "fake",
                "--base-url",
                server.base_url,
            ],
        )
        sent = b"".join(server.bytes_received).decode()
    assert drafted.exit_code == 0, (drafted.output, drafted.exception)
    letter = (parked / "out" / "letter.txt").read_text("utf-8")
    assert "we have delivered both parcels" in letter.lower()
    assert "P-77 on March 1, 2024" in letter
    assert [value for value in ("P-77", "P-78", "Cedar Point", "March", "2024-03") if value in sent] == []


def test_without_its_folder_the_pack_is_unknown(parked: Path) -> None:
    result = run(build_app(), ["draft", str(parked), "-o", str(parked / "out"), "--model", "skeleton"])
    assert isinstance(result.exception, FactsError)
    assert "pack: is no known pack" in str(result.exception)
    assert not (parked / "out").exists()


def test_units_without_an_invoice_are_told_before_the_draft_on_the_page_and_in_the_kit(
    tmp_path: Path,
) -> None:
    rich = Path(__file__).parent.parent / "fixtures" / "packs" / "inauthentic" / "rich" / "facts.yaml"
    text = rich.read_text("utf-8")
    assert "bought: 1000" in text
    (tmp_path / "facts.yaml").write_text(text.replace("bought: 1000", "bought: 700"), "utf-8")
    told = "ASIN B0NLWTORQ1: the invoices cover 700 units, but 912 were sold."
    assert told in run(build_app(), ["skeleton", str(tmp_path)]).stderr
    out = tmp_path / "out"
    drafted = run(build_app(), ["draft", str(tmp_path), "-o", str(out), "--model", "skeleton"])
    assert drafted.exit_code == 0
    assert told in drafted.stderr
    assert told in (out / "review.html").read_text("utf-8")
    assert run(build_app(), ["kit", str(out)]).exit_code == 0
    assert told in (out / "kit" / "checklist.html").read_text("utf-8")
