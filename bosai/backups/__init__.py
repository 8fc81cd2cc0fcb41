"""Everything of an installation as one file, and back: the database, the files people brought, a manifest."""

from bosai.backups.archive import Damaged, Unusable
from bosai.backups.keeping import Kept, keep
from bosai.backups.restoring import NotEmpty, Restored, restore

__all__ = ["Damaged", "Kept", "NotEmpty", "Restored", "Unusable", "keep", "restore"]
