"""Values in Chinese text: dates in every form, numerals, money, percentages, durations, identifiers.

三个, 两百多, 十几, 1.2万, 八成, 半年 and 3月8号 get the canonical forms of `Value`, so that they can be compared with
English ones. Sources of the vague forms: 十几 is 11 to 19, 两百多 is over 200, 近/不到 is under.
"""

from __future__ import annotations

import re
from functools import lru_cache

from poa.values.base import Value

__all__ = ["find_chinese_values", "parse_chinese_number"]

_ONES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "仟": 1000, "佰": 100, "拾": 10}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

_HAN = "零〇一二两兩三四五六七八九十百千"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN_NUMBER = rf"[{_HAN}]+(?:[万萬亿億][{_HAN}]*)*"
# 1万2, 2千3: the last digit stands for the next smaller unit, as in 一万二.
_MIXED = r"\d{1,3}[万萬千][1-9](?:[千百](?:[1-9]百)?)?(?![\d.]|[^，。；、]{0,2}(?:月|号))"
_NUMBER = rf"(?:{_MIXED}|(?:{_ARABIC})[百千万萬亿億]*|{_HAN_NUMBER})"
_MEASURE = (
    "个|個|件|条|張|张|位|名|家|套|副|双|瓶|箱|组|封|款|起|批|单|台|只|支|次|遍|份|本|块|片|包|袋|盒|枚|笔|项|间|部|"
    "行|页|幅|段|篇|场|句|种|类|颗|把|辆|户|人|星|倍|宗|例|通|轮|层|岁|行|月|天|日|周|年|小时|分钟|秒|点|米|厘米|公斤|克"
)
_UNIT = {
    "分钟": "minute", "小时": "hour", "个小时": "hour", "钟头": "hour", "个钟头": "hour", "天": "day", "个工作日": "day",
    "工作日": "day", "日": "day", "周": "week", "个星期": "week", "星期": "week", "个礼拜": "week", "礼拜": "week", "个月": "month",
    "季度": "quarter", "个季度": "quarter", "年": "year", "整年": "year", "多年": "year",
}  # fmt: skip
_MONTHS_IN = {"quarter": 3, "year": 12}
_CURRENCY = {
    "美元": "USD", "美金": "USD", "刀": "USD", "美刀": "USD", "元人民币": "CNY", "块人民币": "CNY", "块钱": "CNY", "元": "CNY",
    "块": "CNY", "人民币": "CNY", "加元": "CAD", "加币": "CAD", "欧元": "EUR", "欧": "EUR", "英镑": "GBP", "镑": "GBP",
    "日元": "JPY", "日币": "JPY", "港币": "HKD", "港元": "HKD", "澳元": "AUD", "澳币": "AUD", "USD": "USD", "RMB": "CNY",
    "CNY": "CNY", "EUR": "EUR", "GBP": "GBP", "CAD": "CAD",
    "新台币": "TWD", "台币": "TWD", "NT$": "TWD", "比索": "MXN", "克朗": "SEK", "兹罗提": "PLN", "卢比": "INR",
    "迪拉姆": "AED", "里亚尔": "SAR", "新币": "SGD", "新加坡元": "SGD",
}  # fmt: skip
_SIGN = {
    "US$": "USD", "USD": "USD", "$": "$", "＄": "$", "¥": "CNY", "￥": "CNY", "人民币": "CNY", "RMB": "CNY", "CNY": "CNY",
    "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "C$": "CAD", "CAD": "CAD", "美元": "USD", "HK$": "HKD",
    "NT$": "TWD", "新台币": "TWD", "台币": "TWD",
}  # fmt: skip
_PARTS = {
    "初": "early", "上旬": "early", "月初": "early", "中": "mid", "中旬": "mid", "底": "late", "末": "late", "下旬": "late",
    "上半月": "early", "下半月": "late", "头上": "early", "头几天": "early", "尾": "late", "中下旬": "mid-late", "上中旬": "early-mid", "初期": "early", "年初": "early", "年底": "late", "年末": "late", "年中": "mid",
}  # fmt: skip
_YEARS = {
    "去年": "last-year",
    "今年": "this-year",
    "前年": "two-years-ago",
    "明年": "next-year",
    "本年": "this-year",
}
_RELATIVE_MONTHS = {
    "上个月": "last-month", "上月": "last-month", "这个月": "this-month", "本月": "this-month", "当月": "that-month",
    "下个月": "next-month", "下月": "next-month",
}  # fmt: skip
_RELATIVE_DAYS = {
    "昨天": "yesterday", "今天": "today", "前天": "day-before-yesterday", "明天": "tomorrow", "当天": "same-day",
    "当日": "same-day", "上周": "last-week", "上星期": "last-week", "这周": "this-week", "本周": "this-week",
    "下周": "next-week", "下星期": "next-week", "上礼拜": "last-week", "这礼拜": "this-week", "本礼拜": "this-week",
    "下礼拜": "next-week", "上个星期": "last-week", "上个礼拜": "last-week", "这个星期": "this-week", "这个礼拜": "this-week",
    "下个星期": "next-week", "下个礼拜": "next-week",
}  # fmt: skip
_EVENTS = {"双十一": "--11-11", "双11": "--11-11", "双十二": "--12-12", "双12": "--12-12"}

# Words that begin like a numeral and are none.
_NO_NUMBER = re.compile(
    "一样|一致|一起|一直|一些|一下|一旦|一律|一般|一定|一切|一并|一共|一边|一面|一向|一再|一概|一方面|一一|一体|一流|一手|"
    "一举|一度|一经|一味|统一|唯一|单一|之一|万一|十分|千万|百货|百姓|百度|第三方|三包|三方|四川|五金|九江|八卦|七夕|二手|"
    "二审|二维码|二次元|一件代发|两者|两边|一站式|三无|三八|双十一|双十二|双11|双12|3C|5G|4G|3D|2D|1688|B2B|C2C|A4|"
    "半成品|半自动|一点|百思买|百分百|三星手机|同一|逐一|不一样|不一|一线|一心|万能|千牛|成千上万|五花八门|乱七八糟|一时|一五一十|"
    "这么一来|这样一来|一来二去|一来(?=[，,])|二来(?=[，,])|一块儿|一块(?=[去来做发查商办])|一口气|一个劲|一会儿?|三番五次|百般|半点|一股脑|一码事|"
    "一回事|两码事|两回事|一窝蜂|七七八八|千方百计|三言两语|二话不说|一五一十|一早|一大早|一番|一分钱|一毛钱|半毛钱|一分一毫|"
    "五一(?=节|假|期间|前|后|放假|黄金周|长假|劳动节)|十一(?=假|长假|黄金周|国庆|期间|放假)|六一(?=节|儿童)|618(?=大促|活动|期间|那|前|后|年中)|"
    "(?:头|第|最后|首|每月)[一二]?个(?:礼拜|星期|周)[一二三四五六日天]|一对一|一站|一票否决|三级|四级|一级|二级|一代|二代|"
    "[一二三四]季度|十几二十(?=[个条张单件人家])|大半年|小半年|大半(?!夜)|一个多(?:月|星期|礼拜|小时)|"
    "上上个?(?:周|星期|礼拜)[一二三四五六日天]?|下下个?(?:周|星期|礼拜)[一二三四五六日天]?|上上个?月|大前[天年]|"
    "二百五|半路|半天没|五点(?=描述|文案|卖点|介绍|里|中)|(?<=标题)五点|(?<=标题[和、与及])五点"
)

_YEAR = r"(?:19|20)\d\d|(?<!\d)2\d(?=\s*年\s*\d{1,2}\s*月)|[一二]?[零〇一二三四五六七八九]{4}"
_MONTH_N = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY_N = (
    r"3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]"
)
_PART = "中下旬|上中旬|上旬|中旬|下旬|上半月|下半月|头上|头几天|尾(?!号|款|程)|初|中(?!秋|国|文|心|间|介|获|断|止|转|午|差)|底|末"

_ASCII = r"A-Za-z0-9_"
_VALUE = re.compile(
    rf"""
    (?!\s)(?:
    (?P<email>[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)
  | (?P<url>(?:https?://|www\.)[A-Za-z0-9./?=&%#_~:+-]+)
  | (?P<order_id>(?<![{_ASCII}-])\d{{3}}-\d{{7}}-\d{{7}}(?![{_ASCII}-]))
  | (?P<iso>(?<![{_ASCII}/.-])(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d{{1,2}})[-/.](?P<id>\d{{1,2}})(?![{_ASCII}/-]))
  | (?P<code>(?<![{_ASCII}-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9](?:[A-Z0-9-]{{4,22}})[A-Z0-9](?![{_ASCII}-]))
  | (?P<date>
      (?:(?P<ry>去年|今年|前年|明年|本年)\s*|(?P<y>{_YEAR})\s*年\s*)
        (?:(?P<yevent>双十一|双11|双十二|双12)|(?P<m1>{_MONTH_N})\s*月份?(?:\s*(?P<d1>{_DAY_N})\s*[日号號](?!楼)|(?P<p1>{_PART}))?|(?P<yp>年?[初底末中](?!国|文|秋|旬|期|间))?)
      |(?<![\d.])(?P<m2>{_MONTH_N})\s*月份?(?:\s*(?P<d2>{_DAY_N})(?:\s*[日号號](?!楼)|(?=\s*(?:到|至|-|—|~|和|、)\s*(?:{_DAY_N})\s*[日号號]))|(?P<p2>{_PART}))?
      |(?P<rm>上个月|上月|这个月|本月|当月|下个月|下月)(?:\s*(?P<d3>{_DAY_N})\s*[日号號]|(?P<p3>{_PART}))?
      |(?P<rd>昨天|今天|前天|明天|当天|当日|(?:上|下|这|本)个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])?)
      |(?P<only_day>(?<![\d.第])(?:{_DAY_N})[号號](?!码|楼|线|店|机|链接|商品)|(?<=[到至和、~～-])(?:{_DAY_N})日(?!本))
      |(?P<next_day>第二天|次日|翌日|隔天)
      |(?P<event>双十一|双11|双十二|双12)
    )
  | (?P<skip>{_NO_NUMBER.pattern})
  | (?P<time>(?:(?P<ampm>凌晨|早上|上午|中午|下午|晚上|傍晚)\s*)?(?P<h>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:点(?:钟)?(?P<half>半)?(?:(?P<min>[0-5]?\d)(?:分|(?![\d.个%星])))?|[:：](?P<mm>[0-5]\d))(?![\d个])
    )
  | (?P<case_id>(?<![{_ASCII}.,-])\d{{8,}}(?![{_ASCII}-]|[.,]\d))
  | (?P<percent>(?P<pq>约占|大约占|大概占|大概|大约|约|近|将近|不超过|不高于|不低于|超过|不到|低于|高于|至少|至多|最多|最少)?\s*(?:(?P<pn>{_ARABIC})\s*[%％]|百分之(?P<ph>{_HAN_NUMBER}点[零〇一二三四五六七八九]+|{_NUMBER}|百)|(?P<cheng>[一二两三四五六七八九]|\d)成(?P<chalf>半)?(?!立|功|本|为|员|果|了))(?P<ps>以上|以下|以内|左右|多)?)
  | (?P<ordinal>第\s*(?P<on>{_HAN_NUMBER}|\d+)(?P<ofew>几|多)?)
  | (?P<weekly>每(?:个|逢)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!次))
  | (?P<frequency>每(?:隔)?(?P<fn>{_NUMBER}|半|几)?(?:个)?(?P<fu>小时|天|日|周|星期|礼拜|月|季度|季|年)(?![初底末]))
  | (?P<coins>(?:(?P<cq>大概|大约|约|差不多|将近|接近|近|不到|超过|总共|一共|共)?\s*(?P<cn>{_NUMBER})(?:块(?P<cmao>[一二三四五六七八九\d])(?:[毛角](?:(?P<cfen>[一二三四五六七八九\d])分?)?|(?![{_HAN}\d个件条张位名套副次]))|元(?P<cjiao>[一二三四五六七八九\d])角(?:(?P<cfen2>[一二三四五六七八九\d])分?)?)
      |(?P<cjiao2>[一二两三四五六七八九\d])[毛角](?P<cfen3>[一二三四五六七八九\d])?(?=钱|一|每|美|人民|$|[，。；、）]))
      \s*(?P<cunit>美金|美元|美刀|刀|人民币|钱|加元|加币|欧元|英镑)?)
  | (?P<amount>
      (?P<q>不少于|不低于|不多于|不高于|(?:大概|大约|约莫|差不多|约|估计|预计)(?:需要|要|有|是|得|用了?|花了?|等了?|卖了?|占|为|一共|共|在)?|近|将近|接近|快(?=[\d一二两三四五六七八九十百千])|小(?=[一二两三四五六七八九][百千万])|超过|多于|高达|不到|不足|少于|低于|高于|至少|最少|最多|至多|不超过|总共)?(?!\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月)\s*
      (?P<sign>US\$|HK\$|C\$|USD|RMB|CNY|EUR|GBP|CAD|人民币|美元|新?台币|NT\$|[$＄¥￥€£])?\s*
      (?:
        (?P<few>(?:好几|[几数](?=[个十百千万名位条件单次家天])|若干)(?P<fewbig>[十百千万]*)|[上过](?P<up>[百千万])(?=[{_MEASURE.replace("|", "")}])|[百千万]把(?=[块条个张人单件])|十几|[二三四五六七八九]十几|(?P<hundreds_few>[一二三四五六七八九]百几十))
        |(?P<pairup>[{_HAN}\d]*?(?:一二|一两(?=[百千万])|两三|二三|三四|三五|四五|五六|六七|七八|八九)(?P<pairbig>[十百千万]*))(?=多?(?:{_MEASURE}|美|元|块))
        |(?P<half_more>{_NUMBER})个(?P<half_kind>[半多])(?P<half_unit>月|小时|钟头|星期|礼拜)
        |(?P<half_n>半(?=个?(?:小时|天|月|年|毫米|厘米|公斤|公里|米|斤|克|折)|数|价))
        |(?P<low>{_NUMBER})(?P<lowunit>天|个月|小时|个|件|元|块|美元)?\s*(?:到|至|[-–—~～])\s*(?P<high>{_NUMBER})(?!\s*月)
        |(?P<n>{_NUMBER})
      )
      (?P<many>多|余|来|几)?(?P<big>[万萬亿億])?
      \s*(?P<unit>美元|美金|美刀|刀(?!具|片)|元人民币|块人民币|块钱|人民币|加元|加币|欧元|英镑|镑|日元|日币|港币|港元|澳元|澳币|新?台币|比索|克朗|兹罗提|卢比|迪拉姆|里亚尔|新币|新加坡元|欧(?![洲盟式美])|USD|RMB|CNY|EUR|GBP|CAD|元|块(?![电主硬地木板肥香手滑积玻屏表布石砖面毛])|个?小时|分钟|个?工作日|个?星期|个?礼拜|个月|个?季度|天(?!猫)|日(?!本|元|常|志)|周(?!边|年)|整?年)?
      (?P<yearhalf>半(?=$|[，。；、,;.]))?
      (?P<s>左右|上下|以上|以下|以内|之内|不等|多)?
    ))
    """,
    re.VERBOSE,
)


def parse_chinese_number(text: str) -> float | None:
    """The number that a Chinese or Arabic numeral spells (1.2万 → 12000, 一千二百 → 1200); None when it spells none."""
    text = text.strip().replace(",", "")
    whole, point, tail = text.partition("点")
    if point and whole and tail and all(c in _ONES for c in tail):
        return float(f"{_plain(parse_chinese_number(whole) or 0)}.{''.join(str(_ONES[c]) for c in tail)}")
    mixed = re.fullmatch(r"(\d{1,3})([万萬千])([1-9])([千百])?(?:([1-9])百)?", text)
    if mixed:
        big = _BIG.get(mixed[2]) or _TENS[mixed[2]]
        small = _TENS[mixed[4]] if mixed[4] else big // 10
        return float(int(mixed[1]) * big + int(mixed[3]) * small + int(mixed[5] or 0) * 100)
    arabic = re.match(r"\d+(?:\.\d+)?", text)
    value = float(arabic[0]) if arabic else 0.0
    rest = text[arabic.end() :] if arabic else text
    if arabic:
        for unit in rest:
            factor = _TENS.get(unit) or _BIG.get(unit)
            if factor is None:
                return None
            value *= factor
        return value
    if not rest:
        return None
    if all(c in _ONES for c in rest) and len(rest) > 1:
        return float("".join(str(_ONES[c]) for c in rest))
    total, group, digit, last = 0.0, 0.0, None, 1
    for c in rest:
        if c in _ONES:
            digit = _ONES[c]
        elif c in _TENS:
            group += (1 if digit is None else digit) * _TENS[c]
            last, digit = _TENS[c], None
        elif c in _BIG:
            total = (total + group + (digit or 0)) * _BIG[c]
            last, group, digit = _BIG[c], 0.0, None
        else:
            return None
    if digit is not None:
        # 一百二 is 120 and 两万五 25,000: a last digit without its unit stands for the next smaller one.
        bare = last >= 100 and "零" not in rest[-2:] and "〇" not in rest[-2:] and len(rest) > 1
        group += digit * (last / 10 if bare else 1)
    return total + group


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.6f}".rstrip("0")


@lru_cache(maxsize=16384)
def find_chinese_values(text: str) -> tuple[Value, ...]:
    """All values of a Chinese text in order, none overlapping.

    Kinds as in `find_values` for English, and besides: `time` (`17:00`), `ordinal` (第三 → `3`), `phone`. Dates told
    from the day of writing keep that: `last-year-11`, `this-year-02`, `last-month`, `same-day`, `last-week-3`; a
    part of a month or year stands behind a slash: `--04/early`. Ranges: `3..5 day`, `150..160`. 每周一 is the
    frequency `weekday-1`.
    """
    found: list[Value] = []
    month: str | None = None
    for match in _VALUE.finditer(text):
        groups = match.groupdict()
        if groups["skip"]:
            continue
        for value in _read(match, groups, month):
            found.append(value)
            if value.kind == "date":
                named = re.match(r"((?:\d{4}|-|last-year|this-year|next-year)-\d{2})", value.canonical)
                month = named[1] if named else month
    return tuple(found)


def _read(match: re.Match[str], groups: dict[str, str | None], month: str | None) -> list[Value]:
    written, start, end = match[0], match.start(), match.end()

    def one(kind: str, canonical: str) -> list[Value]:
        lead = len(written) - len(written.lstrip())
        return [
            Value(
                kind, written.strip(), start + lead, end - (len(written) - len(written.rstrip())), canonical
            )
        ]

    if groups["email"]:
        return one("email", written.lower())
    if groups["url"]:
        return one("url", re.sub(r"^(?:https?://)?(?:www\.)?", "", written.lower()).rstrip("/."))
    if groups["order_id"]:
        return one("order_id", written)
    if groups["case_id"]:
        return one("phone" if re.fullmatch(r"1\d{10}", written) else "case_id", written)
    if groups["code"]:
        kind = "asin" if re.fullmatch(r"B0[A-Z0-9]{8}", written) else "code"
        return one("review_id" if re.fullmatch(r"R[A-Z0-9]{11,14}", written) else kind, written)
    if groups["iso"]:
        return one("date", f"{groups['iy']}-{int(groups['im'] or 0):02d}-{int(groups['id'] or 0):02d}")
    if groups["date"]:
        canonical = _date(groups, month)
        return one("date", canonical) if canonical else []
    if groups["time"]:
        return one("time", _time(groups)) if groups["h"] else []
    if groups["coins"]:
        return one("money", _coins(groups))
    if groups["percent"]:
        return one("percent", _percent(groups))
    if groups["ordinal"]:
        number = parse_chinese_number(groups["on"] or "")
        if number is not None and groups["ofew"]:
            return one("ordinal", f"{_plain(number)}..{_plain(number + 9)}")
        return one("ordinal", _plain(number)) if number is not None else []
    if groups["weekly"]:
        weekday = "一二三四五六日".find((groups["weekday"] or "").replace("天", "日")) + 1
        return one("frequency", f"weekday-{weekday}")
    if groups["frequency"]:
        return one("frequency", _frequency(groups))
    return _amount(match, groups)


def _date(groups: dict[str, str | None], month: str | None) -> str | None:
    if groups["event"]:
        return _EVENTS[groups["event"]]
    if groups["rd"]:
        base = next(name for word, name in _RELATIVE_DAYS.items() if groups["rd"].startswith(word))
        weekday = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}.get(
            groups["wd"] or ""
        )
        return f"{base}-{weekday}" if weekday else base
    if groups["next_day"]:
        return "next-day"
    if groups["only_day"]:
        day = parse_chinese_number(groups["only_day"][:-1])
        return f"{month or '-'}-{int(day or 0):02d}" if month else None
    if groups["rm"]:
        name = _RELATIVE_MONTHS[groups["rm"]]
        day = parse_chinese_number(groups["d3"] or "")
        part = _PARTS.get(groups["p3"] or "")
        return f"{name}-{int(day):02d}" if day else f"{name}/{part}" if part else name
    year: str | None = _YEARS.get(groups["ry"] or "") if groups["ry"] else None
    # 去年双十一 and 2023年双11: the day of the event in that year.
    if groups["y"]:
        year = (
            groups["y"].rjust(4, "0")
            if groups["y"].isdigit()
            else "".join(str(_ONES[c]) for c in groups["y"])
        )
        year = f"20{year[2:]}" if year.startswith("00") else year  # 24年3月
    if groups["yevent"]:
        return f"{year}{_EVENTS[groups['yevent']][1:]}"
    written_month = groups["m1"] or groups["m2"]
    if not written_month:
        part = {"初": "early", "中": "mid", "底": "late", "末": "late"}.get((groups["yp"] or "")[-1:])
        return f"{year}/{part}" if part else year
    number = int(parse_chinese_number(written_month) or 0)
    day_text = groups["d1"] or groups["d2"]
    part = _PARTS.get(groups["p1"] or groups["p2"] or "")
    head = f"{year or '-'}-{number:02d}"
    if day_text:
        return f"{head}-{int(parse_chinese_number(day_text) or 0):02d}"
    return f"{head}/{part}" if part else head


def _coins(groups: dict[str, str | None]) -> str:
    """八百一十一块七毛一美金 as `USD 811.71`: the coins are told one by one."""
    number = parse_chinese_number(groups["cn"] or "") or 0
    tenths = parse_chinese_number(groups["cmao"] or groups["cjiao"] or groups["cjiao2"] or "") or 0
    hundredths = parse_chinese_number(groups["cfen"] or groups["cfen2"] or groups["cfen3"] or "") or 0
    unit = groups["cunit"] or ""
    mark = "" if groups["cq"] in ("总共", "一共", "共") else _QUALIFIERS.get(groups["cq"] or "", "")
    return f"{mark}{_CURRENCY.get(unit, 'CNY')} {_plain(round(number + tenths / 10 + hundredths / 100, 2))}"


def _time(groups: dict[str, str | None]) -> str:
    hour = int(parse_chinese_number(groups["h"] or "0") or 0)
    if groups["ampm"] in ("下午", "晚上", "傍晚") and hour < 12:
        hour += 12
    minute = 30 if groups["half"] else int(groups["min"] or groups["mm"] or 0)
    return f"{hour:02d}:{minute:02d}"


_QUALIFIERS = {
    "约占": "~", "大约占": "~", "大概占": "~", "不少于": ">=", "不低于": ">=", "不多于": "<=", "不高于": "<=", "大概有": "~", "大约有": "~", "约有": "~", "差不多有": "~", "大概": "~", "大约": "~", "约": "~", "约莫": "~", "差不多": "~", "近": "<~", "将近": "<~", "接近": "<~", "超过": ">",
    "多于": ">", "高于": ">", "不到": "<", "不足": "<", "少于": "<", "低于": "<", "至少": ">=", "最少": ">=", "最多": "<=",
    "至多": "<=", "不超过": "<=", "上": ">=", "左右": "~", "上下": "~", "不等": "", "以上": ">=", "以下": "<=", "以内": "<=",
    "之内": "<=", "多": ">", "余": ">", "来": "~", "几": ">",
}  # fmt: skip


def _percent(groups: dict[str, str | None]) -> str:
    if groups["cheng"]:
        number = (parse_chinese_number(groups["cheng"]) or 0) * 10 + (5 if groups["chalf"] else 0)
    else:
        written = groups["pn"] or groups["ph"] or ""
        number = 100 if written == "百" else parse_chinese_number(written) or 0
    mark = _QUALIFIERS.get(groups["ps"] or "") or _QUALIFIERS.get(groups["pq"] or "", "")
    return f"{mark}{_plain(number)}%"


def _frequency(groups: dict[str, str | None]) -> str:
    unit = {
        "小时": "hour",
        "天": "day",
        "日": "day",
        "周": "week",
        "星期": "week",
        "礼拜": "week",
        "月": "month",
    }.get(groups["fu"] or "")
    written = groups["fn"] or ""
    number = 0.5 if written == "半" else parse_chinese_number(written) if written and written != "几" else 1.0
    if unit:
        return f"{_plain(number or 1)} {unit}"
    months = 3 if groups["fu"] in ("季度", "季") else 12
    return f"{_plain((number or 1) * months)} month"


def _bounds(groups: dict[str, str | None]) -> tuple[float, float] | None:
    if groups["few"]:
        return _few(groups)
    if groups["pairup"]:
        return _pair(groups["pairup"], groups["pairbig"] or "")
    if groups["half_n"]:
        return 0.5, 0.5
    if groups["low"]:
        low, high = parse_chinese_number(groups["low"]), parse_chinese_number(groups["high"] or "")
        return (low, high) if low is not None and high is not None else None
    number = parse_chinese_number(groups["n"] or "")
    return None if number is None else (number, number)


def _few(groups: dict[str, str | None]) -> tuple[float, float] | None:
    few = groups["few"] or ""
    if groups["up"]:
        unit = _TENS.get(groups["up"]) or _BIG[groups["up"]]
        return float(unit), float("inf")
    if few.endswith("十几"):
        tens = 10 * (_ONES.get(few[0], 1) if few[0] != "十" else 1)
        return tens + 1.0, tens + 9.0
    if groups["hundreds_few"]:
        hundreds = 100.0 * _ONES[few[0]]
        return hundreds + 20, hundreds + 99
    if few.endswith("把"):
        unit = _TENS.get(few[0]) or _BIG[few[0]]
        return float(unit), float(unit)
    unit = 1
    for c in groups["fewbig"] or "":
        unit *= _TENS.get(c) or _BIG[c]
    return (2.0 * unit, 10.0 * unit - 1) if unit > 1 else (2.0, 9.0)


def _pair(written: str, big: str) -> tuple[float, float] | None:
    core = written[: len(written) - len(big)] if big else written
    low = parse_chinese_number(core[:-2] + core[-2] + big)
    high = parse_chinese_number(core[:-2] + core[-1] + big)
    return (low, high) if low is not None and high is not None else None


def _amount(match: re.Match[str], groups: dict[str, str | None]) -> list[Value]:
    text, start, end = match.string, match.start(), match.end()
    if groups["half_more"]:
        return _half_more(match, groups)
    bounds = _bounds(groups)
    if bounds is None:
        return []
    low, high = bounds
    unit, sign = groups["unit"] or "", groups["sign"] or ""
    # A bare Han digit counts only with something to count behind it: 三个, not the 三 of a name.
    if groups["n"] and not groups["n"][0].isdigit() and not unit and not sign:
        behind = text[match.end("n") : match.end("n") + 3]
        if (
            len(groups["n"]) == 1
            and not (groups["many"] or groups["big"])
            and not re.match(
                rf"{_MEASURE}|趟|拨|根|栋|罐|粒|顿|回(?![复来去头答报访收应])|号人|毛|大(?=[类块])", behind
            )
        ):
            return []
    if (
        groups["n"]
        and groups["n"][0].isdigit()
        and re.match(r"[A-Za-z_-]", text[match.end("n") : match.end("n") + 1])
        and not unit
    ):
        return []
    before = text[start - 1] if start else ""
    if (
        groups["n"]
        and groups["n"][0].isdigit()
        and re.match(r"[A-Za-z_-]", before)
        and match.start("n") == start
    ):
        return []
    if groups["big"]:
        low, high = low * _BIG[groups["big"]], high * _BIG[groups["big"]]
    mark = _mark(groups, unit)
    if groups["many"] and low == high and low >= 10 and groups["many"] in "多余几":
        # 大概三百多 is both: somewhat over 300, as far as anybody knows.
        mark = ">~" if mark == "~" else ">"
    if groups["many"] == "来" and not mark:
        mark = "~"
    figure = (
        _plain(low) if low == high else f"{_plain(low)}.." + ("" if high == float("inf") else _plain(high))
    )
    if high == float("inf"):
        mark, figure = ">=", _plain(low)
    lead = len(match[0]) - len(match[0].lstrip())
    written = match[0].strip()
    end = start + lead + len(written)
    if unit == "块" and low < 10 and text[max(0, start - 1) : start] in tuple("有分这那第成"):
        # 事情有两块: parts, not yuan.
        return [Value("number", written, start + lead, end, f"{mark}{figure}")]
    currency = _SIGN.get(sign) or _CURRENCY.get(unit)
    if currency:
        currency = _CURRENCY.get(unit) if sign in ("$", "＄") and unit in _CURRENCY else currency
        return [Value("money", written, start + lead, end, f"{mark}{currency} {figure}")]
    if unit:
        name = _UNIT.get(unit) or _UNIT.get(unit.removeprefix("个")) or "day"
        if groups["yearhalf"]:
            low = high = low + 0.5
            figure = _plain(low)
        factor = _MONTHS_IN.get(name)
        if factor:
            figure = "..".join(_plain(n * factor) for n in ([low] if low == high else [low, high]))
            name = "month"
        return [Value("duration", written, start + lead, end, f"{mark}{figure} {name}")]
    return [Value("number", written, start + lead, end, f"{mark}{figure}")]


def _half_more(match: re.Match[str], groups: dict[str, str | None]) -> list[Value]:
    """两个半小时 and 三个多月."""
    whole = parse_chinese_number(groups["half_more"] or "")
    if whole is None:
        return []
    mark, number = (">", whole) if groups["half_kind"] == "多" else ("", whole + 0.5)
    unit = {"月": "month", "小时": "hour", "钟头": "hour"}.get(groups["half_unit"] or "", "week")
    written = match[0].strip()
    start = match.end() - len(match[0].lstrip())
    return [Value("duration", written, start, start + len(written), f"{mark}{_plain(number)} {unit}")]


def _ahead(written: str) -> str:
    """The mark of what stands before a number; 大概要, 约卖了 are about as much as 大概 alone."""
    if written in ("快", "小"):
        return "<~"
    return _QUALIFIERS.get(written, "~" if written.startswith(("大", "约", "差", "估", "预")) else "")


def _mark(groups: dict[str, str | None], unit: str) -> str:
    behind = _QUALIFIERS.get(groups["s"] or "", "")
    ahead = _ahead(groups["q"] or "")
    if (groups["q"] in ("近", "总共", "上") and unit in _UNIT) or groups["q"] == "总共":
        # 近30天 is "the last 30 days", not "nearly 30 days".
        ahead = ""
    if groups["pairup"]:
        ahead = ahead or "~"
    return ahead or behind
