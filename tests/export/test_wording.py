"""Word by word: what two wordings share, and where a place went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from poa.export.wording import Change, carry, changed_words, compare_words

TEXT = st.lists(
    st.sampled_from(
        ["we", "removed", "the", "agent's", "access", "on", "March 6,", "2024", "买家", "。", "\n"]
    ),
    max_size=30,
).map(" ".join)


def test_a_changed_word_stands_between_what_stayed() -> None:
    changes = compare_words("We removed the access.", "We revoked the access.")
    assert changes == (
        Change("same", "We "),
        Change("gone", "removed "),
        Change("new", "revoked "),
        Change("same", "the access."),
    )
    assert changed_words(changes) == 1


def test_chinese_is_compared_character_by_character() -> None:
    assert compare_words("要求修改评论", "要求删除评论") == (
        Change("same", "要求"),
        Change("gone", "修改"),
        Change("new", "删除"),
        Change("same", "评论"),
    )


@given(TEXT, TEXT)
def test_changes_hold_both_wordings_whole(old: str, new: str) -> None:
    changes = compare_words(old, new)
    assert "".join(c.text for c in changes if c.kind != "gone").split() == new.split()
    assert "".join(c.text for c in changes if c.kind != "new").split() == old.split()


def test_a_place_is_found_again_behind_an_insertion_and_inside_an_edit() -> None:
    old = "Dear team,\n\nWe removed the access.\n\nWe apologize.\n"
    new = "Dear team,\n\nA line more.\n\nWe have removed the access today.\n\nWe apologize.\n"
    carried = carry(old, new)

    def now(sentence: str) -> str | None:
        start = old.index(sentence)
        span = carried.span(start, start + len(sentence))
        return span and new[span[0] : span[1]]

    assert now("We apologize.") == "We apologize."
    assert now("We removed the access.") == "We have removed the access today."


def test_a_deleted_place_is_nowhere() -> None:
    carried = carry("One.\n\nTwo.\n\nThree.\n", "One.\n\nThree.\n")
    assert carried.span(6, 10) is None


@given(TEXT, TEXT)
def test_carried_places_lie_in_the_new_text_in_order(old: str, new: str) -> None:
    carried = carry(old, new)
    for start in range(len(old)):
        span = carried.span(start, len(old))
        assert span is None or 0 <= span[0] < span[1] <= len(new)
