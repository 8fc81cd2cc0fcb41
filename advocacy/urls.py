from django.urls import path

from advocacy.views import (
    advocates,
    asking,
    celebrations,
    circle_meetings,
    circle_people,
    circles,
    customers,
    expansions,
    favours,
    published,
    referrals,
    rules,
    stories,
)

app_name = "advocacy"
urlpatterns = [
    path("o/<slug:slug>/celebrations/", celebrations.celebration_list, name="celebration_list"),
    path("o/<slug:slug>/celebrations/<int:pk>/", celebrations.celebration, name="celebration"),
    path("o/<slug:slug>/celebrations/<int:pk>/edit/", celebrations.celebration_edit, name="celebration_edit"),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/mails/<int:guest_pk>/",
        celebrations.celebration_mail,
        name="celebration_mail",
    ),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/sending/", celebrations.celebration_now, name="celebration_now"
    ),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/approval/",
        celebrations.celebration_approval,
        name="celebration_approval",
    ),
    path("o/<slug:slug>/celebrations/<int:pk>/stop/", celebrations.celebration_stop, name="celebration_stop"),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/return/",
        celebrations.celebration_return,
        name="celebration_return",
    ),
    path(
        "o/<slug:slug>/achievements/<int:pk>/celebration/",
        celebrations.celebration_new,
        name="celebration_new",
    ),
    # Advocates, and what is asked of them
    path("o/<slug:slug>/advocacy/", advocates.advocates, name="advocates"),
    path("o/<slug:slug>/advocacy/terms/", asking.terms, name="terms"),
    path("o/<slug:slug>/advocacy/asking/", asking.asking, name="asking"),
    path("o/<slug:slug>/advocacy/people/<int:pk>/", advocates.person, name="person"),
    path("o/<slug:slug>/advocacy/people/<int:pk>/favour/", asking.favour_new, name="favour_new"),
    path("o/<slug:slug>/advocacy/advocates/<int:pk>/end/", advocates.advocate_end, name="advocate_end"),
    path(
        "o/<slug:slug>/advocacy/advocates/<int:pk>/return/", advocates.advocate_return, name="advocate_return"
    ),
    path("o/<slug:slug>/advocacy/favours/<int:pk>/answer/", favours.favour_answer, name="favour_answer"),
    path("o/<slug:slug>/advocacy/favours/<int:pk>/result/", favours.favour_result, name="favour_result"),
    path("o/<slug:slug>/advocacy/favours/<int:pk>/thanks/", favours.favour_thanks, name="favour_thanks"),
    path(
        "o/<slug:slug>/advocacy/favours/<int:pk>/withdrawal/",
        favours.favour_withdrawal,
        name="favour_withdrawal",
    ),
    # Circles of people at different customers
    path("o/<slug:slug>/advocacy/circles/", circles.circles, name="circles"),
    path("o/<slug:slug>/advocacy/circles/new/", circles.circle_edit, name="circle_new"),
    path("o/<slug:slug>/advocacy/circles/<int:pk>/", circles.circle, name="circle"),
    path("o/<slug:slug>/advocacy/circles/<int:pk>/edit/", circles.circle_edit, name="circle_edit"),
    path("o/<slug:slug>/advocacy/circles/<int:pk>/closing/", circles.circle_closing, name="circle_closing"),
    path(
        "o/<slug:slug>/advocacy/circles/<int:pk>/seats/",
        circle_people.circle_seat_new,
        name="circle_seat_new",
    ),
    path(
        "o/<slug:slug>/advocacy/circle-seats/<int:pk>/end/",
        circle_people.circle_seat_end,
        name="circle_seat_end",
    ),
    path(
        "o/<slug:slug>/advocacy/circles/<int:pk>/introductions/",
        circle_people.introduction_new,
        name="introduction_new",
    ),
    path(
        "o/<slug:slug>/advocacy/introductions/<int:pk>/withdrawal/",
        circle_people.introduction_withdrawal,
        name="introduction_withdrawal",
    ),
    path(
        "o/<slug:slug>/advocacy/circles/<int:pk>/meetings/",
        circle_meetings.circle_meeting_new,
        name="circle_meeting_new",
    ),
    path(
        "o/<slug:slug>/advocacy/circle-meetings/<int:pk>/",
        circle_meetings.circle_meeting,
        name="circle_meeting",
    ),
    path(
        "o/<slug:slug>/advocacy/circle-meetings/<int:pk>/off/",
        circle_meetings.circle_meeting_off,
        name="circle_meeting_off",
    ),
    # Whom they bring
    path("o/<slug:slug>/advocacy/referrals/", referrals.referrals, name="referrals"),
    path("o/<slug:slug>/advocacy/referrals/<int:pk>/", referrals.referral, name="referral"),
    path(
        "o/<slug:slug>/advocacy/referrals/<int:pk>/qualification/",
        referrals.referral_qualification,
        name="referral_qualification",
    ),
    path("o/<slug:slug>/advocacy/referrals/<int:pk>/win/", referrals.referral_win, name="referral_win"),
    path("o/<slug:slug>/advocacy/referrals/<int:pk>/loss/", referrals.referral_loss, name="referral_loss"),
    path(
        "o/<slug:slug>/advocacy/referrals/<int:pk>/reward/", referrals.referral_reward, name="referral_reward"
    ),
    path(
        "o/<slug:slug>/advocacy/referrals/<int:pk>/forgetting/",
        referrals.referral_forgetting,
        name="referral_forgetting",
    ),
    # What is told of them
    path("o/<slug:slug>/stories/", stories.story_list, name="story_list"),
    path("o/<slug:slug>/customers/<int:pk>/stories/", customers.customer_stories, name="customer_stories"),
    path("o/<slug:slug>/people/<int:pk>/stories/", customers.forgetting, name="forgetting"),
    path("o/<slug:slug>/stories/<int:pk>/", stories.story, name="story"),
    path("o/<slug:slug>/stories/<int:pk>/edit/", stories.story_edit, name="story_edit"),
    path("o/<slug:slug>/stories/<int:pk>/file/", stories.story_file, name="story_file"),
    path("o/<slug:slug>/stories/<int:pk>/question/", stories.story_question, name="story_question"),
    path("o/<slug:slug>/stories/<int:pk>/publication/", stories.story_publication, name="story_publication"),
    path("o/<slug:slug>/stories/<int:pk>/end/", stories.story_end, name="story_end"),
    path("o/<slug:slug>/stories/<int:pk>/uses/", stories.story_use, name="story_use"),
    path("o/<slug:slug>/story-uses/<int:pk>/end/", stories.story_use_end, name="story_use_end"),
    path("o/<slug:slug>/achievements/<int:pk>/story/", customers.story_new, name="story_new"),
    path("o/<slug:slug>/replies/<int:pk>/sight/", celebrations.reply_sight, name="reply_sight"),
    # Public, without signing in
    path("s/<slug:organisation>/<slug:story>/", published.public_story, name="public_story"),
    path("s/<slug:organisation>/<slug:story>/card.svg", published.public_card, name="public_card"),
    # How they grow
    path("o/<slug:slug>/advocacy/growth/", expansions.expansions, name="expansions"),
    path("o/<slug:slug>/advocacy/growth/signs/", rules.expansion_rules, name="expansion_rules"),
    path("o/<slug:slug>/advocacy/growth/signs/new/", rules.expansion_rule, name="expansion_rule_new"),
    path("o/<slug:slug>/advocacy/growth/signs/<int:pk>/", rules.expansion_rule, name="expansion_rule_edit"),
    path(
        "o/<slug:slug>/advocacy/growth/signs/<int:pk>/retirement/",
        rules.expansion_rule_retirement,
        name="expansion_rule_retirement",
    ),
    path("o/<slug:slug>/advocacy/growth/<int:pk>/", expansions.expansion, name="expansion"),
    path(
        "o/<slug:slug>/advocacy/growth/<int:pk>/confirmation/",
        expansions.expansion_confirmation,
        name="expansion_confirmation",
    ),
    path(
        "o/<slug:slug>/advocacy/growth/<int:pk>/dismissal/",
        expansions.expansion_dismissal,
        name="expansion_dismissal",
    ),
    path("o/<slug:slug>/advocacy/growth/<int:pk>/win/", expansions.expansion_win, name="expansion_win"),
    path("o/<slug:slug>/advocacy/growth/<int:pk>/loss/", expansions.expansion_loss, name="expansion_loss"),
    path("o/<slug:slug>/customers/<int:pk>/needs/", expansions.need_new, name="need_new"),
]
