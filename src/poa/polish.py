"""A section's passages, reworded by a model: the same ids, the same values, better words.

This file asks and reads; whether the new words are true is for the checks, which it does not know.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from poa.dated import place_dates
from poa.grammar import reply_grammar
from poa.models.base import ChatModel, ChatReply, ChatRequest, Message, Progress
from poa.models.tokens import count_tokens
from poa.placeholders import PLACEHOLDER, Known, PlaceholderError, Protected, protect, restore
from poa.resources import prompts_dir

__all__ = ["Asked", "Note", "Polished", "plain_punctuation", "polish_section", "prompt_hashes"]

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "passages": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
                "required": ["id", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["passages"],
    "additionalProperties": False,
}
# By attempt: what was not found at a low temperature is looked for at a higher one.
_TEMPERATURES = (0.3, 0.6, 0.8)
_SEED = 11
# Polished English is about as long as what it polishes; a reply twice that long is no polish.
_MOST_GROWTH = 2.0
_MOST_CHARACTERS = 200_000
_MOST_BRACKETS = 200
# A model that writes on and on is stopped soon: each token of a small one takes a twentieth of a second.
_MOST_TOKENS_GROWTH = 1.3


@dataclass(frozen=True)
class Note:
    """What was wrong with an earlier wording of a passage."""

    id: str
    text: str


@dataclass(frozen=True)
class Asked:
    """One passage to polish, in the skeleton's words."""

    id: str
    text: str


@dataclass(frozen=True)
class Polished:
    """What came back: new texts by id, what was refused and why, and what the call took."""

    texts: Mapping[str, str]
    refused: tuple[Note, ...]
    reply: ChatReply = field(repr=False)


_CUT_OFF = "The reply was cut off before its end: be brief."


class _ReplyError(ValueError):
    """A reply that cannot be used as a whole; says why."""


async def polish_section(
    model: ChatModel,
    section_id: str,
    passages: Sequence[Asked],
    known: Iterable[Known],
    *,
    notes: Sequence[Note] = (),
    attempt: int = 0,
    mask: bool = True,
    timeout_s: float | None = None,
    on_progress: Progress | None = None,
) -> Polished:
    """The passages in the model's words; with `notes`, a second try that knows what was wrong with the first.

    `attempt` counts from 0: each is made with another seed, the later ones with more freedom.
    Raises `ModelError` when there is no reply. A reply that does not hold the same ids in the same order is
    refused as a whole; a passage that lost, doubled or invented a placeholder is refused by itself.
    """
    known = tuple(known)
    texts = [passage.text for passage in passages]
    protected = protect(texts, known) if mask else Protected(tuple(texts), {})
    masked_notes = _masked_notes(notes, known, protected) if mask and notes else tuple(notes)
    request = _request(
        section_id, passages, protected, masked_notes, attempt or bool(notes), timeout_s, on_progress
    )
    reply = await model.reply(request)
    try:
        written = _read(reply, [passage.id for passage in passages])
    except _ReplyError as error:
        return Polished({}, tuple(Note(passage.id, str(error)) for passage in passages), reply)
    accepted: dict[str, str] = {}
    refused = [Note(passage.id, _CUT_OFF) for passage in passages[len(written) :]]
    for passage, sent, text in zip(passages, protected.texts, written, strict=False):
        try:
            accepted[passage.id] = restore(place_dates(_tidy(text, sent), sent), sent, protected.table)
        except PlaceholderError as error:
            refused.append(Note(passage.id, f"{error}."))
        except _ReplyError as error:
            refused.append(Note(passage.id, str(error)))
    return Polished(accepted, tuple(refused), reply)


@cache
def prompt_hashes() -> Mapping[str, str]:
    """Each prompt's identity: a short hash of its text."""
    folder = prompts_dir()
    names = ("polish.jinja", "polish_example.json", "repair.jinja")
    return {
        name.partition(".")[0]: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        for name in names
    }


def plain_punctuation(text: str) -> str:
    """The text with typographic marks as the plain ASCII ones that Amazon's form keeps."""
    text = text.translate(_PLAIN)
    return re.sub(r"\s*[—―]\s*", " - ", text)


_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "‐": "-", "‑": "-", "−": "-",
     "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "•": "-"}
)  # fmt: skip


# ---------------------------------------------------------------- asking


def _request(
    section_id: str,
    passages: Sequence[Asked],
    protected: Protected,
    notes: Sequence[Note],
    attempt: int,
    timeout_s: float | None,
    on_progress: Progress | None,
) -> ChatRequest:
    section: dict[str, Any] = {
        "section": section_id,
        "passages": [
            {"id": passage.id, "text": text} for passage, text in zip(passages, protected.texts, strict=True)
        ],
    }
    if notes:
        section["notes"] = [{"id": note.id, "note": note.text} for note in notes]
    asked = _compact(section)
    messages = (
        *_instructions(),
        Message("user", f"{_prompt('repair.jinja')}\n{asked}" if notes else asked),
    )
    return ChatRequest(
        messages=messages,
        schema=_SCHEMA,
        schema_name="polished_section",
        max_tokens=round(count_tokens(asked).tokens * _MOST_TOKENS_GROWTH) + 80,
        temperature=_TEMPERATURES[min(attempt, len(_TEMPERATURES) - 1)],
        # Another try with the first one's seed would write the first one's words.
        seed=_SEED + attempt,
        timeout_s=timeout_s,
        grammar=reply_grammar(
            [p.id for p in passages],
            protected.texts,
            # What was never brought to its end is asked for without conditions.
            free={note.id for note in notes if _CUT_OFF in note.text},
            attempt=attempt,
        ),
        on_progress=on_progress,
    )


@cache
def _instructions() -> tuple[Message, ...]:
    """What stands before every request, byte for byte the same, so that an endpoint can keep it."""
    example = json.loads((prompts_dir() / "polish_example.json").read_text(encoding="utf-8"))
    return (
        Message("system", _prompt("polish.jinja")),
        # A worked example as an earlier turn: small models copy the text when they have not seen one.
        Message("user", _compact(example["sent"])),
        Message("assistant", _compact(example["reply"])),
    )


@cache
def _prompt(name: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Prompts are plain text for a model: escaping for HTML would change what they say.
    environment = Environment(
        loader=FileSystemLoader(prompts_dir()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
    )
    return environment.get_template(name).render().strip()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _masked_notes(notes: Sequence[Note], known: Sequence[Known], protected: Protected) -> tuple[Note, ...]:
    """The notes without values; placeholders that they name stay as they are."""
    pieces = [re.split(f"({PLACEHOLDER.pattern})", note.text.translate(_PLAIN_QUOTES)) for note in notes]
    masked = iter(protect([text for parts in pieces for text in parts[::2]], known, protected.table).texts)
    return tuple(
        Note(note.id, "".join(part if n % 2 else next(masked) for n, part in enumerate(parts)))
        for note, parts in zip(notes, pieces, strict=True)
    )


# What a finding quotes is a piece of the letter: as a quotation, all of it would become one placeholder.
_PLAIN_QUOTES = str.maketrans('“”"', "'" * 3)


# ---------------------------------------------------------------- reading


def _read(reply: ChatReply, ids: Sequence[str]) -> list[str]:
    """The texts of a reply, in the order asked; of one that was cut off, those that were complete."""
    cut_off = reply.finish_reason == "length"
    entries = _whole_entries(reply.text) if cut_off else _entries(reply.text)
    came = [entry.get("id") for entry in entries]
    if cut_off and came != list(ids)[: len(came)]:
        raise _ReplyError(_CUT_OFF)
    if not cut_off and came != list(ids):
        raise _ReplyError(f"The reply must hold the ids {', '.join(ids)}, once each and in this order.")
    texts = (entry.get("text") for entry in entries)
    return [text if isinstance(text, str) else "" for text in texts]


def _entries(text: str) -> list[Any]:
    text = re.sub(r"<think>.*?</think>", "", text[:_MOST_CHARACTERS], flags=re.DOTALL)
    decoder = json.JSONDecoder()
    # The object may stand in a fence or after some talk; a reply of brackets alone is not searched to its end.
    for match in islice(re.finditer(r"[{\[]", text), _MOST_BRACKETS):
        try:
            found, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        entries = found.get("passages") if isinstance(found, dict) else found
        if isinstance(entries, list) and entries and all(isinstance(e, dict) for e in entries):
            return entries
    raise _ReplyError("The reply was not the JSON object that was asked for.")


def _whole_entries(text: str) -> list[dict[str, Any]]:
    """The entries at the beginning of a reply that breaks off, up to the one that is not whole."""
    decoder = json.JSONDecoder()
    start = re.search(r'\{\s*"passages"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    entries: list[dict[str, Any]] = []
    while (gap := re.compile(r"[\s,]*(?=\{)").match(text, at)) is not None:
        try:
            entry, at = decoder.raw_decode(text, gap.end())
        except (ValueError, RecursionError):
            break
        entries.append(entry)
    return entries


def _tidy(text: str, sent: str) -> str:
    text = plain_punctuation(text)
    if "\n" in sent:
        text = "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    else:
        text = " ".join(text.split())
    if not text:
        raise _ReplyError("The text was empty.")
    if any(not c.isprintable() and c != "\n" for c in text):
        raise _ReplyError("The text held control characters.")
    if len(text) > len(sent) * _MOST_GROWTH + 80:
        raise _ReplyError("The text was much longer than the passage: say the same and no more.")
    return text
