"""What a notification demands, and nothing else of it: what an outline needs each time it is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from poa.notice.demands import find_demands
from poa.notice.layout import Block, blocks_of
from poa.notice.mail import Letter, letter_in
from poa.notice.suspicion import Sign, suspicions
from poa.notice.text import refuse_unreadable, tidy, unwrapped
from poa.notice.traditional import as_written, simplified
from poa.notice.violation import complaint_type, find_violations, is_notification
from poa.notice.words import matches

__all__ = ["READ", "READ_LINES", "Pages", "asking_blocks", "demands_of", "pages_of", "signs_in"]

# What asks, names a ground or sets a term stands in a notification's first pages. A longer text is read for its links
# and IDs only, and the advice says so: its cost must not grow with what somebody pasted behind it.
READ = 200_000
READ_LINES = 4_000


@dataclass(frozen=True)
class Pages:
    """A pasted text, Amazon's last message in its first pages, and that message's and the older ones' blocks.

    `cut` tells that more was pasted than these pages.
    """

    text: str
    letter: Letter
    blocks: tuple[Block, ...]
    older: tuple[Block, ...]
    cut: bool

    @property
    def posing(self) -> str:
        """The words that stand as Amazon's, with the mail's header."""
        return f"{self.letter.head}\n{unwrapped(self.letter.body)}"


def pages_of(text: str) -> Pages:
    """The pages of a text as it was pasted."""
    marked = tidy(text)
    first = "\n".join(marked[:READ].split("\n", READ_LINES)[:READ_LINES])
    letter = letter_in(first)
    return Pages(
        unwrapped(marked),
        letter,
        blocks_of(unwrapped(letter.body)),
        blocks_of(unwrapped(letter.older)) if letter.older else (),
        len(first) < len(marked.rstrip()),
    )


def asking_blocks(pages: Pages, complaint: str) -> tuple[Block, ...]:
    """The blocks that ask: the last message's, with the older ones' where it keeps them or neither asks nor settles."""
    settled = any(matches("no_action", block.text) for block in pages.blocks)
    if pages.older and (
        pages.letter.keeps_older or (not settled and not find_demands(pages.blocks, complaint))
    ):
        return (*pages.blocks, *pages.older)
    return pages.blocks


def signs_in(pages: Pages) -> tuple[Sign, ...]:
    """The signs of fraud in what poses as Amazon's message; a thread's other mails may name what they like."""
    return suspicions(pages.posing)


# A letter that is worked on is checked, and a draft's outline built, again and again for the same notification.
@lru_cache(maxsize=16)
def demands_of(text: str) -> tuple[str, ...]:
    """Every demanded item in the notice's own words and order: the `demands` of `read_notice`.

    Raises NoticeError for text that cannot be read.
    """
    refuse_unreadable(text, "notification")
    plain_text = simplified(text)
    if plain_text is not None:
        return tuple(as_written(words, text, plain_text) for words in demands_of(plain_text))
    pages = pages_of(text)
    complaint = complaint_type(pages.text)
    groups = find_demands(asking_blocks(pages, complaint), complaint)
    if not groups or signs_in(pages):
        return ()
    # Which violation it names takes longest to find, and matters only where nothing else shows what the mail is.
    genuine = is_notification(pages.text, named=False, asks=True) or (
        (find_violations(pages.blocks, complaint) or find_violations(pages.older, complaint))
        and is_notification(pages.text, named=True, asks=True)
    )
    return tuple(d.text for group in groups for d in group.demands) if genuine else ()
