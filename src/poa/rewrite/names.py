"""Names in both languages: kept as written, or romanised; never dropped, never another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from poa.rewrite.lexicon import Lexicon
from poa.rewrite.words import data_lines, free_stems, stem

__all__ = [
    "TITLES",
    "Name",
    "chinese_names",
    "english_names",
    "equivalents",
    "is_licensed",
    "latin_kept",
    "latin_names",
    "likely_people",
    "public_words",
    "role_words",
    "romanised",
    "spelled_at",
    "spelled_name",
]

# A run of Latin letters in Chinese text, words joined by single spaces: "Tanzeek Home", "A-to-z".
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&'’.+_-]*(?: [A-Za-z0-9&'’.+-]+)*")
_CAPITAL = re.compile(
    r"(?<![A-Za-z0-9@./-])(?:[A-Z][\w'’&+-]*|[a-z]+[A-Z]\w*)(?:\.[a-z]{2,4}\b(?:\.[a-z]{2}\b)?)?"
)
# A line of its own in title case without a stop, "Statement of Circumstances", names nobody.
_HEADING = re.compile(r"^(?:(?:[A-Z][a-z]+|of|the|and|for|to|on|our)\b:?[ ]?){1,7}$", re.MULTILINE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n\s*|[\"“(]\s*|[-•*]\s+)$")


# Behind a surname, what people are called by to their face: 陈总, 吴姐, 阮哥. English has a title for each of them.
TITLES = tuple("总姐哥叔婶嫂伯姨董")
_ENGLISH_TITLES = {
    "sister": "姐", "jie": "姐", "brother": "哥", "ge": "哥", "uncle": "叔伯", "aunt": "婶姨嫂", "auntie": "婶姨嫂",
    "boss": "总董", "director": "总董", "manager": "总", "president": "总", "chairman": "董", "engineer": "工",
    "teacher": "师", "master": "师",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def public_words() -> frozenset[str]:
    """Capitalised words of the trade that are no one's name: Amazon's own terms, months, currencies."""
    return frozenset(word for line in data_lines("public_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(char for line in data_lines("surnames.txt") for char in line.split())


@lru_cache(maxsize=1)
def _equivalents() -> dict[str, tuple[str, ...]]:
    rows = (line.split("\t") for line in data_lines("abbreviations.tsv"))
    return {row[0].lower(): tuple(part.strip().lower() for part in row[1].split(",")) for row in rows}


def equivalents(name: str) -> tuple[str, ...]:
    """The English forms of an abbreviation used in Chinese, in lower case: ODR, A-to-z."""
    return tuple(form for word in (name, *name.split(" ")) for form in _equivalents().get(word.lower(), ()))


def latin_names(zh: str, blocked: list[tuple[int, int]]) -> tuple[Name, ...]:
    """The words in Latin letters of a Chinese text, apart from values."""
    found = []
    for match in _LATIN.finditer(zh):
        if (
            any(match.start() < end and start < match.end() for start, end in blocked)
            or zh[match.start() - 1 : match.start()].isdigit()
        ):
            continue
        found.append(Name(match[0].rstrip(".'-"), match.start(), match.start() + len(match[0].rstrip(".'-"))))
    return tuple(found)


def latin_kept(name: str, english: str) -> bool:
    """Whether a Latin name of the Chinese stands in the English, or the form it is known by there."""
    lower = english.lower()
    if re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", lower):
        return True
    if any(
        re.search(rf"(?<![a-z0-9]){re.escape(form)}", lower) for form in _equivalents().get(name.lower(), ())
    ):
        return True
    squeezed = re.sub(r"[^a-z0-9]", "", name.lower())
    if len(squeezed) > 3 and squeezed in re.sub(r"[^a-z0-9]", "", lower):
        return True
    words = name.split(" ")
    return len(words) > 1 and all(latin_kept(word, english) for word in words)


def chinese_names(zh: str, lexicon: Lexicon) -> tuple[Name, ...]:
    """Names of people in a Chinese text, as far as their place gives them away: 采购小吴, 法人李雪梅, 王总.

    Only names that follow a role or stand at the head of a clause are taken; the end of a name is not known for
    sure, so `text` may be a character short.
    """
    roles = "|".join(sorted(map(re.escape, role_words()), key=len, reverse=True))
    surname = "[" + "".join(sorted(_surnames())) + "]"
    pattern = re.compile(
        rf"(?:(?<=[，。；：、,;:\s（(“])|(?P<role>{roles})(?:叫|是|：)?)(?P<name>阿(?![里姨拉联根富尔司迪波])[\u4e00-\u9fff](?=[在把被的也又已没不说是找让自用管去从于，。、])|(?:小|老|阿){surname}(?![\u4e00-\u9fff]?店)|{surname}[\u4e00-\u9fff]{{1,2}})"
    )
    found = []
    for match in pattern.finditer(zh):
        name = match["name"]
        at = match.start("name")
        if name[0] == "和":
            continue  # 表妹和两个同学
        if name[0] in "小老阿":
            if match["role"] or name[0] in "小阿":
                found.append(Name(name, at, at + 2))
            continue
        if name[1] in TITLES and not (name[1] != "总" and lexicon.knows(zh[at + 1 : at + 3])):
            found.append(Name(name[:2], at, at + 2))  # 陈总 is Mr. or Ms. Chen, 吴姐 Sister Wu
            continue
        if name[0] in _SURE_SURNAMES and re.match(r"先生|女士|小姐|老师", zh[at + 1 :]):
            found.append(Name(f"{name[0]}总", at, at + 1))  # 郭先生: the surname alone, as in 郭总
            continue
        if name[0] == "时" or any(c in _NEVER_A_NAME for c in name[1:2]):
            continue  # 采购时仅: "when buying"; 运营高了
        if not match["role"] and name[0] not in _SURE_SURNAMES:
            continue  # 查了, 高了, 于是: a rare surname needs a role word before it
        if (
            not match["role"]
            and not re.match(r"(?:已|把|被|于|是|在|没|说|用|又|也|曾|将)", zh[at + 2 : at + 3] or "")
            and not re.match(r"(?:已|把|被|于|是|在|没|说|用|又|也|曾|将)", zh[at + 3 : at + 4] or "")
        ):
            continue
        if any(
            _is_word(zh[at + first : at + last], lexicon) for first, last in ((0, 2), (1, 3), (0, 3), (0, 4))
        ):
            continue
        if len(name) == 3 and lexicon.knows(zh[at + 2 : at + 4]):
            name = name[:2]  # 采购陈立|离职
        found.append(Name(name, at, at + len(name)))
    return tuple(found)


# The surnames of nine people in ten that are hardly ever another word's beginning.
_SURE_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱林郭何罗郑梁谢宋唐许邓韩冯曹曾彭蔡潘袁董叶杜苏魏吕丁沈姚卢姜崔钟谭廖范汪陆贾韦夏付邹熊孟秦薛侯雷段郝龚邵覃武戴莫樊葛邢倪庄聂鲁岳翟殷詹欧耿焦俞"
# What follows a verb or a noun and opens no given name.
_NEVER_A_NAME = frozenset(
    "了过着的地得就也还都没不已把被于是在说用又曾将和跟与向从给让对为未早直却并自去来有由完后前仅均亦才只既则须应该需必及或而因"
)
_BEFORE_A_PERSON = (
    r"(?<=[跟和与给让叫找由被把请对向同及是有派托说])|(?<=后来|当时|平时|一直|其实)|(?<![\u4e00-\u9fff])"
)
_AFTER_A_PERSON = r"(?=[一说把在已也就去来的和跟与给用没从向对是将被又才都就曾于亲自负联离辞入做写发改删承]|[^\u4e00-\u9fff]|$)"


def likely_people(zh: str, lexicon: Lexicon) -> tuple[Name, ...]:
    """Names of people that no role word announces, by surname, given name and what stands around them: 跟李静说.

    Both ends have to show, and no word of the dictionary may be in it: what is no name and goes to a model as one
    would lose its meaning. A name between other words is not found; the user's list of names is for those.
    """
    given = f"(?![{''.join(_GOES_ON)}])[\u4e00-\u9fff]"
    pattern = re.compile(
        rf"(?:{_BEFORE_A_PERSON})(?P<name>[{_SURE_SURNAMES}](?:{given}){{1,2}}?){_AFTER_A_PERSON}"
    )
    found = []
    for match in pattern.finditer(zh):
        name, at = match["name"], match.start("name")
        around = (
            *(zh[max(0, at - 1) : at + n] for n in (1, 2)),
            *(zh[at : at + n] for n in (2, 3, 4)),
            # A given name may be a word (建国); one that runs on past the name shows that there is none.
            zh[at + len(name) - 1 : at + len(name) + 1],
        )
        # 武汉 and 周五 are words of their own, capital or not.
        if re.match("周[一二三四五六日末]", name) or lexicon.knows(name[:2]):
            continue
        if not any(len(word) > 1 and _is_word(word, lexicon) for word in around):
            found.append(Name(name, at, at + len(name)))
    return tuple(found)


def _is_word(text: str, lexicon: Lexicon) -> bool:
    """Whether characters are an everyday word, not a name: a name's pinyin has a capital in the dictionary."""
    if text in lexicon.curated:
        return True
    return len(text) > 1 and text in lexicon.glosses and not lexicon.sounds.get(text, "")[:1].isupper()


@lru_cache(maxsize=1)
def role_words() -> tuple[str, ...]:
    """What people are called by their work, or by how they are related: a name may stand right behind."""
    return tuple(word for line in data_lines("role_words.txt") for word in line.split())


def romanised(name: Name, english_words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether a Chinese name of a person stands in the English, given name and surname in any order."""
    sounds = [lexicon.pinyin.get(char, frozenset()) for char in name.text]
    if not all(sounds):
        return True
    first = name.text[0]
    if first in "小老阿":
        return bool(english_words & sounds[1])
    if name.text[1:] in TITLES:
        return bool(english_words & sounds[0])
    surname = bool(english_words & sounds[0])
    given = set(sounds[1]) | ({a + b for a in sounds[1] for b in sounds[2]} if len(sounds) > 2 else set())
    if len(sounds) == 2 and any(w.startswith(g) for w in english_words for g in given if len(g) > 2):
        return surname  # 老板罗建明知道: where the name ends does not show
    return surname and bool(english_words & given)


def english_names(english: str, blocked: list[tuple[int, int]]) -> tuple[Name, ...]:
    """Words of an English text that are capitalised without opening a sentence, in runs, apart from Amazon's terms."""
    words = []
    headings = [(m.start(), m.end()) for m in _HEADING.finditer(english)]
    for match in _CAPITAL.finditer(english):
        if any(start <= match.start() < end for start, end in headings):
            continue
        if any(match.start() < end and start < match.end() for start, end in blocked):
            continue
        text = re.sub(
            r"['’]s?$|-(?:based|made|owned|only|branded|listed|labell?ed|issued|speaking|language|registered|side)$",
            "",
            match[0],
        )
        if len(text) == 1 and english[match.end() : match.end() + 1] == ".":
            continue  # the letters of U.S. and the initials of a name
        if text in public_words() or text.rstrip("s") in public_words():
            continue
        opening = (
            bool(_SENTENCE_START.search(english[max(0, match.start() - 4) : match.start()]))
            or match.start() == 0
        )
        words.append((Name(text, match.start(), match.start() + len(text)), opening))
    runs: list[Name] = []
    for n, (word, opening) in enumerate(words):
        if runs and re.fullmatch(r"[ -]", english[runs[-1].end : word.start]):
            runs[-1] = Name(english[runs[-1].start : word.end], runs[-1].start, word.end)
        elif (
            opening
            and not (n + 1 < len(words) and english[word.end : words[n + 1][0].start] == " ")
            and word.text[1:].islower()
        ):
            # A capital at the head of a sentence says nothing; the word is checked like any other.
            continue
        else:
            runs.append(word)
    return tuple(runs)


def is_licensed(
    name: Name, zh: str, lexicon: Lexicon, licensed_stems: frozenset[str], extra: frozenset[str]
) -> bool:
    """Whether each word of an English name comes from the Chinese: kept, romanised, translated, or the user's own."""
    lower = zh.lower()
    words = re.findall(r"[A-Za-z0-9&]+", name.text)
    sounds = [word.lower() for word in words]
    at = 0
    while at < len(sounds):
        for size in range(len(sounds) - at, 0, -1):
            run = sounds[at : at + size]
            if (
                _in_latin(run, lower)
                or (_spelled("".join(run), zh, lexicon, alone=size == 1))
                or set(run) <= extra
            ):
                at += size
                break
        else:
            word = sounds[at]
            if (
                stem(word) in licensed_stems
                or (word == "ah" and "阿" in zh)
                or any(char in zh for char in _ENGLISH_TITLES.get(word, ""))
                or stem(word) in free_stems()
                or words[at] in public_words()
                or any(
                    word in form.split()
                    or (word == abbreviation and any(abbreviation in lower for _ in (0,)))
                    for abbreviation, forms in _equivalents().items()
                    for form in forms
                    if abbreviation in lower or any(f in lower for f in forms)
                )
            ):
                at += 1
                continue
            # 青岛海屿渔具 is Qingdao Haiyu Fishing Tackle: what a firm trades in is put into plain words.
            kept = sum(
                1
                for run in sounds
                if run != word and (stem(run) in licensed_stems or _spelled(run, zh, lexicon, alone=True))
            )
            if len(sounds) >= 3 and kept >= 2:
                at += 1
                continue
            return False
    return True


def _in_latin(run: list[str], zh: str) -> bool:
    return bool(
        re.search(
            r"(?<![a-z0-9])" + r"[^a-z0-9\u4e00-\u9fff]*".join(map(re.escape, run)) + r"(?![a-z0-9])", zh
        )
    )


def _spelled(sound: str, zh: str, lexicon: Lexicon, *, alone: bool) -> bool:
    """Whether Chinese characters in a row are read as this sound; a lone syllable must be a surname or a 小X."""
    return any(True for _ in _runs(sound, zh, lexicon, alone=alone))


def spelled_at(sound: str, zh: str, lexicon: Lexicon) -> tuple[int, ...]:
    """Where in a Chinese text characters in a row are read as this sound, as a name's are."""
    return tuple(_runs(sound, zh, lexicon, alone=True))


def _runs(sound: str, zh: str, lexicon: Lexicon, *, alone: bool) -> Iterator[int]:
    for start, char in enumerate(zh):
        readings = lexicon.pinyin.get(char)
        if not readings:
            continue
        ends = [(start, "")]
        while ends:
            at, spelled = ends.pop()
            if spelled == sound:
                if (
                    at - start > 1
                    or not alone
                    or zh[start] in _surnames()
                    or (start and zh[start - 1] in "小老阿")
                ):
                    yield start
                    break
                continue
            if at < len(zh):
                for reading in lexicon.pinyin.get(zh[at], ()):
                    plain = reading.replace("u:", "v")
                    if sound.startswith(spelled + plain):
                        ends.append((at + 1, spelled + plain))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A person's name in pinyin, and how many characters of the Chinese it takes."""

    text: str
    length: int


def spelled_name(written: str, lexicon: Lexicon) -> Spelled | None:
    """A person's name in pinyin: 小吴 is Xiao Wu, 王总 Mr. Wang, 李雪梅 Li Xuemei.

    The third character is taken for the name only when it is not one that goes on with the sentence.
    """
    characters = written
    if len(written) == 3 and written[2] in _GOES_ON:
        characters = written[:2]
    sounds = [
        _reading(char, lexicon, surname=n == (1 if written[0] in "小老阿" else 0))
        for n, char in enumerate(characters)
    ]
    if not all(sounds):
        return None
    if len(characters) == 2 and characters[1] == "总":
        return Spelled(f"Mr. {sounds[0].capitalize()}", 2)
    return Spelled(f"{sounds[0].capitalize()} {''.join(sounds[1:]).capitalize()}", len(characters))


_GOES_ON = frozenset("已把被于是在没说用又也曾将的和跟与向从给让对为未早直就却并却自从去来有由")
_SURNAME_READINGS = {
    "曾": "zeng",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "华": "hua",
    "尉": "wei",
    "盖": "ge",
}


def _reading(char: str, lexicon: Lexicon, *, surname: bool) -> str:
    if surname and char in _SURNAME_READINGS:
        return _SURNAME_READINGS[char]
    return lexicon.usual_reading(char)
