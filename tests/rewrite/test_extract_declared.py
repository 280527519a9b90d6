"""The fields that a pack declares, read out of a story: each part in the story's own words, or asked about."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from poa.cli import build_app
from poa.extract import Extraction
from poa.extract_declared import declared_facts
from poa.extract_model import StoryQuestion
from poa.models.base import ChatRequest
from poa.models.scripted import ScriptedModel
from poa.policy import load_pack
from tests.fake_server import Answer, Body, FakeServer, completion

STORY = (
    "我们在美国站的店铺叫Pinefield Kitchen,2026年3月9日收到绩效通知。"
    "30天的迟发率是6.2%,目标是低于4%。"
    "订单112-3456789-1234567和114-7654321-7654321都迟发了。"
    "现在备货时间设成2个工作日。"
)
ENTRIES = [
    {"field": "late_rates", "sentence": 2, "values": [
        {"part": "rate", "words": "<PERCENT_1>"}, {"part": "period", "words": "<PERIOD_1>"}, {"part": "target", "words": "<PERCENT_2>"}]},
    {"field": "late_orders", "sentence": 3, "values": [{"part": "value", "words": "<ORDER_1>"}]},
    {"field": "late_orders", "sentence": 3, "values": [{"part": "value", "words": "<ORDER_2>"}]},
    {"field": "handling_time", "sentence": 4, "values": [{"part": "value", "words": "<PERIOD_2>"}]},
]  # fmt: skip


def asked(request: ChatRequest) -> dict[str, Any]:
    text = request.messages[-1].content
    found: dict[str, Any] = json.loads(text[text.index('{"fields"') :])
    return found


def read(entries: list[dict[str, Any]], story: str = STORY) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    model = ScriptedModel(lambda _: json.dumps({"entries": entries}, ensure_ascii=False))
    return asyncio.run(declared_facts(story, load_pack("late-shipment").on_route(None), model))


def test_what_the_form_asks_and_a_masked_story_are_sent() -> None:
    sent: list[dict[str, Any]] = []

    def script(request: ChatRequest) -> str:
        sent.append(asked(request))
        return '{"entries": []}'

    asyncio.run(declared_facts(STORY, load_pack("late-shipment"), ScriptedModel(script)))
    (form,) = sent
    rates = next(field for field in form["fields"] if field["name"] == "late_rates")
    assert [part["name"] for part in rates["parts"]] == ["rate", "period", "target"]
    whole = json.dumps(form["sentences"], ensure_ascii=False)
    assert [held for held in ("112-3456789", "6.2%", "Pinefield", "2026") if held in whole] == []


def test_each_part_is_taken_in_the_words_of_the_story() -> None:
    found, questions = read(ENTRIES)
    assert found.facts == {
        "late_rates": [{"rate": "6.2%", "period": "30天", "target": "低于4%"}],
        "late_orders": ["112-3456789-1234567", "114-7654321-7654321"],
        "handling_time": "2个工作日",
    }
    assert questions == ()
    span = found.spans["late_rates[0].target"]
    assert STORY[span.start : span.end] == "低于4%"


def test_words_that_do_not_stand_in_the_story_become_a_question() -> None:
    found, (question,) = read(
        [{"field": "handling_time", "sentence": 4, "values": [{"part": "value", "words": "3个工作日"}]}]
    )
    assert found.facts == {}
    assert question.zh.startswith("模型从这句话读出“当前备货时间”，但原文并不支持。")


def test_a_value_of_another_kind_becomes_a_question() -> None:
    found, questions = read(
        [{"field": "late_rates", "sentence": 2, "values": [{"part": "rate", "words": "目标是低于"}]}]
    )
    assert found.facts == {}
    assert len(questions) == 1


def test_unknown_fields_parts_and_sentences_are_passed_over() -> None:
    nonsense = [
        {"field": "astrology", "sentence": 2, "values": [{"part": "value", "words": "目标"}]},
        {"field": "late_rates", "sentence": 99, "values": [{"part": "rate", "words": "目标"}]},
        {"field": "late_rates", "sentence": 2, "values": [{"part": "colour", "words": "目标"}, 7]},
        {"field": "late_rates", "sentence": 2, "values": "rate"},
    ]
    found, questions = read(nonsense)  # type: ignore[arg-type]
    assert (found.facts, questions) == ({}, ())


def test_two_different_answers_to_one_field_are_asked_about() -> None:
    twice = [
        {"field": "open_orders", "sentence": 3, "values": [{"part": "value", "words": "都迟发了"}]},
        {"field": "open_orders", "sentence": 4, "values": [{"part": "value", "words": "现在备货时间"}]},
    ]
    found, (question,) = read(twice)
    assert found.facts == {"open_orders": "都迟发了"}
    assert "twice" in question.en


def test_the_command_writes_the_fields_with_their_words_and_asks_for_the_rest(tmp_path: Path) -> None:
    def answer(body: Body) -> Answer:
        text = body["messages"][-1]["content"]
        entries = ENTRIES if '{"fields"' in text else []
        return completion(json.dumps({"entries": entries, "facts": []}, ensure_ascii=False))

    story, out = tmp_path / "story.txt", tmp_path / "facts.yaml"
    story.write_text(STORY, "utf-8")
    with FakeServer(answer) as server:
        line = ["extract", str(story), "-o", str(out), "--pack", "late-shipment", "--model", "fake", "--base-url", server.base_url]  # fmt: skip
        result = CliRunner().invoke(build_app(), line, env={"OPENAI_API_KEY": "sk-test"})
        sent = b"".join(server.bytes_received).decode()
    assert result.exit_code == 0, (result.output, result.exception)
    assert [value for value in ("112-3456789", "6.2%", "Pinefield") if value in sent] == []
    written = out.read_text("utf-8")
    facts = yaml.safe_load(written)
    assert facts["pack"] == "late-shipment"
    assert facts["late_orders"] == ["112-3456789-1234567", "114-7654321-7654321"]
    assert facts["late_rates"] == [{"rate": "6.2%", "period": "30天", "target": "低于4%"}]
    assert "violations" not in facts
    assert "# TODO open_orders:" in written
    assert "尚未发货的订单现在怎样了？" in written
    assert "# TODO route: one of acknowledge, in-error" in written


def test_an_unknown_pack_is_named(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    result = CliRunner().invoke(build_app(), ["extract", str(tmp_path / "story.txt"), "--pack", "lateness", "--model", "skeleton"])  # fmt: skip
    assert "--pack lateness: is no known pack" in str(result.exception)
