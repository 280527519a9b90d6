"""Every byte sent to a model, and every byte kept, for cases with private values in every field."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poa.batch import draft_cases, find_cases
from poa.models.openai import OpenAIModel
from tests.builders import Facts, facts, rich_facts
from tests.fake_server import FakeServer, completion, echo, error, polished

KEY = "sk-private-0123456789"
CASES = int(os.environ.get("POA_PRIVATE_CASES", "8"))

# What a statement may hold besides its fields: each must be hidden wherever it stands.
INSIDE = {
    "person": "Marta Ruizova",
    "buyer": "Hannelore Quist",
    "order": "702-5557771-2223334",
    "asin": "B0PRIVATE1",
    "email": "quist.h@postbox.example",
    "phone": "+49 171 5550123",
    "link": "https://drop.example/u/7731?token=abc",
    "amount": "$1,482.57",
    "date": "17 October 2023",
    "quote": "Please be so kind as to reconsider, dear Mrs. Quist!",
    "company": "Zyxward Logistics GmbH",
    "chinese": "星河贸易有限公司",
}
_SAID = (
    "Our colleague {person} wrote to the buyer {buyer} about order {order} and ASIN {asin}",
    'On {date}, our agent told {buyer} by e-mail ({email}): "{quote}"',
    "Our agent {person} paid {amount} through {company} to {buyer}, phone {phone}",
    "Our manager posted {link} in the group of {company} ({chinese}) for {person}",
)


def private_values(case: Facts) -> set[str]:
    """Every private value of the fields, and of what stands inside the statements."""
    found = set(INSIDE.values())
    found |= {case["seller"][key] for key in ("store_name", "contact_name", "email")}
    found |= {case["seller"].get("merchant_token") or KEY, case["notice"].get("reference") or KEY}
    for act in case["violations"]:
        found |= {*act["orders"], *act["asins"], act.get("quote") or KEY}
    for party in case["third_parties"]:
        found |= {party["name"], *re.findall(r"\S+@\S+|www\.\S+|Ana Prieto", party["contact"])}
    for account in case["customer_accounts"]:
        found |= {account["name"], account["email"], account["order"]}
    for review in case["remaining_reviews"]:
        found |= {review["asin"], review["review"]}
    return found


@st.composite
def private_facts(draw: st.DrawFn) -> Facts:
    case = draw(facts())
    for group in ("violations", "root_causes", "actions_taken"):
        for n, entry in enumerate(case[group]):
            # The acts' dates stay within what the facts' own rules allow.
            entry["statement"] = _SAID[(n + draw(st.integers(0, 3))) % 4].format(**INSIDE)
    return case


def write(folder: Path, case: Facts) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "facts.yaml").write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False))


def run(server: FakeServer, place: Path) -> list[str]:
    async def walk() -> list[str]:
        model = OpenAIModel("fake", base_url=server.base_url, api_key=KEY, first_wait_s=0.01)
        try:
            return [str(o.error) async for o in draft_cases(find_cases([place]), model) if o.error]
        finally:
            await model.aclose()

    return asyncio.run(walk())


def careless(text: str) -> str:
    """A wording that is refused, so that the repair with its notes goes over the wire, too."""
    return f"{text} The buyer was perhaps at fault."


def leaks(values: set[str], content: bytes) -> list[str]:
    said = content.decode(errors="replace")
    said += json.dumps(said)[1:-1] + re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), said)
    return sorted(value for value in values if value.lower() in said.lower())


@settings(max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=private_facts())
def test_no_private_value_is_sent_or_kept(
    case: Facts, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path_factory.mktemp("private")
    cache = folder / "cache"
    before = os.environ.get("POA_CACHE_DIR")
    os.environ["POA_CACHE_DIR"] = str(cache)
    try:
        write(folder / "case", case)
        with caplog.at_level(logging.DEBUG), FakeServer(echo(lambda _, text: careless(text))) as server:
            run(server, folder)
        sent = b"\n".join(server.bytes_received)
        kept = b"\n".join(path.read_bytes() for path in cache.rglob("*") if path.is_file())
    finally:
        if before is None:
            del os.environ["POA_CACHE_DIR"]
        else:
            os.environ["POA_CACHE_DIR"] = before
    values = private_values(case) - {KEY}
    assert server.requests, "nothing was asked, so nothing is shown"
    assert leaks(values, re.sub(rb"(?i)host: .*|authorization: .*", b"", sent)) == []
    assert leaks(values | {KEY}, kept) == []
    # Dates are hidden too, however they are written.
    asked = " ".join(body["messages"][-1]["content"] for body in server.requests)
    assert re.findall(r"\b(?:19|20)\d\d-\d\d|\b(?:January|February|March|October) \d", asked) == []
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("poa"))
    assert leaks(values | {KEY}, logged.encode()) == []


def test_the_key_is_in_no_file_and_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path / "case", rich_facts())
    with FakeServer(lambda body: error(401, f"Incorrect API key provided: {KEY}. Bearer {KEY}")) as server:
        said = run(server, tmp_path)
    assert said
    assert KEY not in "".join(said)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_a_model_that_repeats_what_it_saw_has_nothing_private_to_repeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path / "case", rich_facts())
    with FakeServer(lambda body: completion(polished(body))) as server:
        run(server, tmp_path)
        replies = [json.dumps(body) for body in server.requests]
    assert leaks(private_values(rich_facts()), "\n".join(replies).encode()) == []
