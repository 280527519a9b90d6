"""What got better and what got worse from one run to another, on the cases that both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.evals.figures import number, p_value
from poa.evals.log import read_samples
from poa.evals.metrics import METRICS
from poa.evals.statistics import Difference, case_differences, compare_pairs, paired_difference
from poa.evals.summary import RunSummary, summarize

__all__ = ["Change", "RunComparison", "compare_runs", "comparison_lines"]


@dataclass(frozen=True)
class Change:
    """A metric of one contestant, after less before; `better` is None where no direction is better."""

    contestant: str
    metric: str
    difference: Difference
    better: bool | None


@dataclass(frozen=True)
class RunComparison:
    """All changes, the passages that changed sides, and what differs between the runs' signatures."""

    before: str
    after: str
    changes: tuple[Change, ...]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    signatures: Mapping[str, tuple[str, str]]

    def as_json(self) -> dict[str, Any]:
        """The comparison as plain data."""
        found = asdict(self)
        for shown, change in zip(found["changes"], self.changes, strict=True):
            shown["difference"]["verdict"] = change.difference.verdict
        return found


def compare_runs(before: Path, after: Path) -> RunComparison:
    """The later run against the earlier one; `InputError` when they have no contestant in common."""
    old, new = summarize(before), summarize(after)
    names = [s.name for s in new.standings if old.standing(s.name)]
    if not names:
        raise InputError(
            f"{before} and {after} have no contestant of the same name: nothing can be compared."
        )
    won, lost = _passages(before, after, set(names))
    return RunComparison(
        old.folder,
        new.folder,
        tuple(_changes(old, new, names)),
        won,
        lost,
        {
            name: (ours.signature, theirs.signature)
            for name in names
            if (ours := old.standing(name))
            and (theirs := new.standing(name))
            and ours.signature != theirs.signature
        },
    )


def comparison_lines(found: RunComparison) -> list[str]:
    """The comparison in Markdown; metrics that did not change are left out."""
    lines = [f"# {found.before} → {found.after}", ""]
    changed = [c for c in found.changes if abs(c.difference.mean) > 1e-12]
    for title, better in (("Better", True), ("Worse", False), ("Other changes", None)):
        rows = [c for c in changed if c.better is better]
        if rows:
            lines += [f"## {title}", ""]
            lines += [_line(c) for c in rows]
            lines.append("")
    if not changed:
        lines += ["Nothing changed.", ""]
    for title, passages in (
        ("Passages that stand in the model's words now", found.won),
        ("Passages that returned to the skeleton", found.lost),
    ):
        if passages:
            lines += [f"## {title}: {len(passages)}", "", *(f"- {p}" for p in passages), ""]
    if found.signatures:
        lines += ["## What differs beneath", ""]
        for name, (ours, theirs) in found.signatures.items():
            lines += [f"- {name}: `{ours}` → `{theirs}`"]
    return lines


def _line(change: Change) -> str:
    metric, d = METRICS[change.metric], change.difference
    return (
        f"- {change.contestant}: {metric.title.lower()} {'+' if d.mean > 0 else ''}{number(d.mean, metric.unit)}"
        f" on {d.n} cases (p {p_value(d.p)}; {d.verdict})"
    )


def _changes(old: RunSummary, new: RunSummary, names: list[str]) -> list[Change]:
    found = []
    for metric in METRICS.values():
        pairs, concerned = [], []
        for name in names:
            ours, theirs = new.standing(name), old.standing(name)
            assert ours is not None
            assert theirs is not None
            now, then = ours.values.get(metric.name, {}), theirs.values.get(metric.name, {})
            difference = paired_difference(new.folder, old.folder, now, then)
            if difference is not None:
                pairs.append((difference, case_differences(now, then)))
                concerned.append(name)
        for name, difference in zip(concerned, compare_pairs(pairs), strict=True):
            better = (
                None if metric.better == "neither" else (difference.mean > 0) == (metric.better == "higher")
            )
            found.append(Change(name, metric.name, difference, better))
    return found


def _passages(before: Path, after: Path, names: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = _sources(before, names), _sources(after, names)
    both = [key for key in new if key in old]
    won = tuple(key for key in both if old[key] == "skeleton" and new[key] != "skeleton")
    lost = tuple(key for key in both if old[key] != "skeleton" and new[key] == "skeleton")
    return won, lost


def _sources(folder: Path, names: set[str]) -> dict[str, str]:
    return {
        f"{sample['contestant']}: {sample['case']}#{sample['repeat'] + 1} {passage['id']}": passage["source"]
        for sample in read_samples(folder)
        if sample["contestant"] in names
        for passage in sample["passages"]
    }
