"""A Chinese summary and its English, laid side by side: clauses, terms, words, figures, and which belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from poa.rewrite.figures import IDENTIFIERS, Figure, chinese_figures, english_figures, parted_range, says_same
from poa.rewrite.lexicon import Lexicon, Term
from poa.rewrite.names import (
    Name,
    chinese_names,
    english_names,
    equivalents,
    latin_names,
    public_words,
    spelled_at,
)
from poa.rewrite.words import Token, free_stems, near_stems, stem, tokens

__all__ = ["Clause", "Reading", "read"]

# An enumeration's parts are clauses of their own when they are long enough to be dropped unseen.
_ZH_CLAUSE = re.compile(
    r"(?:[^，。；：！？,;:!?\n、]|、(?=[^、，。；：！？,;:!?\n]{0,3}(?:[、，。；：！？,;:!?\n]|$))|(?<![^、，。；：！？,;:!?\n][^、，。；：！？,;:!?\n][^、，。；：！？,;:!?\n][^、，。；：！？,;:!?\n])、)+"
)
_ZH_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?|\n")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Co|Ltd|Inc|No|Nos|approx|vs|etc|e\.g|i\.e|[ap]\.m|U\.S|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$",
    re.IGNORECASE,
)
_EN_CUT = re.compile(
    r"[,;:()—–\n\"“”]+|(?<=[.!?])\s+|\s-\s"
    r"|\s(?=(?:and|but|or|nor|which|who|whom|whose|although|though|while|whereas|because|so that|that|after|before|until|when|where|yet|then|for which|in order to|instead of|rather than|as well as|without|with)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A stretch of one text between two breaks; `sentence` numbers the sentence it stands in."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Reading:
    """Both texts taken apart once, for every check to look at."""

    zh: str
    en: str
    lexicon: Lexicon
    extra_names: frozenset[str]

    @cached_property
    def plain(self) -> str:
        """The Chinese in simplified characters and half-width punctuation, offsets unchanged."""
        return self.lexicon.simplify(self.zh)

    @cached_property
    def zh_figures(self) -> tuple[Figure, ...]:
        return chinese_figures(self.plain)

    @cached_property
    def en_figures(self) -> tuple[Figure, ...]:
        found: list[Figure] = []
        for figure in english_figures(self.en):
            whole = ".." not in figure.canonical or any(self.same(zh, figure) for zh in self.zh_figures)
            found += (figure,) if whole else parted_range(figure)
        return tuple(found)

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that the Chinese names."""
        return frozenset(
            f.canonical[:4] for f in self.zh_figures if f.kind == "date" and f.canonical[:4].isdigit()
        )

    @cached_property
    def dollar(self) -> str:
        """What a bare $ means: Canadian dollars only where the Chinese speaks of nothing else."""
        money = {f.canonical.lstrip("~<>=")[:3] for f in self.zh_figures if f.kind == "money"}
        dollars = money & {"USD", "CAD", "AUD", "HKD"}
        return next(iter(dollars)) if len(dollars) == 1 else "USD"

    def same(self, zh: Figure, en: Figure) -> bool:
        """Whether an English figure says what a Chinese one says."""
        key = (zh.kind, f"{zh.currency}{zh.canonical}", en.kind, en.canonical, en.text[:4])
        known = self._compared.get(key)
        if known is None:
            known = self._compared[key] = says_same(zh, en, self.years, dollar=self.dollar)
        return known

    @cached_property
    def _compared(self) -> dict[tuple[str, str, str, str, str], bool]:
        return {}

    @cached_property
    def place(self) -> dict[int, int]:
        """The number of each English word, by the word's identity."""
        return {id(t): n for n, t in enumerate(self.words)}

    @cached_property
    def latin(self) -> tuple[Name, ...]:
        return latin_names(self.zh, [(f.start, f.end) for f in self.zh_figures if f.kind in IDENTIFIERS])

    @cached_property
    def people(self) -> tuple[Name, ...]:
        # The 管 of 主管 begins no name.
        return tuple(
            n
            for n in chinese_names(self.plain, self.lexicon)
            if not (
                n.text[0] in "管长理"
                and self.plain[max(0, n.start - 1) : n.start] in ("主", "仓", "总", "店", "经")
            )
        )

    @cached_property
    def en_names(self) -> tuple[Name, ...]:
        return english_names(self.en, [(f.start, f.end) for f in self.en_figures])

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        # 一半 and 两倍 are words as well as figures: "half", "doubled".
        figures = [f for f in self.zh_figures if not (f.optional and f.text.endswith(("半", "半数", "倍")))]
        taken = [(f.start, f.end + self._measured(f)) for f in figures]
        taken += [(n.start, n.end) for n in self.latin] + [(n.start, n.end) for n in self.people]
        remembered = self.lexicon.remembered
        if self.plain not in remembered:
            if len(remembered) > 64:
                remembered.clear()
            remembered[self.plain] = self.lexicon.terms(self.plain, taken)
        return remembered[self.plain]

    def _measured(self, figure: Figure) -> int:
        """1 when a measure word stands right behind a number: 五十多个子体 is not 个子."""
        return int(
            figure.kind == "number" and self.plain[figure.end : figure.end + 1] in tuple("个件条张起家次位名")
        )

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The English words outside figures."""
        figures = [(f.start, f.end) for f in self.en_figures if not f.optional]
        return tuple(
            t for t in tokens(self.en) if not any(t.start < end and start < t.end for start, end in figures)
        )

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """The English words that claim something: outside figures, names and grammar."""
        names = [(n.start, n.end) for n in self.en_names]
        free = free_stems()
        kept = {stem(word) for name in self.latin for word in re.findall(r"[A-Za-z]+", name.text)}
        return tuple(
            t
            for t in self.words
            if t.stem not in free
            and len(t.stem) > 1
            and not any(t.start < e and s < t.end for s, e in names)
            and t.text not in public_words()
            and t.stem not in kept
            and not (t.text[0].isupper() and t.text.lower() in self.spoken)
        )

    @cached_property
    def spoken(self) -> frozenset[str]:
        """How the names of people in the Chinese sound, syllable by syllable and put together."""
        sounds = [[self.lexicon.pinyin.get(c, frozenset()) for c in name.text] for name in self.people]
        single = {reading for name in sounds for readings in name for reading in readings}
        given = {a + b for name in sounds if len(name) > 2 for a in name[1] for b in name[2]}
        return frozenset(single | given)

    @cached_property
    def known_abroad(self) -> frozenset[str]:
        """The English stems of the abbreviations that the Chinese uses: ODR, A-to-z, IT."""
        return frozenset(
            stem(w)
            for n in self.latin
            for form in equivalents(n.text)
            for w in re.findall(r"[A-Za-z]+", form)
        )

    @cached_property
    def licensed(self) -> frozenset[str]:
        """Every English stem that some Chinese term of the text may be expressed by."""
        kept = {stem(word) for name in self.latin for word in re.findall(r"[A-Za-z]+", name.text)}
        return frozenset(kept | self.known_abroad).union(*(term.stems for term in self.terms))

    @cached_property
    def zh_clauses(self) -> tuple[Clause, ...]:
        sentences = [m.start() for m in _ZH_SENTENCE.finditer(self.zh)]
        found = []
        for match in _ZH_CLAUSE.finditer(self.zh):
            if not match[0].strip(" “”\"'()（）"):
                continue
            if any(f.start < match.start() < f.end or f.start < match.end() < f.end for f in self.zh_figures):
                # A comma inside 1,286.40 ends no clause.
                pass
            found.append(
                Clause(match[0], match.start(), match.end(), sum(s <= match.start() for s in sentences))
            )
        return _joined_over_figures(tuple(found), self.zh, self.zh_figures)

    @cached_property
    def en_sentences(self) -> tuple[tuple[int, int], ...]:
        return english_sentences(self.en)

    @cached_property
    def en_clauses(self) -> tuple[Clause, ...]:
        figures = [(f.start, f.end) for f in self.en_figures] + [(n.start, n.end) for n in self.en_names]
        found = []
        for number, (start, end) in enumerate(self.en_sentences, start=1):
            at = start
            for cut in _EN_CUT.finditer(self.en, start, end):
                if cut[0].isspace() and _ABBREVIATION.search(
                    self.en, max(start, cut.start() - 8), cut.start()
                ):
                    continue
                if any(
                    s < cut.end() and cut.start() < e and not (cut.start() >= e or cut.end() <= s)
                    for s, e in figures
                ):
                    continue
                if self.en[at : cut.start()].strip(" .!?"):
                    found.append(Clause(self.en[at : cut.start()], at, cut.start(), number))
                at = cut.end()
            if self.en[at:end].strip(" .!?"):
                found.append(Clause(self.en[at:end], at, end, number))
        return tuple(found)

    @cached_property
    def clause_terms(self) -> tuple[tuple[Term, ...], ...]:
        return tuple(tuple(t for t in self.terms if c.start <= t.start < c.end) for c in self.zh_clauses)

    @cached_property
    def clause_figures(self) -> tuple[tuple[Figure, ...], ...]:
        return tuple(tuple(f for f in self.zh_figures if c.start <= f.start < c.end) for c in self.zh_clauses)

    @cached_property
    def clause_words(self) -> tuple[tuple[Token, ...], ...]:
        return tuple(tuple(t for t in self.words if c.start <= t.start < c.end) for c in self.en_clauses)

    @cached_property
    def clause_en_figures(self) -> tuple[tuple[Figure, ...], ...]:
        return tuple(tuple(f for f in self.en_figures if c.start <= f.start < c.end) for c in self.en_clauses)

    @cached_property
    def spelled(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """The names in pinyin that stand in both texts: the places in the Chinese, and those in the English."""
        places: dict[str, list[int]] = {}
        for name in self.en_names:
            for word in re.finditer(r"[A-Z][a-z]+", name.text):
                places.setdefault(word[0].lower(), []).append(name.start + word.start())
        # A name at the head of a sentence is known from where it stands elsewhere.
        for word in re.finditer(r"\b[A-Z][a-z]+\b", self.en):
            known = places.get(word[0].lower())
            if known is not None and word.start() not in known:
                known.append(word.start())
        found = []
        for sound, en in places.items():
            zh = spelled_at(sound, self.plain, self.lexicon)
            if zh:
                found.append((zh, tuple(sorted(en))))
        return tuple(found)

    @cached_property
    def affinity(self) -> tuple[tuple[float, ...], ...]:
        """How much each Chinese clause (row) has in common with each English one (column)."""
        rarity = self._rarity
        rows = []
        for terms, figures, clause in zip(
            self.clause_terms, self.clause_figures, self.zh_clauses, strict=True
        ):
            names = [n for n in self.latin if clause.start <= n.start < clause.end]
            row = []
            for words, en_figures, en_clause in zip(
                self.clause_words, self.clause_en_figures, self.en_clauses, strict=True
            ):
                stems = {t.stem for t in words}
                score = sum(
                    max((rarity.get(s, 0.0) for s in stems & term.stems), default=0.0) * (term.weight or 0.25)
                    for term in terms
                )
                score += sum(
                    1.2 for f in figures if not f.optional and any(self.same(f, g) for g in en_figures)
                )
                score += sum(0.8 for n in names if n.text.lower() in en_clause.text.lower())
                score += sum(
                    0.6
                    for zh, en in self.spelled
                    if any(clause.start <= at < clause.end for at in zh)
                    and any(en_clause.start <= at < en_clause.end for at in en)
                )
                row.append(score)
            rows.append(tuple(row))
        return tuple(rows)

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """How telling an English stem is: one over the number of Chinese terms it may stand for, and never free words."""
        free = free_stems()
        rarity = {}
        for one in {t.stem for t in self.words}:
            holders = len({term.text for term in self.terms if one in term.stems})
            rarity[one] = 0.0 if one in free or not holders else 1.0 / holders**0.7
        return rarity

    @cached_property
    def matching(self) -> dict[int, int]:
        """Which term (number) each English word (number in `words`) stands for, every term said in one place.

        The likeliest pairs first; a term takes further words only right beside those it has ("quality inspector"
        for 质检员), so that a second mention finds nothing left to stand for.
        """
        free = free_stems()
        zh_clause = [self.zh_clause_of(t.start) for t in self.terms]
        en_clause = [self.en_clause_of(t.start) for t in self.words]
        nearness = self.nearness
        row_top = [max(row, default=0.0) or 1.0 for row in nearness]
        column_top = [
            max((row[k] for row in nearness), default=0.0) or 1.0 for k in range(len(self.en_clauses))
        ]
        pairs = []
        for w, token in enumerate(self.words):
            if token.stem in free:
                continue
            for n, term in enumerate(self.terms):
                if token.stem not in term.stems:
                    continue
                row, column = zh_clause[n], en_clause[w]
                near = 0.0
                if row is not None and column is not None:
                    near = nearness[row][column] * (1 / row_top[row] + 1 / column_top[column])
                fit = 1.0 if token.stem in term.core else 0.6
                pairs.append(
                    (
                        fit * (0.2 + near) * (0.6 + self._rarity[token.stem]) * (1.0 if term.weight else 0.8),
                        -w,
                        n,
                    )
                )
        pairs.sort(reverse=True)
        stands_for: dict[int, int] = {}
        said: dict[int, list[int]] = {}
        for _, minus_w, n in pairs:
            w = -minus_w
            if w in stands_for:
                continue
            if n in said and not any(abs(w - other) <= 4 for other in said[n]):
                continue
            stands_for[w] = n
            said.setdefault(n, []).append(w)
        return stands_for

    def zh_sentence_at(self, at: int) -> int | None:
        """The number of the Chinese sentence at an offset."""
        clause = self.zh_clause_of(at)
        return None if clause is None else self.zh_clauses[clause].sentence

    def zh_clause_of(self, at: int) -> int | None:
        """The number of the Chinese clause at an offset."""
        return _clause_at(self.zh_clauses, self._zh_starts, at)

    def en_clause_of(self, at: int) -> int | None:
        """The number of the English clause at an offset."""
        return _clause_at(self.en_clauses, self._en_starts, at)

    @cached_property
    def _zh_starts(self) -> tuple[int, ...]:
        return tuple(c.start for c in self.zh_clauses)

    @cached_property
    def _en_starts(self) -> tuple[int, ...]:
        return tuple(c.start for c in self.en_clauses)

    def regions(self, clause: int, width: int = 4) -> tuple[int, int, float]:
        """The stretch of English clauses (first, past the last) that has most in common with a Chinese clause."""
        row = self.affinity[clause]
        best = (0, 0, 0.0)
        for first in range(len(row)):
            score = 0.0
            for last in range(first, min(first + width, len(row))):
                score += row[last]
                if score - 0.12 * (last - first) > best[2] + 1e-9:
                    best = (first, last + 1, score - 0.12 * (last - first))
        return best

    @cached_property
    def nearness(self) -> tuple[tuple[float, ...], ...]:
        """`affinity` with a share of the neighbours' on both sides, since neighbours stay neighbours in most rewritings."""
        rows = self.affinity
        height, width = len(rows), len(self.en_clauses)

        def at(n: int, k: int) -> float:
            return rows[n][k] if 0 <= n < height and 0 <= k < width else 0.0

        kinship = self.kinship
        content = {id(t) for t in self.content}
        # "In the future" is near to all that stands around it, and stands for none of it.
        share = [
            1.0 if figures or any(id(t) in content for t in words) else 0.4
            for words, figures in zip(self.clause_words, self.clause_en_figures, strict=True)
        ]
        return tuple(
            tuple(
                at(n, k)
                + share[k]
                * (
                    0.2 * (at(n, k - 1) + at(n, k + 1))
                    + 0.15 * (at(n - 1, k) + at(n + 1, k))
                    + 0.25 * (at(n - 1, k - 1) + at(n + 1, k + 1))
                    + 0.5 * kinship.get((self.zh_clauses[n].sentence, self.en_clauses[k].sentence), 0.0)
                )
                for k in range(width)
            )
            for n in range(height)
        )

    @cached_property
    def kinship(self) -> dict[tuple[int, int], float]:
        """How much two whole sentences have in common, 1 for those that have most."""
        shared: dict[tuple[int, int], float] = {}
        for zh, row in zip(self.zh_clauses, self.affinity, strict=True):
            for en, score in zip(self.en_clauses, row, strict=True):
                if score:
                    key = (zh.sentence, en.sentence)
                    shared[key] = shared.get(key, 0.0) + score
        zh_top: dict[int, float] = {}
        en_top: dict[int, float] = {}
        for (zh_one, en_one), score in shared.items():
            zh_top[zh_one] = max(zh_top.get(zh_one, 0.0), score)
            en_top[en_one] = max(en_top.get(en_one, 0.0), score)
        return {(z, e): score / max(zh_top[z], en_top[e]) for (z, e), score in shared.items()}

    def counterparts(self, en_clause: int, share: float = 0.45) -> tuple[int, ...]:
        """The Chinese clauses that an English clause stands for, the likeliest first."""
        column = sorted(((row[en_clause], -n) for n, row in enumerate(self.nearness)), reverse=True)
        top = column[0][0] if column else 0.0
        return tuple(-n for score, n in column if score > 0.15 and score >= share * top)

    def strength(self, term: int) -> float:
        """How fully a term is said: the share of the words of its best rendering that stand where it is said."""
        found = self.terms[term]
        places = [w for w in self.places_of.get(term, []) if self._in_place(found, w)]
        if not places:
            return 0.0
        if not found.renderings:
            return 1.0
        free = free_stems()
        here = {
            self.words[w].stem
            for place in places
            for w in range(max(0, place - 5), min(len(self.words), place + 6))
        }
        here |= {near for one in here for near in near_stems(one)}
        own = {near for w in places for near in near_stems(self.words[w].stem)}
        telling = [r - free for r in found.renderings if (r - free) & own]
        return max((len(r & here) / len(r) for r in telling), default=1.0)

    def _in_place(self, term: Term, word: int) -> bool:
        """Whether a word that is only a synonym of a term's renderings stands where the term's clause is said."""
        token = self.words[word]
        if token.stem in term.core:
            return True
        zh, en = self.zh_clause_of(term.start), self.en_clause_of(token.start)
        return zh is None or en is None or self.nearness[zh][en] >= max(0.45, 0.5 * max(self.nearness[zh]))

    @cached_property
    def places_of(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for w, n in self.matching.items():
            places.setdefault(n, []).append(w)
        return places


def _clause_at(clauses: tuple[Clause, ...], starts: tuple[int, ...], at: int) -> int | None:
    number = bisect_right(starts, at) - 1
    return number if number >= 0 and at < clauses[number].end else None


def english_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence of an English text; "Co., Ltd." and "5 p.m." end none."""
    found, start = [], 0
    for match in re.finditer(r"(?<=[.!?])[\"”)]*\s+|\n+", text):
        if "\n" not in match[0] and (
            _ABBREVIATION.search(text[: match.start()])
            and not re.match(r"[A-Z]\w+ (?:will|have|has|is|was|are|were)\b", text[match.end() :])
        ):
            continue
        if text[start : match.start()].strip():
            found.append((start, match.start()))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text.rstrip())))
    return tuple(found)


def _joined_over_figures(
    clauses: tuple[Clause, ...], text: str, figures: tuple[Figure, ...]
) -> tuple[Clause, ...]:
    """Clauses with those put together again that a figure's own comma had cut."""
    joined: list[Clause] = []
    for clause in clauses:
        last = joined[-1] if joined else None
        if last and any(f.start < last.end < f.end for f in figures):
            joined[-1] = Clause(text[last.start : clause.end], last.start, clause.end, last.sentence)
        else:
            joined.append(clause)
    return tuple(joined)


def read(zh: str, en: str, lexicon: Lexicon, names: tuple[str, ...] = ()) -> Reading:
    """The two texts side by side; `names` are the user's own, allowed wherever they stand."""
    extra = frozenset(word.lower() for name in names for word in re.findall(r"[A-Za-z0-9]+", name))
    return Reading(zh, en, lexicon, extra)
