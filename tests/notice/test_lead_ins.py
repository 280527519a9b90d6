"""A lead-in and its items' own shape tell together whether a list demands."""

from __future__ import annotations

import pytest

from poa.notice import read_notice

LOST = "Hello,\n\nYour Amazon.com selling account has been deactivated because customers complained about the authenticity of your items.\n\n"
PAPERS = (
    "Invoices from your supplier for the last 365 days",
    "A letter of authorization from the brand owner",
    "The steps you have taken to prevent such complaints",
)


def asked(lead_in: str, items: tuple[str, ...]) -> tuple[str, ...]:
    return read_notice(f"{LOST}{lead_in}\n" + "\n".join(f"- {item}" for item in items) + "\n").demands


@pytest.mark.parametrize(
    "lead_in",
    [
        "A plan of correction is needed. It has three parts:",
        "We can look at your account again when you have sent us:",
        "Kindly let us have:",
        "What your appeal has to contain",
        "Your appeal has to name:",
        "The following is still missing:",
        "These points were not answered in your appeal:",
        "For each ASIN, include:",
        "Any one of these documents is enough:",
        "We are waiting for:",
        "Before we can decide, we must have:",
        "Your answer should cover these points:",
        "Here is what we need from you:",
        "Here is what to send:",
        "Please come back to us with:",
        "Our team needs these items:",
        "To lift the restriction, hand in:",
        "Required documents",
        "Documents we need:",
        "Documents needed to reactivate your account:",
        "In your appeal, tell us about:",
        "To have the listing restored, we ask for:",
        "Information required:",
        "Please have the following ready and upload it:",
        "You will have to show us:",
        "The appeal form asks for:",
        "Each appeal must be supported by:",
        "Prepare a plan that deals with:",
        "An acceptable plan answers these questions:",
        "Reactivation depends on the following:",
        "We'd like you to send:",
        "Add to your appeal:",
        "Your reply must give:",
        "You're asked to submit these documents:",
        "We did not receive:",
        "Still outstanding:",
        "Next, provide:",
        "Then send us the items below:",
        "How to appeal\nSend us:",
        "What do we need?",
        "What should my appeal include?",
        "How can I get my account back?\nWith your appeal, we need to see:",
        "What you need to give us",
        "To do:",
        "Your to-do list:",
        "If you think we are wrong, show us:",
        "Not your account? Then send:",
        "We require one of the following:",
        "Provide at least two of these:",
        "A complete answer consists of:",
        "Your submission must answer the points below.",
        "Please respond to each of these points:",
        "Details we need",
        "Please ensure your appeal covers:",
        "We were unable to find these in your submission:",
        "Your appeal did not include the following:",
        "Documents to be submitted:",
        "You must be able to show:",
        "You have the following options:",
    ],
)
def test_a_list_of_papers_is_demanded(lead_in: str) -> None:
    assert asked(lead_in, PAPERS) == PAPERS


@pytest.mark.parametrize(
    ("lead_in", "items"),
    [
        (
            "Our policies do not allow:",
            (
                "Offering compensation for reviews",
                "Posting reviews of your own products",
                "Asking family for reviews",
            ),
        ),
        ("All sellers must:", ("Provide accurate information", "Act fairly", "Ship on time")),
        ("What is not allowed", ("Selling counterfeit items", "Creating several accounts")),
        ("We found the following:", ("The supplier does not know the invoice", "The fonts differ")),
        (
            "Your account was deactivated for these reasons:",
            ("Complaints about authenticity", "No invoices were sent"),
        ),
        ("Tips for a good plan:", ("Be brief", "Be specific", "Leave out other cases")),
        (
            "Here are a few things to consider:",
            ("Sourcing: Do you know your supplier?", "Packaging: Does it protect the item?"),
        ),
        ("Read more in Seller Central Help:", ("Anti-Counterfeiting Policy", "Condition Guidelines")),
        ("The rights owner's contact details:", ("Acme Ltd", "legal@acme.example")),
        ("Listings affected:", ("B0AAAAAAA1 Lamp", "B0AAAAAAA2 Chair")),
        ("Please do not send:", ("Screenshots of invoices", "Proforma invoices")),
        ("We do not accept:", ("Retail receipts", "Order confirmations")),
        ("In future, make sure that you:", ("Keep invoices for 365 days", "Check suppliers")),
        (
            "If you do not answer, the following may happen:",
            ("Your listings stay removed", "Your inventory is destroyed"),
        ),
        ("You already sent us:", ("An invoice of 3 May", "A letter of 5 May")),
        ("During the review we may ask for:", ("Further invoices", "A video call")),
        (
            "Your files should meet these requirements:",
            ("PDF, PNG or JPG", "At most 10 MB", "Not password-protected"),
        ),
        ("Get the app:", ("iOS", "Android")),
        ("Examples of documents we have refused:", ("A retail receipt", "An invoice without a date")),
        ("Ways to improve your rate:", ("Use Buy Shipping", "Set a longer handling time")),
        ("Actions taken on your account:", ("Listings removed", "Funds held")),
        ("What happens next", ("We review your appeal", "You get an e-mail")),
        ("Orders concerned:", ("111-1111111-1111111", "111-2222222-2222222")),
        ("The following items are affected:", ("B0AAAAAAA1 - Lamp", "B0AAAAAAA2 - Chair")),
        ("You have already sent us:", PAPERS),
        ("Thank you for sending:", PAPERS),
        ("We reviewed the following documents that you submitted:", PAPERS),
        ("The documents you sent could not be verified:", PAPERS),
        ("When we reviewed your account, we looked at:", PAPERS),
        ("Sellers who offer this brand keep on file:", PAPERS),
        ("In future, please keep the following on file:", PAPERS),
        ("You will find these pages helpful:", PAPERS),
        (
            "We recommend that you make a plan to get back on track:",
            ("Review your handling time.", "Confirm your orders on time."),
        ),
        (
            "Kindly follow these steps:",
            ("Sign in to Seller Central", "In the Performance menu, choose Account Health"),
        ),
    ],
)
def test_a_list_of_something_else_is_not(lead_in: str, items: tuple[str, ...]) -> None:
    assert asked(lead_in, items) == ()


OPTIONS = (
    "Ask the rights owner to withdraw the notice.",
    "If you own the brand, send the registration certificate.",
)


@pytest.mark.parametrize(
    "lead_in",
    [
        "You have the following options:",
        "You can appeal in one of two ways:",
        "Choose one of these options:",
    ],
)
def test_each_way_to_answer_is_demanded_whole(lead_in: str) -> None:
    assert asked(lead_in, OPTIONS) == OPTIONS


def test_the_case_of_an_option_is_no_demand() -> None:
    text = f"{LOST}You have two options:\n(1) You own the account. Send us the contract of sale.\n(2) You sold it. Send us proof of the transfer.\n"
    assert read_notice(text).demands == ("the contract of sale", "proof of the transfer")


def test_what_can_be_done_with_the_stock_is_no_demand() -> None:
    assert asked("For your inventory you have two options:", ("Remove the stock", "Have it destroyed")) == ()


def test_tips_that_count_past_the_demands_are_none() -> None:
    text = (
        f"{LOST}Please send us:\n1. Invoices\n2. A letter of authorization\n\nA few things to consider as you write:\n"
        "1. Is the packaging intact?\n2. Do you inspect returns?\n3. Have you reviewed your supplier?\n"
    )
    assert read_notice(text).demands == ("Invoices", "A letter of authorization")


def test_an_opening_that_sums_up_the_list_below_is_no_demand_of_its_own() -> None:
    text = (
        f"{LOST}You still have to show that you have found the cause of the complaints.\n\nHow do I reactivate my account?\n"
        "Please send us:\n- The root cause\n- The steps you have taken\n"
    )
    assert read_notice(text).demands == ("The root cause", "The steps you have taken")


@pytest.mark.parametrize("mark", ["→", "✓", "―", "[ ]", "o", "◆"])
def test_a_list_run_into_its_line_keeps_its_items(mark: str) -> None:
    items = " ".join(f"{mark} {item}" for item in PAPERS)
    text = f"{LOST}All sellers must: {mark} Act fairly {mark} Provide accurate information To appeal, send us: {items}\n"
    assert read_notice(text).demands == PAPERS


def test_a_line_that_begins_like_a_heading_is_an_item_of_its_list() -> None:
    lines = ("Evidence of your purchases", "Why the complaints are not valid", "Photos of the packaging")
    text = f"{LOST}Your explanation should include the following information:\n\n" + "\n\n".join(lines)
    assert read_notice(text + "\n").demands == lines


@pytest.mark.parametrize(
    ("language", "lead_in", "demanded"),
    [
        ("de", "Bitte antworten Sie auf diese E-Mail mit:", True),
        ("de", "Zur Reaktivierung sind erforderlich:", True),
        ("de", "Wir haben erhalten:", False),
        ("zh", "麻烦您提供：", True),
        ("zh", "以下文件无需提交：", False),
        ("zh", "我们不接受：", False),
        ("ja", "下記の情報をご提供いただく必要があります。", True),
        ("ja", "次の書類は受け付けておりません。", False),
    ],
)
def test_a_list_in_another_language_is_demanded_or_not(language: str, lead_in: str, demanded: bool) -> None:
    opening, items = {
        "de": (
            "Ihr Verkäuferkonto bei Amazon.de wurde deaktiviert.",
            ("Rechnungen Ihres Lieferanten", "Ein Schreiben des Markeninhabers"),
        ),
        "zh": ("您的亚马逊账户已被停用。", ("供应商开具的发票", "品牌所有者的授权书")),
        "ja": ("Amazonの出品アカウントを停止しました。", ("請求書の写し", "ブランド所有者からの委任状")),
    }[language]
    text = f"{opening}\n\n{lead_in}\n" + "\n".join(f"- {item}" for item in items) + "\n"
    assert read_notice(text).demands == (items if demanded else ())


def test_questions_under_a_request_are_demanded() -> None:
    questions = ("How did the items come into your inventory?", "Who checks new suppliers?")
    assert asked("Please answer the following questions:", questions) == questions


def test_what_a_paper_must_be_like_is_no_demand_of_its_own() -> None:
    text = (
        "Please provide one of the following:\n"
        "- A letter of authorization. It must meet the following criteria:\n"
        "- The document includes the name of the rights owner\n"
        "- An invoice from the manufacturer\n"
    )
    assert read_notice(LOST + text).demands == (
        "A letter of authorization.",
        "An invoice from the manufacturer",
    )


def test_a_title_over_a_list_within_the_list_is_no_demand() -> None:
    text = (
        "Please provide everything below:\n"
        "1. Compliance documents\n"
        "    a. A test report of an accredited laboratory\n"
        "2. Images\n"
        "    a. Photos of the packaging\n"
    )
    assert read_notice(LOST + text).demands == (
        "A test report of an accredited laboratory",
        "Photos of the packaging",
    )
