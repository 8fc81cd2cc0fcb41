"""The messages in a journey file: what it writes on which occasion, read strictly and written back."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from milestones.documents import Json, Reader
from milestones.models import Occasion
from milestones.models.naming import LONGEST_BODY, LONGEST_SUBJECT, MOST_DAYS, faults_in


@dataclass(frozen=True, slots=True)
class MessageSaid:
    """The wording of one occasion, for one milestone (by key) or, without one, for every other."""

    milestone_key: str
    occasion: Occasion
    days: int
    subject: str
    body: str
    is_on: bool = True
    asks_wording: bool = False


def read_messages(reader: Reader, path: str, value: Any, *, milestone_key: str = "") -> list[MessageSaid]:
    """The messages of one milestone, or those for every other. What is wrong is noted with the reader."""
    found: dict[str, MessageSaid] = {}
    for at, item in reader.items(path, value, most=len(Occasion)):
        item = reader.record(at, item, ("occasion", "days", "subject", "body", "on", "asks_wording"))
        occasion = reader.choice(f"{at}.occasion", item.get("occasion"), Occasion.values, needed=True)
        days = reader.whole(f"{at}.days", item.get("days"), most=MOST_DAYS)
        if not days:
            reader.fault(f"{at}.days", _("is missing"))
        said: Json = {
            name: reader.text(f"{at}.{name}", item.get(name), most=most, needed=True)
            for name, most in (("subject", LONGEST_SUBJECT), ("body", LONGEST_BODY))
        }
        said["subject"] = " ".join(said["subject"].split())
        for name, text in said.items():
            for fault in faults_in(text):
                reader.fault(f"{at}.{name}", fault)
        if occasion in found:
            reader.fault(f"{at}.occasion", _("“%(key)s” stands here twice") % {"key": occasion})
        if occasion in Occasion.values and days:
            is_on = item.get("on") is None or reader.flag(f"{at}.on", item.get("on"))
            asks = reader.flag(f"{at}.asks_wording", item.get("asks_wording"))
            said |= {"is_on": is_on, "asks_wording": asks}
            found[occasion] = MessageSaid(milestone_key, Occasion(occasion), int(days), **said)
    return list(found.values())


def written_message(message: MessageSaid) -> Json:
    """The message as its file says it."""
    return {
        "occasion": message.occasion.value,
        "days": message.days,
        "subject": message.subject,
        "body": message.body,
        **({} if message.is_on else {"on": False}),
        **({"asks_wording": True} if message.asks_wording else {}),
    }
