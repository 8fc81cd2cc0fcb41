"""Examples of pages about promises and people, and of what customers do on their own page."""

from tests.house.example import NOBODY, Example, of

KESTREL = "customer kestrel-freight"

EXAMPLES: dict[str, list[Example]] = {
    "customers:data_requests": [of()],
    "customers:promise": [
        of("promise", who="rio"),
        of("promise undecided", who="mara"),
        of("promise declined", who="theo"),
    ],
    "customers:promise_edit": [of("promise undecided")],
    "customers:promise_new": [of(KESTREL)],
    "dashboards:customer_page": [of("own", who=NOBODY)],
    "dashboards:promises": [
        of(who="theo"),
        of(query="seller=Finn+Castor&ending=kept", who="mara"),
        of(query="format=csv", is_page=False),
    ],
    "office:erasures": [of()],
    "office:person_erasure": [of("contact"), of("erased")],
    "milestones:next_steps": [of(who="theo")],
}
ACTIONS: dict[str, Example] = {
    "coaching:champion_answer": of("champion change", who="mara"),
    "coaching:pick_taking_up": of("pick", who="mara"),
    "customers:attention": of(who="theo"),
    "customers:champion_sign": of("champion"),
    "customers:data_closing": of("data request"),
    "customers:promise_decision": of("promise undecided"),
    "customers:roles": of(KESTREL),
    "dashboards:data_request": of("own", who=NOBODY),
    "dashboards:own_link": of("answered", who=NOBODY),
    "dashboards:pick": of("own", who=NOBODY),
    "dashboards:pick_withdrawal": of("own", who=NOBODY),
    "dashboards:tick": of("own", who=NOBODY),
    "office:erasure_lifting": of("erasure"),
    "office:person_copy": of("contact"),
}
