"""Measures how fast `poa check` is, as a person or a program calls it, on one core.

    python -m evals.checker.speed
    python -m evals.checker.speed ../shared/cases fixtures/cases --rounds 3

Letters come from folders in the format of `../shared/cases`. Figures are in letters of 600 words: what was
measured, scaled by the words that the letters have. Start-up is taken away from the batches by running one that
holds no letter. Two batches: in one, every letter is of another hand or case, as it is when many sellers ask; in
the other, many versions of each letter, as it is when one letter is worked on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from evals.checker.labelled import Labelled, find_letters

from poa.errors import InputError, PoaError

_POA = [sys.executable, "-c", "from poa.cli import main; main()"]
_WORDS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; 0 when those given as limits are met, 1 when not, 2 for unusable input."""
    options = _options().parse_args(arguments)
    try:
        letters = [letter for folder in options.folders for letter in find_letters(folder)]
        if not letters:
            names = ", ".join(map(str, options.folders))
            raise InputError(f"There are no letters in {names}: name folders that hold edits.yaml files.")
    except PoaError as error:
        print(f"evals.checker.speed: {error}", file=sys.stderr)
        return error.exit_status
    _keep_to_one_core()
    untouched = [letter for letter in letters if letter.category == "untouched"]
    versions = letters[: options.most]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        one = _seconds_for_one(untouched[0], folder, options.rounds)
        start = _seconds([], folder, options.rounds)
        print("| what | letters | words each | seconds | letters of 600 words a second |")
        print("|---|---|---|---|---|")
        apart = _row("each of another case or hand", untouched, start, folder, options.rounds)
        _row("many versions of each", versions, start, folder, options.rounds)
    print(
        f"\nOne letter with start-up: {one:.2f} s; an empty batch: {start:.2f} s. Best of {options.rounds}."
    )
    slow = options.fail_under is not None and apart < options.fail_under
    late = options.fail_over is not None and one > options.fail_over
    return 1 if slow or late else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.checker.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, default=[Path("fixtures/cases")], help="case folders, or above them"
    )
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many runs counts")
    parser.add_argument("--most", type=int, default=600, help="at most so many versions")
    parser.add_argument("--fail-under", type=float, metavar="RATE", help="status 1 at fewer letters a second")
    parser.add_argument(
        "--fail-over", type=float, metavar="SECONDS", help="status 1 when one letter takes longer"
    )
    return parser


def _keep_to_one_core() -> None:
    """Holds this process and those it starts to one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _row(name: str, letters: Sequence[Labelled], start: float, folder: Path, rounds: int) -> float:
    words = sum(len(letter.text.split()) for letter in letters)
    took = max(_seconds(letters, folder, rounds) - start, 1e-6)
    rate = words / _WORDS / took
    print(f"| {name} | {len(letters)} | {words / len(letters):.0f} | {took:.2f} | {rate:.0f} |", flush=True)
    return rate


def _seconds(letters: Sequence[Labelled], folder: Path, rounds: int) -> float:
    requests = folder / "requests.jsonl"
    lines = [
        json.dumps({"id": letter.id, "facts": str(letter.source.resolve()), "letter_text": letter.text})
        for letter in letters
    ]
    requests.write_text("\n".join(lines), "utf-8")
    return min(_run(["check", "--batch", str(requests)], len(letters)) for _ in range(rounds))


def _seconds_for_one(letter: Labelled, folder: Path, rounds: int) -> float:
    file = folder / "letter.txt"
    file.write_text(letter.text, "utf-8")
    line = ["check", str(letter.source.resolve()), str(file), "--json"]
    # The first run may have to compile what is imported.
    return min(_run(line, None) for _ in range(rounds + 1))


def _run(line: Sequence[str], answers: int | None) -> float:
    """Seconds the command takes; raises `RuntimeError` when it did not answer every request."""
    began = time.perf_counter()
    ended = subprocess.run([*_POA, *line], capture_output=True, check=False)
    took = time.perf_counter() - began
    whole = ended.stdout.count(b"\n") if answers is not None else None
    if ended.returncode not in (0, 1) or whole != answers:
        raise RuntimeError(
            f"poa {' '.join(line)} did not answer as it should: {ended.stderr.decode()[-500:]}"
        )
    return took


if __name__ == "__main__":
    sys.exit(main())
