"""Values in English text: every written form of a value means the same value, and no value is found inside another."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa.values import english, find_values, same_value
from poa.values.english import parse_number_words
from tests.checks.letters import written_days


def values(text: str) -> list[tuple[str, str]]:
    return [(value.kind, value.canonical) for value in find_values(text)]


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05",
        "2024/03/05",
        "2024/3/5",
        "March 5, 2024",
        "March 5 2024",
        "March 5th, 2024",
        "Mar 5, 2024",
        "Mar. 5, 2024",
        "5 March 2024",
        "5th March 2024",
        "5 Mar 2024",
        "5-Mar-2024",
        "05-Mar-2024",
        "the 5th of March 2024",
        "the fifth of March 2024",
        "the fifth day of March 2024",
        "March the fifth, 2024",
        "5 MARCH 2024",
    ],
)
def test_each_written_form_of_a_date_is_that_date(written: str) -> None:
    assert values(f"It was on {written}.") == [("date", "2024-03-05")]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("from 4 March to 28 June 2024", ["2024-03-04", "2024-06-28"]),
        ("from March 4 to June 28, 2024", ["2024-03-04", "2024-06-28"]),
        ("from March 4, 2024 to June 28, 2024", ["2024-03-04", "2024-06-28"]),
        ("between 4 and 28 June 2024", ["2024-06-04", "2024-06-28"]),
        ("from June 4 through 28, 2024", ["2024-06-04", "2024-06-28"]),
        ("June 4-28, 2024", ["2024-06-04", "2024-06-28"]),
        ("June 4–28, 2024", ["2024-06-04", "2024-06-28"]),
        ("4-28 June 2024", ["2024-06-04", "2024-06-28"]),
        ("on 4, 9 and 28 June 2024", ["2024-06-04", "2024-06-09", "2024-06-28"]),
        ("from 28 December 2023 to 4 January 2024", ["2023-12-28", "2024-01-04"]),
        ("2024-06-04 until 2024-06-28", ["2024-06-04", "2024-06-28"]),
    ],
)
def test_a_range_gives_both_its_days_with_the_month_and_year_they_share(
    written: str, days: list[str]
) -> None:
    assert values(f"We did this {written}.") == [("date", day) for day in days]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("5 March", "--03-05"),
        ("March 5", "--03-05"),
        ("March 2024", "2024-03"),
        ("March of 2024", "2024-03"),
        ("05/03/2024", "2024-03-05|2024-05-03"),
        ("25/03/2024", "2024-03-25"),
        ("03/25/2024", "2024-03-25"),
        ("25.03.2024", "2024-03-25"),
    ],
)
def test_an_incomplete_or_ambiguous_date_says_what_it_leaves_open(written: str, canonical: str) -> None:
    assert values(f"It was {written}.") == [("date", canonical)]


@pytest.mark.parametrize("text", ["You may 5 times ask.", "We march on.", "It was the 2nd."])
def test_a_verb_or_a_lone_ordinal_is_no_date(text: str) -> None:
    assert all(kind != "date" for kind, _ in values(text))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("one", 1),
        ("twelve", 12),
        ("twenty-one", 21),
        ("twenty one", 21),
        ("ninety-nine", 99),
        ("a hundred", 100),
        ("one hundred and five", 105),
        ("three hundred and ten", 310),
        ("a thousand", 1000),
        ("two thousand four hundred and six", 2406),
        ("twelve thousand five hundred", 12_500),
        ("a dozen", 12),
        ("two dozen", 24),
    ],
)
def test_a_number_in_words_is_the_number_in_digits(words: str, number: int) -> None:
    assert parse_number_words(words) == number
    assert values(f"We sent {words} cards.") == [("number", str(number))]
    assert values(f"We sent {number:,} cards.") == values(f"We sent {number} cards.")
    assert values(f"We sent {number} cards.") == [("number", str(number))]


@pytest.mark.parametrize("text", ["nothing", "forty parcels", "the", ""])
def test_words_that_spell_no_number_give_none(text: str) -> None:
    assert parse_number_words(text) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("$12.50", "$ 12.5"),
        ("$1,200", "$ 1200"),
        ("US$12.50", "USD 12.5"),
        ("USD 12.50", "USD 12.5"),
        ("12.50 US dollars", "USD 12.5"),
        ("12.50 USD", "USD 12.5"),
        ("ten dollars", "$ 10"),
        ("£20", "GBP 20"),
        ("20 pounds", "GBP 20"),
        ("€9.90", "EUR 9.9"),
        ("9.90 €", "EUR 9.9"),
        ("9.90 euros", "EUR 9.9"),
        ("CA$15", "CAD 15"),
        ("RMB 300", "CNY 300"),
        ("300 yuan", "CNY 300"),
        ("¥300", "¥ 300"),
    ],
)
def test_each_written_form_of_an_amount_has_its_currency_and_figure(written: str, canonical: str) -> None:
    assert values(f"We paid {written} to each of them.") == [("money", canonical)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$ 10", "USD 10", True),
        ("$ 10", "CAD 10", True),
        ("USD 10", "CAD 10", False),
        ("$ 10", "GBP 10", False),
        ("¥ 10", "CNY 10", True),
        ("$ 10", "USD 100", False),
    ],
)
def test_a_bare_sign_is_any_currency_that_uses_it(one: str, other: str, same: bool) -> None:
    assert same_value("money", one, other) is same
    assert same_value("money", other, one) is same


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0.31%", "0.31%"),
        ("0.310 %", "0.31%"),
        ("90 percent", "90%"),
        ("90 per cent", "90%"),
        ("ninety percent", "90%"),
        ("1,000%", "1000%"),
    ],
)
def test_each_written_form_of_a_share_is_that_share(written: str, canonical: str) -> None:
    assert values(f"The rate is {written} now.") == [("percent", canonical)]


@pytest.mark.parametrize(
    ("written", "kind", "canonical"),
    [
        ("60 days", "duration", "60 day"),
        ("sixty days", "duration", "60 day"),
        ("60-day", "duration", "60 day"),
        ("9 hours", "duration", "9 hour"),
        ("two full months", "duration", "2 month"),
        ("two years", "duration", "24 month"),
        ("three quarters", "duration", "9 month"),
        ("every week", "frequency", "1 week"),
        ("weekly", "frequency", "1 week"),
        ("each week", "frequency", "1 week"),
        ("once a week", "frequency", "1 week"),
        ("week by week", "frequency", "1 week"),
        ("daily", "frequency", "1 day"),
        ("every month", "frequency", "1 month"),
        ("monthly", "frequency", "1 month"),
        ("quarterly", "frequency", "3 month"),
        ("once a quarter", "frequency", "3 month"),
        ("annually", "frequency", "12 month"),
        ("once a year", "frequency", "12 month"),
        ("twice a year", "frequency", "6 month"),
        ("half-yearly", "frequency", "6 month"),
        ("every fortnight", "frequency", "2 week"),
        ("fortnightly", "frequency", "2 week"),
        ("forty-five minutes", "duration", "45 minute"),
        ("half an hour", "duration", "30 minute"),
        ("an hour and a half", "duration", "90 minute"),
        ("one and a half hours", "duration", "1.5 hour"),
        ("every other week", "frequency", "2 week"),
        ("twice yearly", "frequency", "6 month"),
        ("twice in each year", "frequency", "6 month"),
    ],
)
def test_spans_and_frequencies_are_counted_in_one_unit(written: str, kind: str, canonical: str) -> None:
    assert values(f"We look at this {written} .") == [(kind, canonical)]


@pytest.mark.parametrize(
    ("written", "kind", "canonical"),
    [
        ("112-3456789-1234567", "order_id", "112-3456789-1234567"),
        ("B0ABCDEFGH", "asin", "B0ABCDEFGH"),
        ("R1ABCDEFGHIJKL", "review_id", "R1ABCDEFGHIJKL"),
        ("15023348871", "case_id", "15023348871"),
        ("A1B2C3D4E5F6G7", "code", "A1B2C3D4E5F6G7"),
        ("Ops@CedarPoint.example", "email", "ops@cedarpoint.example"),
        ("https://www.northlake.example/cards/", "url", "northlake.example/cards"),
        ("www.northlake.example/cards", "url", "northlake.example/cards"),
        ("+86 755 8123-4567", "phone", "+8675581234567"),
    ],
)
@pytest.mark.parametrize("frame", ["See {}, please.", "See ({}).", "{} it was", "See {}."])
def test_an_identifier_is_found_whole_among_punctuation(
    written: str, kind: str, canonical: str, frame: str
) -> None:
    assert values(frame.format(written)) == [(kind, canonical)]


@pytest.mark.parametrize(
    "text",
    [
        "1112-3456789-1234567",
        "112-3456789-12345678",
        "112-345678-1234567",
        "112-3456789-1234567-1",
        "112–3456789–1234567",
        "112-3456789-123\u200b4567",
        "112-345678٩-1234567",
    ],
)
def test_what_is_no_order_id_is_not_taken_for_one(text: str) -> None:
    found = [canonical for kind, canonical in values(f"Order {text} was sent.") if kind == "order_id"]
    assert "112-3456789-1234567" not in found


@pytest.mark.parametrize("text", ["30 cards", "13 cards", "1.3 kg", "3,000 cards", "B03", "0.3%"])
def test_three_is_not_found_inside_another_figure(text: str) -> None:
    assert ("number", "3") not in values(text)


def test_offsets_point_at_what_is_written() -> None:
    text = "From 4 March to 28 June 2024 we paid US$12.50 for B0ABCDEFGH, 3 times, by ops@x.example."
    assert [(v.kind, v.text) for v in find_values(text)] == [
        ("date", "4 March"),
        ("date", "28 June 2024"),
        ("money", "US$12.50"),
        ("asin", "B0ABCDEFGH"),
        ("number", "3"),
        ("email", "ops@x.example"),
    ]
    assert all(text[v.start : v.end] == v.text for v in find_values(text))


@given(day=st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 31)))
@settings(deadline=None, max_examples=60)
def test_any_day_is_read_from_every_form_it_can_be_written_in(day: dt.date) -> None:
    for written in written_days(day):
        assert values(f"It happened on {written}.") == [("date", str(day))], written


@given(number=st.integers(0, 999_999))
@settings(deadline=None, max_examples=100)
def test_any_number_with_or_without_its_commas_is_the_same(number: int) -> None:
    assert values(f"We sent {number:,} cards.") == values(f"We sent {number} cards.")
    assert values(f"We sent {number:,} cards.") == [("number", str(number))]


@given(text=st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_text_at_all_can_be_searched(text: str) -> None:
    found = find_values(text)
    assert [v.start for v in found] == sorted(v.start for v in found)
    assert all(text[v.start : v.end] == v.text for v in found)


@pytest.mark.parametrize(
    "written", ["two hundred weeks", "three hundred dollars", "sixty six per cent", "a thousand days"]
)
def test_a_value_that_a_line_breaks_is_the_same(written: str) -> None:
    broken = written.replace(" ", "\n")
    assert values(broken) == values(written)
    assert len(values(written)) == 1


# ---------------------------------------------------------------- where a value may begin

_PIECES = st.sampled_from(
    "http://a.bc/d www.x.com ywww.x.com 12 May Mar September 2024 1,200 $5 US$ 3.50 €7 7€ +86 138 0013 8000 half a "
    "112-1234567-1234567 B0ABCDEF12 R1ABCDEFGHIJK three hundred dozen per cent 5% twice times quarter each fortnight "
    "every day by weekly semi-annually - / , . @ a@b.co and to of the 13th first twenty-second ７ ſ K İ 二 $£€¥￥ _ x "
    "2024-03-05 03/04/2024 5-Mar-2024 C$ S$ HKD CNY yuan ' thousand once we seller".split()
)


@settings(deadline=None)
@given(st.lists(st.tuples(_PIECES, st.sampled_from(["", " ", " ", "-", "/", "\n"])), max_size=12))
def test_the_quick_look_at_where_a_value_may_begin_hides_none(pieces: list[tuple[str, str]]) -> None:
    text = "".join(f"{word}{gap}" for word, gap in pieces)
    whole = english._VALUE
    without = re.compile(whole.pattern.replace(english._BEGIN, ""), whole.flags)
    assert without.pattern != whole.pattern
    assert [m.span() for m in whole.finditer(text)] == [m.span() for m in without.finditer(text)]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("14 day", "2 week", True),
        ("90 minute", "1.5 hour", True),
        ("30 day", "1 month", False),
        ("14 day", "3 week", False),
    ],
)
def test_spans_in_other_units_are_the_same_span(ours: str, theirs: str, same: bool) -> None:
    assert same_value("duration", ours, theirs) is same
