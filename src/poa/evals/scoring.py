"""The scores of one draft or rewriting, each with its explanation.

What separates models is what they wrote at first: the raw letter is put together from their first replies,
before anything was refused or repaired, and checked like any letter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from poa.evals.contestant import Call
from poa.evals.metrics import METRICS, Score
from poa.evals.prose import changed_share, language_faults, likeness, reading_grade, words_of
from poa.evals.purse import price
from poa.placeholders import PLACEHOLDER

if TYPE_CHECKING:
    from poa.checks import CheckReport
    from poa.draft import Draft

__all__ = ["RawReplies", "raw_replies", "score_draft", "score_rewriting"]

Scores = dict[str, Score]


@dataclass(frozen=True)
class RawReplies:
    """What the first replies said, passage by passage, still masked; `sent` is what they were given."""

    sent: Mapping[str, str]
    written: Mapping[str, str]
    unanswered: tuple[str, ...]
    faulty: int
    refused: int
    calls: int
    failed: int


def raw_replies(calls: Sequence[Call], entries: str = "passages") -> RawReplies:
    """The first reply about each passage (or sentence), and how many replies were of no use."""
    sent: dict[str, str] = {}
    written: dict[str, str] = {}
    unanswered: list[str] = []
    faulty = refused = 0
    for call in calls:
        asked = _object(call.asked).get(entries) or []
        ids = [str(entry["id"]) for entry in asked]
        repair = any(name in sent for name in ids)
        for entry in asked:
            sent.setdefault(str(entry["id"]), str(entry["text"]))
        if call.reply is None:
            refused += "refused to answer" in (call.error or "")
            unanswered += [] if repair else ids
            continue
        came = _entries(call.reply.text, entries)
        said_no = came is None and _is_refusal(call.reply.text)
        refused += said_no
        faulty += came is None or [name for name, _ in came] != ids
        if not repair:
            written.update({name: text for name, text in came or () if name in ids})
    failed = sum(call.reply is None for call in calls)
    return RawReplies(sent, written, tuple(unanswered), faulty, refused, len(calls), failed)


def score_draft(draft: Draft, calls: Sequence[Call], wanted: Collection[str] = ()) -> Scores:
    """Every metric of a draft; `wanted` names the ones to have, none for all."""
    raw = raw_replies(calls)
    scores = {
        "passes": _passes(draft.report),
        **_passages(draft),
        **_raw(draft, raw),
        **_prose(draft, wanted),
        **_calls(draft.model, calls, raw),
    }
    return _only(scores, wanted)


def score_rewriting(
    zh: str,
    english: str,
    model: str,
    calls: Sequence[Call],
    references: Sequence[str],
    glossary: Mapping[str, str],
    wanted: Collection[str] = (),
) -> Scores:
    """Every metric of an English rewriting of a Chinese text."""
    from poa.rewrite import check_rewrite

    report = check_rewrite(zh, english)
    errors = [f for f in report.findings if f.severity == "error"]
    codes = _counted(Counter(f.code for f in errors)) or "no finding"
    scores = {
        "rewrite_passes": Score(float(report.ok), codes),
        "rewrite_findings": Score(float(len(errors)), codes),
        **_references(english, references),
        "terminology": _terminology(zh, english, glossary),
        **_language(english, wanted),
        **_calls(model, calls, raw_replies(calls, "sentences")),
    }
    return _only(scores, wanted)


def _only(scores: Scores, wanted: Collection[str]) -> Scores:
    return {name: scores[name] for name in METRICS if name in scores and (not wanted or name in wanted)}


# ---------------------------------------------------------------- the finished letter


def _passes(report: CheckReport) -> Score:
    codes = Counter(f.code for f in report.findings if f.severity == "error")
    return Score(float(report.ok), _counted(codes) or "no finding")


def _passages(draft: Draft) -> Scores:
    passages = [p for section in draft.sections for p in section.passages if p.skeleton]
    names = ("first_try", "reworded", "repaired", "unchanged", "returned")
    if not passages:
        return {name: Score(None, "the letter has no passage to polish") for name in names}
    if draft.model == "skeleton":
        return {name: Score(None, "no model was asked") for name in names}
    kinds = Counter(_outcome(p.source, p.reworded) for p in passages)
    total = len(passages)

    def part(*wanted: str) -> Score:
        count = sum(kinds[kind] for kind in wanted)
        return Score(count / total, f"{count} of {total} passages")

    return {
        "first_try": part("polished"),
        "reworded": part("polished", "repaired"),
        "repaired": part("repaired"),
        "unchanged": part("copied"),
        "returned": part("skeleton"),
    }


def _outcome(source: str, reworded: bool) -> str:
    return source if source == "skeleton" or reworded else "copied"


def _prose(draft: Draft, wanted: Collection[str]) -> Scores:
    ours = "\n\n".join(section.text for section in draft.letter.sections if section.polish)
    template = "\n\n".join(section.text for section in draft.skeleton.sections if section.polish)
    like = likeness(ours, template)
    ratio = len(words_of(draft.letter.text)) / max(len(words_of(draft.skeleton.text)), 1)
    return {
        "change": Score(changed_share(template, ours), "words of the polished sections"),
        "template_likeness": Score(like, "runs of five words in common" if like is not None else "too short"),
        "length": Score(ratio, f"{len(words_of(draft.letter.text))} words"),
        **_language(ours, wanted),
    }


def _language(text: str, wanted: Collection[str]) -> Scores:
    grade = reading_grade(text)
    scores = {"readability": Score(grade, "whole text" if grade is not None else "no sentence")}
    if not wanted or "language_faults" in wanted:
        words = len(words_of(text))
        if words:
            found = language_faults(text)
            scores["language_faults"] = Score(100 * len(found) / words, "; ".join(found) or "no fault found")
        else:
            scores["language_faults"] = Score(None, "there is no text")
    return scores


# ---------------------------------------------------------------- the raw letter


def _raw(draft: Draft, raw: RawReplies) -> Scores:
    names = ("raw_items", "raw_admissions", "raw_values", "raw_findings")
    if draft.model == "skeleton":
        return {name: Score(None, "no model was asked") for name in names}
    if raw.unanswered or not raw.calls:
        missing = ", ".join(raw.unanswered) or "any passage"
        return {name: Score(None, f"no reply came about {missing}") for name in names}
    from poa.checks import check_outline

    report = check_outline(draft.outline, _raw_letter(draft, raw))
    asked = [item for item in report.items if item.id in raw.sent]
    admissions = [item for item in asked if item.kind == "admission"]
    codes = Counter(f.code for f in report.findings if f.severity == "error")
    return {
        "raw_items": _kept(asked, "items"),
        "raw_admissions": _kept(admissions, "admissions"),
        "raw_values": _values(raw),
        "raw_findings": Score(float(sum(codes.values())), _counted(codes) or "no finding"),
    }


def _kept(items: Sequence[Any], what: str) -> Score:
    if not items:
        return Score(None, f"the model was given no {what}")
    lost = [f"{item.id} {item.status}" for item in items if item.status != "kept"]
    return Score(1 - len(lost) / len(items), ", ".join(lost) or f"all {len(items)} {what} kept")


def _values(raw: RawReplies) -> Score:
    total = came = 0
    lost: list[str] = []
    for name, sent in raw.sent.items():
        expected = Counter(PLACEHOLDER.findall(sent))
        found = Counter(PLACEHOLDER.findall(raw.written.get(name, "")))
        kept = expected & found
        total += expected.total()
        came += kept.total()
        lost += [f"{name} {placeholder}" for placeholder in expected - kept]
    if not total:
        return Score(None, "nothing that was sent holds a value")
    return Score(came / total, ", ".join(lost) or f"all {total} values came back")


def _raw_letter(draft: Draft, raw: RawReplies) -> str:
    """The letter in the words of the first replies; a passage without any is left out."""
    from poa.placeholders import known_values, protect

    known = known_values(draft.outline)
    texts: dict[str, str] = {}
    for section in draft.skeleton.sections:
        asked = [p for p in section.passages if p.id in raw.sent]
        table = protect([p.text for p in asked], known).table
        for passage in asked:
            texts[passage.id] = _unmasked(raw.written.get(passage.id, ""), table)
    return draft.skeleton.with_passages(texts).text


def _unmasked(text: str, table: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: table.get(found[0], found[0]), text)


# ---------------------------------------------------------------- what it took


def _calls(model: str, calls: Sequence[Call], raw: RawReplies) -> Scores:
    if not calls:
        nothing = "no model was asked"
        free = {
            name: Score(0.0, nothing)
            for name in ("prompt_tokens", "completion_tokens", "cost_usd", "seconds")
        }
        none = {
            name: Score(None, nothing)
            for name in ("format_faults", "refusals", "failed_calls", "first_token_s")
        }
        return {**free, **none}
    replies = [call.reply for call in calls if call.reply is not None]
    read = sum(reply.prompt_tokens for reply in replies)
    written = sum(reply.completion_tokens for reply in replies)
    about = "estimated" if any(reply.estimated for reply in replies) else "as the model counted"
    usd = price(model, read, written)
    firsts = [reply.first_token_s for reply in replies if reply.first_token_s is not None]
    reasons = "; ".join(dict.fromkeys(call.error for call in calls if call.error))
    answered = len(replies)
    return {
        "format_faults": Score(raw.faulty / answered, f"{raw.faulty} of {answered} replies")
        if answered
        else Score(None, "no reply came"),
        "refusals": Score(raw.refused / raw.calls, f"{raw.refused} of {raw.calls} requests"),
        "failed_calls": Score(raw.failed / raw.calls, reasons or f"none of {raw.calls} requests"),
        "prompt_tokens": Score(float(read), about),
        "completion_tokens": Score(float(written), about),
        "cost_usd": Score(usd, "by the price table" if usd is not None else "the price is not known"),
        "seconds": Score(sum(reply.seconds for reply in replies), f"{answered} replies, added up"),
        "first_token_s": Score(sum(firsts) / len(firsts), f"mean of {len(firsts)} replies")
        if firsts
        else Score(None, "the model does not tell"),
    }


# ---------------------------------------------------------------- rewritings


def _references(english: str, references: Sequence[str]) -> Scores:
    if not references:
        return {name: Score(None, "there is no reference") for name in ("chrf", "bleu")}
    from poa.errors import InputError

    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
    except ImportError as error:
        raise InputError("chrF and BLEU need the evals extra: pip install 'poa-draft[evals]'.") from error
    chrf, bleu = CHRF(), BLEU(effective_order=True)
    ours, theirs = " ".join(english.split()), [" ".join(r.split()) for r in references]
    chrf_score, bleu_score = chrf.sentence_score(ours, theirs), bleu.sentence_score(ours, theirs)
    return {
        "chrf": Score(float(chrf_score.score), str(chrf.get_signature())),
        "bleu": Score(float(bleu_score.score), str(bleu.get_signature())),
    }


def _terminology(zh: str, english: str, glossary: Mapping[str, str]) -> Score:
    present = {term: meaning for term, meaning in glossary.items() if term in zh}
    if not present:
        return Score(None, "the Chinese holds no term of the glossary")
    lower = english.lower()
    missed = [
        f"{term} ({meaning})"
        for term, meaning in present.items()
        if not any(_plain(form) in lower for form in re.split(r"[;/]", meaning) if _plain(form))
    ]
    hits = len(present) - len(missed)
    return Score(hits / len(present), "; ".join(missed) or f"all {len(present)} terms")


def _plain(meaning: str) -> str:
    return re.sub(r"\([^)]*\)", "", meaning).strip().lower()


# ---------------------------------------------------------------- reading replies


def _object(text: str) -> dict[str, Any]:
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _entries(text: str, name: str) -> list[tuple[str, str]] | None:
    """The id and text of each entry of a reply, wherever its JSON begins; None when there is none."""
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"[{\[]", text)):
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        entries = found.get(name) if isinstance(found, dict) else found
        if isinstance(entries, list) and entries and all(isinstance(e, dict) for e in entries):
            return [(str(e.get("id")), str(e.get("text") or "")) for e in entries]
    return None


def _is_refusal(text: str) -> bool:
    path = Path(__file__).with_name("refusals.yaml")
    patterns = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["refusals"]  # noqa: S506 - strings only
    return any(re.search(entry["pattern"], text, re.IGNORECASE) for entry in patterns)


def _counted(codes: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
