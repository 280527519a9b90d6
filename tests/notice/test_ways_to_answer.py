"""The way to answer is told from further reading, from money and from the rights owner's way."""

from __future__ import annotations

import pytest

from poa.notice import read_notice

LOST = "Hello,\n\nYour Amazon seller account has been deactivated because of customer complaints.\n\n"


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("reply", "Please reply to this email with the information."),
        ("reply", "Send your plan as a reply to this message."),
        ("reply", "Respond to this message with your plan of action."),
        ("reply", "You can answer this e-mail directly."),
        ("reply", "Your answer to this email should hold the plan."),
        ("appeal_button", "Click the Appeal button next to this message."),
        ("appeal_button", "Use the Appeal button on the Performance Notifications page."),
        ("appeal_button", "Find this message in Performance Notifications and press “Appeal”."),
        (
            "appeal_button",
            "To appeal this decision, click Appeal beside this notification in Seller Central.",
        ),
        ("account_health", "Go to Account Health and click Reactivate your account."),
        ("account_health", "Follow the instructions in the banner at the top of your Account Health page."),
        ("account_health", "Click “View Appeal” on the Account Health page."),
        (
            "account_health",
            "Submit the documents under “Submit new information” at https://sellercentral.amazon.com/performance/dashboard.",
        ),
        (
            "account_health",
            "Use the Next Steps column beside the policy warning on your Account Health page.",
        ),
        ("account_health", "Your appeal can be filed from the Account Health page."),
        ("account_health", "Open your Account Health page, choose the listing, and upload the files."),
        ("email", "Send the documents to notice-dispute@amazon.com."),
        ("email", "E-mail your plan to pq-review@amazon.com."),
        ("email", "The address for your answer is seller-performance@amazon.com."),
        ("contact_us", "Submit the documents through https://sellercentral.amazon.com/cu/contact-us."),
        ("contact_us", "Upload them with the Contact Us form."),
        ("contact_us", "Open a case with Selling Partner Support and attach the documents."),
        ("performance_notifications", "Enter your answer under Performance > Performance Notifications."),
        ("performance_notifications", "Submit it on the Performance Notifications page in Seller Central."),
        (
            None,
            "You can view your account performance at https://sellercentral.amazon.com/performance/dashboard.",
        ),
        (None, "If you have questions, contact us at https://sellercentral.amazon.com/cu/contact-us."),
        (None, "This mailbox is not monitored, do not reply."),
        (None, "For questions about funds write to payments-funds@amazon.com."),
        (None, "The rights owner must send the retraction to notice-retraction@amazon.com."),
        (None, "Further details are on the Account Health page."),
        (None, "To request a disbursement, write to disbursement-appeals@amazon.com."),
        ("reply", "请回复此邮件并附上文件。"),
        ("account_health", "请前往“账户状况”页面顶部的横幅，点击“重新激活您的账户”。"),
        ("appeal_button", "请点击此通知旁边的“申诉”按钮。"),
        ("email", "请将文件发送至 notice-dispute@amazon.com。"),
        ("contact_us", "请通过 https://sellercentral.amazon.com/cu/contact-us 提交文件。"),
        ("performance_notifications", "请在“业绩通知”页面提交。"),
        ("reply", "このメールに返信してください。"),
        ("account_health", "アカウント健全性ページのバナーから提出してください。"),
        ("email", "書類をseller-performance@amazon.co.jpまでお送りください。"),
        ("reply", "Antworten Sie auf diese E-Mail."),
        ("account_health", "Reichen Sie die Unterlagen auf der Seite „Kontozustand“ ein."),
        ("email", "Senden Sie die Unterlagen an notice-dispute@amazon.de."),
    ],
)
def test_the_way_to_answer_is_found(way: str | None, sentence: str) -> None:
    assert read_notice(f"{LOST}{sentence}\n\nRegards,\nSeller Performance Team").submit == way
