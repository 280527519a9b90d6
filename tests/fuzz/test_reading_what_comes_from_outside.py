"""Whatever comes from outside, each reader gives its value or says what is wrong, in time; nothing else comes out.

`POA_FUZZ_EXAMPLES` says how many of each (`make soak`: thousands). What failed once stays in the corpus, below.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poa.checks import check_letter
from poa.draft import draft_letter
from poa.errors import PoaError
from poa.facts import load_case, parse_case
from poa.models.scripted import ScriptedModel
from poa.notice import demands_of, read_notice
from poa.placeholders import PLACEHOLDER, Known, PlaceholderError, protect, restore
from tests.builders import case_of, rich_facts, small_facts
from tests.fuzz.guided import TARGETS

EXAMPLES = int(os.environ.get("POA_FUZZ_EXAMPLES", "25"))
MOST_S = 5.0
CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").glob("*") if path.is_file())
GUIDED = Path(__file__).parent / "corpus" / "guided"
fuzz = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

CASE = case_of(rich_facts())
LETTER = draft_letter(CASE).letter.text
FACTS = yaml.safe_dump(rich_facts(), sort_keys=False)
PIECES = st.sampled_from(
    ("Amazon", "\n\n", "- ", "112-3456789-1234567", "March 5, 2024", '"', "<ORDER_1>", "<DATE_0001>", "2024年3月5日", "\ufeff",
     "$1,000.00", "we", "not", "( " * 30, "a" * 3000, "\u202e", "{{ x }}", "]]>", "&amp;", "B0ABCDEFGH", "x@y.example", "1" * 200, "\x00")
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=25).map(" ".join)


@st.composite
def bent(draw: st.DrawFn, whole: str) -> str:
    """The text with a few places replaced: what is almost right goes furthest in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(whole)))
        end = min(len(whole), start + draw(st.integers(0, 60)))
        whole = whole[:start] + draw(TEXTS) + whole[end:]
    return whole


def in_time(began: float) -> None:
    # The processor's time: what other programs take of it says nothing about an input.
    assert time.process_time() - began < MOST_S


@fuzz
@given(
    text=st.one_of(TEXTS, bent("Dear Seller, reply within 17 days with:\n- the root cause\n- the steps\n"))
)
def test_any_notice_is_read_or_refused(text: str) -> None:
    began = time.process_time()
    try:
        assert read_notice(text).demands == demands_of(text)
    except PoaError as error:
        assert str(error)
    in_time(began)


@fuzz
@given(content=st.one_of(bent(FACTS).map(str.encode), st.binary(max_size=200), TEXTS.map(str.encode)))
def test_any_facts_file_is_a_case_or_a_list_of_faults(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "facts.yaml"
    path.write_bytes(content)
    began = time.process_time()
    try:
        load_case(path)
    except PoaError as error:
        assert "facts.yaml" in str(error)
    in_time(began)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=8,
)


@fuzz
@given(key=st.sampled_from(sorted(small_facts())), value=JSON)
def test_any_value_in_any_field_is_taken_or_refused(key: str, value: object) -> None:
    try:
        parse_case({**small_facts(), key: value})
    except PoaError as error:
        assert str(error)


@fuzz
@given(text=st.one_of(bent(LETTER), TEXTS))
def test_any_letter_gets_a_verdict(text: str) -> None:
    began = time.process_time()
    report = check_letter(CASE, text).as_json()
    in_time(began)
    assert report["ok"] == (not any(found["severity"] == "error" for found in report["findings"]))
    for found in report["findings"]:
        if "start" in found:
            assert 0 <= found["start"] <= found["end"] <= len(text)


@fuzz
@given(
    texts=st.lists(TEXTS, max_size=4),
    known=st.lists(st.text(min_size=2, max_size=12).filter(str.strip), max_size=4),
)
def test_any_text_comes_back_as_it_was(texts: list[str], known: list[str]) -> None:
    began = time.process_time()
    protected = protect(texts, [Known("NAME", text) for text in known])
    assert [restore(t, t, protected.table) for t in protected.texts] == texts
    in_time(began)


@fuzz
@given(sent=TEXTS, came=TEXTS)
def test_a_text_is_restored_only_with_what_was_sent(sent: str, came: str) -> None:
    masked = protect([sent]).texts[0]
    try:
        restore(came, masked, protect([sent]).table)
    except PlaceholderError:
        return
    assert sorted(PLACEHOLDER.findall(came)) == sorted(PLACEHOLDER.findall(masked))


def _replies(sent: str) -> st.SearchStrategy[str]:
    return st.one_of(bent(sent), TEXTS, JSON.map(json.dumps), JSON.map(lambda v: json.dumps({"passages": v})))


SMALL = case_of(small_facts())
PLAIN = draft_letter(SMALL).letter.text


@fuzz
@given(data=st.data())
def test_any_reply_leaves_a_letter_that_passes(data: st.DataObject) -> None:
    def script(request: object) -> str:
        last = request.messages[-1].content  # type: ignore[attr-defined]
        section = json.loads(last[last.find('{"section"') :])
        return data.draw(_replies(json.dumps({"passages": section["passages"]})))

    draft = draft_letter(SMALL, ScriptedModel(script))
    assert draft.report.ok
    assert not re.search(r"<[A-Z]+_\d+>", draft.letter.text)


@pytest.mark.parametrize("path", CORPUS, ids=[path.name for path in CORPUS])
def test_what_failed_once_does_not_fail_again(path: Path) -> None:
    text = path.read_bytes().decode(errors="replace")
    began = time.process_time()
    for read in (
        read_notice,
        lambda t: check_letter(CASE, t),
        lambda t: protect([t]),
        lambda _: load_case(path),
    ):
        try:
            read(text)
        except PoaError as error:
            assert str(error)
    in_time(began)


@pytest.mark.parametrize("target", TARGETS)
def test_what_guided_fuzzing_found_is_read_in_time(target: str) -> None:
    found = sorted((GUIDED / target).iterdir())
    assert found
    for path in found:
        began = time.process_time()
        TARGETS[target](path.read_bytes().decode(errors="replace"))
        in_time(began)
