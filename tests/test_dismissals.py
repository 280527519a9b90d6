"""Findings that a person accepts: what can be accepted, how long it holds, and what the program shows of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from poa.checks import CheckReport, Finding, check_outline
from poa.cli import main
from poa.dismissals import (
    Dismissal,
    apply_dismissals,
    dismiss,
    dismissals_path,
    fingerprint,
    load_dismissals,
    why_not,
    write_dismissals,
)
from poa.errors import FaultyFile, InputError
from poa.outline import Outline
from tests.builders import Facts, small_facts
from tests.checks.letters import outline_of, skeleton_of

# What no fact holds, in a sentence of its own.
EXTRA = "An external auditor from a law firm certified our warehouse procedures."
DAY = dt.date(2026, 4, 3)


def letter_with_extra(data: Facts | None = None, extra: str = EXTRA) -> str:
    """The plain letter with one sentence too many before the request."""
    text = skeleton_of(data or small_facts()).text
    head, _, tail = text.partition("\n\nSincerely")
    return f"{head}\n\n{extra}\n\nSincerely{tail}"


def invented(report: CheckReport) -> Finding:
    """The one finding on the sentence too many."""
    found = [f for f in report.findings if f.code == "invented_claim" and f.severity == "error"]
    assert len(found) == 1, report.findings
    return found[0]


def accepted(outline: Outline, text: str) -> Dismissal:
    """The entry that accepts the sentence too many."""
    report = check_outline(outline, text)
    mark = fingerprint(invented(report), outline, text)
    return dismiss(report, outline, text, mark, "It is true, and our lawyer asked for it.", "Li Wei", DAY)


def test_an_accepted_finding_no_longer_fails_the_letter_and_is_still_told() -> None:
    outline, text = outline_of(small_facts()), letter_with_extra()
    report = check_outline(outline, text)
    entry = accepted(outline, text)
    reviewed = apply_dismissals(report, outline, text, [entry])
    assert not report.ok
    assert reviewed.report.ok
    assert reviewed.dismissed == ((invented(report), entry),)
    assert reviewed.lapsed == ()
    assert (entry.who, entry.date, entry.sentence) == ("Li Wei", "2026-04-03", EXTRA)


def test_other_findings_of_the_letter_stay() -> None:
    outline, text = outline_of(small_facts()), letter_with_extra()
    entry = accepted(outline, text)
    worse = text.replace("112-3456789-1234567", "112-3456789-1234568")
    reviewed = apply_dismissals(check_outline(outline, worse), outline, worse, [entry])
    assert "altered_value" in {f.code for f in reviewed.report.findings}
    assert [f.code for f, _ in reviewed.dismissed] == ["invented_claim"]
    assert not reviewed.report.ok


def test_it_lapses_when_the_sentence_changes() -> None:
    outline, text = outline_of(small_facts()), letter_with_extra()
    entry = accepted(outline, text)
    changed = text.replace("certified our warehouse", "certified all our warehouse")
    reviewed = apply_dismissals(check_outline(outline, changed), outline, changed, [entry])
    assert not reviewed.report.ok
    assert [(lapsed.dismissal, lapsed.why) for lapsed in reviewed.lapsed] == [
        (entry, "the sentence it was accepted for has changed")
    ]


def test_it_survives_what_changes_elsewhere_in_letter_and_facts() -> None:
    outline, text = outline_of(small_facts()), letter_with_extra()
    entry = accepted(outline, text)
    other = small_facts(root_causes=[{"id": "C1", "statement": "Nobody read messages before they left."}])
    moved = letter_with_extra(other).replace(EXTRA, f"\n{EXTRA}")
    later = outline_of(other)
    assert apply_dismissals(check_outline(later, moved), later, moved, [entry]).lapsed == ()


def _measure_finding() -> Finding:
    return Finding("weakened_commitment", "error", "P1", "“try to” weakens it.", "“try to”", 10, 16, "x")


def test_it_lapses_when_the_fact_changes() -> None:
    text, found = "We will try to read every message.", _measure_finding()
    outline = outline_of(small_facts())
    mark = fingerprint(found, outline, text)
    report = CheckReport((), (found,))
    entry = dismiss(report, outline, text, mark, "Agreed with Amazon.", "Li Wei", DAY)
    measure = {**small_facts()["preventive_measures"][0], "starts": "2024-03-12"}
    later = outline_of(small_facts(preventive_measures=[measure]))
    reviewed = apply_dismissals(report, later, text, [entry])
    assert not reviewed.report.ok
    assert [lapsed.why for lapsed in reviewed.lapsed] == ["the fact it was accepted against has changed"]


def test_an_entry_whose_finding_is_gone_can_be_deleted() -> None:
    text, found = "We will try to read every message.", _measure_finding()
    outline = outline_of(small_facts())
    report = CheckReport((), (found,))
    entry = dismiss(report, outline, text, fingerprint(found, outline, text), "Agreed.", "Li Wei", DAY)
    reviewed = apply_dismissals(CheckReport((), ()), outline, text, [entry])
    assert [lapsed.why for lapsed in reviewed.lapsed] == [
        "the check no longer objects there; the entry can be deleted"
    ]


def test_two_findings_in_one_sentence_are_accepted_one_by_one() -> None:
    outline, text = outline_of(small_facts()), "We hired a lawyer and bought a scanner."
    first = Finding("invented_claim", "error", None, "a", "a", 3, 17)
    second = Finding("invented_claim", "error", None, "b", "b", 22, 38)
    assert fingerprint(first, outline, text) != fingerprint(second, outline, text)


def test_the_acceptance_of_a_missing_item_lapses_with_any_change_of_the_letter() -> None:
    outline, text = outline_of(small_facts()), "Dear Amazon,\nwe will check.\n"
    gone = Finding("missing_item", "error", "P1", "The letter does not say: …", "…", fact="…")
    report = CheckReport((), (gone,))
    entry = dismiss(report, outline, text, fingerprint(gone, outline, text), "It is there.", "Li Wei", DAY)
    assert apply_dismissals(report, outline, text, [entry]).report.ok
    assert not apply_dismissals(report, outline, text + "Thank you.", [entry]).report.ok


ADMITTED = [
    ("missing_item", "V1"),
    ("invented_claim", "V1"),
    ("missing_item", "policies"),
    ("missing_item", "third_parties"),
    ("missing_item", "apology"),
    ("weakened_admission", None),
    ("denied_admission", None),
    ("conditional_apology", "apology"),
    ("shifted_blame", "C1"),
]
VALUES = [
    ("altered_value", "P1"),
    ("swapped_values", "A1"),
    ("invented_value", None),
    ("tampered_quote", None),
]


@pytest.mark.parametrize(("code", "item"), [*ADMITTED, *VALUES])
def test_admissions_and_values_cannot_be_dismissed(code: str, item: str | None) -> None:
    outline, text = outline_of(small_facts()), "We asked the buyer."
    found = Finding(code, "error", item, "m", "m", 0, 8, "f")
    mark = fingerprint(found, outline, text)
    word = "admits" if (code, item) in ADMITTED else "value"
    with pytest.raises(InputError, match=f"cannot be dismissed: .*{word}"):
        dismiss(CheckReport((), (found,)), outline, text, mark, "I know better.", "Li Wei", DAY)


def test_a_left_out_value_cannot_be_dismissed_and_left_out_words_can() -> None:
    outline = outline_of(small_facts())
    statement = outline["P1"].statement
    value = Finding("missing_detail", "error", "P1", "leaves out 2024-03-11", "", 0, 5, "2024-03-11")
    words = Finding("missing_detail", "error", "P1", "leaves out: supervisor", "", 0, 5, statement)
    assert why_not(value, outline) is not None
    assert why_not(words, outline) is None


def test_an_entry_written_by_hand_for_an_admission_changes_nothing() -> None:
    outline, text = outline_of(small_facts()), "We may have asked the buyer."
    found = Finding("weakened_admission", "error", "V1", "m", "m", 3, 11, "f")
    mark = fingerprint(found, outline, text)
    forged = Dismissal(mark, "weakened_admission", "V1", text, "", "No.", "Li Wei", "2026-04-03")
    reviewed = apply_dismissals(CheckReport((), (found,)), outline, text, [forged])
    assert not reviewed.report.ok
    assert reviewed.lapsed[0].why.startswith("this finding cannot be dismissed: ")


@pytest.mark.parametrize(("reason", "who"), [("", "Li Wei"), ("It is true.", "  "), ("x" * 501, "Li Wei")])
def test_a_dismissal_needs_a_reason_and_a_name(reason: str, who: str) -> None:
    outline, text = outline_of(small_facts()), letter_with_extra()
    report = check_outline(outline, text)
    mark = fingerprint(invented(report), outline, text)
    with pytest.raises(InputError, match="reason"):
        dismiss(report, outline, text, mark, reason, who, DAY)


def test_what_is_written_is_read_back_and_the_newest_entry_counts(tmp_path: Path) -> None:
    path = dismissals_path(tmp_path / "letter.txt")
    old = Dismissal("a1b2c3d4e5f6", "invented_claim", "", "A: b.", "", "是真的: yes", "李伟", "2026-04-03")
    new = Dismissal("a1b2c3d4e5f6", "invented_claim", "", "A: b.", "", "Still #true.", "Li Wei", "2026-04-04")
    write_dismissals(path, [old])
    assert load_dismissals(path) == (old,)
    write_dismissals(path, [old, new])
    assert load_dismissals(path) == (new,)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.dismissed.yaml"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("dismissed: yes\n", "must hold a list"),
        ("- a\n", "must hold a list"),
        ("dismissed:\n- fingerprint: a1\n  sentence: s\n  fact: f\n  who: w\n  date: d\n", "reason"),
        ("dismissed:\n- only words\n", "must hold fingerprint"),
        ("dismissed: [", "no valid YAML"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_with_its_line(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "letter.dismissed.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(FaultyFile, match=rf"letter.dismissed.yaml:\d+: .*{told}"):
        load_dismissals(path)


# ---------------------------------------------------------------- on the command line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the facts and a letter that says one thing too many."""
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump(small_facts(), allow_unicode=True), "utf-8")
    (tmp_path / "letter.txt").write_text(letter_with_extra(), "utf-8")
    return tmp_path


@pytest.fixture
def poa(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the program in the folder; its exit status."""

    def run(*arguments: str) -> int:
        monkeypatch.chdir(folder)
        monkeypatch.setattr("sys.argv", ["poa", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


def _mark(poa: Any, capsys: pytest.CaptureFixture[str]) -> str:
    assert poa("check", "facts.yaml", "letter.txt", "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    return str(next(f["fingerprint"] for f in found if f["code"] == "invented_claim"))


def test_the_command_accepts_a_finding_and_later_runs_know(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = _mark(poa, capsys)
    wish = ("--dismiss", mark, "--reason", "Our lawyer asked for it.", "--who", "Li Wei")
    assert poa("check", "facts.yaml", "letter.txt", *wish) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("passes: nothing is wrong but what was accepted (1, see below).")
    assert "Our lawyer asked for it." in shown.out
    assert shown.err == f"Accepted and written to {Path('letter.dismissed.yaml')}.\n"
    assert poa("check", "facts.yaml", "letter.txt", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["findings"], document["lapsed"]) == (True, [], [])
    entry = document["dismissed"][0]
    assert (entry["code"], entry["fingerprint"], entry["who"]) == ("invented_claim", mark, "Li Wei")
    request = {"id": 1, "facts": "facts.yaml", "letter": "letter.txt"}
    (folder / "requests.jsonl").write_text(json.dumps(request), "utf-8")
    assert poa("check", "--batch", "requests.jsonl") == 0


def test_a_changed_sentence_fails_again_and_the_lapse_is_told_in_chinese(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = _mark(poa, capsys)
    poa("check", "facts.yaml", "letter.txt", "--dismiss", mark, "--reason", "True.", "--who", "Li Wei")
    text = (folder / "letter.txt").read_text("utf-8").replace("certified our", "certified two of our")
    (folder / "letter.txt").write_text(text, "utf-8")
    capsys.readouterr()
    assert poa("check", "facts.yaml", "letter.txt", "--lang", "zh") == 1
    assert "接受已失效 invented_claim" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--dismiss", "000000000000", "--reason", "r", "--who", "w"), "No finding of this letter"),
        (("--reason", "r"), "go with --dismiss"),
        (("--dismiss", "000000000000", "--who", "w"), "needs a reason"),
        (("--lang", "fr"), "--lang fr"),
    ],
    ids=["unknown", "no-dismiss", "no-reason", "lang"],
)
def test_wrong_wishes_end_with_two_and_write_nothing(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert poa("check", "facts.yaml", "letter.txt", *arguments) == 2
    assert told in capsys.readouterr().err
    assert not (folder / "letter.dismissed.yaml").exists()


def test_an_altered_value_is_refused_with_the_reason(
    poa: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = skeleton_of(small_facts()).text.replace("112-3456789-1234567", "112-3456789-1234568")
    (folder / "letter.txt").write_text(text, "utf-8")
    outline = outline_of(small_facts())
    report = check_outline(outline, text)
    mark = fingerprint(next(f for f in report.findings if f.code == "altered_value"), outline, text)
    assert poa("check", "facts.yaml", "letter.txt", "--json") == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert all("fingerprint" not in f for f in findings if f["code"] == "altered_value")
    assert poa("check", "facts.yaml", "letter.txt", "--dismiss", mark, "--reason", "r", "--who", "w") == 2
    assert "cannot be dismissed" in capsys.readouterr().err
