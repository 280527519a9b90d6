"""A model's opinion of a letter, item by item: whether its sentences say all that the fact says and nothing more.

It comes after the check and beside it. What it says is a warning marked as a model's (`model_opinion`): it fails
no letter, saves none, and takes no finding away. The model sees no private value.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from poa.checks import CheckReport, Finding
from poa.errors import ModelError
from poa.letter import Letter
from poa.models.base import ChatModel, ChatRequest, Message
from poa.outline import Outline
from poa.placeholders import PLACEHOLDER, known_values, protect
from poa.resources import prompts_dir
from poa.values import find_values

__all__ = ["CODE", "SecondOpinion", "second_opinion"]

CODE = "model_opinion"

# What stands in words of its own rule: whether a letter asks, apologises or is signed needs no opinion.
_LEFT_OUT = frozenset({"notice", "apology", "request", "signature"})
_ITEMS_A_REQUEST = 6
_TOKENS_AN_ITEM = 70
_SEED = 7
_MOST_REASON = 240
_MOST_REPLY = 100_000
_MOST_BRACKETS = 200

_VERDICTS = {
    "less": ("says less than the fact", "说得比事实少"),
    "more": ("says more than the fact", "说得比事实多"),
    "different": ("says something else than the fact", "与事实不一致"),
}


@dataclass(frozen=True)
class SecondOpinion:
    """The report with the model's findings behind its own, and how far the model got.

    `items` counts the items asked about, `judged` those it gave a verdict on; `failure` says in one sentence why
    not all, in English and Chinese, and is empty when it gave all.
    """

    report: CheckReport
    model: str
    items: int
    judged: int
    failure: str = ""
    failure_zh: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the command line prints under `judge`."""
        return {
            "model": self.model,
            "items": self.items,
            "judged": self.judged,
            "failure": self.failure or None,
        }


@dataclass(frozen=True)
class _Pair:
    """An item's fact and the letter's words for it, and the place of the first of its sentences."""

    id: str
    fact: str
    said: str
    start: int
    end: int


@dataclass(frozen=True)
class _Verdict:
    verdict: str
    why: str


async def second_opinion(
    report: CheckReport,
    outline: Outline,
    skeleton: Letter,
    letter: str,
    model: ChatModel,
    *,
    timeout_s: float | None = None,
) -> SecondOpinion:
    """The report with a warning for each item whose sentences the model thinks say less, more or something else.

    `skeleton` is the plain letter of the same facts: its passages are what the sentences are held against. An
    item that the check did not find in the letter is not asked about. Never raises for what the model does.
    """
    pairs = _pairs(report, outline, skeleton, letter)
    masked, table = _masked(pairs, outline)
    groups = [slice(n, n + _ITEMS_A_REQUEST) for n in range(0, len(pairs), _ITEMS_A_REQUEST)]
    room = asyncio.Semaphore(max(1, model.concurrency))

    async def ask(group: slice) -> tuple[Mapping[str, _Verdict], tuple[str, str]]:
        async with room:
            return await _verdicts(model, masked[group], timeout_s)

    answers = await asyncio.gather(*(ask(group) for group in groups))
    verdicts = {item: verdict for found, _ in answers for item, verdict in found.items()}
    failure, failure_zh = next((why for _, why in answers if why[0]), ("", ""))
    findings = [
        _finding(pair, verdicts[pair.id], model.name, table)
        for pair in pairs
        if pair.id in verdicts and verdicts[pair.id].verdict in _VERDICTS
    ]
    return SecondOpinion(
        replace(report, findings=(*report.findings, *findings)),
        model.name,
        len(pairs),
        len(verdicts),
        failure,
        failure_zh,
    )


def _pairs(report: CheckReport, outline: Outline, skeleton: Letter, letter: str) -> list[_Pair]:
    facts = {passage.id: passage.text for section in skeleton.sections for passage in section.passages}
    kinds = {item.id: item.kind for item in outline.items}
    return [
        _Pair(
            item.id,
            _plain(facts[item.id]),
            _plain(" ".join(letter[start:end] for start, end in item.where)),
            item.where[0][0],
            item.where[0][1],
        )
        for item in report.items
        if item.where and kinds.get(item.id) not in _LEFT_OUT and facts.get(item.id)
    ]


def _masked(pairs: Sequence[_Pair], outline: Outline) -> tuple[list[_Pair], Mapping[str, str]]:
    """The pairs without private values, and what each placeholder stands for.

    A date that the letter writes in another form than the facts has the same placeholder: to the model they
    would else be two dates.
    """
    protected = protect([text for pair in pairs for text in (pair.fact, pair.said)], known_values(outline))
    first: dict[tuple[str, object], str] = {}
    same = {}
    for placeholder, text in protected.table.items():
        kind = placeholder.rpartition("_")[0]
        values = find_values(text)
        # A list of values, or a text that holds one among words, is only the same as itself.
        alone = len(values) == 1 and values[0].text.strip() == text.strip()
        meaning = values[0].canonical if alone else " ".join(text.casefold().split())
        same[placeholder] = first.setdefault((kind, meaning), placeholder)
    texts = [PLACEHOLDER.sub(lambda m: same.get(m[0], m[0]), text) for text in protected.texts]
    masked = [replace(pair, fact=texts[2 * n], said=texts[2 * n + 1]) for n, pair in enumerate(pairs)]
    return masked, protected.table


async def _verdicts(
    model: ChatModel, pairs: Sequence[_Pair], timeout_s: float | None
) -> tuple[Mapping[str, _Verdict], tuple[str, str]]:
    """The verdicts of one request by item, or none and why, in English and Chinese."""
    try:
        reply = await model.reply(_request(pairs, timeout_s))
    except ModelError as error:
        return {}, (f"The model gave no opinion: {error}", f"模型没有给出意见：{error}")
    found = _read(reply.text, [pair.id for pair in pairs])
    if found is None:
        return {}, (
            "The model's reply was not the list of verdicts that was asked for.",
            "模型的回复不是所要求的判断列表。",
        )
    return found, ("", "")


def _request(pairs: Sequence[_Pair], timeout_s: float | None) -> ChatRequest:
    asked = {"items": [{"id": pair.id, "fact": pair.fact, "letter": pair.said} for pair in pairs]}
    return ChatRequest(
        messages=(
            Message("system", _instructions()),
            Message("user", json.dumps(asked, ensure_ascii=False)),
        ),
        schema=_schema(),
        schema_name="second_opinion",
        max_tokens=_TOKENS_AN_ITEM * len(pairs) + 60,
        temperature=0.0,
        seed=_SEED,
        timeout_s=timeout_s,
    )


@cache
def _instructions() -> str:
    return (prompts_dir() / "judge" / "item.jinja").read_text("utf-8").strip()


@cache
def _schema() -> Mapping[str, Any]:
    verdict = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "verdict": {"type": "string", "enum": ["same", *_VERDICTS]},
            "why": {"type": "string"},
        },
        "required": ["id", "verdict", "why"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": verdict}},
        "required": ["items"],
        "additionalProperties": False,
    }


def _read(text: str, ids: Sequence[str]) -> Mapping[str, _Verdict] | None:
    """The verdicts by item; None unless every item asked about has one, in the order asked."""
    text = re.sub(r"<think>.*?</think>", "", text[:_MOST_REPLY], flags=re.DOTALL)
    decoder = json.JSONDecoder()
    for match in islice(re.finditer(r"[{\[]", text), _MOST_BRACKETS):
        try:
            found, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        entries = found.get("items") if isinstance(found, dict) else found
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            continue
        known = all(entry.get("verdict") in ("same", *_VERDICTS) for entry in entries)
        if known and [entry.get("id") for entry in entries] == list(ids):
            return {entry["id"]: _Verdict(entry["verdict"], str(entry.get("why") or "")) for entry in entries}
    return None


def _finding(pair: _Pair, verdict: _Verdict, model: str, table: Mapping[str, str]) -> Finding:
    english, chinese = _VERDICTS[verdict.verdict]
    why = _reason(verdict.why, table)
    return Finding(
        CODE,
        "warning",
        pair.id,
        f"The model {model} thinks that this {english}{f': {why}' if why else '.'}",
        f"模型 {model} 认为这里{chinese}{f'：{why}' if why else '。'}",
        pair.start,
        pair.end,
        pair.fact,
    )


def _reason(why: str, table: Mapping[str, str]) -> str:
    """The model's words on one line without control characters, with the values that it could not see."""
    shown = PLACEHOLDER.sub(lambda m: table.get(m[0], m[0]), why)
    shown = _plain("".join(c if c.isprintable() else " " for c in shown))
    return shown if len(shown) <= _MOST_REASON else f"{shown[: _MOST_REASON - 1]}…"


def _plain(text: str) -> str:
    return " ".join(text.split())
