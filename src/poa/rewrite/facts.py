"""Facts told in Chinese: their English, made by a model and checked text by text, or held against a person's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from poa.errors import ModelError
from poa.facts import Case
from poa.models.base import ChatModel
from poa.rewrite.check import check_rewrite
from poa.rewrite.checks import RewriteFinding
from poa.rewrite.lexicon import glossary_terms, load_lexicon
from poa.rewrite.names import spelled_name
from poa.rewrite.walk import UnfinishedRewritingError, arewrite

__all__ = ["FactInEnglish", "checked", "disputed_by_hand", "translate"]


@dataclass(frozen=True)
class FactInEnglish:
    """One Chinese text of a facts file with an English: where it stands, who wrote it, what the check says of it."""

    path: str
    zh: str
    en: str
    by: str
    findings: tuple[RewriteFinding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is an English and the check has nothing against it."""
        return bool(self.en) and not any(f.severity == "error" for f in self.findings)


def checked(path: str, zh: str, en: str, by: str) -> FactInEnglish:
    """An English as the check sees it."""
    return FactInEnglish(path, zh, en, by, check_rewrite(zh, en).findings)


def disputed_by_hand(case: Case) -> tuple[FactInEnglish, ...]:
    """The English that stands in the facts file itself and that the check has something against."""
    told = (checked(path, zh, en, "hand") for path, zh, en in case.translated_by_hand())
    return tuple(fact for fact in told if not fact.ok)


async def translate(
    texts: Sequence[tuple[str, str]],
    model: ChatModel,
    *,
    names: Sequence[str] = (),
    mask: bool = True,
    timeout_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[FactInEnglish, ...], ModelError | None]:
    """The English of Chinese texts (place, Chinese), each text rewritten and checked by itself, in their order.

    `names` are kept from the model, and stand in the English as they are; Chinese ones in pinyin. When the model fails on the way, what has come is returned with
    the error; a text without English has an empty one.
    """
    gate = asyncio.Semaphore(max(1, model.concurrency))
    glossary = glossary_terms()
    english_names = {name: _latin(name) for name in names}
    failure: ModelError | None = None
    done = 0

    async def one(path: str, zh: str) -> FactInEnglish:
        nonlocal failure, done
        async with gate:
            if failure is not None:
                return FactInEnglish(path, zh, "", model.name)
            try:
                made = await arewrite(
                    zh,
                    model,
                    glossary=glossary,
                    names=english_names,
                    mask_values=mask,
                    timeout_s=timeout_s,
                )
            except UnfinishedRewritingError as error:
                failure = failure or error
                return FactInEnglish(path, zh, "", model.name)
        done += 1
        if on_progress is not None:
            on_progress(done, len(texts))
        # A text with a sentence missing is no English of it.
        english = made.text if all(s.english for s in made.sentences) else ""
        return FactInEnglish(
            path,
            zh,
            _as_written(zh, english),
            model.name,
            tuple(f for s in made.sentences for f in s.findings),
        )

    found = await asyncio.gather(*(one(path, zh) for path, zh in texts))
    return tuple(found), failure


def _latin(name: str) -> str:
    if name.isascii():
        return name
    spelled = spelled_name(name, load_lexicon()) if 2 <= len(name) <= 3 else None
    return spelled.text if spelled is not None and spelled.length == len(name) else name


def _as_written(zh: str, english: str) -> str:
    """A phrase of the facts (站内信, 每周一次) stays one: no capital and no stop of a sentence's."""
    if len(zh) > 16 or any(c in zh for c in "。！？；，"):
        return english
    plain = english.rstrip(".")
    first = plain.split(" ")[0]
    return (
        plain[:1].lower() + plain[1:] if first.isalpha() and first[1:].islower() and first != "I" else plain
    )
