import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa.placeholders import PLACEHOLDER, Known, PlaceholderError, protect, restore

PIECES = st.sampled_from(
    [
        "<ORDER_1>", "<DATE_2>", "<", ">", "_1>", "<NAME_", '"', "“ab”", "order 113-5820416-7749205", "B0C7LMPQ4X",
        "R2K8VD3NQ7YHLM", "May 27, 2024", "between 11 and 22 March 2024", "USD 18", "£10", "a.b@c.example",
        "www.shop.example/x", "+86 755 1234 5678", "Zhang Min", "Our", "Amazon's", "李明", " ", ". ", "\n", "\\", "&",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=80)), max_size=5)
KNOWN = st.lists(
    st.builds(Known, st.sampled_from(["NAME", "QUOTE", "ORDER"]), st.text(min_size=1, max_size=8)), max_size=4
)


@given(TEXTS, KNOWN)
def test_protect_then_restore_is_the_identity(texts: list[str], known: list[Known]) -> None:
    known = [k for k in known if k.text.strip()]
    protected = protect(texts, known)
    assert [restore(masked, masked, protected.table) for masked in protected.texts] == texts


def test_every_kind_of_value_goes_out_as_a_placeholder_that_shows_its_kind() -> None:
    text = (
        "On May 27, 2024 we paid USD 18 for order 113-5820416-7749205 of B0C7LMPQ4X, see R2K8VD3NQ7YHLM,"
        " write to a.b@c.example or +86 755 1234 5678 or www.shop.example/x; the buyer Zhang Min of"
        ' 深圳市灯具有限公司 said "All fine".'
    )
    assert protect([text]).texts == (
        "On <DATE_1> we paid <AMOUNT_1> for order <ORDER_1> of <ASIN_1>, see <REVIEW_1>,"
        " write to <EMAIL_1> or <PHONE_1> or <LINK_1>; the buyer <NAME_1> of"
        " <NAME_2> said <QUOTE_1>.",
    )


def test_the_same_value_has_the_same_placeholder_in_all_texts() -> None:
    protected = protect(["On May 27, 2024 and May 28, 2024.", "Again on May 28, 2024."])
    assert protected.texts == ("On <DATE_1> and <DATE_2>.", "Again on <DATE_2>.")
    assert protected.table == {"<DATE_1>": "May 27, 2024", "<DATE_2>": "May 28, 2024"}


def test_known_names_are_masked_however_they_are_spaced_or_written() -> None:
    known = (Known("NAME", "Lumora Lane Lighting"), Known("NAME", "Chen", exact=True))
    masked = protect(["The store lumora  lane lighting of Chen opened. Chen's shop, kitchen."], known).texts
    assert masked == ("The store <NAME_1> of <NAME_2> opened. <NAME_2>'s shop, kitchen.",)


def test_a_name_that_no_field_declares_is_masked_inside_a_statement() -> None:
    masked = protect(["Zhang Wei paid our supplier Brightfern; Brightfern wrote to buyers on Amazon."]).texts
    assert masked == ("<NAME_1> paid our supplier <NAME_2>; <NAME_2> wrote to buyers on Amazon.",)


def test_public_words_stay_readable() -> None:
    text = "Our agent used Buyer-Seller Messaging and Facebook; Amazon's Order Defect Rate is 0.42% for 50 orders."
    assert protect([text]).texts == (text,)


def test_overlapping_values_leave_no_part_behind() -> None:
    known = (Known("NAME", "Wei"), Known("NAME", "wei@home.example now"))
    masked = protect(["Write to li.wei@home.example now please."], known).texts
    assert masked == ("Write to <NAME_1> please.",)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("On <DATE_1> we wrote.", "<ORDER_1> must stand once, and stands nowhere"),
        ("<DATE_1> <ORDER_1> <ORDER_1>", "<ORDER_1> must stand once, and stands twice"),
        ("<DATE_1> <ORDER_1> <ORDER_9>", "<ORDER_9> must stand nowhere, and stands once"),
        ("<date_1> <ORDER_1>", "<DATE_1> must stand once, and stands nowhere"),
    ],
)
def test_a_placeholder_lost_doubled_or_invented_is_refused_with_the_reason(reply: str, reason: str) -> None:
    with pytest.raises(PlaceholderError, match=reason):
        restore(reply, "On <DATE_1>, order <ORDER_1>.", {"<DATE_1>": "May 1", "<ORDER_1>": "1"})


def test_a_value_that_looks_like_a_placeholder_is_not_replaced_twice() -> None:
    protected = protect(["The text <ORDER_1> concerns order 113-5820416-7749205."])
    assert all(PLACEHOLDER.fullmatch(p) for p in protected.table)
    assert restore(protected.texts[0], protected.texts[0], protected.table) == (
        "The text <ORDER_1> concerns order 113-5820416-7749205."
    )


def test_a_table_made_before_keeps_its_placeholders() -> None:
    first = protect(["On May 27, 2024."])
    assert protect(["May 28, 2024, not May 27, 2024"], table=first.table).texts == ("<DATE_2>, not <DATE_1>",)
