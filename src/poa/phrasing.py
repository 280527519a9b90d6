"""Joins a seller's own words to the letter's words, without touching their grammar.

The word lists stand in `packs/grammar.yaml`. Where a list does not know a word, the answer is None and the
letter falls back to a pattern that needs no joining.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from poa.policy import common_data
from poa.values import find_values

__all__ = ["Calendar", "and_list", "covers", "our_role", "sentences", "split_first", "tells", "within"]

_QUOTED = re.compile(r"(\"[^\"]*\"|“[^”]*”)")
_WORD = re.compile(r"[A-Za-z0-9%$£€]+(?:[.,]\d+)*")
_MONTHS = "January February March April May June July August September October November December".split()


# ---------------------------------------------------------------- days and spans


@dataclass(frozen=True)
class Calendar:
    """Writes days as a marketplace does (June 12, 2024 or 12 June 2024), or in Chinese."""

    lang: str = "en"
    day_first: bool = False

    def day(self, iso: str) -> str:
        """One day."""
        date = dt.date.fromisoformat(iso)
        if self.lang == "zh":
            return f"{date.year}年{date.month}月{date.day}日"
        return f"{self._day_and_month(date)}{' ' if self.day_first else ', '}{date.year}"

    def first_and_last(self, first: str, last: str) -> tuple[str, str]:
        """Two days of one span; the year stands once where both share it."""
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        if self.lang == "zh":
            return self.day(first), f"{end.month}月{end.day}日" if start.year == end.year else self.day(last)
        return self._day_and_month(start) if start.year == end.year else self.day(first), self.day(last)

    def span(self, first: str | None, last: str | None) -> str:
        """A span as an adverb: `from … to …`, `on …`, `since …`; empty when no day is known."""
        if first and last and first != last:
            start, end = self.first_and_last(first, last)
            if self.lang == "zh":
                return f"{start}至{end}"
            return f"from {start} to {end}"
        if self.lang == "zh":
            return (
                self.day(first) + ("" if last else "起") if first else f"至{self.day(last)}" if last else ""
            )
        if first:
            return f"{'on' if last else 'from'} {self.day(first)}{'' if last else ' on'}"
        return f"until {self.day(last)}" if last else ""

    def restyled(self, text: str) -> str:
        """English text with its full dates in this calendar's form, save inside quotation marks."""
        return "".join(part if n % 2 else self._restyled(part) for n, part in enumerate(_QUOTED.split(text)))

    def _restyled(self, text: str) -> str:
        for value in reversed(find_values(text)):
            plain = re.fullmatch(
                r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d", value.text
            )
            # "on 9 and 10 September 2024" shares its month: turned round, the first day would lose it.
            shared = re.search(
                r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s*(?:and|to|or|-|–)\s*(?:the\s+)?$", text[: value.start]
            )
            if (
                value.kind == "date"
                and plain
                and not shared
                and re.fullmatch(r"\d{4}-\d\d-\d\d", value.canonical)
            ):
                text = text[: value.start] + self.day(value.canonical) + text[value.end :]
        return text

    def _day_and_month(self, date: dt.date) -> str:
        month = _MONTHS[date.month - 1]
        return f"{date.day} {month}" if self.day_first else f"{month} {date.day}"


# ---------------------------------------------------------------- sentences


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its end mark; the last one gets a full stop when it has none."""
    found: list[str] = []
    start = 0
    for match in re.finditer(r"[.!?][\"”’)]*\s+(?=[A-Z0-9\"“(])", text):
        before = text[start : match.start()]
        last_word = re.search(r"([A-Za-z.]+)$", before)
        abbreviated = last_word and last_word[1].lower() in _words("abbreviations")
        inside_quote = text[start : match.end()].count('"') % 2 == 1
        if not (text[match.start()] == "." and abbreviated) and not inside_quote:
            found.append(text[start : match.end()].strip())
            start = match.end()
    found.append(_ended(text[start:].strip()))
    return [sentence for sentence in found if sentence]


def split_first(text: str) -> tuple[str, str]:
    """The first sentence and the rest, empty when there is no more."""
    first, *rest = sentences(text) or [""]
    return first, " ".join(rest)


def within(sentence: str, common: Container[str] = ()) -> str | None:
    """The sentence as it stands inside a longer one; None when its first word may be a name.

    `common` holds words that the same seller writes in small letters elsewhere: none of them is a name.
    """
    word = re.match(r"[A-Za-z']+|\d", sentence)
    if word is None:
        return None
    if word[0] == "I" or word[0].isdigit() or word[0][0].islower():
        return sentence
    known = word[0].lower() in _words("starters") or word[0].lower() in common
    if not known or re.match(r"\S+-[A-Z]", sentence):
        return None
    # "Marketing Manager", "Sample Bay Ltd": a second capital makes the first word part of a name.
    following = re.match(r"\S+\s+([A-Z])[a-z]", sentence)
    if following and word[0].lower() not in _words("determiners"):
        return None
    return sentence[0].lower() + sentence[1:]


def says_when(sentence: str) -> bool:
    """Whether the sentence opens with a time of its own, so that no second one fits before it."""
    word = re.match(r"[A-Za-z]+", sentence)
    return bool(word and word[0].lower() in _words("time_openers"))


def is_clause(sentence: str) -> bool:
    """Whether somebody does something in it, so that it can follow `that` or a date; a heading cannot.

    In doubt it is one: a verb that no list knows is met more often than a heading.
    """
    words = re.findall(r"[a-z][a-z'-]*", sentence.lower())
    return any(_governs(words, n) for n in range(1, len(words)))


def _governs(words: list[str], n: int) -> bool:
    """Whether the word there is the verb of something said before it."""
    before, word = words[n - 1], words[n]
    if before in _words("subjects"):
        return True
    # "The owner and the clerk both sign": what is both of them stands before.
    if before in ("each", "both", "all") and n > 1:
        before = words[n - 2] if not _is_verb(words[n - 2]) else before
    is_noun = words[n + 1 : n + 2] == ["of"] and word in _words("verbs")
    return _is_verb(word) and before not in _words("before_nouns") and not is_noun


def is_bare_past(sentence: str) -> bool:
    """Whether it says what was done and leaves out who did: `Deleted both reviews.`"""
    second = re.match(r"[A-Za-z]+ ([a-z]+)", sentence)
    whom = second is not None and second[1] in _words("before_nouns")
    return whom and past_verb_first(sentence) and not is_clause(sentence)


def is_order(sentence: str) -> bool:
    """Whether it is an order: `Train all new staff.`"""
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", sentence)
    return (
        len(words) > 2
        and words[0].lower() in _words("verbs")
        and words[1].lower() in _words("before_nouns")
        and not is_clause(" ".join(words[1:]))
    )


def forbidden(sentence: str) -> str | None:
    """What an order forbids, as a statement of ours: `Do not hire agencies` is `we do not hire agencies`."""
    order = re.match(r"(?:(?:do not|don't) |(never) )(?=[a-z])", sentence, re.IGNORECASE)
    if order is None:
        return None
    return f"we {'never' if order[1] else 'do not'} {sentence[order.end() :]}"


def says_condition(sentence: str) -> bool:
    """Whether it opens with a case ("before any insert is printed, our lawyer …"): a date beside it stumbles."""
    word = re.match(r"[a-z]+", sentence.lower())
    return word is not None and word[0] in _words("cases") and "," in sentence


def leads_in(sentence: str) -> bool:
    """Whether one word and a comma open it: `weekly, 30 messages are read`."""
    return re.match(r"\w+,", sentence) is not None


def is_promise(sentence: str) -> bool:
    """Whether the sentence itself says that somebody will: nobody needs to "ensure that we will"."""
    return re.match(r"(?:[\w'-]+ ){1,6}?will (?!be )", sentence) is not None


def _is_verb(word: str) -> bool:
    if word in _words("auxiliaries") or word in _words("verbs") or word in _words("past_verbs"):
        return True
    if word.endswith("ed"):
        return True
    stems = (word[:-1], word[:-2], f"{word[:-3]}y") if word.endswith("s") else ()
    return any(stem in _words("verbs") for stem in stems)


def opens_with_figure(sentence: str) -> bool:
    """Whether a date put directly before the sentence would run into a figure."""
    return sentence[:1].isdigit()


def _ended(text: str) -> str:
    if not text or re.search(r"[.!?。！？][\"”’)]*$", text):
        return text
    return f"{text}."


# ---------------------------------------------------------------- what is already said


def covers(text: str, phrase: str) -> bool:
    """Whether the text already holds every word of sense of the phrase, in any order and number."""
    wanted = _senses(phrase)
    return bool(wanted) and wanted <= _senses(text)


def tells(text: str, phrase: str) -> bool:
    """Whether the text says the phrase, as the same words or as their kin: `repaid` tells of `repayment`."""
    said, wanted = _senses(text), _senses(phrase)
    kin = {word[:4] for word in said if len(word) > 4 and word.isalpha()}
    return bool(wanted) and all(
        word in said or (len(word) > 5 and word.isalpha() and word[:4] in kin) for word in wanted
    )


def names_day(text: str, iso: str) -> bool:
    """Whether the text names the day in full."""
    return any(value.kind == "date" and value.canonical == iso for value in find_values(text))


def names_count(text: str, count: str) -> bool:
    """Whether the text names the number, in figures or in words."""
    found = {value.canonical.lstrip("~<>") for value in find_values(text) if value.kind == "number"}
    word = common_data()["grammar"]["number_words"].get(count)
    plain = re.compile(rf"(?<![\d.,-]){int(count):,}(?![\d,.-]*\d)|(?<![\d.,-]){count}(?![\d,.-]*\d)")
    in_words = word is not None and re.search(rf"\b{word}\b(?!-)", text.lower()) is not None
    return count in found or plain.search(text) is not None or in_words


def _senses(text: str) -> set[str]:
    text = text.lower().replace("e-mail", "email").replace("each", "every").replace("'s", "")
    words = (word for word in _WORD.findall(text) if word not in _words("light_words"))
    return {_figures().get(word, _stem(word)) for word in words}


@cache
def _figures() -> Mapping[str, str]:
    """The small numbers in words, each with its figure."""
    return {word: figure for figure, word in common_data()["grammar"]["number_words"].items()}


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# ---------------------------------------------------------------- noun phrases


def and_list(parts: Iterable[str], lang: str = "en") -> str:
    """The parts as a list within a sentence."""
    *first, last = list(parts)
    if not first:
        return last
    if lang == "zh":
        return f"{'、'.join(first)}和{last}"
    # A part that holds "and" or a comma itself needs a clearer joint.
    heavy = any(" and " in part or "," in part for part in [*first, last])
    if len(first) == 1:
        return f"{first[0]}, and {last}" if heavy and "," in f"{first[0]}{last}" else f"{first[0]} and {last}"
    return f"{', '.join(first)} and {last}" if not heavy else f"{', '.join(first)}, and {last}"


def our_role(role: str) -> str:
    """A role as one of us: `our customer service agent`, `two of our employees`; a name stays a name."""
    words = role.split()
    if words[0].lower() in ("a", "an") and "of" in words:
        # "A relative of the owner" is nobody that "our" could stand before.
        return role[0].lower() + role[1:]
    if words[0].lower() in ("our", "the", "a", "an", "one"):
        if words[0].lower() == "one" or len(words) == 1:
            return role[0].lower() + role[1:]
        words = words[1:]
    if words[0].lower() in ("we", "us", "ourselves"):
        return "we"
    if words[0].lower() in _words("quantities"):
        rest = words[1:]
        if not rest:
            return f"{words[0].lower()} of us"
        if rest[0].lower() in ("of", "our", "the"):
            return " ".join([words[0].lower(), *words[1:]])
        return f"{words[0].lower()} of our {' '.join(rest)}"
    bare = [re.sub(r"[^\w-]", "", word) for word in words]
    is_role = any(word.lower() in _words("role_words") for word in bare)
    if not is_role and words[0][:1].isupper():
        # Two capitals and no role are a person's name; one alone is rather a role that no list knows.
        return " ".join(words) if len(words) > 1 else f"our {words[0]}"
    capitals = [word for word in bare[1:] if word[:1].isupper()]
    # "Managing director Wang Fang" begins small, "Head of Operations" and "Managing Director" do not.
    goes_on_small = words[1:2] and words[1].islower() and words[1] != "of"
    if words[0][:1].isupper() and not words[0].isupper() and (not capitals or goes_on_small):
        words[0] = words[0][0].lower() + words[0][1:]
    return f"our {' '.join(words)}"


def through(channel: str) -> str:
    """How a channel is used: `by email`, `through a personal Amazon account`, `through WeChat`."""
    plain = channel.lower()
    for way in common_data()["grammar"]["channel_by"]:
        if plain == way or plain.startswith(f"{way} "):
            return f"by {channel[0].lower()}{channel[1:]}" if channel[:2].istitle() else f"by {channel}"
    if re.match(r"(by|through|via|in|on|over|at|with|using)\b", plain):
        return channel[0].lower() + channel[1:]
    if plain.startswith("own "):
        return f"through their {channel[0].lower()}{channel[1:]}"
    head = re.split(r"\s+(?:of|in|on|with|at|from|for|named|called)\s|\s\(|\s\"", channel)[0].split()
    whose = re.search(r" of (?:our|the|his|her|their|its) ", plain)
    if (
        whose
        and channel[0].islower()
        and not re.match(r"(?:a|an|the|our|their|his|her|its|one|two)\b", plain)
    ):
        return f"through the {channel}"
    alone = head[-1] in _words("countable") and not re.match(
        r"(a|an|the|our|their|his|her|its|this|that|one|my)\b", plain
    )
    if alone and (channel[0].islower() or head[0] in ("Facebook", "WhatsApp", "WeChat", "Telegram")):
        named = re.search(r"[\"“]", channel)
        article = "the" if named else "an" if plain[0] in "aeiou" else "a"
        return f"through {article} {channel}"
    return f"through {channel}"


def given_away(offer: str) -> str:
    """What was offered, with the article that a single thing needs: `a $10 gift card`, `a full refund`."""
    head = re.split(r" (?:of|for|worth|on|in|to|from|by|via|through|per|with)\b|[,(]", offer)[0].split()
    counted = re.match(
        r"(?:a|an|the|our|one|two|three|four|five|six|\d[\d,]*)\b(?![%.])", offer, re.IGNORECASE
    )
    if not head or counted or head[-1].lower() not in _words("countable_gifts"):
        return offer
    sounds_open = re.match(r"\D{0,2}(?:8|11\b|18\b)|[aeio]|un(?!i)", offer, re.IGNORECASE)
    begins = offer if offer[:2].isupper() or not offer[0].isalpha() else offer[0].lower() + offer[1:]
    return f"{'an' if sounds_open else 'a'} {begins}"


def is_timed(frequency: str) -> bool:
    """Whether a frequency is a matter of time (`every three months`), not of cases (`every message`)."""
    words = re.findall(r"[a-z]+", frequency.lower())
    return any(word in _words("time_words") for word in words)


def is_standing(frequency: str) -> bool:
    """Whether a frequency is no repetition: `always`."""
    return frequency.strip(" .").lower() in _words("standing")


def past_verb_first(text: str) -> bool:
    """Whether the text opens with a verb in the past, so that it can follow `which`."""
    word = re.match(r"[A-Za-z]+", text)
    return word is not None and (word[0].lower().endswith("ed") or word[0].lower() in _words("past_verbs"))


@cache
def _words(name: str) -> frozenset[str]:
    grammar: Mapping[str, object] = common_data()["grammar"]
    value = grammar[name]
    return frozenset(value if isinstance(value, list) else str(value).split())
