"""Two letters side by side in a real browser: what was lost stands out, both languages, paper, phone, nothing sent."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from pathlib import Path

import pytest

from poa.export.compare import compare_proofs
from poa.export.diff import render_diff
from poa.export.proof import prove_folder
from poa.runs import load_draft
from tests.browser.reader import Reader
from tests.export.drafts import BRIGHTHOME, HOSTILE, large_facts, written_draft

pytestmark = pytest.mark.browser


def page_of(folder: Path, *edits: tuple[str, str]) -> Path:
    """The page of a draft and of its letter after these edits."""
    finished = load_draft(folder)
    text = finished.text
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    page = folder / "diff.html"
    comparison = compare_proofs(prove_folder(finished), prove_folder(replace(finished, text=text)))
    page.write_text(render_diff(comparison, ("draft", "lawyer <b>.txt")), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(
        written_draft(tmp_path_factory.mktemp("small"), BRIGHTHOME),
        ("412", "421"),
        ("Refund confirmation and letter to the buyer\n", ""),
        ("For this conduct, ", "We pay three lawyers. For this conduct, "),
    )


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = written_draft(tmp_path_factory.mktemp("large"), large_facts())
    lines = load_draft(folder).text.split("\n")
    return page_of(folder, *((line + "\n", "") for line in lines[30::40] if len(line) > 60))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = written_draft(tmp_path_factory.mktemp("hostile"), HOSTILE)
    return page_of(folder, ("We ", "<img src=x onerror=window.hacked=1> We "))


def test_what_was_lost_is_told_first_and_one_click_away(reader: Reader, small: Path) -> None:
    reader.opens(small, high=300)
    assert reader.texts("h1") == ["Letter B no longer says 2 items whole."]
    assert reader.texts(".side .passes") == ["✓ Passes its check", "✕ Fails its check"]
    assert reader.texts(".side .name") == ["draft", "lawyer <b>.txt"]
    assert reader.texts(".counts li")[:3] == ["2 lost", "0 won back", "0 reworded"]
    assert not reader.in_sight("article.lost")
    reader.finds(".counts .lost a").click()
    reader.waits_for("article.lost")


def test_each_side_marks_its_own_words_and_the_second_says_what_the_check_found(
    reader: Reader, small: Path
) -> None:
    reader.opens(small)
    assert reader.texts("article.lost .half:first-child del") == [
        "412",
        "Refund confirmation and letter to the buyer",
    ]
    assert reader.texts("article.lost .half + .half ins") == ["421"]
    assert reader.texts("article.lost .half:first-child :is(ins, .finding)") == []
    assert "The letter says 421; the facts say 412." in reader.texts("article.lost .half + .half .finding")
    assert reader.texts(".strays ins") == ["We pay three lawyers."]


def test_what_stayed_the_same_is_folded_away_and_opens(reader: Reader, small: Path) -> None:
    reader.opens(small)
    folded = sum(int(text.split()[0]) for text in reader.texts(".same summary"))
    assert reader.texts(".counts .same") == [f"{folded} word for word the same"]
    assert not reader.shown("#c-V1")
    reader.finds(".same summary").click()
    assert reader.shown("#c-V1")


def test_the_switch_changes_every_word_but_the_letters(reader: Reader, small: Path) -> None:
    reader.opens(small)
    letters = reader.texts(".words")
    reader.finds("[data-set-lang=zh]").click()
    assert reader.texts("h1") == ["信件 B 有 2 项不再完整。"]
    assert reader.texts(".side .passes") == ["✓ 通过检查", "✕ 未通过检查"]
    assert "信中写的是 421，事实是 412。" in reader.texts("article.lost .finding")
    assert [text for text in reader.texts(".words") if text] == [text for text in letters if text]
    assert reader.runs("return document.documentElement.lang") == "zh-Hans"


def test_a_letter_held_against_itself_lost_nothing(reader: Reader, tmp_path: Path) -> None:
    reader.opens(page_of(written_draft(tmp_path, BRIGHTHOME)))
    assert reader.texts("h1") == ["Letter B lost nothing."]
    assert reader.texts("article:is(.lost, .won, .changed, .strays)") == []


@pytest.mark.parametrize("kind", ["small", "large", "hostile"])
def test_nothing_is_requested_and_nothing_goes_wrong(
    reader: Reader, kind: str, request: pytest.FixtureRequest
) -> None:
    reader.opens(request.getfixturevalue(kind))
    reader.runs("for (const e of document.querySelectorAll('summary, #theme, .counts a')) e.click()")
    time.sleep(0.3)
    assert reader.chromium.get_log("browser") == []
    assert reader.requests() == []


def test_hostile_words_run_nothing_and_show_themselves(reader: Reader, hostile: Path) -> None:
    reader.opens(hostile)
    assert reader.runs("return window.hacked === undefined && document.scripts.length === 1")
    assert any("<img src=x onerror=window.hacked=1>" in text for text in reader.texts(".strays ins"))
    assert "<script>window.hacked=1</script>" in reader.texts(".who")[0]


def test_an_item_that_is_whole_in_neither_letter_is_not_folded_away(reader: Reader, hostile: Path) -> None:
    reader.opens(hostile)
    assert reader.texts(".counts .open") == [f"{len(reader.texts('article.open'))} whole in neither"]
    assert reader.texts("article.open .half + .half .finding") != []


@pytest.mark.parametrize("look", ["light", "dark", "phone", "chinese"])
def test_axe_finds_no_fault(reader: Reader, small: Path, axe: str, look: str) -> None:
    reader.opens(small, wide=390 if look == "phone" else 1440, dark=look == "dark")
    if look == "chinese":
        reader.finds("[data-set-lang=zh]").click()
    reader.runs("for (const d of document.querySelectorAll('details')) d.open = true")
    assert reader.faults(axe) == []


def test_paper_shows_the_changes_and_no_buttons(reader: Reader, small: Path) -> None:
    reader.opens(small, wide=794)
    reader.looks(media="print")
    reader.runs("dispatchEvent(new Event('beforeprint'))")
    assert not reader.shown(".tools")
    assert reader.shown("article.lost")
    assert not reader.shown("#c-V1")
    pdf = reader.chromium.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    assert base64.b64decode(pdf).startswith(b"%PDF")
    reader.looks()


def test_on_a_phone_nothing_sticks_out_and_the_letters_stand_one_above_the_other(
    reader: Reader, small: Path
) -> None:
    reader.opens(small, wide=390, high=844)
    assert reader.runs("return document.documentElement.scrollWidth") == 390
    tops = reader.runs(
        "return [...document.querySelector('article.lost').querySelectorAll('.half')]"
        ".map(e => e.getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1]


def test_two_letters_of_twenty_pages_open_in_a_second(reader: Reader, large: Path) -> None:
    took = []
    for _ in range(3):
        reader.opens(large)
        took.append(
            reader.runs(
                "const n = performance.getEntriesByType('navigation')[0];"
                "document.body.getBoundingClientRect(); return n.loadEventEnd - n.startTime"
            )
        )
    assert min(took) < 1000
