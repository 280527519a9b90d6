"""`poa review`, `poa diff` and `poa likeness`: look at a finished draft, and hold it against other letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from poa.export.proof import Proof
    from poa.likeness import Other
    from poa.runs import FinishedDraft

__all__ = ["register"]

# A page is wanted at once: beyond so many letters beside it, `poa likeness` is the one to ask.
_MOST_LETTERS = 200


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""

    @app.command("review", epilog="Example: poa review appeal")
    def review(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished draft.")],
        show: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
        json: Annotated[bool, typer.Option("--json", help="Print the verdict as one JSON document.")] = False,
    ) -> None:
        """Open the review page: the letter beside all that it must say, checked as it stands now."""
        _review(folder, show, json)

    @app.command("diff", epilog="Example: poa diff appeal letter-from-lawyer.txt")
    def diff(
        before: Annotated[Path, typer.Argument(metavar="A", help="The folder of a finished draft.")],
        after: Annotated[
            Path, typer.Argument(metavar="B", help="Another draft's folder, or an edited letter as text.")
        ],
        out: Annotated[
            Path | None, typer.Option("-o", "--out", help="File for the page. [diff.html in A]")
        ] = None,
        show: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
        lang: Annotated[str, typer.Option(help="Language of the output: en or zh.")] = "en",
        json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    ) -> None:
        """Show what changed between two letters, item by item, and what was lost; a page shows both."""
        _diff(before, after, out, show, lang, json)

    @app.command("likeness", epilog="Example: poa likeness clients/acme/draft --earlier old-appeal.txt")
    def likeness(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished draft.")],
        earlier: Annotated[
            list[Path] | None, typer.Option(help="A letter of the same seller, as text; may be repeated.")
        ] = None,
        among: Annotated[
            Path | None,
            typer.Option(help="Folder with the cases of other clients. [the folder above the facts' folder]"),
        ] = None,
        limit: Annotated[
            float, typer.Option(min=0, max=1, help="Share of equal words above which is warned.")
        ] = 0.5,
        json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    ) -> None:
        """Show how much of the letter stands word for word in the pack or in other letters."""
        _likeness(folder, earlier or [], among, limit, json)


def _review(folder: Path, show: bool, as_json: bool) -> None:
    import datetime as dt
    import sys

    from poa.errors import CheckFailed, InputError
    from poa.export.proof import prove_folder
    from poa.export.review import render_review
    from poa.runs import load_draft

    finished = load_draft(folder)
    page = folder / "review.html"
    if not finished.facts_path.is_file():
        raise InputError(
            f"The facts of this draft are not at {finished.facts_path} any more, so nothing can be checked:"
            f" bring them back. The page made with the draft is still {page}."
        )
    proof = prove_folder(finished)
    try:
        # Other drafts of the same case are tries at one letter: that they are alike is no news.
        others = [o for o in _neighbours(finished, None, _MOST_LETTERS) if o.kind == "other"]
        shown = render_review(proof, dt.datetime.now(dt.UTC).date(), others)
        page.write_text(shown, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"{page} cannot be written ({error.strerror}): copy the folder elsewhere."
        ) from error
    if as_json:
        import json

        typer.echo(json.dumps(_verdict(page, proof), ensure_ascii=False, indent=1))
    else:
        typer.echo(str(page))
    if show and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
    if proof.errors:
        raise CheckFailed(
            f"The letter in {folder} fails its check: {proof.errors} finding(s), shown on the page."
        )


def _verdict(page: Path, proof: Proof) -> dict[str, object]:
    return {
        "page": str(page),
        "edited": proof.edited,
        "facts_changed": proof.facts_changed,
        "check": proof.report.as_json(),
        "demands": [
            {"text": demand.text, "items": list(demand.items), "answered": demand.answered}
            for demand in proof.demands
        ],
        "without_evidence": [action.id for action in proof.evidence.bare],
        "due": proof.sending.safe.isoformat() if proof.sending.safe else None,
    }


def _diff(before: Path, after: Path, out: Path | None, show: bool, lang: str, as_json: bool) -> None:
    import sys

    from poa.errors import CheckFailed, InputError
    from poa.export.compare import compare_proofs, render_comparison
    from poa.export.diff import render_diff
    from poa.export.proof import prove_folder
    from poa.runs import load_draft

    if lang not in ("en", "zh"):
        raise InputError(f"--lang is en or zh, not {lang}.")
    first = load_draft(before)
    if after.is_dir():
        second = load_draft(after)
    else:
        from dataclasses import replace

        from poa.cli.checking import read_letter_file

        second = replace(first, text=read_letter_file(after))
    comparison = compare_proofs(prove_folder(first), prove_folder(second))
    page = out or before / "diff.html"
    try:
        page.write_text(render_diff(comparison, (str(before), str(after))), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"The page cannot be written to {page} ({error.strerror}): name another file with -o."
        ) from error
    if as_json:
        import json

        typer.echo(json.dumps(comparison.as_json(), ensure_ascii=False, indent=1))
    else:
        typer.echo(render_comparison(comparison, (str(before), str(after)), lang, sys.stdout.isatty()))
    typer.echo(f"Page: {page}", err=True)
    if show and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
    if comparison.after.errors:
        raise CheckFailed(f"{after} fails its check: {comparison.after.errors} finding(s).")


def _likeness(folder: Path, earlier: list[Path], among: Path | None, limit: float, as_json: bool) -> None:
    from poa.cli.checking import read_letter_file
    from poa.errors import InputError
    from poa.likeness import Other, likeness_to, pack_words
    from poa.outline import build_outline
    from poa.runs import load_draft

    finished = load_draft(folder)
    if not finished.facts_path.is_file():
        raise InputError(
            f"The facts of this draft are not at {finished.facts_path} any more: bring them back."
        )
    others = [pack_words(build_outline(finished.load_case()), finished.skeleton)]
    others += [Other(str(path), "earlier", read_letter_file(path)) for path in earlier]
    others += _neighbours(finished, among)
    found = likeness_to(finished.text, others)
    if as_json:
        import json

        answer = {
            "limit": limit,
            "compared": len(others),
            "likeness": [likeness.as_json(limit) for likeness in found],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{len(others)} text(s) compared.")
    for likeness in found:
        mark = "TOO ALIKE " if likeness.too_alike(limit) else ""
        typer.echo(f"{mark}{likeness.share:.0%} of the words stand in {likeness.other.name}")
        for passage in sorted(likeness.passages, key=lambda p: -p.words)[:5]:
            typer.echo(f"  {passage.words} words: {' '.join(passage.text.split())}")
    if any(likeness.too_alike(limit) for likeness in found):
        typer.echo(
            "Say it in this seller's own words: edit the facts' statements, or polish the letter with a model.",
            err=True,
        )


def _neighbours(finished: FinishedDraft, among: Path | None, most: int | None = None) -> list[Other]:
    """The letters of the cases beside a draft's own, at most so many; those of its own case are earlier ones."""
    from poa.cli.checking import read_letter_file
    from poa.likeness import Other, SourceKind

    home = finished.facts_path.parent
    others = []
    for letter in _letters_below(among or home.parent):
        if letter.parent.resolve() == finished.folder.resolve():
            continue
        kind: SourceKind = "earlier" if letter.resolve().is_relative_to(home) else "other"
        others.append(Other(str(letter.parent), kind, read_letter_file(letter)))
        if len(others) == most:
            break
    return others


def _letters_below(folder: Path) -> list[Path]:
    """The letters of finished drafts in a folder of cases: beside the cases' facts, or one folder deeper."""
    runs = [*folder.glob("*/run.json"), *folder.glob("*/*/run.json")]
    return sorted(run.with_name("letter.txt") for run in runs if run.with_name("letter.txt").is_file())
