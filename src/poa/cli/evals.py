"""`poa eval`: which model writes best, what it costs, and whether the difference is real."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds `eval` and its commands to the program."""
    group = typer.Typer(
        name="eval",
        no_args_is_help=True,
        help="Compare models on your own cases: run a suite, report on it, compare runs.",
        epilog="Example: poa eval run evals/small.yaml -o runs/small && poa eval report runs/small",
    )
    group.command("run", epilog="Example: poa eval run evals/small.yaml --fail-under reworded=0.6")(_run)
    group.command("report", epilog="Example: poa eval report runs/small -o report.html")(_report)
    group.command("compare", epilog="Example: poa eval compare runs/before runs/after")(_compare)
    group.command("rescore", epilog="Example: poa eval rescore runs/small -o runs/small-again")(_rescore)
    group.command("export", epilog="Example: poa eval export runs/small --to promptfoo -o side-by-side.json")(
        _export
    )
    group.command("schema", epilog="Example: poa eval schema > suite.schema.json")(_schema)
    app.add_typer(group)


def _run(
    suite: Annotated[Path, typer.Argument(help="The suite: a YAML file.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="The run's folder. [eval-runs/NAME]; goes on where it was."),
    ] = None,
    models: Annotated[str | None, typer.Option(help="Only these models of the suite, with commas.")] = None,
    only: Annotated[
        str | None, typer.Option("--filter", help="Only cases whose name holds this text.")
    ] = None,
    repeat: Annotated[int | None, typer.Option(min=1, help="Drafts of each case by each model.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Requests at once. [the suite's, or 8]")
    ] = None,
    cache: Annotated[
        bool, typer.Option(help="Use replies kept from other runs. --no-cache: ask anew, once for this run.")
    ] = True,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(help="Exit with 1 when METRIC=VALUE (or MODEL:METRIC=VALUE) is not reached."),
    ] = None,
    no_worse_than: Annotated[
        Path | None, typer.Option(help="Exit with 1 when a model is worse than in this earlier run.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
) -> None:
    """Run a suite: every model on every case. Resumable; nothing is paid for twice."""
    from poa.cli.evaluating import RunWishes, run

    names = tuple(name.strip() for name in (models or "").split(",") if name.strip())
    raise typer.Exit(
        run(
            suite,
            RunWishes(
                out, names, only, repeat, concurrency, cache, tuple(fail_under or ()), no_worse_than, json
            ),
        )
    )


def _report(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", help="The page (.html), or .md, .csv, .json. [report.html in the first run]"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
) -> None:
    """Write the report of one or more runs: one self-contained page, or its figures."""
    from poa.cli.evaluating import report

    report(runs, out, json)


def _compare(
    before: Annotated[Path, typer.Argument(help="The earlier run's folder.")],
    after: Annotated[Path, typer.Argument(help="The later run's folder.")],
    json: Annotated[bool, typer.Option("--json", help="Print the comparison as one JSON document.")] = False,
) -> None:
    """Say what got better and what got worse from one run to another."""
    from poa.cli.evaluating import compare

    compare(before, after, json)


def _rescore(
    folder: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the new run.")],
) -> None:
    """Score a run's raw replies again with today's checker; no model is asked."""
    from poa.cli.evaluating import rescore_run

    rescore_run(folder, out)


def _export(
    folder: Annotated[Path, typer.Argument(help="The run's folder.")],
    to: Annotated[str, typer.Option(help="promptfoo (side-by-side table) or inspect (log).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
) -> None:
    """Write a run in another tool's form."""
    from poa.cli.evaluating import export

    export(folder, to, out)


def _schema() -> None:
    """Print the JSON schema of a suite, for editors."""
    import json

    from poa.evals.suite import suite_schema

    typer.echo(json.dumps(suite_schema(), indent=1))
