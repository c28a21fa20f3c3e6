"""Addresses of lists under /desk/: kept views, filters, work on many cases, what is owed."""

from django.urls import path

from derman.desk.learning import board, satisfaction
from derman.desk.lists import bulk, filter_panel, saved_views
from derman.desk.owed import escalations, follow_ups, offers_page, promises

urlpatterns = [
    path("board/", board.board, name="board"),
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/<uuid:escalation_id>/seen/", escalations.seen, name="escalation_seen"),
    path("bulk/", bulk.runs, name="bulk"),
    path("bulk/<uuid:run_id>/", bulk.run, name="bulk_run"),
    path("bulk/<uuid:run_id>/progress/", bulk.progress, name="bulk_progress"),
    path("bulk/<uuid:run_id>/file/", bulk.file, name="bulk_file"),
    path("filters/", filter_panel.panel, name="filters"),
    path("follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("promises/", promises.promises, name="promises"),
    path("promises/figures/", promises.promises_figures, name="promises_figures"),
    path("offers/", offers_page.offers, name="all_offers"),
    path("letters/", offers_page.letters, name="letters"),
    path("letters/<uuid:letter_id>/post/", offers_page.post, name="letter_post"),
    path("satisfaction/", satisfaction.figures, name="satisfaction"),
    path("views/", saved_views.views, name="views"),
    path("views/new/", saved_views.new, name="view_new"),
    path("views/counts/", saved_views.counts, name="views_counts"),
    path("views/<uuid:view_id>/", saved_views.view, name="view"),
    path("views/<uuid:view_id>/deletion/", saved_views.deletion, name="view_deletion"),
    path("views/<uuid:view_id>/pin/", saved_views.pin, name="view_pin"),
]
