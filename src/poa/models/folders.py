"""Where the program keeps what it can fetch or find out again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["cache_dir", "weights_dir", "write_atomically"]


def cache_dir() -> Path:
    """The user's cache folder for this program, by the platform's custom; `POA_CACHE_DIR` overrides it."""
    chosen = os.environ.get("POA_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return base / "poa" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "poa"
    # The XDG rule: a relative path in the variable is to be ignored.
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".cache") / "poa"


def weights_dir() -> Path:
    """The folder of downloaded model weights."""
    return cache_dir() / "models"


def write_atomically(path: Path, content: str) -> None:
    """Writes the file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(content, encoding="utf-8", newline="\n")
    part.replace(path)
