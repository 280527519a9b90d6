"""A letter as it is built: passages, one per required item, in sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["Letter", "Passage", "Section"]


@dataclass(frozen=True)
class Passage:
    """The text that carries one required item; `id` is the item's id on every step of the walk.

    `layout` says how the passage stands among its neighbours: `prose` joins the running paragraph,
    `paragraph` stands alone, `item` is an entry of a list.
    """

    id: str
    text: str
    layout: str = "prose"


@dataclass(frozen=True)
class Section:
    """A titled run of passages; an empty title prints none. `polish` is false where wording is fixed.

    `lead` is a fixed line before the passages that carries no item: the salutation, the introduction of a
    list, the closing formula.
    """

    id: str
    title: str
    passages: tuple[Passage, ...]
    polish: bool = True
    lead: str = ""

    @property
    def text(self) -> str:
        """The section as it stands in the letter: title, then paragraphs and list entries."""
        blocks = [line for line in (self.title, self.lead) if line]
        previous = ""
        for passage in self.passages:
            if not passage.text:
                continue
            if passage.layout == "prose" and previous == "prose":
                # Chinese sentences follow each other without a space.
                gap = "" if blocks[-1].endswith(("。", "！", "？")) else " "
                blocks[-1] = f"{blocks[-1]}{gap}{passage.text}"
            elif passage.layout == "item":
                line = f"- {passage.text}"
                if previous == "item":
                    blocks[-1] = f"{blocks[-1]}\n{line}"
                else:
                    blocks.append(line)
            else:
                blocks.append(passage.text)
            previous = passage.layout
        return "\n\n".join(blocks)


@dataclass(frozen=True)
class Letter:
    """The whole letter, top to bottom."""

    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The letter as plain text, one blank line between blocks, a line end at the end."""
        return "\n\n".join(section.text for section in self.sections if section.passages) + "\n"

    def passage(self, item_id: str) -> Passage:
        """The passage that carries the item; `KeyError` when the letter has none."""
        for section in self.sections:
            for passage in section.passages:
                if passage.id == item_id:
                    return passage
        raise KeyError(item_id)

    def with_passages(self, texts: dict[str, str]) -> Letter:
        """The same letter with the named passages' texts replaced."""
        return Letter(
            tuple(
                replace(
                    section,
                    passages=tuple(replace(p, text=texts.get(p.id, p.text)) for p in section.passages),
                )
                for section in self.sections
            )
        )
