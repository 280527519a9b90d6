"""Template likeness: what stands word for word elsewhere, and what is the seller's own."""

from __future__ import annotations

import json
from pathlib import Path

from poa.likeness import Other, SharedPassage, likeness_to, pack_words
from poa.outline import build_outline
from poa.skeleton import build_skeleton
from tests.builders import case_of, rich_facts, small_facts, with_value
from tests.export.drafts import written_draft
from tests.export.test_commands import poa

PARAGRAPH = (
    "On March 6, 2024, we closed every template that mentions a review, read all 412 messages of the last year"
    " and told each buyer that the review may stay as it is."
)


def test_the_same_paragraph_with_other_dates_and_numbers_is_the_same() -> None:
    other = PARAGRAPH.replace("March 6, 2024", "July 19, 2023").replace("412", "90")
    (found,) = likeness_to(f"Dear team,\n\n{PARAGRAPH}\n", [Other("b", "other", f"Hello.\n\n{other}\n")])
    (passage,) = found.passages
    assert passage.text == PARAGRAPH.removesuffix(".")
    assert found.share > 0.9


def test_letters_in_words_of_their_own_share_nothing() -> None:
    other = "All templates about reviews were withdrawn in March, and buyers were told to leave their words alone."
    assert likeness_to(PARAGRAPH, [Other("b", "other", other)]) == ()


def test_a_shared_run_shorter_than_eight_words_is_just_english() -> None:
    assert (
        likeness_to("we read all of the messages today", [Other("b", "other", "we read all of the messages")])
        == ()
    )


def test_passages_end_where_paragraphs_do() -> None:
    one = "one two three four five six seven eight nine"
    two = "alpha beta gamma delta epsilon zeta eta theta iota"
    (found,) = likeness_to(f"{one}\n\n{two}\n", [Other("b", "other", f"{one} {two}")])
    assert found.passages == (
        SharedPassage(0, len(one), 9, one.strip()),
        SharedPassage(len(one) + 2, len(one) + 2 + len(two), 9, two.strip()),
    )


def test_the_sellers_own_statements_are_not_the_packs_words() -> None:
    case = case_of(rich_facts())
    skeleton = build_skeleton(case)
    (found,) = likeness_to(skeleton.text, [pack_words(build_outline(case), skeleton)])
    shared = " ".join(passage.text for passage in found.passages)
    assert "to Amazon and to its customers without reservation" in shared
    assert "asked the buyer to change a negative review" not in shared
    assert 0.2 < found.share < 0.7


def test_a_whole_paragraph_of_another_client_is_too_alike_below_any_limit() -> None:
    words = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(45))
    filler = " ".join(f"other{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(400))
    (other,) = likeness_to(f"{filler} {words}", [Other("b", "other", words)])
    (earlier,) = likeness_to(f"{filler} {words}", [Other("b", "earlier", words)])
    assert (other.too_alike(0.5), earlier.too_alike(0.5)) == (True, False)


def test_the_command_finds_the_other_cases_of_the_folder(tmp_path: Path) -> None:
    one = written_draft(tmp_path / "one", rich_facts())
    written_draft(tmp_path / "two", rich_facts())
    own = with_value(
        small_facts(), "Nobody in the warehouse knew the rule about inserts.", "root_causes", 0, "statement"
    )
    written_draft(tmp_path / "three", own)
    run = poa("likeness", one, "--json")
    assert run.returncode == 0, run.stderr
    found = {Path(row["name"]).parent.name or row["name"]: row for row in json.loads(run.stdout)["likeness"]}
    assert (found["two"]["share"], found["two"]["too_alike"]) == (1.0, True)
    assert found["three"]["share"] < 1.0
    assert "one" not in found
    text = poa("likeness", one).stdout
    assert "TOO ALIKE 100% of the words stand in" in text
