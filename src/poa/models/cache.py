"""Replies kept on this machine, so that nothing is asked, waited for or paid for twice."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from dataclasses import asdict, replace
from pathlib import Path

from poa.models.base import ChatModel, ChatReply, ChatRequest, request_key
from poa.models.folders import cache_dir

__all__ = ["CachedModel", "ReplyCache"]

_MOST_REPLIES = 20_000
_FIELDS = frozenset(ChatReply.__dataclass_fields__)


class ReplyCache:
    """A file of replies by their requests' hashes. It holds masked text only, and no request and no key.

    The newest 20,000 replies are kept. A file that cannot be read or written costs a call, never a draft.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_dir() / "replies.sqlite"

    def get(self, key: str) -> ChatReply | None:
        """The reply kept under the key, marked as cached; None when there is none."""
        with contextlib.suppress(sqlite3.Error, OSError, ValueError, TypeError):
            if self.path.is_file():
                with contextlib.closing(self._open()) as store:
                    row = store.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    kept = {name: value for name, value in json.loads(row[0]).items() if name in _FIELDS}
                    return replace(ChatReply(**kept), cached=True)
        return None

    def put(self, key: str, reply: ChatReply) -> None:
        """Keeps the reply, and lets the oldest go where there are too many."""
        with contextlib.suppress(sqlite3.Error, OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(self._open()) as store, store:
                store.execute(
                    "INSERT OR REPLACE INTO replies (key, reply, kept) VALUES (?, ?, ?)",
                    (key, json.dumps(asdict(reply), ensure_ascii=False), time.time()),
                )
                store.execute(
                    "DELETE FROM replies WHERE key IN"
                    " (SELECT key FROM replies ORDER BY kept DESC LIMIT -1 OFFSET ?)",
                    (_MOST_REPLIES,),
                )

    def clear(self) -> int:
        """Removes the file, and returns how many replies it held."""
        count = 0
        with contextlib.suppress(sqlite3.Error, OSError):
            if self.path.is_file():
                with contextlib.closing(self._open()) as store:
                    count = int(store.execute("SELECT COUNT(*) FROM replies").fetchone()[0])
        for name in (self.path.name, f"{self.path.name}-wal", f"{self.path.name}-shm"):
            self.path.with_name(name).unlink(missing_ok=True)
        return count

    def _open(self) -> sqlite3.Connection:
        store = sqlite3.connect(self.path, timeout=5)
        # Several processes may draft at once; a reader must not wait for a writer.
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        store.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT, kept REAL)")
        return store


class CachedModel:
    """A model that is asked only what it has not answered before.

    Only whole answers are kept: a reply that was cut off, or is empty, is asked for again.
    """

    def __init__(self, model: ChatModel, cache: ReplyCache | None = None) -> None:
        self._model = model
        self._cache = cache or ReplyCache()

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
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        reply = await self._model.reply(request)
        if reply.finish_reason == "stop" and reply.text.strip():
            self._cache.put(key, reply)
        return reply

    async def aclose(self) -> None:
        await self._model.aclose()
