"""The facts file: what is read, what is refused and how, what is asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poa.errors import FactsError
from poa.facts import load_case, parse_case
from tests.builders import Facts, case_of, facts, rich_facts, small_facts, with_value, without

FIXTURES = Path(__file__).parent.parent / "fixtures" / "facts"
SHARED = Path(__file__).parent.parent.parent / "shared" / "cases"


def faults_of(text: str | Facts) -> list[str]:
    with pytest.raises(FactsError) as caught:
        parse_case(text)
    return [str(fault) for fault in caught.value.faults]


def as_yaml(data: Facts) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def test_values_of_a_file_become_dates_numbers_and_texts() -> None:
    violation = case_of(rich_facts()).violations[1]
    assert violation.from_ == dt.date(2023, 12, 4)
    assert violation.to == dt.date(2024, 1, 19)
    assert violation.count == 240
    assert violation.asins == ("B0ABCDEFGH", "B0ABCDEFGJ")
    assert violation.orders == ()


def test_absent_is_unknown_and_empty_is_a_statement() -> None:
    case = case_of(without(small_facts(), "third_parties"))
    assert case.third_parties is None
    assert case.customer_accounts == ()


def test_yaml_cannot_bend_a_scalar() -> None:
    text = as_yaml(small_facts()).replace("Cedar Point Audio", "0123").replace("Li Wei", "on")
    seller = parse_case(text).seller
    assert (seller.store_name, seller.contact_name) == ("0123", "on")


def test_a_sentence_that_yaml_cuts_at_a_comma_is_kept_whole() -> None:
    text = as_yaml(without(small_facts(), "root_causes")) + (
        "root_causes:\n  - {id: C1, statement: We paid a bonus, and this pushed the team, which was wrong.}\n"
    )
    assert (
        parse_case(text).root_causes[0].statement
        == "We paid a bonus, and this pushed the team, which was wrong."
    )


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("violations", 0, "orders", 0), "112-345", "violations[0].orders[0]: is no order ID"),
        (("violations", 0, "asins", 0), "b0abc", "violations[0].asins[0]: is no ASIN"),
        (
            ("violations", 0, "from"),
            "18.2.2024",
            "violations[0].from: must be a date written as year-month-day",
        ),
        (("violations", 0, "from"), "2024-02-30", "violations[0].from: is no day of the calendar"),
        (("violations", 0, "to"), "2024-02-01", "violations[0].to: lies before `from`, 2024-02-18"),
        (("violations", 0, "count"), "about 20", "violations[0].count: must be a whole number"),
        (("violations", 0, "id"), "X1", "violations[0].id: must be V and a number"),
        (("violations", 0, "statement"), "x" * 4001, "must be at most 4,000 characters"),
        (("violations", 0, "statement"), "a\u202eb", "holds an invisible control character"),
        (("notice", "marketplace"), "amazon.con", "is no Amazon marketplace; did you mean amazon.com?"),
        (("notice", "deadline_days"), "soon", "notice.deadline_days: must be a whole number"),
        (("seller", "email"), "ops at example", "seller.email: is no e-mail address"),
        (("seller", "store_nam"), "x", "seller.store_nam: is no known key; did you mean store_name?"),
        (("thirdparties",), [], "thirdparties: is no known key; did you mean third_parties?"),
        (("actions_taken", 0, "evidence"), ["E9"], "actions_taken[0].evidence[0]: names no attachment"),
        (("third_parties",), None, "third_parties: is left open; write [] when there is none"),
        (("third_parties",), "none", "third_parties: must be a list"),
        (("language",), "fr", "language: must be one of 'en', 'zh'"),
        (("pack",), "review-manipulaton", "pack: is no known pack; did you mean review-manipulation?"),
        (("attachments",), [{"id": "E1", "file": "../e.png"}], "must be a file inside the folder"),
        (("attachments",), [{"id": "E1", "file": "C:\\e.png"}], "must be a file inside the folder"),
        (
            ("attachments",),
            [{"id": "E1"}, {"id": "E1"}],
            "attachments[1].id: is also the id of attachments[0]",
        ),
        (("text",), "x", "text: is no known key"),
        (("extra",), {}, "extra: is no known key"),
    ],
)
def test_a_wrong_value_is_named_with_its_path_and_rule(path: tuple, value: object, rule: str) -> None:
    (fault,) = faults_of(with_value(small_facts(), value, *path))
    assert rule in fault


def test_a_violation_may_have_gone_on_after_the_notification_but_not_begun() -> None:
    case = case_of(with_value(small_facts(), "2024-03-20", "violations", 0, "to"))
    assert case.violations[0].to == dt.date(2024, 3, 20)
    begun = with_value(
        with_value(small_facts(), "2024-03-20", "violations", 0, "to"), "2024-03-19", "violations", 0, "from"
    )
    (fault,) = faults_of(begun)
    assert "lies after the notification of 2024-03-05" in fault


def test_every_fault_is_reported_at_once_in_the_order_of_the_file() -> None:
    text = (
        "pack: review-manipulation\n"
        "seler: {}\n"
        "notice: {received: 5 March, marketplace: amazon.cm}\n"
        "violations:\n"
        "  - id: V1\n"
        "    orders: ['1']\n"
        "    from: 2024-02-02\n"
        "    to: 2024-02-01\n"
    )
    assert [fault.split(" (found")[0].split("; known")[0] for fault in faults_of(text)] == [
        "facts.yaml:2: seler: is no known key; did you mean seller?",
        "facts.yaml:3: notice.received: must be a date written as year-month-day, for example 2024-03-05",
        "facts.yaml:3: notice.marketplace: is no Amazon marketplace; did you mean amazon.com?",
        "facts.yaml:6: violations[0].orders[0]: is no order ID: three, seven and seven digits, "
        "such as 112-3456789-1234567",
        "facts.yaml:8: violations[0].to: lies before `from`, 2024-02-02",
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("pack: a\npack: b\n", "facts.yaml:2: pack: stands twice"),
        ("a: &x [1]\nb: *x\n", "uses the alias *x; write the value out"),
        ("a: !!python/object:os.system {}\n", "carries the tag"),
        ("a: " + "[" * 40 + "]" * 40, "is nested more than 20 levels deep"),
        ("a: [1\n", "is no valid YAML here"),
        ("a: 1\n---\nb: 2\n", "holds a second YAML document"),
        ("{[1]: 2}", "has a list or a mapping as a key"),
        ("- a\n", "must be a mapping of keys to values"),
        ("", "must be a mapping of keys to values"),
        ("a: '\x01'\n", "control character"),
        ("x: " + "a" * 1_000_001, "must be at most 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_honest_yaml_is_refused(text: str, rule: str) -> None:
    assert rule in "\n".join(faults_of(text))


def test_a_file_that_is_not_utf8_says_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_bytes("pack: 评论".encode("gbk"))
    with pytest.raises(FactsError, match="must be saved as UTF-8"):
        load_case(tmp_path / "facts.yaml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"nowhere\.yaml.*cannot be read.*check the path"):
        load_case(tmp_path / "nowhere.yaml")


def test_the_pasted_notification_is_read_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text("Hello", encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(as_yaml(with_value(small_facts(), "notice.txt", "notice", "file")))
    assert load_case(tmp_path).notice.text == "Hello"


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "notice.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "facts.yaml").write_text(as_yaml(with_value(small_facts(), "notice.txt", "notice", "file")))
    with pytest.raises(FactsError, match="inside the folder"):
        load_case(folder)


def test_complete_facts_ask_nothing_that_is_required() -> None:
    assert [q.path for q in case_of(rich_facts()).questions() if q.required] == []


@pytest.mark.parametrize(
    "path",
    [
        ("notice", "received"),
        ("notice", "marketplace"),
        ("seller", "store_name"),
        ("seller", "contact_name"),
        ("seller", "contact_title"),
        ("policies",),
        ("violations",),
        ("violations", 0, "statement"),
        ("violations", 0, "from"),
        ("violations", 0, "to"),
        ("violations", 0, "channel"),
        ("third_parties",),
        ("customer_accounts",),
        ("remaining_reviews",),
        ("root_causes",),
        ("actions_taken",),
        ("actions_taken", 0, "date"),
        ("preventive_measures",),
    ],
)
def test_each_required_unknown_is_asked_for_in_both_languages(path: tuple) -> None:
    case = case_of(without(small_facts(), *path))
    (question,) = [question for question in case.questions() if question.required]
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:]
    assert question.path == name
    assert question.question_en and question.why_en and question.question_zh and question.why_zh
    with pytest.raises(FactsError, match="is not known yet"):
        case.refuse_unknown()


def test_a_todo_is_unknown() -> None:
    case = case_of(with_value(small_facts(), "TODO", "violations", 0, "channel"))
    assert [q.path for q in case.questions() if q.required] == ["violations[0].channel"]


def test_no_violation_at_all_is_no_statement_but_a_gap() -> None:
    assert [q.path for q in case_of(small_facts(violations=[])).questions() if q.required] == ["violations"]


def test_a_chinese_statement_without_english_is_asked_for() -> None:
    case = load_case(FIXTURES / "chenguang")
    assert [q.path for q in case.questions() if q.required] == []
    data = yaml.safe_load((FIXTURES / "chenguang" / "facts.yaml").read_text(encoding="utf-8"))
    del data["root_causes"][0]["statement_en"]
    data["violations"][0]["by"] = "销售冠军"
    asked = [q.path for q in parse_case(data).questions() if q.required]
    assert asked == ["violations[0].by_en", "root_causes[0].statement_en"]


def test_a_chinese_sentence_in_an_english_file_is_asked_for_and_a_chinese_name_is_not() -> None:
    data = with_value(small_facts(), "没有人检查消息。", "root_causes", 0, "statement")
    data["actions_taken"][0]["statement"] = "We ended our contract with 晨光服务有限公司."
    assert [q.path for q in parse_case(data).questions() if q.required] == ["root_causes[0].statement_en"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled cases stand beside the repository")
@pytest.mark.parametrize("name", ["d1", "d2", "d3", "d4", "d5", "d6", "d7"])
def test_each_labelled_case_is_read_and_complete(name: str) -> None:
    case = load_case(SHARED / name / "facts.yaml")
    assert [question.path for question in case.questions() if question.required] == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(facts())
def test_generated_facts_are_valid_complete_and_survive_yaml(generated: Facts) -> None:
    case = parse_case(generated)
    assert not any(question.required for question in case.questions())
    assert parse_case(as_yaml(generated)) == case


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_fault(text: str) -> None:
    try:
        parse_case(text)
    except FactsError as error:
        assert error.faults
