"""What an interview leaves behind: what is still open, what evidence to gather, what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poa.facts import Case, load_case
from poa.interview.words import is_todo, say, todo_state
from poa.interview.writing import FACTS
from poa.lined_yaml import Place, parse_yaml, read_text
from poa.outline import build_outline

__all__ = ["Open", "Outcome", "outcome", "outcome_text"]

_SHOWN_OPTIONAL = 6


@dataclass(frozen=True)
class Open:
    """Something that the facts do not say yet, and what the seller said about it."""

    path: str
    required: bool
    state: str  # unknown | later | open
    question: str


@dataclass(frozen=True)
class Outcome:
    """The result of a sitting. `english` are the Chinese texts whose English is not there yet."""

    facts: Path
    pack: str
    complete: bool
    open: tuple[Open, ...]
    english: tuple[str, ...]
    evidence: tuple[str, ...]
    next_command: str

    def to_json(self) -> dict[str, Any]:
        """The JSON document of `poa new`."""
        return {
            "facts": str(self.facts),
            "pack": self.pack,
            "complete": self.complete,
            "open": [vars(item) for item in self.open],
            "english_missing": list(self.english),
            "evidence": list(self.evidence),
            "next": self.next_command,
        }


def outcome(folder: Path, lang: str) -> Outcome:
    """The outcome of the interview in a folder, read from what was saved."""
    facts = folder / FACTS
    case = load_case(facts)
    data = parse_yaml(read_text(facts), FACTS).data
    english: list[str] = []
    opened: list[Open] = []
    asked_for = _groups_asked_for(case)
    for question in (*case.questions(), *build_outline(case).questions):
        if question.path.endswith("_en"):
            english.append(question.path)
            continue
        if asked_for.get(question.path, set()) & {item.path for item in opened}:
            continue  # the list that answers this demand is open itself
        if question.path.startswith("notice.demands"):
            asked = question.why_zh if lang == "zh" else question.why_en
        else:
            asked = question.question_zh if lang == "zh" else question.question_en
        opened.append(Open(question.path, question.required, _state(data, question.path), asked))
    # A value that was left out on purpose is no open question, unless the letter cannot do without it.
    opened = [item for item in opened if item.required or item.state != "left out"]
    complete = not any(item.required for item in opened)
    where = shlex.quote(str(folder))
    command = f"poa draft {shlex.quote(str(facts))}" if complete else f"poa new {where}"
    return Outcome(
        facts,
        case.pack,
        complete,
        tuple(sorted(opened, key=lambda item: not item.required)),
        tuple(english),
        tuple(_evidence(case, folder, lang)),
        command,
    )


def _groups_asked_for(case: Case) -> dict[str, set[str]]:
    """For each demand of the notification, the lists that would answer it."""
    pack = case.load_pack()
    kinds = {kind.id: kind for kind in pack.demands}
    demands = build_outline(case, pack).demands
    return {
        f"notice.demands[{n}]": set(kinds[demand.kind].answered_by) if demand.kind in kinds else set()
        for n, demand in enumerate(demands)
    }


def _state(data: Any, path: str) -> str:
    at = data
    for step in _steps(path):
        if isinstance(step, int):
            at = at[step] if isinstance(at, list) and step < len(at) else ...
        else:
            at = at.get(step, ...) if isinstance(at, Mapping) else ...
        if at is ...:
            return "open"
    if is_todo(at):
        return todo_state(at)
    return "left out" if at is None or at == [] else "open"


def _steps(path: str) -> Place:
    parts = path.replace("]", "").replace("[", ".").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _evidence(case: Case, folder: Path, lang: str) -> Iterator[str]:
    for attachment in case.attachments or ():
        if attachment.file is None:
            yield say("evidence_file", lang, id=attachment.id, title=attachment.title or "")
        elif not (folder / attachment.file).is_file():
            yield say(
                "evidence_missing", lang, id=attachment.id, title=attachment.title or "", file=attachment.file
            )
    for action in case.actions_taken or ():
        if not action.evidence and action.statement:
            yield say("evidence_action", lang, id=action.id, statement=_short(action.statement))
    for violation in case.violations or ():
        if violation.statement:
            yield say("evidence_violation", lang, id=violation.id, statement=_short(violation.statement))
    pack = case.load_pack()
    kinds = {kind.id: kind for kind in pack.demands if "attachments" in kind.answered_by}
    for demand in build_outline(case, pack).demands:
        kind = kinds.get(demand.kind)
        if kind is None or any(name.startswith("E") for name in demand.answered_by):
            continue
        if kind.settled_when_none and getattr(case, kind.settled_when_none, None) == ():
            continue
        yield say("evidence_demand", lang, demand=demand.text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def outcome_text(result: Outcome, lang: str) -> str:
    """The outcome as a person reads it at the end of a sitting."""
    lines = ["", say("written", lang, file=result.facts), ""]
    if result.open:
        lines.append(say("open", lang))
        optional = 0
        for item in result.open:
            if not item.required:
                optional += 1
                if optional > _SHOWN_OPTIONAL:
                    continue
            must = say("must" if item.required else "may", lang)
            state = say(f"state_{item.state if item.state in ('unknown', 'later') else 'open'}", lang)
            lines.append(f"  - [{must}; {state}] {item.path}: {item.question}")
        if optional > _SHOWN_OPTIONAL:
            lines.append(f"  {say('more_open', lang, n=optional - _SHOWN_OPTIONAL)}")
    if result.complete:
        lines.append(say("nothing_open", lang))
    if result.english:
        lines += ["", say("english", lang, n=len(result.english))]
    lines.append("")
    if result.evidence:
        lines.append(say("evidence", lang))
        lines += [f"  - {item}" for item in result.evidence]
    else:
        lines.append(say("no_evidence", lang))
    name = "next_draft" if result.complete else "next_again"
    return "\n".join([*lines, "", say(name, lang, command=result.next_command)])
