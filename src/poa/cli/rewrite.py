"""`poa rewrite` and `poa check-rewrite`: Chinese to English, and the proof that both say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds both commands to the program."""

    @app.command("rewrite", help=_HELP)
    def rewrite(
        summary: Annotated[
            Path, typer.Argument(metavar="SUMMARY", help="The Chinese summary; - reads standard input.")
        ],
        out: Annotated[
            Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to save the English.")
        ] = None,
        model: Annotated[
            str | None, typer.Option(metavar="SPEC", help="local, MODEL or PRESET/MODEL; see `poa models`.")
        ] = None,
        base_url: Annotated[
            str | None, typer.Option(help="Address of an OpenAI-compatible endpoint, ending in /v1.")
        ] = None,
        timeout: Annotated[
            float | None, typer.Option(min=1, help="Seconds the model may take for one request.")
        ] = None,
        names: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Names and their English, one a line: 陈立 = Chen Li."),
        ] = None,
        glossary: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Your own terms: Chinese, tab, English, one a line."),
        ] = None,
        mask: Annotated[
            bool, typer.Option(help="Hide every value from the model. --no-mask: on this machine only.")
        ] = True,
        force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
        lang: Annotated[str, typer.Option(metavar="en|zh", help="The language of the findings.")] = "en",
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        from poa.cli.rewriting import Wishes, rewrite_summary
        from poa.errors import InputError

        if lang not in {"en", "zh"}:
            raise InputError(f"--lang {lang}: the findings are written in en or zh.")
        wishes = Wishes(model, base_url, timeout, names, glossary, mask, force, lang, json)
        raise typer.Exit(rewrite_summary(summary, out, wishes))

    @app.command("check-rewrite", help=_CHECK_HELP)
    def check_rewrite(
        zh: Annotated[
            Path | None, typer.Argument(metavar="ZH", help="The Chinese original, plain text.")
        ] = None,
        en: Annotated[
            Path | None, typer.Argument(metavar="EN", help="The English rewriting, plain text.")
        ] = None,
        batch: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE", help='One request a line: {"id", "zh" or "zh_text", "en" or "en_text"}.'
            ),
        ] = None,
        names: Annotated[
            Path | None, typer.Option(metavar="FILE", help="Names allowed in the English, one a line.")
        ] = None,
        glossary: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Your own terms: Chinese, tab, English, one a line."),
        ] = None,
        lang: Annotated[str, typer.Option(metavar="en|zh", help="The language of the findings.")] = "en",
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        from poa.cli.rewriting import check_one, check_requests
        from poa.errors import InputError

        if lang not in {"en", "zh"}:
            raise InputError(f"--lang {lang}: the findings are written in en or zh.")
        if batch is not None:
            raise typer.Exit(check_requests(batch, names, glossary))
        if zh is None or en is None:
            raise InputError("Name both texts: poa check-rewrite ZH EN, or use --batch FILE.")
        raise typer.Exit(check_one(zh, en, names, glossary, lang=lang, as_json=json))


_HELP = """Chinese summary to formal English, every sentence checked against its Chinese and asked for again once.

What still differs is shown beside its Chinese, the English is saved as unchecked with the faults marked, and
the exit status is 1.

\b
Example:
  poa rewrite summary.txt -o english.txt
  poa rewrite summary.txt --model deepseek/deepseek-chat --glossary mine.tsv
"""

_CHECK_HELP = """Checks any English rewriting against its Chinese original, without a model.

Exit status 1: something is missing, changed or added; each finding names the place and the Chinese it
stands against.

\b
Example:
  poa check-rewrite summary.txt english.txt
  poa check-rewrite summary.txt english.txt --lang zh
  poa check-rewrite --batch requests.jsonl > answers.jsonl
"""
