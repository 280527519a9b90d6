"""`poa eval run` against a real server: exit statuses, resuming, budget, failures, scoring again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from poa.cli import main
from poa.evals.log import read_samples
from poa.evals.runner import Plan, Progress, run_suite
from poa.evals.suite import list_cases, list_contestants, load_suite
from poa.evals.summary import summarize
from tests.evals.builders import by_model, good, half_fails, poor, suite_file
from tests.fake_server import FakeServer, completion, error

Command = Callable[..., int]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def poa(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the program as a person does, and returns its exit status."""

    def command(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["poa", *map(str, arguments)])
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return command


def samples_of(run: Path) -> dict[str, dict[str, object]]:
    return {sample["id"]: sample for sample in read_samples(run)}


def test_status_is_0_when_all_is_well_with_a_cold_and_a_warm_cache(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "cold") == 0
        asked = len(server.requests)
        assert asked > 0
        assert poa("eval", "run", suite, "-o", tmp_path / "warm") == 0
        assert len(server.requests) == asked
    # The endpoint is gone, and the replies are kept: all is still well.
    assert poa("eval", "run", suite, "-o", tmp_path / "gone") == 0
    scores = {name: sample["scores"] for name, sample in samples_of(tmp_path / "cold").items()}
    assert scores == {name: sample["scores"] for name, sample in samples_of(tmp_path / "gone").items()}


def test_status_is_1_when_a_gate_fails_with_a_cold_and_a_warm_cache(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        for run in ("cold", "warm"):
            assert poa("eval", "run", suite, "-o", tmp_path / run, "--fail-under", "reworded=99%") == 1
            assert "gate: poor: reworded is" in capsys.readouterr().err
        assert poa("eval", "run", suite, "-o", tmp_path / "warm", "--fail-under", "poor:raw_findings=0") == 1
        assert poa("eval", "run", suite, "-o", tmp_path / "warm", "--fail-under", "good:passes=1") == 0


def test_status_is_2_for_what_cannot_be_used(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = suite_file(tmp_path / "a", "http://127.0.0.1:9/v1", repeats=0, judges=[])
    assert poa("eval", "run", faulty) == 2
    said = capsys.readouterr().err
    assert "repeats" in said
    assert "judges" in said
    nothing = suite_file(tmp_path / "b", "http://127.0.0.1:9/v1", cases=["nowhere/*.yaml"])
    assert poa("eval", "run", nothing, "-o", tmp_path / "run") == 2
    assert poa("eval", "run", tmp_path / "none.yaml") == 2
    well = suite_file(tmp_path / "c", "http://127.0.0.1:9/v1")
    assert poa("eval", "run", well, "--models", "nobody") == 2
    assert poa("eval", "run", well, "--fail-under", "beauty=1") == 2
    assert poa("eval", "report", tmp_path / "none") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_status_is_3_when_an_endpoint_is_out_of_reach_and_what_came_is_kept(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=good, poor=lambda _: error(401, "no key"))) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 3
        assert "refused the API key" in capsys.readouterr().err
        asked = len(server.requests)
        server.script = by_model(good=good, poor=poor)
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 0
        # What good had written was not asked for again.
        assert {body["model"] for body in server.requests[asked:]} == {"poor"}


def test_the_time_left_counts_the_drafts_that_models_write(tmp_path: Path) -> None:
    told: list[Progress] = []
    with FakeServer(by_model(good=good), latency_s=0.05) as server:
        suite = load_suite(suite_file(tmp_path, server.base_url))
        cases, models = list_cases(suite, tmp_path), list_contestants(suite, tmp_path, ("skeleton", "good"))
        plan = Plan(suite, cases, models, 2, tmp_path / "run", tmp_path / "replies.sqlite", 1)
        asyncio.run(run_suite(plan, told.append))
    skeletons = [n for n, progress in enumerate(told) if progress.left_s is None]
    # Two skeletons take no time, and say nothing of four drafts that take some.
    assert 1 <= len(skeletons) <= 2
    first = told[len(skeletons)]
    assert first.left_s is not None
    assert first.left_s > 3 * 4 * 0.05
    assert told[-1].left_s == 0


def test_a_killed_run_resumes_and_asks_nothing_twice(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        run = tmp_path / "run"
        assert poa("eval", "run", suite, "-o", run, "--no-cache") == 0
        whole, asked = samples_of(run), len(server.requests)
        # As a kill leaves it: one draft's line lost, and another one torn in the middle of writing.
        lines = (run / "samples.jsonl").read_text("utf-8").splitlines(keepends=True)
        (run / "samples.jsonl").write_text("".join(lines[:-2]) + lines[-2][:200], "utf-8")
        assert poa("eval", "run", suite, "-o", run, "--no-cache") == 0
        assert len(server.requests) == asked
    again = samples_of(run)
    assert again.keys() == whole.keys()
    assert all(again[name]["scores"] == whole[name]["scores"] for name in whole)


def test_a_repeat_is_asked_for_anew_with_a_seed_of_its_own(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "good", "--repeat", 3) == 0
        seeds = {body["seed"] for body in server.requests if "notes" not in str(body["messages"][-1])}
    assert len(seeds) == 3
    assert len(samples_of(tmp_path / "run")) == 6


def test_parameters_and_prompt_variants_reach_the_endpoint(tmp_path: Path, poa: Command) -> None:
    variant = tmp_path / "loud"
    variant.mkdir()
    (variant / "polish.jinja").write_text("WRITE PLAINLY.", "utf-8")
    prompts = [{"name": "default"}, {"name": "loud", "folder": "loud"}]
    with FakeServer(by_model(poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url, prompts=prompts)
        assert (
            poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "poor", "--filter", "bright") == 0
        )
        systems = {body["messages"][0]["content"] for body in server.requests}
        assert {body["temperature"] for body in server.requests} == {0.9}
    assert len(systems) == 2
    assert "WRITE PLAINLY." in systems
    signatures = {s["contestant"]: s["signature"] for s in read_samples(tmp_path / "run")}
    assert signatures["poor / default"]["prompt"] != signatures["poor / loud"]["prompt"]


def test_the_budget_stops_the_run_before_it_is_passed(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url, budget={"tokens": 6000})
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 1
        assert "budget is used up" in capsys.readouterr().err
        # Each reply of this server counts 150 tokens.
        assert 0 < len(server.requests) * 150 <= 6000
        asked = len(server.requests)
        more = suite_file(tmp_path, server.base_url, budget={"tokens": 1_000_000})
        assert poa("eval", "run", more, "-o", tmp_path / "run") == 0
        bodies = [json.dumps(body, sort_keys=True) for body in server.requests]
        assert not set(bodies[:asked]) & set(bodies[asked:])
        assert (
            poa("eval", "run", suite_file(tmp_path, server.base_url, budget={"usd": 1}), "--models", "good")
            == 2
        )
        assert "price of good is not known" in capsys.readouterr().err


def test_a_model_that_fails_half_its_calls_yields_a_report_that_says_so(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=half_fails)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", "good") == 0
    assert "of its calls failed" in capsys.readouterr().out
    failed = summarize(tmp_path / "run").standings[0].cells["failed_calls"].interval
    assert failed is not None
    assert 0.2 < failed.value < 0.8
    # What no reply came about is unscored, and not a zero.
    scores = next(iter(samples_of(tmp_path / "run").values()))["scores"]
    assert scores["raw_items"]["value"] is None  # type: ignore[index]
    assert "no reply came about" in scores["raw_items"]["why"]  # type: ignore[index]


def test_the_raw_replies_tell_a_poor_model_from_a_good_one(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    found = {
        s["contestant"]: s["scores"] for s in read_samples(tmp_path / "run") if s["case"] == "brighthome"
    }
    assert found["good"]["reworded"]["value"] > found["poor"]["reworded"]["value"]
    assert found["poor"]["raw_admissions"]["value"] < found["good"]["raw_admissions"]["value"]
    assert "weakened_admission" in found["poor"]["raw_findings"]["why"]
    assert found["skeleton"]["reworded"] == {"value": None, "why": "no model was asked"}
    assert found["good"]["raw_values"]["value"] == 1.0


def test_a_refusal_and_a_reply_without_json_are_counted_apart(tmp_path: Path, poa: Command) -> None:
    talk = by_model(
        good=lambda _: completion("I'm sorry, I cannot help with that."),
        poor=lambda _: completion("Here is your letter. It is good."),
    )
    with FakeServer(talk) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    found = {s["contestant"]: s["scores"] for s in read_samples(tmp_path / "run")}
    assert (found["good"]["refusals"]["value"], found["good"]["format_faults"]["value"]) == (1.0, 1.0)
    assert (found["poor"]["refusals"]["value"], found["poor"]["format_faults"]["value"]) == (0.0, 1.0)


def test_scoring_again_asks_nothing_and_gives_the_same_scores(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 0
        asked = len(server.requests)
        assert poa("eval", "rescore", tmp_path / "run", "-o", tmp_path / "again") == 0
        assert len(server.requests) == asked
    before, after = samples_of(tmp_path / "run"), samples_of(tmp_path / "again")
    assert {n: s["scores"] for n, s in before.items()} == {n: s["scores"] for n, s in after.items()}
    assert poa("eval", "rescore", tmp_path / "run", "-o", tmp_path / "again") == 2


def test_scoring_again_says_which_repairs_the_log_does_not_hold(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    with FakeServer(by_model(poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", run, "--models", "poor", "--filter", "bright") == 0
    assert poa("eval", "rescore", run, "-o", tmp_path / "whole") == 0
    assert "no reply in the log" not in capsys.readouterr().err
    # As a checker that was content with all first tries would have left it.
    [sample] = samples_of(run).values()
    first = [call for call in sample["calls"] if '"notes"' not in call["asked"]]  # type: ignore[attr-defined,index]
    repairs = len(sample["calls"]) - len(first)  # type: ignore[arg-type]
    assert repairs > 0
    (run / "samples.jsonl").write_text(json.dumps({**sample, "calls": first}) + "\n", "utf-8")
    assert poa("eval", "rescore", run, "-o", tmp_path / "again") == 0
    assert f"{repairs} repairs that today's checker asks for have no reply" in capsys.readouterr().err
    [again] = samples_of(tmp_path / "again").values()
    assert again["scores"]["returned"]["value"] > 0  # type: ignore[index]
    assert again["scores"]["failed_calls"]["value"] == 0  # type: ignore[index]


def test_a_part_of_a_run_made_again_takes_nothing_of_it_away(tmp_path: Path, poa: Command) -> None:
    run = tmp_path / "run"
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", run) == 0
        whole = summarize(run)
        assert poa("eval", "run", suite, "-o", run, "--models", "poor", "--filter", "chen") == 0
    again = summarize(run)
    assert (again.cases, again.missing) == (whole.cases, 0)
    assert [s.name for s in again.standings] == ["skeleton", "good", "poor"]
    assert poa("eval", "rescore", run, "-o", tmp_path / "rescored") == 0
    assert samples_of(tmp_path / "rescored").keys() == samples_of(run).keys()


def test_no_worse_than_an_earlier_run_is_a_gate(
    tmp_path: Path, poa: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "before") == 0
        same = ("eval", "run", suite, "-o", tmp_path / "same", "--no-worse-than", tmp_path / "before")
        assert poa(*same) == 0
        server.script = by_model(good=poor, poor=poor)
        worse = ("eval", "run", suite, "-o", tmp_path / "after", "--no-cache")
        assert poa(*worse, "--no-worse-than", tmp_path / "before") == 1
    assert "good: reworded is worse than before" in capsys.readouterr().err
