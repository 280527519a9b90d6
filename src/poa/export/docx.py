"""The letter as a Word document with real styles, so that a lawyer can edit it like one of their own."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from poa.export.document import REFERENCE_EN, REFERENCE_ZH, Document, Twin

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

__all__ = ["bilingual_docx", "letter_docx", "same_each_time"]

_LATIN, _HAN = "Georgia", "SimSun"
_INK, _GREY = "1D2126", "5A606A"


def letter_docx(document: Document, created: dt.datetime) -> bytes:
    """The letter alone, ready to be attached."""
    from docx.shared import Pt

    word = _new(document, created)
    for part, following in zip(document.parts, (*document.parts[1:], None), strict=True):
        if part.kind == "heading":
            word.add_paragraph(part.lines[0], style="Heading 1")
        elif part.kind == "list":
            entries = [word.add_paragraph(line, style="List Bullet") for line in part.lines]
            entries[-1].paragraph_format.space_after = Pt(10)
        else:
            paragraph = word.add_paragraph()
            paragraph.paragraph_format.keep_with_next = part.lines[-1].endswith(":")
            if following is not None and following.tight:
                paragraph.paragraph_format.space_after = Pt(4)
            for n, line in enumerate(part.lines):
                run = paragraph.add_run(line)
                if n < len(part.lines) - 1:
                    run.add_break()
    return _bytes(word, created)


def bilingual_docx(document: Document, twins: tuple[Twin, ...], created: dt.datetime) -> bytes:
    """Each passage with its Chinese beneath, marked as no letter."""
    word = _new(document, created)
    for text in (REFERENCE_ZH, REFERENCE_EN):
        word.add_paragraph(text, style="Reference")
    for twin in twins:
        if twin.heading:
            word.add_paragraph(f"{twin.english}  {twin.chinese}".strip(), style="Heading 1")
            continue
        english = word.add_paragraph(style="English")
        _broken(english, twin.english)
        chinese = word.add_paragraph(style="Chinese")
        _broken(chinese, twin.chinese)
    return _bytes(word, created)


def _broken(paragraph: Any, text: str) -> None:
    lines = text.split("\n")
    for n, line in enumerate(lines):
        run = paragraph.add_run(line)
        if n < len(lines) - 1:
            run.add_break()


def _new(document: Document, created: dt.datetime) -> WordDocument:
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    word = docx.Document()
    section = word.sections[0]
    width, height = (215.9, 279.4) if document.us_paper else (210.0, 297.0)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(28)
    section.top_margin, section.bottom_margin = Mm(25), Mm(24)
    _font(word.styles["Normal"], 11, _INK)
    normal = word.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing, normal.widow_control = Pt(8), 1.25, True
    heading = word.styles["Heading 1"]
    _font(heading, 12.5, _INK, bold=True)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(4)
    heading.paragraph_format.keep_with_next = True
    bullet = word.styles["List Bullet"].paragraph_format
    bullet.space_after = Pt(4)
    # The style's own rule: no space between entries, whatever the style says.
    for rule in bullet.element.xpath("./w:pPr/w:contextualSpacing"):
        rule.getparent().remove(rule)
    for name, size, color in (("Reference", 9, "A3231B"), ("English", 11, _INK), ("Chinese", 10, _GREY)):
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        _font(style, size, color)
    word.styles["English"].paragraph_format.space_after = Pt(2)
    word.styles["English"].paragraph_format.keep_with_next = True
    word.styles["Chinese"].paragraph_format.space_after = Pt(10)
    _page_number(section.footer.paragraphs[0])
    about = word.core_properties
    about.title, about.author, about.language = document.title, document.author, "en-US"
    about.comments = about.keywords = ""
    about.created = about.modified = created.replace(tzinfo=None)
    about.last_modified_by = document.author
    return word


def _font(style: Any, size: float, color: str, bold: bool = False) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font = style.font
    font.name, font.size, font.bold, font.italic = _LATIN, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), _LATIN)
    # Without this Word takes a Japanese font for Chinese words on many machines.
    fonts.set(qn("w:eastAsia"), _HAN)
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(_GREY)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run._r.addnext(field)
    field.append(run._r)
    run.text = "1"


def _bytes(word: WordDocument, created: dt.datetime) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return same_each_time(out.getvalue(), created)


def same_each_time(package: bytes, created: dt.datetime) -> bytes:
    """The same zip for the same content: the time of packing is the draft's."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            fixed = zipfile.ZipInfo(info.filename, created.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, old.read(info.filename))
    return out.getvalue()
