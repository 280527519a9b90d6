"""What belongs to what, and the forms in which sellers write sums and days: held by whole small texts."""

from __future__ import annotations

import pytest

from poa.rewrite import check_rewrite
from poa.rewrite.figures import chinese_figures, english_figures

ZH = "员工家属写了22条评论,老同学写了29条评论。"


def test_two_counts_that_changed_places_are_reported() -> None:
    en = "Employees' family members wrote 29 reviews, and former classmates wrote 22 reviews."
    rules = {f.rule for f in check_rewrite(ZH, en).findings}
    assert "places_amount" in rules


@pytest.mark.parametrize(
    "en",
    [
        "Employees' family members wrote 22 reviews, and former classmates wrote 29 reviews.",
        "Former classmates wrote 29 reviews, and employees' family members wrote 22 reviews.",
    ],
)
def test_two_counts_in_their_places_pass_in_any_order(en: str) -> None:
    assert check_rewrite(ZH, en).ok


def test_a_deed_of_one_person_told_of_another_is_reported() -> None:
    zh = "运营苏敏4月12号删除了那条一星评论。客服黄丽娜没有参与。"
    assert check_rewrite(
        zh,
        "On April 12, our operator Su Min deleted the one-star review. Our customer service agent Huang Lina took no part.",
    ).ok
    swapped = check_rewrite(
        zh, "On April 12, Huang Lina deleted the one-star review. Our operator Su Min took no part."
    )
    assert "changed_role" in {f.code for f in swapped.findings}


@pytest.mark.parametrize(
    ("written", "kind", "canonical"),
    [
        ("八百一十一块七毛一美金", "money", "USD 811.71"),
        ("九块九包邮", "money", "CNY 9.9"),
        ("1万2", "number", "12000"),
        ("一个半月", "duration", "1.5 month"),
        ("下礼拜一", "date", "next-week-1"),
        ("8/15停用卡片", "date", "--08-15"),
        ("去年双11", "date", "last-year-11-11"),
        ("百分之十一点八", "percent", "11.8%"),
        ("一两百条", "number", "~100..200"),
    ],
)
def test_a_colloquial_figure_is_read(written: str, kind: str, canonical: str) -> None:
    assert (kind, canonical) in {(f.kind, f.canonical) for f in chinese_figures(written)}


@pytest.mark.parametrize("written", ["3. 店铺停用。", "这么一来,", "事情有两块。", "我一来就说了"])
def test_what_counts_nothing_is_no_sum(written: str) -> None:
    assert [f for f in chinese_figures(written) if f.kind == "money" or f.canonical == "3"] == []


def test_the_day_after_may_be_named() -> None:
    zh = "8月22号发了函,第二天对方回复。"
    assert check_rewrite(zh, "We sent a letter on August 22. On August 23, the other party replied.").ok
    assert not check_rewrite(zh, "We sent a letter on August 22. On August 25, the other party replied.").ok


def test_a_bare_day_is_of_the_month_named_last() -> None:
    found = {f.canonical for f in english_figures("It answered on 23 August and stopped on the 24th.")}
    assert "--08-24" in found
