"""`poa batch` killed at random points, again and again: no case is lost, no reply on the disk is paid for twice.

`POA_KILLS` says how often (`make soak`: a hundred times).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import yaml

from poa.checks import check_letter
from poa.facts import load_case
from tests.builders import small_facts
from tests.fake_server import Answer, Body, FakeServer, completion, polished, reword

KILLS = int(os.environ.get("POA_KILLS", "2"))
# Enough for more than one process.
CASES = max(40, KILLS)


def digest(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def signed_reply(body: Body) -> Answer:
    """A good reply that carries its request's digest, so that it is recognised in the cache."""
    reply = json.loads(polished(body, reword))
    return completion(json.dumps({**reply, "asked": digest(body)}))


def write_cases(folder: Path) -> list[Path]:
    paths = []
    for n in range(CASES):
        facts = small_facts()
        # Each case its own words, or one reply would do for all.
        for group in ("root_causes", "actions_taken", "preventive_measures", "violations"):
            facts[group][0]["statement"] = facts[group][0]["statement"].replace(".", f" in {n + 20} shops.")
        path = folder / f"case{n:03}" / "facts.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(facts, sort_keys=False))
        paths.append(path)
    return paths


def on_disk(cache: Path) -> set[str]:
    if not cache.is_file():
        return set()
    with closing(sqlite3.connect(cache)) as store:
        try:
            rows = store.execute("SELECT reply FROM replies").fetchall()
        except sqlite3.OperationalError:
            return set()  # Killed before the table was made.
    return {json.loads(json.loads(row)["text"])["asked"] for (row,) in rows}


def finished(folder: Path) -> set[str]:
    return {run.parent.parent.name for run in folder.glob("*/draft*/run.json")}


def test_a_batch_killed_at_random_loses_no_case_and_pays_for_no_kept_reply_twice(tmp_path: Path) -> None:
    cases, cache = tmp_path / "cases", tmp_path / "cache"
    paths = write_cases(cases)
    chance = random.Random(7)
    kills = done_before = 0
    with FakeServer(signed_reply, latency_s=0.05) as server:
        line = f"batch {cases} --model fake --base-url {server.base_url} --concurrency 4"
        environment = {**os.environ, "POA_CACHE_DIR": str(cache), "OPENAI_API_KEY": "sk-test-0123456789"}
        paid: Counter[str] = Counter()
        asked_again = 0
        while True:
            kept = on_disk(cache / "replies.sqlite")
            assert len(finished(cases)) >= done_before
            done_before = len(finished(cases))
            server.requests.clear()
            # Into a file: nobody reads a pipe while the first request is waited for.
            said = (tmp_path / "said.txt").open("w+")
            process = subprocess.Popen(
                [sys.executable, "-c", "from poa.cli import main; main()", *line.split()],
                env=environment,
                stdout=said,
                stderr=said,
            )
            if kills < KILLS:
                # Counted from the first request: loading takes longer than all else.
                while not server.requests and process.poll() is None:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.5))
                process.send_signal(signal.SIGKILL)
            process.wait(timeout=120)
            with said:
                said.seek(0)
                err = said.read()
            asked = [digest(body) for body in list(server.requests)]
            assert not kept.intersection(asked), "a reply that was on the disk was asked for again"
            asked_again += sum(paid[name] > 0 for name in asked)
            paid.update(asked)
            if process.returncode != -signal.SIGKILL:
                break
            kills += 1
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert finished(cases) == {path.parent.name for path in paths}
    for path in paths:
        assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []
        assert [p.name for p in path.parent.glob("draft*")] == ["draft"]
        assert check_letter(load_case(path), (path.parent / "draft" / "letter.txt").read_text()).ok
    # What was on its way when the process died was never received: it is all that is asked for once more.
    assert asked_again <= kills * 4
    print(f"{kills} kills, {len(paid)} replies, {asked_again} asked again, {len(paths)} letters")  # noqa: T201
