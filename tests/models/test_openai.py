"""The endpoint model against a real server on loopback: every answer one can get, and what becomes of it."""

import asyncio
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import pytest

from poa.errors import InputError, ModelError
from poa.models.base import ChatReply, ChatRequest, Message
from poa.models.openai import OpenAIModel
from tests.fake_server import Answer, Body, FakeServer, Script, completion, error, faults

KEY = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def request(timeout_s: float = 5.0, **more: object) -> ChatRequest:
    return ChatRequest(
        messages=(Message("system", "Be brief."), Message("user", "你好, hello")),
        schema={"type": "object"},
        max_tokens=50,
        temperature=0.3,
        timeout_s=timeout_s,
        **more,  # type: ignore[arg-type]
    )


def ask(server: FakeServer, times: int = 1, timeout_s: float = 5.0, model: str = "fake") -> list[ChatReply]:
    async def run() -> list[ChatReply]:
        opened = OpenAIModel(model, base_url=server.base_url, api_key=KEY, first_wait_s=0.01)
        try:
            return [await opened.reply(request(timeout_s)) for _ in range(times)]
        finally:
            await opened.aclose()

    return asyncio.run(run())


def always(answer: Answer) -> Script:
    return lambda body: answer


def test_the_reply_carries_text_tokens_and_reason() -> None:
    with FakeServer(
        always(completion("fine", usage={"prompt_tokens": 12, "completion_tokens": 3}))
    ) as server:
        reply = ask(server)[0]
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("fine", 12, 3)
    assert (reply.finish_reason, reply.estimated, reply.model) == ("stop", False, "fake")


@pytest.mark.parametrize(
    "usage", [{}, {"prompt_tokens": -5, "completion_tokens": 10**12}, {"prompt_tokens": "many"}, [1], True]
)
def test_absurd_usage_is_replaced_by_an_estimate(usage: object) -> None:
    with FakeServer(always(completion("fine", usage=usage))) as server:
        reply = ask(server)[0]
    assert reply.estimated
    assert 0 < reply.prompt_tokens < 50
    assert 0 < reply.completion_tokens < 20


AGAIN: dict[str, Answer] = {
    **{f"status {status}": error(status) for status in (408, 409, 425, 429, 500, 502, 503, 504, 529)},
    "429 with Retry-After in seconds": error(429, headers={"Retry-After": "0"}),
    "429 with Retry-After as a date": error(429, headers={"Retry-After": formatdate(usegmt=True)}),
    "reset before the answer": Answer("{}", reset="before"),
    "reset in the body": Answer(completion("fine").body, reset="body"),
    "broken JSON": Answer('{"choices": [{'),
    "empty body": Answer(""),
    "no choices": Answer('{"choices": []}'),
    "an error with status 200": Answer('{"error": {"message": "overloaded"}}'),
}


@pytest.mark.parametrize("answer", AGAIN.values(), ids=AGAIN.keys())
def test_a_fault_that_may_pass_is_tried_again(answer: Answer) -> None:
    with FakeServer(faults([answer], then=always(completion("fine")))) as server:
        assert ask(server)[0].text == "fine"
        assert len(server.requests) == 2


LAST: dict[str, tuple[Answer, str]] = {
    "401": (error(401, f"Incorrect API key provided: {KEY}"), "refused the API key"),
    "403": (error(403), "does not allow this key"),
    "404": (error(404), "has no model fake"),
    "quota": (error(429, "You exceeded your quota", code="insufficient_quota"), "no credit left"),
    "a web page": (Answer("<html><body>Login</body></html>"), "web page"),
    "content filter": (completion("", "content_filter"), "refused to answer"),
    "refusal": (completion(None, refusal="I cannot help."), "refused to answer: I cannot help"),
}


@pytest.mark.parametrize(("answer", "says"), LAST.values(), ids=LAST.keys())
def test_a_fault_that_will_not_pass_is_not_tried_again(answer: Answer, says: str) -> None:
    with FakeServer(always(answer)) as server:
        with pytest.raises(ModelError, match=says) as raised:
            ask(server)
        assert len(server.requests) == 1
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_tries_are_bounded() -> None:
    with FakeServer(always(error(500))) as server:
        with pytest.raises(ModelError, match="out of order"):
            ask(server)
        assert len(server.requests) == 4


STALLS = {
    "before the headers": Answer(completion("x").body, stall="headers", stall_s=30),
    "in the body": Answer(completion("x").body, stall="body", stall_s=30),
    "byte by byte": Answer(completion("x").body, drip_s=0.2),
    "asked to wait longer than there is time": error(429, headers={"Retry-After": "3600"}),
    "asked to wait until tomorrow": error(503, headers={"Retry-After": formatdate(time.time() + 86400, usegmt=True)}),
}  # fmt: skip


@pytest.mark.parametrize("answer", STALLS.values(), ids=STALLS.keys())
def test_nothing_waits_longer_than_the_time_allowed(answer: Answer) -> None:
    with FakeServer(always(answer)) as server:
        started = time.perf_counter()
        with pytest.raises(ModelError):
            ask(server, timeout_s=0.6)
        assert time.perf_counter() - started < 2.5


def test_an_address_where_nothing_listens_is_named() -> None:
    async def run() -> None:
        model = OpenAIModel("fake", base_url="http://127.0.0.1:9/v1", api_key=KEY, first_wait_s=0.01)
        try:
            await model.reply(request())
        finally:
            await model.aclose()

    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9 could not be reached"):
        asyncio.run(run())


def picky(refuses: Callable[[Body], str | None]) -> Script:
    """An endpoint that refuses what it does not know, with the reason."""

    def script(body: Body) -> Answer:
        reason = refuses(body)
        return completion("fine") if reason is None else error(400, reason)

    return script


def formats(server: FakeServer) -> list[str]:
    return [body.get("response_format", {}).get("type", "text") for body in server.requests]


@pytest.mark.parametrize(
    ("takes", "asked"),
    [
        ({"json_schema"}, ["json_schema"]),
        ({"json_object"}, ["json_schema", "json_object"]),
        ({"text"}, ["json_schema", "json_object", "text"]),
    ],
)
def test_the_best_reply_format_is_found_out_and_remembered(
    takes: set[str], asked: list[str], own_cache: Path
) -> None:
    def refuses(body: Body) -> str | None:
        used = body.get("response_format", {}).get("type", "text")
        return None if used in takes else f"response_format {used} is not supported"

    with FakeServer(picky(refuses)) as server:
        ask(server, times=2)
        assert formats(server) == [*asked, asked[-1]]
        server.requests.clear()
        ask(server)
        assert formats(server) == [asked[-1]]
    for file in own_cache.glob("*"):
        assert KEY not in file.read_text()
        assert "127.0.0.1" not in file.read_text()


@pytest.mark.parametrize(
    ("unknown", "complaint", "then"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0.3", None),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_completion_tokens"),
        ("max_tokens", "Unknown field max_tokens", None),
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_supported_is_left_out(
    unknown: str, complaint: str, then: str | None
) -> None:
    with FakeServer(picky(lambda body: complaint if unknown in body else None)) as server:
        assert ask(server)[0].text == "fine"
        assert unknown in server.requests[0]
        assert unknown not in server.requests[1]
        assert then is None or then in server.requests[1]
        assert formats(server) == ["json_schema", "json_schema"]


def test_a_request_that_is_refused_in_every_form_ends() -> None:
    with FakeServer(always(error(400, "I do not like it"))) as server:
        with pytest.raises(ModelError, match="I do not like it"):
            ask(server)
        assert formats(server) == ["json_schema", "json_object", "text"]


def test_all_requests_of_a_run_share_one_connection_pool_and_send_the_key() -> None:
    with FakeServer(always(completion("fine"))) as server:
        ask(server, times=3)
        assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
        assert len(server.clients) == 1


def test_without_a_model_name_the_endpoint_is_asked_for_its_own() -> None:
    with FakeServer(always(completion("fine"))) as server:
        assert ask(server, model="")[0].model == "fake"
        assert server.requests[0]["model"] == "fake"


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://x/v1", "http://", "nonsense"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address of an endpoint"):
        OpenAIModel("m", base_url=address, api_key=None)


def test_a_key_with_a_space_or_a_chinese_character_is_refused() -> None:
    for key in ("sk 1", "sk-密"):
        with pytest.raises(InputError, match="copy it again"):
            OpenAIModel("m", base_url="http://127.0.0.1:9/v1", api_key=key)


def test_text_in_parts_and_a_body_with_unknown_fields_are_read() -> None:
    answer = json.loads(completion([{"type": "text", "text": "fi"}, {"type": "text", "text": "ne"}]).body)  # type: ignore[arg-type]
    answer["surprise"] = {"x": 1}
    with FakeServer(always(Answer(json.dumps(answer)))) as server:
        assert ask(server)[0].text == "fine"
