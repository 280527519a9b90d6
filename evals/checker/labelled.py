"""Letters with known verdicts, read from folders in the format of `../shared/cases` and `../shared/zh`.

A faithful letter and a list of edits make one labelled letter each: the letter as it is, and every edit
applied to a fresh copy of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from poa.errors import InputError

__all__ = ["Change", "Labelled", "find_letters", "find_rewritings"]


@dataclass(frozen=True)
class Change:
    """What an edit took out and put in."""

    find: str
    replace: str


@dataclass(frozen=True)
class Labelled:
    """One letter with its known verdict; `source` is its facts file, or its Chinese original.

    `group` names the folder above the case: the author, or the set.
    """

    id: str
    group: str
    source: Path
    text: str
    faithful: bool
    category: str
    item: str | None
    changes: tuple[Change, ...] = ()


def find_letters(path: Path) -> Iterator[Labelled]:
    """The labelled letters of a case folder, or of every case folder below the path."""
    for edits in sorted(
        [path / "edits.yaml"] if (path / "edits.yaml").is_file() else path.rglob("edits.yaml")
    ):
        folder = edits.parent
        letters = {p.stem: p for p in sorted(folder.glob("*.txt")) if p.stem != "notice"}
        yield from _variants(edits, folder.name, folder.parent.name, folder / "facts.yaml", letters)


def find_rewritings(path: Path) -> Iterator[Labelled]:
    """The labelled English rewritings of the Chinese texts in a folder, or below it."""
    for edits in sorted(path.rglob("*.edits.yaml")):
        number = edits.name.removesuffix(".edits.yaml")
        letters = {p.name.split(".")[1]: p for p in sorted(edits.parent.glob(f"{number}.*.en.txt"))}
        yield from _variants(edits, number, edits.parent.name, edits.with_name(f"{number}.txt"), letters)


def _variants(
    edits: Path, case: str, group: str, source: Path, letters: dict[str, Path]
) -> Iterator[Labelled]:
    texts = {name: path.read_text("utf-8") for name, path in letters.items()}
    for name, text in texts.items():
        yield Labelled(f"{group}/{case}/{name}", group, source, text, True, "untouched", None)
    for edit in yaml.load(edits.read_text("utf-8"), Loader=yaml.BaseLoader):
        yield _edited(edit, edits, f"{group}/{case}", group, source, texts)


def _edited(
    edit: dict[str, Any], file: Path, case: str, group: str, source: Path, texts: dict[str, str]
) -> Labelled:
    where = f"{file}: edit {edit.get('letter')}/{edit.get('id')}"
    if edit.get("kind") not in ("faithful", "corrupt") or edit.get("letter") not in texts:
        raise InputError(
            f"{where}: needs `kind` faithful or corrupt, and the name of a letter beside the file."
        )
    changes = tuple(Change(change["find"], change["replace"]) for change in edit["changes"])
    before = text = texts[edit["letter"]]
    for change in changes:
        if text.count(change.find) != 1:
            raise InputError(f"{where}: its `find` stands {text.count(change.find)} times: {change.find!r}.")
        text = text.replace(change.find, change.replace)
    if text == before:
        raise InputError(f"{where}: changes nothing.")
    item = edit.get("item")
    return Labelled(
        f"{case}/{edit['letter']}/{edit['id']}",
        group,
        source,
        text,
        edit["kind"] == "faithful",
        edit["category"],
        None if item in (None, "", "null") else item,
        changes,
    )
