"""What a check of a rewriting reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from poa.resources import read_words
from poa.rewrite.reading import Reading

__all__ = ["Check", "RewriteFinding", "markers"]


@dataclass(frozen=True, slots=True)
class RewriteFinding:
    """One fault of an English rewriting: what is wrong, where it stands, and the Chinese it stands against.

    `start`/`end` are offsets into the English, None when something is missing there; `zh_start`/`zh_end` into the
    Chinese, None when nothing there corresponds.
    """

    code: str
    message: str
    message_zh: str
    start: int | None = None
    end: int | None = None
    zh_start: int | None = None
    zh_end: int | None = None
    severity: str = "error"
    # Which rule found it, finer than the code where a code has several.
    rule: str = ""


class Check(Protocol):
    """One family of checks: a call yields its findings."""

    def __call__(self, reading: Reading) -> Iterator[RewriteFinding]: ...


@lru_cache(maxsize=1)
def markers() -> dict[str, Any]:
    """The word lists of `data/markers.yaml`."""
    path = Path(__file__).resolve().parents[1] / "data" / "markers.yaml"
    loaded: dict[str, Any] = read_words(path)
    return loaded
