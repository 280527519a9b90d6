"""The report's page and figures, and the comparison of runs."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from poa.evals.compare import compare_runs
from poa.evals.report import word_diff
from poa.evals.summary import summarize
from tests.evals.builders import by_model, good, poor, suite_file
from tests.evals.test_run import Command, own_cache, poa
from tests.fake_server import Body, FakeServer, completion, polished

__all__ = ["own_cache", "poa"]


@pytest.fixture
def run(tmp_path: Path, poa: Command) -> Path:
    """A run of the skeleton, a good model and a poor one on two cases."""
    with FakeServer(by_model(good=good, poor=poor)) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    return tmp_path / "run"


def test_the_page_needs_nothing_from_outside(run: Path, poa: Command) -> None:
    page = run / "report.html"
    assert poa("eval", "report", run) == 0
    text = page.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<img|@import|url\(", text)
    # The namespace of SVG is a name, not an address that is asked for.
    assert set(re.findall(r"https?://[^\"'<\s]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_the_page_shows_verdict_chart_numbers_and_words(run: Path, poa: Command) -> None:
    assert poa("eval", "report", run) == 0
    text = (run / "report.html").read_text("utf-8")
    assert "good is ahead on" in text
    assert text.count("<circle") == 2
    assert "The numbers of the chart" in text
    assert text.count("2 drafts</span>") == 3
    assert "weakened_admission" in text
    assert "<ins>" in text
    assert "Refused: " in text
    assert "may have asked" in text
    assert summarize(run).standings[1].signature.replace("&", "&amp;") in text


def test_what_a_model_wrote_cannot_become_markup(tmp_path: Path, poa: Command) -> None:
    def hostile(body: Body) -> object:
        return completion(polished(body, lambda _, text: f"<script>alert(1)</script>{text}"))

    with FakeServer(by_model(good=hostile)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "good") == 0
    assert poa("eval", "report", tmp_path / "run") == 0
    text = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_same_figures_come_as_csv_json_and_markdown(run: Path, tmp_path: Path, poa: Command) -> None:
    for name in ("r.csv", "r.json", "r.md"):
        assert poa("eval", "report", run, "-o", tmp_path / name) == 0
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines()))
    [row] = [r for r in rows if r["contestant"] == "good" and r["metric"] == "reworded"]
    [figures] = json.loads((tmp_path / "r.json").read_text("utf-8"))
    [model] = [c for c in figures["contestants"] if c["name"] == "good"]
    assert float(row["value"]) == pytest.approx(model["metrics"]["reworded"]["value"], rel=1e-5)
    assert row["n"] == "2"
    assert f"{float(row['value']):.1%}" in (tmp_path / "r.md").read_text("utf-8")
    assert poa("eval", "report", run, "-o", tmp_path / "r.doc") == 2


def test_json_is_one_document_on_standard_output(
    run: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert poa("eval", "report", run, "--json") == 0
    assert json.loads(capsys.readouterr().out)["run"] == "small"


def test_a_comparison_says_what_got_better_and_worse(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "before") == 0
        server.script = by_model(good=poor, poor=good)
        assert poa("eval", "run", suite, "-o", tmp_path / "after", "--no-cache") == 0
    found = compare_runs(tmp_path / "before", tmp_path / "after")
    better = {c.contestant for c in found.changes if c.metric == "reworded" and c.better}
    worse = {c.contestant for c in found.changes if c.metric == "reworded" and c.better is False}
    assert (better, worse) == ({"poor"}, {"good", "skeleton"} & worse)
    assert "good" in worse
    assert any(line.startswith("good: brighthome#1 V1") for line in found.lost)
    capsys.readouterr()
    assert poa("eval", "compare", tmp_path / "before", tmp_path / "after") == 0
    assert "## Worse\n\n- good: " in capsys.readouterr().out


def test_prompts_are_compared_over_all_models_together(tmp_path: Path, poa: Command) -> None:
    variant = tmp_path / "loud"
    variant.mkdir()
    (variant / "polish.jinja").write_text("WRITE PLAINLY.", "utf-8")

    def worse_when_told_to_write_plainly(body: Body) -> object:
        return (poor if "WRITE PLAINLY" in body["messages"][0]["content"] else good)(body)

    script = worse_when_told_to_write_plainly
    prompts = [{"name": "default"}, {"name": "loud", "folder": "loud"}]
    with FakeServer(by_model(good=script, poor=script)) as server:
        suite = suite_file(tmp_path, server.base_url, prompts=prompts)
        names = "good,poor,skeleton"
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", names) == 0
        # A model that wrote with one of the prompts alone says nothing about them.
        assert poa("eval", "run", suite, "-o", tmp_path / "one", "--models", "good,poor / loud") == 0
    summary = summarize(tmp_path / "run")
    [raw] = summary.prompts["raw_items"]
    assert (raw.ours, raw.theirs, raw.n) == ("default", "loud", 2)
    assert raw.mean == pytest.approx(
        sum(
            sign * summary.standing(f"{model} / {prompt}").cells["raw_items"].interval.value / 2  # type: ignore[union-attr]
            for model in ("good", "poor")
            for sign, prompt in ((1, "default"), (-1, "loud"))
        )
    )
    assert raw.mean > 0
    assert summarize(tmp_path / "one").prompts["raw_items"][0].mean == pytest.approx(raw.mean)
    assert poa("eval", "report", tmp_path / "run") == 0
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "prompt default against loud, all models together" in page
    assert "prompt default against loud: no difference shown" in page
    assert summary.as_json()["prompt_differences"]["raw_items"][0]["verdict"] == raw.verdict


def test_a_run_for_promptfoo_has_a_result_for_each_draft(run: Path, tmp_path: Path, poa: Command) -> None:
    assert poa("eval", "export", run, "--to", "promptfoo", "-o", tmp_path / "pf.json") == 0
    results = json.loads((tmp_path / "pf.json").read_text("utf-8"))["results"]["results"]
    assert len(results) == 6
    assert all(r["success"] and r["response"]["output"].startswith("Dear ") for r in results)
    assert poa("eval", "export", run, "--to", "word", "-o", tmp_path / "x") == 2


def test_words_are_compared_one_by_one() -> None:
    assert word_diff("We asked the buyer.", "We wrote to the buyer.") == (
        ("same", "We "),
        ("gone", "asked"),
        ("new", "wrote to"),
        ("same", " the buyer."),
    )
