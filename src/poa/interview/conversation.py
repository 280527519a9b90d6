"""Holds the interview with a person, or with lines from a file: shows each question, takes the answer, saves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from poa.errors import InputError
from poa.interview.answers import Refused, answered, none_taken, put_off, said_unknown
from poa.interview.asks import Ask, Progress, asks
from poa.interview.words import command_in, example_of, say, yes_or_no

__all__ = ["Console", "Left", "converse"]


class Left(Exception):  # noqa: N818 - the person leaves; nothing has gone wrong
    """The interview was left before its end; everything answered is saved."""


class Console(Protocol):
    """Where the interview is held. `interactive` is False where nobody can correct an answer."""

    interactive: bool
    line: int

    def say(self, text: str) -> None:
        """Shows a text."""

    def ask(self, prompt: str) -> str:
        """The next line typed; raises `EOFError` at the end of the input."""


@dataclass(frozen=True)
class _Taken:
    progress: Progress
    shown: str


def converse(progress: Progress, console: Console, save: Callable[[Progress], Progress]) -> Progress:
    """The progress after every open question was answered or put off; raises `Left` when the person leaves.

    `save` is called after each answer, and may add to the progress what follows from it.
    """
    before: list[Progress] = []
    while (ask := next(asks(progress), None)) is not None:
        _show(ask, progress, console)
        taken = _answer(ask, progress, console)
        if taken is None:
            if before:
                progress = save(before.pop())
            else:
                console.say(say("nothing_before", progress.lang))
            continue
        if taken.shown:
            console.say(taken.shown)
        before.append(progress)
        progress = save(taken.progress)
    return progress


def _answer(ask: Ask, progress: Progress, console: Console) -> _Taken | None:
    """The progress with the answer taken; None when the person wants the last question again."""
    lang = progress.lang
    while True:
        text = _line(console)
        command = command_in(text)
        if command == "quit":
            raise Left
        if command == "back":
            return None
        if command == "help":
            console.say(say("help", lang))
            continue
        try:
            return _take(ask, progress, text, command, console)
        except Refused as refused:
            if not console.interactive:
                raise InputError(
                    f"answer line {console.line}: {ask.path}: {text.strip()!r} cannot be taken: {refused} "
                    "Everything before it is saved; correct this line and give the answers from here on."
                ) from None
            console.say(say("refused", lang, rule=refused))


def _take(ask: Ask, progress: Progress, text: str, command: str | None, console: Console) -> _Taken:
    lang = progress.lang
    if not text.strip() and not ask.required and ask.kind in ("value", "list", "choice", "choices"):
        if ask.none == "leave" and not ask.entry:
            return _Taken(none_taken(progress, ask)[0], "")
        return _Taken(put_off(progress, ask), say("noted_later", lang))
    if not text.strip() and not console.interactive:
        return _Taken(put_off(progress, ask), say("noted_later", lang))
    if command == "unknown":
        return _Taken(said_unknown(progress, ask), say("noted_unknown", lang))
    if command == "later":
        return _Taken(put_off(progress, ask), say("noted_later", lang))
    if command == "none" or (ask.kind == "have" and yes_or_no(text) is False):
        after = none_taken(progress, ask)[0]
        if (
            ask.none == "state"
            and ask.kind != "more"
            and not ask.so_far
            and not _confirmed(ask, lang, console)
        ):
            raise Refused(say("not_confirmed", lang))
        return _Taken(after, say("noted_none", lang))
    after, shown = answered(progress, ask, text)
    # The value is shown as it now stands wherever it is not what was typed.
    return _Taken(after, say("taken", lang, value=shown) if shown and shown != text.strip() else "")


def _confirmed(ask: Ask, lang: str, console: Console) -> bool:
    if ask.stated is not None:
        console.say(say("confirm_none", lang, sentence=ask.stated.say(lang)))
    else:
        label = ask.title.say(lang) if ask.title else ask.path
        console.say(say("confirm_none_plain", lang, label=label))
    while (said := yes_or_no(_line(console))) is None:
        if not console.interactive:
            raise InputError(f"answer line {console.line}: {ask.path}: {say('needs_yes_or_no', lang)}")
        console.say(say("needs_yes_or_no", lang))
    return said


def _line(console: Console) -> str:
    try:
        return console.ask("> ")
    except EOFError:
        raise Left from None


def _asked(ask: Ask, lang: str) -> str:
    """The question itself; how "none" is written in the file is no matter of the interview."""
    return re.sub(r"\s*(?:Write \[\][^.]*\.|没有请写 ?\[\]。?)", "", ask.question.say(lang))


def _show(ask: Ask, progress: Progress, console: Console) -> None:
    lang = progress.lang
    lines = [""]
    if ask.kind == "more":
        label = ask.title.say(lang) if ask.title else ask.path
        console.say("\n".join([*lines, say("more", lang, label=label, n=ask.so_far)]))
        return
    pending = [pending.path for pending in asks(progress)]
    # What a route will ask is not known before it is chosen.
    marks = say("progress_least" if "route" in pending else "progress", lang, n=len(pending))
    colon = "：" if lang == "zh" else ": "
    if ask.intro is not None:
        lines += [f"{marks} {ask.intro.say(lang)}", ""]
        marks = " "
    title = f"{ask.title.say(lang)}{colon}" if ask.title else ""
    optional = not ask.required and ask.kind != "have"
    extra = say("optional", lang) if optional else ""
    lines.append(f"{marks} {title}{_asked(ask, lang)}{extra}")
    lines.append(f"  {say('why', lang, why=ask.why.say(lang))}")
    lines += [f"  {say('demanded', lang, demand=demand)}" for demand in ask.demands]
    example = example_of(ask.path, ask.example, lang)
    if example and ask.kind != "have" and not example.startswith(("- {", "[")):
        lines.append(f"  {say('example', lang, example=example)}")
    if ask.options:
        head = (
            "choose_several"
            if ask.kind == "choices"
            else "choose_one"
            if ask.value_kind in ("route", "option")
            else "choose"
        )
        lines.append(f"  {say(head, lang)}")
        lines += [f"  {n:>2}  {option.label.say(lang)}" for n, option in enumerate(ask.options, 1)]
    if ask.suggested:
        name = "same_day" if ask.path.endswith(".to") else "suggested"
        lines.append(f"  {say(name, lang, values=', '.join(ask.suggested))}")
    if ask.kind == "have":
        label = ask.title.say(lang) if ask.title else ask.path
        lines.append(f"  {say('have', lang, label=label)}")
    console.say("\n".join(lines))
