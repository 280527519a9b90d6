"""The command line: a thin layer over the library, one file per command group."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer

__all__ = ["build_app", "main"]

# Each file with the commands that it adds, in the order `poa --help` shows them.
COMMANDS = {
    "draft": ("draft",),
    "skeleton": ("skeleton",),
    "check": ("check",),
    "notice": ("notice",),
    "new": ("new",),
    "extract": ("extract",),
    "rewrite": ("rewrite", "check-rewrite"),
    "review": ("review", "diff", "likeness"),
    "export": ("export", "kit"),
    "batch": ("batch",),
    "evals": ("eval",),
    "models": ("models",),
    "packs": ("packs",),
    "store": ("cache", "purge"),
}


def build_app(command: str | None = None) -> typer.Typer:
    """The program with every command registered, or with that one's file alone when it names a command.

    Reading the arguments of all commands takes as long as importing typer.
    """
    app = typer.Typer(
        name="poa",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Drafts an Amazon seller's Plan of Action and proves that it says what the facts say.",
    )

    @app.callback()
    def program() -> None:
        """Drafts an Amazon seller's Plan of Action and proves that it says what the facts say."""

    wanted = [file for file, commands in COMMANDS.items() if command in commands]
    for file in wanted or COMMANDS:
        import_module(f"poa.cli.{file}").register(app)
    return app


def _list_only(app: typer.Typer) -> None:
    """Takes the arguments from all commands: the list of commands is printed without reading them."""
    for command in app.registered_commands:
        command.callback = _described(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _list_only(group.typer_instance)


def _described(command: Callable[..., Any] | None) -> Callable[[], None]:
    def listed() -> None:
        """Does nothing."""

    if command is not None:
        listed.__name__, listed.__doc__ = command.__name__, command.__doc__
    return listed


def main() -> None:
    """Runs the command line; a person's mistake ends in one message and an exit status, never a traceback."""
    import gc

    from poa.errors import PoaError

    # No package that happens to be installed may watch what facts files hold (some report it over the network);
    # looking for such plug-ins would take as long as reading the facts.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Next to nothing that a command makes hangs in circles: looking for it takes a fifth of the time.
    gc.set_threshold(50_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console speaks GBK: a character it lacks must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app = build_app(*sys.argv[1:2])
        if sys.argv[1:] in ([], ["--help"]):
            _list_only(app)
        app()
    except PoaError as error:
        print(f"poa: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        print("poa: stopped; files already written are complete.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
