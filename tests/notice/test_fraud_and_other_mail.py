"""Mail that is no notification is not read as one, and fraud is called fraud."""

from __future__ import annotations

import pytest

from poa.notice import read_notice

LOST = "Your Amazon seller account was deactivated. Please provide the following: - your invoices. "


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("Reply with your password to confirm the account.", "password or a code"),
        ("Send us the verification code you received.", "password or a code"),
        ("Pay the reinstatement fee of $199 today.", "money"),
        ("Purchase a gift card and send its number.", "money"),
        ("Contact our agent on WhatsApp.", "messenger"),
        ("Log in at http://amazon-seller-verify.com/login.", "amazon-seller-verify.com"),
        ("Log in at https://sellercentral.amazon.com.evil.top/ap.", "sellercentral.amazon.com.evil.top"),
        ("Log in at https://bit.ly/3xYz.", "bit.ly"),
        ("Write to support@amazon-appeals.net.", "amazon-appeals.net"),
        ("请提供您的登录密码。", "password or a code"),
        ("请添加微信 amz123 联系我们。", "messenger"),
    ],
)
def test_a_sign_of_fraud_is_named_and_nothing_is_demanded(sentence: str, sign: str) -> None:
    notice = read_notice(LOST + sentence)
    assert any(sign in found.en for found in notice.suspicious)
    assert (notice.genuine, notice.violation, notice.demands, notice.submit) == (False, "unknown", (), None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Amazon will never ask for your password.",
        "Do not share your verification code with anyone.",
        "You offered gift cards in exchange for reviews.",
        "You contacted buyers through WhatsApp.",
        "See https://sellercentral.amazon.co.uk/gp/help/1 and https://www.amazon.de/x.",
        "Get the app: https://itunes.apple.com/us/app/amazon-seller/id794141485?mt=8.",
        "Recall: https://www.cpsc.gov/Recalls/2024/lamp.",
        "See https://sellercentral.amazon.c ... em_rp for details.",
    ],
)
def test_a_genuine_notice_is_not_called_fraud(sentence: str) -> None:
    notice = read_notice(LOST + sentence)
    assert notice.suspicious == ()
    assert notice.genuine


def test_a_list_of_what_amazon_never_asks_for_is_no_fraud() -> None:
    text = f"{LOST}\n\nAmazon will never ask you to\n  (i) pay a fee for verification;\n  (ii) answer through WhatsApp.\n"
    assert read_notice(text).suspicious == ()


def test_a_deposit_of_the_patent_evaluation_is_no_fraud() -> None:
    text = "Amazon Patent Evaluation Express (APEX). Your listing may be removed. You must pay the fee of $4,000."
    assert read_notice(text).suspicious == ()


def test_a_newsletter_is_no_notification() -> None:
    notice = read_notice(
        "Hello, here is what is new this week: tips for boxes and tape. See you on Thursday!"
    )
    assert (notice.notification, notice.violation, notice.demands) == (False, "unknown", ())
    assert any("not a performance notification" in line for line in notice.advice())


def test_a_notification_without_a_ground_says_so() -> None:
    notice = read_notice("Your Amazon seller account has been deactivated. Please submit a plan of action.")
    assert (notice.notification, notice.violation) == (True, "unknown")
    assert any("does not name its violation" in line for line in notice.advice())


def test_a_bare_plan_counts_where_nothing_more_exact_is_asked() -> None:
    assert read_notice("Your Amazon account was deactivated. Please submit a plan of action.").demands == (
        "a plan of action",
    )


def test_a_notice_that_asks_nothing_sends_the_reader_to_the_account_health_page() -> None:
    notice = read_notice(
        "Your Amazon account was deactivated. Go to Account Health and click Reactivate your account."
    )
    assert (notice.demands, notice.submit) == ((), "account_health")
    assert any("paste that text" in line for line in notice.advice())


def test_a_notice_that_needs_no_action_says_so() -> None:
    notice = read_notice(
        "Your Amazon listing was removed for review. You do not need to do anything at this time."
    )
    assert (notice.no_action, notice.demands) == (True, ())
