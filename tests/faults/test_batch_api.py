"""`poa batch --via openai-batch` against a faithful fake: handed in, collected, resumed, nothing paid for twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from poa.batch import CaseOutcome, find_cases
from poa.batch_api import draft_by_batch_api
from poa.errors import ModelError
from poa.models.openai import OpenAIModel
from tests.builders import small_facts
from tests.fake_server import completion, polished, reword
from tests.faults.batch_server import BatchServer, Body
from tests.test_batch import write_case


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    for n in range(3):
        facts = small_facts()
        facts["root_causes"][0]["statement"] = f"Nobody checked the messages of {n + 20} agents."
        write_case(tmp_path / "cases" / f"c{n}", facts)
    return tmp_path / "cases"


def answer(body: Body) -> tuple[int, Body]:
    return 200, json.loads(str(completion(polished(body, reword)).body))


def run(server: BatchServer, cases: Path, wait: bool = True) -> list[CaseOutcome]:
    async def walk() -> list[CaseOutcome]:
        model = OpenAIModel("fake", base_url=server.base_url, api_key="sk-test-0123456789", first_wait_s=0.01)
        try:
            found = find_cases([cases])
            stream = draft_by_batch_api(found, model, poll_s=0.01, wait=wait, tell=lambda line: None)
            return [outcome async for outcome in stream]
        finally:
            await model.aclose()

    return asyncio.run(walk())


def statuses(outcomes: list[CaseOutcome]) -> Counter[str]:
    return Counter(outcome.status for outcome in outcomes)


def twice(server: BatchServer) -> list[str]:
    return [name for name, times in Counter(server.asked).items() if times > 1]


def test_cases_are_handed_in_collected_and_drafted(cases: Path) -> None:
    with BatchServer(answer) as server:
        outcomes = run(server, cases)
        assert statuses(outcomes) == {"drafted": 3}
        assert len(server.batches) == 1
        assert twice(server) == []
        assert sum(o.requests for o in outcomes) == len(server.asked)
        # The provider keeps nothing that it need not.
        assert server.files == {}


def test_a_second_run_hands_in_nothing(cases: Path) -> None:
    with BatchServer(answer) as server:
        run(server, cases)
        again = run(server, cases)
        assert all(outcome.kept for outcome in again)
        assert len(server.batches) == 1


def test_what_the_check_refuses_is_repaired_in_a_second_batch(cases: Path) -> None:
    def careless_once(body: Body) -> tuple[int, Body]:
        wrong = "notes" not in body["messages"][-1]["content"]
        change = (lambda _, text: f"{text} The buyer is to blame.") if wrong else reword
        return 200, json.loads(str(completion(polished(body, change)).body))

    with BatchServer(careless_once) as server:
        assert statuses(run(server, cases)) == {"drafted": 3}
        assert len(server.batches) == 2
        assert twice(server) == []


def test_without_waiting_it_leaves_and_the_same_line_collects(cases: Path) -> None:
    with BatchServer(answer, looks=3) as server:
        assert statuses(run(server, cases, wait=False)) == {"waiting": 3}
        seen = [statuses(run(server, cases, wait=False)) for _ in range(4)]
        assert seen[-1] == {"drafted": 3}
        assert len(server.batches) == 1


def test_a_batch_whose_start_was_never_confirmed_is_found_again(cases: Path) -> None:
    """As after `kill -9` between handing in and the answer: only the provider knows of the batch."""
    with BatchServer(answer) as server:
        asyncio.run(_hand_in_and_die(server, cases))
        assert len(server.batches) == 1
        assert statuses(run(server, cases)) == {"drafted": 3}
        assert len(server.batches) == 1
        assert twice(server) == []


async def _hand_in_and_die(server: BatchServer, cases: Path) -> None:
    model = OpenAIModel("fake", base_url=server.base_url, api_key="sk-test-0123456789")
    found = find_cases([cases])
    said: list[str] = []
    stream = draft_by_batch_api(found, model, poll_s=60, tell=said.append)
    task = asyncio.ensure_future(anext(stream))
    while not server.batches:
        await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await stream.aclose()
    await model.aclose()


def test_what_expired_is_handed_in_again_and_the_rest_is_not(cases: Path) -> None:
    with BatchServer(answer, expires=1) as server:
        assert statuses(run(server, cases)) == {"drafted": 3}
        assert len(server.batches) == 2
        assert twice(server) == []


def test_a_request_that_fails_for_good_leaves_its_section_the_skeletons(cases: Path) -> None:
    def failing(body: Body) -> tuple[int, Body]:
        if "20 agents" in body["messages"][-1]["content"]:
            return 500, {"error": {"message": "The server had an error"}}
        return answer(body)

    with BatchServer(failing) as server:
        outcomes = run(server, cases)
    assert statuses(outcomes) == {"drafted": 2, "unpolished": 1}
    assert all(outcome.letter for outcome in outcomes)


def test_an_endpoint_without_json_schema_is_asked_in_its_own_way(cases: Path) -> None:
    def picky(body: Body) -> tuple[int, Body]:
        if body.get("response_format", {}).get("type") == "json_schema":
            return 400, {"error": {"message": "response_format json_schema is not supported"}}
        return answer(body)

    with BatchServer(picky) as server:
        assert statuses(run(server, cases)) == {"drafted": 3}
        assert len(server.batches) == 2


def test_a_connection_that_drops_before_the_answer_hands_in_once(cases: Path) -> None:
    with BatchServer(answer) as server:
        server.drops = {"POST /v1/files"}
        assert statuses(run(server, cases)) == {"drafted": 3}
        assert twice(server) == []


def test_an_endpoint_without_a_batch_api_says_so(cases: Path) -> None:
    from tests.fake_server import FakeServer, echo

    with FakeServer(echo()) as server, pytest.raises(ModelError):
        run(server, cases)  # type: ignore[arg-type]


def test_nothing_private_is_uploaded(cases: Path) -> None:
    with BatchServer(answer) as server:
        run(server, cases)
        sent = b"\n".join(server.received)
    for value in ("Li Wei", "Cedar Point", "112-3456789", "B0ABCDEFGH", "February 18", "2024", str(cases)):
        assert value.encode() not in sent
