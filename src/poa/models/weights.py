"""The embedded model's default weights: what they are, and where they lie on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poa.models.folders import weights_dir
from poa.resources import read_words

__all__ = ["IndexParts", "Source", "Weights", "default_weights"]


@dataclass(frozen=True)
class Source:
    """An address that serves the whole file and takes Range requests."""

    title: str
    url: str


@dataclass(frozen=True)
class IndexParts:
    """The file cut into consecutive parts, each in a pinned package of a package index.

    `name` holds `{n}`, from 1 to `parts`; `member` is the part's path inside the package, as a pattern.
    """

    title: str
    name: str
    version: str
    parts: int
    member: str


@dataclass(frozen=True)
class Weights:
    """A weights file, known by its size and SHA-256."""

    name: str
    title: str
    license: str
    size_bytes: int
    sha256: str
    sources: tuple[Source, ...]
    packages: IndexParts | None

    @property
    def path(self) -> Path:
        """Where the file lies once it has been fetched and verified."""
        return weights_dir() / self.name


@cache
def default_weights() -> Weights:
    """The weights that `local` means."""
    entry = read_words(Path(__file__).with_name("weights.yaml"))
    packages = entry["packages"]
    return Weights(
        name=entry["name"],
        title=entry["title"],
        license=entry["license"],
        size_bytes=int(entry["bytes"]),
        sha256=entry["sha256"],
        sources=tuple(Source(s["title"], s["url"]) for s in entry["sources"]),
        packages=IndexParts(
            packages["title"],
            packages["name"],
            packages["version"],
            int(packages["parts"]),
            packages["member"],
        ),
    )
