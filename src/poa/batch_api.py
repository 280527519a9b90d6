"""Many cases through a provider's Batch API: handed in as a file, worked off within a day, at half the price.

The walk is the same as ever, with a model that answers from the reply cache. What the cache does not hold is
handed in; when it has come, the cases are walked again, until nothing is left to ask: the first round polishes,
the second repairs. The provider's own list of batches says what was handed in, so that a run that was killed
between handing in and writing that down still finds it, and nothing is paid for twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from poa.batch import (
    CaseFile,
    CaseOutcome,
    draft_case,
    kept_outcome,
    outcome_of,
    unusable,
    write_case,
)
from poa.errors import ModelError
from poa.models.base import ChatReply, ChatRequest, request_key
from poa.models.cache import ReplyCache
from poa.models.folders import cache_dir, write_atomically
from poa.models.openai import OpenAIModel
from poa.runs import clear_half_written

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Batch, FileObject

    from poa.draft import Draft

__all__ = ["draft_by_batch_api"]

_ENDPOINT: Final = "/v1/chat/completions"
# The provider's limits are 50,000 requests and 200 MB a file.
_MOST_REQUESTS = 50_000
_MOST_BYTES = 190_000_000
# Polish, repair, and again for what expired or was refused in its first form.
_MOST_ROUNDS = 6
_MOST_TRIES = 2
_PRICE = 0.5
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})

Tell = Callable[[str], None]


async def draft_by_batch_api(
    cases: Sequence[CaseFile], model: OpenAIModel, *, poll_s: float = 30.0, wait: bool = True, tell: Tell
) -> AsyncIterator[CaseOutcome]:
    """The outcome of each case, as `draft_cases` gives them; the same call goes on where an earlier one stopped.

    With `wait` false it hands in, takes what has come, and leaves the rest as `waiting`. Raises `ModelError`
    when the endpoint has no Batch API or refuses the batch.
    """
    clear_half_written({case.folder.parent for case in cases})
    todo = []
    for case in cases:
        kept = kept_outcome(case, model)
        if kept is not None:
            yield kept
        else:
            todo.append(case)
    desk = _Desk(model, _run_name(cases, model), poll_s, tell)
    try:
        all_here = not todo or await desk.collect(wait)
        for _ in range(_MOST_ROUNDS):
            if not todo or not all_here:
                break
            left = []
            for case in todo:
                outcome = await _walk(case, desk)
                if outcome is None:
                    left.append(case)
                else:
                    yield outcome
            todo = left
            if todo:
                await desk.hand_in()
                all_here = await desk.collect(wait)
    finally:
        desk.close()
    for case in todo:
        yield CaseOutcome(case.name, "waiting", error="Its batch is not done: run the same line again.")


async def _walk(case: CaseFile, desk: _Desk) -> CaseOutcome | None:
    """The outcome of the case, or None while something of it is still to be asked."""
    started = time.perf_counter()
    shelf = _Shelf(case, desk)
    try:
        draft = await draft_case(case, shelf, mask=True)
        if shelf.wanting:
            return None
        draft = _at_batch_price(draft)
        return outcome_of(case, draft, await asyncio.to_thread(write_case, case, draft), started)
    except Exception as error:
        return unusable(case, error, started)


async def _upload(client: AsyncOpenAI, name: str, lines: bytes) -> FileObject:
    return await client.files.create(file=(name, lines), purpose="batch")


async def _start(client: AsyncOpenAI, file: str, run: str) -> Batch:
    return await client.batches.create(
        input_file_id=file, endpoint=_ENDPOINT, completion_window="24h", metadata={"poa_run": run}
    )


async def _download(client: AsyncOpenAI, file: str) -> bytes:
    return (await client.files.content(file)).content


async def _delete(client: AsyncOpenAI, file: str) -> None:
    await client.files.delete(file)


def _at_batch_price(draft: Draft) -> Draft:
    return draft if draft.cost_usd is None else replace(draft, cost_usd=round(draft.cost_usd * _PRICE, 6))


def _run_name(cases: Sequence[CaseFile], model: OpenAIModel) -> str:
    """The name by which this run knows its batches: which cases, which model; no path leaves the machine."""
    places = "\n".join(sorted(str(case.facts.resolve()) for case in cases))
    return hashlib.sha256(f"{model.identity}\n{places}".encode()).hexdigest()[:32]


class _Shelf:
    """The model of one case: answers with what has come, and notes what has not."""

    concurrency = 16

    def __init__(self, case: CaseFile, desk: _Desk) -> None:
        self._case = case.name
        self._desk = desk
        self.wanting = False

    @property
    def name(self) -> str:
        return self._desk.model.name

    @property
    def identity(self) -> str:
        return self._desk.model.identity

    @property
    def on_this_machine(self) -> bool:
        return self._desk.model.on_this_machine

    async def reply(self, request: ChatRequest) -> ChatReply:
        key = request_key(self.identity, request)
        desk = self._desk
        kept = desk.replies.get(key)
        if kept is not None:
            # Counted as paid for by the case that asked first, in the run in which it came.
            return replace(kept, cached=not (key in desk.came and desk.owner.get(key) == self._case))
        failed = desk.failed.get(key)
        if failed is not None:
            raise ModelError(failed)
        self.wanting = True
        await desk.want(key, request, self._case)
        raise ModelError("It is handed in with the next batch.")

    async def aclose(self) -> None:
        return None


@dataclass
class _Desk:
    """Where requests are handed in and replies are collected."""

    model: OpenAIModel
    run: str
    poll_s: float
    tell: Tell
    replies: ReplyCache = field(default_factory=ReplyCache)
    owner: dict[str, str] = field(default_factory=dict)
    came: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _learned: dict[str, bool] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)
    # On the disk: the requests of a thousand cases are tens of megabytes.
    _tray: Any = field(default_factory=lambda: tempfile.TemporaryFile("w+b"))  # noqa: SIM115 - closed by close()

    async def want(self, key: str, request: ChatRequest, case: str) -> None:
        """Puts the request into the next batch, once."""
        if key in self._wanted:
            return
        self._wanted.add(key)
        self.owner.setdefault(key, case)
        body = await self.model.body_of(request)
        line = {"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": body}
        self._tray.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    async def hand_in(self) -> None:
        """Uploads what is wanted and starts it, in as many batches as the provider's limits ask for."""
        for lines, count in self._portions():
            name = f"poa-{hashlib.sha256(lines).hexdigest()[:16]}.jsonl"
            uploaded = await self.model.call(partial(_upload, name=name, lines=lines))
            batch = await self.model.call(partial(_start, file=uploaded.id, run=self.run))
            self.tell(f"batch {batch.id}: {count} requests handed in")
        self._wanted.clear()
        self._tray.seek(0)
        self._tray.truncate()

    def _portions(self) -> Iterator[tuple[bytes, int]]:
        self._tray.seek(0)
        lines, count = bytearray(), 0
        for line in self._tray:
            if count and (count == _MOST_REQUESTS or len(lines) + len(line) > _MOST_BYTES):
                yield bytes(lines), count
                lines, count = bytearray(), 0
            lines += line
            count += 1
        if count:
            yield bytes(lines), count

    async def collect(self, wait: bool) -> bool:
        """Takes the replies of this run's batches; false when some are still out and nobody waits for them."""
        said = ""
        while True:
            out = 0
            for batch in await self._batches():
                if batch.id in self._collected():
                    continue
                if batch.status in _ENDED:
                    await self._take(batch)
                else:
                    out += 1
                    counts = batch.request_counts
                    done = f"{counts.completed + counts.failed}/{counts.total}" if counts else "?"
                    line = f"batch {batch.id}: {batch.status}, {done} requests done"
                    if line != said:
                        self.tell(line)
                        said = line
            if not out:
                return True
            if not wait:
                return False
            await asyncio.sleep(self.poll_s)

    async def _batches(self) -> list[Batch]:
        """All batches of this run that the provider knows of."""

        async def listing(client: AsyncOpenAI) -> list[Batch]:
            found: dict[str, Batch] = {}
            async for batch in client.batches.list(limit=100):
                # An endpoint that knows no pages gives its first one for ever.
                if batch.id in found:
                    break
                found[batch.id] = batch
            return [
                b for b in found.values() if (getattr(b, "metadata", None) or {}).get("poa_run") == self.run
            ]

        return await self.model.call(listing)

    async def _take(self, batch: Batch) -> None:
        """Puts a finished batch's replies into the cache, and then lets the provider forget its files."""
        self._learned.clear()
        for file in (batch.output_file_id, batch.error_file_id):
            if file is not None:
                await self._read(file)
        if batch.status == "failed":
            reasons = (batch.errors.data if batch.errors else None) or []
            said = (
                "; ".join(dict.fromkeys(error.message or error.code or "" for error in reasons))
                or "no reason"
            )
            self._remember(batch.id)
            await self._forget(batch)
            raise ModelError(
                f"{self.model.name} refused the batch {batch.id} ({said[:300]}): nothing was asked."
            )
        self._remember(batch.id)
        await self._forget(batch)
        self.tell(f"batch {batch.id}: {batch.status}")

    async def _read(self, file: str) -> None:
        try:
            content = await self.model.call(partial(_download, file=file))
        except ModelError as error:
            if "no model" in str(error):
                return  # 404: collected by an earlier run that did not come to write it down.
            raise
        for line in content.splitlines():
            try:
                self._sort(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):
                self.tell(f"a line of {file} cannot be read: its request is asked for again")

    def _sort(self, result: dict[str, Any]) -> None:
        """One line of a result file: a reply into the cache, or a failure to its request."""
        key = str(result["custom_id"])
        response = result.get("response") or {}
        status, body = response.get("status_code"), response.get("body")
        if status == 200:
            try:
                reply = self.model.read_body(body)
            except ModelError as error:
                self._failed(key, str(error))
                return
            if reply.finish_reason == "stop" and reply.text.strip():
                self.replies.put(key, reply)
                self.came.add(key)
            else:
                self._failed(key, f"{self.model.name} broke off its answer ({reply.finish_reason}).")
            return
        refused = result.get("error") or (body or {}).get("error") or {}
        said = str(refused.get("message") or refused.get("code") or status)[:300]
        if status != 400:
            self._failed(key, f"{self.model.name} did not answer in its batch ({said}).", again=True)
            return
        # All lines of a batch have the same complaint: it is learned from once.
        if said not in self._learned:
            self._learned[said] = self.model.learn(said)
        if not self._learned[said]:
            self._failed(key, f"{self.model.name} refused the request ({said}).")

    def _failed(self, key: str, message: str, again: bool = False) -> None:
        self._tries[key] = self._tries.get(key, 0) + 1
        if not again or self._tries[key] >= _MOST_TRIES:
            self.failed[key] = message

    @property
    def _notes(self) -> Path:
        return cache_dir() / "batches" / f"{self.run}.json"

    def _collected(self) -> frozenset[str]:
        """The batches whose replies are in the cache."""
        try:
            return frozenset(json.loads(self._notes.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return frozenset()

    def _remember(self, batch: str) -> None:
        write_atomically(self._notes, json.dumps(sorted({*self._collected(), batch})))

    async def _forget(self, batch: Batch) -> None:
        for file in (batch.input_file_id, batch.output_file_id, batch.error_file_id):
            if file is not None:
                # Not every endpoint lets files be removed; they end by themselves after a month.
                with contextlib.suppress(ModelError):
                    await self.model.call(partial(_delete, file=file))

    def close(self) -> None:
        """Lets go of the files."""
        self._tray.close()
        self.replies.close()
