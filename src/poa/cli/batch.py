"""`poa batch`: many cases, resumable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poa.batch import CaseFile, CaseOutcome

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""

    @app.command("batch", epilog="Example: poa batch cases/ --model deepseek/deepseek-chat --csv march.csv")
    def batch(
        places: Annotated[
            list[Path],
            typer.Argument(metavar="DIR...", help="Case folders, folders of case folders, or facts files."),
        ],
        out: Annotated[
            Path | None,
            typer.Option(
                "-o", "--out", help="One folder for all drafts. By default `draft` beside each facts.yaml."
            ),
        ] = None,
        model: Annotated[
            str | None,
            typer.Option(help="skeleton, local, local:/path.gguf, MODEL or PRESET/MODEL; see `poa models`."),
        ] = None,
        base_url: Annotated[
            str | None, typer.Option(help="Address of an OpenAI-compatible endpoint, ending in /v1.")
        ] = None,
        via: Annotated[
            str | None,
            typer.Option(help="openai-batch: the provider's Batch API, at half the price and within a day."),
        ] = None,
        concurrency: Annotated[
            int, typer.Option(min=1, max=1000, help="Requests on their way at once.")
        ] = 16,
        requests_per_minute: Annotated[
            float | None, typer.Option(min=0.1, help="Send no more requests a minute than this.")
        ] = None,
        tokens_per_minute: Annotated[
            float | None, typer.Option(min=1, help="Send and receive no more tokens a minute than this.")
        ] = None,
        timeout: Annotated[
            float | None,
            typer.Option(
                min=1, help="Seconds a request may take, its turn not waited for counted. [180; local: 1800]"
            ),
        ] = None,
        poll: Annotated[
            float, typer.Option(min=0.05, help="With --via openai-batch: seconds between two looks.")
        ] = 30.0,
        wait: Annotated[
            bool,
            typer.Option(
                help="With --via openai-batch: --no-wait hands in and leaves; run again to collect."
            ),
        ] = True,
        mask: Annotated[
            bool, typer.Option(help="Hide every value from the model. --no-mask: on this machine only.")
        ] = True,
        cache: Annotated[bool, typer.Option(help="Use replies kept from earlier runs.")] = True,
        csv: Annotated[Path | None, typer.Option(help="Write the table as CSV to this file, too.")] = None,
        json: Annotated[
            bool, typer.Option("--json", help="Print the outcomes as one JSON document.")
        ] = False,
    ) -> None:
        """Draft the letter of each case. Run the same line again and only what is not done is done.

        Exit status: 0 all drafted; else 2 an unusable case; else 1 a letter failing its check; else 3 a model
        that failed.
        """
        import asyncio

        from poa.batch import exit_status, find_cases, outcomes_csv, outcomes_json, outcomes_table
        from poa.errors import InputError

        if via not in (None, "openai-batch"):
            raise InputError(f"--via {via} is not known: leave it out, or write --via openai-batch.")
        cases = find_cases(places, out)
        bar = _Bar(len(cases))

        async def run() -> list[CaseOutcome]:
            from poa.models import open_model

            choice = open_model(model, base_url)
            typer.echo(str(choice), err=True)
            try:
                if via == "openai-batch":
                    stream = _by_batch_api(cases, choice.model, poll, wait, mask)
                else:
                    stream = _directly(cases, choice.model)
                return [bar(outcome) async for outcome in stream]
            finally:
                bar.end()
                if choice.model is not None:
                    await choice.model.aclose()

        def _directly(cases: Sequence[CaseFile], opened: object) -> AsyncIterator[CaseOutcome]:
            from poa.batch import draft_cases

            return draft_cases(
                cases,
                opened,  # type: ignore[arg-type]
                mask=mask,
                concurrency=concurrency,
                requests_per_minute=requests_per_minute,
                tokens_per_minute=tokens_per_minute,
                request_timeout_s=timeout,
                cache=cache,
            )

        order = {case.name: n for n, case in enumerate(cases)}
        outcomes = sorted(asyncio.run(run()), key=lambda outcome: order[outcome.case])
        if csv is not None:
            _write_csv(csv, outcomes_csv(outcomes))
        if json:
            from json import dumps

            typer.echo(dumps(outcomes_json(outcomes), ensure_ascii=False, indent=1))
        else:
            typer.echo(outcomes_table(outcomes))
        status = exit_status(outcomes)
        if status:
            raise typer.Exit(status)


def _by_batch_api(
    cases: Sequence[CaseFile], opened: object, poll_s: float, wait: bool, mask: bool
) -> AsyncIterator[CaseOutcome]:
    from poa.batch_api import draft_by_batch_api
    from poa.errors import InputError
    from poa.models.openai import OpenAIModel

    if not isinstance(opened, OpenAIModel):
        raise InputError(
            "--via openai-batch needs an OpenAI-compatible endpoint that has a Batch API: name it with --model."
        )
    if not mask:
        raise InputError(
            "--no-mask is for a model on this machine: a Batch API's files are kept by the provider."
        )
    return draft_by_batch_api(
        cases, opened, poll_s=poll_s, wait=wait, tell=lambda line: typer.echo(f"  {line}", err=True)
    )


def _write_csv(path: Path, text: str) -> None:
    from poa.errors import InputError
    from poa.models.folders import write_atomically

    try:
        # The mark that tells a spreadsheet the file is UTF-8, without which Chinese names are garbled.
        write_atomically(path, f"\ufeff{text}")
    except OSError as error:
        raise InputError(f"The table cannot be written to {path} ({error.strerror or error}).") from error


class _Bar:
    """How many cases are done and how long the rest may take: redrawn on a terminal, now and then elsewhere."""

    def __init__(self, total: int) -> None:
        import sys
        import time

        self._total = total
        self._terminal = sys.stderr.isatty()
        self._clock = time.perf_counter
        self._began = self._clock()
        self._said = self._began
        self._done = self._kept = self._failed = 0

    def __call__(self, outcome: CaseOutcome) -> CaseOutcome:
        self._done += 1
        self._kept += outcome.kept
        self._failed += outcome.status != "drafted"
        now = self._clock()
        if now - self._said >= (0.1 if self._terminal else 5.0):
            self._said = now
            line = self._line(now)
            if self._terminal:
                filled = round(24 * self._done / self._total)
                typer.echo(f"\r\x1b[K[{'#' * filled}{'.' * (24 - filled)}] {line}", err=True, nl=False)
            else:
                typer.echo(f"  {line}", err=True)
        return outcome

    def end(self) -> None:
        """Clears the line that was redrawn."""
        if self._terminal:
            typer.echo("\r\x1b[K", err=True, nl=False)

    def _line(self, now: float) -> str:
        spent, drafted = now - self._began, self._done - self._kept
        left = "" if not drafted else f", about {spent / drafted * (self._total - self._done):.0f} s left"
        failed = f", {self._failed} not well" if self._failed else ""
        return f"{self._done}/{self._total} cases{failed}, {spent:.0f} s{left}"
