"""More processes for one batch: each drafts cases, and asks the model through the process that started it.

A case takes some 30 ms of a processor beside its requests, and one process keeps one processor busy. All that must
be known in one place stays in one: the requests, their pace, the kept replies and what was paid. A worker's
model is the other end of its pipe.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from poa.batch import CaseFile, CaseOutcome, draft_one
from poa.errors import ModelError
from poa.models.apart import AskedModel, answer
from poa.pipe import StartedEnd, code_to_start, packed, received

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from poa.models.base import ChatModel, ChatRequest

__all__ = ["Workers", "warm_up", "work", "worth_starting"]

# A process is there after a third of a second, the time of some ten cases.
_CASES_A_PROCESS = 20
# Four draft more letters a second than one process can send requests for.
_MOST_PROCESSES = 4
# Time for a worker to end by itself when its pipe is closed.
_PARTING_S = 2.0


def worth_starting(cases: int, model: ChatModel | None) -> int:
    """How many processes this machine should draft so many cases in, besides this one; often none."""
    if model is not None and model.concurrency == 1:
        return 0  # A model on this machine is waited for, whatever else is quick.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = min(cores, cases // _CASES_A_PROCESS, _MOST_PROCESSES)
    # A single one helps only where this process has requests to send meanwhile.
    return wanted if cores > 1 and (wanted > 1 or model is not None) else 0


def warm_up(model: ChatModel | None) -> None:
    """Loads what asking an endpoint needs."""
    from poa.models.openai import OpenAIModel

    if isinstance(model, OpenAIModel):
        model.warm_up()


# ---------------------------------------------------------------- the side that starts them


@dataclass
class _Worker:
    """One process, the cases it has, and the requests it waits for."""

    process: Process
    has: dict[int, asyncio.Future[CaseOutcome | None]] = field(default_factory=dict)
    asked: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    there: bool = False
    gone: bool = False

    def tell(self, *message: object) -> None:
        if self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(packed(*message))


class Workers:
    """So many processes that draft cases with this process's model, which is left open."""

    def __init__(self, processes: int, model: ChatModel | None, mask: bool) -> None:
        self._wanted = processes
        self._model = model
        self._mask = mask
        self._workers: list[_Worker] = []
        self._listening: list[asyncio.Task[None]] = []
        self._numbers = count()

    async def start(self) -> None:
        """Starts the processes; where that cannot be done, cases are drafted in this one."""
        about = None
        if self._model is not None:
            about = (self._model.identity, self._model.concurrency, self._model.on_this_machine)
        with contextlib.suppress(OSError, NotImplementedError):
            for _ in range(self._wanted):
                process = await asyncio.create_subprocess_exec(
                    *code_to_start("poa.batch_workers", "work"),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
                worker = _Worker(process)
                worker.tell("model", about, self._name(), self._mask)
                self._workers.append(worker)
                self._listening.append(asyncio.create_task(self._listen(worker)))

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes."""
        return tuple(worker.process.pid for worker in self._workers)

    async def draft(self, case: CaseFile) -> CaseOutcome:
        """What became of the case; its letter is written."""
        there = [worker for worker in self._workers if not worker.gone]
        outcome = None
        if there:
            worker = min(there, key=lambda worker: len(worker.has))
            number = next(self._numbers)
            worker.has[number] = asyncio.get_running_loop().create_future()
            worker.tell("draft", number, case)
            outcome = await worker.has[number]
        # None: there is no process that could have begun it.
        return outcome or await draft_one(case, self._model, self._mask)

    async def aclose(self) -> None:
        """Ends the processes, whatever they are at."""
        for worker in self._workers:
            if worker.process.stdin is not None:
                worker.process.stdin.close()
        for worker in self._workers:
            try:
                await asyncio.wait_for(worker.process.wait(), _PARTING_S)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    worker.process.kill()
                await worker.process.wait()
        tasks = [*self._listening, *(task for worker in self._workers for task in worker.asked.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _name(self) -> str:
        return "" if self._model is None else self._model.name

    async def _listen(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None
        try:
            while True:
                kind, *what = await received(worker.process.stdout)
                worker.there = True
                if kind == "ask":
                    number, request = what
                    worker.asked[number] = asyncio.create_task(self._answer(worker, number, request))
                elif kind == "drop":
                    task = worker.asked.get(what[0])
                    if task is not None:
                        task.cancel()
                elif kind == "done":
                    number, outcome = what
                    worker.has.pop(number).set_result(outcome)
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._lose(worker)

    async def _lose(self, worker: _Worker) -> None:
        worker.gone = True
        status = await worker.process.wait()
        lost, worker.has = worker.has, {}
        for future in lost.values():
            if future.done():
                continue
            if worker.there:
                # What ended it may be the case's doing, and is not to end this process too.
                future.set_exception(
                    ModelError(f"The process that drafted it ended ({status}): run the same line again.")
                )
            else:
                future.set_result(None)

    async def _answer(self, worker: _Worker, number: int, request: ChatRequest) -> None:
        assert self._model is not None
        try:
            worker.tell(*await answer(self._model, number, request))
        finally:
            worker.asked.pop(number, None)


# ---------------------------------------------------------------- the worker's side


def work() -> None:
    """The life of a worker: cases come in by standard input, requests and outcomes go out, until the pipe ends."""
    gc.set_threshold(50_000, 20, 50)
    asyncio.run(_serve())


async def _serve() -> None:
    starter = StartedEnd()

    async def draft(number: int, case: CaseFile) -> None:
        starter.tell("done", number, await draft_one(case, model, mask))

    _, about, name, mask = await starter.next()
    model = None
    if about is not None:
        identity, concurrency, on_this_machine = about
        model = AskedModel(name, identity, concurrency, on_this_machine, starter.tell)
    starter.tell("here")
    drafting: set[asyncio.Task[None]] = set()
    while True:
        kind, *what = await starter.next()
        if kind == "draft":
            task = asyncio.create_task(draft(*what))
            drafting.add(task)
            task.add_done_callback(drafting.discard)
        elif model is not None:
            model.take(kind, *what)
