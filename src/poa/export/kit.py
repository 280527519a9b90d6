"""The evidence kit: everything that is sent, and everything to know before it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from poa.coverage import shortfalls
from poa.export.document import Document, Part, document_of, plain_characters, twins_of
from poa.export.form import answers_of
from poa.export.proof import Proof
from poa.resources import read_words

if TYPE_CHECKING:
    from poa.facts import Attachment

__all__ = ["Apology", "Kit", "Said", "apologies_of", "kit_of", "open_points"]

_ACCEPTED = (".pdf", ".jpg", ".jpeg", ".png", ".gif")
_BIGGEST_ATTACHMENT = 50_000_000


@dataclass(frozen=True)
class Said:
    """A sentence in English and Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Apology:
    """A draft to the buyer of one order: it apologises and asks for nothing."""

    order: str
    text: str
    chinese: str


@dataclass(frozen=True)
class Kit:
    """The kit's files by their path inside it, and what is still open before it can be sent."""

    files: Mapping[str, bytes]
    open: tuple[Said, ...]
    apologies: tuple[Apology, ...]


def kit_of(proof: Proof, review_page: str) -> Kit:
    """All files of the kit, made from a proof; attachments that stand beside the facts are copied in."""
    from poa.export.docx import bilingual_docx, letter_docx
    from poa.export.ics import due_ics
    from poa.export.pdf import letter_pdf
    from poa.export.sheet import records_xlsx

    document, created = document_of(proof), proof.created
    files: dict[str, bytes] = {
        "letter.txt": plain_characters(document.text).encode(),
        "letter.docx": letter_docx(document, created),
        "letter.pdf": letter_pdf(document, created),
    }
    for n, answer in enumerate(answers_of(proof), 1):
        files[f"form/{n}-{answer.name}.txt"] = (answer.text + "\n").encode()
    names = _attachment_names(proof)
    index = _index(proof, document, names)
    files["attachment-index.pdf"] = letter_pdf(index, created)
    for attachment in proof.case.attachments or ():
        content = _content(proof, attachment)
        if content is not None:
            files[f"attachments/{names[attachment.id]}"] = content
    files["records.xlsx"] = records_xlsx(proof.case, created)
    apologies = apologies_of(proof)
    for apology in apologies:
        files[f"apologies/{apology.order}.txt"] = apology.text.encode()
    if proof.sending.safe:
        title = f"Amazon appeal due: {proof.case.seller.store_name or proof.case.notice.marketplace or ''}"
        says = _due(proof)
        files["due.ics"] = due_ics(proof.sending.safe, title, f"{says.en}\n{says.zh}", created).encode()
    files["own-files/for-reference.docx"] = bilingual_docx(document, twins_of(proof), created)
    files["own-files/review.html"] = review_page.encode()
    opened = open_points(proof)
    files["checklist.html"] = _checklist(proof, opened, apologies, files, names).encode()
    return Kit(files, opened, apologies)


# ---------------------------------------------------------------- what is open


def open_points(proof: Proof) -> tuple[Said, ...]:
    """What is missing before the letter can be sent, the gravest first."""
    language = proof.case.language
    points = [
        _say("open_finding", text=found.message, text_zh=found.message_zh)
        for found in proof.findings
        if found.severity == "error"
    ]
    points += [_say("open_demand", text=demand.text) for demand in proof.unanswered]
    points += [Said(short.en, short.zh) for short in shortfalls(proof.case)]
    for question in proof.case.questions():
        points.append(_say("open_question", text=question.question_en, text_zh=question.question_zh))
    without_file = {attachment.id for attachment in proof.evidence.without_file}
    for attachment in proof.case.attachments or ():
        title, title_zh = _title(proof, attachment)
        if attachment.id in without_file:
            points.append(_say("open_file", id=attachment.id, title=title, title_zh=title_zh))
        elif PurePosixPath(attachment.file or "").suffix.lower() not in _ACCEPTED:
            points.append(_say("open_type", id=attachment.id, file=attachment.file or ""))
    for action in proof.evidence.bare:
        english = action.english("statement", language) or action.statement or ""
        chinese = action.chinese("statement", language) or english
        points.append(_say("open_evidence", id=action.id, text=english, text_zh=chinese))
    for attachment in proof.evidence.unused:
        title, title_zh = _title(proof, attachment)
        points.append(_say("open_unused", id=attachment.id, title=title, title_zh=title_zh))
    return tuple(dict.fromkeys(points))


# ---------------------------------------------------------------- apologies


def apologies_of(proof: Proof) -> tuple[Apology, ...]:
    """A draft for the buyer of each order at whom a violation was aimed."""
    to_buyers = set(_words()["to_buyers"])
    acts: dict[str, list[tuple[str, str]]] = {}
    for item in proof.outline.items:
        if item.kind != "admission" or item.topic not in to_buyers:
            continue
        act = next((d for d in item.details if d.name == "method"), None)
        for order in item.all("order"):
            said = (act.text, act.text_zh or act.text) if act else ("our conduct", "我方的行为")
            if said not in acts.setdefault(order, []):
                acts[order].append(said)
    store = proof.case.seller.store_name or ""
    words = _words()["apology"]
    return tuple(
        Apology(
            order,
            words["en"].format(order=order, act=" and by ".join(english for english, _ in said), store=store),
            words["zh"].format(order=order, act="、".join(chinese for _, chinese in said), store=store),
        )
        for order, said in acts.items()
    )


# ---------------------------------------------------------------- attachments


def _attachment_names(proof: Proof) -> dict[str, str]:
    """How each attachment is called in the kit: its number in the letter's list, then its title."""
    names = {}
    for attachment in proof.case.attachments or ():
        title, _ = _title(proof, attachment)
        plain = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:60] or "attachment"
        suffix = PurePosixPath((attachment.file or "").replace("\\", "/")).suffix.lower()
        suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        names[attachment.id] = f"{attachment.id}-{plain}{suffix}"
    return names


def _content(proof: Proof, attachment: Attachment) -> bytes | None:
    if proof.case.folder is None or not attachment.file:
        return None
    path = proof.case.folder / attachment.file
    try:
        return path.read_bytes() if path.stat().st_size <= _BIGGEST_ATTACHMENT else None
    except OSError:
        return None


def _index(proof: Proof, document: Document, names: Mapping[str, str]) -> Document:
    """The list of attachments that may be sent along, in English like the letter."""
    parts = [
        Part("heading", ("Index of attachments",)),
        Part("paragraph", (f"{document.title}, {_notice_line(proof)}",)),
    ]
    language = proof.case.language
    shows = _shown_by(proof)
    for attachment in proof.case.attachments or ():
        title, _ = _title(proof, attachment)
        lines = [f"{attachment.id}  {title}", f"File: {names[attachment.id]}"]
        for action in shows.get(attachment.id, ()):
            statement = action.english("statement", language) or action.statement or ""
            lines.append(f"Shows: {statement}{f' ({action.date})' if action.date else ''}")
        parts.append(Part("paragraph", tuple(lines)))
    return Document(tuple(parts), f"{document.title}: attachments", document.author, document.us_paper)


def _notice_line(proof: Proof) -> str:
    sending = proof.sending
    named = [f"notification of {sending.received}" if sending.received else "", sending.marketplace or ""]
    reference = f"reference {sending.reference}" if sending.reference else ""
    return ", ".join(part for part in (*named, reference) if part) or "performance notification"


def _shown_by(proof: Proof) -> dict[str, list[Any]]:
    shows: dict[str, list[Any]] = {}
    for supported in proof.evidence.actions:
        for attachment in supported.attachments:
            shows.setdefault(attachment.id, []).append(supported.action)
    return shows


def _title(proof: Proof, attachment: Attachment) -> tuple[str, str]:
    language = proof.case.language
    english = attachment.english("title", language) or attachment.title or attachment.id
    return english, attachment.chinese("title", language) or english


# ---------------------------------------------------------------- the checklist


def _where(proof: Proof) -> list[Said]:
    sending = proof.sending
    email = sending.reply_from or "(unknown)"
    addresses = ", ".join(sending.addresses) or "(unknown)"
    way = _words()["ways"].get(sending.way or "unknown") or _words()["ways"]["unknown"]
    fill = {"email": email, "addresses": addresses}
    said = [Said(way["en"].format_map(fill), way["zh"].format_map(fill))]
    if sending.way in ("reply", "email", None):
        said.append(_say("bounced"))
    return [*said, _say("once")]


def _due(proof: Proof) -> Said:
    sending = proof.sending
    if sending.safe is None or sending.due is None:
        return _say("no_due")
    return _say("due", safe=sending.safe.isoformat(), due=sending.due.isoformat())


def _checklist(
    proof: Proof,
    opened: tuple[Said, ...],
    apologies: tuple[Apology, ...],
    files: Mapping[str, bytes],
    names: Mapping[str, str],
) -> str:
    shows, language = _shown_by(proof), proof.case.language
    body = [
        f"<h1>{_both(_say('title'))}</h1>",
        f"<p class=store>{escape(proof.case.seller.store_name or '')}</p>",
    ]
    body += [f"<h2>{_both(_say('by_when'))}</h2>", f"<p class=due>{_both(_due(proof))}</p>"]
    body.append(f"<h2>{_both(_say('open'))}</h2>")
    boxes = [*opened, _say("open_zone"), _say("open_originals")]
    if not opened:
        body.append(f"<p class=good>{_both(_say('nothing_open'))}</p>")
    body.append("<ul class=boxes>" + "".join(f"<li>{_both(point)}</li>" for point in boxes) + "</ul>")
    body.append(f"<h2>{_both(_say('where'))}</h2>")
    body += [f"<p>{_both(said)}</p>" for said in _where(proof)]
    if proof.case.attachments:
        rows = []
        for attachment in proof.case.attachments:
            title, title_zh = _title(proof, attachment)
            points = [
                _say(
                    "proves",
                    id=action.id,
                    text=action.english("statement", language) or action.statement or "",
                    text_zh=action.chinese("statement", language) or action.statement or "",
                )
                for action in shows.get(attachment.id, ())
            ] or [_say("proves_nothing")]
            rows.append(
                f"<tr><th scope=row>{escape(attachment.id)}</th><td>{_both(Said(title, title_zh))}"
                f"<br><code>{escape(names[attachment.id])}</code></td>"
                f"<td>{'<br>'.join(_both(point) for point in points)}</td></tr>"
            )
        body.append(f"<h2>{_both(_say('attachments'))}</h2><table>{''.join(rows)}</table>")
    if apologies:
        body += [f"<h2>{_both(_say('apologies'))}</h2>", f"<p>{_both(_say('apology_rule'))}</p>"]
        for apology in apologies:
            body.append(
                f"<details><summary>{escape(apology.order)}</summary><pre>{escape(apology.text)}</pre>"
                f'<p lang="zh-Hans">{escape(apology.chinese)}</p></details>'
            )
    listed = [
        ("letter.docx, letter.pdf, letter.txt", "file_letter"),
        ("form/", "file_form"),
        ("attachments/", "file_attachments"),
        ("attachment-index.pdf", "file_index"),
        ("records.xlsx", "file_records"),
        ("apologies/", "file_apologies"),
        ("due.ics", "file_due"),
        ("own-files/for-reference.docx", "file_reference"),
        ("own-files/review.html", "file_review"),
    ]
    there = [
        (name, key) for name, key in listed if any(path.startswith(name.split(",")[0]) for path in files)
    ]
    rows = [f"<tr><td><code>{name}</code></td><td>{_both(_say(key))}</td></tr>" for name, key in there]
    body.append(f"<h2>{_both(_say('files'))}</h2><table>{''.join(rows)}</table>")
    return _PAGE.format(body="\n".join(body))


def _both(said: Said) -> str:
    if said.en == said.zh:
        return escape(said.en)
    return f'<span lang="zh-Hans">{escape(said.zh)}</span> <span class=en>{escape(said.en)}</span>'


_PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>提交清单 · Checklist</title>
<style>
html{{font:100%/1.65 system-ui,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1d2126;background:#fffefb;color-scheme:light dark}}
body{{max-width:48rem;margin:2.5rem auto;padding:0 1.25rem}}
h1{{font-size:1.7rem;margin:0}}h2{{font-size:1.05rem;margin:2.2rem 0 .6rem;border-bottom:1px solid #dedad0;padding-bottom:.3rem}}
h1 .en,h2 .en{{font-weight:400;color:#5a606a;margin-left:.4em}}p{{margin:.4rem 0}}.en{{color:#5a606a}}p>.en,li>.en,td>.en{{display:block;font-size:.9rem;line-height:1.5}}
.store{{color:#5a606a}}.due{{font-size:1.1rem}}.good{{color:#17664a}}
.boxes{{list-style:none;padding:0}}.boxes li{{padding:.45rem 0 .45rem 2rem;border-bottom:1px solid #ebe8df;position:relative;overflow-wrap:anywhere}}
.boxes li::before{{content:"";position:absolute;left:.2rem;top:.75rem;width:.95rem;height:.95rem;border:1.5px solid #5a606a;border-radius:3px}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;padding:.5rem .8rem .5rem 0;border-bottom:1px solid #ebe8df;overflow-wrap:anywhere}}
code{{font-size:.82rem;color:#5a606a}}pre{{white-space:pre-wrap;font:inherit;background:#f3f1ec;padding:1rem;border-radius:4px}}summary{{cursor:pointer}}
@media(prefers-color-scheme:dark){{html{{background:#1b1e22;color:#e7e4dc}}.en,.store,code,h1 .en,h2 .en{{color:#a3a8b0}}pre{{background:#262b31}}h2,td,th,.boxes li{{border-color:#343a42}}.good{{color:#7ccfa6}}}}
@media print{{body{{margin:0;max-width:none}}html{{font-size:10.5pt;background:#fff;color:#000}}li,tr{{break-inside:avoid}}}}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def _say(key: str, **values: str) -> Said:
    """The kit's words; a value `x` may have its Chinese in `x_zh`."""
    words = _words()[key]
    chinese = {name: values.get(f"{name}_zh", value) for name, value in values.items()}
    return Said(words["en"].format_map(values), words["zh"].format_map(chinese))


@cache
def _words() -> Mapping[str, Any]:
    words: dict[str, Any] = read_words(Path(__file__).with_name("kit.yaml"))
    return words
