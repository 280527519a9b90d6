"""How fast the program is, beside how fast it could be.

    python -m evals.speed                 all of it, a few minutes
    python -m evals.speed draft batch     some of it: start, check, draft, batch, memory

Prints a table: what was measured, its bound, the target. Best of a few runs, as other programs' work only ever adds.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

_POA = [sys.executable, "-c", "from poa.cli import main; main()"]
Row = tuple[str, str, str, str]


def main(names: list[str]) -> None:
    """Prints the rows of the benchmarks named, or of all."""
    print(
        f"{'measured':<46} {'result':>28} {'bound':>22} {'target':>16}   (load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores)"
    )
    for name, bench in BENCHES.items():
        if not names or name in names:
            for row in bench():
                print(f"{row[0]:<46} {row[1]:>28} {row[2]:>22} {row[3]:>16}", flush=True)


@contextlib.contextmanager
def _server(latency_s: float) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "evals.speed.server", str(latency_s)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _calls(base_url: str) -> int:
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/calls") as answer:
        return int(answer.read())


def _run(line: list[str], cache: Path) -> tuple[float, float, int]:
    """Seconds on the clock, seconds of CPU, and the most memory in MB, of one command."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = _environment(cache)
    process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1):  # 1: a letter fails its check, which takes the same time
        raise SystemExit(f"{line[-3:]}: {out.decode()[-500:]}{err.decode()[-500:]}")
    return seconds, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, used.ru_maxrss // 1024


def _environment(cache: Path) -> dict[str, str]:
    """The environment of a command, in which Python keeps what it has compiled, as it does for everybody."""
    environment = {**os.environ, "POA_CACHE_DIR": str(cache), "OPENAI_API_KEY": "sk-bench"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _best(measure: Callable[[], float], times: int = 3) -> float:
    return min(measure() for _ in range(times))


def _write_cases(folder: Path, count: int) -> None:
    """Cases of every pack and hand in `fixtures/`, over and over, each time with other order numbers."""
    fixtures = Path(__file__).parents[2] / "fixtures"
    sources = [fixtures / "facts/brighthome/facts.yaml"]
    sources += sorted([*fixtures.glob("packs/*/*/facts.yaml"), *fixtures.glob("cases/*/*/facts.yaml")])
    for n in range(count):
        # A notification that is named but not there would be a fault.
        text = re.sub(r"(?m)^\s+file:.*\n", "", sources[n % len(sources)].read_text(encoding="utf-8"))
        text = re.sub(r"\b(\d{3}-\d{7}-)(\d{7})\b", partial(_shifted, n // len(sources)), text)
        case = folder / f"case{n:04}"
        case.mkdir(parents=True)
        (case / "facts.yaml").write_text(text, encoding="utf-8")


def _shifted(by: int, order: re.Match[str]) -> str:
    return f"{order[1]}{(int(order[2]) + by) % 10**7:07}"


# ---------------------------------------------------------------- what is measured


def _start() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        bound = _best(lambda: _run([sys.executable, "-c", "import typer"], Path(place))[0], 5)
        for command in ("", "draft", "skeleton", "check", "notice", "rewrite", "batch", "models", "purge"):
            line = [*_POA, *command.split(), "--help"]
            took = _best(lambda line=line: _run(line, Path(place))[0], 5)
            yield (
                f"poa {command} --help".replace("  ", " "),
                f"{took:.2f} s = {took / bound:.2f} x",
                f"import typer {bound:.2f} s",
                "<= 1.5 x",
            )


def _check() -> Iterator[Row]:
    from poa.checks import check_letter
    from poa.draft import draft_letter
    from poa.facts import load_case

    with tempfile.TemporaryDirectory() as place:
        _write_cases(Path(place), 1)
        path = Path(place) / "case0000" / "facts.yaml"
        case = load_case(path)
        letter = Path(place) / "letter.txt"
        letter.write_text(draft_letter(case).letter.text, encoding="utf-8")
        line = [*_POA, "check", str(path), str(letter)]
        took, cpu, _ = min(_run(line, Path(place)) for _ in range(3))
        yield "poa check, one letter, from a cold start", f"{took:.2f} s, {cpu:.2f} CPU", "", "< 0.4 s"
        # Letters that differ, as letters do: what is remembered of one sentence helps the same sentence only.
        text = letter.read_text(encoding="utf-8")
        letters = [text.replace("We ", f"On day {n} we ", 3) for n in range(100)]
        # The processor's time: one process does nothing else, and others may be at work.
        began = time.process_time()
        for one in letters:
            check_letter(case, one)
        rate = len(letters) / (time.process_time() - began)
        words = rate * len(text.split()) / 600
        yield "check_letter, versions of one letter", f"{rate:.0f} a CPU second", "", ""
        yield "  in letters of 600 words", f"{words:.0f} a CPU second", "", ">= 300"


def _draft() -> Iterator[Row]:
    for latency in (0.5, 2.0):
        with _server(latency) as address, tempfile.TemporaryDirectory() as place:
            _write_cases(Path(place), 1)
            facts = Path(place) / "case0000" / "facts.yaml"
            line = [*_POA, "draft", str(facts), "--model", "m", "--base-url", address, "--no-cache"]
            took, cpu, _ = min(_run(line, Path(place) / "cache") for _ in range(3))
            yield (
                f"poa draft, server answers in {latency} s",
                f"{took:.2f} s = +{took - latency:.2f} s, {cpu:.2f} CPU",
                f"{latency} s",
                "<= +0.6 s",
            )


def _batch() -> Iterator[Row]:
    for cases, latency, concurrency in ((200, 0.2, 64), (60, 2.0, 64)):
        with _server(latency) as address, tempfile.TemporaryDirectory() as place:
            _write_cases(Path(place) / "cases", cases)
            line = [
                *_POA,
                "batch",
                f"{place}/cases",
                "--model",
                "m",
                "--base-url",
                address,
                "--no-cache",
                "--concurrency",
                str(concurrency),
            ]
            seconds, cpu, _ = _run(line, Path(place) / "cache")
            calls = _calls(address)
            bound = calls * latency / concurrency
            yield (
                f"poa batch, {cases} cases, {latency} s, {concurrency} at once",
                f"{seconds:.1f} s = {bound / seconds:.0%}",
                f"{calls} calls: {bound:.1f} s",
                ">= 85 %",
            )
            yield (
                "  of which CPU",
                f"{cpu:.1f} s, {cpu / cases * 1000:.0f} ms a case",
                f"SDK {calls * 0.0027:.1f} s",
                "",
            )


def _memory() -> Iterator[Row]:
    hundred = 0
    for cases in (10, 100, 1000):
        with tempfile.TemporaryDirectory() as place, _server(0.01) as address:
            _write_cases(Path(place) / "cases", cases)
            line = [*_POA, "batch", f"{place}/cases", "--model", "m", "--base-url", address, "--json"]
            # A process of its own measures: the most memory of all children would be that of the largest so far.
            code = (
                "import sys,json; from resource import *; sys.argv=json.loads(sys.argv[1])\n"
                "from poa.cli import main\ntry: main()\n"
                "finally: print(*(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)), file=sys.stderr)"
            )
            environment = _environment(Path(place) / "cache")
            done = subprocess.run(
                [sys.executable, "-c", code, json.dumps(["poa", *line[3:]])],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            own, worker = (int(kb) // 1024 for kb in done.stderr.split()[-2:])
            most = own + worker
            hundred = most if cases == 100 else hundred
            ratio = f" = {most / hundred:.2f} x" if cases > 100 else ""
            yield (
                f"most memory, poa batch, {cases} cases",
                f"{own} + {worker} MB{ratio}",
                "(with its largest worker)",
                "1000: <= 1.2 x 100" if cases == 1000 else "",
            )


BENCHES = {"start": _start, "check": _check, "draft": _draft, "batch": _batch, "memory": _memory}

if __name__ == "__main__":
    main(sys.argv[1:])
