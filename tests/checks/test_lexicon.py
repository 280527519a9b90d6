"""Words that meet as one: the forms of a verb, and a verb with its particle behind its object."""

from __future__ import annotations

import pytest

from poa.checks.lexicon import phrase_concepts, stem


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("moved", "move"),
        ("hiring", "hire"),
        ("filed", "file"),
        ("asked", "ask"),
        ("logged", "log"),
        ("fixed", "fix"),
    ],
)
def test_a_verbs_forms_meet(form: str, base: str) -> None:
    assert stem(form) == stem(base)


def test_a_particle_behind_its_object_makes_the_phrase() -> None:
    together = {
        number for _, _, number in phrase_concepts([stem(w) for w in "we took down the page".split()])
    }
    apart = {number for _, _, number in phrase_concepts([stem(w) for w in "we took the page down".split()])}
    assert together
    assert together <= apart
