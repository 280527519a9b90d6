"""A model asked through another process: it answers, fails and ends as the same model in this process does."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from poa.errors import ModelError
from poa.models import apart
from poa.models.apart import ModelApart
from poa.models.base import ChatReply, ChatRequest, Message
from poa.models.openai import OpenAIModel
from tests.builders import small_facts
from tests.fake_server import Answer, Body, FakeServer, completion, error, polished, reword

KEY = "sk-test-0123456789"
ASKED = ChatRequest((Message("user", "Say yes."),), timeout_s=30)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))


def opened(server: FakeServer, model: str = "fake") -> OpenAIModel:
    return OpenAIModel(model, base_url=server.base_url, api_key=KEY)


def said(model: ModelApart | OpenAIModel, *requests: ChatRequest) -> list[ChatReply | str]:
    """The reply to each request, all asked at once, or the words of the failure; the model is closed."""

    async def ask(request: ChatRequest) -> ChatReply | str:
        try:
            return replace(await model.reply(request), seconds=0.0)
        except ModelError as failed:
            return str(failed)

    async def walk() -> list[ChatReply | str]:
        try:
            return await asyncio.gather(*(ask(request) for request in requests))
        finally:
            await model.aclose()

    return asyncio.run(asyncio.wait_for(walk(), 60))


def echo(body: Body) -> Answer:
    return completion(body["messages"][-1]["content"] + "!")


def test_replies_and_what_is_sent_are_those_of_the_model_in_this_process() -> None:
    requests = [replace(ASKED, messages=(Message("user", f"{n} " + "long " * 20_000),)) for n in range(6)]
    with FakeServer(echo) as server:
        here = said(opened(server), *requests)
        sent = sorted(json.dumps(body) for body in server.requests)
        server.requests.clear()
        assert said(ModelApart(opened(server)), *requests) == here
        assert sorted(json.dumps(body) for body in server.requests) == sent
        assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    "answer", [error(401), error(404), Answer("<html>"), Answer("{"), completion(None, "content_filter")]
)
def test_a_failure_is_told_in_the_same_words(answer: Answer) -> None:
    with FakeServer(lambda _: answer) as server:
        here = said(OpenAIModel("fake", base_url=server.base_url, api_key=KEY, first_wait_s=0.01), ASKED)
        far = OpenAIModel("fake", base_url=server.base_url, api_key=KEY, first_wait_s=0.01)
        assert isinstance(here[0], str)
        assert said(ModelApart(far), ASKED) == here


def test_the_endpoints_own_name_for_its_only_model_comes_with_the_reply() -> None:
    with FakeServer(echo) as server:
        model = ModelApart(opened(server, ""))
        assert [reply.model for reply in said(model, ASKED) if isinstance(reply, ChatReply)] == ["fake"]
        assert model.name == "fake"


def test_the_time_a_request_may_take_counts_from_when_it_is_asked() -> None:
    with FakeServer(lambda _: Answer("late", stall="headers", stall_s=20)) as server:
        [failure] = said(ModelApart(opened(server)), replace(ASKED, timeout_s=1.5))
    assert isinstance(failure, str)
    assert "did not answer" in failure


def test_a_process_that_cannot_start_or_ends_at_once_leaves_the_asking_to_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for line in (["/nowhere/python"], [sys.executable, "-c", "raise SystemExit(1)"]):
        monkeypatch.setattr(apart, "code_to_start", lambda *_, line=line: line)
        with FakeServer(echo) as server:
            [reply] = said(ModelApart(opened(server)), ASKED)
            assert isinstance(reply, ChatReply)
            assert reply.text == "Say yes.!"


def test_a_process_that_ends_while_it_asks_is_told_and_not_asked_again() -> None:
    with FakeServer(lambda _: Answer("late", stall="headers", stall_s=20)) as server:
        model = ModelApart(opened(server))
        process = model._process
        assert process is not None

        async def walk() -> None:
            asking = asyncio.create_task(model.reply(ASKED))
            while not server.requests:
                await asyncio.sleep(0.01)
            process.kill()
            with pytest.raises(ModelError, match="run the same line again"):
                await asking
            await model.aclose()

        asyncio.run(asyncio.wait_for(walk(), 60))
        assert len(server.requests) == 1


def test_the_process_is_gone_once_the_model_is_closed_or_ended() -> None:
    with FakeServer(echo) as server:
        used, unused = ModelApart(opened(server)), ModelApart(opened(server))
        processes = [model._process for model in (used, unused)]
        said(used, ASKED)
        unused.end()
        assert [process is not None and process.returncode is not None for process in processes] == [
            True,
            True,
        ]


def test_it_ends_with_its_pipe() -> None:
    code = "from poa.models.apart import serve; serve()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = process.communicate(b"", timeout=60)
    assert (process.returncode, out) == (0, b"")


def test_the_key_stands_on_no_command_line() -> None:
    with FakeServer(echo) as server:
        model = ModelApart(opened(server))
        assert model._process is not None
        assert KEY not in str(model._process.args)
        model.end()


def draft_of(folder: Path, server: FakeServer) -> subprocess.Popen[str]:
    """`poa draft` as a person starts it, against the server."""
    facts = folder / "facts.yaml"
    facts.write_text(yaml.safe_dump(small_facts(), sort_keys=False))
    line = ["draft", str(facts), "--model", "fake", "--base-url", server.base_url, "--no-cache"]
    return subprocess.Popen(
        [sys.executable, "-c", "from poa.cli import main; main()", *line],
        env={**os.environ, "OPENAI_API_KEY": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_draft_is_polished_and_a_refused_key_is_told(tmp_path: Path) -> None:
    with FakeServer(lambda body: completion(polished(body, reword))) as server:
        process = draft_of(tmp_path, server)
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
        assert "Check: passed" in told
        server.script = lambda _: error(401)
        (tmp_path / "other").mkdir()
        process = draft_of(tmp_path / "other", server)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "refused the API key" in told
    assert KEY not in told
    assert "Traceback" not in told


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="which processes there are is told by /proc")
def test_a_killed_draft_leaves_no_process_behind(tmp_path: Path) -> None:
    with FakeServer(lambda _: Answer("late", stall="headers", stall_s=60)) as server:
        process = draft_of(tmp_path, server)
        while not server.requests:
            assert process.poll() is None
            time.sleep(0.01)
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(listed) == (1 if len(os.sched_getaffinity(0)) > 1 else 0)
        process.kill()
        process.communicate()
        until = time.monotonic() + 20
        while any(_runs(pid) for pid in listed):
            assert time.monotonic() < until
            time.sleep(0.05)


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
