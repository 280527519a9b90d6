"""`poa notice`: what a notification says and demands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from poa.notice import Notice

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("notice", help=_HELP)(_notice)


_HELP = """What a performance notification says and demands, read without a model.

FILE is the pasted text (UTF-8, UTF-16 or GB18030), or - for standard input. Exit status 1: the mail is no
notification, or it is a fraud.

\b
Example:
  poa notice notice.txt --received 2024-03-05
  poa notice notice.txt --lang zh
  poa notice notice.txt --json
"""


def _notice(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The pasted notification; - reads standard input.")
    ],
    received: Annotated[
        str | None, typer.Option("--received", metavar="DATE", help="The day it arrived, year-month-day.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="The seller's time zone, for the days left.")
    ] = "Asia/Shanghai",
    lang: Annotated[str, typer.Option("--lang", metavar="en|zh", help="The language of the summary.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    from poa.errors import InputError

    if lang not in {"en", "zh"}:
        raise InputError(f"--lang {lang}: the summary is written in en or zh.")
    notice = _read(file, received, timezone)
    if as_json:
        import json

        typer.echo(json.dumps(notice.to_json(lang), ensure_ascii=False, indent=2))
    else:
        typer.echo(_summary(notice, lang))
    if not notice.genuine:
        raise typer.Exit(1)


def _read(file: Path, received: str | None, timezone: str) -> Notice:
    from poa.notice import decode, read_notice, read_notice_file

    if str(file) == "-":
        import sys

        return read_notice(decode(sys.stdin.buffer.read(), "standard input"), received, zone=timezone)
    return read_notice_file(file, received, zone=timezone)


_LABELS = {
    "en": {
        "title": "Performance notification",
        "violation": "Violation",
        "marketplace": "Marketplace",
        "received": "Received",
        "deadline": "Deadline",
        "demands": "Demanded",
        "policies": "Policies",
        "asins": "ASINs",
        "order_ids": "Orders",
        "case_ids": "Case or complaint IDs",
        "urls": "Links",
        "submit": "Send the answer",
        "mind": "Mind",
        "unknown": "not known",
        "none": "nothing is listed",
        "days": "{n} days",
        "until": ", last day {due}",
        "no_deadline": "none given",
        "signs": "Signs of fraud",
        "plan": "Route: acknowledge and explain",
        "error": "Route: it was an error",
        "branch": "In another case",
        "evidence": "Examples of evidence",
        "one": "one of these",
        "not_applicable": "for another type of complaint",
    },
    "zh": {
        "title": "绩效通知",
        "violation": "违规类型",
        "marketplace": "商城",
        "received": "收到日期",
        "deadline": "回复期限",
        "demands": "要求提供",
        "policies": "涉及政策",
        "asins": "ASIN",
        "order_ids": "订单编号",
        "case_ids": "案例或投诉编号",
        "urls": "链接",
        "submit": "提交方式",
        "mind": "注意",
        "unknown": "未知",
        "none": "没有列出",
        "days": "{n} 天",
        "until": "，最后一天 {due}",
        "no_deadline": "没有给出",
        "signs": "诈骗迹象",
        "plan": "途径：承认并说明",
        "error": "途径：证明是误判",
        "branch": "其他情况",
        "evidence": "证据示例",
        "one": "提供其中一项",
        "not_applicable": "适用于其他投诉类型",
    },
}

_SUBMIT = {
    "reply": ("by replying to the message", "回复该邮件"),
    "appeal_button": ("with the Appeal button beside the message", "点击消息旁的“申诉”按钮"),
    "account_health": ("on the Account Health page", "在“账户状况”页面提交"),
    "email": ("by e-mail to the address it gives", "发送到通知给出的邮箱"),
    "contact_us": ("through the contact page it links to", "通过通知中的联系页面提交"),
    "performance_notifications": ("on the Performance Notifications page", "在“绩效通知”页面提交"),
}


def _summary(notice: Notice, lang: str) -> str:
    words = _LABELS[lang]
    lines = [words["title"], ""]

    def row(name: str, value: str) -> None:
        lines.append(f"{words[name]}: {value}")

    if notice.suspicious:
        lines.append(f"{words['signs']}:")
        lines += [f"  - {sign.zh if lang == 'zh' else sign.en}" for sign in notice.suspicious]
        return "\n".join([*lines, "", *notice.advice(lang)])
    row("violation", notice.violation if notice.violation != "unknown" else words["unknown"])
    row("marketplace", notice.marketplace or words["unknown"])
    row("received", notice.received.isoformat() if notice.received else words["unknown"])
    row("deadline", _deadline(notice, words))
    place = 1 if lang == "zh" else 0
    row("submit", _SUBMIT[notice.submit][place] if notice.submit else words["unknown"])
    lines.append("")
    lines += _demands(notice, words)
    marks = len(lines)
    for name in ("policies", "asins", "order_ids", "case_ids", "urls"):
        values: tuple[str, ...] = getattr(notice, name)
        if values:
            row(name, ", ".join(values))
    if len(lines) > marks:
        lines.insert(marks, "")
    advice = notice.advice(lang)
    if advice:
        lines += ["", f"{words['mind']}:", *(f"  - {line}" for line in advice)]
    return "\n".join(lines)


def _deadline(notice: Notice, words: dict[str, str]) -> str:
    due = words["until"].format(due=notice.due.isoformat()) if notice.due else ""
    if notice.deadline_days is not None:
        return words["days"].format(n=notice.deadline_days) + due
    return due.strip(" ,，") or words["no_deadline"]


def _demands(notice: Notice, words: dict[str, str]) -> list[str]:
    if not notice.demands:
        return [f"{words['demands']}: {words['none']}"]
    lines = [f"{words['demands']}:"]
    several = len({g.route for g in notice.demand_groups}) > 1
    number = 0
    for group in notice.demand_groups:
        notes = [words[group.route]] if several else []
        notes += [words["one"]] if group.choose == "one" else []
        notes += [words["not_applicable"]] if group.applies is False else []
        if notes:
            lines.append(f"  [{'; '.join(notes)}]")
        for demand in group.demands:
            number += 1
            lines.append(f"  {number}. {demand.text}")
    return lines
