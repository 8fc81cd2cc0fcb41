from datetime import timedelta

import pytest

from organisations import tenancy
from post import linking
from post.models import Link


@pytest.fixture
def make(harbour, now):
    def made(organisation=harbour, **fields):
        given = {"purpose": "confirm", "subject_id": 7, "address": "nadia@customer.example", "days": 30}
        with tenancy.within(organisation):
            return linking.make(organisation=organisation, now=now, **(given | fields))

    return made


def test_a_token_names_its_organisation_and_43_characters_of_chance(harbour, make):
    prefix, _, chance = make().partition("-")
    assert int(prefix, 36) == harbour.pk
    assert len(chance) == 43
    assert make() != make()


def test_it_finds_what_the_token_opens(harbour, now, make, mara):
    organisation, link = linking.find(make(by=mara, is_demo=True))
    assert organisation == harbour
    assert (link.purpose, link.subject_id, link.address) == ("confirm", 7, "nadia@customer.example")
    assert link.organisation is organisation
    assert (link.made_at, link.expires_at) == (now, now + timedelta(days=30))
    assert (link.made_by, link.is_demo) == (mara, True)
    assert not link.has_expired(now + timedelta(days=30, seconds=-1))
    assert link.has_expired(now + timedelta(days=30))


def test_only_the_hash_of_a_token_is_kept(harbour, make):
    chance = make().partition("-")[2]
    with tenancy.within(harbour):
        assert not [row for row in Link.objects.values() if chance in str(row)]


@pytest.mark.parametrize(
    "wrong",
    ["", "-", "x", "1", "1-", "-abc", "zz-abc", "9" * 30 + "-x", "ü-x", "1--", " 1-a", "1-\x00", "\ud800-a"],
)
def test_it_finds_nothing_for_what_we_did_not_make(make, wrong):
    make()
    assert linking.find(wrong) is None


def test_a_token_does_not_open_another_organisation(harbour, rival, make):
    ours = make()
    theirs = f"{linking.int_to_base36(rival.pk)}-{ours.partition('-')[2]}"
    assert linking.find(theirs) is None
    assert linking.find(ours)[0] == harbour


@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        ("confirm", "/c/T/"),
        ("customer", "/c/T/"),
        ("unsubscribe", "/u/T/"),
        ("invitation", "/accounts/invitation/T/"),
    ],
)
def test_it_writes_the_address_people_open(settings, purpose, path):
    settings.BOSAI_URL = "https://bosai.example"
    assert linking.url(purpose, "T") == f"https://bosai.example{path}"
