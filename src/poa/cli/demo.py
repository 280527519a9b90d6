"""What `make demo` runs: the weights, then a real case drafted by the embedded model on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

__all__ = ["main"]

_CASE = Path("fixtures/facts/brighthome/facts.yaml")
_OUT = Path("out/demo")


def main() -> int:
    """Drafts the demo case into out/demo; without the weights, in the program's own words."""
    from poa.cli.draft import draft_into
    from poa.errors import ModelError, PoaError
    from poa.models.local import missing_for_local
    from poa.models.weights import default_weights

    spec = "local"
    if missing_for_local() is not None:
        try:
            _pull()
        except ModelError as error:
            typer.echo(
                f"No model for the demo, so the letter keeps the program's own words: {error}", err=True
            )
            spec = "skeleton"
        except KeyboardInterrupt:
            typer.echo("Stopped; `make demo` goes on with the download where it was.", err=True)
            return 130
    else:
        typer.echo(f"Weights: {default_weights().path}", err=True)
    try:
        draft_into(_CASE, _OUT, spec, force=True)
    except PoaError as error:
        typer.echo(f"poa: {error}", err=True)
        return error.exit_status
    return 0


def _pull() -> None:
    from poa.cli.models import PullBar
    from poa.models.pull import pull_weights

    typer.echo("Fetching the embedded model's weights (1.1 GB, once) ...", err=True)
    bar = PullBar()
    try:
        pull_weights(on_progress=bar)
    finally:
        bar.end()


if __name__ == "__main__":
    sys.exit(main())
