"""What a call costs, where the price is known."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import yaml

from poa.errors import InputError
from poa.resources import read_words

__all__ = ["cost_usd"]

_SHIPPED = Path(__file__).with_name("prices.yaml")


def cost_usd(model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """The cost in US dollars, or None when no table knows the model's price.

    A user's own table (`POA_PRICES`) goes before the shipped one. Models on this machine cost nothing.
    """
    if model == "skeleton" or model.startswith(("local", "replay", "scripted")):
        return 0.0
    own = os.environ.get("POA_PRICES")
    tables = [Path(own).expanduser()] if own else []
    for prices in [*map(_read_prices, tables), _shipped_prices()]:
        # `openrouter/openai/gpt-4o` and `gpt-4o` may be listed apart: the longest name that is listed counts.
        parts = model.split("/")
        for n in range(len(parts)):
            price = prices.get("/".join(parts[n:]))
            if price is not None:
                return round((price[0] * prompt_tokens + price[1] * completion_tokens) / 1e6, 6)
    return None


@cache
def _shipped_prices() -> dict[str, tuple[float, float]]:
    return _read_prices(_SHIPPED)


def _read_prices(path: Path) -> dict[str, tuple[float, float]]:
    try:
        table = read_words(path)
        return {
            str(name): (float(price["prompt"]), float(price["completion"]))
            for name, price in table["usd_per_million_tokens"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise InputError(
            f"{path} is no price table: it needs `usd_per_million_tokens` with `prompt` and `completion`"
            " for each model, as in the table that ships with the program."
        ) from error
