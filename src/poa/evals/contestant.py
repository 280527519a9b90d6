"""A contestant at work: its model behind the seam, with the suite's parameters, prompts, cache and budget."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from poa.errors import InputError, ModelError
from poa.evals.purse import BudgetSpentError, Purse
from poa.evals.replies import KeptReply, ReplyStore, reply_key
from poa.evals.suite import Contestant
from poa.models.base import ChatModel, ChatReply, ChatRequest, Message, request_key
from poa.resources import prompts_dir

# A request's own time, counted from when it is sent and not from when it began to wait for its turn.
_REMOTE_TIMEOUT_S = 180.0
_LOCAL_TIMEOUT_S = 1800.0

__all__ = ["Call", "Entrant", "Recorder", "asked_of", "substitute"]


@dataclass(frozen=True)
class Call:
    """One request of a draft and what came of it: the raw reply, or why there is none."""

    key: str
    asked: str
    reply: KeptReply | None
    cached: bool
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The call as it stands in a log; `asked` is the JSON object that ended the request."""
        return {
            "key": self.key,
            "asked": self.asked,
            "reply": None if self.reply is None else self.reply.as_json(),
            "cached": self.cached,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, logged: Mapping[str, Any]) -> Call:
        """The call of a log."""
        reply = None if logged["reply"] is None else KeptReply(**logged["reply"])
        return cls(logged["key"], logged["asked"], reply, logged["cached"], logged["error"])


class Entrant:
    """A contestant's open model, shared by all its drafts: at most `concurrency` requests at once."""

    def __init__(
        self,
        contestant: Contestant,
        model: ChatModel,
        store: ReplyStore,
        purse: Purse,
        concurrency: asyncio.Semaphore,
        timeout_s: float | None = None,
    ) -> None:
        self.contestant = contestant
        self.model = model
        self.store = store
        self.purse = purse
        self.room = concurrency
        self.where = model.identity
        self.alone = asyncio.Semaphore(max(1, model.concurrency))
        self.timeout_s = timeout_s or (_LOCAL_TIMEOUT_S if model.concurrency == 1 else _REMOTE_TIMEOUT_S)


class Recorder:
    """The seam for one draft: tunes each request, answers from what was kept, and keeps what comes.

    `calls` holds every request of the draft in the order in which they ended.
    """

    def __init__(self, entrant: Entrant, repeat: int) -> None:
        self._entrant = entrant
        self._repeat = repeat
        self.calls: list[Call] = []
        self.starved = False

    @property
    def name(self) -> str:
        return self._entrant.model.name

    @property
    def identity(self) -> str:
        return self._entrant.model.identity

    @property
    def concurrency(self) -> int:
        return self._entrant.model.concurrency

    @property
    def on_this_machine(self) -> bool:
        return self._entrant.model.on_this_machine

    async def reply(self, request: ChatRequest) -> ChatReply:
        entrant = self._entrant
        request = tuned(request, entrant.contestant, self._repeat)
        key = reply_key(entrant.where, request_key("", request), self._repeat)
        asked = asked_of(request)
        async with entrant.store.turn(key):
            kept = entrant.store.get(key)
            if kept is not None:
                self.calls.append(Call(key, asked, kept, True))
                return _chat_reply(kept, cached=True)
            try:
                kept = await self._ask(request)
            except BudgetSpentError:
                # Nothing was asked: the draft is left for a run with more to spend.
                self.starved = True
                raise
            except ModelError as error:
                self.calls.append(Call(key, asked, None, False, str(error)))
                raise
            entrant.store.put(key, kept)
        self.calls.append(Call(key, asked, kept, False))
        return _chat_reply(kept, cached=False)

    async def aclose(self) -> None:
        return None

    async def _ask(self, request: ChatRequest) -> KeptReply:
        entrant = self._entrant
        # The model's own limit first: one that works on a single request must not hold up the others' room.
        async with entrant.alone, entrant.room:
            reserved = entrant.purse.reserve(entrant.model.name, request)
            reply: ChatReply | None = None
            began = time.perf_counter()
            first: list[float] = []

            def heard(written_chars: int) -> None:
                if not first and written_chars:
                    first.append(time.perf_counter() - began)
                if request.on_progress is not None:
                    request.on_progress(written_chars)

            sent = replace(request, on_progress=heard, timeout_s=entrant.timeout_s)
            try:
                reply = await entrant.model.reply(sent)
            finally:
                entrant.purse.settle(reserved, entrant.model.name, reply)
        return KeptReply(
            reply.text,
            reply.prompt_tokens,
            reply.completion_tokens,
            reply.finish_reason,
            round(reply.seconds, 4),
            reply.estimated,
            reply.model,
            round(first[0], 4) if first else None,
        )


def tuned(request: ChatRequest, contestant: Contestant, repeat: int) -> ChatRequest:
    """The request with the contestant's parameters and prompts; each repeat has a seed of its own."""
    settings = contestant.settings
    seed = request.seed if settings.seed is None else settings.seed
    return replace(
        request,
        messages=substitute(request.messages, contestant.templates),
        temperature=request.temperature if settings.temperature is None else settings.temperature,
        max_tokens=request.max_tokens if settings.max_tokens is None else settings.max_tokens,
        seed=None if seed is None else seed + 1000 * repeat,
    )


def substitute(messages: tuple[Message, ...], templates: Mapping[str, str]) -> tuple[Message, ...]:
    """The messages with the shipped prompts' words replaced by the variant's templates of the same name."""
    if not templates:
        return messages
    changed = messages
    for name, text in templates.items():
        for old, new in _pieces(name, text):
            changed = tuple(replace(m, content=m.content.replace(old, new)) for m in changed)
    if changed == messages:
        raise InputError(
            f"The prompt variant ({', '.join(templates)}) changes nothing in what is asked: its files must be"
            " named like the shipped templates, and differ from them."
        )
    return changed


def _pieces(name: str, text: str) -> list[tuple[str, str]]:
    shipped = prompts_dir() / name
    if not shipped.is_file():
        raise InputError(f"There is no shipped prompt {name} for a variant to replace.")
    old = shipped.read_text("utf-8")
    if name.endswith(".json"):
        before, after = json.loads(old), json.loads(text)
        return [
            (json.dumps(before[turn], ensure_ascii=False), json.dumps(after[turn], ensure_ascii=False))
            for turn in before
        ]
    return [(old.strip(), text.strip())]


def asked_of(request: ChatRequest) -> str:
    """The JSON object that ends the request: what it is about, still masked."""
    content = request.messages[-1].content
    starts = [at for mark in ('{"section"', '{"sentences"') if (at := content.find(mark)) >= 0]
    return content[min(starts) :] if starts else content


def _chat_reply(kept: KeptReply, cached: bool) -> ChatReply:
    return ChatReply(
        kept.text,
        kept.prompt_tokens,
        kept.completion_tokens,
        kept.finish_reason,
        kept.seconds,
        kept.estimated,
        kept.model,
        cached,
    )
