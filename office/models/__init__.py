from office.models.imports import Import, ImportClaim, ImportRow
from office.models.intake import EventCount, EventPerson, EventRule, IncomingEvent
from office.models.tokens import KeptAnswer, Token

__all__ = [
    "EventCount",
    "EventPerson",
    "EventRule",
    "Import",
    "ImportClaim",
    "ImportRow",
    "IncomingEvent",
    "KeptAnswer",
    "Token",
]
