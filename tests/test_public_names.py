"""What `from poa import …` promises."""

import poa
from poa import build_skeleton, check_letter, check_rewrite, draft_letter, parse_case, read_notice
from tests.builders import small_facts


def test_every_public_name_is_there() -> None:
    assert [name for name in poa.__all__ if not hasattr(poa, name)] == []


def test_a_case_goes_from_facts_to_a_checked_letter_by_public_names_alone() -> None:
    case = parse_case(small_facts())
    letter = build_skeleton(case).text
    assert check_letter(case, letter).ok
    assert not check_letter(case, letter.replace("violated", "may have violated")).ok
    assert draft_letter(case, "skeleton").letter.text == letter
    assert read_notice("Please send us money by WhatsApp.").violation == "unknown"
    assert not check_rewrite("我们没有联系买家。", "We contacted the buyers.").ok
