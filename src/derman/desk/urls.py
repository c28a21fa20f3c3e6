"""Addresses under /desk/."""

from django.urls import include, path

from derman.desk.account import absences, own, signin
from derman.desk.case import articles, reveal
from derman.desk.customers import contact_points, customer_page, find, merges
from derman.desk.register import call_page

app_name = "desk"
urlpatterns = [
    path("register/", call_page.register, name="register"),
    path("register/<str:number>/", call_page.registered, name="registered"),
    path("customers/", find.find, name="customers"),
    path("customers/<uuid:customer_id>/", customer_page.customer, name="customer"),
    path(
        "customers/<uuid:customer_id>/contacts/<uuid:point_id>/",
        contact_points.contact_point,
        name="contact_point",
    ),
    path("customers/<uuid:customer_id>/reveal/", reveal.reveal, name="reveal"),
    path("cases/<str:number>/numbers/", reveal.numbers, name="numbers"),
    path("customers/<uuid:customer_id>/merge/", merges.preview, name="merge_preview"),
    path("merges/<int:merge_id>/", merges.record, name="merge"),
    path("merges/<int:merge_id>/undo/", merges.undo, name="merge_undo"),
    path("articles/", articles.articles, name="articles"),
    path("articles/beside/", articles.beside, name="articles_beside"),
    path("articles/<uuid:article_id>/", articles.article, name="article"),
    path("articles/<uuid:article_id>/feedback/", articles.feedback, name="article_feedback"),
    path("cases/<str:number>/articles/<uuid:article_id>/use/", articles.use, name="article_use"),
    path("password/", signin.password, name="password"),
    path("account/sessions/", own.sign_out_elsewhere, name="sessions"),
    path("account/absence/", absences.absent, name="absence"),
    path("account/absence/<int:absence_id>/end/", absences.back, name="absence_end"),
    path("account/link/removal/", own.unlink, name="unlink"),
    path("preferences/", signin.preferences, name="preferences"),
    path("", include("derman.desk.urls_learning")),
    path("", include("derman.desk.urls_lists")),
    path("", include("derman.desk.urls_visits")),
    path("", include("derman.desk.urls_cases")),
]
