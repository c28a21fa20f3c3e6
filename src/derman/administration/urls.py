"""Addresses under /settings/."""

from django.urls import include, path

from derman.administration import (
    articles,
    draft_page,
    editor,
    exchange,
    home,
    replay_page,
    samples,
    versions,
    webhooks,
)

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("", include("derman.administration.urls_people")),
    path("profile/<path:where>/", editor.place, name="place"),
    path("add/<path:where>/", editor.add, name="add"),
    path("move/<path:where>/", editor.move, name="move"),
    path("removal/<path:where>/", editor.remove, name="remove"),
    path("draft/", draft_page.draft, name="draft"),
    path("draft/publication/", draft_page.publish, name="publish"),
    path("draft/withdrawal/", draft_page.withdraw, name="withdraw"),
    path("draft/catch-up/", draft_page.catch_up, name="catch_up"),
    path("draft/disposal/", draft_page.discard, name="discard"),
    path("draft/export/", exchange.export_draft, name="export_draft"),
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", articles.new, name="article_new"),
    path("articles/<uuid:article_id>/", articles.article, name="article"),
    path("replay/", replay_page.replay, name="replay"),
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:version_id>/", versions.version, name="version"),
    path("versions/<int:version_id>/return/", versions.bring_back, name="bring_back"),
    path("versions/<int:version_id>/export/", exchange.export_version, name="export_version"),
    path("files/", exchange.exchange, name="exchange"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:webhook_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:webhook_id>/change/", webhooks.change, name="webhook_change"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/",
        webhooks.again,
        name="webhook_again",
    ),
    path("sample/<str:language>/<path:where>/", samples.sample, name="sample"),
]
