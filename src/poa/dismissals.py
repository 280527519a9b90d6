"""Findings that a person has accepted, with the reason, in a file beside the letter.

`letter.txt` has `letter.dismissed.yaml`. An entry holds for one finding on one sentence against one fact: when
the sentence or the fact changes, it lapses and is reported as lapsed. What a letter admits, and the values in it,
cannot be dismissed at all: there the letter is made right, or the facts are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from poa.checks import CheckReport, Finding, ItemResult
from poa.errors import Fault, FaultyFile, InputError
from poa.lined_yaml import UnreadableYaml, read_yaml
from poa.outline import Outline, RequiredItem
from poa.values import find_values

__all__ = [
    "Dismissal",
    "Lapsed",
    "Reviewed",
    "apply_dismissals",
    "dismiss",
    "dismissals_path",
    "fingerprint",
    "load_dismissals",
    "why_not",
    "write_dismissals",
]

_FIELDS = ("fingerprint", "code", "item", "sentence", "fact", "reason", "who", "date")
_NEEDED = ("fingerprint", "sentence", "fact", "reason", "who", "date")
_MOST_REASON = 500

_ADMITTING = frozenset({"admission", "policy", "none", "listing", "apology"})
_ADMISSION_CODES = frozenset(
    {"weakened_admission", "denied_admission", "shifted_blame", "conditional_apology", "wrong_policy"}
)
_VALUE_CODES = frozenset({"altered_value", "swapped_values", "invented_value", "tampered_quote"})

# A full stop behind one of these ends no sentence.
_SHORT_FORMS = r"(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)(?<!\bNo)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)"
_END = re.compile(rf"(?:[!?]|{_SHORT_FORMS}\.)[\"”’')\]]*\s+(?=[\"“‘'(]?[A-Z0-9])|\n+")


@dataclass(frozen=True)
class Dismissal:
    """One accepted finding; `sentence` and `fact` are what it was accepted for, `date` is ISO."""

    fingerprint: str
    code: str
    item: str
    sentence: str
    fact: str
    reason: str
    who: str
    date: str

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in the file; no item is None."""
        return {**asdict(self), "item": self.item or None}


@dataclass(frozen=True)
class Lapsed:
    """An entry of the file that holds no longer, and why, in English and Chinese."""

    dismissal: Dismissal
    why: str
    why_zh: str

    def as_json(self) -> dict[str, Any]:
        """The entry with the reason for which it lapsed."""
        return {**self.dismissal.as_json(), "why": self.why, "why_zh": self.why_zh}


@dataclass(frozen=True)
class Reviewed:
    """A report without what was dismissed, and what became of each entry of the file."""

    report: CheckReport
    dismissed: tuple[tuple[Finding, Dismissal], ...] = ()
    lapsed: tuple[Lapsed, ...] = ()


def dismissals_path(letter: Path) -> Path:
    """The file of dismissals beside the letter: `letter.txt` has `letter.dismissed.yaml`."""
    return letter.with_name(f"{letter.stem}.dismissed.yaml")


def fingerprint(found: Finding, outline: Outline, letter: str) -> str:
    """Twelve hexadecimal digits that change with the finding's code, item, place, sentence and fact."""
    place = "" if found.start is None else letter[found.start : found.end]
    parts = [found.code, found.item, _plain(place), _sentence(found, letter), _fact(found, outline)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def why_not(found: Finding, outline: Outline) -> tuple[str, str] | None:
    """Why the finding cannot be dismissed, in English and Chinese; None when it can."""
    item = _item(found, outline)
    # In a letter that disputes the notice, a forbidden phrase is an admission.
    admits = found.code == "forbidden_tone" and outline.stance == "deny"
    if admits or found.code in _ADMISSION_CODES or (item is not None and item.kind in _ADMITTING):
        return (
            "it is about what the letter admits (the deeds, the policies, the stated lists or the apology). Say it "
            "in the letter as the facts say it, or correct the facts.",
            "它涉及信中承认的内容（行为、政策、“没有”的声明或道歉）。请按事实写入信中，或更正事实文件。",
        )
    if found.code in _VALUE_CODES or _is_about_a_value(found, item):
        return (
            "it is about a value (a date, a number, an ID, a name or a quotation). Write the value of the facts, or "
            "correct the facts.",
            "它涉及具体数值（日期、数字、编号、名称或引文）。请写入事实中的数值，或更正事实文件。",
        )
    if found.code == "too_long":
        return (
            "the rest of the letter was not read. Shorten the letter.",
            "信件其余部分未被检查。请缩短信件。",
        )
    return None


def apply_dismissals(
    report: CheckReport, outline: Outline, letter: str, dismissals: Sequence[Dismissal]
) -> Reviewed:
    """The report without the dismissed findings; an entry that meets no finding has lapsed.

    An item whose errors are all dismissed counts as kept, so that the items agree with the verdict.
    """
    entries = {entry.fingerprint: entry for entry in dismissals}
    kept: list[Finding] = []
    dismissed: list[tuple[Finding, Dismissal]] = []
    refused: dict[str, tuple[str, str]] = {}
    for found in report.findings:
        mark = fingerprint(found, outline, letter) if entries else ""
        entry = entries.get(mark)
        reason = why_not(found, outline) if entry is not None else None
        if entry is None or reason is not None:
            kept.append(found)
            if reason is not None:
                refused[mark] = (
                    f"this finding cannot be dismissed: {reason[0]}",
                    f"此问题不能被接受：{reason[1]}",
                )
        else:
            dismissed.append((found, entry))
    met = {entry.fingerprint for _, entry in dismissed}
    lapsed = tuple(
        Lapsed(entry, *(refused.get(entry.fingerprint) or _why_lapsed(entry, outline, letter)))
        for entry in dismissals
        if entry.fingerprint not in met
    )
    items = _items_without(report, kept, dismissed)
    return Reviewed(CheckReport(items, tuple(kept)), tuple(dismissed), lapsed)


def dismiss(
    report: CheckReport,
    outline: Outline,
    letter: str,
    mark: str,
    reason: str,
    who: str,
    today: dt.date | None = None,
) -> Dismissal:
    """The entry that accepts the finding (or findings, where the same stands twice) of that fingerprint.

    Raises `InputError` when there is none, when it cannot be dismissed, or when reason or name is empty.
    """
    reason, who = " ".join(reason.split()), " ".join(who.split())
    if not reason or not who:
        raise InputError("A dismissal needs a reason and a name: add --reason and --who.")
    if len(reason) > _MOST_REASON:
        raise InputError(f"--reason has {len(reason)} characters: say it in at most {_MOST_REASON}.")
    wanted = mark.strip().lower()
    found = next((f for f in report.findings if fingerprint(f, outline, letter) == wanted), None)
    if found is None:
        raise InputError(
            f"No finding of this letter has the fingerprint {mark}: run `poa check` again and copy it from there."
        )
    refusal = why_not(found, outline)
    if refusal is not None:
        raise InputError(f"{found.code} ({found.item or 'letter'}) cannot be dismissed: {refusal[0]}")
    day = (today or dt.date.today()).isoformat()
    sentence, fact = _sentence(found, letter), _fact(found, outline)
    return Dismissal(wanted, found.code, found.item or "", sentence, fact, reason, who, day)


def load_dismissals(path: Path) -> tuple[Dismissal, ...]:
    """The entries of the file, none when there is no file; raises `FaultyFile` with every fault in it."""
    if not path.exists():
        return ()
    try:
        document = read_yaml(path)
    except UnreadableYaml as problem:
        raise FaultyFile(problem.faults) from None
    data = document.data if document.data is not None else {}
    entries = data.get("dismissed") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        if data == {}:
            return ()
        raise FaultyFile([document.fault((), "must hold a list called `dismissed`; see `poa check --help`")])
    faults: list[Fault] = []
    read: list[Dismissal] = []
    for n, entry in enumerate(entries):
        place = ("dismissed", n)
        if not isinstance(entry, dict):
            faults.append(document.fault(place, "must hold fingerprint, reason, who and date"))
            continue
        texts = {key: value for key, value in entry.items() if isinstance(value, str)}
        faults += [
            document.fault((*place, key), "is missing: run `poa check --dismiss` to write an entry")
            for key in _NEEDED
            if not texts.get(key, "").strip() and (key not in ("sentence", "fact") or key not in entry)
        ]
        read.append(Dismissal(*(texts.get(key, "") for key in _FIELDS)))
    if faults:
        raise FaultyFile(faults)
    return tuple(read)


def write_dismissals(path: Path, dismissals: Sequence[Dismissal]) -> None:
    """Writes the whole file at once; the later of two entries of one fingerprint counts.

    Raises `InputError` when it cannot be written; what stood there before is then unharmed.
    """
    import yaml

    newest = {entry.fingerprint: entry for entry in dismissals}
    text = "# Findings of `poa check` that a person accepted. An entry lapses when its sentence or fact changes.\n"
    text += yaml.safe_dump(
        {"dismissed": [asdict(entry) for entry in newest.values()]},
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
    half: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
        ) as file:
            half = Path(file.name)
            file.write(text)
        half.replace(path)
    except OSError as error:
        if half is not None:
            half.unlink(missing_ok=True)
        raise InputError(
            f"{path}: the dismissal cannot be written ({error.strerror}). Make the folder writable."
        ) from None


# ---------------------------------------------------------------- sentence and fact


def _sentence(found: Finding, letter: str) -> str:
    """The letter's sentence that holds the place; the whole letter where nothing in it is the place."""
    if found.start is None or found.end is None:
        return f"(the whole letter: {hashlib.sha256(_plain(letter).encode()).hexdigest()[:16]})"
    cuts = [0, *(cut.end() for cut in _END.finditer(letter)), len(letter)]
    start = max(cut for cut in cuts if cut <= found.start)
    end = min((cut for cut in cuts if cut >= found.end), default=len(letter))
    return _plain(letter[start:end])


def _fact(found: Finding, outline: Outline) -> str:
    """All that the facts say of the item, or what the finding holds against the letter where it has none."""
    item = _item(found, outline)
    if item is None:
        return _plain(found.fact)
    details = [f"{detail.name}: {detail.text}" for detail in item.details]
    return _plain("; ".join(part for part in (item.statement, *details) if part))


def _item(found: Finding, outline: Outline) -> RequiredItem | None:
    return next((item for item in outline.items if item.id == found.item), None)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_about_a_value(found: Finding, item: RequiredItem | None) -> bool:
    """Whether what is left out is a value: then the finding's fact is that value, not the item's statement."""
    if found.code != "missing_detail":
        return False
    if found.fact not in ("", item.statement if item else ""):
        return True
    # What it quotes from the letter in its message may hold a value too.
    return bool(find_values(found.message))


def _why_lapsed(entry: Dismissal, outline: Outline, letter: str) -> tuple[str, str]:
    whole = entry.sentence.startswith("(the whole letter: ")
    same_letter = _sentence(Finding("", "error", None, "", ""), letter) == entry.sentence
    if not (same_letter if whole else entry.sentence in _plain(letter)):
        return "the sentence it was accepted for has changed", "所接受的句子已被修改"
    if entry.item and _fact(Finding("", "error", entry.item, "", ""), outline) != entry.fact:
        return "the fact it was accepted against has changed", "对应的事实已被修改"
    return "the check no longer objects there; the entry can be deleted", "检查已不再提出此问题，可删除该条目"


def _items_without(
    report: CheckReport, kept: Sequence[Finding], dismissed: Sequence[tuple[Finding, Dismissal]]
) -> tuple[ItemResult, ...]:
    accepted = {found.item for found, _ in dismissed if found.severity == "error"}
    wrong = {found.item for found in kept if found.severity == "error"}
    return tuple(
        replace(item, status="kept") if item.id in accepted - wrong else item for item in report.items
    )
