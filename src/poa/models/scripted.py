"""A model that answers what it is told to: for tests and for trying the walk without any model."""

from __future__ import annotations

import time
from collections.abc import Callable

from poa.models.base import ChatReply, ChatRequest
from poa.models.tokens import count_tokens

__all__ = ["ScriptedModel"]


class ScriptedModel:
    """Answers each request with what `script` makes of it; a `ModelError` it raises is the model's failure."""

    concurrency = 8
    on_this_machine = True

    def __init__(self, script: Callable[[ChatRequest], str], name: str = "scripted") -> None:
        self._script = script
        self.name = name
        self.identity = name
        self.requests: list[ChatRequest] = []

    async def reply(self, request: ChatRequest) -> ChatReply:
        started = time.perf_counter()
        self.requests.append(request)
        text = self._script(request)
        return ChatReply(
            text=text,
            prompt_tokens=sum(count_tokens(m.content).tokens for m in request.messages),
            completion_tokens=count_tokens(text).tokens,
            finish_reason="stop",
            seconds=time.perf_counter() - started,
            estimated=True,
            model=self.name,
        )

    async def aclose(self) -> None:
        return None
