"""A letter's sentence that says a fact nearly in the fact's own words, and differs where it matters.

Whoever changes a word or two of a sentence leaves the rest as it stands. Where the words around a gap are the
fact's, what stands in the gap can be compared word by word, which no list of phrases needs to know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_generic, is_past, related, roots_of, starts, word_list
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word, plain, read_words
from poa.checks.roles import NEGATIONS, denies_nothing
from poa.checks.scope import counted_whole
from poa.values import find_values

__all__ = ["NearFact", "tells_closely"]

_KINDS = frozenset({"admission", "cause", "action", "measure"})
# How many words around a gap must be the fact's, and how long a gap may be.
_AROUND, _LONGEST = 4, 4
# How many words of a fact must stand in a sentence before what is missing behind them counts.
_LEAST = 6
# The share of the fact's words that stand in the sentence in their order: so many that a turned word counts, and so
# many that a new one does.
_NEARLY, _CLOSELY = 0.75, 0.85


@dataclass(frozen=True, slots=True)
class _Gap:
    """What the fact has in one place, and what the letter has there."""

    fact: tuple[Word, ...]
    letter: tuple[Word, ...]
    before: Word
    behind: Word
    close: bool  # whether the sentence is the fact's own but for a word or two
    edge: str = ""  # head or tail, where it stands before or behind all of them


class NearFact:
    """Small changes to a fact's own words: one of two things gone, a restriction put in, an order turned round."""

    codes = (
        "changed_scope",
        "denied_admission",
        "invented_claim",
        "missing_detail",
        "shifted_blame",
        "weakened_commitment",
    )

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each gap between words of the fact in which the letter says something else."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in _KINDS or not need.item.statement:
                continue
            for n in context.matching.chief_sentences(need.item.id):
                if n in context.matching.anchored:
                    continue
                yield from self._of_sentence(context, n, need)

    @staticmethod
    def _of_sentence(context: Context, n: int, need: Need) -> Iterable[Finding]:
        sentence = context.reading.sentences[n]
        for gap in _gaps(need, sentence):
            for rule, said in _harm(gap, need, n, context):
                words = gap.letter or (gap.before, gap.behind)
                at = (sentence.start + words[0].start, sentence.start + words[-1].end)
                code, message = _SAID[rule]
                yield finding(code, message, need.item.id, at, need.item.statement, rule=rule, said=said)


# The code and the message of each rule.
_SAID = {
    "near_order": ("changed_scope", "lost_before"),
    "near_all": ("changed_scope", "scope"),
    "near_put": ("changed_scope", "scope"),
    "near_not": ("denied_admission", "negated"),
    "near_affirmed": ("denied_admission", "not_negated"),
    "near_joined": ("missing_detail", "missing_words"),
    "near_replaced": ("missing_detail", "missing_words"),
    "near_if": ("weakened_commitment", "weak"),
    "near_doer": ("shifted_blame", "excuse"),
    "near_added": ("invented_claim", "invented_claim"),
}


@lru_cache(maxsize=2048)
def _fact_words(statement: str) -> tuple[Word, ...]:
    text = plain(statement)
    return _bare(read_words(text), [(v.start, v.end) for v in find_values(text)])


def _bare(words: Iterable[Word], values: Iterable[tuple[int, int]]) -> tuple[Word, ...]:
    """The words that are no part of a value."""
    taken = list(values)
    return tuple(w for w in words if not any(a <= w.start < b for a, b in taken))


def tells_closely(need: Need, sentence: Sentence) -> bool:
    """Whether the sentence is the fact's own but for a word or two: then no free wording excuses what is found in it."""
    fact, _, blocks = _matched(need, sentence)
    return bool(fact) and sum(b.size for b in blocks) >= _CLOSELY * len(fact)


def _matched(need: Need, sentence: Sentence) -> tuple[tuple[Word, ...], tuple[Word, ...], list[Match]]:
    """The words of the fact, those of the sentence, and the runs that both have in their order."""
    fact = _fact_words(need.item.statement)
    letter = _bare(sentence.body.words, [(v.start, v.end) for v in sentence.body.values])
    matcher = SequenceMatcher(None, [w.stem for w in fact], [w.stem for w in letter], autojunk=False)
    return fact, letter, [b for b in matcher.get_matching_blocks() if b.size]


def _gaps(need: Need, sentence: Sentence) -> Iterable[_Gap]:
    fact, letter, blocks = _matched(need, sentence)
    if not blocks:
        return
    same = sum(b.size for b in blocks)
    # "Our" alone is at the head of every doer's name.
    core = blocks[1:] if blocks[0].size == 1 and len(blocks) > 1 else blocks
    told = core[-1].a + core[-1].size - core[0].a
    if sum(b.size for b in core) >= max(_LEAST, _CLOSELY * told):
        yield from _edges(core, fact, letter)
    if same < _NEARLY * len(fact):
        return
    close = same >= _CLOSELY * len(fact)
    for one, two in pairwise(blocks):
        a, b = (one.a + one.size, two.a), (one.b + one.size, two.b)
        if one.size + two.size < _AROUND or min(one.size, two.size) < 1:
            continue
        if a[1] - a[0] > _LONGEST or b[1] - b[0] > _LONGEST:
            continue
        yield _Gap(fact[a[0] : a[1]], letter[b[0] : b[1]], letter[b[0] - 1], letter[b[1]], close)


def _edges(blocks: list[Match], fact: tuple[Word, ...], letter: tuple[Word, ...]) -> Iterable[_Gap]:
    """What stands before the first of the fact's words, and behind the last of them."""
    first, last = blocks[0], blocks[-1]
    if 0 < first.a <= _LONGEST and first.b <= _LONGEST + 1 and first.size >= _AROUND - 1:
        yield _Gap(
            fact[: first.a], letter[: first.b], letter[first.b], letter[first.b], close=True, edge="head"
        )
    a, b = last.a + last.size, last.b + last.size
    if last.size >= _AROUND - 1 and (a < len(fact) or b < len(letter)):
        yield _Gap(fact[a:], letter[b:], letter[b - 1], letter[b - 1], close=True, edge="tail")


_JOINING = frozenset({"and", "or", "nor"})


def _harm(gap: _Gap, need: Need, n: int, context: Context) -> Iterable[tuple[str, str]]:
    if gap.edge == "tail":
        yield from _at_the_tail(gap, need, n, context)
        return
    if gap.edge == "head":
        yield from _at_the_head(gap, need)
        return
    sentence = context.reading.sentences[n]
    here, there = [frozenset(w.text for w in words) for words in (gap.letter, gap.fact)]
    lowered = frozenset(sentence.body.lowered)
    before, after, whole = (frozenset(word_list(name)) for name in ("before_it", "after_it", "wholly"))
    said = " ".join(w.text for w in gap.letter) or " ".join(w.text for w in gap.fact)
    if there & before and here & after and not lowered & before:
        yield "near_order", said
    if (
        there & whole
        and not lowered & (whole | NEGATIONS | {"any"})
        and not _counts_them(there, need, sentence)
    ):
        yield "near_all", said
    if _denies(gap, sentence) and not there & (NEGATIONS | before) and not _may_be_denied(need, lowered):
        yield "near_not", said
    affirmed = there & NEGATIONS and not lowered & (NEGATIONS | before | frozenset(word_list("for_a_no")))
    if affirmed and not any(starts(w, "implied_negation") for w in lowered):
        yield "near_affirmed", said
    lost = _absent((w for w in gap.fact if _tells(w)), context.reading.beside([n], 2), context)
    if lost and not any(_tells(w) for w in gap.letter):
        if there & _JOINING and not plain(need.item.statement)[lost[0].start].isupper():
            yield "near_joined", " ".join(w.text for w in lost)
    elif lost and gap.close:
        yield "near_replaced", said
    new = [w for w in gap.letter if _tells(w) and w.concepts.isdisjoint(need.concepts)]
    if new and gap.close and not any(_tells(w) for w in gap.fact):
        known = all(not w.concepts.isdisjoint(context.needs.concepts) for w in new)
        if not known:
            yield "near_added", " ".join(w.text for w in new)
        elif need.item.kind in ("measure", "action") and all(_is_noun(w, sentence) for w in new):
            yield "near_put", " ".join(w.text for w in new)


def _absent(words: Iterable[Word], numbers: Iterable[int], context: Context) -> list[Word]:
    """Those of the words that nothing in these sentences could stand for."""
    concepts = context.reading.concepts_of(numbers)
    roots = roots_of(concepts)
    return [w for w in words if w.concepts.isdisjoint(concepts) and not related(w.text, roots)]


def _may_be_denied(need: Need, lowered: frozenset[str]) -> bool:
    """Whether a negation says what the fact says without one: "had not trained since May", of "last trained in May"; "no
    payment without two signatures"; "has no power since", of "we withdrew the power"."""
    told = set(need.lowered)
    if NEGATIONS & told and (
        len(NEGATIONS & told) >= len(NEGATIONS & lowered) or {"nor", "neither"} & lowered
    ):
        return True
    return bool(
        told & {"last", "only", "alone"}
        or {"no", "without"} <= lowered
        or ("did" not in lowered and any(starts(word, "implied_negation") for word in told))
        or ("since" in lowered and need.item.kind == "action")
    )


def _at_the_tail(gap: _Gap, need: Need, n: int, context: Context) -> Iterable[tuple[str, str]]:
    """What the fact goes on to say and the letter does not; a condition that the letter hangs on to a commitment."""
    conditions = frozenset(word_list("conditions"))
    begins = {w.text for w in gap.letter[:2]}
    if need.item.kind == "measure" and begins & conditions and not conditions & set(need.lowered):
        yield "near_if", " ".join(w.text for w in gap.letter)
        return
    if any(_tells(w) for w in gap.letter) or need.item.kind == "admission":
        # An admission runs over many sentences: what follows may be told in any of them.
        return
    text = plain(need.item.statement)
    # Names are values, and another check's.
    labels = word_list("labels")
    telling = [w for w in gap.fact if not (w.grammar or w.text in labels or text[w.start].isupper())]
    lost = _absent(telling, context.reading.beside([n], 3), context)
    if len(lost) > 1 and 2 * len(lost) >= len(telling) and any(_tells(w) for w in lost):
        yield "near_joined", " ".join(w.text for w in lost)


def _at_the_head(gap: _Gap, need: Need) -> Iterable[tuple[str, str]]:
    """Another doer in the place of the fact's: "our external accountant paid", of "our finance department paid"."""
    theirs = {w.stem for w in gap.fact}
    if {"we", "us"} & theirs & {w.stem for w in gap.letter} or not gap.fact:
        return
    other = [
        w
        for w in gap.letter
        if w.text == "amazon"
        or not (w.grammar or w.stem in theirs or not w.concepts.isdisjoint(need.concepts))
    ]
    kept = [w for w in gap.letter if not w.grammar and w.stem in theirs]
    named = [
        w
        for w in other
        if w.text == "amazon" or w.text in word_list("our_people") or w.text in word_list("others")
    ]
    if named and not kept and need.item.kind != "measure":
        yield "near_doer", " ".join(w.text for w in gap.letter)


def _tells(word: Word) -> bool:
    return not (word.grammar or word.light or is_generic(word.stem) or word.text in word_list("labels"))


def _is_noun(word: Word, sentence: Sentence) -> bool:
    """Whether the word names something; a capital makes it part of a name ("the four Stove Reviews")."""
    verb = is_past(word.text) or word.text.endswith(("ing", "ly"))
    return not verb and not sentence.text[word.start].isupper()


def _counts_them(there: frozenset[str], need: Need, sentence: Sentence) -> bool:
    """Whether "both" or "all" is told by counting: "the two contracts", "the 870 cards"."""
    numbers = counted_whole(need.item.statement) | ({"2"} if "both" in there else set())
    return any(v.canonical in numbers for v in sentence.body.values)


def _denies(gap: _Gap, sentence: Sentence) -> bool:
    first = next((k for k, w in enumerate(sentence.body.words) if w is gap.before), 0)
    lowered = sentence.body.lowered
    return any(
        lowered[k] in NEGATIONS and not denies_nothing(lowered, k)
        for k in range(first + 1, first + 1 + len(gap.letter))
        if k < len(lowered)
    )
