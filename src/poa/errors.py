"""The errors a person can cause, and what each one means to the command line.

    PoaError                  exit status
    ├── InputError            2  unusable input or arguments
    │   ├── FactsError        2  every fault of a facts file, each with path, value and rule
    │   ├── PackError         2  a policy pack that does not hold together
    │   └── NoticeError       2  a notification that cannot be read
    ├── CheckFailed           1  the letter (or rewrite) fails its check
    └── ModelError            3  the model could not be reached, or refused

Each message is a finished sentence: what is wrong, where, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CheckFailed",
    "FactsError",
    "Fault",
    "InputError",
    "ModelError",
    "NoticeError",
    "PackError",
    "PoaError",
]


class PoaError(Exception):
    """Base of every error that a person can cause; `exit_status` is the command's exit status."""

    exit_status = 2


class InputError(PoaError):
    """Input or arguments that cannot be used."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where it stands, what stands there, and the rule it breaks."""

    file: str
    path: str
    value: str
    rule: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        shown = f" (found {self.value})" if self.value else ""
        return f"{place}: {self.path}: {self.rule}{shown}"


class FaultyFile(InputError):  # noqa: N818 - names what the file is, like its children
    """A file with one or more faults, all of them reported at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FactsError(FaultyFile):
    """A facts file that breaks its rules."""


class PackError(FaultyFile):
    """A policy pack that does not hold together."""


class NoticeError(InputError):
    """A notification that cannot be read."""


class CheckFailed(PoaError):  # noqa: N818 - says what happened, in the words of the house
    """The letter, or the rewriting, fails its check."""

    exit_status = 1


class ModelError(PoaError):
    """The model could not be reached, or refused."""

    exit_status = 3
