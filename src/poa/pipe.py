"""Messages between two processes of this program: one started the other, and they speak over its pipes.

A message is a tuple, its first part says which it is. The other end of a pipe is this program itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["StartedEnd", "code_to_start", "messages_of", "packed", "received"]

_LENGTH = struct.Struct("!I")


def packed(*message: object) -> bytes:
    """The message as it goes over a pipe."""
    body = pickle.dumps(message)
    return _LENGTH.pack(len(body)) + body


async def received(source: asyncio.StreamReader) -> tuple[Any, ...]:
    """The next message; `asyncio.IncompleteReadError` when the other process has ended."""
    (length,) = _LENGTH.unpack(await source.readexactly(_LENGTH.size))
    return _unpacked(await source.readexactly(length))


def messages_of(source: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """Each message in turn, waited for in this thread, until the other process has ended."""
    with contextlib.suppress(OSError):
        while len(head := source.read(_LENGTH.size)) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            body = source.read(length)
            if len(body) == length:
                yield _unpacked(body)


def code_to_start(module: str, function: str) -> list[str]:
    """The command line of a process that calls the function, with the same modules as here."""
    code = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import {function}; {function}()"
    return [sys.executable, "-c", code, *sys.path]


class StartedEnd:
    """The side of the process that was started: it ends when whoever started it does.

    Made within the event loop; messages come in from then on.
    """

    def __init__(self) -> None:
        # Ctrl-C goes to all processes of a terminal; the one that started this one says when it is over.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        # Nothing that is printed by mistake may stand between two messages.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._messages: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        listening = (sys.stdin.buffer, asyncio.get_running_loop())
        threading.Thread(target=self._listen, args=listening, daemon=True).start()

    async def next(self) -> tuple[Any, ...]:
        """The next message."""
        return await self._messages.get()

    def tell(self, *message: object) -> None:
        """Sends a message."""
        self._out.write(packed(*message))
        self._out.flush()

    def _listen(self, source: IO[bytes], loop: asyncio.AbstractEventLoop) -> None:
        for message in messages_of(source):
            loop.call_soon_threadsafe(self._messages.put_nowait, message)
        # Whoever started this process has ended, or has no more use for it.
        os._exit(0)


def _unpacked(body: bytes) -> tuple[Any, ...]:
    message: tuple[Any, ...] = pickle.loads(body)  # noqa: S301
    return message
