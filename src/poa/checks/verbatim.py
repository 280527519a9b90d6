"""Quotations word for word, and what a tool, a model or a template left behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from poa.checks.base import Context, Finding, finding
from poa.checks.needs import Needs
from poa.checks.reading import plain

__all__ = ["Leftovers", "Quotes"]


def _bare(text: str) -> str:
    return " ".join(plain(text).split()).strip(" .,;:!?\"'")


class Quotes:
    """Every quotation of the facts stands word for word; nothing else stands in quotation marks."""

    codes = ("tampered_quote", "missing_detail")

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each quotation missing, and for each quoted stretch that the facts do not hold."""
        reading = context.reading
        flat = " ".join(reading.plain.split())
        holders = {
            q: need.item.id
            for need in context.needs.items
            for q in _quotes_of(need.item.details, need.item.statement)
        }
        for quote in context.needs.quotes:
            words = " ".join(plain(quote).split())
            if words not in flat and words.rstrip(".,") not in flat:
                yield finding("tampered_quote", "missing_quote", holders.get(quote), None, quote)
        allowed = _bare_texts(context.needs) if reading.quotes else ""
        for found in reading.quotes:
            inner = _bare(found.text)
            if inner and inner not in allowed and inner.lower() not in allowed.lower():
                yield finding(
                    "tampered_quote", "tampered_quote", None, (found.start, found.end), said=found.text
                )


def _quotes_of(details: Iterable[object], statement: str) -> Iterable[str]:
    for detail in details:
        if getattr(detail, "kind", "") == "quote":
            yield str(getattr(detail, "text", ""))
    yield from re.findall(r'"([^"]+)"', plain(statement))


def _all_texts(needs: Needs) -> Iterable[str]:
    for need in needs.items:
        yield need.item.statement
        for detail in need.item.details:
            yield detail.text
    yield "Prohibited seller activities and actions Plan of Action Appeal"


@lru_cache(maxsize=64)
def _own_texts(needs: Needs) -> str:
    return "\n".join(_all_texts(needs))


@lru_cache(maxsize=64)
def _bare_texts(needs: Needs) -> str:
    return " ".join(_bare(text) for text in _all_texts(needs))


_LEFT = re.compile(
    r"\*\*|__|`|<!--|-->|^#{1,6}\s|```|^[ \t]*>\s|\[[^\]\n]{0,80}\]|<[A-Za-z/_][^>\n]{0,60}>|\{\{?[^}\n]{0,80}\}?\}|\$\{|"
    r"\b[A-Z]{2,}_\d+\b|~~|\|\s*-{2,}|&(?:amp|lt|gt|quot|nbsp);|\\n|\\u[0-9a-f]{4}|"
    r"^[ \t]*-{3,}[ \t]*$|(?<![\w-])[\w-]{1,60}\.(?:ya?ml|json|txt|md)\b|\b(?:TODO|TBD|XXX+|FIXME|N/A)\b|_{3,}|\(\s*\)|(?<!\w)\*\w[^*\n]{0,80}\w\*(?!\w)|</|�",
    re.MULTILINE,
)
# What a writer is told, left in the letter: "(insert file name)", "(check wording with legal)", "(Option 2, more formal)".
_TOLD_TO_WRITER = re.compile(
    r"\(\s*(?:(?:insert|add|fill|check|confirm|verify|complete(?!\s*\))|delete|replace|update|choose|adjust|rephrase|reword|shorten|"
    r"attach|enter|specify|adapt|clarify|to be (?:added|confirmed|completed|checked|filled))\b(?![^()]*\b(?:was|were|by us)\b)"
    r"|(?:option|version|variant|draft|alternative)\s+(?:\d|[A-C]\b|one|two)|(?:tone|style|length|word count|approx\. \d+ words)\b"
    r"|(?:signature|sign|stamp|name|date|title|amount|number|file name|position) (?:here|goes here|to follow|needed|missing)\b)"
    r"[^()\n]{0,80}\)",
    re.I,
)
_CJK = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+(?:[\u3000-\u303f\uff00-\uffef\u3400-\u9fff]+)*|[（）【】，。；：！？、《》]+"
)
_UNSEEN = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u180e"
)


_MARKS = frozenset("*_`<>#[{}$~|\\&\ufffd")
_MARK_WORDS = ("TODO", "TBD", "XXX", "FIXME", "N/A", "---", ".y", ".json", ".txt", ".md", "()", "( ")


def _may_hold_markup(text: str) -> bool:
    """Whether the text holds a character or word that markup is made of: most letters hold none."""
    return not _MARKS.isdisjoint(text) or any(mark in text for mark in _MARK_WORDS)


class Leftovers:
    """Markup, placeholders, brackets, Chinese, invisible and look-alike characters."""

    codes = ("leftover_markup",)

    def run(self, context: Context) -> Iterable[Finding]:
        """A finding for each; a value of the facts that is itself Chinese may stand."""
        text = context.reading.text
        own = _own_texts(context.needs)
        for match in _LEFT.finditer(text) if _may_hold_markup(text) else ():
            if match[0] not in own:
                yield finding(
                    "leftover_markup", "leftover", None, match.span(), said=match[0].strip() or match[0]
                )
        for match in _TOLD_TO_WRITER.finditer(text):
            if match[0] not in own:
                yield finding("leftover_markup", "leftover", None, match.span(), said=match[0])
        for match in _CJK.finditer(text) if not text.isascii() else ():
            if match[0] not in own:
                yield finding("leftover_markup", "chinese", None, match.span(), said=match[0])
        yield from _item_codes(context)
        if not text.isascii():
            yield from _lookalikes(text, own)


def _item_codes(context: Context) -> Iterable[Finding]:
    """The facts' own codes (V1, A3, P2): an attachment may bear its code in the list of attachments, nothing else."""
    ids = {need.item.id for need in context.needs.items if need.item.id[-1:].isdigit()}
    for match in re.finditer(r"(?<![\w-])[A-Z]{1,3}\d{1,3}(?!\w)", context.reading.text):
        if match[0] not in ids:
            continue
        if context.needs[match[0]].item.kind == "attachment":
            continue
        yield finding("leftover_markup", "leftover", match[0], match.span(), said=match[0])


def _lookalikes(text: str, own: str) -> Iterable[Finding]:
    for match in re.finditer(r"\S+", text):
        word = match[0]
        if word.isascii() or word in own:
            continue
        strange = [
            c
            for c in word
            if c in _UNSEEN or (ord(c) > 0x24F and unicodedata.category(c)[0] in "LN" and not _CJK.match(c))
        ]
        if strange:
            yield finding("leftover_markup", "lookalike", None, match.span(), said=word)
