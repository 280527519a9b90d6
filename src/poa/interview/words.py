"""The interview's words: what it says, which answers are commands, and the facts file's rules in Chinese."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

from poa.lined_yaml import read_yaml
from poa.policy import QuestionSpec

__all__ = [
    "Command",
    "command_in",
    "data",
    "example_of",
    "is_todo",
    "own_questions",
    "plain",
    "rule_in",
    "say",
    "todo",
    "todo_state",
    "yes_or_no",
]

Command = Literal["unknown", "none", "later", "back", "quit", "help"]
_COMMANDS: tuple[Command, ...] = ("unknown", "none", "later", "back", "quit", "help")


@cache
def data(name: str) -> Any:
    """One of the data files beside this module, as plain dicts and lists of text."""
    return read_yaml(Path(__file__).with_name(f"{name}.yaml")).data


@cache
def own_questions() -> dict[str, QuestionSpec]:
    """The interview's own questions by path, for fields that a pack does not ask about."""
    specs = [QuestionSpec.model_validate(entry) for entry in data("questions")["questions"]]
    return {spec.path: spec for spec in specs}


def say(name: str, lang: str, **words: object) -> str:
    """One of the interview's sentences in a language, filled in."""
    text: str = data("words")["say"][name][lang]
    return text.format(**words) if words else text


def example_of(path: str, example: str, lang: str) -> str:
    """A question's example in the language of the interview; the pack's own where there is no other."""
    if lang == "en":
        return example
    return str(data("questions")["examples_zh"].get(re.sub(r"\[\d+\]", "[]", path), example))


def plain(text: str) -> str:
    """A text in the half-width forms that figures and IDs are compared in."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _bare(text: str) -> str:
    return plain(text).lower().rstrip(".。!！").strip()


def command_in(text: str) -> Command | None:
    """The command that a whole answer is, in English or Chinese, or None."""
    bare = _bare(text)
    return next((name for name in _COMMANDS if bare in data("words")["commands"][name]), None)


def yes_or_no(text: str) -> bool | None:
    """What an answer to a yes-or-no question means; None when it is neither."""
    bare = _bare(text)
    commands = data("words")["commands"]
    return True if bare in commands["yes"] else False if bare in commands["no"] else None


def todo(state: Literal["unknown", "later"], lang: str) -> str:
    """What stands in the facts file for a value that is unknown or put off."""
    text: str = data("words")["todo"][state][lang]
    return text


def is_todo(value: object) -> bool:
    """Whether a value of the facts file only says that it is to be filled in."""
    return isinstance(value, str) and re.match(r"TODO\b", value.strip()) is not None


def todo_state(value: object) -> Literal["unknown", "later"]:
    """Whether such a value was said to be unknown; anything else is asked again."""
    said = str(value).strip()
    return "unknown" if said in data("words")["todo"]["unknown"].values() else "later"


def rule_in(rule: str, lang: str) -> str:
    """A rule of the facts file as the interview says it."""
    if lang == "en":
        return rule
    for pattern, words in _rules():
        match = pattern.fullmatch(rule)
        if match:
            return words.format(**match.groupdict())
    return rule


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for entry in data("words")["rules"]:
        pattern = re.escape(entry["en"])
        for slot in "ab":
            pattern = pattern.replace(rf"\{{{slot}\}}", f"(?P<{slot}>.+)", 1)
        found.append((re.compile(pattern), entry["zh"]))
    return tuple(found)
