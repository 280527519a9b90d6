"""The review page as a document: all that it must show, and nothing that runs but its own script."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa.export.proof import Proof, prove_folder
from poa.export.review import render_review
from poa.likeness import Other
from poa.runs import FinishedDraft, load_draft
from tests.builders import rich_facts, small_facts
from tests.export.drafts import BRIGHTHOME, HOSTILE, rewording_model, written_draft

DAY = dt.date(2024, 3, 10)


class Page(HTMLParser):
    """The elements of a page: each start tag with its attributes, and all text outside script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._code += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())

    def values(self, attribute: str, tag: str = "") -> list[str]:
        return [a[attribute] or "" for name, a in self.tags if attribute in a and tag in ("", name)]


def proof_of(folder: Path) -> Proof:
    return prove_folder(load_draft(folder))


@pytest.fixture(scope="module")
def brighthome(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    return proof_of(written_draft(tmp_path_factory.mktemp("bright"), BRIGHTHOME))


def test_every_item_has_its_sentence_and_its_card_and_each_points_at_the_other(brighthome: Proof) -> None:
    page = Page(render_review(brighthome, DAY))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    items = [item.item.id for item in brighthome.items]
    assert [i.removeprefix("i-") for i in ids if i.startswith("i-")] == items
    assert [i.removeprefix("s-") for i in ids if i.startswith("s-")] == items
    targets = {href.removeprefix("#") for href in page.values("href", "a") if href.startswith("#")}
    assert targets <= set(ids)


def test_the_letter_stands_on_the_page_word_for_word(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY)
    sheet = html[html.index('<div class="sheet"') : html.index('<div class="proof"')]
    sheet = re.sub(r'<span class="hush">.*?</span> </span>', "", sheet)
    assert Page(sheet).text == " ".join(re.sub(r"^- ", "", brighthome.text, flags=re.M).split())


def test_each_item_shows_its_chinese_sentence(brighthome: Proof) -> None:
    page = Page(render_review(brighthome, DAY))
    for item in brighthome.items:
        for line in item.chinese.split("\n"):
            assert line in page.text
        assert item.item.label_zh in page.text


def test_each_demand_names_the_items_that_answer_it(brighthome: Proof) -> None:
    page = Page(render_review(brighthome, DAY))
    demanded = page.values("data-items")
    assert len(brighthome.demands) == 6
    for demand in brighthome.demands:
        assert demand.text in page.text
        assert " ".join(demand.items) in demanded


def test_values_are_marked_in_the_letter(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY)
    for value in ("112-3456789-1234567", "February 18, 2024", "B0ABCDEFGH", "0.31%"):
        assert re.search(rf'<span class="value \w+">{re.escape(value)}</span>', html), value


def test_days_left_are_counted_from_the_day_it_is_rendered(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY)
    # 21 days from March 5 is March 26; the day before is safe in Pacific time.
    assert 'data-safe="2024-03-25"' in html
    assert "<b>15</b>" in html


def test_actions_without_evidence_are_told(brighthome: Proof) -> None:
    assert [action.id for action in brighthome.evidence.bare] == ["A3"]
    text = Page(render_review(brighthome, DAY)).text
    assert text.count("no attachment shows this") == 1


def test_what_the_model_changed_is_shown_word_by_word_and_how_often_it_was_repaired(tmp_path: Path) -> None:
    proof = proof_of(written_draft(tmp_path, rich_facts(third_parties=[]), rewording_model()))
    html = render_review(proof, DAY)
    sources = {item.item.id: item.source for item in proof.items}
    assert (sources["third_parties"], sources["A1"]) == ("polished", "repaired")
    shown = re.sub(
        r'<span class="hush">.*?</span></span> </span>|<span class="hush">.*?</span> </span>', "", html
    )
    assert "<del>did </del><ins>have </ins>not <del>engage </del><ins>engaged </ins>" in shown
    assert "must stand once, and stands nowhere" in html
    assert "scripted-model" in html
    assert "repaired 1×" in html


def test_an_edited_letter_is_checked_anew_and_says_so(tmp_path: Path) -> None:
    folder = written_draft(tmp_path, small_facts())
    letter = folder / "letter.txt"
    text = letter.read_text(encoding="utf-8")
    letter.write_text(text.replace("March 6, 2024", "March 9, 2024"), encoding="utf-8")
    proof = proof_of(folder)
    action = next(item for item in proof.items if item.item.id == "A1")
    assert (proof.edited, action.source, action.status) == (True, "edited", "altered")
    page = Page(render_review(proof, DAY))
    assert "Do not send this letter yet." in page.text
    assert "edited after it was drafted" in page.text
    assert any(v.startswith("m-") for v in page.values("id", "mark"))


def test_a_sentence_that_was_cut_out_is_missing_and_points_nowhere(tmp_path: Path) -> None:
    folder = written_draft(tmp_path, small_facts())
    proof = proof_of(folder)
    action = next(item for item in proof.items if item.item.id == "A1")
    letter = folder / "letter.txt"
    letter.write_text(proof.text.replace(f"- {action.text}\n", ""), encoding="utf-8")
    cut = proof_of(folder)
    again = next(item for item in cut.items if item.item.id == "A1")
    assert (again.status, again.text) == ("missing", "")
    page = Page(render_review(cut, DAY))
    assert "#s-A1" not in page.values("href")
    assert "No sentence of the letter says this." in page.text


def test_hostile_facts_are_text(tmp_path: Path) -> None:
    page = Page(render_review(proof_of(written_draft(tmp_path, HOSTILE)), DAY))
    names = [tag for tag, _ in page.tags]
    assert (names.count("script"), names.count("style")) == (1, 1)
    assert not {"iframe", "img", "svg"} & set(names)
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on")]
    assert "<script>window.hacked=1</script>" in page.text
    assert "{{ 7*7 }} {% raw %} Manager" in page.text


def test_marks_that_turn_the_reading_direction_are_written_out(tmp_path: Path) -> None:
    folder = written_draft(tmp_path, small_facts())
    letter = folder / "letter.txt"
    text = letter.read_text(encoding="utf-8")
    letter.write_text(text.replace("Sincerely", "\u202eSincerely\u202c"), encoding="utf-8")
    html = render_review(proof_of(folder), DAY)
    assert "\u202e" not in html
    assert "[U+202E]Sincerely[U+202C]" in html


def test_only_the_pages_own_script_and_style_may_run(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    for tag in ("script", "style"):
        inner = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        assert inner
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none';")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert " style=" not in html


def test_an_unanswered_demand_is_the_verdict_of_a_letter_that_is_true(tmp_path: Path) -> None:
    facts = small_facts()
    facts["notice"]["demands"] = [
        "All methods that you used to obtain reviews",
        "The colour of your warehouse",
    ]
    proof = proof_of(written_draft(tmp_path, facts))
    assert [(d.items, d.answered) for d in proof.demands] == [(("V1",), True), ((), False)]
    text = Page(render_review(proof, DAY)).text
    assert "it does not answer everything that Amazon asks" in text
    assert text.count("Not answered in this letter") == 1


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> FinishedDraft:
    return load_draft(written_draft(tmp_path_factory.mktemp("rich"), rich_facts()))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2500),
            st.integers(0, 300),
            st.sampled_from(["", "\n\n", "- ", "<b>", "On March 6, 2024, ", "我方", "\n \n", "x" * 40]),
        ),
        max_size=5,
    )
)
def test_any_edit_of_a_letter_can_be_shown_whole(
    rich: FinishedDraft, edits: list[tuple[int, int, str]]
) -> None:
    text = rich.text
    for start, length, put in edits:
        text = text[:start] + put + text[start + length :]
    proof = prove_folder(replace(rich, text=text))
    shown = "".join(
        run.text for block in proof.blocks for line in block.lines for stretch in line for run in stretch.runs
    )
    assert "".join(re.sub(r"[-\s]", "", shown)) == "".join(re.sub(r"[-\s]", "", text))
    page = Page(render_review(proof, DAY))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.values("href", "a") if href.startswith("#")} <= set(ids)


def test_the_page_tells_how_much_is_the_program_own_wording_and_which_passages(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY)
    told = html[html.index('id="likeness"') : html.index('id="made"')]
    share = int(re.search(r'<meter [^>]*value="(\d+)"', told)[1])  # type: ignore[index]
    assert 20 < share < 60
    assert f"{share}% of the words are the program" in told
    passages = re.findall(r'<q lang="en">(.*?)</q>', told)
    assert passages
    assert all(passage.split()[0] in brighthome.text for passage in passages)
    assert "Too alike" not in told


def test_a_letter_that_stands_elsewhere_word_for_word_is_called_too_alike(brighthome: Proof) -> None:
    html = render_review(brighthome, DAY, [Other("another client", "other", brighthome.text)])
    assert "100% of the words stand in the letter of another case" in html
    assert "Too alike" in html
    assert "another client" not in html
