"""Endpoints known by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poa.resources import read_words

__all__ = ["Preset", "find_preset", "list_presets"]


@dataclass(frozen=True)
class Preset:
    """An OpenAI-compatible endpoint: its address, the variable that holds its key, its default model."""

    name: str
    title: str
    base_url: str
    key_variable: str | None
    default_model: str | None
    aliases: tuple[str, ...] = ()


@cache
def list_presets() -> tuple[Preset, ...]:
    """All presets, in the order in which keys in the environment are looked for."""
    table = read_words(Path(__file__).with_name("presets.yaml"))
    return tuple(
        Preset(
            name=name,
            title=entry["title"],
            base_url=entry["base_url"],
            key_variable=None if entry["key"] == "null" else entry["key"],
            default_model=None if entry["model"] == "null" else entry["model"],
            aliases=tuple(entry.get("aliases", ())),
        )
        for name, entry in table["presets"].items()
    )


def find_preset(name: str) -> Preset | None:
    """The preset of that name or alias, or None."""
    return next((p for p in list_presets() if name == p.name or name in p.aliases), None)
