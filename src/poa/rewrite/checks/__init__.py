"""The checks of a rewriting, one family a file; a check is one function and one entry in CHECKS."""

from poa.rewrite.checks.actors import actors_kept
from poa.rewrite.checks.base import Check, RewriteFinding
from poa.rewrite.checks.bindings import (
    biddings_kept,
    doers_kept,
    parties_not_exchanged,
    places_kept,
    relatives_kept,
)
from poa.rewrite.checks.certainty import done_stays_done, nothing_hedged, scope_kept
from poa.rewrite.checks.coverage import nothing_added, nothing_dropped
from poa.rewrite.checks.polarity import denials_kept
from poa.rewrite.checks.rivals import rivals_kept
from poa.rewrite.checks.subjects import subjects_named
from poa.rewrite.checks.values import counts_kept, courses_kept, totals_kept, values_kept, values_not_swapped
from poa.rewrite.checks.wording import (
    claims_have_words,
    done_by_the_same,
    kinds_of_people_kept,
    metrics_named,
    names_kept,
    no_chinese_left,
    people_keep_their_parts,
    review_acts_kept,
    roles_kept,
)

__all__ = ["CHECKS", "Check", "RewriteFinding"]

CHECKS: tuple[Check, ...] = (
    values_kept,
    values_not_swapped,
    places_kept,
    doers_kept,
    relatives_kept,
    biddings_kept,
    courses_kept,
    counts_kept,
    totals_kept,
    names_kept,
    no_chinese_left,
    review_acts_kept,
    roles_kept,
    kinds_of_people_kept,
    people_keep_their_parts,
    metrics_named,
    rivals_kept,
    done_by_the_same,
    parties_not_exchanged,
    actors_kept,
    denials_kept,
    nothing_hedged,
    scope_kept,
    done_stays_done,
    nothing_dropped,
    nothing_added,
    claims_have_words,
    subjects_named,
)
