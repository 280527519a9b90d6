"""The embedded model: what it lacks is said in words; with its weights (`-m model`) it keeps to the grammar."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from poa.errors import ModelError
from poa.models.base import ChatReply, ChatRequest, Message
from poa.models.local import LocalModel, free_cores, missing_for_local, physical_cores
from poa.models.weights import default_weights
from poa.placeholders import Known
from poa.polish import Asked, polish_section


def ask(model: LocalModel, *requests: ChatRequest) -> list[ChatReply]:
    async def run() -> list[ChatReply]:
        try:
            return [await model.reply(request) for request in requests]
        finally:
            await model.aclose()

    return asyncio.run(run())


def test_cores_are_counted_between_one_and_what_the_machine_has() -> None:
    assert 1 <= free_cores() <= physical_cores() <= (os.cpu_count() or 1)


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xllamacpp")
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path))
    assert missing_for_local() == "its weights are not on this machine (poa models pull)"
    default_weights().path.parent.mkdir(parents=True)
    default_weights().path.write_bytes(b"part")
    assert "damaged" in (missing_for_local() or "")
    assert missing_for_local(tmp_path / "x.gguf") == f"there is no file {tmp_path / 'x.gguf'}"


def test_a_file_that_is_no_model_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xllamacpp")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match=r"broken\.gguf cannot be loaded"):
        ask(LocalModel(broken), ChatRequest((Message("user", "Hello"),)))
    assert capfd.readouterr().out == ""


weights = pytest.mark.skipif(
    missing_for_local() is not None, reason="the weights are not here: poa models pull"
)


@pytest.mark.model
@weights
def test_a_reply_keeps_to_the_schema_and_says_nothing_on_standard_output(
    capfd: pytest.CaptureFixture[str],
) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    seen: list[int] = []
    request = ChatRequest(
        (Message("user", "Which colour has grass? Answer as JSON."),),
        schema=schema,
        max_tokens=40,
        on_progress=seen.append,
    )
    first, again = ask(LocalModel(), request, request)
    assert first.text.replace(" ", "").replace("\n", "") == '{"colour":"green"}'
    assert again.text == first.text
    assert not first.estimated
    assert seen == sorted(seen, key=lambda n: (n < seen[0], n)) or len(seen) > 1
    assert capfd.readouterr().out == ""


@pytest.mark.model
@weights
def test_a_polished_passage_brings_every_value_back_in_other_words() -> None:
    text = "On June 12, 2024, we told Zhang Min of order 113-5820416-7749205."

    async def run() -> str:
        model = LocalModel()
        try:
            polished = await polish_section(model, "x", [Asked("A1", text)], [Known("NAME", "Zhang Min")])
            return polished.texts["A1"]
        finally:
            await model.aclose()

    written = asyncio.run(run())
    assert written != text
    assert all(written.count(value) == 1 for value in ("June 12, 2024", "Zhang Min", "113-5820416-7749205"))


@pytest.mark.model
@weights
def test_a_reply_that_takes_too_long_is_stopped() -> None:
    request = ChatRequest((Message("user", "Write a very long story."),), max_tokens=2000, timeout_s=1)
    started = time.perf_counter()
    with pytest.raises(ModelError, match="did not finish within 1 s"):
        ask(LocalModel(), request)
    assert time.perf_counter() - started < 20
