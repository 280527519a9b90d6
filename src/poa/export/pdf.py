"""The letter as a PDF with its fonts inside, Chinese included, so that it looks the same everywhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from poa.export.document import REFERENCE_EN, REFERENCE_ZH, Document, Twin

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["bilingual_pdf", "break_lines", "letter_pdf"]

_INK, _GREY, _RED = (29, 33, 38), (90, 96, 106), (163, 35, 27)
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
# No line of Chinese starts with a closing sign or ends with an opening one.
_CLOSING, _OPENING = r"，。、；：？！）》」』】〉”’…％", r"（《「『【〈“‘"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}]+)[{_CLOSING}]*\s*|[{_OPENING}{_CLOSING}]+\s*|\s+")


def letter_pdf(document: Document, created: dt.datetime) -> bytes:
    """The letter alone, ready to be attached."""
    page = _Page(document, created)
    for part in document.parts:
        if part.kind == "heading":
            page.heading(part.lines[0])
        elif part.kind == "list":
            for line in part.lines:
                page.entry(line)
            page.gap(1.2)
        else:
            leads = part.lines[-1].endswith(":")
            page.paragraph("\n".join(part.lines), keep=3 if leads else 0)
    return page.bytes()


def bilingual_pdf(document: Document, twins: tuple[Twin, ...], created: dt.datetime) -> bytes:
    """Each passage with its Chinese beneath, marked as no letter on every page."""
    page = _Page(document, created, mark=f"{REFERENCE_ZH} {REFERENCE_EN}")
    for twin in twins:
        if twin.heading:
            page.heading(f"{twin.english}  {twin.chinese}".strip())
        else:
            page.paragraph(twin.english, after=0.6, keep=2)
            page.paragraph(twin.chinese, size=9.6, color=_GREY, after=3.4)
    return page.bytes()


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines no wider than `width`: English broken at spaces, Chinese between any two characters.

    A single word wider than the line is cut.
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph):
            if line and measure((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            while measure(piece.rstrip()) > width and len(piece) > 1:
                cut = _longest(piece, width, measure)
                lines.append(piece[:cut])
                piece = piece[cut:]
            line += piece
        lines.append(line.rstrip())
    return lines


def _longest(piece: str, width: float, measure: Callable[[str], float]) -> int:
    cut = 1
    while cut < len(piece) and measure(piece[: cut + 1]) <= width:
        cut += 1
    return cut


def _fonts() -> tuple[Path, Path]:
    import pylopdf_fonts_zh_cn

    folder = Path(str(pylopdf_fonts_zh_cn.__file__)).parent
    return folder / "NotoSerifSC-Regular.otf", folder / "NotoSansSC-Regular.otf"


class _Page:
    """Sets text down the page; a new page begins where one is full."""

    def __init__(self, document: Document, created: dt.datetime, mark: str = "") -> None:
        self._pdf = _new_pdf(document, created, mark)

    def heading(self, text: str) -> None:
        self.gap(3.2)
        self._set(text, "sans", 11.6, _INK, 5.6, keep=4, bold=True)
        self.gap(1.4)

    def paragraph(
        self,
        text: str,
        size: float = 10.8,
        color: tuple[int, int, int] = _INK,
        after: float = 2.6,
        keep: int = 0,
    ) -> None:
        self._set(text, "serif", size, color, size * 0.51, keep=keep)
        self.gap(after)

    def entry(self, text: str) -> None:
        pdf = self._pdf
        size = 10.8
        height = size * 0.51
        if pdf.get_y() + height > pdf.page_break_trigger:
            pdf.add_page()
        pdf.set_font("serif", size=size)
        pdf.set_text_color(*_INK)
        pdf.cell(6, height, "-", align="C")
        self._set(text, "serif", size, _INK, height, indent=6)
        self.gap(1.4)

    def gap(self, millimetres: float) -> None:
        self._pdf.set_y(self._pdf.get_y() + millimetres)

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _set(
        self,
        text: str,
        font: str,
        size: float,
        color: tuple[int, int, int],
        height: float,
        indent: float = 0,
        keep: int = 0,
        bold: bool = False,
    ) -> None:
        pdf = self._pdf
        pdf.set_font(font, size=size)
        lines = break_lines(text, pdf.epw - indent, pdf.get_string_width)
        if pdf.get_y() + (len(lines[:2]) + keep) * height > pdf.page_break_trigger:
            pdf.add_page()
        for n, line in enumerate(lines):
            # No last line of a paragraph stands alone at the top of a page.
            alone = 2 if n == len(lines) - 2 and len(lines) > 2 else 1
            if pdf.get_y() + alone * height > pdf.page_break_trigger:
                pdf.add_page()
            pdf.set_font(font, size=size)
            pdf.set_text_color(*color)
            pdf.set_x(pdf.l_margin + indent)
            # The fonts have one weight: a hair of ink around each letter makes it half bold.
            thick = pdf.local_context(text_mode="FILL_STROKE", line_width=0.11, draw_color=color)
            with thick if bold else nullcontext():
                pdf.cell(pdf.epw - indent, height, line, new_x="LMARGIN", new_y="NEXT")


def _new_pdf(document: Document, created: dt.datetime, mark: str) -> FPDF:
    import logging

    from fpdf import FPDF

    # The font library tells every table it leaves out; nobody who asked for a letter wants to know.
    logging.getLogger("fontTools").setLevel(logging.ERROR)

    class Paper(FPDF):
        def header(self) -> None:
            if mark:
                self.set_y(10)
                self.set_font("sans", size=8.2)
                self.set_text_color(*_RED)
                self.cell(self.epw, 5, mark, align="C")
                self.set_y(self.t_margin)

        def footer(self) -> None:
            self.set_y(-16)
            self.set_font("sans", size=8)
            self.set_text_color(*_GREY)
            self.cell(self.epw, 5, str(self.page_no()), align="C")

    pdf = Paper(format="letter" if document.us_paper else "A4")
    serif, sans = _fonts()
    pdf.add_font("serif", "", str(serif))
    pdf.add_font("sans", "", str(sans))
    pdf.set_margins(28, 25, 28)
    pdf.set_auto_page_break(False, 24)
    pdf.page_break_trigger = pdf.h - 24
    pdf.set_title(document.title)
    pdf.set_author(document.author)
    pdf.set_lang("en")
    pdf.set_creation_date(created)
    pdf.set_producer("poa")
    pdf.add_page()
    return pdf
