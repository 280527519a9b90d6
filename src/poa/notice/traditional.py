"""Reads a notification in traditional characters as one in simplified ones, and gives its own words back."""

from __future__ import annotations

import re

__all__ = ["as_written", "simplified"]

# Characters of every notification that only traditional writing has; Japanese shares some of them, and is told by its kana.
_SIGNS = re.compile(r"[請們為這個帳戶應說過還貨賣買無與關於對會並從處來單標題內資訊亞馬遜評論發護]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def simplified(text: str) -> str | None:
    """The text in simplified characters, of the same length, or None where it is not traditional Chinese."""
    sample = text[:20_000]
    if len(_SIGNS.findall(sample)) < 12 or len(_KANA.findall(sample)) > 10:
        return None
    from poa.rewrite.lexicon import load_lexicon  # loaded for these few notifications only

    table = {char: simple for char, simple in load_lexicon().simplified.items() if len(simple) == 1}
    return text.translate({**table, ord("帳"): "账"})


def as_written(words: str, text: str, read: str) -> str:
    """The words as the text writes them; `read` is the text as it was read, character for character."""
    places = [at for at, char in enumerate(read) if not char.isspace()]
    solid = "".join(read[at] for at in places)
    found = solid.find("".join(words.split()))
    if found < 0:
        return words
    last = places[found + len("".join(words.split())) - 1]
    written = re.sub(r"\s*\n\s*(?=[\u3400-\u9fff])", "", text[places[found] : last + 1])
    return re.sub(r"\s+", " ", written)
