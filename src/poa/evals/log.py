"""A run's folder: what was run, every draft with its raw replies and scores, and the judges' verdicts.

    RUN/run.json         what was compared: the suite, cases, contestants and versions
    RUN/samples.jsonl    one line a draft; a later line with the same `id` takes the earlier one's place
    RUN/judgements.jsonl one line a verdict of a judge

The shape is described in docs/evals.md; `v` is its number and changes when a field changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.models.folders import write_atomically

__all__ = ["SHAPE", "append", "read_judgements", "read_run", "read_samples", "write_run"]

SHAPE = 1


def write_run(folder: Path, run: Mapping[str, Any]) -> None:
    """Writes what is run, whole or not at all."""
    write_atomically(
        folder / "run.json", json.dumps({"v": SHAPE, **run}, ensure_ascii=False, indent=1) + "\n"
    )


def read_run(folder: Path) -> dict[str, Any]:
    """What was run; `InputError` when the folder holds no run."""
    try:
        run: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder} holds no run (no readable run.json): make one with `poa eval run`."
        ) from error
    if run.get("v") != SHAPE:
        raise InputError(f"{folder} holds a run of shape {run.get('v')}, and this program reads {SHAPE}.")
    return run


def append(path: Path, line: Mapping[str, Any]) -> None:
    """Adds one line, whole: a line that a killed run left unfinished is ended first."""
    text = json.dumps({"v": SHAPE, **line}, ensure_ascii=False, separators=(",", ":")) + "\n"
    with path.open("ab+") as file:
        if file.tell() and _last_byte(file) != b"\n":
            text = "\n" + text
        file.write(text.encode())


def read_samples(folder: Path) -> Iterator[dict[str, Any]]:
    """The run's drafts, one at a time: of each only its latest line."""
    path = folder / "samples.jsonl"
    latest = {name: n for n, name in _ids(path)}
    for n, sample in enumerate(_lines(path)):
        if sample is not None and latest.get(sample["id"]) == n:
            yield sample


def read_judgements(folder: Path) -> list[dict[str, Any]]:
    """The judges' verdicts, none twice."""
    found = {line["id"]: line for line in _lines(folder / "judgements.jsonl") if line is not None}
    return list(found.values())


def _ids(path: Path) -> Iterator[tuple[int, str]]:
    for n, line in enumerate(_lines(path)):
        if line is not None:
            yield n, line["id"]


def _lines(path: Path) -> Iterator[dict[str, Any] | None]:
    """Each line's object; None for the torn last line of a run that was killed while writing."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                found = json.loads(line)
            except ValueError:
                found = None
            yield found if isinstance(found, dict) and "id" in found else None


def _last_byte(file: Any) -> bytes:
    file.seek(-1, 2)
    last: bytes = file.read(1)
    return last
