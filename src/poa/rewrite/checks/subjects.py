"""Who did it, where the Chinese does not say: a hint to a person, never a guess and never a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from poa.rewrite.checks.base import RewriteFinding, markers
from poa.rewrite.reading import Reading

__all__ = ["subjects_named"]

# Deeds of which Amazon asks who did them.
_DEED = re.compile(
    r"(?:联系|要求|诱导|承诺|刷|送了?礼|返现|改(?:成|了|评|动|过)|删(?:了|除|评|掉)|伪造|篡改|P了|P过|上传|提交|上架|合并|贴|塞|放了?卡片|寄|冒用|借用|泄露|绕过|下单)"
)
_ACTOR = re.compile(
    r"我|咱|本(?:店|公司|人|司)|她|他|它|自己|谁|有人|店铺?|公司|团队|账号|账户|平台|系统|厂|仓|有限公司|对方|被"
)


@lru_cache(maxsize=1)
def _roles() -> re.Pattern[str]:
    words = {word for role in markers()["roles"].values() for word in role["zh"] if len(word) > 1}
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def subjects_named(reading: Reading) -> Iterator[RewriteFinding]:
    """Deeds in a Chinese sentence that names nobody, with nobody named in the one before: who did them?"""
    sentences = sorted({c.sentence for c in reading.zh_clauses})
    known = False
    for number in sentences:
        clauses = [c for c in reading.zh_clauses if c.sentence == number]
        text = reading.plain[clauses[0].start : clauses[-1].end]
        people = any(clauses[0].start <= p.start < clauses[-1].end for p in (*reading.people, *reading.latin))
        named = bool(_ACTOR.search(text) or _roles().search(text)) or people
        deed = next((m for c in clauses if (m := _DEED.search(reading.plain, c.start, c.end))), None)
        # Whom it was done to (联系了买家) stands behind the deed: only who stands before it may have done it.
        before = reading.plain[clauses[0].start : deed.start()] if deed else ""
        doer = bool(_ACTOR.search(before) or _roles().search(before)) or people
        denied = re.search(r"[没未不]", before[-6:])
        if deed is not None and not doer and not denied and not known:
            clause = next(c for c in clauses if c.start <= deed.start() < c.end)
            yield RewriteFinding(
                "subject_missing",
                f"Subject missing: who did this? The Chinese names no one (“{clause.text.strip()}”).",
                f"缺少主语：这件事是谁做的？中文没有写明（“{clause.text.strip()}”）。",
                zh_start=clause.start,
                zh_end=clause.end,
                severity="hint",
            )
        known = named
