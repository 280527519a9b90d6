"""Takes one answer into the facts: brought into form, held against the facts file's own rules, or refused."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from poa.errors import FactsError, Fault
from poa.interview.asks import Ask, Progress, kind_at, whole_pack
from poa.interview.words import command_in, is_todo, plain, rule_in, say, todo, yes_or_no
from poa.interview.words import data as data_file
from poa.lined_yaml import Document, Place, dotted
from poa.values import find_values

__all__ = [
    "Found",
    "Refused",
    "answered",
    "in_form",
    "none_taken",
    "put_off",
    "said_unknown",
    "with_answers",
    "with_found",
]

_SEPARATORS = {"evidence": r"[;；\n]", "asks": r"[,，、;；\s]+"}
_TYPED = ("date", "number", "percent", "order_id", "orders", "asin", "asins", "email", "token", "marketplace")


class Refused(Exception):  # noqa: N818 - an answer to be given again, not an error of the program
    """An answer that cannot be taken; the message says why in the user's language."""


def answered(progress: Progress, ask: Ask, text: str) -> tuple[Progress, str]:
    """The progress with this answer in it, and the value as it now stands in the facts; raises `Refused`."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused(say("undecodable", progress.lang))
    if ask.kind == "have":
        said = yes_or_no(text)
        if said is None:
            raise Refused(say("needs_yes_or_no", progress.lang))
        return (replace(progress, adding=ask.path), "") if said else none_taken(progress, ask)
    if ask.kind == "more":
        said = yes_or_no(text)
        if said is None:
            raise Refused(say("needs_yes_or_no", progress.lang))
        group = str(ask.place[0])
        if said:
            return replace(progress, adding=group), ""
        return replace(progress, closed=progress.closed | {group}), ""
    value = _value(progress, ask, text)
    if ask.value_kind == "evidence":
        return _with_evidence(progress, ask, value), "; ".join(value)
    if ask.value_kind == "route":
        value = str(value)
    after = _put(progress, ask.place, value, ask.entry)
    _hold(after, ask.place)
    shown = ", ".join(value) if isinstance(value, list) else str(value)
    return replace(after, adding="" if ask.entry else progress.adding), shown


def said_unknown(progress: Progress, ask: Ask) -> Progress:
    """The progress after "unknown": the place stays on the list, and is not asked again by itself."""
    return _left_open(progress, ask, "unknown")


def put_off(progress: Progress, ask: Ask) -> Progress:
    """The progress after "later": asked again in the next sitting."""
    return _left_open(progress, ask, "later")


def _left_open(progress: Progress, ask: Ask, state: Any) -> Progress:
    off = progress.put_off | {ask.path}
    if ask.kind == "more":
        return replace(progress, put_off=off)
    group = str(ask.place[0])
    if ask.entry and progress.value((group,)) not in (..., None) and not is_todo(progress.value((group,))):
        # Nothing of the further entry is known: there is no entry yet, and the list stays open.
        return replace(progress, adding="", put_off=off | {f"{group}[]"})
    place = (group,) if ask.entry else ask.place
    off = off | {dotted(place)}
    return replace(_put(progress, place, todo(state, progress.lang), ""), adding="", put_off=off)


def none_taken(progress: Progress, ask: Ask) -> tuple[Progress, str]:
    """The progress after "none": an empty list, or a value left out; raises `Refused` where neither can be."""
    group = str(ask.place[0])
    if ask.kind == "more" or (ask.entry and ask.so_far):
        return replace(progress, adding="", closed=progress.closed | {group}), ""
    if ask.none == "refuse":
        raise Refused(say("no_none", progress.lang))
    is_list = ask.kind in ("have", "list", "choices")
    return replace(_put(progress, ask.place, [] if is_list else None, ""), adding=""), ""


# ---------------------------------------------------------------- one value


def _value(progress: Progress, ask: Ask, text: str) -> Any:
    lang = progress.lang
    stripped = text.strip()
    if plain(stripped) in ("+", "同上"):
        if not ask.suggested:
            raise Refused(say("no_suggestion", lang))
        return list(ask.suggested) if ask.kind in ("list", "choices") else ask.suggested[0]
    if not stripped:
        raise Refused(say("needs_answer", lang))
    if ask.kind == "choice":
        return _chosen(ask, stripped, lang)
    if ask.kind == "choices":
        numbers = re.fullmatch(r"[\d,，、;；\s]+", plain(stripped))
        parts = re.split(r"[,，、;；\s]+" if numbers else r"[,，、;；]", plain(stripped))
        return list(dict.fromkeys(_chosen(ask, part.strip(), lang) for part in parts if part.strip()))
    if ask.kind == "list":
        free = ask.value_kind not in _TYPED
        separator = (
            _SEPARATORS["evidence"]
            if ask.value_kind == "evidence"
            else r"[,，、;；\n]"
            if free
            else _SEPARATORS["asks"]
        )
        parts = [part.strip() for part in re.split(separator, stripped) if part.strip()]
        return list(dict.fromkeys(in_form(ask.value_kind, part, lang) for part in parts))
    return in_form(ask.value_kind, stripped, lang)


def _chosen(ask: Ask, text: str, lang: str) -> str:
    bare = plain(text)
    if bare.isdecimal():
        number = int(bare) if len(bare) < 6 else 0
        if 1 <= number <= len(ask.options):
            return ask.options[number - 1].value
        raise Refused(say("no_choice", lang, n=len(ask.options)))
    for option in ask.options:
        if bare.lower() in (option.value.lower(), option.label.en.lower(), option.label.zh.lower()):
            return option.value
    if ask.value_kind in ("route", "option"):
        raise Refused(say("no_choice", lang, n=len(ask.options)))
    return text


def in_form(kind: str, text: str, lang: str = "en") -> str:
    """A typed answer in the one form the facts file writes it in; free text as it is. Raises `Refused`."""
    if kind not in _TYPED:
        return " ".join(text.split())
    bare = plain(text)
    if kind == "date":
        return _date(bare, lang)
    if kind in ("asin", "asins", "token"):
        return bare.upper()
    if kind == "number":
        return re.sub(r"(?<=\d)\s*(?:天|日|次|个|days?)$", "", bare)
    if kind in ("order_id", "orders"):
        return re.sub(r"[‐‑–—−]", "-", bare)
    return bare


def _date(text: str, lang: str) -> str:
    chinese = re.fullmatch(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", text)
    if chinese:
        year, month, day = (int(part) for part in chinese.groups())
        return f"{year:04}-{month:02}-{day:02}"
    found = [value for value in find_values(text) if value.kind == "date" and value.text == text]
    if not found:
        return text
    days = [day for day in found[0].canonical.split("|") if re.fullmatch(r"\d{4}-\d\d-\d\d", day)]
    if len(set(days)) > 1:
        raise Refused(say("ambiguous_date", lang))
    return days[0] if days else text


def _with_evidence(progress: Progress, ask: Ask, titles: Sequence[str]) -> Progress:
    """Evidence is named by its title; the attachment it means is listed when it is not there yet."""
    listed = progress.value(("attachments",))
    attachments = [dict(entry) for entry in listed] if isinstance(listed, list | tuple) else []
    ids = []
    for title in titles:
        known = next((a for a in attachments if title in (a.get("title"), a.get("id"))), None)
        if known is None:
            known = {"id": _next_id("E", attachments), "title": title}
            attachments.append(known)
        ids.append(known["id"])
    after = _put(_put(progress, ("attachments",), attachments, ""), ask.place, ids, "")
    _hold(after, ask.place)
    return after


# ---------------------------------------------------------------- into the facts


def _put(progress: Progress, place: Place, value: Any, entry: str) -> Progress:
    data = copy.deepcopy(dict(progress.data))
    at: Any = data
    for step, following in itertools.pairwise(place):
        at = _inside(at, step, following)
    if isinstance(place[-1], str):
        at[place[-1]] = value
    if entry:
        _number(data, entry)
    return replace(progress, data=data)


def _inside(at: Any, step: str | int, following: str | int) -> Any:
    """The container at a step, made when it is not there yet (or is only a TODO)."""
    empty: Any = [] if isinstance(following, int) else {}
    if isinstance(step, int):
        while len(at) <= step:
            at.append({})
        return at[step]
    if not isinstance(at.get(step), type(empty)):
        at[step] = empty
    return at[step]


def _number(data: dict[str, Any], group: str) -> None:
    """Gives each entry of a list its id where the list's entries carry one."""
    letter = data_file("questions")["records"].get(group, {}).get("id")
    entries = data.get(group)
    if not letter or not isinstance(entries, list):
        return
    for n, entry in enumerate(entries):
        if isinstance(entry, dict) and "id" not in entry:
            entries[n] = {"id": _next_id(letter, entries), **entry}


def _next_id(letter: str, entries: Sequence[Mapping[str, Any]]) -> str:
    used = {entry.get("id") for entry in entries}
    return next(f"{letter}{n}" for n in range(1, len(entries) + 2) if f"{letter}{n}" not in used)


def _hold(progress: Progress, place: Place) -> None:
    """Refuses what breaks a rule of the facts file."""
    try:
        progress.case()
    except FactsError as problem:
        here = [f for f in problem.faults if f.path.startswith(dotted(place))] or list(problem.faults)
        raise Refused(rule_in(here[0].rule, progress.lang)) from None


# ---------------------------------------------------------------- a whole file of answers


def with_answers(progress: Progress, answers: Document, facts_name: str) -> Progress:
    """The progress with every answer of a file, all of them or none.

    A key is a path (`seller.store_name`, `violations[0].from`) or nested like the facts file. Raises `FactsError` with
    each answer that breaks a rule or contradicts what the facts already say.
    """
    if not isinstance(answers.data, dict):
        raise FactsError(
            [answers.fault((), "must be a mapping of paths to answers, such as `seller.store_name: …`")]
        )
    pack = whole_pack(progress)
    faults: list[Fault] = []
    sources: dict[str, Place] = {}
    data = copy.deepcopy(dict(progress.data))
    for key, value in answers.data.items():
        place = _place_of(key)
        if place is None:
            faults.append(answers.fault((key,), "is no path, such as violations[0].statement"))
            continue
        for leaf, said in _leaves(place, value):
            source = (key, *leaf[len(place) :])
            sources[dotted(leaf)] = source
            try:
                stated = _stated(leaf, said, kind_at(leaf, pack), progress.lang)
                _merge(data, leaf, stated)
            except Refused as problem:
                faults.append(answers.fault(source, str(problem), said))
            except _Contradiction as problem:
                rule = f"contradicts {facts_name}, which says {problem}; change it there, or leave this answer out"
                faults.append(answers.fault(source, rule, said))
    for group in data_file("questions")["records"]:
        _number(data, group)
    after = replace(progress, data=data)
    try:
        after.case()
    except FactsError as problem:
        for fault in problem.faults:
            source = next(
                (sources[p] for p in sources if fault.path.startswith(p) or p.startswith(fault.path)), ()
            )
            line = answers.line(source)
            faults.append(
                Fault(answers.file, fault.path, fault.value, rule_in(fault.rule, progress.lang), line)
            )
    if faults:
        raise FactsError(sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0))
    given = {path.partition("[")[0] for path in sources}
    return replace(after, closed=after.closed | frozenset(given))


class Found(Protocol):
    """What was read from a story: facts in the shape of a facts file, and for each path the story's own words."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts found; what is unknown is absent or a TODO."""

    @property
    def sources(self) -> Mapping[str, str]:
        """The words of the story behind each path."""


def with_found(progress: Progress, found: Found) -> tuple[Progress, tuple[str, ...]]:
    """The progress with what a story says, where nothing is known yet; and the paths that were not taken.

    Nothing without the story's own words behind it is taken, and nothing that breaks a rule or contradicts the facts:
    the interview asks for it instead.
    """
    left: list[str] = []
    for key, value in found.facts.items():
        if key in ("schema", "pack", "language", "route"):
            continue
        for leaf, said in _leaves((key,), value):
            path = dotted(leaf)
            if said is None or is_todo(said) or leaf[-1] == "id":
                continue
            if not progress.is_open(leaf) or not _has_source(path, found.sources):
                if progress.value(leaf) != said:
                    left.append(path)
                continue
            after = _put(progress, leaf, said, str(key))
            try:
                _hold(after, leaf)
            except Refused:
                left.append(path)
            else:
                progress = after
    return progress, tuple(left)


def _has_source(path: str, sources: Mapping[str, str]) -> bool:
    return any(known == path or known.startswith(f"{path}[") for known in sources)


class _Contradiction(Exception):  # noqa: N818 - carries what the facts say
    pass


def _place_of(key: str) -> Place | None:
    if not re.fullmatch(r"[a-z_]+(\[\d{1,3}\])?(\.[a-z_]+(\[\d{1,3}\])?)*", key):
        return None
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[a-z_]+|\d+", key))


def _leaves(place: Place, value: Any) -> list[tuple[Place, Any]]:
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in _leaves((*place, key), inner)]
    if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        return [leaf for n, inner in enumerate(value) for leaf in _leaves((*place, n), inner)]
    return [(place, value)]


def _stated(place: Place, said: Any, kind: str, lang: str) -> Any:
    if isinstance(said, list):
        return [in_form(kind, str(entry), lang) for entry in said]
    if said is None or isinstance(said, dict):
        return None
    command = command_in(said) if len(said) < 20 else None
    if command in ("unknown", "later"):
        return todo(command, lang)
    if command == "none":
        top = len(place) == 1 and place[0] not in ("route", "pack", "language")
        return [] if top and f"{place[0]}" in _lists() else None
    typed = in_form(kind, said, lang)
    if place[-1] in ("orders", "asins", "policies", "evidence") or (
        len(place) == 1 and kind in ("asins", "orders")
    ):
        return [typed]
    return typed


def _lists() -> set[str]:
    return {*data_file("questions")["records"], "policies"}


def _merge(data: dict[str, Any], place: Place, value: Any) -> None:
    at: Any = data
    for step, following in itertools.pairwise(place):
        at = _inside(at, step, following)
    last = place[-1]
    if not isinstance(last, str):
        raise Refused("must be a mapping of keys to values")
    before = at.get(last)
    known = before is not None and not is_todo(before) and last in at
    if known and before != value and str(before) != str(value):
        raise _Contradiction(f"{before}" if isinstance(before, str) else "otherwise")
    at[last] = value
