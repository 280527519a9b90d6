"""Values, both ways: each value of the facts stands with its item, and no value stands there that is not a fact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import stem
from poa.checks.matching import Evidence, holders_of, sole_holder
from poa.checks.needs import Need, NeedValue
from poa.checks.reading import Body, Sentence, plain, read_words
from poa.values import Value, find_values, same_value

__all__ = ["ForeignValues", "InventedValues", "MissingValues", "SwappedValues"]

_SHOWN = {"frequency": "frequency", "duration": "duration"}
_COUNTING_WORDS = {
    "1": ("one", "once", "single", "a", "an", "sole", "the"),
    "2": ("two", "both", "pair", "twice", "second", "couple", "either", "each"),
    "12": ("dozen",),
    "3": ("thrice", "triple"),
}
# What may stand for a frequency or a duration of the other kind: "every three months" is 3 month either way.
_TIMES = frozenset({"duration", "frequency"})


def _same(ours: Value | NeedValue, theirs: Value | NeedValue) -> bool:
    if ours.kind == theirs.kind:
        return same_value(ours.kind, ours.canonical, theirs.canonical)
    if {ours.kind, theirs.kind} <= _TIMES:
        return same_value("duration", ours.canonical, theirs.canonical)
    return {ours.kind, theirs.kind} <= {
        "code",
        "review_id",
        "case_id",
        "number",
    } and ours.canonical == theirs.canonical


class InventedValues:
    """A value of the letter that the facts hold nowhere."""

    codes = ("invented_value", "altered_value", "wrong_policy")

    def run(self, context: Context) -> Iterable[Finding]:
        """Every value without a fact; where the sentence's item holds another of the kind, it was altered."""
        known = context.needs.values
        for n, sentence in enumerate(context.reading.sentences):
            for value in (*sentence.body.values, *sentence.body.names):
                if value.kind == "name" or (value.kind, value.canonical) in context.needs.known:
                    continue
                if any(_same(value, fact) for fact in known):
                    continue
                at = (sentence.start + value.start, sentence.start + value.end)
                if value.kind == "policy":
                    yield finding("wrong_policy", "wrong_policy", "policies", at, said=value.text)
                elif not _harmless(value, sentence.kind, sentence.text, context):
                    yield self._report(context, n, value, at)

    def _report(self, context: Context, n: int, value: Value, at: tuple[int, int]) -> Finding:
        for need in context.matching.sentence_items(n):
            near = [fact for fact in need.values if fact.kind == value.kind]
            if near and not all(
                any(_same(fact, other) for s in context.reading.sentences for other in s.body.values)
                for fact in near
            ):
                fact = next(
                    f
                    for f in near
                    if not any(_same(f, other) for s in context.reading.sentences for other in s.body.values)
                )
                return finding(
                    "altered_value", "altered_value", need.item.id, at, fact.canonical, said=value.text
                )
        item = context.matching.items_of[n][0] if context.matching.items_of[n] else None
        return finding("invented_value", "invented_value", item, at, said=value.text)


_OWN_PARTS = re.compile(
    r"\s+(?:short |brief |numbered |separate |main )?(?:questions|answers|headings|points|parts|sections|chapters|pages|files|documents|attachments|enclosures)\b"
)
# "on that one day" points to a day that is named.
_THAT = re.compile(r"\b(?:that|this|the|the same|the very)\s+$", re.I)
_APART = re.compile(r"\s*(?:earlier|later|before|after|prior|afterwards|previously|on|thereafter)\b")


def _harmless(value: Value, kind: str, text: str, context: Context) -> bool:
    """Counts of what the letter itself lists, numbers of headings, a bare year of a date in the facts."""
    if kind in ("heading", "greeting", "signature") and value.kind in ("number", "duration"):
        return True
    if _within_a_period(value, context):
        return True
    if _between_dates(value, text, context) or (
        value.canonical == "1 day" and _THAT.search(text[: value.start])
    ):
        return True
    if value.kind == "number":
        if value.canonical == "0":
            return True
        if value.canonical in context.needs.small_numbers or _OWN_PARTS.match(text[value.end :]):
            return True
        if "." in value.canonical and re.search(
            rf"^\s*{re.escape(value.text)}\b", context.reading.plain, re.M
        ):
            # "the reviews under 1.1", where the letter numbers a part so.
            return True
        if len(value.canonical) == 4:
            return any(
                f.kind == "date" and f.canonical.startswith(value.canonical) for f in context.needs.values
            )
    if value.kind in _TIMES and value.text.lower().endswith("quarter") and _A_SHARE.match(text, value.end):
        # "one quarter (25%) of its bonus" is no time.
        return ("percent", "25%") in context.needs.known
    if value.kind == "percent" and value.canonical in _FRACTIONS:
        return any(_FRACTIONS[value.canonical] in need.lowered for need in context.needs.items)
    if value.kind == "date" and len(value.canonical) <= 7:
        return any(
            f.kind == "date" and f.canonical.startswith(value.canonical.lstrip("-"))
            for f in context.needs.values
        )
    return False


_A_SHARE = re.compile(r"\s*(?:\(\s*25|,?\s*of\b)")
_FRACTIONS = {"50%": "half", "25%": "quarter", "100%": "all"}


def _between_dates(value: Value, text: str, context: Context) -> bool:
    """Whether the value is no fact's own but what lies between two dates of the facts ("two days later")."""
    return (
        value.kind in _TIMES
        and value.canonical.endswith((" day", " week", " month"))
        and _APART.match(text[value.end :]) is not None
        and _is_interval(value, context)
    )


# A period of so many days may be told day by day: "May 16, 17 and 18", "over three days".
_TOLD_BY_DAY = 10


def _within_a_period(value: Value, context: Context) -> bool:
    """Whether the value is a day inside a short period of the facts, or how many days that period has."""
    if value.kind not in ("date", "duration"):
        return False
    for need in context.needs.items:
        ends = [need.item.detail(name) for name in ("from", "to")]
        if None in ends:
            continue
        try:
            first, last = (date.fromisoformat(str(end)) for end in ends)
        except ValueError:
            continue
        days = (last - first).days
        if not 0 < days < _TOLD_BY_DAY:
            continue
        if value.canonical == f"{days + 1} day":
            return True
        whole = value.kind == "date" and len(value.canonical) == 10 and value.canonical[:2].isdigit()
        if whole and first.isoformat() < value.canonical < last.isoformat():
            return True
    return False


def _is_interval(value: Value, context: Context) -> bool:
    """Whether two dates of the facts lie that far apart ("two days later")."""
    number, unit = value.canonical.split(" ")
    if not number.isdigit():
        return False
    dates = sorted(
        {
            date.fromisoformat(f.canonical)
            for f in context.needs.values
            if f.kind == "date" and len(f.canonical) == 10
        }
    )
    pairs = [(a, b) for a in dates for b in dates if b > a]
    if unit == "month":
        return any((b.year - a.year) * 12 + b.month - a.month == int(number) for a, b in pairs)
    days = int(number) * (7 if unit == "week" else 1)
    return any((b - a).days == days for a, b in pairs)


class MissingValues:
    """A value of an item that does not stand with it."""

    codes = ("missing_detail",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each required value that no sentence of its item holds."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind in ("signature", "policy", "notice") or not evidence.sentences:
                continue
            for fact in need.values:
                # "a founder and two relatives" may be told as who they are.
                few = fact.kind == "number" and fact.part in ("by", "owner") and len(fact.canonical) == 1
                if (
                    fact.required
                    and fact.part != "evidence"
                    and not few
                    and not _stands(fact, evidence, context)
                ):
                    yield finding(
                        "missing_detail",
                        "missing_value",
                        need.item.id,
                        _span(evidence, context),
                        fact.canonical,
                        said=fact.canonical,
                    )


def _span(evidence: Evidence, context: Context) -> tuple[int, int] | None:
    if not evidence.sentences:
        return None
    chief = context.matching.chief_sentences(evidence.need.item.id) or evidence.sentences
    sentence = context.reading.sentences[
        max(chief, key=lambda n: context.matching.combined[n].get(evidence.need.item.id, 0.0))
    ]
    return sentence.start, sentence.end


_ANYWHERE = frozenset({"policy", "order_id", "asin", "review_id", "email", "url", "case_id", "name", "phone"})


def _stands(fact: NeedValue, evidence: Evidence, context: Context) -> bool:
    """Whether the letter says the value where it says the item, in figures or in words that mean it."""
    need, sentences = evidence.need, context.reading.sentences
    quotable = fact.part == "name" or (fact.part == "compensation" and fact.kind in ("money", "percent"))
    if quotable and _quoted(fact, need, context):
        return True
    # Nearly every value stands in figures in the item's own sentences: the rest is looked at for the others.
    standing = context.reading.standing.get((fact.kind, fact.canonical), frozenset())
    if not standing.isdisjoint(evidence.sentences):
        return True
    places = _places(fact, evidence, context)
    if not standing.isdisjoint(places) or any(_told_in(fact, n, need, context) for n in sorted(places)):
        return True
    if fact.kind in _TIMES and fact.part == "statement" and need.item.kind in ("action", "cause"):
        # "the quarterly bonus", told of before, is "the bonus" from then on.
        return any(
            _same(fact, value)
            for sentence in sentences[: min(evidence.sentences)]
            for value in sentence.body.values
        )
    if fact.kind == "date" and need.item.kind == "measure":
        return _announced_above(fact, evidence, context)
    return fact.kind == "number" and fact.canonical == "1"


def _told_in(fact: NeedValue, n: int, need: Need, context: Context) -> bool:
    """Whether sentence `n` holds the value, or says it in other words."""
    body = context.reading.sentences[n].body
    if any(_same(fact, value) for value in (*body.values, *body.names)):
        return True
    if fact.kind == "name":
        # A name in quotation marks belongs to no body.
        return fact.canonical.lower() in context.reading.sentences[n].text.lower()
    if fact.kind == "number":
        counted = any(word in body.lowered for word in _COUNTING_WORDS.get(fact.canonical, ()))
        return counted or _counted_by_naming(fact, body, need)
    if fact.kind == "date":
        return len(fact.canonical) == 10 and _same_day_elsewhere(fact, n, context)
    if fact.kind not in _TIMES or not fact.canonical.startswith("1 "):
        return False
    one_day = fact.canonical == "1 day" and _on_its_one_day(need, body.values)
    return one_day or _says_unit(fact, body)


# How far before and behind its item a channel may be named, in the same section.
_CHANNEL_REACH = range(-2, 6)
# A sentence as short as this only gives a date: "Start: 3 February 2025."
_ONLY_A_DATE = 4


def _places(fact: NeedValue, evidence: Evidence, context: Context) -> set[int]:
    """The sentences where the letter may say this value of the item."""
    sentences, need = context.reading.sentences, evidence.need
    elsewhere = fact.kind in _ANYWHERE and fact.part != "channel"
    alone = _tells_itself(fact) and sole_holder(fact.kind, fact.canonical, context.needs)
    if alone or elsewhere or (fact.kind == "number" and fact.part == "note"):
        # An identifier means the same wherever the letter lists it, and so does a value that no other item holds;
        # where it belongs is the next check's question.
        return set(range(len(sentences)))
    own = evidence.sentences
    beside = context.reading.beside(own, len(sentences))
    places = {*own, *evidence.nearby}
    if len(own) == 1 and sentences[own[0]].kind == "entry":
        # A list entry tells of one thing: "We closed the account. The six refunds had been paid from it."
        places |= {m for m in beside if not _carries_a_rival(m, need, context)}
    if fact.part == "compensation" or (fact.kind in _TIMES and need.item.kind == "admission"):
        # "For this, each received a day off": behind the accounts that were used.
        places |= beside
    if fact.part == "channel":
        near = {n + step for n in own for step in _CHANNEL_REACH if 0 <= n + step < len(sentences)}
        places |= {m for m in near if any(sentences[m].section == sentences[n].section for n in own)}
    if need.item.kind == "metric":
        # "All figures are for the periods to 20 January", before them or above them; "the targets are under 1%
        # and under 4%", behind them.
        places |= {m for m in beside if m < max(own)}
        places |= {m for n in own for m in _opening(n, context)}
        places |= {n + 1 for n in own if n + 1 < len(sentences) and _on_targets(sentences[n + 1])}
    if fact.kind == "date" and need.item.kind == "action":
        # A sentence that a longer admission claims by its many words may still tell the action, and its day.
        least = 0.25 * need.total
        content = context.matching.content
        places |= {n for n, scores in enumerate(content) if scores.get(need.item.id, 0.0) >= least}
    if fact.kind == "date" and need.item.kind == "measure":
        next_to = context.reading.beside(own, 1)
        places |= {m for m in next_to if len(sentences[m].body.words) <= _ONLY_A_DATE}
    return places


def _carries_a_rival(n: int, need: Need, context: Context) -> bool:
    """Whether the sentence tells another item of the same kind."""
    return any(
        other.item.kind == need.item.kind and other is not need
        for other in context.matching.sentence_items(n)
    )


def _opening(n: int, context: Context) -> Iterable[int]:
    """The lines above a sentence, in its section, that carry no item: headings, and "Metrics (to 10 November)"."""
    sentences = context.reading.sentences
    for m in range(n - 1, -1, -1):
        if sentences[m].section != sentences[n].section:
            return
        if not context.matching.items_of[m]:
            yield m


def _on_targets(sentence: Sentence) -> bool:
    return not {"target", "targets"}.isdisjoint(sentence.body.lowered[:3])


def _tells_itself(fact: NeedValue) -> bool:
    """Whether a value is so particular that it can only mean the one thing the facts give it for."""
    return fact.kind == "date" or (fact.kind == "number" and len(fact.canonical) > 1)


def _says_unit(fact: NeedValue, body: Body) -> bool:
    """Whether the unit of a period stands there; "the week before" says how long, and never how often."""
    unit = fact.canonical[2:]
    if fact.kind != "frequency" or unit not in body.lowered:
        return unit in body.concepts
    return any(
        word == unit
        and (not k or body.lowered[k - 1] not in ("the", "last", "previous", "past", "preceding"))
        for k, word in enumerate(body.lowered)
    )


_PRONOUNS = frozenset({"them", "they", "these", "those", "both"})


def _counted_by_naming(fact: NeedValue, body: Body, need: Need) -> bool:
    """Whether a small number is told by naming each ("the orders A, B, C and D"), or a pronoun takes up what it
    counts ("they deleted them", of "the two reviews")."""
    for kind in ("order_id", "asin", "review_id"):
        if str(sum(v.kind == kind for v in body.values)) == fact.canonical:
            return True
    if fact.canonical != "2" or not _PRONOUNS & set(body.lowered):
        return False
    counted = _counted_nouns(need.item.statement, fact.canonical)
    return bool(counted) and not any(stem(word.text) in counted for word in body.words)


@lru_cache(maxsize=2048)
def _counted_nouns(statement: str, number: str) -> frozenset[str]:
    """The stems of the two content words behind each place where the number stands."""
    text = plain(statement)
    words = read_words(text)
    found: set[str] = set()
    for value in find_values(text):
        if value.kind == "number" and value.canonical == number:
            found |= {w.stem for w in [w for w in words if w.start >= value.end and not w.grammar][:2]}
    return frozenset(found)


def _quoted(fact: NeedValue, need: Need, context: Context) -> bool:
    """Whether the item's own words, quoted in the letter, hold the value: "a voucher of that value", a metric whose
    name stands in quotation marks."""
    quotes = {plain(quote).strip(" .,") for quote in (*need.item.all("quote"), *need.item.all("name"))}
    return any(
        quote.text.strip(" .,") in quotes and any(_same(fact, value) for value in find_values(quote.text))
        for quote in context.reading.quotes
    )


def _on_its_one_day(need: Need, values: Iterable[Value]) -> bool:
    """Whether the item's one date stands there: "twice on one day" may be told by naming the day."""
    days = {(v.kind, v.canonical) for v in need.values if v.kind == "date"}
    return len(days) == 1 and any((v.kind, v.canonical) in days for v in values)


_ANNOUNCING = frozenset(
    {
        "rules",
        "controls",
        "changes",
        "things",
        "measures",
        "following",
        "commitments",
        "steps",
        "these",
        "all",
    }
)


def _announced_above(fact: NeedValue, evidence: Evidence, context: Context) -> bool:
    """ "Three measures will start on 16 December": the date of a sentence that announces those below it."""
    own = context.matching.own_sentences(evidence.need.item.id) or evidence.sentences
    sentences = context.reading.sentences
    for n in own:
        for m in range(max(0, n - 8), n):
            if sentences[m].section != sentences[n].section or not _ANNOUNCING & set(
                sentences[m].body.lowered
            ):
                continue
            if any(_same(fact, value) for value in sentences[m].body.values):
                return True
    return False


def _same_day_elsewhere(fact: NeedValue, n: int, context: Context) -> bool:
    """ "On the same day", "that very day": the date of the sentence before."""
    words = context.reading.sentences[n].body.lowered
    if "day" not in words and "date" not in words and "then" not in words:
        return False
    if not any(a in ("same", "that", "this") for a in words):
        return False
    for m in range(max(0, n - 3), n + 1):
        if any(_same(fact, value) for value in context.reading.sentences[m].body.values):
            return True
    return False


_PEOPLE = re.compile(r"\s+(?:people|persons|of (?:us|them)|colleagues|men|women)\b", re.I)


class ForeignValues:
    """A value that stands in a sentence about other items than its own: "every new five-star review" of a
    measure that covers every review."""

    codes = ("swapped_values",)
    _KINDS = frozenset({"number", "percent", "money", "duration"})

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each such value in a sentence that is plainly one action's, measure's or cause's."""
        for n, sentence in context.prose():
            carried = context.matching.items_of[n]
            if not carried:
                continue
            need = context.needs[carried[0]]
            if need.item.kind not in ("action", "measure", "cause"):
                continue
            if context.matching.content[n].get(carried[0], 0.0) < 0.4 * need.total:
                continue
            around = {
                item
                for m in (n - 1, n, n + 1)
                if 0 <= m < len(context.matching.items_of)
                for item in context.matching.items_of[m]
            }
            for value in sentence.body.values:
                if value.kind not in self._KINDS or value.canonical == "1":
                    continue
                if _between_dates(value, sentence.text, context):
                    continue
                holders = holders_of(value, context.needs)
                if not holders or any(h.item.id in around or h.item.kind == "attachment" for h in holders):
                    continue
                if value.kind == "number" and _PEOPLE.match(sentence.text, value.end):
                    # How many people a fact names may be added up.
                    continue
                if (
                    value.canonical in context.needs.small_numbers
                    and "star" not in sentence.text[value.end : value.end + 6]
                ):
                    continue
                at = (sentence.start + value.start, sentence.start + value.end)
                yield finding(
                    "swapped_values", "swapped_values", carried[0], at, _called(holders[0]), said=value.text
                )


class SwappedValues:
    """A value that belongs to another item than the one whose sentence it stands in."""

    codes = ("swapped_values",)
    _KINDS = frozenset(
        {"date", "percent", "money", "order_id", "asin", "email", "review_id", "number", "duration"}
    )

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding per value that stands where another item's value of the kind should stand."""
        for n, sentence in context.prose():
            spoken = self._spoken_of(context, n)
            if spoken is None:
                continue
            own = [fact for fact in spoken.values if fact.kind in self._KINDS]
            for value in sentence.body.values:
                if value.kind not in self._KINDS or (value.kind == "number" and len(value.canonical) < 2):
                    continue
                if _between_dates(value, sentence.text, context):
                    continue
                holders = holders_of(value, context.needs)
                if (
                    not holders
                    or spoken in holders
                    or any(h.item.kind == "attachment" for h in holders)
                    or self._shared(context, n, holders)
                    or self._leads(context, n, holders)
                    or self._accompanied(n, value, holders, context)
                ):
                    continue
                rivals = [fact for fact in own if fact.kind == value.kind]
                here = [v for v in sentence.body.values if v.kind == value.kind]
                if not rivals or any(_same(fact, other) for fact in rivals for other in here):
                    continue
                at = (sentence.start + value.start, sentence.start + value.end)
                yield finding(
                    "swapped_values",
                    "swapped_values",
                    spoken.item.id,
                    at,
                    _called(holders[0]),
                    said=value.text,
                )

    @staticmethod
    def _spoken_of(context: Context, n: int) -> Need | None:
        """The one item that the sentence's words, values apart, are about; None where that is not plain."""
        content = context.matching.content[n]
        if not content:
            return None
        ranked = sorted(content.items(), key=lambda pair: -pair[1])
        best, score = ranked[0]
        need = context.needs[best]
        if score < 1.2 or score / need.total < 0.4:
            return None
        return need

    @staticmethod
    def _leads(context: Context, n: int, holders: tuple[Need, ...]) -> bool:
        """Whether, values and words together, the sentence is one of the holders' own."""
        items_of = context.matching.items_of
        if any(need.item.id == items_of[n][0] for need in holders if items_of[n]):
            return True
        beside = {items_of[m][0] for m in (n - 1, n + 1) if 0 <= m < len(items_of) and items_of[m]}
        # An admission runs over several sentences; a date alone in one of them belongs to those beside it.
        return any(need.item.kind == "admission" and need.item.id in beside for need in holders)

    @staticmethod
    def _accompanied(n: int, value: Value, holders: tuple[Need, ...], context: Context) -> bool:
        """Whether a name or an address that only the value's own item holds stands beside it or right before."""
        sentences = context.reading.sentences
        beside = [sentences[m] for m in (n - 1, n) if m >= 0 and sentences[m].block == sentences[n].block]
        return any(
            holders_of(other, context.needs) == holders
            for sentence in beside
            for other in (*sentence.body.values, *sentence.body.names)
            if other is not value and other.kind in ("name", "email", "url", "review_id")
        )

    @staticmethod
    def _shared(context: Context, n: int, holders: tuple[Need, ...]) -> bool:
        """Whether the sentence speaks of one of the value's own items too."""
        content = context.matching.content[n]
        best = max(content.values())
        return any(
            content.get(need.item.id, 0.0) >= 0.6 * best
            or content.get(need.item.id, 0.0) / need.total >= 0.5
            or need.item.kind in ("notice", "signature", "metric")
            for need in holders
        )


def _called(need: Need) -> str:
    return f"{need.item.id} {need.item.label_en}"
