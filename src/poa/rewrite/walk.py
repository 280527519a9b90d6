"""The walk from a Chinese summary to checked English: mask, ask, check, ask once more, show what is left."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poa.errors import InputError, ModelError
from poa.models.base import ChatModel, ChatReply
from poa.placeholders import Protected
from poa.rewrite.asking import Question, ask, prompt_hashes
from poa.rewrite.check import check_rewrite
from poa.rewrite.checks import RewriteFinding
from poa.rewrite.lexicon import Lexicon, load_lexicon
from poa.rewrite.masking import mask
from poa.rewrite.sentences import ChineseSentence, chinese_sentences, joined

__all__ = ["Rewriting", "SentenceRewriting", "UnfinishedRewritingError", "arewrite", "rewrite"]

# So many characters of Chinese in one request keep a small model's eye on each sentence.
_CHUNK = 160
_MOST_TERMS = 14


@dataclass(frozen=True)
class SentenceRewriting:
    """One sentence: its Chinese, its English (empty when none came), what is wrong with it, how often it was asked."""

    zh: ChineseSentence
    english: str
    findings: tuple[RewriteFinding, ...] = ()
    attempts: int = 0

    @property
    def faults(self) -> tuple[RewriteFinding, ...]:
        """The findings that are errors; the rest are hints to a person."""
        return tuple(f for f in self.findings if f.severity == "error")


@dataclass(frozen=True)
class Rewriting:
    """A summary in English with its proof; `ok` when no sentence has a finding."""

    sentences: tuple[SentenceRewriting, ...]
    text: str
    model: str
    seconds: float
    replies: tuple[ChatReply, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        return all(s.english and not s.faults for s in self.sentences)

    def marked(self) -> str:
        """The English as it may be saved: as it is when checked, else headed as unchecked with each fault marked."""
        if self.ok:
            return self.text + "\n"
        faulty = [s for s in self.sentences if not s.english or s.faults]
        english = [
            f"[[{s.zh.id}: {s.english or '(not rewritten)'}]]" if s in faulty else s.english
            for s in self.sentences
        ]
        text, _ = joined([s.zh for s in self.sentences], english)
        notes = [
            f"[[{s.zh.id}]] {s.zh.text}\n" + "\n".join(f"    - {f.message}" for f in s.findings)
            for s in faulty
        ]
        head = f"UNCHECKED: {len(faulty)} of {len(self.sentences)} sentences differ from the Chinese. Do not send this."
        return f"{head}\n\n{text}\n\n" + "\n".join(notes) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The fields of `poa rewrite --json`."""
        return {
            "ok": self.ok,
            "english": self.text,
            "model": self.model,
            "sentences": [
                {
                    "id": s.zh.id,
                    "zh": s.zh.text,
                    "en": s.english,
                    "ok": bool(s.english) and not s.faults,
                    "attempts": s.attempts,
                    "findings": [
                        {
                            "code": f.code,
                            "severity": f.severity,
                            "message": f.message,
                            "message_zh": f.message_zh,
                        }
                        for f in s.findings
                    ],
                }
                for s in self.sentences
            ],
            "prompt_tokens": sum(r.prompt_tokens for r in self.replies),
            "completion_tokens": sum(r.completion_tokens for r in self.replies),
            "seconds": round(self.seconds, 2),
            "prompts": dict(prompt_hashes()),
        }


class UnfinishedRewritingError(ModelError):
    """The model failed on the way; `rewriting` holds what it had done."""

    def __init__(self, message: str, rewriting: Rewriting) -> None:
        self.rewriting = rewriting
        super().__init__(message)


@dataclass
class _Walk:
    """What one run has so far."""

    model: ChatModel
    sentences: tuple[ChineseSentence, ...]
    protected: Protected
    lexicon: Lexicon
    glossary: Mapping[str, str]
    names: tuple[str, ...]
    timeout_s: float | None
    english: dict[int, str] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    replies: list[ChatReply] = field(default_factory=list)


def rewrite(text: str, model: ChatModel, **options: Any) -> Rewriting:
    """`arewrite`, for callers without an event loop."""
    return asyncio.run(arewrite(text, model, **options))


async def arewrite(
    text: str,
    model: ChatModel,
    *,
    glossary: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    lexicon: Lexicon | None = None,
    mask_values: bool = True,
    timeout_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Rewriting:
    """The summary in English, every sentence checked against its Chinese and asked for again once.

    `glossary` gives Amazon's term for a Chinese one, `names` the user's own English for a name. Raises
    `UnfinishedRewritingError` when the model fails on the way.
    """
    started = time.perf_counter()
    sentences = chinese_sentences(text)
    if not re.search(r"[\u3400-\u9fff]", text):
        raise InputError("The summary holds no Chinese. Give the Chinese text, or use the English as it is.")
    known = lexicon or load_lexicon()
    written = [s.text for s in sentences]
    protected = mask(written, known, dict(names or {})) if mask_values else Protected(tuple(written), {})
    walk = _Walk(model, sentences, protected, known, glossary, tuple((names or {}).values()), timeout_s)
    try:
        await _ask_all(
            walk,
            [Question(s.id, sent) for s, sent in zip(sentences, protected.texts, strict=True)],
            on_progress,
        )
        first = _judged(walk, text)
        wrong = [s for s in first if s.faults or not s.english]
        if wrong:
            before = dict(walk.english)
            await _ask_all(walk, [_repair(walk, s) for s in wrong], None)
            return _result(walk, _better(walk, text, first, before), started)
    except ModelError as error:
        raise UnfinishedRewritingError(str(error), _result(walk, _judged(walk, text), started)) from error
    return _result(walk, first, started)


async def _ask_all(
    walk: _Walk, questions: Sequence[Question], on_progress: Callable[[int, int], None] | None
) -> None:
    """Asks in chunks, as many at once as the model can use, and keeps what comes."""
    gate = asyncio.Semaphore(max(1, walk.model.concurrency))
    done = 0

    async def one(chunk: list[Question]) -> None:
        nonlocal done
        async with gate:
            answer = await ask(
                walk.model, chunk, walk.protected.table, _terms(walk, chunk), timeout_s=walk.timeout_s
            )
        walk.replies.append(answer.reply)
        for question in chunk:
            walk.attempts[question.id] = walk.attempts.get(question.id, 0) + 1
            walk.refused.pop(question.id, None)
        walk.english.update(answer.english)
        walk.refused.update(answer.refused)
        done += len(chunk)
        if on_progress is not None:
            on_progress(done, len(questions))

    outcomes = await asyncio.gather(*(one(chunk) for chunk in _chunks(questions)), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def _chunks(questions: Sequence[Question]) -> list[list[Question]]:
    chunks: list[list[Question]] = []
    size = _CHUNK + 1
    for question in questions:
        if size + len(question.text) > _CHUNK:
            chunks.append([])
            size = 0
        chunks[-1].append(question)
        size += len(question.text)
    return chunks


def _terms(walk: _Walk, chunk: Sequence[Question]) -> list[tuple[str, str]]:
    """The glossary's terms that stand in the sentences, the longest first, none inside another."""
    text = walk.lexicon.simplify("\n".join(q.text for q in chunk))
    found: list[tuple[str, str]] = []
    for zh in sorted(walk.glossary, key=len, reverse=True):
        if zh in text:
            found.append((zh, walk.glossary[zh]))
            text = text.replace(zh, "＿")
    return found[:_MOST_TERMS]


def _judged(walk: _Walk, text: str) -> tuple[SentenceRewriting, ...]:
    """Each sentence with the findings on it, from a check of the whole text."""
    english = [walk.english.get(s.id, "") for s in walk.sentences]
    whole, spans = joined(walk.sentences, english)
    report = check_rewrite(text, whole, names=walk.names, lexicon=walk.lexicon, strict=True)
    found: dict[int, list[RewriteFinding]] = {s.id: [] for s in walk.sentences}
    for finding in report.findings:
        found[_sentence_of(finding, walk.sentences, spans)].append(finding)
    return tuple(
        SentenceRewriting(s, e, _unsaid(walk, s, e) or tuple(found[s.id]), walk.attempts.get(s.id, 0))
        for s, e in zip(walk.sentences, english, strict=True)
    )


def _unsaid(walk: _Walk, sentence: ChineseSentence, english: str) -> tuple[RewriteFinding, ...]:
    if english:
        return ()
    reason = walk.refused.get(sentence.id, "No English came.")
    return (
        RewriteFinding(
            "not_rewritten", reason, "这一句没有得到译文。", zh_start=sentence.start, zh_end=sentence.end
        ),
    )


def _sentence_of(
    finding: RewriteFinding, sentences: Sequence[ChineseSentence], spans: Sequence[tuple[int, int]]
) -> int:
    """The sentence a finding is about: by its place in the English, else in the Chinese."""
    if finding.start is not None:
        for sentence, (start, end) in zip(sentences, spans, strict=True):
            if start <= finding.start <= end:
                return sentence.id
    at = finding.zh_start or 0
    return next((s.id for s in reversed(sentences) if s.start <= at), sentences[0].id)


def _repair(walk: _Walk, wrong: SentenceRewriting) -> Question:
    """The sentence once more, with what was wrong; values in the notes are masked like the sentence."""
    sent = walk.protected.texts[wrong.zh.id - 1]
    notes = [walk.refused[wrong.zh.id]] if wrong.zh.id in walk.refused else []
    notes += [_masked(walk, f.message) for f in wrong.faults if f.code != "not_rewritten"]
    return Question(wrong.zh.id, sent, tuple(dict.fromkeys(notes))[:4])


def _masked(walk: _Walk, note: str) -> str:
    """A note without values: those of the English, and those of the Chinese."""
    for placeholder, english in sorted(walk.protected.table.items(), key=lambda item: -len(item[1])):
        if len(english) > 2:
            note = note.replace(english, placeholder)
    return (
        mask([note], walk.lexicon, {}).texts[0]
        if walk.protected.table and re.search(r"\d{4,}|@", note)
        else note
    )


def _better(
    walk: _Walk, text: str, first: tuple[SentenceRewriting, ...], before: Mapping[int, str]
) -> tuple[SentenceRewriting, ...]:
    """Per sentence the try with fewer findings; the second when they are even."""
    second = _judged(walk, text)
    for old, new in zip(first, second, strict=True):
        worse = len(new.faults) > len(old.faults) or not new.english
        if worse and old.english:
            walk.english[old.zh.id] = before[old.zh.id]
    return _judged(walk, text)


def _result(walk: _Walk, sentences: tuple[SentenceRewriting, ...], started: float) -> Rewriting:
    whole, _ = joined([s.zh for s in sentences], [s.english for s in sentences])
    kept = tuple(replace(s, attempts=walk.attempts.get(s.zh.id, 0)) for s in sentences)
    return Rewriting(kept, whole, walk.model.name, time.perf_counter() - started, tuple(walk.replies))
