"""What introduces a list, and whether it asks for the list's items.

A lead-in asks by its own words, by the section it stands in, or by the items below it; rules, hints, findings and
contact lines are introduced in much the same way, and ask nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from poa.notice.layout import Block
from poa.notice.words import matches, plain

__all__ = [
    "Mode",
    "asks_plainly",
    "is_cjk_item",
    "is_lead_in",
    "mode_by_items",
    "mode_of",
    "share",
    "unmarked_items",
]

Mode = Literal["none", "demand", "steps", "ignore"]


def share(name: str, items: Sequence[str]) -> float:
    """The part of the items whose beginning is one of the named shapes."""
    return sum(matches(name, item[:200]) for item in items) / len(items) if items else 0.0


def unmarked_items(blocks: Sequence[Block], at: int) -> list[str]:
    """The lines that begin there and may be the items of a list without marks: of one edge and equally spaced."""
    first = blocks[at] if at < len(blocks) else None
    lines: list[str] = []
    if first is None or first.kind != "line":
        return lines
    spaced = False  # whether an empty line stands between the items
    for block in blocks[at : at + 30]:
        if block.kind != "line" or block.indent < first.indent or block.section == "end":
            break
        if block.indent > first.indent:
            continue  # what begins further in says more of the item above
        if len(lines) == 1:
            spaced = block.wide
        if len(lines) >= 1 and block.wide and not spaced:
            break
        text = plain(block.text)
        if text.endswith((":", "：")) or len(text) > 300:
            break
        if matches("not_a_line_item", text) and not matches("sure_item", text) and not is_cjk_item(text):
            break
        lines.append(block.text)
    return lines


def is_cjk_item(text: str) -> bool:
    """Whether a Chinese line is a demanded item although it begins with "you" ("您已采取的措施")."""
    return re.match(r"(?:您|贵方)", text) is not None and matches("demand_shape", text[:200])


def is_lead_in(sentence: str, block: Block, following: Block | None, below: Sequence[str]) -> bool:
    """Whether the block's last sentence introduces what follows; `below` holds the items there, marked or not."""
    bare = sentence.rstrip(" \"'”’")
    if bare.endswith((":", "：")):
        return following is not None
    if following is None or following.kind == "heading":
        return False
    stopped = bare.endswith((".", "。", "!", "！", "?", "？"))
    if following.kind == "item":
        if not stopped:
            return True
        return _points_down(bare) and (_asks(bare) or matches("steps_leadin", bare))
    # Lines without marks are a list only where the words above ask for one and the lines look like its items.
    if (
        following.indent < block.indent
        or len(below) < 2
        or not _asks(bare)
        or (stopped and not _points_down(bare))
    ):
        return False
    if matches("demand_shape", below[0][:200]) and share("demand_shape", below) >= 0.5:
        return True
    if re.search(r"\bquestions?\b", bare, re.IGNORECASE) and all(
        item.endswith(("?", "？")) for item in below[:2]
    ):
        return True
    if share("no_demand_shape", below):
        return False
    shaped = [
        item for item in below if matches("demand_shape", item[:200]) or matches("item_shape", item[:200])
    ]
    return matches("leadin_open_end", bare) or (asks_plainly(bare) and len(shaped) == len(below))


def _asks(text: str) -> bool:
    return matches("demand_leadin", text) or asks_plainly(text)


def _points_down(text: str) -> bool:
    return (
        re.search(
            r"\b(?:following|below|these|as follows|(?:two|three|four|five|six|\d) (?:things|points|questions|items|documents|parts|steps))\b"
            r"|以下|下列|如下|folgende|次の|下記|次のとおり|(?:提出|お送り|送付|送信).{0,16}(?:ください|願い)",
            text,
            re.IGNORECASE,
        )
        is not None
    )


_SENDS = re.compile(
    r"\b(?:send|provide|submit|include|give)\b[^:]{0,30}\b(?:following|information|documents?)\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"^(?:(?:part |option )?(?:[IVX]{1,4}|[A-H]|\d)[.):]? ?[-–—:]? ?)?(?:for|if|in case|where|when|option|case|either|or)\b[^:]{2,120}:\W*$",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"^(?:if|where|when|in case|should) (?!we\b)[^,:]{3,140}, (?=\w)", re.IGNORECASE)
_ADDRESSES = re.compile(r"https?://[!-~]{1,500}|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{3,80}")


def mode_of(lead_in: str, section: str, inherited: Mode) -> Mode:
    """How the words of a lead-in, and the section it stands in, say its items are to be taken.

    `inherited` is what the section's last lead-in asked: "For the first listing:" asks the same again.
    """
    text = _ADDRESSES.sub(lambda m: "#" * len(m.group()), lead_in[-400:])
    if section in {"help", "consequences", "never", "end"} or (section == "after" and not asks_plainly(text)):
        return "ignore"
    if matches("leadin_hypothetical", text):
        return "ignore"
    if inherited != "none" and _CASE.match(text) and not asks_plainly(text):
        return inherited
    asks = matches("demand_leadin", text)
    # What is denied in the condition ("If you do not own the account, ...") denies nothing of the request.
    core = _CONDITIONAL.sub("", text)
    strong_ignore = matches("leadin_strong_ignore", core)
    ignorable = matches("no_demand_leadin", core)
    requested = asks_plainly(text)
    if matches("options_leadin", text) and not strong_ignore:
        return "demand" if section != "submit" else "ignore"
    if matches("steps_leadin", text) and not strong_ignore and not _SENDS.search(text):
        return "steps" if section != "submit" else "ignore"
    if strong_ignore and not requested:
        return "ignore"
    if section in {"why", "submit"}:
        return "demand" if requested and not strong_ignore else "ignore"
    if requested or (asks and not ignorable and not matches("telling_leadin", text)):
        return "demand"
    if ignorable:
        return "ignore"
    if section in {"error", "branch"} and len(text) < 120:
        return "demand"
    if inherited in {"demand", "steps"} and len(text.split()) <= 14:
        return inherited
    return "demand" if section in {"demand", "evidence"} and len(text.split()) <= 8 else "ignore"


def mode_by_items(mode: Mode, lead_in: str, section: str, items: Sequence[str]) -> Mode:
    """The mode as the list's own items bear it out: what a lead-in leaves open, they decide."""
    if len(items) < 2 or matches("options_leadin", lead_in):
        return mode  # the ways to answer are told in words of every kind
    asked, told = share("demand_shape", items), share("no_demand_shape", items)
    if mode == "ignore" and section in {"opening", "demand", "error", "branch", "evidence", "other"}:
        silenced = matches("leadin_strong_ignore", lead_in) or matches("leadin_hypothetical", lead_in)
        silenced = silenced or matches("telling_leadin", lead_in)
        if not silenced and not matches("no_demand_leadin", lead_in) and asked >= 0.75 and not told:
            return "demand"
    if mode == "demand" and told >= 0.75 and not asks_plainly(lead_in):
        return "ignore"
    if (
        mode == "demand"
        and asked < 0.34
        and not asks_plainly(lead_in)
        and not matches("demand_leadin", lead_in)
    ):
        return "ignore"
    return mode


def asks_plainly(text: str) -> bool:
    """Whether the words request something beyond doubt ("please send", "your plan must", "we need")."""
    return matches("plain_request", text)
