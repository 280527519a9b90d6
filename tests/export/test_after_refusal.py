"""A letter after a refused one: what is asked again, and every contradiction between the two."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

from poa.errors import NoticeError
from poa.export.sending import case_after
from poa.outline import build_outline
from poa.refusal import Difference, Refusal, differences, read_refusal
from poa.runs import FinishedDraft, load_draft
from poa.skeleton import build_skeleton
from tests.builders import Facts, case_of, rich_facts, with_value
from tests.export.drafts import written_draft
from tests.export.test_commands import poa

REFUSAL = """Hello,

We received your submission but do not have enough information to reactivate your selling account.

Please send us the following information:
-- Greater detail on the root cause of the review manipulation
-- Greater detail on the steps you have taken to prevent this in the future

Please reply to this email.

Amazon Seller Performance
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> FinishedDraft:
    return load_draft(written_draft(tmp_path_factory.mktemp("first"), rich_facts()))


def told(refused: FinishedDraft, facts: Facts) -> list[Difference]:
    case = case_of(facts)
    return list(differences(refused, build_outline(case), build_skeleton(case), case.load_pack()))


def codes(found: list[Difference]) -> list[tuple[str, str | None]]:
    return [(difference.code, difference.item) for difference in found]


def test_a_refusal_tells_what_it_still_asks_for() -> None:
    assert read_refusal(REFUSAL) == Refusal(
        (
            "Greater detail on the root cause of the review manipulation",
            "Greater detail on the steps you have taken to prevent this in the future",
        ),
        final=False,
        more_detail=True,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Hello, we have reviewed your appeal. Your account stays deactivated. This is our final decision.",
        "Hello, your selling account stays deactivated. We may not reply to further emails about this issue.",
        "您好，您的销售账户仍处于停用状态。这是我们的最终决定。",
    ],
)
def test_a_final_refusal_is_known(text: str) -> None:
    assert read_refusal(text).final


def test_a_fraud_is_no_refusal() -> None:
    with pytest.raises(NoticeError, match="does not look like a mail from Amazon"):
        read_refusal(
            "Your Amazon selling account stays deactivated. To reactivate it pay a fee of $500 in gift cards and"
            " write to us on WhatsApp +1 202 555 0147."
        )


def test_what_is_asked_again_comes_first_in_the_letter() -> None:
    facts = with_value(rich_facts(), ["All methods used to obtain reviews, with dates"], "notice", "demands")
    case = case_after(case_of(facts), ["Greater detail on the root cause"])
    sections = [section.id for section in build_skeleton(case).sections]
    assert sections.index("root_causes") < sections.index("what_happened")


def test_the_same_facts_contradict_nothing(refused: FinishedDraft) -> None:
    assert told(refused, rich_facts()) == []


def test_a_date_that_moved_is_a_contradiction(refused: FinishedDraft) -> None:
    (found,) = told(refused, with_value(rich_facts(), "2024-03-08", "actions_taken", 0, "date"))
    assert (found.kind, found.code, found.item) == ("contradiction", "changed", "A1")
    assert (found.before, found.after) == ("March 6, 2024", "March 8, 2024")
    assert "March 6, 2024" in found.message
    assert "March 8, 2024" in found.message_zh


def test_a_number_that_shrank_is_a_contradiction(refused: FinishedDraft) -> None:
    facts = with_value(rich_facts(), 24, "violations", 1, "count")
    facts = with_value(
        facts,
        "We put cards into 24 parcels, and the cards promised a gift for a review.",
        "violations",
        1,
        "statement",
    )
    (found,) = told(refused, facts)
    assert (found.code, found.item, found.before, found.after) == ("changed", "V2", "240", "24")


def test_an_order_that_is_left_out_is_a_contradiction(refused: FinishedDraft) -> None:
    (found,) = told(refused, with_value(rich_facts(), [], "violations", 0, "orders"))
    assert (found.code, found.item, found.before) == ("left_out", "V1", "112-3456789-1234567")


def test_an_admission_that_is_gone_and_one_that_is_new_are_told(refused: FinishedDraft) -> None:
    facts = rich_facts()
    facts["violations"][1] = {
        **facts["violations"][0],
        "id": "V2",
        "method": "own-review",
        "statement": "Our owner wrote two reviews of our own speakers under a false name.",
        "by": "owner",
        "orders": [],
        "channel": "a private account",
    }
    found = codes(told(refused, facts))
    assert ("dropped", None) in found
    assert ("new_admission", "V2") in found


def test_none_that_became_some_is_a_contradiction_and_the_other_way_round(tmp_path: Path) -> None:
    some, none = rich_facts(), rich_facts(third_parties=[])
    first_none = load_draft(written_draft(tmp_path / "none", none))
    first_some = load_draft(written_draft(tmp_path / "some", some))
    assert codes(told(first_none, some)) == [("reversed_none", "third_parties")]
    assert codes(told(first_some, none)) == [("reversed_some", "third_parties")]


def test_a_denial_of_what_was_said_is_a_contradiction(refused: FinishedDraft) -> None:
    facts = with_value(
        rich_facts(), "Everybody checked messages before they were sent.", "root_causes", 0, "statement"
    )
    assert codes(told(refused, facts)) == [("negated", "C1")]


def test_a_policy_that_is_no_longer_named_is_a_contradiction(refused: FinishedDraft) -> None:
    (found,) = told(refused, rich_facts(policies=["Customer Product Reviews Policies"]))
    assert (found.code, found.before) == ("policy_dropped", "Selling Policies and Seller Code of Conduct")


def test_new_facts_are_told_and_contradict_nothing(refused: FinishedDraft) -> None:
    facts = copy.deepcopy(rich_facts())
    facts["actions_taken"].append({"id": "A2", "statement": "We paid back the buyer.", "date": "2024-03-07"})
    (found,) = told(refused, facts)
    assert (found.kind, found.code, found.item) == ("new", "new", "A2")


def test_ids_that_moved_on_are_no_contradiction(refused: FinishedDraft) -> None:
    facts = rich_facts()
    facts["violations"].reverse()
    facts["violations"][0]["id"], facts["violations"][1]["id"] = "V1", "V2"
    assert told(refused, facts) == []


def test_what_was_sent_counts_and_not_what_was_drafted(refused: FinishedDraft, tmp_path: Path) -> None:
    folder = written_draft(tmp_path, rich_facts())
    letter = folder / "letter.txt"
    text = letter.read_text("utf-8")
    letter.write_text(text.replace("On March 6, 2024", "On March 9, 2024"), encoding="utf-8")
    (found,) = told(load_draft(folder), rich_facts())
    assert (found.before, found.after) == ("March 9, 2024", "March 6, 2024")


def test_the_command_drafts_an_answer_and_writes_what_it_found(
    refused: FinishedDraft, tmp_path: Path
) -> None:
    (tmp_path / "refusal.txt").write_text(REFUSAL, encoding="utf-8")
    facts = with_value(rich_facts(), "2024-03-08", "actions_taken", 0, "date")
    (tmp_path / "facts.yaml").write_text(json.dumps(facts), encoding="utf-8")
    arguments = ["--model", "skeleton", "--previous", refused.folder, "--refusal", tmp_path / "refusal.txt"]
    run = poa("draft", tmp_path, "-o", tmp_path / "second", "--json", *arguments)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["previous"]
    assert found == json.loads((tmp_path / "second" / "against-previous.json").read_text("utf-8"))
    assert found["contradictions"] == 1
    assert [d["code"] for d in found["differences"]] == ["same_answer", "same_answer", "changed"]
    assert "CONTRADICTS A1" in run.stderr
    # The page of the draft shows the same, and so does one that is made anew.
    drafted = (tmp_path / "second" / "review.html").read_text("utf-8")
    assert 'id="previous"' in drafted
    # The review of the new draft holds it against what the refusal asks.
    verdict = json.loads(poa("review", tmp_path / "second", "--no-open", "--json").stdout)
    assert [demand["items"] for demand in verdict["demands"]] == [["C1"], ["P1"]]
    anew = (tmp_path / "second" / "review.html").read_text("utf-8")
    for page in (drafted, anew):
        assert "contradicts the refused one in 1 place." in page
        said = re.sub(r"<[^>]+>", "", previous_of(page))
        # Each of the two days once in either language, in the sentence that tells of them.
        assert (said.count("March 6, 2024"), said.count("March 8, 2024")) == (2, 2)
        assert re.findall(r'<li class="finding (\w+)"', previous_of(page)) == ["error", "warning", "warning"]


def previous_of(page: str) -> str:
    """The page's section on the refused letter."""
    return page[page.index('id="previous"') : page.index('id="likeness"')]


def test_a_letter_that_answers_none_has_no_such_section(refused: FinishedDraft) -> None:
    assert 'id="previous"' not in (refused.folder / "review.html").read_text("utf-8")
