"""What each thing that was done rests on, and what rests on nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poa.facts import Action, Attachment, Case

__all__ = ["Evidence", "Supported", "evidence_of"]


@dataclass(frozen=True)
class Supported:
    """An action and the attachments that show it; none is a claim that Amazon has to believe."""

    action: Action
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Evidence:
    """Every action with its attachments, attachments that no action names, and files that are not there."""

    actions: tuple[Supported, ...]
    unused: tuple[Attachment, ...]
    without_file: tuple[Attachment, ...]

    @property
    def bare(self) -> tuple[Action, ...]:
        """The actions without any attachment."""
        return tuple(supported.action for supported in self.actions if not supported.attachments)


def evidence_of(case: Case) -> Evidence:
    """The attachments of the case, held against what it claims to have done."""
    attachments = {attachment.id: attachment for attachment in case.attachments or ()}
    actions = tuple(
        Supported(action, tuple(attachments[name] for name in action.evidence if name in attachments))
        for action in case.actions_taken or ()
    )
    named = {attachment.id for supported in actions for attachment in supported.attachments}
    unused = tuple(a for a in attachments.values() if a.id not in named)
    return Evidence(actions, unused, tuple(a for a in attachments.values() if not _stands_there(case, a)))


def _stands_there(case: Case, attachment: Attachment) -> bool:
    if case.folder is None or not attachment.file:
        return False
    return (case.folder / attachment.file).is_file()
