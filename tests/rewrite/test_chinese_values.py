"""Values in Chinese text: every written form has one canonical form."""

from __future__ import annotations

import pytest

from poa.values.chinese import find_chinese_values, parse_chinese_number


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("3月5号", "--03-05"),
        ("三月五日", "--03-05"),
        ("2024年3月", "2024-03"),
        ("4月初", "--04/early"),
        ("5月中旬", "--05/mid"),
        ("1月底", "--01/late"),
        ("去年11月", "last-year-11"),
        ("今年2月26号", "this-year-02-26"),
        ("2023年底", "2023/late"),
        ("上个月18号", "last-month-18"),
        ("双十一", "--11-11"),
        ("2024.3.5", "2024-03-05"),
    ],
)
def test_a_date_is_read_in_every_form(text: str, canonical: str) -> None:
    assert [(v.kind, v.canonical) for v in find_chinese_values(text)] == [("date", canonical)]


@pytest.mark.parametrize(
    ("text", "kind", "canonical"),
    [
        ("三个客服", "number", "3"),
        ("十几个订单", "number", "11..19"),
        ("两百多个订单", "number", ">200"),
        ("二十来个", "number", "~20"),
        ("大概八十件", "number", "~80"),
        ("近两百个", "number", "<~200"),
        ("不少于50封", "number", ">=50"),
        ("几十个", "number", "20..99"),
        ("一百五六十副", "number", "~150..160"),
        ("1.2万件", "number", "12000"),
        ("一千二百个", "number", "1200"),
        ("10美金", "money", "USD 10"),
        ("45块人民币", "money", "CNY 45"),
        ("约2.3万英镑", "money", "~GBP 23000"),
        ("超过48小时", "duration", ">48 hour"),
        ("三到五天", "duration", "3..5 day"),
        ("近30天", "duration", "30 day"),
        ("三个工作日", "duration", "3 day"),
        ("半年", "duration", "6 month"),
        ("八成", "percent", "80%"),
        ("百分之三十", "percent", "30%"),
        ("95%以上", "percent", ">=95%"),
        ("每周", "frequency", "1 week"),
        ("每季度", "frequency", "3 month"),
        ("每周一盘点", "frequency", "weekday-1"),
        ("下午5点", "time", "17:00"),
        ("第三批", "ordinal", "3"),
        ("投诉编号8830147621", "case_id", "8830147621"),
        ("订单112-4837265-9012348", "order_id", "112-4837265-9012348"),
        ("链接B0C7XK2M4P是", "asin", "B0C7XK2M4P"),
    ],
)
def test_a_value_has_its_canonical_form(text: str, kind: str, canonical: str) -> None:
    assert [(v.kind, v.canonical) for v in find_chinese_values(text)] == [(kind, canonical)]


def test_words_that_begin_like_a_numeral_are_no_value() -> None:
    assert find_chinese_values("一直没有找第三方,完全一致,3C店铺在1688进货") == ()


def test_a_day_without_its_month_takes_the_month_before_it() -> None:
    assert [v.canonical for v in find_chinese_values("3月5日和8号")] == ["--03-05", "--03-08"]


def test_offsets_cut_out_what_is_written() -> None:
    text = "我们在 2024年3月5日 收到通知,一共 31 单"
    assert [text[v.start : v.end] for v in find_chinese_values(text)] == ["2024年3月5日", "31"]


def test_a_numeral_without_its_last_unit_is_read() -> None:
    assert [parse_chinese_number(n) for n in ("两万五", "一百二", "一百零二", "二〇二四")] == [
        25000,
        120,
        102,
        2024,
    ]
