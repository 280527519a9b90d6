"""Honest sentences that hold a telling phrase's words in another sense: no phrase of that kind is met in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from poa.checks.needs import needs_of
from poa.checks.reading import read_letter
from poa.facts import load_case
from poa.outline import build_outline

_FIXTURES = Path(__file__).parents[2] / "fixtures"
_FILE = _FIXTURES / "honest_sentences.tsv"
_ROWS = [tuple(line.split("\t")) for line in _FILE.read_text("utf-8").splitlines() if line[0] != "#"]


def test_many_sentences_are_held() -> None:
    assert len(_ROWS) > 400


@pytest.mark.parametrize("kind", sorted({row[0] for row in _ROWS}))
def test_no_phrase_is_met_in_its_innocent_sense(kind: str) -> None:
    needs = needs_of(build_outline(load_case(_FIXTURES / "facts" / "brighthome" / "facts.yaml")))
    wrong = []
    for row_kind, where, text in _ROWS:
        if row_kind != kind:
            continue
        places = set(where.split(","))
        for sentence in read_letter(f"Dear team,\n\n{text}\n", needs.names, needs.quotes).sentences:
            for _, _, trigger in sentence.body.triggers:
                if trigger.kind == kind and (trigger.where & places or "any" in trigger.where | places):
                    wrong.append((trigger.phrase, text))
    assert not wrong
