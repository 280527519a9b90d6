"""The command line: a thin layer over the library, one file per command group."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

__all__ = ["build_app", "main"]

# In the order `poa --help` shows them. A module that is not built yet is left out.
COMMAND_MODULES = (
    "draft",
    "skeleton",
    "check",
    "notice",
    "new",
    "extract",
    "rewrite",
    "review",
    "export",
    "batch",
    "evals",
    "models",
    "packs",
    "store",
)


def build_app() -> typer.Typer:
    """The program with every command registered."""
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

    for name in COMMAND_MODULES:
        try:
            module = import_module(f"poa.cli.{name}")
        except ModuleNotFoundError as missing:
            if missing.name != f"poa.cli.{name}":
                raise
            continue
        module.register(app)
    return app


def main() -> None:
    """Runs the command line; a person's mistake ends in one message and an exit status, never a traceback."""
    import gc

    from poa.errors import PoaError

    # Next to nothing that a command makes hangs in circles: looking for it takes a fifth of the time.
    gc.set_threshold(50_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console speaks GBK: a character it lacks must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        build_app()()
    except PoaError as error:
        print(f"poa: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        print("poa: stopped; files already written are complete.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
