"""What an endpoint has been found to take, remembered so that it is found out once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from poa.models.folders import cache_dir, write_atomically

__all__ = ["Abilities", "recall", "remember"]

# Endpoints learn: what was refused a month ago is tried again.
_FORGET_AFTER_S = 30 * 24 * 3600
_FORMATS = ("json_schema", "json_object", "text")


@dataclass(frozen=True)
class Abilities:
    """The most that an endpoint takes: the reply format, and the parameters by the names it knows."""

    response_format: str = "json_schema"
    max_tokens: str = "max_tokens"
    temperature: bool = True
    seed: bool = True

    def without(self, complaint: str) -> Abilities | None:
        """What is left to ask for after the endpoint's complaint; None when nothing more can be left out.

        A complaint that names a parameter drops that parameter; any other complaint about the request is
        laid to the reply format, the part of the protocol that servers differ in most.
        """
        text = complaint.lower()
        if "max_completion_tokens" in text and self.max_tokens == "max_tokens":
            return replace(self, max_tokens="max_completion_tokens")
        if re.search(r"max_(completion_)?tokens", text) and self.max_tokens:
            return replace(self, max_tokens="")
        if "temperature" in text and self.temperature:
            return replace(self, temperature=False)
        if re.search(r"\bseed\b", text) and self.seed:
            return replace(self, seed=False)
        if self.response_format != _FORMATS[-1]:
            return replace(self, response_format=_FORMATS[_FORMATS.index(self.response_format) + 1])
        return None


def recall(base_url: str, model: str) -> Abilities:
    """What was found out about the model at the endpoint; everything is tried where nothing was."""
    known = _read().get(_endpoint(base_url, model))
    if known is None:
        return Abilities()
    response_format = known.get("response_format")
    return Abilities(
        response_format=response_format if response_format in _FORMATS else _FORMATS[0],
        max_tokens=known["max_tokens"]
        if known.get("max_tokens") in ("max_completion_tokens", "")
        else "max_tokens",
        temperature=known.get("temperature") is not False,
        seed=known.get("seed") is not False,
    )


def remember(base_url: str, model: str, abilities: Abilities) -> None:
    """Keeps the finding for the next run; a folder that cannot be written costs the next run one request."""
    known = _read()
    known[_endpoint(base_url, model)] = {**asdict(abilities), "found": int(time.time())}
    with contextlib.suppress(OSError):
        write_atomically(cache_dir() / "endpoints.json", json.dumps(known, indent=1) + "\n")


def _endpoint(base_url: str, model: str) -> str:
    # A hash: an address may hold a name or a password, and neither belongs into a cache file.
    return hashlib.sha256(f"{base_url}\n{model}".encode()).hexdigest()[:24]


def _read() -> dict[str, dict[str, Any]]:
    try:
        known = json.loads((cache_dir() / "endpoints.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    oldest = time.time() - _FORGET_AFTER_S
    return {
        str(endpoint): found
        for endpoint, found in known.items()
        if isinstance(found, dict) and isinstance(found.get("found"), int) and found["found"] >= oldest
    }
