"""From an achievement to a story that may be told.

A draft is filled with what is known, each number with what it rests on. Only the customer agrees: to one
edition, within limits, for a time. What others read is that edition and nothing else; an edit, the end of the
term or a word of the customer ends it at once. Nothing here names a person in the log.
"""

from advocacy.storytelling.answering import Terms, Way, agree, answer, may_answer, want_changes, withdraw
from advocacy.storytelling.asking import interview, review, send_link, usual_questions
from advocacy.storytelling.drafting import draft, edit
from advocacy.storytelling.ending import end, expire_all, expire_due
from advocacy.storytelling.faults import Incomplete, MovedOn, NotAgreed, NothingToAnswer, NotPossible
from advocacy.storytelling.forgetting import forget, unname
from advocacy.storytelling.materials import quotes_about
from advocacy.storytelling.publishing import end_use, note_use, publish, standing_consent

__all__ = [
    "Incomplete",
    "MovedOn",
    "NotAgreed",
    "NotPossible",
    "NothingToAnswer",
    "Terms",
    "Way",
    "agree",
    "answer",
    "draft",
    "edit",
    "end",
    "end_use",
    "expire_all",
    "expire_due",
    "forget",
    "interview",
    "may_answer",
    "note_use",
    "publish",
    "quotes_about",
    "review",
    "send_link",
    "standing_consent",
    "unname",
    "usual_questions",
    "want_changes",
    "withdraw",
]
