"""What a sentence asserts: what comes before what, and whether it is done."""

from __future__ import annotations

from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import is_past, starts, stem, word_list
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word
from poa.checks.roles import NEGATIONS

__all__ = ["Order", "PastMeasure", "UnfinishedAction"]


# The share of an item's words at which a sentence tells it.
_TOLD = 0.35


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
            told = max((context.matching.content[n].get(need.item.id, 0.0) for n in own), default=0.0)
            if told < _TOLD * need.total:
                # Where the item is told in other words, it may have its order in others too.
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
    if "first" in here and here & _AND_THEN:
        # "the code is signed first, and access is given only afterwards".
        return True
    return (
        any(starts(word, "before") for word in words)
        or {"only", "after"} <= here
        or {"only", "then"} <= here
        or {"when", "had"} <= here
        or "above" in here
    )


_AND_THEN = frozenset({"then", "afterwards", "afterward", "second", "secondly", "later", "after"})
_PAST_OF_BE = frozenset({"did", "was", "were", "been", "had"})
_PRESENT_PASSIVE = frozenset(
    {"is", "are", "be", "being", "been", "has", "have", "once", "until", "before", "after"}
)


_SUBORDINATING = frozenset(
    "once until before after when whenever if unless that which who whom whose what as since".split()
)


def _only_sets_a_condition(lowered: tuple[str, ...], k: int) -> bool:
    """Whether the past verb at `k` belongs to a passive or to a clause of condition: "once he has approved it"."""
    beside = set(lowered[max(0, k - 2) : k])
    if not _PRESENT_PASSIVE & beside:
        return False
    if lowered[k - 1] not in ("has", "have"):
        return True
    return bool(_SUBORDINATING & set(lowered[max(0, k - 9) : k]))


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
            asks = any(starts(word, "asked_for") or word == "told" for word in need.lowered)
            going = any(word in ("is", "are", "now") for word in need.lowered)
            for n in context.matching.own_sentences(need.item.id):
                if context.matching.items_of[n][:1] != (need.item.id,):
                    continue
                sentence = context.reading.sentences[n]
                # "We are submitting this plan" is no action of the facts.
                told = context.matching.content[n].get(need.item.id, 0.0) >= _TOLD * need.total
                found = (_goes_on_doing(sentence, need) if told and not going else None) or (
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
            and not starts(deed.text, "of_the_letter")
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
                    after = sentence.body.lowered[k + 1 : k + 2]
                    if (
                        is_past(word.text)
                        and word.text not in _PAST_OF_BE
                        and not _only_sets_a_condition(sentence.body.lowered, k)
                        # "examined every contract" tells a deed, whatever participles the fact has.
                        and (word.stem not in stems or (after and after[0] in _OBJECTS))
                        and not word.concepts.isdisjoint(need.concepts)
                        and not _is_participle(sentence, k)
                    ):
                        at = (sentence.start + word.start, sentence.start + word.end)
                        yield finding(
                            "changed_tense", "finished", need.item.id, at, need.item.statement, said=word.text
                        )
                        break


_HELPING = frozenset({"was", "were", "has", "have", "had", "did"})
_BEHIND_PARTICIPLE = frozenset({"by", "with", "against", "from", "on", "for", "to", "in"})


def _is_participle(sentence: Sentence, k: int) -> bool:
    """Whether the past form at `k` only looks like a past tense: "signed declaration", "all orders compared with …" in
    a line that has no verb of its own."""
    words = sentence.body.words
    if not _HELPING.isdisjoint(sentence.body.lowered):
        return False
    before = sentence.text[words[k - 1].end : words[k].start].strip() if k else ":"
    if before.endswith((":", ";", ",", "-", "–")) or not k:
        # "Every week: signed declaration by each employee".
        return True
    behind = words[k + 1].text if k + 1 < len(words) else ""
    return behind in _BEHIND_PARTICIPLE and words[k - 1].text not in word_list("our_people")
