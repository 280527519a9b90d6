"""poa: drafts an Amazon seller's Plan of Action and proves what it says.

The public names are loaded when they are first used, so that `import poa` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poa.checks import check_letter
    from poa.draft import draft_letter
    from poa.facts import Case, load_case, parse_case
    from poa.notice import read_notice
    from poa.outline import Outline, build_outline
    from poa.rewrite import check_rewrite
    from poa.skeleton import build_skeleton

__all__ = [
    "Case",
    "Outline",
    "build_outline",
    "build_skeleton",
    "check_letter",
    "check_rewrite",
    "draft_letter",
    "load_case",
    "parse_case",
    "read_notice",
]

# Each public name and the module that defines it.
_HOMES = {
    "Case": "poa.facts",
    "Outline": "poa.outline",
    "build_outline": "poa.outline",
    "build_skeleton": "poa.skeleton",
    "check_letter": "poa.checks",
    "check_rewrite": "poa.rewrite",
    "draft_letter": "poa.draft",
    "load_case": "poa.facts",
    "parse_case": "poa.facts",
    "read_notice": "poa.notice",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'poa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
