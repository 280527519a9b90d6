"""Intervals and tests for the comparison of models; the formulas are scipy's and statsmodels'.

Both come with the `evals` extra and are loaded with the first call.
"""

from __future__ import annotations

from dataclasses import dataclass

from poa.errors import InputError

__all__ = ["CONFIDENCE", "Interval", "share"]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; `n` is how many cases or trials it rests on."""

    value: float
    low: float
    high: float
    n: int


def share(hits: int, trials: int) -> Interval | None:
    """The share of hits with Wilson's interval; None when there was no trial."""
    if trials == 0:
        return None
    found = _scipy_stats().binomtest(hits, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(hits / trials, float(found.low), float(found.high), trials)


def _scipy_stats():  # type: ignore[no-untyped-def]
    try:
        from scipy import stats
    except ImportError as error:
        raise InputError("Statistics need the evals extra: pip install 'poa-draft[evals]'.") from error
    return stats
