"""The program starts quickly, and what is left out to that end is missed by nobody."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from poa.cli import COMMANDS, build_app

POA = [sys.executable, "-c", "import sys; sys.argv[0] = 'poa'; from poa.cli import main; main()"]


@pytest.mark.parametrize("file", COMMANDS)
def test_each_file_adds_the_commands_that_it_is_looked_up_by(file: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_module(f"poa.cli.{file}").register(app)
    assert sorted(get_command(app).commands) == sorted(COMMANDS[file])  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_the_list_of_commands_is_that_of_the_whole_program(arguments: list[str]) -> None:
    whole = CliRunner().invoke(build_app(), arguments, prog_name="poa", env={"COLUMNS": "80"}).stdout
    printed = subprocess.run([*POA, *arguments], capture_output=True, text=True, check=False).stdout
    assert printed == whole
    assert all(f"  {command} " in printed for commands in COMMANDS.values() for command in commands)


def test_a_command_that_is_not_there_is_told_from_all_that_are() -> None:
    done = subprocess.run([*POA, "chek"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'check'" in done.stderr


def test_a_command_has_its_help_where_it_is_the_only_one_loaded() -> None:
    whole = (
        CliRunner().invoke(build_app(), ["draft", "--help"], prog_name="poa", env={"COLUMNS": "80"}).stdout
    )
    printed = subprocess.run([*POA, "draft", "--help"], capture_output=True, text=True, check=False).stdout
    assert printed == whole
    assert "--timeout" in printed


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    code = f"{POA[2].removesuffix('main()')}\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    printed = subprocess.run(
        [POA[0], "-c", code, "--help"], capture_output=True, text=True, check=True
    ).stdout
    loaded = set(printed.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & {"pydantic", "openai", "jinja2", "yaml", "asyncio", "poa.facts", "poa.checks"}
