"""Judges: models that compare two letters about one case, not knowing who wrote them, in both orders.

A judge weighs the writing alone. Only letters that pass their check are shown to it, so it cannot overrule the
checker; and a verdict that turns with the order is a tie.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from poa.errors import InputError, ModelError
from poa.evals.contestant import Entrant, Recorder
from poa.evals.log import append, read_judgements, read_run, read_samples
from poa.evals.purse import Purse
from poa.evals.replies import ReplyStore
from poa.evals.statistics import Interval, agreement, mean_over_cases
from poa.evals.suite import Contestant, PromptVariant, Suite
from poa.models.base import ChatModel, ChatRequest, Message
from poa.resources import prompts_dir

__all__ = ["JudgeOutcome", "JudgeTable", "PairRow", "judge_run", "judge_table"]

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "better": {"type": "string", "enum": ["first", "second", "tie"]},
        "why": {"type": "string"},
    },
    "required": ["better", "why"],
    "additionalProperties": False,
}
_MAX_TOKENS = 200
_SEED = 5


@dataclass(frozen=True)
class PairRow:
    """How two contestants fared against each other; `wins` is the first one's share, a tie counting half."""

    first: str
    second: str
    won: int
    tied: int
    lost: int
    wins: Interval | None


@dataclass(frozen=True)
class JudgeTable:
    """All verdicts in figures; the kappas say how far a verdict depends on the order, and on the judge."""

    judges: tuple[str, ...]
    pairs: tuple[PairRow, ...]
    order_kappa: Mapping[str, float | None]
    order_agreed: Mapping[str, float]
    judge_kappa: Mapping[str, float | None]
    unscored: int

    def as_json(self) -> dict[str, Any]:
        """The figures as plain data."""
        return asdict(self)


@dataclass
class JudgeOutcome:
    """What came of the judging: verdicts given now, and pairs left out with the reason for it."""

    given: int = 0
    left_out: int = 0
    failed: str | None = None


@dataclass(frozen=True)
class _Pairing:
    case: str
    repeat: int
    first: str
    second: str
    texts: tuple[str, str]

    @property
    def id(self) -> str:
        return f"{self.case}|{self.repeat}|{self.first}|{self.second}"


async def judge_run(
    folder: Path,
    suite: Suite,
    store_path: Path,
    open_with: Callable[[Contestant], ChatModel | None],
    purse: Purse,
    concurrency: int,
) -> JudgeOutcome:
    """Asks the suite's judges about every pair of letters that both pass; verdicts given before are not asked."""
    settings = suite.judge
    outcome = JudgeOutcome()
    if settings is None:
        return outcome
    _refuse_contestants(suite)
    known = {line["id"] for line in read_judgements(folder) if line["verdict"] is not None}
    pairings, outcome.left_out = _pairings(folder)
    store = ReplyStore(store_path)
    room = asyncio.Semaphore(concurrency)
    try:
        for judge in settings.models:
            contestant = Contestant(judge.name, judge, PromptVariant(name="judge"))
            model = open_with(contestant)
            if model is None:
                raise InputError(f"The judge {judge.name} is no model: name one that can be asked.")
            entrant = Entrant(contestant, model, store, purse, room, suite.timeout_s)
            try:
                await asyncio.gather(
                    *(
                        _judge(folder, entrant, pairing, swapped, outcome)
                        for pairing in pairings
                        for swapped in (False, True)
                        if f"{judge.name}|{pairing.id}|{swapped}" not in known
                    )
                )
            finally:
                await model.aclose()
    finally:
        store.close()
    return outcome


def judge_table(judgements: Sequence[Mapping[str, Any]]) -> JudgeTable:
    """The verdicts in figures: each pair's wins, and the agreements."""
    given = [line for line in judgements if line["verdict"] is not None]
    judges = tuple(sorted({line["judge"] for line in judgements}))
    by_pair: dict[tuple[str, str], list[tuple[str, str, float]]] = {}
    orders: dict[str, tuple[list[str], list[str]]] = {judge: ([], []) for judge in judges}
    final: dict[tuple[str, str], str] = {}
    for (judge, pairing), (straight, swapped) in _both_orders(given).items():
        orders[judge][0].append(straight["verdict"])
        orders[judge][1].append(swapped["verdict"])
        verdict = straight["verdict"] if straight["verdict"] == swapped["verdict"] else "tie"
        final[(judge, pairing)] = verdict
        point = {"first": 1.0, "second": 0.0, "tie": 0.5}[verdict]
        by_pair.setdefault((straight["first"], straight["second"]), []).append(
            (straight["case"], verdict, point)
        )
    return JudgeTable(
        judges,
        tuple(_row(first, second, found) for (first, second), found in by_pair.items()),
        {judge: agreement(*pair) for judge, pair in orders.items()},
        {
            judge: sum(a == b for a, b in zip(*pair, strict=True)) / len(pair[0])
            for judge, pair in orders.items()
            if pair[0]
        },
        _between_judges(judges, final),
        len(judgements) - len(given),
    )


def _both_orders(
    given: Sequence[Mapping[str, Any]],
) -> dict[tuple[str, str], tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The two verdicts of a judge on a pair; a verdict without its counterpart is left out."""
    straight = {(line["judge"], line["pairing"]): line for line in given if not line["swapped"]}
    swapped = {(line["judge"], line["pairing"]): line for line in given if line["swapped"]}
    return {key: (line, swapped[key]) for key, line in straight.items() if key in swapped}


def _row(first: str, second: str, found: Sequence[tuple[str, str, float]]) -> PairRow:
    verdicts = Counter(verdict for _, verdict, _ in found)
    by_case: dict[str, list[float]] = {}
    for case, _, point in found:
        by_case.setdefault(case, []).append(point)
    return PairRow(
        first, second, verdicts["first"], verdicts["tie"], verdicts["second"], mean_over_cases(by_case, True)
    )


def _between_judges(judges: Sequence[str], final: Mapping[tuple[str, str], str]) -> dict[str, float | None]:
    kappas = {}
    for ours, theirs in combinations(judges, 2):
        both = [pairing for judge, pairing in final if judge == ours and (theirs, pairing) in final]
        kappas[f"{ours} and {theirs}"] = agreement(
            [final[(ours, pairing)] for pairing in both], [final[(theirs, pairing)] for pairing in both]
        )
    return kappas


def _refuse_contestants(suite: Suite) -> None:
    assert suite.judge is not None
    if suite.judge.contestants_may_judge:
        return
    contestants = {(m.model, m.base_url) for m in suite.models}
    biased = [judge.name for judge in suite.judge.models if (judge.model, judge.base_url) in contestants]
    if biased:
        raise InputError(
            f"{', '.join(biased)} would judge its own letters: name another judge, or say"
            " `contestants_may_judge: true` in the suite."
        )


def _pairings(folder: Path) -> tuple[list[_Pairing], int]:
    """Each two passing letters about one case, masked; and how many pairs were left out."""
    order = [c["name"] for c in read_run(folder)["contestants"]]
    paths = {c["name"]: (folder / c["path"]).resolve() for c in read_run(folder)["cases"]}
    letters: dict[tuple[str, int], dict[str, str | None]] = {}
    for sample in read_samples(folder):
        fit = sample["ok"] and sample["failure"] is None
        letters.setdefault((sample["case"], sample["repeat"]), {})[sample["contestant"]] = (
            sample["letter"] if fit else None
        )
    pairings, left_out = [], 0
    for (case, repeat), written in letters.items():
        for first, second in combinations([name for name in order if name in written], 2):
            texts = (written[first], written[second])
            if texts[0] is None or texts[1] is None or texts[0] == texts[1]:
                left_out += 1
                continue
            masked = _masked((texts[0], texts[1]), paths[case])
            pairings.append(_Pairing(case, repeat, first, second, masked))
    return pairings, left_out


def _masked(texts: tuple[str, str], facts: Path) -> tuple[str, str]:
    """The letters with every private value hidden, the same value by the same placeholder in both."""
    from poa.placeholders import protect

    if facts.name.endswith((".yaml", ".yml")):
        from poa.facts import load_case
        from poa.outline import build_outline
        from poa.placeholders import known_values

        known = known_values(build_outline(load_case(facts)))
    else:
        known = ()
    first, second = protect(texts, known).texts
    return first, second


async def _judge(
    folder: Path, entrant: Entrant, pairing: _Pairing, swapped: bool, outcome: JudgeOutcome
) -> None:
    recorder = Recorder(entrant, pairing.repeat)
    shown = tuple(reversed(pairing.texts)) if swapped else pairing.texts
    verdict, why = None, ""
    try:
        reply = await recorder.reply(_request(shown))
        verdict, why = _read(reply.text)
    except ModelError as error:
        if recorder.starved:
            outcome.failed = str(error)
            return
        why = outcome.failed = str(error)
    if swapped and verdict in ("first", "second"):
        verdict = "second" if verdict == "first" else "first"
    judge = entrant.contestant.name
    append(
        folder / "judgements.jsonl",
        {
            "id": f"{judge}|{pairing.id}|{swapped}",
            "judge": judge,
            "pairing": pairing.id,
            "case": pairing.case,
            "repeat": pairing.repeat,
            "first": pairing.first,
            "second": pairing.second,
            "swapped": swapped,
            "verdict": verdict,
            "why": why,
            "calls": [call.as_json() for call in recorder.calls],
        },
    )
    outcome.given += verdict is not None


def _request(texts: Sequence[str]) -> ChatRequest:
    # Neither name nor number tells the judge who wrote which.
    asked = json.dumps({"first": texts[0], "second": texts[1]}, ensure_ascii=False)
    return ChatRequest(
        messages=(Message("system", _rubric()), Message("user", asked)),
        schema=_SCHEMA,
        schema_name="verdict",
        max_tokens=_MAX_TOKENS,
        temperature=0.0,
        seed=_SEED,
    )


@cache
def _rubric() -> str:
    return (prompts_dir() / "judge" / "rubric.jinja").read_text("utf-8").strip()


def _read(text: str) -> tuple[str | None, str]:
    """The verdict as shown, and its reason; no verdict where the reply holds none."""
    for match in re.finditer(r"\{", text):
        try:
            found, _ = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found.get("better") in ("first", "second", "tie"):
            return found["better"], str(found.get("why", ""))
    return None, "The reply held no verdict."
