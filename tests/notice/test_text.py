"""Text is read in the encodings sellers save, and what is no text is refused with one clear sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from poa.errors import NoticeError
from poa.notice import decode, demands_of, read_notice, read_notice_file

CHINESE = "您的亚马逊账户已被停用。请提供以下信息：\n1. 供应商发票\n2. 供应商联系方式\n"
ENGLISH = "Your Amazon account was deactivated. Please send:\n– Invoices from your supplier\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize(
    ("text", "demands"),
    [(CHINESE, ("供应商发票", "供应商联系方式")), (ENGLISH, ("Invoices from your supplier",))],
)
def test_every_usual_encoding_is_read(
    tmp_path: Path, encoding: str, text: str, demands: tuple[str, ...]
) -> None:
    saved = tmp_path / "notice.txt"
    saved.write_bytes(text.encode(encoding))
    assert read_notice_file(saved).demands == demands


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        ("\ufeff%PDF-1.4 text".encode(), "PDF"),
        (b"PK\x03\x04\x14\x00", "Word document"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x01\x02\x03\x04\x05" * 40, "binary"),
        (b"?!... --- ...", "no words"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(NoticeError, match=says):
        read_notice(decode(raw, "notice.txt"))


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    huge.write_bytes(b"word " * 2_000_000)
    with pytest.raises(NoticeError, match=r"10\.0 MB is too long"):
        read_notice_file(huge)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match="no such file"):
        read_notice_file(tmp_path / "none.txt")
    with pytest.raises(NoticeError, match="folder"):
        read_notice_file(tmp_path)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 1_000_000,
        "please send us the following " * 34_000,
        "1. a 2. b " * 100_000,
        "https://" * 125_000,
        "a@" * 500_000,
        "<style " * 140_000 + "<div>",
        "Why is ? " * 110_000,
        "within 7 days " * 70_000,
        "- a " * 250_000,
        "provide evidence and " * 47_000,
    ],
    ids=lambda t: t[:12],
)
def test_a_megabyte_on_one_line_is_answered_in_two_seconds(hostile: str) -> None:
    began = time.process_time()
    read_notice(hostile)
    assert time.process_time() - began < 2


def test_demands_behind_a_very_long_text_are_not_dropped_in_silence() -> None:
    notice = read_notice(
        "Your Amazon account was deactivated. " + "x " * 150_000 + "\nPlease send:\n- Invoices\n"
    )
    assert any("only its first" in line for line in notice.advice())


TRADITIONAL = """主旨：您的亞馬遜賣家帳戶已停用

由於您在 2024 年 1 月操縱買家評論，您的亞馬遜銷售帳戶已被停用。帳戶內的資金可能會被保留 90 天。

為什麼會發生這種情況？
我們的政策禁止以下行為：
• 以退款換取評論

如何重新啟用我的帳戶？
請提供以下資訊：
1. 您取得評論的所有方法及日期
2. 所有第三方的聯絡方式，
包括電話

如果我們在 17 天內沒有收到您的資料，帳戶將保持停用狀態。請回覆此郵件。
"""


def test_traditional_characters_are_read_and_given_back_as_written() -> None:
    notice = read_notice(TRADITIONAL)
    assert notice.demands == ("您取得評論的所有方法及日期", "所有第三方的聯絡方式，包括電話")
    assert (notice.violation, notice.language) == ("review-manipulation", "zh")
    assert (notice.deadline_days, notice.submit) == (17, "reply")
    assert demands_of(TRADITIONAL) == notice.demands


def test_japanese_is_not_taken_for_traditional_chinese() -> None:
    text = "お客様の出品アカウントを停止しました。請求書の写しをご提出ください。対象の単品は関連する資料の内容と評価によります。"
    assert read_notice(text * 3).language == "ja"
