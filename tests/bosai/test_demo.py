"""The demo is made once, whole or not at all, and never beside somebody's own organisation."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from bosai.demo import cleanslate, seeding
from customers.models import Customer
from organisations import governing, tenancy
from organisations.models import Event, Membership, Organisation, Role, User
from organisations.signing_in import DEMO_PASSWORD

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def counts() -> tuple[int, ...]:
    total = [Organisation.objects.count(), User.objects.count(), Membership.objects.count()]
    for organisation in Organisation.objects.all():
        with tenancy.within(organisation):
            total += [Customer.objects.count(), Event.objects.count()]
    return tuple(total)


def test_it_makes_an_empty_a_lived_in_and_a_crowded_organisation_once():
    assert seeding.seed(now=NOW, customers=2, crowd=2) is True
    made = counts()
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"harbour", "cleanslate", "orchard"}
    with tenancy.within(Organisation.objects.get(slug="cleanslate")):
        assert not Customer.objects.exists()
    assert seeding.seed(now=NOW, customers=2) is False
    assert counts() == made


def test_its_command_says_when_it_is_there_already():
    said = StringIO()
    for _ in range(2):
        call_command("seed_demo", customers=1, crowd=1, stdout=said)
    assert "The demo is ready (" in said.getvalue()
    assert said.getvalue().endswith("The demo is there already.\n")
    assert Organisation.objects.count() == 3


def test_it_refuses_a_database_with_a_real_organisation(harbour, ada):
    before = counts()
    with pytest.raises(CommandError, match="real organisation in this database: Harbour Analytics"):
        call_command("seed_demo")
    assert counts() == before
    assert not User.objects.filter(is_demo=True).exists()


def test_it_refuses_a_real_organisation_beside_the_demo(rival):
    with pytest.raises(seeding.RealOrganisation):
        seeding.seed(now=NOW)
    assert not Organisation.objects.filter(slug="harbour").exists()


def test_it_knows_its_own_organisation_though_somebody_joined_it():
    """Whoever tries the demo may invite a colleague. The demo still starts the next day."""
    seeding.seed(now=NOW, customers=1)
    harbour = Organisation.objects.get(slug="harbour")
    visitor = User.objects.create_user("visitor@elsewhere.example", name="Visitor", password="long-enough-1")
    with tenancy.within(harbour):
        governing.join(organisation=harbour, user=visitor, role=Role.CSM, by=None, now=NOW)
    assert seeding.seed(now=NOW) is False


def test_it_stays_out_of_live_mode(settings):
    settings.MODE = "live"
    with pytest.raises(CommandError, match=r"\./run demo"):
        call_command("seed_demo")
    assert not Organisation.objects.exists()


def test_it_leaves_nothing_when_it_is_cut_off(monkeypatch):
    def die(**_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(cleanslate, "build", die)
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(now=NOW, customers=1)
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_its_people_sign_in_with_the_password_named_on_the_page_in_demo_mode_only(settings):
    seeding.seed(now=NOW, customers=1)
    request = RequestFactory().post("/accounts/login/")
    names = ["ada", "theo", "mara", "rio"]
    given = [{"email": f"{name}@harbour.example", "password": DEMO_PASSWORD} for name in names]
    settings.DEMO = False
    assert [authenticate(request, **one) for one in given] == [None] * 4
    settings.DEMO = True
    assert [str(authenticate(request, **one)).split()[0].lower() for one in given] == names
    roles = dict(Membership.objects.filter(organisation__slug="harbour").values_list("user__email", "role"))
    assert [roles[one["email"]] for one in given] == ["admin", "manager", "csm", "readonly"]


def test_its_admin_may_go_to_either_organisation(client, settings):
    settings.DEMO = True
    seeding.seed(now=NOW, customers=1)
    client.force_login(User.objects.get(email="ada@harbour.example"))
    page = client.get("/").text
    assert "/o/harbour/today/" in page
    assert "/o/cleanslate/today/" in page


@pytest.mark.once
@pytest.mark.once
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 28, 23, 20, tzinfo=UTC),  # a Sunday, twenty past midnight, clocks change at two
        datetime(2028, 2, 29, 22, 45, tzinfo=UTC),  # a leap day, late
    ],
)
def test_it_can_be_made_at_any_hour(now):
    assert seeding.seed(now=now, customers=12, crowd=6) is True
    for slug in ("harbour", "orchard"):
        with tenancy.within(Organisation.objects.get(slug=slug)):
            assert not Event.objects.filter(recorded_at__gt=now).exists()


def test_its_smaller_edition_has_the_customers_of_the_day():
    seeding.seed(now=NOW, customers=3)
    with tenancy.within(Organisation.objects.get(slug="harbour")):
        assert list(Customer.objects.order_by("id").values_list("key", flat=True)) == [
            "saltmarsh-water", "kestrel-freight", "lumen-dental",
        ]  # fmt: skip
