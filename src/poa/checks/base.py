"""What a check is, what it finds, and the report a person or a program reads.

A check is one class with `codes` and `run`; `CHECKS` in this package lists them. It sees the letter and the
outline only through `Context`, changes nothing, and yields findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

from poa.checks.lexicon import stem
from poa.checks.matching import Matching
from poa.checks.needs import Needs
from poa.checks.reading import Reading, Sentence

__all__ = ["Check", "CheckReport", "Context", "Finding", "ItemResult", "Severity", "Status", "finding"]

Severity = Literal["error", "warning"]
Status = Literal["kept", "missing", "altered", "weakened"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a letter. `start`/`end` are offsets into it; a missing item has none.

    `item` is the id of the item concerned, None where no item is; `fact` is what the facts say there.
    """

    code: str
    severity: Severity
    item: str | None
    message: str
    message_zh: str
    start: int | None = None
    end: int | None = None
    fact: str = ""
    rule: str = ""  # which rule of the check found it: what its worth is measured by

    def as_json(self) -> dict[str, Any]:
        """The finding as the command line prints it."""
        shown: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "item": self.item,
            "message": self.message,
            "message_zh": self.message_zh,
        }
        if self.start is not None:
            shown |= {"start": self.start, "end": self.end}
        if self.fact:
            shown["fact"] = self.fact
        return shown


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one required item, and where in the letter it stands."""

    id: str
    kind: str
    required: bool
    status: Status
    where: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The item as the command line prints it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "required": self.required,
            "status": self.status,
            "where": [{"start": start, "end": end} for start, end in self.where],
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The verdict on a letter: `ok` is false exactly when a finding has severity `error`."""

    items: tuple[ItemResult, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the letter says what the facts say, all of it and nothing else."""
        return not any(found.severity == "error" for found in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The report in the shape that the command line promises."""
        return {
            "ok": self.ok,
            "items": [item.as_json() for item in self.items],
            "findings": [found.as_json() for found in self.findings],
        }


_MYSELF = frozenset({"i", "me", "my", "myself"})


@dataclass(frozen=True, slots=True)
class Context:
    """One letter held against one outline: what every check is given."""

    matching: Matching
    roles: tuple[frozenset[str], ...] = field(default=())  # per sentence: what it does, beside its items
    reading: Reading = field(init=False)  # the letter, read
    needs: Needs = field(init=False)  # the outline, in the checks' terms
    _prose: tuple[tuple[int, Sentence], ...] = field(init=False)

    def __post_init__(self) -> None:
        # Checks ask for them some ten thousand times a letter.
        object.__setattr__(self, "reading", self.matching.reading)
        object.__setattr__(self, "needs", self.matching.needs)
        numbered = enumerate(self.reading.sentences)
        prose = tuple((n, s) for n, s in numbered if s.kind in ("prose", "entry"))
        object.__setattr__(self, "_prose", prose)

    def is_who_signs(self, role: Iterable[str], sentences: Iterable[int]) -> bool:
        """Whether "I" stands in one of the sentences and the one who signs bears a title with a word of the role."""
        signed = self.needs.by_id.get("signature")
        title = signed.item.detail("contact_title") if signed else None
        titled = {stem(word) for word in (title or "").split()}
        return not titled.isdisjoint(stem(word) for word in role) and any(
            not _MYSELF.isdisjoint(self.reading.sentences[n].body.lowered) for n in sentences
        )

    def prose(self) -> Iterable[tuple[int, Sentence]]:
        """The sentences and list entries, with their numbers; headings, greeting and signature left out."""
        return self._prose


class Check(Protocol):
    """One family of faults."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes its findings carry."""
        ...

    def run(self, context: Context) -> Iterable[Finding]:
        """Every fault of this family in the letter."""
        ...


@cache
def _messages() -> dict[str, tuple[str, str]]:
    path = Path(__file__).resolve().parent / "data" / "messages.tsv"
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    return {key: (english, chinese) for key, english, chinese in rows}


def finding(
    code: str,
    message: str,
    item: str | None = None,
    at: tuple[int, int] | None = None,
    fact: str = "",
    severity: Severity = "error",
    rule: str = "",
    **words: str,
) -> Finding:
    """A finding with its message in English and Chinese; `message` names the sentence in messages.tsv."""
    english, chinese = _messages()[message]
    fill = {"fact": fact, **words}
    return Finding(
        code,
        severity,
        item,
        english.format_map(fill),
        chinese.format_map(fill),
        at[0] if at else None,
        at[1] if at else None,
        fact,
        rule or message,
    )
