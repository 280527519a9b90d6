"""A run in figures: each contestant's metrics with intervals, the tests between them, and the verdict in words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.evals.judge import JudgeTable, judge_table
from poa.evals.log import read_judgements, read_run, read_samples
from poa.evals.metrics import METRICS, Metric
from poa.evals.signature import signature_line
from poa.evals.statistics import (
    Difference,
    Interval,
    case_differences,
    compare_pairs,
    mean_over_cases,
    paired_difference,
)

__all__ = ["Cell", "RunSummary", "Standing", "Values", "differences", "prompt_differences", "summarize"]

# Each case's scores on one metric, one a repeat.
Values = Mapping[str, Sequence[float]]
# What decides, in this order: the whole letter must stand before its words are weighed.
_DECIDING = {
    "draft": ("reworded", "raw_items", "first_try"),
    "rewrite": ("rewrite_passes", "rewrite_findings"),
}


@dataclass(frozen=True)
class Cell:
    """One metric of one contestant: its interval (None when nothing was scored), and how many were unscored."""

    metric: str
    interval: Interval | None
    unscored: int
    why_unscored: str = ""


@dataclass(frozen=True)
class Standing:
    """One contestant's row: its figures, its failures by kind, and the signature they rest on."""

    name: str
    model: str
    drafts: int
    unanswered: int
    written_by: tuple[str, ...]
    signature: str
    cells: Mapping[str, Cell]
    codes: Mapping[str, int]
    values: Mapping[str, Values] = field(repr=False)


@dataclass(frozen=True)
class RunSummary:
    """A run in figures."""

    name: str
    folder: str
    task: str
    cases: tuple[str, ...]
    repeats: int
    missing: int
    standings: tuple[Standing, ...]
    differences: Mapping[str, tuple[Difference, ...]]
    # Between prompt variants, each case averaged over the models that wrote it with both.
    prompts: Mapping[str, tuple[Difference, ...]]
    verdict: tuple[str, ...]
    judges: JudgeTable | None

    def standing(self, name: str) -> Standing | None:
        """The contestant's row, or None."""
        return next((s for s in self.standings if s.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "run": self.name,
            "task": self.task,
            "cases": list(self.cases),
            "repeats": self.repeats,
            "missing_drafts": self.missing,
            "verdict": list(self.verdict),
            "contestants": [
                {
                    "name": s.name,
                    "model": s.model,
                    "written_by": list(s.written_by),
                    "drafts": s.drafts,
                    "unanswered_drafts": s.unanswered,
                    "signature": s.signature,
                    "metrics": {
                        cell.metric: {
                            **(asdict(cell.interval) if cell.interval else {"value": None}),
                            "unscored": cell.unscored,
                            "why_unscored": cell.why_unscored,
                        }
                        for cell in s.cells.values()
                    },
                    "findings_by_code": dict(s.codes),
                }
                for s in self.standings
            ],
            "differences": _plain(self.differences),
            "prompt_differences": _plain(self.prompts),
            "judges": self.judges.as_json() if self.judges else None,
        }


def summarize(folder: Path) -> RunSummary:
    """The figures of a run's folder; `InputError` when it holds no draft."""
    run = read_run(folder)
    gathered = _Gathered()
    for sample in read_samples(folder):
        gathered.add(sample)
    if not gathered.drafts:
        raise InputError(f"{folder} holds no draft yet: run the suite first.")
    cases = hashlib.sha256("".join(sorted(c["sha256"] for c in run["cases"])).encode()).hexdigest()[:8]
    cases_line = f"{len(run['cases'])}x{run['repeats']}:{cases}"
    order = [c["name"] for c in run["contestants"] if c["name"] in gathered.drafts]
    standings = tuple(gathered.standing(name, cases_line) for name in order)
    task = run["suite"]["task"]
    tested = [m.name for m in METRICS.values() if m.primary and any(s.values.get(m.name) for s in standings)]
    found = {metric: differences(standings, metric) for metric in tested}
    variants = {c["name"]: (c["settings"]["name"], c["prompt"]["name"]) for c in run["contestants"]}
    prompts = {
        metric: pairs for metric in tested if (pairs := prompt_differences(standings, variants, metric))
    }
    judgements = read_judgements(folder)
    expected = sum(
        len(run["cases"]) * (1 if c["settings"]["model"] == "skeleton" else run["repeats"])
        for c in run["contestants"]
    )
    return RunSummary(
        run["suite"]["name"],
        folder.name,
        task,
        tuple(c["name"] for c in run["cases"]),
        run["repeats"],
        expected - sum(gathered.drafts.values()),
        standings,
        found,
        prompts,
        _verdict(standings, found, prompts, task),
        judge_table(judgements) if judgements else None,
    )


def differences(standings: Sequence[Standing], metric: str) -> tuple[Difference, ...]:
    """Each pair of contestants on one metric, on the same cases, corrected for being many."""
    pairs = []
    for first, second in combinations(standings, 2):
        ours, theirs = first.values.get(metric, {}), second.values.get(metric, {})
        difference = paired_difference(first.name, second.name, ours, theirs)
        if difference is not None:
            pairs.append((difference, case_differences(ours, theirs)))
    return tuple(compare_pairs(pairs))


def prompt_differences(
    standings: Sequence[Standing], variants: Mapping[str, tuple[str, str]], metric: str
) -> tuple[Difference, ...]:
    """Each pair of prompt variants on one metric, each case averaged over the models that wrote it with both.

    `variants` holds each contestant's model and prompt. One comparison of prompts needs far fewer cases than
    all pairs of contestants do, and a model's luck with one case weighs less.
    """
    written: dict[str, dict[str, Values]] = {}
    for standing in standings:
        model, prompt = variants[standing.name]
        if standing.values.get(metric):
            written.setdefault(prompt, {})[model] = standing.values[metric]
    pairs = []
    for first, second in combinations(written, 2):
        ours, theirs = _in_common(written[first], written[second])
        difference = paired_difference(first, second, ours, theirs)
        if difference is not None:
            pairs.append((difference, case_differences(ours, theirs)))
    return tuple(compare_pairs(pairs))


def _in_common(first: Mapping[str, Values], second: Mapping[str, Values]) -> tuple[Values, Values]:
    """Each case's mean scores by the models that have it on both sides, side by side."""
    ours: dict[str, list[float]] = {}
    theirs: dict[str, list[float]] = {}
    for model in first:
        for case, scores in first[model].items():
            others = second.get(model, {}).get(case)
            if scores and others:
                ours.setdefault(case, []).append(sum(scores) / len(scores))
                theirs.setdefault(case, []).append(sum(others) / len(others))
    return ours, theirs


def _plain(found: Mapping[str, Sequence[Difference]]) -> dict[str, list[dict[str, Any]]]:
    return {metric: [{**asdict(d), "verdict": d.verdict} for d in pairs] for metric, pairs in found.items()}


class _Gathered:
    """What is kept of each draft while the log is read: its numbers, not its texts."""

    def __init__(self) -> None:
        self.drafts: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()
        self._models: dict[str, str] = {}
        self._writers: dict[str, set[str]] = {}
        self._signatures: dict[str, dict[str, Any]] = {}
        self._values: dict[str, dict[str, dict[str, list[float]]]] = {}
        self._unscored: dict[str, Counter[str]] = {}
        self._whys: dict[tuple[str, str], str] = {}
        self._codes: dict[str, Counter[str]] = {}

    def add(self, sample: Mapping[str, Any]) -> None:
        name = sample["contestant"]
        self.drafts[name] += 1
        self._unanswered[name] += sample["failure"] is not None
        self._models[name] = sample["model"]
        self._writers.setdefault(name, set()).update(sample["written_by"])
        self._signatures[name] = sample["signature"]
        for metric, score in sample["scores"].items():
            if score["value"] is None:
                self._unscored.setdefault(name, Counter())[metric] += 1
                self._whys[(name, metric)] = score["why"]
            else:
                of_case = self._values.setdefault(name, {}).setdefault(metric, {})
                of_case.setdefault(sample["case"], []).append(score["value"])
        raw = sample["scores"].get("raw_findings") or sample["scores"].get("rewrite_findings") or {}
        if raw.get("value"):
            for part in raw["why"].split(", "):
                code, _, count = part.rpartition(" ")
                self._codes.setdefault(name, Counter())[code] += int(count)

    def standing(self, name: str, cases: str) -> Standing:
        values = self._values.get(name, {})
        cells = {
            metric.name: Cell(
                metric.name,
                mean_over_cases(values.get(metric.name, {}), metric.unit == "share"),
                self._unscored.get(name, Counter())[metric.name],
                self._whys.get((name, metric.name), ""),
            )
            for metric in METRICS.values()
            if metric.name in values or self._unscored.get(name, Counter())[metric.name]
        }
        return Standing(
            name,
            self._models[name],
            self.drafts[name],
            self._unanswered[name],
            tuple(sorted(self._writers[name])),
            signature_line(self._signatures[name], cases),
            cells,
            self._codes.get(name, Counter()),
            values,
        )


# ---------------------------------------------------------------- the verdict


def _verdict(
    standings: Sequence[Standing],
    found: Mapping[str, Sequence[Difference]],
    prompts: Mapping[str, Sequence[Difference]],
    task: str,
) -> tuple[str, ...]:
    """Three lines: who is ahead, whether that is shown, and what it costs or what failed."""
    deciding = next((m for m in _DECIDING[task] if any(m in s.values for s in standings)), None)
    if deciding is None:
        return ("No model was scored.", "There is nothing to compare.", _trouble(standings))
    metric = METRICS[deciding]
    ranked = sorted(
        (s for s in standings if deciding in s.values), key=lambda s: _mean_of(s, metric), reverse=True
    )
    best = ranked[0]
    cell = best.cells[deciding].interval
    assert cell is not None
    lead = f"{best.name} is ahead on “{metric.title.lower()}”: {_figure(cell, metric)}."
    if len(ranked) == 1:
        return (lead, "It is the only model that was scored: nothing was compared.", _trouble(standings))
    against = [d for d in found.get(deciding, ()) if best.name in (d.ours, d.theirs)]
    beaten = [d.theirs if d.ours == best.name else d.ours for d in against if d.shown]
    open_ = [d for d in against if not d.shown]
    parts = []
    if beaten:
        parts.append(f"Better than {', '.join(beaten)} beyond chance")
    if open_:
        nearest = min(open_, key=lambda d: abs(d.mean))
        other = nearest.theirs if nearest.ours == best.name else nearest.ours
        parts.append(f"against {other} {nearest.verdict}")
    parts += [f"prompt {d.ours} against {d.theirs}: {d.verdict}" for d in prompts.get(deciding, ())]
    line = "; ".join(parts)
    return (lead, f"{line[:1].upper()}{line[1:]}.", _trouble(standings))


def _mean_of(standing: Standing, metric: Metric) -> float:
    interval = standing.cells[metric.name].interval
    value = interval.value if interval else 0.0
    return -value if metric.better == "lower" else value


def _figure(interval: Interval, metric: Metric) -> str:
    from poa.evals.figures import figure

    return figure(interval, metric)


def _trouble(standings: Sequence[Standing]) -> str:
    """Failures first, since a model that does not answer is no choice; else what the drafts cost."""
    failing = [
        f"{s.name}: {cell.interval.value:.0%} of its calls failed"
        for s in standings
        if (cell := s.cells.get("failed_calls")) and cell.interval and cell.interval.value > 0
    ]
    if failing:
        return "; ".join(failing) + "."
    costs = [
        f"{s.name} {cell.interval.value:.4f} USD"
        for s in standings
        if (cell := s.cells.get("cost_usd")) and cell.interval and cell.interval.value > 0
    ]
    if costs:
        return f"A letter costs: {', '.join(costs)}."
    times = [
        f"{s.name} {cell.interval.value:.1f} s"
        for s in standings
        if (cell := s.cells.get("seconds")) and cell.interval and cell.interval.value > 0
    ]
    return f"No call failed and nothing was paid; a letter takes: {', '.join(times) or 'no time'}."
