"""Of a pasted thread only what Amazon wrote asks, names the ground and sets the term."""

from __future__ import annotations

from datetime import date

from poa.notice import Notice, read_notice

TODAY = date(2025, 3, 10)
REFUSAL = """Hello,

We do not have enough information to reactivate your Amazon selling account. Customers complained about the authenticity of your items.

Please send us:
- Invoices from your supplier
- The names of your suppliers

Send this within 14 days.

Regards,
Seller Performance Team
"""
SELLER = """Dear Amazon,

our plan of action:
1. Root cause: the items came from a new supplier.
2. Please reactivate our account within 7 days.
"""


def read(text: str) -> Notice:
    return read_notice(text, today=TODAY)


def is_the_refusal(notice: Notice) -> bool:
    asked = ("Invoices from your supplier", "The names of your suppliers")
    return (notice.demands, notice.deadline_days, notice.violation) == (asked, 14, "inauthentic")


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(mark + line for line in text.split("\n"))


def test_what_the_seller_wrote_before_asks_nothing() -> None:
    below = quoted(SELLER)
    assert is_the_refusal(read(f"{REFUSAL}\nOn Mon, Mar 3, 2025 at 4:41 PM Maple Supply wrote:\n{below}\n"))


def test_a_quotation_with_another_languages_attribution_asks_nothing() -> None:
    below = quoted(
        f"Le lun. 13 mai 2024 à 18:40, Lumen & Fils wrote:\n\n{SELLER}\nPlease reply within 3 days.\n"
    )
    assert is_the_refusal(read(f"From: Amazon <seller-performance@amazon.fr>\n\n{REFUSAL}\n{below}\n"))


def test_a_forwarders_note_asks_nothing() -> None:
    note = "Hi Tom,\n\nsee below. Please send me these by Friday:\n- the list of parcels\n\nThanks\nIna\n\n"
    head = "---------- Forwarded message ---------\nFrom: Amazon <seller-performance@amazon.com>\nDate: Tue, 4 Mar 2025 at 09:41\nSubject: Your account\nTo: <me@shop.example>\n\n"
    notice = read(note + head + quoted(REFUSAL))
    assert is_the_refusal(notice)
    assert notice.received == date(2025, 3, 4)


def test_a_reply_between_two_original_messages_asks_nothing_and_the_first_mail_stays_in_force() -> None:
    newest = "From: Amazon <no-reply@amazon.com>\nDate: 5 March 2025\nSubject: RE: your account\n\nHello,\n\nWe still need everything listed in our first email. In addition, please provide:\n\n>> A lease of your warehouse\n>> The date on which your manager left\n\nYou now have 14 days from today.\n\n"
    theirs = "-----Original Message-----\nFrom: Maple Supply\nSent: 4 March 2025\nTo: Amazon\n\n" + SELLER
    first = "-----Original Message-----\nFrom: Amazon\nSent: 3 March 2025\nTo: Maple Supply\n\nHello,\n\nYour account is related to another account that was closed. Please provide:\n\n>> The names of all users\n\nReply within 10 days.\n"
    notice = read(f"{newest}{theirs}\n{first}")
    assert notice.demands == (
        "A lease of your warehouse",
        "The date on which your manager left",
        "The names of all users",
    )
    assert (notice.deadline_days, notice.violation) == (14, "related-accounts")


def test_a_forum_posts_question_and_replies_ask_nothing() -> None:
    lines = "\n\n".join(f"+{line}+" for line in REFUSAL.split("\n") if line)
    post = f"I need help with these:\n- is it my supplier?\n\n{lines}\n\nReply from Tom: Send a plan that explains the root cause within 3 days."
    assert is_the_refusal(read(post))


def test_the_question_a_case_answers_asks_nothing() -> None:
    assert is_the_refusal(
        read(f"{REFUSAL}\n====================\nMY ISSUE\n> Why? Please answer within 24 hours.\n")
    )


def test_a_mail_to_everybody_is_no_notification() -> None:
    text = "Hi there,\n\nSuspended by Amazon for drop shipping? What Amazon wants to see in a plan of action:\n- The root cause\n- Invoices\n\nBook now: https://advisors.example/book, 20% off.\nUnsubscribe: https://advisors.example/u\n"
    notice = read(text)
    assert (notice.notification, notice.demands, notice.violation) == (False, (), "unknown")
