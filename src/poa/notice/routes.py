"""How the answer is to be sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poa.notice.layout import Block, sentences
from poa.notice.words import matches, plain

__all__ = ["find_submit"]

_SEND = (
    r"(?:submit\w*|send\w*|sent|repl(?:y|ies|ying)|respond\w*|appeal\w*|follow(?!ing)\w*|provide\w*|reactivat\w*|do this|upload\w*|click\w*|select\w*|choos\w*|through|attach\w*|"
    r"dispute\w*|answer\w*|file|use|go to|visit|complete|begin|start|open|respond)"
)

# Not ways to answer: money, questions, the rights owner's retraction, further reading.
_ELSEWHERE = re.compile(
    r"\b(?:funds?|disburse\w*|payments?|balance)\b|\bquestions?\b|\bretract\w*\b|\bnotice-retraction|\brights owners? (?:must|should|can)|"
    r"\b(?:learn|read|find out|see) (?:more|how)\b|\bcustomer satisfaction\b|\bview your (?:account )?(?:performance|health|metrics|balance)|\bcan view\b|"
    r"\bcontact (?:you|seller support|selling partner support)|\bhelp (?:with|on|in) (?:your|creating)|\bhow well\b|\bios\b|\bandroid\b|\bgo (?:wrong|against)\b|"
    r"\b(?:listings?|asins?|items?|products?|details?|examples?|list|rates?|metrics?)\b[^.]{0,60}\b(?:can be found|will find|are listed|is listed|are shown|appear|are on|is on)\b|"
    r"\b(?:figures|numbers|data|rates?|metrics?)\b[^.]{0,30}\b(?:are|is) (?:always |also )?(?:on|in|at|shown|kept)\b|\bcomment on\b|\b(?:follow|track|see|check|monitor|watch|view|review|find) (?:your|the) (?:current )?(?:\w+ )?(?:rates?|metrics?|performance|status|rating)\b|\bspeak (?:with|to) (?:someone|us)\b|\b(?:telephone|phone) call\b|\bcontact you\b|\byou (?:will|can) find\b|\bfor (?:more|further) (?:information|details)|\bguidelines? (?:for|on)\b|付款部分|查看(?:余额|您的账户绩效|账户绩效)|如有疑问|有问题|如果您有任何|guthaben|fragen haben",
    re.IGNORECASE,
)

_WAYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "reply",
        re.compile(
            r"\b(?:repl(?:y|ying)|respond(?:ing)?|answer(?:ing)?|responses?) (?:directly )?(?:to|in|with|by)? ?(?:this|the|our) (?:(?:e-?)?mail|message|notice|notification|communication|correspondence|case)\b|"
            r"\bin (?:a )?(?:reply|response|answer) to this\b|\breply (?:to us )?(?:with|directly|by e-?mail|here(?!:? ?https?:))\b|\brepl(?:y|ying) to (?:it|us)\b|\bby (?:reply|return e-?mail|replying)\b|"
            r"\bwrite back to (?:this|the) (?:e-?mail|message|notice|mail)\b|\bas a reply\b|\breply function\b|^to this e-?mail(?: address)?\b|(?:^|please )(?:reply|respond) (?:by|before|within|no later)\b|"
            r"(?:回[复覆]|答[复覆])(?:此|本|这封|该)(?:封)?(?:电子)?(?:邮件|通知|消息)|(?:此|本|このE?|この)(?:メール|メッセージ|通知)(?:に|へ)の?(?:ご)?(?:返信|回答)|\b(?:antworten|antwort) (?:sie )?(?:uns )?(?:bitte )?(?:einfach |direkt |unmittelbar )?(?:(?:bis|innerhalb)\b[^.]{0,30}(?:\. ?\w+ \d{4})? )?auf diese|"
            r"auf diese (?:e-?mail|nachricht)[^.]{0,40}antwort",
            re.IGNORECASE,
        ),
    ),
    (
        "appeal_button",
        re.compile(
            r"\b(?:click|press|use|select|choose|hit|tap|clicking|pressing|using|selecting|choosing|find)\b[^.]{0,80}[\"']?\bappeal\b(?! (?:the|this|your) (?:removal|decision))[^.]{0,24}(?:button|link|next|beside|on th(?:e|is) (?:notification|message)|$|\.|\()|"
            r"\b[\"']?appeal[\"']? (?:button|link)\b|\b(?:behind|under|via|through|beside) (?:the )?[\"']appeal[\"']|\b(?:click|select|choose|press)(?: on)? [\"']?(?:the )?[\"']?appeal\b|点击[^。]{0,30}[“\"']?申诉|[“\"']申诉[”\"']\s?按钮|申诉按钮|"
            r"einspruch(?:\"|')? ?(?:klicken|schaltfläche)|schaltfläche[^.]{0,20}einspruch|klicken [^.]{0,80}[\"'„“]einspruch|auf [\"'„“]einspruch|「[^」]{0,24}(?:申し立て|申立て|Appeal|改善計画)[^」]{0,24}」(?:という)?ボタン|「?(?:申し立て|異議申し立て)」?(?:ボタン|を?クリック)",
            re.IGNORECASE,
        ),
    ),
    (
        "account_health",
        re.compile(
            rf"\b{_SEND}\b[^.]{{0,140}}\b(?:account health|submit new information|view appeal)\b|\b(?:click|select|choose|press|go to|open|follow(?!ing))\w*\b[^.]{{0,80}}\breactivate (?:your|my|the) (?:account|listing)|\"reactivate your account|\baccount health\b[^.]{{0,140}}\b{_SEND}\b|"
            r"\baccount health\b ?[>›»→]|[>›»→] ?account health\b|\bbanner\b[^.]{0,60}\b(?:account health|seller central|page|top)\b|\breactivate your account (?:page|button)|\b(?:click|select|choose)\b[^.]{0,40}\b(?:reactivate|submit new information|view appeal|next steps)\b|"
            r"(?:账户状况|账户健康)[^。]{0,60}(?:提交|点击|重新激活|申诉|按照|上传)|(?:提交|点击|访问|前往|按照)[^。]{0,60}(?:账户状况|账户健康|[“\"'「]重新激活)|"
            r"(?:アカウント健全性|アカウントの健全性)[^。]{0,60}|(?:kontozustand|account-zustand|verkäuferkonto-zustand|kontostatus)[^.]{0,60}",
            re.IGNORECASE,
        ),
    ),
    (
        "contact_us",
        re.compile(
            r"https?://\S{0,60}/(?:cu/contact-us|hz/contact-us|help/hub/support|gp/contact-us)\b|\bcontact[- ]us[\"']? (?:page|form|link|button)\b|\b(?:through|via|using|under) [\"']contact us[\"']|\bopen a (?:support )?case\b|\b(?:via|through) (?:seller|selling partner) support\b|\b(?:submit|send|provide)\b[^.]{0,200}\bto (?:seller|selling partner) support\b|[“\"「]?联系我们[”\"」]?(?:页面|表单|链接)|通过[“\"「]?联系我们|[「“\"]お問い合わせ[」”\"](?:フォーム|ページ|から)|お問い合わせフォーム|kontaktformular|\b(?:through|via|using|under|use) (?:the )?[\"']?contact us\b|\bcontact form\b",
            re.IGNORECASE,
        ),
    ),
    (
        "performance_notifications",
        re.compile(
            rf"\b{_SEND}\b[^.]{{0,140}}\b(?:performance )?notifications? (?:page|tab|section)\b|\bperformance notifications?\b[^.]{{0,80}}\b{_SEND}\b|\b{_SEND}\b[^.]{{0,80}}\bperformance notifications?\b|业绩通知|绩效通知[^。]{{0,40}}(?:提交|回复)",
            re.IGNORECASE,
        ),
    ),
)
_DASHBOARD = re.compile(
    r"https?://\S{0,60}amazon\.[a-z.]{2,6}/(?:performance/(?:dashboard|account)|hz/account-health|performance/account/health)",
    re.IGNORECASE,
)
_NOTIFICATIONS_PAGE = re.compile(
    r"https?://\S{0,60}amazon\.[a-z.]{2,6}/(?:performance/notifications|gp/customer-experience/perf-notifications)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,60}@(?:[\w-]{1,30}\.)?amazon\.[a-z.]{2,6}", re.IGNORECASE)
_NO_INBOX = re.compile(
    r"^(?:payments?|disbursement|funds|notice-retraction|no-?reply|do-not-reply|payments-funds|payments-investigate|account-alert|donotreply)",
    re.IGNORECASE,
)
_MAIL_VERB = re.compile(
    r"\b(?:send|sent|sending|e-?mail(?:ed|ing)?|write|writing|forward|submit\w*|contact|reply|respond|to|at|via|address)\b|发送|发至|邮件|提交|写信|senden|schicken|schreiben|送信|送付|提出先|送付先|まで|宛",
    re.IGNORECASE,
)

_PLACES = {
    "submit": 3,
    "demand": 2,
    "error": 2,
    "branch": 2,
    "opening": 2,
    "when": 2,
    "other": 2,
    "evidence": 1,
    "consequences": 1,
    "end": 0,
    "why": 1,
    "after": 1,
    "never": 0,
    "help": 0,
}


_ON_ACCOUNT_HEALTH = re.compile(
    r"^(?!.*\b(?:this|the) (?:message|e-?mail|notice|notification)\b)(?!.*\bnotifications?\b)(?:.*\b(?:account health|kontozustand|account-zustand|verkäuferkonto-zustand|kontostatus)\b|.*(?:账户状况|账户健康).*(?:横幅|顶部|https?:|查看申诉|提交新信息|重新激活)|.*(?:アカウント健全性|アカウントの健全性))",
    re.IGNORECASE,
)


def find_submit(blocks: Sequence[Block]) -> str | None:
    """The way the notice asks for the answer: the first it names where it says how, or None."""
    best: tuple[int, int, str] | None = None
    sections = {b.section for b in blocks}
    for at, block in enumerate(blocks):
        place = _PLACES.get(block.section, 0)
        # In a notice without headings the help paragraph is told by its words alone.
        if block.section == "help" and "submit" not in sections:
            place = 1
        if place == 0 or block.kind == "heading":
            continue
        text = block.text[:3000]
        nearby = blocks[at - 1].text[-200:] if at and blocks[at - 1].kind != "heading" else ""
        parts = sentences(text)
        for offset, sentence in enumerate(parts):
            # "Questions? https://..." is no way to answer, though its link is one elsewhere.
            if offset and parts[offset - 1].endswith("?") and re.match(r"\(?https?://\S+$", sentence):
                continue
            way = _way(plain(sentence), block.section, plain(nearby))
            if way and (best is None or place > best[0]):
                best = (place, at * 100 + offset, way)
        if best is not None and best[0] == 3:
            break
    if best is None and _on_account_health(blocks):
        return "account_health"
    return best[2] if best else None


def _on_account_health(blocks: Sequence[Block]) -> bool:
    """Whether the text is that page itself, with its menu path and a button to submit."""
    head = " ".join(block.text for block in blocks[:12])
    path = re.search(r"account health {0,3}[>›»/|]|[>›»/|] {0,3}account health", plain(head), re.IGNORECASE)
    return path is not None and any(
        re.search(r"\b(?:submit|upload|appeal)\b", block.text, re.IGNORECASE) for block in blocks[2:]
    )


def _way(sentence: str, section: str, nearby: str) -> str | None:
    """The earliest way a sentence names; an Appeal button stands above the page it is on."""
    if _ELSEWHERE.search(sentence) and not re.search(
        r"\bappeal button\b|\breply to this\b|\bnotice-dispute", sentence, re.IGNORECASE
    ):
        return None
    if re.search(
        r"\b(?:do not|don't|no) need to\b[^.]{0,60}\b(?:reply|respond|answer)\b|\b(?:do not|don't|cannot|not|no) (?:need to |have to )?(?:reply|respond|answer)(?: to)? (?:this|it)\b|\bcannot (?:be )?repl|no-reply",
        sentence,
        re.IGNORECASE,
    ):
        return None
    if section in {"why", "consequences", "after"} and not re.search(
        r"\b(?:please|submit|send|reply|click)\b", sentence, re.IGNORECASE
    ):
        return None
    found: list[tuple[int, int, str]] = []
    for rank, (way, pattern) in enumerate(_WAYS):
        match = pattern.search(sentence)
        if match is None:
            continue
        if way != "appeal_button":
            found.append((match.start(), rank, way))
        elif _ON_ACCOUNT_HEALTH.search(sentence):  # a button there is that page's, not the message's
            found.append((match.start(), rank, "account_health"))
        else:
            replied = any(
                named == "reply" for _, _, named in found
            )  # "answer this e-mail or use the Appeal button"
            found.append((match.start() if replied else max(0, match.start() - 200), rank, way))
    for match in _ADDRESS.finditer(sentence):
        before = sentence[max(0, match.start() - 160) : match.start()]
        after = sentence[match.end() : match.end() + 40]
        # "Ask them to send a retraction to ...": that address is the rights owner's way, not the seller's.
        if re.search(r"\bask (?:them|him|her|the [\w ]{3,24}) to\b", before, re.IGNORECASE):
            continue
        if not _NO_INBOX.match(match.group()) and (
            _MAIL_VERB.search(before)
            or section == "submit"
            or re.search(r"まで|宛|へ|发送|提交|senden|schicken", after)  # where the verb comes last
        ):
            found.append((match.start(), 9, "email"))
    dashboard = _DASHBOARD.search(sentence)
    if dashboard and (
        section == "submit"
        or re.search(rf"\b{_SEND}\b|提交|点击|senden", sentence + " " + nearby, re.IGNORECASE)
    ):
        found.append((dashboard.start(), 8, "account_health"))
    listed = _NOTIFICATIONS_PAGE.search(sentence)
    if listed and re.search(rf"\b{_SEND}\b|提交|点击|senden", sentence, re.IGNORECASE):
        found.append((listed.start(), 8, "performance_notifications"))
    # "No response to this message is needed."
    return min(found)[2] if found and not matches("no_action", sentence) else None
