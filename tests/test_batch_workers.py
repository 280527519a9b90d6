"""More processes for one batch: the same letters, the same requests, and nothing lost with a process that ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from poa.batch import CaseOutcome, draft_cases, find_cases
from poa.batch_workers import Workers, worth_starting
from poa.errors import ModelError
from poa.models.base import ChatModel, ChatReply, ChatRequest
from poa.models.scripted import ScriptedModel
from tests.builders import small_facts
from tests.test_batch import rewording, write_case

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are ended by signals here")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))


def outcomes(folder: Path, model: ChatModel | None, processes: int) -> dict[str, CaseOutcome]:
    async def walk() -> list[CaseOutcome]:
        return [o async for o in draft_cases(find_cases([folder]), model, processes=processes)]

    return {o.case: replace(o, seconds=0.0) for o in asyncio.run(walk())}


def four_cases(folder: Path) -> Path:
    for n in range(4):
        facts = small_facts()
        facts["root_causes"][0]["statement"] = f"Nobody in our {n + 2} offices had read the policy."
        write_case(folder / f"case{n}", facts)
    (folder / "bad").mkdir()
    (folder / "bad" / "facts.yaml").write_text("schema: 1\npack: [")
    return folder


def letters(folder: Path) -> dict[str, str]:
    return {path.parent.parent.name: path.read_text() for path in folder.rglob("letter.txt")}


class Endless:
    """A model that never answers, and says when it is asked."""

    name = identity = "endless"
    concurrency = 8
    on_this_machine = False

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def reply(self, request: ChatRequest) -> ChatReply:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError(request)

    async def aclose(self) -> None:
        """Nothing is open."""


def test_processes_write_what_one_would_write_and_ask_what_one_would_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, more = four_cases(tmp_path / "one"), four_cases(tmp_path / "more")
    alone, shared = ScriptedModel(rewording), ScriptedModel(rewording)
    first = outcomes(one, alone, 0)
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "another cache"))
    second = outcomes(more, shared, 2)
    assert letters(more) == letters(one)
    assert len(letters(more)) == 4
    # What cases share is asked for once, whichever process has them.
    assert len(shared.requests) == len(alone.requests)
    assert sum(o.requests for o in second.values()) == sum(o.requests for o in first.values())
    assert [(o.status, o.polished, o.skeleton) for _, o in sorted(second.items())] == [
        (o.status, o.polished, o.skeleton) for _, o in sorted(first.items())
    ]
    assert second["bad"].status == "unusable"


def test_without_a_model_too(tmp_path: Path) -> None:
    found = outcomes(four_cases(tmp_path), None, 2)
    assert [found[f"case{n}"].status for n in range(4)] == ["drafted"] * 4


def test_a_model_that_fails_is_the_cases_outcome(tmp_path: Path) -> None:
    def script(_: ChatRequest) -> str:
        raise ModelError("It is out of order.")

    found = outcomes(four_cases(tmp_path), ScriptedModel(script), 1)["case0"]
    assert (found.status, found.error) == ("unpolished", "It is out of order.")
    assert letters(tmp_path)["case0"]


def test_a_fault_of_the_program_stops_no_other_case_and_is_said(tmp_path: Path) -> None:
    def script(request: ChatRequest) -> str:
        if "3 offices" in request.messages[-1].content:
            raise ZeroDivisionError
        return rewording(request)

    found = outcomes(four_cases(tmp_path), ScriptedModel(script), 2)
    assert (found["case0"].status, found["case1"].status) == ("drafted", "unusable")
    assert "please report this" in (found["case1"].error or "")


def test_a_process_that_ends_costs_its_case_and_says_so(tmp_path: Path) -> None:
    cases = find_cases([four_cases(tmp_path)])

    async def walk() -> tuple[object, CaseOutcome]:
        model = Endless()
        workers = Workers(1, model, mask=True)
        await workers.start()
        drafting = asyncio.create_task(workers.draft(cases[1]))
        await model.asked.wait()
        os.kill(workers.pids[0], signal.SIGKILL)
        (lost,) = await asyncio.gather(drafting, return_exceptions=True)
        # The next one finds no process, and is drafted in this one; its facts cannot be read.
        following = await workers.draft(cases[0])
        await workers.aclose()
        return lost, following

    lost, following = asyncio.run(asyncio.wait_for(walk(), 60))
    assert isinstance(lost, ModelError)
    assert str(lost) == "The process that drafted it ended (-9): run the same line again."
    assert (following.case, following.status) == ("bad", "unusable")


@pytest.mark.parametrize("executable", ["/nowhere/python", "/bin/false"])
def test_where_no_process_can_be_started_this_one_drafts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    found = outcomes(four_cases(tmp_path), ScriptedModel(rewording), 2)
    assert [found[f"case{n}"].status for n in range(4)] == ["drafted"] * 4


def test_a_run_that_is_given_up_leaves_no_process(tmp_path: Path) -> None:
    cases = find_cases([four_cases(tmp_path)])

    async def walk() -> tuple[int, ...]:
        model = Endless()
        workers = Workers(2, model, mask=True)
        await workers.start()
        drafting = [asyncio.create_task(workers.draft(case)) for case in cases[1:]]
        await model.asked.wait()
        for task in drafting:
            task.cancel()
        pids = workers.pids
        await workers.aclose()
        return pids

    pids = asyncio.run(asyncio.wait_for(walk(), 60))
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_worker_ends_with_its_pipe() -> None:
    code = "from poa.batch_workers import work; work()"
    worker = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = worker.communicate(b"", timeout=60)
    assert (worker.returncode, out) == (0, b"")


def test_a_few_cases_and_a_model_on_this_machine_get_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)), raising=False)
    remote, local = ScriptedModel(rewording), ScriptedModel(rewording)
    local.concurrency = 1
    assert [worth_starting(n, remote) for n in (1, 19, 20, 60, 1000)] == [0, 0, 1, 3, 4]
    assert [worth_starting(n, None) for n in (20, 40)] == [0, 2]
    assert worth_starting(1000, local) == 0
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert worth_starting(1000, remote) == 0
