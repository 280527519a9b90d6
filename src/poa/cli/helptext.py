"""Prints the program's own help into the marked places of Markdown files: `python -m poa.cli.helptext README.md`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

__all__ = ["help_text", "with_help"]

_MARK = re.compile(r"(<!-- help: poa (?P<arguments>[^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)


def help_text(arguments: list[str]) -> str:
    """What `poa ARGUMENTS` prints, at eighty columns and without colour."""
    from typer.testing import CliRunner

    from poa.cli import build_app

    environment = {**os.environ, "COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1"}
    printed = CliRunner().invoke(build_app(), arguments, prog_name="poa", env=environment).stdout
    return "\n".join(line.rstrip() for line in printed.splitlines()).strip()


def with_help(text: str) -> str:
    """The text with every marked place holding the help as the program prints it now."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}```text\n{help_text(match['arguments'].split())}\n```\n{match[3]}"

    return _MARK.sub(filled, text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(with_help(path.read_text("utf-8")), "utf-8")
