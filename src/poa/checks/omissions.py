"""Items and words that the facts hold and the letter does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import pairwise

from poa.checks.base import Context, Finding, finding
from poa.checks.conjuncts import lost_clause, lost_conjunct
from poa.checks.lexicon import is_generic, is_past, lines_of, related, roots_of, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need, Needs, NeedWord
from poa.checks.reading import is_label

__all__ = ["BY_STATEMENT", "MissingItems", "MissingWords", "is_absent"]

# The kinds that a check of their own looks for, whatever their words.
BY_STATEMENT = ("notice", "policy", "none", "apology", "request", "signature")
_PRESENT = 0.45
# The share of its title by which an attachment is named well enough.
_TITLED = 0.6


def is_absent(evidence: Evidence) -> bool:
    """Whether no sentence carries the item: hardly any of its words stand together anywhere."""
    return bool(evidence.need.words) and evidence.covered < _PRESENT


class MissingItems:
    """An item that no sentence carries."""

    codes = ("missing_item",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each item whose words the letter does not hold together."""
        for item_id, evidence in context.matching.evidence.items():
            item = evidence.need.item
            gone = not evidence.sentences or (
                is_absent(evidence) and not _stands_by_values(evidence, context)
            )
            if item.kind == "attachment" and not gone:
                gone = not any(_lists_attachments(n, context) for n in evidence.sentences)
            if item.kind not in (*BY_STATEMENT, "attachment") and not gone and evidence.sentences:
                gone = all(self._of_attachment(n, context) for n in evidence.sentences)
            if item.kind not in BY_STATEMENT and gone:
                fact = item.statement or ", ".join(d.text for d in item.details[:4])
                yield finding("missing_item", "missing_item", item_id, fact=fact)

    @staticmethod
    def _of_attachment(n: int, context: Context) -> bool:
        """Whether the sentence is first of all an enclosure's: a title in a list says nothing of the matter itself."""
        first = context.matching.items_of[n][:1]
        return bool(first) and context.needs[first[0]].item.kind == "attachment"


def _stands_by_values(evidence: Evidence, context: Context) -> bool:
    """Whether a list's own names or identifiers stand in the letter: what they are is said in few and free words."""
    if evidence.need.item.kind != "listing":
        return False
    own = {
        (v.kind, v.canonical)
        for v in evidence.need.values
        if v.kind in ("name", "email", "review_id", "url", "phone", "asin")
    }
    return any(
        (v.kind, v.canonical) in own
        for sentence in context.reading.sentences
        for v in (*sentence.body.values, *sentence.body.names)
    )


def _lists_attachments(n: int, context: Context) -> bool:
    """Whether the sentence stands where the letter lists what it encloses."""
    carried = context.matching.items_of[n]
    kinds = [context.needs[item].item.kind for item in carried]
    if "attachment" in context.roles[n] or kinds[:1] == ["attachment"] or kinds.count("attachment") > 1:
        return True
    sentences, section = context.reading.sentences, context.reading.sentences[n].section
    begins = n
    while begins and sentences[begins - 1].block == sentences[n].block:
        begins -= 1
    if any("attachment" in context.roles[m] for m in range(begins, n)):
        # "Attachments: (1) the notice; (2) the list".
        return True
    return any(
        s.kind == "heading" and s.section == section and "attachment" in context.roles[m]
        for m, s in enumerate(context.reading.sentences)
    )


@cache
def _essential() -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    rows = []
    for line in lines_of("essential.txt"):
        phrase, _, carriers = line.partition(":")
        rows.append((tuple(phrase.split()), frozenset(carriers.split())))
    return tuple(rows)


@lru_cache(maxsize=4096)
def _essentials_in(lowered: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """The essential phrases that a fact holds, with the words that may carry each."""
    text = f" {' '.join(lowered)} "
    return tuple(row for row in _essential() if f" {' '.join(row[0])} " in text)


# The two of "a two-star review" is no "twice".
_STARS = re.compile(r"[\s-]stars?\b", re.I)


def _words_beside(evidence: Evidence, context: Context) -> set[str]:
    """The words of the item's sentences, and of those next to them in a paragraph or list entry."""
    sentences = context.reading.sentences
    own, item = {sentences[n].block for n in evidence.sentences}, evidence.need.item.id
    # Another list entry's "written" is no "in writing" of this one.
    near = {m for m in evidence.nearby if sentences[m].block in own or not context.matching.items_of[m]}
    near |= {m for m in evidence.nearby if item in context.matching.items_of[m]}
    places = {*near, *context.reading.beside(evidence.sentences, 1)}
    numbers = {
        v.canonical
        for n in places
        for v in sentences[n].body.values
        if v.kind in ("number", "frequency") and not _STARS.match(sentences[n].text, v.end)
    }
    return numbers.union(w for n in places for w in sentences[n].body.lowered)


def _lost_essentials(evidence: Evidence, context: Context) -> list[str]:
    """Phrases of the fact whose loss alone changes it, and that nothing in the item's sentences carries."""
    words: set[str] | None = None
    lost = []
    for phrase, carriers in _essentials_in(evidence.need.lowered):
        if words is None:
            words = _words_beside(evidence, context)
        if phrase == ("same", "day") and _one_day_stands(evidence, context):
            continue
        if not words & carriers and not any(w.partition("-")[2] in carriers for w in words):
            lost.append(" ".join(phrase))
    return lost


def _one_day_stands(evidence: Evidence, context: Context) -> bool:
    """Whether the item's one date stands with it: "on the same day" may be told by naming the day."""
    days = {v.canonical for v in evidence.need.values if v.kind == "date"}
    return len(days) == 1 and any(
        v.kind == "date" and v.canonical in days
        for n in (*evidence.sentences, *evidence.nearby)
        for v in context.reading.sentences[n].body.values
    )


def _lost_details(evidence: Evidence, context: Context) -> list[str]:
    """Worded details (channel, owner, compensation, frequency) none of whose words stand in the item's own sentences."""
    item = evidence.need.item.id
    own = tuple({*context.matching.chief_sentences(item), *context.matching.own_sentences(item)})
    own = own or evidence.sentences
    known = {*evidence.nearby, *evidence.sentences}
    near = {m for n in own for m in (n - 1, n + 1, n + 2) if m in known}
    concepts: set[str | int] = set()
    for n in (*own, *near):
        concepts |= context.reading.sentences[n].body.concepts
    sentences = context.reading.sentences
    after = {n + 1 for n in own if n + 1 < len(sentences) and sentences[n + 1].block == sentences[n].block}
    # "This holds for every contact; our manager is responsible": one more, where the next tells of nothing else.
    after |= {
        m + 1 for m in after if m + 1 in context.reading.beside([m], 1) and _tells_no_other(m, item, context)
    }
    # "Owner: Head of Sales. From: 1 July. Frequency: every two months." are one entry's labels.
    after |= {m for m in context.reading.beside(own, 4) if is_label(sentences[m])}
    beside = {
        m
        for n in own
        for m in range(n - 3, n + 4)
        if 0 <= m < len(sentences) and sentences[m].section == sentences[n].section
    }
    lost: list[str] = []
    for part in dict.fromkeys(word.part for word in evidence.need.words):
        if part in ("statement", "note", "contact", "service", "by", "name"):
            continue
        words = [word for word in evidence.need.words if word.part == part and not word.light]
        # "… ; our manager is accountable for this" goes on with the measure, whoever else bears that title; how
        # something was sent may stand beside it.
        wider = after if part == "owner" else beside if part == "channel" else set()
        here = concepts.union(*(sentences[m].body.concepts for m in wider))
        absent = [word.text for word in words if word.concepts.isdisjoint(here)]
        if part == "owner" and context.is_who_signs([word.text for word in words], evidence.sentences):
            continue
        if part == "compensation" and _paid_in_figures(evidence, context):
            continue
        if words and (
            len(absent) > 0.5 * len(words) or (part == "channel" and 2 * len(absent) >= len(words) > 1)
        ):
            lost += absent
    return lost


def _tells_no_other(n: int, item: str, context: Context) -> bool:
    """Whether neither a sentence nor the one behind it tells of another item first of all."""
    items_of = context.matching.items_of
    return all(items_of[m][:1] in ((), (item,)) for m in (n, n + 1))


def _lost_things(evidence: Evidence, context: Context) -> list[str]:
    """Single words of the statement that are gone: not verbs or words of rewording, which go in every rewriting."""
    words = evidence.need.words
    roots = frozenset(
        word.stem
        for n in (*evidence.sentences, *evidence.nearby)
        for word in context.reading.sentences[n].body.words
    )
    return [
        words[k].text
        for k in evidence.missing
        if words[k].part == "statement"
        and evidence.need.item.kind == "admission"
        and words[k].weight >= 0.99
        and not is_generic(stem(words[k].text))
        and not is_past(words[k].text)
        and not words[k].text.endswith(("ing", "ly"))
        and not related(words[k].text, roots)
    ]


_COORDINATING = ("or", "and", "nor")
_AFTER_TO = ("to", "will", "may", "must", "can", "not")


def _lost_nouns(evidence: Evidence, context: Context) -> list[str]:
    """A single noun that is gone: a name, one of two that "or" joins of which the other stayed, or all that a
    prepositional phrase held ("without a second signature")."""
    need = evidence.need
    if need.item.kind not in ("admission", "cause", "action", "measure"):
        return []
    text = need.item.statement
    here = sorted({*evidence.nearby, *context.reading.beside(evidence.sentences, 2)})
    concepts = context.reading.concepts_of(here)
    roots = roots_of(concepts)
    spoken = frozenset(word.stem for n in here for word in context.reading.sentences[n].body.words)
    written = " ".join(context.reading.sentences[n].text for n in here).lower()
    words = [word for word in need.words if word.part == "statement" and not word.light]
    in_chunk = Counter(word.chunk for word in words)
    for word in words:
        if not word.concepts.isdisjoint(concepts) or word.text in word_list("of_the_case"):
            continue
        before, after = _around(text, word)
        if _is_verb(word.text, before) or related(word.text, roots) or word.text in written:
            continue
        told = _told_before(word, evidence, context)
        if (
            text[word.start].isupper()
            and word.start
            and before
            and not text[: word.start].rstrip().endswith(".")
        ):
            if not told:
                return [word.text]
            continue
        if is_generic(stem(word.text)):
            continue
        partner = _partner(before, after)
        if in_chunk[word.chunk] == 1 or (partner is not None and stem(partner) in spoken):
            return [word.text]
    return []


def _around(text: str, word: NeedWord) -> tuple[list[str], list[str]]:
    """The three words before a word of the statement and the two behind it, lower case."""
    before = re.findall(r"[a-z'-]+", text[: word.start].lower())[-3:]
    return before, re.findall(r"[a-z'-]+", text[word.start + len(word.text) :].lower())[:2]


def _is_verb(word: str, before: list[str]) -> bool:
    return is_past(word) or word.endswith(("ing", "ly")) or before[-1:] in ([w] for w in _AFTER_TO)


def _partner(before: list[str], after: list[str]) -> str | None:
    """The word that "or" or "and" joins to this one: "products or *those*", "a friend or relative"."""
    if len(after) > 1 and after[0] in _COORDINATING:
        return after[1]
    for k in (len(before) - 1, len(before) - 2):
        if k > 0 and before[k] in _COORDINATING:
            return before[k - 1]
    return None


_SPLIT = re.compile(r"[,;:.]\s|\b(?:and|which|who|whom|while|because|so that|but)\b")


# A clause of which less than this share stands in one place is lost; above it, it was put in other words.
_CLAUSE_LOST = 0.25


@lru_cache(maxsize=1024)
def _clauses_of(need: Need) -> tuple[tuple[NeedWord, ...], ...]:
    """The words of each clause of the need's statement."""
    cuts = [m.start() for m in _SPLIT.finditer(need.item.statement)]
    clauses: dict[int, list[NeedWord]] = {}
    for word in need.words:
        if word.part == "statement":
            clauses.setdefault(sum(cut < word.start for cut in cuts), []).append(word)
    return tuple(tuple(clause) for clause in clauses.values())


def _lost_clauses(evidence: Evidence, context: Context) -> list[str]:
    """Clauses of the statement whose words stand together in no sentence of the item."""
    clauses = _clauses_of(evidence.need)
    if not clauses:
        return []
    places = sorted({*evidence.sentences, *evidence.nearby})
    bodies = [context.reading.sentences[n].body.concepts for n in places]
    joined = [a | b for n, (a, b) in enumerate(pairwise(bodies)) if places[n + 1] - places[n] <= 2]
    for clause in clauses:
        words = [word for word in clause if not _told_before(word, evidence, context)]
        total = sum(word.weight for word in words)
        if sum(not word.light for word in words) < 2 or total < 0.8:
            continue
        best = max(
            (sum(w.weight for w in words if not w.concepts.isdisjoint(body)) for body in (*bodies, *joined)),
            default=0.0,
        )
        if best < _CLAUSE_LOST * total:
            return [word.text for word in words]
    return []


def _told_before(word: NeedWord, evidence: Evidence, context: Context) -> bool:
    """Whether the word names something that an earlier sentence, another item's, has told of: "the desk", "they"."""
    if word.part != "statement" or not evidence.sentences:
        return False
    first = min(evidence.sentences)
    told = context.reading.first_told
    for concept in word.concepts:
        if told.get(concept, first) < first:
            break
    else:
        return False
    holders, own = _holders(context.needs), evidence.need.concepts
    return any(holders[concept] > (concept in own) for concept in word.concepts)


@lru_cache(maxsize=64)
def _holders(needs: Needs) -> Counter[str | int]:
    """How many items hold each concept."""
    return Counter(concept for need in needs.items for concept in need.concepts)


def _half_a_title(evidence: Evidence, context: Context) -> list[str]:
    """The words missing from a title that stands in a line of its own, when they are half of it or more."""
    if evidence.need.item.kind != "attachment" or not _listed_alone(evidence, context):
        return []
    here = frozenset[str | int]().union(
        *(
            context.reading.sentences[n].body.concepts
            for n in evidence.sentences
            if context.matching.items_of[n][:1] == (evidence.need.item.id,)
        )
    )
    words = [word for word in evidence.need.words if word.part == "title"]
    gone = [word.text for word in words if word.concepts.isdisjoint(here)]
    return gone if 2 * len(gone) >= len(words) > 1 else []


def _listed_alone(evidence: Evidence, context: Context) -> bool:
    """Whether the attachment has a line of its own in a list: there its title stands, and nothing else."""
    return any(
        context.reading.sentences[n].kind == "entry"
        and context.matching.items_of[n][:1] == (evidence.need.item.id,)
        for n in evidence.sentences
    )


# The doer is another check's question; the channel and the owner may stand in sentences around.
_ELSEWHERE = ("by", "channel", "owner")


def _paid_in_figures(evidence: Evidence, context: Context) -> bool:
    """Whether the sum that was given stands with the item: what it is called hardly matters then."""
    own = {(v.kind, v.canonical) for v in evidence.need.values if v.kind in ("money", "percent")}
    return any(
        (v.kind, v.canonical) in own
        for n in (*evidence.sentences, *evidence.nearby)
        for v in context.reading.sentences[n].body.values
    )


def _lost_parts(evidence: Evidence, context: Context) -> list[str]:
    words = evidence.need.words
    gone = {
        k
        for k in evidence.missing
        if not _told_before(words[k], evidence, context)
        # What a party was engaged for is often told with the violation it took part in.
        and not (
            words[k].part in ("service", "contact")
            and any(c in context.reading.first_told for c in words[k].concepts)
        )
    }
    chunks: dict[tuple[str, int], list[int]] = {}
    for k, word in enumerate(words):
        if word.light or word.part in _ELSEWHERE or is_generic(stem(word.text)):
            continue
        if word.part == "compensation" and _paid_in_figures(evidence, context):
            continue
        chunks.setdefault((word.part, word.chunk), []).append(k)
    lost: list[str] = []
    for (part, _), members in chunks.items():
        absent = [k for k in members if k in gone]
        if not absent:
            continue
        whole = len(absent) == len(members)
        if (len(absent) >= 2 and len(absent) >= 0.6 * len(members)) or (
            whole and part not in ("statement", "note", "contact", "service")
        ):
            lost += [words[k].text for k in absent]
    if not lost and len(gone) >= 3 and evidence.covered < 0.75:
        lost = [words[k].text for k in sorted(gone)]
    return lost


class MissingWords:
    """Words of an item that no sentence of it carries, nor any word that could stand for them."""

    codes = ("missing_detail",)
    _LOSSES: tuple[tuple[str, Callable[[Evidence, Context], list[str]]], ...] = (
        ("half_a_title", _half_a_title),
        ("lost_parts", _lost_parts),
        ("lost_details", _lost_details),
        ("lost_clauses", _lost_clauses),
        ("lost_essentials", _lost_essentials),
        ("lost_things", _lost_things),
        ("lost_conjunct", lost_conjunct),
        ("lost_nouns", _lost_nouns),
        ("lost_clause", lost_clause),
    )

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each part of an item that went missing as a whole, or lost an essential word."""
        for item_id, evidence in context.matching.evidence.items():
            item = evidence.need.item
            if item.kind in BY_STATEMENT or not evidence.sentences or is_absent(evidence):
                continue
            if (
                item.kind == "attachment"
                and evidence.covered >= _TITLED
                and not _listed_alone(evidence, context)
            ):
                continue
            rule, missing = next(
                ((rule, words) for rule, look in self._LOSSES if (words := look(evidence, context))),
                ("", []),
            )
            if missing:
                chief = context.matching.chief_sentences(item_id) or evidence.sentences
                sentence = context.reading.sentences[
                    max(chief, key=lambda n: context.matching.combined[n].get(item_id, 0.0))
                ]
                at = (sentence.start, sentence.end)
                yield finding(
                    "missing_detail",
                    "missing_words",
                    item_id,
                    at,
                    item.statement,
                    rule=rule,
                    said=", ".join(missing),
                )
