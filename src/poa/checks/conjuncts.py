"""What a fact joins: each of the things that "and" joins, and each clause beside the others, stands in the letter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from poa.checks.base import Context
from poa.checks.lexicon import is_generic, is_past, related, roots_of, stem, word_list
from poa.checks.matching import Evidence
from poa.checks.needs import Need, NeedWord
from poa.checks.reading import plain

__all__ = ["lost_clause", "lost_conjunct"]

_KINDS = ("admission", "cause", "action", "measure")


class _Own:
    """What the letter says of an item in its own sentences and in those that go on with them."""

    def __init__(self, evidence: Evidence, context: Context) -> None:
        self.sentences = _own_sentences(evidence, context)
        bodies = [context.reading.sentences[n].body for n in self.sentences]
        self.concepts = context.reading.concepts_of(self.sentences)
        self.roots = roots_of(self.concepts)
        self.words = frozenset(word for body in bodies for word in body.lowered)
        # A word in quotation marks belongs to no body.
        self.written = " ".join(context.reading.sentences[n].text.lower() for n in self.sentences)

    def lacks(self, word: NeedWord) -> bool:
        """Whether nothing there could stand for the word."""
        absent = word.concepts.isdisjoint(self.concepts) and word.text not in self.written
        return absent and not related(word.text, self.roots)


# What a sentence begins with that goes on with the one before it.
_GOING_ON = frozenset(
    "it they this these that he she both them its their there each all neither none such for then also with one two "
    "three not at".split()
)


def _own_sentences(evidence: Evidence, context: Context) -> list[int]:
    matching, sentences = context.matching, context.reading.sentences
    item = evidence.need.item.id
    own = {*matching.chief_sentences(item), *matching.own_sentences(item)} or set(evidence.sentences)
    found = set(own)
    for n in own:
        for m in (n + 1, n + 2):
            if m >= len(sentences) or sentences[m].block != sentences[n].block:
                break
            carried, scores = matching.items_of[m], matching.combined[m]
            goes_on = bool(_GOING_ON & set(sentences[m].body.lowered[:1])) and scores.get(
                item, 0.0
            ) >= 0.3 * max(scores.values(), default=0.0)
            if carried and carried[0] != item and not goes_on:
                break
            found.add(m)
    return sorted(found)


# ---------------------------------------------------------------- what "and" joins

_ENDS = re.compile(
    r"[,;:.()]|\b(?:and|or|nor|but|which|that|who|whom|whose|because|so|although|while|when|before|after|until|unless|"
    r"without|through|for|to|in|on|at|by|from|with|into|about|against|of|under|between|than|if|as|once|whether|was|were|"
    r"is|are|had|has|have|be|been|not|never|will|did|do|does)\b",
    re.I,
)
_JOINS = re.compile(r"\s+(?:and|or|nor|as well as)\s+(?:(?:of|to|for|from|with|by|in|on)\s+)?", re.I)
_MOST = 3  # words: a longer group is a clause
_Group = tuple[NeedWord, ...]


@lru_cache(maxsize=2048)
def _joined(need: Need) -> tuple[tuple[_Group, ...], ...]:
    """The groups of nouns that the need's statement joins: "cards, leaflets and labels" are three."""
    text = plain(need.item.statement)
    words = [word for word in need.words if word.part == "statement"]
    found = []
    for join in _JOINS.finditer(text):
        begins, group = _group_before(text, words, join.start())
        if not group or text[: join.start()].rstrip()[-1:] == ",":
            # ", and the log shows …" joins a clause.
            continue
        right = _group_behind(text, words, join.end())
        if right is None:
            continue
        groups = [group, right]
        while text[:begins].rstrip()[-1:] == "," and not _may_be_verb(group):
            begins, group = _group_before(text, words, text[:begins].rstrip().rfind(","))
            if not group:
                break
            groups.insert(0, group)
        if len(groups) == 2 and text[:begins].rstrip()[-1:] == "," and _may_be_verb(group):
            # ", receives and records them"
            continue
        if all(_are_nouns(group, text) for group in groups):
            found.append(tuple(groups))
    return tuple(found)


def _may_be_verb(group: _Group) -> bool:
    return len(group) == 1 and group[0].text.endswith("s")


def _group_before(text: str, words: list[NeedWord], end: int) -> tuple[int, _Group]:
    """Where the words begin that stand right before a place, and the words; none where they are no short row."""
    begins = max((m.end() for m in _ENDS.finditer(text, 0, end)), default=0)
    group = tuple(w for w in words if begins <= w.start < end)
    if not group or len(group) > _MOST or text[group[-1].start + len(group[-1].text) : end].strip(" ,'s"):
        return begins, ()
    return begins, group


def _group_behind(text: str, words: list[NeedWord], start: int) -> _Group | None:
    stop = _ENDS.search(text, start)
    row = (w for w in words if start <= w.start < (stop.start() if stop else len(text)))
    # "the sales and accounting departments attended …": the verb is no more of it.
    group = tuple(takewhile(lambda w: not is_past(w.text), row))
    if not group or len(group) > _MOST + 1:
        return None
    behind = text[group[-1].start + len(group[-1].text) :].split()[:1]
    if (stop and stop[0].lower() in _FINITE) or (behind and is_past(behind[0].lower().strip(".,;"))):
        # "and no copy exists", "and the orders named here are theirs": a clause.
        return None
    return group


_FINITE = frozenset("was were is are had has have will did do does not never be been".split())


def _are_nouns(group: _Group, text: str) -> bool:
    """Whether no word of the group looks like a verb: a past form, or one behind "to"."""
    if _BEFORE_VERBS & set(text[: group[0].start].lower().split()[-1:]) or group[0].text in _NO_THINGS:
        return False
    return not any(is_past(w.text) or w.text.endswith("ied") for w in group[-1:]) and not is_past(
        group[0].text
    )


_BEFORE_VERBS = frozenset(
    {"to", "will", "may", "must", "can", "shall", "should", "now", "that", "which", "who"}
)
_NO_THINGS = frozenset({"nothing", "now", "nobody", "nowhere", "then", "not"})
# A person is taken up by these, whatever title the fact gives.
_MYSELF = frozenset({"i", "me", "my", "he", "she", "him", "her"})
_WHO_WRITES = frozenset({"owner", "founder", "director", "manager", "proprietor"})


def lost_conjunct(evidence: Evidence, context: Context) -> list[str]:
    """One of some things that the fact joins and the letter does not name where it names another of them."""
    need = evidence.need
    if need.item.kind not in _KINDS or not (joined := _joined(need)):
        return []
    own = _Own(evidence, context)
    text = plain(need.item.statement)
    for groups in joined:
        told = False
        lost: list[str] = []
        for group in groups:
            gone = [w for w in group if own.lacks(w)]
            if len(gone) == len(group) or (group[0] in gone and _is_one_thing(group, text)):
                lost = lost or [w.text for w in gone]
            else:
                told = True
        if not told or not lost:
            continue
        if _WHO_WRITES & set(lost) and _MYSELF & own.words:
            continue
        if need.item.kind == "admission" and (
            all(is_generic(stem(word)) for word in lost) or _stand_near(lost, groups, own.sentences, context)
        ):
            continue
        return lost
    return []


def _is_one_thing(group: _Group, text: str) -> bool:
    """Whether the words of a group stand side by side: "all nine employees" and not "employee signs a declaration"."""
    between = text[group[0].start : group[-1].start + len(group[-1].text)].split()
    return len(between) == len(group)


def _stand_near(lost: list[str], groups: tuple[_Group, ...], own: list[int], context: Context) -> bool:
    """Whether a sentence near the item's own holds the lost words: an admission runs over many sentences."""
    words = [w for group in groups for w in group if w.text in lost]
    return any(_holds_most(words, context.reading.sentences[n].body.concepts) for n in _near(own, context))


def _near(own: list[int], context: Context) -> Iterable[int]:
    sentences = context.reading.sentences
    for n in range(max(0, own[0] - 3), min(len(sentences), own[-1] + 4)):
        if n not in own and sentences[n].kind in ("prose", "entry"):
            yield n


def _holds_most(words: list[NeedWord], concepts: frozenset[str | int]) -> bool:
    return sum(not w.concepts.isdisjoint(concepts) for w in words) >= 0.6 * len(words)


# ---------------------------------------------------------------- clauses

_CUT = re.compile(
    r"[;:.]\s|,|\b(?:and|which|who|whom|while|because|so that|but|although|after|before|once|when|if|without|whether|"
    r"unless|until|with|through|instead)\b"
)


@lru_cache(maxsize=2048)
def _clauses(need: Need) -> tuple[tuple[NeedWord, ...], ...]:
    """Of each clause of the statement the words that no other clause of it holds; none of a clause of one."""
    cuts = [m.start() for m in _CUT.finditer(need.item.statement)]
    clauses: dict[int, list[NeedWord]] = {}
    for word in need.words:
        if word.part == "statement":
            clauses.setdefault(sum(cut < word.start for cut in cuts), []).append(word)
    found = []
    for number, words in clauses.items():
        others = frozenset(c for n, row in clauses.items() if n != number for w in row for c in w.concepts)
        own = tuple(
            w for w in words if w.concepts.isdisjoint(others) and w.text not in word_list("otherwise_said")
        )
        if len(own) > 1 and any(not w.light for w in own):
            found.append(own)
    return tuple(found) if len(clauses) > 1 else ()


def lost_clause(evidence: Evidence, context: Context) -> list[str]:
    """A clause of which nothing that is its own stands in the item's sentences, nor most of it in one near them."""
    need = evidence.need
    if need.item.kind not in _KINDS or not (clauses := _clauses(need)):
        return []
    own = _Own(evidence, context)
    for words in clauses:
        if not all(own.lacks(word) for word in words):
            continue
        near = _near(own.sentences, context)
        if not any(_holds_most(list(words), context.reading.sentences[n].body.concepts) for n in near):
            return [word.text for word in words]
    return []
