"""The letter as the parts that every file format sets: headings, paragraphs and lists, with the same text in all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from poa.export.proof import Block, Proof

__all__ = ["Document", "Part", "Twin", "document_of", "joined", "plain_characters", "twins_of"]

PartKind = Literal["heading", "paragraph", "list"]

REFERENCE_EN = "For reference only. The English letter alone is sent to Amazon."
REFERENCE_ZH = "仅供参考。提交给亚马逊的只有英文信件。"

# Signs that a form may not take, and the plain ones that say the same.
_PLAIN = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-",
        "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
        "\ufeff": None, "\u200b": None,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One block of the letter; a paragraph has several lines only where the letter breaks them, a list one an entry.

    A `tight` part follows the one before it without an empty line.
    """

    kind: PartKind
    lines: tuple[str, ...]
    tight: bool = False

    @property
    def text(self) -> str:
        """The part as plain text."""
        return "\n".join(f"- {line}" for line in self.lines) if self.kind == "list" else "\n".join(self.lines)


@dataclass(frozen=True)
class Document:
    """A letter to be set: what it says, and what a file tells about itself."""

    parts: tuple[Part, ...]
    title: str
    author: str
    us_paper: bool

    @property
    def text(self) -> str:
        """The letter as plain text: the same as the letter itself."""
        return joined(self.parts) + "\n"


@dataclass(frozen=True)
class Twin:
    """A passage in English with its Chinese; a heading when `heading`."""

    english: str
    chinese: str
    heading: bool = False


def document_of(proof: Proof) -> Document:
    """The letter of a proof as a document."""
    seller = proof.case.seller
    return Document(
        tuple(_part(block) for block in proof.blocks),
        f"Plan of Action{f' of {seller.store_name}' if seller.store_name else ''}",
        seller.store_name or seller.contact_name or "",
        # The marketplaces of North America print on their own paper.
        (proof.case.notice.marketplace or "") in ("amazon.com", "amazon.ca", "amazon.com.mx"),
    )


def twins_of(proof: Proof) -> tuple[Twin, ...]:
    """The letter passage by passage, each with its Chinese, for the seller's own files."""
    twins: list[Twin] = []
    section = ""
    for item in proof.items:
        if item.item.section != section:
            section = item.item.section
            english, chinese = proof.titles.get(section, ("", ""))
            if english or chinese:
                twins.append(Twin(english, chinese, True))
        twins.append(Twin(item.text or "(missing)", item.chinese))
    return tuple(twins)


def joined(parts: Iterable[Part]) -> str:
    """Parts of the letter as plain text, with an empty line between all but the tight ones."""
    return "".join(("\n" if part.tight else "\n\n") + part.text for part in parts).lstrip("\n")


def plain_characters(text: str) -> str:
    """The text in the plain signs that a form field takes; letters of any language stay."""
    return re.sub(r"[ \t]+\n", "\n", text.translate(_PLAIN))


def _part(block: Block) -> Part:
    lines = tuple("".join(run.text for stretch in line for run in stretch.runs) for line in block.lines)
    kind: PartKind = "heading" if block.kind == "heading" else "list" if block.kind == "list" else "paragraph"
    return Part(kind, lines, block.tight)
