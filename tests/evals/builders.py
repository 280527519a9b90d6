"""A suite on fixture facts with loopback models, and the ways those models answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.fake_server import Answer, Body, Script, asked, completion, error, polished

FIXTURES = Path(__file__).parents[2] / "fixtures"
FACTS = FIXTURES / "facts" / "brighthome" / "facts.yaml"
OTHER_FACTS = FIXTURES / "facts" / "chenguang" / "facts.yaml"


def suite_file(folder: Path, base_url: str, **changes: Any) -> Path:
    """A suite of the skeleton and two models at the endpoint, on two cases."""
    folder.mkdir(parents=True, exist_ok=True)
    suite: dict[str, Any] = {
        "suite": 1,
        "name": "small",
        "cases": [str(FACTS), str(OTHER_FACTS)],
        "models": [
            {"name": "skeleton", "model": "skeleton"},
            {"name": "good", "model": "good", "base_url": base_url},
            {"name": "poor", "model": "poor", "base_url": base_url, "temperature": 0.9},
        ],
        **changes,
    }
    path = folder / "suite.yaml"
    path.write_text(yaml.safe_dump(suite, allow_unicode=True), "utf-8")
    return path


def by_model(**scripts: Script) -> Script:
    """A server that answers for each model with its own script."""
    return lambda body: scripts[body["model"]](body)


def good(body: Body) -> Answer:
    """Moves the date to the end of a sentence: other words, the same content."""
    return completion(polished(body, _dated_last))


def poor(body: Body) -> Answer:
    """Softens what it can, which the checker refuses."""
    return completion(
        polished(
            body, lambda _, text: text.replace(" asked ", " may have asked ").replace(" every ", " most ")
        )
    )


def judge_longer(body: Body) -> Answer:
    """A judge that prefers the longer letter, in whichever order."""
    shown = json.loads(body["messages"][-1]["content"])
    better = "first" if len(shown["first"]) > len(shown["second"]) else "second"
    return completion(json.dumps({"better": better, "why": "It is longer."}))


def judge_first(_: Body) -> Answer:
    """A judge that prefers whatever it reads first."""
    return completion(json.dumps({"better": "first", "why": "It came first."}))


def half_fails(body: Body) -> Answer:
    """A model that refuses every second section for good."""
    name = asked(body)["section"]
    return error(400, "no such luck") if sum(map(ord, name)) % 2 else good(body)


def _dated_last(_: str, text: str) -> str:
    if not text.startswith("On <DATE_") or "." not in text:
        return text
    date, _, rest = text.partition(", ")
    sentence, dot, more = rest.partition(".")
    return f"{sentence[0].upper()}{sentence[1:]} on {date[3:]}{dot}{more}"
