"""YAML in which every scalar is text and every value knows its line.

YAML 1.1 reads `on:` as true, `12:30` as 750, `0123` as 83 and a bare date as a date object. A facts file must
mean what its author sees, so scalars stay strings (a bare `null`, `~` or nothing is None) and the models that
read them do the converting. The document is built from parser events without recursion, so neither depth
nor aliases can exhaust the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from poa.errors import Fault

__all__ = ["Document", "Place", "UnreadableYaml", "dotted", "parse_yaml", "read_text", "read_yaml", "shown"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Place = tuple[str | int, ...]


class UnreadableYaml(Exception):  # noqa: N818 - a finding handed to the caller, who names the right error
    """The file cannot be read as one YAML document; `faults` says why, each with its line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True)
class Document:
    """One YAML document: plain dicts, lists, strings and None, and the line of each place inside it."""

    file: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest enclosing one that stands in the file."""
        while place not in self.lines:
            if not place:
                return None
            place = place[:-1]
        return self.lines[place]

    def fault(self, place: Place, rule: str, value: object = "") -> Fault:
        """A fault at a place of this document, with its line."""
        return Fault(self.file, dotted(place), shown(value), rule, self.line(place))


def dotted(place: Place) -> str:
    """The place as a person writes it: `violations[0].orders[1]`."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path or "(the whole file)"


def shown(value: object) -> str:
    """The offending value, short enough for one line."""
    text = " ".join(str(value).split()) if value not in (None, "") else ""
    return text if len(text) <= 80 else f"{text[:77]}..."


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file, with or without a byte order mark, line ends as `\\n`."""
    file = path.name
    try:
        if path.is_dir():
            raise UnreadableYaml([Fault(str(path), "(the whole file)", "", "is a folder; name a file")])
        size = path.stat().st_size
        if size > max_bytes:
            raise UnreadableYaml(
                [Fault(file, "(the whole file)", f"{size:,} bytes", f"must be at most {max_bytes:,} bytes")]
            )
        raw = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or "cannot be read"
        rule = f"cannot be read: {reason}; check the path"
        raise UnreadableYaml([Fault(str(path), "(the whole file)", "", rule)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        rule = "must be saved as UTF-8 (in Notepad: Save As, Encoding: UTF-8)"
        raise UnreadableYaml([Fault(file, "(the whole file)", "", rule, line)]) from None
    return text.replace("\r\n", "\n")


def read_yaml(path: Path, file: str = "") -> Document:
    """The one YAML document of a file, called `file` in messages; raises `UnreadableYaml` with every fault."""
    return parse_yaml(read_text(path), file or path.name)


def parse_yaml(text: str, file: str) -> Document:
    """The one YAML document of a text; raises `UnreadableYaml` with every fault found."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise UnreadableYaml([Fault(file, "(the whole file)", "", f"must be at most {MAX_BYTES:,} bytes")])
    builder = _Builder(file, text)
    try:
        for event in yaml.parse(text, Loader=_loader()):
            builder.take(event)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else None
        rule = f"is no valid YAML here: {problem.problem or problem.context or 'cannot be parsed'}"
        raise UnreadableYaml([Fault(file, "(the whole file)", "", rule, line)]) from None
    except yaml.YAMLError:
        rule = "holds a control character; remove it"
        raise UnreadableYaml([Fault(file, "(the whole file)", "", rule)]) from None
    if builder.faults:
        raise UnreadableYaml(builder.faults)
    return Document(file, builder.root, builder.lines)


def _index(mark: Any) -> int:
    return int(mark.index)


def _loader() -> Any:
    # libyaml is ten times faster and accepts the same documents.
    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Builder:
    """Turns parser events into a document, noting lines and faults as it goes."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.root: Any = None
        self.lines: dict[Place, int] = {(): 1}
        self.faults: list[Fault] = []
        self._documents = 0
        self._open: list[_Container] = []

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(line, "holds a second YAML document; keep one document in a file")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"uses the alias *{event.anchor}; write the value out")
            self._put(None, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_tag(event, line)
            bare = event.style in (None, "") and event.value in _NULLS
            if bare and self._continues(event):
                return
            self._put(None if bare else event.value, line, plain_key=event.value)
            if self._open and event.style in (None, ""):
                top = self._open[-1]
                if top.key is not None:
                    top.key_start = _index(event.start_mark)
                else:
                    top.last_plain, top.last_end = top.last_key, _index(event.end_mark)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_tag(event, line)
            if len(self._open) >= MAX_DEPTH:
                rule = f"is nested more than {MAX_DEPTH} levels deep"
                raise UnreadableYaml([*self.faults, Fault(self.file, self._path(), "", rule, line)])
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            place = self._put(value, line)
            self._open.append(_Container(value, place, flow=bool(event.flow_style)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()

    def _put(self, value: Any, line: int, plain_key: str | None = None) -> Place:
        if not self._open:
            if self._documents <= 1:
                self.root = value
                self.lines[()] = line
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, list):
            place = (*parent.place, len(parent.value))
            parent.value.append(value)
        elif parent.key is None:
            key = plain_key if plain_key is not None else ""
            if plain_key is None:
                self._refuse(line, "has a list or a mapping as a key; a key is a word")
            if key in parent.value:
                self._refuse(line, "stands twice; keep one of the two", (*parent.place, key))
            parent.key = key
            self.lines.setdefault((*parent.place, key), line)
            return (*parent.place, key)
        else:
            place = (*parent.place, parent.key)
            parent.value.setdefault(parent.key, value)
            parent.last_key, parent.key = parent.key, None
        self.lines.setdefault(place, line)
        return place

    def _continues(self, event: Any) -> bool:
        """Whether an empty value only shows that a comma has cut an unquoted sentence in two.

        In `{id: C2, statement: We paid a bonus, and this was wrong}` YAML ends the statement at the comma and
        reads the rest as a key without a value. The author wrote one sentence, and one sentence is kept.
        """
        parent = self._open[-1] if self._open else None
        if parent is None or not parent.flow or parent.key is None or event.value != "":
            return False
        before = parent.last_plain
        if before is None or before != parent.last_key or " " not in parent.key:
            return False
        if not isinstance(parent.value.get(before), str):
            return False
        # "AUD 1,500" was cut as well: what stood between the two parts says whether a space belongs there.
        space = (
            " "
            if self.text[parent.last_end : parent.key_start].strip(" \n")
            != self.text[parent.last_end : parent.key_start]
            else ""
        )
        parent.value[before] += f",{space}{parent.key}"
        parent.last_end = _index(event.start_mark)
        del self.lines[*parent.place, parent.key]
        parent.key = None
        return True

    def _refuse_tag(self, event: Any, line: int) -> None:
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            self._refuse(line, f"carries the tag {shown(event.tag)}; tags are not read, remove it")

    def _refuse(self, line: int, rule: str, place: Place | None = None) -> None:
        path = dotted(place) if place is not None else self._path()
        self.faults.append(Fault(self.file, path, "", rule, line))

    def _path(self) -> str:
        if not self._open:
            return "(the whole file)"
        top = self._open[-1]
        return dotted(top.place if top.key is None else (*top.place, top.key))


@dataclass
class _Container:
    value: Any
    place: Place
    key: str | None = None
    flow: bool = False
    last_key: str | None = None  # the key whose value was read last
    last_plain: str | None = None  # the key whose value was an unquoted text
    last_end: int = 0  # where that text ends in the file
    key_start: int = 0  # where the key read last begins
