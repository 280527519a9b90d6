"""What a sentence asserts: who did it, what comes before what, and whether it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_past, starts, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word
from poa.checks.roles import NEGATIONS

__all__ = ["Doer", "Order", "PastMeasure", "TheirDeed", "UnfinishedAction"]


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
        any(starts(word, "before") for word in words)
        or {"only", "after"} <= here
        or {"when", "had"} <= here
        or "above" in here
    )


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
                deed = starts(word, "their_deeds") or (told and shared)
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
            asks = any(starts(word, "asked_for") for word in need.lowered)
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
    if any(is_past(word) and starts(word, "taken_away") for word in need.lowered):
        return None
    words = sentence.body.words
    for k, word in enumerate(words[1:-1], start=1):
        if (
            is_past(word.text)
            and starts(word.text, "taken_away")
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
        if not starts(word.text, "asked_for") or not is_past(word.text):
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
