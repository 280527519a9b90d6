"""Two letters item by item: what was lost, what was only reworded, and where an edited sentence went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from poa.export.compare import Comparison, compare_proofs, render_comparison
from poa.export.proof import prove_folder
from poa.export.wording import Change
from poa.runs import FinishedDraft, load_draft
from tests.builders import rich_facts
from tests.export.drafts import written_draft


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> FinishedDraft:
    return load_draft(written_draft(tmp_path_factory.mktemp("d"), rich_facts()))


def compared(finished: FinishedDraft, old: str, new: str) -> Comparison:
    assert finished.text.count(old) == 1
    edited = replace(finished, text=finished.text.replace(old, new))
    return compare_proofs(prove_folder(finished), prove_folder(edited))


def verdicts(comparison: Comparison) -> dict[str, str]:
    return {pair.id: pair.verdict for pair in comparison.pairs if pair.verdict != "same"}


def test_a_letter_is_the_same_as_itself(finished: FinishedDraft) -> None:
    comparison = compare_proofs(prove_folder(finished), prove_folder(finished))
    assert verdicts(comparison) == {}
    assert "15 of 15 items stand word for word the same." in render_comparison(
        comparison, ("a", "b"), "en", False
    )


def test_a_changed_date_is_lost_and_shown(finished: FinishedDraft) -> None:
    comparison = compared(finished, "On March 6, 2024", "On March 7, 2024")
    assert [pair.id for pair in comparison.lost] == ["A1"]
    (pair,) = comparison.lost
    assert [c for c in pair.changes if c.kind != "same"] == [Change("gone", "6"), Change("new", "7")]
    text = render_comparison(comparison, ("draft", "lawyer.txt"), "zh", False)
    assert "丢失  A1 已采取的措施" in text
    assert "[-6-]{+7+}, 2024" in text
    assert "lawyer.txt: 未通过" in text


def test_a_cut_sentence_is_lost_whole(finished: FinishedDraft) -> None:
    sentence = finished.letter.passage("P1").text
    (pair,) = compared(finished, f"- {sentence}\n", "").lost
    assert pair.id == "P1"
    assert pair.after is not None
    assert (pair.after.status, pair.after.text) == ("missing", "")
    assert pair.changes == (Change("gone", sentence),)


def test_a_sentence_moved_and_reworded_is_found_where_it_went(finished: FinishedDraft) -> None:
    apology = finished.letter.passage("apology").text
    comparison = compared(finished, apology, f"Let us add this. {apology}")
    assert "apology" not in verdicts(comparison)


def test_both_drafts_are_held_against_their_own_facts(tmp_path: Path, finished: FinishedDraft) -> None:
    facts = rich_facts()
    facts["actions_taken"].append(
        {"id": "A2", "statement": "We paid back the buyer.", "date": "2024-03-07", "evidence": []}
    )
    other = load_draft(written_draft(tmp_path, facts))
    comparison = compare_proofs(prove_folder(finished), prove_folder(other))
    assert verdicts(comparison)["A2"] == "won"
