"""Our drafts and our checker under Inspect: the same walk and the same scores, in Inspect's logs and viewer.

    inspect eval evals/inspect_task.py --model openai/gpt-5-mini
    inspect eval evals/inspect_task.py@poa_drafts -T cases='../shared/cases/d*/facts.yaml' --model ollama/qwen3

Needs the `inspect` extra. The model that Inspect was given stands behind the program's own seam, so masking,
repair and fallback are as in `poa draft`; the scorer is the checker, and its verdict the one of `poa eval run`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    ResponseSchema,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, accuracy, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import JSONSchema

from poa.draft import adraft_letter
from poa.errors import ModelError
from poa.evals.contestant import Call, asked_of
from poa.evals.replies import KeptReply
from poa.evals.scoring import score_draft
from poa.facts import load_case
from poa.models.base import ChatReply, ChatRequest, request_key

_HERE = Path(__file__).resolve().parent
_SHOWN = ("passes", "reworded", "first_try", "raw_items", "raw_values")


@task
def poa_drafts(cases: str = "../fixtures/facts/[bc]*/facts.yaml") -> Task:
    """A letter for every facts file that the pattern names, seen from this file's folder."""
    base, pattern = _fixed_part(cases)
    paths = sorted(base.glob(pattern))
    samples = [
        Sample(id=path.parent.name, input=path.parent.name, metadata={"facts": str(path.resolve())})
        for path in paths
    ]
    return Task(dataset=samples, solver=drafting(), scorer=poa_check())


@solver
def drafting() -> Solver:
    """Drafts the letter with Inspect's model; the letter becomes the sample's output."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - Inspect passes it
        seam = InspectModel(get_model())
        draft = await adraft_letter(load_case(state.metadata["facts"]), seam)
        scores = score_draft(draft, seam.calls)
        state.metadata["scores"] = {name: score.as_json() for name, score in scores.items()}
        state.metadata["findings"] = [
            f"{f.code}: {f.message}" for f in draft.report.findings if f.severity == "error"
        ]
        state.metadata["failure"] = draft.failure
        state.output = ModelOutput.from_content(seam.name, draft.letter.text)
        state.messages.append(ChatMessageAssistant(content=draft.letter.text))
        return state

    return solve


@scorer(metrics={"passes": [accuracy(), stderr()], "*": [mean(), stderr()]})
def poa_check() -> Scorer:
    """The checker's verdict on the letter, and beside it how much of it the model wrote and kept."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - Inspect passes it
        scores: Mapping[str, Mapping[str, Any]] = state.metadata["scores"]
        value = {
            name: scores[name]["value"] for name in _SHOWN if scores.get(name, {}).get("value") is not None
        }
        why = state.metadata["failure"] or "; ".join(state.metadata["findings"]) or "no finding"
        return Score(value=value, answer=state.output.completion, explanation=why, metadata=dict(scores))

    return score


class InspectModel:
    """Inspect's model behind our seam; `calls` holds every request and its raw reply."""

    on_this_machine = False

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name = self.identity = str(model)
        self.concurrency = 16
        self.calls: list[Call] = []

    async def reply(self, request: ChatRequest) -> ChatReply:
        began = time.perf_counter()
        key, asked = request_key(self.identity, request), asked_of(request)
        try:
            output = await self._model.generate(
                [_ROLES[m.role](content=m.content) for m in request.messages], config=_config(request)
            )
        except Exception as error:
            self.calls.append(Call(key, asked, None, False, str(error)))
            raise ModelError(f"{self.name} gave no reply: {error}") from error
        usage = output.usage
        kept = KeptReply(
            output.completion,
            usage.input_tokens if usage else 0,
            usage.output_tokens if usage else 0,
            "length" if output.stop_reason == "max_tokens" else "stop",
            time.perf_counter() - began,
            usage is None,
            output.model,
        )
        self.calls.append(Call(key, asked, kept, False))
        return ChatReply(
            kept.text,
            kept.prompt_tokens,
            kept.completion_tokens,
            kept.finish_reason,
            kept.seconds,
            kept.estimated,
            kept.model,
        )

    async def aclose(self) -> None:
        return None


_ROLES: Mapping[str, type[ChatMessage]] = {
    "system": ChatMessageSystem,
    "user": ChatMessageUser,
    "assistant": ChatMessageAssistant,
}


def _config(request: ChatRequest) -> GenerateConfig:
    schema = None
    if request.schema is not None:
        schema = ResponseSchema(
            name=request.schema_name, json_schema=JSONSchema.model_validate(dict(request.schema))
        )
    return GenerateConfig(
        max_tokens=request.max_tokens,
        temperature=request.temperature,
        seed=request.seed,
        response_schema=schema,
    )


def _fixed_part(pattern: str) -> tuple[Path, str]:
    """The folder that a pattern begins with, and the rest of it: a glob takes no `..`."""
    parts = Path(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if any(c in part for c in "*?[")), len(parts) - 1)
    return _HERE.joinpath(*parts[:fixed]), str(Path(*parts[fixed:]))
