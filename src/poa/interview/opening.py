"""Begins an interview, or takes one up again: the folder, the notification in it, and what is known so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from poa.errors import InputError, NoticeError
from poa.facts import load_case
from poa.interview.asks import Progress
from poa.interview.words import is_todo
from poa.interview.writing import FACTS, fingerprint, read_state
from poa.lined_yaml import parse_yaml, read_text
from poa.notice import Notice, decode, read_notice
from poa.policy import PolicyPack, list_packs, load_pack, pack_for

__all__ = ["NOTICE", "Opening", "open_interview", "other_packs", "own_copy", "with_demands", "with_pack"]

NOTICE = "notice.txt"
_MOST = 1_000_000


@dataclass(frozen=True)
class Opening:
    """Where an interview stands when it begins. `progress` is None while the pack is not known."""

    folder: Path
    lang: str
    progress: Progress | None
    notice: Notice | None
    resumed: bool = False
    edited: bool = (
        False  # facts.yaml is not as the interview left it: a copy is kept before it is written again
    )


def open_interview(
    folder: Path,
    lang: str,
    notice_file: Path | None = None,
    pack: str | None = None,
    received: str | None = None,
    ask_unknown: bool = False,
) -> Opening:
    """The opening of an interview in a folder, which is made where it does not exist.

    The notification is copied into the folder. Raises `FactsError` where the folder's facts file has faults, and
    `NoticeError` where the mail is no notification of Amazon or another one is already there.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; name a folder for the case.")
    notice, text = _read_notice(folder, notice_file, received)
    facts = folder / FACTS
    if facts.exists():
        return _resumed(folder, lang, notice, text, pack, ask_unknown)
    name = pack or (pack_for(notice.violation) if notice else "")
    opening = Opening(folder, lang, None, notice)
    _make(folder, text)
    return with_pack(opening, name) if name else opening


def with_pack(opening: Opening, name: str) -> Opening:
    """The opening with its pack chosen: what the notification says is the beginning of the facts."""
    load_pack(name)
    data: dict[str, Any] = {"schema": "1", "pack": name, "language": opening.lang, "notice": {}}
    notice = opening.notice
    if notice is not None:
        said = data["notice"]
        if notice.received:
            said["received"] = notice.received.isoformat()
        if notice.marketplace:
            said["marketplace"] = notice.marketplace
        said["deadline_days"] = str(notice.deadline_days) if notice.deadline_days else None
        said["reference"] = None if not notice.case_ids else ...
        if said["reference"] is ...:
            del said["reference"]
        said["file"] = NOTICE
    progress = Progress(data, opening.lang, found=_found(notice, name))
    return replace(opening, progress=with_demands(progress, notice))


def with_demands(progress: Progress, notice: Notice | None) -> Progress:
    """The progress with the demands of the route that is taken, in the notification's own words and order.

    Demands of the other route, and of a branch that the notification itself rules out, are not this letter's.
    """
    if notice is None:
        return progress
    pack = load_pack(str(progress.data["pack"]))
    route = progress.data.get("route")
    if pack.asks_route and not isinstance(route, str):
        return progress
    denies = pack.on_route(route if isinstance(route, str) else None).stance == "deny"
    other = "plan" if denies else "error"
    groups = [g for g in notice.demand_groups if g.applies is not False and g.route != other]
    if not groups:
        groups = [g for g in notice.demand_groups if g.applies is not False]
    demands = [demand.text for group in groups for demand in group.demands]
    said = {**progress.data["notice"], "demands": demands}
    return replace(progress, data={**progress.data, "notice": said})


def own_copy(folder: Path) -> str:
    """Keeps the facts file beside itself under a free name, and gives that name."""
    facts = folder / FACTS
    n = 1
    while (copy := folder / f"facts.before-{n}.yaml").exists():
        n += 1
    copy.write_bytes(facts.read_bytes())
    return copy.name


def _resumed(
    folder: Path, lang: str, notice: Notice | None, text: str | None, pack: str | None, ask_unknown: bool
) -> Opening:
    facts = folder / FACTS
    case = load_case(facts)
    written = read_text(facts)
    data = parse_yaml(written, FACTS).data
    if pack is not None and pack != case.pack:
        raise InputError(
            f"{facts}: holds facts for the pack {case.pack}; use another folder for the pack {pack}."
        )
    if text is not None and isinstance(data.get("notice") or {}, dict):
        said = dict(data.get("notice") or {})
        if not (folder / NOTICE).exists() and said.get("file") not in (None, NOTICE):
            raise NoticeError(f"{facts}: names the notification {said['file']}; leave out --notice.")
        said.setdefault("file", NOTICE)
        for key, value in _said(notice).items():
            if is_todo(said.get(key, "TODO")):
                said[key] = value
        data = {**data, "notice": said}
    _make(folder, text)
    state = read_state(folder)
    closed = state.get("closed") if isinstance(state.get("closed"), list) else []
    progress = Progress(
        data,
        lang,
        frozenset(str(name) for name in closed or []),
        ask_unknown=ask_unknown,
        found=_found(notice, case.pack),
    )
    if notice is not None and not (data.get("notice") or {}).get("demands"):
        progress = with_demands(progress, notice)
    edited = state.get("facts") != fingerprint(written)
    return Opening(folder, lang, progress, notice, resumed=True, edited=edited)


def _said(notice: Notice | None) -> dict[str, str]:
    if notice is None:
        return {}
    found = {
        "received": notice.received.isoformat() if notice.received else "",
        "marketplace": notice.marketplace or "",
        "deadline_days": str(notice.deadline_days or ""),
    }
    return {key: value for key, value in found.items() if value}


def _found(notice: Notice | None, pack_name: str) -> dict[str, tuple[str, ...]]:
    """What the notification names, offered where the seller is asked for it, and never taken by itself."""
    if notice is None:
        return {}
    pack = load_pack(pack_name)
    policies = (known.name if (known := pack.policy(name)) else name for name in notice.policies)
    found = {
        "asins": notice.asins,
        "asin": notice.asins,
        "orders": notice.order_ids,
        "order_id": notice.order_ids,
        "policies": tuple(dict.fromkeys(policies)),
        "notice.reference": notice.case_ids[:1],
    }
    return {key: values for key, values in found.items() if values}


def _read_notice(folder: Path, file: Path | None, received: str | None) -> tuple[Notice | None, str | None]:
    """The notification given now, or the one already in the folder; its text when it is to be copied."""
    own = folder / NOTICE
    if file is None:
        return (
            (read_notice(decode(own.read_bytes(), NOTICE), received), None) if own.is_file() else (None, None)
        )
    if file.is_dir() or not file.exists():
        raise NoticeError(f"{file}: is no file; check the path of the notification.")
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise NoticeError(
            f"{file}: cannot be read ({problem.strerror}); check the file's permissions."
        ) from None
    if len(raw) > _MOST:
        raise NoticeError(
            f"{file}: has {len(raw):,} bytes, and a notification is at most {_MOST:,}; paste the notification alone."
        )
    text = decode(raw, str(file))
    notice = read_notice(text, received)
    if notice.suspicious:
        signs = " ".join(f"{sign.en} {sign.zh}" for sign in notice.suspicious)
        raise NoticeError(
            f"{file}: this mail bears signs of fraud; do not answer it. 这封邮件疑似诈骗，请勿回复。 {signs}"
        )
    if not notice.notification:
        raise NoticeError(
            f"{file}: is no performance notification of Amazon; paste the notification itself, or leave out --notice "
            "and choose the kind of violation. 这不是亚马逊绩效通知；请粘贴通知原文，或不带 --notice 运行并自行选择违规类型。"
        )
    if own.is_file() and own.resolve() != file.resolve() and decode(own.read_bytes(), NOTICE) != text:
        raise NoticeError(
            f"{own}: another notification is already in this folder; use a folder of its own for {file}."
        )
    return notice, None if own.is_file() else text


def _make(folder: Path, text: str | None) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if text is not None:
            (folder / NOTICE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise InputError(
            f"{folder}: cannot be written ({problem.strerror}); choose another folder."
        ) from None


def other_packs() -> tuple[tuple[str, PolicyPack], ...]:
    """Every pack with its name, those for a known violation first."""
    packs = [(name, load_pack(name)) for name in list_packs()]
    return tuple(sorted(packs, key=lambda pack: "unknown" in pack[1].answers))
