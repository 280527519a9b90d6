"""What a killed process left half written goes; what a live one is writing stays."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from poa.batch import draft_cases, find_cases
from poa.draft import draft_letter
from poa.facts import load_case
from poa.runs import clear_half_written, write_draft
from tests.builders import small_facts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are ended by signals here")

# Writes a draft and stops for good with its files half written, once it has said so.
_STALLED = """
import sys, time
from pathlib import Path
import poa.runs
from poa.draft import draft_letter
from poa.facts import load_case

def stall(*_):
    print("here", flush=True)
    time.sleep(600)

poa.runs._files = stall
facts = Path(sys.argv[1])
poa.runs.write_draft(draft_letter(load_case(facts)), facts.parent / "draft", facts)
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "case" / "facts.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(small_facts(), sort_keys=False))
    return path


@pytest.fixture
def writing(facts: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has its draft of the case half written."""
    with subprocess.Popen(
        [sys.executable, "-c", _STALLED, str(facts)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


def half_written(facts: Path) -> list[str]:
    return [path.name for path in facts.parent.iterdir() if path.name.startswith(".")]


def write(facts: Path) -> Path:
    return write_draft(draft_letter(load_case(facts)), facts.parent / "draft", facts)


def test_what_a_live_process_is_writing_stays(facts: Path, writing: subprocess.Popen[str]) -> None:
    write(facts)
    clear_half_written([facts.parent])
    assert half_written(facts) == [name for name in half_written(facts) if f".{writing.pid}." in name] != []


def test_what_a_killed_process_left_goes_before_anybody_has_buried_it(
    facts: Path, writing: subprocess.Popen[str]
) -> None:
    writing.send_signal(signal.SIGKILL)
    # Dead, and still in the table of processes: what starts batches may never ask.
    os.waitid(os.P_PID, writing.pid, os.WEXITED | os.WNOWAIT)
    assert half_written(facts) != []
    write(facts)
    assert half_written(facts) == []


def test_a_run_that_finds_its_case_done_clears_too(facts: Path) -> None:
    write(facts)
    # The number of a process that lives: numbers are given out again.
    half = facts.parent / f".draft.{os.getpid()}.ab_d1234"
    half.mkdir()
    (half / "letter.txt").write_text("half")

    async def kept() -> list[bool]:
        return [outcome.kept async for outcome in draft_cases(find_cases([facts.parent]), None)]

    assert asyncio.run(kept()) == [True]
    assert half_written(facts) == []


def test_folders_of_other_hands_stay(facts: Path) -> None:
    kept = facts.parent / ".notes.2024.abcd1234"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    (facts.parent / ".config").mkdir()
    clear_half_written([facts.parent, facts.parent / "nowhere"])
    assert sorted(half_written(facts)) == [".config", ".notes.2024.abcd1234"]
