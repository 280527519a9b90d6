"""What `poa check` does once its arguments are read; loaded only then, so that `--help` stays quick."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poa.checks import CheckReport, check_outline
from poa.errors import InputError, PoaError
from poa.facts import load_case
from poa.outline import Outline, build_outline
from poa.report import render_report

if TYPE_CHECKING:
    from poa.dismissals import Reviewed
    from poa.facts import Case
    from poa.second_opinion import SecondOpinion

__all__ = ["Acceptance", "check_batch", "check_one", "read_letter_file"]

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


@dataclass(frozen=True)
class Acceptance:
    """A finding to accept, by its fingerprint, with the reason and the name of who accepts it."""

    fingerprint: str
    reason: str
    who: str


def check_one(
    facts: Path,
    letter: Path,
    lang: str,
    as_json: bool,
    pack_dir: Path | None = None,
    accept: Acceptance | None = None,
    judge: str | None = None,
    base_url: str | None = None,
) -> int:
    """Checks one letter, prints its report, and returns the exit status.

    With `judge`, that model's opinion stands behind the findings; what stops it is told on standard error and
    changes nothing. With `accept`, that finding is written to the file of dismissals first.
    """
    if lang not in ("en", "zh"):
        raise InputError(f"--lang {lang}: findings can be read in en (English) or zh (Chinese).")
    case = load_case(facts, pack_dir)
    outline = build_outline(case)
    text = read_letter_file(letter)
    report = check_outline(outline, text)
    more: dict[str, Any] = {}
    if judge is not None:
        opinion = _opinion(case, outline, report, text, judge, base_url)
        report, more["judge"] = opinion.report, opinion.as_json()
        if opinion.failure:
            told = opinion.failure_zh if lang == "zh" else opinion.failure
            print(f"{told} ({opinion.judged}/{opinion.items})", file=sys.stderr)  # noqa: T201
    reviewed = _reviewed(report, outline, text, letter, accept)
    if as_json:
        document = {**_as_json(reviewed, outline, text), **more}
        print(json.dumps(document, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        print(render_report(reviewed, outline, text, lang, color=_in_color()))  # noqa: T201
    return 0 if reviewed.report.ok else 1


def _in_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _opinion(
    case: Case, outline: Outline, report: CheckReport, text: str, spec: str, base_url: str | None
) -> SecondOpinion:
    import asyncio

    from poa.models import open_model
    from poa.models.cache import CachedModel
    from poa.second_opinion import SecondOpinion, second_opinion
    from poa.skeleton import build_skeleton

    chosen = open_model(spec, base_url).model
    if chosen is None:
        raise InputError(f"--judge {spec}: this names no model. `poa models` lists what can be asked.")
    model = CachedModel(chosen)

    async def ask() -> SecondOpinion:
        try:
            return await second_opinion(report, outline, build_skeleton(case), text, model)
        finally:
            await model.aclose()

    try:
        return asyncio.run(ask())
    except PoaError as error:
        # Facts that no plain letter can be made from yet: the check stands without an opinion.
        return SecondOpinion(
            report, model.name, 0, 0, f"No opinion was asked for: {error}", f"没有征求模型意见：{error}"
        )


def _reviewed(
    report: CheckReport, outline: Outline, text: str, letter: Path | None, accept: Acceptance | None = None
) -> Reviewed:
    """The report with the dismissals beside the letter applied, after the one to be accepted was added."""
    from poa.dismissals import Reviewed, apply_dismissals, dismiss, dismissals_path, load_dismissals

    if letter is None:
        return Reviewed(report)
    path = dismissals_path(letter)
    entries = load_dismissals(path)
    if accept is not None:
        from poa.dismissals import write_dismissals

        new = dismiss(report, outline, text, accept.fingerprint, accept.reason, accept.who)
        entries = (*(e for e in entries if e.fingerprint != new.fingerprint), new)
        write_dismissals(path, entries)
        print(f"Accepted and written to {path}.", file=sys.stderr)  # noqa: T201
    return apply_dismissals(report, outline, text, entries) if entries else Reviewed(report)


def _as_json(reviewed: Reviewed, outline: Outline, text: str) -> dict[str, Any]:
    """The report; a finding that can be dismissed has a `fingerprint`, and `dismissed` and `lapsed` stand where
    the file of dismissals has entries."""
    from poa.dismissals import fingerprint, why_not

    document = reviewed.report.as_json()
    for shown, found in zip(document["findings"], reviewed.report.findings, strict=True):
        if why_not(found, outline) is None:
            shown["fingerprint"] = fingerprint(found, outline, text)
    if reviewed.dismissed or reviewed.lapsed:
        document["dismissed"] = [
            {
                **found.as_json(),
                "fingerprint": e.fingerprint,
                "reason": e.reason,
                "who": e.who,
                "date": e.date,
            }
            for found, e in reviewed.dismissed
        ]
        document["lapsed"] = [entry.as_json() for entry in reviewed.lapsed]
    return document


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
        answer = _checked(request, number, source, outlines)
    except (PoaError, ValueError) as error:
        known = request.get("id") if isinstance(request, dict) else None
        return {"id": known, "error": str(error)}
    return {"id": request.get("id"), **answer}


def _checked(
    request: dict[str, Any], number: int, source: Path, outlines: dict[str, Outline]
) -> dict[str, Any]:
    facts = request["facts"]
    if facts not in outlines:
        outlines[facts] = build_outline(
            load_case(source.parent / facts if not Path(facts).is_absolute() else facts)
        )
    text, letter = request.get("letter_text"), None
    if not isinstance(text, str):
        if not isinstance(request.get("letter"), str):
            raise InputError(f'{source}:{number}: a request needs "letter" (a path) or "letter_text".')
        letter = source.parent / request["letter"]
        text = read_letter_file(letter)
    outline = outlines[facts]
    return _as_json(_reviewed(check_outline(outline, text), outline, text, letter), outline, text)
