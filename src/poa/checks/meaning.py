"""What a sentence asserts: whether it denies, who did it, what comes before what, and how much it covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_generic, is_past, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need
from poa.checks.reading import Body, Sentence, Word, plain, read_words
from poa.checks.roles import NEGATIONS, denies_nothing
from poa.values import find_values

__all__ = ["Doer", "Negation", "Order", "PastMeasure", "Scope", "TheirDeed", "UnfinishedAction"]


@lru_cache(maxsize=65536)
def _starts(word: str, name: str) -> bool:
    return word.startswith(word_list(name))


def _own_sentences(evidence: Evidence, context: Context) -> list[int]:
    return list(context.matching.own_sentences(evidence.need.item.id))


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
        implied = _starts(word.text, "implied_negation")
        if not implied and word.text not in NEGATIONS:
            continue
        if word.text in NEGATIONS and not most and denies_nothing(tuple(w.text for w in words), k):
            continue
        reach = most or (8 if word.text in ("nor", "neither") else 3)
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
_RESTRICTING = frozenset({"alone", "only", "solely", "single", "sole"})
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
            own = _own_sentences(evidence, context)
            stated = _fact_denials(need)
            for n in own:
                if context.matching.items_of[n][0] != need.item.id:
                    continue
                yield from self._denied(context, n, need, stated)
            if need.item.kind in ("cause", "admission") and stated and own:
                yield from self._affirmed(context, evidence, need)

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
        if "should" in lowered and "have" in lowered:
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
            if _starts(word.text, "implied_negation") and word.text not in NEGATIONS:
                continue
            meant = frozenset(c for w in denial.words for c in w.concepts)
            if (
                told >= _TOLD
                and not context.roles[n] & {"remaining_reviews", "third_parties"}
                and _contradicts(denial, sentence, need, others)
            ):
                yield Negation._finding(sentence, denial, need)
                return
            if any(not meant.isdisjoint(d) for d in allowed) or (not denial.words and allowed):
                continue
            if lowered[denial.at + 1 : denial.at + 2] == ("yet",) and "before" in need.lowered:
                # "the parcel had not yet arrived", of "before the parcel had arrived".
                continue
            if conditional or lowered[denial.at + 1 : denial.at + 2] in (("every",), ("all",)):
                # "no refund before the review was changed" is "the refund only after"; "not every" is a matter of
                # how much is covered.
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
            yield Negation._finding(sentence, denial, need)
            return

    @staticmethod
    def _finding(sentence: Sentence, denial: _Denial, need: Need) -> Finding:
        words = sentence.body.words
        first, last = words[denial.at], words[min(denial.at + 5, len(words) - 1)]
        at = (sentence.start + first.start, sentence.start + last.end)
        said = sentence.text[first.start : last.end]
        return finding("denied_admission", "negated", need.item.id, at, need.item.statement, said=said)

    @staticmethod
    def _affirmed(context: Context, evidence: Evidence, need: Need) -> Iterable[Finding]:
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
            if any(_denies_somehow(context.reading.sentences[n].body.lowered, own) for _, n, _ in best):
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
            yield finding("denied_admission", "not_negated", need.item.id, at, need.item.statement)
            return


def _no_more_than_the_fact(sentence: Sentence, need: Need) -> bool:
    """Whether the sentence holds no more words of negation than the fact does."""
    told = sum(word in NEGATIONS for word in need.lowered)
    if need.item.kind != "admission":
        told += sum(word in _EXCLUDING for word in need.lowered)
    return 0 < sum(word in NEGATIONS for word in sentence.body.lowered) <= told


# "paper other than the delivery note" is "paper that is not the delivery note".
_EXCLUDING = frozenset({"other", "except", "only", "unless", "alone", "solely"})
_TOLD = 0.35


def _contradicts(denial: _Denial, sentence: Sentence, need: Need, others: list[Need]) -> bool:
    """Whether what is denied is what the fact asserts: "did not pay the refund", where it says that we paid."""
    words = sentence.body.words
    if words[denial.at].text not in NEGATIONS:
        return False
    if need.item.kind != "admission" and (need.item.kind != "cause" or _fact_denials(need)):
        return False
    after = sentence.body.lowered[denial.at + 1 : denial.at + 10]
    if any(word in _REVERSING for word in after) or after[:1] in (("every",), ("all",), ("yet",)):
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
    return denial.words[0].stem in {stem(word) for word in need.lowered}


def _ended(need: Need) -> bool:
    """Whether the fact takes something away or ends it."""
    return "off" in need.lowered or any(_starts(word, "implied_negation") for word in need.lowered)


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


def _denies_somehow(lowered: tuple[str, ...], but: frozenset[str]) -> bool:
    """Whether a sentence denies something, by any word `but` those the fact uses beside its own denial."""
    return any(
        word in NEGATIONS
        or (_starts(word, "implied_negation") and stem(word) not in but)
        or word in word_list("turned")
        for word in lowered
    )


def _implied_beside(need: Need, denied: frozenset[str | int]) -> frozenset[str]:
    """The words of the statement that imply a denial and are not what denies: in "omitted to tell which means are
    forbidden" the last."""
    implied = [word for word in need.lowered if _starts(word, "implied_negation") and word not in NEGATIONS]
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
        frozenset(c for w in d.words[:2] for c in w.concepts)
        for d in _denials(words, 3)
        if d.words and (not plain_only or words[d.at].text in NEGATIONS)
    )


def _denied_heads(need: Need) -> tuple[frozenset[str | int], ...]:
    """The first words that each negation of the statement governs: what is denied, without its surroundings."""
    return _heads(need.item.statement, need.item.kind == "admission")


@lru_cache(maxsize=512)
def _positive(need: Need) -> frozenset[str | int]:
    """What the fact asserts: its concepts but for those it denies."""
    denied = frozenset(c for d in _fact_denials(need) for c in d)
    return frozenset(c for word in need.words for c in word.concepts) - denied


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
            own = list(context.matching.chief_sentences(need.item.id))
            if not own:
                continue
            every = sorted({*own, *evidence.sentences}) if need.item.kind == "measure" else own
            every = sorted({*every, *context.reading.beside(own, 1)})
            words = [w for n in every for w in context.reading.sentences[n].body.lowered]
            sentence = context.reading.sentences[own[0]]
            at = (sentence.start, sentence.end)
            after = [m + 1 for m in own if m + 1 < len(context.reading.sentences)]
            then = [w for m in after for w in context.reading.sentences[m].body.lowered[:3]]
            if "then" in then and "only" in then:
                # "…. Only then will the minutes be filed."
                continue
            not_first = "first" in words and any(word in NEGATIONS for word in words)
            if not not_first and not _says_before(words):
                yield finding("changed_scope", "lost_before", need.item.id, at, need.item.statement)


def _says_before(words: list[str]) -> bool:
    """Whether an order of things is told, forwards or backwards: "access only after the signature", "when we opened,
    nobody had read them", "sales ranked above the rules"."""
    here = set(words)
    return (
        any(_starts(word, "before") for word in words)
        or {"only", "after"} <= here
        or {"when", "had"} <= here
        or "above" in here
    )


class Scope:
    """ "every" and "all" that are gone, and restrictions that are new."""

    codes = ("changed_scope",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each action or measure that no longer covers all that the facts cover."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind not in ("measure", "action") or not evidence.sentences:
                continue
            own = list(context.matching.chief_sentences(need.item.id))
            if not own:
                continue
            near = {m for n in own for m in (n + 1, n + 2) if m in evidence.nearby}
            sentences = context.reading.sentences
            near |= {n - 1 for n in own if n and sentences[n - 1].block == sentences[n].block}
            words = [w for n in (*own, *near) for w in context.reading.sentences[n].body.lowered]
            # "both" is often said by naming the two, or by "the two".
            universal = [w for w in need.lowered if w in word_list("universal") and w != "both"]
            numbers = _counted_whole(need.item.statement)
            counted = any(
                v.canonical in numbers
                for n in own
                for v in context.reading.sentences[n].body.values
                if v.kind == "number"
            )
            if universal and not counted and not any(_starts(w, "total") or w in NEGATIONS for w in words):
                sentence = context.reading.sentences[own[0]]
                yield finding(
                    "changed_scope",
                    "lost_all",
                    need.item.id,
                    (sentence.start, sentence.end),
                    need.item.statement,
                )
                continue
            yield from self._narrowed(context, need, own)
            if need.item.kind == "measure":
                yield from self._restricted(context, need, own)

    @staticmethod
    def _restricted(context: Context, need: Need, own: list[int]) -> Iterable[Finding]:
        """ "every message that mentions a review" of a measure that speaks of every message, and "no new contract"."""
        stems = {stem(word) for word in need.lowered}
        for n in own:
            if context.matching.items_of[n][:1] != (need.item.id,):
                continue
            sentence = context.reading.sentences[n]
            for first, last in _restrictions(sentence.body.words, need, stems):
                at = (sentence.start + first.start, sentence.start + last.end)
                said = sentence.text[first.start : last.end]
                yield finding(
                    "changed_scope",
                    "scope",
                    need.item.id,
                    at,
                    need.item.statement,
                    rule="restricted",
                    said=said,
                )

    @staticmethod
    def _narrowed(context: Context, need: Need, own: list[int]) -> Iterable[Finding]:
        """ "every newly hired employee" of a fact that says "every employee"."""
        for n in own:
            sentence = context.reading.sentences[n]
            words = sentence.body.words
            for k, word in enumerate(words):
                if word.text not in ("every", "each", "all"):
                    continue
                between: list[Word] = []
                for following in words[k + 1 : k + 6]:
                    if following.grammar:
                        if following.text in (
                            "of",
                            "the",
                            "our",
                            "these",
                            "those",
                            "its",
                            "their",
                            "such",
                            "other",
                        ):
                            continue
                        break
                    if not following.concepts.isdisjoint(need.concepts):
                        new = [
                            w for w in between if not (is_generic(w.stem) or is_generic(w.text) or w.light)
                        ]
                        if new:
                            at = (sentence.start + word.start, sentence.start + following.end)
                            said = sentence.text[word.start : following.end]
                            yield finding(
                                "changed_scope", "scope", need.item.id, at, need.item.statement, said=said
                            )
                        behind = _restricted_behind(words, words.index(following), need)
                        if behind is not None:
                            at = (sentence.start + word.start, sentence.start + behind.end)
                            said = sentence.text[word.start : behind.end]
                            yield finding(
                                "changed_scope", "scope", need.item.id, at, need.item.statement, said=said
                            )
                        break
                    between.append(following)


@cache
def _matters() -> frozenset[str]:
    return frozenset(stem(word) for word in word_list("matters"))


def _restrictions(words: tuple[Word, ...], need: Need, stems: set[str]) -> Iterable[tuple[Word, Word]]:
    """The stretches that restrict a measure to a matter, or to a part of its things, of which the fact says nothing."""
    matters = _matters()
    for k, word in enumerate(words):
        if word.text in word_list("restricting"):
            matter = next(
                (w for w in words[k + 1 : k + 6] if w.stem in matters and w.stem not in stems), None
            )
            if matter is not None:
                yield word, matter
        elif word.text in word_list("narrowing") and word.stem not in stems:
            thing = next(
                (
                    w
                    for w in words[k + 1 : k + 3]
                    if not w.grammar and not w.concepts.isdisjoint(need.concepts)
                ),
                None,
            )
            if thing is not None:
                yield word, thing


_WHOLE = re.compile(r"\b(?:all|each of|every one of|both)\b(?: of)?(?: the| our| these| its)?\s+$", re.I)


@lru_cache(maxsize=2048)
def _counted_whole(statement: str) -> frozenset[str]:
    """The numbers of a fact that say how many all are: "all 26 buyers" may become "the 26 buyers"."""
    text = plain(statement)
    return frozenset(
        v.canonical for v in find_values(text) if v.kind == "number" and _WHOLE.search(text[: v.start])
    )


def _restricted_behind(words: tuple[Word, ...], k: int, need: Need) -> Word | None:
    """The word that narrows a thing from behind, and that the fact does not hold: "every employee in marketing"."""
    if k + 1 >= len(words) or words[k + 1].text not in ("in", "about", "for", "with", "who", "whose"):
        return None
    following = [w for w in words[k + 2 : k + 5] if not w.grammar][:1]
    for word in following:
        if word.light or is_generic(word.stem) or not word.concepts.isdisjoint(need.concepts):
            return None
        return word
    return None


class Doer:
    """Who did it: "we", or our role that the facts name."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each admission whose doer neither stands there by role nor as "we"."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            role = need.item.detail("by")
            if need.item.kind == "cause":
                yield from self._unowned(context, evidence)
            if need.item.kind != "admission" or not role or not evidence.sentences:
                continue
            stems = [stem(word) for word in re.findall(r"[A-Za-z]+", role)]
            own = _own_sentences(evidence, context)
            chief = context.matching.chief_sentences(need.item.id)
            known = {*evidence.sentences, *evidence.nearby}
            places = {m for n in chief for m in (n - 1, n, n + 1) if m in known}
            spoken = [w.text for n in places for w in context.reading.sentences[n].body.words]
            here = {stem(part) for word in spoken for part in (word, *word.split("-"))}
            if stems[-1] in here or sum(s in here for s in stems) >= max(1, round(0.6 * len(stems))):
                continue
            if any(_we_act(context.reading.sentences[n], need) for n in own):
                continue
            if context.is_who_signs(role.split(), places):
                # "I wrote to buyers", signed by the owner who did it.
                continue
            sentence = context.reading.sentences[(own or list(evidence.sentences))[0]]
            yield finding("shifted_blame", "missing_by", need.item.id, (sentence.start, sentence.end), role)

    @staticmethod
    def _unowned(context: Context, evidence: Evidence) -> Iterable[Finding]:
        """A cause that the facts lay on "we" and the letter on nobody of ours."""
        need = evidence.need
        if need.lowered[:1] != ("we",) or not evidence.sentences:
            return
        chief = context.matching.chief_sentences(need.item.id)
        here = {w for n in chief for w in context.reading.sentences[n].body.lowered}
        if not chief or here & _OURS_AT_ALL or context.reading.sentences[chief[0]].kind == "heading":
            return
        sentence = context.reading.sentences[chief[0]]
        yield finding(
            "shifted_blame",
            "unowned",
            need.item.id,
            (sentence.start, sentence.end),
            need.item.statement,
        )


_OURS_AT_ALL = frozenset("we us our ours ourselves i me my company house management".split())


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
                told = word in word_list("our_deeds") and _their_verb(lowered, k)
                shared = any(not sentence.body.words[k].concepts.isdisjoint(need.concepts) for need in needs)
                deed = _starts(word, "their_deeds") or (told and shared)
                if word == "called" and lowered[k + 1 : k + 2] not in (("us",), ("our",), ("for",)):
                    # "an agency called Starbridge" names it.
                    continue
                if lowered[k + 1 : k + 3] in (("by", "us"), ("by", "our"), ("from", "us")):
                    # "Amazon asked by us to remove it": asked is what was done to Amazon.
                    continue
                if not deed or k == 0 or lowered[k - 1] in (*word_list("passive"), "and", "or", "but"):
                    continue
                if k > 1 and lowered[k - 2] in word_list("passive"):
                    continue
                if word == "told" and lowered[k - 1] == "all":
                    continue
                if {"whom", "which", "that"} & set(lowered[max(0, k - 2) : k]):
                    # "buyers, whom it asked": the buyers are asked.
                    continue
                subject = _subject_before(sentence, k)
                if subject and not any(_says(need, subject, word) for need in needs):
                    first, last = sentence.body.words[max(0, k - 3)], sentence.body.words[k]
                    at = (sentence.start + first.start, sentence.start + last.end)
                    yield finding(
                        "shifted_blame",
                        "excuse",
                        carried[0],
                        at,
                        needs[0].item.statement,
                        said=sentence.text[first.start : last.end],
                    )
                    break


def _their_verb(lowered: tuple[str, ...], k: int) -> bool:
    """Whether a party stands right before the verb, with nothing but an adverb between, and we do not follow."""
    near = lowered[max(0, k - 2) : k]
    if lowered[k - 1] in ("and", "or", "but"):
        return False
    if not any(
        word in ("agency", "buyers", "buyer", "customers", "members", "customer", "recipients", "purchasers")
        for word in near
    ):
        return False
    return not {"us", "we", "invoices", "invoice"} & set(lowered[k + 1 : k + 8]) and not lowered[
        k
    ].startswith(("receiv", "got", "involv", "left", "had", "concern"))


def _subject_before(sentence: Sentence, k: int) -> str | None:
    """The party that is the subject of the verb at `k`: the nearest party before it, if no other doer is nearer."""
    lowered = sentence.body.lowered
    if lowered[k - 1] in ("he", "she", "we", "i"):
        return None
    for j in range(k - 1, max(-1, k - 14), -1):
        word = lowered[j]
        if word in word_list("ours"):
            # "the sister of our founder": ours, but not the subject.
            if {*lowered[max(0, j - 2) : j]} & set(word_list("prepositions")):
                continue
            return None
        if word in word_list("others"):
            return None if _governed(sentence, j) else word
    return None


def _governed(sentence: Sentence, j: int) -> bool:
    """Whether a preposition stands before the word, with at most an article between: "to the buyers"."""
    words = sentence.body.words
    for step in (1, 2):
        if j - step < 0:
            return False
        gap = sentence.text[words[j - step].end : words[j - step + 1].start]
        if gap.strip(" \n"):
            return False
        before = words[j - step].text
        if before in word_list("prepositions"):
            return True
        if before not in ("the", "a", "an", "these", "those", "each", "every", "some", "all", "any", "both"):
            return False
    return False


def _says(need: Need, subject: str, verb: str) -> bool:
    """Whether the fact itself has that party do that."""
    base = stem(verb)
    return (
        any(stem(word) == base for word in need.lowered)
        and any(stem(word) == stem(subject) for word in need.lowered)
        and need.lowered.index(next(w for w in need.lowered if stem(w) == stem(subject)))
        < need.lowered.index(next(w for w in need.lowered if stem(w) == base))
    )


_PAST_OF_BE = frozenset({"did", "was", "were", "been", "had"})
_PRESENT_PASSIVE = frozenset(
    {"is", "are", "be", "being", "been", "has", "have", "once", "until", "before", "after"}
)


_OBJECTS = frozenset("every each all the a an it them our its their".split())


class UnfinishedAction:
    """An action that goes on, or was only asked for: "is erasing", "applied to close", "were instructed to delete"."""

    codes = ("changed_tense",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each action whose deed the letter tells as going on or as requested."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind != "action" or not evidence.sentences:
                continue
            asks = any(_starts(word, "asked_for") for word in need.lowered)
            going = any(word in ("is", "are", "now") for word in need.lowered)
            for n in context.matching.own_sentences(need.item.id):
                if context.matching.items_of[n][:1] != (need.item.id,):
                    continue
                sentence = context.reading.sentences[n]
                found = (None if going else _goes_on_doing(sentence, need)) or (
                    _did_what_was_asked(sentence, need) if asks else _asked_to_do(sentence, need)
                )
                if found is not None:
                    first, last = found
                    at = (sentence.start + first.start, sentence.start + last.end)
                    said = sentence.text[first.start : last.end]
                    yield finding(
                        "changed_tense",
                        "unfinished",
                        need.item.id,
                        at,
                        need.item.statement,
                        rule="undone",
                        said=said,
                    )


def _did_what_was_asked(sentence: Sentence, need: Need) -> tuple[Word, Word] | None:
    """The words that tell as done by us what the fact only asks for: "reported the reviews and removed them"."""
    if any(is_past(word) and _starts(word, "taken_away") for word in need.lowered):
        return None
    words = sentence.body.words
    for k, word in enumerate(words[1:-1], start=1):
        if (
            is_past(word.text)
            and _starts(word.text, "taken_away")
            and words[k - 1].text in ("and", "we", "then")
        ):
            return words[k - 1], words[k + 1]
    return None


def _goes_on_doing(sentence: Sentence, need: Need) -> tuple[Word, Word] | None:
    words = sentence.body.words
    for k, word in enumerate(words[:-1]):
        deed = words[k + 1]
        if (
            word.text in ("is", "are")
            and deed.text.endswith("ing")
            and not (
                deed.text == "writing" and words[k + 2 : k + 3] and words[k + 2].text in ("in", "to", "about")
            )
            and not deed.concepts.isdisjoint(need.concepts)
        ):
            return word, deed
        if [w.text for w in words[k : k + 4]] in (
            ["in", "the", "course", "of"],
            ["in", "the", "process", "of"],
        ):
            return word, words[min(k + 4, len(words) - 1)]
    return None


def _asked_to_do(sentence: Sentence, need: Need) -> tuple[Word, Word] | None:
    """The words from "requested" to the deed: "requested the relatives to delete"."""
    words = sentence.body.words
    for k, word in enumerate(words):
        if not _starts(word.text, "asked_for") or not is_past(word.text):
            continue
        for j in range(k + 1, min(k + 8, len(words) - 1)):
            deed = words[j + 1]
            if words[j].text == "to" and not deed.light and not deed.concepts.isdisjoint(need.concepts):
                return word, deed
            if words[j].text in ("and", "who", "which"):
                break
    return None


class PastMeasure:
    """A commitment told as a past event: "from 1 July our director switched the bonus" in place of "will switch"."""

    codes = ("changed_tense",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each measure whose own sentences hold past verbs and nothing that commits."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            if need.item.kind != "measure" or not evidence.sentences:
                continue
            chief = context.matching.chief_sentences(need.item.id)
            lowered = {w for n in chief for w in context.reading.sentences[n].body.lowered}
            if not chief or lowered & set(word_list("committing")):
                continue
            stems = {stem(word) for word in need.lowered if is_past(word)}
            for n in chief:
                sentence = context.reading.sentences[n]
                for k, word in enumerate(sentence.body.words):
                    beside = sentence.body.lowered[max(0, k - 2) : k]
                    after = sentence.body.lowered[k + 1 : k + 2]
                    if (
                        is_past(word.text)
                        and word.text not in _PAST_OF_BE
                        and not _PRESENT_PASSIVE & set(beside)
                        # "examined every contract" tells a deed, whatever participles the fact has.
                        and (word.stem not in stems or (after and after[0] in _OBJECTS))
                        and not word.concepts.isdisjoint(need.concepts)
                    ):
                        at = (sentence.start + word.start, sentence.start + word.end)
                        yield finding(
                            "changed_tense", "finished", need.item.id, at, need.item.statement, said=word.text
                        )
                        break
