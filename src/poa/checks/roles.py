"""What a sentence does beside carrying items: apologise, ask for reinstatement, name a violated policy, and so on."""

from __future__ import annotations

import itertools
from functools import lru_cache

from poa.checks.lexicon import word_list
from poa.checks.reading import Body, Sentence

__all__ = [
    "EXTERNAL",
    "NEGATIONS",
    "TOPICS",
    "VIOLATE",
    "denies_nothing",
    "is_negative",
    "roles_of",
    "roles_of_body",
]

NEGATIONS = frozenset(
    "no not none nobody nothing never neither nor without no-one nowhere cannot unable zero lack lacked lacks".split()
)
_APOLOGY = frozenset({"apologis", "apolog", "sorry", "apologize", "apologise", "regret", "pardon", "apology"})
_REINSTATE = ("reinstat", "reactivat", "restor", "reopen", "unblock", "re-activat", "re-open", "re-instat")
_ASK = frozenset(
    "ask asks request requests kindly please would may could grateful appreciate appeal appreciated hope respectfully like seek pray entreat petition".split()
)
VIOLATE = (
    "violat",
    "breach",
    "contraven",
    "infring",
    "broke",
    "break",
    "transgress",
    "offend",
    "contrary",
    "against",
    "comply",
    "complied",
    "compliance",
    "disregard",
    "incompatible",
    "conflict",
    "fell",
    "counter",
    "inconsistent",
    "departed",
    "line",
)
_ATTACH = ("attach", "enclos", "annex", "append", "exhibit", "enclosure")
_NOTICE = frozenset(
    "notification notifications notice notified message e-mail email letter communication".split()
)


def is_negative(body: Body) -> bool:
    """Whether the sentence holds a word of negation."""
    return any(word in NEGATIONS for word in body.lowered)


def roles_of(sentence: Sentence) -> frozenset[str]:
    """The roles of one sentence: any of apology, request, policy, attachment, notice, and the three lists'."""
    return roles_of_body(sentence.body)


@lru_cache(maxsize=8192)
def roles_of_body(body: Body) -> frozenset[str]:
    """The roles of one sentence, by what its text holds."""
    words = body.lowered
    found: set[str] = set()
    if any(word.stem in _APOLOGY or word.text.startswith(("apolog", "sorry")) for word in body.words):
        found.add("apology")
    given_back = "account" in words and "back" in words and bool({"give", "giving", "get"} & set(words))
    if (
        any(word.startswith(_REINSTATE) for word in words)
        or ("selling" in words and "privileges" in words)
        or given_back
    ):
        found.add("request")
    if any(value.kind == "policy" for value in body.names):
        if any(word.startswith(VIOLATE) for word in words):
            found.add("policy")
    elif any(
        word.startswith(("violat", "breach", "contraven", "infring", "broke")) for word in words
    ) and any(
        word in ("policy", "policies", "rules", "guidelines", "rule", "terms", "following", "them", "both")
        for word in words
    ):
        found.add("policy")
    sent = {"send", "submit", "provide"} & set(words) and {"letter", "herewith", "plan"} & set(words)
    if any(word.startswith(_ATTACH) for word in words) or sent:
        found.add("attachment")
    if any(word in _NOTICE for word in words) and any(v.kind == "date" for v in body.values):
        found.add("notice")
    found |= {topic for topic in TOPICS if _about(topic, body)}
    return frozenset(found)


_WHOSE = frozenset({"customer", "buyer", "other", "customers", "buyers", "private", "personal"})
TOPICS = ("third_parties", "customer_accounts", "remaining_reviews")
_REMAIN = (
    "remain",
    "left",
    "still",
    "visible",
    "online",
    "live",
    "exist",
    "outstanding",
    "persist",
    "surviv",
    "carr",
    "stand",
    "stood",
    "found",
    "there",
    "display",
    "appear",
)
EXTERNAL = ("part", "agenc", "provider", "firm", "compan", "contractor", "service", "person", "bod", "vendor")


def _about(topic: str, body: Body) -> bool:
    """Whether the sentence denies or lists third parties, customer accounts or remaining reviews."""
    words = body.lowered
    if topic == "third_parties":
        if any(
            (a == "third" and b.startswith("part")) or a == "third-party"
            for a, b in zip(words, (*words[1:], ""), strict=False)
        ):
            return True
        if (
            {"nobody", "no-one", "none"} & set(words)
            and "outside" in words
            and any(
                word.startswith(("engag", "hire", "use", "involv", "employ", "pay", "paid")) for word in words
            )
        ):
            return True
        return is_negative(body) and any(
            a in ("outside", "external") and b.startswith(EXTERNAL) for a, b in itertools.pairwise(words)
        )
    if topic == "customer_accounts":
        named = any(
            word.startswith("account") and _WHOSE & set(words[max(0, k - 3) : k])
            for k, word in enumerate(words)
        ) or ("accounts" in words and bool({"customer", "customers", "buyer", "buyers"} & set(words)))
        return named and not any(word.startswith(_REINSTATE) for word in words)
    if not any(word.startswith("review") for word in words) and "none" not in words:
        return False
    if is_negative(body) and "will" not in words and "shall" not in words:
        return any(word.startswith(_REMAIN) for word in words) and _denies_reviews(words)
    return any(value.kind == "review_id" for value in body.values)


def _denies_reviews(words: tuple[str, ...]) -> bool:
    """ "no review", "none of the reviews", "none remains": the reviews themselves are denied, not a slip about them."""
    for k, word in enumerate(words):
        if word in ("none", "nothing") or (word == "not" and words[k + 1 : k + 2] in (("one",), ("a",))):
            return True
        if word in NEGATIONS:
            following = words[k + 1 : k + 6]
            for j, other in enumerate(following):
                if other.startswith("review"):
                    return not {"about", "on", "for", "to"} & set(following[:j])
                if other.startswith(("remain", "left", "exist", "online", "visible", "longer")):
                    return True
    return False


# A negation that denies nothing stands before one of these: "no later than", "without reservation".
def denies_nothing(lowered: tuple[str, ...], k: int) -> bool:
    """Whether the negation at `k` denies nothing ("not only", "no other", "without exception")."""
    following = lowered[k + 1 : k + 5]
    if not following:
        return False
    if following[0] in _BOUND and "than" in following[1:3]:
        # "in no more than 48 hours" sets a bound.
        return True
    first = next((word for word in following if word not in _BETWEEN), "")
    # "nobody scored lower than 88%": at least 88 %, and nothing is denied.
    return (
        first in word_list("denying_nothing")
        or lowered[k - 1 : k + 1] in _FREE
        or "but" in following[1:3]
        or not _COMPARED.isdisjoint(following)
    )


# What may stand between a negation and what it denies: "we have not been idle", "without any evasion".
_BETWEEN = frozenset({"been", "be", "being", "any", "a", "an", "the", "to"})
# "given for nothing" is given free of charge.
_FREE = (("for", "nothing"),)
_BOUND = frozenset({"more", "less", "fewer", "later", "longer"})
_COMPARED = frozenset(
    "lower below higher above fewer beneath under exceed exceeds exceeding sooner worse".split()
)
