"""The evidence kit: what is in it, what it tells is missing, and that it asks nothing of a buyer."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import pytest

from poa.export.ics import due_ics
from poa.export.kit import apologies_of, kit_of, open_points
from poa.export.proof import Proof, prove_folder
from poa.export.sheet import records_xlsx
from poa.runs import load_draft
from tests.builders import rich_facts, small_facts, with_value
from tests.export.drafts import BRIGHTHOME, HOSTILE, written_draft
from tests.export.test_review_page import Page

openpyxl = pytest.importorskip(
    "openpyxl", reason="openpyxl is not installed: pip install 'poa-draft[export]'"
)


def proof_of(folder: Path) -> Proof:
    return prove_folder(load_draft(folder))


@pytest.fixture(scope="module")
def brighthome(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    folder = written_draft(tmp_path_factory.mktemp("kit"), BRIGHTHOME)
    (folder.parent / "e1.png").write_bytes(b"a picture")
    return proof_of(folder)


def test_the_kit_holds_letter_attachments_index_records_apologies_and_due_date(brighthome: Proof) -> None:
    kit = kit_of(brighthome, "<!doctype html>")
    assert sorted(kit.files) == [
        "apologies/112-3456789-1234567.txt",
        "attachment-index.pdf",
        "attachments/E1-Screenshot-of-the-revoked-user-permission.png",
        "checklist.html",
        "due.ics",
        "form/1-root-cause.txt",
        "form/2-actions.txt",
        "form/3-prevention.txt",
        "letter.docx",
        "letter.pdf",
        "letter.txt",
        "own-files/for-reference.docx",
        "own-files/review.html",
        "records.xlsx",
    ]
    assert kit.files["attachments/E1-Screenshot-of-the-revoked-user-permission.png"] == b"a picture"


def test_what_is_missing_is_told_in_both_languages(brighthome: Proof) -> None:
    points = [point for point in open_points(brighthome) if not point.en.startswith("The letter")]
    assert [point.en.split(":")[0] for point in points] == [
        "Attachment E2 (Refund confirmation and letter to the buyer) has no file",
        "Attachment E3 (Signed training list and test results) has no file",
        "Nothing attached shows that A3 was done",
    ]
    assert all(re.search(r"[\u4e00-\u9fff]", point.zh) for point in points)


def test_a_file_of_a_kind_that_amazon_does_not_take_is_told(tmp_path: Path) -> None:
    folder = written_draft(tmp_path, with_value(rich_facts(), "e1.docx", "attachments", 0, "file"))
    (tmp_path / "e1.docx").write_bytes(b"x")
    assert [p.en for p in open_points(proof_of(folder)) if "e1.docx" in p.en] == [
        "Attachment E1: the notifications take PDF, JPG, PNG and GIF; e1.docx is none of these."
    ]


def test_the_checklist_says_where_and_by_when(brighthome: Proof) -> None:
    text = Page(kit_of(brighthome, "").files["checklist.html"].decode()).text
    assert "Reply to the notification itself, from the registered address ops@brighthome.example" in text
    assert "请用注册邮箱 ops@brighthome.example 直接回复该绩效通知" in text
    assert "ask that it be forwarded to the Seller Performance team" in text
    assert "Send it by 2024-03-25 (the last day is 2024-03-26" in text


def test_an_apology_asks_for_nothing(brighthome: Proof) -> None:
    (apology,) = apologies_of(brighthome)
    assert apology.order == "112-3456789-1234567"
    assert "we apologize to you" in apology.text
    # No request, no incentive, no way out of Amazon, no opinion on what the buyer wrote.
    for word in ("please", "?", "http", "@", "change", "update", "remove", "rating", "star", "gift", "coupon",
                 "would you", "could you", "contact", "call", "reply", "phone"):  # fmt: skip
        assert word not in apology.text.lower(), word
    assert "112-3456789-1234567" in apology.chinese


def test_an_order_named_by_two_acts_gets_one_apology_for_both(tmp_path: Path) -> None:
    facts = small_facts()
    second = {**facts["violations"][0], "id": "V2", "method": "asked-to-remove-review"}
    second["statement"] = "Our customer service agent asked the buyer to remove a review."
    facts["violations"].append(second)
    (apology,) = apologies_of(proof_of(written_draft(tmp_path, facts)))
    assert "by asking for a review to be changed and by asking for a review to be removed" in apology.text


def test_orders_of_our_own_reviews_get_no_apology(tmp_path: Path) -> None:
    facts = with_value(small_facts(), "own-review", "violations", 0, "method")
    facts = with_value(facts, "Our owner reviewed our own product.", "violations", 0, "statement")
    facts = with_value(facts, "owner", "violations", 0, "by")
    assert apologies_of(proof_of(written_draft(tmp_path, facts))) == ()


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    proof = proof_of(written_draft(tmp_path, HOSTILE))
    book = openpyxl.load_workbook(io.BytesIO(records_xlsx(proof.case, proof.created)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    values = {cell.value for cell in cells}
    assert '=HYPERLINK("https://evil.example","Ana")' in values
    assert "-2+3 wrote reviews" in values
    assert dt.datetime(2024, 2, 18) in values


def test_records_hold_every_order_asin_review_account_and_attachment(tmp_path: Path) -> None:
    proof = proof_of(written_draft(tmp_path, rich_facts()))
    book = openpyxl.load_workbook(io.BytesIO(records_xlsx(proof.case, proof.created)))
    rows = {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book
    }
    assert [row[0] for row in rows["Orders 订单"]] == ["112-3456789-1234567"]
    assert [(row[0], row[1], row[2]) for row in rows["ASINs"]] == [
        ("B0ABCDEFGH", "V1, V2", 1),
        ("B0ABCDEFGJ", "V2", 0),
    ]
    assert rows["Reviews 评论"] == [["B0ABCDEFGH", "R1ABCDEFGHIJKL", "posted in January 2024"]]
    assert rows["Accounts 账户"] == [["Zhou Ping", "zhou.ping@mailbox.example", "113-1112223-4445556"]]
    assert rows["Attachments 附件"][0][0] == "E1"
    assert rows["Attachments 附件"][0][4] == "A1"


def test_hostile_titles_name_no_file_outside_the_kit(tmp_path: Path) -> None:
    folder = written_draft(tmp_path, HOSTILE)
    (tmp_path / "e1.png").write_bytes(b"x")
    kit = kit_of(proof_of(folder), "")
    names = [name for name in kit.files if name.startswith("attachments/")]
    assert names == ["attachments/E1-1-1-svg-onload-window-hacked-1-etc-passwd.png"]
    tags = {tag for tag, _ in Page(kit.files["checklist.html"].decode()).tags}
    assert not tags & {"script", "svg", "img", "iframe", "b"}


def test_the_calendar_file_is_well_formed() -> None:
    stamp = dt.datetime(2024, 3, 6, 8, 0, tzinfo=dt.UTC)
    made = due_ics(dt.date(2024, 3, 25), "Due, at last; now", "请在截止日前提交。" * 12, stamp)
    assert made.endswith("END:VCALENDAR\r\n")
    lines = made.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "DTSTART;VALUE=DATE:20240325" in lines
    assert "DTSTAMP:20240306T080000Z" in lines
    assert "SUMMARY:Due\\, at last\\; now" in lines
    assert lines.count("BEGIN:VALARM") == 2
    assert "请在截止日前提交。" * 12 in made.replace("\r\n ", "")


def test_without_a_deadline_there_is_no_calendar_file(tmp_path: Path) -> None:
    facts = small_facts()
    del facts["notice"]["deadline_days"]
    kit = kit_of(proof_of(written_draft(tmp_path, facts)), "")
    assert "due.ics" not in kit.files
    assert "No deadline is known." in Page(kit.files["checklist.html"].decode()).text
