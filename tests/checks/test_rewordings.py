"""Reworded passages, each in the skeleton in its passage's place: every third of what
`python -m evals.checker.rewordings` scores. The floors are a little under what it reaches."""

from __future__ import annotations

from evals.checker.rewordings import Judge, rewordings

REFUSED_AT_MOST, CAUGHT_AT_LEAST = 0.06, 0.58


def test_the_shares_of_rewordings_that_fail_hold() -> None:
    judge = Judge()
    failed: dict[bool, list[bool]] = {True: [], False: []}
    for one in list(rewordings())[::3]:
        failed[one.faithful].append(bool(judge.findings(one)))
    honest, corrupt = failed[True], failed[False]
    assert len(honest) > 250 and len(corrupt) > 150
    assert sum(honest) <= REFUSED_AT_MOST * len(honest), (sum(honest), len(honest))
    assert sum(corrupt) >= CAUGHT_AT_LEAST * len(corrupt), (sum(corrupt), len(corrupt))
