"""What a Chinese, German or Japanese sentence of a notification asks the seller to send or explain."""

from __future__ import annotations

import re

__all__ = ["asked_elsewhere"]

_ZH_MAY_ASK = re.compile(r"请|须|需要|应")
_ZH_NOT_ASKED = re.compile(
    r"(?:我们|亚马逊)(?:可能|会|将)?需要|无需|不需要|定期要求|(?:您)?可以(?:选择)?(?:提供|提交|发送)|请勿|如果您?(?:未|没有|不)(?:能|在|按|提供|提交|发送|回复)"
)
_ZH_ASK = re.compile(
    r"(?:请|须|必须|需要|应当?|并|且|然后)(?:您)?(?:向我们|给我们)?(?:同时|一并|另行|另外|再|还|尽快|重新|分别|随函|务必|通过.{0,12})?"
    r"(?:提供|提交|发送|附上|出示|上传|说明|解释|列出|告知我们|告诉我们|确认(?!收))(?:一份|以下|相关)?(?P<thing>(?:(?![，,]\s?(?:并|同时|然后|另外))[^。；：:]){2,160})"
)
# "请将供应商的发票发送至 ...": the thing stands before the verb.
_ZH_BA = re.compile(
    r"请(?:您)?(?:[^，,。]{0,16}?内)?(?:，)?(?:将|把)(?P<thing>[^，,。；：:]{2,80}?)(?:一并|直接|通过[^，,。]{1,20})?(?:发送|提交|发给|发至|提供|上传|寄给?)(?:至|到|给)?"
)
# What is to be done first in another account is demanded with its verb, as it stands.
_ZH_DO = re.compile(
    r"请(?:您)?(?P<act>(?:先|首先)?(?:重新激活|恢复|启用)(?:该|相关联的?|相关的?|关联的?|另一个|其他).{0,16}?账户)"
)
_ZH_PLAN = re.compile(
    r"^(?:[^，,。]{0,16})?(?:行动计划|整改计划|改善计划|说明|申诉|解释|声明)(?:书)?[，,]?\s?(?:其中)?(?:并)?(?:说明|解释|阐述|包括|包含|描述|列出)(?P<content>.+)$"
)
# Bare proof of what is explained belongs to the explanation: "说明理由，并附上证明文件".
_ZH_WITH_PROOF = re.compile(
    r"(?:说明|解释)[^，,。；：:]{2,60}[，,]?\s?(?:同时|并且?|并同时|一并)(?:请)?(?:附上|提供|提交|随附)(?:相关|相应|必要)?的?(?:证明|证据|支持|支持性|佐证)(?:文件|材料|文档|资料)?$"
)
_ZH_BACK = re.compile(
    r"^(?:的|至|到|给|往|所需|上述|该|此|这些|您的|文件|信息|资料|申诉|文档|补充|更多|回复|请求)|^(?!证明|佐证|支持).{0,4}(?:行动计划|申诉|信息|文件|资料|说明|解释)$|^.{0,10}(?:按钮|页面|链接)|客户服务$|未结|未完成的?订单|未完结|^任何订单"
)
# Where a thing asked for ends: what follows belongs to Amazon, to the way of sending, or to another request.
_ZH_END = re.compile(
    r"[，,]\s?(?=我们|您(?:可|将|的账户)|以便|否则|然后|并(?:提供|提交|发送|附上|说明|解释|确认|列出|通过|点击)|同时|另外|也?不接受|附件)"
)


_ZH_PAPER = (
    "(?:发票|收据|凭证|合同|证书|报告|执照|账单|护照|清单|照片|复印件|副本|截图|授权书|身份证|声明|记录)"
)
# Two papers joined by an "and" are two demands, where "the name and the address" are two traits of one.
_ZH_PAPERS = re.compile(
    r"(?:(?<=发票|收据|凭证|合同|证书|报告|执照|账单|护照|文件|清单|计划|照片|截图|副本)|(?<=复印件|授权书))(?:和|[，,]?以及|[，,]?及)(?=[^，、]{3,60}(?:发票|收据|凭证|合同|证书|报告|执照|账单|护照|文件|清单|计划|照片|复印件|副本|截图|授权书|身份证|声明|记录|联系方式|联系信息)$)"
)
_JA_PAPERS = re.compile(
    r"(?:(?<=写し|原因|理由)|(?<=[書状票]))、?(?:と|および|及び|ならびに|並びに)、?(?=[^、]{3,60}(?:写し|書|状|票|証明|写真|画像|一覧|連絡先(?:情報)?|策|措置|対応|方法)$)"
)


def _papers(thing: str, joint: re.Pattern[str]) -> list[str]:
    """The papers that one thing asked for names, parted at the joint between two of them."""
    return [part.strip() for part in joint.split(thing)]


# So are two questions: "为何取消，以及您将如何避免".
_ZH_ASKS = re.compile(r"(?:您|贵方)?[^，,]{0,8}(?:为何|为什么|如何|怎样|哪些|什么|是否|何时|谁)")
_ZH_QUESTIONS = re.compile(
    r"[，,]?以及(?=(?:您|贵方)?[^，,]{0,8}(?:为何|为什么|如何|怎样|哪些|什么|是否|何时|谁))"
)
# "请在申诉中写明：原因、措施、办法": what the colon announces within the sentence.
_ZH_LISTED = re.compile(
    r"(?:请|须|必须|应当?|需要?).{0,24}(?:写明|说明|提供|提交|列明|包括|包含|附上|补充|发送)[^：:。]{0,10}[：:](?P<list>[^：:。]{4,200})[。]?$"
)


def _asked_in_chinese(sentence: str) -> list[str]:
    """What a Chinese sentence asks for; demands in a list are read elsewhere."""
    text = re.sub(r"[(（]?https?://[\w./?=&%#:-]+[)）]?", "", sentence[:600])
    if not _ZH_MAY_ASK.search(text) or _ZH_NOT_ASKED.search(text):
        return []
    listed = _ZH_LISTED.search(text)
    if listed:
        parts = [p.strip(" ，,") for p in re.split(r"、以及|以及|、和|[、；;]", listed["list"])]
        if len(parts) > 1 and all(1 < len(p) <= 40 for p in parts):
            return parts
    proven = _ZH_WITH_PROOF.search(text.rstrip("。"))
    if proven:
        return [proven.group()]
    out = [found["act"] for found in _ZH_DO.finditer(text)]
    for found in _ZH_BA.finditer(text):
        thing = found["thing"]
        if re.search(_ZH_PAPER + "$", thing) and not _ZH_BACK.search(thing):
            out += _papers(thing, _ZH_PAPERS)
    for found in _ZH_ASK.finditer(text):
        thing = _ZH_END.split(found["thing"], maxsplit=1)[0].strip(" ，,")
        plan = _ZH_PLAN.match(thing)
        if plan:
            parts = [
                p.strip(" ，,")
                for p in re.split(
                    r"、以及|[，,]以及|以及|、和|、|；|[，,]并?(?=说明|列出|您)", plan["content"]
                )
            ]
            out += [p for p in parts if p] if len(parts) > 1 else [thing]
        elif found.group().find("确认") in range(6) and len(thing) > 4:
            out.append(f"确认{thing}")
        elif len(thing) > 2 and not _ZH_BACK.search(thing) and thing in sentence:
            out += _papers(thing, _ZH_QUESTIONS if _ZH_ASKS.match(thing) else _ZH_PAPERS)
    return out


def asked_elsewhere(sentence: str) -> list[str]:
    """What the sentence asks for, in its own words; nothing for an English one."""
    return _asked_in_chinese(sentence) or _asked_in_german(sentence) or _asked_in_japanese(sentence)


_DE_ASK = re.compile(
    r"(?:\b(?:senden|schicken|übermitteln|reichen|legen|fügen|stellen|geben|laden|teilen) Sie(?: uns| mit,| bitte| außerdem| zusätzlich| ferner| auch| dazu| hierzu| noch)*"
    r"|\bantworten Sie(?: uns| bitte)* auf diese [\w-]+ mit|\b(?:benötigen wir|brauchen wir|wir (?:benötigen|brauchen))(?: von Ihnen| außerdem| noch| auch| ferner| zusätzlich)*|\b(?:[Pp]lan|\w+plan|Stellungnahme|Schreiben|Einspruch|Erklärung|Antwort) (?:muss|müssen|soll|sollte)(?: uns)? (?:erklären|erläutern|beschreiben|darlegen|angeben|zeigen|enthalten)|\b(?:erläutern|erklären|beschreiben|schildern|nennen) Sie(?: uns| bitte| außerdem| auch)*)[,:]? (?P<thing>.+)$",
    re.IGNORECASE,
)
_DE_PLAN = re.compile(
    r"^(?:eine[nrms]?|Ihre[nrms]?|den|die)(?: [\wäöüß-]+){0,3}? ?(?:[\wäöüß]*plan|Erklärung|Stellungnahme|Begründung|Schreiben|Einspruch)\b(?: \([^)]*\))?(?: (?:ein|vor|bei|zu))?,? (?:in (?:dem|der) Sie (?:uns )?(?:darlegen|erläutern|beschreiben|erklären|schildern|angeben)|(?:der|die|das|mit)(?: Folgendes| folgenden Punkten)?(?: enthält| erläutert| beschreibt| darlegt)?),? (?P<content>.+)$"
)
_DE_VERB_LAST = re.compile(
    r",? (?:beschreibt|erläutert|erklärt|enthält|darlegt|aufführt|umfasst|nennt|darstellt|behandelt)$"
)
_DE_START = re.compile(
    r"(?:,? (?:und|sowie|als auch)|[,;]) (?=(?:welche[nrms]?|wie|warum|was|wer|wann|wodurch|weshalb|eine?[nrms]?|Ihre[nrms]?|die|den|das|Kopien?|Nachweise?|Angaben|Rechnungen|Namen?|Fotos?|alle)\b)"
)
_DE_BACK = re.compile(
    r"^(?:(?:den|die|das|diese[nrms]?|Ihre[nrms]?|alle|sie|es|uns|auf|an|bitte|offene|noch)\b(?: [\wäöüß-]+){0,2} ?(?:Dokumente?|Unterlagen|Informationen|Bestellungen|Plan|Maßnahmenplan|Einspruch|Antwort|Nachricht|Angaben)?(?: (?:ein|an|zu|per|über|bis|auf|innerhalb)\b.*)?$|folgende|keine|(?:eine )?E-Mail|(?:einen )?Einspruch ein)",
    re.IGNORECASE,
)
_DE_TAIL = re.compile(
    r"(?:,? (?:an|per|über(?! die (?:Zustellung|Lieferung|Herkunft|Echtheit|Reinigung|Prüfung))|unter|innerhalb|bis zum|auf der Seite) .{3,80})?(?: (?:ein|vor|bei|zu|mit|hoch|bereit|zur Verfügung))?$"
)
# What may stand between the verb and its object: the term, the purpose.
_DE_ADJUNCT = re.compile(
    r"^(?:(?:innerhalb|binnen) (?:von |der nächsten )?\w+ \w+|bis (?:spätestens )?(?:zum )?\d{1,2}\. ?\w+(?: \d{4})?|zur \w+(?: Ihre[sr] \w+)?|(?:für|im Rahmen) (?:die|der|Ihre[rs]?) \w+|als Antwort auf diese \w+|per E-Mail|(?:Ihrem|Ihrer|dem|der) (?:Einspruch|Antwort|E-Mail|Schreiben|Plan|Maßnahmenplan|Stellungnahme)(?: bitte)?|bitte),? ",
)
# What may be asked another time is not asked now.
_DE_PERHAPS = re.compile(
    r"\b(?:möglicherweise|gegebenenfalls|unter Umständen|eventuell) (?:bitten|benötigen|fordern) wir\b",
    re.IGNORECASE,
)
# "teilen Sie uns mit, warum ..., und fügen Sie Nachweise bei": two requests in one sentence.
_DE_NEXT = re.compile(
    r",? und (?:bitte )?(?=(?:senden|schicken|übermitteln|reichen|legen|fügen|stellen|geben|laden|teilen|erläutern|erklären|beschreiben|nennen) Sie\b)",
    re.IGNORECASE,
)
# Where the request's verb comes last: "müssen Sie uns ... zusenden", "wir bitten Sie, uns ... zu übermitteln".
_DE_LAST = re.compile(
    r"\b(?:müssen Sie|sollten Sie|bitten (?:wir )?Sie,?)(?: uns| daher| bitte| zunächst| außerdem| noch| auch)* (?P<thing>[^;:]+?),? (?:zu )?"
    r"(?:zusenden|zuzusenden|senden|schicken|übermitteln|(?:ein|nach)(?:zu)?reichen|vor(?:zu)?legen|bei(?:zu)?fügen|bereit(?:zu)?stellen|zur Verfügung (?:zu )?stellen|mit(?:zu)?teilen|an(?:zu)?geben|hoch(?:zu)?laden|erläutern|erklären|beschreiben|nennen)\b"
    r"(?: und (?:uns )?(?:zu )?(?:erläutern|erklären|beschreiben|mit(?:zu)?teilen|dar(?:zu)?legen|an(?:zu)?geben),? (?P<clause>(?:wie|warum|weshalb|welche\w*|was|wer|wann|wo\w*)\b.+))?"
)


# "erstens ..., zweitens ..., und drittens ..."
_DE_ORDINAL = re.compile(
    r"(?:^|[,;]? ?(?:und )?)\b(?:erstens|zweitens|drittens|viertens|fünftens|zum einen|zum anderen|außerdem|schließlich)\b[,:]? ?",
    re.IGNORECASE,
)
# A clause that says more of the paper before it: "eine Erklärung, wie es dazu kam".
_DE_PAPER = re.compile(
    r"\b(?:Erklärung|Beschreibung|Aufstellung|Darstellung|Angabe|Angaben|Auskunft|Information\w*|Bestätigung|Stellungnahme|Nachweise?|Schilderung|Begründung|Erläuterung|Dokumente?|Unterlagen|hervorgeht|ergibt|ersichtlich ist|zeigt|belegt)$"
)


def _parted_german(things: str) -> list[str]:
    """The things of a German enumeration, each with the clause that belongs to it."""
    counted = [part.strip(" ,;.") for part in _DE_ORDINAL.split(things)]
    if len(counted) > 2 and not counted[0]:
        return [part for part in counted if part]
    parts: list[str] = []
    begin = 0
    for joint in _DE_START.finditer(things):
        piece = things[begin : joint.start()]
        if _DE_PAPER.search(piece) and re.match(
            r"(?:wie|welche|warum|was|wer|wann|die|das|den|in)\b", things[joint.end() :]
        ):
            continue
        parts.append(piece)
        begin = joint.end()
    return [*parts, things[begin:]]


def _asked_in_german(sentence: str) -> list[str]:
    """What a German sentence asks for, request by request."""
    if sentence.rstrip().endswith(":") or _DE_PERHAPS.search(sentence[:900]):
        return []
    return [thing for clause in _DE_NEXT.split(sentence[:900]) for thing in _asked_in_clause(clause)]


def _asked_in_clause(sentence: str) -> list[str]:
    found = _DE_ASK.search(sentence)
    if not found:
        last = _DE_LAST.search(sentence)
        if not last or _DE_BACK.match(last["thing"]) or not re.search(r" [A-ZÄÖÜ]", last["thing"]):
            return []
        clause = [last["clause"].rstrip(" .")] if last["clause"] else []
        return [*(p.strip(" ,") for p in _parted_german(last["thing"])), *clause]
    thing = _DE_ADJUNCT.sub("", found["thing"].strip().rstrip(" ."))
    plan = _DE_PLAN.match(thing)
    if plan:
        content = _DE_VERB_LAST.sub("", plan["content"])
        return [p.strip(" ,") for p in _parted_german(content)]
    verb = found.group().split()[0].lower()
    if verb in {"erläutern", "erklären", "beschreiben", "schildern"}:
        return [p.strip(" ,") for p in _parted_german(thing)] if len(thing.split()) > 3 else []
    if _DE_BACK.match(thing) or len(thing.split()) < 2 or not re.search(r"\b[A-ZÄÖÜ]", thing):
        return []
    return [_DE_TAIL.sub("", p).strip(" ,") for p in _parted_german(thing)]


_JA_ASK = re.compile(
    r"(?P<thing>[^。]{3,200}?)(?:を|(?<=[\u30a0-\u9fffし])も(?=(?:あわせて|併せて|一緒に|ご提出|ご提供|お送り|提出|添付|ご用意))|について(?=、?(?:ご)?(?:説明|回答|お知らせ)))、?[^。を]{0,24}?(?:ご|お)?(?:提出|送付|送信|提供|送り|添付|説明|回答|知らせ|開示|アップロード)[^。、を]{0,12}(?:ください|願い|下さい|必要)"
)
# "再開には、商品の写真が必要です": a paper that is needed is asked for.
_JA_NEED = re.compile(
    r"(?P<thing>[^。を]{3,120}?(?:写し|[書状票]|証明|写真|画像|一覧|連絡先(?:情報)?|番号|明細))が必要(?:です|とな|にな|でござ)"
)
_JA_PLAN = re.compile(
    r"^(?P<content>.+?)(?:を|について)(?:説明|記載|明記|記述)(?:した|する|している)[^、]{0,8}(?:計画書?|説明書?|申立書?|文書|書面)$"
)
# "理由を説明し、書類を添付してください": what the verbs before the last one take.
_JA_FIRST = re.compile(
    r"を(?:ご|お)?(?:説明|提出|記載|添付|送付|回答|提供)(?:し|して|いただき|の上|のうえ)、"
)
_JA_BACK = re.compile(
    r"^(?:以下|上記|次|これら|必要な?|その(?!理由|原因)|この|該当)|^(?:追加の?|関連(?:する)?|ご?要求の?|その他の?|お客様の|有効な|適切な|新しい|業務)?(?:情報|書類|資料|(?:改善)?計画書?)$|(?:申し立て|申立て|異議)$"
)


def _asked_in_japanese(sentence: str) -> list[str]:
    """What a Japanese sentence asks for; demands in a list are read elsewhere."""
    if not re.search(r"[\u3040-\u30ff]", sentence):
        return []
    found = _JA_ASK.search(sentence[:600]) or _JA_NEED.search(sentence[:600])
    if not found:
        return []
    thing = re.sub(
        r"^(?:[^、]{0,40}(?:には|ため(?:に)?|場合(?:は)?|あわせて|また|なお|以内に|(?:返信|返送|メール|フォーム)(?:で|にて))、)+",
        "",
        found["thing"].strip(),
    )
    thing = re.sub(r"^[^、]{0,24}(?:以内に|までに)(?!発行|作成|撮影|購入|取得)", "", thing)
    plan = _JA_PLAN.match(thing)
    if plan:  # a single content stays with its plan
        parts = [
            p.strip()
            for p in re.split(r"、(?:および|及び)?|および|及び|ならびに", plan["content"])
            if p.strip()
        ]
        return parts if len(parts) > 1 else [thing]
    marked = re.split(r"(?:、|および|または|及び|又は)?[（(][1-9１-９][)）]|[①-⑨]", thing)
    if len(marked) > 2 and not marked[0].strip("、 "):
        return [part.strip("、 ") for part in marked[1:] if part.strip("、 ")]
    things = [part for part in _JA_FIRST.split(thing) if len(part) > 2 and not _JA_BACK.search(part)]
    return [paper for part in things for paper in _papers(part, _JA_PAPERS)]
