"""What the letter must say, item by item, decided once and before any wording.

A `RequiredItem` holds the fact itself: the seller's own statement, and each detail that must stand in the
letter. The skeleton words it, the polish rewords it, the checks hold every wording against it. Nothing
downstream reads the facts file again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from poa.errors import Fault, PackError
from poa.facts import Case, CustomerAccount, Entry, Question, RemainingReview, ThirdParty, needs_english
from poa.lexicon import in_chinese, in_english
from poa.policy import (
    DemandKind,
    FieldSpec,
    ForbiddenPhrase,
    Patterns,
    PolicyPack,
    SectionSpec,
    Stance,
    Words,
)

__all__ = [
    "Aspect",
    "Demand",
    "Detail",
    "DetailKind",
    "ItemKind",
    "Outline",
    "RequiredItem",
    "build_outline",
    "ordered_sections",
]

ItemKind = Literal[
    "notice",  # which notification is answered
    "admission",  # what was done, by whom
    "policy",  # the policies violated, and that they were
    "none",  # an empty list, stated: no third party, no other account, no review left
    "listing",  # a non-empty list: each entry with its details
    "cause",
    "action",  # already done
    "measure",  # a commitment from now on
    "metric",
    "attachment",
    "statement",  # what a pack asks beyond these
    "apology",
    "request",
    "signature",
]

DetailKind = Literal[
    "date",  # ISO, 2024-03-06
    "order_id",
    "asin",
    "review_id",
    "case_id",
    "email",
    "url",
    "phone",
    "money",
    "percent",
    "number",
    "name",  # a person, firm, store or tool: kept letter by letter
    "policy",  # a policy's name; its usual short forms count as the same
    "quote",  # verbatim
    "phrase",  # words whose sense must stay: channel, role, owner, frequency, period, target, service
    "text",  # free text of the facts: its sense, and every value inside it, must stay
    "choice",  # one of a field's options: it picks the sentence, and is never written itself
]

Aspect = Literal["done", "planned", "state"]


@dataclass(frozen=True)
class Detail:
    """One value of an item as the facts give it.

    `name` is the field (`from`, `to`, `order`, `asin`, `by`, `owner`, …). `entry` numbers the entry of a
    list it belongs to, from 1 (0 when the item is not a list): values of one entry must not move to another.
    A detail that is not `required` may stand in the letter and need not.
    """

    name: str
    kind: DetailKind
    text: str
    entry: int = 0
    text_zh: str = ""
    required: bool = True


@dataclass(frozen=True)
class RequiredItem:
    """One thing the letter must say.

    `statement` is the fact in its own English words, empty where the details are all there is.
    `origin` is its path in the facts file (`violations[0]`), for messages.
    """

    id: str
    kind: ItemKind
    section: str
    label_en: str
    label_zh: str
    statement: str = ""
    statement_zh: str = ""
    aspect: Aspect = "state"
    details: tuple[Detail, ...] = ()
    origin: str = ""
    topic: str = ""  # for `none` and `listing`: which list; for pack statements: the field's name

    def detail(self, name: str) -> str | None:
        """The text of the first detail of that name, or None."""
        return next((d.text for d in self.details if d.name == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """The texts of all details of that name, in the facts' order."""
        return tuple(d.text for d in self.details if d.name == name)


@dataclass(frozen=True)
class Demand:
    """One thing the notification asks for, in its own words, and the items that answer it."""

    text: str
    answered_by: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Outline:
    """All required items in the letter's order, and the notification's demands they answer.

    `questions` asks for what the notification demands and the facts do not answer.
    """

    pack: str
    items: tuple[RequiredItem, ...]
    demands: tuple[Demand, ...] = ()
    questions: tuple[Question, ...] = ()
    language: str = "en"
    marketplace: str = ""
    stance: Stance = "admit"  # whether the letter admits, explains or denies
    forbidden: tuple[ForbiddenPhrase, ...] = ()  # the pack's phrases that no letter may hold
    wording: str = (
        ""  # what the pack's own fixed sentences say in English: no invention where a letter says it
    )
    policy: PolicyPack | None = field(default=None, compare=False, repr=False)  # the pack itself

    def __getitem__(self, item_id: str) -> RequiredItem:
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)


# ---------------------------------------------------------------- building


def build_outline(case: Case, pack: PolicyPack | None = None) -> Outline:
    """What a letter about this case must say, in the letter's order.

    What the case does not know is left out here; `Case.questions` asks for it.
    """
    pack = pack or case.load_pack()
    demands = _demands(case, pack)
    items = {group: tuple(_items_of(group, case, pack)) for group in _groups(pack)}
    ordered = [
        replace(item, section=section.id)
        for section in ordered_sections(pack, [kind for _, kind in demands])
        for group in section.groups
        for item in items.get(group, ())
        if _can_be_said(item)
    ]
    answers, questions = _answers(demands, items, case)
    return Outline(
        pack.pack,
        tuple(ordered),
        answers,
        questions,
        case.language,
        case.notice.marketplace or "",
        pack.stance,
        pack.forbidden,
        _wording(pack),
        pack,
    )


_FIXED_SENTENCES = ("notice", "apology", "request", "policies.by_acts", "policies.by_conduct")


def _wording(pack: PolicyPack) -> str:
    """The words of the pack's sentences that no fact stands behind, without what is filled into them."""
    said = [text for key in _FIXED_SENTENCES for text in pack.sentences.get(key, Patterns()).en]
    said += [section.lead.en for section in pack.sections if section.lead]
    return " ".join(re.sub(r"\{[{%].*?[%}]\}", " ", text) for text in said)


def ordered_sections(pack: PolicyPack, asked: Iterable[DemandKind | None]) -> tuple[SectionSpec, ...]:
    """The pack's sections, those of the body in the order in which the notification asks for them.

    A section that answers no demand stays behind the one it follows in the pack.
    """
    first: dict[str, int] = {}
    for n, kind in enumerate(asked):
        for group in kind.answered_by if kind else ():
            first.setdefault(group, n)
    places: list[tuple[int, int, SectionSpec]] = []
    behind = -1
    for section in pack.sections:
        asked_at = min((first[group] for group in section.groups if group in first), default=None)
        if section.place == "body":
            behind = asked_at if asked_at is not None else behind
        order = {"start": 0, "body": 1, "end": 2}[section.place]
        places.append((order, behind if order == 1 else 0, section))
    places.sort(key=lambda place: place[:2])
    return tuple(section for *_, section in places)


def _can_be_said(item: RequiredItem) -> bool:
    """Whether enough is known for a sentence; the rest is asked for."""
    if item.kind in ("admission", "cause", "action", "measure"):
        return bool(item.statement or item.statement_zh)
    if item.kind in ("metric", "attachment"):
        return item.detail("name") is not None or item.detail("title") is not None
    return bool(item.details) or item.kind not in ("listing", "signature")


def _groups(pack: PolicyPack) -> tuple[str, ...]:
    return tuple(group for section in pack.sections for group in section.groups)


def _items_of(group: str, case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    build = _BUILDERS.get(group)
    if build is not None:
        yield from build(case, pack)
    elif (field := pack.field(group)) is not None:
        yield from _declared(case, field)


def _item(
    item_id: str,
    kind: ItemKind,
    label: Words,
    origin: str,
    says: tuple[str, str] = ("", ""),
    aspect: Aspect = "state",
    details: tuple[Detail, ...] = (),
    topic: str = "",
) -> RequiredItem:
    """An item whose section is not known yet; `says` is its statement in English and in Chinese."""
    return RequiredItem(
        item_id, kind, "", label.en, label.zh, says[0], says[1], aspect, details, origin, topic
    )


def _detail(
    name: str, kind: DetailKind, value: object, entry: int = 0, zh: str | None = None, required: bool = True
) -> Iterator[Detail]:
    if value is not None and value != "":
        yield Detail(name, kind, str(value), entry, zh or "", required)


def _phrase(
    part: Entry, name: str, case: Case, entry: int = 0, kind: DetailKind = "phrase", required: bool = True
) -> Iterator[Detail]:
    """A free text of the facts in English, with its Chinese where that is known."""
    english = part.english(name, case.language)
    chinese = part.chinese(name, case.language)
    yield from _detail(name, kind, english or chinese, entry, chinese, required)


def _says(part: Entry, case: Case) -> tuple[str, str]:
    """The statement of a part, in English and in Chinese; empty where it is not known."""
    english = part.english("statement", case.language) or ""
    return english, part.chinese("statement", case.language) or ""


def _notice(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    notice = case.notice
    details = (
        *_detail("received", "date", notice.received),
        *_detail("reference", _reference_kind(notice.reference), notice.reference, required=False),
        *_detail("marketplace", "name", notice.marketplace, required=False),
        *_detail("store", "name", case.seller.store_name, required=False),
    )
    yield _item("notice", "notice", pack.labels["notice"], "notice", details=details)


def _reference_kind(reference: str | None) -> DetailKind:
    return "case_id" if reference and re.fullmatch(r"[A-Z0-9-]{5,30}", reference) else "text"


def _violations(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    for n, violation in enumerate(case.violations or ()):
        method = pack.method(violation.method or "")
        details = (
            *_detail("from", "date", violation.from_),
            *_detail("to", "date", violation.to),
            *_phrase(violation, "channel", case),
            *(Detail("order", "order_id", order) for order in violation.orders),
            *(Detail("asin", "asin", asin) for asin in violation.asins),
            *_phrase(violation, "by", case),
            *_detail("count", "number", violation.count),
            *_phrase(violation, "count_of", case, required=False),
            *_phrase(violation, "compensation", case),
            *_detail("quote", "quote", violation.quote),
            *(
                (Detail("method", "phrase", method.act.en, 0, method.act.zh, required=False),)
                if method
                else ()
            ),
        )
        yield _item(
            violation.id,
            "admission",
            pack.labels["violation"],
            f"violations[{n}]",
            _says(violation, case),
            "done",
            details,
            method.id if method else "other",
        )


def _policies(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    names = case.policies or ()
    if names:
        details = tuple(
            Detail("policy", "policy", name, 0, known.zh if (known := pack.policy(name)) else "")
            for name in names
        ) + tuple(_acts(case, pack))
        yield _item("policies", "policy", pack.labels["policies"], "policies", details=details)


def _acts(case: Case, pack: PolicyPack) -> Iterator[Detail]:
    """The acts that broke the policies, once each, in the policies' own words."""
    methods = (pack.method(violation.method or "") for violation in case.violations or ())
    for method in dict.fromkeys(method for method in methods if method):
        yield Detail("act", "phrase", method.act.en, 0, method.act.zh, required=False)


def _stated_list(
    group: str, case: Case, pack: PolicyPack, details: Callable[[Any, int], Iterator[Detail]]
) -> Iterator[RequiredItem]:
    """A list that is a statement when empty: one item, `none` or `listing`."""
    entries = getattr(case, group)
    if entries is None:
        return
    found = tuple(detail for n, entry in enumerate(entries, 1) for detail in details(entry, n))
    kind: ItemKind = "listing" if entries else "none"
    yield _item(group, kind, pack.labels[group], group, details=found, topic=group)


def _third_parties(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    def details(party: ThirdParty, n: int) -> Iterator[Detail]:
        yield from _detail("name", "name", party.name, n)
        yield from _detail("contact", "text", party.contact, n)
        yield from _phrase(party, "service", case, n, required=False)
        yield from _detail("from", "date", party.from_, n, required=False)
        yield from _detail("to", "date", party.to, n, required=False)

    yield from _stated_list("third_parties", case, pack, details)


def _customer_accounts(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    def details(account: CustomerAccount, n: int) -> Iterator[Detail]:
        yield from _detail("name", "name", account.name, n)
        yield from _detail("email", "email", account.email, n)
        yield from _detail("order", "order_id", account.order, n)

    yield from _stated_list("customer_accounts", case, pack, details)


def _remaining_reviews(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    def details(review: RemainingReview, n: int) -> Iterator[Detail]:
        yield from _detail("asin", "asin", review.asin, n)
        yield from _detail("review", _review_kind(review.review), review.review, n)
        yield from _phrase(review, "note", case, n, kind="text")

    yield from _stated_list("remaining_reviews", case, pack, details)


def _review_kind(review: str | None) -> DetailKind:
    if review and re.fullmatch(r"R[0-9A-Z]{8,20}", review):
        return "review_id"
    return "url" if review and review.startswith(("http://", "https://", "www.")) else "text"


def _root_causes(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    for n, cause in enumerate(case.root_causes or ()):
        yield _item(cause.id, "cause", pack.labels["cause"], f"root_causes[{n}]", _says(cause, case), "done")


def _actions(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    titles = {attachment.id: attachment for attachment in case.attachments or ()}
    for n, action in enumerate(case.actions_taken or ()):
        evidence = tuple(
            detail
            for name in action.evidence
            if name in titles
            for detail in (
                replace(found, name="evidence")
                for found in _phrase(titles[name], "title", case, required=False)
            )
        )
        details = (*_detail("date", "date", action.date), *evidence)
        origin = f"actions_taken[{n}]"
        yield _item(action.id, "action", pack.labels["action"], origin, _says(action, case), "done", details)


def _measures(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    for n, measure in enumerate(case.preventive_measures or ()):
        details = (
            *_phrase(measure, "owner", case),
            *_detail("starts", "date", measure.starts),
            *_phrase(measure, "frequency", case),
        )
        origin = f"preventive_measures[{n}]"
        says = _says(measure, case)
        yield _item(measure.id, "measure", pack.labels["measure"], origin, says, "planned", details)


def _metrics(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    for n, metric in enumerate(case.metrics or ()):
        details = (
            *_phrase(metric, "name", case),
            *_phrase(metric, "value", case, kind=_value_kind(metric.value)),
            *_phrase(metric, "period", case),
            *_phrase(metric, "target", case),
        )
        yield _item(metric.id, "metric", pack.labels["metric"], f"metrics[{n}]", details=details)


def _value_kind(value: str | None) -> DetailKind:
    if value and re.fullmatch(r"[<>]?\s*\d+(\.\d+)?\s*%", value):
        return "percent"
    return "number" if value and re.fullmatch(r"\d[\d,]*(\.\d+)?", value) else "phrase"


def _attachments(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    for n, attachment in enumerate(case.attachments or ()):
        title = tuple(_phrase(attachment, "title", case))
        origin = f"attachments[{n}]"
        yield _item(attachment.id, "attachment", pack.labels["attachment"], origin, details=title)


def _apology(_: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    yield _item("apology", "apology", pack.labels["apology"], "")


def _request(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    details = tuple(_detail("marketplace", "name", case.notice.marketplace, required=False))
    yield _item("request", "request", pack.labels["request"], "", details=details)


def _signature(case: Case, pack: PolicyPack) -> Iterator[RequiredItem]:
    seller = case.seller
    title = tuple(
        # A title from the lexicon comes in small letters; under a name it is written with capitals.
        replace(found, text=found.text.title()) if found.text.islower() else found
        for found in _phrase(seller, "contact_title", case)
    )
    details = (
        *_detail("contact_name", "name", seller.contact_name),
        *title,
        *_detail("store", "name", seller.store_name),
        *_detail("email", "email", seller.email, required=False),
        *_detail("merchant_token", "case_id", seller.merchant_token, required=False),
    )
    yield _item("signature", "signature", pack.labels["signature"], "seller", details=details)


_BUILDERS: dict[str, Callable[[Case, PolicyPack], Iterator[RequiredItem]]] = {
    "notice": _notice,
    "violations": _violations,
    "policies": _policies,
    "third_parties": _third_parties,
    "customer_accounts": _customer_accounts,
    "remaining_reviews": _remaining_reviews,
    "root_causes": _root_causes,
    "actions_taken": _actions,
    "preventive_measures": _measures,
    "metrics": _metrics,
    "attachments": _attachments,
    "apology": _apology,
    "request": _request,
    "signature": _signature,
}


def _declared(case: Case, field: FieldSpec) -> Iterator[RequiredItem]:
    """The item of a field that the pack declares beyond the common shape.

    A text states itself. For anything else the pack's sentence is what makes a value a fact ("We bought 800
    units"), so that sentence, filled in, is the item's statement.
    """
    value = case.extra.get(field.name)
    if value is None or (value == () and field.none is None):
        return
    kind: ItemKind = "listing" if field.type in ("records", "list") and value else "statement"
    details: tuple[Detail, ...] = ()
    if field.type == "text":
        chinese = needs_english(value, case.language)
        says = (
            case.extra.get(f"{field.name}_en", "" if chinese else value),
            case.extra.get(f"{field.name}_zh", value if chinese else ""),
        )
    else:
        details = tuple(_declared_details(field, value, case))
        says = (_declared_sentence(field, details), "")
    yield _item(field.name, kind, field.label, field.name, says, field.aspect, details, field.name)


def _declared_details(field: FieldSpec, value: Any, case: Case) -> Iterator[Detail]:
    if field.type == "records":
        for n, entry in enumerate(value, 1):
            for column in field.columns:
                yield from _declared_value(column.name, column.kind, entry, n, case)
    elif field.type == "list":
        for n, entry in enumerate(value, 1):
            yield from _declared_value(field.name, field.kind, {field.name: entry}, n, case)
    else:
        kind: DetailKind = "choice" if field.type == "choice" else field.kind
        yield from _declared_value(field.name, kind, case.extra, 0, case)


def _declared_value(
    name: str, kind: DetailKind, given: Mapping[str, Any], entry: int, case: Case
) -> Iterator[Detail]:
    """One value of a declared field; of words, both languages as far as they are given or in the lexicon."""
    if given.get(name) is None:
        return
    own = str(given[name])
    if kind not in ("phrase", "text"):
        yield Detail(name, kind, own, entry)
        return
    chinese = needs_english(own, case.language)
    english = given.get(f"{name}_en") or (in_english(own) or own if chinese else own)
    known = given.get(f"{name}_zh") or (own if chinese else in_chinese(own))
    yield Detail(name, kind, english, entry, known or "")


def _declared_sentence(field: FieldSpec, details: tuple[Detail, ...]) -> str:
    """The pack's English sentences about a value or about all entries of a list."""
    names = [column.name for column in field.columns] or [field.name]
    entries: dict[int, dict[str, str]] = {}
    for detail in details:
        words = entries.setdefault(detail.entry, dict.fromkeys(names, ""))
        words[detail.name] = detail.text
    if not entries:
        return _filled(field.none, field, "none")
    said = [{**words, "value": words.get(field.name, "")} for words in entries.values()]
    if field.type not in ("records", "list") or len(said) == 1:
        return _filled(field.say, field, "say", statement="", **said[0])
    entries_said = [_filled(field.entry, field, "entry", **words) for words in said]
    if field.type == "list":
        return f"{_filled(field.lead, field, 'lead', n=str(len(said)))} {', '.join(entries_said)}."
    return " ".join(_ended(entry) for entry in entries_said)


def _filled(patterns: Patterns | None, field: FieldSpec, key: str, **words: str) -> str:
    if patterns is None or not patterns.en:
        return ""
    # Few packs need it, and it takes a while to load.
    from poa.patterns import TemplateError, fill_pattern

    try:
        return fill_pattern(patterns.en[0], uk=False, **words)
    except TemplateError as problem:
        fault = Fault(
            "pack.yaml", f"fields.{field.name}.{key}.en", patterns.en[0], f"cannot be filled in: {problem}"
        )
        raise PackError([fault]) from None


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


# ---------------------------------------------------------------- the notification's demands


def _demands(case: Case, pack: PolicyPack) -> tuple[tuple[str, DemandKind | None], ...]:
    """Each demand in the notification's own words and order, with the pack's kind of demand it is."""
    texts = case.notice.demands or _demands_of_text(case.notice.text)
    return tuple((text, _kind_of(text, pack)) for text in texts)


def _demands_of_text(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    # The notice floor is loaded only where a notification was pasted.
    from poa.notice import demands_of

    return demands_of(text)


def _kind_of(text: str, pack: PolicyPack) -> DemandKind | None:
    """The kind whose words stand first in the demand: a demand opens with what it asks for."""
    lowered = text.lower()
    words = [(match[0], match.start()) for match in re.finditer(r"[a-z]+", lowered)]
    found: list[tuple[int, int, int, DemandKind]] = []
    for n, kind in enumerate(pack.demands):
        for wanted in kind.words:
            stems = wanted.split()
            places = [_first_with(words, lowered, stem) for stem in stems]
            if all(place >= 0 for place in places):
                found.append((min(places), -len(stems), n, kind))
    return min(found, key=lambda candidate: candidate[:3])[3] if found else None


def _first_with(words: list[tuple[str, int]], text: str, stem: str) -> int:
    """Where a word with that stem first stands, -1 for nowhere; Chinese has no gaps between its words."""
    if not stem.isascii() or "-" in stem:
        return text.find(stem)
    return next((place for word, place in words if word.startswith(stem)), -1)


def _answers(
    demands: Iterable[tuple[str, DemandKind | None]], items: dict[str, tuple[RequiredItem, ...]], case: Case
) -> tuple[tuple[Demand, ...], tuple[Question, ...]]:
    answers: list[Demand] = []
    questions: list[Question] = []
    for n, (text, kind) in enumerate(demands):
        groups = kind.answered_by if kind else ()
        if kind and kind.settled_when_none and getattr(case, kind.settled_when_none, None) == ():
            groups = (kind.settled_when_none,)
        found = tuple(item.id for group in groups for item in items.get(group, ()))
        answers.append(Demand(text, found, kind.id if kind else ""))
        if not found:
            questions.append(_unanswered(n, text, kind))
    return tuple(answers), tuple(questions)


def _unanswered(n: int, text: str, kind: DemandKind | None) -> Question:
    where = kind.answered_by[0] if kind and kind.answered_by else "preventive_measures"
    return Question(
        f"notice.demands[{n}]",
        kind is not None,
        f"The notification asks for this: {text}",
        f"绩效通知要求提供：{text}",
        kind.question.en if kind else "Do the facts answer this demand? If not, add what answers it.",
        kind.question.zh if kind else "现有事实是否回答了这项要求？如果没有，请补充。",
        f"Add it under `{where}` in the facts file.",
    )
