"""The names a message may hold in braces, and how long its parts may be. Pure: no queries."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "person": gettext_lazy("the first name of whom it goes to"),
    "customer": gettext_lazy("the customer’s name"),
    "outcome": gettext_lazy("what they want to reach, in their own words"),
    "journey": gettext_lazy("the journey’s name"),
    "milestone": gettext_lazy("the milestone it is about; at “on to the next” the one they reached"),
    "meaning": gettext_lazy("what that milestone means for them"),
    "target": gettext_lazy("its target date"),
    "next": gettext_lazy("the milestone after it"),
    "next_meaning": gettext_lazy("what the next one means for them"),
    "csm": gettext_lazy("their CSM"),
}
LONGEST_SUBJECT, LONGEST_BODY, MOST_DAYS = 150, 5000, 365
_NAME = re.compile(r"\{([^{}\n]*)\}")


def names_in(*texts: str) -> set[str]:
    """What the texts hold in braces, known or not."""
    return {name for text in texts for name in _NAME.findall(text)}


def faults_in(text: str) -> list[str]:
    """What is wrong with the names in a text, in words."""
    unknown = [name for name in dict.fromkeys(_NAME.findall(text)) if name not in NAMES]
    return [
        _("“{%(name)s}” is none of the names that are filled in: %(names)s.")
        % {"name": name, "names": ", ".join(f"{{{known}}}" for known in NAMES)}
        for name in unknown
    ]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its names filled in, as plain text."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), text)
