"""One thing that happened, ready to be shown, and the groups a timeline can be narrowed to."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboards.timeline import people_verbs
from organisations.models import Event


@dataclass(frozen=True)
class Entry:
    """A sentence about one event. The customer's own words stand apart from it."""

    event: Event
    title: str
    icon: str = "info"
    stone: str = ""
    """The state of a stone, drawn instead of the icon."""
    words: str = ""
    note: str = ""
    href: str = ""
    link: str = ""
    customer: str = ""
    """Which customer it concerns, for pages about more than one."""

    via: str = ""
    """The token by which it was done, where a machine acted for somebody."""

    @property
    def by(self) -> str:
        return self.event.actor.name if self.event.actor else ""


GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "calls": (
        _("Calls"),
        (
            "call_logged",
            "call_edited",
            "touchpoint_planned",
            "touchpoint_skipped",
            "touchpoint_returned",
            "call_invited",
            "call_invitation_updated",
            "call_uninvited",
        ),
    ),
    "milestones": (
        _("Milestones"),
        (
            "enrolled",
            "start_changed",
            "enrolment_ended",
            "version_changed",
            "journey_paused",
            "journey_resumed",
            "pause_taken_back",
            "milestone_claimed",
            "claim_withdrawn",
            "milestone_achieved",
            "achievement_moved",
            "achievement_withdrawn",
            "outcome_confirmed",
            "outcome_contested",
            "verdict_undone",
            "contest_answered",
        ),
    ),
    "mails": (
        _("Mails"),
        (
            "confirmation_asked",
            "message_written",
            "celebration_waiting",
            "celebration_edited",
            "celebration_approved",
            "celebration_stopped",
            "celebration_posted",
            "celebration_not_repeated",
            "mail_sent",
            "mail_failed",
            "mail_uncertain",
            "mail_unsure",
            "mail_suppressed",
            "mail_held",
            "mail_settled",
            "opted_out",
        ),
    ),
    "outcomes": (
        _("Outcomes"),
        (
            "outcome_added",
            "outcome_edited",
            "outcome_retired",
            "outcome_returned",
            "outcomes_reordered",
            "wording_asked",
            "wording_confirmed",
            "wording_contested",
            "wording_undone",
            "milestone_aimed",
            "agreement_given",
            "agreement_denied",
            "agreement_undone",
            "agreement_settled",
        ),
    ),
    "commitments": (_("Commitments"), ("commitment_made", "commitment_settled")),
    "challenges": (
        _("Challenges"),
        (
            "challenge_opened",
            "challenge_step_done",
            "challenge_step_undone",
            "challenge_resolved",
            "challenge_given_up",
            "challenge_reopened",
        ),
    ),
    **people_verbs.GROUPS,
}
GROUP_OF = {verb: group for group, (_words, verbs) in GROUPS.items() for verb in verbs}

VERBS: dict[str, Promise] = {
    "customer_created": _("customer written down"),
    "customer_edited": _("customer edited"),
    "customer_left": _("customer left"),
    "customer_returned": _("customer came back"),
    "customer_archived": _("customer archived"),
    "customer_restored": _("customer restored"),
    "owner_changed": _("CSM changed"),
    "contact_added": _("person added"),
    "contact_edited": _("person edited"),
    "contact_left": _("person left"),
    "outcome_added": _("outcome written down"),
    "outcome_edited": _("outcome changed"),
    "outcome_retired": _("outcome retired"),
    "outcome_returned": _("outcome wanted again"),
    "outcomes_reordered": _("outcomes in another order"),
    "wording_asked": _("customer asked about their outcome"),
    "wording_confirmed": _("wording confirmed"),
    "wording_contested": _("wording said to be wrong"),
    "wording_undone": _("word about a wording taken back"),
    "milestone_aimed": _("milestone serves an outcome"),
    "agreement_given": _("milestone still worded right"),
    "agreement_denied": _("milestone no longer worded right"),
    "agreement_undone": _("word about a milestone taken back"),
    "agreement_settled": _("wording of a milestone taken up"),
    "enrolled": _("set out on a journey"),
    "start_changed": _("start changed"),
    "enrolment_ended": _("journey ended"),
    "version_changed": _("moved to another version"),
    "journey_paused": _("journey paused"),
    "journey_resumed": _("journey goes on"),
    "pause_taken_back": _("pause taken back"),
    "milestone_claimed": _("milestone claimed"),
    "claim_withdrawn": _("claim taken back"),
    "milestone_achieved": _("milestone reached"),
    "achievement_moved": _("milestone dated anew"),
    "achievement_withdrawn": _("milestone reopened"),
    "confirmation_asked": _("customer asked"),
    "outcome_confirmed": _("outcome confirmed"),
    "outcome_contested": _("outcome contested"),
    "verdict_undone": _("answer taken back"),
    "contest_answered": _("contest answered"),
    "celebration_waiting": _("celebration waits"),
    "celebration_edited": _("celebration edited"),
    "celebration_approved": _("celebration approved"),
    "celebration_stopped": _("celebration stopped"),
    "celebration_posted": _("celebration posted"),
    "celebration_not_repeated": _("celebration not repeated"),
    "mail_sent": _("mail sent"),
    "mail_failed": _("mail refused"),
    "mail_uncertain": _("mail uncertain"),
    "mail_unsure": _("mail sent again, the answer was lost"),
    "mail_suppressed": _("mail held back by their wish"),
    "mail_held": _("mail held"),
    "mail_settled": _("uncertain mail settled"),
    "opted_out": _("asked for no mails"),
    "call_logged": _("call logged"),
    "call_edited": _("call edited"),
    "commitment_made": _("commitment made"),
    "commitment_settled": _("commitment settled"),
    "touchpoint_planned": _("call planned"),
    "touchpoint_skipped": _("call skipped"),
    "touchpoint_returned": _("call on again"),
    "call_invited": _("invited to a call"),
    "call_invitation_updated": _("call invitation changed"),
    "call_uninvited": _("call invitation over"),
    "challenge_opened": _("challenge opened"),
    "challenge_step_done": _("step against a challenge done"),
    "challenge_step_undone": _("step against a challenge not done after all"),
    "challenge_resolved": _("challenge resolved"),
    "challenge_given_up": _("challenge given up"),
    "challenge_reopened": _("challenge open again"),
    "challenge_kind_added": _("challenge written into the catalogue"),
    "challenge_kind_edited": _("challenge of the catalogue changed"),
    "challenge_kind_retired": _("challenge taken out of the catalogue"),
    "challenge_kind_returned": _("challenge put back into the catalogue"),
    "guide_published": _("guide for conversations published"),
    "reading_corrected": _("reading corrected"),
    "transaction_corrected": _("transaction corrected"),
    "subscription_changed": _("subscription changed"),
    "journey_published": _("journey published"),
    "variant_made": _("journey made a variant"),
    "variant_rule_changed": _("for whom a variant is changed"),
    "base_taken_over": _("base taken over by a variant"),
    "message_worded": _("message worded"),
    "message_unworded": _("wording of a message taken out"),
    "messages_brought_in": _("messages brought in"),
    "messages_started": _("journey began to write"),
    "messages_stopped": _("journey writes no more"),
    "message_written": _("message written"),
    "advice_set_aside": _("wording kept against advice"),
    "patience_set": _("limits of being stuck set"),
    "baseline_frozen": _("baseline frozen"),
    "target_taken": _("measured target taken"),
    "import_applied": _("import applied"),
    "import_refused": _("import refused"),
    "import_undone": _("import undone"),
    "member_invited": _("colleague invited"),
    "invitation_withdrawn": _("invitation withdrawn"),
    "token_made": _("token made"),
    "token_ended": _("token ended"),
    "calendar_made": _("calendar address made"),
    "calendar_renewed": _("calendar address renewed"),
    "calendar_off": _("calendar address ended"),
    "member_joined": _("colleague joined"),
    "role_changed": _("role changed"),
    "member_ended": _("colleague left"),
    "settings_changed": _("settings changed"),
    "digest_chosen": _("digest chosen"),
    "post_held": _("all mail held"),
    "post_released": _("held mail decided"),
    "exported": _("everything exported"),
    "event_rules_changed": _("rules for events changed"),
    "webhook_added": _("webhook added"),
    "webhook_changed": _("webhook changed"),
    "webhook_secret_renewed": _("webhook secret renewed"),
    "webhook_off": _("webhook switched off"),
    "webhook_on": _("webhook switched on"),
    "webhook_removed": _("webhook removed"),
    "webhook_tested": _("webhook tried"),
    "webhook_replayed": _("webhook calls replayed"),
    "webhook_failed": _("webhook call given up"),
    "second_factor_added": _("second factor added"),
    "second_factor_removed": _("second factor removed"),
    "recovery_codes_made": _("recovery codes made"),
    "recovery_code_used": _("recovery code used"),
    "password_changed": _("password changed"),
    "sessions_ended": _("sessions ended"),
    **people_verbs.VERBS,
}
