from django.urls import path

from customers.views import outcomes, people, promises, records, scales

app_name = "customers"
urlpatterns = [
    path("o/<slug:slug>/customers/new/", records.customer_new, name="customer_new"),
    path("o/<slug:slug>/customers/<int:pk>/edit/", records.customer_edit, name="customer_edit"),
    path("o/<slug:slug>/customers/<int:pk>/archive/", records.archive, name="archive"),
    path("o/<slug:slug>/customers/<int:pk>/restoration/", records.restoration, name="restoration"),
    path("o/<slug:slug>/customers/<int:pk>/comeback/", records.comeback, name="comeback"),
    path("o/<slug:slug>/customers/<int:pk>/people/new/", records.contact_new, name="contact_new"),
    path("o/<slug:slug>/people/<int:pk>/", records.contact_edit, name="contact_edit"),
    path("o/<slug:slug>/people/<int:pk>/return/", records.contact_return, name="contact_return"),
    # What they want to reach
    path("o/<slug:slug>/customers/<int:pk>/outcomes/", outcomes.outcomes, name="outcomes"),
    path("o/<slug:slug>/customers/<int:pk>/outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("o/<slug:slug>/outcomes/<int:pk>/", outcomes.outcome, name="outcome"),
    path("o/<slug:slug>/outcomes/<int:pk>/edit/", outcomes.outcome_edit, name="outcome_edit"),
    path("o/<slug:slug>/outcomes/<int:pk>/place/", outcomes.outcome_place, name="outcome_place"),
    path(
        "o/<slug:slug>/outcomes/<int:pk>/retirement/", outcomes.outcome_retirement, name="outcome_retirement"
    ),
    path("o/<slug:slug>/outcomes/<int:pk>/return/", outcomes.outcome_return, name="outcome_return"),
    path("o/<slug:slug>/outcomes/<int:pk>/question/", outcomes.outcome_question, name="outcome_question"),
    path("o/<slug:slug>/outcomes/<int:pk>/levels/", scales.goal_scale, name="goal_scale"),
    path("o/<slug:slug>/outcomes/<int:pk>/levels/reached/", scales.goal_level_new, name="goal_level_new"),
    path("o/<slug:slug>/levels/<int:pk>/removal/", scales.goal_level_removal, name="goal_level_removal"),
    path("o/<slug:slug>/outcome-questions/<int:pk>/visit/", outcomes.outcome_visit, name="outcome_visit"),
    # What they were promised before they bought
    path("o/<slug:slug>/customers/<int:pk>/promises/new/", promises.promise_new, name="promise_new"),
    path("o/<slug:slug>/promises/<int:pk>/", promises.promise, name="promise"),
    path("o/<slug:slug>/promises/<int:pk>/edit/", promises.promise_edit, name="promise_edit"),
    path("o/<slug:slug>/promises/<int:pk>/decision/", promises.promise_decision, name="promise_decision"),
    path("o/<slug:slug>/promises/attention/", promises.attention, name="attention"),
    # Who carries it there, and what people ask
    path("o/<slug:slug>/customers/<int:pk>/roles/", people.roles, name="roles"),
    path("o/<slug:slug>/people/<int:pk>/sign/", people.champion_sign, name="champion_sign"),
    path("o/<slug:slug>/data-requests/", people.data_requests, name="data_requests"),
    path("o/<slug:slug>/data-requests/<int:pk>/closing/", people.data_closing, name="data_closing"),
]
