from office.models.imports import UNDO_FOR, Import, ImportClaim, ImportRow, ImportTrace
from office.models.tokens import KeptAnswer, Token

__all__ = ["UNDO_FOR", "Import", "ImportClaim", "ImportRow", "ImportTrace", "KeptAnswer", "Token"]
