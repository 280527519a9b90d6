"""Finished drafts for tests: small, reworded by a model, large, hostile."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from poa.draft import draft_letter
from poa.facts import load_case
from poa.models.base import ChatRequest
from poa.models.scripted import ScriptedModel
from poa.runs import write_draft
from tests.builders import Facts, rich_facts

ROOT = Path(__file__).resolve().parents[2]
BRIGHTHOME = ROOT / "fixtures" / "facts" / "brighthome" / "facts.yaml"
HOSTILE = ROOT / "fixtures" / "facts" / "hostile" / "facts.yaml"


def written_draft(folder: Path, facts: Facts | Path, model: ScriptedModel | str = "skeleton") -> Path:
    """The folder of a draft made from these facts, or from a copy of this facts file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "facts.yaml"
    # JSON is YAML; a facts file moves with the notification beside it.
    if isinstance(facts, Path):
        for file in facts.parent.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
    else:
        path.write_text(json.dumps(facts), encoding="utf-8")
    draft = draft_letter(load_case(path), model)
    write_draft(draft, folder / "draft", path)
    return folder / "draft"


def rewording_model() -> ScriptedModel:
    """Rewords harmlessly, but drops the placeholders of the actions the first time it is asked for them."""
    refused: list[str] = []

    def script(request: ChatRequest) -> str:
        content = request.messages[-1].content
        asked: dict[str, Any] = json.loads(content[content.index('{"') :])
        first_actions = asked["section"] == "actions_taken" and not refused
        passages = []
        for passage in asked["passages"]:
            text = passage["text"].replace("We did not engage", "We have not engaged")
            if first_actions:
                refused.append(passage["id"])
                text = re.sub(r"<DATE_\d+>", "a later day", text)
            passages.append({"id": passage["id"], "text": text.replace("we removed", "we have removed")})
        return json.dumps({"passages": passages})

    return ScriptedModel(script, "scripted-model")


def large_facts(acts: int = 50, deeds: int = 75, rules: int = 50) -> Facts:
    """Facts of a case that fills some twenty pages."""
    months = ("2023-07", "2023-08", "2023-09", "2023-10", "2023-11", "2023-12", "2024-01", "2024-02")
    violations = [
        {
            "id": f"V{n}",
            "method": ("asked-to-change-review", "asked-to-remove-review", "incentive-by-message")[n % 3],
            "statement": (
                f"Our customer service agent of team {n + 1} asked the buyers of model K-{200 + n} to change"
                " what they had written about the product, and offered to settle their complaints afterwards."
            ),
            "statement_zh": (
                f"我方第{n + 1}组的客服人员要求型号K-{200 + n}的买家修改其对产品的评价，并表示之后会处理其投诉。"
            ),
            "from": f"{months[n % 8]}-{1 + n % 14:02}",
            "to": f"{months[n % 8]}-{15 + n % 13:02}",
            "channel": "Buyer-Seller Messaging",
            "orders": [f"11{n % 4}-{1000000 + 977 * n + k:07}-{2000000 + 613 * n + k:07}" for k in range(6)],
            "asins": [f"B0{chr(65 + n % 26)}{10000 + n:05}{k}X" for k in range(2)],
            "by": "customer service agent",
            "count": 6,
        }
        for n in range(1, acts + 1)
    ]
    actions = [
        {
            "id": f"A{n}",
            "statement": (
                f"We closed message template {n} of the customer service system, compared its wording with"
                f" Amazon's policies and recorded the result in register sheet {300 + n}."
            ),
            "statement_zh": (
                f"我方停用了客服系统的第{n}号消息模板，将其用语与亚马逊政策逐条对照，结果记入第{300 + n}号登记表。"
            ),
            "date": f"2024-03-{6 + n % 12:02}",
            "evidence": [f"E{n}"] if n % 3 else [],
        }
        for n in range(1, deeds + 1)
    ]
    measures = [
        {
            "id": f"P{n}",
            "statement": f"The shift lead of team {n} reads a sample of its messages and signs for it.",
            "statement_zh": f"第{n}组的班长抽查本组消息并签字。",
            "owner": "Customer service supervisor",
            "starts": f"2024-04-{1 + n % 28:02}",
            "frequency": "every week",
        }
        for n in range(1, rules + 1)
    ]
    return rich_facts(
        violations=violations,
        actions_taken=actions,
        preventive_measures=measures,
        attachments=[
            {
                "id": f"E{n}",
                "title": f"Register sheet {300 + n}, signed",
                "title_zh": f"已签字的第{300 + n}号登记表",
                "file": f"sheet-{n}.pdf",
            }
            for n in range(1, deeds + 1)
            if n % 3
        ],
    )
