"""Honest English sentences for Chinese ones, and false ones: `fixtures/zh/renderings.yaml`, a bench of the checker's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from poa.rewrite import check_rewrite

_BENCH = Path(__file__).parents[2] / "fixtures" / "zh" / "renderings.yaml"


@pytest.fixture(scope="module")
def bench() -> list[dict[str, Any]]:
    """The Chinese sentences, each with honest and with false English ones."""
    rows: list[dict[str, Any]] = yaml.safe_load(_BENCH.read_text("utf-8"))
    return rows


def _refused(bench: list[dict[str, Any]], kind: str) -> tuple[list[str], int]:
    pairs = [(row["zh"], english) for row in bench for english in row[kind]]
    return [english for zh, english in pairs if not check_rewrite(zh, english).ok], len(pairs)


def test_honest_renderings_are_let_pass(bench: list[dict[str, Any]]) -> None:
    refused, among = _refused(bench, "honest")

    assert among >= 450
    assert len(refused) <= 4, refused


def test_false_renderings_are_found(bench: list[dict[str, Any]]) -> None:
    found, among = _refused(bench, "corrupted")

    assert among >= 190
    assert len(found) >= 0.69 * among


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("供应商给的发票是假的。", "The supplier gave us a genuine invoice."),
        ("两个账号用了同一张信用卡。", "The two accounts used the same bank account."),
        ("我们的缺陷率超过了1%的要求。", "Our defect rate was below the required 1%."),
        ("我表弟付的钱。", "My uncle paid."),
    ],
)
def test_a_word_in_its_rivals_place_is_found(zh: str, en: str) -> None:
    assert "altered_meaning" in {f.code for f in check_rewrite(zh, en).findings}
