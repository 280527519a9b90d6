"""What holds for the letter about any valid facts: it passes as it is, and fails once a fact of it is changed."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from poa.checks import check_outline
from poa.values import Value, find_values
from tests.builders import Facts, facts, rich_facts, small_facts
from tests.checks.letters import (
    digits_of_values,
    errors,
    outline_of,
    shuffled,
    skeleton_of,
    with_dates_rewritten,
    with_digit_changed,
    with_values_swapped,
)

GENERATED = settings(
    deadline=None,
    max_examples=8,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # the open ones below would spend a minute on shrinking
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
FORMS = 12


@pytest.mark.parametrize("data", [small_facts(), rich_facts()], ids=["small", "rich"])
def test_the_plain_examples_pass_in_every_order(data: Facts) -> None:
    outline, letter = outline_of(data), skeleton_of(data)
    assert errors(check_outline(outline, letter.text)) == []
    for seed in range(8):
        assert errors(check_outline(outline, shuffled(letter, seed).text)) == []


@pytest.mark.parametrize("data", [small_facts(), rich_facts()], ids=["small", "rich"])
@pytest.mark.parametrize("form", range(FORMS))
def test_the_plain_examples_pass_with_their_dates_in_any_form(data: Facts, form: int) -> None:
    text = with_dates_rewritten(skeleton_of(data).text, form)
    assert errors(check_outline(outline_of(data), text)) == []


def test_any_digit_of_the_plain_examples_counts() -> None:
    for data in (small_facts(), rich_facts()):
        outline, text = outline_of(data), skeleton_of(data).text
        places = digits_of_values(text)
        assert places
        passed = [
            text[at - 20 : at + 20]
            for at in places
            if check_outline(outline, with_digit_changed(text, at)).ok
        ]
        assert passed == []


@given(data=facts(), seed=st.integers(0, 1000))
@GENERATED
def test_a_skeleton_that_passes_also_passes_in_another_order(data: Facts, seed: int) -> None:
    outline, letter = outline_of(data), skeleton_of(data)
    assume(check_outline(outline, letter.text).ok)
    assert errors(check_outline(outline, shuffled(letter, seed).text)) == []


@given(data=facts(), choice=st.randoms(use_true_random=False))
@GENERATED
def test_a_changed_digit_of_any_value_fails(data: Facts, choice: random.Random) -> None:
    outline, text = outline_of(data), skeleton_of(data).text
    places = digits_of_values(text)
    for at in choice.sample(places, min(6, len(places))):
        changed = with_digit_changed(text, at)
        assert not check_outline(outline, changed).ok, changed[max(0, at - 60) : at + 40]


@given(data=facts(), form=st.integers(0, FORMS - 1))
@GENERATED
def test_a_skeleton_that_passes_also_passes_with_its_dates_in_another_form(data: Facts, form: int) -> None:
    outline, text = outline_of(data), skeleton_of(data).text
    assume(check_outline(outline, text).ok)
    assert errors(check_outline(outline, with_dates_rewritten(text, form))) == []


@given(data=facts())
@settings(GENERATED, max_examples=60)
def test_the_skeleton_of_any_facts_passes(data: Facts) -> None:
    assert errors(check_outline(outline_of(data), skeleton_of(data).text)) == []


@given(data=facts())
@settings(GENERATED, max_examples=60)
def test_deleting_any_required_passage_fails(data: Facts) -> None:
    outline, letter = outline_of(data), skeleton_of(data)
    for section in letter.sections:
        for passage in section.passages:
            if passage.text and passage.id != "signature":
                shorter = letter.with_passages({passage.id: ""}).text
                assert not check_outline(outline, shorter).ok, (passage.id, passage.text)


# Not strict: which facts are generated depends on the constants of all modules that are loaded, so that any change of
# the program may leave the few that fail out.
@pytest.mark.xfail(
    strict=False,
    reason="open: of 1,141 exchanges 2, the counts of two admissions told in the same words",
)
@given(data=facts(), choice=st.randoms(use_true_random=False))
@settings(GENERATED, max_examples=60)
def test_two_values_of_a_kind_that_change_places_fail(data: Facts, choice: random.Random) -> None:
    outline, text = outline_of(data), skeleton_of(data).text
    placed = _placed_values(data, text)
    pairs = [
        (a, b)
        for n, (item, a) in enumerate(placed)
        for other, b in placed[n + 1 :]
        if item != other and a.kind == b.kind and a.canonical != b.canonical
    ]
    for a, b in choice.sample(pairs, min(6, len(pairs))):
        assert not check_outline(outline, with_values_swapped(text, a, b)).ok, (a, b)


def _placed_values(data: Facts, text: str) -> list[tuple[str, Value]]:
    """Each value of the letter with its item, at its place in the letter."""
    placed = []
    at = 0
    for section in skeleton_of(data).sections:
        for passage in section.passages:
            found = text.find(passage.text, at)
            if not passage.text or found < 0:
                continue
            at = found + len(passage.text)
            placed += [
                (
                    passage.id,
                    Value(v.kind, v.text, found + v.start, found + v.end, v.canonical),
                )
                for v in find_values(passage.text)
            ]
    return placed
