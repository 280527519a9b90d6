"""Counts of right and wrong verdicts by category, and the lines in which a person reads them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.checker.labelled import Labelled
from evals.checker.verdicts import Verdict

from poa.evals.statistics import Interval, share

__all__ = ["Judged", "Row", "Table", "score", "shown", "table_lines"]


@dataclass(frozen=True)
class Judged:
    """A labelled letter with both verdicts on it."""

    letter: Labelled
    verdict: Verdict
    baseline_passes: bool

    @property
    def right(self) -> bool:
        """Whether the checker's verdict is the known one."""
        return self.verdict.passes == self.letter.faithful


@dataclass(frozen=True)
class Row:
    """One category: how many letters the checker failed, of how many; and the baseline's count."""

    category: str
    failed: int
    of: int
    interval: Interval
    baseline_failed: int


@dataclass(frozen=True)
class Table:
    """The rows of the corrupt letters (failed means caught) and of the faithful ones (failed is a false alarm)."""

    corrupt: tuple[Row, ...]
    faithful: tuple[Row, ...]
    caught: Row | None
    alarms: Row | None

    def as_json(self) -> dict[str, Any]:
        """The table as plain data."""
        return asdict(self)


def score(judged: Sequence[Judged]) -> Table:
    """The counts by category, and over all."""
    corrupt = [j for j in judged if not j.letter.faithful]
    faithful = [j for j in judged if j.letter.faithful]
    return Table(
        _rows(corrupt),
        _rows(faithful),
        _row("all corrupt", corrupt) if corrupt else None,
        _row("all faithful", faithful) if faithful else None,
    )


def _rows(judged: Sequence[Judged]) -> tuple[Row, ...]:
    names = sorted({j.letter.category for j in judged})
    return tuple(_row(name, [j for j in judged if j.letter.category == name]) for name in names)


def _row(category: str, judged: Sequence[Judged]) -> Row:
    failed = sum(not j.verdict.passes for j in judged)
    interval = share(failed, len(judged))
    assert interval is not None
    return Row(category, failed, len(judged), interval, sum(not j.baseline_passes for j in judged))


def table_lines(table: Table) -> list[str]:
    """The table in Markdown, which reads as text too."""
    lines = [
        "| category | failed by the checker | share | 95 % interval (Wilson) | by values both ways |",
        "|---|---:|---:|---:|---:|",
    ]
    for rows, total in ((table.corrupt, table.caught), (table.faithful, table.alarms)):
        if total is not None:
            lines += [_line(row) for row in rows]
            lines.append(_line(total, bold=True))
    return lines


def _line(row: Row, bold: bool = False) -> str:
    mark = "**" if bold else ""
    low, high = row.interval.low, row.interval.high
    return (
        f"| {mark}{row.category}{mark} | {row.failed} of {row.of} | {row.interval.value:.1%} |"
        f" {low:.1%} to {high:.1%} | {row.baseline_failed} ({row.baseline_failed / row.of:.1%}) |"
    )


def shown(judged: Judged) -> list[str]:
    """A wrong verdict as text: what was changed in the letter, and what the checker said."""
    letter = judged.letter
    head = f"{letter.id}  {letter.category}" + (f"  ({letter.item})" if letter.item else "")
    lines = [head, *(f"    {_diff(change.find, change.replace)}" for change in letter.changes)]
    for error in judged.verdict.errors:
        lines.append(f"    {error.code}: {error.message}")
        if error.start is not None and error.end is not None:
            lines.append(f"      > {_around(letter.text, error.start, error.end)}")
    return lines


def _diff(before: str, after: str) -> str:
    """Both texts in one: [-taken out-] and {+put in+}, word by word."""
    old, new = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    parts: list[str] = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if how == "equal":
            parts.append(gone)
        else:
            parts += [f"[-{gone}-]"] if gone else []
            parts += [f"{{+{come}+}}"] if come else []
    return _one_line("".join(parts))


def _around(text: str, start: int, end: int) -> str:
    left, right = max(0, start - 60), min(len(text), end + 60)
    return _one_line(f"{text[left:start]}[{text[start:end]}]{text[end:right]}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def wrong(judged: Iterable[Judged], faithful: bool) -> list[Judged]:
    """The misses (`faithful` false) or the false alarms (true)."""
    return [j for j in judged if j.letter.faithful == faithful and not j.right]
