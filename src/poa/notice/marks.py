"""The links, IDs, policies, marketplace and language of a notification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from poa.notice.words import plain, read_data

__all__ = [
    "asins_in",
    "case_ids_in",
    "emails_in",
    "host_of",
    "is_amazon",
    "language_of",
    "marketplace_in",
    "order_ids_in",
    "policies_in",
    "urls_in",
]

_URL = re.compile(
    r"(?:https?://|(?<![\w@./-])(?:www\.|sellercentral[\w-]{0,20}\.)(?=[a-z]))[^\s<>\"“”'’{}|\\^`\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]{2,1500}",
    re.IGNORECASE,
)
_ORDER = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")
# An ASIN begins with B0 and holds ten characters; a book's is its ISBN-10 and counts only where it is called one.
_ASIN = re.compile(r"(?<![A-Za-z0-9])B0[A-Z0-9]{8}(?![A-Za-z0-9])")
_ISBN = re.compile(r"\bASINs?\b(?:\(s\))?\s{0,3}[:：#]?\s{0,3}(\d{9}[\dX])(?![\dA-Za-z])", re.IGNORECASE)
_CASE = re.compile(
    r"(?:\b(?:complaint|case|ticket|reference|notice|report|appeal|incident|enforcement|issue)\s{0,2}(?:ids?|no\.?|nos\.?|numbers?|#|ref(?:erence)?\.?)\s{0,2}(?:is\s|[:：#.])?"
    r"|\b(?:complaint|case|ticket|reference)(?:,? id)?\s{0,2}[:：#]|\b(?:complaint|case)(?:,? id)? ?\.{2,30}|\breference (?=\d{8,})|\bcase,? id |\bcase(?: log)?,? (?=\d{8})|\b(?:case|complaint),? \((?:case |complaint )?(?:id|no\.?|number)\b:?|\[(?:case|id|case id|ref)\b\s{0,2}[:#]?|\b(?:your |our )?(?:ref|reference)\.?\s?[:：]"
    r"|(?:投诉|案例|案件|问题|工单|申诉)\s{0,2}(?:编号|ID|号码?)\s{0,2}[:：]?|苦情\s?(?:ID|番号)\s?[:：]?|ケース\s?(?:ID|番号)\s?[:：]?|(?:beschwerde|fall)[- ]?(?:id|nummer)\s?[:：]?)"
    r"\s{0,3}(?P<ids>(?:[A-Z]{0,6}-?\d[\dA-Z-]{4,24})(?:\s{0,2}(?:,|;|and|、)\s{0,2}[A-Z]{0,6}-?\d[\dA-Z-]{4,24}){0,20})",
    re.IGNORECASE,
)
# What may be such a number, and how much before it may hold its name: words far from any need not be searched.
_NUMBER = re.compile(r"\d[\dA-Z-]{4}", re.IGNORECASE)
_REACH = 120
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,30}){1,4}")

_AMAZON_HOST = re.compile(
    r"^(?:[a-z0-9-]+\.)*(?:amazon\.(?:com|ca|com\.mx|com\.br|co\.uk|de|fr|it|es|nl|se|pl|com\.be|ie|com\.tr|ae|sa|eg|in|co\.jp|com\.au|sg|co\.za|cn|com\.co)"
    r"|amazon\.dev|amazonbusiness\.com|amazonaws\.com|media-amazon\.com|ssl-images-amazon\.com|amazonservices\.com|amazonses\.com|amazonpay\.com|aboutamazon\.com|amzn\.(?:to|com|eu|asia)|a\.co|amazonsellerservices\.com|amazon\.jobs)$"
)


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def urls_in(text: str) -> tuple[str, ...]:
    """Every link of the text as written, without the punctuation that closes its sentence."""
    return _unique(_without_closing(m.group()) for m in _URL.finditer(text))


def _without_closing(url: str) -> str:
    while url and url[-1] in ".,;:!?)]*_>'\"":
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def host_of(url: str) -> str:
    """The host of a link, in lower case."""
    return (
        re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
        .split("/")[0]
        .split("?")[0]
        .split("@")[-1]
        .split(":")[0]
        .lower()
    )


def is_amazon(host: str) -> bool:
    """Whether the host is one of Amazon's own."""
    return _AMAZON_HOST.match(host) is not None


def asins_in(text: str) -> tuple[str, ...]:
    """Every ASIN of the text, in order."""
    bare = _URL.sub(lambda m: " " * len(m.group()), text)
    found = [
        (m.start(), m.group())
        for m in _ASIN.finditer(bare)
        if re.search(r"\d", m.group()[2:]) or "ASIN" in bare[max(0, m.start() - 40) : m.start()]
    ]
    found += [(m.start(1), m.group(1).upper()) for m in _ISBN.finditer(bare)]
    return _unique(asin for _, asin in sorted(found))


def order_ids_in(text: str) -> tuple[str, ...]:
    """Every order ID of the text, in order."""
    return _unique(m.group() for m in _ORDER.finditer(text))


def case_ids_in(text: str) -> tuple[str, ...]:
    """Complaint, case and reference numbers, in order; a number counts only where the notice calls it one."""
    ids: list[str] = []
    for stretch in _near_numbers(plain(text)):
        for found in _CASE.finditer(stretch):
            ids += [i.strip() for i in re.split(r"\s*(?:,|;|、|\band\b)\s*", found["ids"])]
    return _unique(
        i
        for i in ids
        if not _ORDER.fullmatch(i)
        and not _ASIN.fullmatch(i)
        and not re.fullmatch(r"(?:19|20)\d\d-\d\d?-\d\d?", i)
    )


def _near_numbers(text: str) -> Iterator[str]:
    """The stretches of the text that hold long numbers, each with the words before it."""
    begin = end = 0
    for number in _NUMBER.finditer(text):
        if number.start() - _REACH > end:
            yield text[begin:end]
            begin = number.start() - _REACH
        end = number.end() + _REACH
    yield text[begin:end]


def emails_in(text: str) -> tuple[str, ...]:
    """Every e-mail address of the text, in order."""
    return _unique(m.group().rstrip(".-") for m in _addresses(text))


def _addresses(text: str) -> Iterator[re.Match[str]]:
    """The addresses around each @: searching from every letter would be slow on a hostile text."""
    at = text.find("@")
    for _ in range(2000):
        if at < 0:
            return
        start = at
        while (
            start > at - 64
            and start > 0
            and text[start - 1].isascii()
            and (text[start - 1].isalnum() or text[start - 1] in "._+-")
        ):
            start -= 1
        found = _EMAIL.match(text, start)
        if found:
            yield found
        at = text.find("@", found.end() if found else at + 1)


def _without_addresses(text: str) -> str:
    text = _URL.sub(" ", text)
    return _EMAIL.sub(" ", text) if "@" in text else text


@cache
def _policy_names() -> re.Pattern[str]:
    return re.compile("|".join(read_data("policies.yaml")["names"]), re.IGNORECASE)


_QUOTED = re.compile(r"[\"“]([A-Z][\w&',/ -]{3,80}?)[,.]?[\"”]")
_POLICY_WORD = re.compile(
    r"\b(?:polic(?:y|ies)|guidelines?|agreement|rules|code of conduct|misuse|requirements|activities and actions|reviews)\b",
    re.IGNORECASE,
)


def policies_in(text: str) -> tuple[str, ...]:
    """The policies the notice names, as it writes them, in order of first mention."""
    seen = text[:100_000]
    found = [(m.start(), m.group()) for m in _policy_names().finditer(plain(seen))]
    found += [(m.start(1), m.group(1)) for m in _QUOTED.finditer(seen) if _POLICY_WORD.search(m.group(1))]
    names: dict[str, str] = {}
    for _, name in sorted(found):
        tidy = re.sub(r"\s+", " ", name).strip(" ,.")
        names.setdefault(tidy.lower(), tidy)
    kept = [n for k, n in names.items() if not any(k != other and k in other for other in names)]
    return tuple(kept)


_STORE = re.compile(
    r"\bamazon\.(com\.mx|com\.br|com\.be|com\.tr|com\.au|co\.uk|co\.jp|co\.za|com|ca|de|fr|it|es|nl|se|pl|ie|ae|sa|eg|in|sg|cn)\b(?![\w-])",
    re.IGNORECASE,
)


def marketplace_in(text: str) -> str | None:
    """The store the notice is about, such as `amazon.com`: named in words, or else that of its Seller Central links."""
    seen = text[:100_000]
    words = _without_addresses(seen)
    named = [m.group(1).lower() for m in _STORE.finditer(words)]
    if named:
        return f"amazon.{max(dict.fromkeys(named), key=named.count)}"
    linked = [
        m.group(1).lower()
        for u in urls_in(seen)
        if host_of(u).startswith("sellercentral.") and (m := _STORE.search(host_of(u)))
    ]
    if linked:
        return f"amazon.{max(dict.fromkeys(linked), key=linked.count)}"
    return "europe" if "sellercentral-europe.amazon" in seen else None


def language_of(text: str) -> str:
    """The language of most of the text: en, zh, ja or de."""
    words = _without_addresses(text[:50_000])
    kana = len(re.findall(r"[\u3040-\u30ff]", words))
    han = len(re.findall(r"[\u3400-\u9fff]", words))
    latin = len(re.findall(r"[A-Za-z]", words))
    if kana > 20 and kana * 4 > han:
        return "ja"
    if (han + kana) * 4 > latin:
        return "zh"
    german = len(
        re.findall(
            r"\b(?:der|die|das|und|sie|ihre?n?|wir|nicht|bitte|mit|für|wurde|eine?)\b", words, re.IGNORECASE
        )
    )
    english = len(
        re.findall(r"\b(?:the|and|you|your|we|not|please|with|for|was|of|to)\b", words, re.IGNORECASE)
    )
    return "de" if german > english else "en"
