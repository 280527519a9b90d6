"""`poa skeleton`: the deterministic letter alone, no model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


class Language(StrEnum):
    """The language of the letter that is shown."""

    EN = "en"
    ZH = "zh"


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""

    @app.command("skeleton", epilog="Example: poa skeleton facts.yaml --lang zh")
    def skeleton(
        facts: Annotated[Path, typer.Argument(help="The facts file, or a folder with a facts.yaml.")],
        lang: Annotated[
            Language,
            typer.Option(help="en: the letter. zh: the same letter in Chinese, to read what it says."),
        ] = Language.EN,
        json: Annotated[
            bool, typer.Option("--json", help="Print sections and passages as one JSON document.")
        ] = False,
        pack_dir: Annotated[
            Path | None, typer.Option(help="A folder of your own packs, searched before the program's.")
        ] = None,
    ) -> None:
        """Print the letter in the pack's own sentences: no model, the same to the byte each time."""
        from poa.facts import load_case
        from poa.skeleton import build_skeleton

        case = load_case(facts, pack_dir)
        letter = build_skeleton(case, "zh" if lang is Language.ZH else "en")
        typer.echo(_as_json(letter) if json else letter.text, nl=json)
        _name_open_questions(case)


def _as_json(letter: object) -> str:
    import dataclasses
    import json

    from poa.letter import Letter

    assert isinstance(letter, Letter)
    document = {"letter": letter.text, "sections": dataclasses.asdict(letter)["sections"]}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _name_open_questions(case: object) -> None:
    """Says on standard error what the letter lacks, so that nobody sends an incomplete one unawares."""
    from poa.coverage import shortfalls
    from poa.facts import Case
    from poa.outline import build_outline

    assert isinstance(case, Case)
    advice = case.load_pack().advice
    if advice is not None:
        typer.echo(f"{advice.en}\n{advice.zh}", err=True)
    for short in shortfalls(case):
        typer.echo(f"{short.en}\n{short.zh}", err=True)
    questions = (*case.questions(), *build_outline(case).questions)
    missing = [question for question in questions if question.required]
    if missing:
        typer.echo(f"The letter is not complete: {len(missing)} required facts are unknown.", err=True)
    for question in missing:
        typer.echo(f"  {question.path}: {question.question_en} {question.question_zh}", err=True)
