"""The outline: which items a letter must say, with which details, in which order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from poa.facts import parse_case
from poa.outline import Detail, Outline, build_outline
from tests.builders import Facts, case_of, facts, rich_facts, small_facts, with_value, without


def outline_of(data: Facts) -> Outline:
    return build_outline(parse_case(data))


def required(outline: Outline, item_id: str) -> list[tuple[str, str, str, int]]:
    return [(d.name, d.kind, d.text, d.entry) for d in outline[item_id].details if d.required]


def test_the_items_are_those_of_the_contract_in_the_letters_order() -> None:
    assert [(item.id, item.kind) for item in outline_of(rich_facts()).items] == [
        ("notice", "notice"),
        ("V1", "admission"),
        ("V2", "admission"),
        ("policies", "policy"),
        ("third_parties", "listing"),
        ("customer_accounts", "listing"),
        ("remaining_reviews", "listing"),
        ("C1", "cause"),
        ("A1", "action"),
        ("P1", "measure"),
        ("M1", "metric"),
        ("E1", "attachment"),
        ("apology", "apology"),
        ("request", "request"),
        ("signature", "signature"),
    ]


def test_an_admission_carries_every_detail_of_the_facts() -> None:
    outline = outline_of(rich_facts())
    assert required(outline, "V2") == [
        ("from", "date", "2023-12-04", 0),
        ("to", "date", "2024-01-19", 0),
        ("channel", "phrase", "package inserts", 0),
        ("asin", "asin", "B0ABCDEFGH", 0),
        ("asin", "asin", "B0ABCDEFGJ", 0),
        ("by", "phrase", "marketing manager", 0),
        ("count", "number", "240", 0),
        ("compensation", "phrase", "a phone stand", 0),
        ("quote", "quote", "Five stars? A gift is yours!", 0),
    ]
    assert (
        outline["V2"].statement
        == "We put cards into 240 parcels, and the cards promised a gift for a review."
    )
    assert (outline["V2"].aspect, outline["V2"].topic) == ("done", "insert-card-incentive")
    assert outline["V2"].origin == "violations[1]"


def test_lists_number_their_entries() -> None:
    outline = outline_of(rich_facts())
    assert required(outline, "third_parties") == [
        ("name", "name", "Tallow & Reed Studio", 1),
        ("contact", "text", "Ana Prieto, ana@tallowreed.example", 1),
    ]
    assert required(outline, "customer_accounts") == [
        ("name", "name", "Zhou Ping", 1),
        ("email", "email", "zhou.ping@mailbox.example", 1),
        ("order", "order_id", "113-1112223-4445556", 1),
    ]
    assert required(outline, "remaining_reviews")[1] == ("review", "review_id", "R1ABCDEFGHIJKL", 1)


def test_an_empty_list_is_a_statement_and_an_unknown_one_is_not() -> None:
    outline = outline_of(without(small_facts(), "third_parties"))
    assert [item.id for item in outline.items if item.kind == "none"] == [
        "customer_accounts",
        "remaining_reviews",
    ]


def test_measures_metrics_and_the_signature_carry_their_details() -> None:
    outline = outline_of(rich_facts())
    assert required(outline, "P1") == [
        ("owner", "phrase", "Customer service supervisor", 0),
        ("starts", "date", "2024-03-11", 0),
        ("frequency", "phrase", "every message", 0),
    ]
    assert required(outline, "M1") == [
        ("name", "phrase", "Order Defect Rate", 0),
        ("value", "percent", "0.31%", 0),
        ("period", "phrase", "the last 60 days", 0),
        ("target", "phrase", "under 1%", 0),
    ]
    assert required(outline, "signature") == [
        ("contact_name", "name", "Li Wei", 0),
        ("contact_title", "phrase", "Operations Manager", 0),
        ("store", "name", "Cedar Point Audio", 0),
    ]
    assert required(outline, "notice") == [("received", "date", "2024-03-05", 0)]


def test_a_chinese_file_gives_english_items_with_their_chinese() -> None:
    data = with_value(
        small_facts(language="zh"), "我方客服人员要求买家修改差评。", "violations", 0, "statement"
    )
    data["violations"][0]["statement_en"] = "Our agent asked the buyer to change a negative review."
    data["violations"][0]["channel"] = "站内信"
    item = outline_of(data)["V1"]
    assert item.statement == "Our agent asked the buyer to change a negative review."
    assert item.statement_zh == "我方客服人员要求买家修改差评。"
    assert Detail("channel", "phrase", "Buyer-Seller Messaging", 0, "站内信") in item.details


DEMANDS = [
    "A detailed description with dates of all methods used to obtain prohibited customer reviews",
    "Contact information for any third parties you engaged",
    "Identifying information for any customer accounts used to post prohibited reviews",
    "Documentation from any such third party confirming you used their service",
    "A list of any prohibited reviews remaining on the site",
    "A plan that explains how you will prevent product review manipulation in the future",
]


def test_each_demand_of_the_notification_finds_the_items_that_answer_it() -> None:
    outline = outline_of(with_value(rich_facts(), DEMANDS, "notice", "demands"))
    assert [(demand.kind, demand.answered_by) for demand in outline.demands] == [
        ("methods", ("V1", "V2")),
        ("third_parties", ("third_parties",)),
        ("customer_accounts", ("customer_accounts",)),
        ("documentation", ("E1",)),
        ("remaining_reviews", ("remaining_reviews",)),
        ("prevention", ("P1",)),
    ]
    assert outline.questions == ()


def test_documents_of_third_parties_need_none_where_none_was_engaged() -> None:
    outline = outline_of(with_value(small_facts(), DEMANDS, "notice", "demands"))
    assert outline.demands[3].answered_by == ("third_parties",)


def test_a_demand_that_the_facts_leave_open_becomes_a_question() -> None:
    data = with_value(rich_facts(attachments=[]), DEMANDS, "notice", "demands")
    data["actions_taken"][0]["evidence"] = []
    (question,) = outline_of(data).questions
    assert (question.path, question.required) == ("notice.demands[3]", True)
    assert DEMANDS[3] in question.why_en


def test_a_demand_of_no_known_kind_is_asked_about_and_stops_nothing() -> None:
    (question,) = outline_of(
        with_value(small_facts(), ["Your favourite colour"], "notice", "demands")
    ).questions
    assert not question.required


@pytest.mark.parametrize(
    ("demands", "order"),
    [
        ([], ["what_happened", "third_parties", "root_causes", "actions_taken", "prevention"]),
        (
            [
                "The root cause of the violation",
                "The steps you take to prevent it",
                "All methods to obtain reviews",
            ],
            ["root_causes", "actions_taken", "prevention", "what_happened", "third_parties"],
        ),
    ],
)
def test_sections_follow_the_notifications_own_order(demands: list[str], order: list[str]) -> None:
    outline = outline_of(with_value(small_facts(), demands, "notice", "demands"))
    sections = list(dict.fromkeys(item.section for item in outline.items))
    assert sections == ["opening", *order, "closing", "signature"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(facts())
def test_every_value_of_the_facts_is_in_the_outline(generated: Facts) -> None:
    outline = outline_of(generated)
    held = {detail.text for item in outline.items for detail in item.details}
    held |= {item.statement for item in outline.items}
    for violation in generated["violations"]:
        wanted = {*violation["orders"], *violation["asins"], violation["from"], violation["to"]}
        assert wanted <= held
    assert {" ".join(action["statement"].split()) for action in generated["actions_taken"]} <= held
    assert len({item.id for item in outline.items}) == len(outline.items)
    assert all(item.section and item.label_en and item.label_zh for item in outline.items)


def test_the_order_of_the_facts_is_kept() -> None:
    assert [item.id for item in build_outline(case_of(rich_facts())).items if item.kind == "admission"] == [
        "V1",
        "V2",
    ]
