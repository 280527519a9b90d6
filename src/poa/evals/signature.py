"""What a figure rests on: the versions and hashes that must be equal for two figures to be comparable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from poa.evals.suite import Contestant, EvalCase
from poa.resources import prompts_dir

__all__ = ["checker_version", "prompt_hash", "sample_signature", "signature_line", "tool_version"]

_PACKAGE = Path(__file__).resolve().parents[1]
# What decides a verdict: the checks with their data, what they read a letter and its facts with, and the second look.
_CHECKER = (
    "checks",
    "values",
    "rewrite",
    "outline.py",
    "facts.py",
    "policy.py",
    "phrasing.py",
    "packs",
    "rewording.py",
    "rewording.yaml",
)
_PROMPTS = {
    "draft": ("polish.jinja", "polish_example.json", "repair.jinja"),
    "rewrite": ("rewrite.jinja", "rewrite_example.json", "rewrite_repair.jinja"),
}


@cache
def checker_version() -> str:
    """A short hash of the checker's code and data: another one may judge otherwise."""
    digest = hashlib.sha256()
    for name in _CHECKER:
        place = _PACKAGE / name
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in files:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def prompt_hash(contestant: Contestant, task: str = "draft") -> str:
    """A short hash of the prompts as the contestant is asked with them."""
    digest = hashlib.sha256()
    for name in _PROMPTS[task]:
        shipped = prompts_dir() / name
        text = contestant.templates.get(name)
        if text is None and shipped.is_file():
            text = shipped.read_text("utf-8")
        digest.update(f"{name}\0{(text or '').strip()}\0".encode())
    return digest.hexdigest()[:12]


def sample_signature(case: EvalCase, contestant: Contestant, task: str) -> dict[str, Any]:
    """Everything that a draft's scores rest on, by name."""
    skeleton = contestant.settings.model == "skeleton"
    return {
        "case": case.sha256[:12],
        "model": contestant.settings.model,
        "prompt": None if skeleton else prompt_hash(contestant, task),
        "parameters": contestant.parameters,
        "checker": checker_version(),
        "tool": tool_version(),
    }


def signature_line(signature: Mapping[str, Any], cases: str) -> str:
    """The signature of a row in one line, in the manner of sacrebleu."""
    parameters = ",".join(f"{k}={v}" for k, v in sorted(signature["parameters"].items())) or "default"
    return (
        f"cases:{cases}|model:{signature['model']}|prompt:{signature['prompt'] or 'none'}"
        f"|parameters:{parameters}|checker:{signature['checker']}|poa:{signature['tool']}"
    )


@cache
def tool_version() -> str:
    """The program's version."""
    try:
        return version("poa-draft")
    except PackageNotFoundError:
        return "unknown"
