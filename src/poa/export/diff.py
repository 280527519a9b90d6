"""Two letters side by side as a page: what the second lost, item by item, with the check's verdict on both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from poa.export.web import (
    anchor,
    asset,
    escape,
    lines,
    markup,
    pair,
    policy_hash,
    say,
    template,
    visible,
    words_for,
)

if TYPE_CHECKING:
    from markupsafe import Markup

    from poa.checks import Finding
    from poa.export.compare import Comparison
    from poa.export.proof import Proof
    from poa.export.wording import Change

__all__ = ["render_diff"]


def render_diff(comparison: Comparison, names: tuple[str, str]) -> str:
    """The comparison as one HTML document: no network, no framework; `names` are what the letters are called."""
    before, after = comparison.before, comparison.after
    style, script = asset("review.css") + asset("diff.css"), asset("page.js")
    tone, verdict, following = _verdict(comparison)
    numbers = {shown.id: n for n, shown in enumerate(comparison.pairs, 1)}
    page: str = template("diff.html").render(
        style=markup(style),
        script=markup(script),
        style_hash=policy_hash(style),
        script_hash=policy_hash(script),
        store=after.case.seller.store_name or before.case.seller.store_name or "",
        tone=tone,
        verdict=verdict,
        verdict_next=following,
        counts=_counts(comparison),
        sides=(("A", before, names[0]), ("B", after, names[1])),
        runs=_runs(comparison),
        numbers=numbers,
        chinese=_chinese(comparison),
        found_before=_messages(before),
        found=_messages(after),
        loose=comparison.loose,
        loose_findings=[_message(found) for found in comparison.loose_findings],
        marked=_marked,
        say=say,
        pair=pair,
        lines=lines,
        anchor=anchor,
        one=words_for,
    )
    return page


def _verdict(comparison: Comparison) -> tuple[str, Markup, Markup]:
    lost, errors = len(comparison.lost), comparison.after.errors
    if lost:
        return "bad", say("diff_verdict_lost", n=lost), say("diff_verdict_lost_next")
    if errors:
        return "bad", say("diff_verdict_fails"), say("diff_verdict_fails_next", n=errors)
    if comparison.won:
        return "good", say("diff_verdict_won", n=len(comparison.won)), say("diff_verdict_fine_next")
    if comparison.after.findings:
        return "look", say("diff_verdict_fine"), say("diff_verdict_look", n=len(comparison.after.findings))
    return "good", say("diff_verdict_fine"), say("diff_verdict_fine_next")


def _counts(comparison: Comparison) -> list[tuple[str, int, str]]:
    """How many items came to which verdict, and the first of them."""
    counts = []
    for verdict in ("lost", "won", "changed", "same"):
        ids = [shown.id for shown in comparison.pairs if shown.verdict == verdict and not shown.open]
        # What is the same lies folded away: a link into it would lead nowhere.
        counts.append((verdict, len(ids), ids[0] if ids and verdict != "same" else ""))
    still = [shown.id for shown in comparison.pairs if shown.open]
    return [*counts, ("open", len(still), still[0])] if still else counts


def _runs(comparison: Comparison) -> list[dict[str, Any]]:
    """The pairs in the letter's order; those that stayed the same and whole are folded together."""
    items = (*comparison.before.items, *comparison.after.items)
    sections = {item.item.id: item.item.section for item in items}
    titles = {**comparison.before.titles, **comparison.after.titles}
    runs: list[dict[str, Any]] = []
    titled = ""
    for same, pairs in groupby(
        comparison.pairs, key=lambda shown: shown.verdict == "same" and not shown.open
    ):
        if same:
            runs.append({"same": True, "pairs": tuple(pairs), "title": "", "title_zh": ""})
            continue
        for section, changed in groupby(pairs, key=lambda shown: sections[shown.id]):
            english, chinese = titles.get(section, ("", "")) if section != titled else ("", "")
            titled = section
            runs.append({"same": False, "pairs": tuple(changed), "title": english, "title_zh": chinese})
    return runs


def _chinese(comparison: Comparison) -> dict[str, str]:
    """What each item must say, in Chinese; the second letter's facts go before the first's."""
    proofs = (comparison.before, comparison.after)
    return {item.item.id: item.chinese for proof in proofs for item in proof.items}


def _messages(proof: Proof) -> dict[str, list[Markup]]:
    """The findings on each item; those of an item that only the other letter has are empty."""
    return _Messages(
        {item.item.id: [_message(proof.findings[n]) for n in item.findings] for item in proof.items}
    )


class _Messages(dict[str, "list[Markup]"]):
    def __missing__(self, key: str) -> list[Markup]:
        return []


def _message(found: Finding) -> Markup:
    return pair(found.message, found.message_zh)


def _marked(changes: Sequence[Change], gone: bool) -> Markup:
    """One letter's wording of an item: what only it has is marked, what only the other has is left out."""
    own, tag, told = ("gone", "del", "was") if gone else ("new", "ins", "now")
    parts = []
    for change in changes:
        words = change.text.rstrip()
        text = "<br>".join(escape(visible(line)) for line in words.split("\n"))
        if change.kind == own:
            text = f'<{tag}><span class="hush">{say(told)} </span>{text}</{tag}>'
        if change.kind in ("same", own):
            parts.append(text + change.text[len(words) :])
    return markup("".join(parts))
