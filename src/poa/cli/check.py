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
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        """Checks that a letter says what the facts say: all of it, and nothing else.

        Example: poa check facts.yaml letter.txt
        """
        from poa.cli.checking import check_batch, check_one

        if batch is not None:
            raise typer.Exit(check_batch(batch))
        if facts is None or letter is None:
            from poa.errors import InputError

            raise InputError(
                "Name the facts file and the letter: poa check FACTS LETTER, or use --batch FILE."
            )
        raise typer.Exit(check_one(facts, letter, lang, json, pack_dir))
