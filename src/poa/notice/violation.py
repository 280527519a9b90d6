"""Which violation a notification is about, from the words of the parts that say why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from poa.notice.layout import Block, sentences
from poa.notice.words import plain, read_data

__all__ = ["complaint_type", "find_violations", "is_notification", "likely_violation"]


@dataclass(frozen=True)
class _Words:
    violation: str
    say: tuple[tuple[int, re.Pattern[str]], ...]
    type: re.Pattern[str] | None
    hint: re.Pattern[str]
    unless: re.Pattern[str] | None


@cache
def _lists() -> tuple[_Words, ...]:
    return tuple(
        _Words(
            violation,
            tuple((int(w), re.compile(p, re.IGNORECASE)) for w, found in entry["say"].items() for p in found),
            re.compile(entry["type"], re.IGNORECASE) if "type" in entry else None,
            re.compile(entry["hint"], re.IGNORECASE),
            re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
        )
        for violation, entry in read_data("violations.yaml").items()
    )


# How much a part of the notice says about its ground.
_WEIGHT = {
    "opening": 4,
    "why": 4,
    "demand": 2,
    "error": 2,
    "branch": 2,
    "evidence": 1,
    "never": 2,
    "other": 2,
    "consequences": 1,
    "after": 1,
    "help": 1,
    "when": 1,
    "submit": 0,
}

# Sentences that stand in notices of every kind, whatever their ground.
_STANDING = re.compile(
    r"\b(?:funds?|payments?|disburse\w*|balance|settlement)\b.{0,200}\b(?:A-to-z|chargebacks?|held|withh\w+|account|deceptive|fraud\w*)"
    r"|\bamounts paid\b|\bafter any amounts\b"
    r"|^(?:some )?examples? of (?:violations?|prohibited|such|these|activit)"
    r"|^if we (?:do not|don't|have not|haven't) (?:receive|received|hear|heard|get|got)\b"
    r"|^if we (?:find|determine|conclude|detect|believe|confirm)\b|\bif we (?:find|determine) that\b"
    r"|\b(?:sale|selling) of counterfeit (?:products|items|goods)\b.{0,40}\bprohibited|\bcounterfeit products on amazon is (?:strictly )?prohibited"
    r"|\bwe take .{0,40}seriously\b|\bprivacy notice\b"
    r"|\b(?:policy|policies|guidelines?|agreement|page)\b.{0,60}\bhttps?://|^\W{0,4}(?!.*\b(?:violat\w*|breach\w*|broke\w*|against|you|your|is|was|were|are|has|have|because|due|under)\b)[\w ,&'-]{3,60}(?:polic(?:y|ies)|agreement|guidelines)\W{0,6}$"
    r"|\bsearch (?:for )?[\"']|\blearn more\b|\bread more\b|索赔.{0,10}(?:拒付|金额)|扣除|偽造品の販売.{0,12}禁止|(?:仿冒|假冒)(?:商)?品.{0,8}(?:严禁|禁止)|(?:严禁|禁止)销售.{0,6}(?:仿冒|假冒)",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:all )?(?:sellers?|selling partners?|you) (?:must|should|may not|are expected to|agree to|have to|are required to|need to)\b[^.]{0,40}:?$"
    r"|\b(?:prohibit\w*|not (?:allow\w*|permit\w*)|forbid\w*|examples? of|policies (?:are|do)|rules)\b[^.]{0,100}[:?]?$|禁止|不允许|untersag|verboten",
    re.IGNORECASE,
)
_TYPE_LINE = re.compile(
    r"\b(?:(?:infringement|complaint|violation|issue|report|policy violation|concern)[ -]?(?:type|category|reason)|type of (?:complaint|violation|infringement|issue)|complaint|issue)\s*[:：]\s*(?P<type>[^:：;|\n]{3,60}?)(?=\s+(?:asin|title|complaint|brand|trademark|case|reg|product|infringement)\b|[,.;|]|\s*\n|$)"
    r"|(?:(?:侵权|投诉|违规|问题)(?:类型|类别|原因)|(?:違反|申立て|苦情|侵害)(?:の)?(?:種類|内容|種別|タイプ)|(?:Art|Typ) (?:der|des) (?:Verletzung|Beschwerde|Verstoßes|Problems)|(?:Beschwerde|Verstoß|Verletzungs)(?:art|typ|grund))\s*[:：]\s*(?P<zh>[^\s:：][^:：\n,;|]{1,40})|\b(?:reason|violation)\s*[:：]\s*(?P<reason>[^:：;|.\n]{3,60})",
    re.IGNORECASE,
)


def complaint_type(text: str) -> str:
    """What the notice writes behind "Complaint Type:" or "Infringement type:", or nothing."""
    found = [
        next((g.strip() for g in line.groups() if g), "")
        for line in islice(_TYPE_LINE.finditer(plain(text[:200_000])), 20)
    ]
    types = [words.type for words in _lists() if words.type is not None]
    # "Complaint: 120466" names a number; of several lines the first that names a type tells.
    return next((name for name in found if any(t.search(name) for t in types)), found[0] if found else "")


def find_violations(blocks: Sequence[Block], complaint: str) -> tuple[str, ...]:
    """The violations the notice names, the plainest first; empty where it names none."""
    # Below "all sellers must" or "our policies prohibit" stand rules of every kind: they are heard where nothing else is.
    ruled = list(_ruled(blocks))
    named = _named([block for block, said in zip(blocks, ruled, strict=True) if not said], complaint)
    return named or (_named(blocks, complaint) if any(ruled) else ())


def likely_violation(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The violation whose words come back most in a notice that names none; empty where no one stands out.

    What it demands and how it speaks of the matter tell it then, so every part counts, and no list of rules.
    """
    counts: dict[str, int] = {}
    budget = 60_000
    for block, ruled in zip(blocks, _ruled(blocks), strict=True):
        budget -= len(block.text)
        if ruled or budget < 0 or block.section in {"help", "end"}:
            continue
        for sentence in sentences(block.text[:4000]):
            seen = plain(sentence[:1200])
            if _STANDING.search(seen):
                continue
            for words in _lists():
                counts[words.violation] = counts.get(words.violation, 0) + len(words.hint.findall(seen))
    most = sorted(counts.values(), reverse=True)[:2]
    if not most or most[0] < 2 or (len(most) > 1 and most[0] == most[1]):
        return ()
    return (max(counts, key=lambda violation: counts[violation]),)


def _ruled(blocks: Sequence[Block]) -> Iterator[bool]:
    """For each block whether it is an item of a list of rules."""
    ruling = False
    for block in blocks:
        if block.kind in {"line", "heading"}:
            ruling = _RULES.search(plain(block.text[-240:])) is not None
        yield ruling and block.kind == "item"


def _named(blocks: Sequence[Block], complaint: str) -> tuple[str, ...]:
    scores, mentioned = _heard(blocks)
    for words in _lists():
        if complaint and words.type is not None and words.type.search(complaint):
            scores[words.violation] += 1000
            break
    order = [words.violation for words in _lists()]
    found = [v for v in order if scores[v] >= 6]
    special = [v for v in found if v != "code-of-conduct"] or found
    # Beside the ground itself only what is said nearly as loud is a ground of its own.
    loudest = max((scores[v] for v in special), default=0)
    kept = [v for v in special if 2 * scores[v] >= loudest]
    return tuple(sorted(kept, key=lambda v: (-scores[v], mentioned.get(v, 0), order.index(v))))


def _heard(blocks: Sequence[Block]) -> tuple[dict[str, int], dict[str, int]]:
    """How loud each violation is said, and where it is first said."""
    heard: dict[str, list[int]] = {words.violation: [] for words in _lists()}
    mentioned: dict[str, int] = {}
    budget = 60_000  # characters: the ground of a notice stands at its beginning
    first = True
    for block in blocks:
        weight = _WEIGHT.get(block.section, 0)
        for sentence in sentences(block.text[:20_000]):
            budget -= len(sentence)
            if budget < 0:
                break
            seen = plain(sentence[:1200])
            if not weight or len(seen) < 4 or _STANDING.search(seen):
                continue
            bonus = 2 if first and len(seen) < 110 else 1  # a subject line or title
            for violation, loud, at in _said_in(seen):
                heard[violation].append(loud * weight * bonus)
                mentioned.setdefault(violation, 60_000 - budget + at)
        if len(block.text) > 12:
            first = False
    # Two sentences are enough to say a ground; a third says it no louder, and a long list must not win by length.
    return {violation: sum(sorted(said)[-2:]) for violation, said in heard.items()}, mentioned


# A pasted thread says the same sentences again, and the title repeats the first one.
@lru_cache(maxsize=1024)
def _said_in(sentence: str) -> tuple[tuple[str, int, int], ...]:
    """Each violation a sentence says, how loud, and where it begins to."""
    out: list[tuple[str, int, int]] = []
    for words in _lists():
        if words.unless is not None and words.unless.search(sentence):
            continue
        hits = [(w, m.start()) for w, p in words.say if (m := p.search(sentence))]
        if hits:
            out.append((words.violation, max(hits)[0], min(at for _, at in hits)))
    return tuple(out)


_NOTIFICATION = re.compile(
    r"\b(?:deactivat\w*|suspend\w*|selling privileges|may (?:not|no longer) sell|account health|plan of action|appeal|"
    r"(?:removed|restricted|blocked|cancel\w*|edited|corrected).{0,60}(?:listings?|account|offers?|detail pages?|asins?)|"
    r"(?:listings?|offers?|detail pages?|asins?|account).{0,60}(?:removed|restricted|blocked|cancel\w*|deactivat\w*|edited|under review|at risk|violat\w*)|"
    r"violat\w+.{0,80}polic\w+|polic\w+.{0,60}violat\w+|performance (?:notification|target)|seller performance|"
    r"reactivat\w*|reinstat\w*|buyer complaint|complaint type|infring\w*|order defect rate|seller-fulfilled offers|verify your)\b"
    r"|停用|暂停|移除|绩效|违反|申诉|账户状况|下架|侵权|gesperrt|deaktiviert|entfernt|verstoß|reaktivier|停止|違反|再開|削除",
    re.IGNORECASE,
)
_FROM_AMAZON = re.compile(
    r"\bamazon\b|seller central|selling partner|亚马逊|卖家平台|アマゾン|出品者|sellercentral|seller performance",
    re.IGNORECASE,
)
# A consultant or a magazine writes about notifications to everybody, and has something to sell.
_TO_EVERYBODY = re.compile(
    r"\bunsubscribe\b|\bview this e-?mail in your browser\b|\bnot affiliated with amazon|\b(?:our|my) (?:newsletter|readers|subscribers|webinar|podcast|course|checklist|appeal writing)\b|\breader question\b|"
    r"\b\d{1,2} ?% off\b|\bbook (?:a |your )?(?:free )?(?:call|now|consultation)\b|\bsign(?:ed)? up (?:for|at|to) our\b|退订|取消订阅|abbestellen|配信停止",
    re.IGNORECASE,
)
_OF_AMAZON = re.compile(
    r"https?://(?:[\w-]{1,40}\.){0,3}amazon\.[a-z.]{2,6}/|@(?:[\w-]{1,40}\.)?amazon\.[a-z.]{2,6}\b|\bseller performance(?: team)?\s*$|^\s*amazon(?:\.[a-z.]{2,6})?\s*$|"
    r"\bwe (?:have )?(?:deactivated|removed|suspended|restricted|blocked|reviewed) (?:your|the|some)\b",
    re.IGNORECASE | re.MULTILINE,
)


# What Amazon sends to every seller: news, changes, invitations.
_ANNOUNCES = re.compile(
    r"\bseller news\b|\bnews(?:letter)? (?:for|from)\b|\bupcoming changes?\b|\bwe are (?:simplifying|changing|introducing|launching|updating|improving|pleased|excited)\b|\bwebinar\b|\bwhat is changing\b"
    r"|\bnothing is wrong with your account\b|\bhappy selling\b|\be-?mail preferences\b|\bstarting (?:on )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\bnew (?:feature|tool|program)\b"
    r"|卖家资讯|费用调整|新功能|即将(?:推出|变更|生效)|新機能|お知らせ：|手数料の(?:変更|改定)|neuigkeiten|änderungen ab",
    re.IGNORECASE,
)
_ENFORCES = re.compile(
    r"\byour (?:[\w.]+ ){0,3}(?:account|listings?|offers?|selling privileges)\b[^.]{0,60}\b(?:deactivated|suspended|removed|blocked|at risk|restricted|taken down)\b|\b(?:violat\w+|complaint|infring\w+|breach\w*)\b"
    r"|停用|违反|侵权|下架|停止|違反|gesperrt|verstoß",
    re.IGNORECASE,
)


def _is_announcement(text: str) -> bool:
    """Whether a mail of Amazon's tells news and acts against nobody."""
    return len({m.group().lower() for m in _ANNOUNCES.finditer(text)}) > 1 and not _ENFORCES.search(text)


def is_notification(text: str, *, named: bool, asks: bool) -> bool:
    """Whether the text is a performance notification at all.

    `named` tells that it names a violation, `asks` that it demands something.
    """
    seen = plain(text[:60_000])
    if len({m.group().lower() for m in _TO_EVERYBODY.finditer(seen)}) > 1 and not _OF_AMAZON.search(seen):
        return False
    if not asks and _is_announcement(seen):
        return False
    from_amazon = _FROM_AMAZON.search(seen) is not None
    if from_amazon and (named or asks):
        return True
    spoken = len(_NOTIFICATION.findall(seen))
    return (named and asks) or spoken > 0
