"""Which sentence of a letter says which item of the outline.

A sentence may carry several items and an item may need several sentences. Matching is by the items' words
(each weighed by how few items share it) and, apart from them, by the values only one item holds; the two
scores are kept apart, because a value moved to another item must not drag the sentence along with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from poa.checks.anchors import holds_own_words, items_told_whole, skeleton_items
from poa.checks.lexicon import is_generic, lines_of
from poa.checks.needs import Need, Needs
from poa.checks.reading import Body, Reading, Sentence
from poa.checks.roles import TOPICS, roles_of, roles_of_body
from poa.values import Value, same_value

__all__ = ["Evidence", "Matching", "holders_of", "match_letter", "sole_holder"]


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
    anchored: frozenset[int] = frozenset()  # the sentences that are the skeleton's own
    told_whole: frozenset[str] = frozenset()  # the items of which every sentence of the skeleton stands there
    own_words: bool = False  # whether the letter may hold sentences of the skeleton at all

    def own_sentences(self, item: str) -> tuple[int, ...]:
        """The sentences that speak of the item first of all, or nearly so."""
        found = []
        for n in self.evidence[item].sentences:
            carried, scores = self.items_of[n], self.combined[n]
            if carried and scores.get(item, 0.0) >= 0.75 * scores.get(carried[0], 0.0):
                found.append(n)
        return tuple(found)

    def chief_sentences(self, item: str) -> tuple[int, ...]:
        """The sentences that speak of the item first of all; those that nearly do where there is none."""
        chief = tuple(n for n in self.evidence[item].sentences if self._is_chief(item, n))
        return chief or self.own_sentences(item)

    def _is_chief(self, item: str, n: int) -> bool:
        carried, scores = self.items_of[n], self.combined[n]
        if carried[:1] == (item,):
            return True
        # Two measures in one sentence: each is said there, whichever scores a little higher.
        return item in carried and scores.get(item, 0.0) >= 0.9 * scores.get(carried[0], 0.0)

    def sentence_items(self, n: int) -> tuple[Need, ...]:
        """The needs that sentence `n` carries."""
        return tuple(self.needs[item_id] for item_id in self.items_of[n])


@dataclass(frozen=True, slots=True)
class _Touch:
    """How one item touches one sentence: its words' score, its values' worth, and which of the sentence's
    content words (as bits) and values it accounts for."""

    item: str
    words: float
    worth: float
    mask: int
    own_values: int


class _Index:
    """Needs by concept and by value, so that a sentence meets only the items that share something with it."""

    __slots__ = ("by_concept", "by_value", "needs", "worth")

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.by_concept: dict[str | int, list[tuple[int, int]]] = {}
        for i, need in enumerate(needs.items):
            if need.item.kind == "signature":
                # "our commercial manager is responsible" names an owner, not the one who signs.
                continue
            for k, word in enumerate(need.words):
                for concept in word.concepts:
                    self.by_concept.setdefault(concept, []).append((i, k))
        holders: dict[tuple[str, str], set[int]] = {}
        for i, need in enumerate(needs.items):
            for value in need.values:
                holders.setdefault((value.kind, value.canonical), set()).add(i)
        self.by_value = holders
        # How much a value tells about its item, when no other item holds it.
        full = {
            "order_id": 2.0,
            "asin": 1.0,
            "review_id": 2.5,
            "email": 2.5,
            "name": 1.2,
            "date": 1.6,
            "url": 2.0,
            "percent": 1.2,
            "money": 1.0,
        }
        self.worth = {key: full.get(key[0], 0.8) / len(items) for key, items in holders.items()}

    def holders(self, value: Value) -> tuple[set[int], float]:
        """The items that hold a value of the letter, and what that tells."""
        exact = self.by_value.get((value.kind, value.canonical))
        if exact is not None:
            return exact, self.worth[value.kind, value.canonical]
        if value.kind in ("date", "money", "duration", "frequency"):
            for (kind, canonical), items in self.by_value.items():
                if kind == value.kind and same_value(kind, canonical, value.canonical):
                    return items, self.worth[kind, canonical]
        return set(), 0.0


# Values that, held by one item alone, show that a sentence carries it.
_TELLING = frozenset({"date", "order_id", "email", "review_id", "percent", "url", "money"})


@lru_cache(maxsize=4096)
def _touches(body: Body, index: _Index) -> tuple[_Touch, ...]:
    """Every item that the sentence touches, best first."""
    needs = index.needs.items
    hits: dict[int, set[int]] = {}
    for concept in body.concepts:
        for i, k in index.by_concept.get(concept, ()):
            hits.setdefault(i, set()).add(k)
    masks: dict[int, int] = dict.fromkeys(hits, 0)
    bit = 1
    for word in body.words:
        if word.light:
            continue
        for concept in word.concepts:
            for i, _ in index.by_concept.get(concept, ()):
                masks[i] = masks.get(i, 0) | bit
        bit <<= 1
    worths: dict[int, float] = {}
    alone: dict[int, int] = {}
    for value in (*body.values, *body.names):
        holders, worth = index.holders(value)
        for i in holders:
            worths[i] = worths.get(i, 0.0) + worth
            alone[i] = alone.get(i, 0) + (
                len(holders) == 1 and value.kind in ("date", "order_id", "email", "review_id")
            )
    found = []
    for i in hits.keys() | worths.keys():
        score = sum(needs[i].words[k].weight for k in hits.get(i, ()))
        found.append(_Touch(needs[i].item.id, score, worths.get(i, 0.0), masks.get(i, 0), alone.get(i, 0)))
    firm = _is_firm(body)
    return tuple(sorted(found, key=lambda t: (-_rank(t, index.needs[t.item], firm), t.item)))


_FIRM = frozenset({"will", "shall", "commit", "undertake"})


def _is_firm(body: Body) -> bool:
    """Whether the sentence commits to something."""
    return not _FIRM.isdisjoint(body.lowered)


def _rank(touch: _Touch, need: Need, firm: bool) -> float:
    """The score by which items compete for a sentence: a long item must not win by its length, and one with
    "will" is a measure's before it is a cause's."""
    kind = need.item.kind
    total = (touch.words + touch.worth) * (0.6 + min(1.0, touch.words / need.total))
    if firm:
        return total * (1.15 if kind == "measure" else 0.6 if kind in ("admission", "cause") else 0.85)
    return total * (0.85 if kind == "measure" else 1.0)


@dataclass(frozen=True, slots=True)
class _Scored:
    """One sentence against all items, in one place of a letter: what it carries, and every item's scores."""

    content: dict[str, float]
    combined: dict[str, float]
    carried: tuple[str, ...]


@lru_cache(maxsize=4096)
def _scored(body: Body, index: _Index, tells: bool, kind: str | None, listing: bool) -> _Scored:
    """The scores of a sentence that stands in a part of the letter about that kind of item, or in a listing."""
    touches, needs = (_touches(body, index) if tells else ()), index.needs
    content = {touch.item: touch.words for touch in touches}
    combined = {touch.item: touch.words + touch.worth for touch in touches}
    firm = _is_firm(body)
    if kind is not None and touches and needs[touches[0].item].item.kind != kind:
        touches = tuple(
            sorted(
                touches,
                key=lambda t: (
                    -_rank(t, needs[t.item], firm) * (1.6 if needs[t.item].item.kind == kind else 1.0)
                ),
            )
        )
    carried = _carried(_without_chance(touches, body, needs), body, needs, listing, firm)
    return _Scored(content, combined, carried)


def match_letter(reading: Reading, needs: Needs) -> Matching:
    """The letter's sentences and the outline's items, each with its counterpart."""
    index = needs_index(needs)
    items_of: list[tuple[str, ...]] = []
    content: list[dict[str, float]] = []
    combined: list[dict[str, float]] = []
    touched = [
        _touches(sentence.body, index) if sentence.kind in ("prose", "entry") else ()
        for sentence in reading.sentences
    ]
    leaning = _leanings(reading, touched, needs)
    anchors: list[tuple[str, ...]] = []
    own_words = holds_own_words(reading.plain, needs)
    listed = -1
    for sentence in reading.sentences:
        kind = leaning.get(_part_of(sentence, reading))
        listing = kind == "attachment" or any(word.startswith(_ENCLOSING) for word in sentence.body.lowered)
        # "We enclose the log; the list of reviews; the photos": one list, though its parts are read one by one.
        listing = listing or sentence.block == listed
        listed = sentence.block if listing else listed
        scored = _scored(sentence.body, index, sentence.kind in ("prose", "entry"), kind, listing)
        content.append(scored.content)
        combined.append(scored.combined)
        told = own_words and sentence.kind in ("prose", "entry")
        anchor = skeleton_items(sentence.text, needs) if told else ()
        # "This was done by e-mail" is said of whichever item the sentence before it told.
        anchor = tuple(item for item in anchor if anchors and item in anchors[-1]) or anchor
        anchors.append(anchor)
        items_of.append(anchor or scored.carried)
    continued = _continue_lists(reading, items_of, combined)
    items_of = [anchor or carried for anchor, carried in zip(anchors, continued, strict=True)]
    anchored = frozenset(n for n, anchor in enumerate(anchors) if anchor)
    whole = items_told_whole((reading.sentences[n].text for n in anchored), needs)
    evidence = {need.item.id: _evidence(need, reading, items_of, combined, anchored) for need in needs.items}
    return Matching(
        reading,
        needs,
        evidence,
        tuple(items_of),
        tuple(content),
        tuple(combined),
        anchored,
        whole,
        own_words,
    )


# The share of a deed, cause or measure that must stand in an apology, a request, a stated "none" or a sentence on
# the policies before it counts as said there: such sentences share a few words with everything.
_WHOLE, _SOME = 0.55, 0.3


def _without_chance(touches: tuple[_Touch, ...], body: Body, needs: Needs) -> tuple[_Touch, ...]:
    """The items touched, without those that only share some words with a sentence of a set kind."""
    roles = roles_of_body(body)
    if not roles & _SET_KINDS:
        return touches
    return tuple(t for t in touches if not _by_chance(t, needs[t.item], roles))


def _by_chance(touch: _Touch, need: Need, roles: frozenset[str]) -> bool:
    if need.item.kind == "admission":
        # A sentence on the policies often names the admission anew.
        return "policy" not in roles and touch.words < _SOME * need.total
    if need.item.kind not in _DEEDS:
        return False
    few = touch.mask.bit_count() < 2 and touch.words < 0.8 * need.total
    return few or touch.words < _WHOLE * need.total


_SET_KINDS = frozenset({"apology", "request", "policy", *TOPICS})
_DEEDS = frozenset({"cause", "action", "measure"})


def _part_of(sentence: Sentence, reading: Reading) -> tuple[int, int]:
    """The part of the letter a sentence stands in: its section, or its paragraph where the letter has no headings."""
    return (sentence.section, 0) if reading.sentences[-1].section > 1 else (0, sentence.block)


@cache
def _heading_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (kind, tuple(words.split()))
        for kind, _, words in (line.partition(":") for line in lines_of("headings.txt"))
    )


def _announced(heading: Sentence) -> str | None:
    """The kind of item that a heading announces ("Why it happened": causes)."""
    for kind, beginnings in _heading_words():
        if any(word.startswith(beginnings) for word in heading.body.lowered):
            return kind
    return None


def _leanings(
    reading: Reading, touched: list[tuple[_Touch, ...]], needs: Needs
) -> dict[tuple[int, int], str]:
    """The kind of item each part of the letter mostly speaks of; parts that speak of several have none."""
    votes: dict[tuple[int, int], dict[str, float]] = {}
    for sentence, touches in zip(reading.sentences, touched, strict=True):
        if touches:
            first = needs[touches[0].item].item.kind
            votes_here = votes.setdefault(_part_of(sentence, reading), {})
            votes_here[first] = votes_here.get(first, 0.0) + min(4.0, touches[0].words + touches[0].worth)
    leaning: dict[tuple[int, int], str] = {}
    for sentence in reading.sentences:
        announced = _announced(sentence) if sentence.kind == "heading" else None
        if announced:
            leaning[sentence.section, 0] = announced
    if not reading.sentences or reading.sentences[-1].section <= 1:
        leaning = {}
    for part, kinds in votes.items():
        if part in leaning:
            continue
        kind, weight = max(kinds.items(), key=lambda pair: pair[1])
        if weight >= 0.6 * sum(kinds.values()) and weight >= 1.5:
            leaning[part] = kind
    return leaning


@lru_cache(maxsize=64)
def needs_index(needs: Needs) -> _Index:
    """The index of these needs, made once."""
    return _Index(needs)


def holders_of(value: Value, needs: Needs) -> tuple[Need, ...]:
    """The items that hold a value of the letter, in the outline's order."""
    index = needs_index(needs)
    found = set(index.holders(value)[0])
    if value.kind in ("duration", "frequency"):
        other = "frequency" if value.kind == "duration" else "duration"
        found |= index.holders(replace(value, kind=other))[0]
    return tuple(needs.items[i] for i in sorted(found))


def sole_holder(kind: str, canonical: str, needs: Needs) -> bool:
    """Whether one item alone holds a value of the facts."""
    return len(needs_index(needs).by_value.get((kind, canonical), ())) == 1


_ENCLOSING = ("attach", "enclos", "annex", "append")


# The share of an action's words that, standing close together beside its day, say it.
_TOGETHER = 0.8
# What a date of its own is worth to a sentence.
_DATED = 1.0


def _stands_together(touch: _Touch, need: Need, body: Body) -> bool:
    """Whether nearly all the words of an action stand close together in the sentence, and its day with them: "on 3 May
    the five employees deleted their reviews, and …" says that much, however much more the rest says of other items."""
    told = need.item.kind == "action" and touch.worth >= _DATED and touch.words >= _TOGETHER * need.total
    if not told or sum(not own.light for own in need.words) < 2:
        return False
    content = [word for word in body.words if not word.grammar]
    hits = [
        frozenset(k for k, own in enumerate(need.words) if not own.concepts.isdisjoint(word.concepts))
        for word in content
    ]
    width = len(need.words) + 2
    return any(
        sum(need.words[k].weight for k in frozenset[int]().union(*hits[at : at + width]))
        >= _TOGETHER * need.total
        for at in range(max(1, len(content) - width + 1))
    )


def _carried(
    touches: tuple[_Touch, ...], body: Body, needs: Needs, listing: bool = False, firm: bool = False
) -> tuple[str, ...]:
    """The items a sentence carries: the best, and each further one that accounts for words no better one does;
    where attachments are listed, every attachment whose title stands there."""
    if not touches:
        return ()
    titles = tuple(
        t.item
        for t in touches
        if listing
        and needs[t.item].item.kind == "attachment"
        and t.words >= 0.8 * needs[t.item].total
        and t.words + t.worth >= 0.3
    )
    best = touches[0].words + touches[0].worth
    least = 0.6 if needs[touches[0].item].item.kind == "attachment" else 0.9
    if best < least:
        return titles
    kept = [touches[0].item]
    past = needs[kept[0]].item.kind in ("admission", "cause")
    covered = touches[0].mask
    for touch in touches[1:]:
        score = touch.words + touch.worth
        share = score / needs[touch.item].total
        fresh = (touch.mask & ~covered).bit_count()
        deed = needs[touch.item].item.kind in _DEEDS
        # A deed is said where it adds a word of its own to what a better one accounts for.
        as_good = score >= 0.85 * best and (fresh >= 1 or not deed)
        further = score >= 0.3 * best and share >= 0.25 and fresh >= 2
        further = further or (touch.own_values >= 1 and share >= 0.1)
        further = further or (needs[touch.item].item.kind == "metric" and touch.worth >= 1.0)
        listed = needs[touch.item].item.kind == "attachment"
        whole = touch.words >= 0.85 * needs[touch.item].total and (
            score >= 0.6 if listed else touch.words >= max(1.0, 0.3 * best)
        )
        whole = whole or _stands_together(touch, needs[touch.item], body)
        if firm and needs[touch.item].item.kind in ("cause", "admission") and fresh < 3:
            # "will follow a written procedure" is not the cause that there was none.
            continue
        if not firm and needs[touch.item].item.kind == "measure" and fresh < 3 and past:
            # Nor is "we sent messages to buyers" the commitment that each is read before it is sent.
            continue
        if as_good or further or whole:
            kept.append(touch.item)
            covered |= touch.mask
        if len(kept) == 8:
            break
    return (*kept, *(item for item in titles if item not in kept))


_PRONOUNS = frozenset({"it", "they", "this", "these", "that", "he", "she", "both"})


def _goes_on(sentence: Sentence, own: tuple[str, ...]) -> bool:
    """Whether the sentence only adds to the one before it: "It is still online", "This takes place every week"."""
    words = sentence.body.words
    if not words or words[0].text not in _PRONOUNS:
        return False
    if words[0].text == "that" and sentence.kind == "entry":
        # "The causes are: that nobody had read the rules; that …".
        return False
    if not own:
        return True
    if any(value.kind in ("email", "order_id", "review_id") for value in sentence.body.values):
        # "Its e-mail address is …, and its order is …" tells of what these identify.
        return False
    substance = sum(not word.grammar and not is_generic(word.stem) for word in words)
    return words[0].text in ("it", "this", "that", "these") and substance <= 1


def _continue_lists(
    reading: Reading, items_of: list[tuple[str, ...]], combined: list[dict[str, float]]
) -> list[tuple[str, ...]]:
    """A line of nothing but values belongs to what the lines above it speak of, and so does "it is still online"."""
    result = list(items_of)
    for n, sentence in enumerate(reading.sentences):
        if n and sentence.kind in ("prose", "entry") and _goes_on(sentence, result[n]):
            result[n] = result[n - 1][:1] or result[n]
        if (
            n
            and sentence.kind in ("prose", "entry")
            and not any(not w.grammar for w in sentence.body.words)
            and sentence.body.values
        ):
            above = n - 1
            while above > 0 and reading.sentences[above].kind == "heading":
                above -= 1
            own = [item for item in result[above] if item in combined[n]]
            if own:
                result[n] = tuple(own)
    return result


# What a name or an address of its own is worth to a listing.
_IDENTIFIED = 1.2


def _evidence(
    need: Need,
    reading: Reading,
    items_of: list[tuple[str, ...]],
    combined: list[dict[str, float]],
    anchored: frozenset[int],
) -> Evidence:
    item = need.item.id
    own = [n for n, items in enumerate(items_of) if item in items]
    if not own:
        # A sentence that another item claims whole is no evidence, however much it shares with this one.
        free = [
            n
            for n, total in enumerate(combined)
            if total.get(item, 0.0) >= 0.6 * need.total
            and not items_of[n]
            and not (need.item.kind in _DEEDS and roles_of(reading.sentences[n]) & _SET_KINDS)
        ]
        own = free[:1]
    if not own and need.item.kind == "listing":
        # A list of names and addresses that another item's words introduce.
        own = [
            n for n, total in enumerate(combined) if total.get(item, 0.0) >= _IDENTIFIED and n not in anchored
        ]
    near = sorted(
        {m for n in own for m in range(n - 2, n + 4) if 0 <= m < len(items_of) and _together(reading, n, m)}
        - set(own)
    )
    # The sentences around count where they speak of no other item better: they go on with this one.
    near = [
        m
        for m in near
        if not items_of[m] or combined[m].get(item, 0.0) >= 0.5 * combined[m].get(items_of[m][0], 0.0)
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
    missing = tuple(
        k for k, word in enumerate(need.words) if not word.light and word.concepts.isdisjoint(concepts)
    )
    return Evidence(need, tuple(own), tuple(near), _covered(need, reading, own, near), missing)


def _covered(need: Need, reading: Reading, own: list[int], near: list[int]) -> float:
    """The share of the item's words that stand in one place: a sentence of its own and those around it. Words
    scattered over the letter are not the item."""
    if not need.words or not own:
        return 1.0 if not need.words else 0.0
    places = {*own, *near}
    best = 0.0
    for n in own:
        heading = _heading_of(reading, n)
        bodies = [reading.sentences[m].body.concepts for m in range(n - 3, n + 4) if m in places]
        here = frozenset().union(*bodies, heading.body.concepts if heading else ())
        best = max(best, sum(w.weight for w in need.words if w.light or not w.concepts.isdisjoint(here)))
        if best >= 0.99 * need.total:
            break
    return best / need.total


def _together(reading: Reading, n: int, m: int) -> bool:
    a, b = reading.sentences[n], reading.sentences[m]
    return a.section == b.section and abs(a.block - b.block) <= 1


def _heading_of(reading: Reading, n: int) -> Sentence | None:
    section = reading.sentences[n].section
    for m in range(n, -1, -1):
        if reading.sentences[m].kind == "heading":
            return reading.sentences[m] if reading.sentences[m].section == section else None
    return None
