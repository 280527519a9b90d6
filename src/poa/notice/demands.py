"""What a notification demands, in its own words and order, held in groups by route and branch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from poa.notice.layout import Block, sentences
from poa.notice.leadins import (
    Mode,
    asks_plainly,
    is_cjk_item,
    is_lead_in,
    mode_by_items,
    mode_of,
    share,
    unmarked_items,
)
from poa.notice.requests import asked_in_english, lacking_in, without_tail
from poa.notice.requests_elsewhere import asked_elsewhere
from poa.notice.words import first_match, matches, plain

__all__ = ["Demand", "DemandGroup", "Route", "find_demands"]

# plan: acknowledge and explain; error: dispute, with evidence; branch: only in the case its heading names;
# evidence: examples of what may be sent.
Route = Literal["plan", "error", "branch", "evidence"]


@dataclass(frozen=True)
class Demand:
    """One demanded item, word for word; `only_if` is its own condition ("If you own the brand")."""

    text: str
    only_if: str | None = None


@dataclass(frozen=True)
class DemandGroup:
    """The items of one list or sentence.

    `choose` is `one` where the notice lets the seller pick. `applies` is False where the notice itself says
    that the branch is for another case, None where that is for the seller to know.
    """

    route: Route
    heading: str
    lead_in: str
    choose: Literal["all", "one"]
    applies: bool | None
    demands: tuple[Demand, ...]


@dataclass
class _Group:
    route: Route
    heading: str
    lead_in: str
    branch: str = ""
    found: list[str] = field(default_factory=list)
    early: bool = False  # said in the opening's prose, before any heading


@dataclass
class _Walk:
    """Where the reading stands: the open list and how its items are taken."""

    mode: Mode = "none"
    inherited: Mode = "none"  # what the section's last lead-in asked
    unmarked: bool = False  # the list's items carry no marks
    taken: int = 0
    marks: list[str] = field(default_factory=list)
    number: int = 0  # the last number of the open list
    closed: dict[str, tuple[int, str]] = field(default_factory=dict)  # numbered lists: last number, mode
    route: Route = "plan"
    heading: str = ""
    branch: str = ""  # "For authenticity complaints:", until the next one or the next heading
    tight_below: bool = False  # no empty line parts the lines that begin with the next block
    left: int = 0  # how many lines of a list without marks are still to come
    tight: bool = False  # no empty line parts the items without marks, so that one ends them
    indent: int = 0  # where the items without marks begin; what begins further in says more of them
    criteria: bool = False  # items like "The document includes ..." only say what the one before must be like
    titles: list[str] = field(
        default_factory=list
    )  # the lines that begin with the next block, each without a stop
    below: list[str] = field(default_factory=list)  # the items of the list that begins with the next block
    condition_level: int | None = (
        None  # items below this level only say what the item above them must be like
    )
    boxed: bool = False  # the notice has open boxes, beside which a ticked one is done
    groups: list[_Group] = field(default_factory=list)
    weak: list[tuple[Route, str, str, str]] = field(default_factory=list)

    def open(self, mode: Mode, lead_in: str) -> None:
        self.mode, self.unmarked, self.taken, self.marks, self.number = mode, False, 0, [], 0
        self.condition_level, self.criteria, self.tight, self.left = None, False, False, 0
        if mode in {"demand", "steps"}:
            self.groups.append(_Group(self.route, self.heading, lead_in, self.branch))

    def add(self, texts: Iterable[str], lead_in: str = "") -> None:
        if not self.groups or lead_in:
            self.groups.append(_Group(self.route, self.heading, lead_in, self.branch))
        self.groups[-1].found.extend(texts)


_ASKING = frozenset({"opening", "demand", "error", "branch", "evidence", "when", "other"})
_ROUTES: dict[str, Route] = {"error": "error", "branch": "branch", "evidence": "evidence"}


def find_demands(blocks: Sequence[Block], complaint: str = "") -> tuple[DemandGroup, ...]:
    """The groups of demands in the notice's order, each demand once.

    `complaint` is the complaint type the notice names for its listing; it decides between branches.
    """
    walk = _Walk()
    blocks = [block for block in blocks if block.kind != "row"]
    walk.boxed = any(block.mark == "☐" for block in blocks)
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        walk.tight_below = _is_tight(blocks, at + 1)
        walk.below = _list_at(blocks, at + 1) or unmarked_items(blocks, at + 1)
        walk.titles = _titles_at(blocks, at + 1) if block.kind == "heading" else []
        if block.kind == "heading":
            _enter(walk, block, following)
        elif block.kind == "item":
            _read_item(walk, block, following)
        else:
            _read_line(walk, block, following)
    if not any(group.found for group in walk.groups):
        # A bare "plan of action" or "valid appeal" counts where nothing more exact is asked.
        for route, heading, lead_in, text in (w for w in walk.weak if w[2] == walk.weak[0][2]):
            walk.groups.append(_Group(route, heading, lead_in, found=[text]))
    return _finished(_without_summary(walk.groups), complaint)


def _without_summary(groups: Sequence[_Group]) -> list[_Group]:
    """The groups without what the opening sums up and a list under the question what to do then asks in full."""
    listed = any(g.heading and len(g.found) > 1 and not g.early and g.lead_in for g in groups)
    return [g for g in groups if not (listed and g.early)]


def _is_tight(blocks: Sequence[Block], at: int) -> bool:
    """Whether the line there is followed by another one without an empty line between them."""
    pair = blocks[at : at + 2]
    return len(pair) == 2 and all(block.kind == "line" for block in pair) and not pair[1].wide


def _list_at(blocks: Sequence[Block], at: int) -> list[str]:
    """The items of the list that begins there, without the lists within it."""
    items: list[str] = []
    for block in blocks[at : at + 40]:
        if block.kind != "item" or (items and block.level < blocks[at].level):
            break
        if block.level == blocks[at].level:
            items.append(block.text)
    return items


def _titles_at(blocks: Sequence[Block], at: int) -> list[str]:
    """The lines without a stop that begin there at one edge, each perhaps with lines further in below it."""
    lines: list[str] = []
    for block in blocks[at : at + 20]:
        if block.kind != "line" or block.indent < blocks[at].indent or block.text.endswith((":", "：")):
            break
        if block.indent == blocks[at].indent:
            if re.search(r"[.。!?]$", block.text) or len(block.text) > 120:
                break
            lines.append(block.text)
    return lines


def _enter(walk: _Walk, block: Block, following: Block | None) -> None:
    walk.heading = block.text
    walk.route = _ROUTES.get(block.section, "plan")
    walk.inherited = "none"
    walk.branch = ""
    walk.closed = {}
    walk.open("none", "")
    if (
        block.section in {"demand", "error", "branch", "evidence"}
        and following is not None
        and following.kind == "item"
    ):
        # The question itself introduces the list; its items are often whole sentences ("If you ..., please send ...").
        walk.open("steps", "")
        walk.inherited = "steps"
    elif following is not None and block.section != "never" and matches("list_heading", block.text):
        walk.inherited = "demand"
        lines = walk.titles if len(walk.titles) > 1 else walk.below
        if len(lines) > 1 and following.kind == "line" and share("demand_shape", lines) > 0.5:
            # "Required documents", and below it one paper a line.
            walk.open("demand", block.text)
            walk.unmarked, walk.indent = True, following.indent


# ---- lines ----


def _read_line(walk: _Walk, block: Block, following: Block | None) -> None:
    if walk.mode == "demand" and walk.unmarked and walk.taken and block.indent > walk.indent:
        return
    if walk.mode == "demand" and walk.unmarked and _names_a_group(block.text, following):
        walk.groups.append(_Group(walk.route, walk.heading, block.text, walk.branch))
        return
    if walk.unmarked and walk.taken > 1 and block.wide and (walk.tight or _leaves_the_list(walk, block)):
        walk.open("none", "")
    if walk.mode == "demand" and walk.unmarked and _is_unmarked_item(block, walk):
        _take(walk, block.text)
        return
    if walk.mode == "steps" and walk.unmarked and walk.left and not block.text.endswith((":", "：")):
        walk.left -= 1
        _take_step(walk, block.text, whole=True)
        return
    headed = walk.mode == "demand" and walk.unmarked and block.text.endswith((":", "："))
    resumed = walk.mode == "demand" and walk.taken and not re.search(r"[.。:：;?!]$", block.text)
    if (headed or resumed) and _is_headed_item(block.text, following):
        _take(walk, block.text.rstrip(" :："))
        walk.mode, walk.unmarked = "demand", False
        return
    if (
        walk.mode == "demand"
        and walk.unmarked
        and len(block.text) > 250
        and matches("demand_shape", block.text[:200])
    ):
        _take_run(walk, block.text)
        return
    if (
        walk.mode == "ignore"
        and walk.unmarked
        and following is not None
        and not block.wide
        and len(block.text) < 120
        and not asks_plainly(block.text)
        and not is_lead_in(block.text, block, following, walk.below)
    ):
        return
    announces = block.text.endswith((":", "："))
    if (
        walk.mode == "demand"
        and walk.taken
        and not block.wide
        and not announces
        and matches("lost_mark", block.text)
    ):
        _take(walk, block.text)
        return
    if _is_link(block.text):
        return  # a link on its own line belongs to what stands before it, and ends nothing
    parts = sentences(block.text)
    lead_in = _lead_in_of(parts, block, following, walk.below)
    # "If you choose to appeal: - Go to ..." is a lead-in as well; the other sentences are prose.
    for sentence in parts:
        if sentence is not lead_in:
            _take_sentence(walk, sentence, block.section)
    _remember_numbers(walk)
    if lead_in is None:
        walk.open("none", "")
        return
    _open_list(walk, lead_in, block.section, following)


def _leaves_the_list(walk: _Walk, block: Block) -> bool:
    """Whether a line apart is no further item of a list whose items all begin like demands."""
    if not walk.groups or not walk.groups[-1].found or not block.text.endswith((".", "。")):
        return False
    return share("demand_shape", walk.groups[-1].found) == 1.0 and not matches(
        "demand_shape", block.text[:200]
    )


def _lead_in_of(
    parts: Sequence[str], block: Block, following: Block | None, below: Sequence[str]
) -> str | None:
    """The sentence that introduces what follows: the last one, or one that points down before a remark on it."""
    if not parts:
        return None
    if is_lead_in(parts[-1], block, following, below) and not (
        len(parts) > 1 and parts[-1].endswith((".", "。")) and not asks_plainly(parts[-1])
    ):
        return parts[-1]
    for sentence in reversed(parts[-3:-1]):
        # "Answer each of these questions. One or two sentences per question are enough."
        if asks_plainly(sentence) and len(below) > 1 and is_lead_in(sentence, block, following, below):
            return sentence
    return parts[-1] if is_lead_in(parts[-1], block, following, below) else None


def _names_a_group(text: str, following: Block | None) -> bool:
    """Whether a few words over a list are only its name ("Technical file")."""
    over = following is not None and following.kind == "item"
    return over and len(text.split()) <= 5 and not re.search(r"[.。:：;?!]$", text)


def _is_headed_item(text: str, following: Block | None) -> bool:
    """Whether a line over a list is itself demanded, and the items below it only say more of it."""
    return (
        following is not None
        and following.kind == "item"
        and len(text.split()) >= 8
        and matches("demand_shape", text)
        and not matches("demand_leadin", text)
    )


def _take_run(walk: _Walk, text: str) -> None:
    """Adds what a paragraph demands whose items follow each other as sentences, with what explains them between."""
    for piece in re.split(r"(?<=[.:。：]) ?(?=[A-Z\u4e00-\u9fff])", text):
        first = piece.strip().rstrip(":：")
        asks = matches("demand_shape", first) or matches("keep_sentence", first)
        if asks and not matches("drop_sentence", first) and not matches("not_an_item", first):
            walk.taken += 1
            walk.add([first])


def _open_list(walk: _Walk, lead_in: str, section: str, following: Block | None) -> None:
    if re.match(r"^(?:for|if) [^:]{3,80} complaints?\s*:", lead_in, re.IGNORECASE):
        walk.branch = lead_in
    mode = mode_of(lead_in, section, walk.inherited)
    if mode == "ignore" or (
        following is not None and following.kind == "item"
    ):  # lines may not be items at all
        mode = mode_by_items(mode, lead_in, section, walk.below)
    if mode in {"demand", "steps"}:
        walk.inherited = mode
    walk.open(mode, lead_in)
    if mode in {"demand", "steps"}:
        if re.search(
            r": ?\S.{10,}[.。]$", lead_in
        ):  # "Please send us: invoices for the items below." and bullets after it
            walk.add(_asked_in(lead_in))
        extra = first_match("leadin_extra", lead_in)
        if extra:
            _take(walk, lead_in[extra.start("extra") : extra.end("extra")])
    walk.unmarked = following is not None and following.kind == "line"
    walk.tight = walk.unmarked and walk.tight_below
    walk.left = len(walk.below) if walk.tight and len(walk.below) > 1 else 0
    walk.indent = following.indent if following is not None else 0


# ---- items ----


def _read_item(walk: _Walk, block: Block, following: Block | None) -> None:
    _reopen(walk, block)
    walk.number = block.number
    if walk.mode == "none":
        if block.section in _ASKING:
            _take_step(walk, block.text, whole=block.mark == "step")
        _note_number(walk, block, "none")
        return
    walk.unmarked = False
    if block.mark not in walk.marks:
        walk.marks.append(block.mark)
    _note_number(walk, block, walk.mode)
    nested = following is not None and following.kind == "item" and following.level > block.level
    if walk.mode == "ignore":
        return
    if walk.criteria and matches("criterion", block.text):
        return
    ticked = block.mark in {"[x]", "[✓]", "[✔]"} or (walk.boxed and block.mark in _TICKED)
    noted = block.mark == "※" and walk.marks[0] != "※"  # a note, unless it is the mark of the whole list
    if ticked or noted or matches("done_item", block.text):
        return
    walk.criteria = False
    if walk.condition_level is not None:
        if block.level > walk.condition_level and not matches("asking_condition", block.text):
            return
        walk.condition_level = None
    if nested and share("condition_shape", walk.below) >= 0.5:
        walk.condition_level = block.level
    elif nested and _is_group_title(block.text, walk.below):
        walk.groups.append(_Group(walk.route, walk.heading, block.text, walk.branch))
        return
    if (
        following is not None
        and following.kind == "line"
        and following.indent > block.indent
        and following.text.endswith((":", "："))
    ):
        walk.branch = block.text  # "1. You registered as a business", and below it what that asks
        return
    if _is_container(block.text, following, nested=nested):
        # "1. A plan of action that explains:" - its parts are the demands, or hints, whichever it says.
        *before, announced = sentences(block.text)
        if (
            before and walk.mode == "demand" and not _CASE.match(before[0])
        ):  # "A licence. It must meet the following criteria:"
            _take(walk, " ".join(before))
            walk.criteria = not nested and matches("no_demand_leadin", announced)
            if walk.criteria:
                return
        if matches("leadin_strong_ignore", announced) and not asks_plainly(announced):
            _remember_numbers(walk)
            walk.open("ignore", block.text)
        else:
            walk.groups.append(_Group(walk.route, walk.heading, block.text, walk.branch))
            walk.unmarked = not nested and following is not None and following.kind == "line"
        return
    if walk.mode == "steps":
        _take_step(walk, block.text, whole=True)
        return
    _take(walk, block.text)


_TICKED = frozenset("☑☒✅✓✔")


def _is_group_title(text: str, below: Sequence[str]) -> bool:
    """Whether an item over a list of its own is only that list's name ("2. Images", "Part 2: the clean-up")."""
    if text.rstrip().endswith((".", "。", ";", "；")):
        return False
    named = re.match(
        r"^(?:part|step|section|group|option|route|set) (?:\d|[A-Z]\b|one|two|three)", text, re.IGNORECASE
    )
    return bool(named) or (len(text.split()) <= 7 and share("demand_shape", below) >= 0.5)


def _reopen(walk: _Walk, block: Block) -> None:
    """A numbered item that counts on from a closed list opens it again."""
    if not block.number or walk.mode not in {"none", "ignore"}:
        return
    last, mode = walk.closed.get(block.mark, (0, "none"))
    if walk.number == block.number - 1 and walk.number:
        return  # the list that is open counts to it
    if mode in {"demand", "steps"} and block.number == last + 1:
        walk.open("demand" if mode == "demand" else "steps", "")


def _note_number(walk: _Walk, block: Block, mode: str) -> None:
    if block.number and not (mode == "none" and block.mark in walk.closed):
        if mode == "ignore" and walk.closed.get(block.mark, (0, ""))[1] in {"demand", "steps"}:
            return
        walk.closed[block.mark] = (block.number, mode)


def _remember_numbers(walk: _Walk) -> None:
    walk.taken = 0


def _is_container(text: str, following: Block | None, *, nested: bool) -> bool:
    if following is None or following.kind == "heading":
        return False
    bare = text.rstrip(" \"'”’")
    if len(text) > 300:
        return False
    return bare.endswith((":", "：")) or (nested and matches("container", bare))


def _take(walk: _Walk, text: str) -> None:
    """Adds a list item's demanded part, unless it only permits, limits or points somewhere."""
    first = sentences(text)[0] if text.strip() else ""
    if not first or _is_link(text) or (matches("not_an_item", first) and not matches("sure_item", first)):
        return
    if _questions_hint(first) or _is_reference(text):
        return
    walk.taken += 1
    if _CASE.match(first) and len(sentences(text)) > 1:
        _take_step(walk, text, whole=False)
        return
    if re.match(
        r"(?:please )?(?:send|submit|e-?mail|provide|write)\b.{0,80}\b(?:plan|explanation|appeal)\b",
        first,
        re.IGNORECASE,
    ):
        contents = _asked_in(first)
        if len(contents) > 1:  # "Submit a plan that explains how ..., and what ..." among other items
            walk.add(contents)
            return
    walk.add([_demanded_part(text)])


# "You own the account. Send ...": the case in which an item asks, and no demand.
_CASE = re.compile(r"(?:you|sie) (?!(?:must|need|should|have to|müssen|sollten)\b)", re.IGNORECASE)


def _is_reference(text: str) -> bool:
    """A name with its link ("A-to-z claims: https://..."), which points to a page and asks nothing."""
    found = re.fullmatch(r"(?P<name>[^:(<]{2,50})[:(<–—-]? ?[(<]?https?://\S+", text.strip())
    return found is not None and len(found["name"].split()) <= 5 and not matches("sure_item", text)


def _questions_hint(text: str) -> bool:
    """A hint in the form "Packaging: Does it protect the item?"."""
    return bool(re.match(r"^[A-Z][\w ]{2,30}: (?:Do|Does|Did|Is|Are|Have|Has|Can)\b", text))


def _take_step(walk: _Walk, text: str, *, whole: bool) -> None:
    """Adds what a step asks for; a step that asks for no thing is itself the demand when `whole`."""
    found: list[str] = []
    weak: list[str] = []
    for sentence in sentences(text):
        _sort_out(_asked_in(sentence), found, weak)
    if found:
        walk.add(found)
    elif whole:
        first = sentences(text)[0] if text.strip() else ""
        if first and not matches("not_an_item", first) and not _is_route(first):
            walk.add([_demanded_part(text)])


def _is_route(sentence: str) -> bool:
    return bool(
        re.match(
            r"^(?:then |next,? |finally,? |when [^,]{1,80}, |once [^,]{1,80}, |after [^,]{1,80}, )?(?:please )?"
            r"(?:submit|send|file|write) (?:your|an?|the|this) (?:new )?(?:appeal|plan|request|reply|submission|information|documents?)\b",
            plain(sentence),
            re.IGNORECASE,
        )
    )


_LETTERED = re.compile(r"(?:[A-H]|[IVX]{1,4})[.)、]\s+\S[^.;]{0,70}$")
# 请前往“账户状况”页面，点击“提交申诉”: the way to answer, and nothing to send.
_ZH_WAY = re.compile(r"请?(?:您)?(?:前往|登录|打开|访问|进入|点击|单击|在.{0,24}(?:点击|单击))")


def _is_unmarked_item(block: Block, walk: _Walk) -> bool:
    text = plain(block.text)
    if walk.taken and block.wide and len(text) > 320:
        return False
    if text.rstrip().endswith((":", "：")):
        return False
    if walk.taken and block.wide and _LETTERED.match(text):
        return False  # "B. Used items sold as new" opens the next ground
    if _ZH_WAY.match(text):
        return False
    if (
        matches("not_a_line_item", text)
        and not is_cjk_item(text)
        and not re.match(
            r"^if you (?:own|are|do not own|are not|have|hold|sell)\b.{0,60},", text, re.IGNORECASE
        )
    ):
        return False
    return (
        block.section != "end"
        and (matches("sure_item", text) or not matches("not_an_item", text))
        and len(text) <= 400
    )


def _demanded_part(text: str) -> str:
    """An item without the sentences that only explain it, and without the route that hangs on it."""
    first, *later = sentences(text)
    end = text.find(first) + len(first)
    alone = True
    for sentence in later:
        if not matches("keep_sentence", sentence) or matches("drop_sentence", sentence):
            break
        end = text.find(sentence, end) + len(sentence)
        alone = False
    return (without_tail(first, "item_tail") if alone else text[:end]).strip()


# ---- sentences ----


def _take_sentence(walk: _Walk, sentence: str, section: str) -> None:
    if section in {"consequences", "after", "help"}:
        found = re.search(
            r"\byou have (?:\d+|[a-z]+) (?:\w+ )?(?:days|hours) to (?:provide|submit|send) (an? [^,.]{3,60}?)(?: or | to |[,.]|$)",
            plain(sentence),
        )
        if found:
            walk.weak.append((walk.route, walk.heading, sentence, sentence[found.start(1) : found.end(1)]))
        return
    if section not in _ASKING or len(sentence) > 1200:
        return
    if section == "evidence":
        examples = first_match("evidence_examples", sentence)
        if examples:
            walk.add([without_tail(sentence[examples.end() :]).strip()], lead_in=sentence)
            return
    found_things: list[str] = []
    weak: list[str] = []
    _sort_out(_asked_in(sentence), found_things, weak)
    if found_things:
        walk.add(found_things, lead_in=sentence)
        walk.groups[-1].early = section == "opening"
    # What an earlier answer lacked is asked for where the notice asks for nothing more exact.
    weak += [] if found_things else lacking_in(sentence)
    walk.weak.extend((walk.route, walk.heading, sentence, text) for text in weak)


def _sort_out(asked: Sequence[str], found: list[str], weak: list[str]) -> None:
    for text in asked:
        (weak if matches("weak_thing", text.rstrip(" .;。")) else found).append(text)


# A thread is read twice, once without the mails it answers, and says the same sentences again.
@lru_cache(maxsize=1024)
def _asked_in(sentence: str) -> tuple[str, ...]:
    """What a sentence asks the seller to send or explain; several things come as several."""
    return tuple(asked_elsewhere(sentence) or asked_in_english(sentence))


def _is_link(text: str) -> bool:
    return (
        re.fullmatch(
            r"[<(（\[]?(?:(?:https?://|www\.)\S+(?:\s{1,9}[<(（\[]?(?:https?://|www\.)\S+){0,3}|(?:url|link|链接|amazon sign[ -]?in)[>)）\].。]?)",
            text.strip(),
            re.IGNORECASE,
        )
        is not None
    )


# ---- groups ----


def _finished(groups: Sequence[_Group], complaint: str) -> tuple[DemandGroup, ...]:
    seen: set[str] = set()
    out: list[DemandGroup] = []
    matched = False
    for group in groups:
        fresh: list[Demand] = []
        for text in group.found:
            text = _JOINED.sub("", text).strip()
            key = re.sub(r"\W+", " ", plain(text)).strip().lower()
            if key and key not in seen:
                seen.add(key)
                fresh.append(Demand(text, _condition(text)))
        if not fresh:
            continue
        applies = _applies(group.branch, complaint, matched)
        matched = matched or applies is True
        choose: Literal["all", "one"] = "one" if _offers_choice(group.lead_in, group.found) else "all"
        out.append(DemandGroup(group.route, group.heading, group.lead_in, choose, applies, tuple(fresh)))
    return tuple(out)


# "...; or" and "...; and" join an item to the next and are no words of its own.
_JOINED = re.compile(r"(?:[;,] ?| )(?:and|or|and/or)[.,;]?$|[,;]$", re.IGNORECASE)


def _condition(text: str) -> str | None:
    found = re.match(r"^(?:If|Where|When|Unless) [^,]{4,120}(?=,)", text) or re.match(
        r"^(?:如果|若)[^，]{2,40}(?=，)", text
    )
    return found.group() if found else None


def _offers_choice(lead_in: str, found: Sequence[str]) -> bool:
    if re.search(
        r"\b(?:any )?(?:one|any|either)(?: one)? of (?:the|these|those)\b|任一|其中(?:之一|一项)|eine[rns]? der folgenden|いずれか",
        lead_in,
        re.IGNORECASE,
    ):
        return True
    return any(_JOINED.search(text) and text.rstrip(" .").endswith("or") for text in found)


def _applies(heading: str, complaint: str, matched: bool) -> bool | None:
    """Whether a branch such as "For authenticity complaints:" is the one the notice's complaint type names."""
    branch = re.match(r"^(?:for|if) (?P<case>[^:]{3,80}) complaints?\s*:", heading, re.IGNORECASE)
    if not branch or not complaint:
        return None
    case = branch["case"].lower()
    if re.search(r"\b(?:other|else|remaining)\b", case):
        return not matched
    stem = re.sub(r"[^a-z]", "", complaint.lower())
    return any(
        len(word) > 4 and (word[:7] in stem or stem[-8:-1] in word) for word in re.findall(r"[a-z]+", case)
    )
