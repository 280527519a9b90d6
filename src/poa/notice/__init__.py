"""Reads a performance notification without a model: violation, demands, deadline, links, IDs, how to answer."""

from __future__ import annotations

from poa.notice.demands import Demand, DemandGroup
from poa.notice.reading import Notice, read_notice, read_notice_file
from poa.notice.suspicion import Sign
from poa.notice.text import decode

__all__ = ["Demand", "DemandGroup", "Notice", "Sign", "decode", "read_notice", "read_notice_file"]
