"""Runs a suite: every contestant on every case, each draft logged with its raw replies as soon as it is done.

A run that was stopped goes on where it was: drafts that are logged are not made again, and replies that came
are not paid for again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from poa.errors import InputError, ModelError
from poa.evals.contestant import Call, Entrant, Recorder
from poa.evals.log import append, read_run, read_samples, write_run
from poa.evals.metrics import Score
from poa.evals.purse import Purse
from poa.evals.replies import ReplyStore
from poa.evals.scoring import score_draft, score_rewriting
from poa.evals.signature import sample_signature
from poa.evals.suite import Contestant, EvalCase, Suite
from poa.models.base import ChatModel, ChatReply, ChatRequest

if TYPE_CHECKING:
    from poa.draft import Draft

__all__ = ["Outcome", "Plan", "Progress", "Rescored", "at_once", "rescore", "run_suite"]


@dataclass(frozen=True)
class Plan:
    """What a run is to do; `folder` is the run's, `store` the file of kept replies."""

    suite: Suite
    cases: tuple[EvalCase, ...]
    contestants: tuple[Contestant, ...]
    repeats: int
    folder: Path
    store: Path
    concurrency: int


@dataclass(frozen=True)
class Progress:
    """How far a run is; `left_s` is None until a model has written its first draft."""

    done: int
    total: int
    failed: int
    left_s: float | None
    spent_usd: float
    spent_tokens: int
    budget_left: str


@dataclass
class Outcome:
    """What came of a run: drafts made now, found from before, and of how many the model gave nothing."""

    made: int = 0
    found: int = 0
    unanswered: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None
    spent_usd: float = 0.0
    spent_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Rescored:
    """How many drafts were scored again, and how many repairs today's checker wants that no reply is logged for."""

    drafts: int
    unanswered: int


_T = TypeVar("_T")
OnProgress = Callable[[Progress], None]
OpenModel = Callable[[Contestant], ChatModel | None]


@dataclass(frozen=True)
class _Job:
    case: EvalCase
    contestant: Contestant
    repeat: int

    @property
    def id(self) -> str:
        return f"{self.case.name}|{self.contestant.name}|{self.repeat}"


def open_contestant(contestant: Contestant) -> ChatModel | None:
    """The contestant's model, by the rules of `--model`; None for the skeleton."""
    from poa.models import open_model

    return open_model(contestant.settings.model, contestant.settings.base_url).model


async def run_suite(
    plan: Plan, on_progress: OnProgress | None = None, open_with: OpenModel = open_contestant
) -> Outcome:
    """Makes the drafts that the run does not have yet, and returns what came of it.

    Raises `ModelError` when a contestant's model cannot be opened; one that fails later is in the outcome.
    """
    began = time.perf_counter()
    plan.folder.mkdir(parents=True, exist_ok=True)
    _begin(plan)
    done = set(_finished(plan))
    jobs = [job for job in _jobs(plan) if job.id not in done]
    outcome = Outcome(found=len(done))
    purse = Purse(plan.suite.budget)
    answered: dict[str, int] = {}
    pace = _Pace(sum(job.contestant.settings.model != "skeleton" for job in jobs), began)
    async with _entrants(plan, purse, open_with, {job.contestant.name for job in jobs}) as entrants:

        async def work(job: _Job) -> None:
            if purse.empty:
                return
            sample = await _sample(job, entrants.get(job.contestant.name), plan)
            if sample is None:
                return
            append(plan.folder / "samples.jsonl", sample)
            outcome.made += 1
            name = job.contestant.name
            if sample["failure"] is None:
                answered[name] = answered.get(name, 0) + 1
            else:
                outcome.unanswered[name] = sample["failure"]
            if on_progress is not None:
                left_s = pace.left_s(name in entrants, sample)
                on_progress(_progress(outcome, len(jobs), left_s, purse))

        await _by_model(jobs, entrants, work, plan.concurrency)
    outcome.unanswered = {
        name: why for name, why in outcome.unanswered.items() if name not in answered and not _had(done, name)
    }
    if purse.empty:
        outcome.stopped = (
            f"The budget is used up ({purse.spent_usd:.4f} USD, {purse.spent_tokens:,} tokens spent):"
            f" {len(jobs) - outcome.made} drafts are missing. Allow more in the suite and run again."
        )
    outcome.spent_usd, outcome.spent_tokens = purse.spent_usd, purse.spent_tokens
    outcome.seconds = time.perf_counter() - began
    return outcome


async def at_once(work: Callable[[_T], Awaitable[None]], jobs: Iterable[_T], limit: int) -> None:
    """Does the jobs, so many at once; holds no more of them than that, however many there are."""
    waiting = iter(jobs)

    async def worker() -> None:
        for job in waiting:
            await work(job)

    # Not a TaskGroup: an error must leave here as itself, for the command line to tell it.
    workers = [asyncio.create_task(worker()) for _ in range(max(1, limit))]
    try:
        await asyncio.gather(*workers)
    finally:
        for running in workers:
            running.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def rescore(folder: Path, out: Path) -> Rescored:
    """Walks every logged draft again with its raw replies and today's checker, into a new run; nothing is asked.

    A passage that today's checker alone refuses has no repair in the log, and keeps the skeleton's words.
    """
    run = read_run(folder)
    out.mkdir(parents=True, exist_ok=True)
    if (out / "samples.jsonl").exists():
        raise InputError(f"{out} holds a run already: name another folder with -o.")
    suite = Suite.model_validate(run["suite"])
    contestants = {c["name"]: _contestant(c) for c in run["contestants"]}
    cases = {
        c["name"]: EvalCase(c["name"], (folder / c["path"]).resolve(), c["sha256"]) for c in run["cases"]
    }
    plan = Plan(suite, tuple(cases.values()), tuple(contestants.values()), run["repeats"], out, out, 1)
    _begin(plan)
    count = unanswered = 0
    for sample in read_samples(folder):
        if sample["case"] not in cases or sample["contestant"] not in contestants:
            raise InputError(
                f"{folder / 'run.json'} does not name what {sample['id']} is about: run the suite again with"
                " this folder, and score it then."
            )
        job = _Job(cases[sample["case"]], contestants[sample["contestant"]], sample["repeat"])
        calls = [Call.from_json(call) for call in sample["calls"]]
        entrant = None if job.contestant.settings.model == "skeleton" else _Logged(sample["model"], calls)
        scored = await _scored(job, entrant, suite)
        append(out / "samples.jsonl", {**scored, "rescored": True})
        count += 1
        unanswered += 0 if entrant is None else entrant.unanswered
    return Rescored(count, unanswered)


# ---------------------------------------------------------------- the jobs


def _jobs(plan: Plan) -> Iterator[_Job]:
    for repeat in range(plan.repeats):
        for case in plan.cases:
            for contestant in plan.contestants:
                # The skeleton is the same each time.
                if repeat == 0 or contestant.settings.model != "skeleton":
                    yield _Job(case, contestant, repeat)


async def _by_model(
    jobs: Sequence[_Job],
    entrants: Mapping[str, Entrant],
    work: Callable[[_Job], Awaitable[None]],
    concurrency: int,
) -> None:
    """All contestants side by side; one whose model works alone gets one draft at a time."""
    alone = {name for name, entrant in entrants.items() if entrant.model.concurrency == 1}
    together = [job for job in jobs if job.contestant.name not in alone]
    runs = [at_once(work, together, concurrency)]
    # Models on this machine share its cores: one draft after another. Case by case, so that a run that is
    # stopped has the same cases of every model; of a case, those with the same model and prompt in a row, since
    # reading other instructions costs the engine as much as writing a section.
    one_by_one = [job for job in jobs if job.contestant.name in alone]
    seen: dict[object, int] = {}
    one_by_one.sort(key=lambda job: [seen.setdefault(part, len(seen)) for part in _alike(job)])
    runs.append(at_once(work, one_by_one, 1))
    await asyncio.gather(*runs)


def _alike(job: _Job) -> tuple[tuple[object, ...], ...]:
    settings = job.contestant.settings
    return (
        ("draft", job.repeat, job.case.name),
        ("model", settings.model, settings.base_url),
        ("prompt", job.contestant.prompt.name),
    )


def _finished(plan: Plan) -> Iterator[str]:
    """The drafts that are logged with all replies and for the same signature: they stand."""
    wanted = {job.id: job for job in _jobs(plan)}
    for sample in read_samples(plan.folder):
        job = wanted.get(sample["id"])
        if job is None or _has_gaps(sample):
            continue
        if sample["signature"] == sample_signature(job.case, job.contestant, plan.suite.task):
            yield sample["id"]


def _has_gaps(sample: Mapping[str, Any]) -> bool:
    return any(call["reply"] is None for call in sample["calls"]) or sample["failure"] is not None


def _had(done: Iterable[str], name: str) -> bool:
    return any(identity.split("|")[1] == name for identity in done)


@asynccontextmanager
async def _entrants(
    plan: Plan, purse: Purse, open_with: OpenModel, needed: set[str]
) -> AsyncIterator[dict[str, Entrant]]:
    async with AsyncExitStack() as stack:
        store = ReplyStore(plan.store)
        stack.callback(store.close)
        room = asyncio.Semaphore(plan.concurrency)
        models: dict[tuple[str, str | None], ChatModel | None] = {}
        entrants = {}
        for contestant in plan.contestants:
            if contestant.name not in needed:
                continue
            key = (contestant.settings.model, contestant.settings.base_url)
            if key not in models:
                # Two contestants with one model share it: weights are loaded once.
                models[key] = open_with(contestant)
                if (opened := models[key]) is not None:
                    stack.push_async_callback(opened.aclose)
            model = models[key]
            if model is not None:
                purse.refuse_unpriced(model.name)
                entrants[contestant.name] = Entrant(
                    contestant, model, store, purse, room, plan.suite.timeout_s
                )
        yield entrants


def _begin(plan: Plan) -> None:
    """Writes what is run, beside what the folder's drafts of earlier runs are about: `--filter` takes nothing away."""
    before = (
        read_run(plan.folder) if (plan.folder / "run.json").exists() else {"cases": [], "contestants": []}
    )
    cases = [{"name": c.name, "path": _relative(c.path, plan.folder), "sha256": c.sha256} for c in plan.cases]
    contestants = [
        {
            "name": c.name,
            "settings": c.settings.model_dump(mode="json"),
            "prompt": c.prompt.model_dump(mode="json"),
            "templates": c.templates,
        }
        for c in plan.contestants
    ]
    write_run(
        plan.folder,
        {
            "suite": plan.suite.model_dump(mode="json"),
            "cases": _renewed(before["cases"], cases),
            "contestants": _renewed(before["contestants"], contestants),
            "repeats": plan.repeats,
        },
    )


def _renewed(before: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stood there and what is there now, by name: each in its place, in its latest form."""
    return list({entry["name"]: entry for entry in (*before, *now)}.values())


def _contestant(logged: Mapping[str, Any]) -> Contestant:
    from poa.evals.suite import ModelSettings, PromptVariant

    return Contestant(
        logged["name"],
        ModelSettings.model_validate(logged["settings"]),
        PromptVariant.model_validate(logged["prompt"]),
        dict(logged["templates"]),
    )


def _relative(path: Path, folder: Path) -> str:
    import os

    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


class _Pace:
    """The time that the drafts by models still take: a skeleton or a kept reply takes none, and tells nothing."""

    def __init__(self, by_models: int, began: float) -> None:
        self._waiting = by_models
        self._began = began
        self._asked = 0

    def left_s(self, by_model: bool, sample: Mapping[str, Any]) -> float | None:
        """Counts the draft in; None until one was asked for."""
        self._waiting -= by_model
        self._asked += any(not call["cached"] for call in sample["calls"])
        if not self._waiting:
            return 0.0
        return (time.perf_counter() - self._began) / self._asked * self._waiting if self._asked else None


def _progress(outcome: Outcome, total: int, left_s: float | None, purse: Purse) -> Progress:
    return Progress(
        outcome.made,
        total,
        len(outcome.unanswered),
        left_s,
        purse.spent_usd,
        purse.spent_tokens,
        purse.left,
    )


# ---------------------------------------------------------------- one draft


async def _sample(job: _Job, entrant: Entrant | None, plan: Plan) -> dict[str, Any] | None:
    """The draft's line; None when the budget ended before the draft did."""
    recorder = None if entrant is None else Recorder(entrant, job.repeat)
    sample = await _scored(job, recorder, plan.suite)
    return None if recorder is not None and recorder.starved else sample


async def _scored(job: _Job, model: Recorder | _Logged | None, suite: Suite) -> dict[str, Any]:
    """The draft or rewriting as a line of the log."""
    made = await (_rewritten if suite.task == "rewrite" else _drafted)(job, model, suite)
    scores: Mapping[str, Score] = made.pop("scores")
    calls = [] if model is None else _in_order(model.calls)
    return {
        "id": job.id,
        "case": job.case.name,
        "contestant": job.contestant.name,
        "repeat": job.repeat,
        "model": "skeleton" if model is None else model.name,
        "signature": sample_signature(job.case, job.contestant, suite.task),
        "written_by": sorted({call.reply.model for call in calls if call.reply is not None}),
        "scores": {name: score.as_json() for name, score in scores.items()},
        **made,
        "calls": [call.as_json() for call in calls],
    }


async def _drafted(job: _Job, model: Recorder | _Logged | None, suite: Suite) -> dict[str, Any]:
    from poa.draft import adraft_letter
    from poa.facts import load_case

    mask = job.contestant.settings.mask
    draft = await adraft_letter(load_case(job.case.path), model, mask=mask, timeout_s=_NO_LIMIT_S)
    calls = [] if model is None else _in_order(model.calls)
    # Scoring takes tens of milliseconds: other drafts' requests must not wait for it.
    scores = await asyncio.to_thread(score_draft, draft, calls, suite.scorers)
    return {
        "failure": draft.failure,
        "ok": draft.report.ok,
        "letter": draft.letter.text,
        "findings": [found.as_json() for found in draft.report.findings],
        "passages": _passages(draft),
        "scores": scores,
    }


# Each request has a limit of its own; how long a draft waits for its turn says nothing about its model.
_NO_LIMIT_S = 7 * 24 * 3600.0


def _passages(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": p.id,
            "section": section.id,
            "source": p.source,
            "text": p.text,
            "skeleton": p.skeleton,
            "refused": list(p.refused),
        }
        for section in draft.sections
        for p in section.passages
    ]


async def _rewritten(job: _Job, model: Recorder | _Logged | None, suite: Suite) -> dict[str, Any]:
    from poa.rewrite import check_rewrite
    from poa.rewrite.lexicon import glossary_terms
    from poa.rewrite.walk import UnfinishedRewritingError, arewrite

    if model is None:
        raise InputError(
            "A rewrite suite has no skeleton to compare with: leave it out of the suite's models."
        )
    zh = job.case.path.read_text("utf-8")
    glossary = glossary_terms()
    failure = None
    try:
        rewriting = await arewrite(zh, model, glossary=glossary, mask_values=job.contestant.settings.mask)
    except UnfinishedRewritingError as error:
        rewriting, failure = error.rewriting, str(error)
    references = [
        path.read_text("utf-8")
        for path in sorted(job.case.path.parent.glob(f"{job.case.path.stem}.*.en.txt"))
    ]
    report = await asyncio.to_thread(check_rewrite, zh, rewriting.text)
    scores = score_rewriting(
        zh, rewriting.text, model.name, _in_order(model.calls), references, glossary, suite.scorers
    )
    return {
        "failure": failure if not any(call.reply for call in model.calls) else None,
        "ok": report.ok,
        "letter": rewriting.text,
        "findings": list(report.to_json()["findings"]),
        "passages": [
            {
                "id": str(sentence.zh.id),
                "section": "text",
                "source": "polished" if sentence.attempts <= 1 else "repaired",
                "text": sentence.english,
                "skeleton": sentence.zh.text,
                "refused": [finding.message for finding in sentence.findings],
            }
            for sentence in rewriting.sentences
        ],
        "scores": scores,
    }


def _in_order(calls: Sequence[Call]) -> list[Call]:
    """First tries before repairs, and each by what was asked: replies come in any order, and logs have one."""
    return sorted(calls, key=lambda call: (_ids(call.asked), call.asked))


class _Logged:
    """The seam for scoring again: answers each request with the reply that was logged for it."""

    concurrency = 8
    on_this_machine = True

    def __init__(self, name: str, calls: Sequence[Call]) -> None:
        self.name = self.identity = name
        self.calls: list[Call] = []
        self.unanswered = 0
        self._left = list(calls)

    async def reply(self, request: ChatRequest) -> ChatReply:
        asked = _ids_of(request)
        # The words of a repair's notes change with the checker: what is asked about tells the call.
        at = next((n for n, call in enumerate(self._left) if _ids(call.asked) == asked), None)
        if at is None:
            self.unanswered += 1
            raise ModelError("No reply to this request is in the log: the walk asks other things now.")
        call = self._left.pop(at)
        self.calls.append(call)
        if call.reply is None:
            raise ModelError(call.error or "There was no reply.")
        kept = call.reply
        return ChatReply(
            kept.text,
            kept.prompt_tokens,
            kept.completion_tokens,
            kept.finish_reason,
            kept.seconds,
            kept.estimated,
            kept.model,
            cached=True,
        )

    async def aclose(self) -> None:
        return None


def _ids_of(request: ChatRequest) -> tuple[str, ...]:
    from poa.evals.contestant import asked_of

    return _ids(asked_of(request))


@cache
def _ids(asked: str) -> tuple[str, ...]:
    import json

    try:
        found, _ = json.JSONDecoder().raw_decode(asked)
    except ValueError:
        return (asked,)
    entries = found.get("passages") or found.get("sentences") or ()
    return (str(bool(found.get("notes"))), *(str(entry["id"]) for entry in entries))
