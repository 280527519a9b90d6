"""Whether a mail that says it is from Amazon asks for what Amazon never asks for by mail."""

from __future__ import annotations

import re

from poa.notice.layout import sentences
from poa.notice.marks import emails_in, host_of, is_amazon, urls_in
from poa.notice.words import plain, read_data

__all__ = ["suspicions"]


def suspicions(text: str) -> tuple[str, ...]:
    """Each sign of fraud in the mail, as a finished sentence; empty where there is none."""
    found: dict[str, str] = {}
    lists = read_data("suspicion.yaml")
    refused = re.compile("|".join(lists["said_not_to"]["any"]), re.IGNORECASE)
    signs = [(entry["says"], re.compile("|".join(entry["any"]), re.IGNORECASE)) for entry in lists["signs"]]
    for line in text[:200_000].split("\n"):
        for sentence in sentences(line[:8000]):
            seen = plain(sentence[:1200])
            for says, pattern in signs:
                match = pattern.search(seen)
                # "Amazon will never ask for your password" is a warning, not a request.
                if match and not refused.search(seen) and says not in found:
                    found[says] = f"{says}: “{sentence[:160]}”."
    strange = [h for u in urls_in(text[:200_000]) if _looks_like_amazon(h := host_of(u), lists)]
    if strange:
        found["link"] = f"It links to {strange[0]}, which is not one of Amazon's addresses."
    senders = [e for e in emails_in(text[:200_000]) if _looks_like_amazon(e.rsplit("@", 1)[1].lower(), lists)]
    if senders:
        found["sender"] = f"It gives {senders[0]} as an address; that is not one of Amazon's."
    return tuple(found.values())


def _looks_like_amazon(host: str, lists: dict[str, dict[str, list[str]]]) -> bool:
    """Whether a host poses as Amazon, or hides where it leads."""
    if is_amazon(host) or re.search(r"\.example$|^example\.", host) or _cut_or_glued(host):
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
