"""A model server of fixed latency for the benchmarks: a process of its own, so that its work is not the client's.

python -m evals.speed.server LATENCY_S     prints its address, and serves until it is stopped
"""

from __future__ import annotations

import asyncio
import json
import sys


def _reply(raw: bytes) -> bytes:
    last = json.loads(raw)["messages"][-1]["content"]
    asked = json.loads(last[last.find('{"section"') :])
    text = json.dumps({"passages": [{"id": p["id"], "text": p["text"]} for p in asked["passages"]]})
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    usage = {"prompt_tokens": 700, "completion_tokens": 100, "total_tokens": 800}
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
    ).encode()


async def _serve(latency_s: float) -> None:
    calls = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET /calls"):
                    body = str(calls).encode()
                else:
                    length = next(
                        int(h.split(b":")[1])
                        for h in head.split(b"\r\n")
                        if h.lower().startswith(b"content-length")
                    )
                    raw = await reader.readexactly(length)
                    calls += 1
                    began = asyncio.get_running_loop().time()
                    body = _reply(raw)
                    await asyncio.sleep(latency_s - (asyncio.get_running_loop().time() - began))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    % len(body)
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
