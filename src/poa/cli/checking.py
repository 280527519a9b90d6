"""What `poa check` does once its arguments are read; loaded only then, so that `--help` stays quick."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from poa.checks import CheckReport, check_outline
from poa.errors import InputError, PoaError
from poa.facts import load_case
from poa.outline import Outline, build_outline
from poa.report import render_report

__all__ = ["check_batch", "check_one", "read_letter_file"]

MAX_LETTER_BYTES = 4_000_000


def read_letter_file(path: Path) -> str:
    """The letter's text; `InputError` says what is wrong with the file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such letter. Name an existing text file.") from None
    except OSError as error:
        raise InputError(f"{path}: the letter cannot be read ({error.strerror}).") from None
    if len(data) > MAX_LETTER_BYTES:
        raise InputError(
            f"{path}: the letter is larger than 4 MB, which no letter is. Name a plain text file."
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: the letter is no text file in UTF-8. Save it as plain text (UTF-8).")


def check_one(facts: Path, letter: Path, lang: str, as_json: bool, pack_dir: Path | None = None) -> int:
    """Checks one letter, prints its report, and returns the exit status."""
    outline = build_outline(load_case(facts, pack_dir))
    text = read_letter_file(letter)
    report = check_outline(outline, text)
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))  # noqa: T201
    else:
        print(render_report(report, outline, text, lang, color=sys.stdout.isatty()))  # noqa: T201
    return 0 if report.ok else 1


def check_batch(requests: Path) -> int:
    """Answers each line of a file of requests with one JSON line, in order; 1 when any letter fails.

    A request that cannot be answered says so in its own line (`error`) and stops nothing; the status is then 2.
    """
    try:
        lines = requests.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{requests}: the requests cannot be read ({error}).") from None
    outlines: dict[str, Outline] = {}
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        answer = _answer(line, number, requests, outlines)
        if "error" in answer:
            status = 2
        elif not answer["ok"] and status == 0:
            status = 1
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return status


def _answer(line: str, number: int, source: Path, outlines: dict[str, Outline]) -> dict[str, Any]:
    request: Any = None
    try:
        request = json.loads(line)
        if not isinstance(request, dict) or not isinstance(request.get("facts"), str):
            raise InputError(f'{source}:{number}: a request needs "facts" and "letter" or "letter_text".')
        report = _checked(request, number, source, outlines)
    except (PoaError, ValueError) as error:
        known = request.get("id") if isinstance(request, dict) else None
        return {"id": known, "error": str(error)}
    return {"id": request.get("id"), **report.as_json()}


def _checked(request: dict[str, Any], number: int, source: Path, outlines: dict[str, Outline]) -> CheckReport:
    facts = request["facts"]
    if facts not in outlines:
        outlines[facts] = build_outline(
            load_case(source.parent / facts if not Path(facts).is_absolute() else facts)
        )
    text = request.get("letter_text")
    if not isinstance(text, str):
        if not isinstance(request.get("letter"), str):
            raise InputError(f'{source}:{number}: a request needs "letter" (a path) or "letter_text".')
        text = read_letter_file(source.parent / request["letter"])
    return check_outline(outlines[facts], text)
