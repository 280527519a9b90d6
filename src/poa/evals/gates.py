"""Gates: what a run must reach for the command to end well."""

from __future__ import annotations

from dataclasses import dataclass

from poa.errors import InputError
from poa.evals.figures import number
from poa.evals.metrics import METRICS
from poa.evals.statistics import case_differences, compare_pairs, paired_difference
from poa.evals.summary import RunSummary, Standing

__all__ = ["Limit", "failed_limits", "read_limit", "worse_than"]


@dataclass(frozen=True)
class Limit:
    """A metric's limit, for one contestant or (None) for every one that asks a model."""

    metric: str
    value: float
    contestant: str | None = None


def read_limit(text: str) -> Limit:
    """The limit that `METRIC=VALUE` or `MODEL:METRIC=VALUE` says."""
    name, equals, value = text.rpartition("=")
    contestant, colon, metric = name.rpartition(":")
    try:
        limit = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        limit = float("nan")
    if not equals or limit != limit or metric not in METRICS:
        raise InputError(
            f"--fail-under {text}: write METRIC=VALUE or MODEL:METRIC=VALUE; the metrics are {', '.join(METRICS)}."
        )
    return Limit(metric, limit, contestant if colon else None)


def failed_limits(summary: RunSummary, limits: list[Limit]) -> list[str]:
    """A sentence for each limit that a contestant does not keep: a lower one is a ceiling for what should be low.

    A metric that could not be scored fails its limit: nothing shows that it is kept.
    """
    failed = []
    for limit in limits:
        metric = METRICS[limit.metric]
        for standing in _concerned(summary, limit):
            cell = standing.cells.get(limit.metric)
            if cell is None or cell.interval is None:
                why = cell.why_unscored if cell else "it was not among the scorers"
                failed.append(f"{standing.name}: {limit.metric} is unscored ({why}).")
                continue
            value = cell.interval.value
            bad = value > limit.value if metric.better == "lower" else value < limit.value
            if bad:
                side = "over" if metric.better == "lower" else "under"
                failed.append(
                    f"{standing.name}: {limit.metric} is {number(value, metric.unit)},"
                    f" {side} {number(limit.value, metric.unit)}."
                )
    return failed


def worse_than(summary: RunSummary, before: RunSummary, margin: float = 0.05) -> list[str]:
    """A sentence for each primary metric in which a contestant is worse than in the earlier run.

    Worse is a difference that is shown on the common cases, or one larger than `margin` of the earlier value.
    """
    failed = []
    for standing in summary.standings:
        earlier = before.standing(standing.name)
        if earlier is None:
            continue
        for metric in METRICS.values():
            ours, theirs = standing.values.get(metric.name), earlier.values.get(metric.name)
            if not metric.primary or not ours or not theirs:
                continue
            difference = paired_difference("now", "before", ours, theirs)
            if difference is None:
                continue
            [tested] = compare_pairs([(difference, case_differences(ours, theirs))])
            down = tested.mean if metric.better == "lower" else -tested.mean
            cell = earlier.cells[metric.name].interval
            size = abs(cell.value) if cell else 0.0
            if down > 0 and (tested.shown or down > margin * size):
                failed.append(
                    f"{standing.name}: {metric.name} is worse than before by {number(down, metric.unit)}"
                    f" ({tested.verdict})."
                )
    return failed


def _concerned(summary: RunSummary, limit: Limit) -> list[Standing]:
    if limit.contestant is None:
        return [s for s in summary.standings if s.model != "skeleton"]
    found = summary.standing(limit.contestant)
    if found is None:
        names = ", ".join(s.name for s in summary.standings)
        raise InputError(f"--fail-under names {limit.contestant}, which is not in the run: it has {names}.")
    return [found]
