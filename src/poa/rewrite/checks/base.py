"""What a check of a rewriting reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from poa.resources import read_words
from poa.rewrite.reading import Reading

__all__ = ["TALK", "Check", "RewriteFinding", "markers"]


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


# 我跟你讲, 这个得跟你说清楚: talk to the one who writes, which no letter to Amazon repeats.
TALK = re.compile(
    r"(?:跟|和|给|对|同|向)[你您](?:讲|说|交代|汇报|解释)|[你您](?:问|没|看|听|也知道|知道)|我(?:先|再|从头|把|一个一个)?(?:捋|讲|说)(?:一下|一遍|清楚)?$|(?:老)?实(?:话)?(?:讲|说)|[讲说]白了|说来话长|原因有|(?:事情|问题|毛病)有[几两三四五]|情况(?:是)?(?:这样|如下)|流程是这样|讲到|接着讲|没电|打字|语音|早上好|晚上好|下午好"
)


class Check(Protocol):
    """One family of checks: a call yields its findings."""

    def __call__(self, reading: Reading) -> Iterator[RewriteFinding]: ...


@lru_cache(maxsize=1)
def markers() -> dict[str, Any]:
    """The word lists of `data/markers.yaml`."""
    path = Path(__file__).resolve().parents[1] / "data" / "markers.yaml"
    loaded: dict[str, Any] = read_words(path)
    return loaded
