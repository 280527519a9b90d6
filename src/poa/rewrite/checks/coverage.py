"""Omission and addition: every clause of the Chinese is said, and every claim of the English has a clause behind it."""

from __future__ import annotations

from collections.abc import Iterator

from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.figures import Figure
from poa.rewrite.names import latin_kept
from poa.rewrite.reading import Reading
from poa.rewrite.words import free_stems

__all__ = ["nothing_added", "nothing_dropped"]


def nothing_dropped(reading: Reading) -> Iterator[RewriteFinding]:
    """Clauses of the Chinese that no stretch of the English says, and telling words that it leaves out."""
    said = {n for n in set(reading.matching.values()) if reading.strength(n) > 0.5}
    anywhere = {t.stem for t in reading.words}
    numbers = {id(t): n for n, t in enumerate(reading.terms)}
    rows = zip(reading.zh_clauses, reading.clause_terms, reading.clause_figures, strict=True)
    for number, (clause, terms, figures) in enumerate(rows):
        first, last, _ = reading.regions(number)
        # 别的 may be "other": a word of grammar stands for a term only where its clause is said.
        grammar = {t.stem for words in reading.clause_words[first:last] for t in words} & free_stems()
        said |= {numbers[id(t)] for t in terms if t.core & grammar}
        names = [n for n in reading.latin if clause.start <= n.start < clause.end and latin_kept(n.text, reading.en)]
        kept_figures = [f for f in figures if not f.optional and _is_kept(reading, f)]
        weighed = [t for t in terms if t.weight]
        total = sum(t.weight for t in weighed)
        unsaid = [t for t in weighed if numbers[id(t)] not in said]
        gone = [t for t in unsaid if t.weight >= 0.7 and not t.stems & anywhere]
        got = total - sum(t.weight for t in unsaid) + 0.8 * len(kept_figures) + 0.4 * len(names)
        got += 0.3 * sum(1 for t in terms if not t.weight and numbers[id(t)] in said)
        if total >= 1.0 and (got < 0.3 or (got / total < 0.34 and len(gone) >= 1) or len(gone) >= 2 and sum(t.weight for t in gone) >= 1.7):
            shown = "、".join(t.text for t in (gone or unsaid))
            yield RewriteFinding(
                "dropped_content",
                f"The English does not say all of “{clause.text.strip()}” (not found: {shown}).",
                f"英文没有完整说出“{clause.text.strip()}”(找不到:{shown})。",
                zh_start=clause.start,
                zh_end=clause.end,
            )


def _is_kept(reading: Reading, figure: Figure) -> bool:
    """Whether a figure of the Chinese is said as often as there."""
    told = sum(1 for f in reading.zh_figures if f.canonical == figure.canonical and f.kind == figure.kind)
    return sum(1 for e in reading.en_figures if reading.same(figure, e)) >= told


def nothing_added(reading: Reading) -> Iterator[RewriteFinding]:
    """Stretches of the English for which the Chinese has no words."""
    content = {id(t) for t in reading.content}
    place = {id(t): n for n, t in enumerate(reading.words)}
    for number, clause in enumerate(reading.en_clauses):
        words = [t for t in reading.clause_words[number] if id(t) in content]
        doubts = [(t, _doubt(reading, place[id(t)])) for t in words]
        doubt = sum(d for _, d in doubts)
        if doubt >= 1.6 or (doubt >= 0.7 and doubt / len(words) >= 0.5):
            new = [t for t, d in doubts if d >= 0.4]
            shown = ", ".join(t.text for t in new)
            yield RewriteFinding(
                "added_content",
                f"“{clause.text.strip()}” says something the Chinese does not ({shown}).",
                f"“{clause.text.strip()}”里有中文没有的内容({shown})。",
                new[0].start,
                new[-1].end,
            )


def _doubt(reading: Reading, word: int) -> float:
    """How much an English word lacks a Chinese one: 1 when no term could mean it, less when others took the term."""
    token = reading.words[word]
    if token.stem not in reading.licensed:
        return 1.0
    if word not in reading.matching:
        return 0.7
    term = reading.terms[reading.matching[word]]
    return 0.0 if token.stem in term.core else 0.15
