"""A section's passages, reworded by a model: the same ids, the same values, better words.

This file asks and reads; whether the new words are true is for the checks, which it does not know.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

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
_TEMPERATURE = 0.3
_SEED = 11
# Polished English is about as long as what it polishes; a reply twice that long is no polish.
_MOST_GROWTH = 2.0
_MOST_ORDERS = 32


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


class _ReplyError(ValueError):
    """A reply that cannot be used as a whole; says why."""


async def polish_section(
    model: ChatModel,
    section_id: str,
    passages: Sequence[Asked],
    known: Iterable[Known],
    *,
    notes: Sequence[Note] = (),
    mask: bool = True,
    timeout_s: float | None = None,
    on_progress: Progress | None = None,
) -> Polished:
    """The passages in the model's words; with `notes`, a second try that knows what was wrong with the first.

    Raises `ModelError` when there is no reply. A reply that does not hold the same ids in the same order is
    refused as a whole; a passage that lost, doubled or invented a placeholder is refused by itself.
    """
    known = tuple(known)
    texts = [passage.text for passage in passages]
    protected = protect(texts, known) if mask else Protected(tuple(texts), {})
    masked_notes = _masked_notes(notes, known, protected) if mask else tuple(notes)
    request = _request(section_id, passages, protected, masked_notes, timeout_s, on_progress)
    reply = await model.reply(request)
    try:
        written = _read(reply, [passage.id for passage in passages])
    except _ReplyError as error:
        return Polished({}, tuple(Note(passage.id, str(error)) for passage in passages), reply)
    accepted: dict[str, str] = {}
    refused: list[Note] = []
    for passage, sent, text in zip(passages, protected.texts, written, strict=True):
        try:
            accepted[passage.id] = restore(_tidy(text, sent), sent, protected.table)
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
    example = json.loads((prompts_dir() / "polish_example.json").read_text(encoding="utf-8"))
    asked = _compact(section)
    messages = (
        Message("system", _prompt("polish.jinja")),
        # A worked example as an earlier turn: small models copy the text when they have not seen one.
        Message("user", _compact(example["sent"])),
        Message("assistant", _compact(example["reply"])),
        Message("user", f"{_prompt('repair.jinja')}\n{asked}" if notes else asked),
    )
    return ChatRequest(
        messages=messages,
        schema=_SCHEMA,
        schema_name="polished_section",
        max_tokens=round(count_tokens(asked).tokens * _MOST_GROWTH) + 200,
        temperature=_TEMPERATURE,
        # A repair with the first try's seed would write the first try's words.
        seed=_SEED + 1 if notes else _SEED,
        timeout_s=timeout_s,
        grammar=_grammar([p.id for p in passages], protected.texts, new_openings=not notes),
        on_progress=on_progress,
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
    masked = protect([PLACEHOLDER.sub(_outside, note.text) for note in notes], known, protected.table)
    return tuple(Note(note.id, _inside(text)) for note, text in zip(notes, masked.texts, strict=True))


# A note may name placeholders of the section itself; they are no values to protect.
def _outside(match: re.Match[str]) -> str:
    return f"\ue000{match[0][1:-1]}\ue001"


def _inside(text: str) -> str:
    return re.sub("\ue000([A-Z]+_\\d+)\ue001", r"<\1>", text)


def _grammar(ids: Sequence[str], texts: Sequence[str], new_openings: bool = False) -> str:
    """GBNF for exactly this reply: the ids in their order, and in each text each placeholder as often as sent.

    With `new_openings` no text may begin with the word it began with: a small model that has written the
    first words anew goes on to write the sentence anew, and one that has not copies it.
    """
    rules = [f"c ::= [{_characters(texts)}]"]
    root: list[str] = []
    closing = json.dumps('"}')
    for n, (passage_id, text) in enumerate(zip(ids, texts, strict=True)):
        opening = json.dumps(f'{{"id": {json.dumps(passage_id)}, "text": "')
        root.append(f"{opening} {f'o{n} ' if new_openings else ''}t{n} {closing}")
        rules += _text_rules(f"t{n}", text)
        if new_openings:
            rules.append(_opening_rule(f"o{n}", text))
    start, comma, end = (json.dumps(part) for part in ('{"passages": [', ", ", "]}"))
    return "\n".join([f"root ::= {start} {f' {comma} '.join(root)} {end}", *rules]) + "\n"


def _opening_rule(name: str, text: str) -> str:
    """A rule for the first characters of a text: any capital or figure, but not the word the text begins with."""
    word = re.match(r"[A-Z][a-z]*", text)
    if word is None:
        return f'{name} ::= ""'
    first = word[0]
    # The same letters up to some place, and then another one; or a longer word.
    later = (f'"{first[:n]}" [{_without(_SMALL, first[n])}]' for n in range(1, len(first)))
    ways = [f"[{_without(_CAPITALS, first[0])}]", *later, f'"{first}" [a-z]']
    return f"{name} ::= {' | '.join(ways)}"


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = "abcdefghijklmnopqrstuvwxyz"


def _without(letters: str, letter: str) -> str:
    return letters.replace(letter, "")


def _characters(texts: Sequence[str]) -> str:
    """The characters a text may hold, as a GBNF class: plain English prose, and what was sent besides it."""
    sent = "".join(PLACEHOLDER.sub("", text) for text in texts)
    # A quotation mark, a backslash or a bracket would end the JSON text or begin a placeholder.
    others = sorted(
        {c for c in sent if c.isprintable() and not re.match(r"[A-Za-z0-9 ,.;:?!()'/&%$+=@\\\"<>-]", c)}
    )
    escaped = "".join(f"\\x{ord(c):02X}" if ord(c) < 256 else f"\\U{ord(c):08X}" for c in others)
    return f"A-Za-z0-9 ,.;:?!()'/&%$+=@{escaped}-"


def _text_rules(name: str, text: str) -> list[str]:
    """Rules for one text: a state for each set of placeholders that are still to come.

    With many placeholders the sets are too many, and they keep the order in which they were sent.
    """
    sent = PLACEHOLDER.findall(text)
    char = 'c | "\\\\n"' if "\n" in text else "c"
    counts = Counter(sent)
    states = 1
    for count in counts.values():
        states *= count + 1
    if states > _MOST_ORDERS:
        chain = f" ({char})* ".join(json.dumps(p) for p in sent)
        return [f"{name} ::= ({char})* {chain} ({char})*"]
    kinds = list(counts)
    rules: list[str] = []
    full = tuple(counts[kind] for kind in kinds)
    todo, named = [full], {full: name}
    while todo:
        left = todo.pop()
        ways = []
        for n, kind in enumerate(kinds):
            if left[n]:
                after = (*left[:n], left[n] - 1, *left[n + 1 :])
                if after not in named:
                    named[after] = f"{name}s{len(named)}"
                    todo.append(after)
                ways.append(f"{json.dumps(kind)} {named[after]}")
        rules.append(
            f"{named[left]} ::= ({char})* ({' | '.join(ways)})" if ways else f"{named[left]} ::= ({char})*"
        )
    return rules


# ---------------------------------------------------------------- reading


def _read(reply: ChatReply, ids: Sequence[str]) -> list[str]:
    """The texts of a reply, in the order asked."""
    if reply.finish_reason == "length":
        raise _ReplyError("The reply was cut off before its end: be brief.")
    entries = _entries(reply.text)
    came = [entry.get("id") if isinstance(entry, dict) else None for entry in entries]
    if came != list(ids):
        raise _ReplyError(f"The reply must hold the ids {', '.join(ids)}, once each and in this order.")
    return [entry.get("text") if isinstance(entry.get("text"), str) else "" for entry in entries]


def _entries(text: str) -> list[Any]:
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    decoder = json.JSONDecoder()
    # The object may stand in a fence or after some talk.
    for match in re.finditer(r"[{\[]", text):
        try:
            found, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        entries = found.get("passages") if isinstance(found, dict) else found
        if isinstance(entries, list) and entries and all(isinstance(e, dict) for e in entries):
            return entries
    raise _ReplyError("The reply was not the JSON object that was asked for.")


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
