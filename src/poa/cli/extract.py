"""`poa extract`: from a story to a facts file with the words behind each fact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("extract", help=_HELP)(_extract)


_HELP = """A story in Chinese or English to a facts file: each fact with its words, TODO for the rest.

Nothing is filled in by guess: a value whose meaning the story does not settle is listed for you to place.

\b
Example:
  poa extract story.txt -o facts.yaml
  poa extract story.txt --json
"""


def _extract(
    story: Annotated[
        Path, typer.Argument(metavar="STORY", help="What happened, plain text; - reads standard input.")
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to save the facts.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    import json as js

    from poa.errors import InputError
    from poa.extract import extract_story
    from poa.rewrite.source import read_text

    text = read_text(story, "story")
    if out is not None and out.exists() and not force:
        raise InputError(f"{out}: the file exists. Name another with -o, or write over it with --force.")
    found = extract_story(text)
    if json:
        spans = {path: {"start": s.start, "end": s.end, "text": s.text} for path, s in found.spans.items()}
        left = [{"kind": v.kind, "text": v.text, "start": v.start, "end": v.end} for v in found.unplaced]
        typer.echo(
            js.dumps({"facts": found.facts, "sources": spans, "unplaced": left}, ensure_ascii=False, indent=1)
        )
    elif out is None:
        typer.echo(_as_yaml(found), nl=False)
    if out is not None:
        out.write_text(_as_yaml(found), "utf-8")
        typer.echo(f"{out}: {len(found.spans)} facts with their words; the rest is marked TODO.", err=True)


_LEFT = {
    "notice": ("received", "marketplace", "deadline_days"),
    "seller": ("store_name", "contact_name", "contact_title", "email"),
}
_LISTS = (
    "policies", "violations", "third_parties", "customer_accounts", "remaining_reviews", "root_causes",
    "actions_taken", "preventive_measures", "metrics", "attachments",
)  # fmt: skip


def _as_yaml(found: object) -> str:
    """The facts file, each fact with its words as a comment, each open one a comment that says TODO."""
    import json as js

    from poa.extract import Extraction

    assert isinstance(found, Extraction)
    lines = [
        "schema: 1",
        "# TODO pack: the policy pack; `poa packs` lists them",
        f"language: {found.facts['language']}",
    ]
    for section, keys in _LEFT.items():
        known = found.facts.get(section, {})
        lines.append(f"{section}:" if known else f"# TODO {section}:")
        for key in keys:
            if key in known:
                span = found.spans[f"{section}.{key}"]
                lines.append(
                    f"  {key}: {js.dumps(known[key], ensure_ascii=False)}  # {span.start}-{span.end} {_plain(span.text)}"
                )
            else:
                lines.append(f"  # TODO {key}:")
    for name in _LISTS:
        if name not in found.facts:
            lines.append(f"# TODO {name}:")
            continue
        lines += [f"{name}:", "  - id: V1", "    # TODO method, statement, from, to, channel, by"]
        for key in ("orders", "asins"):
            entries = found.facts[name][0].get(key, [])
            lines += [f"    {key}:"] if entries else []
            for n, entry in enumerate(entries):
                span = found.spans[f"{name}[0].{key}[{n}]"]
                lines.append(f"      - {js.dumps(entry)}  # {span.start}-{span.end}")
    if found.unplaced:
        lines.append("# Found in the story, for you to place:")
        lines += [f"#   {v.start}-{v.end} {v.kind}: {_plain(v.text)}" for v in found.unplaced]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.split())
