"""What a story tells of the fields that a pack declares: filled in by a model, each word held to the story.

The model says which words of which sentence answer which part of a field. The words are looked up in that sentence,
and a value must be one of the part's own kind; what is not becomes a question.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from poa.extract import Extraction, Span
from poa.extract_model import Story, StoryQuestion, read_story, resolved_day
from poa.models.base import ChatModel, ChatReply, ChatRequest, Message
from poa.models.tokens import count_tokens
from poa.policy import FieldSpec, PolicyPack
from poa.resources import prompts_dir
from poa.values import find_values
from poa.values.chinese import find_chinese_values

__all__ = ["declared_facts", "with_declared"]

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "sentence": {"type": "integer"},
                    "values": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"part": {"type": "string"}, "words": {"type": "string"}},
                            "required": ["part", "words"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["field", "sentence", "values"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["entries"],
    "additionalProperties": False,
}
# A form is filled in from so many sentences at once; a list that goes on in the next sentence stays together.
_SENTENCES = 12
# The one part of a field that has no columns.
_WHOLE = "value"
# Kinds that are taken as the story words them; every other kind is a value that must be found in the words.
_WORDED = frozenset({"text", "phrase", "name", "quote", "policy", "url"})


@dataclass
class _Filled:
    """The form as far as it is filled in, with the words behind each part and what is to be asked."""

    facts: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    questions: list[StoryQuestion] = field(default_factory=list)


async def declared_facts(
    text: str,
    pack: PolicyPack,
    model: ChatModel,
    *,
    received: dt.date | None = None,
    timeout_s: float | None = None,
) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    """What a story tells of a pack's declared fields, each part in the story's own words.

    `received` is the notification's day: days told without a year are counted from it. A `choice` is never read out
    of a story. Raises `ModelError` when the model gives no reply.
    """
    story = read_story(text, received)
    forms = {spec.name: spec for spec in pack.fields if spec.type != "choice"}
    filled = _Filled()
    if forms:
        chunks = [
            range(n, min(n + _SENTENCES, len(story.sentences)))
            for n in range(0, len(story.sentences), _SENTENCES)
        ]
        gate = asyncio.Semaphore(max(1, model.concurrency))

        async def ask(chunk: range) -> ChatReply:
            async with gate:
                return await model.reply(_request(story, chunk, forms.values(), timeout_s))

        for chunk, reply in zip(chunks, await asyncio.gather(*map(ask, chunks)), strict=True):
            for entry in _entries(reply):
                _fill(filled, story, chunk, forms, entry)
    return Extraction(filled.facts, filled.spans, ()), tuple(filled.questions)


def with_declared(found: Extraction, declared: Extraction) -> Extraction:
    """Both readings of one story as one: a value that a declared field holds is no longer left to place.

    An act of which nothing is known but numbers that a declared field holds was none: the field is their place.
    """
    spans = {**found.spans, **declared.spans}
    facts = {**found.facts, **declared.facts}
    held = [(span.start, span.end) for span in declared.spans.values()]
    acts = [act for act in facts.get("violations", ()) if act.get("statement")]
    numbers = [span for path, span in found.spans.items() if path.startswith("violations[")]
    if not acts and all(any(a <= n.start and n.end <= b for a, b in held) for n in numbers):
        facts.pop("violations", None)
        spans = {path: span for path, span in spans.items() if not path.startswith("violations[")}
    left = [v for v in found.unplaced if not any(a <= v.start and v.end <= b for a, b in held)]
    return Extraction(facts, spans, tuple(left))


def _request(story: Story, chunk: range, forms: Iterable[FieldSpec], timeout_s: float | None) -> ChatRequest:
    texts = story.masked.protected.texts
    asked = {
        "fields": [{"name": spec.name, "asks": spec.question.en, "parts": _parts(spec)} for spec in forms],
        "sentences": [{"id": n + 1, "text": texts[n]} for n in chunk],
    }
    content = json.dumps(asked, ensure_ascii=False)
    return ChatRequest(
        messages=(
            Message("system", (prompts_dir() / "extract_fields.jinja").read_text("utf-8").strip()),
            Message("user", content),
        ),
        schema=_SCHEMA,
        schema_name="story_fields",
        max_tokens=round(count_tokens(content).tokens * 2) + 300,
        temperature=0.0,
        seed=7,
        timeout_s=timeout_s,
    )


def _parts(spec: FieldSpec) -> list[dict[str, str]]:
    if spec.type == "records":
        return [{"name": c.name, "asks": c.label.en, "kind": c.kind} for c in spec.columns]
    return [{"name": _WHOLE, "asks": spec.label.en, "kind": _kind_of(spec)}]


def _kind_of(spec: FieldSpec) -> str:
    return "text" if spec.type == "text" else str(spec.kind)


def _entries(reply: ChatReply) -> list[Mapping[str, Any]]:
    """The entries of a reply; none when it is not the JSON that was asked for."""
    text = re.sub(r"<think>.*?</think>", "", reply.text, flags=re.DOTALL)
    try:
        found, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    except (ValueError, RecursionError):
        return []
    entries = found.get("entries") if isinstance(found, dict) else None
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


# ---------------------------------------------------------------- held to the story


def _fill(
    filled: _Filled, story: Story, chunk: range, forms: Mapping[str, FieldSpec], entry: Mapping[str, Any]
) -> None:
    """Takes up one entry of the model's, as far as the story bears it out."""
    spec = forms.get(str(entry.get("field")))
    number = entry.get("sentence")
    n = number - 1 if isinstance(number, int) and not isinstance(number, bool) else -1
    if spec is None or n not in chunk:
        return
    kinds = {part["name"]: part["kind"] for part in _parts(spec)}
    given = entry.get("values")
    values: dict[str, tuple[str, Span]] = {}
    for value in given if isinstance(given, list) else ():
        part = str(value.get("part")) if isinstance(value, dict) else ""
        words = str(value.get("words") or "").strip(" 。.,，") if part in kinds else ""
        if not words:
            continue
        span = story.find(n, words)
        held = _value(story, span, kinds[part]) if span else None
        if span is None or held is None:
            filled.questions.append(_unsettled(spec, story.sentences[n] if span is None else span.text))
        else:
            values[part] = (held, span)
    if values:
        _place(filled, spec, values)


def _value(story: Story, span: Span, kind: str) -> str | None:
    """What the words say as a part of that kind; None when they hold no such value, or more than one."""
    if kind == "date":
        days = {resolved_day(figure.canonical, story.received, after=False) for figure in story.dates(span)}
        day = days.pop() if len(days) == 1 else None
        return day.isoformat() if day else None
    if kind in _WORDED:
        return span.text
    found = (
        find_chinese_values(span.text) if re.search(r"[\u3400-\u9fff]", span.text) else find_values(span.text)
    )
    values = [value for value in found if value.kind == kind or (kind == "number" and value.kind == "count")]
    if len(values) != 1:
        return span.text if kind in ("case_id", "review_id", "phone") and not found else None
    return values[0].canonical if kind in ("order_id", "asin", "number", "email") else values[0].text


def _place(filled: _Filled, spec: FieldSpec, values: Mapping[str, tuple[str, Span]]) -> None:
    name = spec.name
    if spec.type == "records":
        listed = filled.facts.setdefault(name, [])
        entry = {part: held for part, (held, _) in values.items()}
        if entry in listed:
            return
        filled.spans |= {f"{name}[{len(listed)}].{part}": span for part, (_, span) in values.items()}
        listed.append(entry)
        return
    held, span = values[_WHOLE]
    if spec.type == "list":
        listed = filled.facts.setdefault(name, [])
        if held not in listed:
            filled.spans[f"{name}[{len(listed)}]"] = span
            listed.append(held)
    elif filled.facts.setdefault(name, held) == held:
        filled.spans.setdefault(name, span)
    else:
        filled.questions.append(_told_twice(spec, [filled.facts[name], held]))


def _unsettled(spec: FieldSpec, words: str) -> StoryQuestion:
    return StoryQuestion(
        words,
        f"The model reads “{spec.label.en}” out of this, and the words do not bear it out. {spec.question.en}",
        f"模型从这句话读出“{spec.label.zh}”，但原文并不支持。{spec.question.zh}",
    )


def _told_twice(spec: FieldSpec, told: Sequence[str]) -> StoryQuestion:
    return StoryQuestion(
        " / ".join(told),
        f"The story tells “{spec.label.en}” twice, and not alike: which holds?",
        f"故事中“{spec.label.zh}”出现两次且不一致：以哪一个为准？",
    )
