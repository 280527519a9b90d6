"""poa extract: facts with the words they stand on, and nothing by guess."""

from __future__ import annotations

from pathlib import Path

import yaml
from typer.testing import CliRunner

from poa.cli import build_app
from poa.extract import extract_story

STORY = (
    "我们在美国站的店铺叫Lumivora。2024年3月5日收到绩效通知。三个客服联系了订单112-4837265-9012348的买家,"
    "涉及B0C7XK2M4P,3月8号已经停职,一共退了580美元。"
)


def test_what_has_one_meaning_is_placed_with_its_words() -> None:
    found = extract_story(STORY)
    assert found.facts == {
        "schema": 1,
        "language": "zh",
        "notice": {"received": "2024-03-05", "marketplace": "amazon.com"},
        "seller": {"store_name": "Lumivora"},
        "violations": [{"id": "V1", "orders": ["112-4837265-9012348"], "asins": ["B0C7XK2M4P"]}],
    }
    assert all(STORY[span.start : span.end] == span.text for span in found.spans.values())
    assert set(found.sources) == {
        "notice.received", "notice.marketplace", "seller.store_name", "violations[0].orders[0]", "violations[0].asins[0]",
    }  # fmt: skip


def test_what_could_mean_several_things_is_listed_and_not_filled_in() -> None:
    assert [v.text for v in extract_story(STORY).unplaced] == ["三", "3月8号", "一共退了580美元"[4:]]


def test_a_notification_without_its_year_stays_unknown() -> None:
    assert "notice" not in extract_story("3月5号收到通知。").facts


def test_two_marketplaces_are_a_question() -> None:
    assert "notice" not in extract_story("我们在美国站和英国站都有店。").facts


def test_an_english_story_is_read_too() -> None:
    found = extract_story(
        "On March 5, 2024 we received a performance notification for order 112-4837265-9012348."
    )
    assert found.facts["notice"] == {"received": "2024-03-05"}


def test_the_command_writes_yaml_that_reads_back_and_never_over_a_file(tmp_path: Path) -> None:
    story, out = tmp_path / "story.txt", tmp_path / "facts.yaml"
    story.write_text(STORY, "utf-8")
    assert (
        CliRunner()
        .invoke(build_app(), ["extract", str(story), "-o", str(out), "--model", "skeleton"])
        .exit_code
        == 0
    )
    written = yaml.load(out.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert written["notice"]["received"] == "2024-03-05"
    assert written["violations"][0]["asins"] == ["B0C7XK2M4P"]
    assert "# TODO root_causes:" in out.read_text("utf-8")
    again = CliRunner().invoke(build_app(), ["extract", str(story), "-o", str(out), "--model", "skeleton"])
    assert "exists" in str(again.exception)
