"""What a run may spend: reserved before each request, so that the budget is never passed."""

from __future__ import annotations

import os
from functools import cache

from poa.errors import InputError, ModelError
from poa.evals.suite import Budget
from poa.models.base import ChatReply, ChatRequest
from poa.models.prices import cost_usd
from poa.models.tokens import count_tokens

__all__ = ["BudgetSpentError", "Purse", "price"]

# A request without a limit of its own: no section is longer.
_MOST_WRITTEN = 4096


def price(model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """What the tokens cost in US dollars; None when the model's price is not known."""
    per_million = _per_million(model, os.environ.get("POA_PRICES"))
    if per_million is None:
        return None
    return (per_million[0] * prompt_tokens + per_million[1] * completion_tokens) / 1e6


@cache
def _per_million(model: str, _table: str | None) -> tuple[float, float] | None:
    # Reading the table takes longer than all else that a request costs here.
    read, written = cost_usd(model, 1_000_000, 0), cost_usd(model, 0, 1_000_000)
    return None if read is None or written is None else (read, written)


class BudgetSpentError(ModelError):
    """A request that could pass the budget, and was therefore not sent."""


class Purse:
    """The run's money and tokens: spent, reserved for requests on their way, and left."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.spent_usd = 0.0
        self.spent_tokens = 0
        self.empty = False
        self._reserved_usd = 0.0
        self._reserved_tokens = 0

    def refuse_unpriced(self, model: str) -> None:
        """Raises `InputError` when money is limited and the model's price is not known."""
        if self.budget.usd is not None and price(model, 1, 1) is None:
            raise InputError(
                f"The price of {model} is not known, so a budget in US dollars cannot be kept: put it into a"
                " table named by POA_PRICES, or limit the tokens instead."
            )

    def reserve(self, model: str, request: ChatRequest) -> tuple[float, int]:
        """The most that the request may take, set aside; `BudgetSpentError` when it is not there."""
        if self.budget == Budget():
            return 0.0, 0
        # A quarter more: the count may be an estimate.
        read = round(sum(count_tokens(m.content).tokens + 8 for m in request.messages) * 1.25)
        written = request.max_tokens or _MOST_WRITTEN
        usd = price(model, read, written) or 0.0
        tokens = read + written
        over_usd = self.budget.usd is not None and (
            self.spent_usd + self._reserved_usd + usd > self.budget.usd and usd > 0
        )
        over_tokens = self.budget.tokens is not None and (
            self.spent_tokens + self._reserved_tokens + tokens > self.budget.tokens
        )
        if over_usd or over_tokens:
            self.empty = True
            raise BudgetSpentError(
                "The budget of the run could be passed by this request, so it was not sent: allow more in"
                " the suite, and run again to go on from here."
            )
        self._reserved_usd += usd
        self._reserved_tokens += tokens
        return usd, tokens

    def settle(self, reserved: tuple[float, int], model: str, reply: ChatReply | None) -> None:
        """Gives back what was set aside, and counts what the reply really took."""
        self._reserved_usd -= reserved[0]
        self._reserved_tokens -= reserved[1]
        if reply is not None:
            self.spent_usd += price(model, reply.prompt_tokens, reply.completion_tokens) or 0.0
            self.spent_tokens += reply.prompt_tokens + reply.completion_tokens

    @property
    def left(self) -> str:
        """What is left, in words; empty when nothing is limited."""
        parts = []
        if self.budget.usd is not None:
            parts.append(f"{max(self.budget.usd - self.spent_usd, 0):.4f} USD left")
        if self.budget.tokens is not None:
            parts.append(f"{max(self.budget.tokens - self.spent_tokens, 0):,} tokens left")
        return ", ".join(parts)
