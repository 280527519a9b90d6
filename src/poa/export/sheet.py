"""Orders, ASINs, reviews, accounts and attachments of a case as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poa.facts import Case

__all__ = ["Table", "records_xlsx", "tables_of"]

Cell = str | int | dt.date | None
Table = tuple[str, tuple[str, ...], list[tuple[Cell, ...]]]


def tables_of(case: Case) -> list[Table]:
    """The tables: title, column heads, rows."""
    violations = case.violations or ()
    evidence = {a.id: [] for a in case.attachments or ()}  # type: dict[str, list[str]]
    for action in case.actions_taken or ():
        for name in action.evidence:
            evidence.setdefault(name, []).append(action.id)
    language = case.language
    return [
        (
            "Orders 订单",
            ("Order 订单", "Violation 违规", "Method 方式", "From 起", "To 止", "ASINs"),
            [
                (order, v.id, v.method, v.from_, v.to, ", ".join(v.asins))
                for v in violations
                for order in v.orders
            ],
        ),
        (
            "ASINs",
            ("ASIN", "Violations 违规", "Remaining reviews 仍存在的评论"),
            [
                (
                    asin,
                    ", ".join(v.id for v in violations if asin in v.asins),
                    sum(r.asin == asin for r in case.remaining_reviews or ()),
                )
                for asin in dict.fromkeys(
                    [a for v in violations for a in v.asins]
                    + [r.asin for r in case.remaining_reviews or () if r.asin]
                )
            ],
        ),
        (
            "Reviews 评论",
            ("ASIN", "Review 评论", "Note 说明"),
            [(r.asin, r.review, r.english("note", language) or r.note) for r in case.remaining_reviews or ()],
        ),
        (
            "Accounts 账户",
            ("Name 名称", "E-mail 邮箱", "Order 订单"),
            [(a.name, a.email, a.order) for a in case.customer_accounts or ()],
        ),
        (
            "Third parties 第三方",
            ("Name 名称", "Contact 联系方式", "Service 服务", "From 起", "To 止"),
            [
                (t.name, t.contact, t.english("service", language) or t.service, t.from_, t.to)
                for t in case.third_parties or ()
            ],
        ),
        (
            "Attachments 附件",
            ("Id 编号", "Title 标题", "标题", "File 文件", "Shows 证明"),
            [
                (
                    a.id,
                    a.english("title", language) or a.title,
                    a.chinese("title", language),
                    a.file,
                    ", ".join(evidence.get(a.id, ())),
                )
                for a in case.attachments or ()
            ],
        ),
    ]


def records_xlsx(case: Case, created: dt.datetime) -> bytes:
    """The tables as an Excel file, one a sheet; no cell is ever a formula, whatever a fact looks like."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    from poa.export.docx import same_each_time

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, heads, rows in tables_of(case):
        sheet = book.create_sheet(title)
        _fill_row(sheet, 1, heads)
        for cell in sheet[1]:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", start_color="1D5C73")
        for n, row in enumerate(rows, 2):
            _fill_row(sheet, n, row)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
        for n, head in enumerate(heads, 1):
            widest = max([len(head) + 4, *(len(str(row[n - 1] or "")) for row in rows)])
            sheet.column_dimensions[get_column_letter(n)].width = min(widest + 2, 60)
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
    book.properties.creator = case.seller.store_name or ""
    book.properties.created = book.properties.modified = created.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return same_each_time(out.getvalue(), created)


def _fill_row(sheet: object, number: int, values: Sequence[Cell]) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number, column)  # type: ignore[attr-defined]
        if isinstance(value, str):
            # Excel refuses control characters, and takes a text that starts with = for a formula.
            cell.value = "".join(c for c in value if c >= " " or c in "\t\n")
            cell.data_type = "s"
            cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
        else:
            cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "yyyy-mm-dd"
