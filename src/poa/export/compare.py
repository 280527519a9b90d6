"""Two letters about one case, item by item, with the check's verdict on both: what was lost, what was won."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from poa.checks import Finding
from poa.export.proof import Block, ItemProof, Proof
from poa.export.wording import Change, compare_words

__all__ = ["Comparison", "ItemPair", "Loose", "compare_proofs", "render_comparison"]

_RED, _GREEN, _BOLD, _DIM, _END = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True)
class ItemPair:
    """One item in both letters; either is None where only one outline holds it."""

    id: str
    label_en: str
    label_zh: str
    before: ItemProof | None
    after: ItemProof | None
    changes: tuple[Change, ...]

    @property
    def verdict(self) -> str:
        """`lost` when the first letter kept it and the second does not, `won` the other way, else `changed` or `same`."""
        was = self.before is not None and self.before.status == "kept"
        now = self.after is not None and self.after.status == "kept"
        if was != now:
            return "lost" if was else "won"
        return "changed" if any(change.kind != "same" for change in self.changes) else "same"

    @property
    def open(self) -> bool:
        """Whether neither letter says it whole."""
        sides = [side for side in (self.before, self.after) if side is not None]
        return all(side.status != "kept" for side in sides)


@dataclass(frozen=True)
class Loose:
    """Text that carries no item: what only the first letter has, and what only the second has."""

    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Both proofs, and their items in the first letter's order."""

    before: Proof
    after: Proof
    pairs: tuple[ItemPair, ...]

    @property
    def lost(self) -> tuple[ItemPair, ...]:
        """The items that the second letter no longer says whole."""
        return tuple(pair for pair in self.pairs if pair.verdict == "lost")

    @property
    def won(self) -> tuple[ItemPair, ...]:
        """The items that only the second letter says whole."""
        return tuple(pair for pair in self.pairs if pair.verdict == "won")

    @property
    def loose(self) -> Loose:
        """What stands in no item of its letter, and not in the other letter."""
        left, right = _loose(self.before.blocks), _loose(self.after.blocks)
        gone = tuple(text for key, text in left.items() if key not in right)
        return Loose(gone, tuple(text for key, text in right.items() if key not in left))

    @property
    def loose_findings(self) -> tuple[Finding, ...]:
        """The findings on the second letter that belong to none of its items."""
        known = {item.item.id for item in self.after.items}
        return tuple(found for found in self.after.findings if found.item not in known)

    def as_json(self) -> dict[str, Any]:
        """The comparison as `poa diff --json` prints it."""
        return {
            "before": self.before.report.as_json(),
            "after": self.after.report.as_json(),
            "loose": {"gone": list(self.loose.gone), "new": list(self.loose.new)},
            "items": [
                {
                    "id": pair.id,
                    "verdict": pair.verdict,
                    "before": _side(pair.before),
                    "after": _side(pair.after),
                    "changes": [{"kind": change.kind, "text": change.text} for change in pair.changes],
                }
                for pair in self.pairs
            ],
        }


def compare_proofs(before: Proof, after: Proof) -> Comparison:
    """The two letters held against each other."""
    left = {item.item.id: item for item in before.items}
    right = {item.item.id: item for item in after.items}
    pairs = []
    for name in dict.fromkeys((*left, *right)):
        one, two = left.get(name), right.get(name)
        item = (left[name] if name in left else right[name]).item
        changes = compare_words(one.text if one else "", two.text if two else "")
        pairs.append(ItemPair(name, item.label_en, item.label_zh, one, two, changes))
    return Comparison(before, after, tuple(pairs))


def render_comparison(comparison: Comparison, names: tuple[str, str], lang: str, color: bool) -> str:
    """The comparison as text for a person: both verdicts, then each item that differs, what was lost first."""
    words = _WORDS[lang]
    paint = (_RED, _GREEN, _BOLD, _DIM, _END) if color else ("", "", "", "", "")
    red, green, bold, dim, end = paint
    lines = [
        _verdict_line(name, proof, words, paint)
        for name, proof in zip(names, (comparison.before, comparison.after), strict=True)
    ]
    order = {"lost": 0, "won": 1, "changed": 2}
    shown = [pair for pair in comparison.pairs if pair.verdict in order]
    for pair in sorted(shown, key=lambda pair: order[pair.verdict]):
        label = pair.label_zh if lang == "zh" else pair.label_en
        tint = {"lost": red, "won": green, "changed": bold}[pair.verdict]
        lines += ["", f"{tint}{words[pair.verdict]}{end}  {pair.id} {label}"]
        if pair.after is not None:
            for n in pair.after.findings:
                found = comparison.after.findings[n]
                lines.append(f"  {found.message_zh if lang == 'zh' else found.message}")
        text = "".join(_marked(change, color) for change in pair.changes)
        lines += [f"  {line}" for line in text.split("\n")]
    loose, findings = comparison.loose, comparison.loose_findings
    if loose.new or findings:
        lines += ["", f"{bold}{words['beside']}{end}"]
        lines += [f"  {_marked(Change('new', ' '.join(text.split())), color)}" for text in loose.new]
        lines += [f"  {found.message_zh if lang == 'zh' else found.message}" for found in findings]
    same = sum(pair.verdict == "same" for pair in comparison.pairs)
    lines += ["", f"{dim}{words['same'].format(n=same, all=len(comparison.pairs))}{end}"]
    return "\n".join(lines)


def _verdict_line(name: str, proof: Proof, words: Mapping[str, str], paint: tuple[str, ...]) -> str:
    red, green, *_, end = paint
    verdict = f"{green}{words['passes']}{end}" if not proof.errors else f"{red}{words['fails']}{end}"
    kept = words["kept"].format(kept=proof.kept, all=len(proof.items), n=len(proof.findings))
    return f"{name}: {verdict}; {kept}"


def _marked(change: Change, color: bool) -> str:
    if change.kind == "same":
        return change.text
    text, space = change.text.rstrip(), change.text[len(change.text.rstrip()) :]
    if color:
        return f"{_RED if change.kind == 'gone' else _GREEN}{text}{_END}{space}"
    return f"[-{text}-]{space}" if change.kind == "gone" else f"{{+{text}+}}{space}"


def _loose(blocks: Iterable[Block]) -> dict[str, str]:
    """The letter's stretches that carry no item, each under its words alone; punctuation between items is none."""
    found: dict[str, str] = {}
    for block in blocks:
        for line in block.lines:
            for stretch in line:
                text = "".join(run.text for run in stretch.runs).strip()
                words = re.findall(r"\w+", text.lower())
                if not stretch.item and words:
                    found.setdefault(" ".join(words), text)
    return found


def _side(item: ItemProof | None) -> dict[str, str] | None:
    return {"status": item.status, "text": item.text} if item else None


_WORDS = {
    "en": {
        "passes": "passes",
        "fails": "FAILS",
        "kept": "{kept} of {all} items kept, {n} findings",
        "lost": "LOST",
        "won": "won back",
        "changed": "reworded",
        "beside": "In no item:",
        "same": "{n} of {all} items stand word for word the same.",
    },
    "zh": {
        "passes": "通过",
        "fails": "未通过",
        "kept": "{all} 项中 {kept} 项完整，{n} 处发现",
        "lost": "丢失",
        "won": "补回",
        "changed": "改写",
        "beside": "不属于任何一项：",
        "same": "{all} 项中有 {n} 项一字未改。",
    },
}
