"""What `poa rewrite` and `poa check-rewrite` do once their arguments are read; loaded only then."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poa.errors import InputError, ModelError, PoaError
from poa.rewrite import RewriteReport, check_rewrite
from poa.rewrite.lexicon import add_glossary, glossary_terms
from poa.rewrite.source import read_text

if TYPE_CHECKING:
    from poa.models import ChatModel
    from poa.rewrite.walk import Rewriting

__all__ = ["Wishes", "check_one", "check_requests", "report_lines", "rewrite_summary"]


@dataclass(frozen=True)
class Wishes:
    """The options of `poa rewrite`."""

    model: str | None
    base_url: str | None
    timeout_s: float | None
    names: Path | None
    glossary: Path | None
    mask: bool
    force: bool
    lang: str
    as_json: bool


def rewrite_summary(summary: Path, out: Path | None, wishes: Wishes) -> int:
    """Rewrites a summary, saves and prints what came of it, and returns the exit status."""
    from poa.models import open_model
    from poa.rewrite.walk import UnfinishedRewritingError

    text = read_text(summary, "summary")
    if out is not None and out.exists() and not wishes.force:
        raise InputError(f"{out}: the file exists. Name another with -o, or write over it with --force.")
    choice = open_model(wishes.model, wishes.base_url)
    _tell(str(choice))
    if choice.model is None:
        raise InputError(
            "A rewriting needs a model, and there is none here: `poa models` says how to get one. English written by "
            f"hand is checked with: poa check-rewrite {summary} ENGLISH"
        )
    try:
        rewriting = asyncio.run(_rewritten(text, choice.model, wishes))
    except UnfinishedRewritingError as error:
        saved = _saved(error.rewriting, out) if out is not None else None
        raise ModelError(
            f"{error}{f' What had come is saved in {saved}, unchecked.' if saved else ''}"
        ) from error
    saved = _saved(rewriting, out) if out is not None else None
    if wishes.as_json:
        _print(
            json.dumps(
                {**rewriting.to_json(), "saved": str(saved) if saved else None}, ensure_ascii=False, indent=1
            )
        )
    elif out is None:
        sys.stdout.write(rewriting.marked())
    _tell(_outcome(rewriting, saved, wishes.lang))
    return 0 if rewriting.ok else 1


async def _rewritten(text: str, model: ChatModel, wishes: Wishes) -> Rewriting:
    from poa.rewrite.walk import arewrite

    if not wishes.mask and not model.on_this_machine:
        raise InputError(
            "--no-mask sends names and order IDs as they are: it is for a model on this machine only."
        )
    try:
        return await arewrite(
            text,
            model,
            glossary=glossary_terms(wishes.glossary),
            names=_name_pairs(wishes.names),
            lexicon=add_glossary(wishes.glossary),
            mask_values=wishes.mask,
            timeout_s=wishes.timeout_s,
            on_progress=lambda done, of: _tell(f"  {done} of {of} sentences"),
        )
    finally:
        await model.aclose()


def _saved(rewriting: Rewriting, out: Path) -> Path:
    try:
        out.write_text(rewriting.marked(), "utf-8")
    except OSError as error:
        raise InputError(
            f"{out}: the English cannot be saved there ({error.strerror}). Name another file with -o."
        ) from None
    return out


def _outcome(rewriting: Rewriting, saved: Path | None, lang: str) -> str:
    """The summary for a person: how many sentences are proved, and each that is not beside its Chinese."""
    wrong = [s for s in rewriting.sentences if s.faults or not s.english]
    hinted = [s for s in rewriting.sentences if s.findings and s not in wrong]
    right = len(rewriting.sentences) - len(wrong)
    lines = [
        f"{right} of {len(rewriting.sentences)} sentences say what the Chinese says ({rewriting.seconds:.0f} s)."
    ]
    if lang == "zh":
        lines = [f"共{len(rewriting.sentences)}句,{right}句与中文一致({rewriting.seconds:.0f}秒)。"]
    for sentence in wrong:
        lines += ["", f"{sentence.zh.id}  中文 {sentence.zh.text}", f"   EN  {sentence.english or '-'}"]
        lines += [
            f"       {f.message_zh if lang == 'zh' else f.message} [{f.code}]" for f in sentence.findings
        ]
    for sentence in hinted:
        lines += ["", f"{sentence.zh.id}  中文 {sentence.zh.text}", f"   EN  {sentence.english}"]
        lines += [f"    ?  {f.message_zh if lang == 'zh' else f.message}" for f in sentence.findings]
    if saved is not None and wrong:
        lines += [
            "",
            f"已保存为“未核对”:{saved}"
            if lang == "zh"
            else f"Saved as unchecked, the faults marked: {saved}",
        ]
    elif saved is not None:
        lines += [f"已保存:{saved}" if lang == "zh" else f"Saved: {saved}"]
    return "\n".join(lines)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _name_pairs(path: Path | None) -> dict[str, str]:
    """The user's names: `陈立 = Chen Li`, or a name alone that stays as it is."""
    pairs = (line.partition("=") for line in _names(path))
    return {zh.strip(): (en.strip() or zh.strip()) for zh, _, en in pairs}


def check_one(
    zh: Path, en: Path, names: Path | None, glossary: Path | None, *, lang: str, as_json: bool
) -> int:
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
        raise InputError(
            f'{source}:{number}: a request is a JSON object with "id", "zh" or "zh_text", "en" or "en_text".'
        )
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
