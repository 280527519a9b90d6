"""Finds the data that ships with the program, in an installed wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

__all__ = ["packs_dir", "prompts_dir"]

_PACKAGE = Path(__file__).resolve().parent


def prompts_dir() -> Path:
    """The folder of prompt templates: inside the wheel, or at the top of the checkout."""
    shipped = _PACKAGE / "prompts"
    # An editable install has no copy inside the package: the checkout's own folder serves.
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / "prompts"


def packs_dir() -> Path:
    """The folder that holds one folder per policy pack."""
    return _PACKAGE / "packs"
