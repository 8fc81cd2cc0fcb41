"""Journeys and how customers move on them, for machines. Nobody confirms here: that is the customer's."""

from milestones.api.enrolments import Achievements, Enrolments, Journeys
from milestones.api.pauses import Pauses
from milestones.api.readings import Contacts, Readings
from milestones.api.verifying import Claims, Questions, Verdicts

__all__ = [
    "Achievements",
    "Claims",
    "Contacts",
    "Enrolments",
    "Journeys",
    "Pauses",
    "Questions",
    "Readings",
    "Verdicts",
]
