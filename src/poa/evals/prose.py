"""Measures of English prose that need no model: faults of language, reading grade, likeness to another text."""

from __future__ import annotations

import difflib
import re
import threading
from collections import Counter
from functools import cache
from typing import Any

from poa.errors import InputError

__all__ = ["changed_share", "language_faults", "likeness", "reading_grade", "words_of"]

# Harper knows no order IDs, firms or roles; and a letter's layout is not its model's.
_NO_FAULTS = frozenset({"Spelling", "Capitalization", "Formatting", "Typo", "Punctuation"})
_RUN = 5
# Harper refuses to be used from two threads at once.
_LINTING = threading.Lock()


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return re.findall(r"[A-Za-z0-9][\w'.@-]*", text.lower())


def language_faults(text: str) -> list[str]:
    """Each fault of grammar or style that Harper finds, as the words concerned and what is wrong with them."""
    with _LINTING:
        found = _linter().lint(text)
    return [f"“{lint.problem_text}”: {lint.message}" for lint in found if lint.lint_kind not in _NO_FAULTS]


def reading_grade(text: str) -> float | None:
    """The Automated Readability Index (Senter and Smith, 1967); None for a text without a sentence."""
    words = words_of(text)
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    if not words or not sentences:
        return None
    letters = sum(len(re.findall(r"\w", word)) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def changed_share(before: str, after: str) -> float:
    """The share of words that differ, 0 to 1: one less twice the words in common over the words of both."""
    old, new = words_of(before), words_of(after)
    if not old and not new:
        return 0.0
    return 1 - difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


def likeness(text: str, template: str) -> float | None:
    """The share of the text's runs of five words that stand in the template; None for a shorter text."""
    ours, theirs = _runs(text), _runs(template)
    total = sum(ours.values())
    return sum((ours & theirs).values()) / total if total else None


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = words_of(text)
    return Counter(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))


@cache
def _linter() -> Any:
    try:
        import harper
    except ImportError as error:
        raise InputError(
            "Language faults are found by Harper: pip install 'poa-draft[evals]', or leave out the scorer."
        ) from error
    return harper.Linter()
