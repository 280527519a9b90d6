"""The two commands as a user types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from poa.cli import build_app

ZH = "我们没有联系买家,一共退了45元。"
EN = "We did not contact any buyer and refunded RMB 45 in total."


def poa(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, with no model and no key in reach."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "POA"))}
    command = [sys.executable, "-c", "from poa.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, input=stdin, capture_output=True, check=False)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    (folder / name).write_bytes(text.encode(encoding))
    return name


def test_a_faithful_pair_passes(tmp_path: Path) -> None:
    done = poa("check-rewrite", write(tmp_path, "zh", ZH), write(tmp_path, "en", EN), cwd=tmp_path)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "The English says what the Chinese says.")


def test_a_fault_is_shown_with_its_chinese_and_exit_status_1(tmp_path: Path) -> None:
    wrong = EN.replace("45", "54")
    done = poa(
        "check-rewrite", write(tmp_path, "zh", ZH), write(tmp_path, "en", wrong), "--lang", "zh", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "中文写的是“45元”,英文写成了“RMB 54”。" in done.stdout.decode()


def test_text_in_utf16_without_its_mark_is_read(tmp_path: Path) -> None:
    zh = write(tmp_path, "zh", ZH + "\n", "utf-16-le")
    done = poa("check-rewrite", zh, write(tmp_path, "en", EN), cwd=tmp_path)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "The English says what the Chinese says.")


def test_json_is_one_document(tmp_path: Path) -> None:
    done = poa(
        "check-rewrite", write(tmp_path, "zh", ZH), write(tmp_path, "en", "We paid."), "--json", cwd=tmp_path
    )
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["ok"] is False
    assert set(answer["findings"][0]) == {
        "code", "severity", "message", "message_zh", "start", "end", "zh_start", "zh_end",
    }  # fmt: skip


def test_a_batch_answers_each_line_in_order(tmp_path: Path) -> None:
    write(tmp_path, "zh.txt", ZH)
    lines = [
        {"id": 1, "zh": "zh.txt", "en_text": EN},
        {"id": 2, "zh_text": ZH, "en_text": "We paid."},
        {"id": 3},
    ]
    write(tmp_path, "requests", "\n".join(json.dumps(line) for line in lines))
    done = poa("check-rewrite", "--batch", "requests", cwd=tmp_path)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == [1, 2, 3]
    assert [a.get("ok") for a in answers] == [True, False, None]
    assert "needs" in answers[2]["error"]
    assert done.returncode == 2


def test_gbk_and_utf16_are_read(tmp_path: Path) -> None:
    for encoding in ("gbk", "utf-16"):
        zh = write(tmp_path, "zh", ZH, encoding)
        assert poa("check-rewrite", zh, write(tmp_path, "en", EN), cwd=tmp_path).returncode == 0


def test_files_that_are_no_text_are_refused_in_words(tmp_path: Path) -> None:
    write(tmp_path, "en", EN)
    for name, data, said in (
        ("pdf", b"%PDF-1.7 ...", "a PDF"),
        ("empty", b"  \n", "empty"),
        ("big", "长".encode() * 700_000, "larger than 1 MB"),
        ("binary", bytes(range(256)) * 20, "no text"),
    ):
        (tmp_path / name).write_bytes(data)
        done = poa("check-rewrite", name, "en", cwd=tmp_path)
        assert done.returncode == 2
        assert said in done.stderr.decode()
        assert "Traceback" not in done.stderr.decode()


def test_a_rewriting_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    done = poa("rewrite", write(tmp_path, "zh", ZH), "--model", "skeleton", cwd=tmp_path)
    assert done.returncode == 2
    assert "poa models" in done.stderr.decode()


def test_an_existing_file_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path, "out.txt", "mine")
    done = poa("rewrite", write(tmp_path, "zh", ZH), "-o", "out.txt", "--model", "skeleton", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "out.txt").read_text() == "mine"


def test_help_shows_an_example() -> None:
    for command in ("rewrite", "check-rewrite"):
        assert "Example:" in CliRunner().invoke(build_app(), [command, "--help"]).output
