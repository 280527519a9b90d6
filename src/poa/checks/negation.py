"""Whether a letter denies what the facts say, or no longer denies what they deny."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_generic, is_past, starts, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need
from poa.checks.reading import Body, Sentence, Word, plain, read_words
from poa.checks.roles import NEGATIONS, denies_nothing

__all__ = ["DeniedListing", "Diluted", "Negation"]


# Where one assertion ends and the next begins; a relative clause belongs to what it is about.
_HARD = re.compile(r"[;:]|\b(?:and|but|yet|while|whereas)\b|,\s(?=(?:we|it|they|he|she)\b)", re.I)


@dataclass(frozen=True, slots=True)
class _Denial:
    """A negation and the words it denies."""

    at: int
    words: tuple[Word, ...]


def _denials(words: tuple[Word, ...], most: int = 0) -> list[_Denial]:
    """Each negation in a row of words, with the content words it governs: those after it, and for "none" the
    one before it ("asked none of them")."""
    found = []
    for k, word in enumerate(words):
        implied = starts(word.text, "implied_negation")
        if not implied and word.text not in NEGATIONS:
            continue
        if word.text in NEGATIONS and not most and denies_nothing(tuple(w.text for w in words), k):
            continue
        reach = most or (12 if word.text in ("nor", "neither") else 3)
        following = words[k + 1 : k + 3 + 2 * reach]
        governed = [w for w in following if not w.grammar or w.text in word_list("plain_verbs")][:reach]
        if word.text in ("none", "nobody", "nothing", "no", "no-one", "neither"):
            governed += [w for w in words[max(0, k - 3) : k] if not w.grammar][-1:]
        if implied:
            governed.append(word)
        found.append(_Denial(k, tuple(governed)))
    return found


# The share of an item's words at which a sentence plainly tells it, whatever else it does.
_PLAINLY = 0.5
_RESTRICTING = frozenset({"exclusively", "alone", "only", "solely", "single", "sole"})
_CONDITIONS = frozenset({"only", "after", "before", "until", "unless", "if", "once", "condition", "without"})


class Negation:
    """A "not" where the facts have none, and none where they have one."""

    codes = ("denied_admission",)
    _KINDS = ("admission", "cause", "action", "measure")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each item whose sentences deny it, or no longer deny what it denies."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in self._KINDS or not evidence.sentences:
                continue
            own = context.matching.own_sentences(evidence.need.item.id)
            stated = _fact_denials(need)
            for n in own:
                if context.matching.items_of[n][0] != need.item.id:
                    continue
                yield from self._denied(context, n, need, stated)
            if need.item.kind in ("cause", "admission") and stated and own:
                yield from self._affirmed(context, evidence, need) or self._affirmed_plainly(
                    context, evidence
                )

    @staticmethod
    def _denied(
        context: Context, n: int, need: Need, stated: list[frozenset[str | int]]
    ) -> Iterable[Finding]:
        sentence = context.reading.sentences[n]
        lowered = sentence.body.lowered
        told = context.matching.content[n].get(need.item.id, 0.0) / need.total
        if told < _PLAINLY and context.roles[n] & {
            "third_parties",
            "customer_accounts",
            "remaining_reviews",
            "apology",
        }:
            return
        if {"should", "ought"} & set(lowered) and "have" in lowered:
            # "a ranking that we should not have run" regrets the deed and denies nothing.
            return
        if need.item.kind == "measure" and any(word in word_list("turned") for word in lowered):
            return
        scores = context.matching.combined[n]
        best = max(scores.values(), default=0.0)
        others = [
            context.needs[i] for i, score in scores.items() if i != need.item.id and score >= 0.45 * best
        ]
        allowed = [*stated, *(d for other in others for d in _fact_denials(other))]
        positive = _positive(need)
        if any(
            _fact_denials(context.needs[i])
            and context.matching.content[n].get(i, 0.0) >= 0.5 * context.needs[i].total
            for i in context.matching.items_of[n][1:]
        ):
            return
        if need.item.kind == "admission" and told < 0.3 and not _among_admissions(context, n):
            return
        conditional = bool(_CONDITIONS & set(need.lowered)) and any(
            word in word_list("turned") for word in lowered
        )
        for denial in _denials(sentence.body.words):
            word = sentence.body.words[denial.at]
            if starts(word.text, "implied_negation") and word.text not in NEGATIONS:
                continue
            meant = frozenset(c for w in denial.words for c in w.concepts)
            if (
                told >= _TOLD
                and not context.roles[n] & {"remaining_reviews", "third_parties"}
                and _contradicts(denial, sentence, need, others)
            ):
                yield Negation.denied(sentence, denial, need)
                return
            if any(not meant.isdisjoint(d) for d in allowed) or (not denial.words and allowed):
                continue
            if "yet" in lowered[denial.at + 1 : denial.at + 8] and "before" in need.lowered:
                # "the parcel had not yet arrived", of "before the parcel had arrived".
                continue
            if conditional or lowered[denial.at + 1 : denial.at + 2] in (("every",), ("all",)):
                # "no refund before the review was changed" is "the refund only after"; "not every" is a matter of
                # how much is covered.
                continue
            if "since" in lowered and "last" in need.lowered:
                continue
            if _says_it_in_one_word(denial, sentence, (need, *others)):
                # "those who were not satisfied", of "the unsatisfied buyers".
                continue
            if _no_more_than_the_fact(sentence, need):
                # "although she had never seen one", of "that she had never seen".
                continue
            apart = told < 0.3 or not _among_admissions(context, n)
            if need.item.kind == "admission" and meant.isdisjoint(positive) and apart:
                continue
            verb = frozenset(c for w in denial.words[:1] for c in w.concepts)
            if need.item.kind != "admission" and allowed and verb.isdisjoint(positive):
                continue
            if need.item.kind == "measure" and allowed:
                continue
            if need.item.kind == "action" and word.text in ("unable", "no", "cannot") and _ended(need):
                # "has had no such work since": what the action took away is not there any more.
                continue
            if need.item.kind != "admission" and _RESTRICTING & set(need.lowered):
                # "with no second person asked" is "alone".
                continue
            yield Negation.denied(sentence, denial, need)
            return

    @staticmethod
    def denied(sentence: Sentence, denial: _Denial, need: Need) -> Finding:
        """The finding that the letter says the opposite of the fact."""
        words = sentence.body.words
        first, last = words[denial.at], words[min(denial.at + 5, len(words) - 1)]
        at = (sentence.start + first.start, sentence.start + last.end)
        said = sentence.text[first.start : last.end]
        return finding("denied_admission", "negated", need.item.id, at, need.item.statement, said=said)

    @staticmethod
    def _affirmed_plainly(context: Context, evidence: Evidence) -> list[Finding]:
        """What the fact denies stands in a clause that says it with stress: "although everybody had read them"."""
        need = evidence.need
        heads = frozenset(c for head in _denied_heads(need) for c in head)
        for n in evidence.sentences:
            told = context.matching.content[n].get(need.item.id, 0.0) / need.total
            if told < _TOLD or need.item.id not in context.matching.items_of[n][:2]:
                continue
            sentence = context.reading.sentences[n]
            for clause in _short_clauses(sentence.text, sentence.body):
                here = frozenset(c for word in clause for c in word.concepts)
                if heads.isdisjoint(here) or not _stresses(clause, need):
                    continue
                if not _denies_in(tuple(w.text for w in clause), clause, frozenset(), heads):
                    at = (sentence.start + clause[0].start, sentence.start + clause[-1].end)
                    return [finding("denied_admission", "not_negated", need.item.id, at, need.item.statement)]
        return []

    @staticmethod
    def _affirmed(context: Context, evidence: Evidence, need: Need) -> list[Finding]:
        """What the fact denies stands in the letter without any denial."""
        every = sorted({*evidence.sentences, *evidence.nearby})
        for denied in _denied_heads(need):
            told = [
                (len(concepts & denied), n, lowered)
                for n in every
                for concepts, lowered in _clauses_of(
                    context.reading.sentences[n].text, context.reading.sentences[n].body
                )
                if not concepts.isdisjoint(denied)
            ]
            if not told:
                continue
            most = max(count for count, *_ in told)
            best = [row for row in told if 2 * row[0] >= most]
            own = _implied_beside(need, denied)
            if any(_denies_somehow(context.reading.sentences[n].body, own, denied) for _, n, _ in best):
                continue
            if "since" in need.lowered and any("last" in lowered for _, _, lowered in best):
                # "had last been checked on 9 May" is "had not been checked since".
                continue
            n = next((row[1] for row in best if need.item.id in context.matching.items_of[row[1]]), None)
            if n is None or context.matching.content[n].get(need.item.id, 0.0) < 0.35 * need.total:
                continue
            sentences = context.reading.sentences
            after = [s for s in sentences[n + 1 : n + 3] if s.block == sentences[n].block]
            if any(word in NEGATIONS for s in after for word in s.body.lowered):
                # "… to whom could she report it? To nobody but me."
                continue
            sentence = sentences[n]
            at = (sentence.start, sentence.end)
            return [finding("denied_admission", "not_negated", need.item.id, at, need.item.statement)]
        return []


class Diluted:
    """A condition or a choice that the letter takes back: "not only the happy buyers", "regardless of the review"."""

    codes = ("denied_admission",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each admission of "only" these, or of one thing for another, that the letter widens."""
        for n, sentence in context.prose():
            item = next(iter(context.matching.items_of[n]), None)
            if item is None or context.needs[item].item.kind != "admission":
                continue
            need = context.needs[item]
            if not _SELECTING & set(need.lowered):
                continue
            if context.matching.content[n].get(item, 0.0) < 0.3 * need.total:
                continue
            lowered, words = sentence.body.lowered, sentence.body.words
            for k in range(len(lowered)):
                width = next((w for w in (2, 1) if " ".join(lowered[k : k + w]) in _widening()), 0)
                if width and not set(lowered[k : k + width]) <= set(need.lowered):
                    at = (sentence.start + words[k].start, sentence.start + words[k + width - 1].end)
                    said = sentence.text[words[k].start : words[k + width - 1].end]
                    yield finding("denied_admission", "diluted", item, at, need.item.statement, said=said)
                    break


_SELECTING = frozenset({"only", "instead", "condition", "if", "after"})


@cache
def _widening() -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in word_list("widening"))


class DeniedListing:
    """A third party that was "never engaged", an account that "does not belong to" its owner."""

    codes = ("denied_admission",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding where the letter names an entry of a list and denies what makes it one."""
        for n, sentence in context.prose():
            for item in context.matching.items_of[n][:2]:
                need = context.needs[item]
                if need.item.kind != "listing" or NEGATIONS & set(need.lowered):
                    continue
                own = {(v.kind, v.canonical) for v in need.values}
                if not any(
                    v.kind in _IDENTIFYING and (v.kind, v.canonical) in own
                    for v in (*sentence.body.values, *sentence.body.names)
                ):
                    continue
                denial = next(
                    (
                        d
                        for d in _denials(sentence.body.words)
                        if sentence.body.lowered[d.at] in NEGATIONS
                        and any(starts(w.text, "belonging") for w in sentence.body.words[d.at + 1 : d.at + 6])
                    ),
                    None,
                )
                if denial is not None:
                    yield Negation.denied(sentence, denial, need)
                    break


_IDENTIFYING = frozenset({"name", "email", "review_id", "order_id"})


def _no_more_than_the_fact(sentence: Sentence, need: Need) -> bool:
    """Whether the sentence holds no more words of negation than the fact does."""
    told = sum(word in NEGATIONS for word in need.lowered)
    if need.item.kind != "admission":
        told += sum(word in _EXCLUDING for word in need.lowered)
    return 0 < sum(word in NEGATIONS for word in sentence.body.lowered) <= told


# "paper other than the delivery note" is "paper that is not the delivery note".
_EXCLUDING = frozenset({"other", "except", "only", "unless", "alone", "solely"})
_TOLD = 0.35


def _says_it_in_one_word(denial: _Denial, sentence: Sentence, needs: tuple[Need, ...]) -> bool:
    """Whether a fact says with a prefix what is denied: "unsatisfied", "disallowed"; "whether or not" denies it not."""
    whether = sentence.body.lowered[max(0, denial.at - 2) : denial.at] == ("whether", "or")
    return not whether and any(
        prefix + word.text in need.lowered
        for word in denial.words[:2]
        for prefix in ("un", "dis", "in", "im", "non-")
        for need in needs
    )


def _contradicts(denial: _Denial, sentence: Sentence, need: Need, others: list[Need]) -> bool:
    """Whether what is denied is what the fact asserts: "did not pay the refund", where it says that we paid."""
    words = sentence.body.words
    if words[denial.at].text not in NEGATIONS:
        return False
    if need.item.kind != "admission" and (need.item.kind != "cause" or _fact_denials(need)):
        return False
    after = sentence.body.lowered[denial.at + 1 : denial.at + 10]
    if any(word in _REVERSING for word in after) or after[:1] in (("every",), ("all",)) or "yet" in after:
        return False
    if "since" in sentence.body.lowered and "last" in need.lowered:
        # "had not been trained since May" is "had last been trained in May".
        return False
    if _says_it_in_one_word(denial, sentence, (need, *others)):
        return False
    if _denies_its_deed(denial, need, others):
        return True
    heads = frozenset(c for w in denial.words if not (w.light or is_generic(w.stem)) for c in w.concepts)
    if not heads or heads.isdisjoint(_asserted(need)):
        return False
    meant = frozenset(c for w in denial.words for c in w.concepts)
    return not any(
        not meant.isdisjoint(d) for other in (need, *others) for d in _fact_denials(other)
    ) and not (_RESTRICTING & set(need.lowered))


def _denies_its_deed(denial: _Denial, need: Need, others: list[Need]) -> bool:
    """Whether what is denied is a word of an admission that denies nothing itself: "did not ask either to remove it"."""
    if need.item.kind != "admission" or not denial.words:
        return False
    denying = any(word in NEGATIONS for fact in (need, *others) for word in fact.lowered)
    if denying or _RESTRICTING & set(need.lowered):
        return False
    return denial.words[0].stem in need.stems


def _ended(need: Need) -> bool:
    """Whether the fact takes something away or ends it."""
    return not {"off", "away"}.isdisjoint(need.lowered) or any(
        starts(word, "implied_negation") for word in need.lowered
    )


# "no refund before the review was changed" says that there was one after.
_REVERSING = frozenset(
    {"before", "until", "unless", "except", "without", "only", "but", "other", "than", "till"}
)


def _asserted(need: Need) -> frozenset[str | int]:
    """The concepts of the statement's own words, those of grammar and rewording left out."""
    return frozenset(
        c
        for word in need.words
        if word.part == "statement" and not word.light and not is_generic(stem(word.text))
        for c in word.concepts
    )


@lru_cache(maxsize=2048)
def _clauses_of(text: str, body: Body) -> tuple[tuple[frozenset[str | int], tuple[str, ...]], ...]:
    """The concepts and the words of each clause of a sentence."""
    cuts = [m.start() for m in _HARD.finditer(text)]
    cuts.append(len(text) + 1)
    found = []
    at = 0
    words = body.words
    for cut in cuts:
        piece = []
        while at < len(words) and words[at].start < cut:
            piece.append(words[at])
            at += 1
        if piece:
            found.append((frozenset(c for w in piece for c in w.concepts), tuple(w.text for w in piece)))
    return tuple(found)


def _among_admissions(context: Context, n: int) -> bool:
    """Whether a sentence beside this one admits something too: an admission's words also occur among causes."""
    items_of = context.matching.items_of
    beside = [items_of[m][0] for m in (n - 1, n + 1) if 0 <= m < len(items_of) and items_of[m]]
    return any(context.needs[item].item.kind in ("admission", "policy") for item in beside)


def _denies_somehow(body: Body, but: frozenset[str], denied: frozenset[str | int]) -> bool:
    """Whether a sentence denies something, by any word `but` those the fact uses beside its own denial."""
    return _denies_in(body.lowered, body.words, but, denied)


def _denies_in(
    lowered: tuple[str, ...], words: tuple[Word, ...], but: frozenset[str], denied: frozenset[str | int]
) -> bool:
    """The same of a row of words. "We printed it before anyone checked it" denies the check; "we checked it before we
    printed it" does not."""
    for k, word in enumerate(lowered):
        if word in NEGATIONS:
            if lowered[k + 1 : k + 2] == ("without",) or lowered[max(0, k - 1) : k] == ("not",):
                # "not without approval" is with it.
                continue
            # "never failed to" is always did.
            return not any(following.startswith("fail") for following in lowered[k + 1 : k + 2])
        if starts(word, "implied_negation") and stem(word) not in but:
            return True
        if word.startswith("un") and stem(word[2:]) in denied:
            # "their use went unrecorded", of "kept no record of their use".
            return True
        if word in word_list("turned") and (
            word not in word_list("earlier")
            or any(not w.concepts.isdisjoint(denied) for w in words[k + 1 : k + 9])
        ):
            return True
    return False


_SHORT_CLAUSE = re.compile(
    r"[,;:]|\b(?:and|but|yet|while|whereas|although|though|because|so that|which)\b", re.I
)


def _short_clauses(text: str, body: Body) -> Iterable[tuple[Word, ...]]:
    """The words between one comma, conjunction or relative and the next; a conjunction opens its clause."""
    cuts = [*(m.start() for m in _SHORT_CLAUSE.finditer(text)), len(text) + 1]
    at = 0
    for cut in cuts:
        first = at
        while at < len(body.words) and body.words[at].start < cut:
            at += 1
        if at > first:
            yield body.words[first:at]


def _stresses(clause: tuple[Word, ...], need: Need) -> bool:
    """Whether a clause asserts with stress, as none of the fact's words do: "always", "everybody", "did cover",
    "although it was there"."""
    told = set(need.lowered)
    if clause[0].text in ("although", "though") and not {"although", "though"} & told:
        return True
    if any(w.text in word_list("stressing") and w.text not in told for w in clause):
        return True
    return any(
        a.text == "did" and not b.grammar and not b.concepts.isdisjoint(need.concepts)
        for a, b in pairwise(clause)
    )


def _implied_beside(need: Need, denied: frozenset[str | int]) -> frozenset[str]:
    """The words of the statement that imply a denial and are not what denies: in "omitted to tell which means are
    forbidden" the last."""
    implied = [word for word in need.lowered if starts(word, "implied_negation") and word not in NEGATIONS]
    return frozenset(stem(word) for word in implied[1:] if stem(word) not in denied)


_FACT_DENIALS: dict[tuple[int, bool], tuple[Need, list[frozenset[str | int]]]] = {}


def _fact_denials(need: Need, plain_only: bool = False) -> list[frozenset[str | int]]:
    """What the fact itself denies: for each of its negations the concepts it governs; `plain_only` leaves out
    those that a word only implies ("unchecked", "failed")."""
    known = _FACT_DENIALS.get((id(need), plain_only))
    if known is not None and known[0] is need:
        return known[1]
    words = tuple(
        w
        for text in (
            need.item.statement,
            *(d.text for d in need.item.details if d.kind in ("text", "phrase") and d.name != "evidence"),
        )
        for w in read_words(plain(text))
    )
    found = [
        # "outside Amazon" denies no more than the word it stands before.
        frozenset(c for w in d.words[: None if words[d.at].text in NEGATIONS else 2] for c in w.concepts)
        for d in _denials(words, 6)
        if not plain_only or words[d.at].text in NEGATIONS
    ]
    if len(_FACT_DENIALS) > 4096:
        _FACT_DENIALS.clear()
    _FACT_DENIALS[id(need), plain_only] = (need, found)
    return found


@lru_cache(maxsize=4096)
def _heads(statement: str, plain_only: bool) -> tuple[frozenset[str | int], ...]:
    words = read_words(plain(statement))
    return tuple(
        frozenset(c for w in _head(d, words) for c in w.concepts)
        for d in _denials(words, 3)
        if d.words and (not plain_only or words[d.at].text in NEGATIONS)
    )


_NOBODY = frozenset({"nobody", "no-one", "none", "neither"})


def _head(denial: _Denial, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words that a denial is about first of all; after "nobody in our company" what nobody did."""
    at = denial.at
    nobody = words[at].text in _NOBODY or [w.text for w in words[at : at + 2]] == ["no", "one"]
    if nobody:
        verb = next(
            (
                k
                for k in range(at + 1, min(at + 10, len(words)))
                if is_past(words[k].text) and not words[k].grammar
            ),
            None,
        )
        if verb is not None:
            row = [w for w in words[verb : verb + 5] if not w.grammar]
            # "had received training": what was received tells more than the verb.
            return tuple(row[:2] if row[0].light or is_generic(row[0].stem) else row[:1])
    return denial.words[:2]


def _denied_heads(need: Need) -> tuple[frozenset[str | int], ...]:
    """The first words that each negation of the statement governs: what is denied, without its surroundings."""
    return _heads(need.item.statement, need.item.kind == "admission")


@lru_cache(maxsize=512)
def _positive(need: Need) -> frozenset[str | int]:
    """What the fact asserts: its concepts but for those it denies."""
    denied = frozenset(c for d in _fact_denials(need) for c in d)
    return frozenset(c for word in need.words for c in word.concepts) - denied
