"""Denials: what the Chinese denies the English denies, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from poa.rewrite.checks.base import TALK, RewriteFinding, markers
from poa.rewrite.checks.coverage import EVERYTHING, spare_around
from poa.rewrite.lexicon import Term
from poa.rewrite.reading import Reading
from poa.rewrite.words import Token, free_stems, stem

__all__ = ["denials_kept"]


@lru_cache(maxsize=1)
def _chinese_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = markers()

    def either(words: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))

    return (
        either(lists["chinese_negations"]),
        either(lists["not_negations"]),
        either(lists["lexical_negatives"]),
    )


@lru_cache(maxsize=1)
def _english_stems() -> tuple[frozenset[str], frozenset[str]]:
    lists = markers()
    return frozenset(map(stem, lists["english_negations"])), frozenset(
        map(stem, lists["english_plain_negations"])
    )


def chinese_denials(reading: Reading) -> list[tuple[int, int, int]]:
    """The negations of the Chinese: (clause, start, end)."""
    negation, none, _ = _chinese_patterns()
    found = []
    for number, clause in enumerate(reading.zh_clauses):
        if TALK.search(clause.text):
            continue
        plain = re.sub(
            r"[“\"「][^”\"」]*[”\"」]", lambda m: "＿" * len(m[0]), reading.plain[clause.start : clause.end]
        )
        masked = none.sub(lambda m: "＿" * len(m[0]), plain)
        masked = _ATTRIBUTE.sub(lambda m: "＿" * len(m[0]), masked)
        masked = _BEFORE_DONE.sub(lambda m: "＿" * len(m[0]), masked)
        found += [
            (number, clause.start + m.start(), clause.start + m.end()) for m in negation.finditer(masked)
        ]
    return found


# 没用完的卡片, 未售出的货: what is not so only tells which ones are meant ("the leftover cards").
_ATTRIBUTE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:没(?!有)|未|还没|尚未)[^的，。、是没未不]{1,3}的(?=[\u4e00-\u9fffA-Za-z])"
)


# 在没有拿到报告之前: the denial only says "before", and English leaves it out.
_BEFORE_DONE = re.compile(r"(?:还没有?|尚未|没有?|未)[^，。；、没未不]{1,14}(?:之前|以前|前)(?=[，]|$)")


def denials_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Denials that are lost, and denials that are new."""
    if not reading.en_clauses:
        return
    wide, plain = _english_stems()
    near = frozenset(map(stem, markers()["english_near_negations"]))
    denials = chinese_denials(reading)
    seats = _seats(reading, wide, near)
    lost, used = _unmatched(reading, denials, seats)
    short = _short_sentences(reading, denials, seats) if lost else frozenset()
    # Which denial the matching left over is chance: the one to show stands in a sentence that has too few.
    shown = [d for d in lost if reading.zh_clauses[d[0]].sentence in short]
    others = [d for d in denials if d not in lost and reading.zh_clauses[d[0]].sentence in short]
    sure = [d for d in [*shown, *others] if _affirmed(reading, d[0], d[2], seats)]
    sure += [d for d in shown if d not in sure and _dropped(reading, d[0])]
    sure = sure[: len(lost)]
    short = short or _short_sentences(reading, denials, seats)
    for denial in denials:
        if denial in sure or any(d[0] == denial[0] for d in sure):
            continue
        few = reading.zh_clauses[denial[0]].sentence in short
        if _turned(reading, denial, seats) or _unsaid(reading, denial, short=few):
            sure.append(denial)
    for clause, start, end in sure:
        said = reading.zh_clauses[clause]
        first, last, _ = reading.regions(clause, 2)
        where = reading.en_clauses[first:last]
        yield RewriteFinding(
            "lost_negation",
            f"The Chinese denies (“{said.text.strip()}”); the English does not.",
            f"中文是否定的(“{said.text.strip()}”),英文没有否定。",
            where[0].start if where else None,
            where[-1].end if where else None,
            start,
            end,
        )
    yield from _made_the_same(reading)
    yield from _new_denials(reading, plain, {clause for clause, _, _ in denials}, used)


def _short_sentences(
    reading: Reading, denials: list[tuple[int, int, int]], seats: dict[int, list[bool]]
) -> frozenset[int]:
    """The Chinese sentences that deny more often than the English sentences which may stand for them."""
    short = set()
    for sentence in {reading.zh_clauses[clause].sentence for clause, _, _ in denials}:
        clauses = {clause for clause, _, _ in denials if reading.zh_clauses[clause].sentence == sentence}
        kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
        near = {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
        for clause in clauses:
            row = reading.nearness[clause]
            near.add(reading.en_clauses[row.index(max(row))].sentence)
        room = sum(len(found) for k, found in seats.items() if reading.en_clauses[k].sentence in near)
        if room < len(clauses):
            short.add(sentence)
    return frozenset(short)


def _affirmed(reading: Reading, clause: int, end: int, seats: dict[int, list[bool]]) -> bool:
    """Whether the English says what the Chinese denies, in a clause that denies nothing.

    Where the denied words are found nowhere, they may be said in words that deny by themselves ("all attempts were
    unsuccessful"), or be dropped, which is another check's matter.
    """
    zh = reading.zh_clauses[clause]
    kin = {e: share for (z, e), share in reading.kinship.items() if z == zh.sentence}
    near = {e for e, share in kin.items() if share >= 0.4 * max(kin.values())}
    free = free_stems()
    denied = [_told(reading, t) - free for t in reading.terms if end - 1 <= t.start < zh.end]
    others = [t.core - free for t in reading.terms if zh.start <= t.start < end - 1 and t.core - free]
    best, where = 0.0, None
    for k, en in enumerate(reading.en_clauses):
        if en.sentence not in near:
            continue
        stems = {t.stem for t in reading.clause_words[k]}
        said = sum(1.0 for core in denied if core & stems)
        if not said:
            continue
        said += 0.3 * sum(1.0 for core in others if core & stems) + 0.2 * reading.nearness[clause][k]
        if said > best:
            best, where = said, k
    around = {e + step for e in near for step in (-1, 0, 1)}
    denied_near = any(reading.en_clauses[k].sentence in around for k in seats)
    if where is None or (denied_near and clause not in reading.counterparts(where, 0.5)):
        return False  # that clause says another Chinese one, which affirms
    return where not in seats and not _denies_around(reading, where)


_ZH_APART = re.compile("(?:不是|并非|不属于)(?:同一|一[个家样回])|不(?:共用|共享)|没有?(?:共用|共享)")
_EN_SAME = re.compile(r"\b(?:the same|shares?|shared|in common|identical)\b", re.IGNORECASE)


def _made_the_same(reading: Reading) -> Iterator[RewriteFinding]:
    """What the Chinese keeps apart told as one: "use the same account" for 账户不是同一个."""
    for number, clause in enumerate(reading.zh_clauses):
        apart = _ZH_APART.search(reading.plain, clause.start, clause.end)
        if not apart:
            continue
        row = reading.nearness[number]
        k = row.index(max(row)) if row else 0
        en = reading.en_clauses[k]
        same = _EN_SAME.search(reading.en, en.start, en.end)
        start = reading.en_sentences[en.sentence - 1][0]
        if same and not _DENYING_WORD.search(reading.en, start, en.end):
            yield RewriteFinding(
                "lost_negation",
                f"The Chinese keeps these apart (“{clause.text.strip()}”); the English makes them one.",
                f"中文说不是同一个(“{clause.text.strip()}”),英文说成了同一个。",
                same.start(),
                same.end(),
                apart.start(),
                apart.end(),
            )


# 没拆检就贴标, 两年没卖过的链接: what is denied ends where the clause goes on, and an attribute denies nothing.
_DENIED_UNTIL = re.compile(r"就|便|而|却|才|，|(?<=[^是有])的(?=[\u4e00-\u9fffA-Za-z])")


def _denied_terms(reading: Reading, denial: tuple[int, int, int]) -> list[Term]:
    """The terms that a negation denies: those behind it in its clause."""
    clause, _, end = denial
    stop = _DENIED_UNTIL.search(reading.plain, end, reading.zh_clauses[clause].end)
    until = stop.start() if stop else reading.zh_clauses[clause].end
    return [t for t in reading.terms if end - 1 <= t.start < until and t.core - free_stems()]


def _turned(reading: Reading, denial: tuple[int, int, int], seats: dict[int, list[bool]]) -> bool:
    """Whether what a Chinese clause denies is affirmed, and denied in no clause near it, however many denials are left."""
    clause, _, end = denial
    zh = reading.zh_clauses[clause]
    row = reading.nearness[clause]
    where = row.index(max(row))
    stems = {t.stem for t in reading.clause_words[where]}
    told = [
        core
        for t in _denied_terms(reading, denial)
        if t.weight >= 0.4 and (core := _told(reading, t) - free_stems())
    ]
    # All that is denied has to stand there: in other words a denial takes many shapes.
    if (
        not told
        or not all(core & stems for core in told)
        or (len(told) < 2 and max(row) < 1.0)
        or re.search(r"的(?=[\u4e00-\u9fffA-Za-z])", reading.plain[end : zh.end])
        or not _affirmed(reading, clause, end, seats)
    ):
        return False
    near = _sentences_near(reading, clause)
    denied = [_told(reading, t) - free_stems() for t in _denied_terms(reading, denial)]
    for k, en in enumerate(reading.en_clauses):
        if en.sentence in near and (k in seats or _denies_around(reading, k)):
            around = {t.stem for n in (k, k + 1) for t in _words_of(reading, n, en.sentence)}
            if any(core & around for core in denied):
                return False
    return True


def _words_of(reading: Reading, clause: int, sentence: int) -> tuple[Token, ...]:
    """The words of an English clause, none when it stands in another sentence."""
    if clause >= len(reading.en_clauses) or reading.en_clauses[clause].sentence != sentence:
        return ()
    return reading.clause_words[clause]


def _unsaid(reading: Reading, denial: tuple[int, int, int], *, short: bool) -> bool:
    """Whether no word of what a Chinese clause denies has a place in the English, nor words left to say it otherwise.

    `short`: the English sentences that may say the Chinese one deny less often than that.
    """
    clause = reading.zh_clauses[denial[0]]
    numbers = [
        n
        for n, t in enumerate(reading.terms)
        if clause.start <= t.start < clause.end and t.weight >= 0.4 and t.core - free_stems()
    ]
    weight = sum(reading.terms[n].weight for n in numbers if reading.terms[n].text not in EVERYTHING)
    if any(not f.optional for f in reading.clause_figures[denial[0]]):
        return False
    near = _sentences_near(reading, denial[0])
    if short and _denied_words_gone(reading, denial, near):
        return True
    places = [reading.words[w].start for n in numbers for w in reading.places_of.get(n, [])]
    if any(_sentence_at(reading, at) in near for at in places):
        return False
    spare = spare_around(reading, denial[0])
    return (weight >= 1.4 and spare <= 1) if short else (weight >= 2.4 and not spare)


def _denied_words_gone(reading: Reading, denial: tuple[int, int, int], near: frozenset[int]) -> bool:
    """Whether no word of what is denied stands in the English sentences that may say it, and none is left to say it so."""
    denied = [t for t in _denied_terms(reading, denial) if t.weight >= 0.4]
    stems = {
        t.stem
        for en, words in zip(reading.en_clauses, reading.clause_words, strict=True)
        if en.sentence in near
        for t in words
    }
    return (
        sum(t.weight for t in denied) >= 0.7
        and not any(_told(reading, t) & stems or t.stems & stems for t in denied)
        and not spare_around(reading, denial[0])
    )


def _sentences_near(reading: Reading, clause: int) -> frozenset[int]:
    """The English sentences in which a Chinese clause may be said, and those beside."""
    sentence = reading.zh_clauses[clause].sentence
    kin = {e: share for (z, e), share in reading.kinship.items() if z == sentence}
    near = {e for e, share in kin.items() if share >= 0.4 * max(kin.values())}
    return frozenset(e + step for e in near for step in (-1, 0, 1))


def _sentence_at(reading: Reading, at: int) -> int | None:
    k = reading.en_clause_of(at)
    return None if k is None else reading.en_clauses[k].sentence


def _dropped(reading: Reading, clause: int) -> bool:
    """Whether next to nothing of a denying clause is said where its sentence is, in whatever words."""
    zh = reading.zh_clauses[clause]
    terms = [
        t for t in reading.terms if zh.start <= t.start < zh.end and t.weight >= 0.4 and t.core - free_stems()
    ]
    if len(terms) < 2:
        return False
    kin = {e: share for (z, e), share in reading.kinship.items() if z == zh.sentence}
    near = {e for e, share in kin.items() if share >= 0.4 * max(kin.values())}
    near |= {e + step for e in near for step in (-1, 1)}
    stems = {
        t.stem
        for en, words in zip(reading.en_clauses, reading.clause_words, strict=True)
        if en.sentence in near
        for t in words
    }
    figures = [f for f in reading.clause_figures[clause] if not f.optional]
    if any(reading.same(f, e) for f in figures for e in reading.en_figures):
        return False
    return sum(1 for t in terms if t.stems & stems) <= 0.34 * len(terms)


def _told(reading: Reading, term: Term) -> frozenset[str]:
    """The stems of a term; of 有联系 behind 没, which is cut wrongly, those of 联系."""
    if term.text[0] in "没未不无" and len(term.text) > 1:
        return reading.lexicon.core(term.text[1:])  # 没用 is denied as 用
    return term.core | (reading.lexicon.core(term.text[1:]) if term.text[0] == "有" else frozenset())


_DENYING_WORD = re.compile(
    r"\b(?:not|never|no|none|neither|nor|nobody|nothing|without|unable|fail\w*|refus\w*|lack\w*|declin\w*|unsuccessful\w*|un\w{3,}(?:ed|able)|instead|other than|by others|outside|different|separate\w*|apart|beyond|outstanding|pending|yet|lost)\b|n['’]t\b",
    re.IGNORECASE,
)


def _denies_around(reading: Reading, k: int) -> bool:
    """Whether the stretch an English word stands in, or the one it hangs on, holds a word that denies."""
    here = reading.en_clauses[k]
    start, end = here.start, here.end
    if len(here.text.split()) < 4 and k and reading.en_clauses[k - 1].sentence == here.sentence:
        start = reading.en_clauses[k - 1].start
    return bool(_DENYING_WORD.search(reading.en, start, end))


# "unstaffed", "unverified": what was not done, in one word.
_UNDONE = re.compile(
    r"un(?!til|der|ite|it|ion|ique|iform|ivers|load|pack|lock|fortunat|doubt|usual)[a-z]{3,}(?:ed|able|en)|un(?:clear|known|fit|like|safe|true|fair)|il(?:legible|legal)|im(?:proper|possible|perfect)|irregular|in(?:authentic|complete|correct|accurate|valid|sufficient|adequate|eligible|capable|visible|active|applicable|appropriate)|non-?\w{4,}|dis(?:agreed?|approved?|continued?|regarded?|satisfied|honest)",
    re.IGNORECASE,
)
# Denials of several words: "kept out of", "out of stock", "a stranger to us", "far from", "had yet to".
_KEPT_FROM = re.compile(
    r"out of (?:stock|sale|date|use|order|service|touch|contact|production|reach|control|print|work)\b|strangers?\b|(?:ended|terminated|severed|broken? off|cut off|cut ties|dropped|parted)\b|(?:brush\w*|sweep|swept|push\w*|wav\w+|shrug\w*)\b[^.,;]{0,25}\b(?:aside|off|away)\b|(?:too |so )?lightly\b|made light\b|blind eye\b|(?:very )?first\b[^.;,]{0,40}\bever\b|far from\b|anything but\b|devoid of\b|free (?:of|from)\b|short of\b|at odds\b|apart from\b|by others\b|(?:keep|keeps|kept|keeping|stay|stays|stayed|staying) (?:out of|away from|clear of|off)\b|before (?:anyone|anybody|any|being|(?:it|they) (?:was|were|had))\b|(?:keep|kept|keeping|stop|stopped)\b[^.,;]{1,40}\bfrom \w+ing\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:nothing (?:but|except)|not (?:dispute|deny|contest)|no one but|not only|no later than|no doubt|none other|not until|no more than|no fewer than|no less than|late shipment|late dispatch)\b",
    re.IGNORECASE,
)


def _seats(reading: Reading, wide: frozenset[str], plain: frozenset[str]) -> dict[int, list[bool]]:
    """The negations of each English clause, True for outright ones; "not A or B" has room for two."""
    masked = [(m.start(), m.end()) for m in _NO_DENIAL.finditer(reading.en)]
    # What a quotation denies is told, not denied.
    masked += [(m.start(), m.end()) for m in re.finditer(r"[\"“][^\"“”]{1,80}[\"”]", reading.en)]
    seats: dict[int, list[bool]] = {}
    for k, words in enumerate(reading.clause_words):
        found = [
            t.stem in plain or t.stem not in wide
            for t in words
            if (t.stem in wide or _UNDONE.fullmatch(t.text) or _KEPT_FROM.match(reading.en, t.start))
            and not any(s <= t.start < e for s, e in masked)
        ]
        if found:
            # "without telling" and "was not, however, without" are one denial each in one place.
            seats[k] = sorted(found, reverse=True) * (2 if _goes_on(reading, k) else 1)
    return seats


def _goes_on(reading: Reading, clause: int) -> bool:
    """Whether the next stretch hangs on this one's negation: "did not buy or sell", "not bought, hidden or changed"."""
    here = reading.en_clauses[clause]
    if " or " in f" {here.text} ":
        return True
    following = clause + 1
    if following >= len(reading.en_clauses) or reading.en_clauses[following].sentence != here.sentence:
        return False
    plain = _english_stems()[1]
    if any(t.stem in plain for t in reading.clause_words[following]):
        return False
    return bool(_GOES_ON.match(reading.en_clauses[following].text.lstrip()))


_GOES_ON = re.compile(
    r"(?:or|nor)\b|and\s+(?:\w+(?:ed|en|ing)|sold|bought|made|sent|used|paid|took|gave|had|sell|buy|use)\b",
    re.IGNORECASE,
)


def _unmatched(
    reading: Reading, denials: list[tuple[int, int, int]], seats: dict[int, list[bool]]
) -> tuple[list[tuple[int, int, int]], set[int]]:
    """The Chinese denials for which no English negation is left in its place (greatest matching), and the English
    clauses whose negation stands for one."""
    places = [_places(reading, clause, seats) for clause, _, _ in denials]
    room = _without_optional(
        reading, seats, {k for found in places for k in found}, {c for c, _, _ in denials}
    )
    taken: dict[int, list[int]] = {k: [] for k in room}

    def seat(denial: int, seen: set[int]) -> bool:
        for k in places[denial]:
            if k in seen:
                continue
            seen.add(k)
            if len(taken[k]) < room[k]:
                taken[k].append(denial)
                return True
            for other in list(taken[k]):
                if seat(other, seen):
                    taken[k].remove(other)
                    taken[k].append(denial)
                    return True
        return False

    # Two negations in one Chinese clause (不得不, 没有…不) may be one in English.
    lost, seated = [], set()
    for n, (clause, start, end) in enumerate(denials):
        if seat(n, set()):
            seated.add(clause)
        elif clause not in seated:
            lost.append((clause, start, end))
    return lost, {k for k, found in taken.items() if found}


def _without_optional(
    reading: Reading, seats: dict[int, list[bool]], wanted: set[int], denied: set[int]
) -> dict[int, int]:
    """How many denials each English clause has room for, less the negations that word a Chinese 不对 or 只."""
    room = {k: len(found) for k, found in seats.items()}
    _, _, lexical = _chinese_patterns()
    for number, clause in enumerate(reading.zh_clauses):
        if number in denied or not lexical.search(reading.plain, clause.start, clause.end):
            continue
        row = reading.affinity[number]
        top = max(row, default=0.0)
        k = row.index(top) if top > 0.2 else None
        if k in room and k not in wanted and room[k] > 0:
            room[k] -= 1
    return room


def _places(reading: Reading, clause: int, seats: dict[int, list[bool]]) -> list[int]:
    """English clauses whose negation may be this Chinese clause's: where its words are, and outright ones beside."""
    row = reading.nearness[clause]
    top = max(row, default=0.0)
    if top <= 0.2:
        return sorted(seats)
    good = [k for k, score in enumerate(row) if score >= 0.55 * top]
    beside = {k + step for k in good for step in (-1, 1)} - set(good)
    sentences = {reading.en_clauses[k].sentence for k in good}
    near = [k for k in good if k in seats]
    near += [
        k
        for k in sorted(beside)
        if k in seats
        and reading.en_clauses[k].sentence in sentences
        # "unchecked," alone between commas denies what stands beside it.
        and (seats[k][0] or len(reading.clause_words[k]) < 3)
    ]
    # A denial may also close its sentence: "hired a firm to drive volume, and did not let us know".
    own = reading.zh_clauses[clause].sentence
    kin = {e: share for (z, e), share in reading.kinship.items() if z == own}
    sentences |= {e for e, share in kin.items() if share >= 0.5 * max(kin.values())}
    shared = reading.affinity[clause]
    far = [
        k
        for k in seats
        if seats[k][0]
        and k not in near
        and reading.en_clauses[k].sentence in sentences
        # Only a clause that has a word in common with this one, or with none at all, may deny it from afar.
        and (
            kin.get(reading.en_clauses[k].sentence, 0.0) >= 0.999 * max(kin.values(), default=1.0)
            or shared[k] > 0.1
            or max(other[k] for other in reading.affinity) < 0.3
        )
    ]
    return [*sorted(near, key=lambda k: (k not in good, -row[k])), *far]


def _new_denials(
    reading: Reading, plain: frozenset[str], denied: set[int], used: set[int]
) -> Iterator[RewriteFinding]:
    _, either_way, lexical = _chinese_patterns()
    masked = [(m.start(), m.end()) for m in _NO_DENIAL.finditer(reading.en)]
    for k, words in enumerate(reading.clause_words):
        token = next(
            (t for t in words if t.stem in plain and not any(s <= t.start < e for s, e in masked)), None
        )
        if (
            token is None
            or k in used
            or re.match(r"no\.\s*[A-Z0-9]|no\s*\d", reading.en[token.start :], re.IGNORECASE)
        ):
            continue
        likely = reading.counterparts(k, 0.6)[:2]
        sure = bool(likely) and reading.nearness[likely[0]][k] >= 1.0
        near = {c + step for c in likely for step in ((0,) if sure else (-1, 0, 1))}
        clauses = [c for n, c in enumerate(reading.zh_clauses) if n in near]
        told = {c.sentence for c in clauses}
        whole = [c for c in reading.zh_clauses if c.sentence in told]
        if (
            not clauses
            or set(likely) & denied
            or any(lexical.search(reading.plain, c.start, c.end) for c in whole)
            # 没过期 is "valid" and "not expired", 不好 "poor" and "not good"; 没发完的 "that had not been sent".
            or any(
                pattern.search(reading.plain, c.start, c.end)
                for c in whole
                for pattern in (either_way, _ATTRIBUTE)
            )
        ):
            continue
        start, stop = reading.en_sentences[reading.en_clauses[k].sentence - 1]
        if _BUT.search(reading.en, token.start, stop) or _BUT.search(reading.en, start, token.start):
            continue
        if not _otherwise_the_same(reading, k, likely):
            continue
        en_clause = reading.en_clauses[k]
        yield RewriteFinding(
            "new_negation",
            f"The English denies (“{en_clause.text.strip()}”); the Chinese does not.",
            f"英文是否定的(“{en_clause.text.strip()}”),中文没有否定。",
            token.start,
            token.end,
            clauses[0].start,
            clauses[0].end,
        )


# "Nothing may be packed unless he has signed": 都得他签字, told by its contrary.
_BUT = re.compile(
    r"\b(?:unless|before|until|except|other than|but for|only|without|apart from)\b", re.IGNORECASE
)


def _otherwise_the_same(reading: Reading, k: int, likely: tuple[int, ...]) -> bool:
    """Whether an English clause says its Chinese one word for word but for the negation.

    In other words a denial may well tell what the Chinese tells: "did not leave until" for 过了两三天才出去.
    """
    content = {id(t) for t in reading.content}
    words = [t for t in reading.clause_words[k] if id(t) in content and t.stem not in _english_stems()[0]]
    same = [
        t
        for t in words
        if (n := reading.matching.get(reading.place[id(t)])) is not None
        and t.stem in reading.terms[n].core
        and reading.zh_clause_of(reading.terms[n].start) in likely
    ]
    return len(same) >= 2 and len(same) == len(words)
