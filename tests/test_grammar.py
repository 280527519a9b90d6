"""The grammar's rules, as text: what a model may write, and what it may not."""

import pytest

from poa.grammar import reply_grammar


def rules(text: str) -> dict[str, str]:
    lines = reply_grammar(["A1"], [text]).splitlines()
    return dict(line.split(" ::= ", 1) for line in lines)


def beginning(text: str) -> str:
    """What the grammar puts between the reply's frame and the free part of the text."""
    root = rules(text)["root"]
    return root.removeprefix('"{\\"passages\\": [" "{\\"id\\": \\"A1\\", \\"text\\": \\"" ').partition(
        " t0 "
    )[0]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("On <DATE_1>, we told them.", '"We "'),
        ("Between <DATE_1> and <DATE_2>, all six members met.", '"All "'),
        (
            "Between <DATE_1> and <DATE_2>, our agent asked buyers who had complained.",
            '"From <DATE_1> to <DATE_2>, " [abcdefghijklmnpqrstuvwxyz]',
        ),
        (
            "On <DATE_1>, we opened each of the nine packed units in our own store and found no card.",
            '"We opened on <DATE_1> "',
        ),
        ("On <DATE_1>, we told buyers who had complained.", '"We told on <DATE_1> "'),
        ("From <DATE_1>, our compliance officer will check it.", '"Our compliance officer will "'),
        ("Our lead will see to it that, from <DATE_1>, it stops.", '"From <DATE_1>, our lead will "'),
        ("We will make sure that, from <DATE_1>, it stops.", '"From <DATE_1>, we will "'),
        ("We had no rule.", '("Our company " | "No ")'),
        ("Nobody checked.", "[ABCDEFGHIJKLMOPQRSTUVWXYZ]"),
        ("On <DATE_1>, after we wrote, they asked.", '""'),
        ("Apart from this, no account was involved.", '"No account was involved apart from "'),
        (
            "From <DATE_1>, our lead will ensure that it stops.",
            '"Our lead will " ("make sure" | "see to it") ", from <DATE_1>, that "',
        ),
        (
            "Starting on <DATE_1>, our <NAME_1> will see to it that it stops.",
            '"Our <NAME_1> will " ("ensure" | "make sure") ", starting on <DATE_1>, that "',
        ),
        ("For this, we apologize to all; it is ours.", '"We apologize to all"'),
        ("The account involved is that of <NAME_1>.", '"The account of "'),
        (
            "The following reviews remain on the site: <REVIEW_1>.",
            '"On the site, the following reviews remain: "',
        ),
        ("The following accounts were involved:\n- <NAME_1>", '"The accounts involved "'),
        ("<NAME_1> left.", '""'),
    ],
)
def test_a_text_begins_otherwise_than_it_did(text: str, begins: str) -> None:
    assert beginning(text) == begins


def test_each_placeholder_comes_as_often_as_it_was_sent_in_any_order() -> None:
    found = rules("See <ORDER_1> and <NAME_1>.")
    assert found["t0"] == '(c)* ("<ORDER_1>" t0s1 | "<NAME_1>" t0s2)'
    assert found["t0s1"] == '(c)* ("<NAME_1>" t0s3)'
    assert found["t0s2"] == '(c)* ("<ORDER_1>" t0s3)'
    assert found["t0s3"] == "(c)*"
    assert rules("See <ORDER_1> or <ORDER_1>.")["t0s1"] == '(c)* ("<ORDER_1>" t0s2)'


@pytest.mark.parametrize(
    ("often", "ways"),
    [
        ("is done weekly", '"weekly" | "every week" | "each week"'),
        ("takes place every six months", '"every six months"'),
        ("applies to every contract", '"every contract" | "each contract"'),
    ],
)
def test_how_often_it_is_done_cannot_be_left_out(often: str, ways: str) -> None:
    assert rules(f"Our lead checks it. This {often}.")["t0"] == f"(c)* (({ways}) t0s1)"
    assert rules(f"This {often}, he said.")["t0"] == "(c)*"


def test_many_placeholders_keep_their_order() -> None:
    text = "See " + " ".join(f"<ORDER_{n}>" for n in range(1, 8))
    chain = " (c)* ".join(f'"<ORDER_{n}>"' for n in range(1, 8))
    assert rules(text)["t0"] == f"(c)* {chain} (c)*"


def test_a_date_from_the_head_of_the_text_stands_in_the_first_sentence() -> None:
    found = rules("On <DATE_1>, they read 0.42% of <ORDER_1>, and wrote. One said: <QUOTE_1>")
    assert found["t0"] == 't0d (("on <DATE_1>") t0s1 | "<ORDER_1>" t0s2)'
    assert found["t0s2"] == 't0d (("on <DATE_1>") t0s3)'
    assert found["t0s1"] == '(c)* ("<ORDER_1>" t0s3 | "<QUOTE_1>" t0s5)'
    assert found["t0d"] == '(s)* ("," (s)*)?'
    assert not set(".,;:?!") & set(found["s"].partition("]")[0])
    assert found["s"].endswith(' | "0.42"')


def test_a_date_stands_in_the_first_clause_where_that_is_a_whole_one() -> None:
    found = rules("On <DATE_1>, we wrote to all the buyers, and told them.")
    assert (found["t0"], found["t0d"]) == ('t0d (("on <DATE_1>") t0s1)', "(s)*")


def test_a_text_that_is_free_may_begin_as_it_did() -> None:
    grammar = reply_grammar(["A1", "A2"], ["We left.", "We left."], free={"A1"})
    assert grammar.splitlines()[0].count("Our company") == 1


def test_at_the_last_attempt_a_text_about_us_may_begin_as_it_did() -> None:
    assert '("Our company " | "No ") t0' in reply_grammar(["A1"], ["We left."], attempt=1)
    assert ' "" t0 ' in reply_grammar(["A1"], ["We left."], attempt=2)


def test_a_text_has_no_brackets_quotes_or_foreign_letters_unless_they_were_sent() -> None:
    letters = rules("See <ORDER_1>.")["c"]
    assert not any(c in letters for c in '<>"\\#*_é')
    assert "\\xE9" in rules("See the café <ORDER_1>.")["c"]
