"""A story sorted by a model, and held to it: a fact is a stretch of the story's own words, or it is not taken.

The model only says which words tell what. The words are looked up in the story, the values come from the
deterministic pass, and where the two readings part there is a question and no fact: nothing the model writes stands
in the facts file.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poa.extract import Extraction, Span, extract_story
from poa.models.base import ChatModel, ChatReply, ChatRequest, Message
from poa.models.tokens import count_tokens
from poa.placeholders import PLACEHOLDER, Protected
from poa.resources import prompts_dir
from poa.rewrite.figures import Figure, chinese_figures, english_figures
from poa.rewrite.lexicon import load_lexicon
from poa.rewrite.masking import Masked, mask_with_places
from poa.rewrite.names import english_names
from poa.rewrite.reading import english_sentences
from poa.rewrite.sentences import chinese_sentences

__all__ = ["Story", "StoryQuestion", "extract_with_model", "prompt_hashes", "read_story", "resolved_day"]

_KINDS = ("violation", "cause", "action", "measure", "none")
_GROUPS = {
    "violation": ("violations", "V"),
    "cause": ("root_causes", "C"),
    "action": ("actions_taken", "A"),
    "measure": ("preventive_measures", "P"),
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "sentence": {"type": "integer"},
                    "kind": {"type": "string", "enum": list(_KINDS)},
                    **{key: {"type": "string"} for key in ("text", "date", "by", "channel")},
                },
                "required": ["sentence", "kind", "text", "date", "by", "channel"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["facts"],
    "additionalProperties": False,
}
# So many characters of a story in one request keep a small model's eye on each sentence.
_CHUNK = 220
_HAN = re.compile(r"[\u3400-\u9fff]")
_PLANNED = re.compile(
    r"今后|以后|将会?|会(?!议|计|员)|计划|打算|准备|接下来|每个?(?:周|月|天|日|批|次|季)|必须|一律|不再|起[,，由改都]?"
    r"|\b(?:will|shall|from now on|in (?:the )?future|going to|plan|intend|every (?:week|month|day)|no longer)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"已经?|了|过|完|\b(?:have|has|had|was|were|did|\w+ed|sent|gave|told|took|put|made|paid|wrote|left)\b",
    re.IGNORECASE,
)
_ALREADY = re.compile(r"已经?|均已|\b(?:have|has) (?:already )?\w+(?:ed|n|t)\b", re.IGNORECASE)
# Mail from Amazon, who we are, and what we ask for: no act, cause, action or measure.
_BACKGROUND = re.compile(
    r"收到.{0,16}(?:通知|警告|邮件|投诉)|(?:账号|账户|店铺|店)被?.{0,6}(?:停用|停了|被停|封了|冻结)|店铺?名?叫|主要卖|^我们是|请求|恳请|希望"
    r"|\b(?:received (?:a|the|an|your)|notification|was deactivated|were deactivated|we sell|our store is|we request|please)\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"没有?(?:人|培训|检查|审核|核对|核实|制度|流程|规定|看|查|注意|读|教|监督)|没人|无人|不了解|不知道|不清楚|不熟|缺乏|疏忽|未(?:经|曾|能|对)"
    r"|\b(?:no one|nobody|no training|no check|not (?:train|check|review|know|read|aware)\w*|never (?:train|check|review|read)\w*|without (?:any )?(?:train|check)\w*|lack\w*|had no)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"没有?|从未|并未|不是|\b(?:not|never|no|nobody|nor|n't)\b", re.IGNORECASE)


_POINTING = re.compile(
    r"(?:[她他它]们?|这[件些个批]?|那[件些个批]?|[Ss]he\b|[Hh]e\b|[Tt]hey\b|[Ii]t\b|[Tt]his\b|[Tt]hese\b)"
)
_OURS = re.compile(
    r"客服|运营|员工|采购|美工|仓管|主管|经理|助理|店长|老板|法人|同事|兼职|实习生|我"
    r"|\b(?:we|i|our|agent|employee|staff|manager|supervisor|assistant|operator|designer|team|owner)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StoryQuestion:
    """Something the two readings of a story do not agree on, or that it does not settle: the words, and what to say."""

    text: str
    en: str
    zh: str


@dataclass(frozen=True)
class Story:
    """The story in sentences, masked, with every figure in its place."""

    text: str
    starts: tuple[int, ...]
    sentences: tuple[str, ...]
    masked: Masked
    figures: tuple[Figure, ...]
    received: dt.date | None

    def span(self, sentence: int, start: int, end: int) -> Span:
        own = self.masked.source(sentence, start, end)
        at = self.starts[sentence]
        return Span(at + own[0], at + own[1], self.text[at + own[0] : at + own[1]])

    def find(self, sentence: int, words: str) -> Span | None:
        """Where words of the masked sentence stand in the story; white space does not count."""
        wanted = r"\s*".join(re.escape(c) for c in words if not c.isspace())
        match = re.search(wanted, self.masked.protected.texts[sentence]) if wanted else None
        return self.span(sentence, match.start(), match.end()) if match else None

    def dates(self, span: Span) -> list[Figure]:
        return [f for f in self.figures if f.kind == "date" and span.start <= f.start < span.end]


async def extract_with_model(
    text: str, model: ChatModel, *, received: dt.date | None = None, timeout_s: float | None = None
) -> tuple[Extraction, tuple[StoryQuestion, ...]]:
    """What a story says, sorted by a model into acts, causes, actions and measures, each in the story's own words.

    `received` is the notification's day, where known from elsewhere: days told without a year are counted from it.
    What the model says and the story does not hold becomes a question, and so does what the two readings see
    differently. Raises `ModelError` when the model gives no reply, `InputError` for an empty story.
    """
    base = extract_story(text)
    known = base.facts.get("notice", {}).get("received")
    story = read_story(text, received or (dt.date.fromisoformat(known) if known else None))
    facts: list[_Fact] = []
    questions: list[StoryQuestion] = []
    gate = asyncio.Semaphore(max(1, model.concurrency))

    async def ask(chunk: list[int]) -> ChatReply:
        async with gate:
            return await model.reply(_request(story, chunk, timeout_s))

    chunks = _chunks(story, one_by_one=model.concurrency == 1)
    for chunk, reply in zip(chunks, await asyncio.gather(*map(ask, chunks)), strict=True):
        sorted_, asked = _judged(story, chunk, reply)
        facts += sorted_
        questions += asked
    return _put_together(base, facts, questions, story), tuple(questions)


def prompt_hashes() -> Mapping[str, str]:
    """Each prompt's identity: a short hash of its text."""
    return {
        name.partition(".")[0]: hashlib.sha256((prompts_dir() / name).read_bytes()).hexdigest()[:12]
        for name in ("extract.jinja", "extract_example.json", "extract_fields.jinja")
    }


# ---------------------------------------------------------------- asking


def read_story(text: str, received: dt.date | None) -> Story:
    """The story as every request takes it up: in sentences, its values and names as placeholders."""
    if _HAN.search(text):
        parts = [(s.start, s.text) for s in chinese_sentences(text)]
        figures = chinese_figures(load_lexicon().simplify(text))
        masked = mask_with_places([sentence for _, sentence in parts], load_lexicon(), {})
    else:
        parts = [(start, text[start:end]) for start, end in english_sentences(text)]
        figures = english_figures(text)
        masked = _masked_english([sentence for _, sentence in parts])
    return Story(
        text,
        tuple(start for start, _ in parts),
        tuple(sentence for _, sentence in parts),
        masked,
        figures,
        received,
    )


def _masked_english(sentences: Sequence[str]) -> Masked:
    """English sentences with values and names as placeholders that keep their kind visible."""
    table: dict[str, str] = {}
    texts, places = [], []
    kinds = {"order_id": "ORDER", "number": "COUNT", "money": "AMOUNT", "duration": "PERIOD", "url": "LINK"}
    for sentence in sentences:
        figures = english_figures(sentence)
        spans = [(f.start, f.end, kinds.get(f.kind, f.kind.upper())) for f in figures if not f.optional]
        spans += [
            (n.start, n.end, "NAME") for n in english_names(sentence, [(f.start, f.end) for f in figures])
        ]
        text, at, here = "", 0, []
        for start, end, kind in sorted(spans):
            if start < at:
                continue
            number = sum(1 for p in table if p.startswith(f"<{kind}_")) + 1
            held = sentence[start:end]
            sign = next((p for p, own in table.items() if own == held), f"<{kind}_{number}>")
            table[sign] = held
            text += sentence[at:start]
            here.append((len(text), len(text) + len(sign), start, end))
            text += sign
            at = end
        texts.append(text + sentence[at:])
        places.append(tuple(here))
    return Masked(Protected(tuple(texts), table), tuple(places))


def _chunks(story: Story, *, one_by_one: bool) -> list[list[int]]:
    """The sentences of each request; a small model gets one at a time, so that it cannot take one for another."""
    if one_by_one:
        return [[n] for n in range(len(story.sentences))]
    chunks: list[list[int]] = []
    size = _CHUNK + 1
    for n, sentence in enumerate(story.masked.protected.texts):
        if size + len(sentence) > _CHUNK:
            chunks.append([])
            size = 0
        chunks[-1].append(n)
        size += len(sentence)
    return chunks


def _request(story: Story, chunk: Sequence[int], timeout_s: float | None) -> ChatRequest:
    example = json.loads((prompts_dir() / "extract_example.json").read_text("utf-8"))
    texts = story.masked.protected.texts
    asked = json.dumps({"sentences": [{"id": n + 1, "text": texts[n]} for n in chunk]}, ensure_ascii=False)
    return ChatRequest(
        messages=(
            Message("system", (prompts_dir() / "extract.jinja").read_text("utf-8").strip()),
            *_worked(example, apart=len(chunk) == 1),
            Message("user", asked),
        ),
        schema=_SCHEMA,
        schema_name="story_facts",
        max_tokens=round(count_tokens(asked).tokens * 3) + 300,
        temperature=0.0,
        seed=7,
        timeout_s=timeout_s,
        grammar=_GRAMMAR,
    )


def _worked(example: Mapping[str, Any], *, apart: bool) -> list[Message]:
    """The worked example as earlier turns: one, or one for each sentence where they are asked one by one."""
    sent, facts = example["sent"]["sentences"], example["reply"]["facts"]
    rounds = [[entry] for entry in sent] if apart else [sent]
    turns = []
    for shown in rounds:
        ids = {entry["id"] for entry in shown}
        answer = {"facts": [fact for fact in facts if fact["sentence"] in ids]}
        turns.append(Message("user", json.dumps({"sentences": shown}, ensure_ascii=False)))
        turns.append(Message("assistant", json.dumps(answer, ensure_ascii=False)))
    return turns


_GRAMMAR = r"""root ::= "{\"facts\": [" fact (", " fact)* "]}"
fact ::= "{\"sentence\": " [0-9] [0-9]? [0-9]? ", \"kind\": \"" kind "\", \"text\": " text ", \"date\": " text ", \"by\": " text ", \"channel\": " text "}"
kind ::= "violation" | "cause" | "action" | "measure" | "none"
text ::= "\"" ( [^"\\\x00-\x1f] | "\\\"" )* "\""
"""


# ---------------------------------------------------------------- judging what came


@dataclass(frozen=True)
class _Fact:
    """One fact that holds: its kind, its words, and the fields that both readings agree on with theirs."""

    kind: str
    span: Span
    fields: Mapping[str, tuple[str, Span]]


def _judged(story: Story, chunk: Sequence[int], reply: ChatReply) -> tuple[list[_Fact], list[StoryQuestion]]:
    facts: list[_Fact] = []
    questions: list[StoryQuestion] = []
    seen: set[int] = set()
    for entry in _entries(reply):
        number = entry.get("sentence")
        kind = entry.get("kind")
        n = int(number) - 1 if isinstance(number, int) and not isinstance(number, bool) else -1
        if n not in chunk or kind not in _KINDS:
            continue
        words = str(entry.get("text") or "")
        span = story.find(n, words.strip(" 。.,，"))
        if span is None:
            questions.append(_not_in_the_story(story, n))
            seen.add(n)
            continue
        seen.add(n)
        if kind == "none":
            likely = _likely(story, span)
            if len(likely) < 3 and likely:
                questions.append(_passed_over(span.text))
            continue
        if any(known.span.start < span.end and span.start < known.span.end for known in facts):
            continue
        contrary = _contrary(story, str(kind), span)
        if contrary is not None:
            questions.append(contrary)
            continue
        pointing = _POINTING.match(span.text)
        if pointing is not None:
            questions.append(
                StoryQuestion(
                    span.text,
                    f"In the letter this stands alone: who or what is “{pointing[0]}”? Put the name or the role there.",
                    f"这句话在信里单独出现：“{pointing[0]}”指谁或什么？请改成姓名或职务。",
                )
            )
        fields, asked = _fields(story, n, str(kind), span, entry)
        facts.append(_Fact(str(kind), span, fields))
        questions += asked
    for n in chunk:
        if n not in seen:
            questions.append(_passed_over(story.sentences[n]))
    return facts, questions


def _passed_over(words: str) -> StoryQuestion:
    return StoryQuestion(
        words,
        "The model takes nothing from this: does it tell an act, a cause, an action or a measure?",
        "模型没有采用这一句：它说的是违规、原因、已采取的行动还是预防措施？",
    )


def _entries(reply: ChatReply) -> list[Mapping[str, Any]]:
    """The facts of a reply; none when it is not the JSON that was asked for."""
    text = re.sub(r"<think>.*?</think>", "", reply.text, flags=re.DOTALL)
    decoder = json.JSONDecoder()
    for match in re.finditer(r"[{\[]", text):
        try:
            found, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        entries = found.get("facts") if isinstance(found, dict) else found
        if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
            return entries
    return []


def _not_in_the_story(story: Story, n: int) -> StoryQuestion:
    return StoryQuestion(
        story.sentences[n],
        "The model gave words for this that do not stand in the story, so nothing is taken from it: what does it tell?",
        "模型给出的内容不是原文，所以没有采用：这一句说的是什么？",
    )


def _contrary(story: Story, kind: str, span: Span) -> StoryQuestion | None:
    """The question where the words themselves speak against what the model takes them for."""
    likely = _likely(story, span)
    if kind in likely:
        return None
    if kind == "action" and likely == {"measure"}:
        return StoryQuestion(
            span.text,
            "Is this already done, or planned? It reads like a plan.",
            "这件事已经做完，还是计划要做？读起来像计划。",
        )
    if kind == "measure" and "action" in likely:
        return StoryQuestion(
            span.text,
            "Is this still to be done, or done already? It reads as done.",
            "这件事是以后要做，还是已经做完？读起来已经做完。",
        )
    if not likely:
        return StoryQuestion(
            span.text,
            "The model takes this for a fact of the letter; it reads as background. Is it an act, a cause, an action or a"
            " measure?",
            "模型把这一句当作信里要写的事实，但读起来只是背景：它是违规、原因、已采取的行动还是预防措施？",
        )
    en = {"violation": "an act", "cause": "a cause", "action": "an action taken", "measure": "a measure"}
    zh = {"violation": "违规行为", "cause": "原因", "action": "已采取的行动", "measure": "预防措施"}
    reads_en, reads_zh = (
        " or ".join(en[k] for k in _GROUPS if k in likely),
        "或".join(zh[k] for k in _GROUPS if k in likely),
    )
    return StoryQuestion(
        span.text,
        f"The model takes this for {en[kind]}, and it reads as {reads_en}: which is it?",
        f"模型把它当作{zh[kind]}，但读起来像{reads_zh}：到底是哪一种？",
    )


def _likely(story: Story, span: Span) -> frozenset[str]:
    """What the words of a stretch may tell, by their time, their denials and the day they name; empty for background."""
    words = span.text
    if _BACKGROUND.search(words):
        return frozenset()
    if _PLANNED.search(words) and not _ALREADY.search(words):
        return frozenset({"measure"})
    days = [resolved_day(f.canonical, story.received, after=True) for f in story.dates(span)]
    days += [resolved_day(f.canonical, story.received, after=False) for f in story.dates(span)]
    sure = {day for day in days if day is not None}
    if _MISSING.search(words):
        return frozenset({"cause", "violation"})
    if _DENIAL.search(words):
        return frozenset()
    if story.received and sure and all(day >= story.received for day in sure):
        return frozenset({"action"})
    if story.received and sure and all(day < story.received for day in sure):
        return frozenset({"violation", "cause"})
    if any(f.kind in ("order_id", "asin") and span.start <= f.start < span.end for f in story.figures):
        return frozenset({"violation", "action"})
    return frozenset({"violation", "cause", "action"} if _DONE.search(words) else {"violation", "cause"})


def _fields(
    story: Story, n: int, kind: str, span: Span, entry: Mapping[str, Any]
) -> tuple[dict[str, tuple[str, Span]], list[StoryQuestion]]:
    """The fields of a fact that both readings agree on: its day, who did it, by what means."""
    fields: dict[str, tuple[str, Span]] = {}
    questions: list[StoryQuestion] = []
    for key in ("by", "channel"):
        words = str(entry.get(key) or "").strip()
        if kind != "violation" or not words or PLACEHOLDER.search(words):
            continue
        own = story.find(n, words)
        # Who did it is one of us by role; any other word there is the model's mistake.
        if key == "by" and not _OURS.search(words):
            continue
        if own is not None and span.start <= own.start < span.end:
            fields[key] = (own.text, own)
    if kind == "cause":
        return fields, questions
    sentence = Span(story.starts[n], story.starts[n] + len(story.sentences[n]), story.sentences[n])
    here = [f for f in story.dates(span) if not f.optional]
    named = str(entry.get("date") or "").strip()
    own = story.find(n, named) if PLACEHOLDER.fullmatch(named) else None
    chosen = next((f for f in story.dates(sentence) if own and own.start <= f.start < own.end), None)
    if not here and chosen is None:
        return fields, questions
    if chosen is None or len(here) > 1 or (here and here[0] != chosen):
        told = "、".join(f.text for f in here) or (chosen.text if chosen else "")
        questions.append(
            StoryQuestion(
                span.text,
                f"On which day was this? The story says {told}.",
                f"这件事是哪一天？故事里写的是{told}。",
            )
        )
        return fields, questions
    day = resolved_day(chosen.canonical, story.received, after=kind in ("action", "measure"))
    if day is None:
        questions.append(
            StoryQuestion(
                span.text,
                f"Which day is “{chosen.text}”, with its year?",
                f"“{chosen.text}”是哪年哪月哪日？",
            )
        )
        return fields, questions
    where = Span(chosen.start, chosen.end, story.text[chosen.start : chosen.end])
    for key in {"violation": ("from", "to"), "action": ("date",), "measure": ("starts",)}[kind]:
        fields[key] = (day.isoformat(), where)
    return fields, questions


def resolved_day(canonical: str, received: dt.date | None, *, after: bool) -> dt.date | None:
    """The one day that a date can mean, or None where there is more than one.

    A day told without its year is the last one before the notification for an act, and for what followed (`after`)
    the first one from the notification on, if that is within four months. 去年3月8日 is counted from the
    notification's year; 上周三, 月初 and a month alone are no day.
    """
    match = re.fullmatch(r"(\d{4}|-|last-year|this-year|two-years-ago)-(\d\d)-(\d\d)", canonical)
    if not match:
        return None
    year, month, day = match[1], int(match[2]), int(match[3])
    try:
        if year.isdigit():
            return dt.date(int(year), month, day)
        if received is None:
            return None
        if year != "-":
            back = {"last-year": 1, "this-year": 0, "two-years-ago": 2}[year]
            return dt.date(received.year - back, month, day)
        candidates = [dt.date(received.year + step, month, day) for step in (-1, 0, 1)]
    except ValueError:
        return None
    if not after:
        before = [d for d in candidates if d <= received]
        # Eleven months back, "3月8日" might as well be a slip for a day after the notification.
        return before[-1] if before and (received - before[-1]).days < 240 else None
    following = [d for d in candidates if d >= received]
    return following[0] if following and (following[0] - received).days < 125 else None


def _put_together(
    base: Extraction, facts: Sequence[_Fact], questions: list[StoryQuestion], story: Story
) -> Extraction:
    data = {key: value for key, value in base.facts.items() if key != "violations"}
    spans = {path: span for path, span in base.spans.items() if not path.startswith("violations[")}
    placed: set[tuple[int, int]] = set()
    acts = [fact for fact in facts if fact.kind == "violation"]
    for kind, (group, letter) in _GROUPS.items():
        entries: list[dict[str, Any]] = []
        for fact in (f for f in facts if f.kind == kind):
            at = len(entries)
            entry: dict[str, Any] = {"id": f"{letter}{at + 1}", "statement": _sentence(fact.span.text)}
            spans[f"{group}[{at}].statement"] = fact.span
            for key, (value, span) in fact.fields.items():
                entry[key] = value
                spans[f"{group}[{at}].{key}"] = span
                placed.add((span.start, span.end))
            entries.append(entry)
        if entries:
            data[group] = entries
    _place_identifiers(base, acts, data, spans, questions, story)
    inside = [fact.span for fact in facts]
    # A value inside a statement stands in the letter with it; what no fact holds is for a person to place.
    unplaced = tuple(
        v
        for v in base.unplaced
        if (v.start, v.end) not in placed and not any(s.start <= v.start < s.end for s in inside)
    )
    return replace(base, facts=data, spans=spans, unplaced=unplaced)


def _sentence(words: str) -> str:
    words = words.strip(" ,，;；")
    stop = "。" if _HAN.search(words) else "."
    return words if words.endswith(("。", ".", "!", "！", "?", "？")) else words + stop


def _place_identifiers(
    base: Extraction,
    acts: Sequence[_Fact],
    data: dict[str, Any],
    spans: dict[str, Span],
    questions: list[StoryQuestion],
    story: Story,
) -> None:
    """Order IDs and ASINs go to the act whose sentence they stand in; to the only act, where there is one."""
    for path, span in base.spans.items():
        match = re.fullmatch(r"violations\[0\]\.(orders|asins)\[\d+\]", path)
        if not match:
            continue
        own = [n for n, act in enumerate(acts) if _same_sentence(story, act.span, span)]
        home = own[0] if len(own) == 1 else 0 if len(acts) == 1 else None
        if home is None and not acts:
            data.setdefault("violations", [{"id": "V1"}])
            home = 0
        if home is None:
            questions.append(
                StoryQuestion(
                    span.text,
                    f"To which of the {len(acts)} acts does {span.text} belong?",
                    f"{span.text}属于这{len(acts)}件事中的哪一件？",
                )
            )
            continue
        listed = data["violations"][home].setdefault(match[1], [])
        spans[f"violations[{home}].{match[1]}[{len(listed)}]"] = span
        listed.append(span.text)


def _same_sentence(story: Story, one: Span, other: Span) -> bool:
    def sentence(at: int) -> int:
        return sum(start <= at for start in story.starts)

    return sentence(one.start) == sentence(other.start)
