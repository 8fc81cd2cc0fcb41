"""Fill an installation for the storm, by the product's own verbs: python -m tests.storm.seeding ACHIEVEMENTS.

Prints as JSON what there is to do: links to answer on, pages to claim on, customers to bring readings of.
"""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bosai.settings"

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from customers import keeping  # noqa: E402
from customers.models import Contact  # noqa: E402
from milestones import designing, verifying  # noqa: E402
from milestones.enrolling import enrol  # noqa: E402
from milestones.models import Enrolment, Journey  # noqa: E402
from organisations import founding, governing, tenancy  # noqa: E402
from organisations.models import Organisation, Role, User  # noqa: E402
from post import linking  # noqa: E402
from tests.storm import plan  # noqa: E402

now = timezone.now()


def seed(achievements: int) -> dict[str, list[str]]:
    organisation, admin = founding.found(
        founding.Plan(plan.SLUG, "Harbour Analytics", plan.ADMIN, "Ada Okonjo", plan.PASSWORD), now=now
    )
    with tenancy.within(organisation), transaction.atomic():
        mara = User.objects.create_user(plan.CSM, name="Mara Lindqvist", password=plan.PASSWORD)
        governing.join(organisation=organisation, user=mara, role=Role.CSM, by=admin, now=now)
        data = plan.journey_file()
        journey = designing.import_journey(
            organisation=organisation, data=data, by=admin, now=now, publish=True
        )
        enrolments = customers(organisation, journey, mara, plan.keys(achievements))
        wanted = plan.achievements_of(achievements)
        on = {route: [key for key, milestone in wanted if milestone == route] for route in plan.ROUTES}
        return {
            "answers": [link_to_answer(enrolments[key], mara) for key in on[plan.CONFIRMATION.milestone]],
            "claims": [page_to_claim(enrolments[key]) for key in on[plan.CLAIM.milestone]],
            "readings": [f"{key},{each.metric}" for each in plan.READINGS for key in on[each.milestone]],
        }


def customers(
    organisation: Organisation, journey: Journey, mara: User, keys: list[str]
) -> dict[str, Enrolment]:
    """One person each, enrolled since today."""
    rows = []
    for key in keys:
        given = {"name": f"Customer {key}", "key": key, "owner": mara}
        customer = keeping.add_customer(organisation=organisation, values=given, by=mara, now=now)
        person = {"name": f"Nadia {key}", "address": plan.address_of(key), "is_primary": True}
        keeping.add_contact(customer=customer, values=person, by=mara, now=now)
        rows.append(customer)
    enrolled = enrol(
        organisation=organisation,
        customers=rows,
        journey=journey,
        started_on=timezone.localdate(),
        by=mara,
        now=now,
    )
    return {enrolment.customer.key: enrolment for enrolment in enrolled}


def link_to_answer(enrolment: Enrolment, mara: User) -> str:
    """The customer is asked by mail as well; this link is the same as the one in there."""
    milestone = enrolment.version.milestones.get(key=plan.CONFIRMATION.milestone)
    contact = Contact.objects.get(customer=enrolment.customer_id)
    ask = verifying.ask(enrolment=enrolment, milestone=milestone, contact=contact, by=mara, now=now)
    token = linking.make(
        organisation=enrolment.organisation,
        purpose="confirm",
        subject_id=ask.pk,
        address=contact.address,
        now=now,
        days=30,
    )
    return linking.PATHS["confirm"].format(token)


def page_to_claim(enrolment: Enrolment) -> str:
    return f"/o/{plan.SLUG}/enrolments/{enrolment.pk}/milestones/{plan.CLAIM.milestone}/claim/"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
