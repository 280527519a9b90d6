"""Reads a performance notification without a model: violation, demands, deadline, links, IDs, how to answer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poa.notice.asked import demands_of
    from poa.notice.demands import Demand, DemandGroup
    from poa.notice.reading import Notice, read_notice, read_notice_file
    from poa.notice.suspicion import Sign
    from poa.notice.text import decode

__all__ = [
    "Demand",
    "DemandGroup",
    "Notice",
    "Sign",
    "decode",
    "demands_of",
    "read_notice",
    "read_notice_file",
]

# Each public name and the file that defines it: whoever wants the demands alone loads a half of the package.
_HOMES = {
    "Demand": "demands",
    "DemandGroup": "demands",
    "Notice": "reading",
    "Sign": "suspicion",
    "decode": "text",
    "demands_of": "asked",
    "read_notice": "reading",
    "read_notice_file": "reading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'poa.notice' has no attribute {name!r}")
    return getattr(import_module(f"poa.notice.{_HOMES[name]}"), name)
