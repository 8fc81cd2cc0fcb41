from django.urls import path

from milestones.views import (
    agreements,
    assignments,
    enrolments,
    journey_editor,
    journey_files,
    journey_preview,
    journeys,
    messages,
    next_steps,
    pauses,
    variants,
    verifying,
)

app_name = "milestones"
urlpatterns = [
    path("o/<slug:slug>/journeys/", journeys.journey_list, name="journey_list"),
    path("o/<slug:slug>/journeys/new/", journeys.journey_new, name="journey_new"),
    path("o/<slug:slug>/journeys/import/", journey_files.journey_import, name="journey_import"),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/", journeys.journey, name="journey"),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/edit/", journey_editor.journey_edit, name="journey_edit"
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/publication/",
        journey_editor.journey_publication,
        name="journey_publication",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/draft/removal/",
        journey_editor.journey_draft_removal,
        name="journey_draft_removal",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/preview/",
        journey_preview.journey_preview,
        name="journey_preview",
    ),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/file/", journey_files.journey_file, name="journey_file"),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/enrolments/", enrolments.enrolments, name="enrolments"),
    # Variants: what differs, what the base says anew, and who gets which
    path("o/<slug:slug>/journeys/<slug:journey_slug>/difference/", variants.difference, name="difference"),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/variants/new/", variants.variant_new, name="variant_new"
    ),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/rule/", variants.variant_rule, name="variant_rule"),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/takeover/", variants.takeover, name="takeover"),
    path("o/<slug:slug>/journeys/<slug:journey_slug>/assignment/", assignments.assignment, name="assignment"),
    # What a journey writes by itself
    path("o/<slug:slug>/journeys/<slug:journey_slug>/messages/", messages.message_list, name="message_list"),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/messages/calendar/",
        messages.message_calendar,
        name="message_calendar",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/messages/wording/",
        messages.message_edit,
        name="message_edit",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/messages/wording/removal/",
        messages.message_removal,
        name="message_removal",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/messages/start/",
        messages.message_start,
        name="message_start",
    ),
    path(
        "o/<slug:slug>/journeys/<slug:journey_slug>/messages/stop/",
        messages.message_stop,
        name="message_stop",
    ),
    path("o/<slug:slug>/enrolments/<int:pk>/end/", enrolments.enrolment_end, name="enrolment_end"),
    path("o/<slug:slug>/enrolments/<int:pk>/start/", enrolments.enrolment_start, name="enrolment_start"),
    path("o/<slug:slug>/enrolments/<int:pk>/pause/", pauses.pause, name="pause"),
    path("o/<slug:slug>/enrolments/<int:pk>/resumption/", pauses.resumption, name="resumption"),
    path("o/<slug:slug>/pauses/<int:pk>/withdrawal/", pauses.pause_withdrawal, name="pause_withdrawal"),
    # Claims, questions, contests
    path("o/<slug:slug>/enrolments/<int:pk>/milestones/<slug:key>/claim/", verifying.claim, name="claim"),
    path(
        "o/<slug:slug>/enrolments/<int:pk>/milestones/<slug:key>/question/",
        verifying.question,
        name="question",
    ),
    path("o/<slug:slug>/enrolments/<int:pk>/milestones/<slug:key>/aim/", verifying.aim, name="aim"),
    path("o/<slug:slug>/claims/<int:pk>/withdrawal/", verifying.withdrawal, name="withdrawal"),
    path("o/<slug:slug>/questions/<int:pk>/visit/", verifying.visit, name="visit"),
    path("o/<slug:slug>/people/<int:pk>/leaving/", verifying.contact_leaving, name="contact_leaving"),
    path("o/<slug:slug>/contests/<int:pk>/", verifying.contest, name="contest"),
    path("o/<slug:slug>/contests/<int:pk>/answer/", verifying.answer, name="answer"),
    path("o/<slug:slug>/wordings/<int:pk>/", agreements.agreement, name="agreement"),
    path(
        "o/<slug:slug>/wordings/<int:pk>/settlement/",
        agreements.agreement_settlement,
        name="agreement_settlement",
    ),
    path("o/<slug:slug>/next-steps/", next_steps.next_steps, name="next_steps"),
]
