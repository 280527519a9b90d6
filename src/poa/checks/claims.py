"""What writers like to add: a warning, a record, a test, a confirmation, a circumstance that excuses."""

from __future__ import annotations

from collections.abc import Iterable

from poa.checks.base import Context, Finding, finding
from poa.checks.lexicon import Claim, find_claims
from poa.checks.needs import Need
from poa.checks.reading import stand_close
from poa.checks.wording import items_near, sentence_kinds

__all__ = ["Claims"]


class Claims:
    """Typical additions, which only the facts' own words support: their synonyms would excuse too much."""

    codes = ("invented_claim",)

    def run(self, context: Context) -> Iterable[Finding]:
        """One finding for the first such addition of each sentence."""
        for n, sentence in context.prose():
            found = find_claims(sentence.body.lowered)
            if not found:
                continue
            kinds = sentence_kinds(context, n) | {
                context.needs[item].item.kind for item in context.matching.items_of[n][:1]
            }
            beside = tuple(items_near(context, n))
            for first, last, claim in found:
                if "any" not in claim.where and not claim.where & kinds:
                    continue
                if not stand_close(sentence.body.words, first, last, sentence.text):
                    continue
                if any(_supports(need, claim) for need in beside):
                    continue
                words = sentence.body.words[first:last]
                at = (sentence.start + words[0].start, sentence.start + words[-1].end)
                item = context.matching.items_of[n][0] if context.matching.items_of[n] else None
                said = sentence.text[words[0].start : words[-1].end]
                yield finding("invented_claim", "invented_claim", item, at, rule="claim", said=said)
                break


def _supports(need: Need, claim: Claim) -> bool:
    """Whether the item's own words hold one that supports the claim; titles of its evidence and quotations count."""
    texts = (d.text for d in need.item.details if d.name in ("evidence", "quote", "title"))
    words = (*need.lowered, *(word for text in texts for word in text.lower().split()))
    return any(word.startswith(claim.support) for word in words)
