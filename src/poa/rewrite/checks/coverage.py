"""Omission and addition: every clause of the Chinese is said, and every claim of the English has a clause behind it."""

from __future__ import annotations

from collections.abc import Iterator

from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.reading import Reading

__all__ = ["nothing_added", "nothing_dropped"]


def nothing_dropped(reading: Reading) -> Iterator[RewriteFinding]:
    """Clauses of the Chinese that no stretch of the English says."""
    for number, clause in enumerate(reading.zh_clauses):
        terms = [t for t in reading.clause_terms[number] if t.weight]
        if not terms:
            continue
        first, last, _ = reading.regions(number)
        stems = {t.stem for words in reading.clause_words[first:last] for t in words}
        total = sum(t.weight for t in terms)
        missing = [t for t in terms if not t.stems & stems]
        lost = sum(t.weight for t in missing)
        anywhere = {t.stem for t in reading.words}
        gone = sum(t.weight for t in missing if not t.stems & anywhere)
        if (total - lost) / total < 0.4 and gone >= 0.7 and lost >= 1.0 or (gone >= 2.0 and lost / total >= 0.5):
            yield RewriteFinding(
                "dropped_content",
                f"The English does not say “{clause.text.strip()}” (not found: {'、'.join(t.text for t in missing)}).",
                f"英文没有说“{clause.text.strip()}”(找不到:{'、'.join(t.text for t in missing)})。",
                zh_start=clause.start,
                zh_end=clause.end,
            )


def nothing_added(reading: Reading) -> Iterator[RewriteFinding]:
    """Stretches of the English for which the Chinese has no words."""
    content = set(reading.content)
    for number, clause in enumerate(reading.en_clauses):
        words = [t for t in reading.clause_words[number] if t in content]
        new = [t for t in words if t.stem not in reading.licensed]
        if len(new) >= 2 or (len(new) == 1 and len(words) <= 2):
            shown = ", ".join(t.text for t in new)
            yield RewriteFinding(
                "added_content",
                f"“{clause.text.strip()}” says something the Chinese does not ({shown}).",
                f"“{clause.text.strip()}”里有中文没有的内容({shown})。",
                new[0].start,
                new[-1].end,
            )
