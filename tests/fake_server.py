"""A real HTTP server on loopback that speaks Chat Completions, and can do everything wrong that one can.

    with FakeServer(echo()) as server:
        ... server.base_url, server.requests, server.bytes_received

What it answers is a function of the request's JSON; `faults` answers a list of things in turn.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Change = Callable[[str, str], str]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, and what goes wrong on its way.

    `stall` waits that many seconds before the headers (`headers`), in the middle of the body (`body`); `reset`
    cuts the connection `before` the headers or in the middle of the `body`; `drip_s` sends the body byte by
    byte, with that pause.
    """

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    stall: str = ""
    stall_s: float = 0.0
    reset: str = ""
    drip_s: float = 0.0


Script = Callable[[Body], Answer]


def completion(
    text: str | None, finish_reason: str = "stop", usage: object = None, **message: object
) -> Answer:
    """A chat completion with this text."""
    if usage is None:
        usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
    return Answer(
        json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1700000000,
                "model": "fake",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": finish_reason,
                        "message": {"role": "assistant", "content": text, **message},
                    }
                ],
                "usage": usage,
            }
        )
    )


def error(
    status: int, message: str = "no", headers: Mapping[str, str] | None = None, **more: object
) -> Answer:
    """An error in OpenAI's shape."""
    body = json.dumps({"error": {"message": message, "type": "fake_error", **more}})
    return Answer(body, status, {"Content-Type": "application/json", **(headers or {})})


def asked(body: Body) -> dict[str, Any]:
    """The JSON object with which the last user message ends."""
    content = body["messages"][-1]["content"]
    at = min(n for n in (content.find('{"section"'), content.find('{"sentences"')) if n >= 0)
    found: dict[str, Any] = json.loads(content[at:])
    return found


def polished(body: Body, change: Change = lambda _, text: text) -> str:
    """The reply to a polish request, with each text changed by `change(id, text)`."""
    passages = [{"id": p["id"], "text": change(p["id"], p["text"])} for p in asked(body)["passages"]]
    return json.dumps({"passages": passages})


def echo(change: Change = lambda _, text: text) -> Script:
    """A model that keeps to the rules, with each text changed by `change(id, text)`."""
    return lambda body: completion(polished(body, change))


def reword(_: str, text: str) -> str:
    """A harmless rewording: the same words with "we" statements led in differently."""
    return re.sub(r"^On (<DATE_\d+>), (\w)", lambda m: f"As of {m[1]}: {m[2]}", text)


def faults(answers: Sequence[Answer | Script], then: Script) -> Script:
    """The answers one after another, whoever asks, and then `then`."""
    left = list(answers)
    lock = threading.Lock()

    def script(body: Body) -> Answer:
        with lock:
            answer = left.pop(0) if left else then
        return answer if isinstance(answer, Answer) else answer(body)

    return script


class FakeServer:
    """The server, running in threads of its own while the `with` block lasts."""

    def __init__(self, script: Script, latency_s: float = 0.0) -> None:
        self.script = script
        self.latency_s = latency_s
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.bytes_received: list[bytes] = []
        self.clients: set[tuple[str, int]] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.fake = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    fake: FakeServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what half of the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        self._send(Answer(json.dumps({"object": "list", "data": [{"id": "fake", "object": "model"}]})))

    def do_POST(self) -> None:
        fake = self.server.fake
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with fake.lock:
            fake.bytes_received.append(self.raw_requestline + bytes(self.headers) + raw)
            fake.headers.append({name.lower(): value for name, value in self.headers.items()})
            fake.clients.add(self.client_address)
            body = json.loads(raw)
            fake.requests.append(body)
            fake.at_once += 1
            fake.most_at_once = max(fake.most_at_once, fake.at_once)
        try:
            if fake.latency_s:
                fake.closing.wait(fake.latency_s)
            self._send(fake.script(body))
        finally:
            with fake.lock:
                fake.at_once -= 1

    def _send(self, answer: Answer) -> None:
        raw = answer.body.encode() if isinstance(answer.body, str) else answer.body
        if answer.stall == "headers":
            self.server.fake.closing.wait(answer.stall_s)
        if answer.reset == "before":
            self._reset()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if answer.drip_s:
            for n in range(len(raw)):
                self.wfile.write(raw[n : n + 1])
                self.wfile.flush()
                if self.server.fake.closing.wait(answer.drip_s):
                    return
            return
        half = len(raw) // 2
        if answer.stall == "body" or answer.reset == "body":
            self.wfile.write(raw[:half])
            self.wfile.flush()
            if answer.reset:
                time.sleep(0.02)
                self._reset()
                return
            self.server.fake.closing.wait(answer.stall_s)
            raw = raw[half:]
        self.wfile.write(raw)

    def _reset(self) -> None:
        """Ends the connection with RST, as a crashed server or a broken line does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests' output is theirs."""
