"""Replies kept from one run to the next: a request that was answered is not paid for again.

An SQLite file, so that a run of thousands of drafts holds none of them in memory and a killed one loses none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from poa.errors import InputError

__all__ = ["KeptReply", "ReplyStore", "reply_key"]


@dataclass(frozen=True)
class KeptReply:
    """A model's reply as it came, and what it took."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str
    seconds: float
    estimated: bool
    model: str
    first_token_s: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The reply as it stands in a log."""
        return dict(vars(self))


def reply_key(where: str, request: str, repeat: int) -> str:
    """The identity of a reply: the endpoint and model, all of the request, and which repeat it is for."""
    return hashlib.sha256(f"{where}\n{request}\n{repeat}".encode()).hexdigest()


class ReplyStore:
    """The replies in a file; opened once a run, used from one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Gone when nobody holds it: a run of thousands of drafts keeps no lock of the past.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            # A power cut may cost the last replies; waiting for the disk at each would cost every run.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT)")
        except sqlite3.Error as error:
            raise InputError(
                f"{path}: the kept replies cannot be opened ({error}): delete the file."
            ) from error

    def get(self, key: str) -> KeptReply | None:
        """The kept reply, or None."""
        row = self._db.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        return None if row is None else KeptReply(**json.loads(row[0]))

    def turn(self, key: str) -> asyncio.Lock:
        """A lock to hold while the reply is looked for and asked for: two drafts may ask the same at once."""
        lock = self._turns.get(key)
        if lock is None:
            self._turns[key] = lock = asyncio.Lock()
        return lock

    def put(self, key: str, reply: KeptReply) -> None:
        """Keeps the reply before anything else is done with it."""
        text = json.dumps(reply.as_json(), ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, text))

    def close(self) -> None:
        """Closes the file."""
        self._db.close()
