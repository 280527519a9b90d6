"""What belongs to what: values and parties that stand in each other's place, and deeds told of another doer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from poa.rewrite.checks.base import RewriteFinding
from poa.rewrite.figures import IDENTIFIERS
from poa.rewrite.names import role_words
from poa.rewrite.parties import Mention, chinese_mentions, english_mentions, same_party
from poa.rewrite.reading import Reading
from poa.rewrite.words import free_stems

__all__ = ["biddings_kept", "doers_kept", "parties_not_exchanged", "places_kept", "relatives_kept"]


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
        if doer is None or not doer.key.startswith(("person:", "kin:")):
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
            if following and following.key.startswith(("person:", "kin:")):
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


_TOLD_US = re.compile(
    r"(?:告诉|通知|提醒|警告|回复|联系|告知|答复|投诉|询问|找)(?:过|了|到)?(?:我们|我司|我方|我(?![们司方店家爸妈姐妹哥弟的老]))"
)
# 我们把店铺交给代运营做: whom a deed is left to does it.
_CAUSES = re.compile("让|请|叫|给|由|被|要求|委托|安排|允许|同意")
_WE_TOLD = re.compile(
    r"\b(?:we|I)\s+(?:(?:have|had|also|then|never|did|not|once|already|\w+ly)\s+)*(?:told|tell|notified|notify|informed|inform|reminded|remind|warned|warn|answered|answer|replied|reply|contacted|contact|approached|complained|asked)\b",
    re.IGNORECASE,
)


def parties_not_exchanged(reading: Reading) -> Iterator[RewriteFinding]:
    """Doer and done-to of one deed exchanged: "we told Portway" for 他们告诉过我们, "operations read" for 客服看到."""
    chinese = chinese_mentions(reading)
    english = english_mentions(reading, chinese)
    for number, clause in enumerate(reading.zh_clauses):
        row = reading.nearness[number]
        best = reading.en_clauses[row.index(max(row))] if row else None
        told = _TOLD_US.search(reading.plain, clause.start, clause.end)
        ours = re.search(r"我[们司方]?", reading.plain[clause.start : told.start()]) if told else None
        said = _WE_TOLD.search(reading.en, best.start, best.end) if best and told and not ours else None
        if said and best and not re.search(r"\bus\b", reading.en[said.end() : best.end], re.IGNORECASE):
            yield _exchanged(reading, said.start(), said.end(), clause.start, clause.end)
            continue
        doer = _chinese_doer(reading, clause.start, clause.end, chinese)
        others = {m.key for m in chinese if doer and doer.end <= m.start < clause.end} - {
            doer.key if doer else ""
        }
        if doer is None or len(others) != 1 or _CAUSES.search(reading.plain, doer.end, clause.end):
            continue
        turned = _turned_doer(reading, clause.start, clause.end, doer, next(iter(others)), english)
        if turned:
            yield _exchanged(reading, turned.start, turned.end, clause.start, clause.end)


def _turned_doer(
    reading: Reading, start: int, end: int, doer: Mention, other: str, english: tuple[Mention, ...]
) -> Mention | None:
    """The English mention of `other` that does what the Chinese has `doer` do to it, with the doer named behind."""
    sentence = reading.zh_sentence_at(start)
    kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
    near = {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
    cores = [t.core for t in reading.terms if doer.end <= t.start < end]
    found: Mention | None = None
    for w, token in enumerate(reading.words):
        k = reading.en_clause_of(token.start)
        if k is None or token.stem in free_stems() or not any(token.stem in core for core in cores):
            continue
        clause = reading.en_clauses[k]
        if clause.sentence not in near:
            continue
        said = _english_doer(reading, w, english)
        if said is None or said.start > token.start:
            continue
        if said.key == doer.key:
            return None
        stop = reading.en_sentences[clause.sentence - 1][1]
        behind = any(m.key == doer.key and token.end < m.start < min(stop, token.end + 60) for m in english)
        if doer.key == "role:us":
            behind = bool(re.search(r"\b(?:us|our)\b", reading.en[token.end : clause.end], re.IGNORECASE))
        if said.key == other and behind:
            found = found or said
    return found


def _exchanged(reading: Reading, start: int, end: int, zh_start: int, zh_end: int) -> RewriteFinding:
    said, told = reading.en[start:end], reading.zh[zh_start:zh_end].strip()
    return RewriteFinding(
        "changed_role",
        f"“{said}”: the Chinese has it the other way round (“{told}”).",
        f"“{said}”:中文里是反过来的(“{told}”)。",
        start,
        end,
        zh_start,
        zh_end,
        rule="exchanged",
    )


def _may_be(doer: Mention, said: Mention) -> bool:
    """Whether an English doer may be the Chinese one under another word: our owner, or we, for 周文斌."""
    kinds = {doer.key.partition(":")[0], said.key.partition(":")[0]}
    return kinds not in ({"person"}, {"kin"})


_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their|who|whose|whom)\b", re.IGNORECASE)


def relatives_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """One relative or named person in another's place: "my cousin noticed" for 我爸发现.

    The English clause has to be the Chinese one's beyond doubt, and the two parties two people for certain: each
    with a tie of its own, or each with a name.
    """
    chinese = chinese_mentions(reading)
    english = english_mentions(reading, chinese)
    one = same_party(chinese, reading.plain)
    for k, clause in enumerate(reading.en_clauses):
        here = [m for m in english if clause.start <= m.start < clause.end and _is_someone(m)]
        likely = reading.counterparts(k, 0.999)[:1]
        if not here or not likely or reading.nearness[likely[0]][k] < 0.9:
            continue
        start, end = reading.en_sentences[clause.sentence - 1]
        zh = reading.zh_clauses[likely[0]]
        told = [m for m in chinese if reading.zh_sentence_at(m.start) == zh.sentence and _is_someone(m)]
        # Where the whole sentence is that of the Chinese, whoever it names there may be meant.
        whole = all(
            reading.zh_clauses[found[0]].sentence == zh.sentence
            for j, other in enumerate(reading.en_clauses)
            if other.sentence == clause.sentence and (found := reading.counterparts(j, 0.999)[:1])
        )
        named = [m for m in told if whole or zh.start <= m.start < zh.end]
        said = {m.key for m in english if start <= m.start < end}
        for mention in here:
            own = one.get(mention.key, frozenset({mention.key}))
            surnames = {key.partition(":")[2][:1] for key in own if key.startswith("person:")}
            if any(f"姓{char}" in reading.plain for char in surnames):
                continue  # 对接人姓邓: the name stands for whom the Chinese only tells by what he is
            if own & {m.key for m in told} or _PRONOUN.search(
                reading.en, start, end if mention.key == "kin:self" else mention.start
            ):
                continue
            by = next((m for m in named if not one[m.key] & said and m.key != "kin:self"), None)
            if by:
                yield RewriteFinding(
                    "changed_role",
                    f"The Chinese says this of “{by.text}” (“{zh.text.strip()}”), the English of “{mention.text}”.",
                    f"中文说的是“{by.text}”(“{zh.text.strip()}”),英文写成了“{mention.text}”。",
                    mention.start,
                    mention.end,
                    zh.start,
                    zh.end,
                    rule="relative",
                )
                return


def _is_someone(mention: Mention) -> bool:
    return mention.key.startswith(("person:", "kin:"))


_ZH_BIDS = re.compile(
    r"(?:就|便|又|才|还|后来|当时|专门|曾|也|都|把|已经)*(?:叫|让|请|要求|安排|派|吩咐|指示|催|劝|逼|托|委托|通知|告诉|问过?)了?$"
)
_EN_BIDS = re.compile(
    r"\s*(?:(?:had|then|therefore|also|once|later|has|so|simply)\s+)*(?:told|asked|instructed|had|got|requested|ordered|directed|informed|urged|persuaded|wanted|made|let|arranged for|notified|commissioned)\s+(?:(?:the|our|a|an|his|her|its|their)\s+)?$",
    re.IGNORECASE,
)
_ME = re.compile(r"\b(?:me|us)\b")


def biddings_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Who told whom, turned round: "Xiao Zheng told me to look" for 我叫小郑去找."""
    chinese = chinese_mentions(reading)
    english = english_mentions(reading, chinese)
    english += tuple(
        Mention("kin:self" if m[0] == "me" else "role:us", m[0], m.start(), m.end())
        for m in _ME.finditer(reading.en)
    )
    english = tuple(sorted(english, key=lambda m: m.start))
    one = same_party(chinese, reading.plain)

    def same(a: str, b: str) -> bool:
        ours = {"kin:self", "role:us"}
        return a == b or b in one.get(a, ()) or {a, b} <= ours

    for a, b in pairwise(chinese):
        if not _ZH_BIDS.fullmatch(reading.plain, a.end, b.start):
            continue
        sentence = reading.zh_sentence_at(a.start)
        kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
        near = {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
        for x, y in pairwise(english):
            k = reading.en_clause_of(x.start)
            if (
                k is None
                or reading.en_clauses[k].sentence not in near
                or not _EN_BIDS.fullmatch(reading.en, x.end, y.start)
            ):
                continue
            if same(x.key, b.key) and same(y.key, a.key) and not same(a.key, b.key):
                yield RewriteFinding(
                    "changed_role",
                    f"In the Chinese “{a.text}” bids “{b.text}” (“{reading.zh[a.start : b.end]}”); the English has it the other way round.",
                    f"中文是“{reading.zh[a.start : b.end]}”,英文说反了。",
                    x.start,
                    y.end,
                    a.start,
                    b.end,
                    rule="bidding",
                )
                return
