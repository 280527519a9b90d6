"""The deterministic letter: every item of the outline said in the pack's sentences, in English or Chinese.

The same facts give the same letter to the byte. Nothing stands in it that the facts and the pack do not hold;
a detail that a seller's own statement already says is not said twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from poa.errors import FactsError, Fault, PackError
from poa.facts import Case
from poa.letter import Letter, Passage, Section
from poa.outline import Detail, Outline, RequiredItem, build_outline
from poa.patterns import TemplateError, fill_pattern
from poa.phrasing import (
    Calendar,
    and_list,
    covers,
    forbidden,
    given_away,
    is_bare_past,
    is_clause,
    is_order,
    is_promise,
    is_standing,
    is_timed,
    leads_in,
    names_count,
    names_day,
    opens_with_figure,
    our_role,
    past_verb_first,
    says_condition,
    says_when,
    sentences,
    split_first,
    tells,
    through,
    within,
)
from poa.policy import FieldSpec, Patterns, PolicyPack, common_data

__all__ = ["build_skeleton", "render_skeleton"]

Lang = Literal["en", "zh"]


def build_skeleton(case: Case, lang: Lang = "en", outline: Outline | None = None) -> Letter:
    """The deterministic letter about a case; `outline` is the case's own, where it was built already.

    Raises `FactsError` for an English letter while a Chinese statement of the case has no English.
    """
    pack = case.load_pack()
    if lang == "en":
        _refuse_untranslated(case)
    return render_skeleton(outline or build_outline(case, pack), pack, lang)


def render_skeleton(outline: Outline, pack: PolicyPack, lang: Lang = "en") -> Letter:
    """The deterministic letter of an outline: one passage per item, with the item's id."""
    voice = Voice(pack, outline, lang)
    sections = []
    for section_id in dict.fromkeys(item.section for item in outline.items):
        items = [item for item in outline.items if item.section == section_id]
        spec = next(section for section in pack.sections if section.id == section_id)
        passages = tuple(voice.passage(item, n) for item, n in _numbered(items))
        sections.append(
            Section(
                section_id,
                voice.line(spec.title.say(lang), n=len(items)) if spec.title else "",
                passages,
                spec.polish,
                voice.line(spec.lead.say(lang), n=len(items)) if spec.lead else "",
            )
        )
    return Letter(tuple(sections))


def _numbered(items: list[RequiredItem]) -> Iterator[tuple[RequiredItem, int]]:
    """Each item with its number among those of its own kind, from 0: the letter takes turns by it."""
    seen: dict[str, int] = {}
    for item in items:
        yield item, seen.get(item.kind, 0)
        seen[item.kind] = seen.get(item.kind, 0) + 1


def _refuse_untranslated(case: Case) -> None:
    faults = [
        Fault(case.source, question.path, "", f"is needed. {question.question_en} {question.question_zh}")
        for question in case.questions()
        if question.path.endswith("_en")
    ]
    if faults:
        raise FactsError(faults)


# A Chinese statement that opens with a time of its own, and a Chinese frequency that is a matter of cases.
_TIME_FIRST = re.compile(r"\d{2,4}年|\d{1,2}月|自|从|在\d|截至|去年|今年|当[天日月年]")
_CHINESE_CASES = re.compile(
    r"(?:每(?:一|[个条份次批件封名位])|所有|全部|任何)(?!.{0,2}[年月周日天]|.{0,2}(?:季度|小时|星期))"
)
# Kinds of item that tell what we did ourselves.
_OURS = frozenset({"admission", "cause", "action"})


@dataclass(frozen=True)
class Voice:
    """Says items in one language, in the pack's sentences and the marketplace's way with dates."""

    pack: PolicyPack
    outline: Outline
    lang: Lang

    @property
    def uk(self) -> bool:
        """Whether the marketplace spells the British way."""
        market = common_data()["marketplaces"].get(self.outline.marketplace, {})
        return bool(market.get("spelling") == "uk")

    @property
    def calendar(self) -> Calendar:
        """How this letter writes days."""
        return Calendar(self.lang, self.english_calendar.day_first)

    @property
    def english_calendar(self) -> Calendar:
        """How the English letter to this marketplace writes days."""
        market = common_data()["marketplaces"].get(self.outline.marketplace, {})
        return Calendar("en", market.get("dates") == "day-first")

    def passage(self, item: RequiredItem, n: int) -> Passage:
        """The passage that says the item; `n` is its number among those of its kind."""
        say, layout = _SAYINGS[item.kind]
        text = say(self, item, n)
        # A word in small letters is no name ("iLumen" is one): at the head it gets its capital.
        return Passage(item.id, text[0].upper() + text[1:] if re.match(r"[a-z]+\b", text) else text, layout)

    # ------------------------------------------------------------ sentences

    def say(self, key: str, turn: int = 0, /, **words: Any) -> str:
        """The pack's sentence of that key, with these words."""
        return self.fill(self.pack.sentences.get(key, Patterns()), f"sentences.{key}", turn, **words)

    def fill(self, patterns: Patterns, key: str, turn: int = 0, /, **words: Any) -> str:
        """One of the patterns, with these words."""
        choices = patterns.zh if self.lang == "zh" else patterns.en
        if not choices:
            raise self._pack_error(
                f"{key}.{self.lang}", "", "is a sentence the letter needs, and the pack has none"
            )
        return self.line(choices[turn % len(choices)], key, **words)

    def line(self, pattern: str, key: str = "", /, **words: Any) -> str:
        """The pattern with these words, on one line."""
        try:
            return fill_pattern(pattern, **words, uk=self.uk)
        except TemplateError as problem:
            rule = f"cannot be filled in: {problem.message}"
            raise self._pack_error(key or "sections", pattern, rule) from None

    def _pack_error(self, path: str, value: str, rule: str) -> PackError:
        return PackError([Fault(f"{self.pack.pack}/pack.yaml", path, value, rule)])

    def join(self, parts: list[str]) -> str:
        """Sentences one after another."""
        return ("" if self.lang == "zh" else " ").join(part for part in parts if part)

    def end(self, text: str) -> str:
        """The text with its full stop."""
        if not text or text[-1] in ".!?。！？":
            return text
        return text + ("。" if self.lang == "zh" else ".")

    # ------------------------------------------------------------ the facts' words

    def statement(self, item: RequiredItem) -> str:
        """The item's statement, its dates as the letter writes them; in English where no Chinese is known."""
        if self.lang == "zh" and item.statement_zh:
            return self.end(item.statement_zh)
        said = " ".join(sentences(self.english_calendar.restyled(item.statement)))
        if item.kind in _OURS and is_bare_past(said):
            # "Deleted both reviews": who did it goes without saying in a list, not in a letter.
            said = f"We {said[0].lower()}{said[1:]}"
        return said

    @cached_property
    def common_words(self) -> frozenset[str]:
        """The words that the facts write in small letters: they are no names."""
        said = (
            text for item in self.outline.items for text in (item.statement, *(d.text for d in item.details))
        )
        return frozenset(
            word for text in said for word in re.findall(r"(?<![\w.@/-])[a-z]{3,}\b(?![.@]\w)", text)
        )

    def quotes_english(self, item: RequiredItem) -> bool:
        """Whether a Chinese letter has to quote the item's English, because no Chinese is known."""
        return self.lang == "zh" and not item.statement_zh

    def says(self, item: RequiredItem, name: str) -> bool:
        """Whether the statement already says a detail, in words that this letter's reader can read."""
        detail = next((detail for detail in item.details if detail.name == name), None)
        if detail is None or self.quotes_english(item):
            return False
        if self.lang == "zh" and detail.text_zh and detail.text_zh in item.statement_zh:
            return True
        return covers(item.statement, detail.text)

    def words(self, item: RequiredItem, name: str, entry: int = 0) -> str:
        """A detail in this language, empty when the item has none of that name."""
        found = [d for d in item.details if d.name == name and entry in (0, d.entry)]
        return self._word(found[0]) if found else ""

    def _word(self, detail: Detail) -> str:
        if detail.kind == "date":
            return self.calendar.day(detail.text)
        if self.lang == "zh" and detail.text_zh:
            return detail.text_zh
        return (
            self.english_calendar.restyled(detail.text) if detail.kind in ("text", "phrase") else detail.text
        )

    def list(self, parts: tuple[str, ...] | list[str]) -> str:
        """The parts as a list inside a sentence."""
        return and_list(parts, self.lang)

    def role(self, item: RequiredItem, name: str) -> str:
        """A role as one of us; empty when none is named."""
        role = self.words(item, name)
        return our_role(role) if role and self.lang == "en" else role

    def quoted(self, quote: str) -> str:
        """A verbatim quote in quotation marks, with the sentence's end where the quote has none."""
        if self.lang == "zh":
            return f"“{quote}”" if quote[-1] in ".!?。！？" else f"“{quote}”。"
        return f'"{quote}"' if quote[-1] in ".!?。！？" else f'"{quote}".'


# ---------------------------------------------------------------- one saying for each kind of item


def _notice(voice: Voice, item: RequiredItem, _: int) -> str:
    words = {
        "date": voice.words(item, "received"),
        "store": item.detail("store") or "",
        "marketplace": item.detail("marketplace") or "",
        "reference": voice.words(item, "reference"),
    }
    return voice.say("notice", **words, **_parts_of_notice(voice, words))


def _parts_of_notice(voice: Voice, words: Mapping[str, str]) -> dict[str, str]:
    """The notification and the store, each as one phrase that a pack's own sentence takes up."""
    return {key: voice.say(key, **words) for key in ("notification", "our_store")}


def _admission(voice: Voice, item: RequiredItem, n: int) -> str:
    act, rest, when = _dated_act(voice, item)
    # How, by whom and in which words stands next to the act, before what the statement goes on to tell.
    parts = [act, _how(voice, item, when)]
    quote = item.detail("quote")
    if quote and quote not in voice.statement(item):
        parts.append(voice.say("admission.quote", n, quote=voice.quoted(quote)))
    parts += [rest, _compensation(voice, item, n), _count(voice, item), _orders_and_asins(voice, item)]
    return voice.join(parts)


def _dated_act(voice: Voice, item: RequiredItem) -> tuple[str, str, str]:
    """The act with its day or range where the two join, the statement's other sentences, the unsaid time."""
    statement = voice.statement(item)
    start, end = item.detail("from"), item.detail("to")
    when = voice.calendar.span(start, end)
    if voice.quotes_english(item):
        return voice.say("admission.quoted", when=when, statement=statement), "", ""
    first, rest = (statement, "") if voice.lang == "zh" else split_first(statement)
    if all(names_day(item.statement, day) for day in (start, end) if day):
        return first, rest, ""
    inner = _joinable(voice, first)
    if inner is None or not (start and end):
        return first, rest, when
    if start == end:
        return voice.say("admission.on_day", day=voice.calendar.day(start), statement=inner), rest, ""
    since, until = voice.calendar.first_and_last(start, end)
    return voice.say("admission.in_range", first=since, last=until, statement=inner), rest, ""


def _joinable(voice: Voice, sentence: str) -> str | None:
    """The sentence as it follows a date, or None where the two would not read as one."""
    if voice.lang == "zh":
        return None if _TIME_FIRST.match(sentence) else sentence
    if says_when(sentence) or opens_with_figure(sentence) or not is_clause(sentence):
        return None
    if re.match(r"[\w'-]+(?: [\w'-]+){0,3}:", sentence):
        return None
    return within(sentence, voice.common_words)


def _how(voice: Voice, item: RequiredItem, when: str) -> str:
    """By whom, through what and when, as far as the statement does not say so."""
    agent, channel = voice.role(item, "by"), voice.words(item, "channel")
    if agent == "we" or voice.says(item, "by"):
        agent = ""
    if voice.says(item, "channel"):
        channel = ""
    if channel and voice.lang == "en":
        channel = through(channel)
    if not (agent or channel or when):
        return ""
    return voice.say("admission.how", agent=agent, channel=channel, when=when)


def _compensation(voice: Voice, item: RequiredItem, n: int) -> str:
    offered = item.detail("compensation")
    if not offered or voice.says(item, "compensation"):
        return ""
    if voice.lang == "en" and tells(item.statement, offered):
        return ""
    if offered.lower() in ("none", "nothing", "no compensation", "no"):
        return voice.say("admission.no_compensation")
    given = voice.words(item, "compensation")
    return voice.say(
        "admission.compensation", n, compensation=given_away(given) if voice.lang == "en" else given
    )


def _count(voice: Voice, item: RequiredItem) -> str:
    count = item.detail("count")
    if not count or (not voice.quotes_english(item) and names_count(item.statement, count)):
        return ""
    if counted := voice.words(item, "count_of"):
        return voice.say("admission.count_of", count=f"{int(count):,}", count_of=counted)
    if count == "1":
        return voice.say("admission.count_once")
    words = common_data()["grammar"]["number_words"] if voice.lang == "en" and int(count) <= 10 else {}
    return voice.say("admission.count", count=words.get(count, f"{int(count):,}"))


def _orders_and_asins(voice: Voice, item: RequiredItem) -> str:
    spoken = voice.statement(item)
    orders = [order for order in item.all("order") if order not in spoken]
    asins = [asin for asin in item.all("asin") if asin not in spoken]
    names = [
        name + ("s" if len(found) > 1 else "")
        for name, found in (("order", orders), ("asin", asins))
        if found
    ]
    if not names:
        return ""
    words = {"orders": voice.list(orders) if orders else "", "asins": voice.list(asins) if asins else ""}
    return voice.say(f"admission.{'_and_'.join(names)}", **words)


def _policies(voice: Voice, item: RequiredItem, _: int) -> str:
    named = [detail for detail in item.details if detail.name == "policy"]
    policies = voice.list([_policy_name(voice, detail, n) for n, detail in enumerate(named)])
    acts = _acts(voice)
    if acts:
        return voice.say("policies.by_acts", acts=voice.list(acts), policies=policies)
    return voice.say("policies.by_conduct", policies=policies)


def _policy_name(voice: Voice, detail: Detail, n: int) -> str:
    if voice.lang == "zh":
        return detail.text_zh or detail.text
    name = detail.text
    for opening in ("Amazon's ", "Amazon’s ", "the ", "The "):
        name = name.removeprefix(opening)
    return f"the {name}" if n or name.startswith("Amazon") else f"Amazon's {name}"


def _acts(voice: Voice) -> list[str]:
    """The methods admitted, as acts; empty when one has no name of the pack's, or they are too many."""
    admissions = [item for item in voice.outline.items if item.kind == "admission"]
    acts = list(dict.fromkeys(voice.words(item, "method") for item in admissions))
    for joint in voice.pack.joint_acts:
        alone = [m.act.say(voice.lang) for m in voice.pack.methods if m.id in joint.methods]
        if set(alone) <= set(acts):
            acts = list(dict.fromkeys(joint.act.say(voice.lang) if act in alone else act for act in acts))
    return acts if acts and all(acts) and len(acts) <= 3 else []


def _none(voice: Voice, item: RequiredItem, _: int) -> str:
    key = f"{item.topic}.none"
    admissions = [other for other in voice.outline.items if other.kind == "admission"]
    orders = {order for admission in admissions for order in admission.all("order")}
    if orders and f"{key}_but_orders" in voice.pack.sentences:
        return voice.say(f"{key}_but_orders", n=len(orders))
    return voice.say(key)


def _listing(voice: Voice, item: RequiredItem, _: int) -> str:
    field = voice.pack.field(item.topic)
    entries = sorted({detail.entry for detail in item.details})
    if field is not None:
        return _declared_listing(voice, item, field, entries)
    say_entry, one = _ENTRIES[item.topic]
    said = [say_entry(voice, item, entry) for entry in entries]
    if len(said) == 1:
        return voice.end(voice.say(f"{item.topic}.one", **{one: said[0]}))
    return _lines(voice.say(f"{item.topic}.lead"), [voice.end(entry) for entry in said])


def _lines(lead: str, entries: list[str]) -> str:
    return "\n".join([lead, *(f"- {entry}" for entry in entries)])


def _third_party(voice: Voice, item: RequiredItem, entry: int) -> str:
    dates = {d.name: d.text for d in item.details if d.entry == entry and d.kind == "date"}
    service = voice.words(item, "service", entry).rstrip(".。")
    is_verb = voice.lang == "en" and past_verb_first(service)
    name = voice.words(item, "name", entry)
    if voice.lang == "en":
        service = (
            service[:1].lower() + service[1:] if is_verb else within(service, voice.common_words) or service
        )
    return voice.say(
        "third_parties.entry",
        name=name,
        person=re.match(r"(?:Mr|Ms|Mrs|Miss|Dr)\b", name) is not None,
        contact=voice.words(item, "contact", entry),
        service="" if is_verb else service,
        service_verb=service if is_verb else "",
        period=voice.calendar.span(dates.get("from"), dates.get("to")),
    )


def _customer_account(voice: Voice, item: RequiredItem, entry: int) -> str:
    order = voice.words(item, "order", entry)
    label = "订单 " if voice.lang == "zh" else "order "
    parts = [
        voice.words(item, "name", entry),
        voice.words(item, "email", entry),
        f"{label}{order}" if order else "",
    ]
    return voice.say("customer_accounts.entry", parts=[part for part in parts if part])


def _remaining_review(voice: Voice, item: RequiredItem, entry: int) -> str:
    review, asin = voice.words(item, "review", entry), voice.words(item, "asin", entry)
    note = voice.words(item, "note", entry)
    what = voice.say("remaining_reviews.what", review=review, asin=asin)
    is_sentence = note.endswith((".", "!", "?"))
    return voice.say(
        "remaining_reviews.entry",
        what=what,
        note=note.rstrip("。"),
        note_sentence=note if is_sentence else "",
    )


_ENTRIES: Mapping[str, tuple[Callable[[Voice, RequiredItem, int], str], str]] = {
    "third_parties": (_third_party, "party"),
    "customer_accounts": (_customer_account, "account"),
    "remaining_reviews": (_remaining_review, "review"),
}


def _declared_listing(voice: Voice, item: RequiredItem, field: FieldSpec, entries: list[int]) -> str:
    """A list that the pack declares, in the pack's own sentences."""
    assert field.say and field.lead and field.entry  # the pack's loader demands them
    names = [column.name for column in field.columns] or [field.name]
    said = [{name: _declared_word(voice, item, name, entry) for name in names} for entry in entries]
    if field.type == "list":
        said = [{**words, "value": words[field.name]} for words in said]
    key = f"fields.{field.name}"
    if len(said) == 1:
        return voice.fill(field.say, f"{key}.say", **said[0])
    lead = voice.fill(field.lead, f"{key}.lead", n=len(said))
    return _lines(lead, [voice.fill(field.entry, f"{key}.entry", **words) for words in said])


def _declared_word(voice: Voice, item: RequiredItem, name: str, entry: int) -> str:
    """A value of a list's entry; an English sentence that has no Chinese is quoted in the Chinese letter."""
    word = voice.words(item, name, entry)
    sentence = any(d.name == name and d.entry == entry and d.kind == "text" for d in item.details)
    return f"“{word}”" if voice.lang == "zh" and sentence and re.search(r"[a-z] .*[.!?]$", word) else word


def _declared_statement(voice: Voice, item: RequiredItem, _: int) -> str:
    field = voice.pack.field(item.topic)
    assert field is not None
    if not item.details and field.type != "text":
        assert field.none  # the outline states "none" only where the pack has words for it
        return voice.fill(field.none, f"fields.{field.name}.none")
    assert field.say  # the pack's loader demands it
    is_text = field.type == "text"
    value = "" if is_text else voice.words(item, field.name)
    statement = voice.statement(item) if is_text else ""
    if is_text and voice.quotes_english(item):
        statement = f"“{statement}”"
    return voice.fill(field.say, f"fields.{field.name}.say", value=value, statement=statement)


def _cause(voice: Voice, item: RequiredItem, _: int) -> str:
    key = "cause.quoted" if voice.quotes_english(item) else "cause"
    return voice.say(key, statement=voice.statement(item))


def _action(voice: Voice, item: RequiredItem, n: int) -> str:
    statement = voice.statement(item)
    date = item.detail("date")
    day = voice.calendar.day(date) if date and not names_day(item.statement, date) else ""
    if voice.quotes_english(item):
        return voice.say(
            "action.quoted", n, day=voice.calendar.day(date) if date else "", statement=statement
        )
    if not day:
        return statement
    if voice.lang == "zh":
        return voice.say("action.on_day", n, day=day, statement=statement)
    first, rest = split_first(statement)
    inner = _joinable(voice, first)
    if inner is None:
        return voice.say("action.day_first", n, day=day, statement=statement)
    return voice.join([voice.say("action.on_day", n, day=day, statement=inner), rest])


def _measure(voice: Voice, item: RequiredItem, n: int) -> str:
    starts = item.detail("starts")
    day = voice.calendar.day(starts) if starts and not names_day(item.statement, starts) else ""
    frequency = _frequency(voice, item, n)
    if voice.lang == "zh":
        return voice.join([_chinese_commitment(voice, item, day), frequency])
    owner = voice.role(item, "owner")
    # A statement that names its own doer needs no second one: we answer for it.
    if voice.says(item, "owner"):
        owner = ""
    first, rest = split_first(voice.statement(item))
    # "Our team supervisor will ensure that a supervisor reads …": said apart, it reads as one person.
    apart = bool(owner) and (covers(first, owner.split()[-1]) or is_promise(first))
    actor = owner if owner and not apart else "we"
    committed = _commitment(voice, first, day, actor, n)
    several = " and " in owner or owner.split()[:1] not in ([], ["our"])
    responsible = voice.say("measure.responsible", owner=owner, several=several) if apart else ""
    return voice.join([committed, rest, frequency, responsible])


def _commitment(voice: Voice, sentence: str, day: str, actor: str, n: int) -> str:
    """The measure as what the actor will ensure, from the day on where one is given."""
    inner = None if says_when(sentence) else within(forbidden(sentence) or sentence, voice.common_words)
    if is_order(sentence):
        return voice.say("measure.order", day=day, owner=actor, statement=sentence[0].lower() + sentence[1:])
    if inner is not None and is_promise(sentence):
        return voice.say("measure.promise", day=day, statement=inner)
    key = "measure.owner_and_start" if day else "measure.owner"
    if inner is None or not is_clause(inner) or leads_in(inner):
        key, inner = f"{key}_apart", None
    elif actor == "we" and inner.startswith("we "):
        key = f"{key}_ourselves"
    elif day and (opens_with_figure(sentence) or says_condition(inner)):
        key = f"{key}_before_figure"
    return voice.say(key, n, day=day, owner=actor, statement=inner or sentence)


def _chinese_commitment(voice: Voice, item: RequiredItem, day: str) -> str:
    quoted = ".quoted" if voice.quotes_english(item) else ""
    owner = "" if voice.says(item, "owner") else voice.words(item, "owner")
    committed = voice.say(f"measure.chinese{quoted}", day=day, statement=voice.statement(item))
    return voice.join(
        [committed, voice.say("measure.responsible", owner=owner, several=False) if owner else ""]
    )


def _frequency(voice: Voice, item: RequiredItem, n: int) -> str:
    given = item.detail("frequency")
    if not given or voice.says(item, "frequency"):
        return ""
    frequency = voice.words(item, "frequency").rstrip(".。")
    if voice.lang == "en":
        frequency = within(frequency) or frequency
    if voice.lang == "en" and is_standing(given):
        return voice.say("measure.standing", n, frequency=frequency)
    of_cases = given.lower().startswith(("every ", "each ", "all ", "any ")) and not is_timed(given)
    if of_cases or _CHINESE_CASES.match(given):
        return voice.say("measure.every_case", n, frequency=frequency)
    if is_timed(given) or given.lower().startswith(("before ", "after ", "at ", "on ", "upon ", "when ")):
        return voice.say("measure.every_time", n, frequency=frequency)
    return voice.say("measure.other_frequency", n, frequency=frequency)


def _metric(voice: Voice, item: RequiredItem, _: int) -> str:
    period = voice.words(item, "period")
    if voice.lang == "en" and period:
        period = _in_period(period)
    return voice.say(
        "metric",
        name=voice.words(item, "name"),
        value=voice.words(item, "value"),
        period=period,
        target=voice.words(item, "target"),
    )


def _in_period(period: str) -> str:
    first = period.split()[0].lower()
    if first in (
        "in",
        "over",
        "during",
        "since",
        "from",
        "between",
        "as",
        "for",
        "until",
        "on",
        "at",
        "within",
    ):
        return period
    if first in ("last", "past", "previous", "current"):
        return f"in the {period}"
    return f"in {period}" if not first[0].isdigit() else f"over {period}"


def _attachment(voice: Voice, item: RequiredItem, _: int) -> str:
    return voice.say("attachment", title=voice.words(item, "title"))


def _apology(voice: Voice, _item: RequiredItem, _: int) -> str:
    return voice.say("apology")


def _request(voice: Voice, _item: RequiredItem, _: int) -> str:
    store = next((s for item in voice.outline.items if (s := item.detail("store"))), "")
    marketplace = voice.outline.marketplace
    our_store = voice.say("our_store", store=store, marketplace=marketplace)
    return voice.say("request", marketplace=marketplace, our_store=our_store)


def _signature(voice: Voice, item: RequiredItem, _: int) -> str:
    names = ("contact_name", "contact_title", "store", "email")
    lines = [voice.words(item, name) for name in names]
    token = voice.words(item, "merchant_token")
    lines.append(voice.say("merchant_token", token=token) if token else "")
    return "\n".join(line for line in lines if line)


_SAYINGS: Mapping[str, tuple[Callable[[Voice, RequiredItem, int], str], str]] = {
    "notice": (_notice, "paragraph"),
    "admission": (_admission, "paragraph"),
    "policy": (_policies, "paragraph"),
    "none": (_none, "prose"),
    "listing": (_listing, "paragraph"),
    "statement": (_declared_statement, "paragraph"),
    "cause": (_cause, "item"),
    "action": (_action, "item"),
    "measure": (_measure, "item"),
    "metric": (_metric, "item"),
    "attachment": (_attachment, "item"),
    "apology": (_apology, "prose"),
    "request": (_request, "prose"),
    "signature": (_signature, "paragraph"),
}
