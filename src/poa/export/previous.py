"""What became of a refused letter in the one that answers it, as the draft wrote it down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["AGAINST", "Against", "Differing", "against_of", "read_against"]

# The file that `poa draft --previous --refusal` writes beside the letter.
AGAINST = "against-previous.json"


@dataclass(frozen=True)
class Differing:
    """One thing in which the two letters differ; `kind` is contradiction, gap or new."""

    kind: str
    item: str | None
    message: str
    message_zh: str
    before: str
    after: str


@dataclass(frozen=True)
class Against:
    """The refusal and the refused letter, as far as they were given: what was asked, and what differs."""

    asks: tuple[str, ...]
    final: bool
    differences: tuple[Differing, ...]

    @property
    def contradictions(self) -> int:
        """How many differences must be settled before the letter is sent."""
        return sum(difference.kind == "contradiction" for difference in self.differences)

    @property
    def gaps(self) -> int:
        """How many of the refusal's demands the letter leaves open."""
        return sum(difference.kind == "gap" for difference in self.differences)


def read_against(folder: Path) -> Against | None:
    """What was written down in a draft's folder; None when the letter answers no refused one."""
    try:
        return against_of(json.loads((folder / AGAINST).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def against_of(document: dict[str, Any]) -> Against:
    """The same from its JSON; raises `KeyError` or `TypeError` where that is damaged."""
    return Against(
        tuple(str(ask) for ask in document["asks"]),
        bool(document["final"]),
        tuple(
            Differing(
                str(d["kind"]),
                d["item"],
                str(d["message"]),
                str(d["message_zh"]),
                str(d["before"]),
                str(d["after"]),
            )
            for d in document["differences"]
        ),
    )
