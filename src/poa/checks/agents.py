"""Who did it: we, or the one of ours whom the facts name, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_past, starts, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word

__all__ = ["Blame", "Doer", "PartyDeed", "TheirApproach", "TheirDeed"]


class Doer:
    """Who did it: "we", or our role that the facts name."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each admission whose doer neither stands there by role nor as "we"."""
        for evidence in context.matching.evidence.values():
            need = evidence.need
            role = need.item.detail("by")
            if need.item.kind == "cause" or (need.item.kind == "admission" and not role):
                yield from self._unowned(context, evidence)
            if need.item.kind != "admission" or not role or not evidence.sentences:
                continue
            stems = [stem(word) for word in re.findall(r"[A-Za-z]+", role)]
            own = context.matching.own_sentences(need.item.id)
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
        """A cause, or an admission, that the facts lay on "we" and the letter on nobody of ours."""
        need = evidence.need
        if need.lowered[:1] != ("we",) or not evidence.sentences:
            return
        chief = context.matching.chief_sentences(need.item.id)
        places = context.reading.beside(chief, 1) if need.item.kind == "admission" else chief
        here = {w for n in places for w in context.reading.sentences[n].body.lowered}
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
        for carried, sentence in _telling(context, _ADMISSIONS):
            needs = [context.needs[item] for item in carried]
            lowered = sentence.body.lowered
            for k, word in enumerate(lowered):
                told = word in word_list("our_deeds") and _their_verb(lowered, k)
                shared = any(not sentence.body.words[k].concepts.isdisjoint(need.concepts) for need in needs)
                deed = starts(word, "their_deeds") or (told and shared)
                if word == "called" and lowered[k + 1 : k + 2] not in (("us",), ("our",), ("for",)):
                    # "an agency called Starbridge" names it.
                    continue
                if lowered[k + 1 : k + 3] in (
                    ("by", "us"),
                    ("by", "our"),
                    ("from", "us"),
                    ("by", "a"),
                    ("by", "another"),
                ):
                    # "Amazon asked by us to remove it": asked is what was done to Amazon.
                    continue
                if lowered[k + 1 : k + 2] in _TAKEN_UP:
                    # "wrote to two buyers, asked them to delete it": what the buyers were asked is not theirs.
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
                    yield _shifted(sentence, max(0, k - 3), k, needs[0], "excuse")
                    break


_TAKEN_UP = (("them",), ("him",), ("her",))


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
    if lowered[k - 1] in ("he", "she", "we", "i", "it"):
        return None
    for j in range(k - 1, max(-1, k - 14), -1):
        word = lowered[j]
        if word in word_list("ours"):
            # "the sister of our founder": ours, but not the subject.
            if {*lowered[max(0, j - 2) : j]} & set(word_list("prepositions")):
                continue
            return None
        if word in word_list("others"):
            if word in ("customer", "buyer") and lowered[j + 1 : j + 2] in _OUR_OFFICES:
                # "our customer service representative" is one of ours.
                return None
            return None if _governed(sentence, j) else word
    return None


_OUR_OFFICES = (("service",), ("support",), ("care",), ("relations",), ("experience",), ("success",))


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


class TheirApproach:
    """Others who come to us, where the facts say that we came to them: "two buyers telephoned our adviser"."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each clause in which others write to, call or press our people, and no fact says so."""
        for carried, sentence in _telling(context, _TOLD_OF_US):
            words = sentence.body.words
            needs = [context.needs[item] for item in carried]
            for k, word in enumerate(words):
                if word.text not in word_list("approaches") or (
                    k and words[k - 1].text in word_list("passive") and words[k - 1].text != "had"
                ):
                    continue
                near = [w.text for w in words[k + 1 : k + 8]]
                ours = next(
                    (j for j, w in enumerate(near[:3]) if w in ("us", "me", "our", "my", "the")), None
                )
                if ours is None:
                    continue
                if near[ours] not in ("us", "me") and not any(
                    w in word_list("our_people") for w in near[ours + 1 : ours + 5]
                ):
                    continue
                if near[:1] == ["to"] and any(stem(near[1]) in need.stems for need in needs if near[1:]):
                    # "five buyers had written to thank us", where the fact says that they thanked us.
                    continue
                subject = _subject_before(sentence, k) or _party_who(words, k)
                if subject and not any(_says(need, subject, word.text) for need in needs):
                    yield _shifted(
                        sentence, max(0, k - 3), min(k + 4, len(words) - 1), needs[0], "their_approach"
                    )
                    break


_ADMISSIONS = frozenset({"admission"})
_TOLD_OF_US = frozenset({"admission", "cause", "action"})


def _party_who(words: tuple[Word, ...], k: int) -> str | None:
    """The party of which a relative clause tells the verb at `k`: "buyers who had written"."""
    for j in range(k - 1, max(0, k - 4), -1):
        if words[j].text == "who":
            return words[j - 1].text if words[j - 1].text in word_list("others") else None
    return None


class PartyDeed:
    """A third party, or some stranger, as the doer of what the facts say we did: "Mossgate ran the group"."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each admission of ours whose verb another party governs in the letter."""
        for carried, sentence in _telling(context, _ADMISSIONS):
            need = context.needs[carried[0]]
            if need.item.kind != "admission" or _OUR_SUBJECTS.isdisjoint(need.lowered[:1]):
                continue
            needs = [context.needs[item] for item in carried]
            verbs = {stem(word) for word in need.lowered if is_past(word)}
            words = sentence.body.words
            for k, word in enumerate(words):
                if not is_past(word.text) or word.text in _AUXILIARIES:
                    continue
                if _by_a_stranger(words, k) or (
                    (word.stem in verbs and _party_before(sentence, k, needs))
                    or (not word.concepts.isdisjoint(need.concepts) and _name_before(sentence, k, need))
                ):
                    yield _shifted(sentence, max(0, k - 2), min(k + 4, len(words) - 1), need, "party_deed")
                    break


class Blame:
    """One of our people who took, chose or neglected what the facts lay on us: "the manager had usurped the power"."""

    codes = ("shifted_blame",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each cause or admission with a verb that blames and that the fact does not hold."""
        for n, sentence in context.prose():
            item = next(iter(context.matching.items_of[n]), None)
            if item is None or context.needs[item].item.kind not in ("cause", "admission"):
                continue
            need = context.needs[item]
            words = sentence.body.words
            for k in range(1, len(words)):
                if _blames(words, k, need) or _stands_in_for_us(sentence.body.lowered, k, need):
                    subject = _own_subject(words, k)
                    if subject is not None:
                        yield _shifted(sentence, subject, min(k + 4, len(words) - 1), need, "blame")
                        break


_AUXILIARIES = frozenset({"was", "were", "had", "been", "did"})
_OUR_SUBJECTS = frozenset({"our", "we", "i", "my", "two", "three", "one", "the", "at", "on", "during", "in"})


def _telling(context: Context, kinds: frozenset[str]) -> Iterable[tuple[tuple[str, ...], Sentence]]:
    """The sentences that carry an item of these kinds among their first two, with their items."""
    for n, sentence in context.prose():
        carried = context.matching.items_of[n]
        if any(context.needs[item].item.kind in kinds for item in carried[:2]):
            yield carried, sentence


def _shifted(sentence: Sentence, first: int, last: int, need: Need, rule: str) -> Finding:
    words = sentence.body.words
    return finding(
        "shifted_blame",
        "excuse",
        need.item.id,
        (sentence.start + words[first].start, sentence.start + words[last].end),
        need.item.statement,
        rule=rule,
        said=sentence.text[words[first].start : words[last].end],
    )


def _party_before(sentence: Sentence, k: int, needs: list[Need]) -> bool:
    """Whether a party that is not ours stands right before the verb, as its subject and not the facts' one."""
    words = sentence.body.words
    if not k or words[k - 1].text not in (*word_list("others"), *word_list("strangers")):
        return False
    if words[k - 1].text in word_list("kin") or any(words[k - 1].stem in map(stem, n.lowered) for n in needs):
        # "both relatives posted it", of a fact that says so of "both".
        return False
    if sentence.text[words[k - 1].end : words[k].start].strip() or _governed(sentence, k - 1):
        return False
    if any(_says(need, words[k - 1].text, words[k].text) for need in needs):
        return False
    return not {"by", "from"} & {w.text for w in words[k + 1 : k + 3]}


_BEFORE_VERB = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:\w+ly\s+|then\s+|also\s+|had\s+)?")


def _name_before(sentence: Sentence, k: int, need: Need) -> bool:
    """Whether a name that the fact does not make the doer stands right before the verb."""
    verb = sentence.body.words[k]
    for name in sentence.body.names:
        if name.kind != "name" or name.end > verb.start:
            continue
        if not _BEFORE_VERB.fullmatch(sentence.text[name.end : verb.start]):
            continue
        at = need.item.statement.find(name.canonical)
        behind = need.item.statement[at + len(name.canonical) :]
        return at < 0 or not re.match(rf"\W+(?:\w+\W+){{0,2}}{re.escape(verb.text)}", behind)
    return False


def _by_a_stranger(words: tuple[Word, ...], k: int) -> bool:
    """Whether the verb is a passive done "by an acquaintance" or "by the software"."""
    for j in range(k + 1, min(k + 7, len(words) - 2)):
        if words[j].text == "by":
            return words[j + 1].text in ("a", "an", "the") and any(
                w.text in word_list("strangers") for w in words[j + 2 : j + 4]
            )
    return False


def _blames(words: tuple[Word, ...], k: int, need: Need) -> bool:
    """Whether the word is an active verb that blames and that the fact does not hold."""
    word = words[k]
    if not starts(word.text, "blaming") and not (
        word.text in ("took", "taken") and words[k + 1 : k + 2] and words[k + 1].text in _TAKEN
    ):
        return False
    if not word.concepts.isdisjoint(need.concepts) or any(w.startswith(word.text[:5]) for w in need.lowered):
        return False
    return words[k - 1].text not in word_list("passive") or words[k - 1].text == "had"


_TAKEN = frozenset({"advantage", "sole", "the"})
_SELF = frozenset({"itself", "himself", "herself", "themselves"})


def _stands_in_for_us(lowered: tuple[str, ...], k: int, need: Need) -> bool:
    """Whether one of our people does, or leaves undone, what the fact says of us: "had set himself a target", "never
    asked us"."""
    if need.lowered[:1] != ("we",) or _SELF & set(need.lowered):
        return False
    if lowered[k] in ("set", "gave", "given", "allowed", "granted"):
        return not _SELF.isdisjoint(lowered[k + 1 : k + 2])
    if lowered[k] not in word_list("asking_us"):
        return False
    at = k - 1 if lowered[k - 1] == "never" else k - 2 if lowered[k - 2 : k] == ("did", "not") else 0
    return at > 0 and lowered[at - 1] in ("he", "she", "they")


def _own_subject(words: tuple[Word, ...], k: int) -> int | None:
    """Where the one of our people stands who is the subject of the verb at `k`, if one is."""
    for j in range(k - 1, max(-1, k - 6), -1):
        if words[j].text in ("we", "us", "i", "which"):
            return None
        if words[j].text in word_list("our_people") or words[j].text in ("he", "she", "they", "department"):
            return j
    return None
