"""All policy packs together: what every one must have, and that its letters are that violation's own."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from evals.pack_likeness import (
    MOST_ON_AVERAGE,
    MOST_SENTENCES,
    MOST_SHARED,
    average,
    pairs_of,
    rich_cases,
)

from poa.checks import CheckReport, check_outline
from poa.coverage import shortfalls
from poa.errors import FactsError, PackError
from poa.facts import Case, load_case, parse_case
from poa.letter import Letter
from poa.outline import build_outline
from poa.policy import ADMISSIONS, PolicyPack, list_packs, load_pack, pack_for, pack_schema
from poa.skeleton import build_skeleton
from tests.builders import Facts, small_facts

ROOT = Path(__file__).parent.parent
CASES = ROOT / "fixtures" / "packs"
NOTICES = ROOT.parent / "shared" / "notices"
PACKS = list_packs()
OTHERS = tuple(name for name in PACKS if name != "review-manipulation")
FACTS = tuple(sorted(str(file.parent.relative_to(CASES)) for file in CASES.glob("*/*/facts.yaml")))

# What `poa notice` can name, as the command line's contract promises it.
VIOLATIONS = (
    "review-manipulation sales-rank-manipulation inauthentic counterfeit used-sold-as-new ip-trademark ip-copyright "
    "ip-patent forged-documents related-accounts odr late-shipment cancellation valid-tracking drop-shipping "
    "restricted-products product-safety variation-misuse identity-verification inform-act code-of-conduct fraud "
    "misuse-of-support fba-inventory price-gouging unknown"
).split()

# Sentences whose loss the check does not notice, because what is left holds their words: the list of attachments
# repeats a fact's evidence by its title, and an account's name stands in the sentence after it.
UNNOTICED = {
    ("forged-documents/rich", "E1"),
    ("fraud/small", "compliance"),
    ("ip-trademark/never-sold", "compliance"),
    ("related-accounts/small", "related_account"),
    ("related-accounts/sold", "related_account"),
}


@cache
def case_at(place: str) -> Case:
    return load_case(CASES / place)


@cache
def letter_at(place: str, lang: str = "en") -> Letter:
    return build_skeleton(case_at(place), "zh" if lang == "zh" else "en")


def report_on(place: str, text: str) -> CheckReport:
    return check_outline(build_outline(case_at(place)), text)


def variants(pack: PolicyPack) -> list[PolicyPack]:
    """The pack once for each of its routes."""
    return [pack.on_route(route.id) for route in pack.routes] or [pack]


# ---------------------------------------------------------------- from a notification to its pack


def test_each_violation_of_a_notification_leads_to_one_pack() -> None:
    answering = {
        name: [p for p in PACKS if name in load_pack(p).answers] for name in [*VIOLATIONS, "astrology"]
    }
    assert {name: packs for name, packs in answering.items() if len(packs) != 1} == {"astrology": []}
    assert [pack_for(name) for name in VIOLATIONS[:-1]] == VIOLATIONS[:-1]
    assert pack_for("unknown") == pack_for("astrology") == "generic"


@pytest.mark.skipif(not NOTICES.is_dir(), reason="the labelled notifications are not beside this checkout")
def test_each_labelled_notification_is_read_and_led_to_its_pack() -> None:
    from poa.notice import read_notice

    led = {}
    for file in sorted(NOTICES.glob("*.txt")):
        label = json.loads(file.with_suffix(".json").read_text("utf-8"))["violation"]
        led[file.stem] = (pack_for(read_notice(file.read_text("utf-8")).violation), pack_for(label))
    assert len(led) > 10
    # One notice is ambiguous by design, and one does not name its violation; their labels say so.
    silent = {"20-ip-inauthentic-ca-2017", "32-az-claims-final-90d-appeal"}
    assert {name: pair for name, pair in led.items() if pair[0] != pair[1] and name not in silent} == {}


@pytest.mark.skipif(not NOTICES.is_dir(), reason="the labelled notifications are not beside this checkout")
def test_nearly_every_labelled_demand_is_of_a_kind_that_its_pack_answers() -> None:
    demands, unknown = 0, []
    for file in sorted([*NOTICES.glob("*.json"), *(ROOT / "fixtures" / "notices").glob("*.json")]):
        label = json.loads(file.read_text("utf-8"))
        pack = load_pack(pack_for(label["violation"]))
        facts = {**plain_facts(pack.pack), "notice": {"demands": label["demands"]}}
        asked = [build_outline(parse_case({**facts, "route": route.id})) for route in pack.routes]
        asked = asked or [build_outline(parse_case(facts))]
        for n, text in enumerate(label["demands"]):
            demands += 1
            if not any(outline.demands[n].kind for outline in asked):
                unknown.append((file.stem, text))
    assert demands > 100
    assert len(unknown) <= 4, unknown


# ---------------------------------------------------------------- every pack


@pytest.mark.parametrize("name", OTHERS)
def test_a_pack_names_its_sources_with_their_day(name: str) -> None:
    pack = load_pack(name)
    assert pack.sources
    dated = [source for source in pack.sources if "read 2026-" in source]
    assert dated or name == "generic", "no source with the day on which it was read"


@pytest.mark.parametrize("name", PACKS)
def test_every_text_of_a_pack_has_its_chinese(name: str) -> None:
    missing = []

    def look(value: object, at: str) -> None:
        if isinstance(value, dict):
            if set(value) == {"en", "zh"}:
                english, chinese = (re.sub(r"\{[{%].*?[%}]\}", "", "".join(value[k])) for k in ("en", "zh"))
                says_words = re.search(r"[A-Za-z]{3}", english) and english != chinese
                if says_words and not re.search(r"[\u4e00-\u9fff]", chinese):
                    missing.append(at)
            else:
                for key, inner in value.items():
                    look(inner, f"{at}.{key}")
        elif isinstance(value, list | tuple):
            for n, inner in enumerate(value):
                look(inner, f"{at}[{n}]")

    look(load_pack(name).model_dump(exclude={"sentences"}), name)
    # The English wording of commitments has one Chinese pattern of its own, `measure.chinese`.
    own = {
        k: v
        for k, v in load_pack(name).sentences.items()
        if not k.startswith(("measure.o", "measure.promise"))
    }
    missing += [key for key, patterns in own.items() if patterns.en and not patterns.zh]
    assert missing == []


@pytest.mark.parametrize("name", PACKS)
def test_every_forbidden_phrase_of_a_pack_is_found_in_a_text_and_in_none_of_its_letters(name: str) -> None:
    for pack in variants(load_pack(name)):
        assert len(pack.forbidden) > len(load_pack("generic").forbidden) or name == "generic"
        for phrase in pack.forbidden:
            embedded = (
                f"此{phrase.phrase}。" if phrase.lang == "zh" else f"So {phrase.phrase.upper()}, as it is."
            )
            assert phrase.stands_in(embedded)
            assert not phrase.stands_in(f"un{phrase.phrase}ish") or phrase.lang == "zh"
            assert phrase.reason.en
            assert phrase.reason.zh
    for place in (place for place in FACTS if place.startswith(f"{name}/")):
        texts = {lang: letter_at(place, lang).text for lang in ("en", "zh")}
        spoken = [p.phrase for p in build_outline(case_at(place)).forbidden if p.stands_in(texts[p.lang])]
        assert spoken == []


@pytest.mark.parametrize("name", PACKS)
def test_a_letter_that_denies_has_no_place_for_an_admission(name: str) -> None:
    for pack in variants(load_pack(name)):
        if pack.stance == "deny":
            groups = {group for section in pack.sections for group in section.groups}
            assert groups.isdisjoint(ADMISSIONS)
            said = [text for key in ("notice", "request") for text in pack.sentences[key].en]
            assert not any(re.search(r"apolog|violated|our mistake|our fault", text) for text in said)


def test_a_pack_that_would_admit_while_denying_is_refused(tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "pack.yaml").write_text(
        "pack: both\ntitle: {en: x, zh: x}\ndocument: dispute\nstance: deny\nanswers: []\nuses: [root_causes]\n"
        "length: {words: 1, most_words: 2}\nsections: [opening, root_causes, closing, signature]\n",
        encoding="utf-8",
    )
    with pytest.raises(PackError) as caught:
        load_pack("both", tmp_path)
    assert "sections[1].groups[0]: admits, and a letter with stance deny must not" in str(caught.value)
    assert "sections[2].groups[0]: admits" in str(caught.value)


def test_a_question_for_a_part_that_no_facts_file_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "parking").mkdir()
    asks = "questions: [{path: root_cause, required: true, why: {en: x, zh: x}, question: {en: x, zh: x}, example: x}]\n"
    (tmp_path / "parking" / "pack.yaml").write_text(PARKING + asks, encoding="utf-8")
    with pytest.raises(
        PackError, match="path: asks for no common part of a facts file; did you mean root_causes"
    ):
        load_pack("parking", tmp_path)


@pytest.mark.parametrize("name", OTHERS)
def test_a_pack_has_a_small_and_a_rich_case(name: str) -> None:
    cases = {place.partition("/")[2] for place in FACTS if place.startswith(f"{name}/")}
    assert {"small", "rich"} <= cases


# ---------------------------------------------------------------- every case of every pack


@pytest.mark.parametrize("place", FACTS)
def test_a_case_is_complete_and_its_letter_stands_in_both_languages(place: str) -> None:
    case = case_at(place)
    assert [question.path for question in case.questions() if question.required] == []
    english, chinese = letter_at(place).text, letter_at(place, "zh").text
    assert not re.search(r"[\u4e00-\u9fff]|\{|\}|None|  ", english)
    assert not re.search(r"\{|\}|None", chinese)
    assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 60
    pack = case.load_pack()
    assert len(english.split()) <= pack.length.most_words
    signature = [line for line in english.strip().split("\n") if line][-5:]
    assert case.seller.contact_name in "\n".join(signature)


@pytest.mark.parametrize("place", FACTS)
def test_a_skeleton_passes_its_own_check(place: str) -> None:
    errors = [
        found for found in report_on(place, letter_at(place).text).findings if found.severity == "error"
    ]
    assert [(found.code, found.item, found.message) for found in errors] == []


@pytest.mark.parametrize("place", [place for place in FACTS if place.endswith("/small")])
def test_each_forbidden_phrase_of_a_pack_is_reported_by_the_check(place: str) -> None:
    phrases = [phrase.phrase for phrase in build_outline(case_at(place)).forbidden if phrase.lang == "en"]
    text = letter_at(place).text.replace("Sincerely,", "").replace("Yours faithfully,", "")
    body, _, signature = text.rpartition("\n\n\n")
    spoiled = f"{body}\n\n" + " ".join(f"Now {phrase} now." for phrase in phrases) + f"\n\n{signature}"
    reported = {
        spoiled[found.start : found.end].lower()
        for found in report_on(place, spoiled).findings
        if found.code == "forbidden_tone" and found.start is not None
    }
    assert [phrase for phrase in phrases if not any(phrase in said for said in reported)] == []


def _says_title(text: str, title: str) -> bool:
    """Whether the rest of the letter holds every word of an attachment's title: its loss cannot be seen then."""
    return all(word[:5].lower() in text.lower() for word in re.findall(r"\w{4,}", title))


@pytest.mark.parametrize("place", FACTS)
def test_the_loss_of_any_sentence_is_reported(place: str) -> None:
    letter = letter_at(place)
    unnoticed = set()
    for item in build_outline(case_at(place)).items:
        rest = letter.text
        for line in letter.passage(item.id).text.split("\n"):
            rest = rest.replace(line, "", 1)
        found = [f for f in report_on(place, rest).findings if f.severity == "error" and f.item == item.id]
        if not found and not (item.kind == "attachment" and _says_title(rest, item.detail("title") or "")):
            unnoticed.add((place, item.id))
    assert unnoticed <= UNNOTICED


# ---------------------------------------------------------------- letters of their own


def test_letters_of_different_packs_share_almost_no_wording() -> None:
    pairs = pairs_of(rich_cases())
    assert {(p.one, p.other): round(p.share, 3) for p in pairs if p.share > MOST_SHARED} == {}
    assert average(pairs) < MOST_ON_AVERAGE
    assert {(p.one, p.other): p.sentences for p in pairs if len(p.sentences) > MOST_SENTENCES} == {}


# ---------------------------------------------------------------- routes


def test_the_route_is_asked_for_and_a_wrong_one_refused() -> None:
    facts = plain_facts("ip-trademark")
    case = parse_case(facts)
    question = case.questions()[0]
    assert (question.path, question.required) == ("route", True)
    assert "authorized:" in question.question_en
    with pytest.raises(
        FactsError, match="route: must be one of authorized, retracted, never-sold, acknowledge"
    ):
        parse_case({**facts, "route": "settled"})
    with pytest.raises(FactsError, match="route: is not asked: inform-act has one route only"):
        parse_case({**plain_facts("inform-act"), "route": "acknowledge"})


def test_a_metric_is_acknowledged_unless_the_facts_say_that_it_is_in_error() -> None:
    for name in (
        "late-shipment",
        "odr",
        "cancellation",
        "price-gouging",
        "used-sold-as-new",
        "fba-inventory",
    ):
        asked = [question.path for question in parse_case(plain_facts(name)).questions()]
        assert "route" not in asked
        assert "root_causes" in asked
        denied = parse_case({**plain_facts(name), "route": "in-error"})
        assert denied.load_pack().stance == "deny"
        assert "root_causes" not in [question.path for question in denied.questions()]


def test_a_fact_of_another_route_is_refused_with_its_route() -> None:
    facts = {**plain_facts("ip-trademark"), "route": "retracted", "goods": "We buy from the brand."}
    with pytest.raises(FactsError, match="goods: belongs to the route authorized"):
        parse_case(facts)
    admitted = {
        **plain_facts("ip-trademark"),
        "route": "authorized",
        "root_causes": [{"id": "C1", "statement": "x y"}],
    }
    with pytest.raises(FactsError, match="root_causes: has no place in a letter of the pack ip-trademark"):
        parse_case(admitted)


def plain_facts(pack: str) -> Facts:
    base = small_facts()
    return {"pack": pack, "notice": base["notice"], "seller": base["seller"]}


# ---------------------------------------------------------------- a pack from elsewhere


PARKING = """
pack: parking
title: {en: Parked parcels, zh: 滞留包裹}
document: explanation
stance: explain
answers: [parking]
uses: [actions_taken, attachments]
length: {words: 200, most_words: 400}
fields:
  - name: parcels
    type: records
    required: true
    label: {en: Parcels, zh: 包裹}
    why: {en: Amazon counts parked parcels., zh: 亚马逊统计滞留包裹。}
    question: {en: Which parcels were parked?, zh: 哪些包裹滞留？}
    example: "- {number: P-1, day: 2024-03-06}"
    columns:
      - {name: number, kind: name, label: {en: Number, zh: 编号}, required: true}
      - {name: day, kind: date, label: {en: Day, zh: 日期}, required: true}
    say: {en: ["Parcel {{ number }} was parked on {{ day }}."], zh: ["包裹{{ number }}于{{ day }}滞留。"]}
    lead: {en: ["These parcels were parked:"], zh: ["以下包裹滞留："]}
    entry: {en: ["{{ number }} on {{ day }}"], zh: ["{{ number }}：{{ day }}"]}
sections:
  - opening
  - {id: parcels, title: {en: The parcels, zh: 包裹情况}, groups: [parcels]}
  - {like: actions_taken, title: {en: Since then, zh: 之后}}
  - attachments
  - plain_closing
  - signature
sentences:
  notice: {en: ["On your {{ notification }} to {{ our_store }}:"], zh: ["关于{{ notification }}，{{ our_store }}说明如下："]}
"""


def test_a_pack_in_a_folder_of_ones_own_drafts_without_any_code(tmp_path: Path) -> None:
    (tmp_path / "parking").mkdir()
    (tmp_path / "parking" / "pack.yaml").write_text(PARKING, encoding="utf-8")
    facts = {
        **plain_facts("parking"),
        "parcels": [{"number": "P-77", "day": "2024-03-01"}, {"number": "P-78", "day": "2024-03-02"}],
        "actions_taken": [{"id": "A1", "statement": "We delivered both parcels.", "date": "2024-03-06"}],
    }
    case = parse_case(facts, pack_dir=tmp_path)
    text = build_skeleton(case).text
    assert text == (
        "Dear Seller Performance Team,\n\n"
        "On your notification of March 5, 2024 to our store Cedar Point Audio on amazon.com:\n\n"
        "The parcels\n\n"
        "These parcels were parked:\n- P-77 on March 1, 2024\n- P-78 on March 2, 2024\n\n"
        "Since then\n\n- On March 6, 2024, we delivered both parcels.\n\n"
        "We ask Amazon to reinstate our selling account on amazon.com.\n\n"
        "Sincerely,\n\nLi Wei\nOperations Manager\nCedar Point Audio\nops@cedarpoint.example\n"
    )
    assert "以下包裹滞留：\n- P-77：2024年3月1日" in build_skeleton(case, "zh").text
    outline = build_outline(case)
    assert check_outline(outline, text).ok
    changed = check_outline(outline, text.replace("P-78 on March 2", "P-78 on March 9"))
    assert [(found.code, found.item) for found in changed.findings if found.severity == "error"]
    assert pack_for("parking", tmp_path) == "parking"


# ---------------------------------------------------------------- how a pack is written


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "- attachments\n",
            "- attachment\n",
            "sections[3]: is no shared entry of sections; did you mean attachments?",
        ),
        (
            "{{ number }} was parked",
            "{{ numbr }} was parked",
            "fields[0].say.en[0]: asks for numbr; known here: day,",
        ),
        ('{{ day }}."]', '{{ day }"]', "fields[0].say.en[0]: is no readable pattern:"),
        ("  notice:", "  notise:", "sentences.notise: is no sentence of the letter; did you mean notice?"),
        ("stance: explain", "stance: explain\nmanner: rude", "manner: is no known manner"),
        (
            "answers: [parking]",
            "answers: [parking]\nroutes: [{id: a, title: {en: x, zh: x}}]",
            "routes[0].when: is missing",
        ),
        (
            "groups: [parcels]",
            "groups: [parcels, metrics]",
            "sections[1].groups[1]: is not among the groups that the pack uses",
        ),
    ],
)
def test_a_fault_in_a_pack_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in PARKING
    (tmp_path / "parking").mkdir()
    (tmp_path / "parking" / "pack.yaml").write_text(PARKING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack("parking", tmp_path)
    assert message in str(caught.value)
    assert re.search(r"parking/pack\.yaml:\d+: ", str(caught.value))


def test_the_worked_example_of_the_docs_drafts_what_the_docs_show(tmp_path: Path) -> None:
    pack, facts = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "packs.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "parking").mkdir()
    (tmp_path / "parking" / "pack.yaml").write_text(pack, encoding="utf-8")
    shown = re.search(
        r"writes a letter that opens\n\n```\n(.*?)```",
        (ROOT / "docs" / "packs.md").read_text("utf-8"),
        re.DOTALL,
    )
    assert shown is not None
    assert shown[1] in build_skeleton(parse_case(facts, pack_dir=tmp_path)).text


def test_every_key_of_a_pack_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "packs.md").read_text("utf-8")
    assert [
        key for key in PolicyPack.model_fields if f"`{key}`" not in text and f"\n{key}:" not in text
    ] == []


def test_the_schema_in_the_docs_is_the_one_of_the_program() -> None:
    written = json.loads((ROOT / "docs" / "pack.schema.json").read_text("utf-8"))
    assert written == pack_schema(), "run: poa packs schema > docs/pack.schema.json"


# Sentences of a plan of action, as a helpful hand adds them to an appeal that disputes the notice.
_ADMITTING = (
    "We admit that our agent acted against the policy.",
    "We regret what we did and accept full responsibility.",
    "This was a violation of Amazon's policies by our store.",
    "We take responsibility for this breach.",
    "We have corrected the conduct that led to the deactivation.",
    "We sincerely apologize for this.",
    "It was wrong of us.",
    "Our company broke the policy.",
    "This will never happen again.",
)


@pytest.mark.parametrize("place", [place for place in FACTS if case_at(place).load_pack().stance == "deny"])
def test_an_admission_put_into_a_letter_that_denies_is_an_error(place: str) -> None:
    text = letter_at(place).text
    end = re.search(r"Sincerely,|Yours faithfully,", text)
    assert end is not None
    unseen = []
    for admission in _ADMITTING:
        spoiled = f"{text[: end.start()]}{admission}\n\n{text[end.start() :]}"
        found = [f for f in report_on(place, spoiled).findings if f.severity == "error"]
        told = [spoiled[f.start : f.end] for f in found if f.start is not None]
        if not any(said.lower() in admission.lower() for said in told):
            unseen.append(admission)
    assert unseen == []


def test_the_same_words_stand_where_the_letter_admits() -> None:
    assert "apologize" in letter_at("code-of-conduct/second-account").text
    case = case_at("code-of-conduct/second-account")
    assert not [p for p in build_outline(case).forbidden if p.phrase == "we violated"]


def test_facts_of_review_manipulation_that_name_no_route_admit() -> None:
    case = parse_case(plain_facts("review-manipulation"))
    assert case.load_pack().stance == "admit"
    assert "route" not in [question.path for question in case.questions()]
    disputed = parse_case({**plain_facts("review-manipulation"), "route": "in-error"})
    assert disputed.load_pack().stance == "deny"
    with pytest.raises(
        FactsError, match="violations: has no place in a letter of the pack review-manipulation"
    ):
        parse_case({**small_facts(), "route": "in-error"})


# ---------------------------------------------------------------- quantities against each other


def _supplied(*entries: dict[str, str]) -> Case:
    rest = {"product": "kettle", "invoice": "I-1", "date": "2026-01-05"}
    return parse_case({**plain_facts("inauthentic"), "supply": [{**rest, **entry} for entry in entries]})


def test_units_sold_that_no_invoice_covers_are_warned_of() -> None:
    short = {"asin": "B0KETTLE01", "sold": "1,200", "bought": "500"}
    (warning,) = shortfalls(_supplied(short, {**short, "bought": "400"}))
    assert warning.en.startswith("ASIN B0KETTLE01: the invoices cover 900 units, but 1,200 were sold.")
    assert "300 units have no invoice" in warning.en
    assert "有 300 件没有发票" in warning.zh
    assert shortfalls(_supplied(short, {**short, "bought": "700"})) == ()
    assert shortfalls(_supplied({"asin": "B0KETTLE01", "sold": "800", "bought": "800"})) == ()


def test_a_shortfall_is_no_finding(tmp_path: Path) -> None:
    facts = {**plain_facts("inauthentic"), "supply": [
        {"asin": "B0KETTLE01", "product": "kettle", "sold": "90", "bought": "70", "invoice": "I-1", "date": "2026-01-05"}
    ]}  # fmt: skip
    case = parse_case(facts)
    report = check_outline(build_outline(case), build_skeleton(case).text)
    assert [found for found in report.findings if found.severity == "error"] == []
    assert len(shortfalls(case)) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "field: parcels",
            "field: parcel",
            "covers[0].field: is no declared list with columns; did you mean parcels",
        ),
        ("per: number", "per: nummer", "covers[0].per: is no column of parcels; did you mean number"),
        ("of: pieces", "of: day", "covers[0].of: must be a column of kind number"),
        ("{have}", "{hat}", "covers[0].warning.en: may fill in {per}, {have}, {need} and {short} only"),
    ],
)
def test_a_comparison_of_columns_that_do_not_exist_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    columns = "      - {name: pieces, kind: number, label: {en: Pieces, zh: 件数}}\n"
    whole = PARKING.replace("    say:", columns + "    say:", 1) + (
        "covers: [{field: parcels, per: number, enough: pieces, of: pieces,"
        " warning: {en: 'only {have}', zh: '仅 {have}'}}]\n"
    )
    (tmp_path / "parking").mkdir()
    file = tmp_path / "parking" / "pack.yaml"
    file.write_text(whole, encoding="utf-8")
    assert load_pack("parking", tmp_path).covers[0].of == "pieces"
    (tmp_path / "second" / "parking").mkdir(parents=True)
    place = whole.index("covers:")
    spoiled = whole[:place] + whole[place:].replace(old, new, 1)
    (tmp_path / "second" / "parking" / "pack.yaml").write_text(spoiled, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack("parking", tmp_path / "second")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "src" / "poa").rglob("*.yaml")), ids=lambda f: f"{f.parent.name}/{f.name}"
)
def test_every_data_file_is_read_alike_with_and_without_libyaml(file: Path) -> None:
    text = file.read_text("utf-8")
    plain = yaml.load(text, yaml.BaseLoader)
    assert plain == yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    assert _halves(plain) == []


def _halves(value: object) -> list[object]:
    """Pairs of languages with a third key: a comma in a text without quotation marks cuts it in two."""
    if isinstance(value, dict):
        cut = [value] if {"en", "zh"} < set(value) else []
        return cut + [found for inner in value.values() for found in _halves(inner)]
    return [found for inner in value for found in _halves(inner)] if isinstance(value, list) else []
