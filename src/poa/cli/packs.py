"""`poa packs`: the policy packs there are, what each asks, and whether one of your own holds together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]

PackDir = Annotated[
    Path | None, typer.Option(help="A folder of your own packs, searched before the program's.")
]


def register(app: typer.Typer) -> None:
    """Adds the command group to the program."""
    packs = typer.Typer(no_args_is_help=True, help="Policy packs: one for each kind of violation.")
    app.add_typer(packs, name="packs")

    @packs.command("list", epilog="Example: poa packs list")
    def list_(
        pack_dir: PackDir = None,
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        """List the packs: what each is for, and what kind of letter it drafts."""
        from poa.policy import list_packs, load_pack

        rows = [_row(load_pack(name, pack_dir)) for name in list_packs(pack_dir)]
        if json:
            typer.echo(_json(rows))
            return
        width = max(len(str(row["pack"])) for row in rows)
        for row in rows:
            typer.echo(f"{row['pack']:<{width}}  {row['document']:<14}  {row['title']} · {row['title_zh']}")

    @packs.command("show", epilog="Example: poa packs show inauthentic --lang zh")
    def show(
        name: Annotated[str, typer.Argument(help="The pack's name, as `poa packs list` prints it.")],
        route: Annotated[str | None, typer.Option(help="One of the pack's routes.")] = None,
        lang: Annotated[str, typer.Option(help="Language of the questions: en or zh.")] = "en",
        pack_dir: PackDir = None,
        json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    ) -> None:
        """Show what a pack asks for, why Amazon asks, and the letter's sections."""
        from poa.errors import InputError
        from poa.policy import load_pack

        pack = load_pack(name, pack_dir)
        routes = [known.id for known in pack.routes]
        if route is not None and route not in routes:
            known = f"its routes are {', '.join(routes)}" if routes else "it has one route only"
            raise InputError(f"{name} has no route {route}; {known}.")
        if lang not in ("en", "zh"):
            raise InputError(f"--lang must be en or zh, not {lang}.")
        if json:
            typer.echo(pack.on_route(route).model_dump_json(by_alias=True, indent=1))
        else:
            typer.echo("\n".join(_description(pack, route, lang)))

    @packs.command("check", epilog="Example: poa packs check my-packs")
    def check(
        folder: Annotated[Path, typer.Argument(help="A folder of packs, or one pack's folder.")],
    ) -> None:
        """Check packs of your own: every fault with file, line and key."""
        from poa.errors import Fault, InputError, PackError
        from poa.policy import load_pack

        parent, names = _packs_in(folder)
        if not names:
            raise InputError(f"{folder} holds no pack: a pack is a folder with a pack.yaml in it.")
        faults: list[Fault] = []
        for name in names:
            try:
                pack = load_pack(name, parent)
                typer.echo(f"{name}: holds together; {_size(pack)}.")
            except PackError as problem:
                faults += problem.faults
        if faults:
            raise PackError(faults)

    @packs.command("schema", epilog="Example: poa packs schema > pack.schema.json")
    def schema() -> None:
        """Print the JSON Schema of a pack.yaml, for editors that complete and check while you type."""
        from poa.policy import pack_schema

        typer.echo(_json(pack_schema()))


def _json(document: object) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, indent=1)


def _row(pack: object) -> dict[str, object]:
    from poa.policy import PolicyPack

    assert isinstance(pack, PolicyPack)
    return {
        "pack": pack.pack,
        "title": pack.title.en,
        "title_zh": pack.title.zh,
        "document": pack.document,
        "stance": pack.stance,
        "answers": list(pack.answers),
        "routes": [route.id for route in pack.routes],
    }


def _packs_in(folder: Path) -> tuple[Path, list[str]]:
    folder = folder.resolve()
    if (folder / "pack.yaml").is_file():
        return folder.parent, [folder.name]
    return folder, sorted(file.parent.name for file in folder.glob("*/pack.yaml"))


def _size(pack: object) -> str:
    from poa.policy import PolicyPack

    assert isinstance(pack, PolicyPack)
    return f"{len(pack.fields)} fields of its own, {len(pack.sections)} sections, {len(pack.routes) or 1} route(s)"


def _description(pack: object, route: str | None, lang: str) -> list[str]:
    from poa.policy import PolicyPack

    assert isinstance(pack, PolicyPack)
    taken = pack.on_route(route)
    lines = [f"{pack.pack}: {pack.title.say(lang)}", f"  document: {taken.document}; stance: {taken.stance}"]
    if pack.advice:
        lines.append(f"  {pack.advice.say(lang)}")
    usual = {"en": " (taken unless the facts name another)", "zh": "（事实文件未注明时即为此路线）"}[lang]
    lines += [
        f"  route {known.id}{usual if known.usual else ''}: {known.title.say(lang)}. {known.when.say(lang)}"
        for known in pack.routes
    ]
    lines += ["", "Sections:"]
    lines += [f"  {', '.join(section.groups)}" for section in taken.sections]
    lines += ["", "Asked beyond the common fields:"]
    for field in taken.fields:
        need = "required" if field.required else "optional"
        lines.append(f"  {field.name} ({field.type}, {need}): {field.question.say(lang)}")
        lines.append(f"    {field.why.say(lang)}")
    if pack.sources:
        lines += ["", "Sources:", *(f"  {source}" for source in pack.sources)]
    return lines
