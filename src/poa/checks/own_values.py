"""A sentence of the skeleton in which nothing but a value was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from poa.checks.anchors import own_sentences_like, values_in_order
from poa.checks.base import Context, Finding, finding
from poa.values import Value, same_value

__all__ = ["OwnValues"]


# Kinds that stand in lists, whose order says nothing.
_LISTED = frozenset({"order_id", "asin", "review_id", "policy"})


class OwnValues:
    """The values of a sentence that is the skeleton's own but for them, against those of the skeleton."""

    codes = ("altered_value",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for the first value of such a sentence that is none of the skeleton's there."""
        for n, sentence in context.prose() if context.matching.own_words else ():
            own = () if n in context.matching.anchored else own_sentences_like(sentence, context.needs)
            # "There were 75 such cases" goes on with the sentence before it.
            before = context.matching.items_of[n - 1] if n - 1 in context.matching.anchored else ()
            own = tuple(candidate for candidate in own if candidate.item in before) or own
            values = values_in_order(sentence)
            differing = ((candidate.item, _differing(values, candidate.values)) for candidate in own)
            item, wrong = min(differing, key=lambda pair: len(pair[1]), default=("", []))
            if wrong:
                said, meant = wrong[0]
                at = (sentence.start + said.start, sentence.start + said.end)
                yield finding(
                    "altered_value",
                    "altered_value",
                    item,
                    at,
                    meant.text,
                    rule="own_sentence",
                    said=said.text,
                )


def _differing(said: tuple[Value, ...], meant: tuple[Value, ...]) -> list[tuple[Value, Value]]:
    """The pairs of values that are not the same; what stands in a list is the same in any order."""
    listed = [Counter((v.kind, v.canonical) for v in row if v.kind in _LISTED) for row in (said, meant)]
    return [
        (ours, theirs)
        for ours, theirs in zip(said, meant, strict=True)
        if not (ours.kind in _LISTED and listed[0] == listed[1])
        and not same_value(ours.kind, ours.canonical, theirs.canonical)
    ]
