"""What an English sentence of a notification asks the seller to send or explain, in its own words.

A sentence asks with a verb in a request's mood ("please send", "your plan must explain", "and tell us"), with a
need ("we still need", "what is missing is"), or with a promise that waits for something ("once we have ...").
Each such predicate takes the words up to the next; what it takes is parted where a comma or an "and" begins a
thing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from poa.notice.enumeration import split, starts
from poa.notice.words import first_match, matches, patterns, plain

__all__ = ["asked_in_english", "lacking_in", "without_tail"]

_GIVE = re.compile(
    r"\b(?:(?:e-?mail|write to|contact|reply|respond|answer|write(?: back)?|come back|get back)(?: to)?(?:(?: us)?(?: at)? <?[\w.+-]{1,60}@[\w.-]{2,60}>?| us| this(?: [\w-]{3,12})?| the address below)?,? with"
    r"|let us have|have ready|hand in|return(?= the signed| both| a signed)"
    r"|(?:re)?(?:send|sending|e-?mail|provide|providing|submit|submitting|include|including|attach|attaching|supply|supplying|give|giving|share|sharing|forward|upload|uploading|furnish|present|produce|enclose|prepare|contain|contains|cover|have|be accompanied by|come with|add))"
    r"\b(?: (?:us|to us|Amazon|with it|(?:with|to|in) your (?:reply|answer|response|letter|message|appeal|plan|e-?mail|submission|explanation)))?"
    r"(?: within (?:the next )?[\w-]{1,10} (?:\w+ )?(?:days|hours|weeks))?:? (?=\S)",
    re.IGNORECASE,
)
_CONTENT = (
    r"(?:(?:first(?:ly)?|\(?[a1i]\)),? )?(?:exactly |precisely |in detail |about )?(?:if|how|why|what|which|who|whom|whose|whether|when|where|(?:since|from|until|in|on|at|to|by|for|with) (?:when|what|which|whom)|that (?:you|there|all|your|the|this|these|it|they|no|none|neither)|(?:the|any|each|every|all|both|your|an?) [\w'-]+(?: [\w'-]+){0,6}? (?:you|of|that|which|for|between|behind|to|on|in|with|taken|used|concerned|involved)|the (?:root|cause|reason|steps|actions|measures|issues?|changes|circumstances|origin|source|relationship)|"
    r"your (?:root|supply|relationship|relation|sourc\w+|connection)|there is|you (?:have|are|will|no longer|do not|did not)|all )\b"
)
_EXPLAIN = re.compile(
    r"\b(?P<verb>explain|describe|tell us|let us know|inform us|say|set out|make (?:it )?clear|state|outline|detail|show us|show|demonstrate|clarify|specify|indicate|confirm|prove|answer|address|identify|name|list|account for|deal with|comment on|go into)"
    rf"(?: to us| us| in detail| clearly| fully| briefly| in writing)*(?: that| in writing)?[,:]? (?={_CONTENT})",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:we|amazon|(?:our|the) (?:\w+ )?(?:team|reviewers|investigators|specialists))(?:'d)? (?:still |also |now |therefore |will |do |first |would(?= (?:first |also |still |now )?(?:need|like)) )*(?:needs? to (?:know|understand|learn|see|hear|have|receive)|needs?|requires?|requests?|lacks?|asks? (?:you )?for|(?:are|is) (?:still )?missing|(?:are|is) (?:still )?waiting for|must (?:have|receive|see)|wants? to (?:see|know|understand)|(?:would )?like to (?:see|receive|have|know|understand|learn))(?: from you)?:? (?!you to\b|up to\b|(?:more|some|further|additional) time\b|time\b)(?=\S)"
    r"|\bwhat (?:we|is|you) (?:still )?(?:need|needed|require|required|missing|lack|want|must send|have to send)(?: from you)? (?:is|are):? (?=\S)"
    r"|^(?:an? |the )?(?:valid|complete|acceptable|sufficient|good) (?:plan|appeal|reply|response|answer|submission|explanation)(?: of action)? (?:needs|includes|contains|consists of|has):? (?=\S)"
    r"|^(?:and )?the (?:first|second|third|fourth|other|last)(?: (?:one|thing|point|document|item|part))? is (?=\S)",
    re.IGNORECASE,
)
# "We can only reinstate the listing once we have ...": a promise that waits for something asks for it.
_AWAITED = re.compile(
    r"\b(?:will|can|cannot|can't|could)\b.{3,160}?\b(?:once|when|after|as soon as|until|unless|before) we (?:have |get |hold |receive |see )(?:received |seen |got |had )?(?=\S)",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"\byour (?:latest |last )?(?:submission|appeal|plan(?: of action)?|answer|response|reply|explanation) (?:still )?(?:lacks?|lacked|misses|does not|did not)(?: (?:contain|include|explain|address|show|say|state|cover|tell us|mention|answer))? (?=\S)"
    r"|^(?:but |however, )?(?:it|this) (?:still )?(?:does not|did not|doesn't|didn't) (?:tell us|explain|say|show|state|contain|include|mention|answer) (?=\S)"
    r"|\b(?:missing|lacking)(?: from (?:it|your [\w ]{3,24}))? (?:is|are):? (?=\S)",
    re.IGNORECASE,
)
_HOLDS = ("contain", "cover", "have", "be acc", "come with", "includ")
_AND = re.compile(
    r"(?:,|;)? ?\b(?:and|or|then)(?: also| please| then| finally)*,? (?:to )?$|[;,] (?:also |please |further(?:more)?,? )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Predicate:
    kind: Literal["give", "explain", "need", "do"]
    start: int
    end: int
    verb: str


_OPTION = re.compile(
    r"(?:option|step|case|route|way|variant|part|either|or) ?(?:\d{1,2}|[A-H])? ?[:)–-] ?(?=\w)",
    re.IGNORECASE,
)


_LONGEST = 4000  # characters: longer "sentences" are data

# What may stand between the verb and what it asks for: the term, the way, the manner.
_ADJUNCT = re.compile(
    r"(?P<verb>\b(?:send|provide|submit|include|attach|give|supply|share|tell|let|explain|describe|show|upload|forward|state|confirm|set out|outline|specify|identify|name|list)"
    r"(?: (?:to )?us)?(?: have| know)?)"
    r"(?:,? (?:(?:(?:with)?in|no later than|not later than) (?:the next )?[\w-]{1,12}(?: \(\d{1,3}\))? (?:business |working |calendar )?(?:days?|hours?|weeks?)(?: (?:of|from|after) (?:the date of )?(?:this|receipt|today|receiving)[\w -]{0,24}?)?"
    r"|(?:by|before|until|no later than) (?:\w+day,? )?(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z]\w{2,8}|[A-Z]\w{2,8} \d{1,2})(?:,? 20\d\d)?"
    r"|by (?:repl\w+|respond\w+|answer\w+|return)(?: to)?(?: this| of)?(?: [\w-]{3,12})?|(?:with|by|through|in|using) (?:photographs|photos|documents|examples|evidence|e-?mail|writing|detail|full|your own words|as much detail as possible)"
    r"|(?:with|in|to) (?:your|the|an?) (?:reply|answer|response|letter|message|appeal|plan|e-?mail|submission|explanation|statement)(?: of action)?"
    r"|(?:clearly|precisely|fully|briefly|exactly|again|also|as soon as possible|without delay|promptly))){1,3},?(?= \w)",
    re.IGNORECASE,
)


def asked_in_english(sentence: str) -> list[str]:
    """What the sentence asks for; several things come as several, and a sentence that asks nothing gives none."""
    if len(sentence) > _LONGEST:
        return []
    option = _OPTION.match(sentence)
    sentence = sentence[option.end() :] if option else sentence
    sentence = _ADJUNCT.sub(r"\g<verb>", sentence[:1200]) + sentence[1200:]
    seen = plain(sentence)
    if matches("asked_before", seen):
        return []
    predicates = list(_asking(seen))
    asked: list[str] = []
    for at, predicate in enumerate(predicates):
        end = predicates[at + 1].start if at + 1 < len(predicates) else len(sentence)
        taken = _AND.sub("", sentence[predicate.end : end]).rstrip(" ,;")
        if taken.endswith(" by"):
            continue  # "Confirm that it is new by sending an invoice": the invoice is asked for
        asked += _named(
            predicate, taken, sentence[predicate.start : predicate.end], alone=len(predicates) == 1
        )
    return asked or _standing_alone(sentence, seen)


def lacking_in(sentence: str) -> list[str]:
    """What a sentence finds missing in an earlier answer, which asks for it when nothing else does."""
    found = _LACKING.search(plain(sentence))
    if not found:
        return []
    rest = _COUNTED.sub("", sentence[found.end() :].rstrip(" ."))
    if re.match(rf"(?:from whom|to whom|{_CONTENT})", plain(rest), re.IGNORECASE):
        return split(without_tail(rest), "content_start")
    return _things(rest)


def _asking(seen: str) -> Iterator[_Predicate]:
    """The predicates that ask, in order; a verb inside what another one takes asks nothing of its own."""
    kinds: tuple[tuple[Literal["give", "explain", "need", "do"], re.Pattern[str]], ...] = (
        ("give", _GIVE),
        ("explain", _EXPLAIN),
        ("need", _NEED),
        ("need", _AWAITED),
        *(("do", pattern) for pattern in patterns("do_request")),
    )
    found = sorted(
        (
            _Predicate(kind, m.start(), m.end(), m.group().lower().strip(" :,"))
            for kind, pattern in kinds
            for m in pattern.finditer(seen)
        ),
        key=lambda p: (p.start, -p.end),
    )
    last: _Predicate | None = None
    for predicate in found:
        if last is not None and predicate.start < last.end:
            continue
        if last is not None and re.search(r"[:.!?] [A-Z]", seen[last.end : predicate.start]):
            last = None  # "... by using this link: When you appeal, provide ...": a new sentence
        if (
            last is not None
            and not _AND.search(seen[: predicate.start])
            and not _BY.search(seen[: predicate.start])
        ):
            continue
        if _asks(predicate, seen[: predicate.start], follows=last is not None):
            yield predicate
            last = predicate


_BY = re.compile(
    r"\b(?:prove|show|confirm|demonstrate|do (?:so|this)|address|fix|resolve|dispute|appeal|correct)\b[^.]{0,60}\bby $",
    re.IGNORECASE,
)


def _asks(predicate: _Predicate, before: str, *, follows: bool) -> bool:
    near = before[-260:]
    if predicate.kind == "need":
        return not re.search(r"\b(?:if|when|until|once|whether|as)\b[^,]*$", before, re.IGNORECASE)
    if _OF_ALL.search(near):
        return False  # "Sellers must have a valid tracking rate of 95 %": a rule for all, and no request
    verb = predicate.verb
    # "The invoices you uploaded to answer a complaint": a purpose, and no request.
    if _HANDLES.match(verb) and near.endswith(" to ") and not _OBLIGED.search(near):
        return False
    if verb.endswith("ing") or re.search(r"ing\b", verb.split()[0]):
        return _BY.search(near) is not None or (
            follows and _AND.search(near) is not None and not verb.startswith("includ")
        )
    holds = verb.startswith(_HOLDS) and verb != "have ready"
    if holds and not verb.startswith("include"):
        return (
            re.search(r"\b(?:must|shall|should|needs? to|has to|have to)(?: (?:also|then))? $", near)
            is not None
        )
    must = re.search(
        r"\b(?:plan|appeal|explanation|letter|it|submission|reply|answer|response|statement|poa|which|you|they)\b(?:, [^,]{3,60},)?[^.,]{0,40}\b(?:must|shall|should|needs? to|has to|have to|ought to)(?: (?:also|then|clearly))? $",
        near,
        re.IGNORECASE,
    )
    asked_to = re.search(
        r"\b(?:we|amazon) (?:now |therefore |kindly |also )?(?:ask|request|require)(?: of you)? that you $",
        near,
        re.IGNORECASE,
    )
    bound = must or asked_to
    if bound and not re.search(r"\b(?:not|never|no longer)\b|n't\b", bound.group()):
        return not _refused_must(near)
    if follows and _AND.search(near):
        return True  # "... and include any supporting documents": the mood is the first verb's
    return matches("request_mood", near) and (not matches("request_refused", near) or _reinstates(near))


_OF_ALL = re.compile(
    r"\b(?:sellers|selling partners|customers|buyers|suppliers|everyone|everybody|rights owners?|complainants?|brand owners?|patent owners?|you (?:always|generally))\b[^.]{0,24} (?:must|shall|should|may|can|needs? to|has to|have to|(?:has|have) [\w ()-]{1,30} to|(?:is|are) (?:required|expected|obliged|asked) to|agree to)(?: (?:also|then|always))? $"
    r"|\b(?:ask(?:ed|s)?|request(?:ed|s)?|told|instruct(?:ed|s)?|order(?:ed|s)?|invite[ds]?|require[ds]?) (?:the|an?|your|their|our|all|other|its) [\w' -]{3,40} to $",
    re.IGNORECASE,
)
_HANDLES = re.compile(
    r"(?:answer|address|identify|name|list|account|deal|comment|go|verify|update|correct|register|link|complete|show|prove)\b"
)
_OBLIGED = re.compile(
    r"\b(?:need|needs|have|has|had|asked?|required|requested|want|wants|like|invited?|must|you|and|order|ready)(?: you)? to $",
    re.IGNORECASE,
)


def _refused_must(near: str) -> bool:
    return (
        re.search(
            r"\b(?:not|never|if|when|which|that|what|how|where|anything|everything|documents?|information) you (?:\w+ )?(?:must|should|need to|have to)(?: also)? $",
            near,
            re.IGNORECASE,
        )
        is not None
    )


def _named(predicate: _Predicate, taken: str, said: str, *, alone: bool) -> list[str]:
    """The demands in the words a predicate takes; `alone` tells that the sentence has no other predicate."""
    if predicate.kind == "do":
        return [without_tail(f"{said}{taken}".rstrip(" ."))]
    if predicate.kind != "explain":
        taken = _COUNTED.sub("", taken)
        if predicate.kind == "need" and _CLAUSE.match(taken):
            return split(without_tail(taken.rstrip(" .")), "content_start")
        return _things(taken)
    content = without_tail(taken.rstrip(" ."))
    clause = f"{said}{content}"
    if (
        matches("refused_thing", content)
        and not _CLAUSE.match(content)
        and not content.lower().startswith("that ")
    ):
        return []
    if matches("explain_refused", clause) or len(clause.split()) < 4:
        return []
    parts = split(content, "content_start")
    confirmed = re.match(r"(?:confirm|show|prove|demonstrate)\b", said, re.IGNORECASE)
    if (
        len(parts) > 1
        or (not alone and not confirmed)
        or re.match(r"(?:tell|let|inform|say|answer|address)\b", said, re.IGNORECASE)
    ):
        return parts
    # "Please show that ..." needs its verb to be understood, and a single "Explain how ..." keeps it.
    return [clause]


def _standing_alone(sentence: str, seen: str) -> list[str]:
    """Requests for a procedure, for the reply itself, or in the passive ("A signed letter is required")."""
    complete = first_match("complete_request", sentence)
    if complete and _in_mood(seen[: complete.start()]):
        return [without_tail(sentence[complete.start() : complete.end()])]
    reply = first_match("reply_with", sentence)
    if reply and _in_mood(seen[: reply.start()]):
        return [sentence[reply.start() : reply.end()].rstrip(" .")]
    named = _NAMED.match(seen)
    if (
        named
        and matches("requested_thing", named["things"])
        and not matches("refused_thing", named["things"])
    ):
        things = sentence[named.start("things") :].rstrip(" .")
        parts = re.split(r"; (?:and )?", things) if ";" in things else split(things, "thing_start")
        return [part.strip() for part in parts if len(part) > 4]
    announced = _after_colon(sentence)
    if announced:
        return announced
    passive = _PASSIVE.match(seen)
    if (
        passive
        and matches("requested_thing", passive["thing"])
        and not matches("refused_thing", passive["thing"])
    ):
        return [
            p
            for p in split(sentence[passive.start("thing") : passive.end("thing")], "thing_start")
            if len(p) > 4
        ]
    return []


def _after_colon(sentence: str) -> list[str]:
    """The things named behind the colon of a request ("There are three things we ask you to write about: ...; ...")."""
    head, colon, rest = sentence.partition(": ")
    if not colon or not matches("plain_request", head) or matches("leadin_strong_ignore", head):
        return []
    rest = rest.rstrip(" .")
    parts = (
        [part.strip() for part in re.split(r"; (?:and |or )?", rest)]
        if ";" in rest
        else split(rest, "content_start")
    )
    shaped = all(matches("demand_shape", part) or matches("item_shape", part) for part in parts)
    return parts if len(parts) > 1 and shaped else []


_CLAUSE = re.compile(
    r"(?:exactly )?(?:how|why|what|which|who|whom|whose|whether|when|where)\b", re.IGNORECASE
)
# "... need to understand three things: what ..., what ..., and how ..."
_COUNTED = re.compile(
    r"^(?:the following |these )?(?:two|three|four|five|six|some|a few|\d) (?:things|points|questions|items|documents)(?: (?:that )?we (?:still )?(?:need|ask for|require|want to know))?[:,] ?",
    re.IGNORECASE,
)
# "To bring it back: an invoice; a lab report.", "What would change it: an agreement with your supplier."
_NAMED = re.compile(
    r"^(?:to (?!learn|read|see|find|view|prevent|protect)[^:.]{3,80}|(?:by|before|within) [^:.]{3,30}|what (?:would|we (?!have|know|saw|found|did|do)|you (?!have)|is|can|could)\b[^:.]{2,60}|(?:still )?(?:needed|required|missing|outstanding)\b[^:.]{0,40}|(?:[^:.]{3,120}, )?(?:the following|these)\b[^:.]{0,60}\b(?:is|are) (?:still )?(?:necessary|needed|required|missing|outstanding)[^:.]{0,40}): (?P<things>.{8,}?)$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"^(?:in addition,? |also,? |further(?:more)?,? )?(?P<thing>(?!no |this |that |these |approval )[^.,;:]{4,140}?(?:, [^.,;:]{4,80})?) (?:is|are) (?:still |also |therefore )?(?:needed|required|missing|requested)(?: from you)?(?: (?:to|for|before) [^.]{0,80})?\.?$",
    re.IGNORECASE,
)


def _in_mood(before: str) -> bool:
    return matches("request_mood", before[-260:])


def _reinstates(before: str) -> bool:
    """Whether the sentence promises something "if you send ..."; elsewhere such an "if you" asks nothing."""
    return bool(
        re.search(
            r"\b(?:reinstat|consider|reactivat|restore|sell again)\w*\b[^.]{0,60} (?:if|when|once|after) you (?:first )?$",
            before,
            re.IGNORECASE,
        )
    )


def without_tail(text: str, tails: str = "thing_tail") -> str:
    """The text cut where its route, term or purpose begins."""
    seen = plain(text)
    cut = len(text)
    for pattern in patterns(tails):
        found = pattern.search(seen, 6)
        # "advise them to contact us at <address> to withdraw it" goes on behind the address.
        goes_on = tails == "item_tail" and found and len(seen[found.end() :].lstrip(">) ").split()) > 2
        if found and found.start() < cut and not goes_on:
            cut = found.start()
    return text if cut == len(text) else text[:cut].rstrip(" ,;:(（")


def _things(rest: str) -> list[str]:
    """The things named after a verb like "provide", or nothing where they only point back."""
    listed = re.match(
        r"^(?:us )?(?:with )?(?:all of |both of |one of |any of )?(?:the )?following[^:]{0,60}: ?(?=\S)",
        plain(rest),
        re.IGNORECASE,
    )
    rest = rest if listed else re.sub(r"^(?:us )?with ", "", rest)
    either = re.match(r"either (?=.* or )", rest)
    body = rest[listed.end() :] if listed else re.sub(r"^(?:either|both) (?=.* (?:or|and) )", "", rest)
    if listed:
        parts = (
            [p.strip(" .") for p in re.split(r";(?: and| or)? ", body)]
            if ";" in body
            else split(body, "thing_start")
        )
        return [without_tail(p).strip() for p in parts if p]
    if matches("refused_thing", body) or not matches("requested_thing", body):
        return []
    more = re.search(
        r",? and (?:also |please )?(?:include|provide|attach|submit|send|give us|enclose) (?=\w)", plain(body)
    )
    if more and not listed:  # "an explanation of ... and include any supporting documents"
        body = body[: more.start()]
    content = first_match("plan_link", body.rstrip(" ."))
    if content:
        return _plan_contents(body.rstrip(" ."), content)
    body = without_tail(body.rstrip(" "))
    if re.match(r"^(?:how|what|why|whether|the (?:steps|actions|measures|root))\b", body, re.IGNORECASE):
        return split(body, "content_start")
    return [p for p in split(body, "thing_start", choice=either is not None) if len(p) > 4]


def _plan_contents(body: str, link: re.Match[str]) -> list[str]:
    content = without_tail(body[link.start("content") : link.end("content")])
    if (
        link["link"].lower() in {"with", "on", "about"}
        and not matches("requested_thing", content)
        and not starts(content, "content_start")
    ):
        return [without_tail(body)]
    halves = re.fullmatch(r"both (?P<one>.+?),? and (?P<other>(?!.* and ).+)", content)
    parts = [halves["one"], halves["other"]] if halves else split(content, "content_start")
    if len(parts) > 1:
        return parts
    if link["noun"].lower() in {"appeal", "reply", "response", "letter", "statement"}:
        return [body[link.start("link") : link.start("content")] + content]
    return [body[: link.start("content")] + content]
