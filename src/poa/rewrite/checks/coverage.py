"""Omission and addition: every clause of the Chinese is said, and every claim of the English has a clause behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from poa.rewrite.checks.base import TALK, RewriteFinding, markers
from poa.rewrite.figures import Figure
from poa.rewrite.lexicon import Term
from poa.rewrite.names import latin_kept
from poa.rewrite.reading import Clause, Reading
from poa.rewrite.words import Token, free_stems, near_stems, paraphrase_stems, stem

__all__ = ["EVERYTHING", "nothing_added", "nothing_dropped", "spare_around"]


def nothing_dropped(reading: Reading) -> Iterator[RewriteFinding]:
    """Clauses of the Chinese that no stretch of the English says, and telling words that it leaves out."""
    said = {n for n in set(reading.matching.values()) if reading.strength(n) > 0.5}
    anywhere = {t.stem for t in reading.words}
    admissions = frozenset(markers()["admissions"])
    numbers = {id(t): n for n, t in enumerate(reading.terms)}
    rows = zip(reading.zh_clauses, reading.clause_terms, reading.clause_figures, strict=True)
    for number, (clause, terms, figures) in enumerate(rows):
        if _GREETING.fullmatch(clause.text.strip()) or TALK.search(clause.text):
            continue
        first, last, _ = reading.regions(number, 6)
        # 别的 may be "other": a word of grammar stands for a term only where its clause is said.
        row = reading.nearness[number]
        near = [k for k, score in enumerate(row) if score >= 0.75 * max(row)]
        where = [*reading.clause_words[first:last], *(reading.clause_words[k] for k in near)]
        nearby = {t.stem for words in where for t in words}
        grammar = nearby & free_stems()
        said |= {numbers[id(t)] for t in terms if t.weight and any(r <= grammar for r in t.renderings)}
        here = _spare(reading, row.index(max(row))) if row else set()
        said |= {numbers[id(t)] for t in terms if t.core & here and reading.strength(numbers[id(t)]) == 0.0}
        names = [
            n
            for n in reading.latin
            if clause.start <= n.start < clause.end and latin_kept(n.text, reading.en)
        ]
        kept_figures = [f for f in figures if not f.optional and _is_kept(reading, f)]
        told = {reading.terms[n].text for n in said if abs(reading.terms[n].start - clause.start) < 40}
        # The topic taken up again (账单方面, …宽带账单) is said once in English: it counts for nothing here.
        weighed = [t for t in terms if t.weight and (numbers[id(t)] in said or t.text not in told)]
        total = sum(t.weight for t in weighed)
        unsaid = [t for t in weighed if numbers[id(t)] not in said]
        gone = [t for t in unsaid if t.weight >= 0.7 and not _might_stand(t, anywhere)]
        got = total - sum(t.weight for t in unsaid) + 0.8 * len(kept_figures) + 0.4 * len(names)
        own_near = [k for k in near if reading.counterparts(k, 0.999)[:1] == (number,)]
        strange = _strange_words(reading, own_near) + _orphans(reading, near)
        got += strange
        got += 0.3 * sum(1 for t in terms if not t.weight and numbers[id(t)] in said)
        lost = sum(t.weight for t in unsaid) - strange
        gone = gone if sum(t.weight for t in gone) > strange else []
        whole = total + 0.8 * sum(1 for f in figures if not f.optional) + 0.4 * len(names)
        close = {t.stem for k in near for t in reading.clause_words[k]} if max(row) >= 0.3 else set()
        owned = [t for t in unsaid if t.text in admissions and not _might_stand(t, close)]
        if owned and _owned_less(reading, admissions):
            yield RewriteFinding(
                "dropped_admission",
                f"The Chinese owns the fault (“{clause.text.strip()}”); the English no longer does.",
                f"中文承认了责任(“{clause.text.strip()}”),英文没有。",
                zh_start=clause.start,
                zh_end=clause.end,
            )
            continue
        if (
            total >= 1.0
            and not (own_near and _in_own_words(got, lost, strange))
            # Of a word that only the dictionary knows, not all that English may say for it is known.
            and sum(1 for t in unsaid if t.weight >= 1.0 and not _might_stand(t, anywhere)) >= 2
            and got / whole < 0.34
            and not _is_title(reading, clause)
            and (
                got < 0.3 or (gone and (got / total < 0.34 or lost >= 2.0 or (lost >= 1.7 and len(gone) > 1)))
            )
        ) or (
            not names and not kept_figures and _wholly_unsaid(reading, number, spare_around(reading, number))
        ):
            shown = "、".join(t.text for t in (gone or unsaid))
            yield RewriteFinding(
                "dropped_content",
                f"The English does not say all of “{clause.text.strip()}” (not found: {shown}).",
                f"英文没有完整说出“{clause.text.strip()}”(找不到:{shown})。",
                zh_start=clause.start,
                zh_end=clause.end,
            )


def _wholly_unsaid(reading: Reading, number: int, spare: int) -> bool:
    """Whether no word of a clause has a place in the English, and too few words are left there to say it otherwise.

    `spare` counts those. A denial is asked for sooner: it is what a rewriting leaves out unseen.
    """
    clause = reading.zh_clauses[number]
    if _is_title(reading, clause) or _HEAD.match(clause.text.strip()):
        return False
    free = free_stems()
    said = reading.places_of
    kin = {e: share for (z, e), share in reading.kinship.items() if z == clause.sentence}
    near = {e for e, share in kin.items() if share >= 0.4 * max(kin.values())}
    nearby = {
        t.stem
        for en, words in zip(reading.en_clauses, reading.clause_words, strict=True)
        if en.sentence in near
        for t in words
    }
    weight = 0.0
    for n, term in enumerate(reading.terms):
        if not clause.start <= term.start < clause.end or term.weight < 0.4 or not term.core - free:
            continue
        if n in said or any(r <= free & nearby for r in term.renderings):
            return False  # 超标 may be "too much": words of grammar, which stand for no term by themselves
        if term.text in EVERYTHING:
            continue
        weight += term.weight
    denies = bool(_DENIES.search(reading.plain, clause.start, clause.end))
    return (weight >= 2.0 and spare <= 2) or (weight >= 1.4 and spare <= int(denies))


EVERYTHING = frozenset(("全部", "所有", "任何", "全都", "都", "一切"))
# 1. 货源: a heading, which names what follows.
_HEAD = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,2}[)）、.．]")
_DENIES = re.compile("没|未|不(?!过|仅|但|同|少|久|断)|无(?!论)|非(?!常|法)|从不")


def spare_around(reading: Reading, number: int) -> int:
    """How many words that claim something stand for nothing in the English sentences that may say a Chinese clause."""
    sentence = reading.zh_clauses[number].sentence
    kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
    near = {e for e, share in kin.items() if share >= 0.4 * max(kin.values())}
    content = {id(t) for t in reading.content}
    return sum(
        1
        for clause, words in zip(reading.en_clauses, reading.clause_words, strict=True)
        if clause.sentence in near
        for t in words
        if id(t) in content and reading.place[id(t)] not in reading.matching
    )


def _is_title(reading: Reading, clause: Clause) -> bool:
    """Whether a clause stands in a first line that is no sentence: 情况说明, 操纵评论 / 二次申诉要点."""
    first = reading.plain.split("\n", 1)[0]
    return clause.start < len(first) and not re.search("[。；！？]", first) and "\n" in reading.plain


def _in_own_words(got: float, lost: float, strange: float) -> bool:
    """Whether the English clause nearest to a Chinese one may say in other words what is not found of it.

    It may not where most is gone, or where two things are gone and nothing strange stands there.
    """
    return not (lost >= 2.4 or (lost >= 2.0 and not strange) or (lost >= 1.7 and got < 0.5))


def _owned_less(reading: Reading, admissions: frozenset[str]) -> bool:
    """Whether the English owns fewer faults than the Chinese, by the clauses of either that do, wherever they stand."""
    owning = frozenset(map(stem, markers()["english_admissions"]))
    told = sum(1 for terms in reading.clause_terms if any(t.text in admissions for t in terms))
    said = sum(1 for words in reading.clause_words if any(t.stem in owning for t in words))
    return said < told


def _strange_words(reading: Reading, near: list[int]) -> float:
    """How much the English clauses nearest to a Chinese one hold that no list knows.

    What neither list knows on the one side may be what is missing on the other: 先进先出 and "first in, first out".
    A word that is known, yet stands for nothing here, is half as good an explanation.
    """
    content = {id(t) for t in reading.content}
    unexplained = 0.0
    for token in (t for k in near for t in reading.clause_words[k] if id(t) in content):
        if token.stem not in reading.licensed and token.stem not in reading.lexicon.trade_stems:
            unexplained += 1.0
        elif reading.place[id(token)] not in reading.matching:
            unexplained += 0.5
    return unexplained


def _orphans(reading: Reading, near: list[int]) -> float:
    """How many stretches beside an English clause are the likeliest place of no Chinese clause at all.

    "Owing to manipulated reviews, it could no longer sell": what no list connects may say what is missing.
    """
    sentences = {reading.en_clauses[k].sentence for k in near}
    content = {id(t) for t in reading.content}
    found = 0
    for k, clause in enumerate(reading.en_clauses):
        if clause.sentence in sentences and k not in near:
            words = [t for t in reading.clause_words[k] if id(t) in content]
            claimed = any(row[k] >= 0.75 * max(row) > 0 for row in reading.nearness)
            found += bool(words) and not claimed
    return 0.3 * found


def _unsaid_nearby(reading: Reading, en_clause: int) -> float:
    """How much the Chinese clauses that an English one stands for hold that no English word was found for.

    A dictionary word unsaid may well be what a strange English word says; one of the trade's own list, whose
    renderings are known, hardly.
    """
    said = set(reading.matching.values())
    budget = 0.0
    for number in reading.counterparts(en_clause, 0.6)[:2]:
        clause = reading.zh_clauses[number]
        row = reading.nearness[number]
        best = reading.en_clauses[row.index(max(row))]
        own = row[en_clause] >= 0.6 * max(row)
        if not own and best.sentence != reading.en_clauses[en_clause].sentence:
            continue
        for n, term in enumerate(reading.terms):
            if clause.start <= term.start < clause.end and n not in said:
                if term.text in reading.lexicon.unweighted:
                    # 改, 换, 停 are said in so many ways that no list holds them all.
                    budget += 0.35 if own and len(term.renderings) >= 8 else 0.0
                    continue
                if not term.renderings and _HAN.match(term.text):
                    budget += 1.0 if len(term.text) > 1 else 0.7
                elif term.weight and own:
                    budget += 0.35 * term.weight
    return budget


# 贵团队好, 尊敬的亚马逊, 谢谢: courtesy that English says in its own way, or not at all.
_GREETING = re.compile(
    r"(?:[致给](?:亚马逊|平台|卖家|审核|绩效).{0,10}|尊敬的.{0,12}|.{0,10}(?:您|你|大家|团队|平台|部门)们?好|此致|敬礼|.{0,6}(?:谢谢|感谢|多谢).{0,8}|情况说明|申诉信)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")


def _might_stand(term: Term, anywhere: set[str]) -> bool:
    """Whether the English, taken as a heap of words, holds some rendering of a term whole."""
    free = free_stems()
    telling = [r - free for r in term.renderings if r - free]
    if telling:
        return any(all(near_stems(one) & anywhere for one in rendering) for rendering in telling)
    return bool(term.stems & anywhere)


def _spare(reading: Reading, clause: int) -> set[str]:
    """Stems of an English clause's words that stand for nothing else of weight."""
    place = reading.place
    matching = reading.matching
    words = [(t, matching.get(place[id(t)])) for t in reading.clause_words[clause]]
    return {t.stem for t, n in words if n is None or not reading.terms[n].weight}


def _is_kept(reading: Reading, figure: Figure) -> bool:
    """Whether a figure of the Chinese is said as often as there."""
    told = sum(1 for f in reading.zh_figures if f.canonical == figure.canonical and f.kind == figure.kind)
    return sum(1 for e in reading.en_figures if reading.same(figure, e)) >= told


def nothing_added(reading: Reading) -> Iterator[RewriteFinding]:
    """Stretches of the English for which the Chinese has no words.

    A clause that says what its Chinese clause says may word it freely; one that stands for no Chinese clause of
    its own is an addition as soon as it claims something.
    """
    content = {id(t) for t in reading.content}
    place = reading.place
    for number, clause in enumerate(reading.en_clauses):
        words = [t for t in reading.clause_words[number] if id(t) in content]
        hung_on = bool(_HUNG_ON.match(reading.en[clause.start : clause.end].lstrip()))
        support = _has_support(reading, number)
        generic = 0.2 if support else 0.35
        doubts = [(t, _doubt(reading, place[id(t)], generic, hung_on=hung_on)) for t in words]
        doubt = max(0.0, sum(d for _, d in doubts) - _unsaid_nearby(reading, number))
        share = doubt / len(words) if words else 0.0
        strangers = _strange_here(reading, number, words)
        too_much = (
            len(words) >= 2
            and len(strangers) >= 2
            and len(strangers) >= (0.45 if hung_on else 0.6) * len(words)
            and (doubt >= 1.6 or (hung_on and sum(t.stem not in paraphrase_stems() for t in strangers) >= 2))
            and re.search(
                r"\b(?:has|have|had|was|were|will|is|are)\b|\b[a-z]{3,}ed\b|\b(?:gave|sent|made|took|paid|wrote|told|left|held|sold|bought)\b",
                clause.text,
            )
            and not any(
                reading.same(z, e) for e in reading.clause_en_figures[number] for z in reading.zh_figures
            )
            and _closes_sentence(reading, number)
            and not _denies(reading, number)
        ) or (support and doubt >= 3.0 and share >= 0.6)
        if too_much and clause.sentence <= 2 and _SELLS.match(clause.text.strip()):
            continue
        if too_much and not _ANNOUNCES.match(clause.text.strip()):
            new = [t for t, d in doubts if d >= 0.4] or words
            shown = ", ".join(t.text for t in new)
            yield RewriteFinding(
                "added_content",
                f"“{clause.text.strip()}” says something the Chinese does not ({shown}).",
                f"“{clause.text.strip()}”里有中文没有的内容({shown})。",
                new[0].start,
                new[-1].end,
            )


def _strange_here(reading: Reading, number: int, words: list[Token]) -> list[Token]:
    """The words of an English clause that nothing in the Chinese sentences it may stand for is said by."""
    sentence = reading.en_clauses[number].sentence
    kin = {z: share for (z, e), share in reading.kinship.items() if e == sentence}
    near = {z for z, share in kin.items() if share >= 0.35 * max(kin.values())}
    near |= {reading.zh_clauses[n].sentence for n in reading.counterparts(number)[:2]}
    said: set[str] = set()
    for term in reading.terms:
        if reading.zh_sentence_at(term.start) in near:
            said |= term.stems
    return [t for t in words if t.stem not in said and not near_stems(t.stem) & said]


def _closes_sentence(reading: Reading, clause: int) -> bool:
    """Whether an English clause is its sentence's last."""
    following = reading.en_clauses[clause + 1 : clause + 2]
    return not following or following[0].sentence != reading.en_clauses[clause].sentence


def _denies(reading: Reading, clause: int) -> bool:
    """Whether an English clause holds an outright negation."""
    plain = frozenset(map(stem, markers()["english_plain_negations"]))
    return any(t.stem in plain for t in reading.clause_words[clause])


# "and sells dietary supplements": what a store sells is worded freely, and nobody invents it.
_SELLS = re.compile(
    r"(?:(?:and|which|we|that|it|i|whose|our|an?|the)\s+)*(?:(?:main|mainly|mostly|primarily|chiefly|only|online)\s+)*"
    r"(?:sell|deal|specializ|specialis|offer|trad|suppl|store|shop|seller|range|business|products?)\w*\b[^0-9]{0,60}$",
    re.IGNORECASE,
)


# "Here is what our inquiry brought to light", "The reasons are as follows": what only leads up to what is said.
_ANNOUNCES = re.compile(
    r"(?:here (?:is|are)|this is (?:what|how)|what follows|the following)\b[^,;0-9]{0,60}$|[^,;0-9]{0,60}\b(?:as follows|the following|are these|is this)[.:]?$",
    re.IGNORECASE,
)
# "and the reviews have been removed", "who has since resigned": a whole statement hung on to another.
_HUNG_ON = re.compile(
    r"(?:and|but|who|which|whom|none of|all of|as well as|so that|owing to|because of|following|after|at our|in order to)\b",
    re.IGNORECASE | re.DOTALL,
)


def _has_support(reading: Reading, clause: int) -> bool:
    """Whether an English clause says something that a Chinese clause says nowhere better."""
    place = reading.place
    top = reading.counterparts(clause, 0.999)
    if not top or reading.nearness[top[0]][clause] < 0.6 * max(reading.nearness[top[0]]):
        return False
    matched = {reading.matching.get(place[id(t)]) for t in reading.clause_words[clause]}
    weight = sum(
        reading.terms[n].weight
        for n in matched
        if n is not None and reading.zh_clause_of(reading.terms[n].start) == top[0]
    )
    figures = [f for f in reading.clause_figures[top[0]] if not f.optional]
    weight += sum(1.0 for f in figures if any(reading.same(f, e) for e in reading.clause_en_figures[clause]))
    return weight >= 0.9


def _doubt(reading: Reading, word: int, least: float, *, hung_on: bool) -> float:
    """How much an English word lacks a Chinese one, from 0 to 1.

    Words of the trade weigh most, since additions are made of them; words of mere paraphrase weigh `least`; one
    that would be licensed had another word not taken its term lies between.
    """
    token = reading.words[word]
    generic = token.stem in paraphrase_stems()
    if token.stem in reading.known_abroad:
        return 0.0
    if token.stem not in reading.licensed:
        return least if generic else 1.0 if token.stem in reading.lexicon.trade_stems else 0.6
    if word not in reading.matching:
        # "The complaint is justified": a noun told again with its article only points back.
        points_back = not hung_on and re.search(
            r"\b(?:the|this|that|these|those|such|our|said)\s+$", reading.en[: token.start][-8:], re.I
        )
        return least if (generic and not hung_on) or points_back else 0.7
    number = reading.matching[word]
    doubt = 0.0 if token.stem in reading.terms[number].core else 0.2
    zh, en = reading.zh_clause_of(reading.terms[number].start), reading.en_clause_of(token.start)
    elsewhere = any(
        reading.en_clause_of(reading.words[w].start) != en for w in reading.places_of.get(number, [])
    )
    only_word = len(reading.places_of.get(number, [])) == 1 and doubt > 0
    if (
        hung_on
        and (elsewhere or only_word)
        and zh is not None
        and en is not None
        and reading.nearness[zh][en] < 0.5 * max(reading.nearness[zh])
    ):
        # Its Chinese clause is said elsewhere: this may be a second, new statement with a borrowed word.
        doubt += 0.45
    return doubt
