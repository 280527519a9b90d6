"""Metrics: value, period and target stand with the metric they belong to, also when a sentence holds several."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import stem
from poa.checks.needs import Need
from poa.checks.reading import Sentence
from poa.values import same_value

__all__ = ["MetricPairs"]


class MetricPairs:
    """The figures of two metrics are not exchanged."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each metric whose value or target stands with another metric's name."""
        metrics = [need for need in context.needs.items if need.item.kind == "metric"]
        before: list[tuple[int, Need]] = []
        block = -1
        for _, sentence in context.prose():
            if not any(value.kind in ("percent", "number", "duration") for value in sentence.body.values):
                before = []
                continue
            named = [(at, need) for need in metrics for at in [_name_at(need, sentence)] if at is not None]
            named.sort(key=lambda pair: pair[0])
            if not named and sentence.block == block and before:
                # "…; the targets are over 95% and under 4% respectively": the names stand in the sentence before.
                named = before
            before, block = named, sentence.block
            if not named or not any(
                v.kind in ("percent", "number", "duration") for v in sentence.body.values
            ):
                continue
            if len(named) == 1 and sentence.block == block:
                yield from _anothers(named[0][1], metrics, sentence)
                if _exchanged(named[0][1], sentence):
                    need, at = named[0][1], (sentence.start, sentence.end)
                    name, figure = need.item.detail("name") or "", need.item.detail("target") or ""
                    yield finding("swapped_values", "metric_pair", need.item.id, at, name, said=figure)
            for part in ("value", "target", "period"):
                wrong = _mispaired(named, sentence, part)
                if wrong is not None:
                    at = (sentence.start, sentence.end)
                    yield finding(
                        "swapped_values",
                        "metric_pair",
                        wrong.item.id,
                        at,
                        wrong.item.detail("name") or "",
                        said=wrong.item.detail(part) or "",
                    )
                    break


def _name_at(need: Need, sentence: Sentence) -> int | None:
    """Where the metric's name stands in the sentence: the place of its rarest words, all of which must be there."""
    name = [word for word in need.words if word.part == "name"]
    if not name:
        return None
    places = []
    rarest = max(word.weight for word in name)
    for word in name:
        at = next((w.start for w in sentence.body.words if stem(word.text) == w.stem), None)
        if at is None:
            at = next(
                (w.start for w in sentence.body.words if not w.concepts.isdisjoint(word.concepts)), None
            )
        if at is None:
            return None
        if word.weight == rarest:
            places.append(at)
    return min(places)


def _anothers(need: Need, metrics: list[Need], sentence: Sentence) -> Iterable[Finding]:
    """A figure that only another metric holds, in a sentence that names one metric and lacks that one's own."""
    here = {(v.kind, v.canonical) for v in sentence.body.values}
    for part in ("value", "target", "period"):
        # The day a period ends is often the same for all.
        own = [f for f in _figures(need, part) if part != "period" or f[0] in _SPANS]
        if not own or not here.isdisjoint(own):
            continue
        theirs = {figure for other in metrics if other is not need for figure in _figures(other, part)}
        if part == "period":
            theirs = {figure for figure in theirs if figure[0] in _SPANS}
        all_own = {(v.kind, v.canonical) for v in need.values}
        if here & (theirs - all_own):
            at = (sentence.start, sentence.end)
            name, figure = need.item.detail("name") or "", need.item.detail(part) or ""
            yield finding("swapped_values", "metric_pair", need.item.id, at, name, said=figure)
            return


_SPANS = frozenset({"duration", "frequency"})
_TARGET = re.compile(r"\btargets?\b", re.I)


def _exchanged(need: Need, sentence: Sentence) -> bool:
    """Whether the metric's value stands where its target is named, and its target elsewhere in the sentence."""
    value, target = _figures(need, "value")[:1], _figures(need, "target")[:1]
    match = _TARGET.search(sentence.text)
    if not value or not target or value == target or not match:
        return False
    here = {(v.kind, v.canonical): v for v in sentence.body.values}
    if value[0] not in here or target[0] not in here:
        return False
    behind = [v for v in sentence.body.values if v.start > match.end() and v.kind == value[0][0]]
    between = sentence.text[match.end() : behind[0].start] if behind else ""
    return bool(behind) and behind[0] == here[value[0]] and _IS.match(between) is not None


# "our target is over 99%", "a target of under 1%", "target: 4%"
_IS = re.compile(
    r"\s*(?:is|was|of|being|:|,|stands at|lies at)?\s*(?:over|above|under|below|at least|at most|less than|more than)?\s*$"
)


def _figures(need: Need, part: str) -> list[tuple[str, str]]:
    return [(v.kind, v.canonical) for v in need.values if v.part == part]


def _mispaired(named: list[tuple[int, Need]], sentence: Sentence, part: str) -> Need | None:
    """The first metric whose figure is in the sentence only where another metric's should be."""
    places: list[tuple[int, str, str]] = [(v.start, v.kind, v.canonical) for v in sentence.body.values]
    wanted = [figures[0] for _, need in named if (figures := _figures(need, part))]
    if len(wanted) < 2 or len(wanted) != len(named) or len(set(wanted)) != len(wanted):
        return None
    order = []
    for kind, canonical in wanted:
        at = next((p for p, k, c in places if k == kind and same_value(k, c, canonical)), None)
        if at is None:
            return None
        order.append(at)
    if order == sorted(order):
        return None
    for k, at in enumerate(order):
        if at != sorted(order)[k]:
            return named[k][1]
    return None
