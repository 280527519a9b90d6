"""A model kept to a pace: so many requests at once, so many requests and tokens a minute."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from poa.errors import InputError
from poa.models.base import ChatModel, ChatReply, ChatRequest
from poa.models.tokens import count_tokens

__all__ = ["PacedModel"]

# A polished section is about as long as what was sent of it, and that is about a third of the request.
_REPLY_SHARE = 1 / 3


class PacedModel:
    """The model, asked no more at once and no faster than allowed; whoever comes too early waits.

    `request_timeout_s` bounds one request; the wait for its turn does not count.
    """

    def __init__(
        self,
        model: ChatModel,
        *,
        concurrency: int,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        request_timeout_s: float | None = None,
    ) -> None:
        if concurrency < 1:
            raise InputError("The concurrency must be at least 1.")
        self._model = model
        self.concurrency = concurrency
        self._room = asyncio.Semaphore(concurrency)
        self._requests = _Meter(requests_per_minute)
        self._tokens = _Meter(tokens_per_minute)
        self._timeout_s = request_timeout_s

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def identity(self) -> str:
        return self._model.identity

    @property
    def on_this_machine(self) -> bool:
        return self._model.on_this_machine

    async def reply(self, request: ChatRequest) -> ChatReply:
        async with self._room:
            guess = self._tokens.limited and _expected_tokens(request)
            await self._requests.take(1)
            await self._tokens.take(guess)
            if self._timeout_s is not None:
                request = replace(
                    request, timeout_s=min(request.timeout_s or self._timeout_s, self._timeout_s)
                )
            reply = await self._model.reply(request)
            self._tokens.correct(reply.prompt_tokens + reply.completion_tokens - guess)
            return reply

    async def aclose(self) -> None:
        await self._model.aclose()


def _expected_tokens(request: ChatRequest) -> int:
    asked = sum(count_tokens(message.content).tokens for message in request.messages)
    return round(asked * (1 + _REPLY_SHARE))


class _Meter:
    """Lets through so much a minute, evenly: a provider counts over windows shorter than a minute, too."""

    def __init__(self, per_minute: float | None) -> None:
        self._seconds_each = 60 / per_minute if per_minute else 0.0
        self._free_at = 0.0

    @property
    def limited(self) -> bool:
        return self._seconds_each > 0

    async def take(self, amount: float) -> None:
        if not self.limited:
            return
        now = time.monotonic()
        begins = max(self._free_at, now)
        self._free_at = begins + amount * self._seconds_each
        if begins > now:
            await asyncio.sleep(begins - now)

    def correct(self, amount: float) -> None:
        """Counts what a request took beyond, or short of, what it was taken for."""
        self._free_at += amount * self._seconds_each
