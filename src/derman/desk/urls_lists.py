"""Addresses of lists: kept views, filters, and work on many cases, under /desk/."""

from django.urls import path

from derman.desk import bulk, filter_panel, saved_views

urlpatterns = [
    path("bulk/", bulk.runs, name="bulk"),
    path("bulk/<uuid:run_id>/", bulk.run, name="bulk_run"),
    path("bulk/<uuid:run_id>/progress/", bulk.progress, name="bulk_progress"),
    path("bulk/<uuid:run_id>/file/", bulk.file, name="bulk_file"),
    path("filters/", filter_panel.panel, name="filters"),
    path("views/", saved_views.views, name="views"),
    path("views/new/", saved_views.new, name="view_new"),
    path("views/counts/", saved_views.counts, name="views_counts"),
    path("views/<uuid:view_id>/", saved_views.view, name="view"),
    path("views/<uuid:view_id>/deletion/", saved_views.deletion, name="view_deletion"),
    path("views/<uuid:view_id>/pin/", saved_views.pin, name="view_pin"),
]
