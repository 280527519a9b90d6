"""The review page in a real browser: pointing, clicking, keys, languages, paper, phone, and nothing sent out."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from pathlib import Path

import pytest

from poa.export.proof import prove_folder
from poa.export.review import render_review
from poa.likeness import Other
from poa.runs import load_draft
from tests.browser.reader import Reader
from tests.builders import rich_facts
from tests.export.drafts import BRIGHTHOME, HOSTILE, large_facts, rewording_model, written_draft

pytestmark = pytest.mark.browser


def page_of(folder: Path) -> Path:
    page = folder / "review.html"
    page.write_text(render_review(prove_folder(load_draft(folder)), dt.date(2024, 3, 10)), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(written_draft(tmp_path_factory.mktemp("small"), BRIGHTHOME, rewording_model()))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(written_draft(tmp_path_factory.mktemp("large"), large_facts()))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(written_draft(tmp_path_factory.mktemp("hostile"), HOSTILE))


def test_clicking_an_item_lights_its_sentence_and_brings_it_into_sight(reader: Reader, large: Path) -> None:
    reader.opens(large)
    assert not reader.in_sight("#s-P30")
    reader.runs("document.querySelector('#i-P30 h3 a').click()")
    assert reader.lit() == {"P30"}
    reader.waits_for("#s-P30")


def test_clicking_a_sentence_lights_its_item_and_brings_it_into_sight(reader: Reader, large: Path) -> None:
    reader.opens(large)
    reader.runs("document.querySelector('#s-A40').scrollIntoView(); document.querySelector('#s-A40').click()")
    assert reader.runs("return document.querySelector('#i-A40').classList.contains('lit')")
    reader.waits_for("#i-A40")


def test_pointing_at_a_demand_lights_every_sentence_that_answers_it(reader: Reader, small: Path) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    reader.opens(small)
    demand = reader.finds(".demand[data-items='P1 P2 P3']")
    ActionChains(reader.chromium).move_to_element(demand).perform()
    assert reader.lit() == {"P1", "P2", "P3"}
    ActionChains(reader.chromium).move_to_element(reader.finds("h1")).perform()
    assert reader.lit() == set()


def test_the_page_is_read_with_keys_alone(reader: Reader, small: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    reader.opens(small)
    reader.runs("document.querySelector('#s-V1').focus()")
    assert reader.lit() == {"V1"}
    reader.keys(Keys.ENTER)
    assert reader.runs("return document.activeElement.id") == "i-V1"
    reader.keys(Keys.TAB, Keys.ENTER)
    assert reader.runs("return document.activeElement.id") == "s-V1"
    reader.keys(Keys.ESCAPE)
    reader.runs("document.activeElement.blur()")
    assert reader.lit() == set()


def test_the_switch_changes_every_word_of_the_page_but_not_the_letter(reader: Reader, small: Path) -> None:
    reader.opens(small)
    letter = reader.finds(".sheet").text
    english = reader.finds("body").text
    reader.finds("[data-set-lang=zh]").click()
    chinese = reader.finds("body").text
    assert ("Evidence".upper() in english, "证据" in english) == (True, False)
    assert ("Evidence".upper() in chinese, "证据" in chinese) == (False, True)
    assert reader.runs("return document.documentElement.lang") == "zh-Hans"
    assert reader.finds(".sheet").text == letter


def test_the_letter_can_be_copied_without_the_numbers_beside_it(reader: Reader, small: Path) -> None:
    reader.opens(small)
    copied = reader.runs(
        "getSelection().selectAllChildren(document.querySelector('.sheet')); return getSelection().toString()"
    )
    assert "Item 1" not in copied
    assert copied.startswith("Dear Seller Performance Team,\n\nThis letter answers")


def test_a_big_letter_is_copied_and_printed_whole_though_only_what_is_in_sight_is_laid_out(
    reader: Reader, large: Path
) -> None:
    reader.opens(large)
    copied = reader.runs(
        "getSelection().selectAllChildren(document.querySelector('.sheet')); return getSelection().toString()"
    )
    assert "the shift lead of team 1 " in copied
    assert "the shift lead of team 50 " in copied
    laid_out = "return getComputedStyle(document.querySelector('#i-P30')).contentVisibility"
    assert reader.runs(laid_out) == "auto"
    reader.looks(media="print")
    assert reader.runs(laid_out) == "visible"
    reader.looks()


def test_no_line_ends_inside_an_order_number(reader: Reader, large: Path) -> None:
    reader.opens(large)
    for place in ("#i-V7 .zh .whole", "#i-V7 .facts .order_id", "#s-V7 .order_id"):
        assert reader.finds(place)
        broken = f"return [...document.querySelectorAll('{place}')].filter(e => e.getClientRects().length > 1).length"
        assert reader.runs(broken) == 0
    # Also where Chinese follows without a space.
    assert len(reader.texts("#i-V7 .zh .whole")) == 6


@pytest.mark.parametrize("kind", ["small", "large", "hostile"])
def test_nothing_is_requested_and_nothing_goes_wrong(
    reader: Reader, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Path = request.getfixturevalue(kind)
    reader.opens(page)
    reader.runs("for (const e of document.querySelectorAll('.say, .item h3 a, summary, #theme')) e.click()")
    time.sleep(0.3)
    assert reader.chromium.get_log("browser") == []
    assert reader.requests() == []


def test_hostile_facts_run_nothing_and_show_themselves(reader: Reader, hostile: Path) -> None:
    reader.opens(hostile)
    assert reader.runs("return window.hacked === undefined && document.scripts.length === 1")
    assert "<script>window.hacked=1</script>" in reader.finds(".who").text
    assert "<style>*{display:none}</style>" in reader.finds(".sheet").text


@pytest.mark.parametrize("look", ["light", "dark", "phone", "chinese"])
def test_axe_finds_no_fault(reader: Reader, small: Path, axe: str, look: str) -> None:
    reader.opens(small, wide=390 if look == "phone" else 1440, dark=look == "dark")
    if look == "chinese":
        reader.finds("[data-set-lang=zh]").click()
    reader.runs("for (const d of document.querySelectorAll('details')) d.open = true")
    assert reader.faults(axe) == []


def test_paper_shows_all_and_no_buttons(reader: Reader, small: Path) -> None:
    reader.opens(small, wide=794)
    reader.looks(media="print")
    reader.runs("dispatchEvent(new Event('beforeprint'))")
    assert not reader.shown(".tools")
    assert reader.shown("#i-E3")
    assert reader.runs("return [...document.querySelectorAll('details')].every(d => d.open)")
    assert reader.runs("return getComputedStyle(document.querySelector('.proof')).maxHeight") == "none"
    pdf = reader.chromium.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    assert base64.b64decode(pdf).startswith(b"%PDF")
    reader.looks()


def test_on_a_phone_nothing_sticks_out_and_an_item_comes_up_from_below(reader: Reader, small: Path) -> None:
    reader.opens(small, wide=390, high=844)
    assert reader.runs("return document.documentElement.scrollWidth") == 390
    reader.runs("document.querySelector('#s-V1').scrollIntoView(); document.querySelector('#s-V1').click()")
    assert reader.runs("return getComputedStyle(document.querySelector('#i-V1')).position") == "fixed"
    assert reader.in_sight("#s-V1")
    reader.finds("#close").click()
    assert reader.runs("return getComputedStyle(document.querySelector('#i-V1')).position") == "static"


def test_a_case_of_twenty_pages_opens_in_a_second(reader: Reader, large: Path) -> None:
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


def test_days_left_are_counted_on_the_day_of_reading(reader: Reader, small: Path) -> None:
    reader.opens(small)
    late = (dt.datetime.now().date() - dt.date(2024, 3, 25)).days
    assert reader.finds("#days b").text == str(late)
    assert "days late" in reader.finds("#days").text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_contradicts_the_refused_letter_is_shown_lights_its_sentence_and_is_accessible(
    reader: Reader, axe: str, tmp_path: Path, lang: str
) -> None:
    folder = written_draft(tmp_path, rich_facts())
    moved = {
        "kind": "contradiction", "code": "changed", "item": "A1", "message": "The day moved.",
        "message_zh": "日期变了。", "before": "March 6, 2024", "after": "<i>March 8</i>",
    }  # fmt: skip
    document = {"asks": [], "final": False, "differences": [moved]}
    (folder / "against-previous.json").write_text(json.dumps(document), encoding="utf-8")
    reader.opens(page_of(folder))
    reader.finds(f"[data-set-lang={lang}]").click()
    told = {"en": "Contradicts 9 Action taken", "zh": "前后矛盾 9 已采取的措施"}[lang]
    assert reader.texts("#previous .finding p")[:1] == [told]
    assert reader.texts("#previous q") == ["March 6, 2024", "<i>March 8</i>"]
    assert len(reader.texts(".note")) == 1
    reader.runs("document.querySelector('#previous .finding').click()")
    assert reader.lit() == {"A1"}
    reader.runs("for (const d of document.querySelectorAll('details')) d.open = true")
    assert reader.faults(axe) == []


def test_a_letter_too_alike_is_shown_with_its_passages(reader: Reader, axe: str, tmp_path: Path) -> None:
    folder = written_draft(tmp_path, rich_facts())
    proof = prove_folder(load_draft(folder))
    page = tmp_path / "page.html"
    html = render_review(proof, dt.date(2024, 3, 10), [Other("somebody", "other", proof.text)])
    page.write_text(html, encoding="utf-8")
    reader.opens(page)
    assert reader.texts(".like.too > p")[-2].startswith(
        "100% of the words stand in the letter of another case"
    )
    assert reader.shown(".like.too details q")
    assert reader.faults(axe) == []
