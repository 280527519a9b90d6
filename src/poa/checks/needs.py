"""What an outline needs, in the checks' own terms: each item's words with their weights, and its values.

Computed once per outline; every letter about the same facts is held against the same needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from poa.checks.lexicon import lines_of, phrase_concepts, stem, word_list
from poa.checks.reading import NO_NAMES, Body, Name, Names, Word, plain, read_body
from poa.outline import Detail, Outline, RequiredItem
from poa.values import find_values, same_value

__all__ = ["Need", "NeedValue", "NeedWord", "Needs", "needs_of", "policy_key"]


@dataclass(frozen=True, slots=True)
class NeedWord:
    """A content word a letter should carry: what counts as it, how much it weighs, which part it belongs to."""

    text: str
    concepts: frozenset[str | int]
    weight: float
    part: str  # statement, or the detail's name
    chunk: int
    start: int = 0
    light: bool = False  # helps to find the item; nothing is missed when it goes


@dataclass(frozen=True, slots=True)
class NeedValue:
    """A value an item holds. `part` names the detail it comes from; not every one must be repeated."""

    kind: str
    canonical: str
    part: str
    required: bool
    entry: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """One item as the checks see it."""

    item: RequiredItem
    words: tuple[NeedWord, ...]
    values: tuple[NeedValue, ...]
    text: str  # every English word of the item, lower case, for phrases that the facts themselves use
    lowered: tuple[str, ...]
    stems: frozenset[str]  # of the words above
    concepts: frozenset[str | int]
    total: float
    manners: frozenset[tuple[str, str]] = (
        frozenset()
    )  # kind and reason of each trigger phrase the fact itself uses


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """All items, and what they hold together."""

    outline: Outline
    items: tuple[Need, ...]
    names: Names
    quotes: tuple[str, ...]
    concepts: frozenset[str | int]
    values: tuple[NeedValue, ...]
    small_numbers: frozenset[str]
    wording: frozenset[str | int] = frozenset()  # what the pack's own fixed sentences say
    by_id: Mapping[str, Need] = field(default_factory=dict)
    known: frozenset[tuple[str, str]] = frozenset()

    def __getitem__(self, item_id: str) -> Need:
        return self.by_id[item_id]


_CHUNK = re.compile(
    r"[,;:()]|\b(?:and|or|but|which|that|who|whom|because|so|although|while|when|before|after|until|unless|without|"
    r"through|for|to|in|on|at|by|from|with|into|about|against|of|under|between|than|if|as)\b",
    re.IGNORECASE,
)
# Details whose words a letter must carry, and how heavily a missing word weighs.
_WORDED = {"phrase": 1.0, "text": 1.0}
_ROLES = frozenset({"by", "owner", "channel"})
_QUOTED = re.compile(r'"([^"]+)"')
_FORMS = re.compile(r"\b(?:amazon(?:'s|\.com)?|the|of|and|&)\b|'s\b")


def policy_key(name: str) -> str:
    """One key for a policy's usual written forms: without "Amazon's", singular or plural, in any case."""
    words = _FORMS.sub(" ", plain(name).lower()).split()
    return " ".join(
        re.sub(r"ies$", "y", word) if word.endswith("ies") else word.rstrip("s") for word in words
    )


@lru_cache(maxsize=64)
def needs_of(outline: Outline) -> Needs:
    """What every letter about this outline must carry."""
    names = _names(outline)
    quotes = tuple(dict.fromkeys(quote for item in outline.items for quote in _quotes(item)))
    parts = [_parts(item, names, quotes) for item in outline.items]
    common = Counter(c for item_parts in parts for c in {c for _, body in item_parts for c in body.concepts})
    items = tuple(
        _need(item, item_parts, common) for item, item_parts in zip(outline.items, parts, strict=True)
    )
    return Needs(
        outline,
        items,
        names,
        quotes,
        frozenset(c for need in items for c in need.concepts),
        tuple(value for need in items for value in need.values),
        _small_numbers(outline),
        read_body(plain(outline.wording), names, ()).concepts,
        {need.item.id: need for need in items},
        frozenset((value.kind, value.canonical) for need in items for value in need.values),
    )


@cache
def known_policies() -> tuple[tuple[str, ...], ...]:
    """Amazon's policies: each a row of its written forms, the full name first."""
    return tuple(tuple(form.strip() for form in line.split(";")) for line in lines_of("policies.txt"))


def _names(outline: Outline) -> Names:
    """Names kept letter by letter, longest first so that a longer one is not eaten by a shorter."""
    found: set[str] = {"Buyer-Seller Messaging", "Seller Central"}
    for item in outline.items:
        for detail in item.details:
            named = detail.kind == "name" and detail.name != "marketplace"
            if named or (detail.name == "reference" and " " not in detail.text):
                found.add(detail.text)
            elif detail.name == "contact":
                found.update(_person_names(detail.text))
        for text in (item.statement, *(d.text for d in item.details if d.kind in _WORDED)):
            for quoted in _QUOTED.findall(plain(text)):
                if len(quoted.split()) <= 5 and quoted[:1].isupper() and quoted[-1] not in ".?!":
                    found.add(quoted)
    policies: dict[str, str] = {}
    for name in outline["policies"].all("policy") if any(i.id == "policies" for i in outline.items) else ():
        policies[policy_key(name)] = name
    forms = {name: name for name in policies.values()}
    for row in known_policies():
        own = next((policies[policy_key(form)] for form in row if policy_key(form) in policies), row[0])
        for form in row:
            forms.setdefault(form, own)
    for form, own in [(form, own) for form, own in forms.items() if own in policies.values()]:
        forms.update(dict.fromkeys(_with_preposition(form), own))
    names = [Name("name", name, name) for name in found] + [
        Name("policy", own, form) for form, own in forms.items()
    ]
    titles = (item.detail("title") for item in outline.items if item.kind == "attachment")
    names += [Name("title", title, title) for title in titles if title]
    return Names(sorted(names, key=lambda name: (-len(name.written), name.written)))


_KIND_OF_RULES = re.compile(r"(?:Amazon's )?(.+?) (polic(?:y|ies)|guidelines?|rules)", re.I)


def _with_preposition(form: str) -> Iterable[str]:
    """ "policies on customer product reviews" for "Customer Product Reviews Policies"."""
    match = _KIND_OF_RULES.fullmatch(form)
    if match:
        for preposition in ("on", "for", "about", "regarding", "governing", "concerning"):
            yield f"{match[2]} {preposition} {match[1]}"


def _person_names(contact: str) -> Iterable[str]:
    for part in re.split(r"[,;(]", contact):
        if re.fullmatch(r"\s*[A-Z][\w'.-]+(?:\s+[A-Z][\w'.-]+){1,3}\s*", part):
            yield part.strip()


def _quotes(item: RequiredItem) -> Iterable[str]:
    """The item's verbatim quotes: its own field, and what its statement puts in quotation marks."""
    yield from item.all("quote")
    for text in (item.statement, *(d.text for d in item.details if d.kind in _WORDED)):
        for quoted in _QUOTED.findall(plain(text)):
            if len(quoted.split()) > 5 or (
                len(quoted.split()) > 1 and (quoted[-1:] in ".?!" or not quoted[:1].isupper())
            ):
                yield quoted


def _parts(item: RequiredItem, names: Names, quotes: tuple[str, ...]) -> list[tuple[Detail, Body]]:
    """The item's texts, each read like a sentence: the statement first, then its worded details."""
    texts = [Detail("statement", "text", item.statement)] if item.statement else []
    texts += [
        d for d in item.details if d.kind in _WORDED and d.name not in ("evidence", "method", "count_of")
    ]
    found = []
    for detail in texts:
        text = plain(detail.text)
        spans = tuple(
            (m.start(), m.end()) for q in quotes for m in re.finditer(re.escape('"' + plain(q) + '"'), text)
        )
        found.append((detail, read_body(text, names, spans)))
    return found


def _need(item: RequiredItem, parts: list[tuple[Detail, Body]], common: Counter[str | int]) -> Need:
    words: list[NeedWord] = []
    values: list[NeedValue] = []
    everything: set[str | int] = set()
    lowered: list[str] = []
    for detail, body in parts:
        everything |= body.concepts
        lowered += [*body.lowered, "|"]
        required = detail.required
        words += _need_words(detail, body, common)
        values += [
            NeedValue(value.kind, value.canonical, detail.name, required, detail.entry)
            for value in (*body.values, *body.names)
        ]
    for detail in item.details:
        values += _detail_values(detail, values)
    for quote in _quotes(item):
        # What was quoted may be taken up in the letter's own words.
        everything |= read_body(plain(quote), NO_NAMES, ()).concepts
    total = sum(word.weight for word in words) or 1.0
    return Need(
        item,
        tuple(words),
        tuple(dict.fromkeys(values)),
        " ".join(lowered),
        tuple(lowered),
        frozenset(stem(word) for word in lowered),
        frozenset(everything),
        total,
        frozenset((t.kind, t.why) for _, body in parts for _, _, t in body.triggers),
    )


def _need_words(detail: Detail, body: Body, common: Counter[str | int]) -> Iterable[NeedWord]:
    """The content words of one part; a word in a phrase of the thesaurus may be carried by the phrase's class."""
    by_phrase: dict[int, set[int]] = {}
    for start, end, number in phrase_concepts([word.stem for word in body.words]):
        for n in range(start, end):
            by_phrase.setdefault(n, set()).add(number)
    text = plain(detail.text)
    cuts = [m.start() for m in _CHUNK.finditer(text)]
    for n, word in enumerate(body.words):
        if word.grammar:
            continue
        chunk = sum(1 for cut in cuts if cut < word.start)
        weight = 1.0 / common[word.stem] ** 0.5 if common[word.stem] else 1.0
        # A role is that role alone: a supervisor is no manager, whoever else may stand for whom.
        strict = (
            detail.name in _ROLES
            and word.text not in word_list("loose_parties")
            and word.text not in word_list("telephone")
        )
        meant = frozenset({word.stem}) if strict else word.concepts | frozenset(by_phrase.get(n, ()))
        weight *= (1.0 if detail.required else 0.5) * (0.4 if word.light else 1.0)
        yield NeedWord(word.text, meant, weight, detail.name, chunk, word.start, word.light)


_EXACT = {
    "policy",
    "date",
    "order_id",
    "asin",
    "review_id",
    "case_id",
    "email",
    "url",
    "phone",
    "money",
    "percent",
    "number",
    "name",
}


def _detail_values(detail: Detail, known: list[NeedValue]) -> Iterable[NeedValue]:
    if detail.name == "marketplace":
        yield NeedValue("marketplace", detail.text.lower(), detail.name, False)
        return
    if detail.kind not in _EXACT or detail.name == "evidence":
        return
    if detail.kind in ("name", "policy"):
        yield NeedValue(detail.kind, detail.text, detail.name, detail.required, detail.entry)
        return
    found = find_values(plain(detail.text))
    value = next((v for v in found if v.kind == detail.kind), None)
    canonical = value.canonical if value else detail.text.strip()
    if any(
        v.kind == detail.kind and same_value(v.kind, v.canonical, canonical) and v.part == "statement"
        for v in known
    ):
        # Said once in the statement and once in the field is one value, not two.
        yield NeedValue(detail.kind, canonical, detail.name, detail.required, detail.entry)
        return
    yield NeedValue(detail.kind, canonical, detail.name, detail.required, detail.entry)


def _small_numbers(outline: Outline) -> frozenset[str]:
    """Counts a letter may state because the facts' own lists have that length ("both orders", "three reviews")."""
    sizes: set[int] = {1}
    kinds = Counter(item.kind for item in outline.items)
    sizes.update(kinds.values())
    sizes.add(kinds["action"] + kinds["measure"])
    for item in outline.items:
        sizes.update(Counter(d.name for d in item.details).values())
        if item.details:
            sizes.add(max(d.entry for d in item.details))
    total_orders = {d.text for item in outline.items for d in item.details if d.name == "order"}
    sizes.add(len(total_orders))
    sizes.add(len({d.text for item in outline.items for d in item.details if d.name == "asin"}))
    return frozenset(str(size) for size in sizes if size)


def words_of(body: Body) -> tuple[Word, ...]:
    """The content words of a body."""
    return tuple(word for word in body.words if not word.light)
