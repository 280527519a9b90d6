"""What a sentence asserts: whether it denies, who did it, what comes before what, and how much it covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import lines_of, stem
from poa.checks.matching import Evidence
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word
from poa.checks.roles import NEGATIONS

__all__ = ["Doer", "Negation", "Order", "Scope", "TheirDeed"]


@cache
def _word_list(name: str) -> tuple[str, ...]:
    for line in lines_of("meaning.txt"):
        key, _, words = line.partition(":")
        if key == name:
            return tuple(words.split())
    raise KeyError(name)


def _starts(word: str, name: str) -> bool:
    return word.startswith(_word_list(name))


def _own_sentences(evidence: Evidence, context: Context) -> list[int]:
    """The sentences that speak of the item first of all, or nearly so."""
    item = evidence.need.item.id
    found = []
    for n in evidence.sentences:
        carried = context.matching.items_of[n]
        scores = context.matching.combined[n]
        if carried and scores.get(item, 0.0) >= 0.75 * scores.get(carried[0], 0.0):
            found.append(n)
    return found


_CLAUSE = re.compile(r"[,:;()]|\s-\s|\b(?:and|but|which|who|while|after|before|because|although|whereas|so that|having|until|unless)\b", re.I)


def clauses(sentence: Sentence) -> list[list[Word]]:
    """The sentence's words, clause by clause."""
    cuts = [m.start() for m in _CLAUSE.finditer(sentence.text)]
    cuts.append(len(sentence.text) + 1)
    found: list[list[Word]] = []
    words = list(sentence.body.words)
    at = 0
    for cut in cuts:
        piece = []
        while at < len(words) and words[at].start < cut:
            piece.append(words[at])
            at += 1
        if piece:
            found.append(piece)
    return found


def _negatives(words: Iterable[str]) -> int:
    return sum(word in NEGATIONS for word in words)


def _implied(words: Iterable[str]) -> int:
    return sum(_starts(word, "implied_negation") for word in words)


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
            own = _own_sentences(evidence, context)
            stated = _negatives(need.lowered) + _implied(need.lowered)
            for n in own:
                yield from self._denied(context, n, need, stated)
            if need.item.kind == "cause" and stated and own:
                yield from self._affirmed(context, evidence, need)

    @staticmethod
    def _denied(context: Context, n: int, need: Need, stated: int) -> Iterable[Finding]:
        sentence = context.reading.sentences[n]
        lowered = sentence.body.lowered
        if context.roles[n] & {"third_parties", "customer_accounts", "remaining_reviews", "apology"}:
            return
        scores = context.matching.combined[n]
        best = max(scores.values(), default=0.0)
        others = [context.needs[i] for i, score in scores.items() if i != need.item.id and score >= 0.5 * best]
        allowed = stated + sum(_negatives(other.lowered) + _implied(other.lowered) for other in others)
        if need.item.kind == "measure" and any(word in _word_list("turned") for word in lowered):
            return
        spare = allowed
        for k, word in enumerate(sentence.body.words):
            if word.text not in NEGATIONS or _harmless(lowered, k):
                continue
            if word.text == "nor" and any(w in NEGATIONS for w in lowered[:k]):
                continue
            if spare > 0:
                spare -= 1
                continue
            last = sentence.body.words[min(k + 5, len(lowered) - 1)]
            at = (sentence.start + word.start, sentence.start + last.end)
            yield finding("denied_admission", "negated", need.item.id, at, need.item.statement, said=sentence.text[word.start : last.end])
            return

    @staticmethod
    def _affirmed(context: Context, evidence: Evidence, need: Need) -> Iterable[Finding]:
        places = {*evidence.sentences, *evidence.nearby}
        for n in places:
            lowered = context.reading.sentences[n].body.lowered
            if _negatives(lowered) or _implied(lowered) or any(word in _word_list("turned") for word in lowered):
                return
        sentence = context.reading.sentences[evidence.sentences[0]]
        at = (sentence.start, sentence.end)
        yield finding("denied_admission", "not_negated", need.item.id, at, need.item.statement)


def _harmless(lowered: tuple[str, ...], k: int) -> bool:
    """Negations that deny nothing: "no later than", "not only", "no other", "nothing but", "without exception"."""
    following = lowered[k + 1 : k + 3]
    before = lowered[k - 1] if k else ""
    if following[:1] and following[0] in ("only", "longer", "later", "less", "doubt", "other", "further", "exception", "hesitate", "reservation", "delay", "matter", "but"):
        return True
    return before in ("or", "whether") and following[:1] == ("",)


class Order:
    """ "before" that became "after", and "before" that is gone."""

    codes = ("changed_scope",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each item whose order of things was turned or dropped."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in ("measure", "cause", "action", "admission") or not evidence.sentences:
                continue
            if "before" not in need.lowered and "prior" not in need.lowered:
                continue
            own = _own_sentences(evidence, context)
            if not own:
                continue
            words = [w for n in (*own, *evidence.nearby) for w in context.reading.sentences[n].body.lowered]
            sentence = context.reading.sentences[own[0]]
            at = (sentence.start, sentence.end)
            if not any(_starts(word, "before") for word in words):
                yield finding("changed_scope", "lost_before", need.item.id, at, need.item.statement)


class Scope:
    """ "every" and "all" that are gone, and restrictions that are new."""

    codes = ("changed_scope",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each action or measure that no longer covers all that the facts cover."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in ("measure", "action") or not evidence.sentences:
                continue
            own = _own_sentences(evidence, context)
            if not own:
                continue
            words = [w for n in (*own, *evidence.nearby) for w in context.reading.sentences[n].body.lowered]
            universal = [w for w in need.lowered if w in _word_list("universal")]
            if universal and not any(_starts(w, "total") or w in NEGATIONS for w in words):
                sentence = context.reading.sentences[own[0]]
                yield finding("changed_scope", "lost_all", need.item.id, (sentence.start, sentence.end), need.item.statement)
                continue
            yield from self._such(context, need, own)

    @staticmethod
    def _such(context: Context, need: Need, own: list[int]) -> Iterable[Finding]:
        for n in own:
            sentence = context.reading.sentences[n]
            lowered = sentence.body.lowered
            for k in range(len(lowered) - 1):
                if lowered[k] in ("every", "each", "all") and lowered[k + 1] == "such" and "such" not in need.lowered:
                    first, last = sentence.body.words[k], sentence.body.words[k + 1]
                    at = (sentence.start + first.start, sentence.start + last.end)
                    yield finding("changed_scope", "scope", need.item.id, at, need.item.statement, said=sentence.text[first.start : last.end])


class Doer:
    """Who did it: "we", or our role that the facts name."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each admission whose doer neither stands there by role nor as "we"."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            role = need.item.detail("by")
            if need.item.kind != "admission" or not role or not evidence.sentences:
                continue
            stems = [stem(word) for word in re.findall(r"[A-Za-z]+", role)]
            own = _own_sentences(evidence, context)
            places = {*evidence.sentences, *evidence.nearby}
            here = {w.stem for n in places for w in context.reading.sentences[n].body.words}
            if stems[-1] in here or sum(s in here for s in stems) >= max(1, round(0.6 * len(stems))):
                continue
            if any(_we_act(context.reading.sentences[n], need) for n in own):
                continue
            sentence = context.reading.sentences[(own or list(evidence.sentences))[0]]
            yield finding("shifted_blame", "missing_by", need.item.id, (sentence.start, sentence.end), role)


def _we_act(sentence: Sentence, need: Need) -> bool:
    """Whether "we" is the doer of one of the item's own words in the sentence, or it is "by us"."""
    lowered = sentence.body.lowered
    words = sentence.body.words
    for k, word in enumerate(lowered):
        if word == "us" and k and lowered[k - 1] == "by":
            return True
        if word in ("we", "i"):
            following = words[k + 1 : k + 5]
            if any(not w.light and not w.concepts.isdisjoint(need.concepts) for w in following):
                return True
    return False


class TheirDeed:
    """A buyer, member or agency that does, in an admission, what the facts say we did."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding where another party asks, demands, proposes or offers and the facts say no such thing."""
        for n, sentence in context.prose():
            carried = context.matching.items_of[n]
            if not carried or not any(context.needs[i].item.kind == "admission" for i in carried[:2]):
                continue
            needs = [context.needs[item] for item in carried]
            lowered = sentence.body.lowered
            for k, word in enumerate(lowered):
                if not _starts(word, "their_deeds") or k == 0 or lowered[k - 1] in _word_list("passive"):
                    continue
                if k > 1 and lowered[k - 2] in _word_list("passive"):
                    continue
                subject = _subject_before(lowered, k)
                if subject and not any(_says(need, subject, word) for need in needs):
                    first, last = sentence.body.words[max(0, k - 3)], sentence.body.words[k]
                    at = (sentence.start + first.start, sentence.start + last.end)
                    yield finding("shifted_blame", "excuse", carried[0], at, needs[0].item.statement, said=sentence.text[first.start : last.end])
                    break


def _subject_before(lowered: tuple[str, ...], k: int) -> str | None:
    """The party that is the subject of the verb at `k`: the nearest party before it, if no other doer is nearer."""
    for j in range(k - 1, max(-1, k - 14), -1):
        word = lowered[j]
        if word in _word_list("ours"):
            return None
        if word in _word_list("others"):
            before = lowered[j - 1] if j else ""
            two_before = lowered[j - 2] if j > 1 else ""
            if before in _word_list("prepositions") or two_before in _word_list("prepositions"):
                return None
            return word
    return None


def _says(need: Need, subject: str, verb: str) -> bool:
    """Whether the fact itself has that party do that."""
    base = stem(verb)
    return any(stem(word) == base for word in need.lowered) and any(
        stem(word) == stem(subject) for word in need.lowered
    ) and need.lowered.index(next(w for w in need.lowered if stem(w) == stem(subject))) < need.lowered.index(
        next(w for w in need.lowered if stem(w) == base)
    )
