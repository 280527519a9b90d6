"""`poa draft`: from the facts to a checked letter and its proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from poa.draft import Draft, DraftProgress
    from poa.models.apart import ModelApart
    from poa.models.base import ChatModel

__all__ = ["draft_into", "register"]

# All requests of a letter are on their way after this time.
_REQUESTS_OUT_S = 0.3


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""

    @app.command("draft", epilog="Example: poa draft facts.yaml -o appeal --model deepseek/deepseek-chat")
    def draft(
        facts: Annotated[Path, typer.Argument(help="The facts file, or a folder with a facts.yaml.")],
        out: Annotated[
            Path | None,
            typer.Option("-o", "--out", help="Folder for the draft. By default `draft` beside the facts."),
        ] = None,
        model: Annotated[
            str | None,
            typer.Option(help="skeleton, local, local:/path.gguf, MODEL or PRESET/MODEL; see `poa models`."),
        ] = None,
        base_url: Annotated[
            str | None, typer.Option(help="Address of an OpenAI-compatible endpoint, ending in /v1.")
        ] = None,
        timeout: Annotated[
            float | None,
            typer.Option(min=0.1, help="Seconds the model may take for the whole letter. [180; local: 1800]"),
        ] = None,
        mask: Annotated[
            bool, typer.Option(help="Hide every value from the model. --no-mask: on this machine only.")
        ] = True,
        cache: Annotated[
            bool, typer.Option(help="Use replies kept from earlier runs, so that nothing is paid for twice.")
        ] = True,
        previous: Annotated[
            Path | None, typer.Option(help="Folder of the draft that was refused: contradictions are told.")
        ] = None,
        refusal: Annotated[
            Path | None, typer.Option(help="The refusal as text: the letter answers what it asks for.")
        ] = None,
        pack_dir: Annotated[
            Path | None, typer.Option(help="A folder of your own packs, searched before the program's.")
        ] = None,
        force: Annotated[bool, typer.Option("--force", help="Write into a folder that exists.")] = False,
        yes: Annotated[
            bool,
            typer.Option("--yes", help="Facts told in Chinese: take their checked English without asking."),
        ] = False,
        json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    ) -> None:
        """Draft the letter: skeleton, polish by a model, check; four files in the folder."""
        draft_into(
            facts,
            out,
            model,
            base_url=base_url,
            timeout_s=timeout,
            mask=mask,
            cache=cache,
            previous=previous,
            refusal=refusal,
            pack_dir=pack_dir,
            force=force,
            yes=yes,
            as_json=json,
        )


def draft_into(
    facts: Path,
    out: Path | None,
    spec: str | None,
    *,
    base_url: str | None = None,
    timeout_s: float | None = None,
    mask: bool = True,
    cache: bool = True,
    previous: Path | None = None,
    refusal: Path | None = None,
    pack_dir: Path | None = None,
    force: bool = False,
    yes: bool = False,
    as_json: bool = False,
) -> None:
    """Drafts into a folder and says what came of it; raises when the letter fails or the model did."""
    import gc

    # Loading a thousand modules makes no garbage; looking for some costs a fifth of the start.
    gc.disable()
    early = _asking_early(spec, base_url)
    try:
        _draft_into(
            facts,
            out,
            spec,
            early,
            base_url=base_url,
            timeout_s=timeout_s,
            mask=mask,
            cache=cache,
            previous=previous,
            refusal=refusal,
            pack_dir=pack_dir,
            force=force,
            yes=yes,
            as_json=as_json,
        )
    finally:
        if early is not None:
            early.end()
        # Nor is there anything to gain from looking through all those modules once more before the end.
        gc.freeze()


def _asking_early(spec: str | None, base_url: str | None) -> ModelApart | None:
    """The endpoint's model in a process that gets ready while the facts are read; None where nothing is gained.

    What is wrong with the spec is told later, after what is wrong with the facts.
    """
    from contextlib import suppress

    from poa.errors import PoaError
    from poa.models import open_model

    with suppress(PoaError):
        model = open_model(spec, base_url).model
        # Only an endpoint needs the package that takes long to load.
        from poa.models.apart import ModelApart, worth_a_process
        from poa.models.openai import OpenAIModel

        if isinstance(model, OpenAIModel) and worth_a_process():
            return ModelApart(model)
    return None


def _draft_into(
    facts: Path,
    out: Path | None,
    spec: str | None,
    early: ModelApart | None,
    *,
    base_url: str | None,
    timeout_s: float | None,
    mask: bool,
    cache: bool,
    previous: Path | None,
    refusal: Path | None,
    pack_dir: Path | None,
    force: bool,
    yes: bool,
    as_json: bool,
) -> None:
    import asyncio

    from poa.coverage import shortfalls
    from poa.draft import adraft_letter
    from poa.facts import load_case
    from poa.models import open_model
    from poa.runs import draft_json, free_folder, refuse_existing, write_draft

    facts = facts / "facts.yaml" if facts.is_dir() else facts
    case = load_case(facts, pack_dir)
    after = None
    if previous or refusal:
        from poa.cli.after_refusal import AfterRefusal

        after = AfterRefusal(previous, refusal)
        case = after.case(case)
    folder = out if out is not None else free_folder(facts.parent / "draft")
    refuse_existing(folder, force)
    choice = open_model(spec, base_url)
    typer.echo(str(choice), err=True)
    advice = case.load_pack().advice
    if advice is not None:
        typer.echo(f"{advice.en}\n{advice.zh}", err=True)
    for short in shortfalls(case):
        typer.echo(f"{short.en}\n{short.zh}", err=True)
    # Facts told in Chinese are rewritten in an event loop of their own, and the early one is for a single loop.
    model: ChatModel | None = choice.model if early is None or case.language == "zh" else early
    if model is not None and mask and cache:
        from poa.models.cache import CachedModel

        # Without masking nothing is kept: the cache holds no private value.
        model = CachedModel(model)
    if case.language == "zh":
        from poa.cli.translating import in_english_first

        case = in_english_first(facts, case, model, yes=yes, mask=mask, timeout_s=timeout_s)

    async def walk() -> Draft:
        # What writes the draft is loaded while the model is waited for.
        loading = asyncio.create_task(_load_the_rest()) if model is not None else None
        try:
            return await adraft_letter(
                case, model, mask=mask, timeout_s=timeout_s, on_progress=_Bar(choice.name)
            )
        finally:
            if loading is not None:
                loading.cancel()
            if model is not None:
                await model.aclose()

    draft = asyncio.run(walk())
    letter = write_draft(draft, folder, facts, force=force)
    document = draft_json(draft, letter)
    if after is not None:
        document["previous"] = after.tell(draft, folder)
    if as_json:
        import json

        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    _tell(draft, letter)
    _end(draft, letter)


async def _load_the_rest() -> None:
    import asyncio

    # Not while the requests go out, nor while the skeleton is checked.
    await asyncio.sleep(_REQUESTS_OUT_S)
    from poa.export.review import load_page

    await asyncio.to_thread(load_page)


def _tell(draft: Draft, letter: Path) -> None:
    """What was written and whose words it has, on standard error."""
    for section in draft.sections:
        words = sum(passage.reworded for passage in section.passages)
        took = ""
        if section.attempts:
            about = "~" if section.estimated else ""
            took = (
                f"; {section.attempts} request{'s' * (section.attempts > 1)}, {about}{section.prompt_tokens}+"
                f"{section.completion_tokens} tokens, {section.seconds:.1f} s"
            )
        typer.echo(
            f"  {section.id}: {section.source} ({words} of {len(section.passages)} passages reworded{took})",
            err=True,
        )
    for warning in draft.warnings:
        typer.echo(f"  {warning}", err=True)
    cost = "" if not draft.cost_usd else f", {draft.cost_usd:.4f} US dollars"
    typer.echo(f"Letter: {letter}\nReview: {letter.with_name('review.html')}", err=True)
    typer.echo(f"Check: {'passed' if draft.report.ok else 'FAILED'}; {draft.seconds:.1f} s{cost}.", err=True)


def _end(draft: Draft, letter: Path) -> None:
    """The exit status of a draft that was written but is not what was asked for."""
    from poa.errors import CheckFailed, ModelError

    if not draft.report.ok:
        errors = [found for found in draft.report.findings if found.severity == "error"]
        raise CheckFailed(
            f"The letter in {letter} fails its check: {errors[0].message} ({len(errors)} in all, see check.json)"
        )
    if draft.failure is not None:
        raise ModelError(
            f"{draft.failure} The letter in the program's own words is saved as {letter}; it is complete and"
            " checked, and not polished."
        )


class _Bar:
    """A line that says how far the model is: redrawn on a terminal, one line a section elsewhere."""

    def __init__(self, model: str) -> None:
        import sys
        import time

        self._model = model
        self._terminal = sys.stderr.isatty()
        self._clock = time.perf_counter
        self._began = self._clock()
        self._drawn = 0.0
        self._said = 0

    def __call__(self, progress: DraftProgress) -> None:
        now = self._clock()
        part = (progress.done + progress.share) / max(progress.total, 1)
        what = "repairing" if progress.repairing else "polishing"
        line = (
            f"{what} with {self._model}: {min(progress.done + 1, progress.total)}/{progress.total}"
            f" {progress.section}, {now - self._began:.0f} s"
        )
        if not self._terminal:
            if progress.done > self._said and now - self._began > 2:
                self._said = progress.done
                typer.echo(f"  {line}", err=True)
            return
        done = progress.done >= progress.total
        if now - self._drawn < 0.1 and not done:
            return
        self._drawn = now
        width = 24
        filled = round(width * min(part, 1))
        # The line is cleared when all is done: what stays is the summary.
        end = "\r\x1b[K" if done else f"\r\x1b[K[{'#' * filled}{'.' * (width - filled)}] {line}"
        typer.echo(end, err=True, nl=False)
