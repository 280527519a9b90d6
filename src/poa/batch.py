"""Many cases, one after another and many at once: each gets its letter, whatever becomes of the others.

What is done is known by what is there: a case whose draft folder holds a finished draft of the facts as they
are now is not drafted again, and the reply cache holds every reply that came before a run was stopped. So a run
that was killed needs nothing but to be started again.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from poa.errors import CheckFailed, InputError, ModelError, PoaError
from poa.runs import FinishedDraft, clear_half_written, free_folder, load_draft, write_draft

if TYPE_CHECKING:
    from poa.batch_workers import Workers
    from poa.draft import Draft
    from poa.models.base import ChatModel

__all__ = [
    "CaseFile",
    "CaseOutcome",
    "Totals",
    "draft_case",
    "draft_cases",
    "draft_one",
    "exit_status",
    "find_cases",
    "finished_draft",
    "kept_outcome",
    "outcome_of",
    "outcomes_csv",
    "outcomes_json",
    "outcomes_table",
    "total",
    "unusable",
    "write_case",
]

Status = Literal["drafted", "unpolished", "check-failed", "unusable", "waiting"]

# Longer than any batch: a letter's own deadline would count the time it waits for its turn.
_NO_DEADLINE_S = 30 * 24 * 3600.0
# A letter has some eight sections, not all of them on their way at once.
_REQUESTS_A_CASE = 3


@dataclass(frozen=True)
class CaseFile:
    """One case to draft: its name in the tables, its facts file, and the folder its draft goes to."""

    name: str
    facts: Path
    folder: Path


@dataclass(frozen=True)
class CaseOutcome:
    """What became of one case. `kept` says that it was done before this run; tokens are those paid in this run.

    `unpolished` is a complete and checked letter in the program's own words, because the model failed for some
    or all of it; `unusable` has no letter; `error` says why. `waiting` is handed in and not answered yet.
    """

    case: str
    status: Status
    kept: bool = False
    letter: str | None = None
    polished: int = 0
    repaired: int = 0
    skeleton: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class Totals:
    """The sums of a batch; `cost_usd` is None when a price is unknown."""

    cases: int
    kept: int
    drafted: int
    unpolished: int
    check_failed: int
    unusable: int
    waiting: int
    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None


OnOutcome = Callable[[CaseOutcome], None]


# ---------------------------------------------------------------- which cases


def find_cases(paths: Iterable[Path], out: Path | None = None) -> tuple[CaseFile, ...]:
    """The cases in these places: facts files, folders that hold a facts.yaml, and folders of such folders.

    A draft goes to `draft` beside its facts.yaml (`NAME-draft` beside NAME.yaml), or into a folder of `out` by
    the case's name. Raises `InputError` for a place that holds no case.
    """
    found: dict[Path, CaseFile] = {}
    taken: set[str] = set()
    for path in paths:
        files = sorted(_facts_files(path))
        if not files:
            raise InputError(
                f"{path} holds no case: name a facts file, a folder with a facts.yaml, or a folder of such folders."
            )
        for facts in files:
            where = facts.resolve()
            if where not in found:
                name = _free_name(_name(facts), taken)
                beside = "draft" if facts.name == "facts.yaml" else f"{facts.stem}-draft"
                folder = out / re.sub(r"[^\w.-]+", "_", name) if out is not None else facts.parent / beside
                found[where] = CaseFile(name, facts, folder)
    return tuple(found.values())


def _facts_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif (path / "facts.yaml").is_file():
        yield path / "facts.yaml"
    elif path.is_dir():
        inside = list(path.rglob("facts.yaml"))
        # facts.en.yaml is the kept English of facts.yaml, and no case.
        yield from inside or (file for file in path.glob("*.yaml") if not file.name.endswith(".en.yaml"))


def _name(facts: Path) -> str:
    named = facts.resolve()
    return named.parent.name if facts.name == "facts.yaml" else named.stem


def _free_name(name: str, taken: set[str]) -> str:
    free, n = name, 2
    while free in taken:
        free, n = f"{name}-{n}", n + 1
    taken.add(free)
    return free


def finished_draft(case: CaseFile) -> FinishedDraft | None:
    """The newest draft of the case that was made from its facts as they are now, or None."""
    try:
        sha256 = hashlib.sha256(case.facts.read_bytes()).hexdigest()
    except OSError:
        return None
    for folder in reversed(list(_draft_folders(case.folder))):
        try:
            draft = load_draft(folder)
            if draft.run["facts"]["sha256"] == sha256:
                return draft
        except (InputError, KeyError, TypeError):
            continue
    return None


def _draft_folders(folder: Path) -> Iterator[Path]:
    n = 2
    wanted = folder
    while folder.is_dir():
        yield folder
        folder, n = wanted.with_name(f"{wanted.name}-{n}"), n + 1


# ---------------------------------------------------------------- drafting them


async def draft_cases(
    cases: Sequence[CaseFile],
    model: ChatModel | None,
    *,
    mask: bool = True,
    concurrency: int = 16,
    requests_per_minute: float | None = None,
    tokens_per_minute: float | None = None,
    request_timeout_s: float | None = None,
    cache: bool = True,
    processes: int | None = None,
) -> AsyncIterator[CaseOutcome]:
    """The outcome of each case as it comes, in no order; those that are done already come first.

    `concurrency` counts requests, over all cases. `processes` is how many to start for all work but the
    requests, by default as many as help; 0 for none. The model is left open.
    """
    replies = None
    asked = model
    if model is not None:
        from poa.models.cache import CachedModel, ReplyCache
        from poa.pace import PacedModel

        model = PacedModel(
            model,
            # A model of one request at a time is this machine's own.
            concurrency=1 if model.concurrency == 1 else concurrency,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            request_timeout_s=request_timeout_s,
        )
        if cache and mask:
            # In front of the pace: what is known waits for nobody's turn.
            replies = ReplyCache()
            model = CachedModel(model, replies)
    places = {case.folder.parent for case in cases}
    clear_half_written(places)
    todo = []
    for case in cases:
        kept = kept_outcome(case, model)
        if kept is not None:
            yield kept
        else:
            todo.append(case)
    at_once = min(max(2, concurrency // _REQUESTS_A_CASE + 2), max(len(todo), 1))
    waiting = iter(todo)
    running: set[asyncio.Task[CaseOutcome]] = set()
    from poa.batch_workers import Workers, warm_up, worth_starting

    workers = Workers(worth_starting(len(todo), model) if processes is None else processes, model, mask)
    try:
        await workers.start()
        if workers.pids:
            # While they load, so that the first request waits for nothing.
            warm_up(asked)
        while True:
            for case in islice(waiting, at_once - len(running)):
                running.add(asyncio.create_task(_drafted(workers, case)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await workers.aclose()
        # Once more: a process of a run that was killed may have written on while this one had begun.
        clear_half_written(places)
        if replies is not None:
            replies.close()


def kept_outcome(case: CaseFile, model: ChatModel | None) -> CaseOutcome | None:
    """The outcome of a case that needs no drafting: it is done, by this model, or its letter was edited since."""
    draft = finished_draft(case)
    if draft is None:
        return None
    if not draft.edited:
        if draft.run.get("model") != ("skeleton" if model is None else model.name):
            return None
        if _incomplete(draft):
            return None
    sections = [section for section in draft.run["sections"] if section.get("polish")]
    ok = bool(draft.check.get("ok"))
    return CaseOutcome(
        case.name,
        "drafted" if ok else "check-failed",
        kept=True,
        letter=str(draft.folder / "letter.txt"),
        **_sources(str(section.get("source")) for section in sections),
        error=None if ok else "The letter fails its check; see check.json.",
    )


def _incomplete(draft: FinishedDraft) -> bool:
    """Whether the model failed for some of the letter, so that another run may do better."""
    return bool(
        draft.run.get("error") or any(section.get("error") for section in draft.run["sections"])
    ) and bool(draft.check.get("ok"))


def _sources(sources: Iterable[str]) -> dict[str, Any]:
    counted = {"polished": 0, "repaired": 0, "skeleton": 0}
    for source in sources:
        counted[source if source in counted else "skeleton"] += 1
    return counted


async def _drafted(workers: Workers, case: CaseFile) -> CaseOutcome:
    started = time.perf_counter()
    try:
        return await workers.draft(case)
    except PoaError as error:
        return unusable(case, error, started)


async def draft_one(case: CaseFile, model: ChatModel | None, mask: bool) -> CaseOutcome:
    """The outcome of the case, drafted and written in this process; nothing that goes wrong is raised."""
    started = time.perf_counter()
    try:
        draft = await draft_case(case, model, mask)
        letter = await asyncio.to_thread(write_case, case, draft)
    except Exception as error:
        return unusable(case, error, started)
    finally:
        if next(_drafted_here) % _CASES_REMEMBERED == 0:
            _forget()
    return outcome_of(case, draft, letter, started)


_drafted_here = count(1)
# What is remembered of a sentence helps its own letter, and the next ones little.
_CASES_REMEMBERED = 50


def _forget() -> None:
    """Empties what is remembered of letters, so that a thousand cases take no more memory than a hundred."""
    for name, module in list(sys.modules.items()):
        # The words of the language are the same in every letter.
        if name.startswith("poa.") and name != "poa.checks.lexicon":
            for remembered in list(vars(module).values()):
                # Those without a bound hold the word lists.
                if hasattr(remembered, "cache_info") and remembered.cache_info().maxsize is not None:
                    remembered.cache_clear()
    _give_back()


def _give_back() -> None:
    """Gives memory that is free back to the system, where the C library holds on to it."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def unusable(case: CaseFile, error: Exception, started: float) -> CaseOutcome:
    """The outcome of a case that came to nothing."""
    if isinstance(error, PoaError):
        return _unusable(case, str(error), started)
    if isinstance(error, OSError):
        return _unusable(case, f"{case.facts}: {error.strerror or type(error).__name__}.", started)
    # A fault of this program's own: the other cases are not to suffer from it, and it is not to be hidden.
    return _unusable(
        case,
        f"{case.facts}: the program failed on it ({type(error).__name__}): please report this.",
        started,
    )


async def draft_case(case: CaseFile, model: ChatModel | None, mask: bool) -> Draft:
    from poa.draft import adraft_letter
    from poa.facts import load_case

    return await adraft_letter(load_case(case.facts), model, mask=mask, timeout_s=_NO_DEADLINE_S)


def write_case(case: CaseFile, draft: Draft) -> Path:
    """The letter's path: in the case's folder, or in the next free one beside what must not be replaced."""
    before = finished_draft(case)
    if before is not None and not before.edited and before.run.get("model") == draft.model:
        # This program's own unpolished letter of the same facts: nobody's work is lost. Its record goes first: a
        # run killed between two of the files must not look like a letter that somebody edited.
        (before.folder / "run.json").unlink()
        return write_draft(draft, before.folder, case.facts, force=True)
    return write_draft(draft, free_folder(case.folder), case.facts)


def _unusable(case: CaseFile, error: str, started: float) -> CaseOutcome:
    return CaseOutcome(case.name, "unusable", error=error, seconds=_since(started))


def outcome_of(case: CaseFile, draft: Draft, letter: Path, started: float) -> CaseOutcome:
    problems = [draft.failure] if draft.failure else list(draft.warnings)
    status: Status = "unpolished" if problems else "drafted"
    if not draft.report.ok:
        status = "check-failed"
        problems = [found.message for found in draft.report.findings if found.severity == "error"]
    return CaseOutcome(
        case.name,
        status,
        letter=str(letter),
        **_sources(section.source for section in draft.sections),
        requests=draft.requests,
        prompt_tokens=draft.paid_prompt_tokens,
        completion_tokens=draft.paid_completion_tokens,
        cost_usd=draft.cost_usd,
        seconds=_since(started),
        error=None if not problems else problems[0] + (f" ({len(problems)} in all)" if problems[1:] else ""),
    )


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


# ---------------------------------------------------------------- what came of them


def total(outcomes: Iterable[CaseOutcome]) -> Totals:
    """The sums over the cases."""
    outcomes = list(outcomes)
    counts = {status: sum(o.status == status for o in outcomes) for status in _STATUSES}
    costs = [o.cost_usd for o in outcomes]
    return Totals(
        cases=len(outcomes),
        kept=sum(o.kept for o in outcomes),
        drafted=counts["drafted"],
        unpolished=counts["unpolished"],
        check_failed=counts["check-failed"],
        unusable=counts["unusable"],
        waiting=counts["waiting"],
        requests=sum(o.requests for o in outcomes),
        prompt_tokens=sum(o.prompt_tokens for o in outcomes),
        completion_tokens=sum(o.completion_tokens for o in outcomes),
        cost_usd=None if None in costs else round(sum(cost or 0.0 for cost in costs), 6),
    )


_STATUSES: tuple[Status, ...] = ("drafted", "unpolished", "check-failed", "unusable", "waiting")


def exit_status(outcomes: Iterable[CaseOutcome]) -> int:
    """0 when every case is drafted; else 2 when one is unusable, else 1 for a failed check, else 3 for the model."""
    statuses = {outcome.status for outcome in outcomes}
    worst = (("unusable", InputError), ("check-failed", CheckFailed), ("unpolished", ModelError))
    return next((error.exit_status for status, error in worst if status in statuses), 0)


def outcomes_json(outcomes: Sequence[CaseOutcome]) -> dict[str, Any]:
    """The outcomes and their sums, for a program."""
    return {"cases": [asdict(outcome) for outcome in outcomes], "total": asdict(total(outcomes))}


def outcomes_csv(outcomes: Iterable[CaseOutcome]) -> str:
    """The outcomes as CSV, one case a line under a line of names."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(CaseOutcome)], lineterminator="\n")
    writer.writeheader()
    for outcome in outcomes:
        writer.writerow({name: _inert(value) for name, value in asdict(outcome).items()})
    return text.getvalue()


def _inert(value: object) -> object:
    # A spreadsheet would take a cell that begins like this for a formula, and names come from outside.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def outcomes_table(outcomes: Sequence[CaseOutcome]) -> str:
    """The outcomes for a reader: a line a case, and the sums."""
    head = ("case", "status", "polished", "repaired", "skeleton", "requests", "tokens", "seconds")
    rows = [
        (
            outcome.case,
            f"{outcome.status}{' (before)' if outcome.kept else ''}",
            str(outcome.polished),
            str(outcome.repaired),
            str(outcome.skeleton),
            str(outcome.requests),
            f"{outcome.prompt_tokens}+{outcome.completion_tokens}",
            f"{outcome.seconds:.1f}",
        )
        for outcome in outcomes
    ]
    widths = [max(_width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(
            _padded(cell, width, n < 2) for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    lines += [f"{outcome.case}: {outcome.error}" for outcome in outcomes if outcome.error]
    sums = total(outcomes)
    cost = "" if not sums.cost_usd else f", {sums.cost_usd:.4f} US dollars"
    waiting = f", {sums.waiting} waiting for their batch" if sums.waiting else ""
    lines.append(
        f"{sums.cases} cases: {sums.drafted} drafted, {sums.unpolished} unpolished, {sums.check_failed} failing"
        f" their check, {sums.unusable} unusable{waiting}; {sums.kept} done before; {sums.requests} requests,"
        f" {sums.prompt_tokens}+{sums.completion_tokens} tokens{cost}."
    )
    return "\n".join(lines)


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, left: bool) -> str:
    gap = " " * (width - _width(text))
    return f"{text}{gap}" if left else f"{gap}{text}"
