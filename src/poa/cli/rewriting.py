"""What `poa rewrite` and `poa check-rewrite` do once their arguments are read; loaded only then."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from poa.errors import InputError, PoaError
from poa.rewrite import RewriteReport, check_rewrite
from poa.rewrite.lexicon import add_glossary
from poa.rewrite.source import read_text

__all__ = ["check_one", "check_requests", "report_lines"]


def check_one(zh: Path, en: Path, names: Path | None, glossary: Path | None, *, lang: str, as_json: bool) -> int:
    """Checks one rewriting, prints its report, and returns the exit status."""
    original, english = read_text(zh, "Chinese text"), read_text(en, "English text")
    report = check_rewrite(original, english, names=_names(names), lexicon=add_glossary(glossary))
    if as_json:
        _print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        _print("\n".join(report_lines(report, original, english, lang)))
    return 0 if report.ok else 1


def check_requests(requests: Path, names: Path | None, glossary: Path | None) -> int:
    """Answers each line of a file of requests with one JSON line, in order; 1 when any rewriting fails.

    A request that cannot be answered says so in its own line (`error`) and stops nothing; the status is then 2.
    """
    try:
        lines = requests.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{requests}: the requests cannot be read ({error}).") from None
    allowed, lexicon = _names(names), add_glossary(glossary)
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        request: Any = None
        answer: dict[str, Any]
        try:
            request = json.loads(line)
            zh, en = (_text(request, key, number, requests) for key in ("zh", "en"))
            report = check_rewrite(zh, en, names=allowed, lexicon=lexicon)
            answer = {"id": request.get("id"), **report.to_json()}
            status = status or (0 if report.ok else 1)
        except (PoaError, ValueError) as error:
            answer = {"id": request.get("id") if isinstance(request, dict) else None, "error": str(error)}
            status = 2
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return status


def _text(request: Any, key: str, number: int, source: Path) -> str:
    if not isinstance(request, dict):
        raise InputError(f'{source}:{number}: a request is a JSON object with "id", "zh" or "zh_text", "en" or "en_text".')
    given = request.get(f"{key}_text")
    if isinstance(given, str):
        return given
    path = request.get(key)
    if not isinstance(path, str):
        raise InputError(f'{source}:{number}: a request needs "{key}" (a path) or "{key}_text".')
    return read_text(source.parent / path, f"text of {key}")


def _names(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    return tuple(line.strip() for line in read_text(path, "list of names").splitlines() if line.strip())


def report_lines(report: RewriteReport, zh: str, en: str, lang: str) -> list[str]:
    """The findings for a person: each with its place, its words, and the Chinese beside it."""
    if not report.findings:
        return ["中英文内容一致。" if lang == "zh" else "The English says what the Chinese says."]
    lines = []
    for finding in report.findings:
        place = f"{en.count(chr(10), 0, finding.start) + 1}: " if finding.start is not None else ""
        lines.append(f"{place}{finding.message_zh if lang == 'zh' else finding.message} [{finding.code}]")
        if finding.start is not None:
            lines.append(f"    EN  {_around(en, finding.start, finding.end or finding.start)}")
        if finding.zh_start is not None:
            lines.append(f"    中文 {_around(zh, finding.zh_start, finding.zh_end or finding.zh_start)}")
    errors = sum(f.severity == "error" for f in report.findings)
    lines.append(f"共{errors}处不一致。" if lang == "zh" else f"{errors} fault{'s' if errors != 1 else ''}.")
    return lines


def _around(text: str, start: int, end: int) -> str:
    """The sentence around a place, on one line."""
    stops = "。！？!?；;\n" if any("\u4e00" <= c <= "\u9fff" for c in text[start:end]) else ".!?\n"
    first = max((text.rfind(c, 0, start) for c in stops), default=-1) + 1
    last = min((n for n in (text.find(c, end) for c in stops) if n >= 0), default=len(text) - 1) + 1
    return " ".join(text[first:last].split())


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
