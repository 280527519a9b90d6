"""The checker against letters with known verdicts, in fifty-nine hands: a slice of what `python -m evals.checker`
scores, every third letter of one case a hand.

The floors are a little under what it reaches on letters it was worked with; on letters by a new hand it reaches
less, and the closing figures of the README say how much.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from evals.checker.labelled import find_letters
from evals.checker.verdicts import judge_letter

CASES = sorted((Path(__file__).parents[2] / "fixtures" / "cases").glob("*/*/edits.yaml"))
ONE_OF_EACH_HAND = {file.parent.parent.name: file.parent for file in reversed(CASES)}
CAUGHT_AT_LEAST, ALARMS_AT_MOST = 0.88, 0.15


@pytest.mark.parametrize("kind", ["corrupt", "faithful"])
def test_the_shares_of_letters_that_fail_hold(kind: str) -> None:
    letters = [
        letter
        for folder in ONE_OF_EACH_HAND.values()
        for letter in find_letters(folder)
        if letter.faithful == (kind == "faithful")
    ][::3]
    assert len(ONE_OF_EACH_HAND) >= 59
    failed = sum(not judge_letter(letter.source, letter.text).passes for letter in letters)
    if kind == "corrupt":
        assert failed >= CAUGHT_AT_LEAST * len(letters), (failed, len(letters))
    else:
        assert failed <= ALARMS_AT_MOST * len(letters), (failed, len(letters))
