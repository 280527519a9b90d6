"""A model's opinion beside the check: it can add warnings, and neither fail, save nor spoil anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from poa.checks import check_outline
from poa.cli import main
from poa.errors import ModelError
from poa.models.base import ChatRequest
from poa.models.scripted import ScriptedModel
from poa.second_opinion import CODE, SecondOpinion, second_opinion
from tests.builders import small_facts
from tests.checks.letters import outline_of, skeleton_of
from tests.fake_server import Answer, Body, FakeServer, completion, error

PRIVATE = ("112-3456789-1234567", "B0ABCDEFGH", "Li Wei", "Cedar Point", "2024", "February 18")
LETTER = skeleton_of(small_facts()).text


def asked(content: str) -> list[dict[str, str]]:
    """The entries that a request asks about."""
    entries: list[dict[str, str]] = json.loads(content)["items"]
    return entries


def verdicts(content: str, **wrong: tuple[str, str]) -> str:
    """A reply that calls everything the same but the named items."""
    items = [
        {
            "id": e["id"],
            "verdict": wrong.get(e["id"], ("same", ""))[0],
            "why": wrong.get(e["id"], ("", ""))[1],
        }
        for e in asked(content)
    ]
    return json.dumps({"items": items})


def opinion(
    script: Callable[[ChatRequest], str], letter: str = LETTER
) -> tuple[SecondOpinion, ScriptedModel]:
    """What a model that follows the script thinks of the letter."""
    outline, model = outline_of(small_facts()), ScriptedModel(script, "oracle")
    report = check_outline(outline, letter)
    return asyncio.run(second_opinion(report, outline, skeleton_of(small_facts()), letter, model)), model


def test_a_content_model_changes_nothing() -> None:
    found, model = opinion(lambda request: verdicts(request.messages[-1].content))
    assert found.report == check_outline(outline_of(small_facts()), LETTER)
    assert (found.judged, found.failure) == (found.items, "")
    assert found.items == 8
    assert len(model.requests) == 2


def test_an_objection_becomes_a_warning_at_the_sentence_with_the_values_back_in_place() -> None:
    def script(request: ChatRequest) -> str:
        return verdicts(
            request.messages[-1].content, V1=("less", "does not say why <ORDER_1> matters\x1b[31m")
        )

    found, _ = opinion(script)
    added = found.report.findings[-1]
    assert (added.code, added.severity, added.item) == (CODE, "warning", "V1")
    assert added.message == (
        "The model oracle thinks that this says less than the fact: does not say why 112-3456789-1234567 matters "
        "[31m"
    )
    assert "事实" in added.message_zh
    assert added.start is not None
    assert "asked the buyer" in LETTER[added.start : added.end]
    assert found.report.ok


def test_it_takes_no_finding_away() -> None:
    bad = LETTER.replace("112-3456789-1234567", "112-3456789-1234568")
    before = check_outline(outline_of(small_facts()), bad)
    found, _ = opinion(lambda request: verdicts(request.messages[-1].content), bad)
    assert not before.ok
    assert found.report == before


def test_nothing_private_is_sent_and_a_date_in_another_form_is_the_same_date() -> None:
    other_form = LETTER.replace("February 18, 2024", "18 February 2024")
    assert other_form != LETTER
    _, model = opinion(lambda request: verdicts(request.messages[-1].content), other_form)
    sent = [request.messages[-1].content for request in model.requests]
    assert [value for value in PRIVATE if any(value in content for content in sent)] == []
    entry = next(e for content in sent for e in asked(content) if e["id"] == "V1")
    dates = {part.split(">")[0] for part in " ".join((entry["fact"], entry["letter"])).split("<DATE_")[1:]}
    assert len(dates) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I think the letter is fine!",
        '{"items": []}',
        '{"items": [{"id": "V9", "verdict": "less", "why": "x"}]}',
        '{"items": [{"id": "V1", "verdict": "terrible", "why": "x"}]}',
        "[" * 5000,
    ],
    ids=["empty", "talk", "no-items", "other-ids", "no-verdict", "brackets"],
)
def test_a_model_that_talks_leaves_the_check_as_it_is(reply: str) -> None:
    found, _ = opinion(lambda _: reply)
    assert found.report == check_outline(outline_of(small_facts()), LETTER)
    assert found.judged == 0
    assert found.failure == "The model's reply was not the list of verdicts that was asked for."


def test_a_model_that_fails_leaves_the_check_as_it_is() -> None:
    def script(_: ChatRequest) -> str:
        raise ModelError("The endpoint said no.")

    found, _ = opinion(script)
    assert found.report == check_outline(outline_of(small_facts()), LETTER)
    assert found.failure == "The model gave no opinion: The endpoint said no."


# ---------------------------------------------------------------- over the wire


@pytest.fixture
def poa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the program in a folder with facts and a faithful letter; its exit status."""
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump(small_facts(), allow_unicode=True), "utf-8")
    (tmp_path / "letter.txt").write_text(LETTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["poa", "check", "facts.yaml", "letter.txt", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


def test_the_command_asks_with_a_schema_and_shows_the_warning(
    poa: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def script(body: Body) -> Answer:
        return completion(verdicts(body["messages"][-1]["content"], P1=("more", "names a second reader")))

    with FakeServer(script) as server:
        assert poa("--judge", "some-model", "--base-url", server.base_url, "--json") == 0
        sent = b"".join(server.bytes_received).decode("utf-8", "replace")
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert document["judge"]["judged"] == document["judge"]["items"] > 0
    assert [(f["code"], f["severity"], f["item"]) for f in document["findings"]] == [(CODE, "warning", "P1")]
    assert all(body["response_format"]["type"] == "json_schema" for body in server.requests)
    assert [value for value in PRIVATE[:4] if value in sent] == []


def test_an_endpoint_that_refuses_costs_one_line(poa: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(lambda _: error(401, "bad key")) as server:
        assert poa("--judge", "some-model", "--base-url", server.base_url) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("passes: all ")
    assert shown.err.startswith("The model gave no opinion: ")
    assert len(shown.err.strip().splitlines()) == 1


def test_a_judge_that_is_no_model_is_refused(poa: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert poa("--judge", "skeleton") == 2
    assert "names no model" in capsys.readouterr().err
