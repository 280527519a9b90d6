"""The three lists a letter states whole: who was engaged, whose accounts were used, which reviews remain; or that
there is none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from poa.checks.additions import clauses_of
from poa.checks.base import Context, Finding, finding
from poa.checks.needs import Need
from poa.checks.reading import Sentence, Word
from poa.checks.roles import EXTERNAL, NEGATIONS, TOPICS, is_negative

__all__ = ["ListSizes", "NoneStatements"]


def _of_kind(context: Context, kind: str) -> list[Need]:
    return [need for need in context.needs.items if need.item.kind == kind]


_NONE_SAID = NEGATIONS | {"will", "shall", "any", "whether", "before", "if", "did", "free"}


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
                self._states_none(need.item.topic, context, n) and _denies_list(need.item.topic, context, n)
                for n, _ in context.prose()
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
                if (
                    named
                    and engaged
                    and not _NONE_SAID & set(lowered)
                    and not _answers_none(context, n, words[-1])
                ):
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


def _answers_none(context: Context, n: int, last: Word) -> bool:
    """Whether the clause is a question or a label that a "none" right behind it answers: "Third parties engaged: none"."""
    sentence = context.reading.sentences[n]
    behind = context.reading.text[sentence.start + last.end :].lstrip(" \n*_")[:1]
    following = [*(w for w in sentence.body.words if w.start > last.start)]
    if not following and n + 1 < len(context.reading.sentences):
        following = list(context.reading.sentences[n + 1].body.words)
    return behind in (":", "?", "-", "–", "—") and any(w.text in NEGATIONS for w in following[:4])


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


# Where one statement of a list ends and the next begins: "no third party was engaged, and two accounts were used".
_APART = re.compile(r";\s|,\s(?:and|but|while|whereas|yet|nor|so)\b|\bbut\b")
_NO_DENIAL = frozenset({"longer", "all", "only", "every", "just"})
_NOUNS = {
    "third_parties": ("part", "third", "outside", "external", *EXTERNAL, "agenc", "freelanc"),
    "customer_accounts": ("account",),
    "remaining_reviews": ("review", "remain", "left", "visible", "online", "live", "stand", "exist"),
}
# How far a negation may stand before what it denies, and behind it.
_BEFORE, _BEHIND = 10, 16


def _denies_list(topic: str, context: Context, n: int) -> bool:
    """Whether a sentence that states a "none" denies the list itself, in one of its clauses."""
    sentence = context.reading.sentences[n]
    if topic == "remaining_reviews" and _all_gone(sentence.body.lowered):
        return not _tells_a_deed(context, n)
    pieces = _pieces(sentence)
    if n and len(context.reading.sentences[n - 1].body.lowered) <= 4:
        # "Third parties. There were none."
        pieces[0] = (*context.reading.sentences[n - 1].body.lowered, *pieces[0])
    return any(_denies(piece, topic) for piece in pieces)


def _pieces(sentence: Sentence) -> list[tuple[str, ...]]:
    cuts = [0, *(m.start() for m in _APART.finditer(sentence.text)), len(sentence.text) + 1]
    words = sentence.body.words
    found = [tuple(w.text for w in words if a <= w.start < b) for a, b in itertools.pairwise(cuts)]
    return [piece for piece in found if piece] or [()]


def _denies(words: tuple[str, ...], topic: str) -> bool:
    if topic == "customer_accounts" and "only" in words:
        return True
    nouns = _NOUNS[topic]
    for k, word in enumerate(words):
        if word not in NEGATIONS:
            continue
        if words[k + 1 : k + 2] and words[k + 1] in _NO_DENIAL and "any" not in words[k + 2 : k + 5]:
            # "no longer online" is another matter than "no longer holds any such review".
            continue
        if any(w.startswith(nouns) for w in words[k + 1 : k + 1 + _BEFORE]):
            return True
        if word != "no" and any(w.startswith(nouns) for w in words[max(0, k - _BEHIND) : k]):
            return True
    return False


def _tells_a_deed(context: Context, n: int) -> bool:
    """Whether the sentence is plainly an action's: that all reviews were deleted does not say that none remains."""
    for item in context.matching.items_of[n][:1]:
        need = context.needs[item]
        told = context.matching.content[n].get(item, 0.0)
        return need.item.kind in ("action", "cause", "measure") and told >= 0.5 * need.total
    return False


_HOW_MANY = r"\b(?P<number>no|one|two|three|four|five|six|seven|eight|nine|ten|a single|several|many|\d{1,2})"
_NUMBERS = {
    word: n for n, word in enumerate("no one two three four five six seven eight nine ten".split())
} | {"a single": 1, "several": 99, "many": 99}
_COUNTED = {
    "third_parties": (
        re.compile(_HOW_MANY + r"\s+(?:\w+\s+)?third[- ]part(?:y|ies)\b", re.I),
        re.compile(
            r"\bone of (?:the |our )?(?P<number>two|three|four|five|several|many|various|third)\b"
            r"(?:\s+\w+)?\s+(?:third[- ])?(?:part|firm|agenc|compan|provider)\w*",
            re.I,
        ),
    ),
    "remaining_reviews": (
        re.compile(
            _HOW_MANY
            + r"\s+(?:of\s+(?:these|the|those|our|all)\s+)?(?:\w+\s+){0,2}reviews?\s+(?:\w+\s+){0,4}?"
            r"(?:remain|remains|(?:is|are)\s+still)\b",
            re.I,
        ),
    ),
}
_OTHERS = re.compile(r"\b(?:other|others|second|another|further|more|as does|as is|too)\b", re.I)


class ListSizes:
    """How many there are of a list, as the letter says it; and that what remains is still there."""

    codes = ("altered_value", "denied_admission")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each number that the list does not have, and for a listed review that is said to be gone."""
        for need in _of_kind(context, "listing"):
            size = max((d.entry for d in need.item.details), default=0)
            if size and need.item.topic in _COUNTED:
                yield from self._miscounted(need, size, context)
            if need.item.topic == "remaining_reviews":
                yield from self._taken_down(need, context)

    @staticmethod
    def _miscounted(need: Need, size: int, context: Context) -> Iterable[Finding]:
        for _, sentence in context.prose():
            for pattern in _COUNTED[need.item.topic]:
                for match in pattern.finditer(sentence.text):
                    written = match["number"].lower()
                    number = int(written) if written.isdigit() else _NUMBERS.get(written, 0)
                    around = sentence.text[max(0, match.start() - 30) : match.end() + 200]
                    if number == size or (number < size and (number == 0 or _OTHERS.search(around))):
                        continue
                    if pattern is not _COUNTED[need.item.topic][0] and size > 1:
                        # "one of the third parties we engaged", of several.
                        continue
                    at = (sentence.start + match.start(), sentence.start + match.end())
                    yield finding(
                        "altered_value",
                        "altered_value",
                        need.item.id,
                        at,
                        str(size),
                        rule="list_size",
                        said=match[0],
                    )

    @staticmethod
    def _taken_down(need: Need, context: Context) -> Iterable[Finding]:
        own = {(v.kind, v.canonical) for v in need.values if v.kind in ("review_id", "name")}
        sentences = context.reading.sentences
        if _IS_GONE.search(need.text):
            return
        for n, sentence in context.prose():
            listed = any(
                (v.kind, v.canonical) in own for v in (*sentence.body.values, *sentence.body.names)
            ) or (need.item.topic in context.roles[n])
            beside = (
                n
                and sentences[n - 1].block == sentence.block
                and need.item.id in context.matching.items_of[n - 1]
            )
            if not listed and not (
                beside and sentence.body.lowered[:1] in (("it",), ("they",), ("both",), ("this",), ("these",))
            ):
                continue
            if need.item.id not in context.matching.items_of[n]:
                continue
            match = _IS_GONE.search(sentence.text)
            if match and not _ASKED.search(sentence.text[max(0, match.start() - 60) : match.start()]):
                at = (sentence.start + match.start(), sentence.start + match.end())
                yield finding(
                    "denied_admission",
                    "contradicted_none",
                    need.item.id,
                    at,
                    need.item.label_en,
                    rule="taken_down",
                    said=match[0],
                )


_IS_GONE = re.compile(
    r"\b(?:has|have|was|were)\s+(?:since\s+|now\s+|already\s+|meanwhile\s+|both\s+|all\s+)?(?:been\s+)?(?:since\s+)?"
    r"(?:taken\s+(?:down|offline)|removed|deleted|withdrawn)\b|\btook\s+(?:it|them)\s+(?:down|off)\b|\b(?:is|are)\s+gone\b|"
    r"\b(?:has|have)\s+(?:since\s+)?(?:disappeared|vanished)\b",
    re.I,
)
_ASKED = re.compile(
    r"\b(?:ask|request|that|if|once|until|unless|not|no|never|so|other|rest)\w*\b[^.;]*$", re.I
)
