"""A model that is asked through another process of this program.

`poa batch` has one process that asks, for all that draft. `poa draft` starts one that loads the `openai` package
and opens the connection while this one reads the facts and writes the skeleton: a third of a second of either, on
two processors at the same time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from poa.errors import ModelError
from poa.pipe import StartedEnd, code_to_start, messages_of, packed

if TYPE_CHECKING:
    from poa.models.base import ChatModel, ChatReply, ChatRequest
    from poa.models.openai import OpenAIModel

__all__ = ["AskedModel", "ModelApart", "answer", "serve", "worth_a_process"]


# ---------------------------------------------------------------- the side that asks


class AskedModel:
    """The model of another process. `tell` sends a message there; what comes back is handed to `take`."""

    def __init__(
        self,
        name: str,
        identity: str,
        concurrency: int,
        on_this_machine: bool,
        tell: Callable[..., None],
    ) -> None:
        self.name = name
        self.identity = identity
        self.concurrency = concurrency
        self.on_this_machine = on_this_machine
        self._tell = tell
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[ChatReply]] = {}

    async def reply(self, request: ChatRequest) -> ChatReply:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._tell("ask", number, replace(request, on_progress=None))
        try:
            return await self._waiting[number]
        except asyncio.CancelledError:
            self._tell("drop", number)
            raise
        finally:
            del self._waiting[number]

    def take(self, kind: str, number: int, *what: Any) -> None:
        """What was answered to a request of this process."""
        waiting = self._waiting.get(number)
        if waiting is None or waiting.done():
            return
        if kind == "broken":
            waiting.set_exception(RuntimeError(*what))
            return
        self.name, said = what
        if isinstance(said, str):
            waiting.set_exception(ModelError(said))
        else:
            waiting.set_result(said)

    async def aclose(self) -> None:
        """Nothing is open on this side."""


def worth_a_process() -> bool:
    """Whether a process that asks saves time: not on one processor, nor where the package is loaded already."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1 and "openai" not in sys.modules


# A process that has stopped is waited for so much longer than a request may take.
_GRACE_S = 1.0
_LEAST_TIMEOUT_S = 0.1


class _NotThereError(Exception):
    """The other process ended before it could have asked anything."""


class ModelApart(AskedModel):
    """An endpoint's model, asked by a process that starts at once and ends with this one, or by `end`.

    For one event loop. Where no process can be started, this one asks.
    """

    def __init__(self, model: OpenAIModel) -> None:
        super().__init__(model.name, model.identity, model.concurrency, model.on_this_machine, self._send)
        self._model = model
        self._process: subprocess.Popen[bytes] | None = None
        self._unsent: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._there = False
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                code_to_start("poa.models.apart", "serve"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            # Over the pipe: the message holds the key, and a command line is seen by all.
            self._send("model", model.opened_with)
            self._run(self._write, self._process.stdin)

    async def reply(self, request: ChatRequest) -> ChatReply:
        if self._process is None:
            return await self._model.reply(request)
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._run(self._read, self._process.stdout)
        longest_s = None if request.timeout_s is None else request.timeout_s + _GRACE_S
        try:
            async with asyncio.timeout(longest_s):
                return await super().reply(request)
        except TimeoutError:
            raise ModelError(
                f"{self.name} did not answer within {request.timeout_s:g} s: try again, or allow more with --timeout."
            ) from None
        except _NotThereError:
            return await self._model.reply(request)

    async def aclose(self) -> None:
        self.end()
        await self._model.aclose()

    def end(self) -> None:
        """Ends the process, whatever it is at: nobody waits for it any more."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        self._unsent.put(None)
        for thread in self._threads:
            thread.join()
        with contextlib.suppress(OSError), process:
            pass  # Waits for it, and closes its pipes.

    def _send(self, *message: object) -> None:
        # A thread writes: a process that has stopped must not stop this one.
        self._unsent.put(packed(*message, time.monotonic()))

    def _run(self, loop: Callable[[IO[bytes]], None], pipe: IO[bytes] | None) -> None:
        thread = threading.Thread(target=loop, args=(pipe,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _write(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            while (message := self._unsent.get()) is not None:
                pipe.write(message)
                pipe.flush()

    def _read(self, pipe: IO[bytes]) -> None:
        assert self._loop is not None
        # Nobody is left to be told when the loop has ended first.
        with contextlib.suppress(RuntimeError):
            for message in messages_of(pipe):
                self._loop.call_soon_threadsafe(self._received, *message)
            self._loop.call_soon_threadsafe(self._lost)

    def _received(self, kind: str, *what: Any) -> None:
        self._there = True
        if kind != "here":
            self.take(kind, *what)

    def _lost(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(
                    ModelError("The process that asks the model ended: run the same line again.")
                    if self._there
                    else _NotThereError()
                )
        self.end()


# ---------------------------------------------------------------- the side that answers


async def answer(model: ChatModel, number: int, request: ChatRequest) -> tuple[object, ...]:
    """The message that tells a process what the model answered to its request, or what went wrong."""
    said: ChatReply | str
    try:
        said = await model.reply(request)
    except ModelError as error:
        said = str(error)
    except Exception as error:
        # A fault of this program's own: it is the request's outcome, as it would be in the process that asked.
        return ("broken", number, type(error).__name__)
    # An endpoint that serves a single model tells its name with the first reply.
    return ("reply", number, model.name, said)


def serve() -> None:
    """The life of a process that asks for another: requests come in by standard input, until it ends."""
    import gc

    # Loading a thousand modules makes no garbage.
    gc.disable()
    asyncio.run(_serve())


async def _serve() -> None:
    from poa.models.openai import OpenAIModel

    starter = StartedEnd()
    _, opened_with, _ = await starter.next()
    model = OpenAIModel(**opened_with)
    model.warm_up()
    starter.tell("here")
    asked: dict[int, asyncio.Task[None]] = {}

    async def ask(number: int, request: ChatRequest, sent: float) -> None:
        if request.timeout_s is not None:
            # Both processes have the same clock, and loading took a while.
            left_s = request.timeout_s - (time.monotonic() - sent)
            request = replace(request, timeout_s=max(left_s, _LEAST_TIMEOUT_S))
        try:
            starter.tell(*await answer(model, number, request))
        finally:
            asked.pop(number, None)

    while True:
        kind, number, *what = await starter.next()
        if kind == "ask":
            asked[number] = asyncio.create_task(ask(number, *what))
        elif number in asked:
            asked[number].cancel()
