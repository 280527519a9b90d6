"""How much of a letter a model really polishes: per case and in total.

    python evals/polish_rate.py --model local ../shared/cases/d*

Counts the passages that were given to the model, and of these the ones that stand in the checked letter in
other words than the skeleton's. Passages of fixed wording (signature, attachments) are not given to a model.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from poa.checks import CheckReport, check_outline
from poa.draft import Draft, Judge, adraft_letter
from poa.errors import PoaError
from poa.facts import Case, load_case
from poa.letter import Letter
from poa.models import open_model
from poa.models.base import ChatModel, ChatReply, ChatRequest, request_key
from poa.outline import build_outline
from poa.skeleton import build_skeleton


def main() -> int:
    """Prints a line per case, a line in total, and with --verbose each passage that stayed as it was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="+", type=Path, help="facts files, or folders with a facts.yaml")
    parser.add_argument("--model", default="local")
    parser.add_argument("--base-url")
    parser.add_argument(
        "--verbose", action="store_true", help="show each passage that kept its words, and why"
    )
    parser.add_argument("--json", type=Path, help="also write the figures and all texts to this file")
    parser.add_argument(
        "--kept", type=Path, help="a file of replies: what an earlier run was answered is not asked for again"
    )
    parser.add_argument(
        "--beside-skeleton",
        action="store_true",
        help="overlook what the check also finds in the skeleton (while checks are being worked on)",
    )
    options = parser.parse_args()
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    choice = open_model(options.model, options.base_url)
    print(choice, file=sys.stderr)
    rows, drafts = [], []
    model = _Timed(choice.model, options.kept) if choice.model is not None else None
    try:
        for path in options.cases:
            before = model.spent if model is not None else (0.0, 0.0)
            try:
                case = load_case(path)
                judge = _beside_skeleton(case) if options.beside_skeleton else None
                draft = await adraft_letter(case, model, judge=judge)
            except PoaError as error:
                print(f"{path}: {error}", file=sys.stderr)
                continue
            after = model.spent if model is not None else (0.0, 0.0)
            passages = [p for section in draft.sections for p in section.passages]
            sources = collections.Counter(p.source for p in passages if p.reworded)
            row = {
                "case": path.parent.name if path.is_file() else path.name,
                "passages": len(passages),
                "polished": sources["polished"],
                "repaired": sources["repaired"],
                "unchanged": sum(p.source != "skeleton" and not p.reworded for p in passages),
                "skeleton": sum(p.source == "skeleton" for p in passages),
                "prompt_tokens": sum(s.prompt_tokens for s in draft.sections),
                "completion_tokens": sum(s.completion_tokens for s in draft.sections),
                "seconds": round(after[0] - before[0], 1),
                "cpu_seconds": round(after[1] - before[1], 1),
                "passes": draft.report.ok,
            }
            rows.append(row)
            drafts.append({**row, "texts": _texts(draft)})
            print(_line(row), flush=True)
            if options.verbose:
                _show(draft)
    finally:
        if model is not None:
            await model.aclose()
    if not rows:
        return 1
    counts = [key for key in rows[0] if key not in ("case", "seconds", "cpu_seconds", "passes")]
    total = {key: sum(row[key] for row in rows) for key in counts}
    total |= {key: round(sum(row[key] for row in rows) / len(rows), 1) for key in ("seconds", "cpu_seconds")}
    total |= {
        "case": "total",
        "passes": all(row["passes"] for row in rows),
    }
    print(_line(total) + " (seconds: mean a letter)")
    if options.json:
        options.json.write_text(json.dumps({"total": total, "cases": drafts}, ensure_ascii=False, indent=1))
    return 0


class _Timed:
    """The model, with the seconds and processor seconds of its answers added up, and kept beside them."""

    def __init__(self, model: ChatModel, kept: Path | None) -> None:
        self._model, self._kept = model, kept
        self.name, self.identity = model.name, model.identity
        self.concurrency, self.on_this_machine = model.concurrency, model.on_this_machine
        self.spent = (0.0, 0.0)
        lines = kept.read_text(encoding="utf-8").splitlines() if kept is not None and kept.exists() else []
        self._replies = {entry["key"]: entry for entry in map(json.loads, lines)}

    async def reply(self, request: ChatRequest) -> ChatReply:
        key = request_key(self.identity, request)
        if key not in self._replies:
            began = time.process_time()
            reply = await self._model.reply(request)
            entry = {"key": key, "cpu_s": time.process_time() - began, "reply": asdict(reply)}
            self._replies[key] = entry
            if self._kept is not None:
                with self._kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        entry = self._replies[key]
        self.spent = (self.spent[0] + entry["reply"]["seconds"], self.spent[1] + entry["cpu_s"])
        return ChatReply(**entry["reply"])

    async def aclose(self) -> None:
        await self._model.aclose()


def _beside_skeleton(case: Case) -> Judge:
    """The check, without what it also finds in the case's skeleton."""
    outline = build_outline(case)

    def judge(letter: Letter) -> CheckReport:
        report = check_outline(outline, letter.text)
        return replace(
            report, findings=tuple(f for f in report.findings if (f.code, f.message) not in overlooked)
        )

    overlooked: set[tuple[str, str]] = set()
    overlooked |= {(f.code, f.message) for f in judge(build_skeleton(case)).findings}
    return judge


def _line(row: dict[str, object]) -> str:
    reworded = int(row["polished"]) + int(row["repaired"])  # type: ignore[call-overload]
    share = reworded / max(int(row["passages"]), 1)  # type: ignore[call-overload]
    return (
        f"{row['case']}: {share:.0%} of {row['passages']} passages reworded and passing"
        f" ({row['polished']} polished, {row['repaired']} repaired, {row['unchanged']} unchanged,"
        f" {row['skeleton']} skeleton); {row['prompt_tokens']}+{row['completion_tokens']} tokens;"
        f" {row['seconds']} s ({row['cpu_seconds']} s of processor); letter {'passes' if row['passes'] else 'FAILS'}"
    )


def _texts(draft: Draft) -> list[dict[str, object]]:
    return [
        {
            "section": s.id,
            "id": p.id,
            "source": p.source,
            "text": p.text,
            "skeleton": p.skeleton,
            "refused": p.refused,
        }
        for s in draft.sections
        for p in s.passages
    ]


def _show(draft: Draft) -> None:
    for section in draft.sections:
        if section.error:
            print(f"    {section.id}: {section.error}")
        for passage in section.passages:
            if not passage.reworded:
                why = " | ".join(passage.refused) or "the model changed nothing"
                print(f"    {section.id}/{passage.id} ({passage.source}): {passage.text}\n        {why}")
            else:
                print(f"  + {section.id}/{passage.id} ({passage.source}): {passage.text}")


if __name__ == "__main__":
    sys.exit(main())
