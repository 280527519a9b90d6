"""poa draft with facts told in Chinese: rewritten, checked, confirmed, kept, and used again until they change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from poa.cli.translating import in_english_first
from poa.errors import CheckFailed
from poa.facts import load_case
from poa.kept_english import fingerprint, kept_path, read_kept
from tests.fake_server import Answer, Body, FakeServer, asked, completion, polished

FACTS = """\
schema: 1
pack: review-manipulation
language: zh
notice: {received: 2024-08-14, marketplace: amazon.com, deadline_days: null, reference: null}
seller: {store_name: Lanting Home, contact_name: Wu Min, contact_title: 运营经理, email: ops@lanting.example}
policies: [Customer Product Reviews Policies]
violations:
  - id: V1
    method: asked-to-remove-review
    statement: 客服王芳在站内信里要求三个买家删除差评。
    from: 2024-06-11
    to: 2024-06-11
    channel: 站内信
    orders: ["113-2204581-7730916"]
    asins: [B0CHENGUAN]
    by: 客服人员
third_parties: []
customer_accounts: []
remaining_reviews: []
root_causes:
  - {id: C1, statement: 我们没有给客服培训亚马逊的评论政策。}
actions_taken:
  - {id: A1, statement: 我们删除了全部站内信模板。, date: 2024-08-15, evidence: []}
preventive_measures:
  - {id: P1, statement: 以后所有站内信都由主管审核后再发送。, owner: 客服主管, starts: 2024-08-20, frequency: 每周一次}
metrics: []
attachments: []
"""
ENGLISH = {
    "客服": "Our customer service agent <NAME_1> asked <COUNT_1> buyers in Buyer-Seller Messaging to remove their negative reviews.",
    "我们没有": "We did not train our customer service staff on Amazon's review policies.",
    "我们删除": "We deleted all Buyer-Seller Messaging templates.",
    "以后": "In the future, all Buyer-Seller Messages will be reviewed by a supervisor before they are sent.",
}


def answering(**wrong: str) -> object:
    """A model that rewrites as above, but for the sentences that `wrong` words otherwise, and polishes nothing."""

    def script(body: Body) -> Answer:
        if '{"sentences"' not in body["messages"][-1]["content"]:
            return completion(polished(body))
        entries = [
            {
                "id": s["id"],
                "text": next(en for zh, en in {**ENGLISH, **wrong}.items() if s["text"].startswith(zh)),
            }
            for s in asked(body)["sentences"]
        ]
        return completion(json.dumps({"sentences": entries}))

    return script


def draft(folder: Path, *more: str, base_url: str = "") -> subprocess.CompletedProcess[str]:
    """`poa draft` in a process of its own, without a terminal; with a model at `base_url`, or with none."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "POA"))}
    environment |= {"OPENAI_API_KEY": "none", "POA_CACHE_DIR": str(folder / "cache")}
    model = ["--model", "fake", "--base-url", base_url, "--no-cache"] if base_url else ["--model", "skeleton"]
    return subprocess.run(
        [sys.executable, "-c", "from poa.cli import main; main()", "draft", "facts.yaml", *model, *more],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "facts.yaml").write_text(FACTS, "utf-8")
    return tmp_path


def test_without_a_model_it_stops_and_lists_what_to_translate(case: Path) -> None:
    done = draft(case)
    assert done.returncode == 2
    for place in (
        "violations[0].statement: 客服王芳",
        "root_causes[0].statement",
        "actions_taken[0].statement",
    ):
        assert place in done.stderr
    assert "seller.contact_title" not in done.stderr  # the program's own list has it
    assert not (case / "draft").exists()


def test_english_is_kept_unconfirmed_and_drafted_from_once_confirmed(case: Path) -> None:
    with FakeServer(answering()) as server:
        first = draft(case, base_url=server.base_url)
        assert first.returncode == 1
        assert "poa draft facts.yaml --yes" in first.stderr
        assert not (case / "draft").exists()
        assert load_case(case).untranslated() != ()
        asked_for = len(server.requests)
        second = draft(case, "--yes", base_url=server.base_url)
        assert second.returncode == 0, second.stderr
        rewritten = [r for r in server.requests[asked_for:] if '{"sentences"' in r["messages"][-1]["content"]]
        assert rewritten == []  # what is kept is not asked for again
        everything = b"".join(server.bytes_received)
    letter = (case / "draft" / "letter.txt").read_text("utf-8")
    assert "Wang Fang asked three buyers in Buyer-Seller Messaging" in letter
    for private in ("王芳", "113-2204581-7730916", "Lanting"):
        assert private.encode() not in everything
    assert load_case(case).untranslated() == ()


def test_a_changed_chinese_is_rewritten_anew_and_the_rest_is_not(case: Path) -> None:
    with FakeServer(answering()) as server:
        assert draft(case, "--yes", base_url=server.base_url).returncode == 0
        facts = case / "facts.yaml"
        facts.write_text(
            facts.read_text("utf-8").replace("我们删除了全部站内信模板", "我们删除了全部站内信"), "utf-8"
        )
        asked_for = len(server.requests)
        assert [place for place, _ in load_case(case).untranslated()] == ["actions_taken[0].statement"]
        draft(case, "--yes", "-o", "again", base_url=server.base_url)
        rewritten = [r for r in server.requests[asked_for:] if '{"sentences"' in r["messages"][-1]["content"]]
    # "templates" is in the Chinese no longer, and the model says it still, also when asked once more.
    assert {s["id"] for r in rewritten for s in asked(r)["sentences"]} == {1}


def test_a_models_english_that_fails_its_check_is_never_taken_by_yes(case: Path) -> None:
    with FakeServer(
        answering(我们没有="We trained our customer service staff on Amazon's review policies.")
    ) as server:
        done = draft(case, "--yes", base_url=server.base_url)
    assert done.returncode == 1
    assert "root_causes[0].statement" in done.stderr
    assert "没有否定" in done.stderr
    assert not (case / "draft").exists()


def test_english_corrected_in_the_kept_file_is_checked_and_used(case: Path) -> None:
    wrong = "We trained our customer service staff on Amazon's review policies."
    with FakeServer(answering(我们没有=wrong)) as server:
        draft(case, base_url=server.base_url)
        kept = kept_path(case / "facts.yaml")
        kept.write_text(kept.read_text("utf-8").replace("We trained", "We did not train"), "utf-8")
        asked_for = len(server.requests)
        done = draft(case, "--yes", base_url=server.base_url)
        rewritten = [r for r in server.requests[asked_for:] if '{"sentences"' in r["messages"][-1]["content"]]
    assert done.returncode == 0, done.stderr
    assert rewritten == []
    assert "We did not train our customer service staff" in (case / "draft" / "letter.txt").read_text("utf-8")


def test_handwritten_english_is_held_against_its_chinese(case: Path) -> None:
    facts = case / "facts.yaml"
    told = FACTS
    for zh, en in (
        (
            "    statement: 客服王芳在站内信里要求三个买家删除差评。",
            "    statement_en: Our agent Wang Fang asked four buyers in Buyer-Seller Messaging to remove their negative reviews.",
        ),
    ):
        told = told.replace(zh, f"{zh}\n{en}")
    for zh, en in ((k, v) for k, v in ENGLISH.items() if k != "客服"):
        line = next(text for text in told.splitlines() if f"statement: {zh}" in text)
        told = told.replace(line, line.replace("。", f'。, statement_en: "{en}"', 1))
    facts.write_text(told, "utf-8")
    done = draft(case)
    assert done.returncode == 1
    assert "four" in done.stderr
    assert "三个" in done.stderr or "三" in done.stderr
    assert draft(case, "--yes").returncode == 0  # a person wrote it, and a person takes it
    assert draft(case, "-o", "again").returncode == 0  # once taken, it is not asked about again
    facts.write_text(told.replace("four buyers", "five buyers"), "utf-8")
    assert draft(case, "-o", "third").returncode == 1


def test_on_a_terminal_a_no_stops_and_a_yes_confirms(case: Path) -> None:
    facts = case / "facts.yaml"
    with FakeServer(answering()) as server:
        draft(case, base_url=server.base_url)
    questions: list[str] = []

    def no(question: str) -> bool:
        questions.append(question)
        return False

    read = load_case(facts)
    with pytest.raises(CheckFailed):
        in_english_first(facts, read, None, yes=False, mask=True, timeout_s=None, ask=no)
    assert len(questions) == 1
    taken = in_english_first(facts, read, None, yes=False, mask=True, timeout_s=None, ask=lambda _: True)
    assert taken.untranslated() == ()
    kept = read_kept(facts)
    assert all(entry.confirmed == fingerprint(entry.en) for entry in kept.values())


def test_a_model_that_fails_on_the_way_leaves_what_it_had_done(case: Path) -> None:
    good = answering()

    def script(body: Body) -> Answer:
        if "我们删除" in body["messages"][-1]["content"]:
            return Answer("no", 401)
        return good(body)  # type: ignore[operator,no-any-return]

    with FakeServer(script) as server:
        done = draft(case, base_url=server.base_url)
    assert done.returncode == 3
    assert "facts.en.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kept_file_that_cannot_be_read_says_where(case: Path) -> None:
    (case / "facts.en.yaml").write_text("entries: [{of: 1}]\n", "utf-8")
    done = draft(case)
    assert done.returncode == 2
    assert "facts.en.yaml:1: entries[0]" in done.stderr
