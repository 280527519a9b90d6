"""`poa draft --previous DIR --refusal FILE`: what stands before and after the draft of a letter that was refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from poa.export.previous import AGAINST, against_of
from poa.export.review import write_review
from poa.export.sending import case_after
from poa.refusal import Difference, Refusal, asked_again, differences, read_refusal
from poa.runs import FinishedDraft, load_draft

if TYPE_CHECKING:
    from poa.draft import Draft
    from poa.facts import Case

__all__ = ["AfterRefusal"]


class AfterRefusal:
    """A refused letter and the refusal, either of which may be missing."""

    def __init__(self, previous: Path | None, refusal: Path | None) -> None:
        from poa.cli.checking import read_letter_file

        self._previous: FinishedDraft | None = load_draft(previous) if previous else None
        self._refusal: Refusal | None = read_refusal(read_letter_file(refusal)) if refusal else None

    def case(self, case: Case) -> Case:
        """The case, asked what the refusal asks."""
        return case_after(case, self._refusal.asks) if self._refusal else case

    def tell(self, draft: Draft, folder: Path) -> dict[str, Any]:
        """Writes against-previous.json into the draft's folder, tells it on standard error, and returns it."""
        found: list[Difference] = []
        if self._refusal:
            found += asked_again(self._refusal, self._previous, draft.outline, draft.skeleton)
        if self._previous:
            pack = draft.case.load_pack()
            found += differences(self._previous, draft.outline, draft.skeleton, pack)
        document: dict[str, Any] = {
            "asks": list(self._refusal.asks) if self._refusal else [],
            "final": bool(self._refusal and self._refusal.final),
            "contradictions": sum(difference.kind == "contradiction" for difference in found),
            "differences": [difference.as_json() for difference in found],
        }
        (folder / AGAINST).write_text(
            json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        # The page came with the draft, which knew nothing of the refused letter.
        page = write_review(draft, against_of(document))
        (folder / "review.html").write_text(page, encoding="utf-8", newline="\n")
        heads = {"contradiction": "CONTRADICTS", "gap": "STILL ASKED", "new": "new"}
        for difference in found:
            item = f" {difference.item}" if difference.item else ""
            typer.echo(f"  {heads[difference.kind]}{item}: {difference.message}", err=True)
            typer.echo(f"    {difference.message_zh}", err=True)
            if difference.code in ("dropped", "negated", "reversed_none", "reversed_some"):
                typer.echo(f"    before: {difference.before}", err=True)
            if difference.code in ("new", "new_admission", "negated", "reversed_none", "reversed_some"):
                typer.echo(f"    now: {difference.after}", err=True)
        return document
