"""The check of a rewriting: what differs is found, what is only worded otherwise is not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from poa.rewrite import check_rewrite

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "fixtures" / "zh"
SHARED = ROOT.parent / "shared"

ZH = (
    "3月8日我们发现三个客服用站内信联系了十几个留差评的买家,说改成好评就退全款。"
    "我们没有找过第三方,也没有用PayPal退款。采购小吴已经停职。今后所有消息都由主管审核后再发。"
)
EN = (
    "On March 8, we found that three customer service agents had used Buyer-Seller Messaging to contact more than ten "
    "buyers who had left negative reviews, and had told them that they would receive a full refund if they changed "
    "the review to a positive one. We have not used any third party, nor have we issued refunds through PayPal. Our "
    "purchaser, Xiao Wu, has been suspended from duty. In the future, all messages will be reviewed by a supervisor "
    "before they are sent."
)


def codes(old: str, new: str) -> set[str]:
    assert EN.count(old) == 1
    return {finding.code for finding in check_rewrite(ZH, EN.replace(old, new)).findings}


def test_a_faithful_rewriting_has_no_finding() -> None:
    assert check_rewrite(ZH, EN).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("On March 8", "On March 18", "altered_value"),
        ("three customer", "five customer", "altered_value"),
        ("more than ten buyers", "ten buyers", "altered_value"),
        ("Xiao Wu", "Xiao Hu", "dropped_name"),
        (" through PayPal", " through Payoneer", "dropped_name"),
        ("We have not used any third party, nor have we", "We have used a third party but have not", "lost_negation"),
        (" We have not used any third party, nor have we issued refunds through PayPal.", "", "lost_negation"),
        ("has been suspended", "will be suspended", "changed_tense"),
        ("all messages will be reviewed", "most messages will be reviewed", "changed_scope"),
        ("through PayPal", "通过 PayPal", "leftover_chinese"),
        ("we found that three", "it appears that three", "weakened"),
        ("Our purchaser, Xiao Wu,", "A customer, Xiao Wu,", "changed_role"),
        ("they are sent.", "they are sent. We also apologized to every buyer by phone and gave them gift cards.", "added_content"),
        (
            ", and had told them that they would receive a full refund if they changed the review to a positive one",
            "",
            "dropped_content",
        ),
    ],
)  # fmt: skip
def test_a_changed_rewriting_is_reported(old: str, new: str, code: str) -> None:
    assert code in codes(old, new)


def test_a_finding_points_into_both_texts() -> None:
    english = EN.replace("three customer", "five customer")
    finding = next(f for f in check_rewrite(ZH, english).findings if f.code == "altered_value")
    assert finding.start is not None
    assert finding.zh_start is not None
    assert english[finding.start : finding.end] == "five"
    assert ZH[finding.zh_start : finding.zh_end] == "三"
    assert "“三”" in finding.message
    assert "“five”" in finding.message_zh


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("On March 8,", "On 8 March"),
        ("more than ten buyers", "over 10 buyers"),
        ("has been suspended from duty", "was suspended from duty"),
        ("Xiao Wu,", "Xiao Wu (小吴),"),
    ],
)
def test_the_same_said_otherwise_passes(old: str, new: str) -> None:
    assert codes(old, new) == set()


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("卡片印了500张,大概用掉三分之一。", "We had 500 cards printed, and roughly a third of them were used."),
        ("12月5日起,每月1号由我抽查。", "From December 5, I carry out a spot check on the first day of every month."),
        ("截至昨天已经退了1,203单。", "As of yesterday, 1,203 orders had been refunded."),
        ("运营在1688上看到别人卖得好。", "Our operations staff saw on 1688 that it was selling well for others."),
        ("卡片写着“好评送10美元礼品卡”。", "The cards read \"10-dollar gift card for a positive review\"."),
        ("我们找了二十几个人。", "We found more than twenty people."),
        ("我们找了二十几个人。", "We recruited twenty-odd people."),
        ("备货时间从1天调到3天。", "We extended the handling time from one day to three."),
        ("客服阿强不会用打单软件。", "A Qiang of customer service did not know how to use the label printing software."),
        ("小孩差点吞下硅胶圈。", "A child almost swallowed the silicone ring."),
        ("检测报告出来之前我们不会恢复销售。", "We will keep the product off sale until the test report is out."),
        ("贵团队好,我们承认错误。", "We admit our mistake."),
        ("小郑承认了错误。", "Xiao Zheng owned up to the mistake."),
        ("以后没有审核过的图片一律不准用。", "From now on no image may be used unless it has been reviewed."),
        ("为了不让订单取消,我们下了14单。", "In order to keep orders from being cancelled, we placed 14 orders."),
        ("从8月起每个月派人去仓库看一次。", "Starting in August, we will send someone to see the warehouse once a month."),
        ("我们是宁波的贸易公司。", "We are a Ningbo-based trading company."),
        ("投诉方说我们用了他们的商标。", "The complainant alleged that we had used their trademark."),
        ("调查结果如下。我们承认错误。", "Here is what our inquiry brought to light. We admit our mistake."),
        ("客服要求三个买家删除差评。", "Our customer service agent requested that three buyers remove their negative reviews."),
        ("退货未经检验就计为可售库存。", "Returns were booked as sellable stock before anyone inspected them."),
        ("产品在别处已经卖光了。", "The product had already sold out elsewhere."),
        ("链接因为信息不准确被删。", "The listing was removed because of inaccurate information."),
        ("2025年10月这一个月取消了52单。", "In the month of October 2025 we cancelled 52 orders."),
        ("我们退了款。", "To whom it may concern: we refunded the money."),
        ("客服跟买家说,把差评改了才退款。", "Our customer service agent told the buyer that a refund would be given only after the negative review had been changed."),
        ("他同意出一份书面证明。", "He agreed to provide a written statement."),
    ],
)  # fmt: skip
def test_an_honest_sentence_of_a_freer_hand_passes(zh: str, en: str) -> None:
    assert check_rewrite(zh, en).findings == ()


@pytest.mark.parametrize(
    ("zh", "en", "code"),
    [
        ("卡片印了500张,用掉三分之一。", "We had 500 cards printed, and two thirds of them were used.", "altered_value"),
        ("每月1号由主管抽查订单。", "Our supervisor spot-checks orders on the 15th of each month.", "altered_value"),
        ("我们找了二十几个人下单。", "We found thirty people to place orders.", "altered_value"),
        ("备货时间从1天调到3天。", "We extended the handling time from one day to five.", "altered_value"),
        ("他写了三条评论。这三条评论由两个人删除。", "He wrote two reviews. These three reviews were deleted by two people.", "altered_value"),
        ("我们承认错误,这是我们的责任。", "We have looked into the matter.", "dropped_admission"),
        ("我们退了买家的货款。", "We did not refund the buyer's payment.", "new_negation"),
    ],
)  # fmt: skip
def test_a_fault_of_a_freer_hand_is_reported(zh: str, en: str, code: str) -> None:
    assert code in {finding.code for finding in check_rewrite(zh, en).findings}


@pytest.mark.parametrize(
    ("zh", "asked"),
    [
        ("上个月联系了三个买家删差评。", True),
        ("把发票日期改了以后上传。", True),
        ("我们上个月联系了三个买家删差评。", False),
        ("客服联系了三个买家删差评。", False),
        ("我们发现了问题。联系了三个买家删差评。", False),
        ("货物已经送到。", False),
    ],
)
def test_a_deed_without_a_subject_is_asked_about_and_is_no_fault(zh: str, asked: bool) -> None:
    hints = [f for f in check_rewrite(zh, "We did it.").findings if f.code == "subject_missing"]
    assert bool(hints) == asked
    assert all(f.severity == "hint" for f in hints)


def test_a_review_changed_is_not_a_review_removed() -> None:
    zh = "客服让买家把一星差评改了才退款。"
    removed = "Our agent asked the buyer to remove the one-star negative review before a refund was given."
    assert "changed_act" in {f.code for f in check_rewrite(zh, removed).findings}
    changed = removed.replace("remove", "change")
    assert check_rewrite(zh, changed).ok
    assert "changed_act" in {
        f.code
        for f in check_rewrite(
            "客服让买家删差评。", "Our agent asked the buyer to revise the negative review."
        ).findings
    }


def test_money_is_never_converted() -> None:
    assert check_rewrite("我们退了45元。", "We refunded RMB 45.").ok
    assert not check_rewrite("我们退了45元。", "We refunded $6.20.").ok
    assert not check_rewrite("我们退了45元。", "We refunded $45.").ok


def test_a_course_told_backwards_is_reported() -> None:
    found = check_rewrite("评级从312掉到了148。", "The rating dropped from 148 to 312.").findings
    assert "swapped_values" in {f.code for f in found}


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    zh = "我們沒有聯繫過買家。"
    assert check_rewrite(zh, "We have not contacted any buyer.").ok
    assert not check_rewrite(zh, "We have contacted the buyers.").ok


def test_a_users_name_is_allowed_in_the_english() -> None:
    zh, en = "采购陈立已经离职。", "Our purchaser, Tan Lip, has left the company."
    assert not check_rewrite(zh, en).ok
    assert check_rewrite(zh, en, names=["Tan Lip"]).ok


def test_two_checks_of_one_pair_agree() -> None:
    assert check_rewrite(ZH, EN[:300]) == check_rewrite(ZH, EN[:300])


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("每15分钟同步一次库存。", "Our stock is synchronized every quarter of an hour."),
        ("片子薄了半毫米。", "The pads were half a millimeter thinner."),
        ("大概三百多台没有标。", "Roughly 300-odd units carried no mark."),
        ("花了差不多2.3万元。", "It cost us close to 23,000 yuan."),
        ("72小时内回复。", "We reply within three days."),
        ("我们去年搬过家。", "We moved last year."),
        ("店主马骏同意了。", "The owner, Ma Jun, agreed."),
        ("查了,是工厂漏印了。", "We looked into it: the factory failed to print it."),
        ("CPC证书没过期。", "Our CPC certificate is still valid."),
        ("CPC证书没过期。", "Our CPC certificate has not expired."),
        ("收到过两个买家的投诉。", "Two buyers had complained."),
        ("我们让工厂补开了发票。", "The factory has reissued the invoice at our request."),
        ("仓库没人。", "The warehouse was unstaffed."),
        ("用了一半多一点。", "A little over half was used."),
        ("50个左右。", "Roughly fifty."),
        ("每周两次盘点。", "We take stock twice a week."),
        ("给八五折。", "At a 15% discount."),
        ("大概要六周。", "It will take about six weeks."),
        ("不超过过去90天均价的1.2倍。", "No more than 1.2 times the average price of the past 90 days."),
        ("10月12号下架了38个链接。", "On October 12, 38 listings were taken down."),
        ("联系人郭先生。", "The contact person is Mr. Guo."),
        ("美国站。", "The U.S. marketplace."),
        ("运营阿杰道歉了。", "Ah Jie from operations has apologized."),
        ("组长吴姐知道这事。", "The team leader, Sister Wu, knew about it."),
        ("发票金额是八千四百块人民币,改过之后写的是八万四。", "The invoice was for 8,400 yuan; as altered it showed 84,000 yuan."),
        ("去年中秋前后认识的。", "We met around the Mid-Autumn Festival last year."),
        ("8月下旬才拆开。", "It was split only in the last part of August."),
        ("大概寄了三百张卡片。", "About 300 cards were mailed."),
        ("11月29号拆开变体,11月30号删了链接。", "The variations were split on 29 November, and the listing was deleted the day after."),
        ("卡片正面写着感谢。", "There is a note of thanks on the front of the card."),
        ("半年前他来过。", "He came about six months ago."),
        ("取消率要求2.5%以内。", "The limit for the Cancellation Rate is 2.5%."),
        ("账号开了三年多。", "The account has been open for three-plus years."),
        ("有六百多条评论。", "There are six-hundred-odd reviews."),
        ("我们花了1.2万元。", "We spent 12 thousand yuan."),
        ("我们最多申诉3次。", "We appeal three times at most."),
        ("我们停了半个月。", "We stopped for two weeks."),
        ("订单实际上没货。", "The orders were in fact out of stock."),
        ("采购时仅取得收据。", "At the time of purchase we obtained only a receipt."),
        ("我们把店铺交给代运营做。", "The agency had taken over the running of our store."),
        ("客服主管阿杰知道。", "Our customer service supervisor, Ah Jie, knew."),
        ("父体下个月停用。", "We will deactivate the parent ASIN next month."),
        ("我们订单缺陷率太高。", "Our Order Defect Rate was too high."),
        ("我老婆管发货,我就叫小郑去找链接。", "My wife manages shipping, and I told Xiao Zheng to look for a link."),
    ],
)  # fmt: skip
def test_another_way_of_saying_the_same_passes(zh: str, en: str) -> None:
    assert [f for f in check_rewrite(zh, en).findings if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("大概三百多台没有标。", "Roughly 3,000-odd units carried no mark."),
        ("72小时内回复。", "We reply within two days."),
        ("我们去年搬过家。", "We moved this year."),
        ("片子薄了半毫米。", "The pads were 5 mm thinner."),
        ("给八五折。", "At a 25% discount."),
        ("每周两次盘点。", "We take stock twice a month."),
        ("50个左右。", "Roughly eighty."),
        ("我们没有找第三方刷过单。", "We have not found any evidence of third-party fake orders."),
        ("每单25块,加起来8000元。", "CNY 8,000 each, CNY 25 in all."),
        ("这是我同意的。", "My predecessor approved this."),
        ("我爸10月份就发现评论不对劲。我堂哥管客服。", "My cousin noticed in October that something was wrong with the reviews. My cousin handles customer service."),
        ("运营小郑管链接。我就叫小郑去找一条老链接。", "Xiao Zheng of operations manages listings. Xiao Zheng told me to look for an old listing."),
        ("订单缺陷率升到2.37%。", "The Order Distribution Rate rose to 2.37%."),
        ("订单缺陷率升到2.37%。", "The Late Shipment Rate rose to 2.37%."),
        ("他们11月18日发邮件告诉过我们。", "We told them about it by email on November 18."),
        ("买家没有回复我们的消息。", "We did not reply to the messages of our buyers."),
        ("图片由店长亲自审核。", "The pictures are reviewed by our graphic designer."),
        ("两家店的收款账户不是同一个。", "The two stores use the same bank account."),
        ("我司并非品牌方。", "We are the brand owner."),
        ("对方还没有回复,也没有撤诉。", "They have replied but have not yet retracted the complaint."),
        ("客服停职两周。", "The customer service agent was suspended for two weeks without pay."),
        ("客服停职两周。", "The customer service agent was suspended for two weeks and has apologized."),
        ("我们没有刷过单,也没有送过礼品卡。", "We have not placed fake orders."),
        ("采购小林没查。今后由主管黄婷确认。", "The purchaser, Xiao Lin, did not check. From now on, Xiao Lin will confirm."),
    ],
)  # fmt: skip
def test_what_only_looks_like_another_way_is_reported(zh: str, en: str) -> None:
    assert not check_rewrite(zh, en).ok


def test_the_open_sets_are_scored_as_well_as_when_they_were_last_measured() -> None:
    """Floors a little under what is reached, so that a change that costs either side shows."""
    recall, alarms = _scored(OWN, every=3)
    assert recall >= 0.73
    assert alarms <= 0.055


@pytest.mark.skipif(not (SHARED / "zh").is_dir(), reason="the labelled set beside the repository is not here")
def test_the_shared_open_set_is_scored_as_well_as_when_it_was_last_measured() -> None:
    recall, alarms = _scored(SHARED / "zh")
    assert recall >= 0.88
    assert alarms <= 0.025


def _scored(folder: Path, every: int = 1) -> tuple[float, float]:
    """The share of corruptions caught and of faithful letters failed, with all letters and every n-th edit."""
    caught = corrupt = alarms = faithful = 0
    for zh, en, label in _variants(folder, every):
        ok = check_rewrite(zh, en).ok
        corrupt += label == "corrupt"
        faithful += label == "faithful"
        caught += label == "corrupt" and not ok
        alarms += label == "faithful" and not ok
    return caught / corrupt, alarms / faithful


def _variants(folder: Path, every: int) -> list[tuple[str, str, str]]:
    tool = SHARED / "tools" / "variants.py"
    if not tool.is_file():
        pytest.skip("the tool that builds the variants is not here")
    requests = enumerate(_module(tool).build_zh(folder))
    kept = (r for n, r in requests if r["category"] == "base" or n % every == 0)
    return [(r["zh_text"], r["en_text"], r["label"]) for r in kept]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("variants", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["variants"] = module
    spec.loader.exec_module(module)
    return module
