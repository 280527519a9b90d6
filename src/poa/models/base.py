"""The one seam between the program and any language model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["ChatModel", "ChatReply", "ChatRequest", "Message", "Progress", "request_key"]


class Progress(Protocol):
    """Told of each piece of text as a model writes it; only models on this machine write that slowly."""

    def __call__(self, written_chars: int) -> None: ...


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """What a model is asked.

    `schema` is the JSON schema the reply should follow. `grammar` (GBNF) says the same and more, down to what
    only this request allows (the ids in their order, each placeholder once): a model in this process is held
    to it. It never goes over the wire: no endpoint's protocol has it.
    `max_tokens`, `temperature` and `seed` are left to the model's defaults when None.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    schema_name: str = "reply"
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    timeout_s: float | None = None
    grammar: str | None = None
    on_progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ChatReply:
    """What a model answered, and what it took.

    `estimated` is true when the endpoint did not count the tokens and this program did.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str
    seconds: float
    estimated: bool
    model: str
    cached: bool = False


class ChatModel(Protocol):
    """A language model; failures are `ModelError`, whatever is behind it.

    `concurrency` is how many requests it can usefully work on at once; `on_this_machine` says that nothing
    sent to it leaves the machine; `identity` tells apart models that may answer differently, and holds no
    secret.
    """

    @property
    def name(self) -> str: ...

    @property
    def identity(self) -> str: ...

    @property
    def concurrency(self) -> int: ...

    @property
    def on_this_machine(self) -> bool: ...

    async def reply(self, request: ChatRequest) -> ChatReply: ...

    async def aclose(self) -> None: ...


def request_key(model: str, request: ChatRequest) -> str:
    """The SHA-256 of everything that decides a reply: recordings and the cache are found by it."""
    content = {
        "model": model,
        "messages": [[m.role, m.content] for m in request.messages],
        "schema": request.schema,
        "grammar": request.grammar,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
    }
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
