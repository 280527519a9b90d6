"""A GGUF model inside this process, through `xllamacpp`: no server, no key, nothing leaves the machine."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from poa.errors import ModelError
from poa.models.base import ChatReply, ChatRequest
from poa.models.tokens import count_tokens
from poa.models.weights import default_weights

__all__ = ["LocalModel", "free_cores", "missing_for_local", "physical_cores"]

_SMALLEST_CONTEXT = 3072
_CONTEXT_STEP = 1024
_DEFAULT_MAX_TOKENS = 1024
_WATCH_S = 0.25
# In characters, and how often it is looked for, in tokens.
_SHORTEST_ROUND, _LONGEST_ROUND = 8, 150
_LOOK_EVERY = 8


def missing_for_local(weights: Path | None = None) -> str | None:
    """What the embedded model lacks on this machine, in words; None when it can run."""
    if find_spec("xllamacpp") is None:
        return "its engine is not installed (pip install 'poa-draft[local]')"
    if weights is not None:
        return None if weights.is_file() else f"there is no file {weights}"
    default = default_weights()
    try:
        size = default.path.stat().st_size
    except OSError:
        return "its weights are not on this machine (poa models pull)"
    if size != default.size_bytes:
        return f"its weights in {default.path} are damaged (delete the file, then poa models pull)"
    return None


def physical_cores() -> int:
    """Cores this process may use, each counted once: a second thread on one core makes the engine slower."""
    allowed = os.sched_getaffinity(0) if sys.platform == "linux" else set(range(os.cpu_count() or 1))
    if sys.platform != "linux":
        # Windows counts threads, two a core as a rule; a Mac has one thread a core.
        count = len(allowed)
        return count if sys.platform == "darwin" else max(1, count // 2)
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text().strip())
        except OSError:
            cores.add(str(cpu))
    return max(1, min(len(cores), _container_cores()))


def free_cores() -> int:
    """Cores that nothing else is using just now, at least one.

    The engine's threads wait for each other after every step: one that has to share its core holds up all
    (measured on two cores under full load: 1 to 3 tokens a second with two threads, 13 with one).
    """
    cores = physical_cores()
    return max(1, min(cores, round(cores - _busy_cores() + 0.25)))


def _busy_cores() -> float:
    """How many cores' worth of work the machine does now, over a quarter of a second; 0 where it cannot be told."""
    try:
        before = _cpu_times()
        time.sleep(_WATCH_S)
        spent = [now - then for then, now in zip(before, _cpu_times(), strict=True)]
    except (OSError, ValueError):
        return 0.0
    # The fourth and the fifth figure are the time spent idle and waiting for disks.
    idle = sum(spent[3:5])
    return (os.cpu_count() or 1) * (1 - idle / sum(spent)) if sum(spent) else 0.0


def _cpu_times() -> list[int]:
    return [int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _container_cores() -> int:
    """The share of the machine that a container may use; all of it when no limit is set."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, round(int(quota) / int(period)))
    except (OSError, ValueError):
        return os.cpu_count() or 1


class LocalModel:
    """The embedded model. It is loaded with the first request and answers one request after another.

    The engine keeps what it has read: requests that begin alike (the instructions) pay for that part once.
    """

    concurrency = 1
    on_this_machine = True

    def __init__(self, weights: Path | None = None, *, threads: int | None = None) -> None:
        self._weights = weights or default_weights().path
        self._threads = threads
        self.name = "local" if weights is None else f"local:{weights.name}"
        self.identity = (
            f"local {default_weights().sha256}" if weights is None else f"local {weights.resolve()}"
        )
        self._server: Any = None
        self._context = 0
        self._one_at_a_time = asyncio.Lock()

    async def reply(self, request: ChatRequest) -> ChatReply:
        async with self._one_at_a_time:
            started = time.perf_counter()
            stop = threading.Event()
            answering = asyncio.create_task(asyncio.to_thread(self._answer, request, stop))
            try:
                done, _ = await asyncio.wait({answering}, timeout=request.timeout_s)
            except asyncio.CancelledError:
                stop.set()
                await asyncio.wait({answering})
                raise
            if not done:
                # The engine looks at the flag with each token: it is free again before the next request.
                stop.set()
                await asyncio.wait({answering})
                raise ModelError(
                    f"The embedded model did not finish within {request.timeout_s:g} s:"
                    " allow more with --timeout."
                )
            text, usage, finish_reason = answering.result()
        prompt, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
        counted = isinstance(prompt, int) and isinstance(written, int)
        return ChatReply(
            text=text,
            prompt_tokens=prompt if isinstance(prompt, int) else _prompt_tokens(request),
            completion_tokens=written if isinstance(written, int) else count_tokens(text).tokens,
            finish_reason=finish_reason,
            seconds=time.perf_counter() - started,
            estimated=not counted,
            model=self.name,
        )

    async def aclose(self) -> None:
        self._server = None

    def _answer(self, request: ChatRequest, stop: threading.Event) -> tuple[str, dict[str, Any], str]:
        max_tokens = request.max_tokens or _DEFAULT_MAX_TOKENS
        server = self._open(_prompt_tokens(request) + max_tokens)
        pieces: list[str] = []
        usage: dict[str, Any] = {}
        finish = ["stop"]
        written = 0

        def take(chunk: Any) -> bool:
            nonlocal written
            if not isinstance(chunk, dict):
                return stop.is_set()
            if isinstance(chunk.get("usage"), dict):
                usage.update(chunk["usage"])
            for choice in chunk.get("choices") or ():
                piece = (choice.get("delta") or {}).get("content")
                if piece:
                    pieces.append(piece)
                    if len(pieces) % _LOOK_EVERY == 0 and _goes_round("".join(pieces[-_LONGEST_ROUND:])):
                        finish[0] = "length"
                        return True
                    written += len(piece)
                    if request.on_progress is not None:
                        request.on_progress(written)
                if choice.get("finish_reason"):
                    finish[0] = str(choice["finish_reason"])
            return stop.is_set()

        try:
            server.handle_chat_completions(_parameters(request, max_tokens), take)
        except Exception as error:
            raise ModelError(f"The embedded model failed: {error}") from error
        return "".join(pieces), usage, finish[0]

    def _open(self, tokens: int) -> Any:
        """The engine, with room for that many tokens; opened anew when a request needs more room."""
        if self._server is not None and tokens <= self._context:
            return self._server
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelError(
                "The embedded model's engine is not installed: pip install 'poa-draft[local]'."
            ) from error
        self._server = None
        context = max(_SMALLEST_CONTEXT, -(-tokens // _CONTEXT_STEP) * _CONTEXT_STEP)
        params = xllamacpp.CommonParams()
        params.model.path = str(self._weights)
        self._threads = self._threads or free_cores()
        params.n_ctx = context
        params.n_parallel = 1
        params.n_batch = 512
        params.cpuparams.n_threads = self._threads
        params.cpuparams_batch.n_threads = self._threads
        params.cache_ram_mib = 0
        params.warmup = False
        params.verbosity = 0
        try:
            self._server = xllamacpp.Server(params)
        except Exception as error:
            raise ModelError(
                f"{self._weights} cannot be loaded ({error}): is it a whole GGUF file that this engine knows?"
            ) from error
        self._context = context
        return self._server


def _goes_round(text: str) -> bool:
    """Whether the text ends in the same words three times over: a small model that does so never ends."""
    return any(
        text[-n:] == text[-2 * n : -n] == text[-3 * n : -2 * n]
        for n in range(_SHORTEST_ROUND, min(_LONGEST_ROUND, len(text) // 3) + 1)
    )


def _parameters(request: ChatRequest, max_tokens: int) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "max_tokens": max_tokens,
        "temperature": 0.0 if request.temperature is None else request.temperature,
        "seed": 7 if request.seed is None else request.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
    }
    if request.grammar is not None:
        parameters["grammar"] = request.grammar
    elif request.schema is not None:
        parameters["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": request.schema_name, "schema": dict(request.schema)},
        }
    return parameters


def _prompt_tokens(request: ChatRequest) -> int:
    # Four tokens a turn for the chat template; a quarter more, since an estimate may fall short.
    return round(sum(count_tokens(m.content).tokens + 4 for m in request.messages) * 1.25)
