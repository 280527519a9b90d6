"""Recorded replies: the same requests give the same replies, without a model and without a network."""

from __future__ import annotations

import json
from pathlib import Path

from poa.errors import ModelError
from poa.models.base import ChatModel, ChatReply, ChatRequest, request_key
from poa.models.folders import write_atomically

__all__ = ["RecordingModel", "ReplayModel"]


class ReplayModel:
    """Answers from a folder of recordings, one JSON file a request, named by the request's hash."""

    concurrency = 8
    on_this_machine = True

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ModelError(f"There are no recordings in {folder}: name a folder of recordings.")
        self._folder = folder
        self.name = f"replay:{folder.name}"
        self.identity = self.name

    async def reply(self, request: ChatRequest) -> ChatReply:
        path = self._folder / f"{request_key('', request)}.json"
        try:
            recorded = json.loads(path.read_text(encoding="utf-8"))
            return ChatReply(
                text=recorded["text"],
                prompt_tokens=recorded["prompt_tokens"],
                completion_tokens=recorded["completion_tokens"],
                finish_reason=recorded["finish_reason"],
                seconds=recorded["seconds"],
                estimated=recorded["estimated"],
                model=recorded["written_by"],
                cached=True,
            )
        except FileNotFoundError:
            raise ModelError(
                f"No reply was recorded for this request in {self._folder}: the facts, the prompts or the"
                " parameters have changed since; record again with the model that wrote them."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is no recording ({error}): record it again.") from error

    async def aclose(self) -> None:
        return None


class RecordingModel:
    """Passes every request on, and writes down each reply with the name of the model that wrote it."""

    def __init__(self, model: ChatModel, folder: Path) -> None:
        self._model = model
        self._folder = folder

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def identity(self) -> str:
        return self._model.identity

    @property
    def concurrency(self) -> int:
        return self._model.concurrency

    @property
    def on_this_machine(self) -> bool:
        return self._model.on_this_machine

    async def reply(self, request: ChatRequest) -> ChatReply:
        reply = await self._model.reply(request)
        recorded = {
            "written_by": reply.model,
            "text": reply.text,
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "finish_reason": reply.finish_reason,
            "seconds": round(reply.seconds, 3),
            "estimated": reply.estimated,
        }
        # The hash leaves the model's name out, so that a recording stands in for whoever wrote it.
        path = self._folder / f"{request_key('', request)}.json"
        write_atomically(path, json.dumps(recorded, ensure_ascii=False, indent=1) + "\n")
        return reply

    async def aclose(self) -> None:
        await self._model.aclose()
