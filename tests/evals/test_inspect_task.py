"""The same cases under Inspect give the same verdicts as `poa eval run`."""

from __future__ import annotations

import importlib
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from poa.evals.log import read_samples
from tests.evals.builders import FACTS, by_model, good, poor, suite_file
from tests.evals.test_run import Command, own_cache, poa
from tests.fake_server import FakeServer

__all__ = ["own_cache", "poa"]

with warnings.catch_warnings():
    # Inspect's own dependencies warn of each other; that is no fault of ours.
    warnings.simplefilter("ignore")
    pytest.importorskip("inspect_ai", reason="inspect-ai is not installed: pip install -e '.[inspect]'")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "script"), [("good", good), ("poor", poor)])
def test_inspect_gives_the_same_verdicts(name: str, script: Any, tmp_path: Path, poa: Command) -> None:
    from inspect_ai import eval as inspect_eval
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    def answer(messages: list[Any], *_: object) -> Any:
        body = {"messages": [{"role": m.role, "content": m.text} for m in messages], "model": name}
        text = json.loads(script(body).body)["choices"][0]["message"]["content"]
        output = ModelOutput.from_content("mockllm/model", text)
        # Without these Inspect counts by itself, and downloads a vocabulary to do so.
        output.usage = ModelUsage(input_tokens=100, output_tokens=50, total_tokens=150)
        return output

    task = importlib.import_module("evals.inspect_task")
    [log] = inspect_eval(
        task.poa_drafts(cases=str(FACTS)),
        model=get_model("mockllm/model", custom_outputs=answer),
        log_dir=str(tmp_path / "logs"),
        display="none",
    )
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url, cases=[str(FACTS)])
        assert poa("eval", "run", suite, "-o", tmp_path / "run", "--models", name) == 0
    [ours] = read_samples(tmp_path / "run")
    assert log.status == "success"
    [sample] = log.samples
    theirs = sample.scores["poa_check"]
    assert theirs.answer == ours["letter"]
    assert theirs.value == {
        metric: pytest.approx(ours["scores"][metric]["value"], abs=1e-5) for metric in theirs.value
    }
    assert set(theirs.value) == {"passes", "reworded", "first_try", "raw_items", "raw_values"}


@pytest.mark.filterwarnings("ignore")
def test_a_run_is_written_as_a_log_that_inspect_reads(tmp_path: Path, poa: Command) -> None:
    from inspect_ai.log import read_eval_log

    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        assert poa("eval", "run", suite, "-o", tmp_path / "run") == 0
    out = tmp_path / "run.json"
    assert poa("eval", "export", tmp_path / "run", "--to", "inspect", "-o", out) == 0
    log = read_eval_log(str(out))
    ours = {f"{s['case']} | {s['contestant']}": s for s in read_samples(tmp_path / "run")}
    assert {s.id: s.scores["poa_check"].value for s in log.samples or ()} == {
        name: "C" if sample["ok"] else "I" for name, sample in ours.items()
    }
