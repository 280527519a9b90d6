"""Chinese to English, proved: the deterministic check of a rewriting, and the walk that makes one with a model."""

from poa.rewrite.check import RewriteReport, check_rewrite
from poa.rewrite.checks import RewriteFinding

__all__ = ["RewriteFinding", "RewriteReport", "check_rewrite"]
