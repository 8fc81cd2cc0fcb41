"""Kestrel Freight on a journey whose milestones its people confirm."""

import pytest

from customers.models import Contact
from milestones.models import Enrolment
from organisations.models import Organisation, User
from tests.milestones.asked import make_asking_enrolment, person


@pytest.fixture
def enrolment(in_harbour: Organisation, mara: User) -> Enrolment:
    return make_asking_enrolment(in_harbour, owner=mara)


@pytest.fixture
def amara(enrolment: Enrolment) -> Contact:
    return person(enrolment.customer)


@pytest.fixture
def tomas(enrolment: Enrolment) -> Contact:
    return person(enrolment.customer, "Tomás")
