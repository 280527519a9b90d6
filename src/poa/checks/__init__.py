"""Checks a letter against the facts: nothing missing, nothing altered, nothing softened, nothing added.

Deterministic, without a model. `check_letter(case, text)` is the whole interface; a new check is one class
and one entry in `CHECKS`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from poa.checks.additions import Additions, NewDeeds
from poa.checks.agents import Blame, Doer, PartyDeed, TheirApproach, TheirDeed
from poa.checks.amounts import ForeignValues, InventedValues, MissingValues, SwappedValues
from poa.checks.base import Check, CheckReport, Context, Finding, ItemResult, Status, finding
from poa.checks.claims import Claims
from poa.checks.crossed import CrossedDeeds
from poa.checks.extent import Bounds, Parts
from poa.checks.lists import ListSizes, NoneStatements
from poa.checks.matching import match_letter
from poa.checks.meaning import Order, PastMeasure, UnfinishedAction
from poa.checks.metrics import MetricPairs
from poa.checks.near import NearFact, tells_closely
from poa.checks.needs import needs_of
from poa.checks.negation import DeniedListing, Diluted, Negation
from poa.checks.omissions import BY_STATEMENT, MissingItems, MissingWords, is_absent
from poa.checks.own_values import OwnValues
from poa.checks.pairs import CountedThings, CrossedValues, ExchangedValues, ListedEntries, Owners
from poa.checks.reading import read_letter
from poa.checks.roles import roles_of
from poa.checks.scope import Scope
from poa.checks.statements import Apology, Notice, Policies, Request, Signature
from poa.checks.verbatim import Leftovers, Quotes
from poa.checks.wording import Forbidden, Wording

if TYPE_CHECKING:
    from poa.facts import Case
    from poa.outline import Outline

__all__ = ["CHECKS", "Check", "CheckReport", "Finding", "ItemResult", "check_letter", "check_outline"]

# Some twenty pages: no appeal is longer, and hostile input must not make a check slow.
MOST_CHARACTERS = 60_000

CHECKS: tuple[Check, ...] = (
    MissingItems(),
    MissingWords(),
    MissingValues(),
    InventedValues(),
    OwnValues(),
    SwappedValues(),
    ForeignValues(),
    MetricPairs(),
    ListedEntries(),
    CountedThings(),
    ExchangedValues(),
    CrossedValues(),
    Owners(),
    CrossedDeeds(),
    Bounds(),
    Parts(),
    Negation(),
    Diluted(),
    DeniedListing(),
    Doer(),
    TheirDeed(),
    TheirApproach(),
    PartyDeed(),
    Blame(),
    PastMeasure(),
    UnfinishedAction(),
    Order(),
    Scope(),
    NearFact(),
    Notice(),
    Policies(),
    NoneStatements(),
    ListSizes(),
    Apology(),
    Request(),
    Signature(),
    Quotes(),
    Wording(),
    Forbidden(),
    Additions(),
    NewDeeds(),
    Claims(),
    Leftovers(),
)


# Rules that are as often wrong about an honest letter in words of its own as they are right about a faulty one, by
# what letters of writers nobody had read showed. What they find is shown as a warning; a model's wording, for which
# there is always the skeleton's to go back to, fails by it.
_DOUBTFUL = frozenset(
    {
        "agentless",
        "bound",
        "lost_clause",
        "lost_clauses",
        "lost_nouns",
        "lost_things",
        "part",
    }
)


def check_letter(case: Case, text: str) -> CheckReport:
    """The verdict on any letter about the case, whoever wrote it."""
    from poa.outline import build_outline

    return check_outline(build_outline(case), text)


def check_outline(outline: Outline, text: str, *, strict: bool = False) -> CheckReport:
    """The verdict on a letter that should say what the outline says; `strict` takes every doubt for an error."""
    needs = needs_of(outline)
    read = text[:MOST_CHARACTERS]
    reading = read_letter(read, needs.names, needs.quotes)
    matching = match_letter(reading, needs)
    context = Context(matching, tuple(roles_of(sentence) for sentence in reading.sentences))
    findings: list[Finding] = []
    for check in CHECKS:
        findings += check.run(context)
    findings = [found for found in findings if not _doubts_own_words(found, context)]
    if not strict:
        findings = [replace(f, severity="warning") if _is_doubtful(f, context) else f for f in findings]
    if len(text) > len(read):
        at = (len(read), len(text))
        findings.append(
            finding("too_long", "too_long", None, at, said=f"{len(text):,}", fact=f"{len(read):,}")
        )
    return CheckReport(tuple(_results(context, findings)), tuple(_ordered(findings)))


def _is_doubtful(found: Finding, context: Context) -> bool:
    """Whether a finding may well be wrong: by its rule, and in a sentence that is not nearly the fact's own."""
    if found.rule not in _DOUBTFUL or found.start is None or found.item is None:
        return found.rule in _DOUBTFUL
    need = context.needs[found.item]
    return not any(
        sentence.start <= found.start < sentence.end and tells_closely(need, sentence)
        for _, sentence in context.prose()
    )


# What a finding says of words; what it says of values holds for the skeleton's sentences too.
_ABOUT_WORDS = frozenset(
    "invented_claim weakened_admission denied_admission shifted_blame weakened_commitment changed_tense "
    "changed_scope conditional_apology".split()
)


# What a finding says is gone from an item as a whole, wherever it points.
_GONE = frozenset({"lost_all", "lost_before", "missing_by", "unowned", "not_negated"})


def _doubts_own_words(found: Finding, context: Context) -> bool:
    """Whether a finding is about the words of a sentence that stands in the letter as the skeleton has it."""
    lost_words = found.code == "missing_detail" and found.rule != "missing_value"
    # The parts of one entry stand together in one sentence, which is as it should be.
    words = lost_words or found.code in _ABOUT_WORDS or found.rule == "listed_pair"
    if found.start is None or found.end is None or not words:
        return False
    if lost_words or found.rule in _GONE:
        return found.item in context.matching.told_whole
    return any(
        sentence.start <= found.start and found.end <= sentence.end
        for sentence in (context.reading.sentences[n] for n in context.matching.anchored)
    )


def _ordered(findings: list[Finding]) -> list[Finding]:
    """In the letter's order, what is missing first; the same place is reported once per code."""
    unique = {(f.code, f.item, f.start, f.message): f for f in findings if not _told_already(f, findings)}
    return sorted(unique.values(), key=lambda f: (f.start is not None, f.start or 0, f.code))


def _told_already(found: Finding, findings: list[Finding]) -> bool:
    """Whether a typical addition lies in a clause that is reported as an addition whole."""
    if found.rule != "claim" or found.start is None:
        return False
    return any(
        other.code == found.code
        and other.rule != "claim"
        and other.start is not None
        and other.start <= found.start < (other.end or 0)
        for other in findings
    )


_WEAKENED = frozenset(
    {
        "weakened_admission",
        "denied_admission",
        "shifted_blame",
        "weakened_commitment",
        "changed_tense",
        "changed_scope",
        "conditional_apology",
    }
)


def _results(context: Context, findings: list[Finding]) -> list[ItemResult]:
    results = []
    for item_id, evidence in context.matching.evidence.items():
        item = evidence.need.item
        codes = {f.code for f in findings if f.item == item_id and f.severity == "error"}
        status: Status = "kept"
        if "missing_item" in codes or (is_absent(evidence) and item.kind not in BY_STATEMENT):
            status = "missing"
        elif codes & _WEAKENED:
            status = "weakened"
        elif codes:
            status = "altered"
        where = []
        if status != "missing":
            for n in evidence.sentences:
                sentence = context.reading.sentences[n]
                where.append((sentence.start, sentence.start + len(sentence.text.rstrip())))
        results.append(ItemResult(item_id, item.kind, True, status, tuple(where)))
    return results
