"""By when the seller must answer: the one day count, among many in a notice, that binds the answer.

Day counts that bind nothing stand in every notice: how long funds are held, how old an invoice may be, the
window of a metric, the time Amazon takes to review, the disposal of stock. A count is a deadline only where
its own clause says that the seller must send something, or what follows if nothing arrives.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from poa.errors import InputError
from poa.notice.layout import Block, sentences
from poa.notice.words import plain

__all__ = ["Deadline", "find_deadline", "find_received", "parse_received", "zone_named"]


@dataclass(frozen=True)
class Deadline:
    """The days to answer, or the last date where the notice gives a date; `sentence` is where it says so.

    `unit` is how the notice counts: days, hours, business days or date. `conflicting` holds other counts that read like a
    deadline; the shortest was taken.
    """

    days: int | None
    until: date | None
    unit: str
    sentence: str
    conflicting: tuple[int, ...] = ()


_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "fourteen": 14, "fifteen": 15, "seventeen": 17, "twenty": 20, "twenty-one": 21, "thirty": 30, "forty-five": 45,
    "sixty": 60, "seventy-two": 72, "ninety": 90, "forty-eight": 48, "twenty-four": 24,
}  # fmt: skip
_GERMAN = {
    "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "vierzehn": 14,
    "fünfzehn": 15, "siebzehn": 17, "zwanzig": 20, "einundzwanzig": 21, "dreißig": 30, "sechzig": 60, "neunzig": 90,
}  # fmt: skip
_COUNT = re.compile(
    r"(?<![\w.,/-])(?P<n>\d{1,3}|an?(?= week\b)|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")(?:\s?\(\d{1,3}\))?[\s-]{0,2}"
    r"(?P<business>business |working |calendar |full )?(?P<unit>days?|hours?|hrs?|weeks?)(?![\w])",
    re.IGNORECASE,
)
_COUNT_ELSEWHERE = re.compile(
    rf"(?P<n>\d{{1,3}}|[一二三四五六七八九十]{{1,3}}|两|\b(?:{'|'.join(_GERMAN)})(?= (?:\(\d{{1,3}}\) )?[A-Z]))(?: \(\d{{1,3}}\))?\s{{0,2}}"
    r"(?:个)?(?P<business>工作日|営業日|Werktagen?|Arbeitstagen?|Geschäftstagen?)?(?P<unit>天|日|小时|個?時間|週間|周|Tagen?|Stunden|Wochen?)?(?P<after>内|以内|之内|前|後|后|)",
)

# What the seller does when he answers; a count in a clause with one of these can be a deadline.
_ANSWER = (
    r"(?:use (?:the|this|our) [\w ]{0,20}(?:form|link|page|button)|receiv\w+|hear(?:d)? (?:back )?from|reach\w*|arriv\w*|provid\w+|submit\w*|submission|send\w*|sent|respon[ds]\w*|click\w*|press|schedul\w*|book|register|we (?:need|require|must have)|(?:has|have) come|comes? in|be ready|have (?:it|them|these|this|both|all|your|the (?:documents?|information|plan|papers))|shar(?:e|ed|ing)|repl(?:y|ies|ied)|appeal\w*|complet\w+|"
    r"certif\w+|verif\w+|contact us|contact|address\w*|answer\w*|act|take action|return\w* (?:the|this|your|it|both)|upload\w*|resolv\w+|tell|give|dispute\w*|"
    r"explain\w*|confirm\w*|furnish\w*|hand(?:ed)? in|fil(?:e|ed|ing)|supply|supplied|plan of action|acceptable plan|valid (?:appeal|plan)|deactivat\w+|suspend\w*|correct\w*|fix\w*|sign(?:ed)?|be with us|update\w*|do (?:so|this|the following|all of the following)|"
    r"(?:plan|appeal|information|documents?|explanation|reply|answer|response) from you)"
)
_NOT_ANSWER = re.compile(
    r"\b(?:funds?|disburs\w+|payments?|balance|reserve|deposit|settlement|withh\w+|held|hold|refund\w*|removal (?:order|request)|dispos\w+|destroy\w*|destruction)\b",
    re.IGNORECASE,
)
_AMAZON_ACTS = re.compile(
    r"\b(?:we|amazon|our team|seller performance|the review|this review|review|investigation|decision|process|it)\b(?: \w+){0,3} "
    r"(?:will|aim|usually|generally|normally|typically|try|should|may|can|takes?|might|needs?|strive|expect|require)\b|"
    r"\b(?:usually|typically|normally|generally) takes?\b|\b(?:our|the) (?:review|decision|reply|answer|response)\b",
    re.IGNORECASE,
)
_WINDOW_BEFORE = re.compile(
    r"(?:\b(?:last|past|previous|preceding|recent|prior|over|every|each|any|rolling|for|than|up to|after|about|around|approximately|of the|trailing|least|during(?: the)?)"
    r"(?: the)?(?: (?:last|past|previous|preceding))?|\bissued (?:within|in)|\bdated (?:within|in)|[-–/]|\d|\bmore than|\bolder than)\s*$",
    re.IGNORECASE,
)
_WINDOW_WITHIN = re.compile(
    r"\b(?:issued|dated|purchased|bought|ordered|sold|shipped|delivered|placed|made|created|invoices?|bills?|statements?|orders?|receipts?|sales)\b[\w ,'()]{0,40}\b(?:within|in|from)(?: the)?\s*$",
    re.IGNORECASE,
)
_BIND_BEFORE = re.compile(
    r"\b(?:within|in|inside|by the end of|under|have|has|given|gives? you|you get|no later than|not later than|by|before|deadline(?: is| of)?:?|only|:)(?: (?:the |a )?(?:next|following|period of|maximum of|total of|full|window of|deadline of))?(?: only)?\s*$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|until|should|when|without|otherwise|failure to|failing to|in case|absent)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:please|must|need to|needs to|have to|has to|should|required|requires|kindly|ask you|you have|you've|deadline|you are given|at risk|will be deactivated|"
    r"may be deactivated|could be deactivated|be deactivated|be suspended|unless|not|no\b)",
    re.IGNORECASE,
)


def find_deadline(blocks: Sequence[Block], received: date | None = None) -> Deadline | None:
    """The notice's deadline for an answer, or None where it gives none.

    `received` completes a date that is written without its year.
    """
    counts: list[tuple[int, str, str]] = []
    dates: list[tuple[date, str]] = []
    asks_when = False
    for block in blocks:
        if block.kind == "heading":
            asks_when = block.section == "when" and not _THEIR_TIME.search(plain(block.text))
        asks_when = asks_when and block.section == "when"
        text = block.text[:4000]
        for sentence in sentences(text):
            seen = re.sub(r"https?://\S{1,300}", "this link", plain(sentence[:1200]))
            counted = _binding_counts(seen, asks_when)
            dated = _binding_dates(seen, asks_when, received)
            if dated and not counted:  # "by 30 September, i.e. within 21 days": the same term, said twice
                counted = [
                    (_days(found["n"], found["unit"]), "days")
                    for found in _COUNT.finditer(seen)
                    if re.search(
                        r"\b(?:i\.e\.|that is|which is|or|=|:|\()[:,]? ?(?:with)?in $", seen[: found.start()]
                    )
                ]
            counts += [(days, unit, sentence) for days, unit in counted]
            dates += [(day, sentence) for day in dated]
    if counts:
        days, unit, sentence = min(counts, key=lambda c: c[0])
        others = tuple(sorted({c[0] for c in counts} - {days}))
        return Deadline(days, None, unit, sentence, others)
    if dates:
        day, sentence = min(dates)
        return Deadline(None, day, "date", sentence)
    return None


# "When will I hear from you?" asks for Amazon's time.
_THEIR_TIME = re.compile(
    r"\bhear\b|\b(?:you|amazon) (?:answer|reply|review|decide|respond)|\byour (?:decision|answer|reply)|\breview\b",
    re.IGNORECASE,
)
# What was asked or missed before, and what sellers owe buyers, sets no term for this answer.
_ELSEWHERE = re.compile(
    r"\bwe (?:have )?(?:already |previously )?(?:asked|requested|wrote|told|reminded|informed|gave|sent)\b|\byou (?:did not|have not|failed to|didn't|haven't)\b(?!.{0,80}\b(?:will|may)\b)"
    r"|\bhad (?:the |an? |your |ample )*(?:chance|opportunity|time)\b|\b(?:period|deadline|term|time)\b[^.,;]{0,24} (?:has|is) (?:now |already )?(?:ended|expired|passed|lapsed|over)\b|\bsellers? (?:must|should|have to|are (?:expected|required) to|need to|who)\b|\b(?:buyers?|customers?)(?:'s?)? (?:messages?|questions?|inquir\w+|enquir\w+|e-?mails?|returns?)\b|\bmessages? from (?:buyers?|customers?)\b|买家(?:的)?(?:消息|邮件|咨询|问题|来信)|购买者|\b(?:rates?|metrics?|scores?|ratings?|percentage)\b[^,]{0,30}\b(?:is|are|does|do|not|stays?|remains?|improves?|returns?|falls?|rises?)\b[^,]{0,40}\bwithin\b",
    re.IGNORECASE,
)


def _binding_counts(sentence: str, asks_when: bool) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    if _ELSEWHERE.search(sentence):
        return out
    for found in _COUNT.finditer(sentence):
        if _binds(sentence, found, asks_when):
            days = _days(found["n"], found["unit"])
            unit = (
                "hours"
                if found["unit"].lower().startswith("h")
                else "business days"
                if (found["business"] or "").lower() in {"business ", "working "}
                else "days"
            )
            if 0 < days <= 365:
                out.append((days, unit))
    if not out:
        out += _counts_elsewhere(sentence)
    return out


def _days(number: str, unit: str) -> int:
    count = (
        int(number)
        if number.isascii() and number.isdigit()
        else _WORDS.get(number.lower(), 0) or _GERMAN.get(number.lower(), 0) or _han(number)
    )
    low = unit.lower()
    if low.startswith("h") or unit in {"小时", "時間", "個時間", "Stunden"}:
        return math.ceil(count / 24)
    if low.startswith("w") or unit in {"周", "週間"}:
        return count * 7
    return count


def _han(number: str) -> int:
    """A number below 100 in Chinese characters, 1 for anything else."""
    digits = "〇一二三四五六七八九"
    tens, ten, ones = number.replace("两", "二").rpartition("十")
    if not ten:
        return max(digits.find(ones), 1) if len(ones) == 1 else 1
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)


_DO = r"(?:appeal|respond|reply|answer|submit|provide|send|act|contest|dispute|complete|verify|upload|give us|tell us|resolve|correct|fix|explain|return (?:it|the|this|both))"
_PLAIN_BEFORE = re.compile(
    r"(?:^|[.!?;] ?)(?:time(?: limit)?(?: (?:to|for) [\w ]{3,30})?|deadline(?: (?:to|for) [\w ]{3,40})?|due(?: in)?|(?:respond|reply|answer|appeal) (?:within|by)|(?:appeal|response) (?:period|deadline|window))(?: is)?\s?: ?$"
    r"|\b(?:plan|appeal|answer|reply|response|explanation|documents?|information|verification|it) (?:is|are) due (?:in|within) $"
    r"|\b(?:deadline|time limit|limit|term|period|time|window) (?:for|of) (?:your |an? |the )?(?:answer|reply|response|appeal|plan|submission|documents?)[^.,;]{0,30} (?:is|are|ends? (?:in|after)|closes (?:in|after)|lasts) $"
    r"|\b(?:offer|possibility|chance|right|option|window|period) (?:to|of|for) (?:an? )?(?:appeal|answer|reply|dispute|respond|submit)[^.,;]{0,30} (?:ends|closes|expires|lapses|is open|stays open|lasts) (?:in|after|for) $"
    r"|\b(?:appeal|response|reply|dispute|submission) (?:window|period|deadline) (?:is|ends|closes|expires|lasts)(?: in| after)? $"
    r"|\bwe (?:will |shall )?wait (?:another |up to |for )?$|\b(?:appeals?|answers?|replies|plans?|documents?) (?:that |which )?(?:reach|reaches|reaching|arrives?|arriving|comes? in|are received|is received|received)(?: us)? (?:more than|later than|after) $"
    r"|\b(?:can|may) (?:still )?(?:send|submit|provide|upload)[^.,;]{3,50} for(?: the next)? $"
    r"|^(?:to|in order to) avoid [^,]{3,60}, (?:please )?(?:act|answer|reply|respond|send [^,.]{3,40}|submit [^,.]{3,40}) (?:with)?in $"
    r"|\b(?:send|submit|provide|upload|return) [^.,;]{3,60} (?:no later than|not later than|at the latest) $"
    r"|\b(?:scheduled|set) for (?:deactivation|removal|suspension) (?:in|within) $"
    r"|\b(?:appeals?|answers?|replies|responses) (?:are|is|will be|can be) (?:accepted|considered|possible|read|taken) (?:until|for|up to|within) $"
    r"|\bwe (?:accept|read|consider|take) [\w ]{3,30} (?:until|for|up to|within) $"
    r"|\b(?:can|may) (?:still )?(?:be appealed|appeal|dispute|contest|do so|do this)[^.,]{0,40} (?:for|until|up to|within)(?: the next)? $"
    r"|\b(?:appeal|plan|answer|reply|response|document)s? (?:sent|received|submitted|made|that (?:reaches us|arrives|is sent)) (?:more than|later than|after) $"
    r"|\bwe (?:expect|await|look forward to|ask for|need|want|require) (?:your|an?|the) (?:\w+ )?(?:answer|reply|response|plan|appeal|documents?|information|explanation)[^.,]{0,40} (?:within|in)(?: the next)? $"
    r"|\bwe must (?:receive|have)[^.,]{3,60} (?:no later than|within|in|not later than) $"
    r"|\b(?:hear|receive|get|have) (?:nothing|no (?:answer|reply|response))(?: more| further)?(?: from you)?(?: for| within| in| after)(?: another| the next)? $|\b(?:without|no) (?:an )?(?:answer|reply|response)(?: from you)? (?:for|within|in|after) $"
    r"|\b(?:has|have) not (?:arrived|reached us|been (?:received|sent|provided|submitted))[^.,]{0,30} (?:after|within|in) $",
    re.IGNORECASE,
)
_PLAIN_HAVE = re.compile(
    r"\b(?:you (?:now |still |therefore )?(?:have|get)|there (?:are|is)(?: a (?:limit|period|term|deadline) of)?|we (?:allow|give|grant)(?: you)?)(?: only| up to| another| a further| a total of| exactly| the next)* $",
    re.IGNORECASE,
)
_PLAIN_AFTER = re.compile(
    rf"(?: (?:left|more|from [\w ]{{3,30}}|after [\w ]{{3,30}}))?,? (?:to|in which (?:to|you (?:can|may|must))|within which to|for (?:this|that|it|your|an?)(?: (?:answer|reply|response|appeal|plan))?) ?(?:{_DO}\b|[^\w]*$|\.)",
    re.IGNORECASE,
)


def _plainly_binds(before: str, after: str) -> bool:
    """Whether the words round a count leave no doubt: "you have up to 90 days to appeal", "due in 10 days"."""
    if _PLAIN_BEFORE.search(before):
        return True
    return _PLAIN_HAVE.search(before) is not None and _PLAIN_AFTER.match(after) is not None


# "30 days from the date a claim is decided": a term that runs anew for each claim or order is none of this notice's.
_FROM_ELSEWHERE = re.compile(
    r"\s*(?:of|from|after|following|since) (?:the )?(?:(?:date|day|time|moment|decision|end|close) )?(?:on which |when |that |of |on )?(?:an?|each|every|the|any) (?:\w+ )?"
    r"(?:claim|chargeback|order|delivery|sale|purchase|return|refund|feedback|transaction|shipment|customer|buyer)\b",
    re.IGNORECASE,
)
# Where the days are counted from.
_ANCHOR = re.compile(
    r"\s*(?:of|from|after|following|since|starting(?: from| on| with)?|as of|beginning(?: on| with)?) (?:the (?:date|time|day|hour|receipt|sending) (?:of|on which|at which|when|you|that) ?)?(?:this|the|today|receiving|receipt|now|you|it)?[\w ]{0,60}?(?=[,.:;]|$)",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"\s*,? ?(?:please |you must |you need to |you should |kindly |and )?(?:tell|send|provide|submit|reply|respond|explain|complete|give|answer|upload|confirm|return|show|share|describe|write)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:you(?: now| still| therefore)? have(?: only)?|you are given|we (?:give|grant|allow) you|you(?:'ve| have) (?:now )?(?:been given|got)|we (?:must|have to|need to|should) (?:have|receive|get|see) (?:it|this|them|your [\w ]{3,30}|the [\w ]{3,30}) (?:with)?in|we need (?:it|this|them|everything|your [\\w ]{3,30}|the [\\w ]{3,30}) (?:with)?in(?: the next)?)\s*$",
    re.IGNORECASE,
)


def _binds(sentence: str, found: re.Match[str], asks_when: bool) -> bool:
    before, after = sentence[: found.start()], sentence[found.end() :]
    if re.match(
        r"\s*(?:after|from)\b[^,.]{0,60}?,? you (?:may|can) (?:separately |then )?(?:ask|request|apply|write)\b",
        after,
        re.IGNORECASE,
    ):
        return False  # "90 days after this notice you may ask for your funds"
    if re.search(r"\bafter $", before, re.IGNORECASE) and re.match(
        r" without (?:an? |your )?(?:answer|reply|response|word|documents?|plan)", after, re.IGNORECASE
    ):
        return True  # "After 10 days without an answer we will close the case."
    if _FROM_ELSEWHERE.match(after):
        return False
    if _plainly_binds(before, after):
        return True
    anchored = _ANCHOR.match(after)
    if (
        anchored
        and _ADDRESSED.match(after[anchored.end() :])
        and re.search(r"\b(?:with)?in\s*(?:the next )?$", before, re.IGNORECASE)
    ):
        return True  # "Within 72 hours of this message, send us both parts"
    if _GIVEN.search(before) and re.match(
        r"\s*(?:[.;,:!)]|$)", after[anchored.end() :] if anchored else after
    ):
        return not _NOT_ANSWER.search(before)  # "You now have 14 days from today."
    if _WINDOW_BEFORE.search(before[-40:]) or _WINDOW_WITHIN.search(before[-80:]):
        return False
    if re.match(
        r"\s*(?:old|window|period|of (?:inventory|sales|data|age)|metric|average|rolling|ago|or older|prior|before (?:the|your))\b",
        after,
        re.IGNORECASE,
    ):
        return False
    clause_start = max(before.rfind(c) for c in (",", ";", ":", " – ", " — ", "(")) + 1
    clause = before[clause_start:] + found.group() + re.split(r"[,;:]", after, maxsplit=1)[0]
    near = before[max(clause_start, len(before) - 200) :]
    if re.fullmatch(r"\W*(?:please,? )?within (?:the next )?", before, re.IGNORECASE) and re.fullmatch(
        r"(?:\s+(?:of|from|after) (?:the date of )?(?:this|receiving|the|today)[\w ]{0,30})?\s*(?:,? please)?:\W*",
        after,
        re.IGNORECASE,
    ):
        return True  # "Within 10 days of this notice:" above a list
    hyphened = re.search(r"\d-", found.group()) and re.match(
        r"\s*(?:deadline|limit|period to)", after, re.IGNORECASE
    )
    if hyphened:
        return True
    if (
        not _BIND_BEFORE.search(before[-60:])
        and not re.match(
            r"\s*(?:from|after|of) (?:the date of )?(?:this|receiving|receipt|the original|today)",
            after,
            re.IGNORECASE,
        )
        and not (asks_when and len(sentence) < 60)
    ):
        return False
    condition = _CONDITION.search(clause) is not None
    if _NOT_ANSWER.search(clause) and not (
        condition
        and re.search(rf"\b(?:we|you|plan|appeal|information)\b[^,]*\b{_ANSWER}\b", clause, re.IGNORECASE)
    ):
        return False
    if (
        _AMAZON_ACTS.search(clause)
        and not condition
        and not re.search(
            r"\bwe (?:must|need to|should|have to) (?:receive|hear|have)|\byou\b[^,]*\b(?:must|have|need)\b",
            clause,
            re.IGNORECASE,
        )
    ):
        return False
    if (
        re.search(
            r"\byou(?:r [\w ]{2,40})? (?:may|can|could)\b|\b(?:expect|receive) (?:a|an|our) (?:reply|answer|response|decision)",
            clause,
            re.IGNORECASE,
        )
        and not condition
    ):
        return "deactivat" in clause.lower() or "suspend" in clause.lower()
    answers = re.search(
        rf"\b{_ANSWER}\b",
        clause + (after[:160] if re.match(r"\s*(?:to|of|from|after|,)", after) else ""),
        re.IGNORECASE,
    )
    if answers and (
        condition
        or _REQUEST.search(clause)
        or re.search(rf"(?:^|[,;:] ?|\b(?:and|then|to|also) ){_ANSWER}\b", clause.strip(), re.IGNORECASE)
    ):
        return _of_the_seller(near)
    if re.match(
        r"\s*,? (?:please |you must |you need to |you should |tell |send |provide |submit |reply |explain )",
        after,
        re.IGNORECASE,
    ) or re.match(
        r"^\s*,\s*(?:please\s+)?(?:tell|send|provide|submit|reply|respond|explain|complete|give|answer)\b",
        after,
        re.IGNORECASE,
    ):
        return True
    if clause_start and re.search(
        r"\b(?:must|please|need to|have to|should)(?: (?:also )?(?:provide|send|submit|reply|respond|give|tell|return|upload)(?: us)?)?\s*,$",
        before[:clause_start],
        re.IGNORECASE,
    ):
        return True
    if re.search(rf"^\s*to {_ANSWER}\b", after, re.IGNORECASE):
        return True
    return asks_when and not _AMAZON_ACTS.search(clause)


def _of_the_seller(near: str) -> bool:
    """Whether the clause is about the seller's answer and not about units, orders or buyers."""
    return not re.search(
        r"(?<!to this )(?<!to the )(?<!to our )\b(?:units?|inventory|stock|orders?|customers?|buyers?|shipments?|messages?|returns?|rights owners?|complainant|owner|court|they) (?:that |which |who )?(?:does|did|are|is|was|were|must|should|have|has|not|will|can|may|do|within|in)\b",
        near,
        re.IGNORECASE,
    )


_ASK_ELSEWHERE = re.compile(
    r"请|必须|须|逾期|未(?:收到|提交|提供|回复|能)|没有(?:收到|提交|提供|回复)|不(?:提交|提供|回复)|如果|若|需要|应|提交|提供|上传|回复|您有|期限|ください|場合|受け取|いただけ|提出|返信|期限|senden|antworten|einreichen|auszufüllen|ausfüllen|vorzulegen|vorlegen|nachzureichen|erhalten|reichen|übermitteln|haben sie|sie haben|frist|müssen|von ihnen|einspruch|einzulegen",
    re.IGNORECASE,
)
_NOT_ELSEWHERE = re.compile(
    r"资金|付款|暂扣|冻结|余额|支付|扣除|退货|库存|移除|lagerbestand|bestand\b|entsorg|rücksend|abholen|zurückholen|最近|过去|之前的|近\s?\d|开具|出具|账单|发票|通常|我们.{0,8}(?:会|将)|审核|处理时间|退货|資金|支払|過去|直近|審査|保留|guthaben|auszahl|letzten|vergangenen|ausgestellt|prüf\w* (?:dauert|wird)|einbehalten",
    re.IGNORECASE,
)


def _counts_elsewhere(sentence: str) -> list[tuple[int, str]]:
    """Counts of Chinese, Japanese and German sentences."""
    out: list[tuple[int, str]] = []
    for found in _COUNT_ELSEWHERE.finditer(sentence):
        if not found["unit"] and not found["business"]:
            continue
        german = (found["unit"] or found["business"] or "")[:1].isascii()
        start = max(sentence.rfind(c, 0, found.start()) for c in "，,；;") + 1
        ends = [e for c in "，,；;。" if (e := sentence.find(c, found.end())) > 0]
        clause = sentence[start : min(ends, default=len(sentence))]
        if german and not re.search(
            r"(?:innerhalb von|innerhalb der nächsten|innerhalb|binnen|in den nächsten|spätestens (?:in|nach)|haben sie(?: noch| nur)?|sie haben|frist:?)\s*$",
            sentence[: found.start()],
            re.IGNORECASE,
        ):
            continue
        if (
            not german
            and not found["after"].endswith("内")
            and not re.search(r"(?:您有|期限(?:为|是|は)?[：:]?|在|逾期)\s?$", sentence[: found.start()])
        ):
            continue
        if _NOT_ELSEWHERE.search(clause) and not re.search(
            r"未(?:收到|提交|提供)|没有(?:收到|提供)|请(?:在|于)|届かない|提出|nicht erhalten", clause
        ):
            continue
        if re.search(r"(?:最近|过去|近|前|直近|過去)\s?$", sentence[: found.start()]) or re.match(
            r"(?:的)?(?:发票|账单|订单|销售|管道|水电)|に発行|以内に発行", sentence[found.end() :]
        ):
            continue
        if _ASK_ELSEWHERE.search(clause) or _ASK_ELSEWHERE.search(sentence[found.end() : found.end() + 30]):
            days = _days(found["n"], found["unit"] or "日")
            unit = (
                "business days"
                if found["business"]
                else "hours"
                if found["unit"] in {"小时", "時間", "個時間", "Stunden"}
                else "days"
            )
            if 0 < days <= 365:
                out.append((days, unit))
    return out


_MONTHS = {m: i for i, names in enumerate(
    ("january jan januar", "february feb februar", "march mar märz", "april apr", "may mai", "june jun juni", "july jul juli",
     "august aug", "september sep sept", "october oct oktober okt", "november nov", "december dec dezember dez"), 1) for m in names.split()}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y1>20\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<m2>{_MONTH})\.?,? (?P<y2>20\d\d)"
    r"|(?P<y3>20\d\d)[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})"
    r"|(?P<y4>20\d\d)\s?年\s?(?P<m4>\d{1,2})\s?月\s?(?P<d4>\d{1,2})\s?[日号]"
    r"|(?P<d5>\d{1,2})\.(?P<m5>\d{1,2})\.(?P<y5>20\d\d)"
    r"|(?<![\d/])(?P<m6>\d{1,2})/(?P<d6>\d{1,2})/(?P<y6>20\d\d)(?![\d/])",
    re.IGNORECASE,
)
_DAY_OF_MONTH = re.compile(
    rf"(?<![\w./-])(?:(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<m2>{_MONTH})|(?P<m3>\d{{1,2}})\s?月\s?(?P<d3>\d{{1,2}})\s?[日号])(?![\w]|,? 20\d\d|\.?,? 20\d\d)",
    re.IGNORECASE,
)


def _dates(text: str) -> list[tuple[re.Match[str], date]]:
    out: list[tuple[re.Match[str], date]] = []
    for found in _DATE.finditer(text):
        groups = found.groupdict()
        which = next(i for i in "123456" if groups[f"y{i}"])
        month, on = groups[f"m{which}"], int(groups[f"d{which}"])
        number = _MONTHS[month.lower()] if month.lower() in _MONTHS else int(month)
        if which == "6" and number > 12:  # 24/02/2025 can only be the European order
            number, on = on, number
        try:
            out.append((found, date(int(groups[f"y{which}"]), number, on)))
        except ValueError:
            continue  # an impossible date is no deadline; the notice may mistype it, and we must not guess
    return out


def _days_of_months(text: str, received: date | None) -> list[tuple[re.Match[str], date]]:
    """Dates without a year, each as the first such day after the notice; none while its own day is not known."""
    if received is None:
        return []
    out: list[tuple[re.Match[str], date]] = []
    for found in _DAY_OF_MONTH.finditer(text):
        groups = found.groupdict()
        which = next(i for i in "123" if groups[f"d{i}"])
        month = groups[f"m{which}"].lower()
        number = _MONTHS.get(month) or int(month)
        for year in (received.year, received.year + 1):
            try:
                day = date(year, number, int(groups[f"d{which}"]))
            except ValueError:
                continue
            if day >= received:
                out.append((found, day))
                break
    return out


def _binding_dates(sentence: str, asks_when: bool, received: date | None) -> list[date]:
    out: list[date] = []
    if _ELSEWHERE.search(sentence):
        return out
    for found, day in [*_dates(sentence), *_days_of_months(sentence, received)]:
        before, after = sentence[: found.start()], sentence[found.end() :]
        bound = re.search(
            r"\b(?:by:?|before:?|until:?|no later than|not later than|on or before|deadline(?: is)?:?|due(?: on| by)?:?|bis(?: spätestens)?(?: zum| am)?|vor dem)\s*(?:\w+day,? )?$",
            before,
            re.IGNORECASE,
        )
        bound_zh = re.search(
            r"(?:在|于|请于|截至|最晚(?:提交)?(?:时间|日期)?[为是：:]?|截止(?:时间|日)[为是：:]?|截止日期[为是：:]?|期限[为是：:]?)\s*$",
            before,
        ) or re.match(r"\s*(?:之前|前|まで)", after)
        # "It will be deactivated on 10 February unless you verify it."
        threatened = re.search(
            r"\b(?:deactivat|suspend|clos|remov|switch|block|delet|tak|lock)\w*(?: off| down)?(?: [\w ]{1,20})? on\s*(?:\w+day,? )?$",
            before,
            re.IGNORECASE,
        ) and re.search(r"\b(?:unless|if (?:you|we|it))\b", sentence, re.IGNORECASE)
        told = (  # "Till when? 22 May"
            asks_when
            and len(sentence) < 80
            and (received is None or day > received)
            and not re.search(r"\b(?:sent|received|dated|today is)(?: on)?\s*$", before, re.IGNORECASE)
        )
        # "By 14 May 2025: a written explanation, an invoice": the day stands for the request itself.
        told = told or (
            re.fullmatch(r"(?:by|until|before) ", before, re.IGNORECASE) is not None and after[:1] == ":"
        )
        threatened = threatened or (
            re.match(r"^(?:without|if we)\b", sentence, re.IGNORECASE) and re.search(r"\bafter\s*$", before)
        )
        if not (bound or bound_zh or threatened or told):
            continue
        if _NOT_ANSWER.search(sentence) and not re.search(
            r"\bplan|appeal|information|documents\b", sentence, re.IGNORECASE
        ):
            continue
        if (
            asks_when
            or told
            or re.search(rf"\b{_ANSWER}\b", sentence, re.IGNORECASE)
            or _ASK_ELSEWHERE.search(sentence)
            or re.search(r"\b(?:due|deadline|you have until)\b", sentence, re.IGNORECASE)
        ):
            out.append(day)
    return out


_SENT_ON = re.compile(
    r"\b(?:this (?:notice|message|e-?mail|mail|notification) was (?:sent|written|issued) on|(?:sent|written|issued) on|today is) (?=\w{1,12} \w)|(?:本通知|本邮件)?(?:的)?(?:发送|发出)(?:日期|时间)[：:为]?\s*",
    re.IGNORECASE,
)
_RECEIVED_LINE = re.compile(
    r"^\W{0,3}(?:date|date of (?:this )?(?:notice|message|mail|notification)|(?:notice|notification|message) date|issued(?: on)?|sent|received|sent on|received on|datum|gesendet|日期|发送时间|发件时间|接收时间|收到日期|日付|送信日時|受信|received on|erhalten am)(?:\s*[:：]|(?<=on)\s|(?<=am)\s)",
    re.IGNORECASE,
)


def find_received(text: str) -> date | None:
    """The date the notice itself bears: a mail's date line, or a date alone at its head."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()]
    for at, line in enumerate(lines[:40]):
        found = _dates(plain(line[:200]))
        if not found:
            continue
        if re.match(r"\W*(?:期限|截止|提出期限|deadline|due|frist)", line, re.IGNORECASE):
            continue
        if _RECEIVED_LINE.match(line.strip()):
            return found[0][1]
        rest = line.replace(found[0][0].group(), "")
        if re.search(r"\b(?:by|due|until|before|deadline)\b", rest, re.IGNORECASE):
            continue
        if at < 5 and len(re.sub(r"[\W\d]", "", rest)) <= 9:  # a weekday or a zone may stand beside it
            return found[0][1]
    for line in lines[-3:]:  # or alone below the signature
        if re.search(r"\b(?:by|due|until|before|deadline)\b", line, re.IGNORECASE):
            continue
        found = _dates(plain(line[:60]))
        if found and len(re.sub(r"[\W\d]", "", line.replace(found[0][0].group(), ""))) <= 9:
            return found[0][1]
    sent = _SENT_ON.search(plain(text[:20_000]))
    if sent and (found := _dates(plain(text[:20_000])[sent.end() : sent.end() + 30])):
        return found[0][1]
    return None


_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991


def zone_named(name: str) -> tzinfo:
    """The time zone of that name; InputError for one that does not exist."""
    if name in {"Asia/Shanghai", "Asia/Chongqing", "PRC"}:
        return _SHANGHAI
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"--timezone {name}: there is no such time zone. Write one like Asia/Shanghai or Europe/Berlin."
        ) from None


def parse_received(value: str | date, today: date) -> date:
    """The day the notice was received; InputError for a date that does not exist or lies in the future."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*", value)
        try:
            if not found:
                raise ValueError
            value = date(*(int(g) for g in found.groups()))
        except ValueError:
            raise InputError(
                f"received {value!r}: this is no date. Write it as year-month-day, for example 2024-03-05."
            ) from None
    if value > today + timedelta(days=1):  # a day's leeway for the zones ahead of ours
        raise InputError(
            f"received {value.isoformat()}: this lies in the future (today is {today.isoformat()}). Give the day the notification arrived."
        )
    if value.year < 2000:
        raise InputError(
            f"received {value.isoformat()}: Amazon had no sellers then. Give the day the notification arrived."
        )
    return value
