"""The proof page: each required item, and the sentence of the letter that carries it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poa.draft import Draft

__all__ = ["write_review"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.4rem;text-align:left;"
    "vertical-align:top}.missing{color:#b00020;font-weight:bold}pre{white-space:pre-wrap;font:inherit}"
)
_SOURCES = {"polished": "polished 已润色", "repaired": "repaired 已修正", "skeleton": "skeleton 原句"}


def write_review(draft: Draft) -> str:
    """One self-contained HTML page, in English and Chinese; every text of the case is escaped."""
    text = draft.letter.text
    sources = {passage.id: passage.source for section in draft.sections for passage in section.passages}
    rows = []
    for result in draft.report.items:
        item = draft.outline[result.id]
        carried = " … ".join(text[start:end] for start, end in result.where)
        shown = escape(carried) if carried else '<span class="missing">MISSING 缺失</span>'
        rows.append(
            f"<tr><td>{escape(result.id)}</td><td>{escape(item.label_zh)}<br>{escape(item.label_en)}</td>"
            f"<td>{shown}</td><td>{escape(result.status)}</td>"
            f"<td>{escape(_SOURCES[sources.get(result.id, 'skeleton')])}</td></tr>"
        )
    findings = "".join(
        f"<li><b>{escape(found.code)}</b>: {escape(found.message)}<br>{escape(found.message_zh)}</li>"
        for found in draft.report.findings
    )
    verdict = (
        "The letter passes its check. 检查通过。" if draft.report.ok else "The letter FAILS. 检查未通过。"
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        "<title>Review of the letter</title>"
        f"<style>{_STYLE}</style><h1>Review 核对</h1><p>{verdict}</p>"
        f"<p>Model 模型: {escape(draft.model)}</p><ul>{findings}</ul>"
        "<table><tr><th>Item</th><th>What must be said 必须写明的内容</th><th>In the letter 信中语句</th>"
        f"<th>Status 状态</th><th>Words 措辞</th></tr>{''.join(rows)}</table>"
        f"<h2>Letter 信件全文</h2><pre>{escape(text)}</pre></html>\n"
    )
