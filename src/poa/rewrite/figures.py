"""Figures of both languages in one form, so that 两百多 and "over two hundred" can be held against each other.

The values come from `poa.values`; here they get what only a sentence shows: the "about" or "over" before a number,
ranges, parts of months, "last year".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from poa.values.base import Value
from poa.values.chinese import find_chinese_values, parse_chinese_number
from poa.values.english import MONTHS, find_values

__all__ = ["Figure", "chinese_figures", "english_figures", "parted_range", "says_same"]

IDENTIFIERS = frozenset({"order_id", "asin", "review_id", "case_id", "code", "email", "url", "phone"})

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_PART = r"halfway through|(?:first|last|final|middle) third|early(?: in| on in)?|late(?: in)?|(?:first|early|last|later|latter|final|closing) (?:part|days|days and weeks)|mid|middle|beginning|start|end|first (?:ten|10) days|last (?:ten|10) days|close|second (?:ten|10) days|(?:first|second|latter) half"
_YEAR_WORD = r"(?:of |in )?(?:last year|the previous year|the year before|this year|the current year|next year|the following year)"
_LOOSE_DATE = re.compile(
    rf"(?:\b(?P<part>(?i:{_PART}))(?:\s+of)?(?:\s+the\s+month)?(?:[\s-]+(?:of\s+)?|-))?(?:\b(?P<rel>last|this|next|previous)\s+)?\b(?P<month>{_MONTH})"
    rf"(?!\w|-(?!{_MONTH})|\s+\d{{1,2}}(?!\d|\.\d)\b)(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b)?(?:,?\s+(?P<relyear>{_YEAR_WORD}))?"
)
_YEAR_ONLY = re.compile(
    r"(?:\b(?P<part>(?i:early|late|mid|(?:the )?(?:beginning|start|middle|end|close) of)(?: in| of)?)[\s-]+)?(?<![\d$£€,.-])(?P<year>(?:19|20)\d\d)(?![\d,.]\d|[%-]|\s+(?:units?|orders?|pieces?|sets?|items?))\b"
)
_YEAR_ALONE = re.compile(
    r"(?:\b(?P<part>early|late|mid|(?:the )?(?:beginning|start|middle|end|close) of)(?: in| of)?[\s-]+)?\b(?:(?P<two>the year before last|two years ago)|(?P<last>last year|the previous year|the year before)|(?P<this>this year|the current year)|(?P<next>next year|the (?:coming|following) year))\b",
    re.IGNORECASE,
)
_DAY_OF_MONTH = re.compile(
    r"\b(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:day\s+)?of\s+(?:the\s+)?(?P<word>last|this|next|previous|following) month\b",
    re.IGNORECASE,
)
_LAST_FRIDAY = re.compile(
    r"\b(?P<word>last|this|next) (?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|\b(?P<day2>(?:mon|tues|wednes|thurs|fri|satur|sun)day),? (?:of )?(?P<word2>last|this|next) week\b",
    re.IGNORECASE,
)
_RELATIVE_MONTH = re.compile(
    r"(?<!\bthe )(?<!\bour )\b(?P<word>last|this|next|previous|following|coming) (?P<unit>month|week)\b(?!['’]s|\s+(?:before|of|prior|in)\b)",
    re.IGNORECASE,
)
_RELATIVE_YEAR = re.compile(r"\s*,?\s*(?:of |in )?(?P<word>last|this|next) year\b", re.IGNORECASE)

_BEFORE = (
    ("<=", r"no more than|not more than|at most|up to|a maximum of|maximum of|no later than|not exceeding|within|as many as|as much as"),
    (">=", r"at least|at (?:a )?minimum|no fewer than|no less than|not less than|a minimum of|a full"),
    ("<~", r"nearly|almost|close to|close on|getting on for|just under|approaching|not quite|just short of|just below"),
    ("<", r"less than|fewer than|not even|under|below|lower than|short of"),
    (">", r"more than|over|above|greater than|higher than|upwards? of|in excess of|exceeding|exceeds|exceeded|beyond|longer than|older than|past(?: the)?|well over|better than"),
    ("~", r"about|around|approximately|roughly|some|circa|an? (?:good|estimated)|approx\.?|in the region of|in the order of|something like|estimated at"),
)  # fmt: skip
_AFTER = (
    ("~", r"or so|or thereabouts|more or less|approximately|give or take"),
    (">=", r"or more|or above|or higher|and above|or greater|and over|or over"),
    ("<=", r"or less|at (?:the )?most|or fewer|or below|or lower|and below|or under"),
    (">", r"-?\s?odd|[- ]plus|\+|-some(?:thing)?"),
)  # fmt: skip
_BEFORE_RE = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<q{n}>{words})" for n, (_, words) in enumerate(_BEFORE))
    + r")\s+(?:(?:a total of|another|an?(?: further| additional| other)|the(?: first| last| remaining| other)?)\s+)?$",
    re.IGNORECASE,
)
_AFTER_RE = re.compile(r"(?:\s(?:units?|pieces?|orders?|buyers?|sets?|items?|listings?|products?|stars?|people|reviews?|of (?:them|our orders)))?\s*(?:" + "|".join(f"(?P<q{n}>{words})" for n, (_, words) in enumerate(_AFTER)) + r")(?![\w])", re.IGNORECASE)  # fmt: skip
# "three times at most", "two people at the very least": the bound behind what is counted.
_BOUND_BEHIND = re.compile(r"(?:\s[a-z]+){1,3}?,?\s+at (?:the )?(?:very )?(?P<word>most|least)\b")
# "against a ceiling of 2.5%", "a 2.5% limit": what a rate is held against is bounded, whichever way.
_LIMIT = r"(?:limits?|ceiling|caps?|capped|thresholds?|targets?|maximum|minimum|requirements?|requires?|required|exceed(?:s|ed|ing)?|permitted|allowed|allowance|standard|benchmark|floor)"
_LIMIT_BEFORE = re.compile(rf"\b{_LIMIT}\b[^.;,]{{0,40}}$", re.IGNORECASE)
_LIMIT_BEHIND = re.compile(rf"[^.;,]{{0,25}}\b{_LIMIT}\b", re.IGNORECASE)
_VAGUE_WORDS = (
    (re.compile(r"\b(?:a|one) year and a half\b|\bone and a half years\b", re.I), "18 month"),
    (re.compile(r"\btwo years and a half\b|\btwo and a half years\b", re.I), "30 month"),
    (re.compile(r"\b(?:a|some) dozen(?:[- ]odd| or so|-plus)\b|\bsome dozen(?! or)\b|\baround a dozen\b|\babout a dozen\b|\ba dozen or more\b|\bmore than a dozen\b|\bover a dozen\b|\bsomething over ten\b|\bin the teens\b|\bten-odd\b|\bten-plus\b|\b10-plus\b|\b10\+", re.I), "11..19"),
    (re.compile(r"\b(?:several|a (?:good )?few) dozen\b|\bdozens\b|\bscores of\b|\b(?:several|a few) tens\b|\btens of(?= \w+s\b)(?! thousands)", re.I), "20..99"),
    (re.compile(r"\b(?:several|a (?:good )?few|some|many) hundreds?\b|(?<!two )(?<!three )\bhundreds\b", re.I), "200..999"),
    (re.compile(r"\b(?:several|a (?:good )?few|some|many) thousands?\b|\bthousands\b", re.I), "2000..9999"),
    (re.compile(r"\btens of thousands\b", re.I), "20000..99999"),
    (re.compile(r"\bsixty-something\b|\bsixties\b|\b60s\b", re.I), "~60..69"),
)  # fmt: skip
_COUNT_WORDS = (
    (re.compile(r"\bhalf an? (?:millimet(?:er|re)|centimet(?:er|re)|met(?:er|re)|kilo(?:gram)?|pound|inch|mile)\b", re.I), "0.5"),
    (re.compile(r"\bboth\b", re.I), "2"),
    (re.compile(r"\btwice\b", re.I), "2"),
    (re.compile(r"\b(?:a|a single) day\b", re.I), "1 day"),
    (re.compile(r"\b(?:a|a single) week\b", re.I), "1 week"),
    (re.compile(r"\b(?:a|a single) month\b", re.I), "1 month"),
    (re.compile(r"\b(?:a|a single|the past|the last|the preceding|the (?:most )?recent|the latest|the most recent) year\b(?! and a half)", re.I), "12 month"),
    (re.compile(r"\ban hour\b", re.I), "1 hour"),
    (re.compile(r"\b(?:a|one) fortnight\b|\bfortnight['’]s\b", re.I), "2 week"),
    (re.compile(r"\bhalf (?:of )?(?:a|one|his|her|their|that|the) month(?:['’]?s|ly)?\b|\bhalf[- ]month(?:['’]s)?\b|\bhalf-monthly\b", re.I), "0.5 month"),
    (re.compile(r"\bhalf\b(?! (?:a |an )?(?:year|month|hour|past))", re.I), "50%"),
    (re.compile(r"\b(?:at )?noon\b|\bmidday\b", re.I), "12"),
    (re.compile(r"\bround the clock\b|\baround the clock\b", re.I), "24 hour"),
    (re.compile(r"\bonce\b(?=\s+(?:a|per|every|each)\b)?", re.I), "1"),
    (re.compile(r"\b(?:a pair|a couple)\b", re.I), "2"),
    (re.compile(r"\b(?:a )?quarter of an hour\b|\bquarter-hour\b", re.I), "15 minute"),
    (re.compile(r"\bhalf an hour\b|\bhalf-hour\b", re.I), "30 minute"),
    (re.compile(r"\b(?:more than|over) half a year\b", re.I), ">6 month"),
    (re.compile(r"(?<!more than )(?<!over )\bhalf(?:-|\s+)(?:a\s+)?year(?:ly)?\b|\bsix months\b", re.I), "6 month"),
)  # fmt: skip
# PT-20240806: a code with a hyphen, which has to hold a digit.
_HYPHENATED = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d{2})[A-Z]{1,6}-[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w-])")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKLY = re.compile(
    r"\b(?:(?:once\s+)?(?:every|each)\s+(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)|on\s+(?P<days>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:s|\s+(?:mornings|afternoons|evenings|nights)))\b",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50,
    "hundredth": 100, "firstly": 1, "secondly": 2, "thirdly": 3,
}  # fmt: skip
_ORDINAL = re.compile(r"\b(?:" + "|".join(_ORDINALS) + r"|(?P<digits>\d+)(?:st|nd|rd|th)|(?:number|no\.)\s+(?P<no>\d{1,3})(?!\d))\b", re.IGNORECASE)  # fmt: skip
# 三分之一, and "one third", "a quarter of"; "a third party" and "a third order" are none.
_ZH_FRACTION = re.compile(r"(?P<whole>[二三四五六七八九十\d]+)分之(?P<part>[一二两三四五六七八九\d]+)")
_WHOLES = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_EN_FRACTION = re.compile(
    r"(?<!once )(?<!times )(?<!twice )\b(?:(?P<count>one|two|three|four|a)[ -](?P<whole>(?:third|quarter|fifth|sixth|eighth|tenth)s?)"
    r"(?=\s+(?:of|was|were|had|has|have|went|is|are)\b|[.,;])|(?<![\d/])(?P<num>[1-9])/(?P<digits>[2-9]|10)(?![\d/]))",
    re.IGNORECASE,
)
# 每月1号, and "on the 1st of each month", "the first day of every month".
_ZH_DAY_ALONE = re.compile(r"(?:(?<=每月)|(?<=每个月))(?:(\d{1,2})|([一二三十]{1,3}))[号日]")
_EN_DAY_ALONE = re.compile(
    r"\bthe\s+(?:(?P<digits>\d{1,2})(?:st|nd|rd|th)|(?P<word>first|second|third|fifth|tenth))(?:\s+day)?(?=\s+of\s+(?:each|every|the)\s+month\b)",
    re.IGNORECASE,
)
_RANGE_JOIN = re.compile(r"\s*(?:to|-|–|—|or|through|and)\s*", re.IGNORECASE)
_AMOUNT = re.compile(
    r"^(?P<mark>>=|<=|<~|>~|~\?|<\?|>\?|[~<>?])?(?P<cur>[A-Z]{3} |[$¥] )?(?P<low>[\d.]+?)(?:\.\.(?P<high>[\d.]+))?(?P<unit>%| \w+)?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with everything its sentence says about it; `optional` ones need no counterpart.

    `currency` is that of the sum beside it, for a number that counts nothing: 从8400元改成八万四.
    """

    kind: str
    canonical: str
    text: str
    start: int
    end: int
    optional: bool = False
    currency: str = ""


def chinese_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a Chinese text. A bare 一个 is an article and needs no English one."""
    figures = []
    for found in find_chinese_values(text):
        value = _without_contract(text, found)
        optional = (value.kind == "number" and value.canonical in ("1", "2..9")) or value.kind == "ordinal"
        optional = optional or (value.kind == "duration" and value.canonical.lstrip("~").startswith("2..9"))
        # 一两天, 两三个: English says "a few" or "one or two" as it likes.
        optional = optional or bool(re.fullmatch(r"~[1-6]\.\.[2-7](?: \w+)?", value.canonical))
        optional = optional or value.canonical in (
            "same-day",
            "next-day",
            "this-month",
            "that-month",
            "today",
        )
        if (
            value.kind == "ordinal"
            and value.canonical not in ("1", "2")
            and not text[value.end : value.end + 1].startswith("方")
        ):
            optional = False
        if value.canonical == "1 month" and re.search(r"月[份]?(?:这|整|整整)$", text[: value.start]):
            optional = True  # 10月这一个月: the month is named
        if (
            value.canonical == "2"
            and re.match(r"个?人", text[value.end :])
            and re.search(r"[和跟与]", text[max(0, value.start - 8) : value.start])
        ):
            optional = True  # 我和运营两个人: both are named
        optional = optional or _may_go_unsaid(text, value)
        optional = optional or (
            value.canonical == "this-year" and text.startswith(("以来", "来", "到现在"), value.end)
        )
        optional = optional or (value.kind == "percent" and text.startswith("新", value.end))
        canonical = _bounded_from_afar(text, _with_far_mark(text, value))
        if "把" in value.text and re.match(r"\d|[A-Z]{3} ", canonical):
            canonical = f"~?{canonical}"  # 千把块
        figures.append(Figure(value.kind, canonical, value.text, value.start, value.end, optional))
    figures += _chinese_fractions(text, figures)
    figures += _resolved_days(text, figures)
    monthly = [
        Figure("date", f"day-{int(m[1] or parse_chinese_number(m[2]) or 0)}", m[0], m.start(), m.end())
        for m in _ZH_DAY_ALONE.finditer(text)
    ]
    # The month named last is not the month of 每月1号.
    figures = [f for f in figures if not _inside(f, monthly)] + monthly
    figures += [
        Figure(
            "percent",
            f"{'>' if m[2] else ''}{int(100 * (parse_chinese_number(m[1]) or 0))}%",
            m[0],
            m.start(),
            m.end(),
            optional=True,
        )
        for m in re.finditer(r"([一二两三四五六七八九十\d.]+)倍(多)?", text)
    ]
    figures = [
        f for f in figures if not any(m.start() <= f.start < m.end() for m in _DISCOUNT.finditer(text))
    ]
    for m in _DISCOUNT.finditer(text):
        # 八五折 is 15 % off, and 85 % of the price.
        tenths = parse_chinese_number(m[1]) or 0.0
        price = tenths if tenths > 10 else 10 * tenths
        figures.append(Figure("percent", f"{100 - price:g}%", m[0], m.start(), m.end(), optional=True))
        figures.append(Figure("percent", f"{price:g}%", m[0], m.start(), m.end(), optional=True))
    for m in _TWO_MONTHS.finditer(text):
        # 六七月份: June or July.
        figures = [f for f in figures if not (f.start < m.end() and m.start() < f.end)]
        figures += [
            Figure("date", f"--{_MONTH_DIGITS.index(c) + 1:02d}", m[0], m.start(), m.end(), optional=True)
            for c in m[1]
        ]
    figures += [
        Figure("percent", "50%", m[0], m.start(), m.end(), optional=True)
        for m in re.finditer("一半|半数", text)
    ]
    figures += [
        Figure("number", "2" if m[0] == "俩" else "3", m[0], m.start(), m.end(), optional=True)
        for m in re.finditer("[俩仨]", text)
    ]
    # 涨了一倍 is "doubled" and "by a factor of two", 多了两倍 may be two or three times.
    figures += [
        Figure("number", f"{whole + more:g}", m[0], m.start(), m.end(), optional=True)
        for m in re.finditer(r"([一二两三四五六七八九十\d.]+)倍", text)
        if (whole := parse_chinese_number(m[1])) and whole == int(whole)
        for more in (0, 1)
    ]
    for m in _SLASH_DAY.finditer(text):
        # 8/15停用: the day, as notes write it.
        if int(m[1]) <= 12 and int(m[2]) <= 31:
            figures = [f for f in figures if not (f.start < m.end() and m.start() < f.end)]
            figures.append(Figure("date", f"--{int(m[1]):02d}-{int(m[2]):02d}", m[0], m.start(), m.end()))
    for m in _MONTHS_LISTED.finditer(text):
        figures = [f for f in figures if not (f.kind != "date" and f.start < m.end() and m.start() < f.end)]
        figures += [
            Figure("date", f"--{int(n):02d}", m[0], m.start(), m.end(), optional=True) for n in m.groups()
        ]
    figures = _in_short(text, figures)
    # "3." at the head of a line counts nothing.
    numbered = [(m.start(1), m.end(1)) for m in _LIST_NUMBER.finditer(text)]
    figures = [f for f in figures if not any(s <= f.start < e for s, e in numbered)]
    return tuple(sorted(_with_currency(text, figures), key=lambda f: f.start))


_NO_ABOUT = re.compile("[合契条公和节预违签毁特邀履解续]$")


def _without_contract(text: str, value: Value) -> Value:
    """The value without the 约 of 合约三份, which says nothing of its exactness."""
    if not value.text.startswith("约") or not _NO_ABOUT.search(text[: value.start]):
        return value
    canonical = value.canonical.removeprefix("~")
    return Value(value.kind, value.text[1:], value.start + 1, value.end, canonical)


_COUNTS_NOTHING = re.compile(r"\s*(?:[，。；、,;.）)了]|到|至|和|改|变|涨|降|$)")


_SUM_BEFORE = re.compile(
    r"(?:费用?|价格?|钱|款|花|付|赔|罚|押金|定金|佣金|工资|薪资|奖金|成本|货值)了?(?:是|为|共|约|大概|一共|总共)?$"
)


_DIGITS = "一二三四五六七八九"
_SHORT = re.compile(r"(?<![A-Za-z0-9_.-])(?P<n>\d+(?:\.\d+)?)(?P<scale>[wWkK])(?P<more>多)?(?![A-Za-z0-9])")
_TWO_DIGITS = re.compile(
    f"(?P<a>[{_DIGITS}])(?P<b>[{_DIGITS}])(?P<ten>[十百千])(?P<scale>[万千])|(?P<c>[{_DIGITS}])(?P<d>[{_DIGITS}])成(?![功为品交立员])"
)
_SIZES = {"十": 10, "百": 100, "千": 1000, "万": 10000, "w": 10000, "k": 1000}


def _in_short(text: str, figures: list[Figure]) -> list[Figure]:
    """The figures with those that notes write short: 1.5w, 2k多, 三四十万, 七八成, 一刻钟."""
    found = [
        Figure(
            "number",
            f"{'>' if m['more'] else ''}{float(m['n']) * _SIZES[m['scale'].lower()]:.10g}",
            m[0],
            m.start(),
            m.end(),
        )
        for m in _SHORT.finditer(text)
    ]
    for m in _TWO_DIGITS.finditer(text):
        kind, unit, size = ("percent", "%", 10) if m["c"] else ("number", "", _SIZES[m["ten"] or "十"])
        size *= 1 if m["c"] else _SIZES[m["scale"]]
        low, high = (_DIGITS.index(d) + 1 for d in (m["c"] or m["a"], m["d"] or m["b"]))
        if high == low + 1:
            canonical = f"{low * size}..{high * size}{unit}"
            found.append(Figure(kind, canonical, m[0], m.start(), m.end()))
    found += [
        Figure("duration", "15 minute", m[0], m.start(), m.end(), optional=True)
        for m in re.finditer("一刻钟", text)
    ]
    return [f for f in figures if not _inside(f, found)] + found


def _with_currency(text: str, figures: list[Figure]) -> list[Figure]:
    """The figures, with the currency of the sum nearest before on every number behind which nothing counted stands."""
    sums = [f for f in figures if f.kind == "money"]
    found = []
    for figure in figures:
        alone = figure.kind == "number" and _COUNTS_NOTHING.match(text, figure.end)
        if alone and not sums and _SUM_BEFORE.search(text, 0, figure.start):
            figure = replace(figure, currency="CNY")  # 转让费三万八
        elif alone and sums:
            before = [f for f in sums if f.start < figure.start] or sums
            currency = _AMOUNT.match(before[-1].canonical)
            figure = replace(figure, currency=((currency and currency["cur"]) or "").strip())
        found.append(figure)
    return found


_SLASH_DAY = re.compile(r"(?<![\d/.])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\d/%.个条])")
_MONTHS_LISTED = re.compile(r"(?<!\d)(1[0-2]|[1-9])[、和](1[0-2]|[1-9])(?:两个)?月(?!\d)")
_LIST_NUMBER = re.compile(
    r"^[ \t　]*[（(]?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、]|[.．](?!\d))", re.MULTILINE
)
_MONTH_DIGITS = "一二三四五六七八九"
_TWO_MONTHS = re.compile("((?:一二|二三|三四|四五|五六|六七|七八|八九))月份?")
_DISCOUNT = re.compile(r"([一二三四五六七八九]{1,2}|\d(?:\.\d)?|\d\d)折(?!叠|断|扣码|磨|旧|腾|射)")
_LEFT_TO_ENGLISH = re.compile(r"[句眼嘴]|倍|斤|两(?=[，。]|重)|尺|寸|亩|季度")
_MARK_BEHIND = re.compile(
    r"(?:个|件|条|张|位|名|家|套|副|双|瓶|箱|组|封|款|单|台|只|支|次|份|本|块|片|包|袋|盒|枚|笔|项|辆|户|人|种|颗?星|分|岁|层)?(?:工作日)?(?P<mark>左右|上下|出头|以上|以下|以内|不到|不足)"
)


def _may_go_unsaid(text: str, value: Value) -> bool:
    """Whether English words a Chinese figure without it: 下半年, 5、6号两天, 每周两次, 涨了两倍, 100%退款, 三五天."""
    before, after = text[: value.start], text[value.end :]
    if value.canonical == "100%" or "三五" in value.text:
        return True
    if (
        value.kind == "duration"
        and value.text.startswith("半年")
        and before.endswith(("上", "下", "前", "后"))
    ):
        return True
    if (
        value.kind == "duration"
        and before.endswith(("号", "日", "那", "这"))
        and re.match(r"\d|[一二两三四五]", value.text)
    ):
        return True
    if value.kind in ("number", "ordinal") and "." not in value.canonical and _LEFT_TO_ENGLISH.match(after):
        return True
    return value.kind == "number" and after.startswith("次") and bool(re.search(r"每[^，。]{0,3}$", before))


def _with_far_mark(text: str, value: Value) -> Value:
    """The value with the mark that stands behind its measure word: 50个左右, 三十出头."""
    if (
        value.kind not in ("number", "duration", "percent")
        or not value.canonical[0].isdigit()
        or ".." in value.canonical
    ):
        return value
    behind = _MARK_BEHIND.match(text, value.end)
    if not behind:
        return value
    mark = {
        "左右": "~",
        "上下": "~",
        "出头": ">",
        "以上": ">=",
        "以下": "<=",
        "以内": "<=",
        "不到": "<",
        "不足": "<",
    }[behind["mark"]]
    if "星" in behind[0]:
        mark = f"{mark[0]}?"  # 四星以上 is "four or more", or "raised to four"
    return Value(value.kind, value.text, value.start, value.end, f"{mark}{value.canonical}")


_FAR_BOUND = re.compile(
    r"(?:(?P<most>不得?超过|不能超过|最多|至多|不得?高于|不能高于|上限|封顶)|(?P<least>超过|超出|高于|多于|大于|至少|不低于|不少于))[^，,。；;、：]{1,14}$"
)


# 80分及格, 满60天, 达到2.3%: the number is where it begins.
_REACHED_BEHIND = re.compile(r"(?:分|个|条|天|件)?(?:及格|合格|才?算合格|达标|起步|起)")
_REACHED_BEFORE = re.compile(r"(?:满|达到|达|够|凑够|凑满)了?$")
_FAR_ABOUT = re.compile(r"(?:大概|大约|约莫|差不多|估摸着?|估计|左右)[^，,。；;、：\d]{1,5}$")


def _bounded_from_afar(text: str, value: Value) -> str:
    """The canonical form of a value whose bound stands further off (不超过过去90天均价的1.2倍) or only tells a term
    (一天之内): English may say the bound or leave it."""
    if not re.match(r"\d", value.canonical) or value.kind not in ("number", "money", "percent", "duration"):
        within = value.canonical.removeprefix("<=")
        return f"<?{within}" if value.kind == "duration" and within != value.canonical else value.canonical
    if value.kind == "duration" and value.text.startswith("近"):
        return f"<?{value.canonical}"  # 近三个月 is the last three months, or nearly three
    if _FAR_ABOUT.search(text, max(0, value.start - 8), value.start):
        return f"~?{value.canonical}"  # 大概寄了三百张
    if _REACHED_BEHIND.match(text, value.end) or _REACHED_BEFORE.search(text, 0, value.start):
        return f">?{value.canonical}"
    bound = _FAR_BOUND.search(text, max(0, value.start - 18), value.start)
    if bound is None:
        return value.canonical
    return f"{'<?' if bound['most'] else '>?'}{value.canonical}"


def _resolved_days(text: str, figures: list[Figure]) -> list[Figure]:
    """The dates that 第二天, 当天 and 三天后 come to, which English may name: "on 23 August" behind 8月22号…第二天."""
    found: list[Figure] = []
    last: date | None = None
    year = "-"
    for figure in sorted(figures, key=lambda f: f.start):
        day = re.fullmatch(r"(\d{4}|-|(?:last|this|next)-year)-(\d\d)-(\d\d)", figure.canonical)
        if figure.kind == "date" and day:
            year = day[1]
            try:
                last = date(int(year) if year.isdigit() else 2023, int(day[2]), int(day[3]))
            except ValueError:
                last = None
            continue
        if last is None:
            continue
        step = {"next-day": 1, "same-day": 0}.get(figure.canonical)
        length = re.fullmatch(r"(\d+) (day|week)", figure.canonical)
        if length and re.match(r"之?(?:后|以后)|(?:后|以后|之后|内|之内)", text[figure.end :]):
            step = int(length[1]) * (7 if length[2] == "week" else 1)
        if figure.kind == "ordinal" and figure.canonical.isdigit() and text.startswith("天", figure.end):
            step = int(figure.canonical) - 1
        if step is not None:
            on = last + timedelta(days=step)
            found.append(
                Figure("date", f"{year}-{on:%m-%d}", figure.text, figure.start, figure.end, optional=True)
            )
    return found


def _chinese_fractions(text: str, found: list[Figure]) -> list[Figure]:
    """Fractions, 三分之一 as `1/3`; 百分之五 is a percentage and found already."""
    figures = []
    for m in _ZH_FRACTION.finditer(text):
        whole, part = parse_chinese_number(m["whole"]), parse_chinese_number(m["part"])
        if whole and part and not _inside(Figure("", "", "", m.start(), m.end()), found):
            figures.append(Figure("fraction", f"{part:g}/{whole:g}", m[0], m.start(), m.end()))
    for m in re.finditer(r"([千万])分之([一二两三四五六七八九十\d.]+)", text):
        part = parse_chinese_number(m[2])
        if part:
            hundredths = part / (10 if m[1] == "千" else 100)
            figures.append(Figure("percent", f"{hundredths:g}%", m[0], m.start(), m.end()))
    figures += [
        Figure("percent", "<10%" if m[1] else "~?10%", m[0], m.start(), m.end())
        for m in re.finditer(r"(?:(不足|不到)|(?:占|约|近|仅|有))一成(?![不员为功品])", text)
    ]
    for m in re.finditer("([大小])半年", text):
        # 大半年: English says "over six months" as well as "the better part of a year".
        mark = ">~" if m[1] == "大" else "<~"
        figures.append(Figure("duration", f"{mark}6 month", m[0], m.start(), m.end(), optional=True))
    return figures


def english_figures(text: str) -> tuple[Figure, ...]:
    """The figures of an English text."""
    # "six-hundred-odd" counts as "six hundred-odd" does, and "4." at the head of a line counts nothing.
    text = _HYPHENED_SCALE.sub(r"\1 \2", text)
    text = _EN_LIST_NUMBER.sub(lambda m: " " * len(m[0]), text)
    vague = [
        Figure("duration" if " " in canonical else "number", canonical, m[0], m.start(), m.end())
        for pattern, canonical in _VAGUE_WORDS
        for m in pattern.finditer(text)
    ]
    vague += _english_fractions(text)
    vague += [
        Figure("frequency", f"2 {m[1].lower()}", m[0], m.start(), m.end())
        for m in re.finditer(r"\bevery (?:other|second) (day|week|month)\b", text, re.IGNORECASE)
    ]
    vague += [
        Figure(
            "time",
            f"{int(m[1]) + 12 * (m[3] is not None and 'p' in m[0].lower()):02d}:{m[2] or m[3]}",
            m[0],
            m.start(),
            m.end(),
        )
        for m in re.finditer(
            r"(?<![\d:.])(\d{1,2})(?::([0-5]\d)(?![\d:])(?:\s*[ap]\.?m\.?)?|\.([0-5]\d)\s*[ap]\.?m\b)",
            text,
            re.IGNORECASE,
        )
    ]
    vague += _unit_ranges(text)
    vague += _bare_ranges(text)
    vague += _in_thousands(text)
    vague += [
        Figure(
            "date",
            "--11-11" if m["eleven"] else "--06-18" if m["june"] else "--12-12",
            m[0],
            m.start(),
            m.end(),
        )
        for m in _SHOPPING_DAY.finditer(text)
    ]
    vague += [
        Figure("money", f"{_COINS[m[2].lower()]} {m[1].replace(',', '')}", m[0], m.start(), m.end())
        for m in re.finditer(r"(?<![\w.,])([\d,]*\d)-(dollar|pound|euro|yuan)\b", text, re.IGNORECASE)
    ]
    vague += [
        Figure(
            "money",
            f"{'JPY' if m[2] == 'Japanese yen' else 'CNY'} {m[1].replace(',', '')}",
            m[0],
            m.start(),
            m.end(),
        )
        for m in re.finditer(r"(?<![\w.,])([\d,]*\d(?:\.\d+)?) (Japanese yen|Chinese yuan)\b", text)
    ]
    vague += [
        Figure("date", m[0].lower(), m[0], m.start(), m.end())
        for m in re.finditer(
            r"(?<!day before )(?<!day after )\b(?:yesterday|tomorrow)\b", text, re.IGNORECASE
        )
    ]
    vague += [
        Figure("date", f"day-{m['digits'] or _ORDINALS[m['word'].lower()]}", m[0], m.start(), m.end())
        for m in _EN_DAY_ALONE.finditer(text)
    ]
    vague += [
        Figure("date", f"day-{m[1].lower()}-{m[2].lower()}", m[0], m.start(), m.end())
        for m in re.finditer(r"\b(?:the )?day (before|after) (yesterday|tomorrow)\b", text, re.IGNORECASE)
    ]
    exact = [_with_mark(text, value) for value in _values(text) if not _inside(value, vague)]
    exact = [_priced(text, figure) for figure in exact]
    exact += [
        Figure("code", m[0], m[0], m.start(), m.end())
        for m in _HYPHENATED.finditer(text)
        if not _inside(Figure("", "", "", m.start(), m.end()), [f for f in exact if f.kind in IDENTIFIERS])
    ]
    exact.sort(key=lambda f: f.start)
    exact = _with_bare_days(text, exact)
    loose = _loose_dates(text, exact)
    exact = [f for f in exact if not (f.kind in ("date", "number", "duration") and _inside(f, loose))]
    counts = [
        Figure(
            "duration" if " " in canonical else "percent" if canonical.endswith("%") else "number",
            canonical,
            m[0],
            m.start(),
            m.end(),
            optional=True,
        )
        for pattern, canonical in _COUNT_WORDS
        for m in pattern.finditer(text)
        if canonical == "15 minute" or not _inside(Figure("", "", "", m.start(), m.end()), exact)
    ]
    quarters = [f for f in counts if f.canonical == "15 minute"]
    exact = [f for f in exact if not _inside(f, quarters)]
    taken = [*vague, *exact, *loose]
    weekly = [
        Figure(
            "frequency",
            f"weekday-{_WEEKDAYS.index((m['day'] or m['days']).lower()) + 1}",
            m[0],
            m.start(),
            m.end(),
        )
        for m in _WEEKLY.finditer(text)
    ]
    party = re.compile(r"third[- ]part", re.IGNORECASE)
    ordinals = [
        Figure(
            "ordinal",
            m["digits"] or m["no"] or str(_ORDINALS[m[0].lower()]),
            m[0],
            m.start(),
            m.end(),
            optional=not (m["digits"] or m["no"]),
        )
        for m in _ORDINAL.finditer(text)
        if not party.match(text, m.start())
        and not _inside(Figure("", "", "", m.start(), m.end()), [f for f in taken if f.kind == "date"])
    ]
    figures = sorted(
        [*_ranges(text, exact), *vague, *loose, *counts, *ordinals, *weekly], key=lambda f: (f.start, -f.end)
    )
    figures += _days_after(text, figures)
    figures.sort(key=lambda f: (f.start, -f.end))
    numbered = [f for f in figures if f.kind == "ordinal" and not f.optional]
    return tuple(f for f in figures if not (f.kind == "number" and _inside(f, numbered)))


_HYPHENED_SCALE = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|several|few)-(hundred|thousand|dozen)\b",
    re.IGNORECASE,
)
_EN_LIST_NUMBER = re.compile(r"^[ \t]*\(?\d{1,2}[.)](?=\s)", re.MULTILINE)
_COINS = {"dollar": "$", "pound": "GBP", "euro": "EUR", "yuan": "CNY"}
_SHOPPING_DAY = re.compile(
    r"\b(?:(?P<eleven>double[- ](?:11|eleven)|singles['’]?s?['’]? day|11\.11)|(?P<june>(?<![\d,.])618(?= (?:sale|promotion|shopping|event|festival|campaign))|6\.18(?= (?:sale|promotion|shopping)))|double[- ](?:12|twelve)|12\.12)\b",
    re.IGNORECASE,
)


_LATER = re.compile(
    r"\b(?:(?P<next>the (?:next|following) day|the day after(?! \w+day)|(?:a|one) day later)|(?P<n>two|three|four|five|six|seven|\d) days (?:later|after|afterwards)|(?P<same>(?:that|the) (?:same|very) day))\b",
    re.IGNORECASE,
)


def _days_after(text: str, figures: list[Figure]) -> list[Figure]:
    """The dates that "the day after" and "two days later" come to, counted from the date named last."""
    found = []
    for m in _LATER.finditer(text):
        named = [
            d
            for f in figures
            if f.kind == "date" and f.end <= m.start()
            if (d := re.fullmatch(r"(\d{4}|-|(?:last|this|next)-year)-(\d\d)-(\d\d)", f.canonical))
        ]
        if not named:
            continue
        year, month, day = named[-1].groups()
        step = 0 if m["same"] else 1 if m["next"] else _SMALL.get(m["n"].lower()) or int(m["n"])
        try:
            on = date(int(year) if year.isdigit() else 2023, int(month), int(day)) + timedelta(days=step)
        except ValueError:
            continue
        found.append(Figure("date", f"{year}-{on:%m-%d}", m[0], m.start(), m.end(), optional=True))
    return found


_SMALL = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_BARE_DAY = re.compile(
    r"\b(?:[Oo]n|[Bb]y|[Uu]ntil|[Ss]ince|[Ff]rom|to|and|[Bb]efore) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:of|order|review|time|day|week|month|refund|buyer|one)\b)"
)


def _with_bare_days(text: str, figures: list[Figure]) -> list[Figure]:
    """The figures with "on the 24th" as a day of the month named last."""
    found = list(figures)
    for m in _BARE_DAY.finditer(text):
        named = [
            d[1]
            for f in figures
            if f.kind == "date" and f.end <= m.start()
            if (d := re.match(r"((?:\d{4}|-)-\d\d)-\d\d", f.canonical))
        ]
        if named:
            found = [f for f in found if not _inside(f, [Figure("", "", "", m.start("day"), m.end())])]
            found.append(Figure("date", f"{named[-1]}-{int(m['day']):02d}", m[0], m.start(), m.end()))
    return sorted(found, key=lambda f: f.start)


def _unit_ranges(text: str) -> list[Figure]:
    """Ranges in digits with their unit: "4-6 weeks"."""
    found = []
    for m in re.finditer(
        r"(?<![\w.,-])(\d{1,3})\s?[-–]\s?(\d{1,3})\s+(?:business |working )?(minute|hour|day|week|month|year)s\b",
        text,
    ):
        factor = 12 if m[3] == "year" else 1
        unit = "month" if m[3] == "year" else m[3]
        if int(m[1]) < int(m[2]):
            canonical = f"{factor * int(m[1])}..{factor * int(m[2])} {unit}"
            found.append(Figure("duration", canonical, m[0], m.start(), m.end()))
    return found


def _bare_ranges(text: str) -> list[Figure]:
    """Ranges in digits of things counted: "70-80 orders"; those behind a month are days."""
    found = []
    for m in re.finditer(r"(?<![\w.,$€£¥-])(\d{1,4})[-–](\d{1,4})(?=\s+[a-z])(?!\s+(?:of|to)\b)", text):
        units = re.match(r"\s+(?:business |working )?(?:minute|hour|day|week|month|year)s\b", text[m.end() :])
        dated = re.search(rf"\b{_MONTH}\s*$", text[: m.start()]) or re.match(rf"\s+{_MONTH}", text[m.end() :])
        if int(m[1]) < int(m[2]) and not units and not dated:
            found.append(Figure("number", f"{int(m[1])}..{int(m[2])}", m[0], m.start(), m.end()))
    return found


_THOUSANDS = re.compile(
    r"(?<![\w.,])(?:(?P<before>RMB|CNY|USD|US\$|\$|¥|EUR|€|£)\s?)?(?P<n>\d+(?:\.\d+)?)(?:k\b|\s(?P<scale>thousand|million)\b)"
    r"(?:\s+(?P<after>US dollars?|dollars?|Chinese yuan|yuan|RMB|renminbi|Japanese yen|yen|euros?|pounds?)\b)?",
    re.IGNORECASE,
)
_COIN_WORDS = {
    "us dollar": "USD", "us$": "USD", "usd": "USD", "$": "$", "dollar": "$", "chinese yuan": "CNY", "yuan": "CNY", "rmb": "CNY",
    "cny": "CNY", "renminbi": "CNY", "¥": "¥", "japanese yen": "JPY", "yen": "JPY", "euro": "EUR", "eur": "EUR", "€": "EUR",
    "pound": "GBP", "£": "GBP",
}  # fmt: skip


def _coin(written: str) -> str:
    """The currency a word or sign stands for, as figures write it."""
    word = written.lower()
    name = _COIN_WORDS.get(word) or _COIN_WORDS[word.removesuffix("s")]
    return f"{name} "


def _in_thousands(text: str) -> list[Figure]:
    """ "30k yuan", "RMB 12k", "12 thousand yuan": a count of thousands, with its currency when one stands by."""
    found = []
    for m in _THOUSANDS.finditer(text):
        coin = m["before"] or m["after"]
        if m["scale"] and not coin:
            continue  # read as any number is
        size = float(m["n"]) * (1_000_000 if (m["scale"] or "").lower() == "million" else 1000)
        value = Value("number", m[0], m.start(), m.end(), f"{size:.10g}")
        marked = _with_mark(text, value)
        figure = replace(marked, text=text[marked.start : m.end()])
        if coin:
            bare = _AMOUNT.match(figure.canonical)
            mark = (bare and bare["mark"]) or ""
            figure = replace(
                figure, kind="money", canonical=f"{mark}{_coin(coin)}{size:.10g}", optional=False
            )
        found.append(figure)
    return found


_LONGER = re.compile(r"(?:-odd|-plus|-some|\+)[\s-](day|week|month|year|hour|minute)s?\b", re.IGNORECASE)
_PRICED = re.compile(
    r"(?:-odd|-plus|\s?\+| or so| odd)?[\s-](US dollars?|dollars?|Chinese yuan|yuan|RMB|renminbi|Japanese yen|yen|euros?|pounds? sterling)\b(?!\s*\d)",
    re.IGNORECASE,
)


def _priced(text: str, figure: Figure) -> Figure:
    """A bare number as the sum or the length it is: "a ten-dollar payment", "30,000-odd yuan", "eight thousand Japanese yen"."""
    if figure.kind != "number":
        return figure
    length = _LONGER.match(text, figure.end)
    size = re.fullmatch(r">?([\d.]+)", figure.canonical)
    if length and size:
        # "three-plus years": the mark stands between a number and its unit.
        unit = length[1].lower()
        count = float(size[1]) * (12 if unit == "year" else 1)
        return replace(
            figure,
            kind="duration",
            canonical=f">{count:g} {'month' if unit == 'year' else unit}",
            optional=False,
        )
    behind = _PRICED.match(text, figure.end)
    ahead = re.search(r"\b(US dollars?|dollars|yuan)\s$", text[: figure.start], re.IGNORECASE)
    coin = behind[1].removesuffix(" sterling") if behind else ahead[1] if ahead else ""
    parts = _AMOUNT.match(figure.canonical)
    if not coin or not parts:
        return figure
    mark = parts["mark"] or ""
    return replace(
        figure,
        kind="money",
        canonical=f"{mark}{_coin(coin)}{figure.canonical.removeprefix(mark)}",
        optional=False,
    )


def _english_fractions(text: str) -> list[Figure]:
    """Fractions in words or digits: "a third", "two-thirds", "1/3"; "half" is told apart by no list and left out."""
    figures = []
    for m in _EN_FRACTION.finditer(text):
        count = (m["count"] or m["num"]).lower()
        part = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}.get(count) or int(count)
        whole = int(m["digits"]) if m["digits"] else _WHOLES[m["whole"].lower().rstrip("s")]
        figures.append(Figure("fraction", f"{part}/{whole}", m[0], m.start(), m.end()))
    tenths = {
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
    }
    figures += [
        _with_mark(text, Value("percent", m[0], m.start(), m.end(), f"{10 * tenths[m[1].lower()]}%"))
        for m in re.finditer(
            rf"\b({'|'.join(tenths)})(?:[ -]tenths?| (?:in|out of)(?: every)? ten)\b", text, re.IGNORECASE
        )
    ]
    return figures


def _values(text: str) -> list[Value]:
    values = [
        v
        for v in find_values(text)
        if not (
            v.kind == "frequency"
            and v.text.lower() in ("a day", "a year", "a month", "a week", "a quarter", "a hour")
        )
    ]
    values = [
        v
        for v in values
        if not (v.kind == "frequency" and v.text[0].isupper() and re.match(r"\s+[A-Z]", text[v.end :]))
    ]
    return [
        part
        for v in values
        if not (v.kind == "number" and _part_of_word(text, v))
        # "the last third of November" is no third of November.
        and not (
            v.kind == "date"
            and v.text.lower().startswith("third of")
            and _PART_OF_MONTH.search(text, 0, v.start)
        )
        for part in _parted(text, v)
    ]


_PART_OF_MONTH = re.compile(r"\b(?:first|last|final|middle)\s+$", re.IGNORECASE)


def _parted(text: str, value: Value) -> list[Value]:
    """ "nine one-star ratings" holds two numbers, nine and one, not ten."""
    words = value.text.split(" ")
    if value.kind != "number" or len(words) != 2 or not re.match(r"-(?:star|time|way)", text[value.end :]):
        return [value]
    middle = value.start + len(words[0])
    found = [*find_values(words[0]), *find_values(words[1])]
    starts = (value.start, middle + 1)
    return [
        Value(v.kind, v.text, at, at + len(v.text), v.canonical) for v, at in zip(found, starts, strict=False)
    ]


def _part_of_word(text: str, value: Value) -> bool:
    """Whether a number is part of a name or phrase that counts nothing: "A-to-z", "3PL", "no one", "one another"."""
    before, after = (
        text[max(0, value.start - 6) : value.start].lower(),
        text[value.end : value.end + 9].lower(),
    )
    return (
        before.endswith(("no ", "any ", "every", "some")) and value.text.lower() == "one"
    ) or after.startswith(" another")


def _inside(figure: Figure | Value, others: list[Figure]) -> bool:
    return any(figure.start < other.end and other.start < figure.end for other in others)


def _with_mark(text: str, value: Value) -> Figure:
    """The value with its "about", "over" or "up to"."""
    kind, canonical, start, end = value.kind, value.canonical, value.start, value.end
    if kind not in ("number", "money", "percent", "duration"):
        if kind == "date" and canonical.startswith("-"):
            canonical = _with_relative_year(text, end, canonical)
        return Figure(kind, canonical, value.text, start, end)
    mark = ""
    before = _BEFORE_RE.search(text, max(0, start - 24), start)
    if before and not _says_when(before[0].lower().split(), kind, text[: before.start()]):
        mark = next(_BEFORE[n][0] for n in range(len(_BEFORE)) if before[f"q{n}"])
        start = before.start()
    after = _AFTER_RE.match(text, end)
    if after and mark in ("", "~"):
        # "roughly 300-odd": the odd ones tell more than the "roughly".
        mark = next(_AFTER[n][0] for n in range(len(_AFTER)) if after[f"q{n}"])
    if (
        before
        and mark
        and re.match(r"(?:over|under|above|below|within|past|beyond|exceed\w*)\b.* the\b", before[0], re.I)
        and kind == "number"
        and start == before.start()
    ):
        mark, start = "", value.start  # "over the 40 orders", "under the two listings": which, not how many
    if not mark and (bound := _BOUND_BEHIND.match(text, end)):
        mark = "<=" if bound["word"] == "most" else ">="
    if (
        not mark
        and kind in ("percent", "duration")
        and (_LIMIT_BEFORE.search(text, max(0, start - 60), start) or _LIMIT_BEHIND.match(text, end))
    ):
        mark = "?"
    optional = kind == "number" and canonical in ("1", "0") and not mark
    return Figure(kind, f"{mark}{canonical}", text[start:end], start, end, optional)


_SPEAKS_OF = re.compile(
    r"\b(?:it (?:is|was)|conclu\w+|decid\w+|complain\w*|told|tell|ask\w*|know|knew|learn\w*|inform\w*|notif\w+|wrote|writ\w+|question\w*|concern\w*|messages?|e-?mails?|complaints?|reports?)(?: (?:us|them|you|him|her|amazon))?\s+$",
    re.IGNORECASE,
)


def _says_when(words: list[str], kind: str, ahead: str) -> bool:
    """Whether "over", "past", "within" before a number tell a time or a deadline, not a bound: "the past 30 days"."""
    if words[0] == "about" and (words[-1] == "the" or _SPEAKS_OF.search(ahead)):
        return True  # "concluded about the 24 cartons", "it is about 31 orders": no estimate
    if words[:2] == ["up", "to"]:
        return (
            bool(
                re.search(
                    r"\b(?:drove|driven|brought|pushed|took|taken|rose|climbed|went|raised|increased|grew)\b[^.;]{0,45}$",
                    ahead,
                )
            )
            or bool(
                re.search(
                    r"\b(?:went|gone|goes|going|rose|risen|climb\w*|increas\w*|raised?|came|jump\w*|shot|moved)\s+$",
                    ahead,
                )
            )
            or bool(re.search(r"\b(?:add\w*|sum\w*|amount\w*|com(?:es?|ing)|made|total\w*)\s+$", ahead))
        )
    if kind != "duration":
        return False
    if words == ["past", "the"]:
        return False
    return (
        words[0] in ("past", "within", "inside")
        or ("the" in words[1:] and words[0] not in ("roughly", "around", "approximately", "nearly", "almost"))
        or (words == ["over"] and ahead.rstrip().endswith("spread"))
    )


def _with_relative_year(text: str, end: int, canonical: str) -> str:
    match = _RELATIVE_YEAR.match(text, end)
    return f"{match['word'].lower()}-year-{canonical[2:]}" if match else canonical


def parted_range(figure: Figure) -> tuple[Figure, ...]:
    """The two figures of a range: "from 50 to 500" may tell a change and not a range."""
    parts = [v for v in find_values(figure.text) if v.kind in ("number", "duration", "money", "percent")]
    if not parts:
        return (figure,)
    last = parts[-1]
    # "from 6.50 to 14.75 US dollars": the unit stands once, behind the second.
    unit = re.fullmatch(r"([A-Z]{3} |[$¥] )?[\d.]+( \w+|%)?", last.canonical)
    found = []
    for v in parts:
        told = v.kind == "number" and last.kind != "number" and unit
        canonical = f"{unit[1] or ''}{v.canonical}{unit[2] or ''}" if told and unit else v.canonical
        kind = last.kind if told else v.kind
        found.append(Figure(kind, canonical, v.text, figure.start + v.start, figure.start + v.end))
    return tuple(found)


# Jun and Mai are given names as well as months; June is a month.
_SHORT_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$")
_BEFORE_MAY = re.compile(
    r"\b(?:in|of|for|since|until|by|during|to|from|through|and|early|mid|late|this|last|next)[\s-]+$",
    re.IGNORECASE,
)


def _loose_dates(text: str, exact: list[Figure]) -> list[Figure]:
    """Months and years told without a day: "mid-May", "the end of January this year", "last November"."""
    days = [f for f in exact if f.kind == "date" and re.search(r"-\d\d-\d\d$|\|", f.canonical)]
    found = []
    for m in _LOOSE_DATE.finditer(text):
        figure = Figure("", "", "", m.start("month"), m.end("month"))
        if _inside(figure, days) or (
            m["month"] == "May"
            and not _BEFORE_MAY.search(text, max(0, m.start("month") - 9), m.start("month"))
            and re.match(r"\s+(?:have|be|not|also|has|only|I|we)\b", text[m.end("month") :])
        ):
            continue
        if (
            _SHORT_MONTH.fullmatch(m["month"])
            and not (m["part"] or m["rel"] or m["year"] or m["relyear"])
            and not _BEFORE_MAY.search(text, max(0, m.start("month") - 9), m.start("month"))
        ):
            continue
        number = MONTHS[m["month"].lower().rstrip(".")]
        relative = (
            m["rel"]
            or (
                (
                    m["relyear"]
                    and re.search(r"last|this|next|previous|before|current|following", m["relyear"])
                )
                or [None]
            )[0]
        )
        word = {"previous": "last", "before": "last", "current": "this", "following": "next"}.get(
            relative or "", relative
        )
        year = m["year"] or (f"{word}-year" if word else "-")
        part = _part(m["part"]) or (
            "late" if re.match(r"\s+(?:is (?:out|over)|ends|has ended)\b", text[m.end() :]) else None
        )
        canonical = f"{year}-{number:02d}" + (f"/{part}" if part else "")
        found.append(Figure("date", canonical, m[0], m.start(), m.end()))
    for m in _RELATIVE_MONTH.finditer(text):
        word = {"previous": "last", "following": "next", "coming": "next"}.get(
            m["word"].lower(), m["word"].lower()
        )
        found.append(
            Figure("date", f"{word}-{m['unit'].lower()}", m[0], m.start(), m.end(), optional=word == "this")
        )
    for m in _LAST_FRIDAY.finditer(text):
        day = _WEEKDAYS.index((m["day"] or m["day2"]).lower()) + 1
        word = (m["word"] or m["word2"]).lower()
        found = [f for f in found if not _inside(f, [Figure("", "", "", m.start(), m.end())])]
        found.append(Figure("date", f"{word}-week-{day}", m[0], m.start(), m.end()))
    for m in _DAY_OF_MONTH.finditer(text):
        word = {"previous": "last", "following": "next", "coming": "next"}.get(
            m["word"].lower(), m["word"].lower()
        )
        found = [f for f in found if not _inside(f, [Figure("", "", "", m.start(), m.end())])]
        found.append(Figure("date", f"{word}-month-{int(m['day']):02d}", m[0], m.start(), m.end()))
    for m in _YEAR_ALONE.finditer(text):
        if not _inside(Figure("", "", "", m.start(), m.end()), [*found, *exact]):
            word = next(name for name in ("two", "last", "this", "next") if m[name])
            part = _part((m["part"] or "").lower().removeprefix("the ") or None)
            canonical = ("two-years-ago" if word == "two" else f"{word}-year") + (f"/{part}" if part else "")
            found.append(Figure("date", canonical, m[0], m.start(), m.end(), optional=word == "this"))
    for m in _YEAR_ONLY.finditer(text):
        part = _part((m["part"] or "").lower().removeprefix("the ") or None)
        figure = Figure("date", m["year"] + (f"/{part}" if part else ""), m[0], m.start(), m.end())
        if not _inside(figure, found) and not _inside(figure, [f for f in exact if f.kind != "number"]):
            found.append(figure)
    return found


def _part(written: str | None) -> str | None:
    if not written:
        return None
    word = written.lower()
    if word.startswith(("early", "beginning", "start", "first")):
        return "early"
    if word.endswith("third"):
        return {"fir": "early", "mid": "mid"}.get(word[:3], "late")
    if word.endswith("half"):
        return "late"
    return "mid" if word.startswith(("mid", "second", "halfway")) else "late"


def _scaled(left: Figure, right: Figure) -> str:
    """The left end of a range in the right one's scale: "two to three hundred"."""
    scale = {"hundred": 100, "thousand": 1000}.get(right.text.lower().rpartition(" ")[2])
    if scale and re.fullmatch(r"\d{1,2}", left.canonical) and "hundred" not in left.text.lower():
        return str(int(left.canonical) * scale)
    return left.canonical


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """Figures with "3 to 5 days" and "150 to 160 pairs" made one."""
    joined: list[Figure] = []
    skip = False
    for left, right in pairwise([*figures, Figure("", "", "", len(text), len(text))]):
        if skip:
            skip = False
            continue
        between = text[left.end : right.start]
        low, high = _AMOUNT.match(_scaled(left, right)), _AMOUNT.match(right.canonical)
        coins = (low and low["cur"], high and high["cur"])
        both = (
            (left.kind == "number" and right.kind in ("number", "duration", "money", "percent"))
            # "$5 to $10": the sign stands twice.
            or (left.kind == right.kind and left.kind in ("money", "percent") and coins[0] == coins[1])
        ) and _RANGE_JOIN.fullmatch(between)
        if both and low and high and not high["mark"] and float(low["low"]) < float(high["low"]):
            if between.strip().lower() == "and" and not re.search(
                r"\bbetween\s+$", text[max(0, left.start - 9) : left.start], re.I
            ):
                joined.append(left)
                continue
            canonical = (
                f"{low['mark'] or ''}{high['cur'] or ''}{low['low']}..{high['low']}{high['unit'] or ''}"
            )
            joined.append(Figure(right.kind, canonical, text[left.start : right.end], left.start, right.end))
            skip = True
        else:
            joined.append(left)
    return joined


_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_SAME_CURRENCY = {"$": {"USD", "CAD", "AUD", "$"}, "¥": {"CNY", "JPY", "¥"}}


def says_same(zh: Figure, en: Figure, years: frozenset[str], *, dollar: str = "USD") -> bool:
    """Whether an English figure says what a Chinese one says.

    `years` are the years the Chinese text names: a date told without a year may be given one of them, or the
    one before it when the Chinese says 去年. `dollar` is what a bare $ means here.
    """
    if zh.canonical == "two-years-ago" and en.canonical == "24 month":
        return True
    if zh.kind == "date" or en.kind == "date":
        return zh.kind == en.kind and any(
            _same_date(zh.canonical, reading, years) for reading in en.canonical.split("|")
        )
    if zh.kind == "time" and en.kind == "time" and en.canonical == zh.canonical:
        return True
    if zh.kind == "time":
        hour, minute = (int(part) for part in zh.canonical.split(":"))
        # "some time past 2 a.m.": what stands before an hour bounds no number.
        return en.kind in ("number", "time", "case_id") and (
            en.canonical.lstrip("<>=~") in (str(hour), str(hour - 12), f"{hour % 12 or 12}")
            or en.text.replace(":", "").startswith(f"{hour % 12}{minute:02d}")
        )
    if zh.kind in IDENTIFIERS or en.kind in IDENTIFIERS:
        return zh.canonical == en.canonical
    if zh.currency and en.kind == "money":
        bare = _AMOUNT.match(zh.canonical)
        mark = (bare and bare["mark"]) or ""
        return _same_amount(f"{mark}{zh.currency} {zh.canonical.removeprefix(mark)}", en.canonical, dollar)
    if zh.kind == "number" and en.kind == "ordinal" and zh.canonical.isdigit() and int(zh.canonical) > 10:
        # 从第九名掉到一百名: a place in a ranking.
        return zh.canonical == en.canonical
    if {zh.kind, en.kind} == {"fraction", "percent"}:
        return _share(zh.canonical) == _share(en.canonical)
    if zh.kind == "ordinal" or en.kind == "ordinal":
        return zh.canonical == en.canonical.lstrip("~") and en.kind in ("ordinal", "number")
    if zh.kind == "frequency" or en.kind == "frequency":
        # "twice a week" tells how often and in what time.
        rhythm = re.sub(r"^\d+x ", "1 ", en.canonical)
        return {zh.kind, en.kind} <= {"frequency", "duration"} and zh.canonical in (en.canonical, rhythm)
    if re.match(r"under\b", en.text, re.IGNORECASE) and not re.match(r"[<>~]", zh.canonical):
        # "under two parent ASINs" says where, not how many.
        return _same_amount(zh.canonical, en.canonical.lstrip("<"), dollar)
    if (
        en.kind == "duration"
        and re.match(r"over\b", en.text, re.IGNORECASE)
        and not re.match(r"[<>~]", zh.canonical)
    ):
        # "over 4 days" may tell how long it took.
        return _same_amount(zh.canonical, en.canonical.lstrip(">"), dollar)
    if zh.kind == "duration" and en.kind == "number" and re.match(r"over\b", en.text, re.IGNORECASE):
        return _same_amount(zh.canonical.rpartition(" ")[0], en.canonical.lstrip(">"), dollar)
    if zh.kind == "number" and en.kind == "duration" and "year" in en.text and zh.canonical.isdigit():
        return en.canonical == f"{12 * int(zh.canonical)} month"  # 32岁: "32 years old"
    if zh.kind == en.kind == "duration" and "半" in zh.text and _half_said(zh.canonical, en.canonical):
        return True
    if en.text.lower().startswith("a full ") and _same_amount(
        zh.canonical, en.canonical.lstrip(">="), dollar
    ):
        return True
    if {zh.kind, en.kind} == {"duration", "number"}:
        # "from one day to three": English tells the unit once.
        return en.kind == "number" and _same_amount(zh.canonical.rpartition(" ")[0], en.canonical, dollar)
    return _same_amount(zh.canonical, en.canonical, dollar)


_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}


def _half_said(zh: str, en: str) -> bool:
    """Whether an English length is that of a Chinese one with a half, which is never meant to the day.

    半年 is "about six months" too, 半个月 "two weeks" or "15 days", 一个半月 "six weeks".
    """
    left, right = _AMOUNT.match(zh), _AMOUNT.match(en)
    units = [(m["unit"] or "").strip() if m else "" for m in (left, right)]
    if not left or not right or left["high"] or right["high"] or not set(units) <= set(_DAYS):
        return False
    if (left["mark"] or "") != (right["mark"] or "") and (left["mark"] or right["mark"] != "~"):
        return False
    days = [float(m["low"]) * _DAYS[u] for m, u in zip((left, right), units, strict=True)]
    return abs(days[0] - days[1]) <= 0.07 * days[0]


def _same_amount(zh: str, en: str, dollar: str) -> bool:
    left, right = _AMOUNT.match(zh), _AMOUNT.match(en)
    if not left or not right:
        return zh == en
    if not _same_unit((left["cur"] or "").strip(), (right["cur"] or "").strip(), dollar) or not _same_measure(
        (left["unit"] or "").strip(), (right["unit"] or "").strip()
    ):
        return False
    size, size_en = (
        _MINUTES.get((left["unit"] or "").strip(), 1),
        _MINUTES.get((right["unit"] or "").strip(), 1),
    )
    low, high = size * float(left["low"]), size * float(left["high"] or left["low"])
    low_en, high_en = size_en * float(right["low"]), size_en * float(right["high"] or right["low"])
    mark, mark_en = left["mark"] or "", right["mark"] or ""
    if mark_en == "?":
        # "a limit of 2.5%" for 2.5%以内, and for a bare 2.5%: the bound is in the word beside it.
        mark_en = mark if mark in ("", "<", "<=", ">", ">=", "?") else ""
    if mark == "~" and low == high == 10 and (low_en, high_en) == (11, 19):
        return True  # 十来个: "about a dozen"
    if mark == ">=" and not left["high"] and right["high"] and low in (100, 1000, 10000) and low_en >= low:
        return True  # 上千: "thousands"
    if left["high"] and not mark_en.strip("~") and (low, high) == (low_en, high_en):
        return True
    if left["high"] and low == 11 and high == 19:
        return (
            (mark_en in (">", ">=") and low_en in (10, 11))
            or (mark_en == "~" and 12 <= low_en <= 15)
            or (low_en in (10, 11) and high_en in (19, 20))
        )
    if left["high"] and low % 10 == 1 and high == low + 8 and low_en == low - 1 and mark_en in (">", ">="):
        return True  # 二十几: "more than twenty", "twenty-odd"
    if left["high"] and high > 2 * low:
        return (low_en >= low and high_en <= high and low_en != high_en) or (
            mark_en in (">", ">=") and low_en == low
        )
    if left["high"]:
        return low == low_en and high == high_en
    if low != low_en or high != high_en:
        return False
    if mark == ">=" and mark_en == "~" and low in (100, 1000, 10000):
        return True  # 上百: "about a hundred"
    if low == 1:
        return True  # 一天以上 and "a day", "one line" and "over one line"
    if low in (18, 30) and (left["unit"] or "").strip() == "month":
        return True  # "nearly a year and a half" is found without its "nearly"
    fair = {
        # "no later than three days" and "no more than 12" bound what the Chinese bounds by 内 and 只有.
        "": {"", "<="},
        # 差不多 is "about" to some and "nearly" to others.
        "~": {"~", "<~"},
        "<~": {"<~", "<", "~"},
        ">~": {">", ">=", "~"},
        "<": {"<", "<~", "<="},
        "~?": {"", "~", "<~"},
        "<?": {"", "<=", "<", "~", "<~"},
        ">?": {"", ">=", ">"},
        ">": {">", ">="},
        ">=": {">=", ">"},
        "<=": {"<=", "<"},
    }
    return mark_en in fair[mark]


def _share(canonical: str) -> float | None:
    """What a fraction or a percentage comes to in hundredths: 1/10 and 10 % are the same."""
    part, _, whole = canonical.partition("/")
    if whole:
        return round(100 * int(part) / int(whole), 4)
    number = re.fullmatch(r"([\d.]+)%", canonical)
    return float(number[1]) if number else None


def _same_measure(zh: str, en: str) -> bool:
    """Whether two units of time can be turned into each other: 72小时 and "three days", 两周 and "14 days"."""
    return zh == en or (zh in _MINUTES and en in _MINUTES)


def _same_unit(zh: str, en: str, dollar: str) -> bool:
    if zh == en:
        return True
    if en in _SAME_CURRENCY and zh:
        return zh == dollar if en == "$" and zh != "$" else zh in _SAME_CURRENCY[en]
    return zh == "$" and en in _SAME_CURRENCY["$"]


_DATE = re.compile(
    r"^(?P<year>\d{4}|-|last-year|this-year|next-year|two-years-ago)(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?(?:/(?P<part>[\w-]+))?$"
)


def _same_date(zh: str, en: str, years: frozenset[str]) -> bool:
    left, right = _DATE.match(zh), _DATE.match(en)
    if not left or not right:
        # "last month" for 上个月底: the part may go unsaid.
        return zh.split("/")[0] == en.split("/")[0] or (zh.startswith(f"{en}-") and en.endswith("week"))
    if (left["month"], left["day"]) != (right["month"], right["day"]):
        return False
    if left["part"] != right["part"] and right["part"] not in (left["part"] or "").split("-"):
        return False
    year, year_en = left["year"], right["year"]
    if year == year_en or (year_en == "-" and year != "-"):
        return True
    if year == "-":
        # A year may be made plain where the Chinese leaves no doubt about it.
        return (
            year_en in years
            or year_en in {str(int(y) + 1) for y in years}
            or year_en in ("this-year", "last-year")
        )
    if year in ("last-year", "this-year", "next-year", "two-years-ago"):
        shift = {"last-year": -1, "this-year": 0, "next-year": 1, "two-years-ago": -2}[year]
        return year_en in {str(int(y) + shift) for y in years}
    return False
