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
_REPAIR_TEMPERATURE = 0.6
_SEED = 11
# Polished English is about as long as what it polishes; a reply twice that long is no polish.
_MOST_GROWTH = 2.0
# A model that writes on and on is stopped soon: each token of a small one takes a twentieth of a second.
_MOST_TOKENS_GROWTH = 1.3
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
    refused = [Note(passage.id, _CUT_OFF) for passage in passages[len(written) :]]
    for passage, sent, text in zip(passages, protected.texts, written, strict=False):
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
        max_tokens=round(count_tokens(asked).tokens * _MOST_TOKENS_GROWTH) + 80,
        # A repair with the first try's seed would write the first try's words.
        temperature=_REPAIR_TEMPERATURE if notes else _TEMPERATURE,
        seed=_SEED + 1 if notes else _SEED,
        timeout_s=timeout_s,
        grammar=_grammar([p.id for p in passages], protected.texts, new_openings=True),
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
    """The notes without values; placeholders that they name stay as they are."""
    pieces = [re.split(f"({PLACEHOLDER.pattern})", note.text.translate(_PLAIN_QUOTES)) for note in notes]
    masked = iter(protect([text for parts in pieces for text in parts[::2]], known, protected.table).texts)
    return tuple(
        Note(note.id, "".join(part if n % 2 else next(masked) for n, part in enumerate(parts)))
        for note, parts in zip(notes, pieces, strict=True)
    )


# What a finding quotes is a piece of the letter: as a quotation, all of it would become one placeholder.
_PLAIN_QUOTES = str.maketrans('“”"', "'" * 3)


def _grammar(ids: Sequence[str], texts: Sequence[str], new_openings: bool = False) -> str:
    """GBNF for exactly this reply: the ids in their order, and in each text each placeholder as often as sent.

    With `new_openings` no text may begin as it did: a small model that has written the first words anew goes on
    to write the sentence anew, and one that has not copies it.
    """
    characters = _characters(texts)
    # `s` is a character inside a sentence: all but a full stop, which may stand inside a figure (0.42).
    inner = "".join(f" | {json.dumps(part)}" for part in _inner_stops(texts))
    rules = [f"c ::= [.{characters}]", f"s ::= [{characters}]{inner}"]
    root: list[str] = []
    closing = json.dumps('"}')
    for n, (passage_id, text) in enumerate(zip(ids, texts, strict=True)):
        before = json.dumps(f'{{"id": {json.dumps(passage_id)}, "text": "')
        start = _opening(text) if new_openings else _Opening()
        root.append(f"{before} {start.rule} t{n} {closing}")
        rules += _text_rules(f"t{n}", text, start)
    first, comma, last = (json.dumps(part) for part in ('{"passages": [', ", ", "]}"))
    return "\n".join([f"root ::= {first} {f' {comma} '.join(root)} {last}", *rules]) + "\n"


@dataclass(frozen=True)
class _Opening:
    """How a text must begin: a GBNF rule, the placeholders that stand in it, and a date that must follow.

    `dates` are the ways to say the date ("on <DATE_1>"), with its placeholders in `dated`; one of them must
    stand in the first sentence, or the model forgets it and then writes on and on.
    """

    rule: str = '""'
    used: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()


# "On <DATE_1>, we ..." and "Our manager will see to it that, from <DATE_1>, ...".
_DATED_FIRST = re.compile(
    r"(?P<date>(?:On|From|Between|Since|In|Starting on|Beginning on) (?:<DATE_\d+> (?:and|to) )?<DATE_\d+>), "
    r"(?!after|before|while|when|because|since|as )(?P<rest>.+)",
    re.DOTALL,
)
_DATED_LATER = re.compile(r"(?P<who>We|Our [^,.;<]+?) will [^,.;<]+, (?P<date>from <DATE_\d+>),")
_OUR_ROLE = re.compile(r"our (?:[\w'-]+ ){1,5}?will ")


def _opening(text: str) -> _Opening:
    """Other first words than now.

    Where a day comes first, the one who acts does, and the other way round: told only to begin otherwise, a
    small model loses the one who acts, or adds the day where it makes no sense. Elsewhere any letter but the
    present one: held to another *word*, it glues the same word to the next ("Wesent").
    """
    dated = _DATED_FIRST.match(text)
    if dated is not None:
        rest, date = dated["rest"], dated["date"]
        acts = _OUR_ROLE.match(rest) or re.match(r"[A-Za-z][A-Za-z'-]* ", rest)
        if acts is not None:
            opening = acts[0][0].upper() + acts[0][1:]
            dates, days = _ways_to_say(date), tuple(PLACEHOLDER.findall(date))
            return _Opening(json.dumps(opening), (), dates, days)
    later = _DATED_LATER.match(text)
    if later is not None:
        who = later["who"][0].lower() + later["who"][1:]
        opening = f"F{later['date'][1:]}, {who} will "
        return _Opening(json.dumps(opening), tuple(PLACEHOLDER.findall(opening)))
    if text.startswith("We ask "):
        return _Opening('"We " ("respectfully" | "kindly" | "request" | "now ask")')
    if text.startswith("We "):
        return _Opening('("Our company " | "No ")')
    if re.match(r"(?:On|In) <DATE_\d+>", text) or not re.match(r"[A-Z]", text):
        return _Opening()
    return _Opening(f"[{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.replace(text[0], '')}]")


def _ways_to_say(date: str) -> tuple[str, ...]:
    """The phrase with a date at the head of a sentence, as it can stand inside one."""
    days = PLACEHOLDER.findall(date)
    if len(days) == 2:
        return f"between {days[0]} and {days[1]}", f"from {days[0]} to {days[1]}"
    if date.startswith("On"):
        return (f"on {days[0]}",)
    return (
        tuple(f"{word} {days[0]}" for word in _FROM)
        if date.startswith(_STARTS)
        else (date[0].lower() + date[1:],)
    )


_STARTS = ("From", "Starting", "Beginning")
_FROM = ("from", "starting on", "starting from", "starting", "beginning on", "as of")


def _characters(texts: Sequence[str]) -> str:
    """The characters a text may hold besides the full stop, as the inside of a GBNF class."""
    sent = "".join(PLACEHOLDER.sub("", text) for text in texts)
    # A quotation mark, a backslash or a bracket would end the JSON text or begin a placeholder.
    others = sorted(
        {c for c in sent if c.isprintable() and not re.match(r"[A-Za-z0-9 ,.;:?!()'/&%$+=@\\\"<>-]", c)}
    )
    escaped = "".join(f"\\x{ord(c):02X}" if ord(c) < 256 else f"\\U{ord(c):08X}" for c in others)
    return f"A-Za-z0-9 ,;:?!()'/&%$+=@{escaped}-"


def _inner_stops(texts: Sequence[str]) -> list[str]:
    """What follows a full stop that ends no sentence, with the stop: ".42" of "0.42"."""
    return sorted(
        {found for text in texts for found in re.findall(r"(?<=\w)\.[A-Za-z0-9.]*[A-Za-z0-9]", text)}
    )


def _text_rules(name: str, text: str, start: _Opening) -> list[str]:
    """Rules for one text: a state for each set of placeholders that are still to come.

    With many placeholders the sets are too many, and they keep the order in which they were sent.
    """
    left = Counter(PLACEHOLDER.findall(text)) - Counter([*start.used, *start.dated])
    sent = [p for n, p in enumerate(PLACEHOLDER.findall(text)) if n >= len(start.used) + len(start.dated)]
    char = 'c | "\\\\n"' if "\n" in text else "c"
    date = [" | ".join(json.dumps(way) for way in start.dates)] if start.dates else []
    states = 1
    for count in left.values():
        states *= count + 1
    if states > _MOST_ORDERS:
        chain = f" ({char})* ".join(json.dumps(p) for p in sent)
        first = f"(s)* ({date[0]}) " if date else ""
        return [f"{name} ::= {first}({char})* {chain} ({char})*"]
    kinds = [*(f"({way})" for way in date), *(json.dumps(kind) for kind in left)]
    full = (*(1 for _ in date), *left.values())
    rules: list[str] = []
    todo, named = [full], {full: name}
    while todo:
        state = todo.pop()
        ways = []
        for n, kind in enumerate(kinds):
            if state[n]:
                after = (*state[:n], state[n] - 1, *state[n + 1 :])
                if after not in named:
                    named[after] = f"{name}s{len(named)}"
                    todo.append(after)
                ways.append(f"{kind} {named[after]}")
        # While the date is to come, the first sentence cannot end.
        letters = "(s)*" if date and state[0] else f"({char})*"
        rules.append(
            f"{named[state]} ::= {letters} ({' | '.join(ways)})" if ways else f"{named[state]} ::= {letters}"
        )
    return rules


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
