"""A letter as the checks read it: sentences with their words, values and quotes, each with its place.

Reading changes no character count: every offset is an offset into the letter as it was given.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from poa.checks.lexicon import (
    Trigger,
    concepts,
    find_courtesies,
    find_triggers,
    is_grammar,
    is_light,
    phrase_concepts,
    stem,
)
from poa.values import Value, find_values

__all__ = [
    "NO_NAMES",
    "Name",
    "Names",
    "Quote",
    "Reading",
    "Sentence",
    "Word",
    "is_label",
    "label_end",
    "plain",
    "read_letter",
    "read_words",
    "stand_close",
]

# One character for one character, so that offsets hold.
_PLAIN = str.maketrans("’‘‛“”„‟«»\u00a0\u2007\u202f\u2009–—−\uff0c\uff1a", '\'\'\'""""""    ---,:')


def plain(text: str) -> str:
    """The same text with typographic quotation marks, dashes and spaces written plainly, length unchanged."""
    return text if text.isascii() else text.translate(_PLAIN)


class Word(NamedTuple):
    """A word of a sentence; `concepts` is what it can stand for, offsets are into the sentence's text."""

    text: str
    stem: str
    concepts: frozenset[str | int]
    start: int
    end: int
    light: bool
    capital: bool
    grammar: bool


class Name(NamedTuple):
    """A name to be found in texts: `written` is one of its forms, `canonical` what all of them mean."""

    kind: str  # name, policy, or the title of an attachment
    canonical: str
    written: str


class Names(tuple[Name, ...]):
    """The names of a case, longest first, ready to be found in text after text."""

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        # A cache asks for it at each sentence, and there are a hundred names.
        return self._hash

    def found_in(self, text: str) -> Iterator[tuple[Name, re.Pattern[str]]]:
        """The names with whose first letters something in the text begins, in their order, with their patterns."""
        exact, in_lower_case = self._by_beginning
        lowered = text.lower()
        present = [n for beginning, numbers in exact.items() if beginning in text for n in numbers]
        present += [
            n for beginning, numbers in in_lower_case.items() if beginning in lowered for n in numbers
        ]
        return ((self[n], _name_pattern(self[n])) for n in sorted(present))

    @cached_property
    def _by_beginning(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Numbers of names by their first letters: of names, as they are written; of policies, in lower case."""
        exact: dict[str, list[int]] = {}
        in_lower_case: dict[str, list[int]] = {}
        for n, name in enumerate(self):
            if name.kind == "policy":
                in_lower_case.setdefault(name.written[:4].lower(), []).append(n)
            elif name.kind != "title":
                # Up to the first character that its pattern may write another way.
                beginning = re.split(r"[\W_]", plain(name.written), maxsplit=1)[0]
                exact.setdefault(beginning, []).append(n)
        return exact, in_lower_case


NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch in quotation marks: the words between the marks, offsets into the letter."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What a sentence's text holds, wherever it stands: computed once per distinct text, and equal to itself
    alone, since a cache asks for it by the hundred."""

    words: tuple[Word, ...]
    values: tuple[Value, ...]
    names: tuple[Value, ...]
    triggers: tuple[tuple[int, int, Trigger], ...]
    courteous: frozenset[int]  # where the words of its phrases of courtesy begin
    concepts: frozenset[str | int]
    lowered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list entry or heading. `start` is its offset into the letter."""

    text: str
    start: int
    kind: str  # prose, entry, heading, greeting, signature
    block: int
    section: int
    body: Body

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Reading:
    """The whole letter, read."""

    text: str
    plain: str
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    known: frozenset[str] = field(default=frozenset())

    def beside(self, numbers: Iterable[int], reach: int) -> set[int]:
        """The numbers of these sentences and of those up to `reach` away in the same paragraph or list entry."""
        return {
            m for n in numbers for m in self._of_block[self.sentences[n].block] if n - reach <= m <= n + reach
        }

    def concepts_of(self, numbers: Iterable[int]) -> frozenset[str | int]:
        """What these sentences speak of, together."""
        return frozenset[str | int]().union(*(self.sentences[n].body.concepts for n in numbers))

    @cached_property
    def standing(self) -> dict[tuple[str, str], frozenset[int]]:
        """The numbers of the sentences in which each value stands, by its kind and canonical form."""
        found: dict[tuple[str, str], set[int]] = {}
        for n, sentence in enumerate(self.sentences):
            for value in (*sentence.body.values, *sentence.body.names):
                found.setdefault((value.kind, value.canonical), set()).add(n)
        return {key: frozenset(numbers) for key, numbers in found.items()}

    @cached_property
    def _of_block(self) -> dict[int, tuple[int, ...]]:
        blocks: dict[int, list[int]] = {}
        for n, sentence in enumerate(self.sentences):
            blocks.setdefault(sentence.block, []).append(n)
        return {block: tuple(numbers) for block, numbers in blocks.items()}

    @cached_property
    def first_told(self) -> dict[str | int, int]:
        """The number of the sentence that is the first to speak of each concept."""
        first: dict[str | int, int] = {}
        for n, sentence in enumerate(self.sentences):
            for concept in sentence.body.concepts:
                first.setdefault(concept, n)
        return first


_WORD = re.compile(r"[A-Za-z]+(?:['&][A-Za-z]+)*(?:-[A-Za-z]+(?:'[a-z]+)?)*")
_SHORT = {"n't": "not", "'ll": "will", "'ve": "have", "'re": "are", "'d": "had", "'m": "am"}
_SHORT_WHOLE = {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "cannot": ("can", "not"),
}


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text without its values; contractions are opened ("didn't" is two words)."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        written, lower = match[0], match[0].lower()
        start, end = match.span()
        capital = written[0].isupper()
        if "'" in lower or lower == "cannot":
            words += [_word(part, start, end, capital) for part in _opened(lower) if part]
        else:
            words.append(_word(lower, start, end, capital))
    return tuple(words)


def _opened(contraction: str) -> tuple[str, ...]:
    if contraction in _SHORT_WHOLE:
        return _SHORT_WHOLE[contraction]
    ending = next((e for e in _SHORT if contraction.endswith(e)), None)
    return (contraction[: -len(ending)], _SHORT[ending]) if ending else (contraction.partition("'")[0],)


_ROMAN = re.compile(r"[ivx]{1,4}")


@lru_cache(maxsize=65536)
def _word_parts(text: str) -> tuple[str, frozenset[str | int], bool, bool]:
    base = stem(text)
    light = is_light(base) or is_light(text)
    if not light and "-" in text:
        light = all(is_light(stem(part)) for part in text.split("-") if part)
    grammar = is_grammar(base) or is_grammar(text) or _ROMAN.fullmatch(text) is not None
    return base, concepts(text), light or grammar, grammar


def _word(text: str, start: int, end: int, capital: bool) -> Word:
    base, stands_for, light, grammar = _word_parts(text)
    return Word(text, base, stands_for, start, end, light, capital, grammar)


_MARKETPLACE = re.compile(r"(?<![\w.@/-])amazon\.(?:com?\.)?[a-z]{2,3}(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_body(text: str, names: Names, quotes: tuple[tuple[int, int], ...]) -> Body:
    """Words, values and triggers of one sentence; names of the case and quoted stretches are set apart."""
    masked = text
    for start, end in quotes:
        masked = masked[:start] + " " * (end - start) + masked[end:]
    found_names: list[Value] = []
    for name, pattern in names.found_in(masked):
        for match in pattern.finditer(masked):
            start, end = match.span()
            found_names.append(Value(name.kind, match[0], start, end, name.canonical))
            masked = masked[:start] + "\x00" * (end - start) + masked[end:]
    for match in _MARKETPLACE.finditer(masked):
        start, end = match.span()
        found_names.append(Value("marketplace", match[0], start, end, match[0].lower()))
        masked = masked[:start] + "\x00" * (end - start) + masked[end:]
    values = tuple(v for v in find_values(masked) if not _is_pronoun_one(v, masked))
    for value in values:
        masked = masked[: value.start] + " " * (value.end - value.start) + masked[value.end :]
    words = read_words(masked)
    original = text
    lowered = tuple(word.text for word in words)
    stems = [word.stem for word in words]
    everything: set[str | int] = set()
    for word in words:
        everything |= word.concepts
    for _, _, number in phrase_concepts(stems):
        everything.add(number)
    return Body(
        words,
        values,
        tuple(found_names),
        _close(find_triggers(lowered), words, original),
        frozenset(words[n].start for first, last in find_courtesies(lowered) for n in range(first, last)),
        frozenset(everything),
        lowered,
    )


def _close(
    triggers: list[tuple[int, int, Trigger]], words: tuple[Word, ...], text: str
) -> tuple[tuple[int, int, Trigger], ...]:
    """The triggers whose words stand next to one another: no value, quotation or comma between them."""
    return tuple(found for found in triggers if stand_close(words, found[0], found[1], text))


def stand_close(words: Sequence[Word], first: int, last: int, text: str) -> bool:
    """Whether words stand next to one another: no value, quotation or comma between them."""
    gaps = (text[words[k].end : words[k + 1].start] for k in range(first, last - 1))
    return all(not gap.strip(" \n-'") for gap in gaps)


def _is_pronoun_one(value: Value, text: str) -> bool:
    """ "one" counts nothing in "no one", "each one", "one of": it is a number only before what it counts."""
    if value.kind != "number" or value.text.lower() != "one":
        return False
    return not re.match(
        r"-?\s?(?:star|buyer|customer|order|review|account|time|unit|employee|agent|message|card|product)",
        text[value.end :],
        re.I,
    )


@lru_cache(maxsize=4096)
def _name_pattern(name: Name) -> re.Pattern[str]:
    words = re.escape(plain(name.written)).replace(r"\ ", r"\s+").replace(r"\&", r"(?:&|and)")
    if name.kind == "name":
        return re.compile(rf"(?<!\w){words}(?!\w)")
    # A policy is the same policy in lower case and with "&" for "and".
    words = words.replace(r"and\s+", r"(?:and|&)\s+(?:the\s+)?")
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


# ---------------------------------------------------------------- lines, blocks, sentences

_MARKER = re.compile(
    r"\s*(?:[-*•·–—▪◦]\s+|\d{1,2}(?:\.\d{1,2}){1,2}\.?\s+(?=\S)|\(?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s+(?=\S))"
)
_GREETING = re.compile(
    r"^\s*(?:dear\b|to:|re:|subject:|attn|to the\b.{0,60}$|hello\b|hi\b|greetings\b|good (?:morning|day|afternoon)\b|to amazon.{0,60}:?$)",
    re.I,
)
_CLOSING = re.compile(
    r"^\s*(?:yours\b|sincerely|best\b.{0,20}$|kind\b.{0,20}$|warm\b.{0,20}$|regards|with (?:kind|best|our|many|warm)\b.{0,30}$|respectfully\b|faithfully|truly|cordially|signed\b|many thanks,?$|thank you,$|on behalf of\b)",
    re.I,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:inc|ltd|llc|co|corp|no|nos|e\.g|i\.e|mr|mrs|ms|dr|st|vs|etc|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|u\.s|u\.k|a\.m|p\.m|para|sec|art|gmbh|pty|s\.a|b\.v)|\b[A-Z])\.$",
    re.I,
)
_BREAK = re.compile(
    r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|;\s+|(?<=[.!?])[\"')\]]+(?=\s|$)\s*(?=[A-Z0-9\"'(])"
)
_QUOTE = re.compile(r'"([^"\n]{1,1200}(?:\n(?!\n)[^"\n]{0,600}){0,4})"')


def _find_quotes(text: str) -> tuple[Quote, ...]:
    return tuple(Quote(m[1], m.start(), m.end()) for m in _QUOTE.finditer(text))


@lru_cache(maxsize=16)
def read_letter(text: str, names: Names = NO_NAMES, known_quotes: tuple[str, ...] = ()) -> Reading:
    """The letter's sentences in order. `names` are the case's names, longest first, kept letter by letter;
    `known_quotes` are the facts' quotes, found with or without marks around them."""
    simple = plain(text)
    quotes = list(_find_quotes(simple))
    for known in known_quotes:
        for match in _quote_pattern(known).finditer(simple):
            if not any(q.start <= match.start() < q.end for q in quotes):
                quotes.append(Quote(match[0], match.start(), match.end()))
    quotes.sort(key=lambda quote: quote.start)
    titles = {plain(name.written) for name in names if name.kind in ("name", "title")}
    # A name in quotation marks is a name, not somebody's words.
    quotes = [quote for quote in quotes if quote.text.strip(" .,;:") not in titles]
    inside = [(quote.start, quote.end) for quote in quotes]
    sentences: list[Sentence] = []
    block = section = 0
    for start, end, kind, new_block in _lines_of(simple):
        if new_block:
            block += 1
        if kind == "heading":
            section += 1
        for a, b in _split(simple, start, end, inside) if kind in ("prose", "entry") else [(start, end)]:
            local = tuple((max(s, a) - a, min(e, b) - a) for s, e in inside if s < b and e > a)
            piece = simple[a:b]
            sentences.append(Sentence(piece, a, kind, block, section, read_body(piece, names, local)))
    return Reading(text, simple, tuple(_with_days(sentences)), tuple(quotes))


# "the 19th", "(15th)", and "17:" at the beginning of an entry: a day of the month named last.
_DAY = re.compile(
    r"(?:(?<=\b)the |(?<=\()|^\W{0,3})(\d{1,2})(?:st|nd|rd|th)(?=[:,;.)]|\s+(?:to|until|till|and|of (?:the|that|the same|this) month|we|our)\b)"
    r"|\b[Oo]n the (\d{1,2})(?:st|nd|rd|th)\b|^\s*(\d{1,2})(?=: [a-z])"
)
_LISTED_AFTER = 8  # sentences


def _with_days(sentences: list[Sentence]) -> Iterator[Sentence]:
    """The sentences, with the dates that are written as a day of a month named before ("In March 2025: … 19th: …")."""
    month, named = "", -_LISTED_AFTER
    for n, sentence in enumerate(sentences):
        months = [
            v.canonical[:7] for v in sentence.body.values if v.kind == "date" and v.canonical[:2] == "20"
        ]
        before = month or (months[0] if months else "")
        if months:
            month, named = months[-1], n
        if month and n - named <= _LISTED_AFTER and sentence.kind in ("prose", "entry"):
            days = tuple(
                Value("date", m[0], m.start(), m.end(), f"{_month_at(m.start(), sentence, before)}-{day:02}")
                for m in _days_in(sentence.text)
                if not any(
                    v.kind == "date" and v.start < m.end() and m.start() < v.end for v in sentence.body.values
                )
                and 1 <= (day := int(m[1] or m[2] or m[3])) <= 31
            )
            if days:
                yield replace(sentence, body=_body_with(sentence.body, days))
                continue
        yield sentence


@lru_cache(maxsize=2048)
def _days_in(text: str) -> tuple[re.Match[str], ...]:
    return tuple(_DAY.finditer(text))


def _month_at(at: int, sentence: Sentence, before: str) -> str:
    """The month named last before a place in a sentence: in it, or in those before."""
    named = [
        v.canonical[:7]
        for v in sentence.body.values
        if v.kind == "date" and v.canonical[:2] == "20" and v.start < at
    ]
    return named[-1] if named else before


@lru_cache(maxsize=4096)
def _body_with(body: Body, days: tuple[Value, ...]) -> Body:
    kept = tuple(v for v in body.values if not any(v.start < d.end and d.start < v.end for d in days))
    return replace(body, values=tuple(sorted((*kept, *days), key=lambda v: v.start)))


@lru_cache(maxsize=1024)
def _quote_pattern(quote: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in plain(quote).strip().rstrip(".,").split()]
    return re.compile(r"['\"]?" + r"\s+".join(words) + r"[.,]?['\"]?")


def _lines_of(text: str) -> list[tuple[int, int, str, bool]]:
    """(start, end, kind, begins a block) of every paragraph or line that stands for itself."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    closing = _closing_line(text, lines)
    found: list[tuple[int, int, str, bool]] = []
    blank = True
    for n, (start, end) in enumerate(lines):
        line = text[start:end]
        if not line.strip():
            blank = True
            continue
        lead = len(line) - len(line.lstrip())
        marker = _MARKER.match(line)
        if n >= closing:
            kind = "signature"
        elif (not found and _GREETING.match(line)) or (_GREETING.match(line) and len(line) < 70 and n < 6):
            kind = "greeting"
        elif _is_heading(line, marker, text, lines, n):
            kind = "heading"
        elif marker:
            kind, lead = "entry", marker.end()
        else:
            kind = "prose"
        if (
            kind == "prose"
            and not blank
            and found
            and found[-1][2] in ("prose", "entry")
            and _continues(text, found[-1], line)
        ):
            before = found.pop()
            found.append((before[0], end, before[2], before[3]))
        else:
            found.append((start + lead, end, kind, blank))
        blank = False
    return found


def _continues(text: str, before: tuple[int, int, str, bool], line: str) -> bool:
    """Whether a line goes on with the sentence of the line above: a hard-wrapped paragraph."""
    above = text[before[0] : before[1]].rstrip()
    if before[2] == "entry" and line[:1].isupper():
        # A list entry that goes on is indented below its marker; what stands at the margin is a new sentence.
        return False
    return (
        len(above) - (above.rfind("\n") + 1) > 55
        and above[-1:] not in ".:;!?"
        and not find_values(line.strip())[:1]
    ) or (len(above) - (above.rfind("\n") + 1) > 55 and above[-1:] not in ":;" and line[:1].islower())


def _closing_line(text: str, lines: Sequence[tuple[int, int]]) -> int:
    """The index of the line where the signature begins; past the end when there is none."""
    last_filled = max((n for n, (a, b) in enumerate(lines) if text[a:b].strip()), default=0)
    for n in range(last_filled, max(last_filled - 12, 0), -1):
        line = text[lines[n][0] : lines[n][1]]
        if _CLOSING.match(line) and len(line) < 60 and len(line.split()) <= 7:
            return n
    return len(lines)


def _is_heading(
    line: str, marker: re.Match[str] | None, text: str, lines: Sequence[tuple[int, int]], n: int
) -> bool:
    bare = (line[marker.end() :] if marker else line).strip()
    words = bare.split()
    if not words or len(words) > 11 or bare[-1] in ".!?;,":
        return False
    if marker and marker[0].strip()[:1] in "-*•·–—▪◦":
        return False
    if _ENCLOSED.match(bare):
        return False
    if any(v.kind != "number" for v in find_values(bare)) or '"' in bare:
        return False
    if bare.endswith(":"):
        return len(words) <= 9
    before = text[lines[n - 1][0] : lines[n - 1][1]].strip() if n else ""
    after = text[lines[n + 1][0] : lines[n + 1][1]].strip() if n + 1 < len(lines) else ""
    if re.match(
        r"(?:annex|appendix|attachment|enclosure|exhibit|document)\w*\s+\w{1,3}\s*[:.)-]", bare, re.I
    ):
        return False
    beside = [text[lines[m][0] : lines[m][1]] for m in (n - 1, n + 1) if 0 <= m < len(lines)]
    if marker and re.match(r"\(?[a-zA-Z][.)]", marker[0].strip()) and any(_MARKER.match(b) for b in beside):
        return False
    if not marker and _ENCLOSURES.search(_title_above(text, lines, n)):
        # The one line below "5. Attachment" is what is attached.
        return False
    if after and not marker and _below_title(text, lines, n):
        # The first of some bare lines below a title is an entry of its list.
        return False
    if marker and re.match(r"\(?(?:\d|[ivxIVX])", marker[0].strip()):
        return not before and (not after or not _MARKER.match(text[lines[n + 1][0] : lines[n + 1][1]]))
    return (not before and (not after or _MARKER.match(after) is not None or len(after) > 40)) or (
        not after and not before
    )


_ENCLOSED = re.compile(r"(?:attached|enclosed|attachments?|enclosures?|documents?|evidence)\s*:\s*\S", re.I)


_ENCLOSURES = re.compile(r"\b(?:attach|enclos|annex|exhibit|supporting doc|evidence)", re.I)


def _title_above(text: str, lines: Sequence[tuple[int, int]], n: int) -> str:
    """The last line with text before this one, when it is short and ends like a title."""
    for m in range(n - 1, max(-1, n - 4), -1):
        above = text[lines[m][0] : lines[m][1]].strip()
        if above:
            return above if len(above.split()) <= 5 and above[-1] not in ".!?;," else ""
    return ""


def _below_title(text: str, lines: Sequence[tuple[int, int]], n: int) -> bool:
    """Whether a short line without an end, set apart, stands right above: a title with this line below it."""
    if n < 2 or text[lines[n - 1][0] : lines[n - 1][1]].strip():
        return False
    title = text[lines[n - 2][0] : lines[n - 2][1]].strip()
    above = text[lines[n - 3][0] : lines[n - 3][1]].strip() if n > 2 else ""
    return bool(title) and not above and len(title.split()) <= 8 and title[-1] not in ".!?;,"


def _split(text: str, start: int, end: int, quotes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the sentences of one paragraph begin and end; nothing is split inside a quotation."""
    cuts = [start]
    for match in _BREAK.finditer(text, start, end):
        at = match.start()
        if any(s < at < e - 1 for s, e in quotes):
            continue
        if text[at] == ";" and text.count("(", cuts[-1], at) > text.count(")", cuts[-1], at):
            # "(last 30 days; target under 4%)" is one remark.
            continue
        if text[at : at + 1] != ";" and _ABBREVIATION.search(text[max(start, at - 12) : at].rstrip("\"')]")):
            continue
        cuts.append(match.end())
    cuts.append(end)
    return [(a, b) for a, b in itertools.pairwise(cuts) if text[a:b].strip()]


_FINITE = frozenset(
    "we i us our my no not none nobody never nothing nor is are was were be been has have had did do does will shall "
    "must remain remains please thank apologise apologize regret ask request".split()
)


def is_label(sentence: Sentence) -> bool:
    """Whether the sentence only names what follows it: "Shipments at zero.", with no verb that asserts anything."""
    words = sentence.body.lowered
    return (
        len(words) <= 8
        and not sentence.body.names
        and not _FINITE & set(words)
        and not any(value.kind != "number" for value in sentence.body.values)
    )


def label_end(text: str) -> int:
    """Where the label ends that opens a sentence ("The upshot: five buyers …"); 0 where none does."""
    match = re.match(r"[^.;:?!\"]{2,70}:\s", text)
    return match.end() if match and len(match[0].split()) <= 9 else 0
