"""Many cases: each gets its letter, whatever becomes of the others."""

import asyncio
import json
from pathlib import Path

import pytest
import yaml

from poa.batch import CaseOutcome, draft_cases, exit_status, find_cases, outcomes_csv, total
from poa.errors import InputError, ModelError
from poa.models.base import ChatModel, ChatRequest
from poa.models.scripted import ScriptedModel
from tests.builders import Facts, small_facts
from tests.fake_server import polished, reword


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def write_case(folder: Path, facts: Facts | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "facts.yaml"
    path.write_text(yaml.safe_dump(facts or small_facts(), allow_unicode=True, sort_keys=False))
    return path


def rewording(request: ChatRequest) -> str:
    return polished({"messages": [{"content": request.messages[-1].content}]}, reword)


def run(model: ChatModel | None, *places: Path, **options: object) -> dict[str, CaseOutcome]:
    async def walk() -> list[CaseOutcome]:
        return [o async for o in draft_cases(find_cases(places), model, **options)]  # type: ignore[arg-type]

    return {outcome.case: outcome for outcome in asyncio.run(walk())}


def letters(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("letter.txt"))


def test_each_case_gets_its_letter(tmp_path: Path) -> None:
    for name in "abc":
        write_case(tmp_path / "cases" / name)
    outcomes = run(ScriptedModel(rewording), tmp_path / "cases")
    assert [outcomes[name].status for name in "abc"] == ["drafted"] * 3
    assert letters(tmp_path / "cases") == ["a/draft/letter.txt", "b/draft/letter.txt", "c/draft/letter.txt"]
    assert exit_status(outcomes.values()) == 0


def test_a_case_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    write_case(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "facts.yaml").write_text("schema: 1\npack: [")
    outcomes = run(ScriptedModel(rewording), tmp_path)
    assert (outcomes["good"].status, outcomes["bad"].status) == ("drafted", "unusable")
    assert "facts.yaml" in (outcomes["bad"].error or "")
    assert exit_status(outcomes.values()) == 2


def test_a_model_that_fails_leaves_checked_letters_that_another_run_polishes(tmp_path: Path) -> None:
    write_case(tmp_path / "a")
    broken = True

    def script(request: ChatRequest) -> str:
        if broken:
            raise ModelError("It is out of order.")
        return rewording(request)

    first = run(ScriptedModel(script), tmp_path / "a")["a"]
    assert (first.status, first.error) == ("unpolished", "It is out of order.")
    broken = False
    again = run(ScriptedModel(script), tmp_path / "a")["a"]
    assert (again.status, again.letter) == ("drafted", first.letter)
    assert letters(tmp_path) == ["a/draft/letter.txt"]


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    write_case(tmp_path / "a")
    model = ScriptedModel(rewording)
    first = run(model, tmp_path / "a")["a"]
    asked = len(model.requests)
    again = run(model, tmp_path / "a")["a"]
    assert asked > 0
    assert len(model.requests) == asked
    assert (again.kept, again.letter, again.requests) == (True, first.letter, 0)


def test_changed_facts_are_drafted_beside_the_earlier_letter(tmp_path: Path) -> None:
    write_case(tmp_path / "a")
    run(ScriptedModel(rewording), tmp_path / "a")
    before = (tmp_path / "a" / "draft" / "letter.txt").read_text()
    write_case(tmp_path / "a", small_facts(policies=["Communication Guidelines"]))
    outcome = run(ScriptedModel(rewording), tmp_path / "a")["a"]
    assert outcome.letter == str(tmp_path / "a" / "draft-2" / "letter.txt")
    assert (tmp_path / "a" / "draft" / "letter.txt").read_text() == before


def test_an_edited_letter_is_left_alone(tmp_path: Path) -> None:
    write_case(tmp_path / "a")
    run(None, tmp_path / "a")
    letter = tmp_path / "a" / "draft" / "letter.txt"
    letter.write_text("my own words")
    assert run(ScriptedModel(rewording), tmp_path / "a")["a"].kept
    assert letter.read_text() == "my own words"


def test_editing_one_fact_asks_about_that_section_alone(tmp_path: Path) -> None:
    write_case(tmp_path / "a")
    model = ScriptedModel(rewording)
    run(model, tmp_path / "a")
    model.requests.clear()
    facts = small_facts()
    facts["preventive_measures"][0]["statement"] = "A manager reads every message before it is sent."
    write_case(tmp_path / "a", facts)
    run(model, tmp_path / "a")
    sections = {
        json.loads(r.messages[-1].content[r.messages[-1].content.find('{"section"') :])["section"]
        for r in model.requests
    }
    assert len(sections) == 1
    assert "manager reads" in model.requests[0].messages[-1].content


def test_a_section_that_cases_share_is_asked_for_once(tmp_path: Path) -> None:
    write_case(tmp_path / "one" / "a")
    alone = ScriptedModel(rewording)
    run(alone, tmp_path / "one", cache=False)
    for n in range(4):
        write_case(tmp_path / "four" / f"c{n}")
    model = ScriptedModel(rewording)
    outcomes = run(model, tmp_path / "four")
    assert len(model.requests) == len(alone.requests)
    assert total(outcomes.values()).requests == len(model.requests)


def test_drafts_of_one_folder_keep_apart_cases_of_one_name(tmp_path: Path) -> None:
    write_case(tmp_path / "x" / "case")
    write_case(tmp_path / "y" / "case")
    cases = find_cases([tmp_path], tmp_path / "out")
    assert [(c.name, c.folder.name) for c in cases] == [("case", "case"), ("case-2", "case-2")]


def test_a_place_without_a_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no case"):
        find_cases([tmp_path])


def test_a_name_cannot_become_a_formula_of_a_spreadsheet() -> None:
    text = outcomes_csv([CaseOutcome("=1+1", "drafted")])
    assert text.splitlines()[1].startswith("'=1+1,drafted")
