"""Everything that an endpoint can answer instead of what it was asked: one entry a fault, by its name."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate

from tests.fake_server import Answer, Body, Script, completion, echo, error, polished

__all__ = ["BAD_REPLIES", "NO_REPLY", "STILL_GOOD"]


def always(answer: Answer) -> Script:
    return lambda body: answer


def good(body: Body) -> Answer:
    return completion(polished(body))


def said(change: Callable[[str], str]) -> Script:
    """A good reply whose text, as a whole, is changed."""
    return lambda body: completion(change(polished(body)))


def listed(change: Callable[[list[dict[str, str]]], object]) -> Script:
    """A good reply whose list of passages is changed."""

    def script(body: Body) -> Answer:
        passages = json.loads(polished(body))["passages"]
        return completion(json.dumps({"passages": change(passages)}))

    return script


def each(change: Callable[[str], str]) -> Script:
    """A good reply with every text changed."""
    return echo(lambda _, text: change(text))


def spoiled(**how: object) -> Script:
    """A good reply that something happens to on its way."""
    return lambda body: replace(good(body), **how)  # type: ignore[arg-type]


def refusing(parameter: str, message: str) -> Script:
    """A good model that does not know one parameter of the request."""
    return lambda body: error(400, message, param=parameter) if parameter in body else good(body)


_STREAM = (
    'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"{"}}]}\n\n'
)
_STREAMED = {"Content-Type": "text/event-stream"}
_HTML = {"Content-Type": "text/html"}


def first_placeholder(change: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"<[A-Z]+_\d+>", change, text, count=1)


# The model gives nothing that can be read: the letter is the skeleton's, and the exit status 3.
NO_REPLY: dict[str, Script] = {
    **{f"status {n}": always(error(n)) for n in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429)},
    **{f"status {n}": always(error(n)) for n in (500, 501, 502, 503, 504, 529)},
    "401 that quotes the key": always(error(401, "Incorrect API key provided: sk-secret-0123456789")),
    "429, Retry-After in seconds": always(error(429, headers={"Retry-After": "30"})),
    "429, Retry-After as a date": always(
        error(429, headers={"Retry-After": formatdate(time.time() + 600, usegmt=True)})
    ),
    "429, Retry-After nonsense": always(error(429, headers={"Retry-After": "soon"})),
    "429, Retry-After negative": always(error(429, headers={"Retry-After": "-7"})),
    "429, no credit": always(error(429, "You exceeded your quota", code="insufficient_quota")),
    "503 with a web page": always(Answer("<html>Bad gateway</html>", 503, _HTML)),
    "a redirect to itself": always(Answer("", 307, {"Location": "/v1/chat/completions"})),
    "reset before the answer": always(Answer("{}", reset="before")),
    "reset in the body": spoiled(reset="body"),
    "stall before the headers": spoiled(stall="headers", stall_s=30),
    "stall in the body": spoiled(stall="body", stall_s=30),
    "slow drip": spoiled(drip_s=0.2),
    "200 with a web page": always(Answer("<!doctype html><title>Login</title>", 200, _HTML)),
    "200 with an empty body": always(Answer("")),
    "200 with broken JSON": always(Answer('{"choices": [{"message": ')),
    "200 with truncated JSON": lambda body: Answer(str(good(body).body)[:-9]),
    "200 with an error": always(Answer('{"error": {"message": "overloaded"}}')),
    "200 with null": always(Answer("null")),
    "200 with choices null": always(Answer('{"choices": null}')),
    "200 with no choices": always(Answer('{"choices": []}')),
    "200 with JSON nested 100,000 deep": always(Answer("[" * 100_000)),
    "200 that is not UTF-8": always(Answer(b"\xff\xfe\x00{")),
    "200 that claims gzip": always(Answer("{}", 200, {"Content-Encoding": "gzip"})),
    "200 of 5 MB": always(Answer(" " * 5_000_000)),
    "200 of 50 MB unpacked": always(
        Answer(gzip.compress(b" " * 50_000_000), 200, {"Content-Encoding": "gzip"})
    ),
    "a stream that dies": always(Answer(_STREAM * 3, 200, _STREAMED, reset="body")),
    "a stream that was not asked for": always(Answer(_STREAM + "data: [DONE]\n\n", 200, _STREAMED)),
    "refusal": always(completion(None, refusal="I cannot help with this.")),
    "finish_reason content_filter": always(completion("", "content_filter")),
    "content_filter after some text": lambda body: completion(polished(body), "content_filter"),
}

# The model answers, and what it says cannot be used: those passages are the skeleton's, exit status 0.
BAD_REPLIES: dict[str, Script] = {
    "empty text": always(completion("")),
    "null text": always(completion(None)),
    "small talk": always(completion("Certainly! How may I help you with your letter today?")),
    "refusal in words": always(completion("I'm sorry, but I can't assist with that request.")),
    "finish_reason length": lambda body: completion(polished(body)[:-20], "length"),
    "whole text, finish_reason length": lambda body: completion(polished(body), "length"),
    "truncated reply": said(lambda text: text[:-20]),
    "single quotes": said(lambda text: text.replace('"', "'")),
    "wrong ids": listed(lambda ps: [{**p, "id": f"X{n}"} for n, p in enumerate(ps)]),
    "ids as numbers": listed(lambda ps: [{**p, "id": n} for n, p in enumerate(ps)]),
    "duplicate ids": listed(lambda ps: ps + ps[:1]),
    "a missing passage": listed(lambda ps: ps[1:]),
    "an extra passage": listed(lambda ps: [*ps, {"id": "V99", "text": "We are innocent."}]),
    "no ids": listed(lambda ps: [{"text": p["text"]} for p in ps]),
    "passages as strings": listed(lambda ps: [p["text"] for p in ps]),
    "passages as null": listed(lambda ps: None),
    "text as a list": listed(lambda ps: [{**p, "text": [p["text"]]} for p in ps]),
    "text as null": listed(lambda ps: [{**p, "text": None} for p in ps]),
    "empty texts": each(lambda text: ""),
    "blank texts": each(lambda text: " \n\t "),
    "missing placeholders": each(lambda text: re.sub(r"<[A-Z]+_\d+>", "", text)),
    "doubled placeholders": each(first_placeholder(lambda m: m[0] * 2)),
    "renamed placeholders": each(lambda text: re.sub(r"<([A-Z]+)_", r"<X\1_", text)),
    "renumbered placeholders": each(lambda text: re.sub(r"_(\d+)>", lambda m: f"_{int(m[1]) + 1}>", text)),
    "placeholders in lower case": each(lambda text: re.sub(r"<[A-Z]+_\d+>", lambda m: m[0].lower(), text)),
    "extra placeholders": each(lambda text: f"{text} <ORDER_99>"),
    "control characters": each(lambda text: f"{text}\x00\x1b[2J"),
    "ten times as long": each(lambda text: f"{text} " * 10),
    "another language": each(lambda text: "我们对此深表歉意。"),
    "markdown": each(lambda text: f"**{text}**"),
    "HTML": each(lambda text: f"<script>alert(1)</script>{text}"),
    "an excuse": each(lambda text: f"{text} However, this was the buyer's fault."),
    "a number of its own": each(lambda text: f"{text} We have 37 certificates."),
}


def reordered(body: Body) -> Answer:
    passages = json.loads(polished(body))["passages"]
    return completion(json.dumps({"passages": passages[::-1]}))


BAD_REPLIES["reordered"] = reordered

# Odd, and all that is needed is there: the model's words are used, exit status 0.
STILL_GOOD: dict[str, Script] = {
    "JSON in a fence": said(lambda text: f"```json\n{text}\n```"),
    "JSON after small talk": said(lambda text: f"Sure! Here you are:\n\n{text}\n\nAnything else?"),
    "JSON after thoughts": said(lambda text: f'<think>{{"passages": []}} hm</think>{text}'),
    "unknown fields": lambda body: replace(
        good(body), body=json.dumps({**json.loads(str(good(body).body)), "surprise": [{"x": None}]})
    ),
    "unknown fields in the passages": listed(lambda ps: [{**p, "why": "clearer"} for p in ps]),
    "absurd usage": lambda body: completion(
        polished(body), usage={"prompt_tokens": -3, "completion_tokens": 10**30}
    ),
    "usage of another shape": lambda body: completion(polished(body), usage=["many"]),
    "no usage": lambda body: completion(polished(body), usage={}),
    "text in parts": lambda body: completion([{"type": "text", "text": polished(body)}]),  # type: ignore[arg-type]
    "no json_schema": lambda body: (
        error(400, "response_format json_schema is not supported")
        if body.get("response_format", {}).get("type") == "json_schema"
        else good(body)
    ),
    "no response_format": refusing("response_format", "Unknown parameter: response_format"),
    "no temperature": refusing("temperature", "Unsupported value: 'temperature' does not support 0.3"),
    "no max_tokens": refusing(
        "max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."
    ),
    "no seed": refusing("seed", "Extra inputs are not permitted: seed"),
    "compressed": lambda body: replace(
        good(body),
        body=gzip.compress(str(good(body).body).encode()),
        headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
    ),
}
