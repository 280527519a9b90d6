"""Names, left-over Chinese, and the roles of people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from poa.resources import read_words
from poa.rewrite.checks.base import RewriteFinding, markers
from poa.rewrite.names import TITLES, is_licensed, latin_kept, romanised
from poa.rewrite.reading import Reading
from poa.rewrite.words import free_stems, stem

__all__ = [
    "claims_have_words",
    "done_by_the_same",
    "kinds_of_people_kept",
    "metrics_named",
    "names_kept",
    "no_chinese_left",
    "people_keep_their_parts",
    "review_acts_kept",
    "roles_kept",
]

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+(?:[·、，\s]*[\u3400-\u9fff]+)*")


_QUOTED = re.compile(r"[\"“][^\"“”]{1,80}[\"”]")


def names_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Names that are dropped, and names the Chinese does not hold."""
    words = frozenset(word.lower() for word in re.findall(r"[A-Za-z]+", reading.en))
    for name in {n.text: n for n in reading.latin if len(n.text) > 1}.values():
        if name.text not in _SITES and not latin_kept(name.text, reading.en):
            yield _dropped(name.text, name.start, name.end)
    for person in {n.text: n for n in reading.people}.values():
        if not romanised(person, words, reading.lexicon) and not words & reading.extra_names:
            yield _dropped(person.text, person.start, person.end)
    quoted = (
        [(m.start(), m.end()) for m in _QUOTED.finditer(reading.en)]
        if "“" in reading.zh or '"' in reading.zh
        else []
    )
    for name in reading.en_names:
        if any(s <= name.start and name.end <= e for s, e in quoted) and all(
            word.lower() in reading.lexicon.plain_words for word in re.findall(r"[A-Za-z]{3,}", name.text)
        ):
            continue  # the title of a category or a rule, put into English: "Fashion Accessories" for “时尚配饰”
        if not is_licensed(name, reading.plain, reading.lexicon, reading.licensed, reading.extra_names):
            yield RewriteFinding(
                "invented_name",
                f"The name “{name.text}” does not come from the Chinese.",
                f"英文里的名称“{name.text}”在中文里找不到。",
                name.start,
                name.end,
            )


# JP帐篷 is the Japanese tent.
_SITES = frozenset(
    (
        "US",
        "UK",
        "JP",
        "DE",
        "FR",
        "IT",
        "ES",
        "CA",
        "EU",
        "MX",
        "AU",
        "USD",
        "RMB",
        "CNY",
        "EUR",
        "JPY",
        "GBP",
        "PO",
        "APP",
        "App",
        "logo",
        "OK",
        "ASIN",
        "ASINs",
        "SKU",
        "ID",
    )
)


def _dropped(text: str, start: int, end: int) -> RewriteFinding:
    return RewriteFinding(
        "dropped_name",
        f"The name “{text}” is missing in the English; keep it or write it in pinyin.",
        f"名称“{text}”在英文里没有;应保留原文或写拼音。",
        zh_start=start,
        zh_end=end,
    )


def no_chinese_left(reading: Reading) -> Iterator[RewriteFinding]:
    """Chinese characters in the English, but for a name in brackets behind its English form."""
    for match in _HAN_RUN.finditer(reading.en):
        before, after = reading.en[: match.start()], reading.en[match.end() :]
        bracketed = re.search(r"[A-Z][\w.]*\s?[(（]$", before) and re.match(r"[)）]", after)
        if bracketed and match[0] in reading.zh:
            continue
        yield RewriteFinding(
            "leftover_chinese",
            f"“{match[0]}” is still Chinese.",
            f"“{match[0]}”没有译成英文。",
            match.start(),
            match.end(),
        )


_REMOVES = re.compile(
    r"\b(?:remov\w+|delet\w+|withdr[ae]w\w*|tak\w+ down)\b[^.;]{0,40}?\b(?:reviews?|feedback|ratings?|comments?)\b|\b(?:reviews?|feedback|ratings?) (?:was|were|be|been|is|are) (?:removed|deleted|withdrawn)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:chang\w+|revis\w+|updat\w+|edit\w+|amend\w+|modif\w+|alter\w*)\b[^.;]{0,40}?\b(?:reviews?|feedback|ratings?|comments?)\b",
    re.IGNORECASE,
)
_ZH_REMOVES = re.compile("删|撤|移除|去掉|拿掉|清除|取消|下架|清理|消除")
_ZH_CHANGES = re.compile("改|更新|变|换|编辑|更正|调整|修")
_ZH_REVIEW = re.compile("评|反馈|星")


_METRIC = re.compile(r"\b[A-Z][\w-]*(?: [A-Z][\w-]*){0,4} (?:Rate|Rating)\b")


def metrics_named(reading: Reading) -> Iterator[RewriteFinding]:
    """A figure of Amazon's under another name: "Order Distribution Rate" for 订单缺陷率."""
    rows = markers()["metrics"]
    for match in _METRIC.finditer(reading.en):
        written = match[0].lower()
        known = [row for row in rows if any(written.endswith(form) for form in row["en"])]
        if any(word in reading.plain for row in known for word in row["zh"]):
            continue
        words = [stem(word) for word in re.findall(r"[A-Za-z]+", match[0])]
        strange = [
            word
            for word in words[:-1]
            if word not in free_stems() and not _worded(reading, word, near=bool(known))
        ]
        if known or strange:
            yield RewriteFinding(
                "changed_metric",
                f"“{match[0]}” is no figure that the Chinese speaks of.",
                f"“{match[0]}”不是中文所说的指标。",
                match.start(),
                match.end(),
            )


def _worded(reading: Reading, word: str, *, near: bool) -> bool:
    """Whether some Chinese term, or a name kept in Latin letters, is expressed by this very stem."""
    return not near and (word in reading.known_abroad or any(word in term.core for term in reading.terms))


def review_acts_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """Reviews removed where the Chinese has them changed, and the other way about: two acts under Amazon's policy."""
    if not _ZH_REVIEW.search(reading.plain):
        return
    for english, own, other, zh_en in (
        (_REMOVES, _ZH_REMOVES, _ZH_CHANGES, ("removed", "删除")),
        (_CHANGES, _ZH_CHANGES, _ZH_REMOVES, ("changed", "修改")),
    ):
        if own.search(reading.plain) or not other.search(reading.plain):
            continue
        for match in english.finditer(reading.en):
            yield RewriteFinding(
                "changed_act",
                f"“{match[0]}”: the Chinese does not say that a review was {zh_en[0]}.",
                f"“{match[0]}”:中文没有说{zh_en[1]}评论。",
                match.start(),
                match.end(),
            )


def roles_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """People whom the Chinese does not speak of."""
    for name, role in markers()["roles"].items():
        if name in ("amazon", "us", "staff", "buyer"):
            continue  # every one of these texts is about Amazon, us, and those who buy
        if any(word in reading.plain for word in role["zh"]):
            continue
        pattern = r"\b(?:" + "|".join(map(re.escape, role["en"])) + r")(?:s|es)?\b"
        match = re.search(pattern, reading.en, re.IGNORECASE)
        if (
            match
            and re.search(r"[A-Z]\w+\s+$", reading.en[max(0, match.start() - 16) : match.start()])
            and match[0][0].isupper()
        ):
            continue  # Environmental Protection Agency
        if match and not (match[0].lower() in ("i", "me") and match[0] != "I"):
            yield RewriteFinding(
                "changed_role",
                f"The Chinese speaks of no “{match[0]}”.",
                f"中文没有提到“{match[0]}”这个角色。",
                match.start(),
                match.end(),
            )


def kinds_of_people_kept(reading: Reading) -> Iterator[RewriteFinding]:
    """An accountant, a cousin, a predecessor of whom the whole Chinese text says nothing."""
    for kind in markers()["kinds_of_people"]:
        if any(word in reading.plain for word in kind["zh"]):
            continue
        pattern = r"(?<!-)\b(?:" + "|".join(map(re.escape, kind["en"])) + r")\b(?!-)"
        for match in re.finditer(pattern, reading.en, re.IGNORECASE):
            if (
                any(stem(match[0]) in term.core for term in reading.terms)
                or match[0] in reading.zh
                or match[0][0].isupper()
            ):
                continue
            yield RewriteFinding(
                "changed_role",
                f"The Chinese speaks of no “{match[0]}”.",
                f"中文没有提到“{match[0]}”。",
                match.start(),
                match.end(),
            )


@lru_cache(maxsize=1)
def _jobs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            re.compile("|".join(map(re.escape, row["zh"]))),
            re.compile(r"\b(?:" + "|".join(map(re.escape, row["en"])) + r")s?\b", re.IGNORECASE),
        )
        for row in markers()["jobs"]
    )


_BY_WHOM = re.compile(r"\bby\s+(?:the|our|an?|its|their)\s+[^.,;:]{0,40}", re.IGNORECASE)


def done_by_the_same(reading: Reading) -> Iterator[RewriteFinding]:
    """ "by our graphic designer" for 由店长审核: whom the Chinese names by trade as the doer is not another."""
    for clause in reading.zh_clauses:
        doer = re.search(
            r"(?:由|被)([^，,。；;]{1,8})|([^，,。；;由被]{2,8})所致",
            reading.plain[clause.start : clause.end],
        )
        told = [n for n, (zh, _) in enumerate(_jobs()) if doer and zh.search(doer[1] or doer[2])]
        if not told:
            continue
        kin = {e: share for (z, e), share in reading.kinship.items() if z == clause.sentence}
        for number in (e for e, share in kin.items() if share >= 0.6 * max(kin.values())):
            start, end = reading.en_sentences[number - 1]
            own = [c for c in reading.zh_clauses if c.sentence == clause.sentence]
            sentence = reading.plain[own[0].start : own[-1].end]
            for by in _BY_WHOM.finditer(reading.en, start, end):
                said = [n for n, (_, en) in enumerate(_jobs()) if en.search(by[0])]
                known = any(_jobs()[n][0].search(sentence) for n in said)
                if said and not known and not any(_jobs()[n][1].search(reading.en, start, end) for n in told):
                    yield RewriteFinding(
                        "changed_role",
                        f"“{by[0].strip()}”: the Chinese has it done by another (“{clause.text.strip()}”).",
                        f"中文里不是“{by[0].strip()}”做的(“{clause.text.strip()}”)。",
                        by.start(),
                        by.end(),
                        clause.start,
                        clause.end,
                        rule="by",
                    )
                    return


@lru_cache(maxsize=1)
def _claims() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    path = Path(__file__).resolve().parents[1] / "data" / "claims.yaml"
    loaded: dict[str, list[dict[str, list[str]]]] = read_words(path)
    return tuple(
        (
            re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, row["en"])) + r")(?![\w-])", re.IGNORECASE),
            re.compile("|".join(map(re.escape, row["zh"]))),
        )
        for row in loaded["claims"]
    )


def claims_have_words(reading: Reading) -> Iterator[RewriteFinding]:
    """Apologies, trainings, receipts, motives where the Chinese, there and right beside, has no character for them."""
    for english, chinese in _claims():
        for match in english.finditer(reading.en):
            k = reading.en_clause_of(match.start())
            if k is None or (match[0][0].isupper() and " " not in match[0]):
                continue
            sentence = reading.en_clauses[k].sentence
            kin = {z: share for (z, e), share in reading.kinship.items() if e == sentence}
            near = {z for z, share in kin.items() if share >= 0.3 * max(kin.values())}
            near |= {reading.zh_clauses[n].sentence for n in reading.counterparts(k)[:3]}
            near |= {z + step for z in near for step in (-1, 1)}
            if not near or any(
                chinese.search(reading.plain, c.start, c.end)
                for c in reading.zh_clauses
                if c.sentence in near
            ):
                continue
            yield RewriteFinding(
                "added_content",
                f"“{match[0]}”: the Chinese says nothing of the kind here.",
                f"“{match[0]}”:中文这里没有这样的内容。",
                match.start(),
                match.end(),
                rule="claim",
            )


def people_keep_their_parts(reading: Reading) -> Iterator[RewriteFinding]:
    """One named person in another's place: "Xiao Lin is to check" for 由黄总确认."""
    persons = {p.text: p for p in reading.people}
    if len(persons) < 2:
        return
    spoken = {text: _sounds(reading, text) for text in persons}
    for k, clause in enumerate(reading.en_clauses):
        words = {word.lower() for word in re.findall(r"[A-Za-z]+", clause.text)}
        here = [text for text, sounds in spoken.items() if sounds and words & sounds]
        likely = reading.counterparts(k, 0.999)[:1]
        if len(here) != 1 or not likely or reading.nearness[likely[0]][k] < 1.0:
            continue
        zh = reading.zh_clauses[likely[0]]
        near = [c for c in reading.zh_clauses if abs(c.sentence - zh.sentence) <= 1]
        told = reading.plain[near[0].start : near[-1].end]
        if _named(here[0], told):
            continue
        others = [text for text in persons if _named(text, reading.plain[zh.start : zh.end])]
        whole = {
            w.lower()
            for w in re.findall(r"[A-Za-z]+", reading.en[slice(*reading.en_sentences[clause.sentence - 1])])
        }
        if others and not any(spoken[o] & whole for o in others):
            yield RewriteFinding(
                "changed_role",
                f"The Chinese says this of “{others[0]}” (“{zh.text.strip()}”), the English of another.",
                f"中文说的是“{others[0]}”(“{zh.text.strip()}”),英文写成了别人。",
                clause.start,
                clause.end,
                zh.start,
                zh.end,
            )


def _sounds(reading: Reading, person: str) -> frozenset[str]:
    """The syllable that tells a person from the others: the surname, of 小林 the second character."""
    character = person[1] if person[0] in "小老阿" and len(person) > 1 else person[0]
    return reading.lexicon.pinyin.get(character, frozenset())


def _named(person: str, told: str) -> bool:
    """Whether a Chinese stretch names a person, also by 小 or 总 and the same surname."""
    character = person[1] if person[0] in "小老阿" and len(person) > 1 else person[0]
    return (
        person in told
        or character in told
        or any(
            form in told
            for form in (f"小{character}", f"老{character}", *(f"{character}{title}" for title in TITLES))
        )
    )
