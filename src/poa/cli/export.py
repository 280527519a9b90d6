"""`poa export` and `poa kit`: from a finished draft to what is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""

    @app.command("export", epilog="Example: poa export appeal --to docx,pdf --bilingual")
    def export(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished draft.")],
        to: Annotated[str, typer.Option(help="Formats, with commas between: docx, pdf, txt, html.")] = "",
        out: Annotated[
            Path | None, typer.Option("-o", "--out", help="Folder for the files. [DIR/export]")
        ] = None,
        form: Annotated[
            bool, typer.Option("--form", help="Also cut the letter for the form's three questions.")
        ] = False,
        budget: Annotated[
            int | None,
            typer.Option(min=1, help="Characters that one field of the form takes. Amazon names no number."),
        ] = None,
        bilingual: Annotated[
            bool, typer.Option("--bilingual", help="Also a copy with Chinese, for your own files.")
        ] = False,
        anyway: Annotated[
            bool, typer.Option("--anyway", help="Export a letter although it fails its check.")
        ] = False,
        json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    ) -> None:
        """Write the letter as Word, PDF, plain text or HTML, all with the same text."""
        from poa.cli.exporting import export_draft

        export_draft(folder, to, out, form, budget, bilingual, anyway, json)

    @app.command("kit", epilog="Example: poa kit appeal -o appeal-kit")
    def kit(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished draft.")],
        out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for the kit. [DIR/kit]")] = None,
        anyway: Annotated[
            bool, typer.Option("--anyway", help="Make the kit although the letter fails its check.")
        ] = False,
        force: Annotated[bool, typer.Option("--force", help="Replace a kit that exists.")] = False,
        json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    ) -> None:
        """Gather everything to send: letter, attachments, orders, apologies, checklist, due date."""
        from poa.cli.exporting import make_kit

        make_kit(folder, out, anyway, force, json)
