"""Word, PDF, plain text and HTML: one text in all of them, and the form's three fields hold it whole."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from poa.export.document import Part, document_of, plain_characters, twins_of
from poa.export.form import answers_of
from poa.export.html import bilingual_html, letter_html
from poa.export.proof import Proof, prove_folder
from poa.runs import load_draft
from tests.builders import rich_facts
from tests.export.drafts import BRIGHTHOME, HOSTILE, ROOT, large_facts, written_draft
from tests.export.test_review_page import Page

pytest.importorskip("docx", reason="python-docx is not installed: pip install 'poa-draft[export]'")
pytest.importorskip("fpdf", reason="fpdf2 is not installed: pip install 'poa-draft[export]'")

from poa.export.docx import bilingual_docx, letter_docx
from poa.export.pdf import bilingual_pdf, break_lines, letter_pdf

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module", params=["brighthome", "hostile", "large"])
def proof(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    facts = {"brighthome": BRIGHTHOME, "hostile": HOSTILE, "large": large_facts(12, 20, 12)}[request.param]
    return prove_folder(load_draft(written_draft(tmp_path_factory.mktemp("d"), facts)))


def words(text: str) -> list[str]:
    return re.sub(r"^- ", "", text, flags=re.M).split()


def docx_paragraphs(content: bytes) -> list[tuple[str, str]]:
    """Style and text of each paragraph, read from the file itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    found = []
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        pieces = [
            "\n" if node.tag == f"{_W}br" else node.text or ""
            for node in paragraph.iter()
            if node.tag in (f"{_W}t", f"{_W}br")
        ]
        found.append(("" if style is None else style.get(f"{_W}val") or "", "".join(pieces)))
    return found


def pdf_text(content: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    (tmp_path / "letter.pdf").write_bytes(content)
    made = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "letter.pdf"), "-"], capture_output=True, check=True
    )
    # The page's number stands alone on its line.
    return re.sub(r"^\s*\d+\s*$", "", made.stdout.decode().replace("\f", "\n"), flags=re.M)


def test_the_document_is_the_letter(proof: Proof) -> None:
    assert document_of(proof).text == proof.text


def test_word_html_and_text_say_the_same(proof: Proof) -> None:
    document = document_of(proof)
    letter = words(proof.text)
    assert (
        words("\n".join(text for _, text in docx_paragraphs(letter_docx(document, proof.created)))) == letter
    )
    page = letter_html(document)
    assert words(Page(page[page.index("<body>") :]).text) == letter
    assert words(plain_characters(document.text)) == words(plain_characters(proof.text))


def test_the_pdf_says_the_same(proof: Proof, tmp_path: Path) -> None:
    text = pdf_text(letter_pdf(document_of(proof), proof.created), tmp_path)
    squeezed = "".join(re.sub(r"^\s*- ", "", text, flags=re.M).split())
    assert squeezed == "".join(words(proof.text))


def test_word_uses_real_styles(proof: Proof) -> None:
    styles = {style for style, _ in docx_paragraphs(letter_docx(document_of(proof), proof.created))}
    assert {"Heading1", "ListBullet"} <= styles


def test_the_same_draft_gives_the_same_bytes(proof: Proof) -> None:
    document = document_of(proof)
    assert letter_docx(document, proof.created) == letter_docx(document, proof.created)
    assert letter_pdf(document, proof.created) == letter_pdf(document, proof.created)


def test_the_pdf_carries_its_fonts(proof: Proof, tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is not installed: apt-get install poppler-utils")
    (tmp_path / "both.pdf").write_bytes(bilingual_pdf(document_of(proof), twins_of(proof), proof.created))
    listed = subprocess.run(["pdffonts", str(tmp_path / "both.pdf")], capture_output=True, check=True)
    fonts = [line.split() for line in listed.stdout.decode().splitlines()[2:]]
    assert fonts
    assert all(line[-5:-2] == ["yes", "yes", "yes"] for line in fonts)


def test_bilingual_copies_hold_both_languages_and_say_that_they_are_no_letter(
    proof: Proof, tmp_path: Path
) -> None:
    document, twins = document_of(proof), twins_of(proof)
    made = {
        "docx": "\n".join(
            text for _, text in docx_paragraphs(bilingual_docx(document, twins, proof.created))
        ),
        "html": Page(bilingual_html(document, twins)).text,
        "pdf": pdf_text(bilingual_pdf(document, twins, proof.created), tmp_path),
    }
    for name, text in made.items():
        squeezed = "".join(text.split())
        assert "仅供参考" in squeezed, name
        assert "Forreferenceonly." in squeezed, name
        for item in proof.items:
            assert "".join(item.chinese.split()) in squeezed or name == "pdf", (name, item.item.id)
            assert "".join(item.text.split()) in squeezed or name == "pdf", (name, item.item.id)
    assert "For reference only" not in letter_html(document)


def test_the_three_fields_hold_the_whole_letter_each_part_once(proof: Proof) -> None:
    answers = answers_of(proof)
    assert [answer.name for answer in answers] == ["root-cause", "actions", "prevention"]
    joined = words("\n\n".join(answer.text for answer in answers))
    assert sorted(joined) == sorted(words(plain_characters(proof.text)))
    kinds = {item.item.kind: item for item in proof.items}
    assert plain_characters(kinds["admission"].text) in answers[0].text
    assert plain_characters(kinds["cause"].text) in answers[0].text
    assert plain_characters(kinds["action"].text) in answers[1].text
    assert plain_characters(kinds["measure"].text) in answers[2].text


def test_a_section_with_fields_of_its_pack_stays_whole_in_the_form(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "packs" / "inauthentic" / "acknowledge" / "facts.yaml"
    causes, actions, prevention = answers_of(prove_folder(load_draft(written_draft(tmp_path, case))))
    assert "Goods without sufficient documents" in causes.text
    assert actions.text.startswith("Taken off sale\n\nOf the stock that remained:\n- 44 units")
    assert "we deleted both listings" in actions.text
    assert prevention.text.startswith("How we buy from now on\n\nSince 3 March 2026")


def test_a_list_right_under_its_sentence_is_a_list_in_every_format(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "packs" / "inauthentic" / "acknowledge" / "facts.yaml"
    proof = prove_folder(load_draft(written_draft(tmp_path, case)))
    document = document_of(proof)
    assert document.text == proof.text
    lead = document.parts.index(Part("paragraph", ("We sold these goods:",)))
    goods = document.parts[lead + 1]
    assert (goods.kind, goods.tight, len(goods.lines)) == ("list", True, 2)
    html = letter_html(document)
    assert "<p>We sold these goods:</p>\n<ul>\n<li>138 units of ASIN B0KLNTEAP1" in html
    styles = {text: style for style, text in docx_paragraphs(letter_docx(document, proof.created))}
    assert styles[goods.lines[0]] == "ListBullet"


def test_a_letter_that_is_no_plan_is_one_field(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "packs" / "late-shipment" / "in-error" / "facts.yaml"
    proof = prove_folder(load_draft(written_draft(tmp_path, case)))
    (answer,) = answers_of(proof, 500)
    assert answer.name == "explanation"
    assert answer.text == plain_characters(proof.text.strip())
    assert answer.over > 0


def test_a_field_tells_how_many_characters_are_too_many(proof: Proof) -> None:
    free, tight = answers_of(proof)[0], answers_of(proof, 100)[0]
    assert (free.budget, free.over) == (None, 0)
    assert (tight.budget, tight.over) == (100, len(tight.text) - 100)


def test_plain_characters_are_what_a_form_takes() -> None:
    assert plain_characters("“Five stars?” – it’s…\u00a0晨光") == '"Five stars?" - it\'s... 晨光'


def test_lists_and_broken_lines_stay_what_they_are(tmp_path: Path) -> None:
    proof = prove_folder(load_draft(written_draft(tmp_path, rich_facts())))
    parts = document_of(proof).parts
    assert Part("heading", ("What we did",)) in parts
    assert parts[-1].kind == "paragraph"
    assert parts[-1].lines[0] == "Li Wei"
    assert [part.kind for part in parts].count("list") >= 3


def test_chinese_breaks_anywhere_but_before_a_closing_sign() -> None:
    # A measure in which every Chinese character is twice as wide as any other.
    def width(text: str) -> float:
        return sum(2 if ord(character) > 0x2E80 else 1 for character in text)

    assert break_lines("我方删除了全部模板。", 14, width) == ["我方删除了全部", "模板。"]
    assert break_lines("要求修改，评论", 8, width) == ["要求修", "改，评论"]
    assert break_lines("on 3月5日 we wrote", 8, width) == ["on 3月5", "日 we", "wrote"]
    assert break_lines("a-word-that-is-too-long x", 10, width) == ["a-word-tha", "t-is-too-l", "ong x"]
