"""Of the many day counts of a notice only the one that binds the answer is its deadline."""

from __future__ import annotations

from datetime import date

import pytest

from poa.errors import InputError
from poa.notice import Notice, read_notice

TODAY = date(2024, 3, 10)


def notice(sentence: str, received: str | None = None) -> Notice:
    return read_notice(f"Your Amazon seller account was deactivated. {sentence}", received, today=TODAY)


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        (
            "If we do not receive the requested information within 21 days of the original notification, it stays so.",
            21,
        ),
        ("If no acceptable plan has reached us within 17 days, we may cancel your listings.", 17),
        ("You must submit a plan of action within 72 hours.", 3),
        ("Please reply within the next 30 days.", 30),
        ("From today you have 90 days to provide a valid appeal.", 90),
        ("Unless you submit a plan in the next 48 hours, your account will be closed.", 2),
        ("Please respond within ten (10) business days.", 10),
        ("If you do not answer within three weeks, the account stays closed.", 21),
        ("Your account is at risk of deactivation within 72 hours.", 3),
        ("Within 72 hours, tell us what happened.", 3),
        ("如果我们在 17 天内未收到所需信息，您的账户将保持停用状态。", 17),
        ("请在72小时内提交行动计划。", 3),
        ("Bitte antworten Sie innerhalb von 14 Tagen.", 14),
        ("17日以内に情報をお送りいただけない場合、停止されたままとなります。", 17),
    ],
)
def test_a_count_that_binds_the_answer_is_the_deadline(sentence: str, days: int) -> None:
    assert notice(sentence).deadline_days == days


@pytest.mark.parametrize(
    "sentence",
    [
        "Funds may be held for 90 days or longer.",
        "Please send invoices issued in the last 365 days.",
        "Please provide a utility bill dated within the last 90 days.",
        "We will review your plan within 2 business days.",
        "The review usually takes 2-4 business days.",
        "Your order defect rate over 60 days is above 1%.",
        "Units that are not removed within 30 days may be disposed of.",
        "After 90 days you may ask for your funds.",
        "The review should not take more than 30 days.",
        "You may separately request a disbursement 90 days after this notification.",
        "A reserve equal to your sales of the preceding 14 days applies.",
        "账户中的资金可能会被冻结 90 天或更长时间。",
        "请提供最近 90 天内的水电账单。",
        "我们通常会在 2-4 个工作日内完成审核。",
        "Guthaben kann bis zu 90 Tage einbehalten werden.",
    ],
)
def test_a_count_that_binds_something_else_is_no_deadline(sentence: str) -> None:
    read = notice(sentence, "2024-03-05")
    assert (read.deadline_days, read.due) == (None, None)


def test_the_due_date_counts_from_the_day_received() -> None:
    read = notice("If we do not receive your plan within 21 days, it stays closed.", "2024-03-05")
    assert (read.due, read.due_pacific, read.days_left) == (date(2024, 3, 26), date(2024, 3, 25), 16)


def test_without_the_day_received_there_is_no_due_date_and_it_says_so() -> None:
    read = notice("If we do not receive your plan within 21 days, it stays closed.")
    assert (read.due, read.due_pacific, read.days_left) == (None, None, None)
    assert any("--received" in line for line in read.advice())


def test_the_date_of_the_mail_counts_as_received() -> None:
    text = "Date: March 5, 2024\nYour Amazon account was deactivated. Please reply within 7 days."
    read = read_notice(text, today=TODAY)
    assert (read.received, read.due) == (date(2024, 3, 5), date(2024, 3, 12))


def test_a_passed_due_date_is_not_called_in_time() -> None:
    read = notice("Please reply within 3 days.", "2024-03-01")
    assert read.days_left == -6
    assert any("has passed" in line for line in read.advice())
    assert not any("left" in line for line in read.advice())


def test_a_last_date_is_taken_where_the_notice_gives_no_count() -> None:
    read = notice("Please submit your documents by March 18, 2024.")
    assert (read.deadline_days, read.due, read.days_left) == (None, date(2024, 3, 18), 8)


def test_an_impossible_last_date_is_no_deadline() -> None:
    assert notice("Please submit your documents by February 30, 2024.").due is None


def test_of_two_terms_the_shorter_is_taken_and_the_other_named() -> None:
    read = notice(
        "Please reply within 7 days. If we do not receive your plan within 30 days, it is closed.",
        "2024-03-09",
    )
    assert (read.deadline_days, read.due) == (7, date(2024, 3, 16))
    assert any("30 days as well" in line for line in read.advice())


def test_no_deadline_is_not_taken_for_time_enough() -> None:
    assert any(
        "does not mean there is time" in line for line in notice("Please reply.", "2024-03-05").advice()
    )


@pytest.mark.parametrize(
    "received", ["2024-02-30", "2024-13-01", "yesterday", "05/03/2024", "1999-01-01", "2024-04-01"]
)
def test_an_impossible_or_future_day_received_is_refused(received: str) -> None:
    with pytest.raises(InputError, match="received"):
        notice("Please reply.", received)


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        read_notice("Your Amazon account was deactivated.", zone="Mars/Olympus")
