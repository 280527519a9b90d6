"""`poa check` as a person calls it: what it prints, and with which exit status it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from poa.cli import main
from tests.builders import small_facts
from tests.checks.letters import skeleton_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the facts, a letter that passes and one whose order ID is another."""
    good = skeleton_of(small_facts()).text
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump(small_facts(), allow_unicode=True), "utf-8")
    (tmp_path / "good.txt").write_text(good, "utf-8")
    (tmp_path / "bad.txt").write_text(good.replace("112-3456789-1234567", "112-3456789-1234568"), "utf-8")
    return tmp_path


@pytest.fixture
def poa(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the program in the folder; its exit status."""

    def run(*arguments: str) -> int:
        monkeypatch.chdir(folder)
        monkeypatch.setattr("sys.argv", ["poa", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


def test_a_faithful_letter_ends_with_zero(poa: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert poa("check", "facts.yaml", "good.txt") == 0
    assert capsys.readouterr().out.startswith("passes: all ")


def test_an_altered_letter_ends_with_one_and_shows_the_place(
    poa: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert poa("check", "facts.yaml", "bad.txt") == 1
    shown = capsys.readouterr().out
    assert shown.startswith("fails: ")
    assert "altered_value  V1" in shown
    assert "[112-3456789-1234568]" in shown
    assert "fact: 112-3456789-1234567" in shown


def test_findings_can_be_read_in_chinese(poa: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert poa("check", "facts.yaml", "bad.txt", "--lang", "zh") == 1
    shown = capsys.readouterr().out
    assert shown.startswith("未通过")
    assert "事实: 112-3456789-1234567" in shown


def test_json_is_one_document_whose_offsets_point_into_the_letter(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert poa("check", "facts.yaml", "bad.txt", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    altered = next(f for f in report["findings"] if f["code"] == "altered_value")
    letter = (folder / "bad.txt").read_text("utf-8")
    assert letter[altered["start"] : altered["end"]] == "112-3456789-1234568"
    assert {item["id"]: item["status"] for item in report["items"]}["V1"] == "altered"


def test_a_batch_answers_every_line_in_order_and_a_faulty_one_stops_nothing(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (folder / "good.txt").read_text("utf-8")
    lines = [
        json.dumps({"id": "a", "facts": "facts.yaml", "letter": "good.txt"}),
        "{not json",
        json.dumps({"id": "c", "facts": "facts.yaml", "letter_text": good}),
        json.dumps({"id": "d", "facts": "facts.yaml", "letter": "bad.txt"}),
        json.dumps({"id": "e", "facts": "absent.yaml", "letter": "good.txt"}),
        json.dumps({"id": "f", "facts": "facts.yaml"}),
    ]
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert poa("check", "--batch", "requests.jsonl") == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(a["id"], a.get("ok"), "error" in a) for a in answers] == [
        ("a", True, False),
        (None, None, True),
        ("c", True, False),
        ("d", False, False),
        ("e", None, True),
        ("f", None, True),
    ]


def test_a_batch_of_sound_requests_ends_with_one_when_a_letter_fails(poa: Any, folder: Path) -> None:
    request = {"id": 1, "facts": "facts.yaml", "letter": "bad.txt"}
    (folder / "requests.jsonl").write_text(json.dumps(request), "utf-8")
    assert poa("check", "--batch", "requests.jsonl") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "facts.yaml"),
        ("check", "absent.yaml", "good.txt"),
        ("check", "facts.yaml", "absent.txt"),
        ("check", "facts.yaml", "."),
        ("check", "good.txt", "good.txt"),
        ("check", "facts.yaml", "binary.txt"),
        ("check", "--batch", "absent.jsonl"),
    ],
    ids=" ".join,
)
def test_unusable_input_ends_with_two_and_one_message(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    (folder / "binary.txt").write_bytes(bytes(range(255, 127, -1)) * 4)
    assert poa(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("poa: ")
    assert "Traceback" not in shown.err
