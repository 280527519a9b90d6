"""Whether a rewording of one passage says what the passage said: a second look at a model that needs one.

The checks hold the whole letter against the facts, and let a good writer word things freely. A small model
does not write well enough for that: it drops who did it, or lets the buyer do it, in words that all stand
somewhere in the facts. Here its text is held against the one passage that it was given, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from poa.checks.lexicon import concepts, is_light, is_past, stem
from poa.resources import read_words

__all__ = ["what_changed", "word_lists"]

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]")
# What tells nothing of its own: a quotation, which comes back whole, and the word before an identifier ("order 113-…"
# does not keep "he had ordered it").
_ASIDE = re.compile(r"\"[^\"]*\"|\b(?:orders?|ASINs?)\b[\s:]+(?=\d{3}-\d|B0[A-Z0-9]{8})", re.IGNORECASE)
# How it was done, in a sentence of its own; put at the end of another clause it becomes how that was done.
_HOW = re.compile(r"(?:This was done|[^.]* did this)\b[^.]*? (?P<how>(?:through|by|via|in) [^.]+)\.")
_CLAUSE = re.compile(r"\b(?:before|after|until|unless|once|who|which|that|when)\b")
_NOUN_ENDINGS = ("al", "als", "ment", "ments", "tion", "tions", "ance")
_OURS_FIRST = re.compile(r"(?:^|\d{4}, )our ", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|us|our company)\b", re.IGNORECASE)
_WHO_DID = re.compile(r"\b([A-Za-z]+) (?:who|which|that)(?: (?:had|have|has|also|not))* ([a-z]+)")
_FIGURE = re.compile(r"\d[\d.,]*\d|\d")


def what_changed(passage: str, written: str, around: str = "") -> str | None:
    """What the written text lost or added, as a note for the model; None when it says the same.

    Words of the text `around` the passage are none that it adds.
    """
    lost = _missing(passage, written, "lost")
    if lost:
        return f"Keep these words of the passage or say the same: {', '.join(lost)}."
    added = _missing(written, f"{passage} {around}", "added")
    if added:
        return f"Leave out what the passage does not say: {', '.join(added)}."
    figures = sorted(set(_FIGURE.findall(written)) ^ set(_FIGURE.findall(passage)))
    if figures or len(_FIGURE.findall(written)) > len(_FIGURE.findall(passage)):
        return f"Keep every figure as it is, once each: {', '.join(figures) or 'none twice'}."
    for name, note in (
        ("scopes", "Keep the scope"),
        ("kept", "Keep these words of the passage or say the same"),
    ):
        for line in word_lists()[name]:
            group = line.split()
            said = [word for word in _words(passage) if word in group]
            if len(said) > sum(word in group for word in _words(written)):
                return f"{note}: {', '.join(said)}."
    turned = _turned(_ASIDE.sub("", passage), _ASIDE.sub("", written))
    if turned is not None:
        return turned
    for pattern in word_lists()["wrong"]:
        wrong = re.search(pattern, written, re.IGNORECASE)
        if wrong is not None and not re.search(pattern, passage, re.IGNORECASE):
            return f"Say it otherwise: “{wrong[0]}”."
    strayed = _strayed_way(passage, written)
    if strayed is not None:
        return f"Say in a sentence of its own that this was done {strayed}."
    unnamed = _no_longer_ours(passage, written)
    if unnamed is not None:
        return unnamed
    told = {stem(m[2].lower()) for m in _WHO_DID.finditer(passage)}
    turned_round = [f"{who} who {did}" for who, did in _relative_deeds(written) if did not in told]
    if turned_round:
        return f"Let the same ones act as in the passage: it does not say “{turned_round[0]}”."
    doers = _doers(written) - _doers(passage)
    if doers:
        who, did = sorted(doers)[0]
        return f"Let the same ones act as in the passage: it does not say “{who} {did}”."
    became = _deed_made_of_a_noun(passage, written)
    return None if became is None else f"Leave out what the passage does not say: “{became}”."


def _no_longer_ours(passage: str, written: str) -> str | None:
    """What we did, or one of ours, that now was done by nobody or by anybody."""
    denied = _first(word_lists()["denials"], passage) is not None
    if not denied and _WE.search(passage) and not _WE.search(written):
        return "Say that it was us: we."
    if (
        _OURS_FIRST.search(passage)
        and not _WE.search(passage)
        and re.search(r"\bwe\b", written, re.IGNORECASE)
    ):
        return "Let the same ones act as in the passage: it does not say “we”."
    for match in re.finditer(r"\bour ([a-z]+(?: [a-z]+)?)\b", passage, re.IGNORECASE):
        if re.search(rf"\ban? {match[1]}\b", written, re.IGNORECASE):
            return f"Keep “our {match[1]}”."
    return None


def _turned(passage: str, written: str) -> str | None:
    """What turns the sense of a sentence and was lost, or came without having been there."""
    for phrase in word_lists()["phrases"]:
        if phrase in passage and phrase not in written:
            return f"Keep “{phrase}”."
    for period in word_lists()["periods"]:
        often = _first([period], passage)
        if often is not None and _first([period], written) is None:
            return f"Keep how often it is done: {often}."
    excluded = _first(word_lists()["exclusions"], passage)
    if excluded is not None and _first(word_lists()["exclusions"], written) is None:
        return f"Keep what “{excluded}” says: who or what is left out."
    # "Nobody except our owner" denies nothing of the owner: "only our owner" says the same.
    denied, denies = (
        _first(word_lists()["denials"], _without_exclusions(text)) for text in (passage, written)
    )
    if denied is not None and denies is None:
        return f"Keep the “{denied}” of the passage."
    if denies is not None and denied is None:
        return f"Leave out what the passage does not say: “{denies}”."
    return None


def _first(patterns: Sequence[str], text: str) -> str | None:
    for pattern in patterns:
        found = re.search(rf"\b{pattern}\b", text, re.IGNORECASE)
        if found is not None:
            return found[0]
    return None


def _without_exclusions(text: str) -> str:
    for pattern in word_lists()["exclusions"]:
        text = re.sub(rf"\b{pattern}\b", " ", text, flags=re.IGNORECASE)
    return text


def _deed_made_of_a_noun(passage: str, written: str) -> str | None:
    """A deed that the passage only names as what was wanted: “reported it for removal” is no “and removed it”."""
    words = _words(passage)
    for who, did in pairwise(_words(written)):
        if who in ("and", "we") and is_past(did):
            akin = [word for word in words if _meanings(word) & _meanings(did)]
            if akin and all(word.endswith(_NOUN_ENDINGS) for word in akin):
                return f"{who} {did}"
    return None


def _strayed_way(passage: str, written: str) -> str | None:
    """How it was done, where the written text says that something else was done so."""
    own = _HOW.search(passage)
    if own is None:
        return None
    # In other words for "through" the channel alone is looked for, where the passage names it nowhere else.
    channel = own["how"].partition(" ")[2]
    sought = own["how"] if _plain(passage).count(_plain(channel)) > 1 else channel
    before, way, _ = _plain(written).partition(_plain(sought))
    sentence = re.split(r"[.!?] ", before)[-1]
    return own["how"] if way and _CLAUSE.search(sentence) else None


def _plain(text: str) -> str:
    return text.replace("e-mail", "email")


def _missing(of: str, among: str, kind: str) -> list[str]:
    """The content words of one text that the other neither holds nor says in another known way."""
    known = {key for word in _words(among) for key in _meanings(word)}
    free = set(word_lists()[kind])
    return [
        word
        for word in dict.fromkeys(_words(of))
        if not is_light(word)
        # "Order" is a word of every letter; that somebody "ordered" something is told once.
        and not (is_light(stem(word)) and (kind == "added" or not word.endswith("ed")))
        and word not in free
        and not _meanings(word) & known
    ]


def _meanings(word: str) -> set[str | int]:
    return {stem(word), *concepts(word)}


def _words(text: str) -> list[str]:
    return [re.sub(r"['’]s?$", "", word.lower()) for word in _WORD.findall(_ASIDE.sub("", text))]


def _doers(text: str) -> set[tuple[str, str]]:
    """Each of the others (a buyer, "it", "they") with what the text says that they did."""
    return set(_others_and_deeds(text))


def _relative_deeds(text: str) -> list[tuple[str, str]]:
    """What the text says of others in a clause of their own: “the buyers who had written to the agent”."""
    found = [(stem(m[1].lower()), m[2].lower()) for m in _WHO_DID.finditer(text)]
    others = word_lists()["others"]
    return [(who, stem(did)) for who, did in found if who in others and is_past(did) and stem(did) != "be"]


def _others_and_deeds(text: str) -> Iterator[tuple[str, str]]:
    others = set(word_lists()["others"])
    words = _words(text)
    for n, (who, did) in enumerate(pairwise(words)):
        # "The buyers were asked by our clerk" tells no deed of theirs.
        suffered = did in ("was", "were") and words[n + 3 : n + 4] == ["by"]
        if stem(who) in others and is_past(did) and not suffered:
            yield stem(who), stem(did)


@cache
def word_lists() -> dict[str, list[str]]:
    """The words and patterns that decide, by list; each list's reason stands in the file."""
    lists = read_words(Path(__file__).with_name("rewording.yaml"))
    return {name: [str(entry) for entry in entries] for name, entries in lists.items()}
