"""A passage sentence by sentence: what stands of a small model's words, and what is asked for again."""

from poa.letter import Passage
from poa.piecewise import Pieces
from poa.polish import Asked, Note

TOLD = "Our clerk asked fourteen buyers to remove their reviews."
HOW = "Our clerk had founded a private group on Facebook for this."
LISTED = "The order concerned is 113-5820416-7749205."
MANY = Pieces(
    Passage("V1", f'{TOLD} {HOW} The exact words were: "Please do." This was done by e-mail. {LISTED}')
)


def test_of_many_sentences_those_that_tell_something_are_asked_for_one_by_one() -> None:
    assert MANY.asked() == [Asked("V1.1", TOLD), Asked("V1.2", HOW)]


def test_a_short_passage_is_asked_for_whole_and_taken_apart_when_that_fails() -> None:
    pieces = Pieces(Passage("V1", f"{TOLD} {HOW}"))
    assert pieces.asked() == [Asked("V1", f"{TOLD} {HOW}")]
    assert pieces.take({"V1": "Our clerk asked them."}, {}) != []
    pieces.take_apart()
    assert pieces.asked() == [Asked("V1.1", TOLD), Asked("V1.2", HOW)]
    assert pieces.asked_notes() == []


def test_a_sentence_that_stands_is_in_the_passage_and_one_that_does_not_is_asked_for_with_a_note() -> None:
    pieces = Pieces(MANY.passage)
    told = "Our clerk asked that fourteen buyers remove their reviews."
    wrong = pieces.take({"V1.1": told, "V1.2": "Our clerk did it."}, {})
    assert pieces.text == f'{told} {HOW} The exact words were: "Please do." This was done by e-mail. {LISTED}'
    assert pieces.asked() == [Asked("V1.2", HOW)]
    assert pieces.asked_notes() == [Note("V1.2", wrong[0])]
    assert not pieces.reworded
    assert pieces.take({"V1.2": "For this, our clerk had founded a private group on Facebook."}, {}) == []
    assert pieces.reworded


def test_what_was_copied_is_no_rewording() -> None:
    passage = Passage("V1", "Between May 2 and May 3, 2024, our clerk asked the buyers to remove it.")
    for text in (
        passage.text,
        "From May 2 to May 3, 2024, our clerk asked the buyers to remove it.",
        "Between May 2 and May 3, 2024, the clerk asked buyers to remove it.",
    ):
        pieces = Pieces(passage)
        assert pieces.take({"V1": text}, {}) == ["This stands as it was: use other words or another order."]
        assert not pieces.reworded


def test_our_company_for_we_is_no_rewording() -> None:
    pieces = Pieces(Passage("C1", "We set no limits for refunds."))
    assert pieces.take({"C1": "Our company set no limits for refunds."}, {}) != []


def test_a_sentence_may_say_what_its_passage_says() -> None:
    pieces = Pieces(Passage("V1", f"{TOLD} {HOW} In return, we offered a free resistance band."))
    assert pieces.take({"V1.3": "We offered a free resistance band in return for reviews."}, {}) == []
    assert pieces.take({"V1.2": "Our clerk had founded a private group for this."}, {}) != []


def test_of_a_passage_that_fails_its_check_the_sentences_that_pass_stay() -> None:
    pieces = Pieces(MANY.passage)
    pieces.take(
        {
            "V1.1": "Our clerk asked that fourteen buyers remove their reviews.",
            "V1.2": "For this, our clerk had founded a private group on Facebook.",
        },
        {},
    )
    assert len(pieces.written) == 2
    why = pieces.settle(lambda text: "It is unclear." if "For this" in text else None)
    assert why == ["It is unclear."]
    assert pieces.written == {0: "Our clerk asked that fourteen buyers remove their reviews."}
    assert HOW in pieces.text


def test_a_date_at_the_head_stays_there_after_a_first_try() -> None:
    pieces = Pieces(Passage("A1", "On May 2, 2024, all nine employees signed a declaration."))
    pieces.take({"A1": "On May 2, 2024, all nine employees signed the declaration."}, {})
    assert pieces.asked() == [Asked("A1", "All nine employees signed a declaration.")]
    assert pieces.take({"A1": "All nine employees signed the declaration."}, {}) != []
    assert pieces.take({"A1": "A declaration was signed by all nine employees."}, {}) == []
    assert pieces.text == "On May 2, 2024, a declaration was signed by all nine employees."


def test_a_name_keeps_its_capital_where_a_date_would_stand_before_it() -> None:
    pieces = Pieces(Passage("A1", "On May 2, 2024, our clerk told Amazon."), tried=True)
    assert pieces.take({"A1": "Amazon was told by our clerk."}, {}) == []
    assert pieces.text == "Amazon was told by our clerk. This happened on May 2, 2024."


def test_what_was_refused_before_it_was_read_is_noted() -> None:
    pieces = Pieces(MANY.passage)
    assert pieces.take({}, {"V1.1": "The text was empty."}) == ["The text was empty."]
    assert pieces.asked_notes() == [Note("V1.1", "The text was empty.")]


def test_a_list_stays_in_one_piece() -> None:
    text = "The following accounts of our own were involved:\n- Zhang Min. A.\n- Li Na. B."
    assert Pieces(Passage("x", text)).asked() == [Asked("x", text)]
