"""A sentence is read for what it asks, whatever verb it asks with; one that asks nothing gives nothing."""

from __future__ import annotations

import pytest

from poa.notice import read_notice

LOST = "Hello,\n\nYour Amazon seller account has been deactivated because of customer complaints.\n\n"
LOST_IN = {
    "zh": "您的亚马逊账户已被停用。\n\n",
    "ja": "Amazonの出品アカウントを停止しました。お客様の商品について苦情がありました。\n\n",
    "de": "Wir haben Ihr Verkäuferkonto bei Amazon deaktiviert, weil es Beschwerden gab.\n\n",
}


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        (
            "If you want your account back, write to us and say what went wrong, what you have corrected, and how you will keep it from happening again.",
            ("what went wrong", "what you have corrected", "how you will keep it from happening again"),
        ),
        (
            "Your appeal should explain, first, how you got the addresses; second, who wrote the messages; and third, what you have changed.",
            ("how you got the addresses", "who wrote the messages", "what you have changed"),
        ),
        (
            "Your plan needs to cover the reason for the late shipments, the changes to your handling time, and how you will watch the rate.",
            (
                "the reason for the late shipments",
                "the changes to your handling time",
                "how you will watch the rate",
            ),
        ),
        (
            "Please give us your suppliers' names and addresses and copies of the invoices.",
            ("your suppliers' names and addresses", "copies of the invoices"),
        ),
        (
            "We will look at your case again once we have your test reports and a declaration of conformity.",
            ("your test reports", "a declaration of conformity"),
        ),
        (
            "We ask that you send us a copy of your business license and a recent bank statement.",
            ("a copy of your business license", "a recent bank statement"),
        ),
        (
            "Submit either a licence from the rights owner or a court order.",
            ("a licence from the rights owner", "a court order"),
        ),
        (
            "Please submit an explanation of how the accounts are not related and include any supporting documents.",
            ("an explanation of how the accounts are not related", "any supporting documents"),
        ),
        ("The appeal must be accompanied by invoices from your supplier.", ("invoices from your supplier",)),
        ("Along with your appeal, submit the invoices of 2024.", ("the invoices of 2024",)),
        (
            "If this is a mistake, prove it by sending us delivery confirmations for the orders in question.",
            ("delivery confirmations for the orders in question",),
        ),
        ("Tell us whether you own the brand.", ("whether you own the brand",)),
        (
            "Missing from your submission are the invoices for the toys and the contact details of the supplier.",
            ("the invoices for the toys", "the contact details of the supplier"),
        ),
        (
            "Have ready your passport, a utility bill, and your business license for the video call.",
            ("your passport", "a utility bill", "your business license for the video call"),
        ),
        (
            "We ask you to explain why the tracking numbers were invalid.",
            ("explain why the tracking numbers were invalid",),
        ),
        (
            "You must close one of the two accounts and tell us which one you wish to keep.",
            ("which one you wish to keep",),
        ),
        (
            "Provide a detailed explanation of the late shipments; also tell us how many orders were affected.",
            ("a detailed explanation of the late shipments", "how many orders were affected"),
        ),
        (
            "Your appeal must be accompanied by the purchase contract and the delivery note.",
            ("the purchase contract", "the delivery note"),
        ),
        ("Please submit an explanation to the above email address.", ("an explanation",)),
        ("Please correct the prices of any other offers.", ("correct the prices of any other offers",)),
        (
            "Our team would like to know how you source your products.",
            ("how you source your products",),
        ),
        (
            "Before we can reactivate your account, we need you to verify your phone number and to upload a copy of your passport.",
            ("verify your phone number", "a copy of your passport"),
        ),
        (
            "If you choose to take part, you must (a) agree to the attached terms, (b) sign the agreement, and (c) return it to us.",
            ("agree to the attached terms", "sign the agreement", "return it to us."),
        ),
        (
            "A valid appeal includes an invoice, contact information for your supplier, and photos of the item.",
            ("an invoice", "contact information for your supplier", "photos of the item"),
        ),
    ],
)
def test_what_a_sentence_asks_is_found(sentence: str, asked: tuple[str, ...]) -> None:
    assert read_notice(f"{LOST}{sentence}\n").demands == asked


@pytest.mark.parametrize(
    ("language", "sentence", "asked"),
    [
        ("zh", "如果商品属于配件，请另行提供修改后的商品标题和主图。", ("修改后的商品标题和主图",)),
        (
            "zh",
            "请访问此页面提交申诉，并提供证明文件以表明您不再拥有该账户。",
            ("证明文件以表明您不再拥有该账户",),
        ),
        (
            "de",
            "Bitte senden Sie uns einen Maßnahmenplan, in dem Sie darlegen, welche Ursachen es gab, welche Schritte Sie unternommen haben und wie Sie Beschwerden künftig verhindern.",
            (
                "welche Ursachen es gab",
                "welche Schritte Sie unternommen haben",
                "wie Sie Beschwerden künftig verhindern",
            ),
        ),
        (
            "ja",
            "根本的な原因、実施した措置および再発防止策を説明した改善計画書をご提出ください。",
            ("根本的な原因", "実施した措置", "再発防止策"),
        ),
        (
            "ja",
            "過去365日以内に発行された請求書の写しと、ブランド所有者からの委任状をご提出ください。",
            ("過去365日以内に発行された請求書の写し", "ブランド所有者からの委任状"),
        ),
        (
            "zh",
            "请提供供应商开具的发票和品牌所有者的授权书。",
            ("供应商开具的发票", "品牌所有者的授权书"),
        ),
        (
            "zh",
            "请先重新激活相关联的账户，并提供已恢复账户的名称和恢复日期。",
            ("先重新激活相关联的账户", "已恢复账户的名称和恢复日期"),
        ),
        (
            "de",
            "Bitte senden Sie uns Rechnungen Ihres Lieferanten und ein Autorisierungsschreiben des Markeninhabers.",
            ("Rechnungen Ihres Lieferanten", "ein Autorisierungsschreiben des Markeninhabers"),
        ),
        (
            "de",
            "Ihr Plan muss erklären, was die Ursache war und wie Sie solche Fehler künftig vermeiden.",
            ("was die Ursache war", "wie Sie solche Fehler künftig vermeiden"),
        ),
        (
            "de",
            "Teilen Sie uns mit, warum die Bestellungen storniert wurden.",
            ("warum die Bestellungen storniert wurden",),
        ),
        (
            "de",
            "Um Ihr Konto zu reaktivieren, müssen Sie uns eine Vollmacht des Markeninhabers und eine Rechnung Ihres Lieferanten zusenden.",
            ("eine Vollmacht des Markeninhabers", "eine Rechnung Ihres Lieferanten"),
        ),
        (
            "de",
            "Wir bitten Sie, uns die Rechnungen Ihres Lieferanten zu übermitteln und zu erläutern, wie Sie Ihre Artikel prüfen.",
            ("die Rechnungen Ihres Lieferanten", "wie Sie Ihre Artikel prüfen"),
        ),
        (
            "de",
            "Bitte legen Sie innerhalb von 7 Tagen einen Nachweis über die Zustellung der betroffenen Bestellungen vor.",
            ("einen Nachweis über die Zustellung der betroffenen Bestellungen",),
        ),
        (
            "de",
            "Teilen Sie uns bitte mit, warum die Konten nicht zusammengehören, und fügen Sie Nachweise von Ihrer Bank bei.",
            ("warum die Konten nicht zusammengehören", "Nachweise von Ihrer Bank"),
        ),
        ("zh", "请在 7 天内把供应商的发票发给我们。", ("供应商的发票",)),
        (
            "zh",
            "请解释为何这些订单被取消，以及您将如何避免再次取消。",
            ("为何这些订单被取消", "您将如何避免再次取消"),
        ),
        (
            "zh",
            "请提供供应商在过去 365 天内开具的发票复印件，以及供应商的联系方式。",
            ("供应商在过去 365 天内开具的发票复印件", "供应商的联系方式"),
        ),
        ("ja", "苦情の原因を説明した改善計画をお送りください。", ("苦情の原因を説明した改善計画",)),
        (
            "ja",
            "請求書の写しと、仕入先の連絡先情報をこのメールに返信してお送りください。",
            ("請求書の写し", "仕入先の連絡先情報"),
        ),
        (
            "ja",
            "出荷が遅れた原因と、今後の改善策についてご説明ください。",
            ("出荷が遅れた原因", "今後の改善策"),
        ),
        ("ja", "アカウントを再開するには、商品の写真が必要です。", ("商品の写真",)),
    ],
)
def test_a_sentence_in_another_language_is_read(language: str, sentence: str, asked: tuple[str, ...]) -> None:
    assert read_notice(f"{LOST_IN[language]}{sentence}\n").demands == asked


@pytest.mark.parametrize(
    "sentence",
    [
        "You do not need to send us a plan of action or to reply to this message.",
        "We asked you in May to provide a plan that explains where the items were sourced.",
        "You listed products that require you to provide compliance documentation.",
        "Sellers are required to provide accurate information.",
        "Customers must be able to provide proof of purchase.",
        "Please make sure your e-mail address is up to date.",
        "Ask the rights owner to send a retraction to notice-retraction@amazon.com.",
        "You must submit within ten (10) days after the date of this email.",
        "We have received the documents you sent.",
        "We may ask you for more information.",
        "Please ship open orders.",
        "Sellers must have a valid tracking rate of more than 95% of the packages they send.",
        "Once we have it, the rights owner has 10 business days to tell us that they have filed an action in court.",
        "You have had the chance to explain the activity on your account.",
        "We have asked the carrier to provide proof of delivery.",
        "When you create a listing, provide accurate details and images.",
        "Our team requires up to 7 days to review your documents.",
        "If you choose to sell these items elsewhere, you must remove your inventory.",
    ],
)
def test_a_sentence_that_asks_nothing_gives_nothing(sentence: str) -> None:
    assert read_notice(f"{LOST}{sentence}\n").demands == ()
