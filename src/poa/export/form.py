"""The letter cut for the three questions of Seller Central's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from poa.export.document import Part, document_of, joined, plain_characters

if TYPE_CHECKING:
    from poa.export.proof import Block, Proof

__all__ = ["QUESTIONS", "Answer", "answers_of"]

# The help page names the three parts so; the form asks them in this order.
QUESTIONS = (
    ("root-cause", "What was the root cause of the issue?", "问题的根本原因是什么？"),
    ("actions", "What actions have you taken to resolve the issue?", "为解决问题已采取了哪些措施？"),
    ("prevention", "What steps have you taken to prevent it in the future?", "采取了哪些步骤防止再次发生？"),
)
# A letter that is no plan, a dispute or a set of documents, is asked one thing only.
_EXPLANATION = ("explanation", "Your explanation", "您的说明")
_QUESTION_OF_KIND = {
    "action": 1,
    "metric": 1,
    "measure": 2,
    "attachment": 2,
    "apology": 2,
    "request": 2,
    "signature": 2,
}


@dataclass(frozen=True)
class Answer:
    """What goes into one field of the form; `budget` is the number of characters it may have, when one is set."""

    name: str
    question: str
    question_zh: str
    text: str
    budget: int | None = None

    @property
    def over(self) -> int:
        """How many characters are too many."""
        return max(0, len(self.text) - self.budget) if self.budget is not None else 0


def answers_of(proof: Proof, budget: int | None = None) -> tuple[Answer, ...]:
    """The letter's blocks, each under the question it answers; together they are the whole letter.

    A section stays whole, and a heading or introduction goes with the block that it introduces. A letter that tells
    neither actions nor measures is one answer. Amazon publishes no limit of its fields: without `budget` the
    characters are counted and not judged.
    """
    items = {item.item.id: item.item for item in proof.items}
    if not {"action", "measure"} & {item.kind for item in items.values()}:
        return (Answer(*_EXPLANATION, plain_characters(proof.text.strip()), budget),)
    parts = document_of(proof).parts
    sections: dict[str, int] = {}
    for held in items.values():
        own = _QUESTION_OF_KIND.get(held.kind, 0)
        sections[held.section] = max(own, sections.get(held.section, 0))
    answers: list[list[Part]] = [[] for _ in QUESTIONS]
    waiting: list[Part] = []
    at = 0
    for block, part in zip(proof.blocks, parts, strict=True):
        item = _item_of(block)
        waiting.append(part)
        if not item:
            continue
        at = _QUESTION_OF_KIND.get(items[item].kind, sections[items[item].section])
        answers[at] += waiting
        waiting = []
    answers[at] += waiting
    return tuple(
        Answer(name, question, question_zh, plain_characters(joined(texts)), budget)
        for (name, question, question_zh), texts in zip(QUESTIONS, answers, strict=True)
    )


def _item_of(block: Block) -> str:
    return next((stretch.item for line in block.lines for stretch in line if stretch.item), "")
