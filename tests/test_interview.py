"""The interview: what it asks, what it takes, what it saves, and the command in a real pseudo-terminal."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from poa.errors import FactsError, InputError, NoticeError
from poa.facts import load_case, parse_case
from poa.interview import (
    Ask,
    Left,
    Progress,
    Refused,
    answered,
    asks,
    converse,
    facts_yaml,
    none_taken,
    open_interview,
    outcome,
    put_off,
    said_unknown,
    save,
    with_answers,
)
from poa.interview.answers import in_form, with_found
from poa.interview.words import data, rule_in
from poa.lined_yaml import parse_yaml
from poa.policy import list_packs, load_pack
from tests.builders import rich_facts, small_facts

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "fixtures" / "answers"
POA = [sys.executable, "-c", "from poa.cli import main; main()"]
NOTICE = """From: Amazon Seller Performance
Subject: Your Amazon.com selling account has been deactivated

Hello,

Your Amazon seller account has been deactivated in accordance with section 3 of Amazon's Business Solutions Agreement.

Why is this happening?
We believe that you have manipulated product reviews.

How do I reactivate my account?
To reactivate your account, please provide the following information within 21 days:
-- A detailed description of all methods you used to obtain prohibited reviews.
-- Contact information for any third parties you engaged.
-- A list of any prohibited reviews remaining on the Amazon site.
-- A plan that explains how you will prevent review manipulation in the future.

The Amazon.com Seller Performance Team
"""


@dataclass
class Lines:
    """A console that types prepared lines and keeps what it was shown."""

    typed: list[str]
    interactive: bool = True
    line: int = 0

    def __post_init__(self) -> None:
        self.shown = io.StringIO()

    def say(self, text: str) -> None:
        self.shown.write(text + "\n")

    def ask(self, prompt: str) -> str:
        if self.line >= len(self.typed):
            raise EOFError
        self.line += 1
        return self.typed[self.line - 1]


def progress_of(lang: str = "en", **facts: Any) -> Progress:
    return Progress({"schema": "1", "pack": "review-manipulation", "language": lang, **facts}, lang)


def as_text(facts: Any) -> Any:
    if isinstance(facts, dict):
        return {key: as_text(value) for key, value in facts.items()}
    if isinstance(facts, list):
        return [as_text(value) for value in facts]
    return None if facts is None else str(facts)


def ask_at(path: str, progress: Progress) -> Ask:
    return next(ask for ask in asks(progress) if ask.path == path)


def notice_in(folder: Path, text: str = NOTICE) -> Path:
    file = folder / "mail.txt"
    file.write_text(text, encoding="utf-8")
    return file


# ---------------------------------------------------------------- what is asked


def test_complete_facts_leave_nothing_required_to_ask() -> None:
    progress = progress_of(**{k: v for k, v in as_text(rich_facts()).items() if k not in ("schema", "pack")})
    assert [ask.path for ask in asks(progress) if ask.required and ask.kind != "more"] == []


@pytest.mark.parametrize("name", list_packs())
def test_every_pack_asks_for_all_that_its_letter_requires(name: str) -> None:
    pack = load_pack(name)
    for route in [route.id for route in pack.routes] or [None]:
        facts = {"pack": name, **({"route": route} if route else {})}
        wanted = {question.path for question in parse_case(facts).questions() if question.required}
        progress = replace(progress_of(), data={"schema": "1", "language": "en", **facts})
        asked = {ask.path for ask in asks(progress) if ask.required}
        opened = {str(ask.place[0]) for ask in asks(progress) if ask.entry}
        assert wanted - asked - opened == set()


GOOD = {
    "date": "2024-03-05", "order_id": "112-3456789-1234567", "orders": "112-3456789-1234567", "asin": "B0ABCDEFGH",
    "asins": "B0ABCDEFGH", "email": "a@example.com", "percent": "1.2%", "number": "12", "money": "USD 10",
    "token": "A1B2C3D4E5", "url": "https://example.com", "phone": "+86 571 5550 1234", "file": "e1.png",
}  # fmt: skip


class Willing(Lines):
    """A person who answers each question as it should be, twice over for every list."""

    def __init__(self) -> None:
        super().__init__([])

    def answer(self, ask: Ask) -> str:
        if ask.kind in ("have", "more"):
            return "yes" if ask.so_far < 2 else "no"
        return "1" if ask.options else GOOD.get(ask.value_kind, f"Words about {ask.place[-1]}")


@pytest.mark.parametrize("name", list_packs())
def test_a_willing_person_completes_the_facts_of_every_pack(name: str, tmp_path: Path) -> None:
    person = Willing()
    for route in [route.id for route in load_pack(name).routes] or [""]:
        facts = {"schema": "1", "language": "en", "pack": name, "notice": {"received": "2024-03-06"}}
        progress = Progress({**facts, **({"route": route} if route else {})}, "en")
        for _ in range(400):
            ask = next(asks(progress), None)
            if ask is None:
                break
            progress, _shown = answered(progress, ask, person.answer(ask))
        save(tmp_path, progress)
        assert [item.path for item in outcome(tmp_path, "en").open if item.required] == []
        assert load_case(tmp_path).route == (route or None)


@pytest.mark.parametrize(
    "answer",
    [
        "unknown",
        "none",
        "later",
        "",
        "?",
        "back",
        "no",
        "0",
        "1",
        "+",
        "[]",
        "{}",
        ": #",
        "TODO",
        "null",
        "\x1b[31m",
    ],
)
def test_no_answer_breaks_the_interview_or_its_file(answer: str, tmp_path: Path) -> None:
    def saved(progress: Progress) -> Progress:
        save(tmp_path, progress)
        load_case(tmp_path)
        return progress

    for name in ("review-manipulation", "ip-trademark", "drop-shipping", "generic"):
        start = replace(progress_of(), data={"schema": "1", "language": "en", "pack": name})
        with pytest.raises(Left):
            converse(start, Lines([answer] * 25 + ["quit"] * 9), saved)
            raise Left  # every question was answered
    assert not re.search(
        r"\x1b", (tmp_path / "facts.yaml").read_text() if (tmp_path / "facts.yaml").exists() else ""
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_pack_says_beforehand_is_said_before_the_first_question(lang: str, tmp_path: Path) -> None:
    advice = load_pack("fraud").advice
    assert advice is not None
    told = run(tmp_path, "--pack", "fraud", "--lang", lang).stderr.decode()
    assert advice.say(lang) in told.partition("[at least" if lang == "en" else "［至少")[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_question_has_words_reason_and_a_place_in_the_facts(lang: str) -> None:
    for name in list_packs():
        progress = replace(progress_of(lang), data={"schema": "1", "language": lang, "pack": name})
        for ask in asks(progress):
            assert ask.question.say(lang) and ask.why.say(lang) and ask.place


def test_a_pack_with_routes_asks_for_the_route_before_anything_that_depends_on_it() -> None:
    progress = replace(progress_of(), data={"schema": "1", "pack": "ip-trademark", "language": "en"})
    assert [ask.path for ask in asks(progress)][-1] == "route"
    after, _ = answered(progress, ask_at("route", progress), "2")
    assert after.data["route"] == load_pack("ip-trademark").routes[1].id
    assert "retraction[0].owner" in [ask.path for ask in asks(after)]


def test_a_demand_of_the_notification_makes_its_list_required_and_stands_beside_the_question() -> None:
    progress = replace(
        progress_of(),
        data={"schema": "1", "pack": "generic", "language": "en", "notice": {"demands": ["The root cause."]}},
    )
    without = replace(progress, data={**progress.data, "notice": {}})
    assert (ask_at("root_causes", progress).required, ask_at("root_causes", progress).demands) == (
        True,
        ("The root cause.",),
    )
    assert ask_at("root_causes", without).required is False


# ---------------------------------------------------------------- what an answer becomes


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "2024年3月5日", "2024-03-05"),
        ("date", "2024年3月5号", "2024-03-05"),
        ("date", "２０２４-０３-０５", "2024-03-05"),
        ("date", "2024/3/5", "2024-03-05"),
        ("date", "March 5, 2024", "2024-03-05"),
        ("asin", "b0abcdefgh", "B0ABCDEFGH"),
        ("number", "21天", "21"),
        ("order_id", "112–3456789–1234567", "112-3456789-1234567"),
        ("text", "  我方　客服人员  ", "我方 客服人员"),
        ("quote", "Are you ＯＫ？", "Are you ＯＫ？"),
    ],
)
def test_dates_and_ids_come_into_one_form_and_free_text_stays(kind: str, typed: str, value: str) -> None:
    assert in_form(kind, typed) == value


def test_a_date_with_two_readings_is_asked_again() -> None:
    with pytest.raises(Refused, match="two different days"):
        in_form("date", "03/05/2024")


@pytest.mark.parametrize(
    ("path", "typed", "rule"),
    [
        ("notice.received", "昨天", "日期请按年-月-日填写"),
        ("notice.received", "2024-02-30", "日历上没有这一天"),
        ("notice.deadline_days", "十几天", "整数"),
        ("notice.marketplace", "amazon.con", "您是指 amazon.co"),
        ("notice.marketplace", "99", "请输入 1 到"),
        ("seller.email", "ops@", "不是邮箱地址"),
        ("seller.store_name", "……", "没有任何文字或数字"),
        ("seller.store_name", "x" * 501, "最多 500 个字符，现有 501 个"),
        ("seller.store_name", "Bright\udce4", "文字编码有误"),
        ("third_parties", "也许", "请回答“是”或“否”"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_rule_in_chinese(path: str, typed: str, rule: str) -> None:
    progress = progress_of("zh")
    with pytest.raises(Refused) as caught:
        answered(progress, ask_at(path, progress), typed)
    assert rule in str(caught.value)


def test_a_day_after_the_notification_is_refused_at_once() -> None:
    progress = progress_of(
        notice={"received": "2024-03-05"}, violations=[{"id": "V1", "statement": "We asked."}]
    )
    with pytest.raises(Refused, match="lies after the notification"):
        answered(progress, ask_at("violations[0].from", progress), "2024-03-06")


def test_every_rule_of_the_facts_file_has_its_chinese() -> None:
    source = (ROOT / "src" / "poa" / "facts.py").read_text(encoding="utf-8")
    known = [entry["en"] for entry in data("words")["rules"]]
    for rule in known:
        assert rule_in(rule.replace("{a}", "1").replace("{b}", "2"), "zh") != rule
    # The single-value rules stand in the code as whole sentences: a new one must come with its translation.
    for rule in re.findall(r'_matching\(\s*r".*?",\s*"([^"{]+)"', source, re.DOTALL):
        assert rule in known


def test_evidence_named_by_its_title_is_listed_as_an_attachment_once() -> None:
    progress = progress_of(
        actions_taken=[{"id": "A1", "statement": "We stopped."}, {"id": "A2", "statement": "We trained."}]
    )
    for n in (0, 1):
        progress, _ = answered(progress, ask_at(f"actions_taken[{n}].evidence", progress), "Photo; Log")
    assert progress.data["attachments"] == [{"id": "E1", "title": "Photo"}, {"id": "E2", "title": "Log"}]
    assert [action["evidence"] for action in progress.data["actions_taken"]] == [["E1", "E2"], ["E1", "E2"]]


def test_what_the_notification_names_is_offered_and_never_taken_by_itself() -> None:
    progress = replace(
        progress_of(violations=[{"id": "V1", "statement": "We asked."}]), found={"asins": ("B0ABCDEFGH",)}
    )
    assert progress.case().violations[0].asins == ()
    after, _ = answered(progress, ask_at("violations[0].asins", progress), "＋")
    assert after.case().violations[0].asins == ("B0ABCDEFGH",)


# ---------------------------------------------------------------- unknown, none, later


def test_unknown_none_and_later_are_different_in_the_facts() -> None:
    progress = progress_of("zh")
    progress = said_unknown(progress, ask_at("third_parties", progress))
    progress = put_off(progress, ask_at("customer_accounts", progress))
    progress, _ = none_taken(progress, ask_at("remaining_reviews", progress))
    assert {
        key: progress.data[key] for key in ("third_parties", "customer_accounts", "remaining_reviews")
    } == {
        "third_parties": "TODO 不知道",
        "customer_accounts": "TODO 以后再填",
        "remaining_reviews": [],
    }
    case = progress.case()
    assert (case.third_parties, case.customer_accounts, case.remaining_reviews) == (None, None, ())
    later = replace(progress, put_off=frozenset())
    paths = {ask.path for ask in asks(later)}
    assert "customer_accounts" in paths and not paths & {"third_parties", "remaining_reviews"}
    assert "third_parties" in {ask.path for ask in asks(replace(later, ask_unknown=True))}


def test_none_where_the_letter_cannot_do_without_is_refused() -> None:
    progress = progress_of()
    for path in ("seller.store_name", "violations[0].statement", "policies"):
        with pytest.raises(Refused, match="cannot do without"):
            none_taken(progress, ask_at(path, progress))


def test_none_that_becomes_a_statement_is_confirmed_in_the_letters_words() -> None:
    facts = {k: v for k, v in as_text(small_facts()).items() if k != "third_parties"}
    start = Progress(facts, "en")
    others = frozenset(ask.path for ask in asks(start)) - {"third_parties"}
    start = replace(start, put_off=others)
    denied = Lines(["none", "no", "quit"])
    with pytest.raises(Left):
        converse(start, denied, lambda p: p)
    assert "We did not engage any third party to obtain or to influence reviews." in denied.shown.getvalue()
    saved: list[Progress] = []
    converse(start, Lines(["none", "yes"]), lambda p: saved.append(p) or p)
    assert saved[-1].data["third_parties"] == []


def test_back_asks_the_last_question_again_and_forgets_its_answer() -> None:
    saved: list[Progress] = []
    with pytest.raises(Left):
        converse(progress_of(), Lines(["2024-03-05", "back", "2024-03-06"]), lambda p: saved.append(p) or p)
    assert saved[-1].data["notice"] == {"received": "2024-03-06"}


# ---------------------------------------------------------------- the file


def test_what_is_written_reads_back_as_the_same_facts() -> None:
    facts = as_text(rich_facts())
    facts["seller"]["store_name"] = "yes: #1 \"Bright\" \\ home 'é' 光\u2028"
    facts["root_causes"][0]["statement"] = "- it: [began] {here} & *there* !now | > % @ `so`"
    facts["seller"]["contact_name"] = "on"
    progress = Progress(facts, "zh")
    assert parse_yaml(facts_yaml(progress), "facts.yaml").data == facts


def test_a_notification_cannot_write_yaml_through_its_demands() -> None:
    demand = "Explain\n  why: it\n# happened\u0085pack: other"
    progress = progress_of(notice={"demands": [demand]})
    assert parse_yaml(facts_yaml(progress), "f").data["notice"]["demands"] == [demand]


def test_the_file_is_block_style_with_comments_in_the_language_of_the_interview(tmp_path: Path) -> None:
    save(tmp_path, Progress(as_text(small_facts()), "zh"))
    text = (tmp_path / "facts.yaml").read_text(encoding="utf-8")
    assert "# 根本原因: 是贵方的哪些疏漏导致了此事？" in text
    assert "{" not in text.replace("{}", "") and list(tmp_path.glob(".facts*")) == []


def test_answers_of_a_file_are_taken_all_or_none() -> None:
    document = parse_yaml(
        "seller.store_name: BrightHome\nviolations:\n  - statement: We asked.\n    from: 2024-02-30\n"
        "seller.email: nobody\nnotice.received: 03/05/2024\nno such: x\n",
        "answers.yaml",
    )
    with pytest.raises(FactsError) as caught:
        with_answers(progress_of(), document, "facts.yaml")
    assert [(fault.line, fault.path) for fault in caught.value.faults] == [
        (4, "violations[0].from"),
        (5, "seller.email"),
        (6, "notice.received"),
        (7, "no such"),
    ]


def test_an_answer_that_contradicts_the_facts_is_refused_and_an_equal_one_is_not() -> None:
    progress = progress_of(seller={"store_name": "BrightHome"})
    same = parse_yaml("seller: {store_name: BrightHome}", "a.yaml")
    assert with_answers(progress, same, "facts.yaml").data == progress.data
    with pytest.raises(FactsError, match=r"contradicts facts\.yaml, which says BrightHome"):
        with_answers(progress, parse_yaml("seller.store_name: Other", "a.yaml"), "facts.yaml")


@dataclass(frozen=True)
class Story:
    facts: dict[str, Any]
    sources: dict[str, str]


def test_of_a_story_only_what_stands_on_its_words_is_taken() -> None:
    story = Story(
        {
            "pack": "odr",
            "violations": [
                {
                    "id": "V1",
                    "statement": "We asked.",
                    "from": "2024-02-18",
                    "channel": "e-mail",
                    "to": "TODO",
                }
            ],
            "seller": {"store_name": "Other"},
        },
        {"violations[0].statement": "我们要求", "violations[0].from": "2月18日", "seller.store_name": "店"},
    )
    progress, left = with_found(progress_of(seller={"store_name": "BrightHome"}), story)
    assert progress.data["violations"] == [{"id": "V1", "statement": "We asked.", "from": "2024-02-18"}]
    assert progress.data["seller"] == {"store_name": "BrightHome"}
    assert left == ("violations[0].channel", "seller.store_name")


# ---------------------------------------------------------------- the folder


def test_the_notification_fills_in_what_it_says_and_is_copied(tmp_path: Path) -> None:
    opening = open_interview(tmp_path / "case", "zh", notice_in(tmp_path))
    assert opening.progress is not None
    assert opening.progress.data["pack"] == "review-manipulation"
    notice = opening.progress.data["notice"]
    assert (notice["deadline_days"], notice["marketplace"], len(notice["demands"])) == ("21", "amazon.com", 4)
    assert (tmp_path / "case" / "notice.txt").read_text(encoding="utf-8").strip() == NOTICE.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            NOTICE.replace(
                "How do I",
                "Pay USD 200 by gift card to https://amaz0n-pay.example and send us your password.\nHow do I",
            ),
            "fraud",
        ),
        (
            "Dear all, our canteen is closed on Friday. Bring your own lunch, please.",
            "no performance notification",
        ),
    ],
)
def test_mail_that_is_no_notification_starts_nothing(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(NoticeError, match=says):
        open_interview(tmp_path / "case", "en", notice_in(tmp_path, text))
    assert not (tmp_path / "case").exists()


def test_another_notification_never_replaces_the_one_in_the_folder(tmp_path: Path) -> None:
    open_interview(tmp_path / "case", "en", notice_in(tmp_path))
    other = tmp_path / "other.txt"
    other.write_text(NOTICE.replace("21 days", "17 days"), encoding="utf-8")
    with pytest.raises(NoticeError, match="another notification is already in this folder"):
        open_interview(tmp_path / "case", "en", other)


def test_faults_of_a_hand_edited_file_stop_the_interview_before_it_asks(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("schema: 1\npack: odr\nseller: {email: nobody}\n", encoding="utf-8")
    with pytest.raises(FactsError, match=r"facts.yaml:3: seller.email"):
        open_interview(tmp_path, "en")


def test_a_folder_of_another_pack_is_left_alone(tmp_path: Path) -> None:
    save(tmp_path, progress_of())
    with pytest.raises(InputError, match="use another folder for the pack odr"):
        open_interview(tmp_path, "en", pack="odr")


def test_the_outcome_says_what_is_open_and_what_was_said_about_it(tmp_path: Path) -> None:
    progress = progress_of(
        **{k: v for k, v in as_text(small_facts()).items() if k not in ("schema", "pack", "language")}
    )
    progress = replace(
        progress, data={**progress.data, "root_causes": "TODO unknown", "third_parties": "TODO later"}
    )
    save(tmp_path, progress)
    result = outcome(tmp_path, "en")
    assert [(item.path, item.state) for item in result.open if item.required] == [
        ("root_causes", "unknown"),
        ("third_parties", "later"),
    ]
    assert (result.complete, result.next_command) == (False, f"poa new {tmp_path}")


# ---------------------------------------------------------------- the command


def run(
    *arguments: str | Path, typed: str | bytes = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*POA, "new", *map(str, arguments)],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8", **environment},
        timeout=60,
        check=False,
    )


def test_piped_lines_make_a_letter_without_a_terminal(tmp_path: Path) -> None:
    lines = (ANSWERS / "review-zh.lines.txt").read_bytes()
    done = run(tmp_path / "case", "--notice", notice_in(tmp_path), "--lang", "zh", "--json", typed=lines)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["complete"], told["open"]) == (True, [])
    case = load_case(tmp_path / "case")
    assert (case.seller.contact_name, case.third_parties, case.attachments[0].title) == (
        "Li Wei",
        (),
        "权限变更截图",
    )


def test_a_wrong_line_stops_a_pipe_and_everything_before_it_is_saved(tmp_path: Path) -> None:
    done = run(
        tmp_path / "case",
        "--notice",
        notice_in(tmp_path),
        typed="2024-03-05\nWe asked a buyer.\n1\nsometime\nwrong\n",
    )
    assert done.returncode == 2
    assert "answer line 4: violations[0].from: 'sometime' cannot be taken" in done.stderr.decode()
    assert load_case(tmp_path / "case").violations[0].method == "asked-to-change-review"


def test_piped_gbk_is_read(tmp_path: Path) -> None:
    typed = "2024年3月5日\n我方客服人员要求买家修改差评。\n".encode("gb18030")
    assert (
        run(tmp_path / "case", "--notice", notice_in(tmp_path), "--lang", "zh", typed=typed).returncode == 0
    )
    assert load_case(tmp_path / "case").violations[0].statement == "我方客服人员要求买家修改差评。"


def test_the_end_of_the_input_leaves_and_the_next_run_goes_on(tmp_path: Path) -> None:
    run(tmp_path / "case", "--notice", notice_in(tmp_path), typed="2024-03-05\n")
    done = run(tmp_path / "case", typed="We asked a buyer.\n")
    assert "questions open" in done.stderr.decode()
    case = load_case(tmp_path / "case")
    assert (case.notice.received.isoformat(), case.violations[0].statement) == (
        "2024-03-05",
        "We asked a buyer.",
    )


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "interview.json").mkdir()
    done = run(tmp_path, "--pack", "odr")
    told = done.stderr.decode()
    assert (done.returncode, "interview.json: cannot be written" in told, "Traceback" in told) == (
        2,
        True,
        False,
    )
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize(("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en")])
def test_the_locale_chooses_the_language(tmp_path: Path, locale: str, language: str) -> None:
    run(tmp_path / "case", "--pack", "odr", LC_ALL=locale)
    assert load_case(tmp_path / "case").language == language


def test_answers_of_a_file_make_the_facts_and_what_is_open_is_told(tmp_path: Path) -> None:
    done = run(
        tmp_path / "case", "--notice", notice_in(tmp_path), "--answers", ANSWERS / "review-en.yaml", "--json"
    )
    assert done.returncode == 0, done.stderr.decode()
    opened = {item["path"]: item["state"] for item in json.loads(done.stdout)["open"] if item["required"]}
    assert opened == {"preventive_measures": "later", "remaining_reviews": "unknown"}


def test_wrong_answers_of_a_file_write_no_facts(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"pack": "odr", "seller": {"email": "nobody"}}', encoding="utf-8")
    done = run(tmp_path / "case", "--answers", file)
    assert done.returncode == 2
    assert "answers.json:1: seller.email: is no e-mail address" in done.stderr.decode()
    assert not (tmp_path / "case" / "facts.yaml").exists()


def test_a_file_edited_by_hand_is_kept_before_it_is_written_again(tmp_path: Path) -> None:
    written = "# mine\nschema: 1\npack: review-manipulation\nlanguage: en\nseller: {store_name: Mine}\n"
    (tmp_path / "facts.yaml").write_text(written, encoding="utf-8")
    done = run(tmp_path, typed="")
    assert (done.returncode, (tmp_path / "facts.yaml").read_text()) == (0, written)
    run(tmp_path, typed="2024-03-05\n")
    assert (tmp_path / "facts.before-1.yaml").read_text() == written
    case = load_case(tmp_path)
    assert (case.seller.store_name, case.notice.received.isoformat()) == ("Mine", "2024-03-05")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--lang", "fr"], "held in zh or en"),
        (["--pack", "reviews"], "is no known pack"),
        (["--notice", "nowhere.txt"], "is no file"),
        (["--answers", "nowhere.yaml", "--pack", "odr"], "cannot be read"),
        (["--received", "yesterday", "--notice", "MAIL"], "yesterday"),
    ],
)
def test_unusable_arguments_end_in_one_sentence_and_status_2(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    mail = str(notice_in(tmp_path))
    done = run(tmp_path / "case", *[mail if a == "MAIL" else a for a in arguments])
    assert (done.returncode, says in done.stderr.decode(), "Traceback" in done.stderr.decode()) == (
        2,
        True,
        False,
    )


# ---------------------------------------------------------------- a real terminal


class Terminal:
    """The program in a pseudo-terminal, typed at like a person would."""

    def __init__(self, *arguments: str | Path) -> None:
        self.seen = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update(LC_ALL="C.UTF-8", TERM="xterm", PYTHONIOENCODING="utf-8")
            os.execv(POA[0], [*POA, "new", *map(str, arguments)])

    def press(self, key: str, until: str) -> None:
        """Presses a key until the text is shown: what is typed while a terminal changes its mode is thrown away."""
        self.wait_for("> ")
        for _ in range(4):
            os.write(self.descriptor, key.encode())
            with contextlib.suppress(AssertionError):
                self.wait_for(until, seconds=5)
                return
        pytest.fail(f"never saw {until!r}")

    def wait_for(self, text: str, seconds: float = 20) -> str:
        """What was shown up to and with the text."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, f"never saw {text!r} in:\n{self.seen}"
            if not select.select([self.descriptor], [], [], 0.2)[0]:
                continue
            try:
                self.seen += os.read(self.descriptor, 65536).decode("utf-8", "replace")
            except OSError:
                assert text in self.seen, f"ended without {text!r}:\n{self.seen}"
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def type(self, text: str, enter: str = "\r") -> None:
        self.wait_for("> ")
        os.write(self.descriptor, (text + enter).encode())

    def end(self) -> int:
        while True:
            try:
                if not os.read(self.descriptor, 65536):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "case"
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_person_is_corrected_leaves_with_ctrl_c_and_goes_on(tmp_path: Path, case: Path) -> None:
    terminal = Terminal(case, "--notice", notice_in(tmp_path), "--lang", "zh")
    terminal.wait_for("您是哪一天收到绩效通知的？")
    terminal.type("昨天")
    terminal.wait_for("日期请按年-月-日填写")
    terminal.type("2024年3月5日")
    terminal.wait_for("＝ 2024-03-05")
    terminal.wait_for("具体是谁对谁做了什么？")
    # Wide characters erase as one: what is taken back is not in the answer.
    terminal.type("我方客服要求买家改评评\x7f。")
    terminal.wait_for("这属于哪种方式？")
    terminal.press("\x03", "已保存。随时可以继续")
    assert terminal.end() == 130
    assert load_case(case).violations[0].statement == "我方客服要求买家改评。"

    again = Terminal(case)
    again.wait_for("这属于哪种方式？")
    again.type("1")
    again.wait_for("从哪一天开始？")
    again.type("退出")
    again.wait_for("已保存")
    assert again.end() == 0
    assert load_case(case).violations[0].method == "asked-to-change-review"


def test_a_pasted_paragraph_is_one_answer(tmp_path: Path, case: Path) -> None:
    terminal = Terminal(case, "--notice", notice_in(tmp_path), "--received", "2024-03-05")
    terminal.wait_for("What exactly was done")
    terminal.type("\x1b[200~Our agent asked a buyer\nto change a review.\x1b[201~")
    terminal.wait_for("Which method was this?")
    terminal.type("\x04", enter="")
    assert terminal.end() == 0
    assert load_case(case).violations[0].statement == "Our agent asked a buyer to change a review."


def test_a_killed_interview_has_lost_nothing(tmp_path: Path, case: Path) -> None:
    terminal = Terminal(case, "--notice", notice_in(tmp_path), "--lang", "en")
    terminal.type("2024-03-05")
    terminal.wait_for("What exactly was done")
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.end()
    assert load_case(case).notice.received.isoformat() == "2024-03-05"


def test_the_interview_starts_from_what_a_story_says(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from poa.cli import build_app

    story = tmp_path / "story.txt"
    story.write_text(
        "2024年3月5日收到美国站的绩效通知，店铺叫BrightHome，订单号112-3456789-1234567。", "utf-8"
    )
    arguments = [
        "new",
        str(tmp_path / "case"),
        "--story",
        str(story),
        "--pack",
        "review-manipulation",
        "--lang",
        "zh",
    ]
    result = CliRunner().invoke(build_app(), arguments, input="退出\n")
    assert result.exit_code == 0, result.output
    facts = (tmp_path / "case" / "facts.yaml").read_text("utf-8")
    for said in (
        "received: 2024-03-05",
        "marketplace: amazon.com",
        "store_name: BrightHome",
        "112-3456789-1234567",
    ):
        assert said in facts
