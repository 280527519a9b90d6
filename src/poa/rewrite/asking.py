"""One request to a model: numbered Chinese sentences, values masked, and the English of each that comes back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from poa.models.base import ChatModel, ChatReply, ChatRequest, Message
from poa.models.tokens import count_tokens
from poa.placeholders import PLACEHOLDER, PlaceholderError, restore
from poa.resources import prompts_dir

__all__ = ["Answer", "Question", "ask", "prompt_hashes"]

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
                "required": ["id", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
_SEED = 7


@dataclass(frozen=True)
class Question:
    """One sentence to rewrite, masked, with the notes on an earlier try."""

    id: int
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came back: English by id with its values in place, what was refused and why, and the reply."""

    english: Mapping[int, str]
    refused: Mapping[int, str]
    reply: ChatReply = field(repr=False)


async def ask(
    model: ChatModel,
    questions: Sequence[Question],
    table: Mapping[str, str],
    terms: Sequence[tuple[str, str]],
    *,
    timeout_s: float | None = None,
) -> Answer:
    """The English of the sentences; raises `ModelError` when there is no reply.

    A reply without the same ids in the same order is refused as a whole; a sentence that lost, doubled or
    invented a placeholder by itself.
    """
    reply = await model.reply(_request(questions, terms, timeout_s))
    try:
        written = _read(reply, [q.id for q in questions])
    except ValueError as error:
        return Answer({}, {q.id: str(error) for q in questions}, reply)
    english: dict[int, str] = {}
    refused: dict[int, str] = {}
    for question, text in zip(questions, written, strict=True):
        text = " ".join(text.split())
        if not text:
            refused[question.id] = "The English was empty."
            continue
        try:
            english[question.id] = _tidy(restore(text, question.text, table))
        except PlaceholderError as error:
            refused[question.id] = f"{error}."
    return Answer(english, refused, reply)


@cache
def prompt_hashes() -> Mapping[str, str]:
    """Each prompt's identity: a short hash of its text."""
    names = ("rewrite.jinja", "rewrite_example.json", "rewrite_repair.jinja")
    return {
        name.partition(".")[0]: hashlib.sha256((prompts_dir() / name).read_bytes()).hexdigest()[:12]
        for name in names
    }


def _request(
    questions: Sequence[Question], terms: Sequence[tuple[str, str]], timeout_s: float | None
) -> ChatRequest:
    example = json.loads(_prompt("rewrite_example.json"))
    noted = [q for q in questions if q.notes]
    lines = [_prompt("rewrite_repair.jinja")] if noted else []
    lines += [f"Sentence {q.id}: {note}" for q in noted for note in q.notes]
    if terms:
        lines.append("Terms: " + "; ".join(f"{zh} = {en}" for zh, en in terms))
    asked = json.dumps({"sentences": [{"id": q.id, "text": q.text} for q in questions]}, ensure_ascii=False)
    return ChatRequest(
        messages=(
            Message("system", _prompt("rewrite.jinja")),
            # A worked example as an earlier turn: a small model follows it better than any rule.
            Message("user", f"Terms: {example['terms']}\n{json.dumps(example['sent'], ensure_ascii=False)}"),
            Message("assistant", json.dumps(example["reply"], ensure_ascii=False)),
            Message("user", "\n".join([*lines, asked])),
        ),
        schema=_SCHEMA,
        schema_name="rewritten_sentences",
        max_tokens=round(count_tokens(asked).tokens * 2.5) + 200,
        temperature=0.4 if noted else 0.1,
        seed=_SEED + 1 if noted else _SEED,
        timeout_s=timeout_s,
        grammar=_grammar(questions),
    )


def _prompt(name: str) -> str:
    return (prompts_dir() / name).read_text("utf-8").strip()


def _grammar(questions: Sequence[Question]) -> str:
    """GBNF for exactly this reply: the ids in their order, and in each text only the placeholders that were sent."""
    rules = ["c ::= [A-Za-z0-9 ,.;:?!()'/&%$£€+=@é-]"]
    parts = []
    for question in questions:
        own = sorted(set(PLACEHOLDER.findall(question.text)))
        # To force each placeholder in makes a small model ramble until one fits: the check of the reply sees to them.
        either = " | ".join(["c", *(json.dumps(p) for p in own)])
        rules.append(f"t{question.id} ::= ({either})+")
        opening = json.dumps(f'{{"id": {question.id}, "text": "')
        parts.append(f"{opening} t{question.id} {json.dumps(chr(34) + '}')}")
    joined = f" {json.dumps(', ')} ".join(parts)
    start = json.dumps('{"sentences": [')
    return "\n".join([f"root ::= {start} {joined} {json.dumps(']}')}", *rules]) + "\n"


def _read(reply: ChatReply, ids: Sequence[int]) -> list[str]:
    if reply.finish_reason == "length":
        raise ValueError("The reply was cut off before its end.")
    text = re.sub(r"<think>.*?</think>", "", reply.text, flags=re.DOTALL)
    decoder = json.JSONDecoder()
    for match in re.finditer(r"[{\[]", text):
        try:
            found, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        entries = found.get("sentences") if isinstance(found, dict) else found
        if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
            continue
        came = [int(e["id"]) if str(e.get("id", "")).isdigit() else None for e in entries]
        if came != list(ids):
            raise ValueError(
                f"The reply must hold the ids {', '.join(map(str, ids))}, once each and in this order."
            )
        return [e["text"] if isinstance(e.get("text"), str) else "" for e in entries]
    raise ValueError("The reply was not the JSON object that was asked for.")


_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "，": ", ", "。": ".", "：": ": ", "；": "; ", "\u00a0": " "}
)


def _tidy(text: str) -> str:
    text = re.sub(r"\s*[—―]\s*", " - ", text.translate(_PLAIN)).strip()
    # "on in early April", "the about 3,000 sets", "in On": joints between a sentence and its restored values.
    text = re.sub(r"\b(?:on|in|at) ((?:early|mid|late)[ -])", r"in \1", text)
    text = re.sub(r"\b(\w+) \1\b(?= (?:more|about|at|nearly|fewer))", r"\1", text)
    # "for this:November": a mark of the Chinese keeps no space behind it.
    text = re.sub(r"(?<=[a-z0-9])([,;:])(?=[A-Z]?[a-z]{2})(?![a-z]*//)", r"\1 ", text)
    return text[:1].upper() + text[1:] if text[:1].islower() else text
