"""`poa purge` removes what the program keeps, and nothing that is not its own."""

import sys
from pathlib import Path

import pytest

from poa.batch import draft_cases, find_cases
from poa.cli import main
from poa.store import purge_store
from tests.test_batch import ScriptedModel, rewording, write_case


@pytest.fixture
def drafted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import asyncio

    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    write_case(tmp_path / "cases" / "a")

    async def walk() -> None:
        async for _ in draft_cases(find_cases([tmp_path / "cases"]), ScriptedModel(rewording)):
            pass

    asyncio.run(walk())
    weights = tmp_path / "cache" / "models"
    weights.mkdir(parents=True)
    (weights / "w.gguf").write_text("weights")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_replies_go_and_weights_and_cases_stay(drafted: Path) -> None:
    assert "cache/replies.sqlite" in files(drafted)
    purge_store()
    assert {name for name in files(drafted) if name.startswith("cache")} == {"cache/models/w.gguf"}
    assert "cases/a/draft/letter.txt" in files(drafted)


def test_drafts_go_and_what_else_lies_there_stays(drafted: Path) -> None:
    (drafted / "cases" / "a" / "draft" / "mine.txt").write_text("mine")
    other = drafted / "cases" / "b"
    other.mkdir()
    (other / "run.json").write_text('{"name": "of another program"}')
    (other / "letter.txt").write_text("mine")
    half = drafted / "cases" / "a" / ".draft.4711.abcd1234"
    half.mkdir()
    (half / "letter.txt").write_text("half written")
    purge_store([drafted / "cases"], weights=True)
    assert files(drafted) == {
        "cases/a/facts.yaml",
        "cases/a/draft/mine.txt",
        "cases/b/run.json",
        "cases/b/letter.txt",
    }


def test_a_dry_run_removes_nothing(
    drafted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(drafted)
    monkeypatch.setattr(
        sys, "argv", ["poa", "purge", "--dry-run", "--weights", "--drafts", str(drafted / "cases")]
    )
    with pytest.raises(SystemExit):
        main()
    assert files(drafted) == before
    said = capsys.readouterr().err
    assert "replies.sqlite" in said
    assert "letter.txt" in said
