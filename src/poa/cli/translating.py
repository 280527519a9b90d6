"""What `poa draft` does first with facts told in Chinese: their English, checked, shown, confirmed and kept."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from poa.errors import CheckFailed, InputError, ModelError
from poa.kept_english import KeptEnglish, fingerprint, kept_path, read_kept, write_kept
from poa.rewrite.facts import FactInEnglish, checked, disputed_by_hand, translate

if TYPE_CHECKING:
    from poa.facts import Case
    from poa.models.base import ChatModel

__all__ = ["in_english_first"]


def in_english_first(
    facts: Path,
    case: Case,
    model: ChatModel | None,
    *,
    yes: bool,
    mask: bool,
    timeout_s: float | None,
    ask: Callable[[str], bool] | None = None,
) -> Case:
    """The case with an English for each of its Chinese texts, or a stop that says what to do.

    What is kept beside the facts is used again; the rest is rewritten by the model and kept, unconfirmed. A person
    confirms on the terminal (`ask` is that terminal in a test), or with `yes`; `yes` never takes a model's English
    that fails its check. Raises `InputError` without a model, `ModelError` when it fails, `CheckFailed` while
    something is unconfirmed.
    """
    if case.language != "zh":
        return case
    kept = read_kept(facts)
    wanted = case.untranslated()
    by_hand = [fact for fact in disputed_by_hand(case) if not _is_taken(fact, kept)]
    if not wanted and not by_hand:
        return case
    known = [
        checked(path, zh, kept[fingerprint(zh)].en, kept[fingerprint(zh)].by)
        for path, zh in wanted
        if fingerprint(zh) in kept and kept[fingerprint(zh)].en
    ]
    missing = [(path, zh) for path, zh in wanted if path not in {fact.path for fact in known}]
    made, failure = _translated(facts, case, missing, model, mask=mask, timeout_s=timeout_s)
    new = [*known, *made, *by_hand]
    _keep(facts, kept, new, confirmed=False)
    if failure is not None:
        told = sum(1 for fact in made if fact.en)
        raise ModelError(
            f"{failure} {told} of {len(missing)} texts are in English; they are saved in {kept_path(facts).name}."
            " Run the command again to go on."
        )
    _show(new)
    wrong = [fact for fact in new if not fact.ok and fact.by != "hand"]
    if not _agreed(facts, new, wrong, yes=yes, ask=ask or _terminal()):
        raise CheckFailed(_what_to_do(facts, new, wrong))
    _keep(facts, kept, new, confirmed=True)
    return case.with_english({fact.path: fact.en for fact in (*known, *made)})


def _translated(
    facts: Path,
    case: Case,
    missing: Sequence[tuple[str, str]],
    model: ChatModel | None,
    *,
    mask: bool,
    timeout_s: float | None,
) -> tuple[tuple[FactInEnglish, ...], ModelError | None]:
    if not missing:
        return (), None
    if model is None:
        listed = "\n".join(f"  {path}: {zh}" for path, zh in missing)
        raise InputError(
            f"{facts.name} is told in Chinese, and {len(missing)} of its texts have no English yet:\n{listed}\n"
            "Name a model (--model; `poa models` says how to get one) to have them rewritten and checked, or write the"
            f" English beside each, such as {missing[0][0].rpartition('.')[2]}_en."
        )
    if not mask and not model.on_this_machine:
        raise InputError(
            "--no-mask sends names and order IDs as they are: it is for a model on this machine only."
        )
    typer.echo(f"{len(missing)} Chinese texts go through the checked rewriting first.", err=True)

    async def walk() -> tuple[tuple[FactInEnglish, ...], ModelError | None]:
        return await translate(
            missing,
            model,
            names=_names(case),
            mask=mask,
            timeout_s=timeout_s,
            on_progress=lambda done, of: typer.echo(f"  {done} of {of} texts", err=True),
        )

    return asyncio.run(walk())


def _names(case: Case) -> tuple[str, ...]:
    """The names that the facts themselves give: none of them is the model's to see."""
    given = [case.seller.store_name, case.seller.contact_name]
    given += [party.name for party in case.third_parties or ()]
    given += [account.name for account in case.customer_accounts or ()]
    return tuple(sorted({name for name in given if name}, key=len, reverse=True))


def _is_taken(fact: FactInEnglish, kept: dict[str, KeptEnglish]) -> bool:
    """Whether a person has confirmed this English by hand before."""
    entry = kept.get(fingerprint(fact.zh))
    return entry is not None and entry.en == fact.en and entry.is_confirmed


def _keep(
    facts: Path,
    kept: dict[str, KeptEnglish],
    new: Sequence[FactInEnglish],
    *,
    confirmed: bool,
) -> None:
    """Writes what is kept: the confirmed of before whose Chinese still stands, and the new."""
    entries = {key: entry for key, entry in kept.items() if entry.is_confirmed}
    for fact in new:
        taken = fingerprint(fact.en) if confirmed and fact.en else None
        entries[fingerprint(fact.zh)] = KeptEnglish(fact.path, fact.zh, fact.en, fact.by, taken)
    try:
        write_kept(facts, entries.values())
    except OSError as error:
        raise InputError(
            f"{kept_path(facts)}: the English cannot be saved there ({error.strerror}). Make the folder writable."
        ) from None


def _show(facts: Sequence[FactInEnglish]) -> None:
    """Each Chinese text with its English, and what the check has against it."""
    for fact in facts:
        mark = "  " if fact.ok else "! "
        typer.echo(
            f"\n{mark}{fact.path}\n   中文 {fact.zh}\n   EN   {fact.en or '(no English came)'}", err=True
        )
        for finding in fact.findings:
            typer.echo(f"        {finding.message} {finding.message_zh}", err=True)


def _terminal() -> Callable[[str], bool] | None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda question: typer.confirm(question, default=False, err=True)


def _agreed(
    facts: Path,
    new: Sequence[FactInEnglish],
    wrong: Sequence[FactInEnglish],
    *,
    yes: bool,
    ask: Callable[[str], bool] | None,
) -> bool:
    if any(not fact.en for fact in new) or (yes and wrong):
        return False
    if yes:
        return True
    if ask is None:
        return False
    disputed = sum(not fact.ok for fact in new)
    doubt = f" ({disputed} of them disputed by the check: read these twice)" if disputed else ""
    return ask(f"\nIs this English right?{doubt} It is kept in {kept_path(facts).name}.")


def _what_to_do(facts: Path, new: Sequence[FactInEnglish], wrong: Sequence[FactInEnglish]) -> str:
    kept = kept_path(facts).name
    if wrong:
        places = ", ".join(fact.path for fact in wrong)
        return (
            f"{len(wrong)} of {len(new)} texts do not pass their check: {places}. Correct their `en` in {kept}, or write"
            f" the English beside them in {facts.name} ({wrong[0].path.rpartition('.')[2]}_en), and run the command again."
        )
    return f"The English in {kept} is not confirmed yet. Read it, then run: poa draft {facts} --yes"
