"""What may be logged about promises, people and what they take up: groups and short words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "promises": (
        _("Promises"),
        (
            "promise_written",
            "promise_corrected",
            "promise_outcome",
            "promise_renegotiated",
            "promise_declined",
            "promise_kept",
            "promise_not_kept",
            "promise_reopened",
        ),
    ),
    "people": (
        _("People"),
        (
            "contact_added",
            "contact_edited",
            "contact_left",
            "champion_noticed",
            "champion_settled",
            "next_step_picked",
            "next_step_undone",
            "next_step_taken_up",
            "data_requested",
            "data_request_closed",
            "person_exported",
            "person_erased",
            "erasure_lifted",
        ),
    ),
}

VERBS: dict[str, Promise] = {
    "promise_written": _("promise written down"),
    "promise_corrected": _("promise corrected"),
    "promise_outcome": _("promise made an outcome"),
    "promise_renegotiated": _("promise renegotiated"),
    "promise_declined": _("promise declined"),
    "promise_kept": _("promise kept"),
    "promise_not_kept": _("promise not kept"),
    "promise_reopened": _("promise open again"),
    "champion_noticed": _("champion may be lost"),
    "champion_settled": _("sign about a champion settled"),
    "next_step_picked": _("next step picked by the customer"),
    "next_step_undone": _("picked step taken back"),
    "next_step_taken_up": _("picked step taken up"),
    "next_steps_worded": _("menu after a win worded"),
    "data_requested": _("data asked for by the person"),
    "data_request_closed": _("request about data done"),
    "person_exported": _("copy of a person’s data taken"),
    "person_erased": _("person erased"),
    "erasure_lifted": _("erasure lifted"),
    "attention_set": _("days until something asks for somebody set"),
}
