"""How alike the letters of different packs are: `python -m evals.pack_likeness`.

Each pack's rich case is written as a skeleton in English; names, days and figures are made equal. Two letters
are alike by the share of their runs of five words that both hold, of the shorter one's runs. A reviewer who
reads many letters should not meet one wording under two violations.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from poa.facts import load_case
from poa.policy import list_packs
from poa.skeleton import build_skeleton

ROOT = Path(__file__).resolve().parent.parent
# No two letters may share more of their runs of five words than this, nor all pairs together on average.
MOST_SHARED = 0.12
MOST_ON_AVERAGE = 0.04
# Whole sentences that two letters may have in common.
MOST_SENTENCES = 2

_RUN = 5
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


@dataclass(frozen=True)
class Pair:
    """Two packs' letters: the share of runs of five words, and the sentences that both hold."""

    one: str
    other: str
    share: float
    sentences: tuple[str, ...]


def rich_cases() -> dict[str, Path]:
    """The rich case of each pack."""
    cases = {name: ROOT / "fixtures" / "packs" / name / "rich" for name in list_packs()}
    cases["review-manipulation"] = ROOT / "fixtures" / "facts" / "brighthome"
    return cases


def pairs_of(cases: Mapping[str, Path]) -> tuple[Pair, ...]:
    """Every two of these letters, the likest first."""
    letters = {name: _words(place) for name, place in cases.items()}
    pairs = []
    for one, other in itertools.combinations(letters, 2):
        (runs, said), (other_runs, other_said) = letters[one], letters[other]
        share = len(runs & other_runs) / min(len(runs), len(other_runs))
        pairs.append(Pair(one, other, share, tuple(sorted(said & other_said))))
    return tuple(sorted(pairs, key=lambda pair: -pair.share))


def average(pairs: tuple[Pair, ...]) -> float:
    """The mean share of all pairs."""
    return sum(pair.share for pair in pairs) / len(pairs)


def _words(place: Path) -> tuple[set[tuple[str, ...]], set[str]]:
    """The letter's runs of five words and its sentences, without names, dates and figures."""
    case = load_case(place)
    text = "\n".join(section.text for section in build_skeleton(case).sections if section.id != "signature")
    for name in (case.seller.store_name, case.notice.marketplace):
        text = text.replace(name or "\0", "NAME")
    text = re.sub(rf"(?:{_MONTHS}) \d+(?:, \d{{4}})?|\d+ (?:{_MONTHS})(?: \d{{4}})?", "DAY", text)
    text = re.sub(r"\d[\d,.:-]*", "NUMBER", text)
    words = re.findall(r"\w+", text.lower())
    runs = {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}
    sentences = {s.strip().lower() for s in re.split(r"(?<=[.:])\s+|\n+", text) if len(s.split()) > 3}
    return runs, sentences - {"dear seller performance team,"}


def main() -> int:
    """Prints the likest pairs and the average; 1 when a limit is passed."""
    pairs = pairs_of(rich_cases())
    for pair in pairs[:12]:
        print(f"{pair.share:6.1%}  {len(pair.sentences)} sentence(s)  {pair.one} / {pair.other}")
    most = max(len(pair.sentences) for pair in pairs)
    print(f"{len(pairs)} pairs: {average(pairs):.1%} on average (limit {MOST_ON_AVERAGE:.0%}),")
    print(f"{pairs[0].share:.1%} at most (limit {MOST_SHARED:.0%}), {most} common sentences at most")
    fine = pairs[0].share <= MOST_SHARED and average(pairs) <= MOST_ON_AVERAGE and most <= MOST_SENTENCES
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
