"""What is still to be asked, in the order of the letter: made from the pack, the facts so far and the demands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from poa.errors import PoaError
from poa.facts import Case, parse_case
from poa.interview.words import data as data_file
from poa.interview.words import is_todo, own_questions, todo_state
from poa.lined_yaml import Place, UnreadableYaml, dotted, parse_yaml
from poa.outline import build_outline, ordered_sections
from poa.patterns import TemplateError, fill_pattern
from poa.policy import Column, FieldSpec, PolicyPack, QuestionSpec, Words, common_data, load_pack

__all__ = ["Ask", "Option", "Progress", "asks", "kind_at", "whole_pack"]

AskKind = Literal["value", "list", "choice", "choices", "have", "more"]
_STATED_WHEN_EMPTY = ("third_parties", "customer_accounts", "remaining_reviews")


@dataclass(frozen=True)
class Option:
    """One of the answers that can be chosen by its number."""

    value: str
    label: Words


@dataclass(frozen=True)
class Ask:
    """One question, with all that is needed to show it and to take its answer.

    `have` asks whether a list has any entry, `more` whether it has another. `entry` names the list when this
    question opens a new entry of it. `none` says what the answer "none" does: it is refused, it leaves the value
    out, or it states that there is none (`stated` is then the letter's sentence).
    """

    path: str
    place: Place
    kind: AskKind
    value_kind: str
    question: Words
    why: Words
    example: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    suggested: tuple[str, ...] = ()
    none: Literal["refuse", "leave", "state"] = "leave"
    stated: Words | None = None
    demands: tuple[str, ...] = ()
    title: Words | None = None
    intro: Words | None = None  # the list's own question, where this one opens the list
    entry: str = ""
    so_far: int = 0


@dataclass(frozen=True)
class Progress:
    """How far an interview has come. `data` has the shape of a facts file and is never changed in place.

    `closed` are the lists that the seller said are complete, `put_off` the paths not to ask again in this sitting,
    `adding` the list whose next entry is being asked for. `found` holds what the notification says, by kind.
    """

    data: Mapping[str, Any]
    lang: str
    closed: frozenset[str] = frozenset()
    put_off: frozenset[str] = frozenset()
    adding: str = ""
    ask_unknown: bool = False
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def case(self) -> Case:
        """The facts so far as a case; raises `FactsError` when they break a rule."""
        return parse_case(self.data)

    def value(self, place: Place) -> Any:
        """What the facts say at a place; `...` when they say nothing there."""
        value: Any = self.data
        for step in place:
            if isinstance(step, int):
                entries = value if isinstance(value, list | tuple) else ()
                value = entries[step] if step < len(entries) else ...
            else:
                value = value.get(step, ...) if isinstance(value, Mapping) else ...
        return value

    def is_open(self, place: Place) -> bool:
        """Whether a place is still to be asked about."""
        if dotted(place) in self.put_off:
            return False
        value = self.value(place)
        if is_todo(value):
            return self.ask_unknown or todo_state(value) == "later"
        return value is ...


def whole_pack(progress: Progress) -> PolicyPack:
    """The pack that the facts name, with all its routes."""
    return load_pack(str(progress.data["pack"]))


def asks(progress: Progress) -> Iterator[Ask]:
    """Every question that can be asked now, in order; more may follow from the answers."""
    whole = whole_pack(progress)
    route = progress.value(("route",))
    pack = whole.on_route(route if isinstance(route, str) else None)
    yield from _values("notice", progress, pack)
    if whole.asks_route and progress.is_open(("route",)):
        yield _route(whole)
        return
    case = progress.case()
    demanded = _demanded(case, pack)
    for group in _groups_in_order(case, pack):
        yield from _group(group, progress, pack, case, demanded.get(group, ()))
    yield from _values("seller", progress, pack)


# ---------------------------------------------------------------- single values


def _values(part: str, progress: Progress, pack: PolicyPack) -> Iterator[Ask]:
    for path, kind in data_file("questions")["values"].items():
        place = tuple(path.split("."))
        if place[0] != part or not progress.is_open(place):
            continue
        spec = _spec(path, pack)
        if spec is None:
            continue
        options = _marketplaces() if kind == "marketplace" else ()
        suggested = progress.found.get(path, ())
        yield Ask(
            path, place, "choice" if options else "value", kind, spec.question, spec.why, spec.example,
            spec.required, options, suggested, "refuse" if spec.required else "leave",
        )  # fmt: skip


def _spec(path: str, pack: PolicyPack) -> QuestionSpec | None:
    """The pack's question for a path, else the interview's own."""
    return next((q for q in pack.questions if q.path == path), own_questions().get(path))


def _marketplaces() -> tuple[Option, ...]:
    known = common_data()["marketplaces"]
    return tuple(
        Option(name, Words(en=name, zh=f"{name}（{about['name_zh']}）")) for name, about in known.items()
    )


def _route(pack: PolicyPack) -> Ask:
    options = tuple(
        Option(r.id, Words(en=f"{r.title.en}: {r.when.en}", zh=f"{r.title.zh}：{r.when.zh}"))
        for r in pack.routes
    )
    return Ask(
        "route", ("route",), "choice", "route",
        Words(en="Which of these is true?", zh="以下哪一种符合事实？"),
        Words(
            en="The notification can be answered in more than one way, and a letter must not mix them.",
            zh="该通知有不止一种答复方式，一封信只能走一条路。",
        ),
        "1", True, options, (), "refuse",
    )  # fmt: skip


# ---------------------------------------------------------------- lists and declared fields


def _groups_in_order(case: Case, pack: PolicyPack) -> tuple[str, ...]:
    """The groups and fields of the letter, section by section, in the order the notification asks for them."""
    kinds = {kind.id: kind for kind in pack.demands}
    wanted = [kinds.get(demand.kind) for demand in _outline_demands(case, pack)]
    named = {f.name for f in pack.fields} | set(pack.uses)
    placed = [g for section in ordered_sections(pack, wanted) for g in section.groups if g in named]
    # Attachments come last: naming the evidence of an action lists it there.
    return tuple(sorted(dict.fromkeys(placed), key=lambda group: group == "attachments"))


def _outline_demands(case: Case, pack: PolicyPack) -> tuple[Any, ...]:
    try:
        return build_outline(case, pack).demands
    except PoaError:
        return ()


def _demanded(case: Case, pack: PolicyPack) -> dict[str, tuple[str, ...]]:
    """The notification's demands by the group that answers them first."""
    kinds = {kind.id: kind for kind in pack.demands}
    found: dict[str, tuple[str, ...]] = {}
    for demand in _outline_demands(case, pack):
        kind = kinds.get(demand.kind)
        if kind and kind.settled_when_none and getattr(case, kind.settled_when_none, None) == ():
            continue
        if kind and kind.answered_by:
            group = kind.answered_by[0]
            found[group] = (*found.get(group, ()), demand.text)
    return found


def _group(
    group: str, progress: Progress, pack: PolicyPack, case: Case, demands: tuple[str, ...]
) -> Iterator[Ask]:
    declared = pack.field(group)
    if declared is not None:
        found = _declared(declared, progress, case)
    elif group == "policies":
        found = _policies(progress, pack)
    elif group in data_file("questions")["records"]:
        found = _common_records(group, progress, pack)
    else:
        return
    for ask in found:
        wanted = bool(demands) and (ask.path == group or (ask.entry == group and ask.so_far == 0))
        yield replace(ask, demands=demands, required=True) if wanted else ask


def _policies(progress: Progress, pack: PolicyPack) -> Iterator[Ask]:
    spec = _spec("policies", pack)
    if spec is None or not progress.is_open(("policies",)):
        return
    options = tuple(Option(p.name, Words(en=p.name, zh=f"{p.name} {p.zh}")) for p in pack.policies[:8])
    yield Ask(
        "policies", ("policies",), "choices", "policy", spec.question, spec.why, spec.example, spec.required,
        options, progress.found.get("policies", ()), "refuse" if spec.required else "leave",
    )  # fmt: skip


def _common_records(group: str, progress: Progress, pack: PolicyPack) -> Iterator[Ask]:
    shape = data_file("questions")["records"][group]
    label = pack.labels[shape["label"]]
    spec = _spec(group, pack)
    if spec is None:
        return
    orders_named = any(violation.orders for violation in progress.case().violations or ())
    beyond = f"{group}.none_but_orders" if orders_named else ""
    stated = _none_sentence(pack, beyond) or _none_sentence(pack, f"{group}.none")
    columns = tuple(
        _Part(name, kind, question.question, question.why, question.example, question.required)
        for name, kind in shape["fields"].items()
        if (question := _spec(f"{group}[].{name}", pack)) and (name != "method" or pack.methods)
    )
    none: Literal["refuse", "leave", "state"] = "state" if group in _STATED_WHEN_EMPTY else "leave"
    if spec.required and none == "leave":
        none = "refuse"
    records = _Records(group, label, spec.question, spec.why, spec.required, none, stated, columns)
    yield from _records(records, progress, pack)


def _none_sentence(pack: PolicyPack, key: str) -> Words | None:
    """The sentence with which the letter states an empty list."""
    patterns = pack.sentences.get(key)
    if patterns is None or not patterns.en or not patterns.zh:
        return None
    try:
        # How many orders the letter will name is not known yet.
        en, zh = (fill_pattern(pattern[0], uk=False, n=2) for pattern in (patterns.en, patterns.zh))
        return Words(en=en, zh=zh)
    except TemplateError:
        return None


def _declared(spec: FieldSpec, progress: Progress, case: Case) -> Iterator[Ask]:
    required = spec.required or _holds(spec, case)
    if spec.required_when is not None and not required:
        return
    stated = (
        Words(en=spec.none.en[0], zh=spec.none.zh[0]) if spec.none and spec.none.en and spec.none.zh else None
    )
    none: Literal["refuse", "leave", "state"] = "state" if spec.none else "refuse" if required else "leave"
    if spec.type == "records":
        columns = tuple(
            _Part(c.name, c.kind, c.label, spec.why, example, c.required)
            for c in spec.columns
            for example in [_example_of(spec, c)]
        )
        # Where the list itself may be left out, its own question decides; else the first column opens an entry.
        records = _Records(spec.name, spec.label, spec.question, spec.why, required, none, stated, columns)
        yield from _records(records, progress, None)
    elif progress.is_open((spec.name,)):
        options = tuple(Option(o, Words(en=o, zh=o)) for o in spec.options)
        kind: AskKind = "choice" if options else "list" if spec.type == "list" else "value"
        suggested = progress.found.get(spec.kind, ()) if spec.type == "list" else ()
        yield Ask(
            spec.name, (spec.name,), kind, "option" if options else spec.kind, spec.question, spec.why,
            spec.example.strip("[]"), required, options, suggested, none, stated, title=spec.label,
        )  # fmt: skip


def _holds(spec: FieldSpec, case: Case) -> bool:
    condition = spec.required_when
    if condition is None:
        return False
    value = case.extra.get(condition.field, getattr(case, condition.field, None))
    return value in condition.is_ if condition.is_ else bool(value)


def _example_of(spec: FieldSpec, column: Column) -> str:
    try:
        shown = parse_yaml(spec.example, "example").data
    except UnreadableYaml:
        return ""
    value = (
        shown[0].get(column.name)
        if isinstance(shown, list) and shown and isinstance(shown[0], dict)
        else None
    )
    return value if isinstance(value, str) and value != "…" else ""


@dataclass(frozen=True)
class _Part:
    name: str
    kind: str
    question: Words
    why: Words
    example: str
    required: bool


@dataclass(frozen=True)
class _Records:
    group: str
    label: Words
    question: Words
    why: Words
    required: bool
    none: Literal["refuse", "leave", "state"]
    stated: Words | None
    parts: tuple[_Part, ...]


def _records(records: _Records, progress: Progress, pack: PolicyPack | None) -> Iterator[Ask]:
    """The questions of a list: is there any, each open field of each entry, is there another."""
    group = records.group
    entries = progress.value((group,))
    known = entries if isinstance(entries, list | tuple) else ()
    for n, _ in enumerate(known):
        for part in records.parts:
            if progress.is_open((group, n, part.name)):
                yield from _part(records, part, n, progress, pack)
    if progress.adding == group:
        yield from _part(records, records.parts[0], len(known), progress, pack, entry=group)
    elif not known:
        if not progress.is_open((group,)):
            return
        if records.none == "refuse":
            opening = list(_part(records, records.parts[0], 0, progress, pack, entry=group))
            # The list's own question says what is asked for at all; it stands above its first field.
            yield from (replace(ask, intro=records.question) for ask in opening)
        else:
            yield Ask(
                group, (group,), "have", "have", records.question, records.why, "", records.required,
                none=records.none, stated=records.stated, title=records.label,
            )  # fmt: skip
    elif group not in progress.closed and f"{group}[]" not in progress.put_off:
        yield Ask(
            f"{group}[]", (group, len(known)), "more", "more", records.question, records.why,
            title=records.label, so_far=len(known),
        )  # fmt: skip


def _part(
    records: _Records, part: _Part, n: int, progress: Progress, pack: PolicyPack | None, entry: str = ""
) -> Iterator[Ask]:
    group = records.group
    at = progress.value((group, n))
    own: Mapping[str, Any] = at if isinstance(at, Mapping) else {}
    if part.name == "count_of" and (own.get("count") is None or is_todo(own.get("count"))):
        return
    options: tuple[Option, ...] = ()
    kind: AskKind = "value"
    if part.kind == "method" and pack is not None:
        options, kind = tuple(Option(m.id, m.label) for m in pack.methods), "choice"
    elif part.kind in ("orders", "asins", "evidence"):
        kind = "list"
    suggested = progress.found.get(part.kind, ())
    start = own.get("from")
    if part.name == "to" and isinstance(start, str) and not is_todo(start):
        suggested = (start,)
    if part.kind == "evidence":
        listed = progress.value(("attachments",))
        suggested = (
            tuple(str(a.get("title")) for a in listed if isinstance(a, Mapping) and a.get("title"))
            if isinstance(listed, list | tuple)
            else ()
        )
        suggested = suggested[:1] if len(suggested) == 1 else ()
    number = n + 1
    yield Ask(
        f"{group}[{n}].{part.name}", (group, n, part.name), kind, part.kind, part.question, part.why, part.example,
        part.required, options, suggested, "refuse" if part.required else "leave",
        title=Words(en=f"{records.label.en} {number}", zh=f"{records.label.zh} {number}"), entry=entry, so_far=n,
    )  # fmt: skip


# ---------------------------------------------------------------- what kind of value stands where


def kind_at(place: Place, pack: PolicyPack) -> str:
    """The kind of value that belongs at a place of the facts, `text` where nothing special is known."""
    path = re.sub(r"\[\d+\]", "[]", dotted(place))
    values: Mapping[str, str] = data_file("questions")["values"]
    if path in values:
        return values[path]
    group, _, name = path.partition("[].")
    shape = data_file("questions")["records"].get(group)
    if shape and name:
        return str(shape["fields"].get(name.removesuffix("[]"), "text"))
    declared = pack.field(group.removesuffix("[]"))
    if declared is not None:
        column = next((c for c in declared.columns if c.name == name), None)
        return column.kind if column else declared.kind
    return "policy" if group.startswith("policies") else "text"
