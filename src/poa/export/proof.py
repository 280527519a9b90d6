"""The proof of a letter: every demand, item, sentence, finding and piece of evidence, each tied to the others.

Made once from a fresh draft or from a finished folder; pages and comparisons show it and decide nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from poa.export.evidence import Evidence, evidence_of
from poa.export.previous import Against, read_against
from poa.export.sending import Sending, case_after, sending_of
from poa.export.wording import Change, carry, compare_words, likeness_of

if TYPE_CHECKING:
    from poa.checks import CheckReport, Finding
    from poa.draft import Draft, SectionRecord
    from poa.facts import Case
    from poa.letter import Letter
    from poa.outline import Outline, RequiredItem
    from poa.runs import FinishedDraft

__all__ = ["Block", "DemandProof", "ItemProof", "Proof", "Stretch", "prove_draft", "prove_folder"]

Span = tuple[int, int]
# Two sentences with fewer words in common are two sentences, not one that was edited.
_SAME_SENTENCE = 0.35


@dataclass(frozen=True)
class Run:
    """Letter text of one look: a value of some kind or none, inside these findings or none."""

    text: str
    value: str = ""
    findings: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Letter text that carries one item, or none; `first` where the item's text begins."""

    item: str
    runs: tuple[Run, ...]
    first: bool = False


@dataclass(frozen=True)
class Block:
    """One block of the letter: a heading, a list, or a paragraph, whose lines are runs of stretches.

    A `tight` one follows the block before it without an empty line, as a list does the sentence that leads into it.
    """

    kind: str
    lines: tuple[tuple[Stretch, ...], ...]
    tight: bool = False


@dataclass(frozen=True)
class ItemProof:
    """One required item: what the facts say, what the letter says, and how its words came about.

    `source` is `polished`, `repaired` or `skeleton`, and `edited` when a person changed the words since.
    """

    number: int
    item: RequiredItem
    status: str
    text: str
    skeleton: str
    chinese: str
    source: str
    changes: tuple[Change, ...]
    refused: tuple[str, ...]
    findings: tuple[int, ...]


@dataclass(frozen=True)
class DemandProof:
    """One thing the notification asks for, what it means in Chinese, and whether all of its answer is kept."""

    number: int
    text: str
    gist_zh: str
    items: tuple[str, ...]
    answered: bool


@dataclass(frozen=True)
class Proof:
    """All that a person needs to see before they sign."""

    case: Case
    outline: Outline
    report: CheckReport
    text: str
    skeleton: Letter
    blocks: tuple[Block, ...]
    items: tuple[ItemProof, ...]
    demands: tuple[DemandProof, ...]
    evidence: Evidence
    sending: Sending
    sections: tuple[SectionRecord, ...]
    titles: Mapping[str, tuple[str, str]]
    model: str
    cost_usd: float | None
    seconds: float
    created: dt.datetime
    failure: str | None
    edited: bool
    facts_changed: bool
    against: Against | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The check's findings; items and text name them by their place here."""
        return self.report.findings

    @property
    def errors(self) -> int:
        """How many findings forbid sending the letter."""
        return sum(found.severity == "error" for found in self.findings)

    @property
    def kept(self) -> int:
        """How many items stand whole in the letter."""
        return sum(item.status == "kept" for item in self.items)

    @property
    def unanswered(self) -> tuple[DemandProof, ...]:
        """The demands that the letter does not answer."""
        return tuple(demand for demand in self.demands if not demand.answered)


def prove_draft(draft: Draft, against: Against | None = None) -> Proof:
    """The proof of a letter that was just drafted; `against` where it answers a refused one."""
    return _prove(
        case=draft.case,
        outline=draft.outline,
        drafted=draft.letter,
        skeleton=draft.skeleton,
        text=draft.letter.text,
        report=draft.report,
        sections=draft.sections,
        model=draft.model,
        cost_usd=draft.cost_usd,
        seconds=draft.seconds,
        created=draft.created,
        failure=draft.failure,
        against=against,
    )


def prove_folder(finished: FinishedDraft) -> Proof:
    """The proof of the letter that stands in a draft's folder now, checked anew against the facts as they are."""
    from poa.checks import check_outline
    from poa.outline import build_outline

    case = finished.load_case()
    against = read_against(finished.folder)
    if against is not None and against.asks:
        case = case_after(case, against.asks)
    outline = build_outline(case)
    run = finished.run
    return _prove(
        case=case,
        outline=outline,
        drafted=finished.letter,
        skeleton=finished.skeleton,
        text=finished.text,
        report=check_outline(outline, finished.text),
        sections=_records(run),
        model=str(run["model"]),
        cost_usd=run["cost_usd"],
        seconds=float(run["seconds"]),
        created=dt.datetime.fromisoformat(run["created"]),
        failure=run["error"],
        edited=finished.edited,
        facts_changed=finished.facts_changed,
        against=against,
    )


def passage_spans(letter: Letter) -> dict[str, Span]:
    """Where each passage stands in the letter's own text."""
    text = letter.text
    spans: dict[str, Span] = {}
    at = 0
    for section in letter.sections:
        for passage in section.passages:
            start = text.find(passage.text, at) if passage.text else -1
            if start >= 0:
                at = start + len(passage.text)
                spans[passage.id] = (start, at)
    return spans


def places_of(drafted: Letter, text: str, found: Mapping[str, Sequence[Span]]) -> dict[str, Span]:
    """Where each passage of a drafted letter stands in an edited copy of it, or in another letter.

    `found` holds, for each item that the letter says at all, the sentences in which the check found it: the
    place of one that was rewritten so far that hardly a word of it is left.
    """
    spans = passage_spans(drafted)
    if text == drafted.text:
        return spans
    carried = carry(drafted.text, text)
    moved = {name: place for name, own in spans.items() if (place := carried.span(*own))}
    texts = {passage.id: passage.text for section in drafted.sections for passage in section.passages}
    places = {
        name: place
        for name, place in moved.items()
        if likeness_of(texts[name], text[place[0] : place[1]]) >= _SAME_SENTENCE
    }
    for name in (name for name in texts if name not in places):
        likest = _likest(texts[name], text, [s for s in found.get(name, ()) if not _meets(s, places)])
        if likest:
            places[name] = likest
        elif name in moved and name in found and not _meets(moved[name], places):
            # Rewritten from the first word to the last, where the old sentence stood.
            places[name] = moved[name]
    return places


def _likest(passage: str, text: str, spans: Sequence[Span]) -> Span | None:
    rated = [(likeness_of(passage, text[start:end]), (start, end)) for start, end in spans]
    best = max(rated, default=(0.0, (0, 0)))
    return best[1] if best[0] >= _SAME_SENTENCE / 2 else None


def _meets(span: Span, places: Mapping[str, Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places.values())


# ---------------------------------------------------------------- assembling


def _prove(
    case: Case,
    outline: Outline,
    drafted: Letter,
    skeleton: Letter,
    text: str,
    report: CheckReport,
    sections: tuple[SectionRecord, ...],
    model: str,
    cost_usd: float | None,
    seconds: float,
    created: dt.datetime,
    failure: str | None,
    edited: bool = False,
    facts_changed: bool = False,
    against: Against | None = None,
) -> Proof:
    from poa.skeleton import render_skeleton

    pack = case.load_pack()
    chinese = render_skeleton(outline, pack, "zh")
    results = {result.id: result for result in report.items}
    places = places_of(drafted, text, {r.id: r.where for r in report.items if r.status != "missing"})
    items = _items(outline, results, places, text, drafted, skeleton, chinese, sections, report.findings)
    kept = {item.item.id for item in items if item.status == "kept"}
    gists = {kind.id: kind.question.zh for kind in pack.demands}
    demands = tuple(
        DemandProof(
            n,
            demand.text,
            _gist(gists.get(demand.kind, "")),
            demand.answered_by,
            bool(demand.answered_by) and kept.issuperset(demand.answered_by),
        )
        for n, demand in enumerate(outline.demands, 1)
    )
    zh_titles = {section.id: section.title for section in chinese.sections}
    titles = {s.id: (s.title, zh_titles.get(s.id, s.title)) for s in drafted.sections}
    headings = [section.title for section in drafted.sections if section.title]
    return Proof(
        case=case,
        outline=outline,
        report=report,
        text=text,
        skeleton=skeleton,
        blocks=tuple(_blocks(text, places, report.findings, headings)),
        items=items,
        demands=demands,
        evidence=evidence_of(case),
        sending=sending_of(case),
        sections=sections,
        titles=titles,
        model=model,
        cost_usd=cost_usd,
        seconds=seconds,
        created=created,
        failure=failure,
        edited=edited,
        facts_changed=facts_changed,
        against=against,
    )


def _gist(question: str) -> str:
    """What a question of the facts file asks, without its hint how to write the answer down."""
    return "".join(re.findall(r"[^？。]*？", question)) or question


def _items(
    outline: Outline,
    results: Mapping[str, Any],
    places: Mapping[str, Span],
    text: str,
    drafted: Letter,
    skeleton: Letter,
    chinese: Letter,
    sections: Sequence[SectionRecord],
    findings: Sequence[Finding],
) -> tuple[ItemProof, ...]:
    records = {passage.id: passage for section in sections for passage in section.passages}
    faulty = {found.item for found in findings if found.severity == "error"}
    proofs = []
    for number, item in enumerate(outline.items, 1):
        start, end = places.get(item.id, (0, 0))
        now = text[start:end].strip()
        before = _passage(drafted, item.id)
        own = _passage(skeleton, item.id)
        record = records.get(item.id)
        source: str = record.source if record else "skeleton"
        if before and now != before.strip():
            source = "edited"
        result = results.get(item.id)
        proofs.append(
            ItemProof(
                number=number,
                item=item,
                # The page must not contradict its own verdict: nothing is lost that no error tells of.
                status=result.status if result and item.id in faulty else "kept",
                text=now,
                skeleton=own,
                chinese=_passage(chinese, item.id),
                source=source,
                changes=compare_words(own, now) if own and now and own != now else (),
                refused=record.refused if record else (),
                findings=tuple(n for n, found in enumerate(findings) if found.item == item.id),
            )
        )
    return tuple(proofs)


def _passage(letter: Letter, item_id: str) -> str:
    try:
        return letter.passage(item_id).text
    except KeyError:
        return ""


def _records(run: Mapping[str, Any]) -> tuple[SectionRecord, ...]:
    from poa.draft import PassageRecord, SectionRecord

    return tuple(
        SectionRecord(
            id=section["id"],
            source=section["source"],
            passages=tuple(
                PassageRecord(p["id"], p["source"], p["text"], p["skeleton"], tuple(p["refused"]))
                for p in section["passages"]
            ),
            attempts=section["attempts"],
            prompt_tokens=section.get("prompt_tokens", 0),
            completion_tokens=section.get("completion_tokens", 0),
            estimated=section.get("estimated", False),
            seconds=section.get("seconds", 0.0),
            error=section.get("error"),
        )
        for section in run["sections"]
        if section["polish"]
    )


# ---------------------------------------------------------------- the letter, cut where its look changes


def _blocks(
    text: str, places: Mapping[str, Span], findings: Sequence[Finding], headings: Sequence[str]
) -> Iterable[Block]:
    from poa.values import find_values

    owners = _without_overlap(places)
    values = [(value.start, value.end, value.kind) for value in find_values(text)]
    marked = [
        (f.start, f.end, n) for n, f in enumerate(findings) if f.start is not None and f.end is not None
    ]
    seen: set[str] = set()
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start = match.start()
        whole = match.group().strip()
        runs = groupby(match.group().rstrip().split("\n"), lambda line: line.startswith("- "))
        for n, (is_list, raw) in enumerate(runs):
            lines = []
            for line in raw:
                end = start + len(line)
                lines.append(_line(text, start + 2 * is_list, end, owners, values, marked, seen))
                start = end + 1
            kind = "list" if is_list else "heading" if _is_heading(whole, headings) else "paragraph"
            yield Block(kind, tuple(lines), tight=n > 0)


def _is_heading(block: str, headings: Sequence[str]) -> bool:
    if block in headings:
        return True
    # An edited letter may have headings of its own: a short line that ends like no sentence.
    return "\n" not in block and len(block) < 60 and block[-1].isalnum() and block.count(" ") < 8


def _without_overlap(places: Mapping[str, Span]) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    at = 0
    for name, (start, end) in sorted(places.items(), key=lambda place: (place[1][0], -place[1][1])):
        start = max(start, at)
        if start < end:
            taken.append((start, end, name))
            at = end
    return taken


def _line(
    text: str,
    start: int,
    end: int,
    owners: Sequence[tuple[int, int, str]],
    values: Sequence[tuple[int, int, str]],
    marked: Sequence[tuple[int, int, int]],
    seen: set[str],
) -> tuple[Stretch, ...]:
    here = [owner for owner in owners if owner[0] < end and owner[1] > start]
    cuts = {start, end}
    near_values = [value for value in values if value[0] < end and value[1] > start]
    near_marks = [mark for mark in marked if mark[0] < end and mark[1] > start]
    for left, right, _ in (*here, *near_values, *near_marks):
        cuts |= {min(max(left, start), end), min(max(right, start), end)}
    bounds = sorted(cuts)
    stretches: list[Stretch] = []
    for left, right in pairwise(bounds):
        item = next((name for a, b, name in here if a <= left < b), "")
        value = next((kind for a, b, kind in near_values if a <= left < b), "")
        findings = tuple(n for a, b, n in near_marks if a <= left < b)
        run = Run(text[left:right], value, findings)
        if stretches and stretches[-1].item == item:
            stretches[-1] = Stretch(item, (*stretches[-1].runs, run), stretches[-1].first)
        else:
            stretches.append(Stretch(item, (run,), bool(item) and item not in seen))
            seen.add(item)
    return tuple(stretches)
