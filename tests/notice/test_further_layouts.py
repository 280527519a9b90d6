"""Lists without marks or colon, ticked boxes, lettered and circled items, questions put as demands, news and settled cases."""

from __future__ import annotations

import pytest

from poa.notice import read_notice

OPENING = (
    "Hello,\n\nYour Amazon.com account may no longer sell because your late shipment rate is above 4%.\n\n"
)
CLOSING = "\n\nPrices may be blacked out. Funds may be held for 90 days.\n\nSeller Performance\n"


def demands(words: str) -> tuple[str, ...]:
    return tuple(item.rstrip(" .;") for item in read_notice(OPENING + words + CLOSING).demands)


CLAUSES = ("Why the orders were late", "What you have changed", "How the rate stays below 4%")
PAPERS = (
    "Invoices from your supplier",
    "A letter of authorisation from the brand",
    "Photos of all six sides",
)


@pytest.mark.parametrize(
    "lead_in",
    [
        "The plan should set out",
        "Please tell us",
        "Your answer must deal with",
        "We want to understand",
        "In your answer, explain",
    ],
)
def test_lines_below_a_request_that_waits_for_its_object_are_its_items(lead_in: str) -> None:
    assert demands(f"{lead_in}\n\n" + "\n".join(CLAUSES)) == CLAUSES


@pytest.mark.parametrize(
    "lead_in",
    [
        "Please send us the following.",
        "The following documents are needed.",
        "Documents to upload",
        "We will look at your account again once we have received:",
    ],
)
@pytest.mark.parametrize("mark", ["", "- ", "☐ "])
def test_papers_are_demanded_with_and_without_marks(lead_in: str, mark: str) -> None:
    assert demands(f"{lead_in}\n" + "\n".join(mark + paper for paper in PAPERS)) == PAPERS


def test_a_ticked_box_among_open_ones_is_done() -> None:
    text = "Please complete each item below:\n☐ Confirm your bank account\n☑ Confirm your address\n☐ Enter your tax number"
    assert demands(text) == ("Confirm your bank account", "Enter your tax number")


def test_a_remark_behind_the_request_does_not_hide_its_list() -> None:
    questions = ("Why were the orders late?", "Who checks the dates?")
    text = (
        "How do I sell again?\nAnswer each of these questions. A sentence for each is enough.\n\n"
        + "\n\n".join(questions)
    )
    assert demands(text) == questions


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        (
            "Please tell us within 72 hours the reason for the delays, the corrections you have made, and how you will keep the rate low.",
            ("the reason for the delays", "the corrections you have made", "how you will keep the rate low"),
        ),
        (
            "Your explanation, in English, shall set out (i) the purpose of the orders; (ii) how you know the buyers; and (iii) a copy of the licence.",
            ("the purpose of the orders", "how you know the buyers", "a copy of the licence"),
        ),
        (
            "There are three things we ask you to write about: the cause of the delays; the orders still open; and what will be different.",
            ("the cause of the delays", "the orders still open", "what will be different"),
        ),
        (
            "Send us the licence, or the e-mail that grants it, and a list of the pictures.",
            ("the licence, or the e-mail that grants it", "a list of the pictures"),
        ),
    ],
)  # fmt: skip
def test_several_things_of_one_sentence(sentence: str, asked: tuple[str, ...]) -> None:
    assert demands(sentence) == asked


def test_kana_and_circled_numbers_mark_items() -> None:
    kana = read_notice(
        "出品者様\n\nAmazon.co.jpでの出品を停止いたしました。\n\n次の情報をお送りください。\nア．請求書の写し\nイ．仕入先の連絡先\n\n※ 価格は黒塗りで構いません。\n"
    )
    assert kana.demands == ("請求書の写し", "仕入先の連絡先")
    circled = read_notice(
        "尊敬的卖家：\n\n您在亚马逊的商品已被下架。\n\n一、下架原因\n下列行为均被禁止：① 更改关键词；② 重新上架。\n\n"
        "二、您需要提交的内容\n请提交行动计划，内容须包括：① 根本原因；② 已采取的措施。\n"
    )
    assert [d.rstrip("；。") for d in circled.demands] == ["根本原因", "已采取的措施"]


def test_news_to_every_seller_is_no_notification() -> None:
    news = "Amazon Seller News\n\nUpcoming changes to returns\n\nWe are simplifying returns of hazardous products.\n- Labels will be issued for more categories\n\nHappy selling,\nAmazon\n"
    assert not read_notice(news).notification


def test_a_settled_case_asks_nothing_of_what_it_quotes() -> None:
    text = (
        "Dear Seller,\n\nYour account may sell on Amazon.com again. There is nothing more for you to send.\n\n-----Original Message-----\n"
        "From: Seller Performance\nSent: Monday, 3 February 2025 10:14\nSubject: Your account\n\nSend us within 21 days a plan that contains:\n- The root cause\n- The steps taken\n"
    )
    notice = read_notice(text)
    assert notice.demands == ()
    assert notice.deadline_days is None


@pytest.mark.parametrize(
    ("ground", "violation"),
    [
        ("ご登録の情報を確認できなかったため、アカウントを停止しました。", "identity-verification"),
        (
            "Kunden haben Artikel erhalten, die gebraucht waren, obwohl sie als neu verkauft wurden.",
            "used-sold-as-new",
        ),
        ("我们发现您向买家提供返现以换取好评。", "review-manipulation"),
        ("The supplier told us that it did not issue the documents you sent.", "forged-documents"),
        ("You sent buyers to your own web shop.", "code-of-conduct"),
    ],
)
def test_a_ground_is_known_by_its_other_names(ground: str, violation: str) -> None:
    assert (
        read_notice(
            f"{ground}\n\nAmazon\n\nPlease send a plan that explains:\n- The root cause\n- The steps taken\n"
        ).violation
        == violation
    )


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("We will wait 14 days for your answer.", 14),
        ("After 10 days without an answer we will close the case.", 10),
        ("请在收到本通知后的三个工作日内提交。", 3),
        ("Das Formular ist innerhalb von 14 Tagen auszufüllen.", 14),
        (
            "If the rights owner does not tell us within 10 days that it has sued, the listing comes back.",
            None,
        ),
        ("Lagerbestand müssen Sie dann binnen 30 Tagen zurückholen, sonst wird er entsorgt.", None),
    ],
)
def test_terms_in_further_words(sentence: str, days: int | None) -> None:
    text = f"Please send a plan that explains the root cause and what you did.\n\n{sentence}"
    assert read_notice(OPENING + text + CLOSING).deadline_days == days
