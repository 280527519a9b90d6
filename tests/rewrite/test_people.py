"""Names of people in Chinese, wherever they stand: none goes to a model."""

from __future__ import annotations

import random

import pytest

from poa.rewrite.lexicon import load_lexicon
from poa.rewrite.masking import mask

_USUAL = "王李张刘陈杨赵黄周吴徐孙朱郭罗郑梁宋唐邓冯曹彭蔡潘袁董杜苏魏吕沈姚卢蒋邱肖"
_ALSO_WORDS = "林何谢许夏马高田余叶程石方钱江白任史汤"
_GIVEN = (
    "静 伟 芳 敏 磊 洋 勇 军 杰 超 建国 晓东 雪梅 丽华 俊杰 思远 雨婷 佳怡 立新 秀英 浩然 欣怡 诗涵".split()
)
_SAID = (
    "公司安排{}处理退货。",
    "刷单的事情是{}经手的。",
    "这些评论都是{}的亲戚写的。",
    "仓库那边{}没有核对批次。",
    "我们开除了{}，并通知了全体员工。",
    "我们问过{}，他说是自己加的卡片。",
    "账号是{}注册的，他是我表弟。",
    "后来{}把账单改了。",
)


def missed(surnames: str, seed: int = 7) -> list[str]:
    """What the model would see of 400 sentences, where a name is left in it."""
    chance = random.Random(seed)
    left = []
    for said in _SAID:
        for _ in range(50):
            name = chance.choice(surnames) + chance.choice(_GIVEN)
            text = mask([said.format(name)], load_lexicon(), {}).texts[0]
            if name in text:
                left.append(text)
    return left


def test_names_of_the_usual_surnames_are_found_where_no_role_tells_of_them() -> None:
    assert len(missed(_USUAL)) <= 400 * 0.02


def test_names_whose_surname_is_a_word_too_are_mostly_found() -> None:
    assert len(missed(_ALSO_WORDS)) <= 400 * 0.08


@pytest.mark.parametrize(
    ("text", "name", "english"),
    [
        ("后来欧阳文静把密码给了别人。", "欧阳文静", "Ouyang Wenjing"),
        ("我们让小李去联系买家。", "小李", "Xiao Li"),
        ("发货的事一直归陈姐管。", "陈", "Chen"),
        ("當時劉偉負責售後。", "劉偉", "Liu Wei"),
        ("李明确认收到了货。", "李明", "Li Ming"),
    ],
)
def test_other_kinds_of_names(text: str, name: str, english: str) -> None:
    protected = mask([text], load_lexicon(), {})
    assert name not in protected.texts[0]
    assert english in protected.table.values()


def test_who_was_named_once_is_known_in_every_sentence() -> None:
    protected = mask(["客服胡子轩离职了。", "邮件都是胡子轩发的。"], load_lexicon(), {})
    assert "".join(protected.texts).count("<NAME_1>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "我们提供了三张发票和说明书。", "订单里有一单可能发错。", "商品安全和生产许可都已查完。", "对方开不出正式发票。",
        "从五月起每周培训两次，成立了小组。", "我们高度重视，马上整改，于是下架了全部商品。",
    ],
)  # fmt: skip
def test_words_are_no_names(text: str) -> None:
    assert not any(key.startswith("<NAME") for key in mask([text], load_lexicon(), {}).table)


def test_a_day_of_the_week_keeps_its_words() -> None:
    assert "每周五" in mask(["我们每周五核对一次。"], load_lexicon(), {}).texts[0]
