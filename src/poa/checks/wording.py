"""Wording that changes what is said although every word of the fact is there: hedges, minimisers, excuses,
hidden doers, denials, unfinished actions, weakened commitments, changed scope, pressure and small talk."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poa.checks.additions import clauses_of
from poa.checks.base import Context, Finding, Severity, finding
from poa.checks.lexicon import Trigger, is_grammar, starts, stem, word_list
from poa.checks.needs import Need
from poa.checks.reading import Sentence, is_label
from poa.checks.roles import NEGATIONS

__all__ = ["Forbidden", "Wording", "items_near", "sentence_kinds"]

_CODES = {
    "hedge": "weakened_admission",
    "minimise": "weakened_admission",
    "excuse": "shifted_blame",
    "agentless": "shifted_blame",
    "deny": "denied_admission",
    "unfinished": "changed_tense",
    "finished": "changed_tense",
    "weak": "weakened_commitment",
    "scope": "changed_scope",
    "condition": "conditional_apology",
    "threat": "forbidden_tone",
    "pressure": "forbidden_tone",
    "accusation": "forbidden_tone",
    "flattery": "forbidden_tone",
    "plea": "forbidden_tone",
    "smalltalk": "leftover_markup",
}


class Forbidden:
    """Phrases that the pack says no letter of its kind may hold."""

    codes = ("forbidden_tone",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each forbidden phrase that the facts themselves do not use."""
        lowered = context.reading.plain.lower()
        facts = " ".join(need.text for need in context.needs.items)
        # A stock phrase weakens a letter; words of admission in a letter that disputes the notice undo it.
        severity: Severity = "error" if context.needs.outline.stance == "deny" else "warning"
        for forbidden in context.needs.outline.forbidden:
            phrase = forbidden.phrase.lower()
            if forbidden.lang != "en" or phrase not in lowered or phrase in facts:
                continue
            for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", lowered):
                reason = forbidden.reason
                said = context.reading.text[match.start() : match.end()]
                yield Finding(
                    "forbidden_tone",
                    severity,
                    None,
                    f"“{said}”: {reason.en}",
                    f"“{said}”：{reason.zh}",
                    *match.span(),
                )


class Wording:
    """Trigger phrases that the facts themselves do not use."""

    codes = tuple(sorted(set(_CODES.values())))

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for each trigger phrase in a sentence of a kind that it harms."""
        denying = context.needs.outline.stance == "deny"
        for n, sentence in enumerate(context.reading.sentences):
            if sentence.kind in ("greeting", "signature") or not sentence.body.triggers:
                continue
            kinds = sentence_kinds(context, n)
            seen: set[tuple[int, str]] = set()
            for first, last, trigger in sorted(sentence.body.triggers, key=lambda found: found[0] - found[1]):
                if not (trigger.where & kinds or "any" in trigger.where):
                    continue
                if denying and trigger.kind in ("deny", "hedge", "condition"):
                    # An appeal that disputes the notice admits nothing that could be denied or weakened.
                    continue
                if trigger.where == _REMAINING and not any(
                    need.item.id == "remaining_reviews" and need.item.kind == "listing"
                    for need in context.needs.items
                ):
                    # Where none remains, "both are gone" is the truth.
                    continue
                if trigger.kind == "scope" and (sentence.kind == "heading" or is_label(sentence)):
                    # A title sums up; how much is covered is said below it.
                    continue
                if excused(context, n, sentence, first, last, trigger):
                    continue
                words = sentence.body.words[first:last]
                if any((word.start, trigger.kind) in seen for word in words):
                    # Part of a longer phrase that is reported already.
                    continue
                seen.update((word.start, trigger.kind) for word in words)
                said = sentence.text[words[0].start : words[-1].end]
                at = (sentence.start + words[0].start, sentence.start + words[-1].end)
                item = context.matching.items_of[n][0] if context.matching.items_of[n] else None
                fact = context.needs[item].item.statement if item else ""
                yield finding(_CODES[trigger.kind], trigger.kind, item, at, fact, said=said)


_REMAINING = frozenset({"remaining_reviews"})
TOPICS = frozenset({"third_parties", "customer_accounts", "remaining_reviews"})
_FIRM = frozenset({"will", "shall", "must", "commit", "undertake"})


def sentence_kinds(context: Context, n: int) -> frozenset[str]:
    """The kinds that wording rules apply to: those of the items the sentence speaks of most, and its roles."""
    sentence = context.reading.sentences[n]
    if sentence.kind == "heading":
        return frozenset({"heading"})
    kinds = set(context.roles[n])
    own = context.matching.items_of[n]
    scores = context.matching.combined[n]
    # A dated message of ours in an admission is not Amazon's notification.
    deed = own and context.needs[own[0]].item.kind in ("admission", "cause", "action", "measure")
    told = scores.get(own[0], 0.0) / context.needs[own[0]].total if own else 0.0
    if "notice" in kinds and n < 5 and not (deed and told >= 0.3):
        return frozenset({"notice", *(kinds & {"apology", "request"})})
    if kinds & TOPICS:
        kinds.add("none")
        best = scores.get(own[0], 0.0) if own else 0.0
        if not own or best < 0.5 * context.needs[own[0]].total:
            return frozenset(kinds)
    if own and not kinds & {"apology", "request"}:
        best = scores.get(own[0], 0.0)
        plain = best >= 0.3 * context.needs[own[0]].total or best >= 2.5
        if plain or (best >= 0.9 and _amid_its_kind(context, n, own[0])):
            kinds |= {context.needs[item].item.kind for item in own if scores.get(item, 0.0) >= 0.9 * best}
    if not kinds:
        kinds.add("free")
    return frozenset(kinds)


def _leads_clearly(context: Context, n: int) -> bool:
    """Whether the sentence's first item is a measure, and no action stands near it."""
    own = context.matching.items_of[n]
    scores = context.matching.combined[n]
    first = scores.get(own[0], 0.0)
    return context.needs[own[0]].item.kind == "measure" and not any(
        context.needs[item].item.kind in ("action", "cause", "admission")
        and scores.get(item, 0.0) >= 0.7 * first
        for item in own[1:]
    )


def _amid_its_kind(context: Context, n: int, item: str) -> bool:
    """Whether the sentences beside this one, in its section, plainly speak of items of that kind."""
    kind = context.needs[item].item.kind
    here = context.reading.sentences[n]
    for m in (n - 2, n - 1, n + 1, n + 2):
        if not 0 <= m < len(context.reading.sentences):
            continue
        other = context.reading.sentences[m]
        if other.section != here.section or abs(other.block - here.block) > 1:
            continue
        carried = context.matching.items_of[m]
        if carried and context.needs[carried[0]].item.kind == kind:
            score = context.matching.combined[m].get(carried[0], 0.0)
            if score >= 0.25 * context.needs[carried[0]].total or score >= 2.5:
                return True
    return False


def excused(context: Context, n: int, sentence: Sentence, first: int, last: int, trigger: Trigger) -> bool:
    """Whether the facts use the phrase themselves, in an item of this sentence or in the outline as a whole."""
    words = sentence.body.lowered[first:last]
    if trigger.kind in ("deny", "agentless") and _tells_of_no_admission(context, n):
        # "The replacement was sent with no condition attached" is an action, whose words an admission shares.
        return True
    if trigger.kind == "deny" and not NEGATIONS.isdisjoint(words) and _tells_of_a_lack(context, n):
        # "at no time trained" is how a cause is told that says "never trained".
        return True
    if words in (("only",), ("just",), ("merely",)) and not _counts(sentence, last):
        return True
    if words == ("some",) and re.match(r"\s+\d", sentence.text[sentence.body.words[last - 1].end :]):
        # "some 2,300 parcels" are about as many.
        return True
    denies = not NEGATIONS.isdisjoint(words)
    if (
        trigger.kind in ("minimise", "excuse")
        and not denies
        and _stands_before(sentence, first, NEGATIONS, _DENIED_WITHIN)
    ):
        # "This was no isolated case", "not merely three buyers but forty": the letter makes nothing smaller.
        return True
    lets = trigger.kind == "weak" and any(starts(w, "letting") for w in words)
    if lets and _stands_before(sentence, first, _NOBODY, _SUBJECT_WITHIN):
        # "No buyer will be invited to change a review" forbids as firmly as can be.
        return True
    if trigger.kind in ("hedge", "weak", "unfinished") and sentence.body.courteous:
        # "any question you may have" hedges nothing of the case.
        at = sentence.body.words[first].start
        clause = next(
            (c for c in clauses_of(sentence.text, sentence.body) if c[0].start <= at <= c[-1].start), ()
        )
        if any(word.start in sentence.body.courteous for word in clause):
            return True
    if words[0] == "able" and any({"could", "can"} & set(need.lowered) for need in items_near(context, n)):
        return True
    if words in (("was", "to"), ("were", "to"), ("is", "to")) and any(
        {"told", "instructed", "asked", "required"} & set(need.lowered) for need in items_near(context, n)
    ):
        # "told the company that it was to post no more reviews": the telling is done.
        return True
    if trigger.kind == "scope" and trigger.why in ("all became some", "scope narrowed") and last - first == 1:
        # A restriction restricts something of the fact: "the new messages", not "two new jobs".
        following = next((w for w in sentence.body.words[last : last + 2] if not w.grammar), None)
        if following is not None and not any(
            not following.concepts.isdisjoint(need.concepts) for need in items_near(context, n)
        ):
            return True
    if trigger.phrase.startswith("began|") and sentence.body.lowered[last : last + 2][-1:] == ("by",):
        return True
    if trigger.phrase.startswith("began|") and not _begins_it(sentence, last, items_near(context, n)):
        # "our response began on 15 January": what began is not the action itself.
        return True
    if trigger.phrase.startswith("selected") and sentence.body.lowered[last : last + 1] in _ARTICLES:
        # "it selected the members" is a deed; "selected buyers" are not all of them.
        return True
    if words[:2] == ("subject", "to") and _begins_it(sentence, last, items_near(context, n)):
        # "subject to the approval of our director", where the facts have him approve.
        return True
    if words[-1:] == ("exception",) and any(
        {"apart", "except", "besides", "other"} & set(need.lowered) for need in items_near(context, n)
    ):
        return True
    if words in (("other", "than"), ("alone",)) and any(
        "only" in need.lowered for need in items_near(context, n)
    ):
        return True
    planned = trigger.kind == "unfinished" and words[0] in ("will", "shall")
    if planned and (_speaks_of_measure(context, n) or _is_undertaken(context, n, first)):
        return True
    if (
        trigger.kind == "unfinished"
        and any(word.startswith(("request", "ask")) for word in words)
        and any({"request", "ask"} & need.stems for need in items_near(context, n))
    ):
        return True
    if trigger.kind == "unfinished" and not _plainly_told(context, n):
        return True
    if trigger.kind == "weak" and "any" not in trigger.where and "measure" in trigger.where:
        own = context.matching.items_of[n]
        if own and context.needs[own[0]].item.kind not in ("measure", "action"):
            return True
    if words == ("may",) and {"only", "not"} & set(sentence.body.lowered[last : last + 3]):
        # "may be used only then" allows nothing before.
        return True
    if trigger.kind == "finished":
        own = context.matching.items_of[n]
        share = context.matching.combined[n].get(own[0], 0.0) / context.needs[own[0]].total if own else 0.0
        if _FIRM & set(sentence.body.lowered) or share < 0.45 or not _leads_clearly(context, n):
            return True
    if trigger.why == "number blurred" and any(
        {"about", "approximately", "around", "roughly", "some"} & set(need.lowered)
        for need in items_near(context, n)
    ):
        return True
    if trigger.why == "blame on a lone person" and any(
        {"alone", "own", "without", "only", "sole", "single"} & set(need.lowered)
        and need.item.kind == "cause"
        for need in items_near(context, n)
    ):
        return True
    # A fact that restricts in one phrase ("other than") may be told with another ("except").
    manner = (trigger.kind, trigger.why)
    return any(manner in need.manners or _holds(need, words) for need in items_near(context, n))


# How many words before a phrase a negation may stand that denies it, and a subject its verb.
_DENIED_WITHIN, _SUBJECT_WITHIN = 3, 7
_STOP = re.compile(r"[,;:.]|\b(?:and|but|or)\b")


def _stands_before(sentence: Sentence, first: int, sought: frozenset[str], within: int) -> bool:
    """Whether one of the words stands so near before a phrase, and in its clause."""
    words = sentence.body.words
    at = words[first].start
    return any(
        w.text in sought and not _STOP.search(sentence.text[w.end : at])
        for w in words[max(0, first - within) : first]
    )


_NOBODY = frozenset({"no", "nobody", "no-one", "none", "neither", "nothing"})


def _tells_of_no_admission(context: Context, n: int) -> bool:
    own = context.matching.items_of[n]
    return bool(own) and context.needs[own[0]].item.kind in (
        "action",
        "measure",
        "metric",
        "attachment",
        "listing",
    )


def _tells_of_a_lack(context: Context, n: int) -> bool:
    """Whether the sentence speaks first of all of a cause that says what was not done."""
    own = context.matching.items_of[n][:1]
    return any(
        context.needs[i].item.kind == "cause" and not NEGATIONS.isdisjoint(context.needs[i].lowered)
        for i in own
    )


_FEW = frozenset(
    "a an one some few once asked asking wanted meant thanked invited mentioned for because".split()
)


def _counts(sentence: Sentence, after: int) -> bool:
    """Whether a number, or a word for few, follows: "only three buyers" is smaller than three, "only its own" is not."""
    words = sentence.body.words
    end = words[after - 1].end
    if any(0 <= value.start - end <= 4 for value in sentence.body.values):
        return True
    return after < len(words) and words[after].text in _FEW


def _speaks_of_measure(context: Context, n: int) -> bool:
    """Whether a measure is what the sentence speaks of, or nearly so: a "will" is its own."""
    scores = context.matching.combined[n]
    best = max(scores.values(), default=0.0)
    return any(
        context.needs[item].item.kind == "measure" and scores.get(item, 0.0) >= 0.7 * best
        for item in context.matching.items_of[n]
    )


def _is_undertaken(context: Context, n: int, first: int) -> bool:
    """Whether a "will" is what an action had somebody sign: "signed a declaration that they will not"."""
    before = context.reading.sentences[n].body.lowered[max(0, first - 6) : first]
    told = {word for item in context.matching.items_of[n][:1] for word in context.needs[item].lowered}
    return "that" in before and any(starts(word, "undertaking") for word in told)


def _plainly_told(context: Context, n: int) -> bool:
    """Whether the sentence's first item is more than touched in it: "here is what we will do" tells no action, and
    "our response began on 3 May" no more than its day."""
    own = context.matching.items_of[n][:1]
    return any(context.matching.content[n].get(i, 0.0) >= _TOLD_PLAINLY * context.needs[i].total for i in own)


# The share of an action's words at which a sentence tells that action, and not only of it.
_TOLD_PLAINLY = 0.5


_ARTICLES = (("the",), ("our",), ("its",), ("their",), ("those",), ("these",), ("them",))


def _begins_it(sentence: Sentence, after: int, needs: Iterable[Need]) -> bool:
    """Whether what begins is the fact's own deed: "began to delete", "began deleting"."""
    following = [w for w in sentence.body.words[after : after + 4] if not w.grammar][:1]
    return any(not w.concepts.isdisjoint(need.concepts) for w in following for need in needs)


def items_near(context: Context, n: int) -> Iterable[Need]:
    """The items whose words a sentence may use: those it carries, and their rivals of the same kind."""
    own = context.matching.items_of[n]
    for item in own:
        yield context.needs[item]
    scores = context.matching.combined[n]
    enough = 0.6 * max(scores.values(), default=0.0)
    # Items of nearly the same words compete for a sentence; the facts' own word is theirs, whichever wins.
    kinds = {context.needs[item].item.kind for item in own[:1]}
    yield from (
        context.needs[i]
        for i, score in scores.items()
        if score >= enough and i not in own and context.needs[i].item.kind in kinds
    )
    if n and not own:
        for item in context.matching.items_of[n - 1]:
            yield context.needs[item]


def _holds(need: Need, words: tuple[str, ...]) -> bool:
    size = len(words)
    subject = words[0] in ("amazon", "company") or words[0] in word_list("our_people")
    if size > 1 and not subject and not is_grammar(stem(words[0])):
        # "remind all of them", where the fact says "all employees are reminded".
        content = {stem(word) for word in words if not is_grammar(stem(word))}
        if content <= need.stems:
            return True
    if any(need.lowered[k : k + size] == words for k in range(len(need.lowered) - size + 1)):
        return True
    stems = [stem(word) for word in words]
    return size == 1 and any(stem(word) == stems[0] for word in need.lowered)
