from django.urls import path, re_path

from office.views import (
    disagreements,
    erasing,
    events,
    exporting,
    handing,
    imports,
    intake,
    inviting,
    leaving,
    members,
    tokens,
    undoing,
)

app_name = "office"
urlpatterns = [
    path("accounts/invitation/<str:token>/", inviting.invitation, name="invitation"),
    path("o/<slug:slug>/members/", members.members, name="members"),
    path("o/<slug:slug>/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("o/<slug:slug>/members/<int:pk>/end/", members.member_end, name="member_end"),
    path(
        "o/<slug:slug>/members/<int:pk>/second-factor/",
        members.member_second_factor,
        name="member_second_factor",
    ),
    path("o/<slug:slug>/invitations/", inviting.invitations, name="invitations"),
    path("o/<slug:slug>/invitations/<int:pk>/resend/", inviting.invitation_resend, name="invitation_resend"),
    path(
        "o/<slug:slug>/invitations/<int:pk>/withdrawal/",
        inviting.invitation_withdrawal,
        name="invitation_withdrawal",
    ),
    path("o/<slug:slug>/invitations/<int:pk>/link/", inviting.invitation_link, name="invitation_link"),
    path("o/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/tokens/<int:pk>/end/", tokens.token_end, name="token_end"),
    path("o/<slug:slug>/customers/owners/", handing.owners, name="owners"),
    path("o/<slug:slug>/customers/<int:pk>/leaving/", leaving.customer_leaving, name="customer_leaving"),
    path("o/<slug:slug>/incoming/", events.events, name="events"),
    path("o/<slug:slug>/incoming/rules/", events.rule_new, name="event_rule_new"),
    path("o/<slug:slug>/incoming/rules.json", events.rules_file, name="event_rules_file"),
    path("o/<slug:slug>/incoming/rules/file/", events.rules_import, name="event_rules_import"),
    path("o/<slug:slug>/incoming/rules/<int:pk>/removal/", events.rule_removal, name="event_rule_removal"),
    path("o/<slug:slug>/incoming/replay/", events.replay, name="event_replay"),
    # Segment's protocol: its clients name the addresses
    re_path(
        r"^v1/(?P<kind>identify|group|track|page|screen|alias|batch|import)/?$", intake.take, name="intake"
    ),
    path("o/<slug:slug>/people/<int:pk>/erasure/", erasing.person_erasure, name="person_erasure"),
    path("o/<slug:slug>/people/<int:pk>/copy/", erasing.person_copy, name="person_copy"),
    path("o/<slug:slug>/erasures/", erasing.erasures, name="erasures"),
    path("o/<slug:slug>/erasures/<int:pk>/lifting/", erasing.erasure_lifting, name="erasure_lifting"),
    path("o/<slug:slug>/export/", exporting.export, name="export"),
    path("o/<slug:slug>/imports/", imports.import_list, name="import_list"),
    path("o/<slug:slug>/imports/new/", imports.import_new, name="import_new"),
    path("o/<slug:slug>/imports/templates/<slug:kind>.csv", imports.import_template, name="import_template"),
    path("o/<slug:slug>/imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("o/<slug:slug>/imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path(
        "o/<slug:slug>/imports/<int:pk>/application/", imports.import_application, name="import_application"
    ),
    path(
        "o/<slug:slug>/imports/<int:pk>/cancellation/",
        imports.import_cancellation,
        name="import_cancellation",
    ),
    path("o/<slug:slug>/imports/<int:pk>/retry/", imports.import_retry, name="import_retry"),
    path("o/<slug:slug>/imports/<int:pk>/undo/", undoing.import_undo, name="import_undo"),
    path(
        "o/<slug:slug>/imports/<int:pk>/disagreements/",
        disagreements.import_disagreements,
        name="import_disagreements",
    ),
    path("o/<slug:slug>/imports/<int:pk>/rows.csv", imports.import_rows, name="import_rows"),
    path("o/<slug:slug>/imports/<int:pk>/mapping.json", imports.import_mapping, name="import_mapping"),
]
