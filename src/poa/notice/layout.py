"""Sees the layout of a notification: headings, lines and list items, however they were pasted.

A notification comes with bullets of every kind, with all of it on one line, or with line breaks in the
middle of a phrase. Here each becomes a sequence of blocks whose words are untouched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

from poa.notice.words import headings, matches, patterns, plain, read_data

__all__ = ["Block", "Kind", "Section", "blocks_of", "sentences"]

Kind = Literal["heading", "item", "line", "row"]
Section = str  # a key of `headings` in patterns.yaml, or opening, other, end

# Longer lines hold data; the search for list marks inside a line stops here.
_LONGEST_LINE = 40_000

# No phrase broken over lines is longer; past it lines are data, and joining them would cost their square.
_LONGEST_JOINED = 4_000

_BULLET = r"\[[ xX✓✔]?\]|--+|>>|[-–—―‒⁃*＊•∙⚫⦁·・･●▪▫■□◆◇❖✦◦◎~～‣⁍○►▶▷▸▹▼➢➤➡➔➜→⇨⇒»›✓✔✗✘☐☑☒⬜□◻✅√☆★※‐‑−]|o(?=\s)|\+(?=\s)|\?(?=\s)"
_NUMBER = (
    r"\[\d{1,2}\]|\(\d{1,2}\)|（\d{1,2}）|\d{1,2}\.\d{1,2}\.?(?=\s+[\"“(]?[A-Z\u3040-\u9fff])|\d{1,2}\.\)|\d{1,2}[)）、．]|\d{1,2}/(?=\s)|\d{1,2}\.(?!\d)|[①-⑳]"
    r"|[（(][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、．.]"
)
_ROMAN = r"(?:i{1,3}|iv|vi{0,3}|ix|x)"
_KANA = r"[(（]?[アイウエオカキロハニホ][)）．.]"
_LETTER = rf"\([a-hA-H]\)|[A-H][.．、](?=\s?[\u3040-\u9fff])|[a-hA-H][)）]|[a-h]\.(?=\s)|\({_ROMAN}\)|{_ROMAN}[.)](?=\s)"
_MARK = re.compile(
    rf"^(\s*)((?i:(?:step|schritt) |步骤 ?)\d{{1,2}} ?[.:：)]?(?=\s)|(?i:(?:document|item|dokument|section|part|point|question|abschnitt|teil|punkt|frage) |文件 ?)\d{{1,2}} ?[:：.)](?=\s)|{_NUMBER}|{_LETTER}|{_KANA}|{_BULLET})(\s*)(.*)$",
    re.DOTALL,
)
_RULER = re.compile(r"[-=_*~#–—]{5,}")
_STOP = re.compile(r"[.!?:;。！？：；…]['\")”’）]*$")
_FRAGMENT = re.compile(r"^[\d\s.,、，/%()（）“”\"]{1,8}$|^[A-Za-z.&\s]{1,24}$|^[、，。；：“”\"'）)]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_URL_LINE = re.compile(r"^[<(（]?https?://\S+(?:\s{1,9}[<(（]?https?://\S+){0,3}$")


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, line, list item or row of a page's table or menu.

    `mark` is the family of an item's bullet, `number` its place when numbered, `level` its depth in lists within
    lists; `wide` tells a blank line before it.
    """

    kind: Kind
    text: str
    section: Section = "opening"
    mark: str = ""
    number: int = 0
    wide: bool = False
    indent: int = 0
    level: int = 0


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a cleaned text, in order, each heading with its kind."""
    return tuple(
        _with_sections(_levelled(_joined(_marked(_parted(_unhung(_unwrapped(_single_spaced(text))))))))
    )


def _unhung(text: str) -> str:
    """The text with each list item on one line: its later lines hang below its first word, not below its mark."""
    out: list[str] = []
    column = indent = 0  # where the open item's words and its mark begin; no item is open at 0
    for line in text.split("\n"):
        words = line.lstrip()
        at = len(line) - len(words)
        found = _MARK.match(line)
        if found and words and _is_mark(found, line):
            indent, column = at, len(line) - len(found.group(4))
        elif not words or at <= indent or at < column - 1:
            column = 0
        elif (
            column
            and out
            and not out[-1].rstrip().endswith((":", "：", "?"))
            and (words[0].islower() or words[0].isdigit() or words[0] in "(（" or len(out[-1]) > 50)
            and not _URL_LINE.match(words)
        ):
            out[-1] = f"{out[-1].rstrip()} {words}"
            continue
        else:
            column = 0
        out.append(line)
    return "\n".join(out)


# A ticked box and an open one are marks of the same list.
_BOXES = {
    "[x]": "[ ]",
    "[]": "[ ]",
    "[✓]": "[ ]",
    "[✔]": "[ ]",
    "☑": "☐",
    "✅": "☐",
    "☒": "☐",
    "✓": "☐",
    "✔": "☐",
}


def _levelled(blocks: list[Block]) -> list[Block]:
    """The blocks with each item's depth: by its indent, or by a mark of its own where all begin at one edge."""
    out: list[Block] = []
    open_lists: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind != "item":
            if block.indent <= (open_lists[-1][0] if open_lists else 0):
                open_lists = []
            out.append(block)
            continue
        mark_here = _BOXES.get(block.mark, block.mark)
        here = (block.indent, mark_here)
        known = [
            n
            for n, (indent, mark) in enumerate(open_lists)
            if mark == mark_here and abs(indent - block.indent) < 2
        ]
        while open_lists and not known and open_lists[-1][0] > block.indent + 1:
            open_lists.pop()
        if known:
            del open_lists[known[-1] + 1 :]
        elif open_lists and open_lists[-1][1] == mark_here and block.indent < open_lists[-1][0] + 2:
            open_lists[-1] = here
        else:
            open_lists.append(here)
        out.append(replace(block, level=len(open_lists) - 1))
    return out


def _torn_off(above: str, below: str) -> bool:
    """Whether a line is a number or a foreign word that a break tore out of a Chinese sentence."""
    return _CJK.search(above) is not None and _FRAGMENT.match(below.strip()) is not None


def _single_spaced(text: str) -> str:
    """The text without the empty line that a paste put behind each of its lines, even in the middle of a sentence."""
    lines = text.split("\n")
    full = [at for at, line in enumerate(lines) if line.strip()]
    gaps = [later - at for at, later in pairwise(full)]
    torn = sum(
        gap == 2
        and not _STOP.search(lines[at].rstrip())
        and (lines[later].lstrip()[:1].islower() or _torn_off(lines[at], lines[later]))
        for (at, later), gap in zip(pairwise(full), gaps, strict=True)
    )
    if torn < 3 or sum(gap > 1 for gap in gaps) < 0.9 * len(gaps):
        return text
    out: list[str] = []
    for (at, _), gap in zip(pairwise([*full, len(lines)]), [*gaps, 1], strict=True):
        out += [lines[at], *([""] if gap > 2 else [])]
    return "\n".join(out)


def _unwrapped(text: str) -> str:
    """The text without the breaks a mail program put at a fixed width.

    Such a break is known by its reason: the next word would not have fitted. Lines cut for any other reason stay.
    """
    lines = text.split("\n")
    lengths = [len(line) for line in lines if " " in line.strip() and "://" not in line]
    # A banner or a table may be wider than the letter: a few lines do not say how wide it was set.
    width = sorted(lengths)[-1 - len(lengths) // 30] if lengths else 0
    cut = sum(
        0.65 * width < len(line) <= width and after.lstrip()[:1].islower() and not _STOP.search(line.rstrip())
        for line, after in pairwise(lines)
    )
    full = sum(n > width - 14 for n in lengths)
    if not 50 <= width <= 100 or (cut < 3 and full < max(4, len(lengths) // 4)):
        return text
    out: list[str] = []
    above = ""
    for line in lines:
        words = line.strip()
        word = words.split(" ", 1)[0]
        room = width - len(above) + 1
        # Within a letter set this narrow a long line without a stop was cut as well, though its word might have fitted.
        # A word with a capital may begin a line of its own, and then lacks only little of fitting.
        loose = len(above) > 0.7 * width and not _STOP.search(above.rstrip()) and "://" not in above
        fits = len(word) + 1 + (8 if loose and not word[:1].islower() else 0) <= room
        cut_here = (
            above.strip() and not _CJK.search(word[:1]) and (not fits or (loose and word[:1].islower()))
        )
        found = _MARK.match(line)
        if cut_here and word and not (found and _is_mark(found, line)) and not _URL_LINE.match(words):
            out[-1] = f"{out[-1].rstrip()} {words}"
        else:
            out.append(line)
        above = line
    return "\n".join(out)


def _parted(text: str) -> list[str]:
    """Physical lines, with headings and list items that run on inside a line put on their own."""
    parts: list[str] = []
    for line in text.split("\n"):
        for piece in _RULER.split(line):
            if piece != line:
                parts.append("")
            if len(piece) > _LONGEST_LINE or len(piece) < 30:
                parts.append(piece)
                continue
            for stretch in _at_headings(_label_apart(piece, parts)):
                for run in _at_bare_items(stretch):
                    parts.extend(_at_items(run))
    return parts


# "Why: 6 of your orders ...", "Till when: 22 May": a label that says what its line is about.
_LABEL = re.compile(
    r"(?P<label>why|what (?:you can do|to do|you must do|we need|happens next)|where(?: to send)?|how to (?:send|submit|reply|answer|appeal)|(?:un)?til(?:l)? when|by when|when|next steps?)\s?:\s+(?=[\w\"“])",
    re.IGNORECASE,
)


def _label_apart(line: str, parts: list[str]) -> str:
    """The line without the label it begins with, which becomes a heading of its own."""
    found = _LABEL.match(line.strip())
    if not found:
        return line
    parts.append(f"{found['label']}?")
    return line.strip()[found.end() :]


@cache
def _inline_heading() -> re.Pattern[str]:
    openings = "|".join(read_data("patterns.yaml")["inline_headings"]["any"])
    # The words before must be over: a stop, a closing bracket, or at least no comma or small joining word.
    return re.compile(
        rf"(?:(?<=\s)|^)(?:(?:{openings})[^.?!:;。？！；\n]{{0,110}}[?？]|We['’]re here to help[.:!]?(?=\s+[A-Z]|\s*$))"
    )


def _at_headings(line: str) -> list[str]:
    """The line cut before and after each question heading in it."""
    cuts = [0]
    for found in _inline_heading().finditer(line):
        before = line[max(0, found.start() - 12) : found.start()].rstrip()
        if before.endswith((",", "(", '"', "“", "‘")) or re.search(
            r"\b(?:and|or|to|the|of|that|explains?)$", before
        ):
            continue
        marked = _MARK.match(line)
        if marked and marked.start(4) >= found.start() > 0:
            continue  # an item that is itself a question
        cuts += [found.start(), found.end()]
    pieces = [line[a:b] for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True)]
    return [p for p in pieces if p.strip()] or [line]


# A lead-in within a line, whose items follow as sentences without any mark.
_BARE_LIST = re.compile(
    r"\b(?:explains?|includes?|describes?|contains?|covers?|states?|explaining|including|containing|describing|covering|following(?: [\w-]+){0,2}|below|information|documents)\s?: (?=[A-Z])"
)


def _at_bare_items(line: str) -> list[str]:
    """The line cut after an inner lead-in and between the sentences that are its items."""
    out: list[str] = []
    rest = line
    past = 0
    for _ in range(8):
        found = _BARE_LIST.search(rest, past)
        if not found:
            break
        items = sentences(rest[found.end() :])
        taken = 0
        while (
            taken < len(items) and matches("demand_shape", items[taken]) and ": " not in items[taken][-120:-1]
        ):
            taken += 1
        if taken < 2:
            past = found.end()
            continue
        past = 0
        head = rest[: found.end()].rstrip()
        start = head.rfind(". ") + 1
        out += [piece for piece in (head[:start].strip(), head[start:].strip()) if piece]
        out += [f"• {item}" for item in items[:taken]]
        rest = " ".join(items[taken:])
    return [*out, rest] if out and rest else out or [line]


def _at_items(line: str) -> list[str]:
    """The line cut before each list mark that stands inside it."""
    marks = _inline_marks(line)
    if not marks:
        return [line]
    # The last item has no mark behind it: it ends where a new sentence begins, though its own stop is missing.
    ends = _RUNS_ON.search(line, marks[-1] + 12)
    cuts = [0, *marks, *([ends.start()] if ends else [])]
    pieces = [p for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True) if (p := line[a:b]).strip()]
    return [part for piece in pieces for part in _lead_in_apart(piece)]


def _lead_in_apart(piece: str) -> list[str]:
    """An item of a list run into one line, and the words behind it that introduce the next list."""
    if not piece.rstrip().endswith((":", "：")) or not _MARK.match(piece.lstrip()):
        return [piece]
    cuts = [found.start() for found in _INTRODUCES.finditer(piece, 12)]
    return [piece[: cuts[-1]], piece[cuts[-1] :].strip()] if cuts else [piece]


# How the sentence behind a list begins, though the stop before it may be missing.
_BEGINNINGS = (
    r"(?:We['’]re here to help|Please|Click|Here are|You (?:can|may|will|must|do)|If (?:you|we|an?|no) |We (?:will|may|can|accept|review|strive)|"
    r"Once |Thank you|Sincerely|Regards|Kind regards|Seller Performance|Only |Files |To (?:submit|appeal|learn|view|send)|Reply |Send |Submit |"
    r"These (?:documents|files)|All documents|Within \d)[ a-z]"
)
_RUNS_ON = re.compile(rf"(?<=[a-z)]) (?={_BEGINNINGS})")
_INTRODUCES = re.compile(
    rf"(?<=[a-z).!?]) (?={_BEGINNINGS}|(?:Your (?:plan|appeal|explanation|answer|reply)|The following|Examples of|All sellers|In your|We (?:need|ask)|To [a-z]+,?|Provide|Include) )"
)


_SMALL_ROMAN = ("i", "ii", "iii", "iv", "v")
_INLINE_NUMBER = re.compile(
    r"(?:(?<=\s)|(?<=[：:。；;，,]))(?:(?P<o>[①-⑳])|[(（](?P<a>\d{1,2}|[a-h])[)）]|(?P<b>\d{1,2}|[a-h])[)）]|(?P<c>\d{1,2})[.、．]|(?P<d>[a-h]|i{1,3}|iv|v)\.(?=\s)|\((?P<e>i{1,3}|iv|v)\))(?=\s{0,2}[A-Za-z\"“\u3400-\u9fff])"
)
_INLINE_BULLET = re.compile(
    r"(?:(?<=\s)|(?<=[:：]))(--|\[ ?\]|o(?= [A-Z])|[-–—―•*·●▪■◦→►▶➤✓✔☐□◆○○])(?=\s{0,2}[A-Za-z\"“(\u3400-\u9fff])"
)


_ASKS_NEXT = re.compile(
    r"\b(?:provide|send|submit|include|includes|contain|contains|with|us|state|states|explain|explains|describe|describes|"
    r"covers?|following|either|both|attach|give|need|require)$",
    re.IGNORECASE,
)


def _inline_marks(line: str) -> list[int]:
    starts: list[int] = []
    expected = 0
    for found in _INLINE_NUMBER.finditer(line):
        mark = next(g for g in found.groups() if g)
        circled = found["o"] is not None
        number = (
            ord(mark) - ord("①") + 1
            if circled
            else int(mark)
            if mark.isdigit()
            else _SMALL_ROMAN.index(mark) + 1
            if mark in _SMALL_ROMAN
            else ord(mark) - ord("a") + 1
        )
        before = line[max(0, found.start() - 40) : found.start()].rstrip()
        # A list begins at 1 after a colon, a comma or a finished sentence and counts on; "5. Mai" does neither.
        counted_on = found["a"] is not None and re.search(
            r"[(（](?:2|b)[)）]", line[found.end() : found.end() + 400]
        )
        if number == 1 and before and (counted_on or before[-1] in ":：,;.。?)" or _ASKS_NEXT.search(before)):
            starts.append(found.start())
            expected = 2
        elif circled and number != expected and before.endswith((":", "：")):
            starts.append(found.start())  # "请改为提供：④": another list counts on
            expected = number + 1
        elif number == expected and expected > 1:
            starts.append(found.start())
            expected += 1
        elif expected == 0 and number > 1 and number == _leading_number(line) + 1:
            starts.append(found.start())
            expected = number + 1
    starts = [start for start in starts if not re.match(r"\(c\) ?(?:19|20)\d\d\b", line[start:])]
    if expected == 2 and len(starts) == 1 and not line[: starts[0]].rstrip().endswith((":", "：", ",")):
        starts = []
    return sorted({*starts, *_inline_bullets(line)})


def _leading_number(line: str) -> int:
    """The number or letter with which the line itself begins, or a far-off one."""
    found = re.match(r"\s*\(?(?P<n>\d{1,2}|[a-h])[.)、．]", line)
    if not found:
        return -9
    return int(found["n"]) if found["n"].isdigit() else ord(found["n"]) - ord("a") + 1


def _inline_bullets(line: str) -> list[int]:
    starts: list[int] = []
    leading = _MARK.match(line)
    open_mark = leading.group(2) if leading and (leading.group(3) or leading.group(2) == "--") else ""
    for found in _INLINE_BULLET.finditer(line):
        mark = found.group(1)
        before = line[max(0, found.start() - 40) : found.start()].rstrip()
        spaced = line[found.start() - 1 : found.start()] == " " and (
            line[found.end() : found.end() + 1] == " "
            or mark == "--"
            or _CJK.match(line, found.end()) is not None
        )
        if not before:
            continue
        # A dash between words is punctuation, unless a colon opened a list or the mark is one that only lists use.
        begins = before[-1] in ":："
        goes_on = (
            open_mark
            and _family(mark) == _family(open_mark)
            and spaced
            and (before[-1] in '.;!?)"”,。；' or begins or _listing(line, starts))
        )
        if begins or goes_on or (mark in "--•●▪■◦☐□◆" and mark != "-" and spaced):
            starts.append(found.start())
            open_mark = mark
    return starts


def _listing(line: str, starts: list[int]) -> bool:
    """Whether an inline list is open: one begun after a colon goes on without stops between its items."""
    return bool(starts) and line[: starts[0]].rstrip().endswith((":", "："))


def _marked(parts: list[str]) -> list[Block]:
    blocks: list[Block] = []
    wide = False
    for part in parts:
        stripped = part.strip()
        if not stripped:
            wide = True
            continue
        found = _MARK.match(part)
        indent = len(part) - len(part.lstrip())
        if found and _is_mark(found, part):
            mark = found.group(2)
            blocks.append(
                Block(
                    "item",
                    found.group(4).strip(),
                    mark=_family(mark),
                    number=_number(mark),
                    wide=wide,
                    indent=indent,
                )
            )
        else:
            blocks.append(Block("row" if _is_row(stripped) else "line", stripped, wide=wide, indent=indent))
        wide = False
    return blocks


def _is_row(line: str) -> bool:
    """A table's row or a page's menu: words set apart by wide gaps or bars."""
    gaps = re.findall(r"(?<=\S)\s{3,}(?=\S)", line)
    return len(gaps) > 1 or any(len(gap) > 5 for gap in gaps) or len(re.findall(r" [|›>»·] ", line)) > 1


# "bis zum / 14. März 2025": a line may begin with a day.
_DAY_AT_START = re.compile(
    r"\s*\d{1,2}\. ?(?:jan(?:uary?)?|feb(?:ruary?)?|m[aä]r(?:ch|z)?|apr(?:il)?|ma[iy]|jun[ei]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b",
    re.IGNORECASE,
)


def _is_mark(found: re.Match[str], line: str) -> bool:
    mark, space, rest = found.group(2), found.group(3), found.group(4)
    if _DAY_AT_START.match(line):
        return False
    if mark == "(c)" and re.match(r"(?:19|20)\d\d\b", rest):
        return False  # a copyright line
    if not rest.strip():
        return not mark[0].isalnum() and len(mark) < 4
    if re.fullmatch(_BULLET, mark):
        # "-5%" and "*note" are words; "--Utility bill" and "-Invoices" are items.
        return bool(space) or (rest[0].isalpha() and mark not in {"·", "?", "o"} and rest[0] != mark)
    if mark[-1] in ".．" and mark[0].isdigit():
        return bool(space) or not (rest[0].isdigit() or rest[0].islower())
    if mark[0].isalpha() and not _CJK.match(mark):
        return bool(space)
    return not (mark[0] in "一二三四五六七八九十" and len(line) > 400)


def _family(mark: str) -> str:
    if re.fullmatch(_BULLET, mark):
        return "-" if mark.strip("-–—―‒−‐‑") == "" else mark.lower() if mark[0] == "[" else mark[0]
    if re.match(r"(?:step|schritt|步骤)", mark, re.IGNORECASE):
        return "step"
    if re.match(
        r"(?:document|item|dokument|section|part|point|question|abschnitt|teil|punkt|frage|文件)",
        mark,
        re.IGNORECASE,
    ):
        return "paper"
    if re.search(r"[a-hA-Hivx]", mark):
        return "a"
    if re.match(r"\d+\.\d", mark):
        return "1.1"
    if re.match(r"[一二三四五六七八九十]{1,2}[、．.]", mark):
        return "一"
    if re.match(r"[(（]?[ア-ン]", mark):
        return "ア"
    return "(1)" if mark[0] in "(（[" else "1)" if mark[-1] in ")）" else "1."


def _number(mark: str) -> int:
    digits = re.findall(r"\d+", mark)
    if digits:
        return int(digits[-1])
    if "①" <= mark[0] <= "⑳":
        return ord(mark[0]) - ord("①") + 1
    numeral = mark.strip("（()）、．. ")
    return "一二三四五六七八九十".find(numeral) + 1 if numeral else 0


def _joined(blocks: list[Block]) -> list[Block]:
    """Lines that a hard break tore apart, put together again."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if last is not None and _continues(last, block):
            glue = "" if _CJK.search(last.text[-1:]) and _CJK.search(block.text[:1]) else " "
            text = (last.text + glue + block.text).strip()
            out[-1] = replace(last, text=text)
        else:
            out.append(block)
    return [b for b in out if b.text]


def _continues(last: Block, block: Block) -> bool:
    if block.kind != "line" or last.kind == "row" or len(last.text) > _LONGEST_JOINED:
        return False
    if not last.text:  # a bare bullet on its own line
        return True
    if block.wide or _URL_LINE.match(block.text) or _URL_LINE.match(last.text):
        return False
    if block.indent > last.indent and last.kind == "line" and len(last.text) < 45:
        return False  # a short title, and below it what is said of it
    end, first = last.text[-80:], block.text[0]
    stopped = _STOP.search(end) is not None
    if _CJK.search(end) and not stopped:
        torn = end.rsplit(" ", 1)[-1]
        if _FRAGMENT.match(block.text) or (_CJK.search(block.text[:80]) and _FRAGMENT.match(torn)):
            return True
    if first.islower() and re.search(r"\b(?:etc|e\.g|i\.e|incl)\.[)）]?$", end):
        return True
    # Of items without marks each may end in ", or"; behind a mark what follows without one goes on.
    next_item = re.search(r"; (?:and|or)$" if last.kind == "item" else r"[;,] (?:and|or)$", end)
    if stopped or _is_heading(last.text) or next_item:
        return False
    if first.islower():
        return not re.match(r"https?://|www\.", block.text)
    return end.endswith((",", "，", "、", " and", " or", " of", " the", "(", "-")) and not _is_heading(
        block.text
    )


def _is_heading(text: str) -> bool:
    return _section_of(text) is not None


_QUESTION = re.compile(
    r"^(?:why|how|what|when|where|which|who|has|have|had|is|are|was|were|do|does|did|can|could|should|must|need|"
    r"to whom|by when|need|warum|wie|was|wann|wo|wohin|wurde|wurden|weshalb|and what|and if|if)\b",
    re.IGNORECASE,
)


# "How do I reactivate my account" that lost its question mark.
_UNASKED = re.compile(
    r"^(?:how (?:do|can|should|to)|why (?:is|did|was)|what (?:happens|if|do|should|actions))\b", re.IGNORECASE
)
_UNASKED_ZH = re.compile(r"^(?:为什么|如何|怎样|怎么)|(?:理由|方法|手順)$")


def _is_fixed_heading(text: str) -> bool:
    fixed = plain(text).strip(" *_#").rstrip(" .:：!").lower()
    return any(p.fullmatch(fixed) for p in patterns("fixed_headings"))


def _section_of(text: str, *, title: bool = False) -> Section | None:
    """The kind of section a line opens, or None where it is no heading; `title` where the layout sets it apart."""
    line = plain(text).strip(" *_#")
    if len(line) > 160:
        return None
    asks = line.endswith(("?", "？", "か。"))
    if re.match(r"(?:would|could|can|will) you\b", line, re.IGNORECASE):
        return None  # a request in the form of a question
    if asks and not (_QUESTION.match(line) or _CJK.search(line) or re.match(r"[A-Z][\w' ]{2,60}\?$", line)):
        return None
    if asks and len(re.findall(r"[.!?。！？]", line)) > 2:
        return None
    known = _is_fixed_heading(line)
    untitled = line.endswith((".", "。", ":", "：", ";", ",")) and not known
    if not asks and not known and (untitled or len(line.split()) > 9 or len(line) > 70):
        return None
    if not asks and not known and not _UNASKED.match(line):  # a plain title is no section
        if title and _CALLED.match(line):
            return _kind_of(line)
        return _kind_of(line) if _CJK.search(line) and len(line) <= 24 and _UNASKED_ZH.search(line) else None
    return _kind_of(line) or "other"


# What a title begins with where blank lines or its own list set it apart: "What not to send", "How to send it".
_CALLED = re.compile(
    r"^(?:wie|warum|was|wann|wo|welche|erforderliche|benötigte|nächste|how|why|what|when|where|which|documents?|information|deadline|next|required|requested|related|helpful|background|reason|submit|send|action)\b|[\u3040-\u9fff]",
    re.IGNORECASE,
)


def _kind_of(line: str) -> Section | None:
    fixed = line.rstrip(" .:：!")
    return next((kind for kind, found in headings() if any(p.search(fixed) for p in found)), None)


# Marks that stand before titles as well as before items.
_TITLE_MARKS = "■□◆◇◦▼▶►▸●★※*"
_BRACKETED = re.compile(r"^[【《〔＜]\s*(?P<title>[^】》〕＞\n]{2,60})\s*[】》〕＞]$")


def _title_of(block: Block, following: Block | None, before: Block | None) -> str:
    """The words of a line or item that stands as a title over what follows, or nothing."""
    text = block.text.strip()
    bracketed = _BRACKETED.match(text)
    if bracketed and block.kind == "line":
        return bracketed["title"]
    if following is None or len(text) > 90:
        return ""
    if block.kind == "line":
        return text if _is_capitals(text) else ""
    if block.kind != "item" or text.endswith((".", "。", "；", ";", ",", "，", ":", "：")):
        return ""
    if following.kind == "item" and following.level > block.level:
        return text if _section_of(text, title=True) else ""
    alone = following.mark != block.mark and (before is None or before.mark != block.mark)
    if before is not None and before.kind == "line" and before.text.endswith((":", "：")):
        return ""
    short = len(text) <= (20 if _CJK.search(text) else 48)
    if block.mark == "一" and following.kind == "line" and short and (before is None or before.mark != "一"):
        return text  # "二、您需要提交的内容", and below it what that is
    over = following.level <= block.level and following.indent <= block.indent
    return text if alone and short and over and block.mark in _TITLE_MARKS else ""


def _is_capitals(text: str) -> bool:
    words = re.findall(r"[A-Za-z']+", text)
    return (
        text.upper() == text
        and 1 <= len(words) <= 9
        and len("".join(words)) > 5
        and not re.search(r"\d{2}|[.;,]$", text)
    )


def _with_sections(blocks: list[Block]) -> list[Block]:
    section: Section = "opening"
    out: list[Block] = []
    waits = False  # a request without its object stands above: what looks like a title is the object
    announced = False  # a colon opened a list: questions to the seller below it are its items, not headings
    read = 0
    for at, block in enumerate(blocks):
        read += len(block.text)
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        title = _title_of(block, following, blocks[at - 1] if at else None)
        if title:
            section = _section_of(title, title=True) or "other"
            out.append(replace(block, kind="heading", text=title, section=section, mark="", number=0))
            announced = False
            continue
        if block.kind == "line":
            asks = block.text.endswith(("?", "？")) and not re.search(r"\b(?:I|my|me)\b|我", block.text)
            kind = _section_of(block.text, title=block.wide and following is not None)
            item = (
                asks
                or _CJK.search(block.text)
                or (waits and not block.text.endswith(("?", "？")) and not _is_fixed_heading(block.text))
            )
            if (announced or waits) and item and kind in {"why", "demand", "other"}:
                kind = None
            else:
                # "The plan should set out", and below it "Why the orders were late": an item and no title.
                # So are its neighbours, as long as they look like items.
                waits = (
                    (
                        announced_by := block.text.endswith((":", "："))
                        or matches("leadin_open_end", block.text)
                    )
                    and matches("plain_request", block.text)
                ) or (waits and not announced_by and matches("demand_shape", block.text[:200]))
                announced = block.text.endswith((":", "：")) or (
                    len(block.text) < 240
                    and any(matches("plain_request", sentence) for sentence in sentences(block.text)[-3:])
                )
            if kind is not None:
                section = kind
                out.append(replace(block, kind="heading", section=section))
                continue
            # "Seller Performance" at the top is a letterhead, and no sign-off.
            if (
                read > 250
                and len(block.text) < 80
                and any(p.search(plain(block.text)) for p in patterns("signoff"))
            ):
                section = "end"
        else:
            announced = False
        out.append(replace(block, section=section))
    return out


_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|co|corp|no|nos|vs|approx|mr|mrs|ms|dr|st|u\.s|u\.k|z\.b|d\.h|bzw|usw|nr|sec|art)\.|\b[A-Z]\.)$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]+[\"'”’)）]*(?=\s|$)|[。！？]+[”’」』）)]*")


def sentences(text: str) -> list[str]:
    """The sentences of a block, each with its stop."""
    out: list[str] = []
    start = 0
    for found in _END.finditer(text):
        end = found.end()
        if found.group()[0] == ".":
            following = text[end : end + 40].lstrip()[:1]
            if following.islower():  # ".pdf or .png"
                continue
            if _ABBREVIATION.search(text[max(start, end - 12) : end]) and (
                following in {"", ",", ")"} or not _ABBREVIATION_ENDS.search(text[max(start, end - 6) : end])
            ):
                continue
            if _DAY.search(text[max(start, end - 5) : end]):  # "bis zum 10. Februar"
                continue
        piece = text[start:end].strip()
        if piece:
            out.append(piece)
        start = end
    rest = text[start:].strip()
    return [*out, rest] if rest else out


_DAY = re.compile(r"(?:^|\s)\d{1,2}\.$")

# "etc." and "Inc." may close a sentence; "e.g." and "No." never do.
_ABBREVIATION_ENDS = re.compile(r"\b(?:etc|inc|ltd|co|corp)\.$", re.IGNORECASE)
