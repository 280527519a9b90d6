"""The letter as one HTML page to read, print or keep."""

from __future__ import annotations

from html import escape

from poa.export.document import REFERENCE_EN, REFERENCE_ZH, Document, Twin

__all__ = ["bilingual_html", "letter_html"]

_STYLE = (
    "html{font:100%/1.6 'Iowan Old Style','Source Serif 4',Charter,Georgia,'Songti SC','Noto Serif CJK SC',SimSun,"
    "serif;color:#1d2126;background:#fff;color-scheme:light dark}"
    "body{max-width:66ch;margin:3rem auto;padding:0 1.25rem}h2{font-size:1.12rem;margin:1.8em 0 .5em}"
    "p,ul{margin:0 0 1em}ul{padding-left:1.25rem}li{margin:.35em 0}"
    ".reference{color:#a3231b;border:1px solid;padding:.4rem .8rem;font-size:.9rem}"
    ".zh{color:#5a606a;font-size:.93rem;margin-top:-.8em}"
    "@media (prefers-color-scheme:dark){html{background:#1b1e22;color:#e7e4dc}.zh{color:#a3a8b0}.reference{color:#ff9c8f}}"
    "@page{margin:22mm 24mm}@media print{body{margin:0;max-width:none;padding:0;font-size:11pt}}"
)


def letter_html(document: Document) -> str:
    """The letter alone."""
    body = []
    for part in document.parts:
        lines = [escape(line) for line in part.lines]
        if part.kind == "heading":
            body.append(f"<h2>{lines[0]}</h2>")
        elif part.kind == "list":
            body.append("<ul>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + "</ul>")
        else:
            body.append("<p>" + "<br>\n".join(lines) + "</p>")
    return _page(document.title, "en", "\n".join(body))


def bilingual_html(document: Document, twins: tuple[Twin, ...]) -> str:
    """Each passage with its Chinese beneath, marked as no letter."""
    body = [f'<p class="reference"><span lang="zh-Hans">{REFERENCE_ZH}</span> {REFERENCE_EN}</p>']
    for twin in twins:
        if twin.heading:
            chinese = f' <span lang="zh-Hans">{escape(twin.chinese)}</span>' if twin.chinese else ""
            body.append(f"<h2>{escape(twin.english)}{chinese}</h2>")
        else:
            body.append(f"<p>{_broken(twin.english)}</p>")
            body.append(f'<p class="zh" lang="zh-Hans">{_broken(twin.chinese)}</p>')
    return _page(document.title, "en", "\n".join(body))


def _broken(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.split("\n"))


def _page(title: str, lang: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
