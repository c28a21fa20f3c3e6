"""Addresses of the portal."""

from django.urls import path, re_path

from derman.portal import answers, brand, finish, home, not_mine, offers, report, survey, track

app_name = "portal"
NUMBER = r"^track/(?P<number>[0-9]{9}|[0-9]{12})/"
urlpatterns = [
    path("", home.home, name="home"),
    path("brand.css", brand.sheet, name="brand"),
    path("privacy/", home.privacy, name="privacy"),
    path("cookies/", home.cookies, name="cookies"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("report/", report.start, name="report"),
    path("report/emergency/", report.emergency, name="emergency"),
    path("report/topic/<slug:main>/", report.topic, name="topic"),
    path("report/attachments/", report.attachments, name="attachments"),
    path("report/check/", finish.check, name="check"),
    path("report/done/", finish.done, name="done"),
    path("report/<slug:key>/", report.step, name="step"),
    path("not-mine/", not_mine.by_number, name="not_mine"),
    path("not-mine/<str:token>/", not_mine.link, name="not_mine_link"),
    path("offer/<str:token>/", offers.link, name="offer_link"),
    path("survey/thanks/", survey.thanks, name="survey_thanks"),
    path("survey/<str:token>/", survey.survey, name="survey"),
    path("track/", track.find, name="track"),
    re_path(rf"{NUMBER}$", track.case, name="case"),
    re_path(rf"{NUMBER}code/$", track.code, name="code"),
    re_path(rf"{NUMBER}code/entry/$", track.entry, name="entry"),
    re_path(rf"{NUMBER}files/(?P<file>[0-9a-f-]{{36}})/$", answers.attachment, name="file"),
    re_path(rf"{NUMBER}offer/$", offers.of_case, name="offer"),
    re_path(rf"{NUMBER}offer/done/$", offers.done, name="offer_done"),
    re_path(rf"{NUMBER}information/$", answers.information, name="information"),
    re_path(rf"{NUMBER}refusal/$", answers.refusal, name="refusal"),
    re_path(rf"{NUMBER}acceptance/$", answers.acceptance, name="acceptance"),
    re_path(rf"{NUMBER}withdrawal/$", answers.withdrawal, name="withdrawal"),
    path("track/<str:token>/", track.link, name="link"),
]
