"""The program starts quickly, and what is left out to that end is missed by nobody."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer
from typer.main import get_command

from poa.cli import COMMANDS

POA = [sys.executable, "-c", "import sys; sys.argv[0] = 'poa'; from poa.cli import main; main()"]
WHOLE = [
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'poa'; from poa.cli import build_app; build_app()()",
]


@pytest.mark.parametrize("file", COMMANDS)
def test_each_file_adds_the_commands_that_it_is_looked_up_by(file: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_module(f"poa.cli.{file}").register(app)
    assert sorted(get_command(app).commands) == sorted(COMMANDS[file])  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [["--help"], [], ["draft", "--help"], ["packs", "check", "--help"]])
def test_what_is_printed_is_what_the_whole_program_would_print(arguments: list[str]) -> None:
    printed, whole = (
        subprocess.run([*line, *arguments], capture_output=True, text=True, check=False)
        for line in (POA, WHOLE)
    )
    assert (printed.returncode, printed.stdout, printed.stderr) == (
        whole.returncode,
        whole.stdout,
        whole.stderr,
    )
    assert "Usage: poa" in printed.stdout + printed.stderr


def test_a_command_that_is_not_there_is_told_from_all_that_are() -> None:
    done = subprocess.run([*POA, "chek"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'check'" in done.stderr


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    code = f"{POA[2].removesuffix('main()')}\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    printed = subprocess.run(
        [POA[0], "-c", code, "--help"], capture_output=True, text=True, check=True
    ).stdout
    loaded = set(printed.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & {"pydantic", "openai", "jinja2", "yaml", "asyncio", "poa.facts", "poa.checks"}
