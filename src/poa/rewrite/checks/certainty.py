"""Doubt, smallness, scope and time: said as firmly, as widely and as done as the Chinese says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from poa.rewrite.checks.base import RewriteFinding, markers
from poa.rewrite.reading import Clause, Reading

__all__ = ["done_stays_done", "nothing_hedged", "scope_kept"]


@lru_cache(maxsize=512)
def _phrase(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest) + r")(?![\w-])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=512)
def _chinese(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _clause_at(reading: Reading, at: int) -> int | None:
    return next((k for k, c in enumerate(reading.en_clauses) if c.start <= at < c.end), None)


def _opposite(reading: Reading, k: int, around: int = 1) -> tuple[Clause, ...]:
    """The Chinese clauses an English one stands for, the likeliest first; with `around` also their neighbours."""
    likely = reading.counterparts(k, 0.75 if not around else 0.45)[:3]
    if not likely:
        # Nothing in common: look at what the sentence as a whole stands for.
        same = [j for j, c in enumerate(reading.en_clauses) if c.sentence == reading.en_clauses[k].sentence]
        likely = tuple(n for j in same for n in reading.counterparts(j)[:2])
        around = 1
    ordered = [*likely, *(n + step for n in likely for step in range(-around, around + 1) if step)]
    return tuple(reading.zh_clauses[n] for n in dict.fromkeys(ordered) if 0 <= n < len(reading.zh_clauses))


def _says(reading: Reading, clauses: tuple[Clause, ...], words: tuple[str, ...]) -> bool:
    pattern = _chinese(words)
    return any(pattern.search(reading.plain, c.start, c.end) for c in clauses)


def _whole(reading: Reading, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses with all others of their sentences."""
    sentences = {c.sentence for c in clauses}
    return tuple(c for c in reading.zh_clauses if c.sentence in sentences)


def _plans(reading: Reading, clauses: tuple[Clause, ...]) -> bool:
    """Whether Chinese clauses tell a plan; the 要 of 要求 and the 将 of 已将 tell none."""
    lists = markers()
    none = _chinese(tuple(lists["not_planned"]))
    pattern = _chinese(
        (
            *lists["chinese_planned"],
            "决定",
            "考虑",
            "想",
            "试图",
            "同意",
            "愿意",
            "答应",
            "意思",
            "都得",
            "才给",
            "才能",
            "规定",
            "条件",
            "待",
            "底前",
            "周内",
            "之内",
            "未做",
            "还没",
            "尚未",
            "说好",
            "约好",
            "就退",
            "就给",
            "就送",
            "得先",
        )
    )
    return any(pattern.search(none.sub("＿", reading.plain[c.start : c.end])) for c in clauses)


def nothing_hedged(reading: Reading) -> Iterator[RewriteFinding]:
    """Words of doubt or smallness that the Chinese does not hold."""
    for group in markers()["hedges"]:
        needs = tuple(group["needs"])
        for match in _phrase(tuple(group["words"])).finditer(reading.en):
            if match[0] == "May" or _inside_figure(reading, match) or _fine(reading, match):
                continue
            k = _clause_at(reading, match.start())
            opposite = (
                reading.zh_clauses
                if k is None
                else _opposite(reading, k, around=int(match[0].lower() not in ("may", "might", "could")))
            )
            if _says(reading, _whole(reading, opposite), needs):
                continue
            yield _finding(
                "weakened",
                match,
                opposite,
                f"“{match[0]}” makes this weaker than the Chinese says it.",
                f"“{match[0]}”把中文说的弱化了。",
            )


def _inside_figure(reading: Reading, match: re.Match[str]) -> bool:
    return any(f.start <= match.start() and match.end() <= f.end for f in reading.en_figures)


def _fine(reading: Reading, match: re.Match[str]) -> bool:
    """Phrases that only look like a hedge: "add up to", "may not", "appeared in"."""
    before = reading.en[max(0, match.start() - 24) : match.start()].lower()
    after = reading.en[match.end() : match.end() + 24].lower()
    if match[0].lower() in ("many", "often") and re.search(r"\b(?:too|so|how|as)\s+$", before):
        return True  # "too many claims" judges, and counts nothing
    if match[0].lower() in ("may", "might") and _EXPECTED.search(
        reading.en[max(0, match.start() - 60) : match.start()]
    ):
        return True  # "it had not occurred to us that buyers might complain"
    if (
        match[0].lower() in ("partly", "in part")
        and len(
            re.findall(
                r"\b(?:partly|in part)\b", reading.en[max(0, match.start() - 120) : match.end() + 120], re.I
            )
        )
        > 1
    ):
        return True  # "partly inexperience, partly ambition": 一方面…另一方面
    if match[0].lower() == "isolated" and re.search(
        r"\b(?:was|were|been|be|being|we|and|have|has|had|also|then|it|them)\s+(?:\w+ly\s+)?$", before
    ):
        return True  # "the stock was isolated": put apart
    if match[0].lower() == "possible" and re.search(r"\bas \w+ as $", before):
        return True  # "as soon as possible" is 尽快
    if match[0].lower() == "up to" and not re.match(
        r"\s+(?:an? |the )?(?:\w+ )?[\d$€£¥]|\s+\w+(?: \w+)? (?:per|times|days|percent)", after
    ):
        return True  # "owned up to the error": only a number is bounded
    if match[0].lower() in ("may", "might") and _DENIED.search(f"{before}|{after}"):
        return True  # "no image may be used", "may only be listed": a rule, not a doubt
    if match[0].lower() in ("merely", "only a few", "just a few") and before.rstrip().endswith(
        ("not", "n't")
    ):
        return True  # "did not merely edit it"
    if match[0].lower() == "some" and re.match(
        r"\s+(?:embarrassment|shame|regret|difficulty|time|detail|length|reluctance|hesitation)\b", after
    ):
        return True  # a feeling is no part of anything
    if match[0].lower() == "may" and before.endswith("whom it ") and after.startswith(" concern"):
        return True
    if match[0].lower() in ("could", "might") and re.match(r"\s+not\b", after):
        return True
    if match[0].lower() == "part of" and before.rstrip().endswith("as"):
        return True
    if match[0].lower() == "could be" and re.search(
        r"so that\b.{0,40}$", reading.en[max(0, match.start() - 50) : match.start()]
    ):
        return True
    if match[0].lower() in ("a little", "a bit", "slightly", "somewhat", "marginally") and re.match(
        r"\s+(?:longer|later|while|over|under|more than|less than|above|below|short of|after|before|past)\b",
        after,
    ):
        return True  # "a little over half" bounds a number
    return match[0].lower() == "minor" and re.match(r"s\b", after) is not None


_EXPECTED = re.compile(
    r"\b(?:occur\w*|thought?|think|expect\w*|imagin\w*|realiz\w*|realis\w*|fear\w*|worr\w+|concern\w*|risk|foresee|foresaw|consider\w*|so that|in case|whether|lest|case)\b[^.;]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|nothing|nobody|only|neither)\b[^.;|]*\||\|\s*(?:only|never|not|no longer)\b", re.IGNORECASE
)


def _finding(
    code: str, match: re.Match[str], opposite: tuple[Clause, ...], message: str, message_zh: str
) -> RewriteFinding:
    zh = opposite[0] if opposite else None
    return RewriteFinding(
        code,
        message,
        message_zh,
        match.start(),
        match.end(),
        zh.start if zh else None,
        zh.end if zh else None,
    )


def scope_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Parts where the Chinese says all, and lost universals."""
    lists = markers()
    # Which of the words for a part stands for which is a matter of taste; that one stands there is not.
    needs = tuple(word for group in lists["partials"] for word in group["needs"])
    for group in lists["partials"]:
        for match in _phrase(tuple(group["words"])).finditer(reading.en):
            k = _clause_at(reading, match.start())
            if k is None or _inside_figure(reading, match) or _fine(reading, match):
                continue
            opposite = _opposite(reading, k, around=0)
            # That most is of one kind may be told of the whole sentence; "most", "some", "many" count what is beside them.
            wide = match[0].lower().endswith("ly") or match[0].lower().startswith(("nearly", "almost"))
            if not _says(reading, _whole(reading, opposite) if wide else opposite, needs):
                yield _finding(
                    "changed_scope",
                    match,
                    opposite,
                    f"“{match[0]}” narrows or widens what the Chinese says.",
                    f"“{match[0]}”改变了中文所说的范围。",
                )
    yield from _lost_universals(reading)
    yield from _narrowed(reading)
    yield from _fractions(reading)
    yield from _picked_out(reading)


_WIDE = re.compile(r"\b(?:any|no|all|every|each|none|never)\b", re.IGNORECASE)


def _narrowed(reading: Reading) -> Iterator[RewriteFinding]:
    """A clause hung on "any", "all" or "no" that takes back part of it: "any cards that mention reviews"."""
    place = reading.place
    content = {id(t) for t in reading.content}
    for k in range(1, len(reading.en_clauses)):
        here, before = reading.en_clauses[k], reading.en_clauses[k - 1]
        if here.sentence != before.sentence or not re.match(
            r"\s*(?:that|which|who|whose)\s+(?!\w+['’]s)", here.text
        ):
            continue
        if (
            before.text.rstrip().endswith(" of")
            or re.search(
                r"\b(?:there (?:was|were|is|are|has been|have been) (?:no|not)|it (?:was|is))\b",
                before.text,
                re.I,
            )
            or not _WIDE.search(" ".join(before.text.split()[-4:]))
            or "," in reading.en[before.end : here.start]
        ):
            continue
        main = {c + step for c in reading.counterparts(k - 1)[:2] for step in (-1, 0, 1)}
        matched = [reading.matching.get(place[id(t)]) for t in reading.clause_words[k] if id(t) in content]
        grounds = {reading.zh_clause_of(reading.terms[n].start) for n in matched if n is not None}
        near = {reading.zh_clauses[n].sentence for n in main if 0 <= n < len(reading.zh_clauses)}
        if len(matched) > 1 and not any(
            n is not None and reading.zh_clauses[n].sentence in near for n in grounds
        ):
            yield RewriteFinding(
                "changed_scope",
                f"“{here.text.strip()}” narrows “{before.text.strip()}”; the Chinese does not.",
                f"“{here.text.strip()}”缩小了范围,中文没有这个限定。",
                here.start,
                here.end,
            )


def _picked_out(reading: Reading) -> Iterator[RewriteFinding]:
    """A word that picks some out of what the Chinese takes all of: "opened returns" for 所有退货."""
    place = reading.place
    content = {id(t) for t in reading.content}
    for number, clause in enumerate(reading.zh_clauses):
        row = reading.nearness[number]
        if not _STRONG.search(reading.plain, clause.start, clause.end) or not row:
            continue
        k = row.index(max(row))
        for first, second in pairwise(reading.clause_words[k]):
            term = reading.matching.get(place[id(second)])
            if (
                id(first) in content
                and re.search(
                    r"(?:ed|er|est|able|ing|new|old|big|large|main|active|important|certain|key|major|relevant|significant|severe|serious|suspicious|popular)$",
                    first.text,
                )
                and place[id(first)] not in reading.matching
                and term is not None
                and reading.zh_clause_of(reading.terms[term].start) == number
                and reading.en[first.end : second.start] == " "
                # 错的子体: the Chinese picks them out itself.
                and reading.plain[reading.terms[term].start - 1] != "的"
                and not _PREDICATE.search(reading.en[max(0, first.start - 12) : first.start])
            ):
                yield RewriteFinding(
                    "changed_scope",
                    f"“{first.text} {second.text}” picks some out; the Chinese speaks of all.",
                    f"“{first.text} {second.text}”只说了一部分,中文说的是全部。",
                    first.start,
                    second.end,
                    clause.start,
                    clause.end,
                )


# "we submitted removal orders": a verb picks nothing out.
_PREDICATE = re.compile(
    r"\b(?:we|i|they|he|she|it|who|which|that|and|was|were|been|be|is|are|has|have|had|also|then|to)\s+$",
    re.IGNORECASE,
)


def _fractions(reading: Reading) -> Iterator[RewriteFinding]:
    """ "2 of the 3 parents" where the Chinese speaks of the three alone."""
    for left, right in pairwise(reading.en_figures):
        if left.canonical == "1" or not re.fullmatch(
            r"\s+(?:out )?of (?:the|our|these|those)\s+", reading.en[left.end : right.start]
        ):
            continue
        parts = {reading.zh_sentence_at(z.start) for z in reading.zh_figures if reading.same(z, left)}
        wholes = {reading.zh_sentence_at(z.start) for z in reading.zh_figures if reading.same(z, right)}
        # 五个留了一星。…找了其中三个人: the whole is named a sentence before.
        picked = any(
            reading.same(z, left)
            and re.search("其中|里面?有?$", reading.plain[max(0, z.start - 5) : z.start])
            for z in reading.zh_figures
        )
        if parts and wholes and not parts & wholes and not picked:
            yield RewriteFinding(
                "changed_scope",
                f"“{reading.en[left.start : right.end]}” makes a part of what the Chinese says whole.",
                f"“{reading.en[left.start : right.end]}”把整体说成了部分。",
                left.start,
                right.end,
            )


_STRONG = re.compile(
    "全部|所有|全体|全员|全店|每一?个(?!月|周|星期|礼拜|季度|小时)|每件|每批|每单|每人|每位|一律|凡是|任何|整个|逐[件一个]|全都|通通|统统|(?<!平)均(?![价匀值线])|完全|全(?=[拆删退换])"
)


def _lost_universals(reading: Reading) -> Iterator[RewriteFinding]:
    said = _phrase(tuple(markers()["universals_en"]))
    for number, clause in enumerate(reading.zh_clauses):
        match = _STRONG.search(reading.plain, clause.start, clause.end)
        if not match:
            continue
        first, last, score = reading.regions(number, 3)
        if score <= 0.3:
            continue
        row = reading.nearness[number]
        good = {
            c.sentence for c, near in zip(reading.en_clauses, row, strict=True) if near >= 0.97 * max(row)
        }
        good |= {n + step for n in good for step in (-1, 1)}
        text = " ".join(
            reading.en[s:e] for n, (s, e) in enumerate(reading.en_sentences, start=1) if n in good
        )
        if said.search(text) or re.search(
            r"\b(?:piece by piece|one by one|label by label|individually|item by item|\w+ by \w+)\b", text
        ):
            continue
        yield RewriteFinding(
            "changed_scope",
            f"The Chinese says “{match[0]}”; the English no longer says it of everything.",
            f"中文说“{match[0]}”,英文没有这个范围。",
            reading.en_clauses[first].start,
            reading.en_clauses[last - 1].end,
            match.start(),
            match.end(),
        )


_PERFECT = re.compile(
    r"\b(?:has|have|had)\s+(?:(?:now|already|since|also|all|both|been|not|never|fully|since been)\s+)*(?!to\b)\w+(?:ed|en|own|ne|de|ut|nt|ld|ft|id|ought|un|ank|ept|um)\b|\b(?:was|were)\b",
    re.IGNORECASE,
)
_PROGRESSIVE = re.compile(
    r"\b(?:is|are|am|'re|'m)\s+(?:(?:now|currently|still|also|all|not)\s+)*(?!something\b|nothing\b|anything\b|everything\b|during\b|going\b|missing\b|outstanding\b|remaining\b|willing\b)\w+ing\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:will|shall|must|has to|have to|need|needs|should|would|expected|expect|expects|due|plan|plans|planned|planning|intend|intends|going to|required|may not|may|prohibited|no longer|commit|promise|request|estimated|scheduled|currently|being|can|'ll)\b",
    re.IGNORECASE,
)


def done_stays_done(reading: Reading) -> Iterator[RewriteFinding]:
    """Finished things told as plans or as still going on, and plans told as finished."""
    lists = markers()
    done = tuple(lists["chinese_done"])
    for match in _phrase(tuple(lists["english_planned"])).finditer(reading.en):
        k = _clause_at(reading, match.start())
        if k is None or _MANNER.match(reading.en[match.end() :]):
            continue
        sentence_start = reading.en_sentences[reading.en_clauses[k].sentence - 1][0]
        if match[0].lower().startswith("inten") and re.search(
            r"\b(?:no|not|never|without|nor|n['’]t)\b[^.;,]{0,30}$",
            reading.en[sentence_start : match.start()],
            re.I,
        ):
            continue  # "it was never our intention to": 并非故意
        if match[0].lower().startswith("would") and _TOLD.search(reading.en, sentence_start, match.start()):
            continue  # "told the buyer that a refund would be given": what was said then, and no plan now
        if match[0].lower().startswith("would") and _says(
            reading, _whole(reading, _opposite(reading, k, around=0)), _AGREED
        ):
            continue  # 条件是…写完退钱: what was agreed then
        if match[0].lower().endswith("to be") and _ORDERED.search(
            reading.en, sentence_start, reading.en_sentences[reading.en_clauses[k].sentence - 1][1]
        ):
            continue  # "are to be disposed of, as we have requested": the request is done, the disposal is not
        core = _opposite(reading, k, around=0)
        if match[0].lower() == "in future" and _says(reading, _whole(reading, core), _HENCEFORTH):
            continue
        wider = _opposite(reading, k, around=1)
        told_done = bool(core) and _told_done(reading, core[0])
        sentences = {c.sentence for c in core}
        whole = tuple(c for c in reading.zh_clauses if c.sentence in sentences)
        # Only what the Chinese tells as done is turned into a plan; 抽二十辆做测试 alone may be either.
        done_nearby = told_done or any(_told_done(reading, c) for c in (*wider, *whole))
        if (
            wider
            and done_nearby
            and not _plans(reading, core)
            and (told_done or not _plans(reading, (*wider, *whole)))
        ):
            yield _finding(
                "changed_tense",
                match,
                core or wider,
                f"“{match[0]}” tells a plan; the Chinese tells it as done or as it is.",
                f"“{match[0]}”说的是计划,中文说的是已经发生的事。",
            )
    for match in _PROGRESSIVE.finditer(reading.en):
        k = _clause_at(reading, match.start())
        if k is None:
            continue
        core = _opposite(reading, k, around=0)
        # 被冻结的资金: "is being held" tells how things stand, as 被 alone does.
        told = tuple(word for word in done if word != "被") if match[0].lower().endswith("being") else done
        if core and _says(reading, core, told) and not _says(reading, core, tuple(lists["chinese_running"])):
            yield _finding(
                "changed_tense",
                match,
                core,
                f"“{match[0]}” says it is still going on; the Chinese says it is done.",
                f"“{match[0]}”说还在进行,中文说已经完成。",
            )
    yield from _plans_told_as_done(reading)


_HENCEFORTH = ("以后", "今后", "往后", "将来", "未来", "下次", "接下来", "从此", "再")
_AGREED = (
    "条件",
    "说好",
    "约好",
    "约定",
    "只要",
    "答应",
    "谈好",
    "讲好",
    "流程",
    "规矩",
    "套路",
    "做法是",
    "要是",
)
_TOLD = re.compile(
    r"\b(?:told|said|stat(?:ed|ing|es)|promis(?:ed|ing|es)|offer(?:ed|ing|s)|say(?:s|ing)|informed|wrote|stated|offered|read|reads|reading|agreed|announced|threatened|assured)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"\b(?:requested|instructed|asked|arranged|ordered|told|applied)\b", re.IGNORECASE)
# "I will speak plainly" announces no measure.
_MANNER = re.compile(
    r"\s+(?:blame|speak|say|be (?:\w+ )?(?:frank|honest|open|plain|candid|clear|straightforward|transparent)|explain|put it|describe|set out|clarify|state|stress|emphasi[sz]e|point out|make (?:it |this |one thing )?(?:\w+ )?clear|note|add|admit|acknowledge|apologi[sz]e|thank|report)\b",
    re.IGNORECASE,
)


def _told_done(reading: Reading, clause: Clause) -> bool:
    """Whether a Chinese clause tells something done; 已购买的客户 only says which customers."""
    said = re.sub(
        r"已\S{1,4}的|超过|通过|经过|不过|过去|过程|过来|过年|过节|难过|跳过|绕过|放过|了解|为了|除了|免不了|少不了|忘不了|没有?\S{0,6}过|[完了过](?=才|再|之?后|以后|就能)|(?<=花)了",
        "＿",
        reading.plain[clause.start : clause.end],
    )
    return bool(_chinese(tuple(markers()["chinese_done"])).search(said))


def _plans_told_as_done(reading: Reading) -> Iterator[RewriteFinding]:
    firm = _chinese((*markers()["chinese_firmly_planned"], "正在", "在做"))
    for number, clause in enumerate(reading.zh_clauses):
        # 吃了以后 is "after": 以后 tells a plan only at the head of its clause.
        said = re.sub(r"(?<=.)以后|准备[好了的]", "＿＿", reading.plain[clause.start : clause.end].lstrip())
        plan = firm.search(said)
        if not plan:
            continue
        # What is planned often stands in the next clause: 今后每批货入库前,将由质检员核对.
        later = number + 1
        goes_on = later < len(reading.zh_clauses) and reading.zh_clauses[later].sentence == clause.sentence
        row = [
            a + (b if goes_on else 0.0)
            for a, b in zip(
                reading.nearness[number], reading.nearness[later if goes_on else number], strict=True
            )
        ]
        if max(reading.affinity[number], default=0.0) <= 0.3:
            continue
        k = max(range(len(row)), key=row.__getitem__)
        start, end = reading.en_sentences[reading.en_clauses[k].sentence - 1]
        here = reading.en_clauses[k]
        past = _PERFECT.search(reading.en, here.start, here.end) or _simple_past(reading, k)
        if past is None or _OPEN.search(reading.en, start, end):
            continue
        yield RewriteFinding(
            "changed_tense",
            f"“{past[0]}” says it is done; the Chinese tells a plan or something under way (“{clause.text.strip()}”).",
            f"英文说已经完成(“{past[0]}”),中文说的是计划或正在进行(“{clause.text.strip()}”)。",
            past.start(),
            past.end(),
            clause.start,
            clause.end,
        )


def _simple_past(reading: Reading, k: int) -> re.Match[str] | None:
    """A past form with its subject right before it: "we hired", "who started"."""
    clause = reading.en_clauses[k]
    return re.compile(
        r"\b(?:we|who|which|they|he|she|it|I)\s+(?:also\s+|then\s+)?(?:\w+ed|did|had|made|took|gave|sent|began|hired|kept|put|wrote|got|left|became|paid|bought)\b",
        re.IGNORECASE,
    ).search(reading.en, clause.start, clause.end)
