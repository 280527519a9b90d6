"""The skeleton's own sentences, found again in a letter.

A sentence that stands in the letter as the skeleton has it says the skeleton's item and no other, in the seller's own
words: nothing in it is added, softened or denied. Its values are checked as anywhere, so that a pack's sentence which
leaves one out is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from poa.checks.needs import Needs
from poa.checks.reading import Sentence, plain, read_letter
from poa.errors import PoaError
from poa.values import Value

__all__ = [
    "OwnSentence",
    "holds_own_words",
    "items_told_whole",
    "own_sentences_like",
    "skeleton_items",
    "values_in_order",
]


_WORDS = re.compile(r"[A-Za-z]{2,}")
_TELLING_WORDS = 3
_TELLING_CHARACTERS = 25  # but for the first, which may be written small


class OwnSentence(NamedTuple):
    """A sentence of the skeleton: its item, and its values in the order in which they stand."""

    item: str
    values: tuple[Value, ...]


class _Skeleton(NamedTuple):
    """The skeleton's sentences by their words, and by their words without their values."""

    items: Mapping[str, tuple[str, ...]]
    like: Mapping[str, tuple[OwnSentence, ...]]


@lru_cache(maxsize=64)
def _skeleton_of(needs: Needs) -> _Skeleton:
    """Empty where the outline's statements cannot be said in English yet."""
    outline = needs.outline
    items: dict[str, tuple[str, ...]] = {}
    like: dict[str, tuple[OwnSentence, ...]] = {}
    if outline.policy is None:
        return _Skeleton(items, like)
    from poa.skeleton import render_skeleton

    try:
        letter = render_skeleton(outline, outline.policy)
    except PoaError:
        return _Skeleton(items, like)
    for section in letter.sections:
        for passage in section.passages:
            for sentence in read_letter(plain(passage.text), needs.names, needs.quotes).sentences:
                key = _same(sentence.text)
                if key and passage.id not in items.get(key, ()):
                    items[key] = (*items.get(key, ()), passage.id)
                values = values_in_order(sentence)
                if values:
                    form = _same(_without_values(sentence.text, values))
                    if len(_WORDS.findall(re.sub(r"<\w+>", " ", form))) < _TELLING_WORDS:
                        # "Gao Wenjing" alone is every name alone.
                        continue
                    like[form] = (*like.get(form, ()), OwnSentence(passage.id, values))
    return _Skeleton(items, like)


def items_told_whole(texts: Iterable[str], needs: Needs) -> frozenset[str]:
    """The items all of whose skeleton sentences are among these sentences of a letter."""
    said = {_same(text) for text in texts}
    if not said:
        return frozenset()
    partly = {i for words, items in _skeleton_of(needs).items.items() if words not in said for i in items}
    return frozenset(i for words in said for i in _skeleton_of(needs).items.get(words, ()) if i not in partly)


def holds_own_words(text: str, needs: Needs) -> bool:
    """Whether any statement of the facts begins in the letter as it does in the facts.

    Where none does, no sentence of the skeleton can stand there, and the skeleton need not be made.
    """
    return any(
        item.statement[1:_TELLING_CHARACTERS] in text
        for item in needs.outline.items
        if len(item.statement) >= _TELLING_CHARACTERS
    )


def skeleton_items(text: str, needs: Needs) -> tuple[str, ...]:
    """The items that a letter's sentence stands for, where it is one of the skeleton's; else none."""
    return _skeleton_of(needs).items.get(_same(text), ())


def own_sentences_like(sentence: Sentence, needs: Needs) -> tuple[OwnSentence, ...]:
    """The skeleton's sentences that are this one but for their values."""
    values = values_in_order(sentence)
    if not values:
        return ()
    return _skeleton_of(needs).like.get(_same(_without_values(sentence.text, values)), ())


def values_in_order(sentence: Sentence) -> tuple[Value, ...]:
    """The values and names of a sentence, as they stand in it."""
    return tuple(sorted((*sentence.body.values, *sentence.body.names), key=lambda value: value.start))


def _without_values(text: str, values: tuple[Value, ...]) -> str:
    pieces, at = [], 0
    for value in values:
        pieces += [text[at : value.start], f"<{value.kind}>"]
        at = max(at, value.end)
    return "".join([*pieces, text[at:]])


@lru_cache(maxsize=8192)
def _same(text: str) -> str:
    """A sentence without its list marker, final stop and spacing."""
    return " ".join(re.sub(r"^[\s*•-]+|[\s.;:]+$", "", text).split())
