"""Who is spoken of: each mention of a party in the Chinese and in the English, under one key for both.

A party is a named person, a named firm or site kept in Latin letters, or a role: the buyers, the supplier, our own
customer service, we ourselves. Pronouns other than "we" are nobody's: whom they mean is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from poa.rewrite.names import TITLES, romanised
from poa.rewrite.reading import Reading

__all__ = ["Mention", "chinese_mentions", "english_mentions", "same_party"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a party: `key` is `person:林海涛`, `kin:wife`, `name:paypal` or `role:buyer`."""

    key: str
    text: str
    start: int
    end: int


# Role: Chinese words, English words. Longer words are tried first.
_ROLES = {
    "us": ("我们|我司|我方|本公司|公司|我店|本店|店里", r"we|our company|the company|our store"),
    "service": ("客服", r"customer[- ]service(?: (?:team|agents?|staff|department|employees?|representatives?))?|(?:support|service) agents?"),
    "warehouse": ("仓库|仓管|打包工|打包员", r"(?:the |our )?warehouse(?: (?:team|staff|keeper|supervisor|manager|workers?))?|packers?"),
    "boss": ("老板(?!娘)|总经理|店主", r"(?:the |our )?(?:owner|boss|general manager|proprietor)(?!['’])"),
    "buyer": ("买家|客户|顾客|买手|消费者", r"buyers?|customers?|reviewers?|recipients?|shoppers?"),
    "supplier": ("供应商|工厂|厂家|供货商|印刷厂", r"suppliers?|factory|manufacturers?|printers?|printing (?:house|factory|company|shop)"),
    "provider": ("服务商|中介|机构|刷手|测评公司|代运营", r"service providers?|(?:review )?agency|agencies|providers?|intermediary|brokers?"),
    "carrier": ("货代|物流商|快递|承运商|物流公司", r"(?:freight )?forwarders?|carriers?|couriers?|logistics (?:provider|company)"),
    "amazon": ("亚马逊|平台", r"amazon"),
    "lawyer": ("律师|法务", r"lawyers?|attorneys?|(?:legal )?counsel"),
    "friend": ("亲友|朋友|同学|亲戚|家属|家里人", r"friends?|relatives?|family members?|acquaintances?|classmates?"),
    "operations": ("运营(?!商|主管|经理|总监)", r"(?:the |our )?operations(?: (?:team|staff|department|employees?|colleagues?))?"),
    "purchasing": ("采购(?:部门?|员|人员)", r"(?:the |our )?(?:purchasing|procurement)(?: (?:team|staff|department))|purchasers?"),
    "employee": ("员工|同事", r"employees?|staff|staff members?|colleagues?"),
}  # fmt: skip


# Who is related to the one who tells it: each of them is one person, and never another of these. The longer ties first.
_KIN = {
    "self": ("我(?![们司方店家爸妈姐妹哥弟的老媳太公婆先叔])", r"I(?!['’.]?[A-Z])"),
    "brother_in_law": ("小舅子|大舅子|舅子|小叔子?|姐夫|妹夫|大伯子", r"brothers?-in-law|(?:wife|husband|sister)['’]s (?:(?:younger|elder|older|little|big) )?(?:brother|husband)"),
    "sister_in_law": ("小姨子|小姑子?|嫂子|弟媳|大姑子", r"sisters?-in-law|(?:wife|husband|brother)['’]s (?:(?:younger|elder|older) )?(?:sister|wife)"),
    "mother_in_law": ("婆婆|岳母|丈母娘", r"mother-in-law|(?:wife|husband)['’]s mother"),
    "father_in_law": ("公公|岳父|丈人(?!母)|老丈人", r"father-in-law|(?:wife|husband)['’]s father"),
    "wife": ("老婆|媳妇|太太|妻子|老板娘", r"(?<!my )(?<!our )wife(?!['’])|(?:my|our|his|owner['’]s|boss['’]s) wife(?!['’])"),
    "husband": ("老公|丈夫", r"husband(?!['’])"),
    "mother": ("我妈|母亲|妈妈|老妈", r"mother(?!-in-law)(?!['’])"),
    "father": ("我爸|父亲|爸爸|老爸", r"father(?!-in-law)(?!['’])"),
    "sister": ("我姐(?!夫)|我妹(?!夫)|姐姐|妹妹", r"sister(?!-in-law)(?!['’])"),
    "brother": ("我哥|我弟(?!媳)|哥哥|弟弟", r"(?<!wife's )(?<!husband's )brother(?!-in-law)(?!['’])"),
    "cousin": ("表[哥弟姐妹]|堂[哥弟姐妹]", r"cousins?"),
    "son": ("儿子", r"son(?!-in-law)"),
    "daughter": ("女儿", r"daughter(?!-in-law)"),
    "nephew": ("侄子|外甥(?!女)", r"nephew"),
    "uncle": ("叔叔|舅舅|大伯", r"uncle"),
    "roommate": ("室友", r"roommate|flatmate"),
}  # fmt: skip


@lru_cache(maxsize=1)
def _kin_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    zh = "|".join(f"(?P<{role}>{words})" for role, (words, _) in _KIN.items())
    en = "|".join(f"(?P<{role}>(?:{words}))" for role, (_, words) in _KIN.items())
    return re.compile(zh), re.compile(rf"(?<![\w-])(?:{en})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    zh = "|".join(f"(?P<{role}>{words})" for role, (words, _) in _ROLES.items())
    en = "|".join(f"(?P<{role}>(?:{words}))" for role, (_, words) in _ROLES.items())
    return re.compile(zh), re.compile(rf"(?<![\w-])(?:{en})(?![\w-])", re.IGNORECASE)


def chinese_mentions(reading: Reading) -> tuple[Mention, ...]:
    """The parties of the Chinese, in order."""
    found = [Mention(f"person:{_known(reading, p.text)}", p.text, p.start, p.end) for p in reading.people]
    # A name told once is known wherever it stands.
    for person in {p.text for p in reading.people if len(p.text) > 2 and p.text[-1] not in TITLES}:
        for form in (person, person[1:]):
            found += [
                Mention(f"person:{person}", form, m.start(), m.end())
                for m in re.finditer(re.escape(form), reading.plain)
                if not any(m.start() < f.end and f.start < m.end() for f in found)
            ]
    for person in {p.text for p in reading.people if len(p.text) == 2}:
        found += [
            Mention(f"person:{_known(reading, person)}", person, m.start(), m.end())
            for m in re.finditer(re.escape(person), reading.plain)
            if not any(m.start() < f.end and f.start < m.end() for f in found)
        ]
    found += [
        Mention(f"name:{n.text.lower()}", n.text, n.start, n.end) for n in reading.latin if len(n.text) > 2
    ]
    for kind, pattern in (("kin", _kin_patterns()[0]), ("role", _patterns()[0])):
        for m in pattern.finditer(reading.plain):
            if not any(m.start() < f.end and f.start < m.end() for f in found):
                found.append(Mention(f"{kind}:{m.lastgroup}", m[0], m.start(), m.end()))
    return tuple(sorted(found, key=lambda m: m.start))


def _known(reading: Reading, person: str) -> str:
    """The full name behind 黄总 and 小林, when only one person bears it."""
    surname = person[1] if person[0] in "小老阿" and len(person) > 1 else person[0]
    if len(person) > 2 and person[-1] not in TITLES:
        return person
    full = {
        p.text
        for p in reading.people
        if len(p.text) > 2 and p.text[-1] not in TITLES and p.text[0] == surname
    }
    return next(iter(full)) if len(full) == 1 else person


def english_mentions(reading: Reading, chinese: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The parties of the English, in order, under the keys of the Chinese."""
    found: list[Mention] = []
    people = {m.key: m for m in chinese if m.key.startswith("person:")}
    for match in re.finditer(
        r"(?:(?:Mr|Mrs|Ms|Miss)\.?\s+)?(?:(?:A|Ah)[ -])?[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*", reading.en
    ):
        words = frozenset(w.lower() for w in re.findall(r"[A-Za-z]+", match[0]))
        key = _bearer(reading, words, tuple(people))
        if key:
            found.append(Mention(key, match[0], match.start(), match.end()))
    for key, name in {m.key: m.text for m in chinese if m.key.startswith("name:")}.items():
        found += [
            Mention(key, m[0], m.start(), m.end())
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", reading.en, re.IGNORECASE)
        ]
    for kind, pattern in (("kin", _kin_patterns()[1]), ("role", _patterns()[1])):
        for m in pattern.finditer(reading.en):
            if not any(m.start() < f.end and f.start < m.end() for f in found):
                found.append(Mention(f"{kind}:{m.lastgroup}", m[0], m.start(), m.end()))
    return tuple(sorted(found, key=lambda m: m.start))


def same_party(mentions: tuple[Mention, ...], text: str) -> dict[str, frozenset[str]]:
    """The keys that mean one party, by key: 小舅子阿斌 is both a brother-in-law and A Bin."""
    groups: dict[str, set[str]] = {m.key: {m.key} for m in mentions}
    for a, b in pairwise(mentions):
        ties = {a.key.partition(":")[0], b.key.partition(":")[0]}
        if ties == {"kin", "person"} and re.fullmatch(r"[叫是,，(（]?", text[a.end : b.start]):
            joined = groups[a.key] | groups[b.key]
            for key in joined:
                groups[key] = joined
    return {key: frozenset(group) for key, group in groups.items()}


def _bearer(reading: Reading, words: frozenset[str], keys: tuple[str, ...]) -> str | None:
    """The one Chinese person whose name an English one spells; None where two may be meant."""
    from poa.rewrite.names import Name

    full = []
    partly = []
    for key in keys:
        name = key.removeprefix("person:")
        if romanised(Name(name, 0, 0), words, reading.lexicon):
            full.append(key)
            continue
        character = name[1] if name[0] in "小老阿" and len(name) > 1 else name[0]
        if words & reading.lexicon.pinyin.get(character, frozenset()):
            partly.append(key)
    if full:
        return full[0] if len(full) == 1 else None
    titled = (
        words & {"mr", "mrs", "ms", "miss", "xiao", "lao", "a", "ah", "sister", "brother", "manager", "uncle"}
        and len(words) <= 2
    )
    return partly[0] if len(partly) == 1 and titled else None
