"""Fuzzing that looks for new ways through the code: every reader of what comes from outside, by atheris.

    python -m tests.fuzz.guided TARGET [CORPUS...] [-max_total_time=60] [other options of libFuzzer]

TARGET is notice, facts, check, restore or reply. `make fuzz` runs all of them for FUZZ_S seconds each, from the
corpus in `tests/fuzz/corpus/guided/`, and keeps what leads further in `out/fuzz/`. What broke something belongs
into the corpus: the tests read all of it again, with or without atheris.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poa.facts import Case

__all__ = ["TARGETS"]


def _notice(text: str) -> None:
    from poa.errors import PoaError
    from poa.notice import read_notice

    with contextlib.suppress(PoaError):
        read_notice(text)


def _facts(text: str) -> None:
    from poa.errors import PoaError
    from poa.facts import parse_case

    with contextlib.suppress(PoaError):
        parse_case(text)


@cache
def _case() -> Case:
    from tests.builders import case_of, rich_facts

    return case_of(rich_facts())


def _check(text: str) -> None:
    from poa.checks import check_letter

    report = check_letter(_case(), text).as_json()
    assert report["ok"] == (not any(found["severity"] == "error" for found in report["findings"]))
    for found in report["findings"]:
        assert 0 <= found.get("start", 0) <= found.get("end", len(text)) <= len(text)


def _restore(text: str) -> None:
    from poa.placeholders import PLACEHOLDER, PlaceholderError, protect, restore

    sent, _, came = text.partition("\x1f")
    protected = protect([sent])
    masked = protected.texts[0]
    assert restore(masked, masked, protected.table) == sent
    with contextlib.suppress(PlaceholderError):
        restore(came, masked, protected.table)
        assert sorted(PLACEHOLDER.findall(came)) == sorted(PLACEHOLDER.findall(masked))


def _reply(text: str) -> None:
    from poa.models.scripted import ScriptedModel
    from poa.placeholders import Known
    from poa.polish import Asked, polish_section

    asked = [Asked("V1", "On March 5, 2024, Acme Ltd paid $20.00."), Asked("V2", "We stopped it.")]
    model = ScriptedModel(lambda _: text)
    polished = asyncio.run(polish_section(model, "what_happened", asked, [Known("NAME", "Acme Ltd")]))
    for name, written in polished.texts.items():
        assert written.strip()
        values = ("March 5, 2024", "Acme Ltd", "$20.00") if name == "V1" else ()
        assert all(written.count(value) >= 1 for value in values)
    assert {*polished.texts, *(note.id for note in polished.refused)} == {"V1", "V2"}


TARGETS: dict[str, Callable[[str], None]] = {
    "notice": _notice,
    "facts": _facts,
    "check": _check,
    "restore": _restore,
    "reply": _reply,
}


def _seeds(target: str) -> list[str]:
    """Something that is almost right, from which to begin."""
    import yaml

    from poa.draft import draft_letter
    from tests.builders import rich_facts, small_facts

    if target == "facts":
        return [yaml.safe_dump(facts, sort_keys=False) for facts in (small_facts(), rich_facts())]
    if target == "check":
        return [draft_letter(_case()).letter.text]
    if target == "restore":
        sent = 'On March 5, 2024, Zhang Min wrote "hello" to a@b.example about 112-3456789-1234567.'
        return [f"{sent}\x1fOn <DATE_1>, <NAME_1> wrote <QUOTE_1> to <EMAIL_1> about <ORDER_1>."]
    if target == "reply":
        texts = ["On <DATE_1>, we paid <AMOUNT_1> to <NAME_1>.", "We have stopped it."]
        passages = [{"id": f"V{n}", "text": text} for n, text in enumerate(texts, 1)]
        return [json.dumps({"passages": passages}), "```json\n" + json.dumps(passages) + "\n```"]
    return [
        "Dear Seller,\nreply within 17 days with:\n- the root cause\n- the steps\nAmazon.co.uk, 5 March 2024"
    ]


def main(arguments: list[str]) -> None:
    """Runs one target until the time given is over, or until something breaks; the input that broke it is kept."""
    import atheris

    target = TARGETS[arguments[0]]
    with atheris.instrument_imports(include=["poa"]):
        # All that the target loads is loaded here, so that all of it is watched.
        for seed in _seeds(arguments[0]):
            target(seed)
    folders = [argument for argument in arguments[1:] if not argument.startswith("-")]
    if folders:
        begin = Path(folders[0])
        begin.mkdir(parents=True, exist_ok=True)
        for n, seed in enumerate(_seeds(arguments[0])):
            (begin / f"seed-{n}").write_text(seed, encoding="utf-8")

    def one(data: bytes) -> None:
        target(data.decode(errors="replace"))

    run: Any = atheris
    run.Setup([sys.argv[0], *arguments[1:]], one)
    run.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
