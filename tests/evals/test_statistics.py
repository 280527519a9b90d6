"""Intervals and tests against answers worked out elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from poa.evals.statistics import (
    agreement,
    by_holm,
    case_differences,
    compare_pairs,
    mean_over_cases,
    paired_difference,
    share,
)


def cases(*values: float) -> dict[str, list[float]]:
    return {f"c{n}": [value] for n, value in enumerate(values)}


def test_wilson_interval_has_its_known_values() -> None:
    # Newcombe (1998), table I: 81 of 263, and 0 of 20.
    found = share(81, 263)
    assert found is not None
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.2553, 0.3662)
    none = share(0, 20)
    assert none is not None
    assert (round(none.low or 0, 4), round(none.high or 0, 4)) == (0.0, 0.1611)
    assert share(0, 0) is None


def test_repeats_of_a_case_are_one_case() -> None:
    one = mean_over_cases({"a": [0.0, 1.0], "b": [0.4, 0.6]})
    assert one is not None
    assert (one.value, one.n) == (0.5, 2)
    # Ten drafts of one case say as little about other cases as one draft.
    many = mean_over_cases({"a": [0.5] * 10})
    assert many is not None
    assert (many.low, many.high, many.n) == (None, None, 1)
    assert mean_over_cases({}) is None


def test_few_cases_have_the_wide_interval_they_deserve() -> None:
    # Student's t with two degrees of freedom: 0 ± 4.3027 · 1 / √3.
    found = mean_over_cases(cases(-1, 0, 1))
    assert found is not None
    assert found.low == pytest.approx(-4.3027 / 3**0.5, abs=1e-3)
    assert found.high == pytest.approx(4.3027 / 3**0.5, abs=1e-3)
    shares = mean_over_cases(cases(0.94, 1.0), is_share=True)
    assert shares is not None
    assert shares.low is not None
    assert shares.low < 0.7
    assert shares.high == 1.0


def test_bootstrap_covers_the_mean_about_as_often_as_it_says() -> None:
    import numpy

    rng = numpy.random.default_rng(4)
    covered = 0
    for _ in range(60):
        found = mean_over_cases(cases(*rng.normal(3.0, 1.0, 25)))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 3.0 <= found.high
    assert 52 <= covered <= 60


def test_all_passing_drafts_are_no_proof_of_certainty() -> None:
    found = mean_over_cases(cases(1, 1, 1, 1), is_share=True)
    assert found is not None
    assert found.how == "Wilson"
    assert found.low is not None
    assert found.low < 0.6


def test_permutation_test_is_exact_for_few_cases() -> None:
    # Six differences of one sign: two of the 2^6 sign patterns are as extreme.
    found = paired_difference("a", "b", cases(2, 3, 4, 5, 6, 7), cases(1, 1, 1, 1, 1, 1))
    assert found is not None
    assert found.p == pytest.approx(2 / 64)
    assert found.mean == pytest.approx(3.5)


def test_only_cases_that_both_have_are_compared() -> None:
    found = paired_difference("a", "b", {"x": [1.0], "y": [3.0]}, {"y": [1.0], "z": [9.0]})
    assert found is not None
    assert (found.n, found.mean, found.p) == (1, 2.0, None)
    assert paired_difference("a", "b", {"x": [1.0]}, {"y": [1.0]}) is None


def test_many_comparisons_are_corrected_by_holm() -> None:
    ours = cases(*(n + 1.0 for n in range(6)))
    zero = cases(*[0.0] * 6)
    made = paired_difference("a", "b", ours, zero)
    assert made is not None
    pair = (made, case_differences(ours, zero))
    alone = compare_pairs([pair])
    assert alone[0].p == pytest.approx(2 / 64)
    assert alone[0].shown
    together = compare_pairs([pair, pair, pair])
    assert [d.p for d in together] == pytest.approx([6 / 64] * 3)
    assert not any(d.shown for d in together)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holms_correction_is_the_one_of_statsmodels(ps: list[float]) -> None:
    assert by_holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]))


def test_what_is_not_shown_is_said_with_the_cases_it_would_take() -> None:
    ours, theirs = cases(0.6, 0.4, 0.9, 0.5), cases(0.5, 0.5, 0.7, 0.5)
    made = paired_difference("a", "b", ours, theirs)
    assert made is not None
    [found] = compare_pairs([(made, case_differences(ours, theirs))])
    assert not found.shown
    assert found.more_cases is not None
    # G*Power for a two-sided paired t test at d = 0.397, alpha 0.05, power 0.8: 52 cases.
    assert 44 <= found.more_cases + 4 <= 60
    assert found.verdict.startswith("no difference shown: about ")
    [equal] = compare_pairs([(paired_difference("a", "b", ours, ours) or made, [0.0] * 4)])
    assert (equal.verdict, equal.more_cases) == ("no difference shown", None)


def test_kappa_has_its_known_value() -> None:
    # Cohen's textbook table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert agreement(first, second) == pytest.approx(0.4)
    assert agreement(["tie"] * 9, ["tie"] * 9) is None
