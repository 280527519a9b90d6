"""Finds and reads the data that ships with the program, in an installed wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["packs_dir", "prompts_dir", "read_words"]

_PACKAGE = Path(__file__).resolve().parent


def prompts_dir() -> Path:
    """The folder of prompt templates: inside the wheel, or at the top of the checkout."""
    shipped = _PACKAGE / "prompts"
    # An editable install has no copy inside the package: the checkout's own folder serves.
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / "prompts"


def packs_dir() -> Path:
    """The folder that holds one folder per policy pack."""
    return _PACKAGE / "packs"


def read_words(path: Path) -> Any:
    """The data of a YAML file of word lists, each scalar as text; raises `OSError` and `yaml.YAMLError`."""
    import yaml

    # Either builds strings and nothing else; libyaml is ten times faster, and not in every build of the package.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
