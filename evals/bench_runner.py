"""How fast the runner is, and whether its memory stays flat.

    python evals/bench_runner.py                 1,000 prompts × 2 models at 200 ms, 50 at once; bound 8.0 s
    python evals/bench_runner.py --plain         beside it the same requests with asyncio and `openai` alone
    python evals/bench_runner.py --memory        peak memory of 100 and of 2,000 drafts
    python evals/bench_runner.py --fail-over 1.3 status 1 when it takes longer than 1.3 times the bound

The endpoint is a process of its own on loopback that answers each request after the latency.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.queues import Queue
from pathlib import Path

from poa.evals.contestant import Entrant, Recorder
from poa.evals.log import append
from poa.evals.purse import Purse
from poa.evals.replies import ReplyStore
from poa.evals.runner import Plan, at_once, run_suite
from poa.evals.suite import (
    Budget,
    Contestant,
    ModelSettings,
    PromptVariant,
    Suite,
    list_cases,
    list_contestants,
)
from poa.models.base import ChatRequest, Message
from poa.models.openai import OpenAIModel

_CASE = Path(__file__).resolve().parents[1] / "fixtures" / "facts" / "brighthome" / "facts.yaml"


def main() -> int:
    """Prints what was measured; 1 when it is over the limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prompts", type=int, default=1000)
    parser.add_argument("--models", type=int, default=2)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds")
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--fail-over", type=float, help="times the bound")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--drafts", type=int, nargs="+", default=[100, 2000])
    options = parser.parse_args()
    server, address = _start_server(0.0 if options.memory else options.latency)
    try:
        return _memory(address, options) if options.memory else _speed(address, options)
    finally:
        server.terminate()
        server.join()


def _speed(address: str, options: argparse.Namespace) -> int:
    bound = options.prompts * options.models * options.latency / options.at_once
    with tempfile.TemporaryDirectory() as folder:
        began, cpu_began = time.perf_counter(), time.process_time()
        asyncio.run(_ask_all(address, Path(folder), options))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        lines = sum(1 for _ in (Path(folder) / "samples.jsonl").open())
    assert lines == options.prompts * options.models
    print(
        f"{lines} replies, kept and logged, in {seconds:.2f} s: {seconds / bound:.2f} times the bound of"
        f" {bound:.1f} s; {cpu:.2f} s of processor time; peak {_peak_mb():.0f} MB"
    )
    if options.plain:
        began, cpu_began = time.perf_counter(), time.process_time()
        asyncio.run(_ask_plainly(address, options))
        plain, plain_cpu = time.perf_counter() - began, time.process_time() - cpu_began
        print(f"asyncio and openai alone: {plain:.2f} s, {plain_cpu:.2f} s of processor time")
    return 1 if options.fail_over and seconds > options.fail_over * bound else 0


async def _ask_plainly(address: str, options: argparse.Namespace) -> None:
    """The same requests, with nothing around them."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none", base_url=address)

    async def one(job: tuple[int, int]) -> None:
        prompt = {"role": "user", "content": f"Prompt {job[1]}: rewrite this sentence."}
        await client.chat.completions.create(model=f"m{job[0]}", messages=[prompt], max_tokens=64)  # type: ignore[list-item]

    jobs = ((m, n) for n in range(options.prompts) for m in range(options.models))
    await at_once(one, jobs, options.at_once)
    await client.close()


async def _ask_all(address: str, folder: Path, options: argparse.Namespace) -> None:
    """Every prompt to every model, on the way that a draft's requests go: tuned, budgeted, kept, logged."""
    store, purse = ReplyStore(folder / "replies.sqlite"), Purse(Budget())
    room = asyncio.Semaphore(options.at_once)
    entrants = []
    for n in range(options.models):
        name = f"m{n}"
        contestant = Contestant(name, ModelSettings(name=name, model=name), PromptVariant(name="default"))
        model = OpenAIModel(name, base_url=address, api_key=None, concurrency=options.at_once)
        entrants.append(Entrant(contestant, model, store, purse, room))

    async def one(job: tuple[Entrant, int]) -> None:
        entrant, n = job
        recorder = Recorder(entrant, 0)
        await recorder.reply(
            ChatRequest((Message("user", f"Prompt {n}: rewrite this sentence."),), max_tokens=64)
        )
        line = {"id": f"{entrant.contestant.name}|{n}", "calls": [c.as_json() for c in recorder.calls]}
        append(folder / "samples.jsonl", line)

    jobs = ((entrant, n) for n in range(options.prompts) for entrant in entrants)
    await at_once(one, jobs, options.at_once)
    for entrant in entrants:
        await entrant.model.aclose()
    store.close()


def _memory(address: str, options: argparse.Namespace) -> int:
    peaks = []
    for drafts in options.drafts:
        answer: Queue[float] = multiprocessing.Queue()
        # A process each: peak memory never falls again within one.
        process = multiprocessing.Process(target=_draft_many, args=(address, drafts, answer))
        began = time.perf_counter()
        process.start()
        peaks.append(answer.get())
        process.join()
        print(f"{drafts} drafts: peak {peaks[-1]:.0f} MB, {time.perf_counter() - began:.0f} s", flush=True)
    growth = peaks[-1] / peaks[0]
    print(f"{growth:.2f} times the memory for {options.drafts[-1] / options.drafts[0]:.0f} times the drafts")
    return 1 if options.fail_over and growth > options.fail_over else 0


def _draft_many(address: str, drafts: int, answer: Queue[float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(
            suite=1,
            name="memory",
            cases=(str(_CASE),),
            models=(ModelSettings(name="m", model="m", base_url=address),),
            scorers=("passes", "reworded"),
        )
        plan = Plan(
            suite,
            list_cases(suite, Path("/")),
            list_contestants(suite, Path("/")),
            drafts,
            Path(folder) / "run",
            Path(folder) / "replies.sqlite",
            8,
        )
        asyncio.run(run_suite(plan))
    answer.put(_peak_mb())


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


# ---------------------------------------------------------------- the endpoint


def _start_server(latency_s: float) -> tuple[multiprocessing.Process, str]:
    ready: Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(latency_s, ready), daemon=False)
    process.start()
    return process, f"http://127.0.0.1:{ready.get()}/v1"


def _serve(latency_s: float, ready: Queue[int]) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(lambda r, w: _answer(r, w, latency_s), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency_s: float) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line[15:])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                ),
                0,
            )
            body = await reader.readexactly(length)
            await asyncio.sleep(latency_s)
            content = _reply(body)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(content), content)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _reply(body: bytes) -> bytes:
    """The passages as they came, or for any other prompt a word."""
    content = json.loads(body)["messages"][-1]["content"]
    at = content.find('{"section"')
    text = json.dumps({"passages": json.loads(content[at:])["passages"]}) if at >= 0 else "Done."
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "m",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
            ],
            "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25},
        }
    ).encode()


if __name__ == "__main__":
    sys.exit(main())
