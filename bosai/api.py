"""The API, /api/v1/: each room's resources under their nouns, and the document that describes them."""

from typing import Any

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from advocacy import api as advocacy
from coaching import api as coaching
from customers import api as customers
from milestones import api as milestones
from office.api import resources as office
from organisations import api as organisations
from post import api as post
from ui.api import views
from ui.api.resources import Resource

RESOURCES: dict[str, type[Resource]] = {
    "achievements": milestones.Achievements,
    "calls": coaching.Calls,
    "celebration-replies": advocacy.CelebrationReplies,
    "celebrations": advocacy.Celebrations,
    "challenge-kinds": coaching.ChallengeKinds,
    "challenge-steps": coaching.ChallengeSteps,
    "challenges": coaching.Challenges,
    "claims": milestones.Claims,
    "commitments": coaching.Commitments,
    "contacts": milestones.Contacts,
    "customers": office.Customers,
    "deliveries": post.Deliveries,
    "enrolments": milestones.Enrolments,
    "events": organisations.Events,
    "guides": coaching.Guides,
    "imports": office.Imports,
    "journeys": milestones.Journeys,
    "members": organisations.Members,
    "metrics": customers.Metrics,
    "outcomes": customers.Outcomes,
    "pauses": milestones.Pauses,
    "promises": customers.Promises,
    "questions": milestones.Questions,
    "readings": milestones.Readings,
    "resources": coaching.Resources,
    "referrals": advocacy.Referrals,
    "segments": customers.Segments,
    "sendings": coaching.Sendings,
    "stories": advocacy.Stories,
    "touchpoints": coaching.Touchpoints,
    "verdicts": milestones.Verdicts,
}

router = SimpleRouter()
for noun, resource in RESOURCES.items():
    router.register(noun, resource, basename=noun)

urlpatterns: list[Any] = [
    path("schema/", views.schema, name="schema"),
    path("reference/", views.reference, name="reference"),
    path("", include(router.urls)),
]
