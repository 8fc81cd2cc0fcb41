from django.urls import path

from coaching.views import calendar, call_form, calls, commitments, drafts, next_call

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
    path("o/<slug:slug>/calendar/", calendar.calendar, name="calendar"),
    path("o/<slug:slug>/calendar/removal/", calendar.calendar_removal, name="calendar_removal"),
    path("o/<slug:slug>/calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
