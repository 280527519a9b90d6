"""What belongs to what: values and parties that stand in each other's place, and deeds told of another doer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.figures import IDENTIFIERS
from poa.rewrite.names import role_words
from poa.rewrite.parties import Mention, chinese_mentions, english_mentions
from poa.rewrite.reading import Reading
from poa.rewrite.words import free_stems

__all__ = ["doers_kept", "places_kept"]


@dataclass(frozen=True)
class _Thing:
    """A value or a party with every place where it stands in either text."""

    kind: str
    key: str
    zh: tuple[tuple[int, int], ...]
    en: tuple[tuple[int, int], ...]


def places_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Two things of one kind that have changed places: each stands with what the Chinese says of the other.

    What is said of a thing are the words, values and names of its own stretch of the Chinese sentence that do not
    stand in the other's. In the English each of them votes for the thing whose stretch it stands in.
    """
    things = _things(reading)
    for a, b in combinations(things, 2):
        if a.kind != b.kind:
            continue
        for here in a.zh:
            for there in b.zh:
                if reading.zh_sentence_at(here[0]) != reading.zh_sentence_at(there[0]):
                    continue
                found = _changed_places(reading, things, a, b, here, there)
                if found:
                    yield found
                    return


def _things(reading: Reading) -> tuple[_Thing, ...]:
    things: list[_Thing] = []
    told: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for z in reading.zh_figures:
        if not z.optional and z.canonical != "1" and z.kind not in ("ordinal", "frequency", "time"):
            kind = (
                "id"
                if z.kind in IDENTIFIERS
                else "amount"
                if z.kind in ("number", "money", "percent", "duration")
                else z.kind
            )
            told.setdefault((kind, f"{z.kind} {z.canonical}"), []).append((z.start, z.end))
    for (kind, key), places in told.items():
        one = next(
            z for z in reading.zh_figures if z.start == places[0][0] and f"{z.kind} {z.canonical}" == key
        )
        said = tuple((e.start, e.end) for e in reading.en_figures if reading.same(one, e))
        if said:
            things.append(_Thing(kind, key, tuple(places), said))
    chinese = chinese_mentions(reading)
    english = english_mentions(reading, chinese)
    for key in dict.fromkeys(m.key for m in chinese):
        en = tuple((m.start, m.end) for m in english if m.key == key)
        if en:
            things.append(_Thing("party", key, tuple((m.start, m.end) for m in chinese if m.key == key), en))
    return tuple(things)


_ZH_CELL = re.compile(r"[，。；：！？,;:!?\n、（）()]")
_EN_CELL = re.compile(
    r"[,;:()—\n]|\s(?:and|but|while|whereas|or|nor|then|although|though|plus|with the other)\s|(?<=[.!?])\s",
    re.IGNORECASE,
)


def _cell(text: str, at: int, cuts: re.Pattern[str]) -> tuple[int, int]:
    """The stretch of a text around a place, to the next cut on both sides; a comma within a number cuts nothing."""
    start, end = 0, len(text)
    for m in cuts.finditer(text):
        if (
            m.start()
            and m.end() < len(text)
            and text[m.start() - 1].isdigit()
            and text[m.end()].isdigit()
            and m[0] in ",:"
        ):
            continue
        if m.end() <= at:
            start = m.end()
        elif m.start() > at:
            end = m.start()
            break
    return start, end


def _changed_places(
    reading: Reading,
    things: tuple[_Thing, ...],
    a: _Thing,
    b: _Thing,
    here: tuple[int, int],
    there: tuple[int, int],
) -> RewriteFinding | None:
    cell_a, cell_b = _cell(reading.plain, here[0], _ZH_CELL), _cell(reading.plain, there[0], _ZH_CELL)
    if cell_a == cell_b:
        return None
    sentence = reading.zh_sentence_at(here[0])
    kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
    near = {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
    spans = [span for n, span in enumerate(reading.en_sentences, start=1) if n in near]

    def inside(at: int) -> bool:
        return any(s <= at < e for s, e in spans)

    en_a = [p for p in a.en if inside(p[0])]
    en_b = [p for p in b.en if inside(p[0])]
    if len(en_a) != 1 or len(en_b) != 1:
        return None
    own = _anchors(reading, things, cell_a, (a, b))
    other = _anchors(reading, things, cell_b, (a, b))
    straight = crossed_a = crossed_b = 0.0
    for anchors, excluded, mine in ((own, other, True), (other, own, False)):
        for key, (weight, stems, places) in anchors.items():
            if key in excluded or (stems and any(stems & s for _, s, _ in excluded.values())):
                continue
            at = [p for p in places if inside(p)] or [
                t.start for t in reading.words if t.stem in stems and inside(t.start)
            ]
            votes = {_vote(reading, p, en_a[0], en_b[0]) for p in at} - {0}
            if len(votes) != 1:
                continue
            vote = votes.pop()
            if (vote > 0) == mine:
                straight += weight
            elif mine:
                crossed_a += weight
            else:
                crossed_b += weight
    crossed = crossed_a + crossed_b
    # Who is spoken of moves about more freely than a number: all there is has to stand with the other.
    if a.kind == "party" and (straight or min(crossed_a, crossed_b) < 1.0):
        return None
    if (min(crossed_a, crossed_b) >= 0.7 and straight <= 0.3 * crossed) or (
        crossed >= 2.4 and straight == 0.0
    ):
        return RewriteFinding(
            "swapped_values" if a.kind != "party" else "changed_role",
            f"“{reading.en[slice(*en_a[0])]}” and “{reading.en[slice(*en_b[0])]}” have changed places: each stands with what the Chinese says of the other (“{reading.zh[slice(*cell_a)].strip()}”).",
            f"“{reading.en[slice(*en_a[0])]}”和“{reading.en[slice(*en_b[0])]}”的位置对调了(“{reading.zh[slice(*cell_a)].strip()}”)。",
            *en_a[0],
            *here,
            rule=f"places_{a.kind}",
        )
    return None


def _anchors(
    reading: Reading, things: tuple[_Thing, ...], cell: tuple[int, int], without: tuple[_Thing, _Thing]
) -> dict[str, tuple[float, frozenset[str], tuple[int, ...]]]:
    """What stands in a stretch of the Chinese besides the two things: key → weight, English stems, English places."""
    found: dict[str, tuple[float, frozenset[str], tuple[int, ...]]] = {}
    free = free_stems()
    for t in reading.terms:
        if cell[0] <= t.start < cell[1] and t.core - free:
            weight = 1.0 if t.weight >= 0.7 else 0.5
            found[t.text] = (weight, t.core - free, ())
    for thing in things:
        if thing in without or (thing.kind == "party" and thing.key == "role:us"):
            continue
        if any(cell[0] <= s < cell[1] for s, _ in thing.zh):
            found[thing.key] = (1.0, frozenset(), tuple(s for s, _ in thing.en))
    return found


def _vote(reading: Reading, at: int, a: tuple[int, int], b: tuple[int, int]) -> int:
    """1 when an English place belongs to `a`, -1 when to `b`, 0 when that does not show."""
    start, end = _cell(reading.en, at, _EN_CELL)
    has_a, has_b = start <= a[0] < end, start <= b[0] < end
    if has_a != has_b:
        return 1 if has_a else -1
    return 0


# --- doers

_ZH_LEAD = re.compile(
    r"(?:但是?|可是|而且|后来|当时|然后|所以|因为|由于|其实|结果|于是|同时|另外|此后|之后|现在|目前|随后|最后|比如|例如|不过|而|并且|都|也|就|又|还|再|先|是|由|被|说是|这次|那次|原来|事后|事先|确实|虽然|如果|只要|每次|有)+"
)
_OBJECT_BEHIND = re.compile(
    r"(?:的|和|跟|与|、|那边|这边|号|电脑|群|内部|名义|账号|账户|网络|规定|地址|宽带|办公|律师|法务|财务|仓|客服|老板|名下|这里|里|方面|成立|数量|信用卡)"
)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|be|is|are|got)\s+(?:\w+ly\s+|not\s+|never\s+|also\s+|all\s+|then\s+|later\s+)*$",
    re.IGNORECASE,
)
_OBLIQUE = re.compile(
    r"\b(?:of|to|from|with|by|for|in|on|through|via|at|between|among|about|against|behind|than|including|as|like|'s|’s|told|asked|requested|instructed|had|let|informed|notified|contacted|reimbursed|repaid|paid|gave|sent|added|met|called|named)\s+(?:(?:the|our|a|an|some|these|those|all|any|other|their|his|her|its|\d+|\w+ly)\s+)*$",
    re.IGNORECASE,
)


def doers_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Deeds that the English tells of another doer than the Chinese names at the head of its clause."""
    chinese = chinese_mentions(reading)
    english = english_mentions(reading, chinese)
    for clause in reading.zh_clauses:
        doer = _chinese_doer(reading, clause.start, clause.end, chinese)
        # Only of two named persons is it certain that one is not the other under some other word.
        if doer is None or not doer.key.startswith("person:"):
            continue
        if re.search("[不没未]", reading.plain[doer.end : clause.end]):
            continue  # 陈嘉怡已经不管运营了 is told by who runs it now
        kin = {e: share for (z, e), share in reading.kinship.items() if z == clause.sentence}
        near = {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
        # Behind the next party another may do what is said: 把买家退回来的帐篷擦一擦.
        until = next((m.start for m in chinese if doer.end < m.start < clause.end), clause.end)
        verdicts: list[tuple[Mention, int]] = []
        agreed = False
        for term in reading.terms:
            if not (doer.end <= term.start < until) or not term.core:
                continue
            for w, token in enumerate(reading.words):
                if token.stem not in term.core or token.stem in free_stems():
                    continue
                k = reading.en_clause_of(token.start)
                if k is None or reading.en_clauses[k].sentence not in near:
                    continue
                said = _english_doer(reading, w, english)
                if said is None:
                    continue
                if said.key == doer.key or _may_be(doer, said):
                    agreed = True
                else:
                    verdicts.append((said, k))
        if verdicts and not agreed and len(verdicts) >= 1:
            said, k = verdicts[0]
            if any(
                m.key == doer.key
                for m in english
                if reading.en_clauses[k].start <= m.start < reading.en_clauses[k].end
            ):
                continue
            yield RewriteFinding(
                "changed_role",
                f"In the Chinese “{doer.text}” does this (“{clause.text.strip()}”), in the English “{said.text}”.",
                f"中文里是“{doer.text}”做的(“{clause.text.strip()}”),英文写成了“{said.text}”。",
                said.start,
                said.end,
                clause.start,
                clause.end,
                rule="doer",
            )


def _chinese_doer(reading: Reading, start: int, end: int, mentions: tuple[Mention, ...]) -> Mention | None:
    """The party at the head of a Chinese clause; None when none stands there or it only owns or accompanies."""
    at = start
    while at < end:
        figure = next((f for f in reading.zh_figures if f.start <= at < f.end), None)
        lead = _ZH_LEAD.match(reading.plain, at, end)
        here = next((m for m in mentions if m.start == at), None)
        if here:
            following = next((m for m in mentions if m.start == here.end), None)
            if following and following.key.startswith("person:"):
                here = following
            if here.end >= end or _OBJECT_BEHIND.match(reading.plain, here.end):
                return None
            return here
        if figure and figure.kind in ("date", "time"):
            at = figure.end
        elif lead:
            at = lead.end()
        elif work := max((w for w in role_words() if reading.plain.startswith(w, at)), key=len, default=""):
            at += len(work)
        elif reading.plain[at] in " 起，“起末初前后":
            at += 1
        else:
            return None
    return None


def _english_doer(reading: Reading, word: int, mentions: tuple[Mention, ...]) -> Mention | None:
    """The party that does what an English verb says; None when a pronoun, nobody or a long way stands between."""
    token = reading.words[word]
    k = reading.en_clause_of(token.start)
    if k is None:
        return None
    clause = reading.en_clauses[k]
    if not re.search(r"(?:ed|s|en|t|ght|d|w|k|n|e)$", token.text):
        return None
    if _PASSIVE.search(reading.en, clause.start, token.start):
        by = re.match(r"[^.;]{0,60}?\bby\s+(?:the\s+|our\s+|an?\s+)?", reading.en[token.end :])
        if not by:
            return None
        at = token.end + by.end()
        return next((m for m in mentions if abs(m.start - at) <= 5), None)
    lead = re.match(
        r"\W*(?:(?:and|but|that|which|because|when|while|although|so|then|however|whereas|after|before|in the end|later|also)\b,?\s*)*(?:(?:the|our|a|an|its|their)\s+)?",
        clause.text,
        re.IGNORECASE,
    )
    at = clause.start + (lead.end() if lead else 0)
    head = next((m for m in mentions if abs(m.start - at) <= 4 and m.start >= clause.start), None)
    if head is None or token.start - head.end > 45 or reading.en[head.end : head.end + 2] in ("'s", "’s"):
        return None
    between = reading.en[head.end : token.start]
    # Only the words that lead to the verb may stand between: "also twice", "had already".
    if not re.fullmatch(
        r"\s+(?:(?:also|then|later|twice|once|first|already|himself|herself|itself|themselves|ourselves|subsequently|only|simply|had|has|have|did|do|not|never|will|would|can|could|then|again|still|in turn|actually|initially|\w+ly)\s+)*",
        between,
    ):
        return None
    return None if _OBLIQUE.search(reading.en, max(0, head.start - 30), head.start) else head


def _may_be(doer: Mention, said: Mention) -> bool:
    """Whether an English doer may be the Chinese one under another word: our owner, or we, for 周文斌."""
    kinds = {doer.key.partition(":")[0], said.key.partition(":")[0]}
    return kinds != {"person"}
