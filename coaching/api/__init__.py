"""Calls and what they are led by, commitments, planned conversations and challenges, for machines."""

from coaching.api.calls import Calls, Commitments, Touchpoints
from coaching.api.challenges import ChallengeKinds, Challenges, ChallengeSteps
from coaching.api.guides import Guides

__all__ = [
    "Calls",
    "ChallengeKinds",
    "ChallengeSteps",
    "Challenges",
    "Commitments",
    "Guides",
    "Touchpoints",
]
