from office.models.imports import UNDO_FOR, Import, ImportClaim, ImportRow, ImportTrace
from office.models.intake import EventCount, EventPerson, EventRule, IncomingEvent
from office.models.tokens import KeptAnswer, Token

__all__ = [
    "UNDO_FOR",
    "EventCount",
    "EventPerson",
    "EventRule",
    "Import",
    "ImportClaim",
    "ImportRow",
    "ImportTrace",
    "IncomingEvent",
    "KeptAnswer",
    "Token",
]
