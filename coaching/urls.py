from django.urls import path

from coaching.views import (
    calendar,
    call_form,
    calls,
    catalogue,
    challenges,
    commitments,
    drafts,
    guides,
    library,
    next_call,
    planning,
    recaps,
    resources,
    sendings,
)

app_name = "coaching"
urlpatterns = [
    path("o/<slug:slug>/calls/new/", calls.call_choice, name="call_new"),
    path("o/<slug:slug>/customers/<int:pk>/calls/new/", call_form.call_new, name="call_new"),
    path("o/<slug:slug>/customers/<int:pk>/calls/draft/", drafts.call_draft, name="call_draft"),
    path(
        "o/<slug:slug>/customers/<int:pk>/calls/draft/removal/",
        drafts.call_draft_removal,
        name="call_draft_removal",
    ),
    path("o/<slug:slug>/calls/<int:pk>/", calls.call, name="call"),
    path("o/<slug:slug>/calls/<int:pk>/edit/", call_form.call_edit, name="call_edit"),
    path("o/<slug:slug>/customers/<int:pk>/commitments/", commitments.commitments, name="commitments"),
    path(
        "o/<slug:slug>/commitments/<int:pk>/settlement/",
        commitments.commitment_settlement,
        name="commitment_settlement",
    ),
    path("o/<slug:slug>/customers/<int:pk>/calls/next/", next_call.next_call, name="next_call"),
    path("o/<slug:slug>/touchpoints/<int:pk>/skip/", next_call.touchpoint_skip, name="touchpoint_skip"),
    path("o/<slug:slug>/touchpoints/<int:pk>/return/", next_call.touchpoint_return, name="touchpoint_return"),
    path("o/<slug:slug>/challenges/", catalogue.challenge_kinds, name="challenge_kinds"),
    path("o/<slug:slug>/challenges/new/", catalogue.challenge_kind_new, name="challenge_kind_new"),
    path("o/<slug:slug>/challenges/ours/", catalogue.starters, name="starters"),
    path("o/<slug:slug>/challenges/<int:pk>/", catalogue.challenge_kind, name="challenge_kind"),
    path(
        "o/<slug:slug>/challenges/<int:pk>/edit/", catalogue.challenge_kind_edit, name="challenge_kind_edit"
    ),
    path(
        "o/<slug:slug>/challenges/<int:pk>/retirement/",
        catalogue.challenge_kind_retirement,
        name="challenge_kind_retirement",
    ),
    path(
        "o/<slug:slug>/challenges/<int:pk>/return/",
        catalogue.challenge_kind_return,
        name="challenge_kind_return",
    ),
    path("o/<slug:slug>/customers/<int:pk>/challenges/", challenges.challenges, name="challenges"),
    path("o/<slug:slug>/customers/<int:pk>/challenges/new/", challenges.challenge_new, name="challenge_new"),
    path("o/<slug:slug>/challenges/steps/<int:pk>/", challenges.challenge_step, name="challenge_step"),
    path(
        "o/<slug:slug>/challenges/opened/<int:pk>/closing/",
        challenges.challenge_closing,
        name="challenge_closing",
    ),
    path(
        "o/<slug:slug>/challenges/opened/<int:pk>/return/",
        challenges.challenge_return,
        name="challenge_return",
    ),
    path("o/<slug:slug>/guides/", guides.guides, name="guides"),
    path("o/<slug:slug>/guides/new/<slug:stage>/", guides.guide_new, name="guide_new"),
    path("o/<slug:slug>/guides/new/<slug:stage>/<int:kind>/", guides.guide_new, name="guide_new"),
    path("o/<slug:slug>/guides/<int:pk>/", guides.guide, name="guide"),
    path("o/<slug:slug>/guides/<int:pk>/edit/", guides.guide_edit, name="guide_edit"),
    path(
        "o/<slug:slug>/guides/<int:pk>/draft/removal/", guides.guide_draft_removal, name="guide_draft_removal"
    ),
    path("o/<slug:slug>/library/", library.library, name="library"),
    path("o/<slug:slug>/library/gaps/", library.library_gaps, name="library_gaps"),
    path("o/<slug:slug>/library/new/<slug:type>/", resources.resource_new, name="resource_new"),
    path("o/<slug:slug>/library/<int:pk>/", resources.resource, name="resource"),
    path("o/<slug:slug>/library/<int:pk>/edit/", resources.resource_edit, name="resource_edit"),
    path("o/<slug:slug>/library/<int:pk>/review/", resources.resource_review, name="resource_review"),
    path(
        "o/<slug:slug>/library/<int:pk>/draft/removal/",
        resources.resource_draft_removal,
        name="resource_draft_removal",
    ),
    path(
        "o/<slug:slug>/library/<int:pk>/retirement/",
        resources.resource_retirement,
        name="resource_retirement",
    ),
    path("o/<slug:slug>/library/<int:pk>/return/", resources.resource_return, name="resource_return"),
    path("o/<slug:slug>/library/editions/<int:pk>/file/", resources.resource_file, name="resource_file"),
    path(
        "o/<slug:slug>/customers/<int:pk>/resources/", sendings.customer_resources, name="customer_resources"
    ),
    path(
        "o/<slug:slug>/customers/<int:pk>/resources/<int:resource>/",
        sendings.resource_sending,
        name="resource_sending",
    ),
    path("o/<slug:slug>/calls/<int:pk>/recap/", recaps.recap, name="recap"),
    path("o/<slug:slug>/calls/<int:pk>/recap/removal/", recaps.recap_removal, name="recap_removal"),
    path("o/<slug:slug>/calendar/", calendar.calendar, name="calendar"),
    path("o/<slug:slug>/calendar/removal/", calendar.calendar_removal, name="calendar_removal"),
    path("o/<slug:slug>/calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("o/<slug:slug>/hours/", planning.hours, name="hours"),
    path("o/<slug:slug>/hours/<int:pk>/", planning.member_hours, name="member_hours"),
    path("o/<slug:slug>/days-off/", planning.day_off_new, name="day_off_new"),
    path("o/<slug:slug>/hours/<int:pk>/days-off/", planning.member_day_off_new, name="member_day_off_new"),
    path("o/<slug:slug>/days-off/<int:pk>/removal/", planning.day_off_removal, name="day_off_removal"),
    path("o/<slug:slug>/cadence/", planning.cadence, name="cadence"),
    path("o/<slug:slug>/cadence/rules/", planning.cadence_rule_new, name="cadence_rule_new"),
    path(
        "o/<slug:slug>/cadence/rules/<int:pk>/removal/",
        planning.cadence_rule_removal,
        name="cadence_rule_removal",
    ),
    path("o/<slug:slug>/cadence/weights/", planning.plan_weights, name="plan_weights"),
]
