"""`poa check`: any letter against its facts, whoever wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds `check` to the program."""

    @app.command()
    def check(
        facts: Annotated[Path | None, typer.Argument(help="The facts file.")] = None,
        letter: Annotated[Path | None, typer.Argument(help="The letter, plain text.")] = None,
        batch: Annotated[
            Path | None,
            typer.Option(help='One request a line: {"id", "facts", "letter"} or "letter_text".'),
        ] = None,
        lang: Annotated[str, typer.Option(help="Language of the findings: en or zh.")] = "en",
        pack_dir: Annotated[
            Path | None, typer.Option(help="A folder of your own packs, searched before the program's.")
        ] = None,
        dismiss: Annotated[
            str | None,
            typer.Option(
                metavar="FINGERPRINT",
                help="Accept this finding: written, with --reason and --who, to LETTER's .dismissed.yaml.",
            ),
        ] = None,
        reason: Annotated[str | None, typer.Option(help="Why the finding is accepted.")] = None,
        who: Annotated[str | None, typer.Option(help="Who accepts it.")] = None,
        judge: Annotated[
            str | None,
            typer.Option(
                metavar="MODEL",
                help="Ask this model too, item by item: it can add warnings, and takes no finding away.",
            ),
        ] = None,
        base_url: Annotated[
            str | None, typer.Option(help="For --judge: address of an OpenAI-compatible endpoint.")
        ] = None,
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        """Checks that a letter says what the facts say: all of it, and nothing else.

        A finding that you can answer for is accepted with --dismiss, --reason and --who; what the letter admits,
        and values, cannot be.

        Example: poa check facts.yaml letter.txt
        """
        from poa.cli.checking import Acceptance, check_batch, check_one
        from poa.errors import InputError

        if batch is not None:
            if dismiss or judge:
                raise InputError("--dismiss and --judge take one letter: leave --batch away.")
            raise typer.Exit(check_batch(batch))
        if facts is None or letter is None:
            raise InputError(
                "Name the facts file and the letter: poa check FACTS LETTER, or use --batch FILE."
            )
        if dismiss is None and (reason or who):
            raise InputError("--reason and --who go with --dismiss FINGERPRINT: name the finding.")
        accept = Acceptance(dismiss, reason or "", who or "") if dismiss is not None else None
        raise typer.Exit(check_one(facts, letter, lang, json, pack_dir, accept, judge, base_url))
