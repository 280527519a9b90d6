"""What is measured on a draft or a rewriting: each metric's name, meaning and direction, and its score.

A score that could not be had is None with the reason, and is never counted as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["METRICS", "Metric", "Score"]

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Metric:
    """A measured quantity; `primary` ones decide the verdict and are tested between models.

    `unit` is `share` for 0 to 1, else the word to print after the number.
    """

    name: str
    title: str
    meaning: str
    better: Better
    unit: str
    primary: bool = False


@dataclass(frozen=True)
class Score:
    """A metric's value on one draft with the reason for it; None is "unscored", which is not zero."""

    value: float | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """The score as it stands in a log."""
        return {"value": None if self.value is None else round(self.value, 6), "why": self.why}


_ALL = (
    Metric("passes", "Letter passes", "The finished letter passes the checker.", "higher", "share"),
    Metric(
        "first_try",
        "Reworded at first try",
        "Passages that stand in the model's own words after its first reply.",
        "higher",
        "share",
        True,
    ),
    Metric(
        "reworded",
        "Reworded in the end",
        "Passages that stand in the model's own words in the finished letter, repaired ones too.",
        "higher",
        "share",
        True,
    ),
    Metric("repaired", "After repair", "Passages that needed the second try.", "neither", "share"),
    Metric(
        "unchanged",
        "Copied",
        "Passages that the model gave back word for word as they were.",
        "lower",
        "share",
    ),
    Metric(
        "returned",
        "Returned to skeleton",
        "Passages whose words were refused, so that the skeleton's stand.",
        "lower",
        "share",
    ),
    Metric(
        "raw_items",
        "Items kept (raw)",
        "Required items whole in the model's first replies, before any repair.",
        "higher",
        "share",
        True,
    ),
    Metric(
        "raw_admissions",
        "Admissions kept (raw)",
        "Admissions whole in the model's first replies, before any repair.",
        "higher",
        "share",
    ),
    Metric(
        "raw_values",
        "Values kept (raw)",
        "Protected values that came back as often as they were sent, in the same passage.",
        "higher",
        "share",
    ),
    Metric(
        "raw_findings",
        "Findings (raw)",
        "Errors that the checker finds in the model's first replies.",
        "lower",
        "a letter",
    ),
    Metric(
        "change",
        "Really changed",
        "Share of words that differ from the skeleton's, in the finished letter.",
        "neither",
        "share",
    ),
    Metric(
        "template_likeness",
        "Template likeness",
        "Runs of five words that stand in the skeleton too.",
        "lower",
        "share",
    ),
    Metric(
        "language_faults",
        "Language faults",
        "Faults of grammar and style that Harper finds in the prose, per 100 words.",
        "lower",
        "per 100 words",
    ),
    Metric(
        "readability",
        "Reading grade",
        "Automated Readability Index of the prose: the school grade that reads it with ease.",
        "neither",
        "grade",
    ),
    Metric("length", "Length", "Words of the letter, against the skeleton's.", "neither", "times"),
    Metric("format_faults", "Format faults", "Replies that were not the JSON asked for.", "lower", "share"),
    Metric("refusals", "Refusals", "Requests that the model refused to answer.", "lower", "share"),
    Metric("failed_calls", "Failed calls", "Requests without any reply.", "lower", "share"),
    Metric("prompt_tokens", "Tokens read", "Tokens of all requests of a draft.", "lower", "tokens"),
    Metric("completion_tokens", "Tokens written", "Tokens of all replies of a draft.", "lower", "tokens"),
    Metric("cost_usd", "Cost", "US dollars a draft; cached replies at the price they had.", "lower", "USD"),
    Metric(
        "seconds",
        "Seconds",
        "Time that the model's replies of a draft took, added up; a cached reply counts as it took.",
        "lower",
        "s",
    ),
    Metric(
        "first_token_s",
        "First token",
        "Mean time to a reply's first token, where the model tells it.",
        "lower",
        "s",
    ),
    Metric("rewrite_passes", "Rewriting passes", "The rewriting passes its check.", "higher", "share", True),
    Metric("rewrite_findings", "Findings", "Errors of the rewrite check.", "lower", "a text", True),
    Metric("chrf", "chrF", "Likeness to the references by chrF (sacrebleu), 0 to 100.", "higher", "points"),
    Metric("bleu", "BLEU", "Likeness to the references by BLEU (sacrebleu), 0 to 100.", "higher", "points"),
    Metric(
        "terminology",
        "Terms hit",
        "Glossary terms of the Chinese whose English stands in the rewriting.",
        "higher",
        "share",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
