"""Sentence patterns: words filled into a pack's own text.

Packs may come from anywhere: a pattern can fill in words and nothing else.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["TemplateError", "fill_pattern", "words_of_pattern"]


# A word, or a word with a capital: most patterns hold nothing else, and need no template to be compiled for them.
_WORD = re.compile(r"\{\{ *([A-Za-z_]\w*) *(?:\| *(capital) *)?\}\}", re.ASCII)


def fill_pattern(pattern: str, /, **words: Any) -> str:
    """The pattern with these words; raises `TemplateError` when it asks for others."""
    pieces = _pieces(pattern)
    # What asks for more, or for a word that is not there, is for the template to read, or to refuse.
    if pieces is None or not words.keys() >= pieces[1]:
        return _template(pattern).render(**words).strip()
    return "".join(_filled(piece, words) for piece in pieces[0]).strip()


_Piece = str | tuple[str, bool]


def _filled(piece: _Piece, words: dict[str, Any]) -> str:
    if isinstance(piece, str):
        return piece
    name, capital = piece
    return str(_capital(words[name]) if capital else words[name])


@cache
def _pieces(pattern: str) -> tuple[tuple[_Piece, ...], frozenset[str]] | None:
    """The pattern as texts and words, and the words' names; None for one that does more than fill in words."""
    parts = _WORD.split(pattern)
    texts, names, capitals = parts[::3], parts[1::3], parts[2::3]
    if any(mark in text for text in texts for mark in ("{{", "{%", "{#", "\r")):
        return None
    pieces: list[_Piece] = [texts[0]]
    for name, capital, text in zip(names, capitals, texts[1:], strict=True):
        pieces += [(name, capital is not None), text]
    return tuple(piece for piece in pieces if piece), frozenset(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def words_of_pattern(pattern: str) -> frozenset[str]:
    """The names of the words that a pattern asks for; raises `TemplateError` when it cannot be read."""
    return frozenset(meta.find_undeclared_variables(_environment().parse(pattern)))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)
    environment.filters["capital"] = _capital
    return environment


@cache
def _template(pattern: str) -> Template:
    return _environment().from_string(pattern)
