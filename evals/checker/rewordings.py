"""Scores the checker on single passages that were reworded, each put into the skeleton in its passage's place.

    python -m evals.checker.rewordings
    python -m evals.checker.rewordings --texts

A letter holds one reworded passage and is the skeleton's otherwise, so a verdict is about that passage alone. Such
letters are what a seller makes who edits the skeleton, or pastes a passage that some model wrote.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from poa.checks import check_outline
from poa.evals.statistics import share
from poa.facts import load_case
from poa.letter import Letter
from poa.outline import Outline, build_outline
from poa.skeleton import build_skeleton

FIXTURES = Path(__file__).parents[2] / "fixtures"


@dataclass(frozen=True)
class Rewording:
    """One passage in other words; `faithful` says whether it still says the same."""

    case: str
    item: str
    faithful: bool
    category: str
    text: str


def rewordings() -> Iterator[Rewording]:
    """All of fixtures/rewordings.tsv, in its order."""
    for line in (FIXTURES / "rewordings.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            case, item, verdict, category, text = line.split("\t")
            yield Rewording(case, item, verdict == "faithful", category, text.replace(" / ", "\n"))


class Judge:
    """Verdicts on rewordings; the outline and the skeleton of each case are made once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Outline, Letter]] = {}

    def findings(self, one: Rewording) -> list[str]:
        """The messages of what makes the letter fail; none where it passes."""
        if one.case not in self._known:
            case = load_case(FIXTURES / "cases" / one.case / "facts.yaml")
            self._known[one.case] = build_outline(case), build_skeleton(case)
        outline, skeleton = self._known[one.case]
        report = check_outline(outline, skeleton.with_passages({one.item: one.text}).text)
        return [f.message for f in report.findings if f.severity == "error"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the shares that fail, by verdict and category; with --texts each miss and false alarm too."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", action="store_true", help="show each miss and each false alarm")
    options = parser.parse_args(arguments)
    judge, failed = Judge(), defaultdict[tuple[str, str], list[bool]](list)
    for one in rewordings():
        found = judge.findings(one)
        verdict = "faithful" if one.faithful else "corrupt"
        failed[verdict, one.category].append(bool(found))
        failed[verdict, "all"].append(bool(found))
        if options.texts and one.faithful == bool(found):
            print(f"{one.case} {one.item} {one.category}: {found or 'passes'}\n    {one.text}")
    print("| verdict | category | fail | share | 95 % |\n|---|---|---|---|---|")
    for (verdict, category), results in sorted(failed.items()):
        rate = share(sum(results), len(results))
        assert rate is not None and rate.low is not None and rate.high is not None
        print(
            f"| {verdict} | {category} | {sum(results)} of {len(results)} | {rate.value:.1%} "
            f"| {rate.low:.1%} to {rate.high:.1%} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
