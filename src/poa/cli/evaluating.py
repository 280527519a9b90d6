"""What `poa eval` does once its arguments are read; loaded only then, so that `--help` stays quick."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from poa.errors import InputError, ModelError
from poa.evals.gates import failed_limits, read_limit, worse_than
from poa.evals.judge import judge_run
from poa.evals.purse import Purse
from poa.evals.runner import Outcome, Plan, Progress, open_contestant, rescore, run_suite
from poa.evals.suite import Contestant, list_cases, list_contestants, load_suite
from poa.evals.summary import RunSummary, summarize
from poa.models.base import ChatModel
from poa.models.folders import cache_dir

__all__ = ["RunWishes", "compare", "export", "report", "rescore_run", "run"]


@dataclass(frozen=True)
class RunWishes:
    """The options of `poa eval run`."""

    out: Path | None
    models: tuple[str, ...]
    only: str | None
    repeat: int | None
    concurrency: int | None
    cache: bool
    fail_under: tuple[str, ...]
    no_worse_than: Path | None
    as_json: bool


def run(path: Path, wishes: RunWishes) -> int:
    """Runs the suite, prints its figures, and returns the exit status: 1 when a gate fails."""
    limits = [read_limit(text) for text in wishes.fail_under]
    before = summarize(wishes.no_worse_than) if wishes.no_worse_than else None
    plan = _plan(path, wishes)
    outcome = asyncio.run(_run_and_judge(plan))
    _tell(
        f"{outcome.made} drafts made, {outcome.found} found, {outcome.seconds:.1f} s,"
        f" {outcome.spent_usd:.4f} USD and {outcome.spent_tokens:,} tokens spent now. Run: {plan.folder}"
    )
    summary = summarize(plan.folder)
    _print_summary(summary, wishes.as_json)
    if outcome.unanswered:
        _refuse_unanswered(outcome, plan.folder)
    failed = failed_limits(summary, limits)
    if before is not None:
        failed += worse_than(summary, before)
    if outcome.stopped:
        failed.append(outcome.stopped)
    for line in failed:
        _tell(f"gate: {line}")
    return 1 if failed else 0


def report(folders: list[Path], out: Path | None, as_json: bool) -> None:
    """Writes the report in the form that the file's name says, and says where."""
    from poa.evals.report import write_report

    if as_json:
        found = [summarize(folder).as_json() for folder in folders]
        _print(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=1))
        if out is None:
            return
    page = out or folders[0] / "report.html"
    write_report(folders, page)
    _tell(f"Report: {page}")


def compare(before: Path, after: Path, as_json: bool) -> None:
    """Prints what changed between two runs."""
    from poa.evals.compare import compare_runs, comparison_lines

    found = compare_runs(before, after)
    if as_json:
        _print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        _print("\n".join(comparison_lines(found)))


def rescore_run(folder: Path, out: Path) -> None:
    """Scores a run's replies again, and says how many drafts it held."""
    scored = asyncio.run(rescore(folder, out))
    _tell(f"{scored.drafts} drafts scored again, nothing asked. Run: {out}")
    if scored.unanswered:
        _tell(
            f"{scored.unanswered} repairs that today's checker asks for have no reply in the log: their passages"
            " count as returned to the skeleton. To have them asked for, run the suite again."
        )
    _print_summary(summarize(out), as_json=False)


def export(folder: Path, to: str, out: Path) -> None:
    """Writes the run in another tool's form."""
    from poa.evals.exchange import EXPORTS

    if to not in EXPORTS:
        raise InputError(f"--to {to}: write {' or '.join(EXPORTS)}.")
    count = EXPORTS[to](folder, out)
    _tell(f"{count} drafts written to {out}.")


def _plan(path: Path, wishes: RunWishes) -> Plan:
    suite = load_suite(path)
    folder = wishes.out or Path("eval-runs") / suite.name
    return Plan(
        suite,
        list_cases(suite, path.parent, wishes.only),
        list_contestants(suite, path.parent, wishes.models),
        wishes.repeat or suite.repeats,
        folder,
        # Without the common cache a run keeps its replies for itself: killed, it still resumes for nothing.
        (cache_dir() / "eval-replies.sqlite") if wishes.cache else folder / "replies.sqlite",
        wishes.concurrency or suite.concurrency,
    )


async def _run_and_judge(plan: Plan) -> Outcome:
    outcome = await run_suite(plan, _Line())
    if plan.suite.judge is not None and not outcome.stopped:
        purse = Purse(plan.suite.budget)
        purse.spent_usd, purse.spent_tokens = outcome.spent_usd, outcome.spent_tokens
        judged = await judge_run(plan.folder, plan.suite, plan.store, _open_judge, purse, plan.concurrency)
        _tell(
            f"{judged.given} verdicts given; {judged.left_out} pairs left out (equal, or not both passing)."
        )
        if judged.failed:
            _tell(f"Some verdicts are missing: {judged.failed}")
        outcome.spent_usd, outcome.spent_tokens = purse.spent_usd, purse.spent_tokens
    return outcome


def _open_judge(contestant: Contestant) -> ChatModel | None:
    return open_contestant(contestant)


def _refuse_unanswered(outcome: Outcome, folder: Path) -> None:
    reasons = "; ".join(f"{name}: {why}" for name, why in outcome.unanswered.items())
    raise ModelError(f"{reasons} What came is saved in {folder}; run again to go on.")


def _print_summary(summary: RunSummary, as_json: bool) -> None:
    if as_json:
        _print(json.dumps(summary.as_json(), ensure_ascii=False, indent=1))
        return
    from poa.evals.tables import summary_lines

    _print("\n".join(summary_lines(summary)))


class _Line:
    """A line that says how far the run is: redrawn on a terminal, one line every few seconds elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._told = time.perf_counter()

    def __call__(self, progress: Progress) -> None:
        now = time.perf_counter()
        if now - self._told < (0.2 if self._terminal else 10) and progress.done < progress.total:
            return
        self._told = now
        left = "" if progress.left_s is None else f", {_duration(progress.left_s)} left"
        money = f", {progress.spent_usd:.4f} USD spent" if progress.spent_usd else ""
        budget = f", {progress.budget_left}" if progress.budget_left else ""
        line = f"{progress.done}/{progress.total} drafts{left}{money}{budget}"
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if progress.done >= progress.total else ""))
        else:
            sys.stderr.write(f"  {line}\n")
        sys.stderr.flush()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
