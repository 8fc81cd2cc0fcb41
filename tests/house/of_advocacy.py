"""Examples of the pages about advocates: see `examples`."""

from typing import Any

NOBODY = ""


def pages(of: Any) -> dict[str, list[Any]]:
    return {
        "advocacy:celebration": [
            of("celebration waiting"),
            of("celebration review", who="mara"),
            of("celebration simulated"),
            of("celebration stopped"),
            of("celebration answered"),
            of("celebration waiting", who="rio"),
        ],
        "advocacy:celebration_list": [
            of(who="mara"),
            of(query="state=simulated"),
            of(query="state=stopped", who="rio"),
        ],
        "advocacy:celebration_mail": [of("celebration waiting", "guest", is_page=False)],
        "advocacy:advocates": [
            of(who="mara"),
            of(query="state=ended"),
            of(query="state=declined", who="rio"),
        ],
        "advocacy:asking": [
            of(who="mara"),
            of(query="kind=invitation&about=waste+bread&stage=outcome", who="rio"),
            of(query="kind=reference", who="theo"),
            of(query="kind=money"),
        ],
        "advocacy:favour_new": [
            of("person promised", query="kind=review", who="mara"),
            of("person thanked", query="kind=reference", who="mara"),
            of("contact", query="kind=invitation"),
        ],
        "advocacy:person": [
            of("person thanked", who="mara"),
            of("person promised"),
            of("person to thank", who="mara"),
            of("person waits"),
            of("person ended"),
            of("contact gone", who="rio"),
        ],
        "advocacy:expansion": [
            of("growth signal", who="mara"),
            of("growth confirmed"),
            of("growth won", who="theo"),
            of("growth dismissed", who="rio"),
        ],
        "advocacy:expansion_rule_edit": [of("growth rule", who="theo")],
        "advocacy:expansion_rule_new": [of()],
        "advocacy:expansion_rules": [of(), of(who="mara")],
        "advocacy:expansions": [of(who="mara"), of(query="state=dismissed", who="rio"), of()],
        "advocacy:need_new": [of("customer kestrel-freight", who="mara")],
        "advocacy:referral": [
            of("referral submitted", who="mara"),
            of("referral qualified"),
            of("referral won", who="theo"),
            of("referral lost", who="rio"),
            of("referral known", who="mara"),
        ],
        "advocacy:referrals": [of(who="mara"), of(query="state=won", who="rio"), of()],
        "dashboards:landing": [
            of("code", who=NOBODY),
            of("code", query="sent=1", who=NOBODY),
            of("code typed", who=NOBODY),
            of("no", who=NOBODY, status=404),
        ],
        "dashboards:referral_figures": [of(who="theo"), of(), of(query="format=csv", is_page=False)],
        "advocacy:terms": [of(who="theo"), of()],
        "dashboards:favour": [
            of("door asked", who=NOBODY),
            of("door asked", who="mara"),
            of("door said", who=NOBODY),
            of("answered", who=NOBODY),
        ],
    }


def actions(of: Any) -> dict[str, Any]:
    return {
        "advocacy:advocate_end": of("advocate"),
        "advocacy:advocate_return": of("advocate ended"),
        "advocacy:referral_forgetting": of("referral lost"),
        "advocacy:referral_loss": of("referral submitted"),
        "advocacy:referral_qualification": of("referral submitted"),
        "advocacy:referral_reward": of("referral won"),
        "advocacy:referral_win": of("referral qualified"),
        "dashboards:landing_opening": of("code", who=NOBODY),
        "advocacy:expansion_confirmation": of("growth signal"),
        "advocacy:expansion_dismissal": of("growth signal"),
        "advocacy:expansion_loss": of("growth confirmed"),
        "advocacy:expansion_rule_retirement": of("growth rule"),
        "advocacy:expansion_win": of("growth confirmed"),
        "advocacy:favour_answer": of("favour asked"),
        "advocacy:favour_result": of("favour accepted"),
        "advocacy:favour_thanks": of("favour done"),
        "advocacy:favour_withdrawal": of("favour asked"),
    }
