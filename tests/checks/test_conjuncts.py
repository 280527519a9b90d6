"""Things and clauses that a fact joins: dropping one of them is found, saying it in other words is not."""

from __future__ import annotations

import pytest

from tests.builders import Facts, small_facts
from tests.checks.letters import check_text, skeleton_of


def deeds(action: str, measure: str) -> Facts:
    """Facts with one action and one measure."""
    return small_facts(
        actions_taken=[{"id": "A1", "statement": action, "date": "2024-06-14"}],
        preventive_measures=[{"id": "P1", "statement": measure, "starts": "2024-07-01"}],
    )


ACTION = "We gave our sales manager a written warning and cancelled his commission."
MEASURE = "The operations manager reads every social media account and chat group of the company."


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (" and cancelled his commission", ""),
        (" and chat group", ""),
    ],
)
def test_what_and_joins_is_missed_when_it_goes(found: str, put: str) -> None:
    data = deeds(ACTION, MEASURE)
    letter = skeleton_of(data).text
    assert letter.count(found) == 1
    report = check_text(data, letter.replace(found, put))
    assert "missing_detail" in {finding.code for finding in report.findings}


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (" and cancelled his commission", ". We also took his commission away from him"),
        ("social media account and chat group", "chat group and every social media account"),
    ],
)
def test_what_and_joins_may_be_said_another_way(found: str, put: str) -> None:
    data = deeds(ACTION, MEASURE)
    letter = skeleton_of(data).text
    assert letter.count(found) == 1
    report = check_text(data, letter.replace(found, put))
    assert "missing_detail" not in {finding.code for finding in report.findings}
