"""What the program keeps on this machine, and its removal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from poa.errors import InputError
from poa.models.folders import cache_dir, weights_dir
from poa.runs import is_half_written

__all__ = ["purge_store"]

_DRAFT_FILES = ("letter.txt", "review.html", "check.json", "run.json", "diff.html", "against-previous.json")


def purge_store(
    drafts: Iterable[Path] = (), *, weights: bool = False, dry_run: bool = False
) -> tuple[Path, ...]:
    """Removes the kept replies and notes, and returns what was removed.

    `drafts` are folders in and below which finished drafts are removed too: only folders whose run.json says
    that this program made them, and of those only its own files; what else lies there stays. `weights` are the
    downloaded models. `dry_run` removes nothing.
    """
    doomed = list(_kept(weights))
    for folder in drafts:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder: name the folder whose drafts are to go.")
        doomed += _drafts(folder)
    if not dry_run:
        for path in doomed:
            _remove(path)
    return tuple(doomed)


def _kept(weights: bool) -> Iterator[Path]:
    root = cache_dir()
    if not root.is_dir():
        return
    for path in sorted(root.iterdir()):
        if path != weights_dir() or weights:
            yield path


def _drafts(folder: Path) -> Iterator[Path]:
    for run in sorted(folder.rglob("run.json")):
        if _is_draft(run) and not is_half_written(run.parent):
            yield from (path for name in _DRAFT_FILES if (path := run.with_name(name)).is_file())
    yield from (half for half in sorted(folder.rglob(".*")) if is_half_written(half))


def _is_draft(run: Path) -> bool:
    try:
        record = json.loads(run.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and "letter_sha256" in record and "poa" in (record.get("versions") or {})


def _remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
            if path.name == "run.json" and not any(path.parent.iterdir()):
                path.parent.rmdir()
    except OSError as error:
        raise InputError(f"{path} cannot be removed ({error.strerror or error}).") from error
