"""Calls and what they are led by, commitments, planned conversations, challenges and resources."""

from coaching.api.calls import Calls, Commitments, Touchpoints
from coaching.api.challenges import ChallengeKinds, Challenges, ChallengeSteps
from coaching.api.guides import Guides
from coaching.api.library import Resources, Sendings

__all__ = [
    "Calls",
    "ChallengeKinds",
    "ChallengeSteps",
    "Challenges",
    "Commitments",
    "Guides",
    "Resources",
    "Sendings",
    "Touchpoints",
]
