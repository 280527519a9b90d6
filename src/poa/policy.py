"""Policy packs: everything a kind of violation knows, as data.

A pack is a folder with a `pack.yaml`; further YAML files in the folder each add top-level keys to it.
`common.yaml` beside the packs holds the wording that all of them share until they say otherwise, and
`shared.yaml` the sections, fields, demands and policies that a pack takes up by name. A violation type is added
by adding a folder: no Python knows a pack's name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from poa.errors import Fault, PackError
from poa.lined_yaml import Document, Place, UnreadableYaml, read_yaml, shown
from poa.resources import packs_dir

__all__ = [
    "COMMON_GROUPS",
    "Column",
    "Cover",
    "DemandKind",
    "FieldSpec",
    "ForbiddenPhrase",
    "Keep",
    "Method",
    "PolicyName",
    "PolicyPack",
    "QuestionSpec",
    "Route",
    "SectionSpec",
    "Stance",
    "Words",
    "common_data",
    "list_packs",
    "load_pack",
    "model_faults",
    "pack_for",
    "pack_schema",
]

# The parts of the common facts shape that a pack can use, each with the letter's items it becomes.
COMMON_GROUPS = (
    "violations",
    "policies",
    "third_parties",
    "customer_accounts",
    "remaining_reviews",
    "root_causes",
    "actions_taken",
    "preventive_measures",
    "metrics",
    "attachments",
)
# What every letter has, whatever the facts hold.
FIXED_GROUPS = ("notice", "apology", "request", "signature")
# What only a letter that admits can say: an appeal that denies has no place for any of it.
ADMISSIONS = ("violations", "policies", "root_causes", "apology")

Stance = Literal["admit", "explain", "deny"]
Wanted = Literal["plan-of-action", "explanation", "documents", "dispute"]

ValueKind = Literal[
    "date",
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
    "name",
    "policy",
    "quote",
    "phrase",
    "text",
]


class Frozen(BaseModel):
    """Base of every value read from a file: closed to unknown keys, and not to be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Words(Frozen):
    """The same words in English and in Chinese."""

    en: str
    zh: str

    def say(self, lang: str) -> str:
        """The words in one of the two languages."""
        return self.zh if lang == "zh" else self.en


class Patterns(Frozen):
    """Ways of saying one thing, as jinja2 patterns; the letter takes turns among them."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class Method(Frozen):
    """One way of breaking the policy: `act` names it as a gerund, in the policy's own words."""

    id: str
    aliases: tuple[str, ...] = ()
    label: Words
    act: Words


class JointAct(Frozen):
    """How the acts of several methods are named together, where one after another would repeat their words."""

    methods: tuple[str, ...]
    act: Words


class PolicyName(Frozen):
    """A policy's name as the letter writes it, and the short forms that mean the same."""

    name: str
    zh: str
    short_forms: tuple[str, ...] = ()


class ForbiddenPhrase(Frozen):
    """A phrase that no letter of this pack may hold, and why."""

    phrase: str
    lang: Literal["en", "zh"] = "en"
    reason: Words

    def stands_in(self, text: str) -> bool:
        """Whether a text holds the phrase, as whole words and in any case."""
        words = re.escape(self.phrase).replace(r"\ ", r"\s+")
        pattern = words if self.lang == "zh" else rf"(?<!\w){words}(?!\w)"
        return re.search(pattern, text.replace("’", "'"), re.IGNORECASE) is not None


class Keep(Frozen):
    """Words of which one at least must stay in an item, however it is reworded."""

    item: str
    any_of: tuple[str, ...]
    reason: Words


class SectionSpec(Frozen):
    """A section of the letter: the groups it holds, in order. `place` pins it to the start or the end."""

    id: str
    title: Words | None = None
    lead: Words | None = None
    groups: tuple[str, ...]
    place: Literal["start", "body", "end"] = "body"
    polish: bool = True


class QuestionSpec(Frozen):
    """What to ask for a key of the facts file; `[]` in the path stands for each entry of a list."""

    path: str
    required: bool
    why: Words
    question: Words
    example: str


class DemandKind(Frozen):
    """One thing notices ask for: recognised by its words, answered by groups of the facts.

    A demand is of this kind when one of `words` stands in it (each a set of words that must all occur).
    """

    id: str
    words: tuple[str, ...]
    answered_by: tuple[str, ...]
    # A demand about something that the facts state to be none is answered by that statement.
    settled_when_none: str | None = None
    question: Words


class Column(Frozen):
    """One field of a declared record: its kind says how it is validated, masked and checked."""

    name: str
    kind: ValueKind
    label: Words
    required: bool = False


class Condition(Frozen):
    """Holds when a field of the facts has one of the given values (or, with none given, any at all)."""

    field: str
    is_: tuple[str, ...] = Field(default=(), alias="is")


class FieldSpec(Frozen):
    """A field that this pack asks for beyond the common shape of a facts file."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Literal["text", "value", "choice", "list", "records"]
    kind: ValueKind = "text"  # of a `value`, or of each entry of a `list`
    options: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    aspect: Literal["done", "planned", "state"] = "state"
    label: Words
    why: Words
    question: Words
    example: str
    required: bool = False
    required_when: Condition | None = None
    # Sentences: `say` for a value, one entry or a choice; `lead` and `entry` for several; `none` when empty.
    say: Patterns | None = None
    lead: Patterns | None = None
    entry: Patterns | None = None
    none: Patterns | None = None


class Cover(Frozen):
    """Two columns of a declared list that are held against each other, thing by thing.

    For each value of the column `per`, the sum of `enough` must reach `of`; else the warning is said, in which
    {per}, {have}, {need} and {short} are filled in.
    """

    field: str
    per: str
    enough: str
    of: str
    warning: Words


class Length(Frozen):
    """The letter's length budget in English words."""

    words: int
    most_words: int


class Route(Frozen):
    """One way to answer the same notification: to acknowledge, or to show that it is in error.

    What a route leaves out is the pack's own. The first route is taken while the facts name none.
    """

    id: str
    title: Words
    when: Words  # what must be true for a seller to take it
    # Of the first route: facts that name none are read as taking it, and nothing is said to be missing.
    usual: bool = False
    document: Wanted | None = None
    stance: Stance | None = None
    uses: tuple[str, ...] | None = None
    sections: tuple[SectionSpec, ...] | None = None
    sentences: Mapping[str, Patterns] = {}
    questions: tuple[QuestionSpec, ...] = ()
    forbidden: tuple[ForbiddenPhrase, ...] = ()


class PolicyPack(Frozen):
    """Everything the program knows about one kind of violation."""

    pack: str
    title: Words
    # What Amazon wants for this violation, and whether the letter admits, explains or disputes.
    document: Wanted
    stance: Stance
    # Said to the seller before anything is drafted: no ordinary plan, or a matter for a lawyer.
    advice: Words | None = None
    manner: str = ""  # a shared set of sentences, between the common ones and the pack's own
    answers: tuple[str, ...]  # the notices' violation names that lead to this pack
    sources: tuple[str, ...] = ()
    uses: tuple[str, ...]  # the common groups that apply
    fields: tuple[FieldSpec, ...] = ()
    sections: tuple[SectionSpec, ...]
    routes: tuple[Route, ...] = ()
    methods: tuple[Method, ...] = ()
    joint_acts: tuple[JointAct, ...] = ()
    policies: tuple[PolicyName, ...] = ()
    keep: tuple[Keep, ...] = ()
    forbidden: tuple[ForbiddenPhrase, ...] = ()
    demands: tuple[DemandKind, ...] = ()
    covers: tuple[Cover, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    labels: Mapping[str, Words]
    sentences: Mapping[str, Patterns]
    length: Length

    def method(self, name: str) -> Method | None:
        """The method of that name or alias, or None: the facts then name another one."""
        return next((m for m in self.methods if name == m.id or name in m.aliases), None)

    def policy(self, name: str) -> PolicyName | None:
        """The known policy that a name means, by its full name or a short form, or None."""
        wanted = _plain(name)
        for policy in self.policies:
            if wanted in {_plain(form) for form in (policy.name, *policy.short_forms)}:
                return policy
        return None

    def field(self, name: str) -> FieldSpec | None:
        """The declared field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def on_route(self, name: str | None) -> PolicyPack:
        """The pack as one of its routes has it; the first route where the facts name none.

        A pack without routes is its own. A name that is no route is taken like none.
        """
        if not self.routes:
            return self.model_copy(update={"forbidden": self._forbidden(self.stance, ())})
        route = next((route for route in self.routes if route.id == name), self.routes[0])
        sections = route.sections or self.sections
        placed = {group for section in sections for group in section.groups}
        own = {question.path for question in route.questions}
        changes = {
            "document": route.document or self.document,
            "stance": route.stance or self.stance,
            "uses": self.uses if route.uses is None else route.uses,
            "sections": sections,
            "fields": tuple(field for field in self.fields if field.name in placed),
            "sentences": {**self.sentences, **route.sentences},
            "questions": (*(q for q in self.questions if q.path not in own), *route.questions),
            "forbidden": self._forbidden(route.stance or self.stance, route.forbidden),
        }
        return self.model_copy(update=changes)

    def _forbidden(self, stance: Stance, own: tuple[ForbiddenPhrase, ...]) -> tuple[ForbiddenPhrase, ...]:
        """What a letter of this stance may not hold: one that denies has no word of admission."""
        phrases = {phrase.phrase: phrase for phrase in (*self.forbidden, *own)}
        if stance == "deny":
            phrases = {phrase.phrase: phrase for phrase in _denying()} | phrases
        return tuple(phrases.values())

    @property
    def asks_route(self) -> bool:
        """Whether facts that name no route leave it open which letter is wanted."""
        return bool(self.routes) and not self.routes[0].usual

    def section_of(self, group: str) -> str:
        """The id of the section that holds a group; empty when the letter has no place for it."""
        return next((section.id for section in self.sections if group in section.groups), "")


def load_pack(name: str, pack_dir: Path | None = None) -> PolicyPack:
    """The pack of that name, from the user's folder of packs when one is given, else from the program's own.

    Raises `PackError` with file, line and key of everything that does not hold together.
    """
    for parent in _parents(pack_dir):
        # The name is looked for among the folders and never made into a path.
        if name in _names_in(parent):
            # The tests hold what ships with the program to every rule: only others' packs are proven here.
            return _load(parent / name, proven=pack_dir is None)
    known = list_packs(pack_dir)
    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"known packs: {', '.join(known)}"
    raise PackError([Fault("pack.yaml", "pack", shown(name), f"is no known pack; {hint}")])


def list_packs(pack_dir: Path | None = None) -> tuple[str, ...]:
    """The names of all packs that can be loaded, sorted."""
    return tuple(sorted({name for parent in _parents(pack_dir) for name in _names_in(parent)}))


def pack_for(violation: str, pack_dir: Path | None = None) -> str:
    """The name of the pack that answers notifications of that violation; the one for `unknown` when none does."""
    answering = {
        answered: name
        for name in reversed(list_packs(pack_dir))
        for answered in load_pack(name, pack_dir).answers
    }
    return answering.get(violation, answering.get("unknown", ""))


def _parents(pack_dir: Path | None) -> tuple[Path, ...]:
    return (packs_dir(),) if pack_dir is None else (pack_dir, packs_dir())


def _names_in(parent: Path) -> frozenset[str]:
    return _own_names() if parent == packs_dir() else _names_found(parent)


@cache
def _own_names() -> frozenset[str]:
    return _names_found(packs_dir())


def _names_found(parent: Path) -> frozenset[str]:
    return frozenset(file.parent.name for file in parent.glob("*/pack.yaml"))


@cache
def _load(folder: Path, proven: bool = False) -> PolicyPack:
    """The pack in the folder; `proven` leaves out the reading of each sentence, ten times as long as the rest."""
    try:
        parts = [read_yaml(file, f"{folder.name}/{file.name}") for file in sorted(folder.glob("*.yaml"))]
    except UnreadableYaml as problem:
        raise PackError(problem.faults) from None
    merged, faults = _merge(parts)
    faults += _take_up_shared(merged, _Sources(parts))
    for key, default in common_data()["pack"].items():
        own = merged.get(key)
        if isinstance(default, dict):
            merged[key] = {**default, **(own if isinstance(own, dict) else {})}
        elif isinstance(default, list):
            merged[key] = _with_own(default, own if isinstance(own, list) else [], _NAMED_BY[key])
    try:
        pack = PolicyPack.model_validate(merged)
    except ValidationError as error:
        faults += [fault for fault in model_faults(error, PolicyPack, _Sources(parts)) if fault not in faults]
        raise PackError(faults) from None
    faults += _disagreements(pack, folder.name, _Sources(parts))
    if not proven:
        faults += _wrong_covers(pack, _Sources(parts))
        faults += _wrong_patterns(pack, _Sources(parts))
    if faults:
        raise PackError(faults)
    return pack


# The lists whose entries can be a shared one: its name alone, or `like: NAME` and what differs.
_SHARED = ("sections", "fields", "demands", "policies")


def _take_up_shared(merged: dict[str, Any], sources: _Sources) -> list[Fault]:
    """Puts the shared entry in place of each that a pack names, with the pack's own keys over it."""
    shared = common_data()["shared"]
    faults: list[Fault] = []
    manner = merged.get("manner")
    if isinstance(manner, str) and isinstance(merged.setdefault("sentences", {}), dict):
        if manner not in shared["manners"]:
            rule = "is no known manner" + nearest(manner, shared["manners"])
            faults.append(sources.fault(("manner",), rule, manner))
        merged["sentences"] = {**shared["manners"].get(manner, {}), **merged["sentences"]}
    faults += _with_shared(merged, ("routes", *_SHARED), (), sources)
    for n, route in enumerate(merged.get("routes") or ()):
        faults += _with_shared(route, _SHARED, ("routes", n), sources)
    if isinstance(merged.setdefault("policies", []), list):
        # A seller may name any of Amazon's policies; the pack's own come first.
        named = {policy.get("name") for policy in merged["policies"] if isinstance(policy, dict)}
        merged["policies"] += [policy for name, policy in shared["policies"].items() if name not in named]
    return faults


def _with_shared(part: Any, keys: Iterable[str], at: Place, sources: _Sources) -> list[Fault]:
    """Fills in the shared entries of these lists of a pack or of a route; gives back those that are unknown."""
    shared = common_data()["shared"]
    faults: list[Fault] = []
    for key in keys:
        entries = part.get(key) if isinstance(part, dict) else None
        if not isinstance(entries, list):
            continue
        filled = []
        for n, entry in enumerate(entries):
            name = entry.get("like") if isinstance(entry, dict) else entry
            own = {k: v for k, v in entry.items() if k != "like"} if isinstance(entry, dict) else {}
            if not isinstance(name, str):
                filled.append(entry)
            elif name in shared[key]:
                common = shared[key][name]
                if key == "demands" and isinstance(own.get("words"), list):
                    own = {**own, "words": own["words"] + common["words"]}
                filled.append({**common, **own})
            else:
                rule = f"is no shared entry of {key}" + nearest(name, shared[key])
                faults.append(sources.fault((*at, key, n), rule, name))
        part[key] = filled
    return faults


# What makes an entry of a common list the same as one of a pack's own, which then stands in its place.
_NAMED_BY = {"questions": "path", "keep": "item", "forbidden": "phrase"}


def _with_own(default: list[Any], own: list[Any], name: str) -> list[Any]:
    """The common entries, each replaced by the pack's own of the same name; then the pack's further ones."""
    owned = {entry.get(name): entry for entry in own if isinstance(entry, dict)}
    common = [owned.pop(entry[name], entry) for entry in default]
    return common + [entry for entry in own if not isinstance(entry, dict) or entry.get(name) in owned]


def _merge(parts: Iterable[Document]) -> tuple[dict[str, Any], list[Fault]]:
    merged: dict[str, Any] = {}
    faults: list[Fault] = []
    for part in parts:
        if not isinstance(part.data, dict):
            faults.append(part.fault((), "must be a mapping of keys to values"))
            continue
        for key, value in part.data.items():
            if key in merged:
                faults.append(part.fault((key,), "stands in two files of the pack; keep one"))
            merged.setdefault(key, value)
    return merged, faults


class _Sources:
    """The files a pack was read from, answering like one document."""

    def __init__(self, parts: Iterable[Document]) -> None:
        self._parts = [part for part in parts if isinstance(part.data, dict)]

    def fault(self, place: Place, rule: str, value: object = "") -> Fault:
        """A fault at the place, in the file that holds its top-level key."""
        owner = next((part for part in self._parts if place and place[0] in part.data), self._parts[0])
        return owner.fault(place, rule, value)


def _disagreements(pack: PolicyPack, folder: str, sources: _Sources) -> list[Fault]:
    """What pydantic cannot see: keys that point at each other and miss."""
    faults: list[Fault] = []
    if pack.pack != folder:
        faults.append(sources.fault(("pack",), f"must be the folder's name, {folder}", pack.pack))
    if pack.routes:
        for n, route in enumerate(pack.routes):
            faults += _of_one_route(pack.on_route(route.id), sources, ("routes", n))
    else:
        faults += _of_one_route(pack, sources, ())
    placed = {
        group
        for sections in (pack.sections, *(route.sections or () for route in pack.routes))
        for section in sections
        for group in section.groups
    }
    homeless = [field.name for field in pack.fields if field.name not in placed]
    faults += [sources.fault(("sections",), f"has no section for the field {name}") for name in homeless]
    for n, field in enumerate(pack.fields):
        faults += [sources.fault(("fields", n), rule, field.name) for rule in _field_rules(field)]
        if field.name in {*COMMON_GROUPS, *FIXED_GROUPS, "schema", "pack", "route", "language", "seller"}:
            faults.append(sources.fault(("fields", n, "name"), "is a common key; choose another", field.name))
    faults += _named_twice(sources, "methods", [n for m in pack.methods for n in (m.id, *m.aliases)])
    known = {method.id for method in pack.methods}
    faults += [
        sources.fault(("joint_acts", n, "methods"), "names a method that the pack does not have", name)
        for n, joint in enumerate(pack.joint_acts)
        for name in joint.methods
        if name not in known
    ]
    faults += _named_twice(sources, "fields", [field.name for field in pack.fields])
    faults += _named_twice(sources, "routes", [route.id for route in pack.routes])
    return faults + list(_wrong_questions(pack, sources))


def _wrong_questions(pack: PolicyPack, sources: _Sources) -> Iterator[Fault]:
    """Questions for parts of a facts file that do not exist; a declared field asks its own."""
    common = {question["path"] for question in common_data()["pack"]["questions"]}
    common |= set(common_data()["shared"]["askable"])
    asked: list[tuple[Place, tuple[QuestionSpec, ...]]] = [(("questions",), pack.questions)]
    asked += [(("routes", n, "questions"), route.questions) for n, route in enumerate(pack.routes)]
    for at, questions in asked:
        for n, question in enumerate(questions):
            if question.path not in common:
                rule = "asks for no common part of a facts file" + nearest(question.path, common)
                yield sources.fault((*at, n, "path"), rule, question.path)


def _named_twice(sources: _Sources, key: str, names: list[str]) -> list[Fault]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [sources.fault((key,), f"names the same {key[:-1]} twice", name) for name in twice]


def _of_one_route(pack: PolicyPack, sources: _Sources, at: Place) -> list[Fault]:
    """What is wrong with the groups and sections of a pack as one route has it."""
    faults: list[Fault] = []
    groups = {*COMMON_GROUPS, *FIXED_GROUPS, *(field.name for field in pack.fields)}
    for n, group in enumerate(pack.uses):
        if group not in COMMON_GROUPS:
            rule = f"is no common group; allowed: {', '.join(COMMON_GROUPS)}"
            faults.append(sources.fault((*at, "uses", n), rule, group))
        elif not pack.section_of(group):
            faults.append(
                sources.fault((*at, "sections"), f"has no section for {group}, which the pack uses")
            )
    for n, section in enumerate(pack.sections):
        for m, group in enumerate(section.groups):
            place = (*at, "sections", n, "groups", m)
            if group not in groups:
                rule = "is neither a common group nor a declared field" + nearest(group, groups)
                faults.append(sources.fault(place, rule, group))
            elif group in COMMON_GROUPS and group not in pack.uses:
                faults.append(sources.fault(place, "is not among the groups that the pack uses", group))
            elif pack.stance == "deny" and group in ADMISSIONS:
                rule = "admits, and a letter with stance deny must not; leave the group out"
                faults.append(sources.fault(place, rule, group))
    return faults


def _wrong_covers(pack: PolicyPack, sources: _Sources) -> Iterator[Fault]:
    """Comparisons of columns that no declared list has, or whose warning asks for unknown words."""
    for n, cover in enumerate(pack.covers):
        field = pack.field(cover.field)
        lists = {known.name for known in pack.fields if known.type == "records"}
        if field is None or field.name not in lists:
            rule = "is no declared list with columns" + nearest(cover.field, lists)
            yield sources.fault(("covers", n, "field"), rule, cover.field)
            continue
        columns = {column.name: column.kind for column in field.columns}
        for key in ("per", "enough", "of"):
            name = getattr(cover, key)
            if name not in columns:
                rule = f"is no column of {field.name}" + nearest(name, columns)
                yield sources.fault(("covers", n, key), rule, name)
            elif key != "per" and columns[name] != "number":
                yield sources.fault(("covers", n, key), "must be a column of kind number", name)
        for lang in ("en", "zh"):
            try:
                getattr(cover.warning, lang).format_map(dict.fromkeys(("per", "have", "need", "short"), ""))
            except (KeyError, ValueError, IndexError, AttributeError):
                rule = "may fill in {per}, {have}, {need} and {short} only"
                yield sources.fault(("covers", n, "warning", lang), rule, "")


def _wrong_patterns(pack: PolicyPack, sources: _Sources) -> Iterator[Fault]:
    """Sentences that cannot be read, or that ask for words which nobody fills in."""
    from poa.patterns import words_of_pattern

    known = common_data()["pack"]["sentences"]
    given = common_data()["shared"]["given"]
    spoken: list[tuple[Place, Mapping[str, Patterns]]] = [(("sentences",), pack.sentences)]
    spoken += [(("routes", n, "sentences"), route.sentences) for n, route in enumerate(pack.routes)]
    for at, sentences in spoken:
        for key, patterns in sentences.items():
            if key not in known:
                yield sources.fault((*at, key), "is no sentence of the letter" + nearest(key, known), key)
                continue
            allowed = {word for pattern in _all_of(known[key]) for word in words_of_pattern(pattern)}
            allowed |= set(given.get(key, ()))
            yield from _pattern_faults(patterns, allowed | {"uk"}, sources, (*at, key))
    for n, field in enumerate(pack.fields):
        columns = {column.name for column in field.columns} or {field.name}
        for key, allowed in (
            ("say", {*columns, "value", "statement"}),
            ("entry", {*columns, "value"}),
            ("lead", {"n"}),
            ("none", set()),
        ):
            patterns = getattr(field, key)
            if patterns is not None:
                yield from _pattern_faults(patterns, {*allowed, "uk"}, sources, ("fields", n, key))


def _all_of(patterns: Mapping[str, list[str]]) -> list[str]:
    return [pattern for lang in ("en", "zh") for pattern in patterns.get(lang, ())]


def _pattern_faults(patterns: Patterns, allowed: set[str], sources: _Sources, at: Place) -> Iterator[Fault]:
    from poa.patterns import TemplateError, words_of_pattern

    for lang in ("en", "zh"):
        for n, pattern in enumerate(getattr(patterns, lang)):
            try:
                unknown = words_of_pattern(pattern) - allowed
            except TemplateError as problem:
                yield sources.fault((*at, lang, n), f"is no readable pattern: {problem}", pattern)
                continue
            if unknown:
                rule = f"asks for {', '.join(sorted(unknown))}; known here: {', '.join(sorted(allowed))}"
                yield sources.fault((*at, lang, n), rule, pattern)


def _field_rules(field: FieldSpec) -> Iterable[str]:
    if field.type == "records" and not field.columns:
        yield "is of type records and must name its columns"
    if field.type == "choice" and not field.options:
        yield "is of type choice and must name its options"
    if field.type in ("records", "list") and not (field.lead and field.entry and field.say):
        yield "needs the sentences say (one entry), lead and entry (several)"
    if field.type in ("text", "value", "choice") and not field.say:
        yield "needs the sentence say"


def model_faults(error: ValidationError, model: type[BaseModel], document: Any) -> list[Fault]:
    """Each of pydantic's complaints as a fault with line and path, in a person's words.

    `document` is anything with `fault(place, rule, value)`.
    """
    faults = []
    for detail in error.errors():
        place = tuple(step for step in detail["loc"] if not str(step).startswith("function-"))
        kind, value = detail["type"], detail.get("input")
        context = detail.get("ctx", {})
        if kind == "extra_forbidden":
            known = known_keys(model, place[:-1])
            rule, value = "is no known key" + nearest(str(place[-1]), known), ""
        elif kind == "missing":
            rule, value = "is missing and must be given", ""
        elif kind == "value_error":
            rule = str(context.get("error", detail["msg"]))
        elif kind == "literal_error":
            rule = f"must be one of {context.get('expected', '').replace(' or ', ', ')}"
        elif kind in ("tuple_type", "list_type"):
            rule = "must be a list: each entry on its own line after a dash, or [] for none"
        elif kind in ("model_type", "dict_type", "model_attributes_type", "mapping_type"):
            rule, value = "must be a mapping of keys to values", value if isinstance(value, str) else ""
        elif kind == "string_type":
            rule = "must be one text" if value is not None else "must not be empty"
            value = value if isinstance(value, str) else ""
        else:
            rule = detail["msg"][0].lower() + detail["msg"][1:]
        faults.append(document.fault(place, rule, value))
    return faults


def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a `pack.yaml`, for editors.

    What `common.yaml` gives is not required, and a section, field, demand or policy may be a shared one's name.
    """
    schema = PolicyPack.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A policy pack of poa"
    given = set(common_data()["pack"])
    schema["required"] = [key for key in schema["required"] if key not in given]
    shared = common_data()["shared"]
    for part in (schema["properties"], schema["$defs"]["Route"]["properties"]):
        for key in ("routes", *_SHARED):
            for listed in (part.get(key, {}), *part.get(key, {}).get("anyOf", ())):
                if "items" in listed:
                    listed["items"] = {"anyOf": [{"enum": sorted(shared[key])}, listed["items"]]}
    # With `like: NAME` an entry gives only what differs from the shared one.
    for model in ("Route", "SectionSpec", "FieldSpec", "DemandKind", "PolicyName"):
        whole = schema["$defs"][model]
        whole["properties"]["like"] = {"type": "string", "description": "the shared entry to start from"}
        whole["anyOf"] = [{"required": whole.pop("required")}, {"required": ["like"]}]
    return schema


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that suggests the known word nearest to a mistyped one."""
    known = sorted(known)
    near = difflib.get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def known_keys(model: type[BaseModel], place: Place) -> set[str]:
    """The keys that may stand at a place of a model's data."""
    for step in place:
        if isinstance(step, int):
            continue
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        inner = _inner_model(fields[str(step)].annotation) if str(step) in fields else None
        if inner is None:
            return set()
        model = inner
    return {info.alias or name for name, info in model.model_fields.items() if not info.exclude}


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner_model(arg))), None)


def _plain(name: str) -> str:
    words = name.lower().replace("'s", "").replace("’s", "").split()
    words = [word for word in words if word not in ("amazon", "the")]
    return " ".join(word.removesuffix("ies") + "y" if word.endswith("ies") else word for word in words)


@cache
def _denying() -> tuple[ForbiddenPhrase, ...]:
    return tuple(ForbiddenPhrase.model_validate(phrase) for phrase in common_data()["shared"]["denying"])


@cache
def common_data() -> Mapping[str, Any]:
    """The data that all packs share: marketplaces, lexicon, grammar words, and the packs' common wording.

    `{"pack": …, "marketplaces": …, "lexicon": …, "grammar": …}`, as plain dicts and lists of text.
    """
    common = packs_dir() / "common.yaml"
    try:
        data = {"pack": read_yaml(common).data}
        for name in ("marketplaces", "lexicon", "grammar", "shared"):
            data[name] = read_yaml(packs_dir() / f"{name}.yaml").data
    except UnreadableYaml as problem:
        raise PackError(problem.faults) from None
    return data
