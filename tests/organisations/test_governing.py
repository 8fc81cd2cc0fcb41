"""Who belongs here and as what: there is always an admin."""

from datetime import datetime

import pytest

from organisations import governing
from organisations.models import Event, Membership, Organisation, Role, User
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_it_writes_and_logs_only_settings_that_differ(
    in_harbour: Organisation, ada: User, now: datetime
) -> None:
    changed = governing.save_settings(
        organisation=in_harbour,
        values={"name": in_harbour.name, "accent": "#ff2fb3", "slug": "elsewhere"},
        by=ada,
        now=now,
    )
    fresh = Organisation.objects.get(pk=in_harbour.pk)
    assert changed == ["accent"]
    assert (fresh.accent, fresh.slug) == ("#ff2fb3", "harbour")
    assert Event.objects.get(verb="settings_changed").data == {"fields": ["accent"]}
    assert governing.save_settings(organisation=fresh, values={"accent": "#ff2fb3"}, by=ada, now=now) == []


def test_it_keeps_the_last_admin(in_harbour: Organisation, ada: User, mara: User, now: datetime) -> None:
    with pytest.raises(governing.LastAdmin):
        governing.end_membership(membership=membership(ada), by=ada, now=now)
    with pytest.raises(governing.LastAdmin):
        governing.change_role(membership=membership(ada), role=Role.CSM, by=ada, now=now)
    assert membership(ada).role == Role.ADMIN
    assert membership(ada).ended_at is None
    assert verbs() == []


def test_it_lets_an_admin_go_when_another_stays(in_harbour: Organisation, ada: User, now: datetime) -> None:
    other = make_member(in_harbour, "Bea Admin", role=Role.ADMIN)
    governing.end_membership(membership=membership(ada), by=other, now=now)
    assert membership(ada).ended_at == now
    with pytest.raises(governing.LastAdmin):
        governing.end_membership(membership=membership(other), by=other, now=now)


def test_it_counts_admins_of_the_same_organisation_alone(
    in_harbour: Organisation, ada: User, rival: Organisation, now: datetime
) -> None:
    make_member(rival, "Otto Rival", role=Role.ADMIN)
    with pytest.raises(governing.LastAdmin):
        governing.end_membership(membership=membership(ada), by=ada, now=now)


def test_it_changes_a_role_once(in_harbour: Organisation, ada: User, mara: User, now: datetime) -> None:
    for _again in range(2):
        governing.change_role(membership=membership(mara), role=Role.MANAGER, by=ada, now=now)
    assert membership(mara).role == Role.MANAGER
    assert verbs() == ["role_changed"]


def test_it_takes_somebody_back_on_the_same_row(
    in_harbour: Organisation, ada: User, mara: User, now: datetime
) -> None:
    before = membership(mara).pk
    governing.end_membership(membership=membership(mara), by=ada, now=now)
    again = governing.join(organisation=in_harbour, user=mara, role=Role.READONLY, by=mara, now=now)
    assert (again.pk, again.role, again.ended_at) == (before, Role.READONLY, None)
    governing.join(organisation=in_harbour, user=mara, role=Role.ADMIN, by=mara, now=now)
    assert membership(mara).role == Role.READONLY, "an invitation does not raise who works here already"
