"""Values in English text: dates, durations, frequencies, numbers, money, identifiers, addresses.

Every written form of one value has one canonical form (see `Value`), so that "the 13th of May 2024",
"2024-05-13" and "May 13, 2024" are equal, and 3 is never found inside 30.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache

from poa.values.base import Value

__all__ = ["MONTHS", "NUMBER_WORDS", "find_values", "parse_number_words", "same_value"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = {word: n for n, word in enumerate(_ONES)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_ORDINAL_DAYS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
    "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_ORDINALS = {word: n for n, word in enumerate(_ORDINAL_DAYS, start=1)}

_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|"
    + "|".join(sorted(_ORDINALS, key=len, reverse=True))
    + r")\b(?!\.\d)(?!\s*(?:%|percent\b|per\s+cent\b))"
)
_YEAR = r"(?:19|20)\d\d\b"
# After a bare comma a number that counts something is no day: "On October 12, 38 of our listings".
_JOIN = (
    r"(?:\s*(?:-|–|—|to|until|till|through|and|up\sto|through\sto"
    r"|,(?!\s*\d{1,2}\s+(?!and\b|or\b|to\b|through\b|until\b|we\b)[a-z]))\s*(?:and\s+)?(?:the\s+)?)"
)

# Written as short as can be: the pattern below holds each of these many times, and reading it is a good part of
# the time that the program takes to start.
_ONE = r"(?:zero|one|two|three|(?:four|six|seven|nine)(?:teen)?|five|eight(?:een)?|ten|eleven|twelve|(?:thir|fif)teen)\b"
_ONE_TO_NINE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TWO_DIGITS = rf"(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty\b(?:[\s-]+{_ONE_TO_NINE}\b(?!-star))?|{_ONE})"
_AND_BELOW_HUNDRED = rf"(?:\s+(?:and\s+)?{_TWO_DIGITS})?"
_BELOW_THOUSAND = (
    rf"(?:(?:(?:a\s+)?hundred\b|{_TWO_DIGITS}(?:\s+hundred\b)?)(?:(?<=hundred){_AND_BELOW_HUNDRED})?)"
)
_SCALE = r"(?:thousand|million)\b"
_NUMBER_WORDS = (
    rf"(?:(?:(?:a|{_ONE})\s+)?dozen\b|(?:(?:a\s+)?{_SCALE}|{_BELOW_THOUSAND}(?:\s+{_SCALE})?)"
    rf"(?:(?:(?<=thousand)|(?<=million))\s+(?:and\s+)?{_BELOW_THOUSAND})?)"
)
_CURRENCY_SIGN = r"(?:US\s?\$|USD|CA\s?\$|C\$|CAD|AU\s?\$|A\$|AUD|GBP|EUR|JPY|CNY|RMB|HK\$|HKD|NT\s?\$|TWD|SEK|PLN|INR|AED|SAR|₹|SGD|S\$|MXN|\$|£|€|¥|￥)"
_CURRENCY_WORD = r"(?:US\sdollars?|U\.S\.\sdollars?|Canadian\sdollars?|Hong\sKong\sdollars?|(?:Mexican\s)?pesos?|(?:Swedish\s)?kron[ao]r?|(?:Polish\s)?zlot(?:ys?|ych)|(?:Indian\s)?rupees?|dirhams?|(?:Saudi\s)?riyals?|New\sTaiwan\sdollars?|Singapore\sdollars?|Australian\sdollars?|dollars?|pounds?(?:\ssterling)?|euros?|yuan|renminbi|yen|USD|CAD|AUD|GBP|EUR|JPY|CNY|RMB)\b"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# What may stand between a number and its unit: "two additional years".
_WHICH_DAYS = r"(?:(?:full|whole|entire|complete|working|business|calendar|consecutive|additional|further|extra|more)\s+)"
_TIME_UNIT = r"(?:minute|hour|day|week|month|quarter|year|half-year)"

_CURRENCIES = {
    "US$": "USD", "USD": "USD", "CA$": "CAD", "C$": "CAD", "CAD": "CAD", "AU$": "AUD", "A$": "AUD", "AUD": "AUD",
    "GBP": "GBP", "£": "GBP", "EUR": "EUR", "€": "EUR", "JPY": "JPY", "CNY": "CNY", "RMB": "CNY", "¥": "¥", "￥": "¥",
    "HK$": "HKD", "NT$": "TWD", "TWD": "TWD", "SEK": "SEK", "PLN": "PLN", "INR": "INR", "₹": "INR", "AED": "AED", "SAR": "SAR",
    "peso": "MXN", "mexican peso": "MXN", "krona": "SEK", "kronor": "SEK", "swedish krona": "SEK", "swedish kronor": "SEK",
    "zloty": "PLN", "polish zloty": "PLN", "rupee": "INR", "indian rupee": "INR", "dirham": "AED", "riyal": "SAR", "saudi riyal": "SAR", "hong kong dollar": "HKD", "new taiwan dollar": "TWD", "singapore dollar": "SGD", "HKD": "HKD", "SGD": "SGD", "S$": "SGD", "MXN": "MXN", "$": "$",
    "us dollar": "USD", "u.s. dollar": "USD", "canadian dollar": "CAD", "australian dollar": "AUD", "dollar": "$",
    "pound": "GBP", "pound sterling": "GBP", "pounds sterling": "GBP", "euro": "EUR", "yuan": "CNY",
    "renminbi": "CNY", "yen": "JPY",
}  # fmt: skip
_SAME_SIGN = {"$": frozenset({"USD", "CAD", "AUD", "HKD", "SGD", "MXN"}), "¥": frozenset({"CNY", "JPY"})}
_FREQUENCIES = {
    "hourly": "1 hour", "daily": "1 day", "weekly": "1 week", "fortnightly": "2 week", "monthly": "1 month",
    "quarterly": "3 month", "halfyearly": "6 month", "twice yearly": "6 month", "twice-yearly": "6 month", "twice annually": "6 month",
    "once yearly": "12 month", "half-yearly": "6 month", "semiannual": "6 month",
    "semiannually": "6 month", "semi-annual": "6 month", "semi-annually": "6 month", "biannual": "6 month",
    "biannually": "6 month", "bi-annual": "6 month", "bi-annually": "6 month", "yearly": "12 month",
    "annual": "12 month", "annually": "12 month", "biweekly": "2 week", "bi-weekly": "2 week",
    "bimonthly": "2 month", "bi-monthly": "2 month",
}  # fmt: skip


def _beginnings() -> str:
    """A pattern for the first letters of every word that a value can begin with."""
    signs = "nt twd sek pln inr aed sar us ca c$ au a$ gbp eur jpy cny rmb hk s$ sgd mxn"
    others = (
        "last half a hundred thousand million dozen each every per once twice day week month year half-year"
    )
    words = {*MONTHS, *NUMBER_WORDS, *_ORDINALS, *_FREQUENCIES, *signs.split(), *others.split()}
    starts = sorted({word[:3] if len(word) > 2 else word for word in words})
    # Classes, since the engine skips a class at once and tries a letter of either case the long way.
    letters = {
        c: re.escape(c) if c in "-$" else f"[{c}{c.upper()}{_ALSO.get(c, '')}]" for c in set("".join(starts))
    }
    return "|".join("".join(letters[c] for c in start) for start in starts)


# What matches a letter besides itself where case is ignored.
_ALSO = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
# Where a value can begin, asked once and cheaply before all the ways it may go on: at the first letters of
# certain words, at a figure or a sign, or at a word that holds a figure or goes on to an @. Only the address of
# a page may begin within a word.
_BEGIN = rf"(?:(?<!\w)(?=[\d+$£€¥￥]|[^\x00-\x7f]|{_beginnings()}|[^\W\d]*+\d|(?<![\w.+-])[\w.+-]*+@)|(?=https?://|www\.))"

# One pattern, one pass: the order of the alternatives is the order of precedence at one place.
_VALUE = re.compile(
    rf"""
    {_BEGIN} (?:
    (?P<email>(?<![\w.+-])[A-Za-z0-9][\w.+-]{{0,63}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,8}})
  | (?P<url>(?:https?://|www\.)[^\s<>"'()\[\]，。；、）（]+)
  | (?P<order_id>(?<![\w-])\d{{3}}-\d{{7}}-\d{{7}}(?![\w-]))
  | (?P<iso>(?<![\w/-])(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d{{1,2}})[-/.](?P<id>\d{{1,2}})(?![\w/-]))
  | (?P<dashed>(?<![\w-])(?P<dd>\d{{1,2}})[-/](?P<dmon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[-/](?P<dyear>(?:19|20)\d\d)\b)
  | (?P<span>(?<![\w/.-])(?P<pa>\d{{1,2}})\.(?P<pb>\d{{1,2}})\.\s?[-–]\s?(?P<pc>\d{{1,2}})\.(?P<pd>\d{{1,2}})\.(?P<py>(?:19|20)\d\d)(?![\w/]))
  | (?P<slash>(?<![\w/])(?<!\D-)(?P<sa>\d{{1,2}})[/.](?P<sb>\d{{1,2}})[/.](?P<sy>(?:19|20)\d\d)(?![\w/]))
  | (?P<monthyear>(?<![\w/.-])(?P<ym>0?[1-9]|1[0-2])/(?P<yy>(?:19|20)\d\d)(?![\w/-]))
  | (?P<lastday>\blast\s+day\s+of\s+(?P<lm>{_MONTH}),?\s+(?P<ly>{_YEAR}))
  | (?P<dates>(?<![\w-])(?:
        (?P<md>{_MONTH}\s+(?:the\s+)?{_DAY}(?:{_JOIN}{_DAY}){{0,8}}(?![\s-]*(?:{_MONTH})))(?:,?\s+(?P<mdy>{_YEAR}))?
      | (?P<dm>{_DAY}(?:{_JOIN}{_DAY}){{0,8}}\s+(?:day\s+)?(?:of\s+)?{_MONTH})(?:,?\s+(?P<dmy>{_YEAR}))?
      | (?P<my>{_MONTH})(?:,|\s+of)?\s+(?P<myy>{_YEAR})
    ))
  | (?P<money>(?<![\w.,])(?:{_DIGITS})-(?:dollars?|euros?|pounds?|yuan|yen)\b|(?<![\w$]){_CURRENCY_SIGN}\s?(?:{_DIGITS})(?!\d)|(?<![\w.,])(?:(?:{_DIGITS})|{_NUMBER_WORDS})(?:\s*\(\d{{1,6}}\))?\s?(?:{_CURRENCY_WORD}|[€£](?!\w)))
  | (?P<percent>(?<![\w.,])(?:(?:{_DIGITS})\s?%|(?:(?:{_DIGITS})|{_NUMBER_WORDS})\s+(?:percent\b|per\s+cent\b)))
  | (?P<times>\b(?:(?:two|three|four|six|2|3|4|6)\s+times)\s+(?:in\s+)?(?:a|per|each|every)\s+(?:week|month|year)\b)
  | (?P<code>(?<![\w-])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{{6,20}}(?![\w-]))
  | (?P<phone>(?<![\w-])\+\d[\d\s().-]{{6,18}}\d(?![\w-]))
  | (?P<case_id>(?<![\w.,-])\d{{8,}}(?![\w-]|[.,]\d))
  | (?P<halfduration>(?<![\w.,])(?:half\s+an?\s+hour|(?:an|one)\s+hour\s+and\s+a\s+half|(?:(?:{_DIGITS})|{_NUMBER_WORDS})\s+and\s+a\s+half\s+{_TIME_UNIT}s?)\b)
  | (?P<nweekly>\b(?:two|three|four|six|[2-9]|1[0-2])-(?:hourly|daily|weekly|monthly|yearly)\b)
  | (?P<duration>(?<![\w.,])(?:(?:{_DIGITS})|{_NUMBER_WORDS})(?:\s*\(\d{{1,3}}\))?(?:\s+|-){_WHICH_DAYS}?{_TIME_UNIT}s?\b(?:['’])?)
  | (?P<number>(?<![\w.,/-])(?:{_DIGITS})\s(?:thousand|million)\b|(?<![\w.,/-])(?:{_DIGITS})(?=-(?:star|page|question|member|piece|unit|item|person|point|step|pack)s?\b|(?![\w/]|-\d|,\d|\.\d))
      |(?<![\w-])(?:{_NUMBER_WORDS})\b)
  | (?P<frequency>\b(?:hourly|daily|weekly|fortnightly|bi-?weekly|monthly|bi-?monthly|quarterly|half-?yearly|twice[\s-]yearly|twice\s+annually|once\s+yearly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|yearly|annual(?:ly)?)\b)
  | (?P<everyother>\bevery\s+(?:other|second|third|sixth)\s+(?:day|week|month|year)\b)
  | (?P<bytime>\b(?:day\s+(?:by|after)\s+day|week\s+(?:by|after)\s+week|month\s+(?:by|after)\s+month|year\s+(?:by|after)\s+year)\b)
  | (?P<period>\b(?:each|every|per|once\s+(?:in\s+)?(?:a|per|every|each)|twice\s+(?:in\s+)?(?:a|per|every|each)|(?:one|1)\s+time\s+(?:a|per|each|every)|(?<!half\s)a)\s+(?:calendar\s+|working\s+|business\s+)?(?:hour|day|week|fortnight|month|quarter|half-year|half\s+year|year)\b)
  | (?P<monthonly>(?<=\s){_MONTH}(?=\s*(?:-|–|to|until|through|and)\s+{_MONTH}\s+{_YEAR}))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)

_MONTHS_IN = {"quarter": 3, "half-year": 6, "year": 12}


def parse_number_words(text: str) -> int | None:
    """The whole number that English words spell ("three hundred and ten" → 310); None when they spell none."""
    total, group, seen = 0, 0, False
    for word in re.split(r"[\s-]+", text.lower().strip()):
        if word == "and":
            continue
        if word == "a":
            group, seen = 1, True
        elif word in NUMBER_WORDS:
            group, seen = group + NUMBER_WORDS[word], True
        elif word == "dozen":
            group, seen = max(group, 1) * 12, True
        elif word == "hundred":
            group, seen = max(group, 1) * 100, True
        elif word in ("thousand", "million"):
            total += max(group, 1) * (1000 if word == "thousand" else 1_000_000)
            group, seen = 0, True
        else:
            return None
    return total + group if seen else None


def _number(text: str) -> str:
    text = text.strip()
    scaled = re.fullmatch(r"([\d.,]+)\s(thousand|million)", text, re.IGNORECASE)
    if scaled:
        factor = 1000 if scaled[2].lower() == "thousand" else 1_000_000
        return _number(f"{float(scaled[1].replace(',', '')) * factor:.4f}")
    if text[0].isdigit():
        plain = text.replace(",", "")
        whole, dot, rest = plain.partition(".")
        rest = rest.rstrip("0")
        whole = str(int(whole))
        return f"{whole}.{rest}" if dot and rest else whole
    spelled = parse_number_words(text)
    return text.lower() if spelled is None else str(spelled)


def _duration(number: str, unit: str) -> str:
    unit = unit.lower()
    if unit in _MONTHS_IN and re.fullmatch(r"\d+", number):
        return f"{int(number) * _MONTHS_IN[unit]} month"
    return f"{number} {unit}"


_EVERY_OTHER = {"other": "2", "second": "2", "third": "3", "sixth": "6"}


def _and_a_half(written: str) -> str:
    """The duration that "half an hour", "an hour and a half" or "two and a half hours" names."""
    lower = written.lower()
    if lower.startswith("half"):
        return "30 minute"
    if "hour and" in lower:
        return "90 minute"
    number, _, unit = re.split(r"\s+(and\s+a\s+half)\s+", lower)
    return f"{_number(number)}.5 {unit.rstrip('s')}"


_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


def _in_minutes(canonical: str) -> float | None:
    """A duration in minutes; None for months, whose length varies, and for what is no plain number."""
    number, _, unit = canonical.partition(" ")
    return (
        float(number) * _MINUTES[unit]
        if unit in _MINUTES and re.fullmatch(r"\d+(?:\.\d+)?", number)
        else None
    )


def _day(text: str) -> int:
    text = text.lower()
    if text in _ORDINALS:
        return _ORDINALS[text]
    return int(re.sub(r"\D", "", text))


def _iso(year: str | None, month: int, day: int | None) -> str:
    head = year if year else "-"
    return f"{head}-{month:02d}" if day is None else f"{head}-{month:02d}-{day:02d}"


_DAY_RE = re.compile(_DAY, re.IGNORECASE)
_MONTH_RE = re.compile(_MONTH, re.IGNORECASE)


def _month(text: str) -> int:
    return MONTHS[text.lower().rstrip(".")]


def _dates(match: re.Match[str]) -> list[Value]:
    """The dates of one written group: "11 to 22 March 2024" holds two."""
    if match["my"]:
        canonical = _iso(match["myy"], _month(match["my"]), None)
        return [Value("date", match[0], match.start(), match.end(), canonical)]
    group = "md" if match["md"] else "dm"
    text, offset = match[group], match.start(group)
    year = match[group + "y"]
    month_at = _MONTH_RE.search(text)
    if month_at is None:
        return []
    month = _month(month_at[0])
    days = [d for d in _DAY_RE.finditer(text) if not (month_at.start() <= d.start() < month_at.end())]
    found = []
    for n, day in enumerate(days):
        start = offset + day.start()
        end = offset + day.end()
        # The first and the last date of a group span what they share, so that offsets cover the whole text.
        if n == 0:
            start = match.start()
        if n == len(days) - 1:
            end = match.end()
        if 1 <= _day(day[0]) <= 31:
            found.append(Value("date", match.string[start:end], start, end, _iso(year, month, _day(day[0]))))
        else:
            # "March 34" is no day, and must not go unseen.
            at = offset + day.start()
            found.append(Value("number", day[0], at, offset + day.end(), str(_day(day[0]))))
    return found


def _code(text: str) -> tuple[str, str]:
    upper = text.upper()
    if re.fullmatch(r"B0[A-Z0-9]{8}", upper):
        return "asin", upper
    if re.fullmatch(r"R[A-Z0-9]{11,14}", upper):
        return "review_id", upper
    return "code", upper


@lru_cache(maxsize=65536)
def find_values(text: str) -> tuple[Value, ...]:
    """All values of an English text in order, none overlapping.

    Kinds: date, order_id, asin, review_id, case_id, code (any other mixed identifier), email, url, phone,
    money, percent, duration (`3 month`), frequency (`1 week` for "every week"), number. A date without its
    year takes the year of the date it is joined to ("from 5 February to 5 April 2024").
    """
    found: list[Value] = []
    for match in _VALUE.finditer(text):
        # The group that closes last is the alternative itself, whatever groups it holds.
        kind = match.lastgroup or ""
        (start, end), written = match.span(), match[0]
        if kind == "dates":
            if written[0].islower() and written[0].isalpha() and re.match(r"may|mar(?:ch)?\b", written):
                continue
            found.extend(_dates(match))
        elif kind == "dashed":
            canonical = _iso(match["dyear"], _month(match["dmon"]), int(match["dd"]))
            found.append(Value("date", written, start, end, canonical))
        elif kind == "monthyear":
            found.append(Value("date", written, start, end, _iso(match["yy"], int(match["ym"]), None)))
        elif kind == "lastday":
            month = _month(match["lm"])
            last = monthrange(int(match["ly"]), month)[1]
            found.append(Value("date", written, start, end, _iso(match["ly"], month, last)))
        elif kind == "span":
            found.extend(_span_of_days(match))
        elif kind in ("iso", "slash"):
            found.extend(_numeric_date(match))
        elif kind == "monthonly":
            if written[0].isupper():
                found.append(Value("date", written, start, end, _iso(None, _month(written), None)))
        elif kind == "email":
            stripped = written.rstrip(".-")
            found.append(Value("email", stripped, start, start + len(stripped), stripped.lower()))
        elif kind == "url":
            stripped = written.rstrip(".,;:!?")
            found.append(Value("url", stripped, start, start + len(stripped), _plain_url(stripped)))
        elif kind == "code":
            if written != written.upper():
                continue
            kind, canonical = _code(written)
            found.append(Value(kind, written, start, end, canonical))
        elif kind == "money":
            found.append(Value("money", written, start, end, _money(written)))
        elif kind == "percent":
            amount = re.sub(r"\s*(?:%|per\s?cent)$", "", written, flags=re.IGNORECASE)
            found.append(Value("percent", written, start, end, f"{_number(amount)}%"))
        elif kind == "duration":
            parts = re.match(
                rf"(.+?)(?:\s*\(\d{{1,3}}\))?(?:\s+|-){_WHICH_DAYS}?({_TIME_UNIT})s?['’]?$",
                written,
                re.IGNORECASE | re.DOTALL,
            )
            assert parts is not None
            found.append(Value("duration", written, start, end, _duration(_number(parts[1]), parts[2])))
        elif kind == "nweekly":
            count, unit = written.lower().split("-")
            unit = {"daily": "day"}.get(unit, unit.removesuffix("ly"))
            found.append(Value("frequency", written, start, end, _duration(_number(count), unit)))
        elif kind == "halfduration":
            found.append(Value("duration", written, start, end, _and_a_half(written)))
        elif kind == "everyother":
            _, which, unit = written.lower().split()
            found.append(Value("frequency", written, start, end, _duration(_EVERY_OTHER[which], unit)))
        elif kind == "frequency":
            found.append(
                Value("frequency", written, start, end, _FREQUENCIES[" ".join(written.lower().split())])
            )
        elif kind == "times":
            count, unit = _number(written.split()[0]), written.lower().split()[-1]
            found.append(Value("frequency", written, start, end, _times(int(count), unit)))
        elif kind == "bytime":
            unit = written.lower().split()[0]
            found.append(Value("frequency", written, start, end, _duration("1", unit)))
        elif kind == "period":
            unit = written.lower().split()[-1]
            unit = "half-year" if written.lower().endswith("half year") else unit
            twice = written.lower().startswith("twice")
            found.append(Value("frequency", written, start, end, _period(unit, twice)))
        elif kind == "number":
            found.append(Value("number", written, start, end, _number(written)))
        elif kind in ("order_id", "phone", "case_id"):
            canonical = re.sub(r"[^\d+]", "", written) if kind == "phone" else written
            found.append(Value(kind, written, start, end, canonical))
    return tuple(_with_shared_years(text, found))


def _period(unit: str, twice: bool) -> str:
    if unit == "fortnight":
        return "2 week"
    if twice and unit == "year":
        return "6 month"
    return _duration("1", unit)


def _times(count: int, unit: str) -> str:
    """ "three times a year" is every four months; what has no whole interval keeps its count."""
    whole = {"year": 12, "month": 4, "week": 7}[unit]
    smaller = {"year": "month", "month": "week", "week": "day"}[unit]
    return f"{whole // count} {smaller}" if whole % count == 0 else f"{count}x {unit}"


def _numeric_date(match: re.Match[str]) -> list[Value]:
    if match["iso"]:
        year, month, day = match["iy"], int(match["im"]), int(match["id"])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return [Value("date", match[0], match.start(), match.end(), _iso(year, month, day))]
        return []
    a, b, year = int(match["sa"]), int(match["sb"]), match["sy"]
    readings = []
    if 1 <= b <= 12 and 1 <= a <= 31:
        readings.append(_iso(year, b, a))
    if 1 <= a <= 12 and 1 <= b <= 31 and a != b:
        readings.append(_iso(year, a, b))
    # 03/04/2024 is two dates until the facts say which: both readings stand in the canonical form.
    return [Value("date", match[0], match.start(), match.end(), "|".join(readings))] if readings else []


def _span_of_days(match: re.Match[str]) -> list[Value]:
    """The two days of "09.07.–11.07.2024": days come first where a year is written once, behind full stops."""
    found = []
    for day, month, at in ((match["pa"], match["pb"], "pa"), (match["pc"], match["pd"], "pc")):
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return []
        start = match.start(at)
        end = match.end() if at == "pc" else match.end("pb")
        canonical = _iso(match["py"], int(month), int(day))
        found.append(Value("date", match.string[start:end], start, end, canonical))
    return found


def _plain_url(text: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.lower()).rstrip("/")


def _money(text: str) -> str:
    # "a 15-dollar voucher"
    text = re.sub(r"(?<=\d)-(?=[a-z])", " ", text, flags=re.IGNORECASE)
    sign = re.match(rf"({_CURRENCY_SIGN})\s?(.+)$", text, re.IGNORECASE)
    if sign:
        return f"{_CURRENCIES[sign[1].upper().replace(' ', '')]} {_number(sign[2])}"
    word = re.match(
        rf"(.+?)(?:\s*\(\d{{1,6}}\))?\s?({_CURRENCY_WORD}|[€£])$", text, re.IGNORECASE | re.DOTALL
    )
    assert word is not None
    name = word[2]
    key = name.upper() if name.upper() in _CURRENCIES else name.lower()
    key = key if key in _CURRENCIES else key.rstrip("s")
    return f"{_CURRENCIES.get(key, key)} {_number(word[1])}"


def _with_shared_years(text: str, found: list[Value]) -> list[Value]:
    """Dates that lack a year take it from the next date they are joined to by "to", "and", a dash or a comma."""
    for n in range(len(found) - 2, -1, -1):
        value, following = found[n], found[n + 1]
        if value.kind != "date" or following.kind != "date" or not value.canonical.startswith("-"):
            continue
        between = text[value.end : following.start]
        if following.canonical[0] != "-" and "|" not in following.canonical and len(between) <= 40:
            joined = re.fullmatch(
                r"[\s,–—-]*(?:to|until|till|through|and|up to|and ending on|and ended on)?[\s–—-]*(?:on\s+|the\s+)*",
                between,
            )
            if joined:
                found[n] = Value(
                    "date", value.text, value.start, value.end, following.canonical[:4] + value.canonical[1:]
                )
    return found


def same_value(kind: str, ours: str, theirs: str) -> bool:
    """Whether two canonical values of one kind are the same, as the facts' reader would take them.

    A date without a year equals the same day of any year; 03/04/2024 equals either of its readings; `$ 10`
    equals `USD 10` and `CAD 10`, since the sign alone does not say which.
    """
    if ours == theirs:
        return True
    if kind == "date":
        left, right = ours.split("|"), theirs.split("|")
        return any(
            a == b
            or (
                (a[0] == "-" or b[0] == "-")
                and a[-5:] == b[-5:]
                and len(a.lstrip("-")) >= 5
                and len(b.lstrip("-")) >= 5
            )
            for a in left
            for b in right
        )
    if kind in ("duration", "frequency"):
        # "14 days" is "two weeks", and "one and a half hours" is "90 minutes".
        minutes = _in_minutes(ours)
        return minutes is not None and minutes == _in_minutes(theirs)
    if kind == "money":
        (sign, _, amount), (other, _, figure) = ours.partition(" "), theirs.partition(" ")
        return amount == figure and (other in _SAME_SIGN.get(sign, ()) or sign in _SAME_SIGN.get(other, ()))
    return False
