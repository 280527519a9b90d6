"""Intervals and tests for the comparison of models; the formulas are scipy's and statsmodels'.

Both come with the `evals` extra and are loaded with the first call. A case is the unit everywhere: repeats of
a case are averaged first, since drafts of one case are no independent trials.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from poa.errors import InputError

__all__ = [
    "CONFIDENCE",
    "Difference",
    "Interval",
    "agreement",
    "by_holm",
    "compare_pairs",
    "mean_over_cases",
    "paired_difference",
    "share",
]

CONFIDENCE = 0.95
_POWER = 0.8
_RESAMPLES = 5000
_MOST_CASES = 10_000
_FEWEST_TO_RESAMPLE = 5
_SEED = 20


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; `n` is how many cases or trials it rests on, `how` the method."""

    value: float
    low: float | None
    high: float | None
    n: int
    how: str = ""


@dataclass(frozen=True)
class Difference:
    """How far `ours` is from `theirs` on the same cases, and whether that is more than chance.

    `p` is corrected for all comparisons made together once `compare_pairs` made them; `shown` is p < 0.05.
    `more_cases` is how many more cases would probably show a difference as large as the one seen: None when
    it is shown already, or none was seen; 10,000 stands for more than is worth asking for.
    """

    ours: str
    theirs: str
    mean: float
    low: float | None
    high: float | None
    n: int
    p: float | None
    shown: bool
    more_cases: int | None

    @property
    def verdict(self) -> str:
        """The outcome in words."""
        if self.shown:
            return "difference shown"
        if self.n < 2:
            return "no difference shown: one case shows nothing"
        if self.more_cases is None:
            return "no difference shown"
        if self.more_cases >= _MOST_CASES:
            return f"no difference shown: more than {_MOST_CASES:,} cases would be needed"
        return f"no difference shown: about {self.more_cases:,} more cases would show this one"


def share(hits: int, trials: int) -> Interval | None:
    """The share of hits with Wilson's interval; None when there was no trial."""
    if trials == 0:
        return None
    found = _stats().binomtest(hits, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(hits / trials, float(found.low), float(found.high), trials, "Wilson")


def mean_over_cases(values: Mapping[str, Sequence[float]], is_share: bool = False) -> Interval | None:
    """The mean of the cases' means, with an interval over cases; None when there is no value.

    `values` holds each case's values, one a repeat. The interval is bootstrapped (BCa), below five cases
    Student's. Shares that are all 0 or all 1 have Wilson's interval: no
    resampling of equal values tells how far the truth may be.
    """
    means = [sum(of_case) / len(of_case) for of_case in values.values() if of_case]
    if not means:
        return None
    single = all(len(of_case) <= 1 for of_case in values.values())
    if is_share and (all(m in (0.0, 1.0) for m in means) and (single or len(set(means)) == 1)):
        return share(round(sum(means)), len(means))
    mean = sum(means) / len(means)
    low, high = _limits(means)
    if low is not None and high is not None:
        # What cannot be negative has no negative mean, and a share none above one.
        low = max(low, 0.0) if min(means) >= 0 else low
        high = min(high, 1.0) if is_share else high
    how = "bootstrap over cases" if len(means) >= _FEWEST_TO_RESAMPLE else "t over cases"
    return Interval(mean, low, high, len(means), how)


def paired_difference(
    ours: str, theirs: str, values: Mapping[str, Sequence[float]], others: Mapping[str, Sequence[float]]
) -> Difference | None:
    """The mean difference on the cases that both have, with a permutation test; None without such a case."""
    both = [case for case in values if values[case] and others.get(case)]
    differences = [_mean(values[case]) - _mean(others[case]) for case in both]
    if not differences:
        return None
    low, high = _limits(differences)
    p = _sign_flip_p(differences)
    return Difference(ours, theirs, _mean(differences), low, high, len(differences), p, False, None)


def compare_pairs(
    pairs: Sequence[tuple[Difference, Sequence[float]]], alpha: float = 0.05
) -> list[Difference]:
    """The differences with their p corrected by Holm for being made together, each with its verdict.

    Beside each difference stand the cases' differences, which tell how many more cases would show it.
    """
    from dataclasses import replace

    known = [(n, d.p) for n, (d, _) in enumerate(pairs) if d.p is not None]
    corrected: dict[int, float] = {}
    if known:
        adjusted = by_holm([p for _, p in known])
        corrected = {n: p for (n, _), p in zip(known, adjusted, strict=True)}
    results = []
    for n, (difference, by_case) in enumerate(pairs):
        p = corrected.get(n)
        shown = p is not None and p < alpha
        more = None if shown else _more_cases(by_case, alpha / max(len(known), 1))
        results.append(replace(difference, p=p, shown=shown, more_cases=more))
    return results


def by_holm(ps: Sequence[float]) -> list[float]:
    """The p of tests made together, each corrected by Holm's step-down method, in the order given.

    As statsmodels does it, which at each call looks for garbage in all of the process: a third of a second.
    """
    corrected = [0.0] * len(ps)
    least = 0.0
    for rank, n in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(ps[n] * (len(ps) - rank), 1.0))
        corrected[n] = least
    return corrected


def case_differences(
    values: Mapping[str, Sequence[float]], others: Mapping[str, Sequence[float]]
) -> list[float]:
    """Each common case's difference."""
    return [_mean(values[case]) - _mean(others[case]) for case in values if values[case] and others.get(case)]


def agreement(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa of two raters' verdicts on the same things; None where it is not defined."""
    if len(first) < 2:
        return None
    labels = sorted({*first, *second})
    if len(labels) < 2:
        # Both always said the same one thing: agreement by chance is certain, and kappa is 0/0.
        return None
    table = [[0] * len(labels) for _ in labels]
    for a, b in zip(first, second, strict=True):
        table[labels.index(a)][labels.index(b)] += 1
    with warnings.catch_warnings():
        # Its standard error, which is not used, is 0/0 where one rater always said the same.
        warnings.simplefilter("ignore", RuntimeWarning)
        kappa = float(_inter_rater().cohens_kappa(table).kappa)
    return None if math.isnan(kappa) else kappa


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _limits(values: Sequence[float]) -> tuple[float | None, float | None]:
    """The limits of the mean; none for a single case, and the value itself where all cases are equal."""
    if len(values) < 2:
        return None, None
    if max(values) - min(values) < 1e-12:
        return values[0], values[0]
    import numpy

    sample = numpy.asarray(values, dtype=float)
    if len(values) < _FEWEST_TO_RESAMPLE:
        # Resampling two or three values gives back their range, which covers the truth far too seldom.
        few = _stats().t.interval(CONFIDENCE, len(values) - 1, loc=sample.mean(), scale=_stats().sem(sample))
        return float(few[0]), float(few[1])
    rng = numpy.random.default_rng(_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resampled = _stats().bootstrap(
            (sample,),
            numpy.mean,
            confidence_level=CONFIDENCE,
            n_resamples=_RESAMPLES,
            method="BCa",
            rng=rng,
        )
    found = resampled.confidence_interval
    low, high = float(found.low), float(found.high)
    return (None, None) if math.isnan(low) or math.isnan(high) else (low, high)


def _sign_flip_p(differences: Sequence[float]) -> float | None:
    """The paired permutation test on the mean: exact for few cases; None for one."""
    if len(differences) < 2:
        return None
    if all(d == 0 for d in differences):
        return 1.0
    import numpy

    found = _stats().permutation_test(
        (numpy.asarray(differences, dtype=float),),
        numpy.mean,
        permutation_type="samples",
        n_resamples=9999,
        rng=numpy.random.default_rng(_SEED),
    )
    return float(found.pvalue)


def _more_cases(differences: Sequence[float], alpha: float) -> int | None:
    """How many more cases a test of this power needs to show the mean difference seen."""
    n = len(differences)
    if n < 2 or abs(_mean(differences)) < 1e-12:
        return None
    import numpy

    spread = float(numpy.std(differences, ddof=1))
    # Flipping the signs of n differences gives 2^n outcomes: fewer cases cannot reach alpha at all.
    least = math.ceil(math.log2(2 / alpha))
    if spread < 1e-12:
        needed = least
    else:
        effect = abs(_mean(differences)) / spread
        needed = max(least, _cases_for(effect, alpha))
    return min(max(needed - n, 1), _MOST_CASES)


def _cases_for(effect: float, alpha: float) -> int:
    """The least number of cases at which a paired test has the power."""
    test = _power()

    def enough(cases: int) -> bool:
        # Far beyond what is needed the noncentral t distribution has no value that can be computed.
        return effect * math.sqrt(cases) > 8 or float(test.power(effect, cases, alpha)) >= _POWER

    high = 2
    while not enough(high):
        high *= 2
        if high > _MOST_CASES:
            return 2 * _MOST_CASES
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _stats() -> ModuleType:
    return _module("scipy.stats")


def _inter_rater() -> ModuleType:
    return _module("statsmodels.stats.inter_rater")


def _power() -> Any:
    return _module("statsmodels.stats.power").TTestPower()


def _module(name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise InputError("Statistics need the evals extra: pip install 'poa-draft[evals]'.") from error
