"""Parts what a sentence asks for where it names several things."""

from __future__ import annotations

import re

from poa.notice.words import matches, patterns, plain

__all__ = ["split", "starts"]


def starts(text: str, name: str) -> bool:
    """Whether the text begins with a word of the named list."""
    return any(p.match(plain(text)) for p in patterns(name))


_JOINT = re.compile(r"(?:,|;)? (?:and|or|as well as|together with|along with|plus)(?: also| finally)? |[,;] ")


_ORDINAL = re.compile(
    r"(?:^|[,;:]\s?|\s)(?:and |then )?(?:\((?:[a-h]|\d|i{1,3}|iv|v)\) |(?:first|firstly|second|secondly|third|thirdly|fourth|fourthly|fifth|finally|lastly),? (?=(?:an?|the|how|what|why|who|whether|which|when|where|your|any|all|of all)\b))",
    re.IGNORECASE,
)


def _by_ordinals(text: str) -> list[str]:
    """The parts of "first, ...; second, ..." or "(a) ..., (b) ...", or nothing where the text does not count."""
    cuts = list(_ORDINAL.finditer(text))
    if len(cuts) < 2 or cuts[0].start() > 2:
        return []
    ends = [*(cut.start() for cut in cuts[1:]), len(text)]
    return [text[cut.end() : end].strip(" ,;.") for cut, end in zip(cuts, ends, strict=True)]


_SERIES_START = re.compile(
    r"(?:and |or |finally |lastly )?(?:the|an?|your|any|all|each|every|both|how|what|why|when|where|which|who|whom|whose|whether"
    r"|(?:[\w-]+ ){0,2}[a-z]{3,}s (?:of|that|from|for|showing|between|with|to|you)|(?:proof|evidence|documentation|confirmation) (?:of|that)) \S",
    re.IGNORECASE,
)
# What one paper must show is a series of its own: "an invoice that shows your name, your address and the quantity".
_TRAITS = re.compile(
    r"\b(?:show\w*|such as|like|including|includes?|contain\w*|namely|stat(?:es?|ing)|bear(?:s|ing)?|(?<!the )names?(?! of)|proves?|(?<!a )lists?|between|with|contact|for example|for instance|e\.g\.|i\.e\.)\b",
    re.IGNORECASE,
)


_IS_PAPER = re.compile(
    r"(?:the |an? |your |all |any )?(?:[\w-]+ ){0,3}?(?:reports?|certificates?|declarations?|invoices?|receipts?|letters?|statements?|agreements?|contracts?|licen[cs]es?|plan"
    r"|photos?|photographs?|pictures?|images?|bills?|documents?|records?|passports?|cop(?:y|ies)|proof|evidence|lists?|sheets?|explanation|description)\b",
    re.IGNORECASE,
)


def _series(text: str, shut: list[bool]) -> list[str]:
    """The parts of "A, B and C" where each begins as a thing of its own does, or nothing."""
    joints = [
        joint
        for joint in re.finditer(
            r", (?:and |or )?(?:also |finally |lastly )?| and (?:also |finally |lastly )?", text
        )
        if not shut[joint.start()]
    ]
    # Before an "or" within the series stands a half of one thing: "the licence, or the e-mail that grants it, and a list".
    joints = [j for n, j in enumerate(joints) if "or " not in j.group() or n == len(joints) - 1]
    closing = [n for n, joint in enumerate(joints) if re.match(r",? ?(?:and|or)\b", joint.group())]
    # A comma before the "and" closes the series; a bare "and" behind it belongs to the last piece.
    last = max((n for n in closing if "," in joints[n].group()), default=max(closing, default=0))
    commas = [joint for joint in joints[:last] if "," in joint.group()]
    if not last or not commas or any("," in joint.group() for joint in joints[last + 1 :]):
        return []
    cuts = [*commas, joints[last]]
    begins = [0, *(cut.end() for cut in cuts)]
    pieces = [
        text[a:b].strip() for a, b in zip(begins, [*(cut.start() for cut in cuts), len(text)], strict=True)
    ]
    if not all(_SERIES_START.match(piece) and len(piece.split()) > 1 for piece in pieces):
        return []
    if len(text.split()) < 3 * len(pieces):
        return []
    # What "shows" in the first piece may govern the others, but for papers, which no paper shows.
    governed = any(_TRAITS.search(piece[4:]) for piece in pieces[:-1])
    return [] if governed and not all(_IS_PAPER.match(piece) for piece in pieces[1:]) else pieces


def split(text: str, kind: str, *, choice: bool = False) -> list[str]:
    """The parts of an enumeration: cut at commas and "and" where the next words begin a part of their own."""
    text = text.strip().rstrip(" .")
    counted = _by_ordinals(text)
    if counted:
        return counted
    depth = 0
    shut = [False] * (len(text) + 1)
    for at, letter in enumerate(text):
        depth += (letter in "(（") - (letter in ")）")
        shut[at] = depth > 0
    series = _series(text, shut)
    if series:
        return series
    pieces: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(text):
        # Of papers joined by an "or" one is enough: they are one demand, but for "either" and in a series.
        if re.search(r"\bor\b", joint.group()) and not choice and not ("," in joint.group() and pieces):
            continue
        if shut[joint.start()] or joint.start() - begin < 4:
            continue
        rest = text[joint.end() :]
        if len(re.split(r",|;", rest, maxsplit=1)[0].split()) < 3:
            continue  # "who made the change and when" is one thing
        piece = text[begin : joint.start()]
        both = joint.group() == " and " and piece.startswith("the ") and _PAPER.match(rest)
        # "the registration certificate and a power of attorney": an article that introduces a further thing.
        further = (
            kind == "thing_start"
            and joint.group().strip(", ") == "and"
            and re.match(r"an? \w+ \w", rest) is not None
            and not _TRAITS.search(piece)
        )
        adds = (
            both
            or further
            or (
                re.search(r"\bwith\b|\bwell as\b|\bplus\b", joint.group())
                and (matches("requested_thing", rest) and not matches("refused_thing", rest))
            )
        )
        if (adds or starts(rest, kind) or _in_series(piece, joint.group(), rest, kind)) and not _attribute(
            piece, rest, joint.group()
        ):
            pieces.append(text[begin : joint.start()].strip())
            begin = joint.end()
    return [*pieces, text[begin:].strip()]


# "the declaration of conformity and the test report": two papers, where "the name and the date" would be two traits of one.
_PAPER = re.compile(
    r"the (?:[\w-]+ ){0,3}(?:reports?|certificates?|declaration|invoices?|receipts?|letter|statements?|agreement|contracts?|licen[cs]e|plan|list|logs?|labels?|photos?|bills?|documents?|records?|(?:packing )?slips?|notes?|confirmations?|e-?mails?|forms?|sheets?|images?|pictures?|screenshots?)\b",
    re.IGNORECASE,
)


def _in_series(piece: str, joint: str, rest: str, kind: str) -> bool:
    """Whether a comma and an article go on with a series, and not with the traits of the piece before."""
    if "," not in joint or not re.match(
        r"(?:(?:and|or) )?(?:the|your|any|all) \w", joint.lstrip(", ") + rest
    ):
        return False
    if kind == "content_start":
        return "and" in joint or "or" in joint
    return not re.search(
        r"\b(?:showing|shows?|includ\w+|with|such as|like|contain\w*|contact|details|information|names?|stating)\b",
        piece,
    )


def _attribute(before: str, after: str, joint: str) -> bool:
    """Whether the "and" joins two traits of one thing ("the name of the account and the date of reactivation")."""
    if re.match(r"(?:which|who|whom|where|when|whether)\b", after) and not re.search(
        r"^(?:how|what|why|when|who|which|where|whether)\b", before, re.IGNORECASE
    ):
        return True
    if "," not in joint and re.search(r"\b(?:between|both|either)\b[^,]*$", before):
        return True
    # Between the two halves of a relative clause nothing is split: "documents that show who bought and what was sold".
    return bool(re.search(r"\b(?:that|which|to) (?:show|prove|explain|describe|identify|support)s?$", before))
