"""`poa review`, `diff`, `export` and `kit` through their entry point, on a finished draft and without a model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.builders import rich_facts
from tests.export.drafts import written_draft


def poa(*args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from poa.cli import main; main()"]
    return subprocess.run(
        [*program, *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        cwd=cwd,
    )


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return written_draft(tmp_path, rich_facts())


def test_export_writes_the_formats_asked_for_and_prints_their_paths(draft: Path, tmp_path: Path) -> None:
    run = poa("export", draft, "--to", "docx,pdf,txt,html", "-o", tmp_path / "out", "--bilingual")
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(Path(line).name for line in run.stdout.splitlines()) == [
        "for-reference.docx",
        "for-reference.html",
        "for-reference.pdf",
        "for-reference.txt",
        "letter.docx",
        "letter.html",
        "letter.pdf",
        "letter.txt",
    ]
    assert (tmp_path / "out" / "letter.pdf").read_bytes().startswith(b"%PDF")


def test_the_form_is_counted_against_its_budget(draft: Path) -> None:
    run = poa("export", draft, "--form", "--budget", "300", "--json")
    answer = json.loads(run.stdout)
    assert [field["name"] for field in answer["form"]] == ["root-cause", "actions", "prevention"]
    assert all(field["over"] == max(0, field["characters"] - 300) for field in answer["form"])
    assert "too many, shorten it before you paste it" in run.stderr
    assert [Path(path).name for path in answer["files"]] == [
        "form-1-root-cause.txt",
        "form-2-actions.txt",
        "form-3-prevention.txt",
    ]


def test_a_letter_that_fails_is_not_exported_unless_told_to(draft: Path) -> None:
    letter = draft / "letter.txt"
    letter.write_text(letter.read_text("utf-8").replace("March 6, 2024", "March 9, 2024"), encoding="utf-8")
    run = poa("export", draft, "--to", "txt")
    assert (run.returncode, run.stdout) == (1, "")
    assert "fails its check and was not exported" in run.stderr
    assert not (draft / "export").exists()
    assert poa("export", draft, "--to", "txt", "--anyway").returncode == 0


def test_an_unknown_format_is_named(draft: Path) -> None:
    run = poa("export", draft, "--to", "doc")
    assert run.returncode == 2
    assert run.stderr == "poa: --to takes docx, pdf, txt, html, not doc.\n"


def test_a_folder_without_a_draft_says_how_to_make_one(tmp_path: Path) -> None:
    for command in ("review", "export", "kit"):
        run = poa(command, tmp_path)
        assert run.returncode == 2
        assert "holds no finished draft" in run.stderr
        assert "Traceback" not in run.stderr


def test_review_writes_the_page_anew_after_an_edit(draft: Path) -> None:
    letter = draft / "letter.txt"
    letter.write_text(letter.read_text("utf-8").replace("March 6, 2024", "March 9, 2024"), encoding="utf-8")
    run = poa("review", draft, "--no-open", "--json")
    assert run.returncode == 1
    verdict = json.loads(run.stdout)
    assert (verdict["edited"], verdict["check"]["ok"], verdict["due"]) == (True, False, "2024-03-25")
    assert "March 9, 2024" in (draft / "review.html").read_text("utf-8")


def test_review_needs_the_facts(draft: Path) -> None:
    (draft.parent / "facts.yaml").unlink()
    run = poa("review", draft, "--no-open")
    assert run.returncode == 2
    assert "bring them back" in run.stderr


def test_diff_shows_what_an_edit_lost_and_fails(draft: Path, tmp_path: Path) -> None:
    edited = tmp_path / "lawyer.txt"
    text = (draft / "letter.txt").read_text("utf-8")
    edited.write_text(text.replace("B0ABCDEFGH", "B0ABCDEFGX"), encoding="utf-8")
    run = poa("diff", draft, edited)
    assert run.returncode == 1
    assert "LOST  V1" in run.stdout
    assert "{+B0ABCDEFGX+}" in run.stdout or "{+B0ABCDEFGX.+}" in run.stdout
    answer = json.loads(poa("diff", draft, edited, "--json").stdout)
    assert next(item for item in answer["items"] if item["id"] == "V1")["verdict"] == "lost"


def test_diff_of_a_draft_with_itself_passes(draft: Path) -> None:
    run = poa("diff", draft, draft / "letter.txt")
    assert run.returncode == 0
    assert "15 of 15 items stand word for word the same." in run.stdout


def test_diff_writes_a_page_beside_the_draft_or_where_it_is_told(draft: Path, tmp_path: Path) -> None:
    run = poa("diff", draft, draft / "letter.txt")
    assert run.stderr.splitlines()[0] == f"Page: {draft / 'diff.html'}"
    page = (draft / "diff.html").read_text("utf-8")
    assert "Letter B lost nothing." in page
    assert "信件 B 没有丢失任何内容。" in page
    poa("diff", draft, draft / "letter.txt", "-o", tmp_path / "both.html", "--json")
    assert (tmp_path / "both.html").read_text("utf-8") == page
    nowhere = poa("diff", draft, draft / "letter.txt", "-o", tmp_path / "missing" / "both.html")
    assert nowhere.returncode == 2
    assert "name another file with -o" in nowhere.stderr


def test_the_page_tells_of_a_letter_that_another_case_holds_too_and_names_it_not(tmp_path: Path) -> None:
    draft = written_draft(tmp_path / "acme", rich_facts())
    client = tmp_path / "secret-client"
    written_draft(client, rich_facts())
    assert poa("review", draft, "--no-open").returncode == 0
    page = (draft / "review.html").read_text("utf-8")
    assert "of the words stand in the letter of another case in the same folder." in page
    assert "Too alike" in page
    assert "secret-client" not in page
    shutil.rmtree(client)
    poa("review", draft, "--no-open")
    assert "another case in the same folder" not in (draft / "review.html").read_text("utf-8")


def test_kit_writes_a_folder_and_the_same_as_zip(draft: Path, tmp_path: Path) -> None:
    run = poa("kit", draft, "-o", tmp_path / "box", "--json")
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    with zipfile.ZipFile(tmp_path / "box.zip") as packed:
        inside = {name.removeprefix("box/"): packed.read(name) for name in packed.namelist()}
    assert sorted(inside) == answer["files"]
    for name, content in inside.items():
        assert (tmp_path / "box" / name).read_bytes() == content
    again = poa("kit", draft, "-o", tmp_path / "box")
    assert again.returncode == 2
    assert "is left as it is" in again.stderr


def test_word_files_without_their_packages_say_how_to_get_them(draft: Path) -> None:
    program = (
        "import sys; sys.modules['docx'] = None\n"
        f"sys.argv = ['poa', 'export', {str(draft)!r}, '--to', 'docx']\n"
        "from poa.cli import main; main()"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert 'pip install "poa-draft[export]"' in run.stderr
