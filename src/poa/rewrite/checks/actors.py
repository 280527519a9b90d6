"""Who acts: each role where the Chinese has it, and never in another's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from poa.rewrite.checks.base import RewriteFinding, markers
from poa.rewrite.names import Name, romanised
from poa.rewrite.reading import Clause, Reading

__all__ = ["actors_kept"]

_OURS = frozenset({"us", "staff"})
# Words that make what follows them the one acted upon, or the owner of something: 跟买家说, 买家的评论.
_MARKED_BEFORE = re.compile(
    r"(?:跟|给|向|对|与|和|从|(?<!因)为|把|联系|要求|让|请|找|通知|告诉|骚扰|求|催|寄给|留|用我?|我|她|他|说)$"
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\b(?:\s+\w+){0,2}?\s+\w+(?:ed|en|ent|old|aid|iven|ade|one|wn|ought)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:request|ask|demand|requir|insist|suggest|propos|urg|recommend|stipulat)(?:e|ed|es|ing|s)?\s*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^\W*(?:(?:and|but|or|that|which|because|when|while|although|as|so|then|however|therefore|also|first|second|in fact|moreover)\s+)*"
    r"(?:(?:the|our|a|an|another|some|any|this|that|these|those|my|his|her|their|its|all|both|each|every|one|two|three|four|five|six|\d+|other)\s+)*",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _roles() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Per role how the Chinese and how the English names it."""
    made = {}
    for name, words in markers()["roles"].items():
        zh = "|".join(sorted(map(re.escape, words["zh"]), key=len, reverse=True))
        en = "|".join(sorted(map(re.escape, words["en"]), key=len, reverse=True))
        made[name] = (re.compile(zh), re.compile(rf"\b(?:{en})(?:s|es)?\b", re.IGNORECASE))
    return made


def actors_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Roles that the Chinese has not, or has elsewhere; names under another role; acts with doer and done-to exchanged."""
    found = [
        *_strangers(reading),
        *_named_otherwise(reading),
        *_turned_round(reading),
        *_owners(reading),
        *_own_doers(reading),
        *_by_another(reading),
    ]
    seen: set[int] = set()
    for finding in found:
        if finding.start not in seen:
            seen.add(finding.start or 0)
            yield finding


def _faulty(message: str, message_zh: str, start: int, end: int, zh: Clause | None) -> RewriteFinding:
    return RewriteFinding(
        "changed_role", message, message_zh, start, end, zh.start if zh else None, zh.end if zh else None
    )


def _outsiders(reading: Reading) -> Iterator[tuple[str, re.Match[str]]]:
    """The English words for people who are not us, with their role."""
    for role, (_, english) in _roles().items():
        if role in _OURS:
            continue
        for match in english.finditer(reading.en):
            after = reading.en[match.end() : match.end() + 22].lower()
            before = reading.en[max(0, match.start() - 16) : match.start()].lower()
            if (
                re.match(
                    r"[- ](?:service|support|seller|account|review|code|products?|reviews|electronics|complaint)",
                    after,
                )
                and role == "buyer"
            ):
                continue
            if (
                match[0].lower().startswith(("buyer", "purchas"))
                and re.search(r"(?:our|the|a)\s+$", before)
                and re.match(r",? (?:[A-Z]\w+ ?)+", reading.en[match.end() : match.end() + 20])
                and "采购" in reading.plain
            ):
                continue  # "our buyer, Sun Peng": a purchaser is a buyer too
            if match[0][0].isupper() and re.search(
                r"[A-Z]\w+\s+$", reading.en[max(0, match.start() - 16) : match.start()]
            ):
                continue  # Environmental Protection Agency
            if role == "authority" and re.search(r"\b(?:own|of|without|no|any|full) $", before):
                continue  # "on his own authority"
            if role == "provider" and before.endswith("our ") and "代运营" in reading.plain:
                continue  # the agency itself is writing
            yield role, match


def _zh_sentences_of(reading: Reading, k: int) -> set[int]:
    sentence = reading.en_clauses[k].sentence
    near: set[int] = set()
    for j, clause in enumerate(reading.en_clauses):
        if clause.sentence == sentence:
            near |= set(reading.counterparts(j)[:1])
    return near


def _strangers(reading: Reading) -> Iterator[RewriteFinding]:
    """Roles in an English sentence that none of its Chinese clauses, nor their neighbours, speaks of."""
    for role, match in _outsiders(reading):
        if role in ("buyer", "amazon", "family"):
            # Whom a card steers or a message reaches goes without saying in Chinese.
            continue
        chinese = _roles()[role][0]
        k = next((n for n, c in enumerate(reading.en_clauses) if c.start <= match.start() < c.end), None)
        if k is None:
            continue
        near = _zh_sentences_of(reading, k)
        wide = {n + step for n in near for step in (-1, 0, 1)}
        sentences = {reading.zh_clauses[n].sentence for n in near}
        clauses = [c for n, c in enumerate(reading.zh_clauses) if n in wide or c.sentence in sentences]
        if not clauses or any(chinese.search(reading.plain, c.start, c.end) for c in clauses):
            continue
        # "The agency then placed": the firm that the Chinese named before, or names here by its own name.
        before = [c for c in reading.zh_clauses if c.sentence < min(sentences)]
        if re.search(
            r"\b(?:the|this|that|said)\s+$", reading.en[: match.start()][-6:], re.IGNORECASE
        ) and any(chinese.search(reading.plain, c.start, c.end) for c in before):
            continue
        yield _faulty(
            f"“{match[0]}” has no part in what the Chinese says here.",
            f"中文这里没有提到“{match[0]}”。",
            match.start(),
            match.end(),
            clauses[0],
        )


def _named_otherwise(reading: Reading) -> Iterator[RewriteFinding]:
    """A person's name beside a role that is not the one the Chinese gives: "a customer, Xiao Wu" for 采购小吴."""
    for role, match in _outsiders(reading):
        beside = re.match(r",?\s+(?=[A-Z])", reading.en[match.end() :])
        name = next((n for n in reading.en_names if beside and n.start == match.end() + beside.end()), None)
        if name is None:
            continue
        person = _person(reading, name)
        if person is None:
            continue
        ahead = re.split(r"[，,。；;：:、]", reading.plain[max(0, person.start - 8) : person.start])[-1]
        if role == "family":
            continue  # "his cousin Huang Lina" may be told from the other end
        own = [r for r, (zh, _) in _roles().items() if zh.search(ahead)]
        if own and role not in own and set(own) & _OURS:
            yield _faulty(
                f"“{name.text}” is no “{match[0]}”: the Chinese says “{ahead}{person.text}”.",
                f"“{name.text}”不是“{match[0]}”,中文写的是“{ahead}{person.text}”。",
                match.start(),
                name.end,
                None,
            )


def _person(reading: Reading, name: Name) -> Name | None:
    words = frozenset(word.lower() for word in re.findall(r"[A-Za-z]+", name.text))
    # The fullest match first: Huang Lina is 黄丽娜 and not 黄志强.
    full = [p for p in reading.people if romanised(p, words, reading.lexicon)]
    for person in (*full, *(() if full or len(words) > 1 else reading.people)):
        sounds = [reading.lexicon.pinyin.get(char, frozenset()) for char in person.text]
        if all(sounds) and words & sounds[0 if person.text[0] not in "小老阿" else 1]:
            return person
    return None


_OWNED = re.compile(
    r"\b(?:the|a|an|their|its)\s+((?:[a-z]+\s+){0,2}?[a-z]+)['’]s?\s+(?:own\s+)?([a-z]+)", re.IGNORECASE
)


def _owners(reading: Reading) -> Iterator[RewriteFinding]:
    """Someone else's lawyer or staff where the Chinese says ours."""
    place = {t.start: n for n, t in enumerate(reading.words)}
    for match in _OWNED.finditer(reading.en):
        word = place.get(match.start(2))
        number = reading.matching.get(word) if word is not None else None
        # 我的 is the owner's or the legal representative's own: only an outsider's is certainly not ours.
        outside = any(
            english.search(match[1]) and role not in _OURS and role != "family"
            for role, (_, english) in _roles().items()
        )
        if number is None or not outside:
            continue
        term = reading.terms[number]
        if re.search(
            r"(?:我方|我们的?|我司的?|我的|本店的?|本公司的?)$",
            reading.plain[max(0, term.start - 4) : term.start],
        ):
            yield _faulty(
                f"“{match[0]}” is ours in the Chinese (“{reading.plain[max(0, term.start - 2) : term.end]}”).",
                f"中文写的是我方的“{term.text}”,英文写成了“{match[0]}”。",
                match.start(),
                match.end(),
                None,
            )


def _turned_round(reading: Reading) -> Iterator[RewriteFinding]:
    """English clauses whose subject the Chinese has as the one acted upon, and the other way about."""
    for k, clause in enumerate(reading.en_clauses):
        lead = _SUBJECT.match(clause.text)
        at = lead.end() if lead else 0
        rest = clause.text[at:]
        if _PASSIVE.search(rest) or not rest:
            continue
        if re.match(r"\s*that\b", clause.text) and _WANTED.search(reading.en[: clause.start][-24:]):
            continue  # "requested that the buyers remove": they are asked, and 要求买家 says so
        verb = _verb_of(reading, k, rest)
        if verb != k and _PASSIVE.search(
            reading.en, clause.start, reading.en_sentences[clause.sentence - 1][1]
        ):
            continue
        column = [row[verb] for row in reading.affinity]
        top = max(column, default=0.0)
        if top < 0.5:
            continue
        number = column.index(top)
        if reading.nearness[number][verb] < 0.7 * max(reading.nearness[number]):
            # Another English clause says this Chinese one: nothing to hold this one against.
            continue
        zh = reading.zh_clauses[number]
        said = reading.plain[zh.start : zh.end]
        if re.search("对方|他们|她|他|人家", said):
            continue  # whom that means is not guessed
        for role, (chinese, english) in _roles().items():
            if role not in ("buyer", "supplier", "provider"):
                continue
            subject = english.match(rest)
            if (
                not subject
                or re.match(
                    r"s?\s+(?:is|are|was|were|electronics|bears? no|(?:had|has|have|took|takes?|played?|plays) no|costs?|belong\w*|own\w*|suffer\w*|(?:have |has |had )?(?:got|get|gets|receive\w*|obtain\w*|been))\b",
                    rest[subject.end() :],
                )
                or _NO_BUYER.match(rest, subject.end())
                or (
                    verb == k
                    and not re.match(
                        r"(?:'s)?,?\s+(?!service|support|account|review|seller)(?:who\b|have\b|had\b|has\b|did\b|do\b|will\b|then\b|also\b|themselves\b|[a-z]+(?:ed|d|t|e|s|w|k|n)\b)",
                        rest[subject.end() :],
                    )
                )
                or rest[subject.end() :].startswith("'s")
                or (subject[0].lower().startswith("purchas") and "采购" in said)
                or re.search(r"\b(?:got|get|gets|receiv\w*|obtain\w*|given)\b", reading.en_clauses[verb].text)
            ):
                continue
            mentions = list(chinese.finditer(said))
            if (mentions and all(_acted_upon(said, m) for m in mentions)) or (
                not mentions and _has_doer(reading, zh)
            ):
                yield _faulty(
                    f"In the English “{subject[0]}” acts; in the Chinese (“{zh.text.strip()}”) it does not.",
                    f"英文里是“{subject[0]}”做的,中文(“{zh.text.strip()}”)不是。",
                    clause.start + at,
                    clause.start + at + subject.end(),
                    zh,
                )
        ours = re.match(
            r"(?:we|i)\s+(?!had\b.{0,40}\binspect)", clause.text[_leading(clause.text) :], re.IGNORECASE
        )
        if ours:
            for role, (chinese, english) in _roles().items():
                if role in _OURS or role in ("provider", "system"):
                    continue  # 后台 is where things are done as often as what does them
                doer = re.match(r"(?:但|而|可)?" + chinese.pattern.join(("(?:", ")")), said)
                if (
                    doer
                    and doer[0] not in ("人", "权", "局")  # 人还没定: whom, and not who
                    and not _is_part_of_word(reading, zh.start + doer.end() - 1, doer[0])
                    and not english.search(reading.en, *reading.en_sentences[clause.sentence - 1])
                    and not re.match(r"的", said[doer.end() :])
                ):
                    yield _faulty(
                        f"In the Chinese “{doer[0]}” does this (“{zh.text.strip()}”), in the English we do.",
                        f"中文里是“{doer[0]}”做的(“{zh.text.strip()}”),英文变成了我们。",
                        clause.start,
                        clause.end,
                        zh,
                    )


def _is_part_of_word(reading: Reading, at: int, role: str) -> bool:
    """Whether a role of one character only begins a longer word: the 父 of 父体 is no father."""
    return len(role) == 1 and any(t.start <= at < t.end and len(t.text) > 1 for t in reading.terms)


# "Our customer service supervisor, Ah Jie, knew": none of the customers.
_NO_BUYER = re.compile(r"[- ](?:service|support|care|relations)\b", re.IGNORECASE)


def _verb_of(reading: Reading, k: int, rest: str) -> int:
    """The clause that holds a subject's verb: "our supplier, to save trouble, submitted", "buyers who had …, told them"."""
    if (
        not re.fullmatch(r"[A-Za-z ]+?,?", rest.strip())
        or len(rest.split()) > 3
        or k + 2 >= len(reading.en_clauses)
    ):
        return k
    here, following, after = reading.en_clauses[k : k + 3]
    if following.sentence != here.sentence:
        return k
    if re.match(r"\s*who\b", following.text):
        return k + 1
    if (
        after.sentence == here.sentence
        and "," in reading.en[here.end : following.start]
        and "," in reading.en[following.end : after.start]
    ):
        return k + 2
    return k


_HERSELF = re.compile(r"(?:是|由)?[她他](?:自己|本人)")


def _own_doers(reading: Reading) -> Iterator[RewriteFinding]:
    """她自己垫的 told of us: what she or he did alone needs a "she", "he" or a name."""
    for number, zh in enumerate(reading.zh_clauses):
        if not _HERSELF.search(reading.plain, zh.start, zh.end):
            continue
        row = reading.nearness[number]
        if not row or max(row) < 0.4:
            continue
        clause = reading.en_clauses[row.index(max(row))]
        start, end = reading.en_sentences[clause.sentence - 1]
        ours = re.search(r"\b(?:our company|we|our store)\b", clause.text, re.IGNORECASE)
        if ours and not re.search(
            r"\b(?:she|he|her|him|his|herself|himself|they|themselves|own)\b",
            reading.en[clause.start : end] if clause.start < end else reading.en[start:end],
            re.IGNORECASE,
        ):
            yield _faulty(
                f"In the Chinese this one person did it alone (“{zh.text.strip()}”), in the English we do.",
                f"中文里是本人自己做的(“{zh.text.strip()}”),英文变成了我们。",
                clause.start,
                clause.end,
                zh,
            )


def _by_another(reading: Reading) -> Iterator[RewriteFinding]:
    """ "recommended by Amazon" where the Chinese names the supplier as the one who did."""
    for role, (chinese, english) in _roles().items():
        if role in _OURS:
            continue
        for match in re.finditer(
            r"\bby\s+(?:the|our|an|a|its|their)?\s*" + english.pattern, reading.en, re.IGNORECASE
        ):
            k = reading.en_clause_of(match.start())
            if k is None or reading.en[match.end() : match.end() + 2] in ("'s", "’s"):
                continue
            likely = reading.counterparts(k, 0.999)
            if not likely:
                continue
            zh = reading.zh_clauses[likely[0]]
            said = reading.plain[zh.start : zh.end]
            others = [
                m[0]
                for other, (pattern, _) in _roles().items()
                if other != role and other not in _OURS
                for m in pattern.finditer(said)
                if not _acted_upon(said, m) and not _is_part_of_word(reading, zh.start + m.start(), m[0])
            ]
            if others and not chinese.search(said):
                yield _faulty(
                    f"The Chinese says “{others[0]}” did this (“{zh.text.strip()}”), the English “{match[0]}”.",
                    f"中文说是“{others[0]}”做的(“{zh.text.strip()}”),英文写的是“{match[0]}”。",
                    match.start(),
                    match.end(),
                    zh,
                )


def _has_doer(reading: Reading, zh: Clause) -> bool:
    """Whether a Chinese clause says who acts: a name or role at its head, or behind 由."""
    said = reading.plain[zh.start : zh.end]
    if any(zh.start <= n.start <= zh.start + 4 for n in reading.people):
        return True
    return any(
        m
        for chinese, _ in _roles().values()
        for m in chinese.finditer(said)
        if m.start() == 0 or said[m.start() - 1] in "由被"
    )


def _leading(text: str) -> int:
    lead = re.match(
        r"\W*(?:(?:and|but|that|because|when|while|although|so|then|however)\s+)*", text, re.IGNORECASE
    )
    return lead.end() if lead else 0


_OWN_DEED = re.compile(
    r"们?的?(?:多次|不少|一些|[0-9一二三四五六七八九十两几]+[个条次起封])?(?:投诉|反馈|评价|差评|评论|要求|申请|请求|同意|授权|通知|举报|警告|催单|留言|说法|承诺|确认|询问|回复|抱怨|退货|索赔)"
)
_RELATIVE = re.compile(r"(?!的)[^，,。；、]{1,7}(?:的(?![，,。；]|$)|过来的|回来的)")
_CAUSED = re.compile(
    r"(?:让|请|叫|要求|通知|安排|催|劝|允许|同意|委托|(?:交|托|包|外包|委托|转|派)给|交由)(?:了|过)?$"
)


def _acted_upon(said: str, mention: re.Match[str]) -> bool:
    """Whether a role stands behind a preposition or verb that makes it an object, or owns what follows."""
    before, after = said[: mention.start()], said[mention.end() :]
    if _OWN_DEED.match(after) or _RELATIVE.match(after):
        return False  # 买家的投诉: the buyers complained; 把买家退回来的帐篷: the buyers sent them back
    if after.startswith("的") or (after[:1] and after[0] in "号站"):
        return True
    if _CAUSED.search(before):
        return False  # 让工厂补开发票: the factory does it, and we have it done
    if before.endswith(("被", "由", "是", "有", "有个", "有的")):
        return False
    # A verb of ours before it: 没有回复买家消息, 联系了…买家.
    behind_verb = re.search(
        r"(?:回复|联系|要求|通知|告诉|寄给|退给|引导|误导|让|请|向|跟|给|对(?!方|于|此|应|照)|找|求)[^，,]*$",
        before,
    )
    return bool(_MARKED_BEFORE.search(before) or behind_verb)
