"""The README says what the program says, in both languages."""

from pathlib import Path

import pytest

from poa.cli.helptext import with_help

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_help_in_the_readme_is_what_the_program_prints(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "Commands:" in text
    assert with_help(text) == text, f"run: python -m poa.cli.helptext {name}"


def test_both_readmes_hold_the_same_figures_and_links() -> None:
    import re

    def held(name: str) -> list[str]:
        return sorted(
            re.findall(
                r"\d[\d,]*(?= ?(?:of|/) ?\d)|\]\((?:docs/\w+\.md|fixtures/[^)]*)\)",
                (ROOT / name).read_text("utf-8"),
            )
        )

    assert held("README.md") == held("README.zh-CN.md")
