"""One protected value found in a text, with the form under which two writings of it are equal."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a text: `text[start:end]` is how it is written, `canonical` what it means.

    Canonical forms, the same for English and Chinese:
    date `2024-03-05`, without its year `--03-05`, month only `2024-03` or `--03`, year only `2024`;
    number `12000` or `1.5`, vague ones `~20` (about), `>200` (over), `<5` (under), `11..19` (between);
    percent `0.31%`; money `USD 10`; order_id, asin, review_id, email, url as upper- or lower-cased plainly.
    """

    kind: str
    text: str
    start: int
    end: int
    canonical: str
