"""`poa extract`: from a story to a facts file with the words behind each fact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from poa.extract import Extraction
    from poa.extract_model import StoryQuestion
    from poa.policy import PolicyPack

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
  poa extract story.txt --pack late-shipment -o facts.yaml
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
    pack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The policy pack: what it asks beyond the common facts is read too."
        ),
    ] = None,
    pack_dir: Annotated[Path | None, typer.Option(help="A folder of your own packs, searched first.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    import json as js

    from poa.errors import InputError
    from poa.rewrite.source import read_text

    text = read_text(story, "story")
    if out is not None and out.exists() and not force:
        raise InputError(f"{out}: the file exists. Name another with -o, or write over it with --force.")
    chosen = _pack(pack, pack_dir)
    found, questions = story_facts(text, model, base_url, timeout, received, chosen)
    if json:
        spans = {path: {"start": s.start, "end": s.end, "text": s.text} for path, s in found.spans.items()}
        left = [{"kind": v.kind, "text": v.text, "start": v.start, "end": v.end} for v in found.unplaced]
        asked = [{"text": q.text, "en": q.en, "zh": q.zh} for q in questions]
        document = {"facts": found.facts, "sources": spans, "unplaced": left, "questions": asked}
        typer.echo(js.dumps(document, ensure_ascii=False, indent=1))
    elif out is None:
        typer.echo(_as_yaml(found, questions, chosen), nl=False)
    if out is not None:
        try:
            out.write_text(_as_yaml(found, questions, chosen), "utf-8")
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
    pack: PolicyPack | None = None,
) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    """What a story says: by the deterministic pass alone, or with a model held to the story.

    With a pack, the fields that it declares are read too.
    """
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
    from poa.extract_declared import declared_facts, with_declared
    from poa.extract_model import extract_with_model

    async def walk() -> tuple[Extraction, tuple[StoryQuestion, ...]]:
        try:
            found, asked = await extract_with_model(text, opened, received=day, timeout_s=timeout_s)
            if pack is None:
                return found, asked
            notice = found.facts.get("notice", {}).get("received")
            since = day or (dt.date.fromisoformat(notice) if notice else None)
            own, more = await declared_facts(text, pack, opened, received=since, timeout_s=timeout_s)
            return with_declared(found, own), (*asked, *more)
        finally:
            await opened.aclose()

    return asyncio.run(walk())


def _pack(name: str | None, pack_dir: Path | None) -> PolicyPack | None:
    """The pack that is asked for, with the fields of its first route where it has several."""
    from poa.errors import InputError
    from poa.policy import list_packs, load_pack

    if name is None:
        return None
    if name not in list_packs(pack_dir):
        raise InputError(f"--pack {name}: is no known pack; `poa packs list` names them.")
    return load_pack(name, pack_dir)


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


def _as_yaml(found: Extraction, questions: Sequence[StoryQuestion], pack: PolicyPack | None = None) -> str:
    """The facts file, each fact with its words as a comment, each open one a comment that says TODO."""
    lines = [
        "schema: 1",
        f"pack: {pack.pack}" if pack else "# TODO pack: the policy pack; `poa packs` lists them",
        *(_routes(pack) if pack else ()),
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
    lines += _declared(found, pack) if pack else []
    for name, keys in _LISTS.items():
        entries = found.facts.get(name)
        if pack and name not in pack.uses and not entries:
            continue
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


def _routes(pack: PolicyPack) -> list[str]:
    """What the facts file says of the pack's routes: which there are, and when each is taken."""
    if not pack.routes:
        return []
    lines = [f"# TODO route: one of {', '.join(route.id for route in pack.routes)}"]
    return lines + [f"#   {route.id}: {route.when.en} {route.when.zh}" for route in pack.routes]


def _declared(found: Extraction, pack: PolicyPack) -> list[str]:
    """The fields that the pack declares: each with its words, or as TODO with its question in both languages."""
    lines = []
    for spec in pack.fields:
        held = found.facts.get(spec.name)
        if held is None:
            lines += [f"# TODO {spec.name}:", f"#   {spec.question.en}", f"#   {spec.question.zh}"]
            lines.append(f"#   {spec.example}")
        elif not isinstance(held, list):
            lines.append(f"{spec.name}: {_quoted(held)}{_words(found, spec.name)}")
        else:
            lines.append(f"{spec.name}:")
            for n, entry in enumerate(held):
                lines += _entry(found, f"{spec.name}[{n}]", entry)
    return lines


def _entry(found: Extraction, path: str, entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return [f"  - {_quoted(entry)}{_words(found, path)}"]
    parts = [f"{part}: {_quoted(held)}{_words(found, f'{path}.{part}')}" for part, held in entry.items()]
    return [f"  {'-' if n == 0 else ' '} {part}" for n, part in enumerate(parts)]


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
