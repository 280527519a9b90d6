"""Judges: blind, both orders, never their own letters, and never over the checker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from poa.evals.judge import judge_table
from poa.evals.log import read_judgements, read_samples
from tests.evals.builders import by_model, good, judge_first, judge_longer, poor, suite_file
from tests.evals.test_run import Command, own_cache, poa
from tests.fake_server import Body, FakeServer, completion

__all__ = ["own_cache", "poa"]


def judged_suite(folder: Path, base_url: str, **changes: Any) -> Path:
    judges = [{"name": "j", "model": "judge", "base_url": base_url}]
    return suite_file(folder, base_url, judge={"models": judges, **changes})


def test_the_judge_sees_no_name_and_no_private_value(tmp_path: Path, poa: Command) -> None:
    seen: list[Body] = []

    def judge(body: Body) -> Any:
        seen.append(body)
        return judge_longer(body)

    with FakeServer(by_model(good=good, poor=poor, judge=judge)) as server:
        assert poa("eval", "run", judged_suite(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    assert seen
    sent = json.dumps(seen, ensure_ascii=False)
    letters = [sample for sample in read_samples(tmp_path / "run") if sample["case"] == "brighthome"]
    assert '"good"' not in sent
    assert "skeleton" not in sent
    assert "112-" in letters[0]["letter"]
    assert "112-" not in sent
    assert "<ORDER_1>" in sent


def test_a_verdict_that_turns_with_the_order_is_a_tie(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=good, judge=judge_first)) as server:
        suite = judged_suite(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "skeleton,good") == 0
    table = judge_table(read_judgements(tmp_path / "run"))
    [row] = table.pairs
    assert (row.won, row.lost) == (0, 0)
    assert row.tied > 0
    assert row.wins is not None
    assert row.wins.value == 0.5
    assert table.order_agreed == {"j": 0.0}


def test_a_steady_judge_decides_and_both_orders_agree(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, judge=judge_longer)) as server:
        suite = judged_suite(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "skeleton,good") == 0
        asked = len(server.requests)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "skeleton,good") == 0
        assert len(server.requests) == asked
    table = judge_table(read_judgements(tmp_path / "run"))
    assert table.order_agreed == {"j": 1.0}
    assert sum(row.tied for row in table.pairs) == 0


def test_a_contestant_judges_only_when_told_so(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(
        by_model(good=lambda body: good(body) if "section" in str(body) else judge_longer(body))
    ) as server:
        own = {"models": [{"name": "j", "model": "good", "base_url": server.base_url}]}
        suite = suite_file(tmp_path, server.base_url, judge=own)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "good") == 2
        assert "would judge its own letters" in capsys.readouterr().err
        told = suite_file(tmp_path, server.base_url, judge={**own, "contestants_may_judge": True})
        assert poa("eval", "run", told, "-o", tmp_path / "run", "--models", "skeleton,good") == 0


def test_a_reply_without_a_verdict_is_unscored(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, judge=lambda _: completion("Both are fine letters."))) as server:
        suite = judged_suite(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "skeleton,good") == 0
    table = judge_table(read_judgements(tmp_path / "run"))
    assert table.pairs == ()
    assert table.unscored > 0
