"""The facts file as the interview writes it: block style, commented, every free text quoted; saved whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from poa.errors import InputError
from poa.interview.asks import Progress, whole_pack
from poa.interview.words import data as data_file
from poa.interview.words import is_todo, own_questions, say
from poa.policy import PolicyPack

__all__ = ["facts_yaml", "fingerprint", "read_state", "save"]

FACTS, STATE = "facts.yaml", "interview.json"
_FIRST = ("schema", "pack", "route", "language", "notice", "seller")
_BARE = re.compile(
    r"[A-Za-z][A-Za-z0-9@_-]*(?:[ .][A-Za-z0-9@_-]+)*|\d{4}-\d\d-\d\d|[1-9]\d{0,8}|[A-Z0-9-]{10,20}"
)
# Words that some YAML reader takes for something else than a text.
_NOT_BARE = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"}


def facts_yaml(progress: Progress) -> str:
    """The text of the facts file, with a comment above each part that says what belongs there."""
    data, lang = progress.data, progress.lang
    whole = whole_pack(progress)
    pack = whole.on_route(str(data.get("route", "")))
    lines = [f"# {say(name, lang)}" for name in ("header", "header_open", "header_none")]
    groups = [group for section in pack.sections for group in section.groups]
    order = sorted(data, key=lambda key: _rank(key, groups))
    for key in order:
        about = _about(key, pack, lang)
        if about:
            lines += ["", f"# {_comment(about)}"]
        elif key in ("notice", "seller"):
            lines.append("")
        lines += _entry(key, data[key], 0, key, pack, lang)
    return "\n".join(lines) + "\n"


def _rank(key: str, groups: list[str]) -> tuple[int, int]:
    if key in _FIRST:
        return 0, _FIRST.index(key)
    base = re.sub(r"_(?:en|zh)$", "", key)
    return (1, groups.index(base)) if base in groups else (2, 0)


def _about(key: str, pack: PolicyPack, lang: str) -> str:
    """What a top-level key is, in the pack's words."""
    declared = pack.field(key)
    if declared is not None:
        return f"{declared.label.say(lang)}: {declared.question.say(lang)}"
    spec = next((q for q in pack.questions if q.path == key), None)
    shape = data_file("questions")["records"].get(key)
    label = pack.labels[shape["label"]].say(lang) if shape else ""
    asked = spec.question.say(lang) if spec else ""
    if key == "pack":
        return pack.title.say(lang)
    return ": ".join(part for part in (label, asked) if part)


def _entry(key: str, value: Any, depth: int, path: str, pack: PolicyPack, lang: str) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        yield f"{pad}{key}:"
        for inner, below in value.items():
            yield from _entry(inner, below, depth + 1, f"{path}.{inner}", pack, lang)
    elif isinstance(value, list | tuple) and value:
        yield f"{pad}{key}:"
        for item in value:
            yield from _item(item, depth + 1, f"{path}[]", pack, lang)
    else:
        hint = _hint(path, pack, lang) if is_todo(value) else ""
        yield f"{pad}{key}: {_scalar(value)}{hint}"


def _item(value: Any, depth: int, path: str, pack: PolicyPack, lang: str) -> Iterator[str]:
    pad = "  " * depth
    if not isinstance(value, Mapping) or not value:
        yield f"{pad}- {_scalar(value)}"
        return
    first = True
    for key, inner in value.items():
        for line in _entry(key, inner, depth + 1, f"{path}.{key}", pack, lang):
            yield f"{pad}- {line.lstrip()}" if first else line
            first = False


def _hint(path: str, pack: PolicyPack, lang: str) -> str:
    """The question that a TODO waits for, as a comment behind it."""
    spec = next((q for q in pack.questions if q.path == path), own_questions().get(path))
    if spec is None or "." not in path:
        return ""
    return f"  # {_comment(spec.question.say(lang))}"


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    text = str(value)
    if is_todo(text) and _comment(text) == text and not re.search(r": | #|:$", text):
        return text
    if _BARE.fullmatch(text) and text.lower() not in _NOT_BARE:
        return text
    quoted: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9)
    return quoted.strip()


# ---------------------------------------------------------------- on disk


def fingerprint(text: str) -> str:
    """A short hash of a text: whether a file is still what was written."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def save(folder: Path, progress: Progress) -> None:
    """Writes the facts file and the interview's state, each whole or not at all."""
    text = facts_yaml(progress)
    _write(folder / FACTS, text)
    state = {
        "schema": 1,
        "language": progress.lang,
        "closed": sorted(progress.closed),
        "facts": fingerprint(text),
    }
    _write(folder / STATE, json.dumps(state, ensure_ascii=False, indent=2) + "\n")


def read_state(folder: Path) -> dict[str, Any]:
    """The state of an earlier sitting; empty where there is none, or none that can be read."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # The facts file holds all answers; the state only spares a few questions.
    return state if isinstance(state, dict) else {}


def _write(path: Path, text: str) -> None:
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as problem:
        raise InputError(
            f"{path}: cannot be written ({problem.strerror}); free the place or choose another folder. "
            "Everything saved before this answer is still there."
        ) from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
