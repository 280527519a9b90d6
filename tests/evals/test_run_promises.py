"""What `poa eval` promises whatever happens: its statuses, its silence on the network, and a kill at any moment."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from poa.evals.log import read_samples
from poa.evals.runner import Plan, run_suite
from poa.evals.suite import list_cases, list_contestants, load_suite
from poa.models.scripted import ScriptedModel
from tests.evals.builders import FACTS, by_model, good, half_fails, judge_longer, poor, suite_file
from tests.evals.test_run import Command, own_cache, poa, samples_of
from tests.fake_server import Answer, Body, FakeServer, error

__all__ = ["own_cache", "poa"]


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_statuses_are_the_same_with_a_cold_and_a_warm_cache(warm: bool, tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        suite = suite_file(tmp_path, server.base_url)
        if warm:
            assert poa("eval", "run", suite, "-o", tmp_path / "before", "--filter", "bright") == 0
        asked = len(server.requests)
        run = ("eval", "run", suite, "-o", tmp_path / "run", "--filter", "bright")
        faulty = suite_file(tmp_path / "faulty", server.base_url, scorers=["beauty"])
        assert poa("eval", "run", faulty, "-o", tmp_path / "run") == 2
        assert poa(*run, "--models", "nobody") == 2
        assert len(server.requests) == asked
        assert poa(*run) == 0
        assert poa(*run, "--fail-under", "reworded=99%") == 1
        assert (len(server.requests) == asked) is warm
        gone = suite_file(
            tmp_path / "gone",
            server.base_url,
            cases=[str(FACTS)],
            models=[
                {"name": "good", "model": "good", "base_url": server.base_url},
                {"name": "away", "model": "good", "base_url": _nobody_listens()},
            ],
        )
        # A gate that fails as well does not hide that a model gave nothing.
        assert poa("eval", "run", gone, "-o", tmp_path / "gone", "--fail-under", "reworded=99%") == 3
        found = samples_of(tmp_path / "gone")
        assert found["brighthome|good|0"]["failure"] is None
        assert "could not be reached" in str(found["brighthome|away|0"]["failure"])


def test_a_run_killed_for_good_goes_on_and_asks_again_only_what_had_no_answer(tmp_path: Path) -> None:
    answered: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    hold, lock = threading.Event(), threading.Lock()

    def answer_nine_then_hold(body: Body) -> Answer:
        key = json.dumps(body, sort_keys=True)
        with lock:
            held = answered.total() >= 9 and not hold.is_set()
            (unanswered if held else answered)[key] += 1
        if held:
            hold.wait(30)
        return (good if body["model"] == "good" else poor)(body)

    with FakeServer(answer_nine_then_hold) as server:
        command = [sys.executable, "-c", "from poa.cli import main; main()", "eval", "run", str(suite_file(tmp_path, server.base_url)),
                   "-o", str(tmp_path / "run"), "--no-cache"]  # fmt: skip
        killed = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            # Eight requests at once wait in vain: everything that was answered before has arrived.
            _wait_until(lambda: unanswered.total() == 8)
            time.sleep(0.3)
        finally:
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        hold.set()
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert len(samples_of(tmp_path / "run")) == 6
    # Nothing that had been answered was asked for again, and all that had not was.
    assert max(answered.values()) == 1
    assert set(unanswered) <= set(answered)


def test_no_address_but_the_endpoints_is_looked_up_or_connected_to(tmp_path: Path) -> None:
    with FakeServer(by_model(good=good, poor=poor, judge=judge_longer)) as server:
        judge = {"models": [{"name": "j", "model": "judge", "base_url": server.base_url}]}
        suite, run = suite_file(tmp_path, server.base_url, judge=judge), tmp_path / "run"
        commands = (
            ("run", suite, "-o", run, "--fail-under", "passes=1"),
            ("report", run),
            ("compare", run, run),
            ("rescore", run, "-o", tmp_path / "again"),
            ("export", run, "--to", "promptfoo", "-o", tmp_path / "side-by-side.json"),
        )
        spelled = json.dumps([["eval", *map(str, command)] for command in commands])
        done = subprocess.run(
            [sys.executable, "-c", _WATCHED, str(tmp_path / "heard"), spelled],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OPENAI_API_KEY": "sk-test-0123456789"},
        )
        assert done.returncode == 0, done.stderr
        port = int(server.base_url.rsplit(":", 1)[1].partition("/")[0])
    heard = [json.loads(line) for line in (tmp_path / "heard").read_text("utf-8").splitlines()]
    assert {event for event, _ in heard} >= {"socket.connect"}
    assert {host for event, host in heard if event != "socket.connect"} <= {"127.0.0.1"}
    assert {tuple(address) for event, address in heard if event == "socket.connect"} == {("127.0.0.1", port)}


# Runs the program with the interpreter's own audit of look-ups and connections, each a line of a file.
_WATCHED = """
import json, sys
heard = open(sys.argv[1], "a")
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1]
    else:
        return
    heard.write(json.dumps([event, host]) + "\\n")
    heard.flush()
sys.addaudithook(watch)
from poa.cli import main
for arguments in json.loads(sys.argv[2]):
    sys.argv = ["poa", *arguments]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""


def test_the_report_says_which_model_failed_half_its_calls(tmp_path: Path, poa: Command) -> None:
    with FakeServer(by_model(good=half_fails, poor=poor)) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    for name in ("report.html", "report.md"):
        assert poa("eval", "report", tmp_path / "run", "-o", tmp_path / name) == 0
        text = (tmp_path / name).read_text("utf-8")
        [share] = re.findall(r"good: (\d+)% of its calls failed\.", text)
        assert 40 <= int(share) <= 60
        assert "unscored" in text


def test_a_model_that_answers_nothing_at_first_is_ranked_on_what_it_answered(
    tmp_path: Path, poa: Command
) -> None:
    with FakeServer(by_model(good=good, poor=lambda _: error(401, "no key"))) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 3
    assert poa("eval", "report", tmp_path / "run") == 0
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "good is ahead on" in page
    assert "poor: 100% of its calls failed." in page


def test_a_model_on_this_machine_reads_the_same_instructions_in_a_row(tmp_path: Path) -> None:
    class Alone(ScriptedModel):
        concurrency = 1

    (tmp_path / "loud").mkdir()
    (tmp_path / "loud" / "polish.jinja").write_text("WRITE PLAINLY.", "utf-8")
    models = [
        {"name": name, "model": "local", "temperature": t} for name, t in (("cool", 0.3), ("warm", 0.8))
    ]
    prompts = [{"name": "default"}, {"name": "loud", "folder": "loud"}]
    suite = load_suite(suite_file(tmp_path, "", models=models, prompts=prompts))
    cases, contestants = list_cases(suite, tmp_path), list_contestants(suite, tmp_path)
    plan = Plan(suite, cases, contestants, 1, tmp_path / "run", tmp_path / "replies.sqlite", 8)
    model = Alone(lambda _: "no letter")
    asyncio.run(run_suite(plan, open_with=lambda _: model))
    order = ["cool / default", "warm / default", "cool / loud", "warm / loud"]
    made = [sample["contestant"] for sample in read_samples(tmp_path / "run")]
    # Case by case, so that a run that is stopped has the same cases of all.
    assert made == [*order, *order]


def _nobody_listens() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def _wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "nothing happened for too long"
        time.sleep(0.02)
