"""Whatever an endpoint does, `poa draft` ends in time, with a letter that passes its check and one clear line."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from poa.checks import check_letter
from poa.cli import main
from tests.builders import case_of, small_facts
from tests.fake_server import FakeServer, Script, echo, faults, reword
from tests.faults.answers import BAD_REPLIES, NO_REPLY, STILL_GOOD

KEY = "sk-secret-0123456789"
TIMEOUT_S = 0.6
# What the program itself may take beside the model: loading, checking, writing, on a busy machine.
OWN_TIME_S = 6.0


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str
    seconds: float
    timeout_s: float
    folder: Path

    @property
    def sources(self) -> set[str]:
        run = json.loads((self.folder / "run.json").read_text())
        return {p["source"] for s in run["sections"] if s["polish"] for p in s["passages"]}

    @property
    def complaint(self) -> str:
        """The one line that says what went wrong."""
        lines = [line for line in self.err.splitlines() if line.startswith("poa:")]
        assert len(lines) <= 1
        return "".join(lines)


@pytest.fixture
def draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[object]:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    facts = tmp_path / "facts.yaml"
    facts.write_text(yaml.safe_dump(small_facts(), sort_keys=False))

    def run(base_url: str, timeout_s: float = TIMEOUT_S) -> Ran:
        line = f"poa draft {facts} -o {tmp_path / 'out'} --model fake --base-url {base_url} --timeout {timeout_s}"
        monkeypatch.setattr(sys, "argv", line.split())
        began = time.perf_counter()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(
            int(ended.value.code or 0),
            said.out,
            said.err,
            time.perf_counter() - began,
            timeout_s,
            tmp_path / "out",
        )

    yield run


def assert_it_holds(ran: Ran, status: int) -> None:
    assert ran.status == status, ran.err
    assert check_letter(case_of(), (ran.folder / "letter.txt").read_text()).ok
    assert json.loads((ran.folder / "check.json").read_text())["ok"]
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert ran.seconds < ran.timeout_s + OWN_TIME_S
    for file in (*ran.folder.iterdir(), *ran.folder.parent.glob("cache/*")):
        assert KEY.encode() not in file.read_bytes()
    assert KEY not in ran.err


@pytest.mark.parametrize("script", NO_REPLY.values(), ids=NO_REPLY.keys())
def test_a_model_that_cannot_be_had_leaves_the_skeleton_and_says_why(script: Script, draft) -> None:  # type: ignore[no-untyped-def]
    with FakeServer(script) as server:
        ran = draft(server.base_url)
    assert_it_holds(ran, 3)
    assert ran.sources == {"skeleton"}
    assert "letter.txt" in ran.complaint
    assert len(ran.complaint) < 700


@pytest.mark.parametrize("script", BAD_REPLIES.values(), ids=BAD_REPLIES.keys())
def test_a_reply_that_cannot_be_used_leaves_those_passages_the_skeletons(script: Script, draft) -> None:  # type: ignore[no-untyped-def]
    with FakeServer(script) as server:
        # A total deadline of one second leaves no time for the repair on a busy machine: here there is some.
        ran = draft(server.base_url, timeout_s=20)
    assert_it_holds(ran, 0)
    assert ran.complaint == ""


@pytest.mark.parametrize("script", STILL_GOOD.values(), ids=STILL_GOOD.keys())
def test_an_odd_reply_that_holds_all_is_used(script: Script, draft) -> None:  # type: ignore[no-untyped-def]
    with FakeServer(script) as server:
        ran = draft(server.base_url, timeout_s=20)
    assert_it_holds(ran, 0)
    assert "polished" in ran.sources


def test_an_address_where_nobody_answers_the_door(draft) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # The one place in the queue is taken: whoever comes now waits.
        with socket.create_connection(full.getsockname()), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(full.getsockname())
            ran = draft(f"http://127.0.0.1:{full.getsockname()[1]}/v1")
    assert_it_holds(ran, 3)


def test_an_address_where_nobody_is(draft) -> None:  # type: ignore[no-untyped-def]
    # A busy machine may need all of a short deadline to get as far as asking.
    ran = draft("http://127.0.0.1:9/v1", timeout_s=3)
    assert_it_holds(ran, 3)
    assert "127.0.0.1:9 could not be reached" in ran.complaint


def test_an_endpoint_that_changes_its_mind_at_every_request(draft) -> None:  # type: ignore[no-untyped-def]
    every = [*BAD_REPLIES.values(), *STILL_GOOD.values()]
    with FakeServer(faults(every, then=echo(reword))) as server:
        ran = draft(server.base_url, timeout_s=20)
    assert_it_holds(ran, 0)
