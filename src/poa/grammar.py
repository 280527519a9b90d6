"""What holds a small model to its task: a grammar of the one reply that a section may get.

Without it a model of 1.5 billion parameters forgets placeholders, invents ids and copies what it should reword.
The rules are GBNF, the notation of llama.cpp; an endpoint never sees them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from poa.phrasing import past_verb_first
from poa.placeholders import PLACEHOLDER

__all__ = ["reply_grammar"]

# A state for each set of placeholders still to come: more states than this make the engine slow.
_MOST_STATES = 32


def reply_grammar(
    ids: Sequence[str], texts: Sequence[str], free: Collection[str] = (), attempt: int = 0
) -> str:
    """GBNF for exactly this reply: the ids in their order, and in each text each placeholder as often as sent.

    No text may begin as it did, but those of the `free` ids: a small model that has written the first words
    anew goes on to write the sentence anew, and one that has not copies it. At the last `attempt` (0, 1, 2)
    more of them are free.
    """
    characters = _characters(texts)
    # `s` is a character inside a clause: no stop and no comma but inside a figure (0.42, 1,240).
    inner = "".join(f" | {json.dumps(part)}" for part in _inner_stops(texts))
    clause = characters.replace(",;:?!", "")
    rules = [
        f"c ::= [.{characters}]",
        f"s ::= [{clause}]{inner}",
    ]
    root: list[str] = []
    closing = json.dumps('"}')
    for n, (passage_id, text) in enumerate(zip(ids, texts, strict=True)):
        before = json.dumps(f'{{"id": {json.dumps(passage_id)}, "text": "')
        start = _Opening() if passage_id in free else _opening(text, attempt)
        root.append(f"{before} {start.rule} t{n} {closing}")
        rules += _text_rules(f"t{n}", text, start, _how_often(text))
    first, comma, last = (json.dumps(part) for part in ('{"passages": [', ", ", "]}"))
    return "\n".join([f"root ::= {first} {f' {comma} '.join(root)} {last}", *rules]) + "\n"


@dataclass(frozen=True)
class _Opening:
    """How a text must begin: a GBNF rule, the placeholders that stand in it, and a date that must follow.

    `dates` are the ways to say the date ("on <DATE_1>"), with its placeholders in `dated`; one of them must
    stand in the first sentence, before it has more commas than `commas` and placeholders that are not `early`:
    or the model forgets it, must not end without it, and writes on and on.
    """

    rule: str = '""'
    used: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    commas: int = 0
    early: frozenset[str] = frozenset()


_ENSURES = ("ensure", "make sure", "see to it")
_ENSURE = "|".join(_ENSURES)
# "On <DATE_1>, we ..." and "Our manager will see to it that, from <DATE_1>, ...".
_DATED_FIRST = re.compile(
    r"(?P<date>(?:On|From|Between|Since|In|Starting on|Beginning on) (?:<DATE_\d+> (?:and|to) )?<DATE_\d+>), "
    r"(?!after|before|while|when|because|since|as )(?P<rest>.+)",
    re.DOTALL,
)
# "From <DATE_1>, our manager will ensure that ...": put at the end, the date would say when a parcel is sent.
_ENSURED = re.compile(
    rf"(?P<date>From|Starting on|Beginning on) (?P<day><DATE_\d+>), (?P<who>we|our [^,.;]+?) will (?P<verb>{_ENSURE}) that "
)
_DATED_LATER = re.compile(r"(?P<who>We|Our [^,.;<]+?) will [^,.;<]+, (?P<date>from <DATE_\d+>),")
# Passages that begin with words of their own, put first: left to itself, a small model lets accounts be "affected by
# this letter" or says "we involved" them, and apologises to nobody.
_FIXED = (
    (re.compile(r"Apart from [^,.;<]+, (?P<rest>[^,.;<]+)\.$"), "{rest} apart from "),
    (re.compile(r"For [^,.;<]+, (?P<rest>we [^,.;<]+)[;.]"), "{rest}"),
    (re.compile(r"The (?P<what>[^,.;<]+?) (?:involved|concerned) is that of "), "The {what} of "),
    (re.compile(r"The following (?P<what>[^,.;:<]+?) (?:were|was) (?P<done>[a-z]+):"), "The {what} {done} "),
    (
        re.compile(r"The following (?P<what>[^,.;:<]+?) (?P<remains>remains?) (?P<where>on [^,.;:<]+):"),
        "{where}, the following {what} {remains}: ",
    ),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A date at the end of more words than these, or of a clause about somebody, belongs to other words.
_MOST_IN_A_SENTENCE, _MOST_IN_A_CLAUSE = 13, 18
_RELATIVE = re.compile(r"\b(?:that|which|who|whom|before|after)\b")
# In the last one a text that only "Our company" may begin is free: it may be said otherwise further on.
_LAST_ATTEMPT = 2
_WE_DID = re.compile(r"we ((?!had |were )[a-z]+) ")
_OUR_ROLE = re.compile(r"our (?:[\w'-]+ ){1,5}?will ")


def _opening(text: str, attempt: int = 0) -> _Opening:
    """Other first words than now.

    Where a day comes first, the one who acts does, and the other way round: told only to begin otherwise, a
    small model loses the one who acts, or adds the day where it makes no sense. Elsewhere any letter but the
    present one: held to another *word*, it glues the same word to the next ("Wesent").
    """
    ensured = _ENSURED.match(text)
    if ensured is not None:
        who, date = ensured["who"], f"{ensured['date'].lower()} {ensured['day']}"
        verbs = " | ".join(json.dumps(verb) for verb in _ENSURES if verb != ensured["verb"])
        opening = (
            f"{json.dumps(f'{who[0].upper()}{who[1:]} will ')} ({verbs}) {json.dumps(f', {date}, that ')}"
        )
        return _Opening(opening, tuple(PLACEHOLDER.findall(ensured[0])))
    dated = _DATED_FIRST.match(text)
    moved = _date_moved(dated["date"], dated["rest"]) if dated is not None else None
    if moved is not None:
        return moved
    later = _DATED_LATER.match(text)
    if later is not None:
        who = later["who"][0].lower() + later["who"][1:]
        opening = f"F{later['date'][1:]}, {who} will "
        return _Opening(json.dumps(opening), tuple(PLACEHOLDER.findall(opening)))
    for pattern, begins in _FIXED:
        if found := pattern.match(text):
            fixed = begins.format(**found.groupdict())
            return _Opening(json.dumps(fixed[0].upper() + fixed[1:]))
    if text.startswith("We ask "):
        return _Opening('"We " ("respectfully " | "kindly " | "request that " | "now ask ")')
    if text.startswith("We "):
        return _Opening('("Our company " | "No ")' if attempt < _LAST_ATTEMPT else '""')
    if re.match(r"(?:On|In) <DATE_\d+>", text) or not re.match(r"[A-Z]", text):
        return _Opening()
    return _Opening(f"[{_LETTERS.upper().replace(text[0], '')}]")


def _date_moved(date: str, rest: str) -> _Opening | None:
    """How a text that began with a date begins without it, and where the date goes; None when nobody acts first."""
    days, sentence = tuple(PLACEHOLDER.findall(date)), rest.split(". ")[0]
    first, *clauses = sentence.split(", ")
    long = len(first.split()) > (_MOST_IN_A_CLAUSE if clauses else _MOST_IN_A_SENTENCE)
    relative = _RELATIVE.search(first) is not None
    if len(days) == 2 and (long or relative or clauses):
        # At the end of such a clause the date would belong to other words.
        other = ("From {} to {}, " if date.startswith("Between") else "Between {} and {}, ").format(*days)
        return _Opening(f"{json.dumps(other)} [{_LETTERS.replace(rest[0], '')}]", days)
    did = _WE_DID.match(rest)
    # "We opened on <DATE_1> all units and found ...": at the end it would be the day of the second deed.
    second = re.search(r" and ([a-z]+)", first)
    strays = relative or (long and second is not None and past_verb_first(second[1]))
    if date.startswith("On ") and strays and did is not None and past_verb_first(did[1]):
        return _Opening(json.dumps(f"We {did[1]} {date[0].lower()}{date[1:]} "), days)
    acts = _OUR_ROLE.match(rest) or re.match(r"[A-Za-z][A-Za-z'-]* ", rest)
    if acts is None:
        return None
    # The date belongs to the first clause, where that is a whole one.
    whole = clauses and not long and not relative and re.match(r"(?:we|our|the|all) ", first)
    return _Opening(
        json.dumps(acts[0][0].upper() + acts[0][1:]),
        dates=_ways_to_say(date),
        dated=days,
        commas=0 if whole else len(clauses),
        early=frozenset(PLACEHOLDER.findall(sentence)),
    )


def _ways_to_say(date: str) -> tuple[str, ...]:
    """The phrase with a date at the head of a sentence, as it can stand inside one."""
    days = PLACEHOLDER.findall(date)
    if len(days) == 2:
        return f"between {days[0]} and {days[1]}", f"from {days[0]} to {days[1]}"
    if date.startswith("On"):
        return (f"on {days[0]}",)
    return (
        tuple(f"{word} {days[0]}" for word in _FROM)
        if date.startswith(_STARTS)
        else (date[0].lower() + date[1:],)
    )


_STARTS = ("From", "Starting", "Beginning")
_FROM = ("from", "starting on", "starting from", "starting", "beginning on", "as of")


def _characters(texts: Sequence[str]) -> str:
    """The characters a text may hold besides the full stop, as the inside of a GBNF class."""
    sent = "".join(PLACEHOLDER.sub("", text) for text in texts)
    # A quotation mark, a backslash or a bracket would end the JSON text or begin a placeholder.
    others = sorted(
        {c for c in set(sent) if c.isprintable() and not re.match(r"[A-Za-z0-9 ,.;:?!()'/&%$+=@\\\"<>-]", c)}
    )
    escaped = "".join(f"\\x{ord(c):02X}" if ord(c) < 256 else f"\\U{ord(c):08X}" for c in others)
    return f"A-Za-z0-9 ,;:?!()'/&%$+=@{escaped}-"


def _inner_stops(texts: Sequence[str]) -> list[str]:
    """Figures and words with a stop or a comma inside: "0.42", "1,240"."""
    return sorted(
        {found for text in texts for found in re.findall(r"\w+(?:[.,]\w+)+", PLACEHOLDER.sub("", text))}
    )


# "This is done weekly.", "This applies to every order.": the sentence that a small model leaves out most.
_OFTEN = re.compile(r"\. This (?:is done|takes place|applies to) (?P<often>[^.<]+)\.$")
_OTHERWISE = {
    "daily": ("every day", "each day"),
    "weekly": ("every week", "each week"),
    "monthly": ("every month", "each month"),
    "quarterly": ("every quarter", "each quarter"),
    "yearly": ("every year", "each year"),
}


def _how_often(text: str) -> str:
    """The ways to say how often it is done, as a GBNF rule; empty where the text does not say it at its end."""
    found = _OFTEN.search(text)
    if found is None:
        return ""
    often = found["often"]
    other = re.sub(r"\bevery (?=[a-z]+\b(?! months| weeks| days))", "each ", often)
    return " | ".join(json.dumps(way) for way in dict.fromkeys((often, other, *_OTHERWISE.get(often, ()))))


def _text_rules(name: str, text: str, start: _Opening, often: str = "") -> list[str]:
    """Rules for one text: a state for each set of placeholders that are still to come.

    With many placeholders the sets are too many, and they keep the order in which they were sent.
    """
    left = Counter(PLACEHOLDER.findall(text)) - Counter([*start.used, *start.dated])
    sent = [p for n, p in enumerate(PLACEHOLDER.findall(text)) if n >= len(start.used) + len(start.dated)]
    char = 'c | "\\\\n"' if "\n" in text else "c"
    date = [" | ".join(json.dumps(way) for way in start.dates)] if start.dates else []
    states = 2 if often else 1
    for count in left.values():
        states *= count + 1
    if states > _MOST_STATES:
        chain = f" ({char})* ".join(json.dumps(p) for p in sent)
        first = f"{name}d ({date[0]}) " if date else ""
        return [f"{name} ::= {first}({char})* {chain} ({char})*", *_clauses(name, start)]
    kinds = [*(f"({way})" for way in date), *(json.dumps(kind) for kind in left)]
    full = (*(1 for _ in date), *left.values())
    if often:
        kinds.append(f"({often})")
        full = (*full, 1)
    early = {json.dumps(kind) for kind in start.early}
    rules: list[str] = []
    todo, named = [full], {full: name}
    while todo:
        state = todo.pop()
        ways = []
        waiting = bool(date) and bool(state[0])
        for n, kind in enumerate(kinds):
            if state[n] and (n == 0 or not waiting or kind in early):
                after = (*state[:n], state[n] - 1, *state[n + 1 :])
                if after not in named:
                    named[after] = f"{name}s{len(named)}"
                    todo.append(after)
                ways.append(f"{kind} {named[after]}")
        # While the date is to come, the first sentence cannot end.
        letters = f"{name}d" if waiting else f"({char})*"
        rules.append(
            f"{named[state]} ::= {letters} ({' | '.join(ways)})" if ways else f"{named[state]} ::= {letters}"
        )
    return [*rules, *_clauses(name, start)]


def _clauses(name: str, start: _Opening) -> list[str]:
    """The rule for what may stand before the date that must come: so many clauses, and no end of a sentence."""
    if not start.dates:
        return []
    more = ' ("," (s)*' * start.commas + ")?" * start.commas
    return [f"{name}d ::= (s)*{more}"]
