"""Chinese sentences as a model may see them: every value a placeholder, and the English that comes back for it.

The English form of a date, sum or count is made here, so that a model can change none of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from poa.placeholders import Protected
from poa.rewrite.figures import IDENTIFIERS, Figure, chinese_figures
from poa.rewrite.lexicon import Lexicon
from poa.rewrite.names import latin_names, public_words
from poa.rewrite.people import Person, people_in

__all__ = ["Masked", "english_of", "mask", "mask_with_places"]

_KINDS = {
    "order_id": "ORDER", "asin": "ASIN", "review_id": "REVIEW", "case_id": "CASE", "code": "CODE", "email": "EMAIL",
    "url": "LINK", "phone": "PHONE", "money": "AMOUNT", "date": "DATE", "percent": "PERCENT", "number": "COUNT",
    "duration": "PERIOD", "time": "TIME", "frequency": "FREQUENCY",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MARKS = {
    "": "",
    "~": "about ",
    "<~": "nearly ",
    "<": "fewer than ",
    ">": "more than ",
    ">=": "at least ",
    "<=": "at most ",
}
_SUM_MARKS = {**_MARKS, "<": "less than "}
_FIRM = re.compile(
    r"((?:(?![从由向在跟是为系找])[\u4e00-\u9fff]){2,20}?(?:有限责任公司|股份有限公司|有限公司|商行|贸易公司))"
)
_SUFFIXES = {
    "有限责任公司": "Co., Ltd.", "股份有限公司": "Co., Ltd.", "有限公司": "Co., Ltd.", "贸易公司": "Trading Company", "商行": "Trading Firm",
}  # fmt: skip


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str
    english: str
    own: bool = False


def mask(sentences: Sequence[str], lexicon: Lexicon, names: dict[str, str]) -> Protected:
    """The sentences with placeholders, and the English that each placeholder stands for.

    `names` are the user's own: Chinese (or any) form to English form.
    """
    masked = mask_with_places(sentences, lexicon, names)
    return masked.protected


@dataclass(frozen=True)
class Masked:
    """Masked sentences with the places of their pieces: per sentence (masked start, masked end, start, end)."""

    protected: Protected
    places: tuple[tuple[tuple[int, int, int, int], ...], ...]

    def source(self, sentence: int, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of a masked sentence stands in the sentence itself; a placeholder it cuts counts whole."""
        first = last = None
        shift = 0
        for masked_start, masked_end, own_start, own_end in self.places[sentence]:
            if first is None and start < masked_end:
                first = own_start if start >= masked_start else own_start - (masked_start - start)
            if last is None and end <= masked_end:
                last = own_end if end > masked_start else own_start - (masked_start - end)
            shift = own_end - masked_end
        return (start + shift if first is None else first, end + shift if last is None else last)


def mask_with_places(sentences: Sequence[str], lexicon: Lexicon, names: dict[str, str]) -> Masked:
    """`mask`, and where each placeholder came from."""
    whole = "\n".join(sentences)
    years = [
        f.canonical[:4] for f in chinese_figures(whole) if f.kind == "date" and f.canonical[:4].isdigit()
    ]
    # 去年 is counted from the year the summary opens with: that of the notification.
    year = int(years[0]) if years else None
    known: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()
    texts, places = [], []
    named = people_in([lexicon.simplify(sentence) for sentence in sentences], lexicon)
    for sentence, people in zip(sentences, named, strict=True):
        text, at, here = "", 0, []
        for span in _apart(_spans(sentence, lexicon, names, year, people)):
            key = (span.kind, span.english)
            if key not in known:
                counts[span.kind] += 1
                known[key] = f"<{span.kind}_{counts[span.kind]}>"
            text += sentence[at : span.start]
            here.append((len(text), len(text) + len(known[key]), span.start, span.end))
            text += known[key]
            at = span.end
        texts.append(text + sentence[at:])
        places.append(tuple(here))
    table = {placeholder: english for (_, english), placeholder in known.items()}
    return Masked(Protected(tuple(texts), table), tuple(places))


def _spans(
    sentence: str, lexicon: Lexicon, names: dict[str, str], year: int | None, people: Sequence[Person]
) -> list[_Span]:
    plain = lexicon.simplify(sentence)
    spans = [
        _Span(m.start(), m.end(), "NAME", english, own=True)
        for given, english in names.items()
        for m in re.finditer(re.escape(given), sentence)
    ]
    for figure in chinese_figures(plain):
        english = english_of(figure, year)
        kind = _KINDS.get(figure.kind)
        if english is not None and kind is not None:
            spans.append(_Span(figure.start, figure.end, kind, english))
    spans += [_Span(m.start(1), m.end(1), "FIRM", _firm(m[1], lexicon)) for m in _FIRM.finditer(plain)]
    blocked = [(s.start, s.end) for s in spans]
    spans += [_Span(person.start, person.end, "NAME", person.english) for person in people]
    for name in latin_names(sentence, blocked):
        if not all(
            word in public_words() or (word.isupper() and len(word) <= 4) for word in name.text.split()
        ):
            spans.append(_Span(name.start, name.end, "NAME", name.text))
    return spans


def _apart(spans: list[_Span]) -> list[_Span]:
    """The spans in order without overlaps: the user's own first, then the longer ones."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda s: (not s.own, -(s.end - s.start), s.start)):
        if span.end > span.start and not any(span.start < k.end and k.start < span.end for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def _firm(written: str, lexicon: Lexicon) -> str:
    suffix = next(s for s in _SUFFIXES if written.endswith(s))
    core = (
        written.removesuffix(suffix).replace("市", "", 1)
        if written[2:3] == "市"
        else written.removesuffix(suffix)
    )
    sounds = [lexicon.usual_reading(char) for char in core]
    words = ["".join(sounds[n : n + 2]).capitalize() for n in range(0, len(sounds), 2)]
    return " ".join([*words, _SUFFIXES[suffix]])


def english_of(figure: Figure, year: int | None) -> str | None:
    """The English form of a Chinese value; None for one that is better left to the sentence (一个, 第一)."""
    if figure.kind in IDENTIFIERS:
        return figure.text
    if figure.optional or figure.kind == "ordinal":
        return None
    if figure.kind == "date":
        return _date(figure.canonical, year)
    if figure.kind == "time":
        hour, minute = (int(part) for part in figure.canonical.split(":"))
        return f"{hour % 12 or 12}{f':{minute:02d}' if minute else ''} {'p.m.' if hour >= 12 else 'a.m.'}"
    if figure.kind == "frequency":
        number, _, unit = figure.canonical.partition(" ")
        if not unit:
            return None  # 每周五 keeps its words.
        if unit == "month" and number in ("3", "6", "12"):
            return {"3": "every quarter", "6": "every six months", "12": "every year"}[number]
        return f"every {unit}" if number == "1" else f"every {_number(number)} {unit}s"
    return _amount(figure)


_AMOUNT = re.compile(r"^(>=|<=|<~|[~<>])?(?:([A-Z]{3}|\$) )?([\d.]+?)(?:\.\.([\d.]+))?(%| \w+)?$")


def _amount(figure: Figure) -> str | None:
    match = _AMOUNT.match(figure.canonical)
    if not match:
        return None
    mark, currency, low, high, unit = (part or "" for part in match.groups())
    if figure.kind == "number" and (low, high) == ("11", "19"):
        return "more than ten"
    if figure.kind == "number" and high and float(high) > 2 * float(low):
        return {"20": "several dozen", "200": "several hundred", "2000": "several thousand"}.get(low)
    marks = _MARKS if figure.kind == "number" else _SUM_MARKS
    if figure.kind == "money":
        return f"{marks[mark]}{_sum(currency, low)}" + (f" to {_sum(currency, high)}" if high else "")
    said = f"{_number(low)} to {_number(high)}" if high else _number(low)
    if figure.kind == "percent":
        bound = {">=": "over ", "<=": "under "}.get(mark, marks[mark])
        return f"{bound}{low}%"
    if figure.kind == "duration":
        return _duration(marks[mark], low, high, unit.strip())
    return f"{marks[mark]}{said}"


def _duration(mark: str, low: str, high: str, unit: str) -> str:
    if unit == "month" and not high and float(low) % 12 == 0:
        low, unit = str(int(float(low)) // 12), "year"
    if low == "0.5":
        return f"{mark}half {'an' if unit == 'hour' else 'a'} {unit}"
    said = f"{_number(low)} to {_number(high)}" if high else _number(low)
    return f"{mark}{said} {unit}{'' if low == '1' and not high else 's'}"


def _number(written: str) -> str:
    value = float(written)
    if value == int(value) and value <= 10:
        return _WORDS[int(value)]
    return f"{int(value):,}" if value == int(value) else written


def _sum(currency: str, written: str) -> str:
    value = float(written)
    figure = f"{int(value):,}" if value == int(value) else f"{value:,.2f}"
    sign = {"USD": "$", "$": "$", "GBP": "£", "EUR": "€", "CNY": "RMB "}.get(currency, f"{currency} ")
    return f"{sign}{figure}"


def _date(canonical: str, year: int | None) -> str | None:
    match = re.match(
        r"^(\d{4}|-|last-year|this-year|next-year|two-years-ago)(?:-(\d\d))?(?:-(\d\d))?(?:/(\w+))?$",
        canonical,
    )
    if not match:
        return {"last-month": "last month", "next-month": "next month", "yesterday": "yesterday", "tomorrow": "tomorrow",
                "last-week": "last week", "next-week": "next week"}.get(canonical)  # fmt: skip
    head, month, day, part = match.groups()
    shift = {"last-year": -1, "this-year": 0, "next-year": 1, "two-years-ago": -2}.get(head)
    told = head if head.isdigit() else str(year + shift) if shift is not None and year else None
    late = {"early": "early ", "mid": "mid-", "late": "late "}.get(part or "", "")
    if month is None:
        said = told or {"last-year": "last year", "this-year": "this year", "next-year": "next year"}.get(
            head, "the year before last"
        )
        return f"{late}{said}"
    name = _MONTHS[int(month) - 1]
    if day:
        return f"{name} {int(day)}, {told}" if told else f"{name} {int(day)}{_relative(head)}"
    return f"{late}{name} {told}" if told else f"{late}{name}{_relative(head)}"


def _relative(head: str) -> str:
    return {"last-year": " of last year", "this-year": " of this year", "next-year": " of next year"}.get(
        head, ""
    )
