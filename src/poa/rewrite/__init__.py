"""Chinese to English, proved: the deterministic check of a rewriting, and the walk that makes one with a model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from poa.rewrite.check import RewriteReport, check_rewrite
from poa.rewrite.checks import RewriteFinding

if TYPE_CHECKING:
    from poa.rewrite.walk import Rewriting, UnfinishedRewritingError, arewrite, rewrite

__all__ = [
    "RewriteFinding",
    "RewriteReport",
    "Rewriting",
    "UnfinishedRewritingError",
    "arewrite",
    "check_rewrite",
    "rewrite",
]


def __getattr__(name: str) -> Any:
    # The walk needs a model's libraries; a check does without them.
    if name in ("Rewriting", "UnfinishedRewritingError", "arewrite", "rewrite"):
        return getattr(import_module("poa.rewrite.walk"), name)
    raise AttributeError(f"module 'poa.rewrite' has no attribute {name!r}")
