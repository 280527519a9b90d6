"""A draft as files in a folder, written whole or not at all, and read back by the commands that follow."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poa.errors import InputError
from poa.letter import Letter, Passage, Section

if TYPE_CHECKING:
    from poa.draft import Draft
    from poa.facts import Case

__all__ = [
    "FinishedDraft",
    "clear_half_written",
    "draft_json",
    "free_folder",
    "is_half_written",
    "load_draft",
    "refuse_existing",
    "write_draft",
]

_RUN_SHAPE = 1
_FILES = ("letter.txt", "review.html", "check.json", "run.json")
# `.draft.PID.RANDOM`, the random part as `tempfile` makes it.
_HALF_WRITTEN = re.compile(r"\..+\.\d+\.\w{8}")
# Writing a draft takes a tenth of a second.
_WRITING_AT_MOST_S = 3600.0


@dataclass(frozen=True)
class FinishedDraft:
    """A draft folder, read: the letter as it stands there now, and the record of how it was made.

    `letter` is the drafted letter by sections; `text` is letter.txt, which its owner may have edited since.
    """

    folder: Path
    text: str
    letter: Letter
    skeleton: Letter
    check: Mapping[str, Any]
    run: Mapping[str, Any]

    @property
    def edited(self) -> bool:
        """Whether letter.txt was changed after it was drafted."""
        return bool(_sha256(self.text) != self.run.get("letter_sha256"))

    @property
    def facts_path(self) -> Path:
        """The facts file that the draft was made from."""
        return (self.folder / str(self.run["facts"]["path"])).resolve()

    @property
    def facts_changed(self) -> bool:
        """Whether the facts file is gone or no longer what the draft was made from."""
        try:
            return bool(
                hashlib.sha256(self.facts_path.read_bytes()).hexdigest() != self.run["facts"]["sha256"]
            )
        except OSError:
            return True

    def load_case(self) -> Case:
        """The case of the facts file as it is now."""
        from poa.facts import load_case

        packs = self.run.get("pack_dir")
        return load_case(self.facts_path, None if packs is None else (self.folder / str(packs)).resolve())


def refuse_existing(folder: Path, force: bool) -> None:
    """Raises `InputError` when a draft in this folder would replace something and nobody said that it may."""
    if folder.is_file():
        raise InputError(f"{folder} is a file: name a folder for the draft with -o.")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise InputError(
            f"{folder} exists already and is left as it is: name another folder with -o, or use --force to"
            " write the draft's files anew."
        )


def free_folder(wanted: Path) -> Path:
    """The folder, or the first of `name-2`, `name-3`, … that does not exist."""
    folder, n = wanted, 2
    while folder.exists():
        folder, n = wanted.with_name(f"{wanted.name}-{n}"), n + 1
    return folder


def write_draft(draft: Draft, folder: Path, facts: Path, *, force: bool = False) -> Path:
    """Writes letter.txt, review.html, check.json and run.json, and returns the letter's path.

    The files appear together: a folder that is new comes into being complete, and in one that exists each
    file is replaced as a whole.
    """
    refuse_existing(folder, force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _made_beside(folder) as making:
            files = _files(draft, folder, facts)
            for name, content in files.items():
                (making / name).write_text(content, encoding="utf-8", newline="\n")
            if folder.exists():
                # The record of the run comes last: a run killed on the way is seen to be unfinished.
                for name in files:
                    (making / name).replace(folder / name)
            else:
                making.chmod(0o777 & ~_umask())
                making.rename(folder)
    except OSError as error:
        raise InputError(
            f"The draft cannot be written to {folder} ({error.strerror or error}): name another folder with -o."
        ) from error
    return folder / "letter.txt"


@contextmanager
def _made_beside(folder: Path) -> Iterator[Path]:
    """A new folder to make `folder` in, held until it is renamed or removed.

    It lies beside `folder`, so that the last step is a rename within one file system.
    """
    clear_half_written([folder.parent])
    while True:
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.{os.getpid()}.", dir=folder.parent))
        with _held(making) as held:
            # Between its making and its holding, another process may have taken it for left over.
            if held is False or not making.is_dir():
                continue
            try:
                yield making
            finally:
                shutil.rmtree(making, ignore_errors=True)
            return


def clear_half_written(places: Iterable[Path]) -> None:
    """Removes what processes that were killed left half written in these folders.

    What a process that lives is writing stays: it holds its folder, and nothing holds one when its process is gone.
    """
    for place in places:
        with suppress(OSError), os.scandir(place) as inside:
            for half in [Path(entry.path) for entry in inside if _HALF_WRITTEN.fullmatch(entry.name)]:
                if is_half_written(half):
                    _clear(half)


def is_half_written(folder: Path) -> bool:
    """Whether this is a draft on its way to its place, or what a killed process left of one."""
    return (
        _HALF_WRITTEN.fullmatch(folder.name) is not None
        and folder.is_dir()
        and not folder.is_symlink()
        and {path.name for path in folder.iterdir()} <= set(_FILES)
    )


def _clear(half: Path) -> None:
    with _held(half) as held:
        # Where nothing can be held, age tells.
        if held or (held is None and time.time() - half.stat().st_mtime > _WRITING_AT_MOST_S):
            shutil.rmtree(half, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[bool | None]:
    """Holds the folder against others: False when it is gone or another holds it, None where that cannot be done.

    A number in the name would not do: it lives on in a process that nobody has buried, and in whoever gets it next.
    """
    if sys.platform == "win32":
        yield None
        return
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held: bool | None = True
        except BlockingIOError:
            held = False
        except OSError:
            held = None  # Some network file systems hold no folders.
        yield held
    finally:
        os.close(handle)


def load_draft(folder: Path) -> FinishedDraft:
    """The finished draft in a folder; `InputError` when there is none, or when it is damaged."""
    run_path = folder / "run.json"
    try:
        run = json.loads(run_path.read_text(encoding="utf-8"))
        check = json.loads((folder / "check.json").read_text(encoding="utf-8"))
        text = (folder / "letter.txt").read_text(encoding="utf-8")
        return FinishedDraft(folder, text, _letter(run, "text"), _letter(run, "skeleton"), check, run)
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} holds no finished draft (no {Path(error.filename).name}): make one with"
            f" `poa draft FACTS -o {folder}`."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The draft in {folder} cannot be read ({error}): draft it anew.") from error


def draft_json(draft: Draft, letter: Path | None) -> dict[str, Any]:
    """What `poa draft --json` prints."""
    return {
        "letter": None if letter is None else str(letter),
        "model": draft.model,
        "check": draft.report.as_json(),
        "sections": [
            {
                "id": section.id,
                "source": section.source,
                "attempts": section.attempts,
                "prompt_tokens": section.prompt_tokens,
                "completion_tokens": section.completion_tokens,
                "estimated": section.estimated,
                "seconds": section.seconds,
                "error": section.error,
                "passages": [
                    {"id": passage.id, "source": passage.source, "reworded": passage.reworded}
                    for passage in section.passages
                ],
            }
            for section in draft.sections
        ],
        "cost_usd": draft.cost_usd,
        "seconds": round(draft.seconds, 3),
        "error": draft.failure,
    }


def _files(draft: Draft, folder: Path, facts: Path) -> dict[str, str]:
    from poa.export.review import write_review

    return {
        "letter.txt": draft.letter.text,
        "review.html": write_review(draft),
        "check.json": _json(draft.report.as_json()),
        "run.json": _json(_run(draft, folder, facts)),
    }


def _run(draft: Draft, folder: Path, facts: Path) -> dict[str, Any]:
    """Everything to know how the letter came about, and nothing private that the letter does not say."""
    records = {passage.id: passage for section in draft.sections for passage in section.passages}
    took = {section.id: section for section in draft.sections}
    return {
        "run": _RUN_SHAPE,
        "created": draft.created.isoformat(timespec="seconds"),
        "versions": {
            "poa": _version("poa-draft"),
            "openai": _version("openai"),
            "xllamacpp": _version("xllamacpp"),
            "python": platform.python_version(),
        },
        "facts": {
            "path": _relative(facts, folder),
            "sha256": hashlib.sha256(facts.read_bytes()).hexdigest(),
        },
        "pack": draft.outline.pack,
        # Where packs of the user's own lay, so that the draft is read again by the pack that made it.
        "pack_dir": None if draft.case.pack_dir is None else _relative(draft.case.pack_dir, folder),
        "letter_sha256": _sha256(draft.letter.text),
        "model": draft.model,
        "prompts": dict(draft.prompts),
        "cost_usd": draft.cost_usd,
        "seconds": round(draft.seconds, 3),
        "error": draft.failure,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "lead": section.lead,
                "polish": section.polish,
                **(
                    {
                        "source": record.source,
                        "attempts": record.attempts,
                        "prompt_tokens": record.prompt_tokens,
                        "completion_tokens": record.completion_tokens,
                        "estimated": record.estimated,
                        "seconds": record.seconds,
                        "error": record.error,
                    }
                    if (record := took.get(section.id))
                    else {"source": "skeleton", "attempts": 0}
                ),
                "passages": [
                    {
                        "id": passage.id,
                        "layout": passage.layout,
                        "source": records[passage.id].source if passage.id in records else "skeleton",
                        "text": passage.text,
                        "skeleton": draft.skeleton.passage(passage.id).text,
                        "refused": list(records[passage.id].refused) if passage.id in records else [],
                    }
                    for passage in section.passages
                ],
            }
            for section in draft.letter.sections
        ],
    }


def _letter(run: Mapping[str, Any], words: str) -> Letter:
    return Letter(
        tuple(
            Section(
                section["id"],
                section["title"],
                tuple(Passage(p["id"], p[words], p["layout"]) for p in section["passages"]),
                section["polish"],
                section["lead"],
            )
            for section in run["sections"]
        )
    )


def _json(record: Mapping[str, Any]) -> str:
    """The record as JSON, a key or an entry of a list a line: indenting more takes ten times as long."""
    return (
        "{\n" + ",\n".join(f" {_compact(key)}: {_entries(value)}" for key, value in record.items()) + "\n}\n"
    )


def _entries(value: object) -> str:
    if isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(f"  {_compact(entry)}" for entry in value) + "\n ]"
    return _compact(value)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        # Another drive of a Windows machine has no relative path.
        return path.resolve().as_posix()


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
