"""`poa extract`: from a story to a facts file with the words behind each fact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from poa.extract import Extraction
    from poa.extract_model import StoryQuestion

__all__ = ["register", "story_facts"]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("extract", help=_HELP)(_extract)


_HELP = """A story in Chinese or English to a facts file: each fact with its words, TODO for the rest.

A model sorts the story into acts, causes, actions and measures; every fact is a stretch of the story's own words,
and what the model says otherwise becomes a question. Without a model (--model skeleton) only what has one meaning is
taken. Nothing is filled in by guess.

\b
Example:
  poa extract story.txt -o facts.yaml
  poa extract story.txt --model skeleton --json
"""


def _extract(
    story: Annotated[
        Path, typer.Argument(metavar="STORY", help="What happened, plain text; - reads standard input.")
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to save the facts.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="SPEC", help="skeleton, local, MODEL or PRESET/MODEL; see `poa models`."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Address of an OpenAI-compatible endpoint, ending in /v1.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(min=1, help="Seconds the model may take for one request.")
    ] = None,
    received: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The notification's day: days without a year count from it."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    import json as js

    from poa.errors import InputError
    from poa.rewrite.source import read_text

    text = read_text(story, "story")
    if out is not None and out.exists() and not force:
        raise InputError(f"{out}: the file exists. Name another with -o, or write over it with --force.")
    found, questions = story_facts(text, model, base_url, timeout, received)
    if json:
        spans = {path: {"start": s.start, "end": s.end, "text": s.text} for path, s in found.spans.items()}
        left = [{"kind": v.kind, "text": v.text, "start": v.start, "end": v.end} for v in found.unplaced]
        asked = [{"text": q.text, "en": q.en, "zh": q.zh} for q in questions]
        document = {"facts": found.facts, "sources": spans, "unplaced": left, "questions": asked}
        typer.echo(js.dumps(document, ensure_ascii=False, indent=1))
    elif out is None:
        typer.echo(_as_yaml(found, questions), nl=False)
    if out is not None:
        try:
            out.write_text(_as_yaml(found, questions), "utf-8")
        except OSError as error:
            raise InputError(f"{out}: the facts cannot be saved there ({error.strerror}).") from None
        asked_for = f"; {len(questions)} questions are in it" if questions else ""
        typer.echo(
            f"{out}: {len(found.spans)} facts with their words; the rest is marked TODO{asked_for}.", err=True
        )


def story_facts(
    text: str,
    spec: str | None,
    base_url: str | None = None,
    timeout_s: float | None = None,
    received: str | None = None,
) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    """What a story says: by the deterministic pass alone, or with a model held to the story."""
    import asyncio
    import datetime as dt

    from poa.errors import InputError
    from poa.extract import extract_story
    from poa.models import open_model

    try:
        day = dt.date.fromisoformat(received) if received else None
    except ValueError:
        raise InputError(
            f"--received {received}: write the day as year-month-day, such as 2024-03-05."
        ) from None
    first = extract_story(text)
    choice = open_model(spec, base_url)
    typer.echo(str(choice), err=True)
    if choice.model is None:
        return first, ()
    opened = choice.model
    from poa.extract_model import extract_with_model

    async def walk() -> tuple[Extraction, tuple[StoryQuestion, ...]]:
        try:
            return await extract_with_model(text, opened, received=day, timeout_s=timeout_s)
        finally:
            await opened.aclose()

    return asyncio.run(walk())


_LEFT = {
    "notice": ("received", "marketplace", "deadline_days"),
    "seller": ("store_name", "contact_name", "contact_title", "email"),
}
_LISTS = {
    "policies": (),
    "violations": ("method", "statement", "from", "to", "channel", "orders", "asins", "by"),
    "third_parties": (),
    "customer_accounts": (),
    "remaining_reviews": (),
    "root_causes": ("statement",),
    "actions_taken": ("statement", "date", "evidence"),
    "preventive_measures": ("statement", "owner", "starts", "frequency"),
    "metrics": (),
    "attachments": (),
}


def _as_yaml(found: Extraction, questions: Sequence[StoryQuestion]) -> str:
    """The facts file, each fact with its words as a comment, each open one a comment that says TODO."""
    lines = [
        "schema: 1",
        "# TODO pack: the policy pack; `poa packs` lists them",
        f"language: {found.facts['language']}",
    ]
    for section, keys in _LEFT.items():
        known = found.facts.get(section, {})
        lines.append(f"{section}:" if known else f"# TODO {section}:")
        lines += [
            f"  {key}: {_quoted(known[key])}{_words(found, f'{section}.{key}')}"
            if key in known
            else f"  # TODO {key}:"
            for key in keys
        ]
    for name, keys in _LISTS.items():
        entries = found.facts.get(name)
        lines.append(f"{name}:" if entries else f"# TODO {name}:")
        for n, entry in enumerate(entries or ()):
            lines.append(f"  - id: {entry['id']}")
            for key in keys:
                lines += _field(found, f"{name}[{n}].{key}", key, entry.get(key))
    if found.unplaced:
        lines.append("# Found in the story, for you to place:")
        lines += [f"#   {v.start}-{v.end} {v.kind}: {_plain(v.text)}" for v in found.unplaced]
    if questions:
        lines.append("# To be answered:")
        for question in questions:
            lines += [f"#   “{_plain(question.text)}”", f"#     {question.en}", f"#     {question.zh}"]
    return "\n".join(lines) + "\n"


def _field(found: Extraction, path: str, key: str, value: object) -> list[str]:
    if value is None:
        return [f"    # TODO {key}:"]
    if isinstance(value, list):
        items = [f"      - {_quoted(v)}{_words(found, f'{path}[{m}]')}" for m, v in enumerate(value)]
        return [f"    {key}:", *items]
    return [f"    {key}: {_quoted(value)}{_words(found, path)}"]


def _words(found: Extraction, path: str) -> str:
    span = found.spans[path]
    return f"  # {span.start}-{span.end} {_plain(span.text)}"


def _quoted(value: object) -> str:
    import json as js

    return js.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    return " ".join(text.split())
