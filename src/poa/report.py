"""A check's findings as text for a person: the letter's sentence with the place marked, and the fact beside it."""

from __future__ import annotations

from poa.checks import CheckReport, Finding
from poa.dismissals import Reviewed, fingerprint, why_not
from poa.outline import Outline, RequiredItem

__all__ = ["render_report"]

_RED, _GREEN, _YELLOW, _DIM, _BOLD, _END = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"

# How much of a long line is shown around the place, in characters; a place longer than the last is cut itself.
_BEFORE, _AFTER, _MOST_PLACE = 90, 60, 320


def render_report(
    checked: CheckReport | Reviewed, outline: Outline, letter: str, lang: str = "en", color: bool = False
) -> str:
    """The verdict, then each finding with its sentence and its fact; `lang` is en or zh.

    What was dismissed, and which dismissals have lapsed, stands behind.
    """
    reviewed = checked if isinstance(checked, Reviewed) else Reviewed(checked)
    shown = _Shown(outline, letter, lang == "zh", color)
    lines = [shown.verdict(reviewed)]
    for found in reviewed.report.findings:
        lines += ["", *shown.finding(found)]
    lines += shown.dismissals(reviewed)
    return "\n".join(lines)


class _Shown:
    """One letter's report in one language, with or without colours."""

    def __init__(self, outline: Outline, letter: str, chinese: bool, color: bool) -> None:
        self.outline, self.letter, self.chinese, self.color = outline, letter, chinese, color
        self.items: dict[str, RequiredItem] = {item.id: item for item in outline.items}

    def verdict(self, reviewed: Reviewed) -> str:
        """One line: whether it passes, and how many findings there are."""
        items, findings = reviewed.report.items, reviewed.report.findings
        kept = sum(item.status == "kept" for item in items)
        errors = sum(found.severity == "error" for found in findings)
        accepted = sum(found.severity == "error" for found, _ in reviewed.dismissed)
        if not reviewed.report.ok:
            return (
                f"{self._in(_RED, '未通过')}：{errors} 处问题；{len(items)} 项中有 {kept} 项完整。"
                if self.chinese
                else f"{self._in(_RED, 'fails')}: {errors} finding{'s' * (errors != 1)}; {kept} of {len(items)} items"
                " are kept whole."
            )
        if accepted:
            return (
                f"{self._in(_GREEN, '通过')}：其余内容全部写到；{accepted} 处问题已被接受（见下）。"
                if self.chinese
                else f"{self._in(_GREEN, 'passes')}: nothing is wrong but what was accepted ({accepted}, see below)."
            )
        doubts = len(findings) - errors
        if doubts:
            # "All is said" would be more than the warnings below it leave standing.
            return (
                f"{self._in(_GREEN, '通过')}：没有确定的问题；请看下面 {doubts} 处提示。"
                if self.chinese
                else f"{self._in(_GREEN, 'passes')}: nothing is plainly wrong; look at the {doubts}"
                f" warning{'s' * (doubts != 1)} below."
            )
        return (
            f"{self._in(_GREEN, '通过')}：{len(items)} 项内容全部写到，没有添加事实以外的内容。"
            if self.chinese
            else f"{self._in(_GREEN, 'passes')}: all {len(items)} items are said, and nothing is added."
        )

    def finding(self, found: Finding) -> list[str]:
        """What is wrong, the sentence with the place marked, the fact, and how to accept it where one can."""
        mark = fingerprint(found, self.outline, self.letter) if why_not(found, self.outline) is None else ""
        warning = found.severity == "warning"
        code = self._in(_YELLOW if warning else _RED, found.code)
        kind = ("（提示）" if self.chinese else " (warning)") if warning else ""
        lines = [f"{code}{kind}  {self._where(found)}"]
        lines.append(f"  {_plain(found.message_zh if self.chinese else found.message)}")
        if found.start is not None and found.end is not None:
            lines.append(f"  {self._marked(found.start, found.end, _YELLOW if warning else _RED)}")
        if found.fact:
            lines.append(self._in(_DIM, f"  {'事实' if self.chinese else 'fact'}: {_plain(found.fact)}"))
        statement_zh = self.items[found.item].statement_zh if found.item in self.items else ""
        if self.chinese and statement_zh and statement_zh != found.fact:
            lines.append(self._in(_DIM, f"  事实（中文）: {statement_zh}"))
        if mark and not warning:
            label = "接受此问题" if self.chinese else "to accept it"
            lines.append(self._in(_DIM, f'  {label}: --dismiss {mark} --reason "…" --who "…"'))
        return lines

    def dismissals(self, reviewed: Reviewed) -> list[str]:
        """What a person accepted, with reason, name and day; then what holds no longer."""
        lines: list[str] = []
        for found, entry in reviewed.dismissed:
            head = "已接受" if self.chinese else "accepted"
            lines += [
                "",
                f"{head} {found.code}  {self._where(found)}",
                f"  {_plain(found.message_zh if self.chinese else found.message)}",
                _plain(f"  {entry.who}, {entry.date}: {entry.reason}"),
            ]
        for lapsed in reviewed.lapsed:
            entry = lapsed.dismissal
            head, why = ("接受已失效", lapsed.why_zh) if self.chinese else ("no longer accepted", lapsed.why)
            where = f"{entry.code}  {entry.item}".rstrip()
            lines += [
                "",
                f"{self._in(_YELLOW, head)} {where}",
                f"  {why}",
                _plain(f"  {entry.who}, {entry.date}: {entry.reason}"),
            ]
        return lines

    def _where(self, found: Finding) -> str:
        if found.item is None:
            return "全信" if self.chinese else "letter"
        item = self.items.get(found.item)
        label = "" if item is None else item.label_zh if self.chinese else item.label_en
        return f"{found.item} {label}".strip()

    def _marked(self, start: int, end: int, color: str) -> str:
        """The letter's line number and text around the place, the place itself between marks."""
        line_start = self.letter.rfind("\n", 0, start) + 1
        line_end = self.letter.find("\n", end)
        line_end = len(self.letter) if line_end < 0 else line_end
        left, right = max(line_start, start - _BEFORE), min(line_end, end + _AFTER)
        # A word is not cut in two.
        left = left if left == line_start else self.letter.find(" ", left, start) + 1 or start
        right = right if right == line_end else max(self.letter.rfind(" ", end, right), end)
        before = ("… " if left > line_start else "") + _plain(self.letter[left:start])
        after = _plain(self.letter[end:right]) + (" …" if right < line_end else "")
        place = _plain(self.letter[start:end])
        if len(place) > _MOST_PLACE:
            place = f"{place[: _MOST_PLACE // 2]} … {place[-_MOST_PLACE // 2 :]}"
        number = self.letter.count("\n", 0, start) + 1
        label = f"第 {number} 行" if self.chinese else f"line {number}"
        text = f"{before}{self._in(color, '[')}{self._in(_BOLD, place)}{self._in(color, ']')}{after}"
        return f"> {text} {self._in(_DIM, f'({label})')}"

    def _in(self, color: str, text: str) -> str:
        return f"{color}{text}{_END}" if self.color else text


def _plain(text: str) -> str:
    """The text on one line; a letter from elsewhere may hold characters that would command the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
