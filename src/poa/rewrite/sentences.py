"""A Chinese summary in sentences, and its English put together again with the same paragraphs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ChineseSentence", "chinese_sentences", "joined"]

_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+[”」』）)]*|(?=\n)|$)")
# A comma-run of many clauses is one sentence in Chinese and too long for a small model to keep in mind.
_LONG = 90


@dataclass(frozen=True, slots=True)
class ChineseSentence:
    """One sentence with its place in the summary; `paragraph` numbers the line it stands on."""

    id: int
    text: str
    start: int
    end: int
    paragraph: int


def chinese_sentences(text: str) -> tuple[ChineseSentence, ...]:
    """The sentences of a Chinese text, ids from 1; long ones are parted at their semicolons."""
    found: list[ChineseSentence] = []
    for match in _SENTENCE.finditer(text):
        for start, end in _parted(text, match.start(), match.end()):
            written = text[start:end]
            if re.search(r"\w", written):
                lead = len(written) - len(written.lstrip())
                paragraph = text.count("\n", 0, start + lead)
                found.append(
                    ChineseSentence(
                        len(found) + 1,
                        written.strip(),
                        start + lead,
                        start + len(written.rstrip()),
                        paragraph,
                    )
                )
    return tuple(found)


def _parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= _LONG:
        return [(start, end)]
    cuts = [m.end() for m in re.finditer(r"[；;]", text[start:end])]
    bounds = [0, *cuts, end - start]
    return [(start + a, start + b) for a, b in itertools.pairwise(bounds) if b > a]


def joined(
    sentences: Sequence[ChineseSentence], english: Sequence[str]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The English text with the paragraphs of the Chinese, and where each sentence's English stands in it."""
    text, spans, paragraph = "", [], None
    for sentence, written in zip(sentences, english, strict=True):
        if paragraph is not None:
            text += "\n" if sentence.paragraph != paragraph else " "
        spans.append((len(text), len(text) + len(written)))
        text += written
        paragraph = sentence.paragraph
    return text, tuple(spans)
