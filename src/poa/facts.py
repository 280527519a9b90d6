"""The facts file as a Case: everything the letter may say, validated, and what is still unknown.

The shape is promised in the contract of the facts file. A key that is absent is unknown (None here) and can be
asked for with `Case.questions()`; a key that is present and empty is a statement. Every fault of a file is
reported at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationError

from poa.errors import FactsError, Fault, PackError
from poa.kept_english import fingerprint, read_kept
from poa.lexicon import in_chinese, in_english
from poa.lined_yaml import Document, Place, UnreadableYaml, parse_yaml, read_text
from poa.policy import (
    COMMON_GROUPS,
    Condition,
    FieldSpec,
    Frozen,
    PolicyPack,
    common_data,
    known_keys,
    load_pack,
    model_faults,
    nearest,
)

__all__ = [
    "Action",
    "Attachment",
    "Case",
    "Cause",
    "CustomerAccount",
    "Entry",
    "Measure",
    "Metric",
    "Notice",
    "Question",
    "RemainingReview",
    "Seller",
    "ThirdParty",
    "Violation",
    "load_case",
    "needs_english",
    "parse_case",
]

MAX_STATEMENT = 4000
MAX_TEXT = 500
MAX_ENTRIES = 500
_LATIN = re.compile(r"[A-Za-z]")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


# ---------------------------------------------------------------- the values a facts file holds


def _text_of_at_most(limit: int) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        value = " ".join(value.split())
        if _CONTROL.search(value):
            raise ValueError("holds an invisible control character; type the text again")
        if len(value) > limit:
            raise ValueError(f"must be at most {limit:,} characters; it has {len(value):,}")
        if value and not any(character.isalnum() for character in value):
            raise ValueError("holds no word and no figure; leave the key out when it is not known")
        return value or None

    return read


def _matching(pattern: str, rule: str) -> Callable[[Any], Any]:
    compiled = re.compile(pattern)

    def read(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value.strip()):
            raise ValueError(rule)
        return value.strip() if isinstance(value, str) else value

    return read


def _date(value: Any) -> Any:
    if value is None or isinstance(value, dt.date):
        return value
    rule = "must be a date written as year-month-day, for example 2024-03-05"
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError(rule)
    try:
        date = dt.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    if not 1995 <= date.year <= 2100:
        raise ValueError("must lie between 1995 and 2100")
    return date


def _whole(most: int) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value is None or isinstance(value, int):
            return value
        plain = value.strip().replace(",", "") if isinstance(value, str) else ""
        if not re.fullmatch(r"\d{1,9}", plain) or not 1 <= int(plain) <= most:
            raise ValueError(
                f"must be a whole number from 1 to {most:,}; anything vaguer belongs in a statement"
            )
        return int(plain)

    return read


def _marketplace(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    known = common_data()["marketplaces"]
    name = value.strip().lower().removeprefix("www.")
    if name not in known:
        raise ValueError("is no Amazon marketplace" + nearest(name, known))
    return name


def _schema(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.strip() == "1" else value


def _empty_list(value: Any) -> Any:
    return [] if value is None else value


Statement = Annotated[str, BeforeValidator(_text_of_at_most(MAX_STATEMENT))]
Text = Annotated[str, BeforeValidator(_text_of_at_most(MAX_TEXT))]
Date = Annotated[dt.date, BeforeValidator(_date)]
Whole = Annotated[int, BeforeValidator(_whole(10_000_000))]
Days = Annotated[int, BeforeValidator(_whole(366))]
_order_id = _matching(
    r"\d{3}-\d{7}-\d{7}", "is no order ID: three, seven and seven digits, such as 112-3456789-1234567"
)
_asin = _matching(
    r"B[0-9A-Z]{9}|\d{9}[\dX]", "is no ASIN: ten capital letters and digits, such as B0ABCDEFGH"
)
_email = _matching(
    r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    "is no e-mail address, such as ops@example.com",
)
OrderId = Annotated[str, BeforeValidator(_order_id)]
Asin = Annotated[str, BeforeValidator(_asin)]
Email = Annotated[str, BeforeValidator(_email)]
Marketplace = Annotated[str, BeforeValidator(_marketplace)]
Token = Annotated[
    str, BeforeValidator(_matching(r"[A-Z0-9]{8,20}", "must be 8 to 20 capital letters and digits"))
]


def _id(letter: str, what: str) -> Any:
    rule = f"must be {letter} and a number, such as {letter}1, for {what}"
    return Annotated[str, BeforeValidator(_matching(rf"{letter}[1-9]\d{{0,3}}", rule))]


# ---------------------------------------------------------------- the parts of a case


class Entry(Frozen):
    """A part of a case with free text: each text in the language of the file, beside it maybe its English.

    Any text `x` may have its English in `x_en` and, in an English file, its Chinese in `x_zh`.
    """

    chinese_texts: ClassVar[tuple[str, ...]] = ()  # texts that must become English in the letter

    def english(self, field: str, language: str) -> str | None:
        """The English words of a text; None when they are unknown."""
        given: str | None = getattr(self, f"{field}_en", None)
        own: str | None = getattr(self, field)
        if given or own is None:
            return given
        return in_english(own) if needs_english(own, language) else own

    def chinese(self, field: str, language: str) -> str | None:
        """The Chinese words of a text; None when they are unknown."""
        given: str | None = getattr(self, f"{field}_zh", None)
        own: str | None = getattr(self, field)
        if given or own is None:
            return given
        if _CHINESE.search(own):
            return own
        # "Order Defect Rate" in a Chinese file is still read by a Chinese reader.
        return in_chinese(own) or (own if language == "zh" else None)


def needs_english(text: str, language: str) -> bool:
    """Whether a text is Chinese; an English one may hold a Chinese name and stay as it is."""
    chinese = len(_CHINESE.findall(text))
    return chinese > 0 and (language == "zh" or chinese > len(_LATIN.findall(text)))


class Notice(Frozen):
    """The performance notification. `text` is the pasted notification, when `file` names one."""

    received: Date | None = None
    marketplace: Marketplace | None = None
    deadline_days: Days | None = None
    reference: Text | None = None
    file: Text | None = None
    demands: tuple[Statement, ...] | None = None
    text: str | None = Field(default=None, exclude=True, repr=False)


class Seller(Entry):
    """Who writes the letter."""

    chinese_texts = ("contact_title",)

    store_name: Text | None = None
    merchant_token: Token | None = None
    contact_name: Text | None = None
    contact_title: Text | None = None
    contact_title_en: Text | None = None
    contact_title_zh: Text | None = None
    email: Email | None = None


class Violation(Entry):
    """One thing that is admitted: what was done, when, how, by whom."""

    chinese_texts = ("statement", "channel", "by", "compensation", "count_of")

    id: _id("V", "a violation")  # type: ignore[valid-type]
    method: Text | None = None
    statement: Statement | None = None
    statement_en: Statement | None = None
    statement_zh: Statement | None = None
    from_: Date | None = Field(default=None, alias="from")
    to: Date | None = None
    channel: Text | None = None
    channel_en: Text | None = None
    channel_zh: Text | None = None
    orders: Annotated[tuple[OrderId, ...], BeforeValidator(_empty_list)] = ()
    asins: Annotated[tuple[Asin, ...], BeforeValidator(_empty_list)] = ()
    by: Text | None = None
    by_en: Text | None = None
    by_zh: Text | None = None
    quote: Statement | None = None
    count: Whole | None = None
    count_of: Text | None = None  # what `count` counts: "parcels", "buyers"
    count_of_en: Text | None = None
    count_of_zh: Text | None = None
    compensation: Text | None = None
    compensation_en: Text | None = None
    compensation_zh: Text | None = None


class ThirdParty(Entry):
    """Somebody outside the business who was engaged."""

    chinese_texts = ("service",)

    name: Text | None = None
    contact: Text | None = None
    service: Text | None = None
    service_en: Text | None = None
    service_zh: Text | None = None
    from_: Date | None = Field(default=None, alias="from")
    to: Date | None = None


class CustomerAccount(Entry):
    """A customer account that took part."""

    name: Text | None = None
    email: Email | None = None
    order: OrderId | None = None


class RemainingReview(Entry):
    """A prohibited review that is still on the site."""

    chinese_texts = ("note",)

    asin: Asin | None = None
    review: Text | None = None
    note: Text | None = None
    note_en: Text | None = None
    note_zh: Text | None = None


class Cause(Entry):
    """Why it happened, owned by us."""

    chinese_texts = ("statement",)

    id: _id("C", "a root cause")  # type: ignore[valid-type]
    statement: Statement | None = None
    statement_en: Statement | None = None
    statement_zh: Statement | None = None


class Action(Entry):
    """Something already done, with its day and the attachments that show it."""

    chinese_texts = ("statement",)

    id: _id("A", "an action")  # type: ignore[valid-type]
    statement: Statement | None = None
    statement_en: Statement | None = None
    statement_zh: Statement | None = None
    date: Date | None = None
    evidence: Annotated[tuple[Text, ...], BeforeValidator(_empty_list)] = ()


class Measure(Entry):
    """Something that will be done, or runs from a day on."""

    chinese_texts = ("statement", "owner", "frequency")

    id: _id("P", "a preventive measure")  # type: ignore[valid-type]
    statement: Statement | None = None
    statement_en: Statement | None = None
    statement_zh: Statement | None = None
    owner: Text | None = None
    owner_en: Text | None = None
    owner_zh: Text | None = None
    starts: Date | None = None
    frequency: Text | None = None
    frequency_en: Text | None = None
    frequency_zh: Text | None = None


class Metric(Entry):
    """A figure of the account, over a period, against a target."""

    chinese_texts = ("name", "value", "period", "target")

    id: _id("M", "a metric")  # type: ignore[valid-type]
    name: Text | None = None
    name_en: Text | None = None
    name_zh: Text | None = None
    value: Text | None = None
    value_en: Text | None = None
    value_zh: Text | None = None
    period: Text | None = None
    period_en: Text | None = None
    period_zh: Text | None = None
    target: Text | None = None
    target_en: Text | None = None
    target_zh: Text | None = None


class Attachment(Entry):
    """A document sent with the letter."""

    chinese_texts = ("title",)

    id: _id("E", "an attachment")  # type: ignore[valid-type]
    title: Text | None = None
    title_en: Text | None = None
    title_zh: Text | None = None
    file: Text | None = None


@dataclass(frozen=True)
class Question:
    """Something the facts do not say: where it belongs, why Amazon asks, and how to answer.

    While a required one is open, no letter is drafted.
    """

    path: str
    required: bool
    why_en: str
    why_zh: str
    question_en: str
    question_zh: str
    example: str


class Case(Frozen):
    """Everything the letter may say. None means unknown; an empty list states that there is none.

    `extra` holds the fields that the pack declares beyond the common shape: text, a date, a tuple of texts,
    or a tuple of mappings from column to value.
    """

    schema_: Annotated[Literal[1], BeforeValidator(_schema)] = Field(default=1, alias="schema")
    pack: str
    route: Text | None = None  # which of the pack's routes is taken, where it has several
    language: Literal["en", "zh"] = "en"
    notice: Notice = Notice()
    seller: Seller = Seller()
    policies: Annotated[tuple[Text, ...], Field(max_length=MAX_ENTRIES)] | None = None
    violations: Annotated[tuple[Violation, ...], Field(max_length=MAX_ENTRIES)] | None = None
    third_parties: Annotated[tuple[ThirdParty, ...], Field(max_length=MAX_ENTRIES)] | None = None
    customer_accounts: Annotated[tuple[CustomerAccount, ...], Field(max_length=MAX_ENTRIES)] | None = None
    remaining_reviews: Annotated[tuple[RemainingReview, ...], Field(max_length=MAX_ENTRIES)] | None = None
    root_causes: Annotated[tuple[Cause, ...], Field(max_length=MAX_ENTRIES)] | None = None
    actions_taken: Annotated[tuple[Action, ...], Field(max_length=MAX_ENTRIES)] | None = None
    preventive_measures: Annotated[tuple[Measure, ...], Field(max_length=MAX_ENTRIES)] | None = None
    metrics: Annotated[tuple[Metric, ...], Field(max_length=MAX_ENTRIES)] | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_ENTRIES)] | None = None
    extra: Mapping[str, Any] = Field(default_factory=dict, exclude=True)
    source: str = Field(default="facts.yaml", exclude=True)
    folder: Path | None = Field(default=None, exclude=True, repr=False)
    pack_dir: Path | None = Field(default=None, exclude=True, repr=False)

    def load_pack(self) -> PolicyPack:
        """The policy pack that this case names, as the route of this case has it."""
        return load_pack(self.pack, self.pack_dir).on_route(self.route)

    def questions(self) -> tuple[Question, ...]:
        """What the facts do not say, in the order the pack asks it; first what is required."""
        asked = tuple(_questions(self, self.load_pack()))
        return tuple(sorted(asked, key=lambda question: not question.required))

    def untranslated(self) -> tuple[tuple[str, str], ...]:
        """The Chinese texts that have no English yet, each with its place: `violations[0].statement`."""
        return tuple(_untranslated(self, self.load_pack()))

    def translated_by_hand(self) -> tuple[tuple[str, str, str], ...]:
        """The Chinese statements that have their English beside them: place, Chinese, English."""
        return tuple(
            (f"{path}.{field}", own, given)
            for path, entry in _entries_in_words(self, self.load_pack())
            for field in entry.chinese_texts
            if (own := getattr(entry, field)) is not None
            and needs_english(own, self.language)
            and (given := getattr(entry, f"{field}_en", None)) is not None
        )

    def with_english(self, english: Mapping[str, str]) -> Case:
        """The case with English beside the Chinese texts at these places; places as `untranslated` names them."""
        groups: dict[str, Any] = {}
        extra = dict(self.extra)
        for place, text in english.items():
            group, _, field = place.rpartition(".")
            name, _, number = group.partition("[")
            if not group:
                extra[f"{field}_en"] = text
            elif name in extra:
                rows = list(extra[name])
                rows[int(number[:-1])] = {**rows[int(number[:-1])], f"{field}_en": text}
                extra[name] = tuple(rows)
            elif number:
                entries = list(groups.get(name, getattr(self, name)))
                entries[int(number[:-1])] = entries[int(number[:-1])].model_copy(update={f"{field}_en": text})
                groups[name] = tuple(entries)
            else:
                groups[name] = groups.get(name, getattr(self, name)).model_copy(update={f"{field}_en": text})
        return self.model_copy(update={**groups, "extra": extra}) if english else self

    def refuse_unknown(self) -> None:
        """Raises `FactsError` with each required question, in English and Chinese, if there is one."""
        faults = [
            Fault(
                self.source,
                question.path,
                "",
                f"is not known yet. {question.question_en} {question.question_zh}",
            )
            for question in self.questions()
            if question.required
        ]
        if faults:
            raise FactsError(faults)


# ---------------------------------------------------------------- reading


def load_case(path: str | Path, pack_dir: Path | None = None) -> Case:
    """The case in a facts file, or in the `facts.yaml` of a folder.

    Where a Chinese text has no English in the file itself, the confirmed one kept beside it is taken
    (`poa.kept_english`). Raises `FactsError` with every fault: file, line, path inside the file, value and rule.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "facts.yaml"
    try:
        document = parse_yaml(read_text(path), path.name)
    except UnreadableYaml as problem:
        raise FactsError(problem.faults) from None
    case = _case(document, path.parent, pack_dir)
    wanted = case.untranslated()
    if not wanted:
        return case
    kept = read_kept(path)
    return case.with_english(
        {
            place: kept[fingerprint(own)].en
            for place, own in wanted
            if fingerprint(own) in kept and kept[fingerprint(own)].is_confirmed
        }
    )


def parse_case(
    facts: str | Mapping[str, Any], source: str = "facts.yaml", pack_dir: Path | None = None
) -> Case:
    """The case in the text of a facts file, or in plain data of the same shape.

    A notification named by `file` is not read: there is no folder it could stand in.
    """
    if isinstance(facts, str):
        try:
            document = parse_yaml(facts, source)
        except UnreadableYaml as problem:
            raise FactsError(problem.faults) from None
    else:
        document = Document(source, _as_text(facts), {})
    return _case(document, None, pack_dir)


def _as_text(data: Any) -> Any:
    """Plain data as the YAML reader would give it: scalars as text."""
    if isinstance(data, Mapping):
        return {str(key): _as_text(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_as_text(value) for value in data]
    return None if data is None else str(data)


def _case(document: Document, folder: Path | None, pack_dir: Path | None) -> Case:
    data = _without_todo(document.data)
    if not isinstance(data, dict):
        raise FactsError([document.fault((), "must be a mapping of keys to values, such as `pack: …`")])
    name = data.get("pack")
    if not isinstance(name, str):
        rule = "must name the policy pack, such as review-manipulation"
        raise FactsError([document.fault(("pack",), rule, name)])
    try:
        whole = load_pack(name, pack_dir)
    except PackError as problem:
        first = problem.faults[0]
        if first.path == "pack" and first.line is None:  # no such pack: the facts name a wrong one
            raise FactsError([document.fault(("pack",), first.rule, name)]) from None
        raise
    route = data.get("route")
    pack = whole.on_route(route if isinstance(route, str) else None)
    declared = _declared_keys(pack)
    common = {key: value for key, value in data.items() if key not in declared}
    faults = list(_closed_doors(common, document))
    faults += _no_such_route(route, whole, document)
    faults += _keys_of_other_routes(common, document, pack, whole)
    faults += _keys_outside_the_pack(common, document, pack)
    extra, wrong = _declared_fields(data, document, pack)
    faults += wrong
    faults += _contradictions(data, document)
    faults += _files_outside(data, document, folder)
    text, wrong = _notice_text(data, document, folder) if folder and not faults else (None, [])
    faults += wrong
    try:
        case = Case.model_validate(_absent_when_null(common))
    except ValidationError as error:
        raise FactsError(_in_file_order([*model_faults(error, Case, document), *faults])) from None
    if faults:
        raise FactsError(_in_file_order(faults))
    notice = case.notice.model_copy(update={"text": text})
    update = {
        "extra": extra,
        "source": document.file,
        "folder": folder,
        "pack_dir": pack_dir,
        "notice": notice,
    }
    return case.model_copy(update=update)


def _in_file_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)


def _without_todo(data: Any) -> Any:
    """The data without the keys whose value is only a TODO: those are unknown, like absent ones."""
    if isinstance(data, dict):
        return {
            key: _without_todo(value)
            for key, value in data.items()
            if not (isinstance(value, str) and re.match(r"TODO\b", value.strip()))
        }
    return [_without_todo(value) for value in data] if isinstance(data, list) else data


def _absent_when_null(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


_HIDDEN = ("text", "extra", "source", "folder", "pack_dir")


def _closed_doors(data: dict[str, Any], document: Document) -> Iterator[Fault]:
    """Keys of our own models that a file cannot set."""
    notice = data.get("notice")
    for key in _HIDDEN:
        if key in data:
            yield document.fault((key,), "is no known key" + nearest(key, known_keys(Case, ())))
            del data[key]
    if isinstance(notice, dict) and "text" in notice:
        yield document.fault(("notice", "text"), "is no known key; name the pasted notification in `file`")
    for key in ("from_", "schema_"):
        if key in data:
            yield document.fault((key,), "is no known key")


def _no_such_route(route: Any, pack: PolicyPack, document: Document) -> Iterator[Fault]:
    names = [known.id for known in pack.routes]
    if isinstance(route, str) and route not in names:
        rule = (
            f"must be one of {', '.join(names)}" if names else f"is not asked: {pack.pack} has one route only"
        )
        yield document.fault(("route",), rule, route)


def _keys_of_other_routes(
    data: dict[str, Any], document: Document, pack: PolicyPack, whole: PolicyPack
) -> Iterator[Fault]:
    """Fields of the pack that the letter on this route has no place for."""
    for key in _declared_keys(whole) - _declared_keys(pack):
        if key in data:
            routes = [r.id for r in whole.routes if key in _declared_keys(whole.on_route(r.id))]
            rule = f"belongs to the route {' or '.join(routes)}; set `route`, or leave the key out"
            yield document.fault((key,), rule)
            del data[key]


def _keys_outside_the_pack(data: dict[str, Any], document: Document, pack: PolicyPack) -> Iterator[Fault]:
    silent = ("third_parties", "customer_accounts", "remaining_reviews")
    for key in COMMON_GROUPS:
        if key in data and key not in pack.uses and data[key]:
            rule = f"has no place in a letter of the pack {pack.pack}; leave the key out"
            yield document.fault((key,), rule)
    for key in silent:
        # An empty key would state "none" to Amazon by a slip of the keyboard.
        if key in data and data[key] is None:
            yield document.fault((key,), "is left open; write [] when there is none, or leave the key out")
    known = known_keys(Case, ()) | _declared_keys(pack)
    for key in [key for key in data if key not in known and key not in _HIDDEN]:
        yield document.fault((key,), "is no known key" + nearest(key, known))
        del data[key]


def _contradictions(data: dict[str, Any], document: Document) -> Iterator[Fault]:
    """Values that are each well formed but cannot stand together, read tolerantly from the raw data."""
    received = _day(_at(data, "notice", "received"))
    for group in ("violations", "third_parties"):
        for n, entry in _entries(data, group):
            start, end = _day(entry.get("from")), _day(entry.get("to"))
            if start and end and end < start:
                yield document.fault((group, n, "to"), f"lies before `from`, {start}", entry["to"])
            if group == "violations" and received and start and start > received:
                # What had begun may have gone on for some days: cards already packed were still delivered.
                rule = f"lies after the notification of {received}, which cannot name it"
                yield document.fault((group, n, "from"), rule, entry["from"])
    for group in COMMON_GROUPS:
        seen: dict[str, int] = {}
        for n, entry in _entries(data, group):
            name = entry.get("id")
            if isinstance(name, str) and name in seen:
                yield document.fault((group, n, "id"), f"is also the id of {group}[{seen[name]}]", name)
            elif isinstance(name, str):
                seen[name] = n
    known = [entry.get("id") for _, entry in _entries(data, "attachments")]
    for n, entry in _entries(data, "actions_taken"):
        evidence = entry.get("evidence")
        for m, name in enumerate(evidence if isinstance(evidence, list) else []):
            if isinstance(name, str) and name not in known:
                rule = "names no attachment; list it under attachments first"
                yield document.fault(("actions_taken", n, "evidence", m), rule, name)


def _files_outside(data: dict[str, Any], document: Document, folder: Path | None) -> Iterator[Fault]:
    places: list[tuple[Place, Any]] = [(("notice", "file"), _at(data, "notice", "file"))]
    places += [(("attachments", n, "file"), entry.get("file")) for n, entry in _entries(data, "attachments")]
    for place, name in places:
        if not isinstance(name, str):
            continue
        windows = PureWindowsPath(name)
        outside = bool(windows.drive or windows.root) or ".." in windows.parts
        if folder is not None and not outside:
            outside = not (folder / name).resolve().is_relative_to(folder.resolve())
        if outside:
            yield document.fault(place, "must be a file inside the folder of the facts file", name)


def _notice_text(data: dict[str, Any], document: Document, folder: Path) -> tuple[str | None, list[Fault]]:
    name = _at(data, "notice", "file")
    if not isinstance(name, str):
        return None, []
    try:
        return read_text(folder / name), []
    except UnreadableYaml as problem:
        return None, [document.fault(("notice", "file"), problem.faults[0].rule, name)]


def _declared_keys(pack: PolicyPack) -> set[str]:
    """The pack's own keys; a free text may have its English or its Chinese beside it."""
    texts = {field.name for field in pack.fields if _is_in_words(field)}
    return {field.name for field in pack.fields} | {
        f"{name}_{lang}" for name in texts for lang in ("en", "zh")
    }


def _is_in_words(field: FieldSpec) -> bool:
    """Whether a field holds one text of a language, that may be given in the other as well."""
    return field.type == "text" or (field.type == "value" and field.kind in ("phrase", "text"))


def _declared_fields(
    data: dict[str, Any], document: Document, pack: PolicyPack
) -> tuple[dict[str, Any], list[Fault]]:
    """The values of the pack's own fields, and what is wrong with them."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in pack.fields:
        if data.get(field.name) is None:
            if field.name in data and field.none is not None:
                rule = "is left open; write [] when there is none, or leave the key out"
                faults.append(document.fault((field.name,), rule))
            continue
        beside = (f"{field.name}_en", f"{field.name}_zh") if _is_in_words(field) else ()
        for key in (field.name, *beside):
            try:
                if data.get(key) is not None:
                    values[key] = _declared_value(field, data[key], document, faults)
            except ValueError as problem:
                faults.append(document.fault((key,), str(problem), data[key]))
    return values, faults


def _declared_value(field: FieldSpec, value: Any, document: Document, faults: list[Fault]) -> Any:
    if field.type == "choice":
        if value not in field.options:
            raise ValueError(f"must be one of {', '.join(field.options)}")
        return value
    if field.type in ("text", "value"):
        return _value_of_kind(field.kind, value)
    if not isinstance(value, list):
        raise ValueError("must be a list: each entry on its own line after a dash, or [] for none")
    if len(value) > MAX_ENTRIES:
        raise ValueError(f"must have at most {MAX_ENTRIES} entries")
    found: list[Any] = []
    for n, entry in enumerate(value):
        if field.type == "list":
            try:
                found.append(_value_of_kind(field.kind, entry))
            except ValueError as problem:
                faults.append(document.fault((field.name, n), str(problem), entry))
        elif not isinstance(entry, dict):
            faults.append(document.fault((field.name, n), "must be a mapping of keys to values", entry))
        else:
            found.append(_record(field, entry, n, document, faults))
    return tuple(found)


def _record(
    field: FieldSpec, entry: dict[str, Any], n: int, document: Document, faults: list[Fault]
) -> dict[str, Any]:
    columns = {column.name: column for column in field.columns}
    english = {f"{name}_{lang}": column for name, column in columns.items() for lang in ("en", "zh")}
    found: dict[str, Any] = {}
    for key, value in entry.items():
        column = columns.get(key) or english.get(key)
        if column is None:
            faults.append(document.fault((field.name, n, key), "is no known key" + nearest(key, columns)))
            continue
        try:
            if value is not None:
                found[key] = _value_of_kind(column.kind, value)
        except ValueError as problem:
            faults.append(document.fault((field.name, n, key), str(problem), value))
    return found


_PATTERNS_BY_KIND: Mapping[str, Callable[[Any], Any]] = {
    "date": _date,
    "order_id": _order_id,
    "asin": _asin,
    "email": _email,
    "percent": _matching(r"[<>]?\s*\d+(\.\d+)?\s*%", "must be a percentage, such as 0.31%"),
    "number": _matching(r"\d[\d,]*(\.\d+)?", "must be a number"),
    "money": _matching(r".*\d.*", "must be an amount with its currency, such as USD 10"),
}


def _value_of_kind(kind: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be one text")
    text = _text_of_at_most(MAX_STATEMENT if kind == "text" else MAX_TEXT)(value)
    if text is None:
        return None
    return _PATTERNS_BY_KIND[kind](text) if kind in _PATTERNS_BY_KIND else text


def _day(value: Any) -> dt.date | None:
    try:
        return _date(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _at(data: dict[str, Any], group: str, key: str) -> Any:
    inner = data.get(group)
    return inner.get(key) if isinstance(inner, dict) else None


def _entries(data: dict[str, Any], group: str) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = data.get(group)
    for n, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield n, entry


# ---------------------------------------------------------------- what is still unknown


def _questions(case: Case, pack: PolicyPack) -> Iterator[Question]:
    if pack.asks_route and case.route is None:
        yield _route_question(pack)
    for spec in pack.questions:
        group = spec.path.partition("[")[0].partition(".")[0]
        if group in COMMON_GROUPS and group not in pack.uses:
            continue
        for path, value in _places(case, spec.path):
            speaks_when_empty = f"{spec.path}.none" in pack.sentences
            if value is None or (value == () and spec.required and not speaks_when_empty):
                yield Question(
                    path,
                    spec.required,
                    spec.why.en,
                    spec.why.zh,
                    spec.question.en,
                    spec.question.zh,
                    spec.example,
                )
    for field in pack.fields:
        required = field.required or _holds(field.required_when, case)
        for path, what in _unknown_declared(case, field):
            question = (field.question.en, field.question.zh)
            if what:
                question = (f"{what.en}: what is it?", f"{what.zh}是什么？")
            yield Question(path, required, field.why.en, field.why.zh, *question, field.example)
    yield from _missing_english(case, pack)


def _route_question(pack: PolicyPack) -> Question:
    return Question(
        "route",
        True,
        "The notification can be answered in more than one way, and a letter must not mix them.",
        "该通知有不止一种答复方式，一封信只能走一条路。",
        "Which of these is true? " + " ".join(f"{route.id}: {route.when.en}" for route in pack.routes),
        "以下哪一种符合事实？" + "".join(f"{route.id}：{route.when.zh}" for route in pack.routes),
        pack.routes[0].id,
    )


def _places(case: Case, path: str) -> Iterator[tuple[str, Any]]:
    """Each concrete place of a path, with the value there; nothing when an enclosing part is unknown."""
    group, in_list, key = path.partition("[].")
    if in_list:
        for n, entry in enumerate(getattr(case, group) or ()):
            yield f"{group}[{n}].{key}", _value(entry, key)
        return
    value: Any = case
    for step in path.split("."):
        value = _value(value, step)
    yield path, value


def _value(part: Any, key: str) -> Any:
    return getattr(part, "from_" if key == "from" else key)


def _holds(condition: Condition | None, case: Case) -> bool:
    if condition is None:
        return False
    value = case.extra.get(condition.field, getattr(case, condition.field, None))
    return value in condition.is_ if condition.is_ else bool(value)


def _unknown_declared(case: Case, field: FieldSpec) -> Iterator[tuple[str, Any]]:
    value = case.extra.get(field.name)
    if value is None or (value == () and field.none is None):
        yield field.name, None
    elif field.type == "records":
        for n, entry in enumerate(value):
            for column in field.columns:
                if column.required and entry.get(column.name) is None:
                    yield f"{field.name}[{n}].{column.name}", column.label


def _missing_english(case: Case, pack: PolicyPack) -> Iterator[Question]:
    """The Chinese texts whose English is not given: the letter is in English."""
    for path, own in _untranslated(case, pack):
        yield _english_of(path, own)


def _untranslated(case: Case, pack: PolicyPack) -> Iterator[tuple[str, str]]:
    for path, entry in _entries_in_words(case, pack):
        for field in entry.chinese_texts:
            own = getattr(entry, field)
            if own is not None and entry.english(field, case.language) is None:
                yield f"{path}.{field}", own
    yield from _declared_chinese(case, pack)


def _entries_in_words(case: Case, pack: PolicyPack) -> Iterator[tuple[str, Entry]]:
    yield "seller", case.seller
    for group in pack.uses:
        for n, entry in enumerate(getattr(case, group) or ()):
            if isinstance(entry, Entry):
                yield f"{group}[{n}]", entry


def _declared_chinese(case: Case, pack: PolicyPack) -> Iterator[tuple[str, str]]:
    """The Chinese free texts of the pack's own fields that have no English beside them."""
    for field in pack.fields:
        value = case.extra.get(field.name)
        if _is_in_words(field) and value and f"{field.name}_en" not in case.extra:
            if needs_english(value, case.language) and (field.type == "text" or in_english(value) is None):
                yield field.name, value
        elif field.type == "records":
            free = [column.name for column in field.columns if column.kind in ("text", "phrase")]
            for n, entry in enumerate(value or ()):
                for name in free:
                    own = entry.get(name)
                    unknown = own and f"{name}_en" not in entry and needs_english(own, case.language)
                    if unknown and in_english(own) is None:
                        yield f"{field.name}[{n}].{name}", own


def _english_of(path: str, own: str) -> Question:
    return Question(
        f"{path}_en",
        True,
        "Amazon reads the letter in English, and the program never translates a fact by guess.",
        "亚马逊审核的是英文申诉信；本工具不会擅自翻译事实。",
        f"What is this in English: {own}",
        f"这句话的英文是什么：{own}",
        "poa rewrite turns a Chinese text into checked English.",
    )
