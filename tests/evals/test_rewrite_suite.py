"""A suite of Chinese summaries: what is asked, measured, compared and scored again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from poa.evals.log import read_samples
from poa.evals.summary import summarize
from tests.evals.builders import by_model, suite_file
from tests.evals.test_run import Command, own_cache, poa
from tests.fake_server import Answer, Body, FakeServer, asked, completion

__all__ = ["own_cache", "poa"]

_ENGLISH = {
    1: "On <DATE_1>, we suspended our purchaser, <NAME_1>, from duty.",
    2: "We have not contacted any buyer.",
}


@pytest.fixture
def summaries(tmp_path: Path) -> Path:
    """Two summaries, the first with a reference beside it."""
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "a.txt").write_text("2024年3月5日我们停职了采购小吴。我们没有联系买家。", "utf-8")
    (folder / "a.1.en.txt").write_text(
        "On March 5, 2024, we suspended our purchaser, Xiao Wu, from duty. We have not contacted any buyer.",
        "utf-8",
    )
    (folder / "b.txt").write_text("2024年3月6日我们停职了采购小吴。我们没有联系买家。", "utf-8")
    return folder


def faithful(body: Body) -> Answer:
    """The English of each sentence."""
    return _answer(body, _ENGLISH)


def turned(body: Body) -> Answer:
    """The second sentence without its "not"."""
    return _answer(body, {**_ENGLISH, 2: "We have contacted the buyers."})


def suite_of(folder: Path, summaries: Path, base_url: str) -> Path:
    """Both models on both summaries."""
    models = [{"name": name, "model": name, "base_url": base_url} for name in ("good", "poor")]
    return suite_file(folder, base_url, task="rewrite", cases=[str(summaries / "?.txt")], models=models)


def test_a_rewriting_is_measured_against_the_check_and_the_references(
    tmp_path: Path, summaries: Path, poa: Command
) -> None:
    with FakeServer(by_model(good=faithful, poor=turned)) as server:
        suite = suite_of(tmp_path, summaries, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 0
        requests = len(server.requests)
        # The repairs too are found again: nothing is asked.
        assert poa("eval", "rescore", tmp_path / "run", "-o", tmp_path / "again") == 0
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--fail-under", "rewrite_passes=1") == 1
        assert len(server.requests) == requests
    found = {sample["id"]: sample["scores"] for sample in read_samples(tmp_path / "run")}
    assert found == {sample["id"]: sample["scores"] for sample in read_samples(tmp_path / "again")}
    good, poor = found["a|good|0"], found["a|poor|0"]
    assert (good["rewrite_passes"]["value"], poor["rewrite_passes"]["value"]) == (1, 0)
    assert (good["chrf"]["value"], good["bleu"]["value"]) == (pytest.approx(100), pytest.approx(100))
    assert 0 < poor["chrf"]["value"] < 100
    assert good["chrf"]["why"].startswith("nrefs:1|")
    assert found["b|good|0"]["chrf"] == {"value": None, "why": "there is no reference"}
    assert good["failed_calls"]["value"] == good["format_faults"]["value"] == 0


def test_the_report_of_a_rewrite_suite_decides_by_its_check(
    tmp_path: Path, summaries: Path, poa: Command
) -> None:
    with FakeServer(by_model(good=faithful, poor=turned)) as server:
        assert poa("eval", "run", suite_of(tmp_path, summaries, server.base_url), "-o", tmp_path / "run") == 0
    summary = summarize(tmp_path / "run")
    assert summary.verdict[0].startswith("good is ahead on “rewriting passes”: 100.0%")
    assert summary.standing("poor").codes  # type: ignore[union-attr]
    assert poa("eval", "report", tmp_path / "run") == 0
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "我们没有联系买家。" in page
    assert re.search(r"<td class=\"num\">100\.00 \(one case, no interval\), 1 unscored</td>", page)


def test_a_rewrite_suite_has_no_skeleton(
    tmp_path: Path, summaries: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    models = [{"name": "skeleton", "model": "skeleton"}]
    suite = suite_file(tmp_path, "", task="rewrite", cases=[str(summaries / "?.txt")], models=models)
    assert poa("eval", "run", suite, "-o", tmp_path / "run") == 2
    assert "no skeleton to compare with" in capsys.readouterr().err


def _answer(body: Body, english: dict[int, str]) -> Answer:
    sentences = [{"id": s["id"], "text": english[int(s["id"])]} for s in asked(body)["sentences"]]
    return completion(json.dumps({"sentences": sentences}))
