"""How many tokens a text takes, as well as it can be known without a call and without the network."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["TokenCount", "count_tokens"]

# tiktoken stores a downloaded vocabulary under the SHA-1 of its address. This is the address's hash for
# o200k_base; asking tiktoken itself would make it download 3 MB, or wait on a network that is not there.
_O200K_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"

_CHINESE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_WORD = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]")


@dataclass(frozen=True)
class TokenCount:
    """A number of tokens; printed with `~` when it is an estimate."""

    tokens: int
    estimated: bool

    def __str__(self) -> str:
        return f"~{self.tokens}" if self.estimated else str(self.tokens)


def count_tokens(text: str) -> TokenCount:
    """The text's tokens by tiktoken when its vocabulary is on this machine, else an estimate."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    if _holds_vocabulary(folder):
        import tiktoken

        return TokenCount(len(tiktoken.get_encoding("o200k_base").encode(text, disallowed_special=())), False)
    return TokenCount(_estimate(text), True)


@cache
def _holds_vocabulary(folder: str | None) -> bool:
    if folder is None:
        folder = str(Path(tempfile.gettempdir()) / "data-gym-cache")
    name = hashlib.sha1(_O200K_ADDRESS.encode(), usedforsecurity=False).hexdigest()
    path = Path(folder) / name
    # tiktoken verifies the file's hash and downloads it anew when it is broken; a whole one has 3.6 MB.
    return bool(folder) and path.is_file() and path.stat().st_size > 3_000_000


def _estimate(text: str) -> int:
    """Tokens without a vocabulary: a Chinese character weighs about one, an English word about 1.3.

    Measured against the counts of Qwen and o200k on letters and summaries: within 15 %, mostly above.
    """
    chinese = len(_CHINESE.findall(text))
    total = 0.0
    for piece in _WORD.findall(_CHINESE.sub(" ", text)):
        total += 1 + (len(piece) - 1) // 7 * 0.8 if piece.isalpha() else 1
    return round(total + chinese * 0.9) + 3
