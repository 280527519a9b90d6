"""`poa new`: an interview that ends with a facts file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from poa.interview import Opening, Progress

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("new", help=_HELP)(_new)


_HELP = """Asks for what the letter needs and writes it into DIR/facts.yaml; run again to go on.

Made from the notification's kind of violation: only what is still open is asked, with the reason why Amazon asks it.
Answers are saved one by one. `unknown` (不知道), `none` (没有) and `later` (以后再填) are answers of their own.
Without a terminal the answers are read line by line from standard input, or with --answers from a file of paths.

\b
Example:
  poa new case1 --notice notice.txt --lang zh
  poa new case1 --notice notice.txt --story story.txt --model local
  poa new case1 --answers answers.yaml --json
"""


def _new(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of the case; made when missing.")
    ],
    notice: Annotated[
        Path | None,
        typer.Option("--notice", metavar="FILE", help="The pasted notification; copied into DIR."),
    ] = None,
    story: Annotated[
        Path | None,
        typer.Option(
            "--story", metavar="FILE", help="What happened, told freely: the interview starts from it."
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", help="Answers by path, YAML or JSON; nothing else is asked."
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="zh|en", help="The language of the interview and of the facts."),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option("--pack", metavar="NAME", help="The policy pack, instead of the notification's own."),
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="DATE", help="The day the notification arrived.")
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model", metavar="SPEC", help="Who sorts the story: skeleton (no model), local, MODEL."
        ),
    ] = "skeleton",
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="Address of an OpenAI-compatible endpoint, ending in /v1."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask also what was answered with unknown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    from poa.errors import InputError
    from poa.interview import open_interview, outcome, outcome_text

    if lang not in (None, "zh", "en"):
        raise InputError(f"--lang {lang}: the interview is held in zh or en.")
    spoken = lang or _language_here(directory)
    opening = open_interview(directory, spoken, notice, pack, received, again)
    console = _console(as_json, answered=answers is not None)
    _announce(opening, console)
    told = _Told(story, model, base_url)
    if answers is not None:
        left = _take_answers(opening, answers, told)
    else:
        left = _interview(opening, console, told)
    if not (directory / "facts.yaml").is_file():
        raise typer.Exit(left)
    result = outcome(directory, spoken)
    if as_json:
        import json

        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(outcome_text(result, spoken))
    if left:
        raise typer.Exit(left)


def _language_here(directory: Path) -> str:
    """The language of an interview already begun, else that of the locale."""
    import locale
    import os

    from poa.interview.writing import read_state

    begun = read_state(directory).get("language")
    if begun in ("zh", "en"):
        return str(begun)
    set_to = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    # Windows sets none of these and names the language in words.
    name = set_to or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


# ---------------------------------------------------------------- the two ways to answer


def _take_answers(opening: Opening, file: Path, story: _Told) -> int:
    from poa.errors import FactsError, InputError
    from poa.interview import with_answers, with_demands, with_pack

    document = _read_answers(file)
    if opening.progress is None:
        name = document.data.get("pack") if isinstance(document.data, dict) else None
        if not isinstance(name, str):
            raise InputError(
                f"{file}: `pack` is not given; name the policy pack there, or give --pack or --notice."
            )
        opening = with_pack(opening, name)
    progress = opening.progress
    assert progress is not None
    progress = _with_story(progress, story)
    try:
        progress = with_answers(progress, document, str(opening.folder / "facts.yaml"))
    except FactsError as problem:
        raise InputError(str(problem)) from None
    _Saving(opening)(with_demands(progress, opening.notice))
    return 0


def _read_answers(file: Path) -> Any:
    from poa.errors import FactsError
    from poa.lined_yaml import UnreadableYaml, read_yaml

    try:
        return read_yaml(file)
    except UnreadableYaml as problem:
        raise FactsError(problem.faults) from None


def _interview(opening: Opening, console: Any, story: _Told) -> int:
    from poa.interview import Left, converse, with_pack
    from poa.interview.words import say
    from poa.policy import load_pack

    command = f"poa new {opening.folder}"
    try:
        if opening.progress is None:
            opening = with_pack(opening, _chosen_pack(opening.lang, console))
        progress = opening.progress
        assert progress is not None
        advice = load_pack(str(progress.data["pack"])).advice
        if advice is not None and not opening.resumed:
            console.say(f"\n! {advice.say(opening.lang)}")
        saving = _Saving(opening, console)
        progress = saving(_with_story(progress, story))
        converse(progress, console, saving)
    except (Left, EOFError):
        console.say("\n" + say("left", opening.lang, command=command))
    except KeyboardInterrupt:
        console.say("\n" + say("left", opening.lang, command=command))
        return 130
    return 0


def _chosen_pack(lang: str, console: Any) -> str:
    from poa.errors import InputError
    from poa.interview import Left
    from poa.interview.opening import other_packs
    from poa.interview.words import command_in, plain, say

    packs = other_packs()
    lines = [say("which_pack", lang), f"  {say('why', lang, why=say('which_pack_why', lang))}"]
    lines += [f"  {n:>2}  {pack.title.say(lang)}" for n, (_, pack) in enumerate(packs, 1)]
    console.say("\n".join(["", *lines]))
    while True:
        typed = plain(console.ask("> "))
        if command_in(typed) in ("quit", "later", "unknown"):
            raise Left
        if typed.isdecimal() and len(typed) < 4 and 1 <= int(typed) <= len(packs):
            return packs[int(typed) - 1][0]
        named = next((name for name, pack in packs if typed in (name, pack.title.en, pack.title.zh)), None)
        if named:
            return named
        rule = say("no_choice", lang, n=len(packs))
        if not console.interactive:
            raise InputError(f"answer line {console.line}: pack: {typed!r} cannot be taken: {rule}")
        console.say(say("refused", lang, rule=rule))


@dataclass(frozen=True)
class _Told:
    """The story to begin with, and who sorts it."""

    story: Path | None
    model: str
    base_url: str | None


def _with_story(progress: Progress, told: _Told) -> Progress:
    """The progress with what the story says in so many words; the rest stays to be asked."""
    if told.story is None:
        return progress
    from poa.cli.extract import story_facts
    from poa.interview.answers import with_found
    from poa.rewrite.source import read_text

    received = progress.value(("notice", "received"))
    found, questions = story_facts(
        read_text(told.story, "story"),
        told.model,
        told.base_url,
        received=received
        if isinstance(received, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", received)
        else None,
    )
    progress, _ = with_found(progress, found)
    for question in questions:
        said = question.zh if progress.lang == "zh" else question.en
        typer.echo(f"? “{question.text}”\n  {said}", err=True)
    return progress


class _Saving:
    """Writes the facts after each answer; a file that others have edited is kept beside it first."""

    def __init__(self, opening: Opening, console: Any = None) -> None:
        self._opening = opening
        self._console = console
        self._kept = not opening.edited
        self._route = opening.progress.data.get("route") if opening.progress else None

    def __call__(self, progress: Progress) -> Progress:
        from poa.interview import own_copy, save, with_demands
        from poa.interview.words import say

        if not self._kept:
            before = self._opening.progress
            if before is not None and before.data == progress.data:
                return progress
            copy = own_copy(self._opening.folder)
            self._kept = True
            if self._console is not None:
                self._console.say(say("kept_copy", progress.lang, file="facts.yaml", copy=copy))
        route = progress.data.get("route")
        if route != self._route:
            self._route = route
            progress = with_demands(progress, self._opening.notice)
        save(self._opening.folder, progress)
        return progress


def _announce(opening: Opening, console: Any) -> None:
    """What the notification is, and how far the interview has come."""
    from poa.interview import asks
    from poa.interview.words import say
    from poa.policy import list_packs, load_pack

    lang, notice, progress = opening.lang, opening.notice, opening.progress
    if progress is not None and notice is not None:
        pack = load_pack(str(progress.data["pack"]))
        console.say(say("about", lang, title=pack.title.say(lang), violation=notice.violation))
        if "unknown" in pack.answers:
            packs = ", ".join(name for name in list_packs() if name != pack.pack)
            console.say(say("generic", lang, violation=notice.violation, packs=packs))
        if len(notice.violations) > 1:
            console.say(say("several", lang, grounds=", ".join(notice.violations)))
        if notice.demands and not opening.resumed:
            console.say(say("demands", lang, n=len(notice.demands)))
            console.say("\n".join(f"  {n}. {text}" for n, text in enumerate(notice.demands, 1)))
        if not opening.resumed:
            console.say("\n".join(f"  ! {line}" for line in notice.advice(lang)))
    if progress is not None and opening.resumed:
        left = sum(1 for _ in asks(progress))
        console.say(say("resumed", lang, file=opening.folder / "facts.yaml", n=left))
    console.welcome(say("welcome", lang))


# ---------------------------------------------------------------- where the interview is held


def _console(as_json: bool, answered: bool) -> Any:
    import sys

    if answered:
        return _Quiet()
    return _Terminal(as_json) if sys.stdin.isatty() else _Lines(as_json)


class _Terminal:
    """A person at a terminal: lines are edited with the arrow keys, and wide characters erase as one."""

    interactive = True
    line = 0

    def __init__(self, aside: bool) -> None:
        import contextlib

        self._aside = aside
        with contextlib.suppress(ImportError):  # Windows edits lines by itself
            import readline

            # A pasted paragraph is one answer, not one answer for each of its lines.
            readline.parse_and_bind("set enable-bracketed-paste on")
            # The answers are private: nothing of them goes into a history.
            readline.set_auto_history(False)

    def welcome(self, text: str) -> None:
        """Explains the answers once at the beginning."""
        self.say(text)

    def say(self, text: str) -> None:
        """Shows a text; beside the JSON document where one is asked for."""
        typer.echo(_printable(text), err=self._aside)

    def ask(self, prompt: str) -> str:
        """The line that the person types."""
        self.line += 1
        return input(prompt)


class _Lines:
    """Lines from a pipe or a file: shown as they are read, so that the record can be read again."""

    interactive = False
    line = 0

    def __init__(self, aside: bool) -> None:
        self._aside = aside

    def welcome(self, text: str) -> None:
        """Nobody is there to be welcomed."""

    def say(self, text: str) -> None:
        """Shows a text on standard error, where progress belongs."""
        typer.echo(_printable(text), err=True)

    def ask(self, prompt: str) -> str:
        """The next line, in UTF-8 (or the console's GB18030)."""
        import sys

        raw = sys.stdin.buffer.readline()
        if not raw:
            raise EOFError
        self.line += 1
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030", "surrogateescape")
        text = text.rstrip("\r\n")
        self.say(f"{prompt}{text}")
        return text


class _Quiet(_Lines):
    """No conversation: only what must be said about the notification goes to standard error."""

    def __init__(self) -> None:
        super().__init__(True)


def _printable(text: str) -> str:
    """A text without what could steer a terminal: notifications and packs are untrusted."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
