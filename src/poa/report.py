"""A check's findings as text for a person: the letter's sentence with the place marked, and the fact beside it."""

from __future__ import annotations

from poa.checks import CheckReport, Finding
from poa.outline import Outline

__all__ = ["render_report"]

_RED, _GREEN, _DIM, _END = "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"


def render_report(
    report: CheckReport, outline: Outline, letter: str, lang: str = "en", color: bool = False
) -> str:
    """The verdict, then each finding with its sentence and its fact; `lang` is en or zh."""
    red, green, dim, end = (_RED, _GREEN, _DIM, _END) if color else ("", "", "", "")
    chinese = lang == "zh"
    kept = sum(item.status == "kept" for item in report.items)
    errors = sum(found.severity == "error" for found in report.findings)
    if report.ok:
        verdict = (
            f"{green}通过{end}：{len(report.items)} 项内容全部写到，没有添加事实以外的内容。"
            if chinese
            else f"{green}passes{end}: all {len(report.items)} items are said, and nothing is added."
        )
    else:
        verdict = (
            f"{red}未通过{end}：{errors} 处问题；{len(report.items)} 项中有 {kept} 项完整。"
            if chinese
            else f"{red}fails{end}: {errors} finding{'s' * (errors != 1)}; {kept} of {len(report.items)} items are kept whole."
        )
    lines = [verdict]
    labels = {item.id: (item.label_zh if chinese else item.label_en) for item in outline.items}
    for found in report.findings:
        lines += ["", *_shown(found, letter, labels, chinese, (red, dim, end))]
    return "\n".join(lines)


def _shown(
    found: Finding, letter: str, labels: dict[str, str], chinese: bool, colors: tuple[str, str, str]
) -> list[str]:
    red, dim, end = colors
    where = (
        f"{found.item} {labels.get(found.item, '')}".strip()
        if found.item
        else ("全信" if chinese else "letter")
    )
    lines = [f"{red}{found.code}{end}  {where}", f"  {found.message_zh if chinese else found.message}"]
    if found.start is not None and found.end is not None:
        lines += ["  " + line for line in _marked(letter, found.start, found.end, red, end)]
    if found.fact:
        label = "事实" if chinese else "fact"
        lines.append(f"  {dim}{label}: {found.fact}{end}")
    return lines


def _marked(letter: str, start: int, end_at: int, red: str, end: str) -> list[str]:
    """The letter's text around the place, the place itself between marks."""
    left = max(letter.rfind("\n", 0, start) + 1, start - 90)
    right = letter.find("\n", end_at)
    right = min(len(letter) if right < 0 else right, end_at + 60)
    before, place, after = letter[left:start], letter[start:end_at], letter[end_at:right]
    return [f"> {before}{red}[{end}{place}{red}]{end}{after}".replace("\n", " ")]
