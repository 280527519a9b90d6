"""The review page: the letter, and beside it everything a person needs to see before they sign.

One file without network, framework or outside font. Every text of the case is escaped, and the page's own
policy lets no other script or style run than those written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from poa.coverage import shortfalls
from poa.export.proof import ItemProof, Proof, Stretch, prove_draft
from poa.export.web import (
    anchor,
    asset,
    escape,
    has_words,
    lines,
    markup,
    pair,
    policy_hash,
    say,
    template,
    visible,
    words_for,
)
from poa.export.wording import changed_words
from poa.likeness import LEAST_WORDS, LIMIT, likeness_to, pack_words

if TYPE_CHECKING:
    from markupsafe import Markup

    from poa.draft import Draft
    from poa.export.previous import Against, Differing
    from poa.facts import Action, Attachment
    from poa.likeness import Other
    from poa.outline import RequiredItem

__all__ = ["load_page", "render_review", "write_review"]

# The longest shared passages that the page shows: enough to know what to reword first.
_PASSAGES = 5


def load_page() -> None:
    """Reads what every page is made of, for whoever has time to spare before the first one."""
    template("review.html")
    has_words("")


def write_review(draft: Draft, against: Against | None = None) -> str:
    """The review page of a letter that was just drafted; `against` where it answers a refused one."""
    return render_review(prove_draft(draft, against), draft.created.date())


def render_review(proof: Proof, today: dt.date, others: Sequence[Other] = ()) -> str:
    """The page as one HTML document; `today` counts the days left until a script counts them anew.

    `others` are letters that this one is held against, beside the pack's own sentences. The page says how much it
    shares with them and names none: it may be shown to a client who must not learn of another.
    """
    return _View(proof, today, others).render()


class _View:
    """The page's words and pieces, as its template asks for them."""

    def __init__(self, proof: Proof, today: dt.date, others: Sequence[Other]) -> None:
        self._proof = proof
        self._others = others
        self._today = today
        self._numbers = {item.item.id: item.number for item in proof.items}
        self._items = {item.item.id: item.item for item in proof.items}
        self._marked: set[int] = set()

    def render(self) -> str:
        """The whole page."""
        proof = self._proof
        style, script = asset("review.css"), asset("page.js") + asset("review.js")
        tone, verdict, following = self._verdict()
        seller, sending = proof.case.seller, proof.sending
        passages = [p for section in proof.sections for p in section.passages]
        page: str = template("review.html").render(
            style=markup(style),
            script=markup(script),
            style_hash=policy_hash(style),
            script_hash=policy_hash(script),
            proof=proof,
            blocks=proof.blocks,
            evidence=proof.evidence,
            groups=self._groups(),
            numbers=self._numbers,
            tone=tone,
            verdict=verdict,
            verdict_next=following,
            notes=self._notes(),
            store=seller.store_name or "",
            marketplace=sending.marketplace or "",
            received=sending.received.isoformat() if sending.received else "",
            reference=sending.reference or "",
            safe=sending.safe.isoformat() if sending.safe else "",
            days_left=sending.days_left(self._today) or 0,
            asked=proof.model != "skeleton",
            passages=len(passages),
            reworded=sum(p.reworded for p in passages),
            made_on=self._made_on(),
            differences=self._differences(),
            likeness=self._likeness(),
            compared=len(self._others),
            say=say,
            one=words_for,
            pair=pair,
            line=self._line,
            lines=lines,
            anchor=anchor,
            facts=_facts,
            field=_field,
            label=self._label,
            words_changed=changed_words,
            action_words=self._action_words,
            attachment=self._attachment,
            section_title=self._section_title,
        )
        return page

    def _verdict(self) -> tuple[str, Markup, Markup]:
        proof = self._proof
        if proof.errors:
            return "bad", say("verdict_fail"), say("verdict_fail_next", n=proof.errors)
        if proof.unanswered:
            return "look", say("verdict_demand"), say("verdict_demand_next", n=len(proof.unanswered))
        if proof.findings:
            return "look", say("verdict_ok"), say("verdict_look", n=len(proof.findings))
        return "good", say("verdict_ok"), say("verdict_ok_next")

    def _notes(self) -> list[Markup]:
        proof = self._proof
        said = {
            "note_edited": proof.edited,
            "note_facts": proof.facts_changed,
            "note_failure": proof.failure is not None,
        }
        notes = [say(key) for key, holds in said.items() if holds]
        notes += [pair(short.en, short.zh) for short in shortfalls(proof.case)]
        if proof.against is not None and proof.against.contradictions:
            notes.append(say("note_contradicts", n=proof.against.contradictions))
        if proof.against is not None and proof.against.gaps:
            notes.append(say("note_gaps", n=proof.against.gaps))
        return notes

    def _differences(self) -> list[Differing]:
        """Where the letter differs from the refused one: what must be settled first, what is only new last."""
        against = self._proof.against
        order = {"contradiction": 0, "gap": 1}
        return sorted(against.differences if against else (), key=lambda d: order.get(d.kind, 2))

    def _likeness(self) -> list[dict[str, Any]]:
        """How much of the letter stands elsewhere: its own pack first, then the likest letter of each kind."""
        proof = self._proof
        own = pack_words(proof.outline, proof.skeleton)
        found = likeness_to(proof.text, [own, *self._others])
        shown = []
        for kind in ("pack", "earlier", "other"):
            likest = next((likeness for likeness in found if likeness.other.kind == kind), None)
            if likest is not None:
                passages = [p for p in likest.passages if p.words >= LEAST_WORDS]
                shown.append(
                    {
                        "text": say(f"likeness_{kind}", share=f"{likest.share:.0%}"),
                        "too": likest.too_alike(LIMIT),
                        "share": round(100 * likest.share),
                        "passages": sorted(passages, key=lambda p: -p.words)[:_PASSAGES],
                    }
                )
        return shown

    def _groups(self) -> list[dict[str, Any]]:
        groups: dict[str, list[ItemProof]] = {}
        for item in self._proof.items:
            groups.setdefault(item.item.section, []).append(item)
        titles = self._proof.titles
        return [
            {
                "title": titles.get(name, ("", ""))[0],
                "title_zh": titles.get(name, ("", ""))[1],
                "items": items,
            }
            for name, items in groups.items()
        ]

    def _label(self, item_id: str) -> Markup:
        item = self._items.get(item_id)
        return pair(item.label_en, item.label_zh) if item else pair(item_id, item_id)

    def _section_title(self, section_id: str) -> Markup:
        english, chinese = self._proof.titles.get(section_id, ("", ""))
        if not english:
            first = next((i for i in self._items.values() if i.section == section_id), None)
            return pair(first.label_en, first.label_zh) if first else pair(section_id, section_id)
        return pair(english, chinese)

    def _action_words(self, action: Action) -> Markup:
        language = self._proof.case.language
        english = action.english("statement", language) or action.statement or action.id
        return pair(english, action.chinese("statement", language) or english)

    def _attachment(self, held: Attachment) -> Markup:
        language = self._proof.case.language
        english = held.english("title", language) or held.title or held.id
        return pair(english, held.chinese("title", language) or english)

    def _made_on(self) -> Markup:
        proof = self._proof
        cost = f", {proof.cost_usd:.4f} USD" if proof.cost_usd else ""
        when = proof.created.strftime("%Y-%m-%d %H:%M UTC")
        return say("made_on", when=when, seconds=f"{proof.seconds:.1f}", cost=cost)

    def _line(self, line: tuple[Stretch, ...]) -> Markup:
        """One line of the letter: each item's words a link to the item, its values and findings marked."""
        return markup("".join(self._stretch(stretch) for stretch in line))

    def _stretch(self, stretch: Stretch) -> str:
        inner = "".join(self._run(run.text, run.value, run.findings) for run in stretch.runs)
        number = self._numbers.get(stretch.item)
        if number is None:
            return inner
        place = anchor(stretch.item)
        name = f' id="s-{place}"' if stretch.first else ""
        told = f'<span class="hush">{say("passage_of", n=number)} </span>' if stretch.first else ""
        tag = f' data-no="{number}"' if stretch.first else ""
        item = escape(stretch.item)
        return f'<a class="say"{name}{tag} href="#i-{place}" data-item="{item}">{told}{inner}</a>'

    def _run(self, text: str, value: str, findings: tuple[int, ...]) -> str:
        shown = escape(visible(text))
        if value and text.strip():
            shown = f'<span class="value {escape(value)}">{shown}</span>'
        for n in findings:
            name = "" if n in self._marked else f' id="m-{n}"'
            self._marked.add(n)
            severity = self._proof.findings[n].severity
            shown = f'<mark class="{severity}"{name} data-finding="{n}">{shown}</mark>'
        return shown


# ---------------------------------------------------------------- pieces


def _facts(item: RequiredItem) -> list[tuple[str, str, list[Markup]]]:
    """The values that the letter must hold for the item: field, kind, and each value of that field."""
    details = [detail for detail in item.details if detail.required]
    days = {detail.name: detail.text for detail in details if detail.kind == "date"}
    one_day = "from" in days and days["from"] == days.get("to")
    fields: dict[tuple[int, str, str], list[Markup]] = {}
    for detail in details:
        if one_day and detail.name == "to":
            continue
        name = "date" if one_day and detail.name == "from" else detail.name
        shown = pair(detail.text, detail.text_zh or detail.text)
        fields.setdefault((detail.entry, name, detail.kind), []).append(shown)
    return [(name, kind, texts) for (_, name, kind), texts in fields.items()]


def _field(name: str) -> Markup:
    key = f"field_{name}"
    return say(key) if has_words(key) else pair(name.replace("_", " "), name.replace("_", " "))
