"""What a journey writes to customers on its own: worded, looked at, switched on, put in the post.

`wording` says what a message may name, `planning` which are due when, `letters` draws one, `sending` puts
those that are due in the post, `forecasting` tells beforehand what would go to whom, `keeping` is for those
who write.
"""

from milestones.messaging.carrying import Brought, bring_in, follow_keys, messages_of
from milestones.messaging.forecasting import Forecast, forecast
from milestones.messaging.keeping import NothingOn, keep_message, post_trial, remove_message, start, stop
from milestones.messaging.letters import Lacking, preview
from milestones.messaging.sending import WRITTEN_AT_ONCE, write_all, write_due
from milestones.messaging.wording import Wording, wordings

__all__ = [
    "WRITTEN_AT_ONCE",
    "Brought",
    "Forecast",
    "Lacking",
    "NothingOn",
    "Wording",
    "bring_in",
    "follow_keys",
    "forecast",
    "keep_message",
    "messages_of",
    "post_trial",
    "preview",
    "remove_message",
    "start",
    "stop",
    "wordings",
    "write_all",
    "write_due",
]
