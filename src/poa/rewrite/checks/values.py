"""Dates, numbers, money, identifiers: each of the Chinese in the English, none besides, none changed places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.figures import IDENTIFIERS, Figure
from poa.rewrite.reading import Reading

__all__ = ["counts_kept", "courses_kept", "totals_kept", "values_kept", "values_not_swapped"]

_FAMILY = {"duration": "number", "time": "number", "ordinal": "number"}


def values_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Values that are missing, altered or added.

    A value that went and another of its kind that came are a change. One that only went, or only came, is a fault
    where it weighs: English words small counts in too many ways ("both", "the other", "these") to ask for each.
    """
    lost = [
        z
        for z in reading.zh_figures
        if not z.optional and not any(reading.same(z, e) for e in reading.en_figures)
    ]
    added = [
        e
        for e in reading.en_figures
        if not e.optional
        and not any(reading.same(z, e) for z in reading.zh_figures)
        and not _stands_elsewhere(reading, e)
    ]
    if not any(z.kind == "duration" for z in lost):
        # "two days later, on 24 September" only counts what the dates say.
        added = [e for e in added if not (e.kind == "duration" and _LATER.match(reading.en, e.end))]
    # "this year" needs nothing in the Chinese, and is still no 去年.
    years = [
        e
        for e in reading.en_figures
        if e.optional and e.kind == "date" and not any(reading.same(z, e) for z in reading.zh_figures)
    ]
    for zh in lost:
        other_year = next((e for e in years if zh.kind == "date" and zh.canonical.endswith("-year")), None)
        if other_year:
            years.remove(other_year)
            yield _altered(zh, other_year)
            continue
        twins = [e for e in added if _family(e) == _family(zh)]
        twin = max(twins, key=lambda e: _fit(reading, zh, e), default=None)
        if twin:
            added.remove(twin)
            yield _altered(zh, twin)
        elif (
            zh.kind == "date"
            and not re.search(r"-\d\d-\d\d$", zh.canonical)
            and _SAME_MONTH.search(reading.en)
        ):
            continue  # "at the start of that month", where the month is named
        elif _weighs(zh) and not _loosely_kept(zh, reading.en_figures):
            yield RewriteFinding(
                "missing_value",
                f"The Chinese says “{zh.text}”; the English does not say it.",
                f"中文写了“{zh.text}”,英文里没有。",
                zh_start=zh.start,
                zh_end=zh.end,
            )
    for en in added:
        counted = (
            en.kind == "number"
            and max(_quantities(en), default=0.0) > 2
            and not re.match(
                r"\s+(?:other|further|additional|more|separate|distinct|different|reasons|causes|things|matters|points|measures|factors)\b",
                reading.en[en.end :],
            )
        )
        if (_weighs(en) or counted) and not _loosely_kept(en, reading.zh_figures):
            yield RewriteFinding(
                "invented_value",
                f"“{en.text}” stands in the English but not in the Chinese.",
                f"英文里的“{en.text}”在中文里没有。",
                en.start,
                en.end,
            )
    if not lost:
        yield from _traded(reading)


_LATER = re.compile(r"\s+(?:later|after|afterwards|before|earlier|thereafter)\b", re.IGNORECASE)
_SAME_MONTH = re.compile(r"\b(?:that|the same|this) month\b", re.IGNORECASE)


def _stands_elsewhere(reading: Reading, en: Figure) -> bool:
    """Whether an English figure without a counterpart only reads like one: the name of a room, the year of a date."""
    if en.kind == "number" and re.search(rf"(?<!\d){re.escape(en.text)}(?![\d年月日号.,])", reading.plain):
        return True  # the name of a site, a room, a model: the same digits stand in the Chinese
    if en.kind == "number" and _bare_numeral(reading, en.canonical):
        return True  # 六面标签: a numeral before what no list of measure words knows
    if en.kind == "frequency" and re.search(_UNITS.get(en.canonical.split(" ")[-1], "$^"), reading.plain):
        return True  # a "quarterly bonus" is no frequency of its own
    if en.kind == "date" and any(z.canonical.startswith(f"{en.canonical}-") for z in reading.zh_figures):
        return True  # "Black Friday last year" where the Chinese dates all of it: the year is told
    return en.canonical == "1 day" and bool(re.search("第二天|次日|翌日|隔天|天", reading.plain))


_NUMERALS = "零一二三四五六七八九十"


def _bare_numeral(reading: Reading, canonical: str) -> bool:
    """Whether the Chinese holds the character of a small number in no figure of its own."""
    number = canonical.lstrip("<>=~?")
    if not number.isdigit() or not 2 <= int(number) <= 10:
        return False
    return any(
        not any(f.start <= m.start() < f.end for f in reading.zh_figures)
        for m in re.finditer(_NUMERALS[int(number)], reading.plain)
    )


def _weighs(figure: Figure) -> bool:
    """Whether a figure is more than a small count or a rhythm, which English may word without a figure."""
    if figure.kind in ("number", "duration", "ordinal", "frequency", "time"):
        return max(_quantities(figure), default=0.0) > 4 and figure.kind not in (
            "ordinal",
            "frequency",
            "time",
        )
    if figure.kind == "date":
        return bool(re.search(r"-\d\d(?:-\d\d)?(?:/|$)", figure.canonical))
    return True


def _quantities(figure: Figure) -> frozenset[float]:
    """The numbers in a figure, without their unit, their currency and what is said of their exactness."""
    if figure.kind == "date":
        return frozenset()
    numbers = re.findall(r"\d+(?:\.\d+)?", figure.canonical)
    return frozenset(float(n) for n in numbers)


def _loosely_kept(figure: Figure, others: tuple[Figure, ...]) -> bool:
    """Whether the other text holds the same number in some other wording: "over thirty" for 30天, a range's end."""
    if figure.kind in IDENTIFIERS or figure.kind == "money":
        return False
    own = _quantities(figure)
    return bool(own) and any(
        own & _quantities(o) for o in others if o.kind not in IDENTIFIERS and o.kind != "money"
    )


def _fit(reading: Reading, zh: Figure, en: Figure) -> float:
    clause, place = reading.zh_clause_of(zh.start), reading.en_clause_of(en.start)
    return 0.0 if clause is None or place is None else reading.nearness[clause][place]


def _traded(reading: Reading) -> Iterator[RewriteFinding]:
    """A count said once less than in the Chinese where another one is said once more: "two reviews" for 三条.

    Either alone is honest (English says "these" for a count told again); both together in one place are a change.
    """
    counts = [z for z in reading.zh_figures if z.kind == "number" and not z.optional]
    told = {z.canonical: [o for o in counts if o.canonical == z.canonical] for z in counts}
    said = {
        c: [e for e in reading.en_figures if e.kind == "number" and reading.same(zs[0], e)]
        for c, zs in told.items()
    }
    fewer = [c for c in told if len(said[c]) < len(told[c])]
    more = [c for c in told if len(said[c]) > len(told[c])]
    for less in fewer:
        for much in more:
            for zh in told[less]:
                clause = reading.zh_clause_of(zh.start)
                if clause is None:
                    continue
                row = reading.nearness[clause]
                best = reading.en_clauses[row.index(max(row))]
                here = [e for e in said[much] if best.start <= e.start < best.end]
                own = any(
                    z
                    for z in told[much]
                    if reading.zh_sentence_at(z.start) == reading.zh_clauses[clause].sentence
                )
                if here and not own and not any(best.start <= e.start < best.end for e in said[less]):
                    yield _altered(zh, here[0])
                    return


_UNITS = {"day": "日|天", "week": "周|星期", "month": "月|季|年", "hour": "时"}


def _family(figure: Figure) -> str:
    return "identifier" if figure.kind in IDENTIFIERS else _FAMILY.get(figure.kind, figure.kind)


def _altered(zh: Figure, en: Figure) -> RewriteFinding:
    return RewriteFinding(
        "altered_value",
        f"The Chinese says “{zh.text}”; the English says “{en.text}”.",
        f"中文写的是“{zh.text}”,英文写成了“{en.text}”。",
        en.start,
        en.end,
        zh.start,
        zh.end,
    )


def values_not_swapped(reading: Reading) -> Iterator[RewriteFinding]:
    """Two values of one kind that each stand in the other's place."""
    near: dict[tuple[int, int], float] = {}
    told = {
        (z.kind, z.canonical): z
        for z in reading.zh_figures
        if z.canonical not in ("1", "2..9") and z.kind != "ordinal" and not z.optional
    }
    for a, b in combinations(told.values(), 2):
        if a.kind != b.kind and {a.kind, b.kind} != {"number", "money"}:
            continue
        between = reading.plain[a.end : b.start]
        if re.fullmatch(r"[和与及、,，或到至–-]+", between) or (
            len(between) <= 8 and re.search(_FROM_TO.pattern + "$", between)
        ):
            # Two of one list have no places to change; which way a course runs is another check's matter.
            continue
        here, there = _all(reading, a), _all(reading, b)
        if not here[1] or not there[1] or here[1] == there[1]:
            continue
        straight = _closeness(reading, near, here[0], here[1]) + _closeness(reading, near, there[0], there[1])
        one, other = (
            _closeness(reading, near, here[0], there[1]),
            _closeness(reading, near, there[0], here[1]),
        )
        crossed = one + other
        # Each has to stand in the other's place: where one of them only stands among words no list knows, nothing moved.
        if min(one, other) < 0.2:
            continue
        if crossed > straight + (0.4 if a.kind == "date" else 0.13) and crossed > max(0.4, 1.6 * straight):
            en = here[1][0]
            yield RewriteFinding(
                "swapped_values",
                f"“{en.text}” and “{there[1][0].text}” have changed places: the Chinese says “{a.text}” of one thing and “{b.text}” of the other.",
                f"“{en.text}”和“{there[1][0].text}”的位置对调了。",
                en.start,
                en.end,
                a.start,
                a.end,
                rule="swapped",
            )
            return


# What these letters count again and again, and English counts by the same few words.
_COUNTED = frozenset(("买家", "客户", "顾客", "订单", "页面", "家长", "员工", "客服", "变体"))


_NOUNS = frozenset(("buyers", "customers", "orders", "pages", "parents", "employees", "variations"))


def counts_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """A number said of the wrong thing: "12 buyers" where the Chinese counts 22位买家 and 12个页面."""
    bound: dict[str, list[Figure]] = {}
    tied: set[tuple[str, str]] = set()
    for figure in reading.zh_figures:
        if figure.kind != "number" or figure.optional:
            continue
        term = next((t for t in reading.terms if 0 <= t.start - figure.end <= 1 and t.weight), None)
        if term is not None and term.text in _COUNTED:
            tied.add((figure.kind, figure.canonical))
            for one in term.core:
                bound.setdefault(one, []).append(figure)
    for figure in reading.en_figures:
        if figure.kind != "number" or figure.optional:
            continue
        words = [t for t in reading.words if 0 < t.start - figure.end < 30][:4]
        noun = next((t for t in words if t.stem in bound and t.text.lower() in _NOUNS), None)
        if noun is None or re.search(r"[.,;:]", reading.en[figure.end : noun.start]):
            continue
        if any(reading.same(zh, figure) for zh in bound[noun.stem]):
            continue
        meant = [zh for zh in reading.zh_figures if reading.same(zh, figure)]
        if meant and all((zh.kind, zh.canonical) in tied for zh in meant):
            zh = bound[noun.stem][0]
            yield RewriteFinding(
                "swapped_values",
                f"“{reading.en[figure.start : noun.end]}”: the Chinese counts “{zh.text}” of these.",
                f"“{reading.en[figure.start : noun.end]}”与中文“{zh.text}”不符。",
                figure.start,
                noun.end,
                zh.start,
                zh.end,
            )


_EACH = re.compile(r"\s*(?:each\b|apiece\b|per\s|a piece\b|an order\b|for (?:each|every)\b)", re.IGNORECASE)
_TOTAL = re.compile(r"(?:一共|总共|合计|总计|加起来|共计|共)$")


def totals_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """A total told as the price of each: "8,000 yuan each" for 加起来8000元."""
    for en in reading.en_figures:
        if en.kind != "money" or not _EACH.match(reading.en, en.end):
            continue
        told = [z for z in reading.zh_figures if reading.same(z, en)]
        if told and all(_TOTAL.search(reading.plain[max(0, z.start - 4) : z.start]) for z in told):
            yield RewriteFinding(
                "swapped_values",
                f"“{en.text}” is the total in the Chinese, not the price of each.",
                f"“{en.text}”在中文里是总数,不是单价。",
                en.start,
                en.end,
                told[0].start,
                told[0].end,
            )


_FROM_TO = re.compile(
    r"\s*(?:改成|改为|改到|变成|掉到|降到|升到|涨到|升至|降至|增加到|减少到|到了|到|至|变更为)了?\s*(?:从)?"
)


def courses_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Courses told backwards: 从312掉到148 as "from 148 to 312"."""
    for a, b in pairwise(reading.zh_figures):
        if not re.search(_FROM_TO.pattern + r"$", reading.plain[a.end : b.start]) or b.start - a.end > 6:
            continue
        for first, second in pairwise(reading.en_figures):
            between = reading.en[first.end : second.start]
            if (
                reading.same(b, first)
                and reading.same(a, second)
                and re.fullmatch(r"\s*(?:to|into|until|till|through|–|-|and|up to|down to)\s*", between)
            ):
                yield RewriteFinding(
                    "swapped_values",
                    f"“{reading.en[first.start : second.end]}” runs the other way in the Chinese (“{reading.zh[a.start : b.end]}”).",
                    f"“{reading.en[first.start : second.end]}”的先后和中文(“{reading.zh[a.start : b.end]}”)相反。",
                    first.start,
                    second.end,
                    a.start,
                    b.end,
                )


def _all(reading: Reading, figure: Figure) -> tuple[list[Figure], list[Figure]]:
    """Every place where a figure stands, in the Chinese and in the English."""
    zh = [z for z in reading.zh_figures if (z.kind, z.canonical) == (figure.kind, figure.canonical)]
    return zh, [e for e in reading.en_figures if reading.same(figure, e)]


def _closeness(
    reading: Reading, near: dict[tuple[int, int], float], zh: list[Figure], en: list[Figure]
) -> float:
    """How well English places of a figure fit Chinese ones, each with its best."""
    for z in zh:
        for e in en:
            if (z.start, e.start) not in near:
                near[z.start, e.start] = _nearness(reading, z, e)
    return sum(max(near[z.start, e.start] for z in zh) for e in en) / len(en)


def _nearness(reading: Reading, zh: Figure, en: Figure) -> float:
    """How much the words right around two figures have in common, the nearest counting most."""
    score = 0.0
    clause = next((c for c in reading.zh_clauses if c.start <= zh.start < c.end), None)
    rarity = reading._rarity
    start, end = next(((s, e) for s, e in reading.en_sentences if s <= en.start < e), (0, len(reading.en)))
    nearby = [t for t in reading.words if start <= t.start < end and abs(t.start - en.start) < 60]
    for term in reading.terms:
        inside = clause is not None and clause.start <= term.start < clause.end
        gap = max(0, term.start - zh.end, zh.start - term.end)
        if (not inside and gap > 6) or gap > 14:
            continue
        best = 0.0
        for token in nearby:
            if token.stem in term.stems:
                between = reading.en[min(en.end, token.end) : max(en.start, token.start)]
                distance = len(between.split()) + (4 if any(c in between for c in ",;.") else 0)
                best = max(best, rarity.get(token.stem, 0.0) / (1 + 0.35 * distance))
        score += best * (1.0 if inside else 0.5) / (1 + 0.12 * gap)
    return score
