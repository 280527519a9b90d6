"""The walk: outline → skeleton → polish → check → repair once → else the skeleton's passage.

The only place where facts, models and checks meet. Whatever a model does, the outcome is a letter that says
what the facts say: a passage that cannot be shown to is the skeleton's.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from poa.errors import FactsError, Fault, InputError, ModelError
from poa.letter import Letter, Passage, Section
from poa.outline import Outline, build_outline
from poa.skeleton import build_skeleton

if TYPE_CHECKING:
    from poa.checks import CheckReport, Finding
    from poa.facts import Case
    from poa.models.base import ChatModel, ChatReply
    from poa.piecewise import Pieces
    from poa.placeholders import Known
    from poa.polish import Asked, Note, Polished

__all__ = [
    "Draft",
    "DraftProgress",
    "PassageRecord",
    "SectionRecord",
    "adraft_letter",
    "draft_letter",
]

Source = Literal["polished", "repaired", "skeleton"]
Judge = Callable[[Letter], "CheckReport"]

# A remote model answers a section in seconds; one on this machine may take minutes for a letter.
_REMOTE_TIMEOUT_S = 180.0
_LOCAL_TIMEOUT_S = 1800.0
# Less time than this is not enough for an answer.
_LEAST_TIME_S = 0.5
# How often a section is asked for; a model on this machine costs nothing but time, and has more to repair.
_ATTEMPTS, _WATCHED_ATTEMPTS = 2, 3
# All requests of a letter are on their way after this time.
_SENDING_S = 0.15


@dataclass(frozen=True)
class PassageRecord:
    """What became of one passage: whose words it has, the skeleton's for comparison, and what was refused."""

    id: str
    source: Source
    text: str
    skeleton: str
    refused: tuple[str, ...] = ()

    @property
    def reworded(self) -> bool:
        """Whether the words are other than the skeleton's."""
        return self.text != self.skeleton


@dataclass(frozen=True)
class SectionRecord:
    """What became of one section and what it took; `error` is why the model gave nothing, when it did not.

    `source` is how the model's words came in: `polished` at once, `repaired` when a second try was needed,
    `skeleton` when none of its words stand.
    """

    id: str
    source: Source
    passages: tuple[PassageRecord, ...]
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class Draft:
    """A letter, the proof of its check, and how each passage came about.

    `failure` is set when a model was asked and none of its sections could be had: the letter is the skeleton.
    """

    case: Case
    outline: Outline
    letter: Letter
    skeleton: Letter
    report: CheckReport
    model: str
    sections: tuple[SectionRecord, ...]
    prompts: Mapping[str, str]
    cost_usd: float | None
    seconds: float
    created: datetime
    failure: str | None = None
    warnings: tuple[str, ...] = ()
    # What this run asked for and was answered, replies kept from earlier runs left out.
    requests: int = 0
    paid_prompt_tokens: int = 0
    paid_completion_tokens: int = 0


@dataclass(frozen=True)
class DraftProgress:
    """One step of the way: sections done of all, and the share of the one being written, 0 to 1."""

    section: str
    done: int
    total: int
    share: float = 0.0
    repairing: bool = False


OnProgress = Callable[[DraftProgress], None]


def draft_letter(
    case: Case,
    model: ChatModel | str | None = None,
    *,
    base_url: str | None = None,
    mask: bool = True,
    timeout_s: float | None = None,
    on_progress: OnProgress | None = None,
) -> Draft:
    """A checked letter about the case, polished by the model; None and `skeleton` ask no model.

    `model` is an open model (left open) or a spec as on the command line. Raises `FactsError` while a
    required fact is unknown; a model that fails is no error here, `Draft.failure` says so.
    """
    return asyncio.run(
        adraft_letter(case, model, base_url=base_url, mask=mask, timeout_s=timeout_s, on_progress=on_progress)
    )


async def adraft_letter(
    case: Case,
    model: ChatModel | str | None = None,
    *,
    base_url: str | None = None,
    mask: bool = True,
    timeout_s: float | None = None,
    on_progress: OnProgress | None = None,
    judge: Judge | None = None,
) -> Draft:
    """`draft_letter` for a program that runs its own event loop.

    `judge` is who decides whether a letter passes; the program's own checks unless another is given.
    """
    if isinstance(model, str):
        from poa.models import open_model

        opened = open_model(model, base_url).model
        try:
            return await adraft_letter(
                case, opened, mask=mask, timeout_s=timeout_s, on_progress=on_progress, judge=judge
            )
        finally:
            if opened is not None:
                await opened.aclose()
    started = time.perf_counter()
    outline = build_outline(case)
    _refuse_unknown(case, outline)
    skeleton = _plain(build_skeleton(case, outline=outline))
    judge = judge or _judge(outline)
    if model is None:
        return _skeleton_draft(case, outline, skeleton, judge, started)
    if not mask and not model.on_this_machine:
        raise InputError(
            f"--no-mask is for a model on this machine: {model.name} is not, and private values would leave it."
        )
    if timeout_s is None:
        timeout_s = _LOCAL_TIMEOUT_S if model.concurrency == 1 else _REMOTE_TIMEOUT_S
    walk = _Walk(outline, skeleton, judge, model, mask, started + timeout_s, on_progress)
    await walk.run()
    return walk.draft(case, started)


def _refuse_unknown(case: Case, outline: Outline) -> None:
    case.refuse_unknown()
    faults = [
        Fault(case.source, q.path, "", f"is not known yet. {q.question_en} {q.question_zh}")
        for q in outline.questions
        if q.required
    ]
    if faults:
        raise FactsError(faults)


def _plain(letter: Letter) -> Letter:
    from poa.polish import plain_punctuation

    return replace(
        letter,
        sections=tuple(
            replace(
                section,
                title=plain_punctuation(section.title),
                lead=plain_punctuation(section.lead),
                passages=tuple(replace(p, text=plain_punctuation(p.text)) for p in section.passages),
            )
            for section in letter.sections
        ),
    )


def _skeleton_draft(case: Case, outline: Outline, skeleton: Letter, judge: Judge, started: float) -> Draft:
    return Draft(
        case=case,
        outline=outline,
        letter=skeleton,
        skeleton=skeleton,
        report=judge(skeleton),
        model="skeleton",
        sections=tuple(_kept(section) for section in skeleton.sections if section.polish),
        prompts={},
        cost_usd=0.0,
        seconds=time.perf_counter() - started,
        created=datetime.now(UTC),
    )


def _kept(section: Section, **how: object) -> SectionRecord:
    passages = tuple(PassageRecord(p.id, "skeleton", p.text, p.text) for p in section.passages)
    return replace(SectionRecord(section.id, "skeleton", passages), **how)  # type: ignore[arg-type]


def _judge(outline: Outline) -> Judge:
    # The walk asks for the verdict on the same letter more than once: it is found once.
    verdicts: dict[str, CheckReport] = {}

    def judge(letter: Letter) -> CheckReport:
        from poa.checks import check_outline

        text = letter.text
        if text not in verdicts:
            # A model's words must be beyond doubt: the skeleton's say it without any.
            verdicts[text] = check_outline(outline, text, strict=True)
        return verdicts[text]

    return judge


# ---------------------------------------------------------------- the walk with a model


@dataclass
class _Work:
    """One section on its way: what the model wrote for it so far, and what was wrong with it."""

    section: Section
    texts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    replies: list[ChatReply] = field(default_factory=list)
    attempts: int = 0
    seconds: float = 0.0
    error: str | None = None
    # For a model that is asked sentence by sentence.
    pieces: list[Pieces] = field(default_factory=list)

    def reject(self, passage_id: str, reason: str) -> None:
        """Takes the model's words for the passage back, and keeps the reason for the repair."""
        self.texts.pop(passage_id, None)
        self.sources.pop(passage_id, None)
        self.note(passage_id, reason)

    def note(self, passage_id: str, *reasons: str) -> None:
        """Keeps what was wrong with words for the passage."""
        kept = self.notes.setdefault(passage_id, [])
        kept += [reason for reason in dict.fromkeys(reasons) if reason not in kept]

    @property
    def rejected(self) -> tuple[Passage, ...]:
        """The passages that have no words of the model's now, though it was asked for some."""
        return tuple(p for p in self.section.passages if p.text and p.id not in self.texts)

    @property
    def wanting(self) -> bool:
        """Whether there is something left to ask for."""
        return any(not pieces.reworded for pieces in self.pieces) if self.pieces else bool(self.rejected)


class _Walk:
    def __init__(
        self,
        outline: Outline,
        skeleton: Letter,
        judge: Judge,
        model: ChatModel,
        mask: bool,
        deadline: float,
        on_progress: OnProgress | None,
    ) -> None:
        from poa.placeholders import known_values

        self._skeleton = skeleton
        self._outline = outline
        self._judge = judge
        self._model = model
        self._mask = mask
        # The embedded model is small, and so is any other that runs inside this process.
        self._watched = model.name.startswith("local")
        self._deadline = deadline
        self._on_progress = on_progress
        self._known: tuple[Known, ...] = known_values(outline)
        self._works = [
            _Work(section)
            for section in skeleton.sections
            if section.polish and any(p.text for p in section.passages)
        ]
        self._room = asyncio.Semaphore(max(1, model.concurrency))
        self._done = 0
        self._faulty_skeleton: CheckReport | None = None

    async def run(self) -> None:
        polishing = asyncio.gather(*(self._polish(work) for work in self._works))
        try:
            # The checks load, and judge the skeleton, while the model writes: not while the requests go out.
            await asyncio.wait({polishing}, timeout=_SENDING_S)
            before = await asyncio.to_thread(self._judge, self._skeleton)
            if not before.ok:
                # No polish can be judged against a skeleton that is itself wrong: nothing more is asked.
                self._faulty_skeleton = before
                for work in self._works:
                    work.error = "The skeleton itself fails its check, so no model was used."
                return
            await polishing
        finally:
            if not polishing.done():
                polishing.cancel()
                await asyncio.gather(polishing, return_exceptions=True)
        self._settle()
        for attempt in range(1, _WATCHED_ATTEMPTS if self._watched else _ATTEMPTS):
            wrong = [work for work in self._works if work.wanting and work.error is None]
            self._done = len(self._works) - len(wrong)
            await asyncio.gather(*(self._polish(work, attempt) for work in wrong))
            self._settle()

    async def _polish(self, work: _Work, attempt: int = 0) -> None:
        """One request about what the section still wants; what comes back goes into the work."""
        from poa.polish import Asked, Note

        if self._watched and not work.pieces:
            from poa.piecewise import Pieces

            work.pieces = [Pieces(p) for p in work.section.passages if p.text]
        if self._watched:
            wanting = [pieces for pieces in work.pieces if not pieces.reworded]
            asked = [one for pieces in wanting for one in pieces.asked()]
            notes = [note for pieces in wanting for note in pieces.asked_notes()]
        else:
            asked = [Asked(p.id, p.text) for p in work.rejected]
            notes = [Note(p.id, " ".join(work.notes.get(p.id, ()))) for p in asked] if attempt else []
        polished = await self._ask(work, asked, notes, attempt)
        if polished is not None:
            _take(work, polished, "repaired" if attempt else "polished")

    async def _ask(
        self, work: _Work, asked: Sequence[Asked], notes: Sequence[Note], attempt: int
    ) -> Polished | None:
        """What came back for one request; None when nothing did, and the work knows why."""
        from poa.polish import polish_section

        repair = attempt > 0
        async with self._room:
            left_s = self._deadline - time.perf_counter()
            if left_s < _LEAST_TIME_S:
                work.error = work.error or "There was no time left to ask the model."
                return None
            self._tell(work, asked, 0, repair)
            work.attempts += 1
            began = time.perf_counter()
            try:
                return await polish_section(
                    self._model,
                    work.section.id,
                    asked,
                    self._known,
                    notes=notes,
                    attempt=attempt,
                    mask=self._mask,
                    timeout_s=left_s,
                    on_progress=lambda chars: self._tell(work, asked, chars, repair),
                )
            except ModelError as error:
                work.error = str(error)
                return None
            finally:
                work.seconds += time.perf_counter() - began
                self._done += 1
                self._tell(work, asked, 0, repair)

    def _tell(self, work: _Work, asked: Sequence[Asked], chars: int, repairing: bool) -> None:
        if self._on_progress is not None:
            # A reply holds the passages and, for each, about twenty characters of JSON.
            whole = sum(len(a.text) + 20 for a in asked)
            share = min(chars / max(whole, 1), 1.0)
            self._on_progress(DraftProgress(work.section.id, self._done, len(self._works), share, repairing))

    def _letter(self) -> Letter:
        if self._faulty_skeleton is not None:
            return self._skeleton
        return self._skeleton.with_passages(
            {name: text for work in self._works for name, text in work.texts.items()}
        )

    def _settle(self) -> None:
        """Takes the model's words back, passage by passage, until the letter passes its check."""
        while any(work.texts for work in self._works):
            letter = self._letter()
            report = self._judge(letter)
            if report.ok:
                break
            errors = _errors(report)
            if not self._blame(letter, errors):
                self._drop_by_section(errors)
        for work in self._works:
            for pieces in work.pieces:
                if pieces.written and pieces.passage.id not in work.texts:
                    self._place(work, pieces)

    def _place(self, work: _Work, pieces: Pieces) -> None:
        """Puts those of a rejected passage's sentences back into the letter with which it passes its check."""

        def finding(text: str) -> str | None:
            letter = self._letter().with_passages({pieces.passage.id: text})
            return next((found.message for found in _errors(self._judge(letter))), None)

        work.note(pieces.passage.id, *pieces.settle(finding))
        if pieces.written:
            work.texts[pieces.passage.id] = pieces.text
            work.sources[pieces.passage.id] = "repaired" if work.attempts > 1 else "polished"
        pieces.take_apart()

    def _blame(self, letter: Letter, errors: Iterable[Finding]) -> bool:
        """Rejects the model's passages that the findings point at; false when they point at none."""
        holder = {name: work for work in self._works for name in work.texts}
        spans = _passage_spans(letter)
        blamed = False
        for found in errors:
            guilty = [
                name
                for name, (start, end) in spans.items()
                if name in holder and found.start is not None and start <= found.start < end
            ]
            if not guilty and found.item in holder:
                guilty = [str(found.item)]
            for name in guilty:
                holder[name].reject(name, found.message)
                blamed = True
        return blamed

    def _drop_by_section(self, errors: Sequence[Finding]) -> None:
        """Rejects whole sections: those that fail alone, or all where each passes alone."""
        reason = errors[0].message if errors else "The letter did not pass its check."
        works = [work for work in self._works if work.texts]
        alone = [w for w in works if not self._judge(self._skeleton.with_passages(w.texts)).ok]
        for work in alone or works:
            for name in list(work.texts):
                work.reject(name, reason)

    def draft(self, case: Case, started: float) -> Draft:
        """The outcome, once the walk has been run."""
        from poa.models.prices import cost_usd
        from poa.polish import prompt_hashes

        letter = self._letter()
        replies = [reply for work in self._works for reply in work.replies]
        paid = [reply for reply in replies if not reply.cached]
        prompt_tokens = sum(reply.prompt_tokens for reply in paid)
        completion_tokens = sum(reply.completion_tokens for reply in paid)
        failed = [work for work in self._works if work.error is not None]
        answered = [work for work in self._works if work.replies]
        failure = failed[0].error if failed and not answered and self._faulty_skeleton is None else None
        return Draft(
            case=case,
            outline=self._outline,
            letter=letter,
            skeleton=self._skeleton,
            report=self._faulty_skeleton or self._judge(letter),
            model=self._model.name,
            sections=tuple(_record(work) for work in self._works),
            prompts=prompt_hashes(),
            cost_usd=cost_usd(self._model.name, prompt_tokens, completion_tokens),
            seconds=time.perf_counter() - started,
            created=datetime.now(UTC),
            failure=failure,
            warnings=tuple(dict.fromkeys(f"{w.section.id}: {w.error}" for w in failed)),
            requests=sum(work.attempts for work in self._works) - (len(replies) - len(paid)),
            paid_prompt_tokens=prompt_tokens,
            paid_completion_tokens=completion_tokens,
        )


def _take(work: _Work, polished: Polished, source: Source) -> None:
    work.replies.append(polished.reply)
    refused = {note.id: note.text for note in polished.refused}
    if not work.pieces:
        for passage_id, text in polished.texts.items():
            work.texts[passage_id] = text
            work.sources[passage_id] = source
        for passage_id, reason in refused.items():
            work.reject(passage_id, reason)
        return
    # A small model's words are looked at a second time, before the checks see the letter.
    for pieces in work.pieces:
        name, before = pieces.passage.id, len(pieces.written)
        work.note(name, *pieces.take(polished.texts, refused))
        if len(pieces.written) > before:
            work.texts[name] = pieces.text
            work.sources[name] = source
        pieces.take_apart()


def _errors(report: CheckReport) -> list[Finding]:
    return [found for found in report.findings if found.severity == "error"]


def _record(work: _Work) -> SectionRecord:
    passages = tuple(
        PassageRecord(
            p.id,
            work.sources.get(p.id, "skeleton"),
            work.texts.get(p.id, p.text),
            p.text,
            tuple(work.notes.get(p.id, ())),
        )
        for p in work.section.passages
    )
    sources = {p.source for p in passages}
    source: Source = (
        "repaired" if "repaired" in sources else "polished" if "polished" in sources else "skeleton"
    )
    return SectionRecord(
        id=work.section.id,
        source=source,
        passages=passages,
        attempts=work.attempts,
        prompt_tokens=sum(r.prompt_tokens for r in work.replies),
        completion_tokens=sum(r.completion_tokens for r in work.replies),
        estimated=any(r.estimated for r in work.replies),
        seconds=round(work.seconds, 3),
        error=work.error,
    )


def _passage_spans(letter: Letter) -> dict[str, tuple[int, int]]:
    """Where each passage stands in the letter's text."""
    text = letter.text
    spans: dict[str, tuple[int, int]] = {}
    at = 0
    for section in letter.sections:
        for passage in section.passages:
            start = text.find(passage.text, at) if passage.text else -1
            if start >= 0:
                at = start + len(passage.text)
                spans[passage.id] = (start, at)
    return spans


def fingerprint(content: bytes) -> str:
    """The SHA-256 by which a draft knows the facts it was made from."""
    return hashlib.sha256(content).hexdigest()
