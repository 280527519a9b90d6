"""Sentence patterns: words filled into a pack's own text.

Packs may come from anywhere: a pattern can fill in words and nothing else.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["TemplateError", "fill_pattern", "words_of_pattern"]


def fill_pattern(pattern: str, /, **words: Any) -> str:
    """The pattern with these words; raises `TemplateError` when it asks for others."""
    return _template(pattern).render(**words).strip()


def words_of_pattern(pattern: str) -> frozenset[str]:
    """The names of the words that a pattern asks for; raises `TemplateError` when it cannot be read."""
    return frozenset(meta.find_undeclared_variables(_environment().parse(pattern)))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)
    environment.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    return environment


@cache
def _template(pattern: str) -> Template:
    return _environment().from_string(pattern)
