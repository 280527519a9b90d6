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
        ("Bitte antworten Sie innerhalb von siebzehn Tagen.", 17),
        ("Bitte antworten Sie innerhalb von drei Wochen.", 21),
        ("If we do not hear from you by the end of fourteen days, your listing will be removed.", 14),
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
        "You have 30 days from the date a claim is decided to appeal that claim.",
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


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("You have 72 hours to submit a plan of action.", 3),
        ("Please send the documents within 7 days.", 7),
        ("Your appeal must reach us within 14 days of this notice.", 14),
        ("If we have not heard from you in 10 days, the listings will be deleted.", 10),
        ("Failure to respond within five business days will lead to deactivation.", 5),
        ("We will deactivate your account in 72 hours unless you act.", 3),
        ("Your account will be deactivated in 3 days if the issue is not resolved.", 3),
        ("Time to respond: 7 days", 7),
        ("Deadline: 14 days from the date of this message.", 14),
        ("You must respond within a week.", 7),
        ("The plan is due in 10 days.", 10),
        ("Your account is scheduled for deactivation in 5 days.", 5),
        ("Without an acceptable plan in the next 17 days we may cancel your listings.", 17),
        ("An appeal sent more than 30 days after this notice is not considered.", 30),
        ("You can appeal for 90 days after this notification.", 90),
        ("You have up to 90 days to appeal this decision.", 90),
        ("Appeals are accepted until 60 days after deactivation.", 60),
        ("We allow 21 days for your reply.", 21),
        ("We expect your answer within ten days.", 10),
        ("We look forward to your answer within 10 days.", 10),
        ("Kindly answer inside 7 days.", 7),
        ("We must receive the information no later than 7 days from today.", 7),
        ("To keep your account active, provide the information in the next 10 days.", 10),
        ("Complete verification within 30 days or your account will be deactivated.", 30),
        ("If the documents have not arrived after 14 days, we close the case.", 14),
        ("This case closes in 7 days without an answer.", 7),
        ("If no removal order is created within 30 days, the units are destroyed.", None),
        ("Funds are held for 90 days.", None),
        ("After 90 days you may request your funds.", None),
        ("If you do not appeal, you may request a disbursement 90 days after this notification.", None),
        ("Invoices must be dated within the last 365 days.", None),
        ("Please provide a bill issued within the past 90 days.", None),
        ("Our review takes 30 days.", None),
        ("We will answer within 48 hours.", None),
        ("You will hear from us within 2 business days.", None),
        ("You can expect our decision in 5 days.", None),
        ("We will review your appeal within 7 days of receiving it.", None),
        ("Please allow up to 3 days for us to review your plan.", None),
        ("Please give us 5 business days to read your appeal.", None),
        ("Your late shipment rate over 30 days was 6%.", None),
        ("Confirm shipment within 2 days.", None),
        ("Messages from buyers must be answered within 24 hours.", None),
        ("Sellers must respond to buyer messages within 24 hours.", None),
        ("Sellers must confirm orders within 48 hours.", None),
        ("Returns must be accepted within 30 days.", None),
        ("The complaint counts for 180 days.", None),
        ("In the last 60 days you cancelled 5 orders.", None),
        ("We asked you to reply within 7 days.", None),
        ("We wrote to you 14 days ago.", None),
        ("You did not respond within 7 days.", None),
        ("Remove the units within 30 days; otherwise they will be disposed of.", None),
        ("Inventory will be destroyed 30 days from now if you do not remove it.", None),
        ("The account can be re-opened after 30 days.", None),
        ("Certify your information again every 12 months.", None),
        ("Refunds must be issued within 2 days of receipt of the return.", None),
        ("The security deposit is returned within 14 days.", None),
        ("Unfulfillable inventory older than 30 days is removed.", None),
        ("请于7天内提交申诉。", 7),
        ("请在收到本通知后 72 小时内回复。", 3),
        ("您需在 17 天内提供以上文件。", 17),
        ("若 30 日内未收到您的回复，我们将关闭此案。", 30),
        ("如未在10个工作日内提交，商品将被移除。", 10),
        ("申诉期限：21 天。", 21),
        ("您有 3 天时间提交行动计划。", 3),
        ("我们会在 48 小时内回复您。", None),
        ("审核通常需要 2-4 个工作日。", None),
        ("请在 24 小时内回复买家消息。", None),
        ("请提供过去 365 天内的发票。", None),
        ("资金将在 90 天后支付。", None),
        ("7日以内にご返信ください。", 7),
        ("本メール受信後72時間以内に改善計画をご提出ください。", 3),
        ("30日以内にご提出がない場合、出品は取り消されます。", 30),
        ("審査には5営業日かかります。", None),
        ("過去90日以内に発行された請求書をご提出ください。", None),
        ("Bitte senden Sie uns die Unterlagen innerhalb von 7 Tagen.", 7),
        ("Sie haben 14 Tage Zeit, Einspruch einzulegen.", 14),
        ("Wenn wir innerhalb von 30 Tagen nichts von Ihnen hören, bleibt das Konto gesperrt.", 30),
        ("Die Prüfung dauert 3 Tage.", None),
        ("Antworten Sie binnen 72 Stunden.", 3),
        ("Reichen Sie den Plan bis spätestens in 10 Tagen ein.", 10),
    ],
)
def test_every_way_of_setting_a_term_is_told_from_the_days_of_something_else(
    sentence: str, days: int | None
) -> None:
    assert notice(sentence).deadline_days == days


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Please reply by March 3, 2025.", 28),
        ("The documents must be with us no later than 24 February 2025.", 21),
        ("Your appeal is due on 2025-02-20.", 17),
        ("Deadline: 15 February 2025", 12),
        ("Submit the form before February 13, 2025.", 10),
        ("If we have not received your plan by Feb 10, your account will be closed.", 7),
        ("Funds will be released on May 4, 2025.", None),
        ("On January 5, 2025 we removed your listing.", None),
        ("You have until 10 February 2025 to respond.", 7),
        ("Provide invoices dated before January 1, 2025.", None),
        ("请在2025年2月10日前提交。", 7),
        ("2025年2月10日までにご提出ください。", 7),
        ("Bitte antworten Sie bis zum 10. Februar 2025.", 7),
        ("Please respond by 02/10/2025.", 7),
        ("Please respond by 10 February.", 7),
        ("Units not removed by March 3, 2025 will be destroyed.", None),
        ("Law takes effect on June 27, 2025.", None),
        ("Your account will be deactivated on 10 February 2025 unless you verify it.", 7),
    ],
)
def test_a_last_day_is_counted_from_the_day_the_notice_bears(sentence: str, days: int | None) -> None:
    text = f"Date: 3 February 2025\n\nYour Amazon seller account was deactivated.\n\n{sentence}\n"
    assert read_notice(text, today=date(2025, 2, 4)).deadline_days == days
