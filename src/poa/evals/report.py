"""The report of one or more runs: one page that needs nothing from outside, or its figures as a file."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.evals.chart import Chart, cost_chart
from poa.evals.contestant import Call
from poa.evals.log import read_samples
from poa.evals.metrics import METRICS
from poa.evals.scoring import raw_replies
from poa.evals.summary import RunSummary, summarize
from poa.evals.tables import csv_text, difference_rows, figure_rows, judge_lines, summary_lines

__all__ = ["word_diff", "write_report"]

# A page of more drafts than this opens slowly; the log holds them all.
_MOST_CASES = 120


@dataclass(frozen=True)
class _Words:
    """A contestant's words for one passage, against the skeleton's, and what was said of them."""

    contestant: str
    source: str
    diff: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]
    refused_words: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """One passage of one case, by all contestants."""

    id: str
    skeleton: str
    words: tuple[_Words, ...]
    differs: bool
    fails: bool


@dataclass(frozen=True)
class _CaseView:
    name: str
    repeat: int
    rows: tuple[_Row, ...]
    letters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _RunView:
    summary: RunSummary
    figures: Sequence[Sequence[str]]
    differences: Sequence[Sequence[str]]
    chart: Chart | None
    codes: Sequence[tuple[str, Sequence[int]]]
    most_codes: int
    judges: Sequence[str]
    cases: Sequence[_CaseView]
    left_out: int


def write_report(folders: Sequence[Path], out: Path) -> None:
    """Writes the report as the file's name says: .html, .md, .csv or .json; `InputError` for any other."""
    summaries = [summarize(folder) for folder in folders]
    if out.suffix == ".html":
        text = _page(folders, summaries)
    elif out.suffix == ".md":
        text = "\n\n".join("\n".join(summary_lines(summary)) for summary in summaries) + "\n"
    elif out.suffix == ".csv":
        text = csv_text(summaries)
    elif out.suffix == ".json":
        text = json.dumps([summary.as_json() for summary in summaries], ensure_ascii=False, indent=1) + "\n"
    else:
        raise InputError(f"{out}: a report is an .html, .md, .csv or .json file.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(
            f"{out}: the report cannot be written ({error.strerror}): name another file."
        ) from error


def word_diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The texts in one, as (`same`, `gone` or `new`, words), word by word."""
    old, new = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    parts: list[tuple[str, str]] = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            parts.append(("gone", "".join(old[a:b])))
        if c < d:
            parts.append(("new", "".join(new[c:d])))
    return tuple(parts)


def _page(folders: Sequence[Path], summaries: Sequence[RunSummary]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    views = [_view(folder, summary) for folder, summary in zip(folders, summaries, strict=True)]
    return environment.get_template("report.html.jinja").render(runs=views, metrics=METRICS)


def _view(folder: Path, summary: RunSummary) -> _RunView:
    names = [s.name for s in summary.standings if s.model != "skeleton"]
    grouped: dict[tuple[str, int], dict[str, Mapping[str, Any]]] = {}
    left_out = 0
    for sample in read_samples(folder):
        key = (sample["case"], sample["repeat"])
        if sample["contestant"] not in names:
            continue
        if key not in grouped and len(grouped) >= _MOST_CASES:
            left_out += 1
            continue
        grouped.setdefault(key, {})[sample["contestant"]] = sample
    codes = sorted({code for s in summary.standings for code in s.codes})
    counts = [(code, [s.codes.get(code, 0) for s in summary.standings]) for code in codes]
    return _RunView(
        summary,
        figure_rows(summary.standings),
        difference_rows(summary),
        cost_chart(summary),
        counts,
        max((count for _, row in counts for count in row), default=1),
        [line.removeprefix("- ") for line in judge_lines(summary) if line.startswith("- ")],
        [_case_view(case, repeat, found, names) for (case, repeat), found in sorted(grouped.items())],
        left_out,
    )


def _case_view(
    case: str, repeat: int, found: Mapping[str, Mapping[str, Any]], names: Sequence[str]
) -> _CaseView:
    written = {
        name: raw_replies(
            [Call.from_json(call) for call in sample["calls"]],
            "passages" if "raw_items" in sample["scores"] or "passes" in sample["scores"] else "sentences",
        ).written
        for name, sample in found.items()
    }
    passages: dict[str, str] = {}
    for sample in found.values():
        for passage in sample["passages"]:
            passages.setdefault(passage["id"], passage["skeleton"])
    rows = []
    for identity, skeleton in passages.items():
        words = tuple(
            _words(name, found[name], identity, skeleton, written[name].get(identity, ""))
            for name in names
            if name in found
        )
        rows.append(
            _Row(
                identity,
                skeleton,
                words,
                len({w.diff for w in words}) > 1,
                any(w.refused or w.found for w in words),
            )
        )
    letters = tuple((name, found[name]["letter"]) for name in names if name in found)
    return _CaseView(case, repeat + 1, tuple(rows), letters)


def _words(name: str, sample: Mapping[str, Any], identity: str, skeleton: str, written: str) -> _Words:
    passage = next((p for p in sample["passages"] if p["id"] == identity), None)
    if passage is None:
        return _Words(name, "missing", (), (), "", ())
    found = tuple(f"{f['code']}: {f['message']}" for f in sample["findings"] if f.get("item") == identity)
    refused = tuple(passage["refused"])
    return _Words(
        name,
        passage["source"],
        word_diff(skeleton, passage["text"]),
        refused,
        written if refused else "",
        found,
    )
