"""The wheel, installed in an environment of its own, away from the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a new environment that holds the wheel; what the wheel depends on is lent to it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    run([sys.executable, "-c", build, str(folder)], CHECKOUT)
    venv.create(folder / "env", symlinks=True)
    # Only site folders themselves have their .pth files read: the checkout's editable install stays outside.
    packages = next((folder / "env").glob("lib*/python*/site-packages"), folder / "env/Lib/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    commands = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(commands / "python"), "--disable-pip-version-check"]
    wheel = next(folder.glob("*.whl"))
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)], folder)
    return commands


def run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_installed_program_drafts_and_checks(elsewhere: Path, tmp_path: Path) -> None:
    facts = str(CHECKOUT / "fixtures/facts/brighthome/facts.yaml")
    poa = str(elsewhere / "poa")
    run([poa, "draft", facts, "-o", "out", "--model", "skeleton"], tmp_path)
    assert "passes" in run([poa, "check", facts, "out/letter.txt"], tmp_path)
    assert "review-manipulation" in run([poa, "packs", "list"], tmp_path)


def test_prompts_and_packs_come_with_the_wheel(elsewhere: Path, tmp_path: Path) -> None:
    asked = (
        "import poa, poa.polish, poa.resources; poa.polish.prompt_hashes();"
        "print(poa.__file__, poa.resources.prompts_dir())"
    )
    for path in run([str(elsewhere / "python"), "-c", asked], tmp_path).split():
        assert Path(path).is_relative_to(elsewhere.parent)
