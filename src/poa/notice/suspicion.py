"""Whether a mail that says it is from Amazon asks for what Amazon never asks for by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from poa.notice.layout import sentences
from poa.notice.marks import emails_in, host_of, is_amazon, urls_in
from poa.notice.words import plain, read_data

__all__ = ["Sign", "suspicions"]


_READ = 200_000  # characters: a fraud asks at once


@dataclass(frozen=True)
class Sign:
    """One sign of fraud, as a finished sentence in English and in Chinese."""

    en: str
    zh: str


def suspicions(text: str) -> tuple[Sign, ...]:
    """Each sign of fraud in the mail; empty where there is none."""
    found: dict[str, Sign] = {}
    lists = read_data("suspicion.yaml")
    refused = re.compile("|".join(lists["said_not_to"]["any"]), re.IGNORECASE)
    paid = re.search(lists["paid_procedure"]["any"][0], text[:_READ])
    signs = [
        (entry, re.compile("|".join(entry["any"]), re.IGNORECASE))
        for entry in lists["signs"]
        if not (paid and entry["sign"] == "money")
    ]
    for line in _unwarned(text[:_READ], re.compile("|".join(lists["warned_of"]["any"]), re.IGNORECASE)):
        for sentence in sentences(line[:8000]):
            seen = plain(sentence[:1200])
            for entry, pattern in signs:
                # "Amazon will never ask for your password" is a warning, not a request.
                if entry["sign"] not in found and pattern.search(seen) and not refused.search(seen):
                    quote = sentence[:160].rstrip(" .:。：")
                    found[entry["sign"]] = Sign(
                        f"{entry['says']}: “{quote}”.", f"{entry['says_zh']}：“{quote}”。"
                    )
    called = re.compile("|".join(lists["called_to"]["any"]), re.IGNORECASE)
    strange = [
        h
        for u in urls_in(text[:_READ])
        if _looks_like_amazon(h := host_of(u), lists)
        or (_is_doubtful(h, lists) and called.search(_around(text, u)))
    ]
    if strange:
        found["link"] = Sign(
            f"It links to {strange[0]}, which is not one of Amazon's addresses.",
            f"其中的链接指向 {strange[0]}，这不是亚马逊的网址。",
        )
    # Whom a mail is sent to may be called what he likes.
    written = re.sub(
        r"^\W{0,3}(?:to|cc|bcc|delivered-to|an|收件人|宛先)\s*:.*$",
        "",
        text[:_READ],
        flags=re.IGNORECASE | re.MULTILINE,
    )
    senders = [e for e in emails_in(written) if _looks_like_amazon(e.rsplit("@", 1)[1].lower(), lists)]
    if senders:
        found["sender"] = Sign(
            f"It gives {senders[0]} as an address; that is not one of Amazon's.",
            f"其中的邮箱 {senders[0]} 不是亚马逊的邮箱。",
        )
    return tuple(found.values())


_ITEM = re.compile(r"\s*(?:[-–—*•·●▪■◦→]|\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)])\s", re.IGNORECASE)


def _unwarned(text: str, warned_of: re.Pattern[str]) -> Iterator[str]:
    """The lines, without the items of a list of things that Amazon says it never asks for."""
    warned = False
    for line in text.split("\n"):
        if not line.strip():
            continue
        if not (warned and _ITEM.match(line)):
            warned = warned_of.search(plain(line[-200:].rstrip())) is not None
            yield line


def _around(text: str, url: str) -> str:
    """The words close to a link: its line and the one above."""
    at = text.find(url)
    line = text.rfind("\n", 0, at)
    return text[max(text.rfind("\n", 0, max(line, 0)), at - 200, 0) : at]


def _is_doubtful(host: str, lists: dict[str, dict[str, list[str]]]) -> bool:
    return any(re.search(p, host, re.IGNORECASE) for p in lists["doubtful_hosts"]["any"])


def _looks_like_amazon(host: str, lists: dict[str, dict[str, list[str]]]) -> bool:
    """Whether a host poses as Amazon, or hides where it leads."""
    if is_amazon(host) or re.search(r"(?:^|\.)amazon\.example$|^example\.", host) or _cut_or_glued(host):
        return False
    return any(re.search(p, host, re.IGNORECASE) for p in lists["strange_hosts"]["any"])


def _cut_or_glued(host: str) -> bool:
    """Whether a paste cut Amazon's host short ("sellercentral.amazon.c ...") or glued the next word to it."""
    return (
        re.fullmatch(
            r"(?:(?:www|sellercentral(?:-\w{2,10})?)\.)?amazon\.(?:c|co|com(?:and|or|to|if|is|for|with|by|in|on|the|we|please|you))?",
            host,
        )
        is not None
    )
