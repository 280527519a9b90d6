"""What a model is asked for a section, and what is made of its answer."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from poa.draft import draft_letter
from poa.facts import load_case
from poa.grammar import reply_grammar
from poa.models.base import ChatReply, ChatRequest
from poa.models.scripted import ScriptedModel
from poa.models.tokens import count_tokens
from poa.placeholders import Known
from poa.polish import Asked, Note, Polished, plain_punctuation, polish_section, prompt_hashes
from tests.fake_server import asked as asked_in
from tests.fake_server import polished as answer

PASSAGES = (
    Asked(
        "V1", "On May 27, 2024, our agent asked the buyer of order 113-5820416-7749205 to update a review."
    ),
    Asked("A1", 'We told Zhang Min: "Never again." That was all.'),
)
KNOWN = (Known("NAME", "Zhang Min"), Known("QUOTE", "Never again."))
SENT = {
    "section": "what_happened",
    "passages": [
        {"id": "V1", "text": "On <DATE_1>, our agent asked the buyer of order <ORDER_1> to update a review."},
        {"id": "A1", "text": "We told <NAME_1>: <QUOTE_1> That was all."},
    ],
}


def section(request: ChatRequest) -> dict[str, object]:
    return asked_in({"messages": [{"content": m.content} for m in request.messages]})


def polish(
    reply: str | Callable[[ChatRequest], str], notes: tuple[Note, ...] = ()
) -> tuple[Polished, ChatRequest]:
    model = ScriptedModel(reply if callable(reply) else lambda _: reply)
    polished = asyncio.run(polish_section(model, "what_happened", PASSAGES, KNOWN, notes=notes))
    return polished, model.requests[0]


def passages(**texts: str) -> str:
    return json.dumps({"passages": [{"id": name, "text": text} for name, text in texts.items()]})


GOOD = passages(
    V1="Our agent asked the buyer of order <ORDER_1> to update a review on <DATE_1>.",
    A1="<NAME_1> heard: <QUOTE_1>",
)
TEXTS = {
    "V1": "Our agent asked the buyer of order 113-5820416-7749205 to update a review on May 27, 2024.",
    "A1": 'Zhang Min heard: "Never again."',
}


def test_the_request_ends_with_the_masked_section_as_one_json_object() -> None:
    _, request = polish(GOOD)
    assert request.messages[-1].role == "user"
    assert json.loads(request.messages[-1].content) == SENT
    whole = " ".join(m.content for m in request.messages)
    assert not any(value in whole for value in ("May 27", "113-5820416", "Zhang", "Never again"))


def test_the_instructions_come_first_and_are_the_same_for_every_section() -> None:
    _, first = polish(GOOD)
    model = ScriptedModel(lambda _: "")
    asyncio.run(polish_section(model, "metrics", PASSAGES[:1], ()))
    assert [m.role for m in first.messages] == ["system", "user", "assistant", "user"]
    assert first.messages[:-1] == model.requests[0].messages[:-1]


def test_the_shared_part_of_a_request_is_short() -> None:
    _, request = polish(GOOD)
    assert sum(count_tokens(m.content).tokens for m in request.messages[:-1]) < 620


def test_the_answer_comes_back_with_its_values_in_place() -> None:
    polished, _ = polish(GOOD)
    assert (dict(polished.texts), polished.refused) == (TEXTS, ())


@pytest.mark.parametrize(
    "reply",
    [
        f"```json\n{GOOD}\n```",
        f"Here is the polished section:\n{GOOD}\nI hope this helps {{smile}}.",
        f"<think>{{'passages': []}} hm</think>{GOOD}",
        json.dumps({"note": "extra", **json.loads(GOOD)}),
        json.dumps({"passages": [{**p, "why": "better"} for p in json.loads(GOOD)["passages"]]}),
    ],
)
def test_talk_around_the_json_and_unknown_fields_do_no_harm(reply: str) -> None:
    assert dict(polish(reply)[0].texts) == TEXTS


ONE = json.loads(GOOD)["passages"]
REFUSED = {
    "no JSON": "I am sorry, I cannot do that.",
    "broken": GOOD[:-20],
    "empty": "",
    "missing id": json.dumps({"passages": ONE[:1]}),
    "extra id": json.dumps({"passages": [*ONE, {"id": "X", "text": "More."}]}),
    "doubled id": json.dumps({"passages": [ONE[0], ONE[0]]}),
    "other order": json.dumps({"passages": ONE[::-1]}),
    "wrong ids": json.dumps({"passages": [{**p, "id": p["id"].lower()} for p in ONE]}),
    "no passages": json.dumps({"passages": []}),
    "deeply nested": "[" * 5000,
}


@pytest.mark.parametrize("reply", REFUSED.values(), ids=REFUSED.keys())
def test_a_reply_without_the_same_ids_in_order_is_refused_as_a_whole(reply: str) -> None:
    polished, _ = polish(reply)
    assert dict(polished.texts) == {}
    assert [note.id for note in polished.refused] == ["V1", "A1"]


@pytest.mark.parametrize(
    "text",
    [
        "Our agent asked the buyer to update a review on <DATE_1>.",
        "Order <ORDER_1> <ORDER_1> <DATE_1>.",
        "Order <ORDER_1> <DATE_1> <DATE_7>.",
        "Order <ORDER_1> on May 27, 2024.",
        "",
        "   ",
        "Order <ORDER_1> <DATE_1>\x07.",
        "Order <ORDER_1> <DATE_1>. " + "And so on. " * 50,
    ],
)
def test_one_bad_text_is_refused_and_the_others_stand(text: str) -> None:
    polished, _ = polish(passages(V1=text, A1="<NAME_1> heard: <QUOTE_1>"))
    assert dict(polished.texts) == {"A1": TEXTS["A1"]}
    assert [note.id for note in polished.refused] == ["V1"]
    assert polished.refused[0].text.endswith(".")


def test_what_was_whole_before_a_reply_was_cut_off_stands() -> None:
    class CutOff(ScriptedModel):
        async def reply(self, request: ChatRequest) -> ChatReply:
            return replace(await super().reply(request), finish_reason="length")

    model = CutOff(lambda _: GOOD[: GOOD.index("heard")])
    polished = asyncio.run(polish_section(model, "x", PASSAGES, KNOWN))
    assert dict(polished.texts) == {"V1": TEXTS["V1"]}
    assert polished.refused == (Note("A1", "The reply was cut off before its end: be brief."),)


def test_a_text_that_is_no_string_is_refused() -> None:
    polished, _ = polish(json.dumps({"passages": [{"id": "V1", "text": 5}, ONE[1]]}))
    assert list(polished.texts) == ["A1"]


def test_a_repair_carries_its_notes_masked_and_another_seed() -> None:
    notes = (Note("V1", "“May 27, 2024” and order 113-5820416-7749205 belong together; <DATE_1> is lost."),)
    _, first = polish(GOOD)
    _, repair = polish(GOOD, notes)
    assert section(repair) == {
        **SENT,
        "notes": [{"id": "V1", "note": "'<DATE_1>' and order <ORDER_1> belong together; <DATE_1> is lost."}],
    }
    assert repair.seed != first.seed
    assert repair.messages[:-1] == first.messages[:-1]


def test_typographic_marks_become_plain_ones() -> None:
    assert plain_punctuation("“It’s” – 5 — so…\u00a0ok") == '"It\'s" - 5 - so... ok'


def test_each_prompt_has_a_short_identity() -> None:
    hashes = prompt_hashes()
    assert set(hashes) == {"polish", "polish_example", "repair"}
    assert all(len(value) == 12 for value in hashes.values())


def test_a_model_on_this_machine_is_held_to_a_grammar_of_this_reply() -> None:
    _, request = polish(GOOD)
    assert request.grammar == reply_grammar(["V1", "A1"], [p["text"] for p in SENT["passages"]])


def test_a_reply_of_brackets_is_given_up_soon() -> None:
    polished, _ = polish("[" * 150_000 + GOOD)
    assert dict(polished.texts) == {}


def test_the_requests_of_a_whole_letter_stay_below_six_thousand_tokens_and_begin_alike() -> None:
    model = ScriptedModel(lambda request: answer({"messages": [{"content": request.messages[-1].content}]}))
    draft_letter(load_case(Path(__file__).parent.parent / "fixtures/facts/brighthome"), model)
    assert len(model.requests) == 8
    assert len({request.messages[:-1] for request in model.requests}) == 1
    assert sum(count_tokens(m.content).tokens for r in model.requests for m in r.messages) < 6000
