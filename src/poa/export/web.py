"""Words and pieces that the pages share: both languages, escaping, and the page's own policy for scripts.

Every text of a case is escaped and shown with the marks that turn the reading direction written out.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poa.resources import read_words

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = [
    "anchor",
    "asset",
    "escape",
    "has_words",
    "lines",
    "markup",
    "pair",
    "policy_hash",
    "say",
    "template",
    "visible",
    "words_for",
]

_PAGE = Path(__file__).resolve().parent / "page"
# Marks that turn the reading direction would let a fact rearrange the sentence around it.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# An order number is read, copied and searched for as one word: no line may end inside it.
_ORDER_ID = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")


def say(key: str, **values: object) -> Markup:
    """The page's words in both languages; the page shows one of them."""
    if not values:
        return _said(key)
    words = _words()[key]
    shown = {name: str(value) for name, value in values.items()}
    shown["s"] = "" if values.get("n") == 1 else "s"
    return pair(words["en"].format_map(shown), words["zh"].format_map(shown))


@cache
def _said(key: str) -> Markup:
    words = _words()[key]
    return pair(words["en"].format_map({"s": "s"}), words["zh"].format_map({"s": "s"}))


def pair(english: str, chinese: str) -> Markup:
    """A text in both languages, of which the page shows one; a text that is the same in both stands once."""
    if english == chinese:
        return markup(escape(visible(english)))
    return markup(
        f'<span class="t" lang="en">{escape(visible(english))}</span>'
        f'<span class="t" lang="zh-Hans">{escape(visible(chinese))}</span>'
    )


def lines(text: str) -> Markup:
    """A text of several lines; no line breaks inside an order number."""
    shown = "<br>".join(escape(visible(line)) for line in text.split("\n"))
    return markup(_ORDER_ID.sub(r'<span class="whole">\g<0></span>', shown))


def visible(text: str) -> str:
    """The text with marks that turn the reading direction written out, so that nobody is deceived by them."""
    return text if text.isascii() else _TURNING.sub(lambda mark: f"[U+{ord(mark.group()):04X}]", text)


def anchor(name: str) -> str:
    """The id as a fragment: letters, digits, hyphens and underscores."""
    return re.sub(r"[^\w-]", "-", name, flags=re.ASCII)


def words_for(key: str, lang: str) -> str:
    """One of the page's words in one language."""
    return _words()[key][lang]


def has_words(key: str) -> bool:
    """Whether the pages have words of that name."""
    return key in _words()


@cache
def asset(name: str) -> str:
    """A style, script or template of the pages."""
    return (_PAGE / name).read_text("utf-8")


@cache
def template(name: str) -> Any:
    """A page's template; it fails on a name that nobody fills in."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.finalize = lambda value: visible(value) if type(value) is str else value
    return environment.from_string(asset(name))


@cache
def policy_hash(text: str) -> str:
    """The hash by which a page's own policy lets this style or script run, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def markup(text: str) -> Markup:
    """Text that is HTML already: every caller has escaped what comes from the case."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - see above


def escape(text: str) -> str:
    """The text as HTML."""
    from markupsafe import escape

    return str(escape(text))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: dict[str, dict[str, str]] = read_words(_PAGE / "words.yaml")
    return words
