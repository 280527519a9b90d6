"""A provider's Files and Batch API on loopback, as OpenAI documents them, with the faults they can have.

    with BatchServer(answer) as server:
        ... server.base_url, server.asked, server.files

`answer(body)` is the status and JSON of one request of a batch. A batch takes `looks` looks to be done, and its
results come in another order than its requests, refusals in a file of their own.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Body = dict[str, Any]
LineAnswer = Callable[[Body], tuple[int, Body]]

_STEPS = ("validating", "in_progress", "finalizing")


@dataclass
class _Batch:
    id: str
    input_file: str
    metadata: dict[str, str]
    status: str = "validating"
    looks: int = 0
    output_file: str | None = None
    error_file: str | None = None
    errors: list[Body] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"total": 0, "completed": 0, "failed": 0})


class BatchServer:
    """The server, running while the `with` block lasts; `expires` ends each batch with half its work undone."""

    def __init__(self, answer: LineAnswer, looks: int = 2, expires: int = 0) -> None:
        self.answer = answer
        self.looks = looks
        self.expires = expires
        self.files: dict[str, bytes] = {}
        self.deleted: list[str] = []
        self.batches: list[_Batch] = []
        self.asked: list[str] = []
        self.received: list[bytes] = []
        # What to do to a path instead of answering: drops the connection, after the deed is done.
        self.drops: set[str] = set()
        self.lock = threading.RLock()
        self.numbers = itertools.count(1)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.fake = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> BatchServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def keep(self, content: bytes) -> str:
        name = f"file-{next(self.numbers)}"
        self.files[name] = content
        return name

    def start(self, request: Body) -> _Batch:
        assert request["endpoint"] == "/v1/chat/completions"
        assert request["completion_window"] == "24h"
        batch = _Batch(f"batch_{next(self.numbers)}", request["input_file_id"], request.get("metadata") or {})
        self.batches.append(batch)
        return batch

    def look(self, batch: _Batch) -> None:
        """Moves the batch on by one look."""
        if batch.status not in _STEPS:
            return
        batch.looks += 1
        if batch.looks == 1:
            self._validate(batch)
        if batch.status in _STEPS:
            batch.status = _STEPS[min(batch.looks, len(_STEPS) - 1)]
            if batch.looks >= self.looks:
                self._finish(batch)

    def _validate(self, batch: _Batch) -> None:
        seen: set[str] = set()
        for n, line in enumerate(self.files[batch.input_file].splitlines(), 1):
            entry = json.loads(line)
            if entry["custom_id"] in seen or set(entry) != {"custom_id", "method", "url", "body"}:
                batch.errors.append({"code": "invalid_request", "message": "A bad line.", "line": n})
            seen.add(entry["custom_id"])
        batch.counts["total"] = len(seen)
        if batch.errors or not seen:
            batch.status = "failed"

    def _finish(self, batch: _Batch) -> None:
        good, bad = [], []
        entries = [json.loads(line) for line in self.files[batch.input_file].splitlines()]
        random.Random(3).shuffle(entries)
        cut = len(entries) // 2 if self.expires > 0 else len(entries)
        self.expires -= 1
        for n, entry in enumerate(entries):
            result: Body = {
                "id": f"batch_req_{next(self.numbers)}",
                "custom_id": entry["custom_id"],
                "response": None,
                "error": None,
            }
            if n >= cut:
                result["error"] = {
                    "code": "batch_expired",
                    "message": "This request could not be executed before the completion window expired.",
                }
                bad.append(result)
                continue
            self.asked.append(entry["custom_id"])
            status, body = self.answer(entry["body"])
            result["response"] = {"status_code": status, "request_id": "req", "body": body}
            (good if status == 200 else bad).append(result)
        batch.output_file = self.keep(_lines(good)) if good else None
        batch.error_file = self.keep(_lines(bad)) if bad else None
        batch.counts |= {"completed": len(good), "failed": len(bad)}
        batch.status = "completed" if cut == len(entries) else "expired"

    @staticmethod
    def shown(batch: _Batch) -> Body:
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "errors": {"object": "list", "data": batch.errors} if batch.errors else None,
            "input_file_id": batch.input_file,
            "completion_window": "24h",
            "status": batch.status,
            "output_file_id": batch.output_file,
            "error_file_id": batch.error_file,
            "created_at": int(time.time()),
            "request_counts": batch.counts,
            "metadata": batch.metadata,
        }


def _lines(results: list[Body]) -> bytes:
    return "".join(json.dumps(result) + "\n" for result in results).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        fake: BatchServer = self.server.fake  # type: ignore[attr-defined]
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with fake.lock:
            fake.received.append(bytes(self.headers) + raw)
            if self.path == "/v1/files":
                parts = message_from_bytes(
                    b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + raw
                )
                fields = {
                    part.get_param("name", header="content-disposition"): part for part in parts.get_payload()
                }  # type: ignore[union-attr]
                assert fields["purpose"].get_payload() == "batch"  # type: ignore[index]
                content = fields["file"].get_payload(decode=True)  # type: ignore[index]
                name = fake.keep(content)  # type: ignore[arg-type]
                self._send(
                    200,
                    {
                        "id": name,
                        "object": "file",
                        "bytes": len(content),
                        "created_at": 1,
                        "filename": "f.jsonl",
                        "purpose": "batch",
                        "status": "processed",
                    },
                )
            elif self.path == "/v1/batches":
                self._send(200, fake.shown(fake.start(json.loads(raw))))
            else:
                self._send(404, {"error": {"message": "no such place"}})

    def do_GET(self) -> None:
        fake: BatchServer = self.server.fake  # type: ignore[attr-defined]
        path = urlsplit(self.path)
        with fake.lock:
            if path.path == "/v1/batches":
                self._list(fake, parse_qs(path.query))
            elif path.path.startswith("/v1/files/") and path.path.endswith("/content"):
                name = path.path.split("/")[3]
                content = fake.files.get(name)
                if content is None:
                    self._send(404, {"error": {"message": f"No such File object: {name}"}})
                else:
                    self._send(200, content)
            else:
                self._send(404, {"error": {"message": "no such place"}})

    def _list(self, fake: BatchServer, query: dict[str, list[str]]) -> None:
        newest = fake.batches[::-1]
        after = query.get("after")
        if after:
            newest = newest[[batch.id for batch in newest].index(after[0]) + 1 :]
        # Pages of two, so that going through them is seen to work.
        page = newest[:2]
        for batch in page:
            fake.look(batch)
        shown = [fake.shown(batch) for batch in page]
        self._send(
            200,
            {
                "object": "list",
                "data": shown,
                "first_id": None,
                "last_id": page[-1].id if page else None,
                "has_more": len(newest) > 2,
            },
        )

    def do_DELETE(self) -> None:
        fake: BatchServer = self.server.fake  # type: ignore[attr-defined]
        name = self.path.split("/")[3]
        with fake.lock:
            fake.deleted.append(name)
            known = fake.files.pop(name, None)
        self._send(200 if known is not None else 404, {"id": name, "object": "file", "deleted": True})

    def _send(self, status: int, body: object) -> None:
        fake: BatchServer = self.server.fake  # type: ignore[attr-defined]
        if f"{self.command} {self.path}" in fake.drops:
            fake.drops.discard(f"{self.command} {self.path}")
            self.close_connection = True
            return
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests' output is theirs."""
