"""Summaries and letters from files: any encoding Chinese text comes in, and a clear word when it is no text."""

from __future__ import annotations

import sys
from pathlib import Path

from poa.errors import InputError

__all__ = ["MOST_CHARACTERS", "read_text"]

# A summary is a page or two; a rewriting of a book would take hours and be read by nobody.
MOST_CHARACTERS = 20_000
_MOST_BYTES = 1_000_000
_NO_TEXT = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


def read_text(path: Path, what: str) -> str:
    """The text of a file, or of standard input for `-`, in UTF-8, UTF-16 or GB18030; `what` names it in errors."""
    name = "standard input" if str(path) == "-" else str(path)
    try:
        data = sys.stdin.buffer.read(_MOST_BYTES + 1) if str(path) == "-" else _bytes(path)
    except FileNotFoundError:
        raise InputError(
            f"{name}: there is no such file. Name the text file that holds the {what}."
        ) from None
    except OSError as error:
        raise InputError(f"{name}: the {what} cannot be read ({error.strerror}).") from None
    kind = next((kind for magic, kind in _NO_TEXT if data.startswith(magic)), None)
    if kind:
        raise InputError(
            f"{name}: this is {kind}, not text. Copy the {what} out of it and save it as plain text."
        )
    if len(data) > _MOST_BYTES:
        raise InputError(
            f"{name}: the file is larger than 1 MB. The {what} has a page or two: cut it to that."
        )
    text = _decoded(data)
    if text is None:
        raise InputError(
            f"{name}: this is no text in UTF-8, UTF-16 or GB18030. Save the {what} as plain text (UTF-8)."
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if sum(not c.isprintable() and c not in "\n\t\f\v" for c in text[:20_000]) > 0.02 * len(text[:20_000]):
        raise InputError(f"{name}: this is a binary file, not text. Save the {what} as plain text (UTF-8).")
    if not text.strip():
        raise InputError(f"{name}: the file is empty. Write the {what} into it.")
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"{name}: the {what} has {len(text):,} characters, and {MOST_CHARACTERS:,} are the most. Cut it to what matters."
        )
    return text


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def _decoded(data: bytes) -> str | None:
    marked = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    if marked is None and 0 in data[:4000]:
        # UTF-16 without its mark: the digits and line ends of any language show where the zeros stand.
        sample = data[:4000]
        marked = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    for encoding in (marked,) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
