"""Replies kept on this machine, so that nothing is asked, waited for or paid for twice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from poa.errors import ModelError
from poa.models.base import ChatModel, ChatReply, ChatRequest, request_key
from poa.models.folders import cache_dir

__all__ = ["CacheSize", "CachedModel", "ReplyCache"]

# A reply is about a kilobyte: this is some fifty thousand letters' sections.
_MOST_BYTES = 200_000_000
# Room is made for a while at once, not before every reply.
_KEPT_SHARE = 0.8
_REPLIES_BETWEEN_LOOKS = 500
_FIELDS = frozenset(ChatReply.__dataclass_fields__)


@dataclass(frozen=True)
class CacheSize:
    """What the cache holds: how many replies, and their size and the file's limit in bytes."""

    replies: int
    bytes: int
    limit_bytes: int


class ReplyCache:
    """A file of replies by their requests' hashes. It holds masked text only, and no request and no key.

    The newest replies are kept, up to `limit_bytes`. A reply is on the disk before it is used, so that a
    killed run need not pay for it again. A file that cannot be read or written costs a call, never a draft;
    one that is no database is begun anew.
    """

    def __init__(self, path: Path | None = None, limit_bytes: int = _MOST_BYTES) -> None:
        self.path = path or cache_dir() / "replies.sqlite"
        self.limit_bytes = limit_bytes
        self._store: sqlite3.Connection | None = None
        self._puts = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> ChatReply | None:
        """The reply kept under the key, marked as cached; None when there is none."""
        with self._lock, contextlib.suppress(sqlite3.Error, OSError, ValueError, TypeError):
            if self._store is None and not self.path.is_file():
                return None
            row = self._open().execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            if row is not None:
                kept = {name: value for name, value in json.loads(row[0]).items() if name in _FIELDS}
                return replace(ChatReply(**kept), cached=True)
        return None

    def put(self, key: str, reply: ChatReply) -> None:
        """Keeps the reply, and lets the oldest go where they take too much room."""
        with self._lock, contextlib.suppress(sqlite3.Error, OSError):
            store = self._open()
            with store:
                store.execute(
                    "INSERT OR REPLACE INTO replies (key, reply, kept) VALUES (?, ?, ?)",
                    (key, json.dumps(asdict(reply), ensure_ascii=False), time.time()),
                )
            if self._puts % _REPLIES_BETWEEN_LOOKS == 0:
                self._make_room(store)
            self._puts += 1

    def size(self) -> CacheSize:
        """How much the cache holds now."""
        with self._lock, contextlib.suppress(sqlite3.Error, OSError):
            if self._store is not None or self.path.is_file():
                count, total = (
                    self._open()
                    .execute("SELECT COUNT(*), COALESCE(SUM(LENGTH(CAST(reply AS BLOB))), 0) FROM replies")
                    .fetchone()
                )
                return CacheSize(int(count), int(total), self.limit_bytes)
        return CacheSize(0, 0, self.limit_bytes)

    def clear(self) -> int:
        """Removes the file, and returns how many replies it held."""
        count = self.size().replies
        self.close()
        for name in (self.path.name, f"{self.path.name}-wal", f"{self.path.name}-shm"):
            self.path.with_name(name).unlink(missing_ok=True)
        return count

    def close(self) -> None:
        """Lets go of the file; the next use opens it again."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self._store is not None:
                self._store.close()
            self._store = None

    def _open(self) -> sqlite3.Connection:
        if self._store is None:
            try:
                self._store = self._connect()
            except sqlite3.DatabaseError as error:
                # A file that is no database would never keep anything again; one that is busy is left alone.
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self.path.unlink(missing_ok=True)
                self._store = self._connect()
        return self._store

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # What a model wrote about a case is its owner's alone.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        store = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
        try:
            # Several processes may draft at once; a reader must not wait for a writer.
            store.execute("PRAGMA journal_mode=WAL")
            store.execute("PRAGMA synchronous=NORMAL")
            store.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT, kept REAL)")
        except sqlite3.Error:
            store.close()
            raise
        return store

    def _make_room(self, store: sqlite3.Connection) -> None:
        sizes = store.execute(
            "SELECT key, LENGTH(CAST(reply AS BLOB)) FROM replies ORDER BY kept DESC"
        ).fetchall()
        if sum(size for _, size in sizes) <= self.limit_bytes:
            return
        left, oldest = int(self.limit_bytes * _KEPT_SHARE), []
        for key, size in sizes:
            left -= size
            if left < 0:
                oldest.append((key,))
        with store:
            store.executemany("DELETE FROM replies WHERE key = ?", oldest)


class CachedModel:
    """A model that is asked only what it has not answered before, nor is answering now.

    Only whole answers are kept: a reply that was cut off, or is empty, is asked for again.
    """

    def __init__(self, model: ChatModel, cache: ReplyCache | None = None) -> None:
        self._model = model
        self._cache = cache or ReplyCache()
        self._asking: dict[str, asyncio.Future[ChatReply]] = {}

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
        key = request_key(self._model.identity, request)
        while True:
            kept = self._cache.get(key)
            if kept is not None:
                return kept
            asking = self._asking.get(key)
            if asking is None:
                return await self._ask(key, request)
            # Letters share sentences: the same section of another case waits for the one reply, or shares its
            # failure. Only when whoever asked gave up does one of those who waited ask instead.
            await asyncio.wait({asking})
            if not asking.cancelled():
                return replace(asking.result(), cached=True)

    async def _ask(self, key: str, request: ChatRequest) -> ChatReply:
        asking: asyncio.Future[ChatReply] = asyncio.get_running_loop().create_future()
        self._asking[key] = asking
        try:
            reply = await self._model.reply(request)
        except ModelError as error:
            asking.set_exception(error)
            # Nobody may have waited, and then nobody else looks at it.
            asking.exception()
            raise
        except BaseException:
            asking.cancel()
            raise
        else:
            if reply.finish_reason == "stop" and reply.text.strip():
                self._cache.put(key, reply)
            asking.set_result(reply)
            return reply
        finally:
            del self._asking[key]

    async def aclose(self) -> None:
        self._cache.close()
        await self._model.aclose()
