"""What is kept on this machine: recordings, replies, token counts."""

import asyncio
import json
from pathlib import Path

import pytest

from poa.errors import ModelError
from poa.models.base import ChatReply, ChatRequest, Message, request_key
from poa.models.cache import CachedModel, ReplyCache
from poa.models.replay import RecordingModel, ReplayModel
from poa.models.scripted import ScriptedModel
from poa.models.tokens import TokenCount, count_tokens

REQUEST = ChatRequest((Message("user", "Say it."),))


def test_a_recording_replays_without_the_model_and_says_who_wrote_it(tmp_path: Path) -> None:
    async def run() -> tuple[ChatReply, ChatReply]:
        recorder = RecordingModel(ScriptedModel(lambda _: "said", name="writer-1"), tmp_path)
        return await recorder.reply(REQUEST), await ReplayModel(tmp_path).reply(REQUEST)

    first, again = asyncio.run(run())
    assert (again.text, again.model, again.cached) == (first.text, "writer-1", True)
    assert [path.stem for path in tmp_path.iterdir()] == [request_key("", REQUEST)]


def test_a_request_that_was_not_recorded_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No reply was recorded"):
        asyncio.run(ReplayModel(tmp_path).reply(REQUEST))
    with pytest.raises(ModelError, match="no recordings"):
        ReplayModel(tmp_path / "none")


def test_a_damaged_recording_says_so(tmp_path: Path) -> None:
    (tmp_path / f"{request_key('', REQUEST)}.json").write_text("{}")
    with pytest.raises(ModelError, match="is no recording"):
        asyncio.run(ReplayModel(tmp_path).reply(REQUEST))


def test_what_was_answered_once_is_not_asked_again_and_no_request_is_kept(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    model = ScriptedModel(lambda request: f"to {request.messages[0].content}")

    async def run() -> list[ChatReply]:
        cached = CachedModel(model, cache)
        other = ChatRequest((Message("user", "Another."),))
        return [await cached.reply(request) for request in (REQUEST, REQUEST, other)]

    replies = asyncio.run(run())
    assert [(r.text, r.cached) for r in replies] == [
        ("to Say it.", False),
        ("to Say it.", True),
        ("to Another.", False),
    ]
    assert len(model.requests) == 2
    assert cache.clear() == 2
    assert not cache.path.exists()


def test_an_empty_answer_is_not_kept(tmp_path: Path) -> None:
    model = ScriptedModel(lambda _: "")
    cached = CachedModel(model, ReplyCache(tmp_path / "replies.sqlite"))

    async def run() -> None:
        await cached.reply(REQUEST)
        await cached.reply(REQUEST)

    asyncio.run(run())
    assert len(model.requests) == 2


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_cache_costs_a_call_and_no_draft(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_bytes(content)
    model = ScriptedModel(lambda _: "said")
    assert asyncio.run(CachedModel(model, ReplyCache(path)).reply(REQUEST)).text == "said"


def test_the_key_of_a_request_depends_on_all_that_decides_the_reply() -> None:
    from dataclasses import replace

    changes = (
        {"messages": (Message("system", "Say it."),)},
        {"schema": {}},
        {"grammar": "root ::= c"},
        {"max_tokens": 1},
        {"temperature": 0.5},
        {"seed": 1},
    )
    keys = {request_key("m", replace(REQUEST, **change)) for change in changes}  # type: ignore[arg-type]
    assert len({request_key("m", REQUEST), request_key("n", REQUEST), *keys}) == 8
    assert request_key("m", replace(REQUEST, timeout_s=3)) == request_key("m", REQUEST)


# Counted with o200k_base.
COUNTED = [
    ("We removed the agent's permission to use Buyer-Seller Messaging on June 12, 2024.", 18),
    ("我们于2024年6月12日取消了该客服的买家消息权限，并向所有买家发送了道歉信。", 29),
    (json.dumps({"section": "x", "passages": [{"id": "V1", "text": "On <DATE_1>, we wrote."}]}), 34),
]


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_an_estimate_is_near_the_count_in_english_and_chinese(
    text: str, tokens: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    counted = count_tokens(text)
    assert counted.estimated
    assert 0.75 * tokens <= counted.tokens <= 1.45 * tokens


def test_an_estimate_is_marked() -> None:
    assert (str(TokenCount(12, True)), str(TokenCount(12, False))) == ("~12", "12")
