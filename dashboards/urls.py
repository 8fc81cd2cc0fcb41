from django.urls import path

from dashboards.views import (
    audit,
    baseline,
    brief,
    challenges,
    customer,
    customer_list,
    customer_page,
    milestones,
    status,
    their_page,
    timelines,
    today,
    wording,
)

app_name = "dashboards"
urlpatterns = [
    path("o/<slug:slug>/customers/", customer_list.customer_list, name="customer_list"),
    path("o/<slug:slug>/customers/<int:pk>/", customer.customer, name="customer"),
    path("o/<slug:slug>/customers/<int:pk>/brief/", brief.brief, name="brief"),
    path("o/<slug:slug>/people/<int:pk>/page/", their_page.their_page, name="their_page"),
    path("o/<slug:slug>/audit/", audit.audit, name="audit"),
    path("o/<slug:slug>/status/", status.status, name="status"),
    path("o/<slug:slug>/status/release/", status.release, name="release"),
    path("o/<slug:slug>/today/", today.today, name="today"),
    path("o/<slug:slug>/today/seen/", today.today_seen, name="today_seen"),
    path("o/<slug:slug>/challenges/figures/", challenges.challenges, name="challenges"),
    path("o/<slug:slug>/milestones/", milestones.milestones, name="milestones"),
    path(
        "o/<slug:slug>/milestones/<slug:journey>/customers/",
        milestones.milestone_customers,
        name="milestone_customers",
    ),
    path("o/<slug:slug>/milestones/<slug:journey>/baseline/", baseline.baseline, name="baseline"),
    path("o/<slug:slug>/milestones/<slug:journey>/timelines/", timelines.timelines, name="timelines"),
    path(
        "o/<slug:slug>/milestones/<slug:journey>/timelines/<slug:milestone>/",
        timelines.timeline,
        name="timeline",
    ),
    path(
        "o/<slug:slug>/milestones/<slug:journey>/timelines/<slug:milestone>/target/",
        timelines.timeline_target,
        name="timeline_target",
    ),
    # The customer's own pages, by link
    path("c/<str:token>/", customer_page.customer_page, name="customer_page"),
    path("c/<str:token>/withdrawal/", customer_page.withdrawal, name="withdrawal"),
    path("c/<str:token>/outcome/", wording.wording, name="wording"),
    path("c/<str:token>/outcome/withdrawal/", wording.withdrawal, name="wording_withdrawal"),
    path("c/<str:token>/outcome/answering/", wording.answer_link, name="wording_link"),
    path("c/<str:token>/copy/", customer_page.copy, name="copy"),
    path("c/<str:token>/answering/", customer_page.answer_link, name="answer_link"),
    path("c/<str:token>/mails/", customer_page.mails, name="mails"),
    path("c/<str:token>/opening/", customer_page.opening, name="opening"),
    path("c/<str:token>/link/", customer_page.new_link, name="new_link"),
]
