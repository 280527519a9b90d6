"""poa rewrite: masked out, checked, asked for once more, and never silently wrong."""

from __future__ import annotations

import json

import pytest

from poa.errors import InputError, ModelError
from poa.models.base import ChatRequest
from poa.models.scripted import ScriptedModel
from poa.rewrite.lexicon import glossary_terms, load_lexicon
from poa.rewrite.masking import mask
from poa.rewrite.sentences import chinese_sentences, joined
from poa.rewrite.walk import UnfinishedRewritingError, rewrite

SUMMARY = "2024年3月5日我们停职了采购小吴。我们没有联系买家。"
GOOD = {
    1: "On <DATE_1>, we suspended our purchaser, <NAME_1>, from duty.",
    2: "We have not contacted any buyer.",
}


def sent(request: ChatRequest) -> list[dict[str, object]]:
    text = request.messages[-1].content
    sentences: list[dict[str, object]] = json.loads(text[text.index('{"sentences"') :])["sentences"]
    return sentences


def answering(*rounds: dict[int, str]) -> ScriptedModel:
    """A model that gives each sentence the English of its round, the last round for ever."""
    asked: dict[int, int] = {}

    def script(request: ChatRequest) -> str:
        entries = []
        for entry in sent(request):
            number = int(str(entry["id"]))
            round_ = min(asked.get(number, 0), len(rounds) - 1)
            asked[number] = asked.get(number, 0) + 1
            entries.append({"id": number, "text": rounds[round_].get(number, rounds[0].get(number, ""))})
        return json.dumps({"sentences": entries})

    return ScriptedModel(script)


def test_a_good_rewriting_is_checked_and_whole() -> None:
    made = rewrite(SUMMARY, answering(GOOD), glossary=glossary_terms())
    assert made.ok
    assert made.text == (
        "On March 5, 2024, we suspended our purchaser, Xiao Wu, from duty. We have not contacted any buyer."
    )
    assert [s.attempts for s in made.sentences] == [1, 1]


def test_no_value_or_name_reaches_the_model() -> None:
    model = answering(GOOD)
    rewrite(
        "2024年3月5日客服王芳退款给订单112-4837265-9012348,共45.80美元。", model, glossary=glossary_terms()
    )
    everything = "".join(m.content for request in model.requests for m in request.messages[3:])
    for private in ("2024", "王芳", "112-4837265-9012348", "45.80"):
        assert private not in everything


@pytest.mark.parametrize(
    ("text", "name", "english"),
    [
        ("我们跟李静说要删评。", "李静", "Li Jing"),
        ("上个月由张伟负责发货。", "张伟", "Zhang Wei"),
        ("后来王建国把账单改了。", "王建国", "Wang Jianguo"),
        ("她和孙晓东一起联系了买家。", "孙晓东", "Sun Xiaodong"),
        ("我叫赵敏，是店主。", "赵敏", "Zhao Min"),
    ],
)
def test_a_name_without_a_role_before_it_stays_here_too(text: str, name: str, english: str) -> None:
    protected = mask([text], load_lexicon(), {})
    assert name not in protected.texts[0]
    assert english in protected.table.values()


@pytest.mark.parametrize(
    "text",
    ["周五发货，周三退款。", "我们把陈列改了，和何时发货有关。", "给高兴的客户退款。", "许多买家投诉，范围很广。", "任何人都不能，何况新人。", "从武汉仓发货。", "我们杜绝再犯，谢谢您。"],
)  # fmt: skip
def test_a_word_that_begins_like_a_surname_is_no_name(text: str) -> None:
    assert not any(key.startswith("<NAME") for key in mask([text], load_lexicon(), {}).table)


def test_a_mark_that_kept_no_space_behind_it_gets_one() -> None:
    model = answering({**GOOD, 1: "On <DATE_1>,we suspended our purchaser,<NAME_1>, from duty."})
    made = rewrite(SUMMARY, model, glossary=glossary_terms())
    assert made.sentences[0].english == ("On March 5, 2024, we suspended our purchaser, Xiao Wu, from duty.")


def test_a_hint_is_told_and_faults_nothing() -> None:
    text = "删掉差评才退款。"
    english = "We gave a refund only after the negative review was deleted."
    made = rewrite(text, answering({1: english}), glossary=glossary_terms())
    hints = [f for s in made.sentences for f in s.findings]
    assert [f.code for f in hints if f.severity == "hint"] == ["subject_missing"]
    assert made.ok


def test_a_wrong_sentence_alone_is_asked_for_again_with_its_fault() -> None:
    model = answering({**GOOD, 2: "We have contacted the buyers."}, GOOD)
    made = rewrite(SUMMARY, model, glossary=glossary_terms())
    assert made.ok
    assert [s.attempts for s in made.sentences] == [1, 2]
    assert [entry["id"] for entry in sent(model.requests[-1])] == [2]
    assert "denies" in model.requests[-1].messages[-1].content


def test_what_stays_wrong_is_marked_beside_its_chinese() -> None:
    made = rewrite(
        SUMMARY, answering({**GOOD, 2: "We have contacted the buyers."}), glossary=glossary_terms()
    )
    assert not made.ok
    assert made.marked().startswith("UNCHECKED: 1 of 2 sentences")
    assert "[[2: We have contacted the buyers.]]" in made.marked()
    assert "我们没有联系买家。" in made.marked()


def test_a_lost_placeholder_refuses_the_sentence() -> None:
    made = rewrite(SUMMARY, answering({**GOOD, 1: "We suspended <NAME_1>."}), glossary=glossary_terms())
    assert not made.ok
    assert made.sentences[0].english == ""
    assert made.sentences[0].attempts == 2


def test_a_reply_that_is_no_json_leaves_nothing_unsaid() -> None:
    made = rewrite(SUMMARY, ScriptedModel(lambda request: "Certainly!"), glossary=glossary_terms())
    assert [s.findings[0].code for s in made.sentences] == ["not_rewritten", "not_rewritten"]


def test_a_failing_model_hands_over_what_had_come() -> None:
    def script(request: ChatRequest) -> str:
        raise ModelError("The model is away.")

    with pytest.raises(UnfinishedRewritingError, match="away") as caught:
        rewrite(SUMMARY, ScriptedModel(script), glossary=glossary_terms())
    assert caught.value.rewriting.marked().startswith("UNCHECKED: 2 of 2")


def test_english_is_refused_as_a_summary() -> None:
    with pytest.raises(InputError, match="no Chinese"):
        rewrite("We did it.", answering(GOOD), glossary=glossary_terms())


def test_paragraphs_stay_apart() -> None:
    sentences = chinese_sentences("第一句。第二句!\n\n第三句")
    assert [s.text for s in sentences] == ["第一句。", "第二句!", "第三句"]
    assert joined(sentences, ["One.", "Two.", "Three."])[0] == "One. Two.\nThree."


def test_values_come_back_in_english() -> None:
    text = "去年11月到今年2月,三个客服联系了十几个买家,退了1.2万美元,约占八成。2024年3月5日收到通知。"
    protected = mask([text], load_lexicon(), {})
    assert protected.texts[0].startswith(
        "<DATE_1>到<DATE_2>,<COUNT_1>个客服联系了<COUNT_2>个买家,退了<AMOUNT_1>"
    )
    assert list(protected.table.values()) == [
        "November 2023", "February 2024", "three", "more than ten", "$12,000", "about 80%", "March 5, 2024",
    ]  # fmt: skip


def test_a_users_english_for_a_name_is_taken() -> None:
    assert mask(["采购陈立离职。"], load_lexicon(), {"陈立": "Tan Lip"}).table == {"<NAME_1>": "Tan Lip"}
