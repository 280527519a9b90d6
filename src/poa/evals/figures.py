"""Figures as a person reads them."""

from __future__ import annotations

from poa.evals.metrics import Metric
from poa.evals.statistics import Interval

__all__ = ["figure", "number", "p_value"]


def number(value: float, unit: str) -> str:
    """The value with its unit: a share in percent, money with four places."""
    if unit == "share":
        return f"{value:.1%}"
    if unit == "USD":
        return f"{value:.4f} USD"
    if unit == "tokens":
        return f"{value:,.0f}"
    return f"{value:.2f}"


def figure(interval: Interval | None, metric: Metric) -> str:
    """The value with its interval; `unscored` when there is none."""
    if interval is None:
        return "unscored"
    value = number(interval.value, metric.unit)
    if interval.low is None or interval.high is None:
        return f"{value} (one case, no interval)"
    return f"{value} ({number(interval.low, metric.unit)} to {number(interval.high, metric.unit)})"


def p_value(p: float | None) -> str:
    """The p of a test."""
    if p is None:
        return "none"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
