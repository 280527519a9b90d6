"""Scores the checker on folders of letters with known verdicts.

    python -m evals.checker ../shared/cases fixtures/cases
    python -m evals.checker --rewrite ../shared/zh fixtures/zh
    python -m evals.checker --no-texts fixtures/unseen

Prints a table by category with Wilson intervals beside the baseline of comparing values both ways, then every
miss and every false alarm as text. --no-texts prints the figures alone, for a part that is to stay unseen.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from evals.checker.labelled import Labelled, find_letters, find_rewritings
from evals.checker.scoring import Judged, score, shown, table_lines, wrong
from evals.checker.verdicts import (
    judge_letter,
    judge_rewriting,
    values_agree,
    values_agree_with_chinese,
)

from poa.errors import InputError, PoaError


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; 0 when the figures are within the limits given, 1 when not, 2 for unusable input."""
    options = _options().parse_args(arguments)
    try:
        return _run(options)
    except PoaError as error:
        print(f"evals.checker: {error}", file=sys.stderr)
        return error.exit_status


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.checker",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", type=Path, help="case folders, or folders above them")
    parser.add_argument(
        "--rewrite", action="store_true", help="score `poa check-rewrite` (format of ../shared/zh)"
    )
    parser.add_argument("--no-texts", action="store_true", help="figures alone: show no letter's text")
    parser.add_argument("--by-group", action="store_true", help="a table for each folder (author) too")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--fail-under", type=float, metavar="SHARE", help="status 1 when fewer are caught")
    parser.add_argument("--fail-over", type=float, metavar="SHARE", help="status 1 at more false alarms")
    return parser


def _run(options: argparse.Namespace) -> int:
    find = find_rewritings if options.rewrite else find_letters
    letters = [letter for folder in options.folders for letter in find(folder)]
    if not letters:
        names = ", ".join(map(str, options.folders))
        raise InputError(
            f"There are no labelled letters in {names}: name folders that hold edits.yaml files."
        )
    began = time.perf_counter()
    judged = [_judge(letter, options.rewrite) for letter in letters]
    seconds = time.perf_counter() - began
    _print_tables(judged, options)
    print(f"\n{len(judged)} letters in {seconds:.1f} s, both verdicts.")
    if not options.no_texts:
        _print_wrong("Missed", wrong(judged, faithful=False))
        _print_wrong("False alarms", wrong(judged, faithful=True))
    if options.json:
        options.json.write_text(
            json.dumps(score(judged).as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    return _status(judged, options)


def _judge(letter: Labelled, rewrite: bool) -> Judged:
    if rewrite:
        return Judged(
            letter,
            judge_rewriting(letter.source, letter.text),
            values_agree_with_chinese(letter.source, letter.text),
        )
    return Judged(letter, judge_letter(letter.source, letter.text), values_agree(letter.source, letter.text))


def _print_tables(judged: Sequence[Judged], options: argparse.Namespace) -> None:
    if options.by_group:
        for group in sorted({j.letter.group for j in judged}):
            print(f"\n## {group}\n")
            print("\n".join(table_lines(score([j for j in judged if j.letter.group == group]))))
        print("\n## all\n")
    print("\n".join(table_lines(score(judged))))


def _print_wrong(title: str, judged: Sequence[Judged]) -> None:
    print(f"\n{title}: {len(judged)}")
    for one in judged:
        print("\n".join(f"  {line}" for line in shown(one)))


def _status(judged: Sequence[Judged], options: argparse.Namespace) -> int:
    table = score(judged)
    few = options.fail_under is not None and table.caught and table.caught.interval.value < options.fail_under
    many = options.fail_over is not None and table.alarms and table.alarms.interval.value > options.fail_over
    return 1 if few or many else 0


if __name__ == "__main__":
    sys.exit(main())
