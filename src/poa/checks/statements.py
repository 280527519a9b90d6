"""Statements of a set kind: the notification answered, the policies violated, each stated "none", the apology, the
request and the signature."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from poa.checks.additions import clauses_of
from poa.checks.base import Context, Finding, finding
from poa.checks.needs import Need
from poa.checks.reading import Sentence
from poa.checks.roles import EXTERNAL, NEGATIONS, TOPICS, VIOLATE, denies_nothing, is_negative
from poa.values import same_value

__all__ = ["Apology", "NoneStatements", "Notice", "Policies", "Request", "Signature"]


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
                dated = any(
                    v.kind == "date" and same_value("date", v.canonical, date) for v in sentence.body.values
                )
                if dated and _names_notice(sentence.body.lowered):
                    break
            else:
                yield finding("missing_item", "no_notice", need.item.id, fact=date)


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
                # "The rules we broke", and below it a list of names.
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


_COMPARES = (
    "check",
    "compar",
    "hold",
    "held",
    "test",
    "measur",
    "read",
    "review",
    "screen",
    "verif",
    "examin",
)


def _only_compares(sentence: Sentence) -> bool:
    """Whether the sentence holds something against a policy, and says of nothing that it violated one."""
    lowered = sentence.body.lowered
    violating = [word for word in lowered if word.startswith(VIOLATE)]
    return set(violating) <= {"against"} and any(word.startswith(_COMPARES) for word in lowered)


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


_NONE_SAID = NEGATIONS | {"will", "shall", "any", "whether", "before", "if", "did", "free"}


# "… and the Community Guidelines. We violated the two of them."
_TAKING_UP = frozenset({"them", "these", "both", "those"})
_TITLES = {
    "third_parties": ("part", "agenc"),
    "customer_accounts": ("account",),
    "remaining_reviews": ("review",),
}


class NoneStatements:
    """What the facts state by an empty list: that there is none, in plain words."""

    codes = ("missing_item", "denied_admission")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding where the "none" is not stated; and where a "none" is stated of a list that is not empty."""
        for need in _of_kind(context, "none"):
            if need.item.topic in TOPICS and not any(
                self._states_none(need.item.topic, context, n) for n, _ in context.prose()
            ):
                yield finding(
                    "missing_item", "missing_none", need.item.id, fact=f"{need.item.label_en}: none"
                )
            if need.item.topic == "third_parties":
                yield from self._engaged(need, context)
        for need in _of_kind(context, "listing"):
            if need.item.topic in TOPICS:
                yield from self._contradicted(need, context)

    @staticmethod
    def _engaged(need: Need, context: Context) -> Iterable[Finding]:
        """A third party that the letter says was engaged, where the facts know none."""
        for n, sentence in context.prose():
            own = context.matching.items_of[n][:1]
            if any(context.needs[item].item.kind in ("measure", "action") for item in own):
                continue
            for words in clauses_of(sentence.text, sentence.body):
                lowered = tuple(word.text for word in words)
                named = any(
                    a in ("third", "outside", "external") and b.startswith(EXTERNAL)
                    for a, b in itertools.pairwise(lowered)
                )
                engaged = any(
                    word.startswith(("engag", "hire", "employ", "retain", "commission")) for word in lowered
                )
                if named and engaged and not _NONE_SAID & set(lowered):
                    at = (sentence.start + words[0].start, sentence.start + words[-1].end)
                    said = sentence.text[words[0].start : words[-1].end]
                    fact = f"{need.item.label_en}: none"
                    yield finding("denied_admission", "contradicted_none", need.item.id, at, fact, said=said)

    @staticmethod
    def _states_none(topic: str, context: Context, n: int) -> bool:
        body = context.reading.sentences[n].body
        before = context.reading.sentences[n - 1] if n else None
        if topic == "remaining_reviews" and _all_gone(body.lowered):
            return True
        if topic not in context.roles[n]:
            # "Third parties. There were none."
            if before is None or len(before.body.lowered) > 4 or not is_negative(body):
                return False
            return any(word.startswith(_TITLES.get(topic, ("\0",))) for word in before.body.lowered)
        if not is_negative(body):
            # "Only the accounts of the five orders were involved" says that no other was.
            return topic == "customer_accounts" and "only" in body.lowered
        # "no third party other than a call centre" names one.
        return topic == "customer_accounts" or not _excepts(body.lowered)

    def _contradicted(self, need: Need, context: Context) -> Iterable[Finding]:
        own = [v for v in need.values if v.kind in ("name", "email", "review_id", "order_id")]
        for n, sentence in context.prose():
            body = sentence.body
            if not self._states_none(need.item.topic, context, n):
                continue
            if {
                "other",
                "further",
                "else",
                "beyond",
                "besides",
                "apart",
                "additional",
                "more",
                "another",
                "save",
                "except",
                "excepting",
                "excluding",
            } & set(body.lowered):
                continue
            if {"will", "shall"} & set(body.lowered):
                # "no employee will use a customer account" is a commitment.
                continue
            own_items = context.matching.items_of[n]
            if own_items and context.needs[own_items[0]].item.kind in ("measure", "action", "cause"):
                continue
            if self._denies(need.item.topic, sentence):
                at = (sentence.start, sentence.end)
                fact = ", ".join(v.canonical for v in own[:4])
                yield finding(
                    "denied_admission",
                    "contradicted_none",
                    need.item.id,
                    at,
                    fact,
                    said=sentence.text.strip()[:100],
                )

    @staticmethod
    def _denies(topic: str, sentence: Sentence) -> bool:
        words = sentence.body.lowered
        for k, word in enumerate(words):
            if word in NEGATIONS:
                around = words[k : k + 7]
                if (
                    topic == "remaining_reviews"
                    and word in ("none", "no", "nothing")
                    and (
                        any(w.startswith("review") for w in around)
                        or any(w.startswith(("remain", "left")) for w in around)
                    )
                ):
                    return True
                if (
                    topic == "third_parties"
                    and any(w.startswith("part") for w in around)
                    and "third" in around
                ):
                    return True
                if (
                    topic == "third_parties"
                    and word in ("not", "never")
                    and any(w.startswith("engag") for w in around)
                ):
                    return True
                if (
                    topic == "customer_accounts"
                    and any(w.startswith("account") for w in around)
                    and word in ("no", "none", "not")
                ):
                    return True
        return False


_GONE = ("gone", "remov", "delet", "disappear", "taken", "vanish", "offline")


def _all_gone(words: tuple[str, ...]) -> bool:
    """ "All reviews that these acts produced are gone": that none remains, said the other way."""
    for k, word in enumerate(words):
        if word in ("all", "every", "each") and any(w.startswith("review") for w in words[k + 1 : k + 5]):
            return any(w.startswith(_GONE) for w in words[k + 2 :]) and not {"will", "shall", "asked"} & set(
                words
            )
    return False


def _excepts(words: tuple[str, ...]) -> bool:
    """Whether something is taken out of a "none" that should cover all."""
    for k, word in enumerate(words):
        following = words[k + 1] if k + 1 < len(words) else ""
        if word in ("except", "excepting", "excluding", "save", "besides", "barring"):
            return _outsider(words[k + 1 : k + 5]) or "account" not in " ".join(words)
        if (word, following) in (("other", "than"), ("apart", "from"), ("aside", "from")):
            rest = " ".join(words)
            return _outsider(words[k + 2 : k + 6]) or ("account" not in rest and "order" not in rest)
    return False


def _outsider(words: tuple[str, ...]) -> bool:
    """Whether what is taken out is a party: "apart from the provider of the survey tool"."""
    return any(w.startswith(("provider", "agenc", "firm", "contractor", "vendor", "freelanc")) for w in words)


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
        # "The Company apologises", in a letter that writes of itself so.
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
