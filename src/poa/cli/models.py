"""`poa models`: which models can be used here, and how to get one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["PullBar", "register"]


def register(app: typer.Typer) -> None:
    """Adds the command group to the program."""
    models = typer.Typer(
        help="Which models can be used here, and how to get one.",
        rich_markup_mode=None,
        add_completion=False,
        epilog="Example: poa models pull",
    )

    @models.callback(invoke_without_command=True)
    def list_models(
        context: typer.Context,
        json: Annotated[bool, typer.Option("--json", help="Print the list as one JSON document.")] = False,
    ) -> None:
        """Which models can be used here, and how to get one."""
        if context.invoked_subcommand is None:
            _list(json)

    @models.command("pull", epilog="Example: poa models pull --from index")
    def pull(
        source: Annotated[
            str | None,
            typer.Option(
                "--from", help="Use this source alone: 'Hugging Face', ModelScope, hf-mirror, index."
            ),
        ] = None,
    ) -> None:
        """Fetch the embedded model's weights (1.1 GB); an interrupted fetch goes on where it stopped."""
        from poa.models.pull import pull_weights
        from poa.models.weights import default_weights

        weights = default_weights()
        typer.echo(f"{weights.title} ({weights.license})", err=True)
        bar = PullBar()
        try:
            path = pull_weights(only=source, on_progress=bar)
        finally:
            bar.end()
        typer.echo(f"Verified (SHA-256 {weights.sha256[:12]}…): {path}", err=True)

    app.add_typer(models, name="models")


class PullBar:
    """The progress of a fetch: one line redrawn on a terminal, a line each tenth elsewhere."""

    def __init__(self) -> None:
        import sys
        import time

        self._terminal = sys.stderr.isatty()
        self._clock = time.perf_counter
        self._drawn = 0.0
        self._said = -1

    def __call__(self, source: str, done: int, total: int) -> None:
        line = f"{source}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
        if self._terminal:
            now = self._clock()
            if now - self._drawn > 0.1:
                self._drawn = now
                typer.echo(f"\r\x1b[K{line}", err=True, nl=False)
        elif done * 10 // max(total, 1) > self._said:
            self._said = done * 10 // max(total, 1)
            typer.echo(f"  {line}", err=True)

    def end(self) -> None:
        """Clears the line that was redrawn."""
        if self._terminal and self._drawn:
            typer.echo("\r\x1b[K", err=True, nl=False)


def _list(as_json: bool) -> None:
    found = _found()
    if as_json:
        import json

        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    local = found["local"]
    ready = "ready" if local["ready"] else f"not ready: {local['missing']}"
    typer.echo(f"--model local        {local['title']}, on this machine: {ready}")
    typer.echo("--model skeleton     no model: the program's own sentences")
    for preset in found["presets"]:
        state = f"set {preset['key_variable']}" if preset["key_variable"] else "no key needed"
        if preset["key_set"]:
            state = f"{preset['key_variable']} is set"
        default = f" (default {preset['default_model']})" if preset["default_model"] else ""
        typer.echo(f"--model {preset['name'] + '/MODEL':<20} {preset['title']}{default}: {state}")
    typer.echo(
        "--model MODEL --base-url ADDRESS   any other OpenAI-compatible endpoint; key in OPENAI_API_KEY"
    )
    typer.echo(f"With no --model: {found['default']}")


def _found() -> dict[str, Any]:
    import os

    from poa.errors import PoaError
    from poa.models import open_model
    from poa.models.local import missing_for_local
    from poa.models.presets import list_presets
    from poa.models.weights import default_weights

    missing = missing_for_local()
    try:
        choice = open_model()
        default = f"{choice.name} ({choice.reason})"
    except PoaError as error:
        default = str(error)
    weights = default_weights()
    return {
        "default": default,
        "local": {
            "title": weights.title,
            "path": str(_shown(weights.path)),
            "ready": missing is None,
            "missing": missing,
        },
        "presets": [
            {
                "name": preset.name,
                "title": preset.title,
                "base_url": preset.base_url,
                "key_variable": preset.key_variable,
                "key_set": bool(preset.key_variable and os.environ.get(preset.key_variable, "").strip()),
                "default_model": preset.default_model,
            }
            for preset in list_presets()
        ],
    }


def _shown(path: Path) -> Path:
    return path if path.exists() else path.parent
