"""Files on their way in, in two phases: checked into staging in committed chunks, then applied at once.

`start` keeps the file, `work` does what there is to do, `cancel` calls it off, `ask_to_apply` says yes.
Whoever dies while working is followed by the next one: see `leasing`.
"""

from office.importing.catalogue import NotReady, Ready, find, ready
from office.importing.disagreeing import Disagreement, Disagreements
from office.importing.mapping import Mapping, WrongMapping
from office.importing.records import WrongFile
from office.importing.resuming import go_on, orphans, resume_orphans, sweep
from office.importing.starting import (
    NotPossible,
    Preview,
    Wishes,
    ask_to_apply,
    cancel,
    corrections,
    match_columns,
    preview,
    start,
    try_again,
)
from office.importing.tables import RowTable, skipped_by_reason, table_of
from office.importing.telling import Progress, progress_of, row_in_words
from office.importing.undoing import Outlook, ask_to_undo, look_ahead
from office.importing.working import work

__all__ = [
    "Disagreement",
    "Disagreements",
    "Mapping",
    "NotPossible",
    "NotReady",
    "Outlook",
    "Preview",
    "Progress",
    "Ready",
    "RowTable",
    "Wishes",
    "WrongFile",
    "WrongMapping",
    "ask_to_apply",
    "ask_to_undo",
    "cancel",
    "corrections",
    "find",
    "go_on",
    "look_ahead",
    "match_columns",
    "orphans",
    "preview",
    "progress_of",
    "ready",
    "resume_orphans",
    "row_in_words",
    "skipped_by_reason",
    "start",
    "sweep",
    "table_of",
    "try_again",
    "work",
]
