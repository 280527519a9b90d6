"""poa extract with a model: what it says is held to the story, and a lie becomes a question."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from poa.cli import build_app
from poa.extract import Extraction
from poa.extract_model import StoryQuestion, extract_with_model, resolved_day
from poa.models.base import ChatRequest
from poa.models.scripted import ScriptedModel
from tests.fake_server import Answer, Body, FakeServer, completion

STORY = (
    "我们在美国站的店铺叫Lumivora,2024年3月5日收到绩效通知。"
    "2月18日客服李静用站内信让订单112-4837265-9012348的买家改差评,产品是B0C7XK2M4P。"
    "没有人给客服培训过评论政策。"
    "3月6日我们停了她的权限。"
    "以后每条站内信都由主管先审核,3月11日开始。"
)
FACTS = [
    {"sentence": 1, "kind": "none", "text": "我们在美国站的店铺叫<NAME_1>,<DATE_1>收到绩效通知"},
    {"sentence": 2, "kind": "violation", "text": "<DATE_2>客服<NAME_2>用站内信让订单<ORDER_1>的买家改差评", "date": "<DATE_2>", "by": "客服", "channel": "站内信"},
    {"sentence": 3, "kind": "cause", "text": "没有人给客服培训过评论政策"},
    {"sentence": 4, "kind": "action", "text": "<DATE_3>我们停了她的权限", "date": "<DATE_3>"},
    {"sentence": 5, "kind": "measure", "text": "以后每条站内信都由主管先审核", "date": "<DATE_4>"},
]  # fmt: skip


def model(change: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda fact: fact) -> ScriptedModel:
    """A model that sorts the story above, each fact changed or left out by `change`."""

    def script(request: ChatRequest) -> str:
        text = request.messages[-1].content
        ids = {s["id"] for s in json.loads(text[text.index('{"sentences"') :])["sentences"]}
        given = [
            change({"date": "", "by": "", "channel": "", **fact}) for fact in FACTS if fact["sentence"] in ids
        ]
        return json.dumps({"facts": [fact for fact in given if fact]}, ensure_ascii=False)

    return ScriptedModel(script)


def read(story: str, reader: ScriptedModel) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    return asyncio.run(extract_with_model(story, reader))


def changed(sentence: int, **fields: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    return lambda fact: {**fact, **fields} if fact["sentence"] == sentence else fact


def test_each_fact_is_a_stretch_of_the_story_with_its_span() -> None:
    found, questions = read(STORY, model())
    assert questions == ()
    assert found.facts["violations"] == [
        {
            "id": "V1",
            "statement": "2月18日客服李静用站内信让订单112-4837265-9012348的买家改差评。",
            "by": "客服",
            "channel": "站内信",
            "from": "2024-02-18",
            "to": "2024-02-18",
            "orders": ["112-4837265-9012348"],
            "asins": ["B0C7XK2M4P"],
        }
    ]
    assert found.facts["root_causes"] == [{"id": "C1", "statement": "没有人给客服培训过评论政策。"}]
    assert found.facts["actions_taken"] == [
        {"id": "A1", "statement": "3月6日我们停了她的权限。", "date": "2024-03-06"}
    ]
    assert found.facts["preventive_measures"] == [
        {"id": "P1", "statement": "以后每条站内信都由主管先审核。", "starts": "2024-03-11"}
    ]
    assert all(STORY[span.start : span.end] == span.text for span in found.spans.values())


def test_no_value_and_no_name_reaches_the_model() -> None:
    reader = model()
    read(STORY, reader)
    everything = "".join(request.messages[-1].content for request in reader.requests)
    for private in ("Lumivora", "李静", "112-4837265-9012348", "B0C7XK2M4P", "2024", "3月6日"):
        assert private not in everything


@pytest.mark.parametrize(
    ("lie", "asked"),
    [
        (changed(3, text="没有人给客服培训过评论政策和隐私政策"), "没有人给客服培训过评论政策。"),
        (changed(4, text="我们开除了她"), "3月6日我们停了她的权限。"),
        (changed(4, kind="measure"), "3月6日我们停了她的权限"),
        (changed(5, kind="action"), "以后每条站内信都由主管先审核"),
        (changed(1, kind="violation"), "我们在美国站的店铺叫Lumivora,2024年3月5日收到绩效通知"),
        (changed(4, date="<DATE_1>"), "3月6日我们停了她的权限"),
        (changed(4, date="March 9, 2024"), "3月6日我们停了她的权限"),
        (changed(3, kind="none"), "没有人给客服培训过评论政策"),
        (lambda fact: None if fact["sentence"] == 4 else fact, "3月6日我们停了她的权限。"),
    ],
)  # fmt: skip
def test_a_lie_of_the_model_becomes_a_question_and_no_fact(
    lie: Callable[[dict[str, Any]], dict[str, Any] | None], asked: str
) -> None:
    found, questions = read(STORY, model(lie))
    assert [question.text for question in questions] == [asked]
    told = json.dumps(found.facts, ensure_ascii=False)
    for invented in ("隐私政策", "开除", "2024-03-09"):
        assert invented not in told
    assert "date" not in json.dumps(found.facts.get("actions_taken", [])) or asked != "3月6日我们停了她的权限"


@pytest.mark.parametrize(
    "reply", ["", "no JSON", '{"facts": 3}', '{"facts": [{"sentence": "x", "kind": "violation"}]}']
)
def test_a_reply_that_is_none_leaves_every_sentence_a_question(reply: str) -> None:
    found, questions = read(STORY, ScriptedModel(lambda _: reply))
    assert len(questions) == 5
    assert "root_causes" not in found.facts
    assert found.facts["violations"] == [
        {"id": "V1", "orders": ["112-4837265-9012348"], "asins": ["B0C7XK2M4P"]}
    ]


def test_who_did_it_is_taken_only_where_the_words_are_a_role_of_ours() -> None:
    found, _ = read(STORY, model(changed(2, by="买家", channel="电话")))
    assert "by" not in found.facts["violations"][0]
    assert "channel" not in found.facts["violations"][0]


def test_a_fact_that_points_back_is_taken_and_asked_about() -> None:
    story = "她没有人培训过。"
    given = {
        "facts": [
            {"sentence": 1, "kind": "cause", "text": "她没有人培训过", "date": "", "by": "", "channel": ""}
        ]
    }
    found, questions = read(story, ScriptedModel(lambda _: json.dumps(given)))
    assert found.facts["root_causes"] == [{"id": "C1", "statement": "她没有人培训过。"}]
    assert [question.zh for question in questions] == [
        "这句话在信里单独出现：“她”指谁或什么？请改成姓名或职务。"
    ]


def test_a_vague_count_stays_as_vague_as_the_story_says_it() -> None:
    story = "客服联系了十几个买家改评论。"
    given = {
        "facts": [
            {
                "sentence": 1,
                "kind": "violation",
                "text": "客服联系了<COUNT_1>买家改评论",
                "date": "",
                "by": "",
                "channel": "",
            }
        ]
    }
    found, _ = read(
        story,
        ScriptedModel(
            lambda request: json.dumps(given).replace(
                "<COUNT_1>", "<COUNT_1>个" if "<COUNT_1>个" in request.messages[-1].content else "<COUNT_1>"
            )
        ),
    )
    assert found.facts["violations"] == [{"id": "V1", "statement": "客服联系了十几个买家改评论。"}]


def test_an_english_story_is_sorted_too() -> None:
    story = "On February 18, 2024, our agent asked the buyer of order 112-4837265-9012348 to change the review. Nobody had trained our agent."
    facts = [
        {"sentence": 1, "kind": "violation", "text": "On <DATE_1>, our agent asked the buyer of order <ORDER_1> to change the review", "date": "<DATE_1>", "by": "our agent", "channel": ""},
        {"sentence": 2, "kind": "cause", "text": "Nobody had trained our agent", "date": "", "by": "", "channel": ""},
    ]  # fmt: skip
    reader = ScriptedModel(lambda _: json.dumps({"facts": facts}))
    found, questions = read(story, reader)
    assert questions == ()
    assert found.facts["violations"][0]["from"] == "2024-02-18"
    assert found.facts["root_causes"] == [{"id": "C1", "statement": "Nobody had trained our agent."}]
    assert "112-4837265-9012348" not in reader.requests[0].messages[-1].content


@pytest.mark.parametrize(
    ("canonical", "after", "day"),
    [
        ("2024-03-08", True, dt.date(2024, 3, 8)),
        ("--02-18", False, dt.date(2024, 2, 18)),
        ("--12-20", False, dt.date(2023, 12, 20)),
        ("--03-08", True, dt.date(2024, 3, 8)),
        ("--03-08", False, None),  # a day after the notification, or a year before it: asked
        ("--02-01", True, None),
        ("last-year-11-20", False, dt.date(2023, 11, 20)),
        ("last-year-11", False, None),
        ("last-week-3", False, None),
        ("--04/early", False, None),
        ("same-day", True, None),
        ("2024-02-30", False, None),
    ],
)
def test_a_day_is_taken_only_where_it_can_be_one_day(
    canonical: str, after: bool, day: dt.date | None
) -> None:
    assert resolved_day(canonical, dt.date(2024, 3, 5), after=after) == day


def test_without_a_notification_a_day_without_its_year_stays_open() -> None:
    assert resolved_day("--03-08", None, after=True) is None


def test_the_command_asks_a_real_server_and_writes_what_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    out = tmp_path / "facts.yaml"

    def script(body: Body) -> Answer:
        text = body["messages"][-1]["content"]
        ids = {s["id"] for s in json.loads(text[text.index('{"sentences"') :])["sentences"]}
        given = [{"date": "", "by": "", "channel": "", **fact} for fact in FACTS if fact["sentence"] in ids]
        return completion(json.dumps({"facts": changed_last(given)}, ensure_ascii=False))

    def changed_last(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**fact, "text": "我们开除了所有人"} if fact["sentence"] == 5 else fact for fact in facts]

    with FakeServer(script) as server:
        done = CliRunner().invoke(
            build_app(),
            [
                "extract",
                str(tmp_path / "story.txt"),
                "-o",
                str(out),
                "--model",
                "fake",
                "--base-url",
                server.base_url,
            ],
        )
        everything = b"".join(server.bytes_received)
    assert done.exit_code == 0, done.output
    assert b"112-4837265" not in everything
    written = yaml.load(out.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert written["actions_taken"][0]["date"] == "2024-03-06"
    assert "preventive_measures" not in written
    assert "开除" not in out.read_text("utf-8")
    assert "# To be answered:" in out.read_text("utf-8")
