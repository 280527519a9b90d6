"""`poa cache` and `poa purge`: what the program keeps on this machine, and how to be rid of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    cache = typer.Typer(
        help="The replies of models kept on this machine.",
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        epilog="Example: poa cache info",
    )

    @cache.command("info", epilog="Example: poa cache info --json")
    def info(
        json: Annotated[bool, typer.Option("--json", help="Print it as one JSON document.")] = False,
    ) -> None:
        """Say where the replies are, how many there are and what room they take."""
        from dataclasses import asdict

        from poa.models.cache import ReplyCache

        replies = ReplyCache()
        size = replies.size()
        replies.close()
        if json:
            from json import dumps

            typer.echo(dumps({"path": str(replies.path), **asdict(size)}, indent=1))
        else:
            typer.echo(
                f"{replies.path}: {size.replies} replies, {size.bytes / 1e6:.1f} of {size.limit_bytes / 1e6:.0f} MB."
            )

    @cache.command("clear", epilog="Example: poa cache clear")
    def clear() -> None:
        """Remove the kept replies: every section will be asked for, and paid for, again."""
        from poa.models.cache import ReplyCache

        typer.echo(f"Removed {ReplyCache().clear()} replies.", err=True)

    app.add_typer(cache, name="cache")

    @app.command("purge", epilog="Example: poa purge --weights --drafts cases/")
    def purge(
        drafts: Annotated[
            list[Path] | None,
            typer.Option(help="Also remove the drafts in and below this folder; facts and notices stay."),
        ] = None,
        weights: Annotated[bool, typer.Option("--weights", help="Also remove downloaded models.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    ) -> None:
        """Remove what the program keeps: replies of models, what it learned of endpoints, handed-in batches."""
        from poa.store import purge_store

        removed = purge_store(drafts or [], weights=weights, dry_run=dry_run)
        word = "Would remove" if dry_run else "Removed"
        for path in removed:
            typer.echo(f"{word} {path}", err=True)
        if not removed:
            typer.echo("Nothing is kept.", err=True)
