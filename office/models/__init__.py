from office.models.imports import Import, ImportClaim, ImportRow
from office.models.tokens import KeptAnswer, Token

__all__ = ["Import", "ImportClaim", "ImportRow", "KeptAnswer", "Token"]
