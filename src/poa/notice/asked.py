"""What a notification demands, and nothing else of it: what an outline needs each time it is built."""

from __future__ import annotations

from functools import lru_cache

from poa.notice.demands import find_demands
from poa.notice.layout import Block, blocks_of
from poa.notice.suspicion import suspicions
from poa.notice.text import clean, refuse_unreadable
from poa.notice.violation import complaint_type, find_violations, is_notification

__all__ = ["READ", "READ_LINES", "demands_of", "pages_of"]

# What asks, names a ground or sets a term stands in a notification's first pages. A longer text is read for its links
# and IDs only, and the advice says so: its cost must not grow with what somebody pasted behind it.
READ = 200_000
READ_LINES = 4_000


def pages_of(text: str) -> tuple[str, tuple[Block, ...]]:
    """The first pages of a text that was cleaned, and their blocks."""
    pages = "\n".join(text[:READ].split("\n", READ_LINES)[:READ_LINES])
    return pages, blocks_of(pages)


# A letter that is worked on is checked, and a draft's outline built, again and again for the same notification.
@lru_cache(maxsize=16)
def demands_of(text: str) -> tuple[str, ...]:
    """Every demanded item in the notice's own words and order: the `demands` of `read_notice`.

    Raises NoticeError for text that cannot be read.
    """
    refuse_unreadable(text, "notification")
    text = clean(text)
    complaint = complaint_type(text)
    _, blocks = pages_of(text)
    groups = find_demands(blocks, complaint)
    if not groups or suspicions(text):
        return ()
    # Which violation it names takes longest to find, and matters only where nothing else shows what the mail is.
    genuine = is_notification(text, named=False, asks=True) or find_violations(blocks, complaint)
    return tuple(d.text for group in groups for d in group.demands) if genuine else ()
