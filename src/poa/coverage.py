"""Quantities of the facts that a pack holds against each other: do the invoices cover what was sold?

No letter is wrong for it, so it is no finding; but Amazon counts, and a seller wants to know before it does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from poa.policy import Words
from poa.values import find_values

if TYPE_CHECKING:
    from poa.facts import Case
    from poa.policy import Cover

__all__ = ["shortfalls"]


def shortfalls(case: Case) -> tuple[Words, ...]:
    """What the facts' own quantities leave uncovered, said in the pack's words; empty where all is covered."""
    return tuple(said for cover in case.load_pack().covers for said in _uncovered(case, cover))


def _uncovered(case: Case, cover: Cover) -> Iterator[Words]:
    """One warning for each thing of which too little is there: what stands in its entries is added up.

    What is needed stands in each entry of the thing as one and the same number, so that the largest counts.
    """
    have: dict[str, float] = {}
    need: dict[str, float] = {}
    for entry in case.extra.get(cover.field) or ():
        name = str(entry.get(cover.per) or "")
        enough, wanted = _number(entry.get(cover.enough)), _number(entry.get(cover.of))
        if not name or enough is None or wanted is None:
            continue
        have[name] = have.get(name, 0.0) + enough
        need[name] = max(need.get(name, 0.0), wanted)
    for name, wanted in need.items():
        if have[name] < wanted:
            values = {
                "per": name,
                "have": _written(have[name]),
                "need": _written(wanted),
                "short": _written(wanted - have[name]),
            }
            yield Words(en=cover.warning.en.format_map(values), zh=cover.warning.zh.format_map(values))


def _number(value: Any) -> float | None:
    """The quantity as a number, however it is written; None when it is none."""
    found = [v for v in find_values(str(value)) if v.kind == "number"] if value is not None else []
    try:
        number = float(found[0].canonical) if len(found) == 1 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _written(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"
