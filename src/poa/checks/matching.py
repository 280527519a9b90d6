"""Which sentence of a letter says which item of the outline.

A sentence may carry several items and an item may need several sentences. Matching is by the items' words
(each weighed by how few items share it) and, apart from them, by the values only one item holds; the two
scores are kept apart, because a value moved to another item must not drag the sentence along with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from poa.checks.needs import Need, Needs
from poa.checks.reading import Body, Reading, Sentence
from poa.values import same_value

__all__ = ["Evidence", "Matching", "match_letter"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What carries one item: the sentences that say it, those around them, and the words none of them says."""

    need: Need
    sentences: tuple[int, ...]
    nearby: tuple[int, ...]
    covered: float
    missing: tuple[int, ...]  # indexes into need.words


@dataclass(frozen=True, slots=True)
class Matching:
    """A letter held against the needs."""

    reading: Reading
    needs: Needs
    evidence: dict[str, Evidence]
    items_of: tuple[tuple[str, ...], ...]  # per sentence: the items it carries, best first
    content: tuple[dict[str, float], ...]  # per sentence: content score of each item, words alone
    combined: tuple[dict[str, float], ...]  # per sentence: the same with its values counted in

    def sentence_items(self, n: int) -> tuple[Need, ...]:
        """The needs that sentence `n` carries."""
        return tuple(self.needs[item_id] for item_id in self.items_of[n])


_UNMATCHED_KINDS = ("apology", "request", "signature", "policy", "notice", "none")


@lru_cache(maxsize=32768)
def _scores(body: Body, needs_ref: _Ref) -> tuple[tuple[str, float, float], ...]:
    """(item, words' score, values' score) for every item that the sentence touches."""
    found = []
    needs = needs_ref.needs
    for need in needs.items:
        score = 0.0
        for word in need.words:
            if not word.concepts.isdisjoint(body.concepts):
                score += word.weight
        worth = 0.0
        for value in need.values:
            if any(
                v.kind == value.kind and same_value(v.kind, value.canonical, v.canonical)
                for v in (*body.values, *body.names)
            ):
                worth += needs_ref.worth[value.kind, value.canonical]
        if score or worth:
            found.append((need.item.id, score, worth))
    return tuple(found)


class _Ref:
    """Needs as a cache key: compared by identity, with how much each value tells about its item."""

    __slots__ = ("needs", "worth")

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        holders: dict[tuple[str, str], set[str]] = {}
        for need in needs.items:
            for value in need.values:
                holders.setdefault((value.kind, value.canonical), set()).add(need.item.id)
        full = {
            "order_id": 2.0,
            "asin": 1.0,
            "review_id": 2.5,
            "email": 2.5,
            "name": 1.2,
            "date": 1.6,
            "url": 2.0,
        }
        self.worth = {key: full.get(key[0], 0.8) / len(items) for key, items in holders.items()}


_REFS: dict[int, _Ref] = {}


def _ref(needs: Needs) -> _Ref:
    ref = _REFS.get(id(needs))
    if ref is None or ref.needs is not needs:
        if len(_REFS) > 256:
            _REFS.clear()
        ref = _REFS[id(needs)] = _Ref(needs)
    return ref


def match_letter(reading: Reading, needs: Needs) -> Matching:
    """The letter's sentences and the outline's items, each with its counterpart."""
    ref = _ref(needs)
    items_of: list[tuple[str, ...]] = []
    content: list[dict[str, float]] = []
    combined: list[dict[str, float]] = []
    for sentence in reading.sentences:
        scores = _scores(sentence.body, ref) if sentence.kind in ("prose", "entry") else ()
        content.append({item: words for item, words, _ in scores})
        total = {item: words + worth for item, words, worth in scores}
        combined.append(total)
        items_of.append(_carried(total, needs))
    items_of = _continue_lists(reading, items_of, combined)
    evidence = {need.item.id: _evidence(need, reading, items_of, combined) for need in needs.items}
    return Matching(reading, needs, evidence, tuple(items_of), tuple(content), tuple(combined))


def _carried(total: dict[str, float], needs: Needs) -> tuple[str, ...]:
    if not total:
        return ()
    best = max(total.values())
    if best < 0.8:
        return ()
    kept = []
    for item, score in total.items():
        share = score / needs[item].total
        if score >= 0.62 * best or (share >= 0.6 and score >= 1.2):
            kept.append((score, item))
    return tuple(item for _, item in sorted(kept, key=lambda pair: -pair[0])[:6])


def _continue_lists(
    reading: Reading, items_of: list[tuple[str, ...]], combined: list[dict[str, float]]
) -> list[tuple[str, ...]]:
    """A line of nothing but values belongs to what the lines above it speak of."""
    result = list(items_of)
    for n, sentence in enumerate(reading.sentences):
        if (
            n
            and sentence.kind in ("prose", "entry")
            and not any(not w.light for w in sentence.body.words)
            and sentence.body.values
        ):
            above = n - 1
            while above > 0 and reading.sentences[above].kind == "heading":
                above -= 1
            own = [item for item in result[above] if item in combined[n]]
            if own:
                result[n] = tuple(own)
    return result


def _evidence(
    need: Need, reading: Reading, items_of: list[tuple[str, ...]], combined: list[dict[str, float]]
) -> Evidence:
    item = need.item.id
    own = [n for n, items in enumerate(items_of) if item in items]
    if not own and any(item in total for total in combined):
        best = max(range(len(combined)), key=lambda n: combined[n].get(item, 0.0))
        own = [best]
    near = sorted(
        {m for n in own for m in range(n - 2, n + 4) if 0 <= m < len(items_of) and _together(reading, n, m)}
        - set(own)
    )
    # The sentences around count where they speak of no other item better: they go on with this one.
    near = [
        m for m in near if not items_of[m] or combined[m].get(item, 0.0) >= 0.5 * combined[m][items_of[m][0]]
    ]
    concepts: set[str | int] = set()
    for n in own:
        concepts |= reading.sentences[n].body.concepts
    for m in near:
        concepts |= reading.sentences[m].body.concepts
    for n in own:
        heading = _heading_of(reading, n)
        if heading is not None:
            concepts |= heading.body.concepts
    missing = tuple(k for k, word in enumerate(need.words) if word.concepts.isdisjoint(concepts))
    lost = sum(need.words[k].weight for k in missing)
    return Evidence(need, tuple(own), tuple(near), 1.0 - lost / need.total if need.words else 1.0, missing)


def _together(reading: Reading, n: int, m: int) -> bool:
    a, b = reading.sentences[n], reading.sentences[m]
    return a.section == b.section and abs(a.block - b.block) <= 1


def _heading_of(reading: Reading, n: int) -> Sentence | None:
    section = reading.sentences[n].section
    for m in range(n, -1, -1):
        if reading.sentences[m].kind == "heading":
            return reading.sentences[m] if reading.sentences[m].section == section else None
    return None
