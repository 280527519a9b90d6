"""Statements of a set kind: the notification answered, the policies violated, the apology, the request and
the signature."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import starts
from poa.checks.needs import Need
from poa.checks.reading import Sentence
from poa.checks.roles import NEGATIONS, VIOLATE, denies_nothing
from poa.values import same_value

__all__ = ["Apology", "Notice", "Policies", "Request", "Signature"]


def _of_kind(context: Context, *kinds: str) -> list[Need]:
    return [need for need in context.needs.items if need.item.kind in kinds]


_NOTICE = ("notif", "notice", "deactivat", "suspen", "decision")
_MAIL = ("message", "letter", "e-mail", "email", "communicat", "inform", "writ", "wrote")
_SENDER = frozenset({"amazon", "your", "yours", "you", "performance"})


def _names_notice(words: tuple[str, ...]) -> bool:
    """Whether a sentence speaks of Amazon's notification: a letter or message only where Amazon sent it."""
    return any(word.startswith(_NOTICE) for word in words) or (
        any(word.startswith(_MAIL) for word in words) and bool(_SENDER & set(words))
    )


class Notice:
    """The notification that is answered, by its date."""

    codes = ("missing_item",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding when no sentence names the notification's date."""
        for need in _of_kind(context, "notice"):
            date = need.item.detail("received")
            if date is None:
                continue
            for n, sentence in enumerate(context.reading.sentences):
                if n in context.matching.anchored and need.item.id not in context.matching.items_of[n]:
                    # The skeleton's own sentence about a message of the same day is about that message.
                    continue
                if _names_notice(sentence.body.lowered) and any(
                    v.kind == "date" and same_value("date", v.canonical, date)
                    for s in (sentence, *self._label(n, context))
                    for v in s.body.values
                ):
                    break
            else:
                yield finding("missing_item", "no_notice", need.item.id, fact=date)

    @staticmethod
    def _label(n: int, context: Context) -> Iterable[Sentence]:
        """The sentence before, where it is a bare label: "15 January 2026. We received the notification."."""
        if n:
            before = context.reading.sentences[n - 1]
            if before.block == context.reading.sentences[n].block and not any(
                not word.light for word in before.body.words
            ):
                yield before


class Policies:
    """Each policy of the facts, named as violated."""

    codes = ("missing_item", "denied_admission")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each policy that no sentence says was violated, and for each violation denied."""
        for need in _of_kind(context, "policy"):
            said = self._said_violated(context)
            for name in need.item.all("policy"):
                if name not in said and not self._by_short_form(context, need, name):
                    yield finding("missing_item", "missing_policy", "policies", fact=name)
            for n, sentence in context.prose():
                if "policy" in context.roles[n] and not _names_in_passing(n, context):
                    yield from self._denied(sentence)

    @staticmethod
    def _said_violated(context: Context) -> set[str]:
        said: set[str] = set()
        for n, sentence in enumerate(context.reading.sentences):
            plainly = any(word.startswith(_PLAINLY_VIOLATES) for word in sentence.body.lowered)
            if sentence.kind == "heading" and ("policy" in context.roles[n] or plainly):
                # "The rules we broke", and below it, or behind it in the same line, a list of names.
                said |= {v.canonical for v in sentence.body.names if v.kind == "policy"}
                for other in context.reading.sentences[n + 1 :]:
                    if other.section != sentence.section or sum(not w.light for w in other.body.words) > 3:
                        break
                    said |= {v.canonical for v in other.body.names if v.kind == "policy"}
        for n, _ in context.prose():
            if "policy" not in context.roles[n] or _names_in_passing(n, context):
                continue
            for m in range(max(0, n - 1), min(len(context.reading.sentences), n + 8)):
                sentence = context.reading.sentences[m]
                names = [v for v in sentence.body.names if v.kind == "policy"]
                # A list of names below "violated the following policies" continues the sentence.
                if (
                    m == n
                    or (m == n - 1 and _TAKING_UP & set(context.reading.sentences[n].body.lowered))
                    or (m > n and len([w for w in sentence.body.words if not w.light]) <= 3)
                    or (m == n - 1 and sentence.kind == "heading")
                ):
                    said |= {v.canonical for v in names}
        return said

    @staticmethod
    def _by_short_form(context: Context, need: Need, name: str) -> bool:
        """ "review policies" names the one review policy of the facts."""
        if "review" not in name.lower() or sum("review" in p.lower() for p in need.item.all("policy")) != 1:
            return False
        for n, sentence in context.prose():
            words = sentence.body.lowered
            if "policy" in context.roles[n] and any(
                a in ("review", "reviews") and b.startswith("polic") for a, b in itertools.pairwise(words)
            ):
                return True
        return False

    @staticmethod
    def _denied(sentence: Sentence) -> Iterable[Finding]:
        words = sentence.body.words
        for k, word in enumerate(words):
            if _only_one_of_them(sentence, k):
                at = (sentence.start + word.start, sentence.start + words[min(k + 4, len(words) - 1)].end)
                said = sentence.text[word.start :].strip()[:80]
                yield finding("denied_admission", "negated", "policies", at, said=said)
                return
            if word.text in NEGATIONS and not denies_nothing(sentence.body.lowered, k):
                if _of_another_clause(sentence, k) or _only_compares(sentence):
                    continue
                at = (sentence.start + word.start, sentence.start + words[min(k + 4, len(words) - 1)].end)
                yield finding(
                    "denied_admission",
                    "negated",
                    "policies",
                    at,
                    said=sentence.text[word.start :].strip()[:80],
                )
                return


_FIRST = frozenset({"first", "former", "second", "latter", "last"})


def _only_one_of_them(sentence: Sentence, k: int) -> bool:
    """Whether the word says that one of the acts alone violated the policies: "only the first of these violated"."""
    lowered = sentence.body.lowered
    if not any(word.startswith(_PLAINLY_VIOLATES) for word in lowered[k:]):
        return False
    if lowered[k] == "only":
        return bool(_FIRST & set(lowered[k + 1 : k + 3]))
    return (
        lowered[k] == "alone"
        and lowered[k + 1 : k + 2] != ()
        and lowered[k + 1].startswith(_PLAINLY_VIOLATES)
    )


_NEXT_CLAUSE = re.compile(r"[;:]|,\s(?:and|but|while|yet)\b")


def _only_compares(sentence: Sentence) -> bool:
    """Whether the sentence holds something against a policy, and says of nothing that it violated one."""
    lowered = sentence.body.lowered
    violating = [word for word in lowered if word.startswith(VIOLATE)]
    return set(violating) <= {"against"} and any(starts(word, "comparing") for word in lowered)


def _of_another_clause(sentence: Sentence, k: int) -> bool:
    """Whether the violation is told in a clause after the one that word `k` denies: "none remains, and both violated"."""
    words = sentence.body.words
    end = _NEXT_CLAUSE.search(sentence.text, words[k].end)
    if end is None:
        return False
    violating = [w.start for w in words if w.text.startswith(_PLAINLY_VIOLATES)]
    return bool(violating) and min(violating) > end.start()


_PLAINLY_VIOLATES = ("violat", "breach", "contraven", "infring", "broke", "break", "transgress", "offend")


def _names_in_passing(n: int, context: Context) -> bool:
    """Whether a cause, action or measure names the policy: "compared none of them against the Guidelines"."""
    lowered = context.reading.sentences[n].body.lowered
    if any(word.startswith(_PLAINLY_VIOLATES) for word in lowered):
        return False
    for item in context.matching.items_of[n][:1]:
        need = context.needs[item]
        told = context.matching.content[n].get(item, 0.0)
        return need.item.kind in ("cause", "action", "measure") and told >= 0.4 * need.total
    return False


# "… and the Community Guidelines. We violated the two of them."
_TAKING_UP = frozenset({"them", "these", "both", "those"})


class Apology:
    """An apology, and no condition on it (the conditions are trigger phrases)."""

    codes = ("missing_item",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding when no sentence of the letter apologises."""
        for need in _of_kind(context, "apology"):
            if not any(
                "apology" in context.roles[n] and self._ours(sentence) for n, sentence in context.prose()
            ):
                yield finding("missing_item", "no_apology", need.item.id)

    @staticmethod
    def _ours(sentence: Sentence) -> bool:
        words = sentence.body.lowered
        ours = any(word in ("we", "our", "i", "my", "us") for word in words) or words[:1] == ("please",)
        # "Unreserved apologies to Amazon for this conduct", in a letter of short lines.
        ours = ours or any(word in ("apology", "apologies") for word in words[:3])
        # "The Company apologises", in a letter that writes of itself so.
        if {"undersigned", "hereby"} & set(words):
            # "by the undersigned, by whom an apology is hereby made"
            return True
        return ours or any(a in _SELF and b.startswith("apolog") for a, b in itertools.pairwise(words))


_SELF = frozenset({"company", "seller", "firm", "store", "undersigned", "hereby"})


_ASKS = frozenset(
    "asking requesting seeking appealing requested asked sought hereby ask asks request requests please grateful appreciate appeal may could would kindly respectfully seek hope apply petition".split()
)


class Request:
    """The request to reinstate the account."""

    codes = ("missing_item",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding when no sentence asks for the account to be reinstated."""
        for need in _of_kind(context, "request"):
            if not any(
                "request" in context.roles[n]
                and (
                    set(sentence.body.lowered) & _ASKS
                    or "?" in sentence.text
                    or sentence.body.lowered[:2] == ("that", "you")
                )
                for n, sentence in context.prose()
            ):
                yield finding("missing_item", "no_request", need.item.id)


class Signature:
    """Name, title and store at the end of the letter."""

    codes = ("missing_detail", "invented_claim")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each of the three that the last lines lack."""
        for need in _of_kind(context, "signature"):
            tail = " ".join(context.reading.plain[-700:].split()).lower()
            last = [s for s in context.reading.sentences if s.kind == "signature"]
            if last:
                tail = " ".join(context.reading.plain[last[0].start :].split()).lower()
            for name in ("contact_name", "contact_title", "store"):
                text = need.item.detail(name)
                if text and " ".join(text.split()).lower() not in tail:
                    yield finding("missing_detail", "no_signature", need.item.id, fact=text)
            yield from self._below(context, need)

    @staticmethod
    def _below(context: Context, need: Need) -> Iterable[Finding]:
        """What stands below the close of the letter and is no part of a signature."""
        own = {word for detail in need.item.details for word in re.findall(r"[a-z]+", detail.text.lower())}
        for sentence in context.reading.sentences:
            if sentence.kind != "signature":
                continue
            known = own | _CLOSE
            strange = [w for w in sentence.body.words if not w.grammar and w.text not in known]
            if len(strange) >= 2:
                at = (sentence.start, sentence.end)
                yield finding(
                    "invented_claim", "invented_claim", need.item.id, at, said=sentence.text.strip()
                )


# Words of a letter's close and of the lines below it.
_CLOSE = frozenset(
    "yours sincerely faithfully truly respectfully kind best warm regards wishes cordially submitted signed merchant "
    "token seller store name title e-mail email contact amazon com behalf registered address account date many thanks "
    "thank you undersigned".split()
)
