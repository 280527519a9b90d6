"""Whether an English text says what a Chinese one says: deterministic, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from poa.rewrite.checks import CHECKS, RewriteFinding
from poa.rewrite.lexicon import Lexicon, load_lexicon
from poa.rewrite.reading import read

__all__ = ["RewriteReport", "check_rewrite"]


@dataclass(frozen=True)
class RewriteReport:
    """The findings on one rewriting; `ok` when none is an error."""

    findings: tuple[RewriteFinding, ...]

    @property
    def ok(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The fields of `poa check-rewrite --json`."""
        return {
            "ok": self.ok,
            "findings": [
                {
                    "code": f.code,
                    "severity": f.severity,
                    "message": f.message,
                    "message_zh": f.message_zh,
                    "start": f.start,
                    "end": f.end,
                    "zh_start": f.zh_start,
                    "zh_end": f.zh_end,
                }
                for f in self.findings
            ],
        }


# Rules that are as often wrong about an honest rewriting in words of its own as they are right about a false one, by
# what rewritings of writers nobody had read showed. What they find is shown as a warning; a model's English, which can
# be asked for again, fails by it.
_DOUBTFUL = frozenset({"swapped", "doer", "places_party"})


def check_rewrite(
    zh: str, en: str, *, names: Sequence[str] = (), lexicon: Lexicon | None = None, strict: bool = False
) -> RewriteReport:
    """The findings on an English rewriting of a Chinese text; `strict` takes every doubt for an error.

    `names` are names the user allows anywhere; `lexicon` is the shipped one with the user's own terms.
    """
    reading = read(zh, en, lexicon or load_lexicon(), tuple(names))
    if not reading.en_clauses:
        return RewriteReport(
            (
                RewriteFinding(
                    "dropped_content", "The English is empty.", "英文是空的。", zh_start=0, zh_end=len(zh)
                ),
            )
        )
    findings = [finding for check in CHECKS for finding in check(reading)]
    if not strict:
        findings = [replace(f, severity="warning") if f.rule in _DOUBTFUL else f for f in findings]
    findings.sort(key=lambda f: (f.start is None, f.start or 0, f.zh_start or 0))
    return RewriteReport(tuple(findings))
