"""Examples of the addresses of the library, of what came of it, and of recaps."""

from tests.house.example import NOBODY, Example, of
from tests.house.on_journeys import JOURNEY

KESTREL = "customer kestrel-freight"

EXAMPLES: dict[str, list[Example]] = {
    "coaching:customer_resources": [of(KESTREL, who="mara"), of("customer heron", who="rio")],
    "coaching:library": [
        of(),
        of(query="q=decide&stage=adoption", who="rio"),
        of(query="show=retired", who="mara"),
        of(query="format=csv", is_page=False),
    ],
    "coaching:library_gaps": [of(), of(query=f"journey={JOURNEY}", who="mara")],
    "coaching:recap": [of("call", who="mara"), of("call recapped")],
    "coaching:resource": [
        of("resource", who="rio"),
        of("resource begun", who="mara"),
        of("resource out", who="theo"),
    ],
    "coaching:resource_edit": [of("resource", who="mara"), of("resource file")],
    "coaching:resource_file": [of("resource file edition", is_page=False)],
    "coaching:resource_new": [of("worksheet", query="stage=mastery", who="mara"), of("file")],
    "coaching:resource_sending": [of(KESTREL, "resource", who="mara")],
    "dashboards:resource_figures": [
        of(),
        of(query="days=90", who="rio"),
        of(query="format=csv", is_page=False),
    ],
    "dashboards:resource_rows": [of("resource"), of("resource", query="format=csv", is_page=False)],
    "dashboards:their_file": [of("sent file", who=NOBODY, is_page=False)],
    "dashboards:their_resource": [
        of("sent resource", who=NOBODY),
        of("sent resource", who="mara"),
        of("sent file", who=NOBODY),
        of("answered", who=NOBODY, status=404),
    ],
}

ACTIONS: dict[str, Example] = {
    "coaching:recap_removal": of("call recapped"),
    "coaching:resource_draft_removal": of("resource begun"),
    "coaching:resource_retirement": of("resource"),
    "coaching:resource_return": of("resource out"),
    "coaching:resource_review": of("resource"),
    "dashboards:their_judgement": of("sent resource", who=NOBODY),
    "dashboards:their_opening": of("sent resource", who=NOBODY),
}
