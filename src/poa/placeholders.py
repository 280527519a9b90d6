"""Placeholders: what a model gets to see in place of each value, name and quote, and the way back.

A value that a model never sees it can neither leak nor change. The kind stays visible (`<ORDER_1>`,
`<DATE_2>`), so that the sentence still reads; the same value has the same placeholder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from poa.outline import Outline
from poa.resources import read_words
from poa.values import find_values

__all__ = ["PLACEHOLDER", "Known", "PlaceholderError", "Protected", "known_values", "protect", "restore"]

PLACEHOLDER = re.compile(r"<[A-Z]+_\d+>")


class PlaceholderError(ValueError):
    """A text that does not bring back the placeholders that were sent; says which, and how often."""


@dataclass(frozen=True)
class Known:
    """A text of the facts to protect wherever it stands; `exact` asks for the same capitals."""

    kind: str
    text: str
    exact: bool = False


@dataclass(frozen=True)
class Protected:
    """Masked texts in the order given, and what each placeholder stands for."""

    texts: tuple[str, ...]
    table: Mapping[str, str]


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str


# How a kind of detail is called in a placeholder. Policies hold nothing private: they are kept letter by
# letter because a reworded policy name is another policy.
_DETAIL_KINDS = {
    "order_id": "ORDER",
    "asin": "ASIN",
    "review_id": "REVIEW",
    "case_id": "CASE",
    "email": "EMAIL",
    "url": "LINK",
    "phone": "PHONE",
    "money": "AMOUNT",
    "name": "NAME",
    "quote": "QUOTE",
    "policy": "POLICY",
}
_VALUE_KINDS = {
    **{kind: _DETAIL_KINDS[kind] for kind in ("order_id", "asin", "review_id", "case_id", "email", "url")},
    "phone": "PHONE",
    "money": "AMOUNT",
    "date": "DATE",
    "code": "CODE",
}
# The marketplace is a name in the outline, and as public as a name can be.
_PUBLIC_DETAILS = frozenset({"marketplace"})

_QUOTED = re.compile(r"\"[^\"\n]{1,1000}\"|“[^”\n]{1,1000}”|「[^」\n]{1,1000}」|《[^》\n]{1,200}》")
_CHINESE = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff](?:[\u3400-\u9fff\uf900-\ufaff（）()·\s\w]*[\u3400-\u9fff\uf900-\ufaff])?"
)
_CAPITALISED = re.compile(r"(?<![\w<@./-])[A-ZÀ-Þ][\w'’.&-]*\w|(?<![\w<@./-])[A-ZÀ-Þ](?!\w)")
_ACRONYM = re.compile(r"[A-Z]{2,4}s?|[A-Z]\d?")
_POSSESSIVE = re.compile(r"['’]s?$")
_PHONE = re.compile(r"(?<![\w-])(?:\+|00)?\(?\d[\d\s().-]{7,18}\d(?![\w-])")
_BARE_LINK = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,12}(?![\w@-])(?:/(?:[^\s<>\"'，。]*[\w/=&%#-])?)?", re.IGNORECASE
)


def known_values(outline: Outline) -> tuple[Known, ...]:
    """Everything of the case that must not reach a model: its names, numbers, addresses and quotes.

    What stands inside free texts besides these is found when they are protected.
    """
    known: dict[Known, None] = {}
    for item in outline.items:
        free = (item.statement, *(detail.text for detail in item.details))
        known.update(
            (Known("QUOTE", m[0][1:-1].strip()), None) for text in free for m in _QUOTED.finditer(text)
        )
        for detail in item.details:
            if detail.name in _PUBLIC_DETAILS or not detail.text.strip():
                continue
            kind = _DETAIL_KINDS.get(detail.kind)
            if kind is not None:
                known[Known(kind, detail.text)] = None
            if detail.kind == "name":
                known.update((Known("NAME", word, exact=True), None) for word in _own_words(detail.text))
            elif detail.name in ("contact", "reference", "review") and detail.kind == "text":
                for part in re.split(r"[,;，；、\n]+", detail.text):
                    known[Known("CONTACT", part.strip())] = None
                    known.update((Known("NAME", word, exact=True), None) for word in _own_words(part))
    return tuple(k for k in known if len(k.text.strip()) > 1)


def protect(
    texts: Sequence[str], known: Iterable[Known] = (), table: Mapping[str, str] | None = None
) -> Protected:
    """The texts with a placeholder for each protected value, and the table of placeholders.

    `table` is one made before, to go on with: what it holds keeps its placeholder.
    """
    placeholders = {text: placeholder for placeholder, text in (table or {}).items()}
    counts = Counter(placeholder[1:].rpartition("_")[0] for placeholder in table or {})
    # Each section of a letter is protected with the same values.
    patterns = _known_patterns(tuple(known))
    names = _names_inside(texts)
    masked = []
    for text in texts:
        pieces, at = [], 0
        for span in _listed(text, _joined(_spans(text, patterns, names))):
            value = text[span.start : span.end]
            if value not in placeholders:
                counts[span.kind] += 1
                placeholders[value] = f"<{span.kind}_{counts[span.kind]}>"
            pieces += [text[at : span.start], placeholders[value]]
            at = span.end
        masked.append("".join([*pieces, text[at:]]))
    return Protected(tuple(masked), {placeholder: text for text, placeholder in placeholders.items()})


def restore(text: str, sent: str, table: Mapping[str, str]) -> str:
    """The text with its values back in place.

    Raises `PlaceholderError` unless every placeholder of `sent` comes back exactly as often as it went out,
    and no other does.
    """
    expected, came = Counter(PLACEHOLDER.findall(sent)), Counter(PLACEHOLDER.findall(text))
    faults = [
        f"{placeholder} must stand {_times(expected[placeholder])}, and stands {_times(came[placeholder])}"
        for placeholder in {**expected, **came}
        if expected[placeholder] != came[placeholder]
    ]
    if faults:
        raise PlaceholderError("; ".join(faults))
    # One pass: a value that itself looks like a placeholder is not replaced again.
    return PLACEHOLDER.sub(lambda match: table.get(match[0], match[0]), text)


def _times(count: int) -> str:
    return {0: "nowhere", 1: "once", 2: "twice"}.get(count, f"{count} times")


@lru_cache(maxsize=64)
def _known_patterns(known: tuple[Known, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for value in known:
        groups.setdefault((value.kind, value.exact), []).append(value.text)
    return tuple(
        (
            kind,
            re.compile(
                "|".join(_whole(text) for text in sorted(set(values), key=lambda v: (-len(v), v))),
                0 if exact else re.IGNORECASE,
            ),
        )
        for (kind, exact), values in groups.items()
    )


def _whole(text: str) -> str:
    """A pattern for the text standing by itself, however its spaces are written."""
    words = r"\s+".join(re.escape(word) for word in text.split())
    before = r"(?<!\w)" if text.strip()[0].isalnum() else ""
    after = r"(?!\w)" if text.strip()[-1].isalnum() else ""
    return before + words + after


def _spans(
    text: str, patterns: Iterable[tuple[str, re.Pattern[str]]], names: frozenset[str]
) -> Iterator[_Span]:
    # A text may hold something that looks like a placeholder: it is a value like any other.
    yield from (_Span(m.start(), m.end(), "TEXT") for m in PLACEHOLDER.finditer(text))
    for kind, pattern in patterns:
        yield from (_Span(m.start(), m.end(), kind) for m in pattern.finditer(text))
    yield from (_Span(m.start(), m.end(), "QUOTE") for m in _QUOTED.finditer(text))
    for match in _BARE_LINK.finditer(text):
        # A site's name reads as a place: "our account on <LINK_1>" became "on the link provided".
        yield _Span(match.start(), match.end(), "LINK" if "/" in match[0] else "SITE")
    yield from (_Span(m.start(), m.end(), "NAME") for m in _CHINESE.finditer(text))
    yield from (
        _Span(value.start, value.end, _VALUE_KINDS[value.kind])
        for value in find_values(text)
        if value.kind in _VALUE_KINDS
    )
    for match in _PHONE.finditer(text):
        # Years, ranges and thousands hold fewer digits than a telephone number.
        if 8 <= sum(c.isdigit() for c in match[0]) <= 16 and re.search(r"[\s().+-]", match[0]):
            yield _Span(match.start(), match.end(), "PHONE")
    yield from _name_spans(text, names)


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """The spans in order; those that overlap become one, of the longest one's kind, so that no part is left."""
    joined: list[_Span] = []
    longest = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if joined and span.start < joined[-1].end:
            before = joined[-1]
            kind = span.kind if span.end - span.start > longest else before.kind
            longest = max(longest, span.end - span.start)
            joined[-1] = _Span(before.start, max(before.end, span.end), kind)
        elif span.end > span.start:
            joined.append(span)
            longest = span.end - span.start
    return joined


def _listed(text: str, spans: Sequence[_Span]) -> list[_Span]:
    """The spans, with each list of three or more numbers of one kind as one: "<ORDERS_1>" for "A, B and C".

    A model has nothing to say inside such a list, and each entry it need not copy is one it cannot lose.
    """
    runs: list[list[_Span]] = []
    for span in spans:
        last = runs[-1][-1] if runs else None
        if last and last.kind == span.kind in _LISTED and text[last.end : span.start] in _BETWEEN:
            runs[-1].append(span)
        else:
            runs.append([span])
    return [
        whole
        for run in runs
        for whole in ([_Span(run[0].start, run[-1].end, f"{run[0].kind}S")] if len(run) > 2 else run)
    ]


_LISTED = frozenset({"ORDER", "ASIN", "REVIEW"})
_BETWEEN = frozenset({", ", " and ", ", and "})


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(word for words in _lists()[group].values() for word in words.split())


@cache
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = read_words(Path(__file__).with_name("public_names.yaml"))
    return lists


def _own_words(name: str) -> Iterator[str]:
    """The words of a name that name something by themselves."""
    for match in _CAPITALISED.finditer(name):
        word = _POSSESSIVE.sub("", match[0])
        if len(word) > 1 and word not in _words("public") and not _ACRONYM.fullmatch(word):
            yield word


@lru_cache(maxsize=4096)
def _is_private(word: str) -> bool:
    plain = _POSSESSIVE.sub("", word).rstrip(".")
    if plain in _words("public") or _ACRONYM.fullmatch(plain):
        return False
    parts = plain.split("-")
    return len(parts) == 1 or not all(p in _words("public") or p.islower() for p in parts)


def _at_head(text: str, at: int) -> bool:
    """Whether a sentence, a line, an entry of a list, a bracket or a quotation begins here."""
    before = text[:at].rstrip()
    gap = text[len(before) : at]
    if not before:
        return at == 0 or "\n" in gap
    if before[-1] in '"“(' or "\n" in gap:
        return True
    return bool(gap) and (before[-1] in ".!?:;。！？：；-•*" or re.search(r"\d\)$", before[-2:]) is not None)


def _names_inside(texts: Sequence[str]) -> frozenset[str]:
    """Capitalised words met inside a sentence: names, and so they are at the head of one too."""
    return frozenset(
        _POSSESSIVE.sub("", match[0])
        for text in texts
        for match in _CAPITALISED.finditer(text)
        if _is_private(match[0]) and not _at_head(text, match.start())
    )


def _name_spans(text: str, names: frozenset[str]) -> Iterator[_Span]:
    """Words that can only be names: capitalised, not at the head of a sentence, and not public.

    Words that follow each other make one name. A head word belongs to the name that follows it at once
    ("Zhang Min wrote"), unless it is one that English sentences begin with.
    """
    name: _Span | None = None
    head: re.Match[str] | None = None
    for match in _CAPITALISED.finditer(text):
        at_head = _at_head(text, match.start())
        word = _POSSESSIVE.sub("", match[0])
        follows = name is not None and text[name.end : match.start()] in (" ", " & ")
        if _is_private(match[0]) and (not at_head or word in names):
            start = match.start()
            if name is not None and follows:
                start = name.start
            elif name is not None:
                yield name
            if not follows and head is not None and text[head.end() : start] == " ":
                start = head.start()
            name = _Span(start, match.start() + len(word), "NAME")
        opens = at_head and _is_private(match[0]) and match[0].lower() not in _words("heads")
        head = match if opens else None
    if name is not None:
        yield name
