"""An example of every page: which address shows it, and who may see it there.

Whoever adds an address adds its example here; the tests beside say so when it is missing.
"""

from tests.house import (
    library_examples,
    of_advocacy,
    of_circles,
    of_stories,
    people_examples,
    planning_examples,
)
from tests.house.example import NOBODY, Example, of
from tests.house.lived_in import CROWDED, EMPTY, LIVED_IN
from tests.house.on_journeys import BASE, JOURNEY
from tests.house.patterns import is_members

KESTREL, MIDDLE = "customer kestrel-freight", "every-site-opens-with-it"

EXAMPLES: dict[str, list[Example]] = {
    "account_change_password": [of()],
    "account_inactive": [of(who=NOBODY)],
    "account_login": [
        of(who=NOBODY),
        of(query="as=mara", who=NOBODY),
        of(query="next=/o/harbour/today/", who=NOBODY),
    ],
    "account_logout": [of()],
    "account_reauthenticate": [of()],
    "account_reset_password": [of(who=NOBODY)],
    "account_reset_password_done": [of(who=NOBODY)],
    "account_reset_password_from_key": [
        of("uid", "key", who=NOBODY),
        of("uid", "no", who=NOBODY, status=404),
    ],
    "account_reset_password_from_key_done": [of(who=NOBODY)],
    "account_signup": [of(who=NOBODY)],
    "api:reference": [of(who=NOBODY), of()],
    "api:schema": [of(who=NOBODY, is_page=False)],
    "coaching:calendar": [of(), of(who="mara")],
    "coaching:calendar_feed": [
        of("calendar", who=NOBODY, is_page=False),
        of("no", who=NOBODY, is_page=False, status=404),
    ],
    "coaching:call": [of("call"), of("call", who="rio")],
    "coaching:call_edit": [of("call", who="mara")],
    "coaching:call_new": [
        of(who="mara"),
        of(query="q=kes"),
        of(KESTREL, who="mara"),
        of("customer lumen-dental", who="mara"),
        of("customer juniper-outdoor"),
    ],
    "coaching:challenge_kind": [of("challenge kind", who="mara"), of("challenge kind out")],
    "coaching:challenge_kind_edit": [of("challenge kind", who="theo")],
    "coaching:challenge_kind_new": [of()],
    "coaching:challenge_kinds": [of()],
    "coaching:challenge_new": [of(KESTREL, who="mara")],
    "coaching:challenges": [of(KESTREL, who="mara")],
    "coaching:commitments": [of(KESTREL), of("customer juniper-outdoor", who="rio")],
    "coaching:guide": [
        of("guide", who="mara"),
        of("guide begun", who="theo"),
    ],
    "coaching:guide_edit": [of("guide", who="theo")],
    "coaching:guide_new": [of("mastery", "challenge kind", who="theo")],
    "coaching:guides": [of()],
    "coaching:next_call": [
        of(KESTREL),
        of(KESTREL, who="mara"),
        of("customer alder-finch", who="mara"),
        of("customer brightwater-co-op", who="mara"),
    ],
    "customers:contact_edit": [of("contact"), of("contact gone")],
    "customers:contact_new": [of(KESTREL)],
    "customers:customer_edit": [of(KESTREL), of("customer juniper-outdoor", who="mara")],
    "customers:customer_new": [of()],
    "customers:outcome": [
        of("outcome", who="mara"),
        of("outcome wrong"),
        of("outcome retired", who="rio"),
    ],
    "customers:outcome_edit": [of("outcome", who="mara"), of("outcome wrong")],
    "customers:outcome_new": [of(KESTREL)],
    "customers:outcomes": [
        of(KESTREL, who="mara"),
        of("customer lumen-dental", who="rio"),
        of("customer kite"),
    ],
    "dashboards:audit": [of(), of(query="verb=outcome_contested"), of(query="format=csv", is_page=False)],
    "dashboards:brief": [of(KESTREL, who="rio")],
    "dashboards:challenges": [of(who="theo"), of(query="format=csv", is_page=False)],
    "dashboards:customer": [
        of(KESTREL, who="mara"),
        of("customer juniper-outdoor"),
        of("customer saltmarsh-water"),
        of("customer heron"),
        of("customer kite"),
        of("customer ostra-bakeries", query="show=milestones", who="rio"),
    ],
    "dashboards:customer_list": [
        of(who="mara"),
        of(query="show=left"),
        of(query="show=archived"),
        of(query="q=nobody+at+all"),
        of(query="stage=adoption", who="rio"),
        of(query="format=csv", is_page=False),
    ],
    "dashboards:customer_page": [
        of("confirm", who=NOBODY),
        of("answered", who=NOBODY),
        of("answered", who="mara"),
        of("run out", who=NOBODY, status=404),
    ],
    "dashboards:board": [
        of(JOURNEY, who="mara"),
        of(JOURNEY, query="state=stuck"),
        of(JOURNEY, query=f"milestone={MIDDLE}&owner=none", who="rio"),
        of(JOURNEY, query=f"milestone={MIDDLE}", who="theo"),
        of(JOURNEY, query="format=csv", is_page=False),
    ],
    "dashboards:limits": [of(JOURNEY, who="theo"), of(JOURNEY)],
    "dashboards:baseline": [of(JOURNEY), of(JOURNEY, query="on=2026-01-31", who="theo")],
    "dashboards:milestone_customers": [
        of(JOURNEY),
        of(JOURNEY, query=f"kind=late&milestone={MIDDLE}", who="theo"),
        of(JOURNEY, query=f"kind=achieved&milestone={MIDDLE}", who="mara"),
        of(JOURNEY, query="format=csv", is_page=False),
    ],
    "dashboards:milestones": [
        of(who="theo"),
        of(query=f"journey={JOURNEY}&verified=on"),
        of(query=f"journey={BASE}&variants=on", who="theo"),
        of(query="format=csv", is_page=False),
        of(query="as_of=yesterday"),
    ],
    "dashboards:status": [of(), of(who="theo")],
    "dashboards:timeline": [
        of(JOURNEY, MIDDLE, who="theo"),
        of(JOURNEY, MIDDLE, query="format=csv", is_page=False),
    ],
    "dashboards:timelines": [of(JOURNEY, who="theo"), of(JOURNEY, query="format=csv", is_page=False)],
    "dashboards:wording": [
        of("wording", who=NOBODY),
        of("wording", who="mara"),
        of("wording right", who=NOBODY),
        of("wording wrong", who=NOBODY),
        of("answered", who=NOBODY),
        of("wording run out", who=NOBODY, status=404),
    ],
    "dashboards:agreement": [
        of("agreement", who=NOBODY),
        of("agreement", who="mara"),
        of("agreement said", who=NOBODY),
        of("answered", who=NOBODY),
    ],
    "dashboards:today": [
        of(who="mara"),
        of(who="theo"),
        of(who="rio"),
        of(query="all=late", who="theo"),
        of(query="all=owed", who="mara"),
        of(query="all=disagreed", who="theo"),
        of(query="changed=reached", who="mara"),
    ],
    "healthz": [of(who=NOBODY, is_page=False)],
    "metrics": [of(who=NOBODY, is_page=False, status=404)],
    "readyz": [of(who=NOBODY, is_page=False)],
    "factor_removal": [of("factor", who="theo")],
    "home": [of()],
    "mfa_authenticate": [of(who=NOBODY, is_page=False, status=302)],  # begins with a password
    "milestones:agreement": [of("agreement wrong", who="mara"), of("agreement right", who="rio")],
    "milestones:claim": [
        of("enrolment", MIDDLE, who="mara"),
        of("enrolment lumen", MIDDLE),
        of("enrolment saltmarsh", "runs-without-us"),
    ],
    "milestones:contest": [of("contest", who="mara"), of("contest", who="rio"), of("contest mended")],
    "milestones:enrolment_end": [of("enrolment")],
    "milestones:enrolment_start": [of("enrolment")],
    "milestones:pause": [of("enrolment"), of("enrolment lumen", who="mara")],
    "milestones:enrolments": [of(JOURNEY), of(JOURNEY, query="q=kes", who="mara")],
    "milestones:journey": [
        of(JOURNEY),
        of("opening-a-new-site", who="rio"),
        of("teaching-freight"),
        of(BASE, who="mara"),
    ],
    "milestones:journey_edit": [of(JOURNEY), of(JOURNEY, query="milestone=3", who="theo")],
    "milestones:journey_file": [of(JOURNEY, is_page=False)],
    "milestones:journey_import": [of()],
    "milestones:journey_list": [of(), of(who="rio")],
    "milestones:journey_new": [of()],
    "milestones:message_calendar": [of(JOURNEY, who="theo"), of("opening-a-new-site", who="rio")],
    "milestones:message_edit": [
        of(JOURNEY, query="occasion=expectation"),
        of(JOURNEY, query=f"occasion=handover&milestone={MIDDLE}", who="theo"),
    ],
    "milestones:message_list": [of(JOURNEY), of("opening-a-new-site", who="rio")],
    "milestones:assignment": [
        of(BASE, who="mara"),
        of("teaching-freight", query="q=kes"),
    ],
    "milestones:difference": [
        of("teaching-freight", who="rio"),
        of(BASE, query="left=1&right=2"),
    ],
    "milestones:takeover": [
        of("teaching-freight"),
        of(BASE, status=404),
    ],
    "milestones:variant_new": [of(BASE)],
    "milestones:variant_rule": [of("teaching-freight", who="theo"), of(JOURNEY, status=404)],
    "milestones:journey_preview": [of(JOURNEY), of(JOURNEY, query="who=all", who="theo")],
    "office:customer_leaving": [of(KESTREL)],
    "office:event_rules_file": [of(is_page=False)],
    "office:events": [of(), of(who="theo"), of(query="event=Report+Opened", who="theo")],
    "office:export": [of()],
    "office:import_columns": [of("import mapping")],
    "office:import_disagreements": [
        of("import applied", who="theo"),
        of("import applied", query="format=csv", is_page=False),
    ],
    "office:import_detail": [
        of("import applied"),
        of("import refused"),
        of("import refused", query="end=refused", who="theo"),
        of("import undone"),
        of("import refused", query="end=refused&column=key&q=empty"),
    ],
    "office:import_template": [of("customers", is_page=False), of("nothing", status=404, is_page=False)],
    "office:import_list": [of()],
    "office:import_mapping": [of("import applied", is_page=False)],
    "office:import_new": [of()],
    "office:import_undo": [
        of("import applied"),
        of("import undone"),
        of("import refused", who="theo"),
    ],
    "office:import_rows": [of("import refused", is_page=False)],
    "office:invitation": [of("invited", who=NOBODY), of("no", who=NOBODY, status=404)],
    "office:member_end": [of("member")],
    "office:member_second_factor": [of("member safe")],
    "office:members": [of()],
    "office:tokens": [of()],
    "organisations:beginning": [of()],
    "own_app": [of()],
    "own_codes": [of(who="theo")],
    "own_passkey": [of()],
    "own_sign_in": [of(), of(who="theo")],
    "organisations:settings": [of()],
    "organisations:setup": [of("first-run", who=NOBODY)],
    "organisations:theme": [of(who=NOBODY, is_page=False)],
    "post:delivery": [
        of("delivery simulated"),
        of("delivery failed"),
        of("delivery uncertain", who="mara"),
        of("delivery sent"),
        of("delivery suppressed"),
        of("delivery pending"),
        of("delivery failed", who="rio"),
    ],
    "post:outbox": [
        of(),
        of(query="show=simulated", who="mara"),
        of(query="q=nobody", who="rio"),
        of(query="format=csv", is_page=False),
    ],
    "post:own_mails": [of(), of(who="mara")],
    "post:preferences": [
        of("unsubscribe", who=NOBODY),
        of("digest", who=NOBODY),
        of("no", who=NOBODY, status=404),
    ],
    "post:rendering": [of("delivery simulated", is_page=False)],
    "post:webhook": [
        of("webhook"),
        of("webhook off"),
        of("webhook", query="state=failed"),
        of("channel"),
    ],
    "post:webhook_call": [of("webhook call failed"), of("webhook call pending")],
    "post:webhook_list": [of()],
}

PATH = "from-first-booking-to-a-full-calendar"

# What grows with the number of customers, shown where there are many of them.
CROWDED_EXAMPLES: dict[str, list[Example]] = {
    "advocacy:celebration_list": [of(query="state=simulated", who="ines")],
    "coaching:call_new": [of(query="q=a", who="lena")],
    "dashboards:audit": [of(who="ruth")],
    "dashboards:board": [of(PATH, who="ines"), of(PATH, query="milestone=people-come", who="lena")],
    "dashboards:customer": [of("one of the crowd", who="lena")],
    "dashboards:customer_list": [of(who="lena"), of(query="stage=adoption&page=2", who="ines")],
    "dashboards:milestone_customers": [of(PATH, query="kind=late&milestone=people-come", who="ines")],
    "dashboards:milestones": [of(who="ines")],
    "dashboards:timeline": [of(PATH, "people-come", who="ines")],
    "dashboards:today": [of(who="lena"), of(who="ines"), of(query="all=late", who="ines")],
    "milestones:enrolments": [of(PATH, who="ines")],
    "office:import_detail": [of("import of the crowd", who="ruth")],
    "post:outbox": [of(query="show=simulated", who="ruth")],
}

# Addresses that only take a POST: what they are tried with.
ACTIONS: dict[str, Example] = {
    "advocacy:celebration_approval": of("celebration review"),
    "advocacy:celebration_edit": of("celebration waiting"),
    "advocacy:celebration_new": of("achievement"),
    "advocacy:celebration_now": of("celebration waiting"),
    "advocacy:celebration_return": of("celebration stopped"),
    "advocacy:celebration_stop": of("celebration waiting"),
    "coaching:calendar_removal": of(who="mara"),
    "coaching:call_draft": of(KESTREL),
    "coaching:call_draft_removal": of(KESTREL),
    "coaching:challenge_closing": of("challenge"),
    "coaching:challenge_kind_retirement": of("challenge kind"),
    "coaching:challenge_kind_return": of("challenge kind out"),
    "coaching:challenge_return": of("challenge over"),
    "coaching:challenge_step": of("challenge step"),
    "coaching:commitment_settlement": of("commitment"),
    "coaching:guide_draft_removal": of("guide begun"),
    "coaching:starters": of(),
    "coaching:touchpoint_return": of("touchpoint off", who="mara"),
    "coaching:touchpoint_skip": of("touchpoint"),
    "customers:archive": of(KESTREL),
    "customers:comeback": of("customer heron"),
    "milestones:contact_leaving": of("contact"),
    "customers:contact_return": of("contact gone"),
    "customers:restoration": of("customer kite"),
    "dashboards:agreement_withdrawal": of("agreement said", who=NOBODY),
    "dashboards:board_changes": of(JOURNEY),
    "dashboards:answer_link": of("answered", who=NOBODY),
    "dashboards:copy": of("answered", who=NOBODY),
    "dashboards:mails": of("answered", who=NOBODY),
    "dashboards:new_link": of("run out", who=NOBODY),
    "dashboards:opening": of("answered", who=NOBODY),
    "dashboards:their_page": of("contact"),
    "dashboards:timeline_target": of(JOURNEY, MIDDLE),
    "dashboards:today_seen": of(),
    "dashboards:withdrawal": of("answered", who=NOBODY),
    "dashboards:wording_link": of("wording", who=NOBODY),
    "dashboards:wording_withdrawal": of("wording right", who=NOBODY),
    "customers:outcome_place": of("outcome"),
    "customers:outcome_question": of("outcome"),
    "customers:outcome_retirement": of("outcome"),
    "customers:outcome_return": of("outcome retired"),
    "customers:outcome_visit": of("outcome ask"),
    "milestones:agreement_settlement": of("agreement wrong"),
    "milestones:aim": of("enrolment", MIDDLE),
    "milestones:answer": of("contest"),
    "milestones:journey_draft_removal": of(JOURNEY),
    "milestones:message_removal": of(JOURNEY),
    "milestones:message_start": of(JOURNEY),
    "milestones:message_stop": of(JOURNEY),
    "milestones:journey_publication": of(JOURNEY),
    "milestones:pause_withdrawal": of("pause"),
    "milestones:resumption": of("enrolment lumen"),
    "milestones:question": of("enrolment", MIDDLE),
    "milestones:visit": of("ask"),
    "milestones:withdrawal": of("claim"),
    "office:event_replay": of(),
    "office:event_rule_new": of(),
    "office:event_rule_removal": of("event rule"),
    "office:event_rules_import": of(),
    "office:intake": of("batch", who=NOBODY),
    "office:import_application": of("import refused"),
    "office:import_cancellation": of("import mapping"),
    "office:import_retry": of("import refused"),
    "office:invitation_link": of("invitation"),
    "office:invitation_resend": of("invitation"),
    "office:invitation_withdrawal": of("invitation"),
    "office:invitations": of(),
    "office:member_role": of("member"),
    "office:token_end": of("token"),
    "dashboards:release": of(),
    "post:webhook_channels": of(),
    "own_passkey_options": of(),
    "passkey_challenge": of(who=NOBODY),
    "passkey_sign_in": of(who=NOBODY),
    "session_end": of(),
    "sessions_end": of(),
    "post:arrival": of("delivery uncertain"),
    "post:next_try": of("delivery pending"),
    "post:resending": of("delivery failed"),
    "post:stop": of("delivery pending"),
    "post:test_mail": of(),
    "post:call_replay": of("webhook call failed"),
    "post:webhook_off": of("webhook"),
    "post:webhook_on": of("webhook off"),
    "post:webhook_removal": of("webhook"),
    "post:webhook_replay": of("webhook"),
    "post:webhook_renewal": of("webhook"),
    "post:webhook_test": of("webhook"),
}

for more in (
    library_examples.EXAMPLES,
    of_advocacy.pages(of),
    of_circles.pages(of),
    of_stories.pages(of),
    people_examples.EXAMPLES,
    planning_examples.EXAMPLES,
):
    for name, them in more.items():
        EXAMPLES.setdefault(name, []).extend(them)
ACTIONS |= library_examples.ACTIONS | of_advocacy.actions(of) | of_stories.actions(of)
ACTIONS |= of_circles.actions(of)
ACTIONS |= people_examples.ACTIONS | planning_examples.ACTIONS


def pages() -> list[tuple[str, Example, str]]:
    """Every page to look at: its name, an example, in which organisation."""
    lived_in = [(name, one, LIVED_IN) for name, them in EXAMPLES.items() for one in them if one.is_page]
    empty = [
        (name, one, EMPTY)
        for name, one, _organisation in lived_in
        if is_members(name) and not one.args and one.who == "ada" and not one.query
    ]
    crowded = [(name, one, CROWDED) for name, them in CROWDED_EXAMPLES.items() for one in them]
    owners = [(name, of(), EMPTY) for name in EXAMPLES if _has_no_admin_example(name)]
    return [*lived_in, *empty, *owners, *crowded]


def _has_no_admin_example(name: str) -> bool:
    """Pages of an organisation that above are only shown as somebody else than Ada."""
    plain = [one for one in EXAMPLES[name] if not one.args and one.is_page]
    return bool(plain) and is_members(name) and not any(one.who == "ada" and not one.query for one in plain)
