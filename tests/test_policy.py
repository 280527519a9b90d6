"""Policy packs: what is loaded, and how a pack that does not hold together is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from poa.errors import PackError
from poa.policy import COMMON_GROUPS, list_packs, load_pack
from poa.resources import packs_dir
from tests.builders import METHODS

REVIEWS = Path(__file__).parent.parent / "src" / "poa" / "packs" / "review-manipulation" / "pack.yaml"


def pack_in(folder: Path, **changes: object) -> Path:
    """A folder of packs with one: review manipulation under the name `mine`, changed."""
    data = yaml.load(REVIEWS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    data.update({"pack": "mine", **changes})
    (folder / "mine").mkdir()
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (folder / "mine" / "pack.yaml").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_pack("mine", folder)
    return str(caught.value)


@pytest.mark.parametrize("name", list_packs())
def test_what_ships_with_the_program_holds_together(name: str) -> None:
    # Named as a user's folder of packs, it is read down to the words of each sentence.
    assert load_pack(name, packs_dir()) == load_pack(name)


def test_packs_are_found_by_their_folders(tmp_path: Path) -> None:
    assert "review-manipulation" in list_packs()
    assert "mine" in list_packs(pack_in(tmp_path))


def test_each_method_of_the_contract_has_words_in_both_languages() -> None:
    pack = load_pack("review-manipulation")
    known = {name: pack.method(name) for name in METHODS}
    assert all(method and method.label.en and method.label.zh for method in known.values())
    assert all(method and method.act.en and method.act.zh for method in known.values())
    assert pack.method("free-products-for-reviews") == pack.method("free-product-for-review")
    assert pack.method("dancing") is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Amazon's Customer Product Reviews Policies", "Customer Product Reviews Policies"),
        ("customer product reviews policy", "Customer Product Reviews Policies"),
        ("Code of Conduct", "Selling Policies and Seller Code of Conduct"),
        ("the Communication Guidelines", "Communication Guidelines"),
    ],
)
def test_a_short_form_means_the_policy(said: str, meant: str) -> None:
    policy = load_pack("review-manipulation").policy(said)
    assert policy is not None
    assert policy.name == meant


def test_every_group_has_a_place_and_every_forbidden_phrase_a_reason() -> None:
    pack = load_pack("review-manipulation")
    assert [group for group in COMMON_GROUPS if not pack.section_of(group)] == []
    assert all(phrase.reason.en and phrase.reason.zh for phrase in pack.forbidden)
    assert len(pack.forbidden) > 20


def test_a_packs_own_question_and_sentence_stand_in_place_of_the_common_ones(tmp_path: Path) -> None:
    own = {
        "path": "notice.received",
        "required": "true",
        "why": {"en": "w", "zh": "w"},
        "question": {"en": "When?", "zh": "何时？"},
        "example": "x",
    }
    pack = load_pack("mine", pack_in(tmp_path, questions=[own]))
    assert [q.question.en for q in pack.questions if q.path == "notice.received"] == ["When?"]
    assert pack.sentences["third_parties.none"].en == (
        "We did not engage any third party to obtain or to influence reviews.",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "x"}, "titel: is no known key; did you mean title?"),
        ({"stance": "maybe"}, "stance: must be one of 'admit', 'explain', 'deny'"),
        ({"length": {"words": "many", "most_words": "900"}}, "length.words: "),
        ({"uses": ["violatons"]}, "uses[0]: is no common group"),
        ({"title": {"en": "x"}}, "title.zh: is missing and must be given"),
        ({"pack": "other"}, "pack: must be the folder's name, mine (found other)"),
        ({"sections": [{"id": "a", "groups": ["policys"]}]}, "did you mean policies?"),
        (
            {
                "methods": [
                    {
                        "id": "a",
                        "aliases": ["a"],
                        "label": {"en": "x", "zh": "x"},
                        "act": {"en": "x", "zh": "x"},
                    }
                ]
            },
            "methods: names the same method twice (found a)",
        ),
        (
            {
                "fields": [
                    {
                        "name": "suppliers",
                        "type": "records",
                        "label": {"en": "x", "zh": "x"},
                        "why": {"en": "x", "zh": "x"},
                        "question": {"en": "x", "zh": "x"},
                        "example": "x",
                    }
                ]
            },
            "fields[0]: is of type records and must name its columns (found suppliers)",
        ),
    ],
)
def test_a_pack_that_does_not_hold_together_is_reported(tmp_path: Path, changes: dict, message: str) -> None:
    report = faults_of(pack_in(tmp_path, **changes))
    assert message in report
    assert report.startswith("mine/pack.yaml:")


def test_an_unknown_pack_suggests_the_nearest() -> None:
    with pytest.raises(PackError, match="did you mean review-manipulation"):
        load_pack("review-manipulations")


@pytest.mark.parametrize("name", ["../packs/review-manipulation", "", ".", "/"])
def test_a_pack_name_is_never_a_path(name: str) -> None:
    with pytest.raises(PackError, match="no known pack"):
        load_pack(name)
