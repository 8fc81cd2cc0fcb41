"""How an organisation is run: its settings, who belongs to it and as what. There is always an admin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from organisations.models import Membership, Organisation, Role, User

SETTINGS = (
    "name", "zone", "language", "accent", "sender_name", "postal_address", "celebrate_within_days",
    "mails_per_week", "second_factor_required", "uncertain_mail",
)  # fmt: skip


class LastAdmin(ValueError):
    """Without this person nobody could run the organisation."""


def save_settings(
    *, organisation: Organisation, values: Mapping[str, Any], by: User, now: datetime
) -> list[str]:
    """Write the settings that differ and log their names, which are returned."""
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = [name for name in SETTINGS if name in values and getattr(row, name) != values[name]]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.save(update_fields=changed)
            organisation.log("settings_changed", by=by, now=now, subject=row, fields=changed)
    return changed


def join(*, organisation: Organisation, user: User, role: Role, by: User | None, now: datetime) -> Membership:
    """A person works here from now on, also one who did before. Who works here already keeps their role."""
    with transaction.atomic():
        membership, is_new = Membership.objects.select_for_update().get_or_create(
            organisation=organisation, user=user, defaults={"role": role, "joined_at": now}
        )
        if not is_new and membership.ended_at is None:
            return membership
        membership.role, membership.joined_at, membership.ended_at = role, now, None
        membership.save(update_fields=["role", "joined_at", "ended_at"])
        organisation.log("member_joined", by=by, now=now, subject=membership, role=role)
    return membership


def change_role(*, membership: Membership, role: Role, by: User, now: datetime) -> None:
    """Another role from now on. Raises LastAdmin."""
    with transaction.atomic():
        row = _locked(membership)
        if row is None or row.role == role:
            return
        row.role = role
        row.save(update_fields=["role"])
        row.organisation.log("role_changed", by=by, now=now, subject=row, role=role)


def end_membership(*, membership: Membership, by: User, now: datetime) -> None:
    """They no longer work here. Whoever calls this has handed over their customers. Raises LastAdmin."""
    with transaction.atomic():
        row = _locked(membership)
        if row is None:
            return
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        row.organisation.log("member_ended", by=by, now=now, subject=row)


def _locked(membership: Membership) -> Membership | None:
    """The current row, after all admins are locked, so that two of them cannot leave at once.

    None when it has ended already; raises LastAdmin when no other admin is there.
    """
    admins = Membership.objects.select_for_update().filter(
        organisation=membership.organisation_id, role=Role.ADMIN, ended_at=None
    )
    others = [admin for admin in admins if admin.pk != membership.pk]
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.role == Role.ADMIN and row.ended_at is None and not others:
        raise LastAdmin
    return row if row.ended_at is None else None
