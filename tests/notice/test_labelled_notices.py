"""Each labelled notification is read as its label says: the published ones and our own."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from poa.notice import Notice, decode, demands_of, read_notice, read_notice_file

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "fixtures" / "notices"
UNSEEN = OWN / "unseen"
OPEN = OWN / "open"
SHARED = ROOT.parent / "shared" / "notices"


def labels_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def read(label_file: Path) -> tuple[dict[str, Any], Notice]:
    label = json.loads(label_file.read_text("utf-8"))
    return label, read_notice_file(label_file.with_suffix(".txt"))


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", text).strip(" .;:,-–—*•").lower()


def same(one: str, other: str) -> bool:
    """Equal but for case, spacing and stops; or one holds the other and four fifths of its length."""
    short, long = sorted((plain(one), plain(other)), key=len)
    return short == long or (bool(short) and short in long and len(short) >= 0.8 * len(long))


def facts_of(notice: Notice) -> dict[str, Any]:
    return {
        "violation": notice.violation,
        "language": notice.language,
        "deadline_days": notice.deadline_days,
        "urls": sorted(notice.urls),
        "asins": sorted(notice.asins),
        "order_ids": sorted(notice.order_ids),
        "case_ids": sorted(notice.case_ids),
        "submit": notice.submit,
    }


def facts_labelled(label: dict[str, Any]) -> dict[str, Any]:
    return {
        "violation": label["violation"],
        "language": label["language"],
        "deadline_days": label["deadline_days"],
        "urls": sorted(label["urls"]),
        **{kind: sorted(ids) for kind, ids in label["ids"].items()},
        "submit": label["submit"],
    }


@pytest.mark.parametrize("label_file", labels_in(OWN), ids=lambda p: p.stem)
def test_own_notice_is_read_as_labelled(label_file: Path) -> None:
    label, notice = read(label_file)
    assert [plain(d) for d in notice.demands] == [plain(d) for d in label["demands"]]
    assert facts_of(notice) == facts_labelled(label)


@pytest.mark.parametrize("label_file", labels_in(OWN), ids=lambda p: p.stem)
def test_every_demand_stands_in_the_notice_word_for_word(label_file: Path) -> None:
    text = plain(label_file.with_suffix(".txt").read_text("utf-8").replace("+\n+", "\n"))
    for demand in read(label_file)[1].demands:
        assert plain(demand) in text


def test_the_demands_alone_are_those_of_the_whole_reading() -> None:
    files = [path for folder in (OWN, UNSEEN, SHARED) for path in labels_in(folder)]
    assert len(files) > 30
    for label_file in files:
        text = decode(label_file.with_suffix(".txt").read_bytes())
        assert demands_of(text) == read_notice(text).demands, label_file


def score(folder: Path, pattern: str = "*.json") -> dict[str, float]:
    """The measures of the bar over a folder of labels, each a share."""
    demands = found = invented = whole = deadline = violation = rest = 0
    files = sorted(folder.glob(pattern))
    for label_file in files:
        label, notice = read(label_file)
        got, wanted = notice.demands, label["demands"]
        missing = [w for w in wanted if not any(same(w, g) for g in got)]
        extra = [g for g in got if not any(same(w, g) for w in wanted)]
        demands += len(wanted)
        found += len(wanted) - len(missing)
        invented += len(extra)
        whole += not missing and not extra and len(got) == len(wanted)
        ours, theirs = facts_of(notice), facts_labelled(label)
        deadline += ours["deadline_days"] == theirs["deadline_days"]
        violation += ours["violation"] == theirs["violation"]
        rest += all(ours[k] == theirs[k] for k in ("urls", "asins", "order_ids", "case_ids", "submit"))
    return {
        "found": found / demands,
        "invented": invented / demands,
        "whole": whole / len(files),
        "deadline": deadline / len(files),
        "violation": violation / len(files),
        "rest": rest / len(files),
    }


def test_the_published_notices_pass_the_bar() -> None:
    if not SHARED.is_dir():
        pytest.skip("the labelled notices that came with the task are not beside this checkout")
    measured = score(SHARED)
    assert measured["found"] == 1.0
    assert measured["invented"] == 0.0
    assert measured["whole"] == 1.0
    assert measured["deadline"] == 1.0
    assert measured["rest"] == 1.0
    # One of them names no violation at all; the label takes it from the forum post around it.
    assert measured["violation"] >= 0.94


def test_the_notices_written_before_they_were_read_stay_read() -> None:
    # Their first scores, before anything was learnt from them, stand in fixtures/notices/README.md.
    assert score(UNSEEN, "[a-z]*.json") == {
        "found": 1.0,
        "invented": 0.0,
        "whole": 1.0,
        "deadline": 1.0,
        "violation": 1.0,
        "rest": 1.0,
    }


def test_the_notices_nobody_has_read_are_read_for_the_most_part() -> None:
    # A numbered batch in `unseen` is one that whoever works on the reader leaves unread, and only looks at these shares.
    if not any(UNSEEN.glob("[0-9]*.json")):
        pytest.skip("every batch has been read; a new one goes to fixtures/notices/unseen")
    measured = score(UNSEEN, "[0-9]*.json")
    # What the batch that lies there reached at first sight: 71 of 72 demands, 3 invented, 21 of 24 lists, 23 of 24 deadlines
    # and violations. The batches before it reached 88 to 94 of 100 demands; a new one may need lower floors.
    assert measured["found"] >= 0.98
    assert measured["invented"] <= 0.05
    assert measured["whole"] >= 0.87
    assert measured["deadline"] >= 0.95
    assert measured["violation"] >= 0.95
    assert measured["rest"] >= 0.91


# Not read as labelled: one in French; one whose first step ("Review the prices") may ask or not; and prose that asks
# by the way, between the lines, or under a title that is half of the item. 269 and 272 are a matter of judgement: whether
# "They must match the quantities" and "Fügen Sie ... bei" belong to the item.
NOT_YET = {
    "u26-linked-account-fr",
    "v11-pricing-nested",
    "144-inform-act",
    "145-review-manipulation",
    "170-inform-act",
    "174-price-gouging",
    "175-fba-inventory",
    "176-related-accounts",
    "192-fraud",
    "195-inauthentic-zh",
    "196-related-accounts",
    "199-drop-shipping",
    "201-forged-documents",
    "222-forged-documents",
    "228-odr",
    "229-related-accounts",
    "269-counterfeit-nested-numbered",
    "272-patent-de",
}


@pytest.mark.parametrize("label_file", labels_in(OPEN), ids=lambda p: p.stem)
def test_the_notices_that_were_worked_with_stay_read(label_file: Path) -> None:
    label, notice = read(label_file)
    missing = [w for w in label["demands"] if not any(same(w, g) for g in notice.demands)]
    wrong = {
        key: (wanted, got)
        for key, wanted in facts_labelled(label).items()
        if key != "language" and wanted != (got := facts_of(notice)[key])
    }
    whole = not missing and len(notice.demands) == len(label["demands"])
    assert (whole and not wrong) != (label_file.stem in NOT_YET), (missing, notice.demands, wrong)
