"""The English of a facts file told in Chinese, kept beside it: `facts.en.yaml` for `facts.yaml`.

Each entry holds the Chinese it came from, its English, and the confirmation of a person, who need not have changed
the file since: both are known by their fingerprints. An entry whose Chinese or English is another by now counts for
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from poa.errors import FactsError
from poa.lined_yaml import UnreadableYaml, parse_yaml, read_text

__all__ = ["KeptEnglish", "fingerprint", "kept_path", "read_kept", "write_kept"]

_HEAD = """\
# The English of the Chinese in {source}, made by `poa draft` and checked against it.
# Read each pair. What is wrong can be corrected here (en); then run the command again: it is checked once more.
# An entry is used while `confirmed` is the fingerprint of its English and `of` that of its Chinese.
"""


@dataclass(frozen=True)
class KeptEnglish:
    """One Chinese text of a facts file with its English; `by` is the model's name, or `hand`."""

    path: str
    zh: str
    en: str
    by: str
    confirmed: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has taken this English as it stands now."""
        return bool(self.en) and self.confirmed == fingerprint(self.en)


def fingerprint(text: str) -> str:
    """Twelve characters that stand for a text; white space around words does not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def kept_path(facts: Path) -> Path:
    """Where the English of a facts file is kept."""
    return facts.with_name(f"{facts.stem}.en.yaml")


def read_kept(facts: Path) -> dict[str, KeptEnglish]:
    """What is kept beside a facts file, by the fingerprint of the Chinese; nothing when there is no such file.

    Raises `FactsError` with file and line when the file is there and cannot be read.
    """
    path = kept_path(facts)
    if not path.is_file():
        return {}
    try:
        document = parse_yaml(read_text(path), path.name)
    except UnreadableYaml as problem:
        raise FactsError(problem.faults) from None
    entries = document.data.get("entries") if isinstance(document.data, dict) else None
    if not isinstance(entries, list):
        rule = "must hold a list of entries; delete the file to have the English made anew"
        raise FactsError([document.fault(("entries",), rule)])
    found: dict[str, KeptEnglish] = {}
    for n, entry in enumerate(entries):
        given = entry if isinstance(entry, dict) else {}
        zh, en = given.get("zh"), given.get("en")
        if not isinstance(zh, str) or not (en is None or isinstance(en, str)):
            rule = "must have a `zh` and an `en`; delete the entry to have its English made anew"
            raise FactsError([document.fault(("entries", n), rule)])
        if given.get("of") == fingerprint(zh):
            kept = KeptEnglish(
                str(given.get("path") or ""),
                zh,
                " ".join((en or "").split()),
                str(given.get("by") or ""),
                given.get("confirmed"),
            )
            found[fingerprint(zh)] = kept
    return found


def write_kept(facts: Path, entries: Iterable[KeptEnglish]) -> Path:
    """Writes the file whole, or leaves the old one; raises `OSError` when it cannot be written."""
    path = kept_path(facts)
    told = [
        {
            "path": entry.path,
            "of": fingerprint(entry.zh),
            "zh": entry.zh,
            "en": entry.en,
            "by": entry.by,
            "confirmed": entry.confirmed,
        }
        for entry in entries
    ]
    text = yaml.safe_dump({"entries": told}, allow_unicode=True, sort_keys=False, width=100)
    half = path.with_name(path.name + ".part")
    half.write_text(_HEAD.format(source=facts.name) + text, "utf-8")
    half.replace(path)
    return path
