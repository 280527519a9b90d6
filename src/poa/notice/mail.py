"""Finds Amazon's own words in a pasted mail: among headers, a forwarder's note, and what the seller wrote before.

Sellers paste whole threads. What asks and what counts as a deadline is only what Amazon wrote last; the seller's
quoted plan, a colleague's "please send me these by Friday" and the mail's headers ask nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from poa.notice.words import plain

__all__ = ["Letter", "letter_in"]

Writer = Literal["amazon", "other", "unknown"]


@dataclass(frozen=True)
class Letter:
    """Amazon's last message: its header lines, its words (the subject first), and its older messages in the thread."""

    head: str
    body: str
    older: str = ""

    @property
    def keeps_older(self) -> bool:
        """Whether the last message leaves what an earlier one asked in force."""
        return bool(self.older) and _KEEPS.search(plain(self.body)) is not None


@dataclass
class _Message:
    writer: Writer = "unknown"
    depth: int | None = None
    head: list[str] = field(default_factory=list)
    subject: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "\n".join(self.lines).strip("\n")


_HEADER = re.compile(
    r"^\W{0,3}(?P<name>from|to|cc|bcc|date|sent|received|subject|re(?=: \[)|reply-to|delivered-to|return-path|message-id|importance|priority|attachments?|sent from|"
    r"mime-version|content-[\w-]{3,30}|x-[\w-]{2,40}|list-[\w-]{3,20}|dkim-signature|"
    r"von|an|gesendet|datum|betreff|antwort an|发件人|收件人|抄送|发送时间|发件时间|收到日期|接收时间|日期|时间|主题|主旨|寄件者|收件者|"
    r"差出人|宛先|送信日時|受信日時|日時|日付|件名|de|à|envoyé|objet|date d'envoi|para|enviado|asunto|da|a|inviato|oggetto)\W{0,2}[:：]\s?(?P<value>.*)$",
    re.IGNORECASE,
)
_SENDER = frozenset({"from", "von", "发件人", "差出人", "寄件者", "de", "da"})
_SUBJECT = frozenset({"subject", "re", "betreff", "主题", "主旨", "件名", "objet", "asunto", "oggetto"})
# Names that are words of a notice as well count as a header only among others, or at the very top.
_FORWARD = re.compile(
    r"^\W{0,4}-{2,}.{0,4}(?:forwarded message|original message|weitergeleitete nachricht|urspr[üu]ngliche nachricht|转发的?邮件|原始邮件|原邮件|転送|元のメッセージ|message transféré|message d'origine).{0,20}$"
    r"|^\s*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail))\s*:?\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\W{0,3}(?:(?:on|am) .{6,160}\b(?:wrote|schrieb\b.{0,80})|.{0,20}(?:在|于).{4,120}写道|\[(?:amazon|you|me|seller|merchant|customer|卖家|亚马逊|您|我)[^\]\n]{0,60}\d{1,2}[:/.]\d\d[^\]\n]{0,20}\]|.{4,120}のメール|(?=.{0,140}\d).{6,160}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|geschreven|napisał\(a\)|написал))\s*[:：]?\s*$",
    re.IGNORECASE,
)
_WROTE_BEGINS = re.compile(r"^(?:on|am) .{6,120}\b20\d\d\b", re.IGNORECASE)
_AMAZON = re.compile(
    r"amazon|アマゾン|亚马逊|\b(?:seller performance|selling partner|account health|product safety team)\b|卖家绩效|出品者パフォーマンス|verkäuferleistung",
    re.IGNORECASE,
)
_TITLE = 200  # characters: what may stand above a mail's header and still be its title
_ADDRESS = re.compile(r"@[\w.-]{3,60}")
# The voice of a notification, by which its writer is known where no header names him.
_VOICE = re.compile(
    r"\byour (?:amazon(?:\.[a-z.]{2,6})? )?(?:selling |seller )?(?:account|listings?|offers|selling privileges|appeal|plan of action|submission)\b|\bseller performance\b"
    r"|(?:您|贵)的.{0,10}(?:账户|账号|商品|申诉)|ihr(?:e|es|em)? (?:verkäufer)?konto|お客様の",
    re.IGNORECASE,
)
_NOT_VOICE = re.compile(
    r"\b(?:dear|hello|hi) (?:amazon|seller performance|seller support|team)\b|\bour plan of action\b|\b(?:see|read) (?:the (?:mail|e-?mail|message|answer|notice) )?below\b|\bfyi\b|\bforward(?:ed|ing)? (?:you|this)\b|"
    r"\b(?:i|we) (?:just )?(?:got|received) (?:this|the following)\b|\bcan you (?:help|look)|尊敬的亚马逊|帮(?:我|忙)看",
    re.IGNORECASE,
)


_KEEPS = re.compile(
    r"\b(?:everything|all (?:of )?(?:the )?(?:items|documents|information|points|details)|the (?:same )?(?:items|documents|information|points|details))\b.{0,40}\b(?:listed|requested|asked for|named|mentioned|described|set out|required)\b.{0,30}\b(?:that|below|previous|earlier|first|last|our|original)\b"
    r"|(?:之前|上一封|下方|此前).{0,16}(?:邮件|通知).{0,16}(?:所列|要求|列出)",
    re.IGNORECASE,
)


def letter_in(text: str) -> Letter:
    """Amazon's last message in a tidied paste, or the whole paste where it is no mail."""
    messages = [m for m in _messages(_posted(text.split("\n"))) if m.words or m.subject]
    if not messages:
        return Letter("", text)
    ours = [m for m in messages if _writer_of(m) == "amazon"] or [
        m for m in messages if m.writer == "unknown" and len(m.words) > 200
    ]
    if not ours:
        return Letter("\n".join(messages[0].head), _joined(messages))
    first, *others = ours
    return Letter("\n".join(first.head), _joined([first]), _joined(others))


# What a forum or a support case puts below the notice: other people's replies, the seller's own question.
_BELOW = re.compile(
    r"^\W{0,4}(?:repl(?:y|ies) (?:from|by)\b.{0,40}[:：]|\d+ (?:replies|comments|个回复|条回复|件の返信)|赞同来自|edited by\b|my issue|your (?:original )?(?:issue|question|message)\s*:?$|我的问题\s*[:：]?$|"
    r"(?:see|read) my (?:question|issue)|previous (?:messages?|correspondence)\s*:?$)",
    re.IGNORECASE,
)


def _bulleted(lines: list[str]) -> list[str]:
    """The lines with ">> " turned into a bullet where it marks a list's items and no quotation.

    A list follows a colon, has few lines and none empty; a quoted mail has a greeting, gaps, or an attribution above.
    """
    out = list(lines)
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].lstrip().startswith(">"):
            end += 1
        if 1 < end - at <= 12:
            above = next((line.strip() for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "")
            depths = {_unquoted(line)[0] for line in lines[at:end]}
            words = [_unquoted(line)[1].strip() for line in lines[at:end]]
            listed = above.endswith((":", "：")) and not _WROTE.match(above) and not _HEADER.match(above)
            if (
                listed
                and len(depths) == 1
                and all(len(w) > 3 for w in words)
                and not any(_GREETING.match(w) for w in words)
            ):
                out[at:end] = [f"• {w}" for w in words]
        at = max(end, at + 1)
    return out


_GREETING = re.compile(r"(?:dear|hello|hi|good (?:day|morning)|guten tag|尊敬的|您好)\b", re.IGNORECASE)


def _posted(lines: list[str]) -> list[str]:
    """The lines that are the notice where a forum's mark-up or its replies tell; all of them elsewhere."""
    lines = _bulleted(lines)
    inserted = [at for at, line in enumerate(lines) if re.fullmatch(r"\s*\+.{2,}\+\s*", line)]
    if len(inserted) > 3:
        return lines[inserted[0] : inserted[-1] + 1]
    said = 0
    for at, line in enumerate(lines):
        if said > 200 and len(line) < 120 and _BELOW.match(_unquoted(line)[1]):
            return lines[:at]
        said += len(line)
    return lines


def _joined(messages: Iterable[_Message]) -> str:
    return "\n\n".join("\n".join(part for part in (m.subject, m.words) if part) for m in messages)


def _writer_of(message: _Message) -> Writer:
    if (
        message.writer == "unknown"
        and _VOICE.search(plain(message.words))
        and not _NOT_VOICE.search(plain(message.words[:2000]))
    ):
        return "amazon"
    return message.writer


def _messages(lines: list[str]) -> list[_Message]:
    """The messages of a thread in the order they stand, each with the lines that are its own."""
    current = _Message()
    out = [current]
    below: list[_Message] = []  # where a deeper quotation ends, its host goes on
    skip = 0
    for at, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        depth, words = _unquoted(line)
        if _FORWARD.match(words):
            current = _Message()
            out.append(current)
            below = []
            continue
        wrote = _attribution(words, lines[at + 1] if at + 1 < len(lines) else "")
        if wrote:
            below.append(current)
            current = _Message(writer=_writer_named(wrote))
            out.append(current)
            skip = 0 if wrote == words.strip() else 1
            continue
        if _takes_header(current, lines, at):
            header = _HEADER.match(words)
            if len(current.words) >= _TITLE or (current.words.strip() and current.head):
                current = _Message()
                out.append(current)
            _note_header(current, words, header)
            continue
        if words.strip():
            if current.depth is None:
                current.depth = depth
            while below and current.depth is not None and depth < current.depth:
                current = below.pop()
        current.lines.append(words)
    return out


def _unquoted(line: str) -> tuple[int, str]:
    depth = 0
    rest = line
    while rest.lstrip().startswith((">", "|")):
        rest = rest.lstrip()[1:]
        depth += 1
    return (depth, rest[1:] if depth and rest.startswith(" ") else rest)


def _attribution(words: str, following: str) -> str:
    """The line "On ..., somebody wrote:", which a mail program may have broken in two."""
    line = words.strip()
    if _WROTE.match(line):
        return line
    if _WROTE_BEGINS.match(line) and len(line) < 120:
        both = f"{line} {_unquoted(following)[1].strip()}"
        return both if _WROTE.match(both) else ""
    return ""


def _writer_named(who: str) -> Writer:
    if _AMAZON.search(who):
        return "amazon"
    return "other" if _ADDRESS.search(who) or len(who.split()) > 1 else "unknown"


def _takes_header(current: _Message, lines: list[str], at: int) -> bool:
    """Whether the line belongs to a mail's header: at the top of a message, or in a block that names a sender."""
    words = _unquoted(lines[at])[1]
    found = _HEADER.match(words)
    started = bool(current.words.strip())
    if found is None:
        folded = not started and bool(current.head) and words[:1].isspace() and bool(words.strip())
        named = not started and not current.head and _is_sender_line(words) and _header_follows(lines, at)
        return folded or named
    if not started:
        return True
    # A few lines of title may stand above the headers; further down only a whole block with its sender counts.
    names = _names_from(lines, at)
    early = len(current.words) < _TITLE and not current.head
    return (early and not _is_word(found)) or (len(names) >= 2 and any(n in _SENDER for n in names))


def _is_word(found: re.Match[str]) -> bool:
    return found["name"].lower() in {
        "to",
        "an",
        "de",
        "da",
        "a",
        "à",
        "para",
        "re",
        "时间",
        "received",
        "attachments",
        "attachment",
    }


def _is_sender_line(words: str) -> bool:
    return re.fullmatch(r"\s*[^<>@]{2,60}<[\w.+-]{1,60}@[\w.-]{3,60}>\s*", words) is not None


def _header_follows(lines: list[str], at: int) -> bool:
    return any(_HEADER.match(_unquoted(line)[1]) for line in lines[at + 1 : at + 3])


def _names_from(lines: list[str], at: int) -> list[str]:
    names: list[str] = []
    for line in lines[at : at + 12]:
        words = _unquoted(line)[1]
        found = _HEADER.match(words)
        if found:
            names.append(found["name"].lower())
        elif not words[:1].isspace() or not words.strip():
            break
    return names


def _note_header(message: _Message, words: str, header: re.Match[str] | None) -> None:
    message.head.append(words.strip())
    if header is None:
        if _is_sender_line(words):
            message.writer = _writer_named(words)
        return
    name = header["name"].lower()
    if name in _SENDER:
        message.writer = _writer_named(header["value"])
    elif name in _SUBJECT and not message.subject:
        message.subject = words.strip()
