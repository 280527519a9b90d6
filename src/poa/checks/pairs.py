"""What stands together: the values of one entry of a list, and a number with what it counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import concepts, is_past, stem
from poa.checks.matching import holders_of
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word, plain, read_words
from poa.checks.roles import TOPICS
from poa.outline import Detail
from poa.values import Value, find_values, same_value

__all__ = [
    "CountedThings",
    "CrossedValues",
    "ExchangedValues",
    "ListedEntries",
    "Owners",
    "says_who",
    "title_of",
]


_Concepts = frozenset[str | int]


class ListedEntries:
    """Values of one entry of a list (a name, its e-mail, its order) do not move to another entry."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each list whose values stand neither entry by entry nor kind by kind in one order."""
        for need in context.needs.items:
            if (
                need.item.kind not in ("listing", "statement")
                or len({d.entry for d in need.item.details}) < 2
            ):
                continue
            values = [v for v in need.values if v.entry]
            marks = self._marks(need, context)
            astray = None if marks and not _in_order(marks) else _astray(need, context)
            if astray or (marks and not _in_order(marks)):
                start, end = astray or (min(at for at, _, _ in marks), max(at for at, _, _ in marks))
                names = ", ".join(
                    dict.fromkeys(v.canonical for v in values if v.kind in ("name", "review_id"))
                )
                yield finding(
                    "swapped_values",
                    "listed_pair",
                    need.item.id,
                    (start, end),
                    names,
                    said=need.item.label_en,
                )

    @staticmethod
    def _marks(need: Need, context: Context) -> list[tuple[int, int, str]]:
        """(place, entry, kind) of each of the list's values where the letter lists them, in the letter's order."""
        unique: dict[tuple[str, str], set[int]] = {}
        for v in need.values:
            if v.entry:
                unique.setdefault((v.kind, v.canonical), set()).add(v.entry)
        listed: list[tuple[int, int, str]] = []
        told: list[tuple[int, int, str]] = []
        for n, sentence in context.prose():
            held = (*sentence.body.values, *sentence.body.names)
            own = {v.kind for v in held if (v.kind, v.canonical) in unique}
            if not own & {"name", "email", "review_id"} and (
                own & {"order_id", "asin"} or context.matching.items_of[n][:1] != (need.item.id,)
            ):
                # Orders and ASINs alone are told of with the violations; the list is where its names stand.
                continue
            elsewhere = context.roles[n] & (set(TOPICS) - {need.item.topic})
            first = context.matching.items_of[n][:1] == (need.item.id,)
            is_listed = need.item.topic in context.roles[n] or (first and not elsewhere)
            if need.item.topic == "remaining_reviews" and any(v.kind == "email" for v in held):
                # An account's owner, told of with an address, may also be who wrote a review.
                continue
            if not is_listed and (elsewhere or len(own & _TELLING_WHO) < 2):
                continue
            marks = listed if is_listed else told
            for value in held:
                for (kind, canonical), entries in unique.items():
                    if (
                        len(entries) == 1
                        and kind == value.kind
                        and same_value(kind, canonical, value.canonical)
                    ):
                        marks.append((sentence.start + value.start, next(iter(entries)), kind))
        # Where the letter lists them as such counts; else any sentence that holds who they are.
        return sorted(listed if len({entry for _, entry, _ in listed}) > 1 else told)


def _astray(need: Need, context: Context) -> tuple[int, int] | None:
    """Where a sentence names one entry by one value and another entry by a value that the first has of its own."""
    own: dict[tuple[str, str], dict[int, str]] = {}
    for v in need.values:
        if v.entry and v.kind in _TELLING_WHO:
            own.setdefault((v.kind, v.part), {})[v.entry] = v.canonical
    for _, sentence in context.prose():
        held = {(v.kind, v.canonical): v for v in (*sentence.body.values, *sentence.body.names)}
        named: dict[tuple[str, str], list[int]] = {}
        for key, by_entry in own.items():
            here = [entry for entry, canonical in by_entry.items() if (key[0], canonical) in held]
            if here:
                named[key] = here
        alone = {key: here[0] for key, here in named.items() if len(here) == 1}
        if len(alone) != len(named):
            continue
        for (one, i), (other, j) in itertools.combinations(alone.items(), 2):
            if i == j or not {one[0], other[0]} & {"name", "email"} or "note" in (one[1], other[1]):
                continue
            if j in own[one] and i in own[other] and len(set(own[one].values())) == len(own[one]):
                places = [held[kind[0], own[kind][entry]] for kind, entry in ((one, i), (other, j))]
                return (
                    sentence.start + min(v.start for v in places),
                    sentence.start + max(v.end for v in places),
                )
    return None


_TELLING_WHO = frozenset({"name", "email", "order_id", "review_id"})


def _in_order(marks: list[tuple[int, int, str]]) -> bool:
    entries = [entry for _, entry, _ in marks]
    runs = [entry for k, entry in enumerate(entries) if k == 0 or entry != entries[k - 1]]
    if len(runs) == len(set(runs)):
        return True
    # Kind by kind: all names, then all orders, each in the same order ("respectively").
    by_kind: dict[str, list[int]] = {}
    for _, entry, kind in marks:
        if entry not in by_kind.setdefault(kind, []):
            by_kind[kind].append(entry)
    orders = {tuple(order) for order in by_kind.values() if len(order) > 1}
    return len(orders) == 1


class CountedThings:
    """A number stands with what it counts: "233 e-mails and 96 call notes" is not "96 e-mails and 233 call notes"."""

    codes = ("altered_value",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each number whose noun another number of the same item counts."""
        for n, sentence in context.prose():
            found = _counted(sentence)
            for value, noun in found:
                for item in context.matching.items_of[n]:
                    told = context.matching.content[n].get(item, 0.0)
                    if told < 0.4 * context.needs[item].total:
                        continue
                    facts = _counted_in(context.needs[item])
                    numbers = [number for number, thing in facts if not thing.isdisjoint(noun)]
                    if _UNCOUNTED & noun:
                        continue
                    bare = [v for v in context.needs[item].values if v.kind == "number"]
                    if any(v.canonical == value.canonical for v in bare) and not any(
                        value.canonical == number for number, _ in facts
                    ):
                        # "140 buyers …, of whom 96 were happy": the 96 are buyers, though the fact need not say so.
                        continue
                    if value.canonical.isdigit() and int(value.canonical) == sum(
                        int(number) for number in set(numbers) if number.isdigit()
                    ):
                        # "52 reviews, that is, the agency's 48 and the four of the buyers".
                        continue
                    if numbers and value.canonical not in numbers and not self._held(value, context, noun):
                        at = (sentence.start + value.start, sentence.start + value.end)
                        yield finding("altered_value", "altered_value", item, at, numbers[0], said=value.text)
                        break

    @staticmethod
    def _held(value: Value, context: Context, noun: frozenset[str | int]) -> bool:
        """Whether another item that the sentence may speak of counts that thing by that number."""
        for need in context.needs.items:
            for number, thing in _counted_in(need):
                if number == value.canonical and not thing.isdisjoint(noun):
                    return True
            sizes: dict[str, int] = {}
            for detail in need.item.details:
                sizes[detail.name] = sizes.get(detail.name, 0) + 1
            if str(sizes.get("order", 0)) == value.canonical and ("order" in noun or "buyer" in noun):
                return True
            if str(sizes.get("asin", 0)) == value.canonical and ("asin" in noun or "product" in noun):
                return True
            if (
                need.item.kind == "listing"
                and str(max((d.entry for d in need.item.details), default=0)) == value.canonical
            ):
                return True
            if need.item.detail("count") == value.canonical:
                return True
        return value.canonical == "1"


def _counted(sentence: Sentence) -> list[tuple[Value, frozenset[str | int]]]:
    found = []
    for value in sentence.body.values:
        if value.kind != "number":
            continue
        noun = next(
            (
                w
                for w in sentence.body.words
                if w.start >= value.end and w.start - value.end <= 2 and not w.grammar
            ),
            None,
        )
        if noun is not None and not is_past(noun.text):
            found.append((value, noun.concepts))
    return found


# Rating stars are no count; people and enclosures are counted in too many ways.
_UNCOUNTED = frozenset(map(stem, ("star", "person", "file", "document", "attachment", "enclosure")))
_JOINED = re.compile(r" (?:or|and|to) (?:\d+|[a-z]+)(?= )")
_COUNTED: dict[int, tuple[Need, list[tuple[str, frozenset[str | int]]]]] = {}


def _counted_in(need: Need) -> list[tuple[str, frozenset[str | int]]]:
    known = _COUNTED.get(id(need))
    if known is not None and known[0] is need:
        return known[1]
    found = []
    texts = [need.item.statement, *(d.text for d in need.item.details if _worded(d))]
    for text in texts:
        simple = plain(text)
        words = read_words(simple)
        for value in find_values(simple):
            if value.kind == "number":
                end = value.end
                joined = _JOINED.match(simple, end)
                if joined:
                    # "nine or ten points": both count the points.
                    end = joined.end()
                noun = next((w for w in words if end <= w.start <= end + 2 and not w.grammar), None)
                if noun is not None:
                    # "21 dissatisfied buyers" counts buyers.
                    following = (w for w in words if 0 <= w.start - noun.end <= 1 and not w.grammar)
                    also = next((w.concepts for w in following), frozenset[str | int]())
                    found.append((value.canonical, noun.concepts | also))
    if len(_COUNTED) > 4096:
        _COUNTED.clear()
    _COUNTED[id(need)] = (need, found)
    return found


def _worded(detail: Detail) -> bool:
    return detail.kind in ("phrase", "text") and detail.name != "evidence"


class ExchangedValues:
    """Two values of one kind that changed places: each stands where the letter speaks of the other's item."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each pair of items whose values stand crosswise."""
        owned = [_owned_values(sentence, context) for sentence in context.reading.sentences]
        crossed: dict[tuple[str, str, str], tuple[int, int, str]] = {}
        astray: set[tuple[str, str]] = set()
        for n, values in enumerate(owned):
            if not values:
                continue
            around = _spoken_of_around(n, owned, context)
            for value, owner in values:
                near = _plainest(around, owner)
                if near is not None and near != owner:
                    start = context.reading.sentences[n].start
                    at = (start + value.start, start + value.end)
                    crossed.setdefault((value.kind, owner, near), (*at, value.text))
                alone = value.kind in _LISTED and sum(other == owner for _, other in values) == 1
                if near != owner and alone:
                    astray.add((value.kind, owner))
        for (kind, owner, near), (start, end, text) in crossed.items():
            back = (kind, near, owner)
            if (back in crossed and owner < near) or (back not in crossed and (kind, near) in astray):
                fact = f"{owner} {context.needs[owner].item.label_en}"
                yield finding("swapped_values", "swapped_values", near, (start, end), fact, said=text)


_IDENTIFYING = frozenset(
    {"date", "order_id", "asin", "email", "review_id", "percent", "money", "name", "url"}
)
_LISTED = frozenset({"order_id", "asin", "review_id", "email"})
# What a value that only one item holds tells of its sentence, beside the words (which weigh about 1 each); and by
# how much the item must stand out.
_VALUE_TELLS, _LEAST, _PLAINLY = 0.7, 0.7, 1.2


def _owned_values(sentence: Sentence, context: Context) -> list[tuple[Value, str]]:
    """The sentence's values that one item alone holds, each with that item."""
    found = []
    for value in (*sentence.body.values, *sentence.body.names):
        holders = holders_of(value, context.needs) if value.kind in _IDENTIFYING else ()
        # Metrics often share a sentence; their pairs are another check's.
        if len(holders) == 1 and holders[0].item.kind != "metric":
            found.append((value, holders[0].item.id))
    return found


def _spoken_of_around(n: int, owned: list[list[tuple[Value, str]]], context: Context) -> dict[str, float]:
    """How much each item is spoken of in a sentence and, less, in those beside it in its paragraph."""
    sentences = context.reading.sentences
    total: dict[str, float] = {}
    for m, share in ((n, 1.0), (n - 1, 0.6), (n - 2, 0.4), (n + 1, 0.3)):
        if not 0 <= m < len(sentences) or sentences[m].block != sentences[n].block:
            continue
        for item, words in context.matching.content[m].items():
            total[item] = total.get(item, 0.0) + share * words
        for _, item in owned[m]:
            total[item] = total.get(item, 0.0) + share * _VALUE_TELLS
        for topic in ("notice", *TOPICS):
            if topic in context.roles[m]:
                total[topic] = total.get(topic, 0.0) + share
    if sentences[n].kind == "signature":
        total["signature"] = total.get("signature", 0.0) + 1.0
    return total


def _plainest(around: dict[str, float], owner: str) -> str | None:
    """The item that stands out once the value's own say for its owner is taken away; None where none does."""
    without = {**around, owner: around.get(owner, 0.0) - _VALUE_TELLS}
    ranked = sorted(without.items(), key=lambda pair: (-pair[1], pair[0]))
    (item, most), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    return item if most >= _LEAST and most >= _PLAINLY * second else None


class Owners:
    """The one who is responsible for a measure: another measure's owner does not stand in its place."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each measure whose sentences name another measure's owner and not its own."""
        owners = {
            need.item.id: title
            for need in context.needs.items
            if need.item.kind == "measure" and (title := title_of(need.item.detail("owner") or ""))
        }
        for n, sentence in context.prose():
            need = self._measure_of(n, owners, context)
            if need is None:
                continue
            here, own = title_of(sentence.text), owners[need.item.id]
            following = context.reading.sentences[n + 1 : n + 2]
            if any(_holds(title_of(s.text), own) for s in (sentence, *following)) or _in_statement(own, need):
                continue
            for item, other in owners.items():
                if other != own and len(other) > 1 and _holds(here, other) and not _in_statement(other, need):
                    at = (sentence.start, sentence.end)
                    owner = need.item.detail("owner") or ""
                    theirs = context.needs[item].item.detail("owner") or ""
                    yield finding("swapped_values", "owner", need.item.id, at, owner, said=theirs)
                    break

    @staticmethod
    def _measure_of(n: int, owners: dict[str, tuple[str, ...]], context: Context) -> Need | None:
        """The measure that a sentence tells; for "Our supervisor is responsible for this", that of the one before."""
        sentences, items_of = context.reading.sentences, context.matching.items_of
        if says_who(sentences[n]) and n and sentences[n - 1].block == sentences[n].block:
            n -= 1
        carried = [item for item in items_of[n] if context.needs[item].item.kind == "measure"]
        if len(carried) != 1 or carried[0] not in owners or items_of[n][0] != carried[0]:
            return None
        need = context.needs[carried[0]]
        return need if context.matching.content[n].get(carried[0], 0.0) >= _TOLD_OF * need.total else None


# The share of a measure's words at which a sentence tells it, and does not just name its owner.
_TOLD_OF = 0.4


def says_who(sentence: Sentence) -> bool:
    """Whether a sentence only names who is responsible for what was said before."""
    lowered = set(sentence.body.lowered)
    return len(sentence.body.words) <= 12 and bool(
        lowered & {"responsible", "charge", "answers", "answerable", "accountable"}
    )


def title_of(text: str) -> tuple[str, ...]:
    """The stems of a title, without the small words between them."""
    return tuple(
        stem(word) for word in re.findall(r"[A-Za-z]+", text) if word.lower() not in ("of", "the", "our")
    )


def _holds(words: tuple[str, ...], title: tuple[str, ...]) -> bool:
    size = len(title)
    return any(words[k : k + size] == title for k in range(len(words) - size + 1))


def _in_statement(title: tuple[str, ...], need: Need) -> bool:
    return _holds(title_of(need.item.statement), title)


class CrossedValues:
    """Two values of one fact that changed places: "90 were ordered and 83 published" told the other way round."""

    codes = ("swapped_values",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each pair of a fact's values that each stand with what belongs to the other."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            stated = _surroundings(plain(need.item.statement))
            if len(stated) < 2:
                continue
            told: dict[tuple[str, str], tuple[frozenset[str | int], int, int, str]] = {}
            for n in context.matching.own_sentences(need.item.id):
                sentence = context.reading.sentences[n]
                around = _surroundings(sentence.text)
                for value in sentence.body.values:
                    key = (value.kind, value.canonical)
                    if key in around:
                        at = (sentence.start + value.start, sentence.start + value.end)
                        told.setdefault(key, (around[key], *at, value.text))
            for one, other in itertools.combinations(sorted(stated), 2):
                if one[0] != other[0] or one not in told or other not in told:
                    continue
                if _cross(stated[one], stated[other], told[one][0], told[other][0]):
                    _, start, end, text = told[one]
                    fact = need.item.statement
                    yield finding("swapped_values", "crossed", need.item.id, (start, end), fact, said=text)


def _cross(a: _Concepts, b: _Concepts, here_a: _Concepts, here_b: _Concepts) -> bool:
    """Whether each value stands with words that only the other has beside it, and neither with its own."""
    own_a, own_b = a - b, b - a
    return (
        not own_b.isdisjoint(here_a - here_b)
        and not own_a.isdisjoint(here_b - here_a)
        and own_a.isdisjoint(here_a)
        and own_b.isdisjoint(here_b)
    )


def _meant(word: Word) -> _Concepts:
    """What a word can stand for, but not what it is the opposite of: "unhappy" is not "happy" here."""
    if word.text.startswith("un") and len(word.text) > 5:
        return word.concepts - concepts(word.text[2:])
    return word.concepts


_NEXT = re.compile(r"[,;:]\s|\b(?:and|while|whereas|but)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=4096)
def _surroundings(text: str) -> dict[tuple[str, str], _Concepts]:
    """The concepts of the content words beside each value that stands once: two before it and three behind."""
    words = read_words(text)
    values = [
        v
        for v in find_values(text)
        if v.kind in ("number", "percent", "money") and not (v.kind == "number" and _YEAR.fullmatch(v.text))
    ]
    found: dict[tuple[str, str], _Concepts] = {}
    for value in values:
        if sum((v.kind, v.canonical) == (value.kind, value.canonical) for v in values) > 1:
            continue
        near = [v for v in values if v is not value]
        first = max((v.end for v in near if v.end <= value.start), default=0)
        last = min((v.start for v in near if v.start >= value.end), default=len(text))
        # "the 96 who were happy and steered the 44 …": what is told of one ends where the next clause begins.
        first = max((m.end() for m in _NEXT.finditer(text, first, value.start)), default=first)
        last = next((m.start() for m in _NEXT.finditer(text, value.end, last)), last)
        before = [w for w in words if first <= w.start and w.end <= value.start and not w.grammar][-2:]
        behind = [w for w in words if value.end <= w.start and w.end <= last and not w.grammar][:3]
        found[value.kind, value.canonical] = frozenset(c for w in (*before, *behind) for c in _meant(w))
    return found
