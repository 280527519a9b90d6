"""Turns what a person saved or pasted into the text of a notification.

Sellers paste from mail programs, browsers, forums and Word, in UTF-8, UTF-16 or GB18030.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from poa.errors import NoticeError

__all__ = ["MOST_BYTES", "clean", "decode", "read_text", "tidy", "unwrapped"]

# A notification is a page or two; the longest thread of mails seen stays far below this.
MOST_BYTES = 2_000_000

_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a Word document or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Outlook file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "an RTF document"),
)
_ADVICE = "Copy the notification's text from Seller Central or from the mail into a plain text file, and give that file."
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
# A bullet that an encoding turned into a question mark: "the following: ? Test reports; ? Images".
_LOST_BULLET = re.compile(r"(?:(?<=[:;] )|(?<=; and )|(?<=; or ))\? (?=[A-Z])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> str:
    """The text of a file, whatever its encoding; NoticeError says why a file cannot be read."""
    try:
        size = path.stat().st_size
    except OSError:
        raise NoticeError(
            f"{path}: there is no such file. Give the path of the saved notification."
        ) from None
    if path.is_dir():
        raise NoticeError(f"{path}: this is a folder. Give the file that holds the notification.")
    if size > MOST_BYTES:
        raise NoticeError(
            f"{path}: {size / 1_000_000:.1f} MB is too long for a notification (at most {MOST_BYTES // 1_000_000} MB). {_ADVICE}"
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NoticeError(
            f"{path}: the file cannot be opened ({error.strerror}). Check its permissions."
        ) from None
    return decode(raw, str(path))


def decode(raw: bytes, name: str = "notification") -> str:
    """The text of the bytes: UTF-8, UTF-16 with or without its mark, or GB18030."""
    for start, kind in _KINDS:
        if raw.lstrip()[:8].startswith(start):
            raise NoticeError(f"{name}: this is {kind}, not text. {_ADVICE}")
    text = _decoded(raw)
    if text is None:
        raise NoticeError(
            f"{name}: the text is in no encoding that can be read. Save it as UTF-8 and try again."
        )
    refuse_unreadable(text, name)
    return text


def refuse_unreadable(text: str, name: str) -> None:
    """Raises NoticeError when the text is empty, too long or no text at all."""
    head = text.lstrip("\ufeff \t\r\n")[:8]
    if not head:
        raise NoticeError(f"{name}: the notification is empty. {_ADVICE}")
    if head.startswith("%PDF"):
        raise NoticeError(f"{name}: this is a PDF document, not text. {_ADVICE}")
    if len(text) > MOST_BYTES:
        raise NoticeError(
            f"{name}: {len(text):,} characters are too many for a notification (at most {MOST_BYTES:,}). {_ADVICE}"
        )
    sample = text[:20_000]
    if len(_CONTROL.findall(sample)) > len(sample) // 50:
        raise NoticeError(f"{name}: this is a binary file, not text. {_ADVICE}")
    if not re.search(r"\w", text):
        raise NoticeError(f"{name}: the notification holds no words. {_ADVICE}")


def _decoded(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(raw, "utf-16")
    sample = raw[:4000]
    if (
        0 in sample
    ):  # UTF-16 without its mark: the digits and line ends of any language show where the zeros stand
        return _try(raw, "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be")
    return next((t for e in ("utf-8-sig", "gb18030") if (t := _try(raw, e)) is not None), None)


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def clean(text: str) -> str:
    """The text as plain lines: mark-up of mails, forums and browsers removed, words untouched."""
    return unwrapped(tidy(text))


def tidy(text: str) -> str:
    """The text as plain lines, in which a quoted mail still carries its marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    text = _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u3000", " ").replace("\t", "   ")
    text = _CONTROL.sub("", text)
    if re.search(r"<(?:p|br|div|li|ul|ol|td|html|span|b|strong)\b[^>]{0,300}>", text[:50_000], re.IGNORECASE):
        text = _without_html(text)
    if "[/" in text:  # forum mark-up: [url=...]words[/url], [b]words[/b]
        text = re.sub(
            r"\[/?(?:url|b|i|u|size|color|font|quote|list|email|img)(?:=[^\]\n]{0,300})?\]",
            "",
            text,
            flags=re.IGNORECASE,
        )
    return _LOST_BULLET.sub("• ", text)


def unwrapped(text: str) -> str:
    """The lines without what a forum or a heading mark put round them."""
    return "\n".join(_without_wrapping(line) for line in text.split("\n"))


def _without_html(text: str) -> str:
    for tag in ("style", "script", "head"):
        text = _without_element(text, tag)
    text = re.sub(r"<li\b[^>]{0,300}>\s{0,40}", "\n• ", text, flags=re.IGNORECASE)
    text = re.sub(
        r"</?(?:p|br|div|ul|ol|tr|table|h[1-6]|html|body|blockquote)\b[^>]{0,300}>",
        "\n",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        r'<a\b[^>]{0,200}?href="(https?://[^"<>\s]{1,500})"[^>]{0,300}>', r" \1 ", text, flags=re.IGNORECASE
    )
    text = re.sub(r"</?[a-zA-Z][a-zA-Z0-9]{0,12}(?:\s[^<>]{0,500})?/?>", "", text)
    return html.unescape(text)


def _without_element(text: str, tag: str) -> str:
    """The text without what stands between <tag> and </tag>; a pattern would be slow on a hostile mail."""
    low = text.lower()
    if len(low) != len(text):  # a few letters change length in lower case; then positions would lie
        return text
    kept: list[str] = []
    at = 0
    while (start := low.find(f"<{tag}", at)) >= 0 and (end := low.find(f"</{tag}>", start)) >= 0:
        kept.append(text[at:start])
        at = end + len(tag) + 3
    return "".join([*kept, text[at:]])


def _without_wrapping(line: str) -> str:
    stripped = line.strip()
    while stripped.startswith((">", "|")):  # quoted mail
        stripped = stripped[1:].strip()
        line = stripped
    if len(stripped) > 1 and stripped[0] == stripped[-1] == "+":  # forum mark-up for inserted text
        return stripped.strip("+").strip()
    if stripped in {"+", "++"}:
        return ""
    if re.match(r"#\s+[a-z]", stripped):
        return f"• {stripped[1:].strip()}"
    if stripped.startswith("#"):
        line = re.sub(r"^#{1,6}\s+", "", stripped)
    if "**" in line:
        line = line.replace("**", "")
    return line.rstrip()
