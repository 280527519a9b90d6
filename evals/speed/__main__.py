"""How fast the program is, beside how fast it could be.

    python -m evals.speed                 all of it, a few minutes
    python -m evals.speed draft batch     some of it: start, check, draft, batch, memory

Prints a table: what was measured, its bound, the target. Best of a few runs, as other programs' work only ever adds.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

_POA = [sys.executable, "-c", "from poa.cli import main; main()"]
Row = tuple[str, str, str, str]


def main(names: list[str]) -> None:
    """Prints the rows of the benchmarks named, or of all."""
    print(
        f"{'measured':<46} {'result':>22} {'bound':>22} {'target':>16}   (load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores)"
    )
    for name, bench in BENCHES.items():
        if not names or name in names:
            for row in bench():
                print(f"{row[0]:<46} {row[1]:>22} {row[2]:>22} {row[3]:>16}", flush=True)


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
    environment = {**os.environ, "POA_CACHE_DIR": str(cache), "OPENAI_API_KEY": "sk-bench"}
    process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{line[-3:]}: {out.decode()[-500:]}{err.decode()[-500:]}")
    return seconds, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, used.ru_maxrss // 1024


def _best(measure: Callable[[], float], times: int = 3) -> float:
    return min(measure() for _ in range(times))


def _facts() -> dict[str, object]:
    source = Path(__file__).parents[2] / "fixtures/facts/brighthome/facts.yaml"
    facts: dict[str, object] = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    facts["notice"].pop("file", None)  # type: ignore[attr-defined]
    return facts


def _write_cases(folder: Path, count: int) -> None:
    facts = _facts()
    text = yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)
    for n in range(count):
        case = folder / f"case{n:04}"
        case.mkdir(parents=True)
        (case / "facts.yaml").write_text(text, encoding="utf-8")


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
        took = _best(lambda: _run([*_POA, "check", str(path), str(letter)], Path(place))[0])
        yield "poa check, one letter, from a cold start", f"{took:.2f} s", "", "< 0.5 s"
        # Letters that differ, as letters do: what is remembered of one sentence helps the same sentence only.
        text = letter.read_text(encoding="utf-8")
        letters = [text.replace("We ", f"On day {n} we ", 3) for n in range(100)]
        began = time.perf_counter()
        for one in letters:
            check_letter(case, one)
        yield "check_letter in one process", f"{100 / (time.perf_counter() - began):.0f} letters/s", "", ""


def _draft() -> Iterator[Row]:
    for latency in (0.5, 2.0):
        with _server(latency) as address, tempfile.TemporaryDirectory() as place:
            _write_cases(Path(place), 1)
            facts = Path(place) / "case0000" / "facts.yaml"
            line = [*_POA, "draft", str(facts), "--model", "m", "--base-url", address, "--no-cache"]
            took = _best(lambda line=line, place=place: _run(line, Path(place) / "cache")[0])
            yield (
                f"poa draft, server answers in {latency} s",
                f"{took:.2f} s = +{took - latency:.2f} s",
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
            code = "import sys,json,resource; sys.argv=json.loads(sys.argv[1])\nfrom poa.cli import main\ntry: main()\nfinally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024, file=sys.stderr)"
            environment = {**os.environ, "POA_CACHE_DIR": f"{place}/cache", "OPENAI_API_KEY": "sk-bench"}
            done = subprocess.run(
                [sys.executable, "-c", code, json.dumps(["poa", *line[3:]])],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            most = int(done.stderr.split()[-1])
            hundred = most if cases == 100 else hundred
            ratio = f" = {most / hundred:.2f} x" if cases > 100 else ""
            yield (
                f"most memory, poa batch, {cases} cases",
                f"{most} MB{ratio}",
                "",
                "1000: <= 1.2 x 100" if cases == 1000 else "",
            )


BENCHES = {"start": _start, "check": _check, "draft": _draft, "batch": _batch, "memory": _memory}

if __name__ == "__main__":
    main(sys.argv[1:])
